//! Where a list comes from and what an edition of it must be like: entries of
//! `rules/formats/sources.toml` and of `[[source]]` in `redflag.toml`.
//!
//! Knows no network and no store.

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile, Table, parse_toml};
use crate::watchlist::{Effect, Regime, Watchlist, formats};

/// A file of a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceAddress {
    /// `https://…`; `http://` only to this machine itself.
    pub url: String,
    /// The name the file is kept under.
    pub name: String,
}

/// What the lists of a source are, where the user says it and the file cannot.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stated {
    /// The id of the list; only for a source that makes one list.
    pub list: Option<String>,
    pub title: Option<String>,
    pub jurisdiction: Option<String>,
    pub regime: Option<Regime>,
    pub effect: Option<Effect>,
    pub authority: Option<String>,
    pub citation: Option<String>,
}

/// A place that publishes lists.
#[derive(Clone, PartialEq, Debug)]
pub struct Source {
    /// Short stable id such as `us-ofac-sdn`.
    pub id: String,
    pub title: String,
    pub files: Vec<SourceAddress>,
    /// Key of the format the first file must have; none allows any.
    pub format: Option<String>,
    pub stated: Stated,
    /// Entries that an edition has at least, over all its lists.
    pub expected: usize,
    /// Days after which an edition that nobody confirmed is too old; none: the
    /// project's `max_age_days`.
    pub max_age_days: Option<u32>,
    /// Share of the last edition's entries that a new one may lack, 0 to 1.
    pub max_shrink: f64,
    /// Names that an edition must hold, without regard to case.
    pub must_have: Vec<String>,
    /// Whether `lists update` without a source's name fetches it.
    pub by_default: bool,
    /// What may be done with the data; for people.
    pub licence: String,
}

/// Share that an edition may lack, where a source does not say it.
const MAX_SHRINK: f64 = 0.05;

const SHIPPED: (&str, &str) =
    ("rules/formats/sources.toml", include_str!("../../rules/formats/sources.toml"));

/// The sources that come with the program, in the order of precedence: where
/// two give a list of the same id, the first counts.
pub fn shipped_sources() -> (Vec<Source>, Diagnostics) {
    let mut out = Diagnostics::default();
    let file = SourceFile::new(SHIPPED.0, SHIPPED.1);
    let document = parse_toml(&file, &mut out);
    let mut top = Table::document(&file, &document);
    top.pack(&mut out);
    let sources =
        top.tables("source", &mut out).into_iter().map(|table| read_source(table, &mut out)).collect();
    top.finish(&mut out);
    (sources, out)
}

/// Reads one `[[source]]` table.
pub fn read_source(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Source {
    let id = table.string("id", out);
    if !is_id(&id) {
        out.push(
            table.error("the id of a source is made of a-z, 0-9 and hyphens").help("such as `us-ofac-sdn`"),
        );
    }
    let files = read_addresses(&mut table, out);
    let format = table.opt_string("format", out);
    if let Some(key) = &format
        && !formats().any(|known| known.key == key)
    {
        let known: Vec<_> = formats().map(|format| format.key).collect();
        out.push(table.error(format!("`{key}` is no format")).help(format!("one of {}", known.join(", "))));
    }
    let stated = Stated {
        list: table.opt_string("list", out),
        title: table.opt_string("list_title", out),
        jurisdiction: table.opt_string("jurisdiction", out),
        regime: opt_word(&mut table, "regime", &Regime::WORDS, Regime::from_key, out),
        effect: opt_word(&mut table, "effect", &Effect::WORDS, Effect::from_key, out),
        authority: table.opt_string("authority", out),
        citation: table.opt_string("citation", out),
    };
    let source = Source {
        title: table.opt_string("title", out).unwrap_or_else(|| id.clone()),
        id,
        files,
        format,
        stated,
        expected: whole_number(&mut table, "expected", out).unwrap_or(1),
        max_age_days: whole_number(&mut table, "max_age_days", out).and_then(|days| u32::try_from(days).ok()),
        max_shrink: share(&mut table, "max_shrink", out).unwrap_or(MAX_SHRINK),
        must_have: table.strings("must_have", out),
        by_default: table.opt_boolean("default", out).unwrap_or(true),
        licence: table.opt_string("licence", out).unwrap_or_default(),
    };
    table.finish(out);
    source
}

/// Whether a text can name a source, and a folder of that name.
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn read_addresses(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Vec<SourceAddress> {
    let Some(item) = table.require("url", out) else { return Vec::new() };
    let mut files: Vec<SourceAddress> = Vec::new();
    for item in item.one_or_many() {
        let Some(url) = item.string(out) else { continue };
        if !is_allowed(url) {
            out.push(item.error("a list is fetched over https only").help("write `https://…`"));
        }
        let name = file_name(url);
        if files.iter().any(|file| file.name == name) {
            out.push(item.error(format!("two files of one source are named `{name}`")));
        }
        files.push(SourceAddress { url: url.to_owned(), name });
    }
    files
}

/// https, or plain http to this machine itself.
fn is_allowed(url: &str) -> bool {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    url.starts_with("https://")
        || local.iter().any(|start| {
            url.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        })
}

/// The last part of an address's path, as a name that is safe in any folder.
#[must_use]
pub fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url).trim_end_matches(['/', '\\']);
    let last = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String = last.chars().take(120).map(|c| if safe(c) { c } else { '_' }).collect();
    let name = name.trim_start_matches('.');
    if name.is_empty() { "list".to_owned() } else { name.to_owned() }
}

