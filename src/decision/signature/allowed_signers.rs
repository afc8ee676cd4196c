//! The file of allowed signers, in the form of ssh-keygen(1): a line a key,
//! with whose it is, what it is for and when it counts.
//!
//! Knows no signatures. Stricter than ssh-keygen where that lets something
//! pass that can't be meant: the 30th of February, an option that is empty.

use std::ops::Range;

use jiff::civil::{Date, DateTime, Time};
use ssh_key::PublicKey;

use super::ssh;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile};

/// A line of the file: a key that may sign.
#[derive(Clone, Debug)]
pub struct AllowedSigner {
    /// Whose it is, for reports: the principals, with commas between them.
    pub name: String,
    pub(super) key: PublicKey,
    /// File and line, for messages.
    place: String,
    limits: Limits,
}

/// What options say about a key.
#[derive(Clone, Debug, Default)]
struct Limits {
    /// Patterns of what it may sign; none: everything.
    namespaces: Option<String>,
    /// The first and the last day that it counts.
    first: Option<Date>,
    last: Option<Date>,
}

impl AllowedSigner {
    /// Reads the file. Every line that can't be read is a mistake; with one, the
    /// result must not be used.
    pub fn read(file: &SourceFile, out: &mut Diagnostics) -> Vec<Self> {
        let mut signers = Vec::new();
        let mut start = 0;
        let mistakes = out.iter().count();
        for (number, whole) in file.text.split_inclusive('\n').enumerate() {
            let mut text = whole.trim_end_matches(['\n', '\r']);
            let mut from = start;
            start += whole.len();
            // A mark of the byte order, as editors on Windows write it.
            if let Some(behind) = text.strip_prefix('\u{feff}').filter(|_| number == 0) {
                from += text.len() - behind.len();
                text = behind;
            }
            let line = Line { file, text, start: from, at: 0 };
            if line.is_empty() {
                continue;
            }
            match read_line(line, number + 1) {
                Ok(signer) => signers.push(signer),
                Err(Mistake(mistake)) => out.push(*mistake),
            }
        }
        if signers.is_empty() && out.iter().count() == mistakes {
            out.push(
                Diagnostic::error(format!("{}: no key may sign", file.name))
                    .help("a line a key: name@example.com and the line of the file that ends in .pub"),
            );
        }
        signers
    }

    /// Why the key does not count for the namespace or on the day, part of a
    /// sentence; none when it does.
    pub(super) fn refuses(&self, namespace: &str, day: Date) -> Option<String> {
        let Self { name, place, limits, .. } = self;
        if let Some(patterns) = &limits.namespaces
            && !is_listed(namespace, patterns)
        {
            return Some(format!(
                "was made with a key of {name} that {place} does not allow for `{namespace}`; add it to \
                 `namespaces`"
            ));
        }
        if let Some(first) = limits.first.filter(|first| day < *first) {
            return Some(format!(
                "was made with a key of {name} that {place} allows from {first} on only; the run is as of {day}"
            ));
        }
        let last = limits.last.filter(|last| day > *last)?;
        Some(format!(
            "was made with a key of {name} that {place} allows until {last} only; the run is as of {day}"
        ))
    }
}

/// What is wrong with a line; boxed, since it is much larger than what is right.
struct Mistake(Box<Diagnostic>);

/// A line, read from the left.
struct Line<'a> {
    file: &'a SourceFile,
    text: &'a str,
    /// Where it begins in the file.
    start: usize,
    at: usize,
}

/// A part of a line and its place in the line.
struct Field<'a> {
    text: &'a str,
    place: Range<usize>,
}

const BLANKS: [char; 2] = [' ', '\t'];

impl<'a> Line<'a> {
    /// Whether nothing stands there to read.
    fn is_empty(&self) -> bool {
        let text = self.text.trim_start_matches(BLANKS);
        text.is_empty() || text.starts_with('#')
    }

