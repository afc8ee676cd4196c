//! What a format is: a key, what tells it, and how its files are read.

use std::borrow::Cow;

use crate::diagnostic::{Diagnostics, SourceFile};
use crate::watchlist::Watchlist;

use super::{CountryLookup, decode};

/// A format of list files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Format {
    /// The name in configuration and machine-readable output.
    pub key: &'static str,
    /// The name for people.
    pub label: &'static str,
}

/// A format with its reader.
pub(super) struct Reader {
    pub format: Format,
    /// Whether a file that begins so is of this format.
    pub looks_like: fn(&Head<'_>) -> bool,
    pub read: Read,
}

/// How files of a format make lists.
pub(super) enum Read {
    /// Each file by itself.
    Each(fn(&Input<'_>, &mut Diagnostics) -> Vec<Watchlist>),
    /// All files that name the same function, together: parts of one list, or a
    /// list and the changes to it.
    Together(fn(&[Input<'_>], &mut Diagnostics) -> Vec<Watchlist>),
}

/// A file to read.
pub(super) struct Input<'i> {
    pub format: Format,
    /// Name and text; of a file that is no text, such as a spreadsheet, the
    /// text is empty.
    pub file: SourceFile,
    pub bytes: &'i [u8],
    /// Lower-case hex.
    pub sha256: String,
    pub countries: CountryLookup<'i>,
}

/// The beginning of a file: what tells its format.
pub(super) struct Head<'h> {
    pub text: Cow<'h, str>,
    /// The whole file, for archives, whose table of contents stands at the end.
    pub whole: &'h [u8],
}

impl<'h> Head<'h> {
    /// The head of a file is cut at a line's end so that no character breaks,
    /// unless it has no line's end.
    pub fn of(bytes: &'h [u8]) -> Self {
        const LONGEST: usize = 1 << 16;
        let head = bytes.get(..LONGEST).map_or(bytes, |head| {
            head.iter().rposition(|&b| b == b'\n').and_then(|at| head.get(..at)).unwrap_or(head)
        });
        Self { text: decode::decode(head), whole: bytes }
    }

    /// The first line with something on it that is no `#` comment, trimmed.
    pub fn first_line(&self) -> &str {
        let mut lines = self.text.lines().map(str::trim);
        lines.find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default()
    }

    /// Of an XML file the name of its outermost element without prefix, and
    /// its namespace or an empty text.
    pub fn root(&self) -> Option<(&str, &str)> {
        let mut rest = self.text.trim_start();
        while rest.starts_with("<?") || rest.starts_with("<!--") || rest.starts_with("<!DOCTYPE") {
            let end = if rest.starts_with("<!--") { "-->" } else { ">" };
            let at = rest.find(end)?;
            rest = rest.get(at + end.len()..)?.trim_start();
        }
        let tag = rest.strip_prefix('<')?.split('>').next()?;
        let name = tag.split([' ', '\t', '\r', '\n', '/']).next()?;
        let (prefix, local) = name.split_once(':').map_or(("", name), |(prefix, local)| (prefix, local));
        let attribute = if prefix.is_empty() { "xmlns=".to_owned() } else { format!("xmlns:{prefix}=") };
        let value = tag.find(&attribute).and_then(|at| tag.get(at + attribute.len()..));
        let namespace = value.and_then(|value| {
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            value.get(1..)?.split(quote).next()
        });
        (!local.is_empty()).then(|| (local, namespace.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_xml_is_found_behind_declarations_and_comments() {
        let root =
            |text: &'static str| Head::of(text.as_bytes()).root().map(|(a, b)| (a.to_owned(), b.to_owned()));
        let found = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(
            root("<?xml version=\"1.0\"?>\n<!-- x > y --><a:list xmlns:a='urn:x' b=\"1\">"),
            found("list", "urn:x")
        );
        assert_eq!(root("\u{feff}<WHOLE Date=\"1\"/>"), found("WHOLE", ""));
        assert_eq!(
            root("<sdnList xmlns:xsi=\"i\" xmlns=\"http://tempuri.org/sdnList.xsd\">").unwrap().1,
            "http://tempuri.org/sdnList.xsd"
        );
        assert_eq!(root("hello"), None);
        assert_eq!(root("<"), None);
    }
}