fn opt_word<T>(
    table: &mut Table<'_, '_>,
    key: &'static str,
    words: &[&'static str],
    from_key: fn(&str) -> Option<T>,
    out: &mut Diagnostics,
) -> Option<T> {
    table.get(key).and_then(|item| crate::diagnostic::word(item, words, from_key, out))
}

fn whole_number(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Option<usize> {
    let item = table.get(key)?;
    let number = item.decimal(out).and_then(|number| usize::try_from(number).ok());
    if number.is_none() {
        out.push(item.error("expected a whole number, 0 or above"));
    }
    number
}

fn share(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Option<f64> {
    let item = table.get(key)?;
    let share = item.decimal(out).and_then(|number| f64::try_from(number).ok());
    let share = share.filter(|share| (0.0..=1.0).contains(share));
    if share.is_none() {
        out.push(item.error("expected a share from 0 to 1"));
    }
    share
}

impl Source {
    /// Puts what the user states of the source's lists into them.
    pub fn apply(&self, lists: &mut [Watchlist], out: &mut Diagnostics) {
        let stated = &self.stated;
        if stated.list.is_some() && lists.len() > 1 {
            out.push(Diagnostic::error(format!(
                "the source `{}` names its list, but its files hold {} lists",
                self.id,
                lists.len()
            )));
            return;
        }
        for list in lists {
            let info = std::sync::Arc::make_mut(&mut list.info);
            let set = |to: &mut String, from: &Option<String>| {
                if let Some(from) = from {
                    to.clone_from(from);
                }
            };
            set(&mut info.id, &stated.list);
            set(&mut info.title, &stated.title);
            set(&mut info.jurisdiction, &stated.jurisdiction);
            set(&mut info.authority, &stated.authority);
            set(&mut info.citation, &stated.citation);
            info.regime = stated.regime.unwrap_or(info.regime);
            info.effect = stated.effect.unwrap_or(info.effect);
            if let Some(file) = self.files.first()
                && info.edition.url.is_empty()
            {
                info.edition.url.clone_from(&file.url);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_sources_have_no_mistake_and_no_id_twice() {
        let (sources, out) = shipped_sources();
        assert!(out.is_empty(), "{:?}", out.iter().map(ToString::to_string).collect::<Vec<_>>());
        for (at, source) in sources.iter().enumerate() {
            assert!(!sources[..at].iter().any(|other| other.id == source.id), "{}", source.id);
            assert!(!source.files.is_empty() && !source.licence.is_empty(), "{}", source.id);
        }
        let must: Vec<_> = sources.iter().flat_map(|source| &source.must_have).collect();
        assert!(must.iter().any(|name| name.contains("JATRONICS")));
    }

    #[test]
    fn a_file_name_never_leaves_its_folder() {
        for (url, name) in [
            ("https://x.org/a/SDN.CSV?token=1", "SDN.CSV"),
            ("https://x.org/../../etc/passwd", "passwd"),
            ("https://x.org/..", "list"),
            ("https://x.org/a%2f..%2fb", "a_2f.._2fb"),
            ("..\\..\\x.csv", "x.csv"),
            ("", "list"),
        ] {
            assert_eq!(file_name(url), name);
        }
    }

    #[test]
    fn only_https_leaves_the_machine() {
        assert!(is_allowed("https://example.org/x") && is_allowed("http://127.0.0.1:8080/x"));
        for url in ["http://example.org", "http://127.0.0.1.example.org/", "ftp://x", "file:///etc/passwd"] {
            assert!(!is_allowed(url), "{url}");
        }
    }
}