    /// Up to the next blank that is not between quotes; empty at the end.
    fn field(&mut self) -> Field<'a> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let text = rest.trim_start_matches(BLANKS);
        let start = self.at + rest.len() - text.len();
        let text = until(text, &BLANKS);
        self.at = start + text.len();
        Field { text, place: start..self.at }
    }

    fn wrong(&self, place: &Range<usize>, words: impl Into<String>, help: &str) -> Mistake {
        let place = self.start + place.start..self.start + place.end;
        Mistake(Box::new(Diagnostic::error(words).at(self.file, place).help(help)))
    }
}

/// The text up to one of the characters that is not between quotes.
fn until<'a>(text: &'a str, ends: &[char]) -> &'a str {
    let mut quoted = false;
    let end = text.find(|c: char| {
        quoted ^= c == '"';
        !quoted && ends.contains(&c)
    });
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// What stands between quotes, without them.
fn unquoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"').filter(|inner| !inner.contains('"'))
}

fn is_kind_of_key(text: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-", "webauthn-"].iter().any(|start| text.starts_with(start)) && !text.contains('=')
}

fn read_line(mut line: Line<'_>, number: usize) -> Result<AllowedSigner, Mistake> {
    const FORM: &str = "name@example.com and the line of the file that ends in .pub: \
                        `name@example.com ssh-ed25519 AAAA…`";
    const KINDS: &str = "ed25519, ecdsa of 256 bits, both on a security key too, or rsa of 2048 to 8192 bits: \
                         `ssh-keygen -t ed25519` makes one";
    let first = line.field();
    if is_kind_of_key(first.text) {
        return Err(line.wrong(&first.place, "whose the key is, is missing", FORM));
    }
    let name = if first.text.contains('"') { unquoted(first.text) } else { Some(first.text) };
    let name = name.ok_or_else(|| {
        line.wrong(&first.place, "a quote is not closed", "quotes stand around all principals, or not at all")
    })?;
    let principals: Vec<&str> = name.split(',').map(str::trim).collect();
    if principals.iter().any(|one| one.is_empty()) {
        let help = "names of principals, with commas between them and no blank";
        return Err(line.wrong(&first.place, "a principal without a name", help));
    }
    let mut limits = Limits::default();
    let mut kind = line.field();
    if !kind.text.is_empty() && !is_kind_of_key(kind.text) {
        limits = read_options(&line, &kind)?;
        kind = line.field();
    }
    let key = line.field();
    if key.text.is_empty() {
        return Err(line.wrong(&(line.at..line.at), "the key is missing", FORM));
    }
    if kind.text.contains("-cert-v01@") {
        let help = "name the key itself: the line of the file that ends in .pub, not in -cert.pub";
        return Err(line.wrong(&kind.place, "certificates are not supported", help));
    }
    let place = kind.place.start..key.place.end;
    let key = PublicKey::from_openssh(&format!("{} {}", kind.text, key.text)).map_err(|_| {
        let help = "the whole line of the file that ends in .pub, as `ssh-keygen` writes it";
        line.wrong(&place, "this is not a public key of SSH", help)
    })?;
    if !ssh::is_supported(&key) {
        return Err(line.wrong(&place, "no signature can be held against a key of this kind", KINDS));
    }
    let place = format!("{}:{number}", line.file.name);
    Ok(AllowedSigner { name: principals.join(", "), key, place, limits })
}

/// Options with commas between them; their names in large or small letters.
fn read_options(line: &Line<'_>, field: &Field<'_>) -> Result<Limits, Mistake> {
    let mut limits = Limits::default();
    let mut rest = field.text;
    let mut start = field.place.start;
    let mut seen: Vec<String> = Vec::new();
    loop {
        let text = until(rest, &[',']);
        let option = Field { text, place: start..start + text.len() };
        let key = text.split('=').next().unwrap_or_default().to_ascii_lowercase();
        read_option(line, &option, &key, &mut limits)?;
        if seen.contains(&key) {
            return Err(line.wrong(&option.place, format!("`{key}` stands twice"), "leave one of them out"));
        }
        seen.push(key);
        let Some(behind) = rest.get(text.len()..).and_then(|rest| rest.strip_prefix(',')) else { break };
        start = option.place.end + 1;
        rest = behind;
    }
    if let (Some(first), Some(last)) = (limits.first, limits.last)
        && first > last
    {
        let help = "`valid-after` is before `valid-before` by a whole day at least";
        return Err(line.wrong(&field.place, "the key counts on no day", help));
    }
    Ok(limits)
}

