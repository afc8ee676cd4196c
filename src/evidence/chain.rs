//! The chain: one line of JSON for everything that was done, each with the hash
//! of the line before it.
//!
//! Knows lines and hashes; no folder but the file's own. A line is
//!
//! ```text
//! {"seq":7,"time":"…","kind":"run","run":"…","record":"…","prev":"…","sums":"…","hash":"…"}
//! ```
//! `hash` is the SHA-256 of all that stands before `,"sums"`, and so of `prev`,
//! which is the hash of line 6. `sums` help to find a damaged byte.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest::sha256_hex;

use super::seal::{one_byte, sums};

/// What the first line follows.
pub const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

const SUMS: &str = ",\"sums\":\"";
const HASH: &str = "\",\"hash\":\"";
const END: &str = "\"}";
const SUMS_DIGITS: usize = 16;
const HASH_DIGITS: usize = 64;
/// Bytes from `,"sums"` to the end of a line, without the line feed.
const TAIL: usize = SUMS.len() + SUMS_DIGITS + HASH.len() + HASH_DIGITS + END.len();

/// A run whose record was removed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Removed {
    pub run: String,
    pub record: String,
}

/// What was done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// A run was recorded; `record` is the SHA-256 of its record.
    Run { run: String, record: String },
    /// A run must be kept, whatever its age.
    Hold { run: String, reason: String },
    /// It need no longer be kept.
    Release { run: String, reason: String },
    /// Records were removed, all from before a day; and folders that were no
    /// whole run.
    Prune {
        before: jiff::civil::Date,
        removed: Vec<Removed>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        incomplete: Vec<Removed>,
    },
}

/// A line of the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// From 1.
    pub seq: u64,
    pub time: Timestamp,
    pub event: Event,
    /// Hash of the line before.
    pub prev: String,
    pub hash: String,
}

#[derive(Serialize, Deserialize)]
struct Body {
    seq: u64,
    time: Timestamp,
    #[serde(flatten)]
    event: Event,
    prev: String,
}

/// Something in the chain that does not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Line of the file, from 1.
    pub line: u64,
    /// Where in the file the first byte that does not fit stands.
    pub offset: u64,
    /// It is one of so many from there on.
    pub within: u64,
    pub what: String,
    /// The run that the line is about, where it can be read.
    pub run: Option<String>,
}

/// All that stands in a chain.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Chain {
    pub links: Vec<Link>,
    pub faults: Vec<Fault>,
    /// Bytes up to the end of the last whole line.
    pub whole: u64,
    /// Bytes behind that: a line whose writing was interrupted.
    pub torn: u64,
}

impl Chain {
    /// The hash of the last line.
    #[must_use]
    pub fn head(&self) -> &str {
        self.links.last().map_or(NOTHING, |link| &link.hash)
    }