fn read_option(line: &Line<'_>, option: &Field<'_>, key: &str, limits: &mut Limits) -> Result<(), Mistake> {
    const OPTIONS: &str = "options are namespaces=\"redflag\", valid-after=\"20270101\" and \
                           valid-before=\"20280101\", with commas and no blanks between them";
    let value = || {
        option.text.split_once('=').and_then(|(_, value)| unquoted(value)).ok_or_else(|| {
            line.wrong(&option.place, format!("`{key}` needs a value between quotes"), OPTIONS)
        })
    };
    let moment = || {
        let text = value()?;
        read_moment(text).ok_or_else(|| {
            let help = "YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS; a Z behind it is read too";
            line.wrong(&option.place, format!("`{text}` is no day and no time"), help)
        })
    };
    match key {
        "cert-authority" => {
            let help = "give each key that may sign a line of its own, without `cert-authority`";
            let words = "certificates are not supported, and so no authority for them";
            return Err(line.wrong(&option.place, words, help));
        }
        "namespaces" => limits.namespaces = Some(value()?.to_owned()),
        "valid-after" => limits.first = Some(first_day(moment()?)),
        "valid-before" => limits.last = Some(last_day(moment()?)),
        _ => {
            let words = format!("`{}` is neither an option nor a kind of key", option.text);
            return Err(line.wrong(&option.place, words, OPTIONS));
        }
    }
    Ok(())
}

/// A time as ssh-keygen reads it. The days of a run have no zone, and so the
/// time is taken as it is written.
fn read_moment(text: &str) -> Option<DateTime> {
    let text = ["Z", "z", "UTC", "utc"].iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(text);
    if !matches!(text.len(), 8 | 12 | 14) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = text.get(..4)?.parse().ok()?;
    let two = |at: usize| match text.get(at..at + 2) {
        Some(digits) => digits.parse::<i8>().ok(),
        None => Some(0),
    };
    let date = Date::new(year, two(4)?, two(6)?).ok()?;
    Some(date.to_datetime(Time::new(two(8)?, two(10)?, two(12)?, 0).ok()?))
}

/// A run is as of a day, and a key counts on the days that it is valid
/// throughout: from the first that begins at the time or after it …
fn first_day(after: DateTime) -> Date {
    if after.time() == Time::midnight() { after.date() } else { after.date().tomorrow().unwrap_or(Date::MAX) }
}

/// … to the last whose last second is not after it.
fn last_day(before: DateTime) -> Date {
    if before.time() == Time::constant(23, 59, 59, 0) {
        return before.date();
    }
    before.date().yesterday().unwrap_or(Date::MIN)
}

/// Whether a list of patterns names the text: one of them fits, and none behind
/// a `!`.
fn is_listed(text: &str, patterns: &str) -> bool {
    let mut listed = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(not) if fits(not, text) => return false,
            Some(_) => {}
            None => listed |= fits(pattern, text),
        }
    }
    listed
}

/// A pattern with `*` for any characters and `?` for one. Goes back to the last
/// `*` only, so that no pattern takes long.
fn fits(mut pattern: &str, mut text: &str) -> bool {
    // What is behind the last `*`, and the text that it has not taken.
    let mut star: Option<(&str, &str)> = None;
    loop {
        if let Some(behind) = pattern.strip_prefix('*') {
            pattern = behind;
            star = Some((behind, text));
            continue;
        }
        let (mut wanted, mut found) = (pattern.chars(), text.chars());
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == '?' || one == other => {
                (pattern, text) = (wanted.as_str(), found.as_str());
            }
            _ => {
                // The `*` takes one more.
                let Some((behind, left)) = star else { return false };
                let mut left = left.chars();
                if left.next().is_none() {
                    return false;
                }
                (pattern, text) = (behind, left.as_str());
                star = Some((pattern, text));
            }
        }
    }
}