    /// Reads a chain and holds every line against its hash and its place. A
    /// line that can be read stands among the links even where it does not fit.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let mut chain = Self::default();
        let mut expected = NOTHING.to_owned();
        for (number, line) in (1..).zip(bytes.split_inclusive(|&byte| byte == b'\n')) {
            let offset = chain.whole;
            let Some(line) = line.strip_suffix(b"\n") else {
                chain.torn = line.len() as u64;
                break;
            };
            chain.whole += line.len() as u64 + 1;
            let checked = check(line);
            let body: Option<Body> = serde_json::from_slice(line).ok();
            let run = body.as_ref().and_then(|body| match &body.event {
                Event::Run { run, .. } | Event::Hold { run, .. } | Event::Release { run, .. } => {
                    Some(run.clone())
                }
                Event::Prune { .. } => None,
            });
            let mut fault = |at: usize, within: usize, what: String| {
                chain.faults.push(Fault {
                    line: number,
                    offset: offset + at as u64,
                    within: within as u64,
                    what,
                    run: run.clone(),
                });
            };
            if let Some((at, within, what)) = checked.fault {
                fault(at, within, what);
            } else if let Some(body) = &body {
                if body.prev != expected || body.seq != number {
                    let what = "the line does not follow the one before it: a line was taken out, put in or \
                                rewritten";
                    fault(0, line.len(), what.to_owned());
                }
            } else {
                fault(0, line.len(), "the line holds nothing that this program knows".to_owned());
            }
            expected = checked.hash;
            if let Some(Body { seq, time, event, prev }) = body {
                chain.links.push(Link { seq, time, event, prev, hash: expected.clone() });
            }
        }
        chain
    }

    /// Reads the file; one that is not there is empty.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn read(path: &Path) -> io::Result<Self> {
        match std::fs::read(path) {
            Ok(bytes) => Ok(Self::parse(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Appends a line to the file that this chain was read from, and makes sure
    /// that it is on the disk. Before that a torn line is cut off. Only under
    /// the lock of the folder.
    ///
    /// # Errors
    /// When the file can't be written; it is as before then, or torn.
    pub fn append(&mut self, path: &Path, time: Timestamp, event: Event) -> io::Result<()> {
        let (seq, prev) = (self.links.last().map_or(0, |link| link.seq) + 1, self.head().to_owned());
        let (line, hash) = write_line(&Body { seq, time, event: event.clone(), prev: prev.clone() })?;
        let mut file = File::options().append(true).create(true).open(path)?;
        if self.torn > 0 {
            file.set_len(self.whole)?;
            self.torn = 0;
        }
        // In one piece, so that there is hardly a moment for half a line.
        if let Err(error) = file.write_all(line.as_bytes()).and_then(|()| file.sync_all()) {
            let _ = file.set_len(self.whole);
            return Err(error);
        }
        if let Some(folder) = path.parent() {
            crate::store::write::sync_folder(folder);
        }
        self.whole += line.len() as u64;
        self.links.push(Link { seq, time, event, prev, hash });
        Ok(())
    }
}

fn write_line(body: &Body) -> io::Result<(String, String)> {
    let mut text = serde_json::to_string(body)?;
    text.pop();
    let hash = sha256_hex(text.as_bytes());
    let line = format!("{text}{SUMS}{}{HASH}{hash}{END}\n", written_sums(&text));
    Ok((line, hash))
}

fn written_sums(text: &(impl AsRef<[u8]> + ?Sized)) -> String {
    let (sum, weighted) = sums(text.as_ref());
    format!("{sum:08x}{weighted:08x}")
}

/// What a line is by itself.
struct Checked {
    /// The hash that the next line must name.
    hash: String,
    /// Where it does not fit: place, length, what.
    fault: Option<(usize, usize, String)>,
}

/// Holds a line against its own hash.
fn check(line: &[u8]) -> Checked {
    let place = line.len().checked_sub(TAIL).unwrap_or(line.len());
    let (text, tail) = line.split_at_checked(place).unwrap_or((line, &[]));
    let hash = sha256_hex(text);
    let wanted = format!("{SUMS}{}{HASH}{hash}{END}", written_sums(text));
    let Some(at) = wanted.bytes().zip(tail).position(|(wanted, found)| wanted != *found) else {
        let short = tail.len() < wanted.len();
        let fault = short.then(|| (0, line.len(), "the line is too short for one".to_owned()));
        return Checked { hash, fault };
    };
    let part = |from: usize, digits: usize| tail.get(from..from + digits).unwrap_or_default();
    let stated_hash =
        String::from_utf8_lossy(part(SUMS.len() + SUMS_DIGITS + HASH.len(), HASH_DIGITS)).into_owned();
    let stated_sums = String::from_utf8_lossy(part(SUMS.len(), SUMS_DIGITS)).into_owned();
    let number = |from: usize| u32::from_str_radix(stated_sums.get(from..from + 8).unwrap_or(""), 16).ok();
    if stated_hash == hash || stated_sums == written_sums(text) {
        // Two of three agree: the third was changed.
        return Checked { hash, fault: Some((place + at, 1, "the byte is not the one written".to_owned())) };
    }
    let was =
        number(0).zip(number(8)).and_then(|then| one_byte(text, then, |was| sha256_hex(was) == stated_hash));
    let fault = match was {
        Some((at, was)) => {
            let now = text.get(at).copied().unwrap_or_default();
            (at, 1, format!("the byte is {now:#04x} and was {was:#04x}"))
        }
        None => (0, line.len(), "the line does not fit its hash".to_owned()),
    };
    Checked { hash: stated_hash, fault: Some(fault) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(number: u64) -> Event {
        match number % 3 {
            0 => Event::Run { run: format!("run-{number}"), record: sha256_hex(&number.to_le_bytes()) },
            1 => Event::Hold { run: "run-0".to_owned(), reason: "a \"suit\" — ü\n".to_owned() },
            _ => Event::Prune {
                before: jiff::civil::date(2026, 1, 1),
                removed: Vec::new(),
                incomplete: Vec::new(),
            },
        }
    }

    fn chain(lines: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut prev = NOTHING.to_owned();
        for number in 0..lines {
            let time = Timestamp::UNIX_EPOCH;
            let (line, hash) =
                write_line(&Body { seq: number + 1, time, event: event(number), prev }).unwrap();
            bytes.extend(line.as_bytes());
            prev = hash;
        }
        bytes
    }

    proptest! {
        #[test]
        fn the_first_changed_byte_of_a_chain_is_named(
            lines in 1u64..6,
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
        ) {
            let mut bytes = chain(lines);
            let at = at.index(bytes.len());
            // A line feed more or less makes other lines of it.
            prop_assume!(bytes[at] != byte && bytes[at] != b'\n' && byte != b'\n');
            bytes[at] = byte;
            let chain = Chain::parse(&bytes);
            prop_assert_eq!(chain.faults.len(), 1, "{:?}", chain.faults);
            let fault = &chain.faults[0];
            prop_assert_eq!((fault.offset, fault.within), (at as u64, 1), "{}", fault.what);
        }

        #[test]
        fn a_line_taken_out_put_in_or_swapped_is_found(lines in 2u64..7, at in any::<prop::sample::Index>()) {
            let bytes = chain(lines);
            let mut parts: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
            // Of the last line only the next one knows.
            let at = at.index(parts.len() - 1);
            parts.swap(at, at + 1);
            prop_assert!(!Chain::parse(&parts.concat()).faults.is_empty());
            parts.swap(at, at + 1);
            parts.insert(at, parts[at]);
            prop_assert!(!Chain::parse(&parts.concat()).faults.is_empty());
            parts.remove(at);
            parts.remove(at);
            // One fault, and another where a hold names the run that is missing.
            prop_assert!(!Chain::parse(&parts.concat()).faults.is_empty());
        }

        #[test]
        fn a_chain_cut_off_anywhere_is_whole_up_to_its_last_line(
            lines in 1u64..5,
            at in any::<prop::sample::Index>(),
        ) {
            let bytes = chain(lines);
            let cut = &bytes[..at.index(bytes.len())];
            let chain = Chain::parse(cut);
            prop_assert!(chain.faults.is_empty());
            prop_assert_eq!(chain.whole + chain.torn, cut.len() as u64);
            prop_assert_eq!(chain.links.len(), cut.split(|b| *b == b'\n').count() - 1);
        }
    }

    #[test]
    fn a_torn_line_is_cut_off_before_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chain.jsonl");
        let mut bytes = chain(3);
        bytes.extend(b"{\"seq\":4,\"ti");
        std::fs::write(&path, &bytes).unwrap();
        let mut read = Chain::read(&path).unwrap();
        assert_eq!((read.links.len(), read.torn), (3, 12));
        read.append(&path, Timestamp::UNIX_EPOCH, event(3)).unwrap();
        let again = Chain::read(&path).unwrap();
        assert_eq!((again.links.len(), again.torn, again.faults.len()), (4, 0, 0));
        assert_eq!(again, read);
    }
}
