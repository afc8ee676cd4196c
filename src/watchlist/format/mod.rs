//! One file per list format, told apart by content.
//!
//! Knows bytes and names of files, not where they lie: opening them is the
//! program's part ([`companions`] says what lies beside a file and belongs to
//! it). A mistake in a file is a diagnostic with its line; an error means that
//! entries may be missing, so the list must not be trusted.

mod csl_json;
mod decode;
mod heads;
mod native;
mod native_writer;
mod ofac;
mod plain_csv;

use sha2::{Digest, Sha256};

use crate::diagnostic::{Diagnostic, Diagnostics, Severity, SourceFile};
use crate::trade::CountryCode;

use super::Watchlist;

pub use native_writer::write_toml;

/// The country that a list writes by name, such as `Korea, North`.
pub type CountryLookup<'a> = &'a (dyn Fn(&str) -> Option<CountryCode> + Sync);

/// A file as it lies on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListFile {
    /// Path or embedded name, as the user knows it.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The formats of list files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Format {
    /// The project's own, `rules/lists/README.md`.
    Toml,
    /// A CSV with a header, one row a name.
    PlainCsv,
    /// The compact JSON copy of the US Consolidated Screening List.
    CslJson,
    /// OFAC's SDN.CSV or `CONS_PRIM.CSV`: 12 columns without a header.
    OfacPrimary,
    /// OFAC's ADD.CSV: 6 columns.
    OfacAddresses,
    /// OFAC's ALT.CSV: 5 columns.
    OfacAliases,
    /// OFAC's `SDN_COMMENTS.CSV`: 2 columns.
    OfacComments,
}

impl Format {
    pub const ALL: [Self; 7] = [
        Self::Toml,
        Self::PlainCsv,
        Self::CslJson,
        Self::OfacPrimary,
        Self::OfacAddresses,
        Self::OfacAliases,
        Self::OfacComments,
    ];

    /// The name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Toml => "redflag list (TOML)",
            Self::PlainCsv => "plain CSV, one row a name",
            Self::CslJson => "US Consolidated Screening List, compact JSON",
            Self::OfacPrimary => "OFAC SDN.CSV or CONS_PRIM.CSV",
            Self::OfacAddresses => "OFAC ADD.CSV",
            Self::OfacAliases => "OFAC ALT.CSV",
            Self::OfacComments => "OFAC SDN_COMMENTS.CSV",
        }
    }
}

/// The format of a file by its content, whatever its name; `None` if unknown.
#[must_use]
pub fn detect(bytes: &[u8]) -> Option<Format> {
    // The head decides; it is cut at a line's end so that no character breaks.
    const HEAD: usize = 1 << 16;
    let head = match bytes.get(..HEAD) {
        None => bytes,
        Some(head) => head.iter().rposition(|&b| b == b'\n').and_then(|at| head.get(..at)).unwrap_or(head),
    };
    detect_text(&decode::decode(head))
}

fn detect_text(text: &str) -> Option<Format> {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    if first.starts_with('{') {
        return csl_json::looks_like(text).then_some(Format::CslJson);
    }
    ofac::looks_like(first)
        .or_else(|| native::looks_like(first).then_some(Format::Toml))
        .or_else(|| plain_csv::looks_like(first).then_some(Format::PlainCsv))
}

/// Names of the files that belong to the given one and lie beside it: the
/// addresses, aliases and comments of an OFAC list. Empty for other files. A
/// companion that is not there is reported by [`read`], not an error here.
#[must_use]
pub fn companions(name: &str) -> Vec<String> {
    ofac::companions(name)
}

/// Reads files of any known formats. OFAC's files of one folder make one list
/// together; every other file makes one list, or one for each value of its
/// `list` column. What could be read comes back even when there are errors.
#[must_use]
pub fn read(files: Vec<ListFile>, countries: CountryLookup<'_>) -> (Vec<Watchlist>, Diagnostics) {
    let mut out = Diagnostics::default();
    let mut lists = Vec::new();
    let mut ofac_files = Vec::new();
    for file in files {
        let sha256 = sha256_hex(&file.bytes);
        let source = SourceFile::new(file.name, decode::decode(&file.bytes));
        drop(file.bytes);
        match detect_text(&source.text) {
            None => out.push(unknown_format(&source)),
            Some(Format::Toml) => lists.extend(native::read(&source, sha256, &mut out)),
            Some(Format::PlainCsv) => {
                lists.extend(plain_csv::read(&source, &sha256, countries, &mut out));
            }
            Some(Format::CslJson) => lists.extend(csl_json::read(&source, &sha256, &mut out)),
            Some(part) => ofac_files.push(ofac::Part { format: part, source, sha256 }),
        }
    }
    lists.extend(ofac::read(ofac_files, countries, &mut out));
    for (at, list) in lists.iter().enumerate() {
        if let Some(twin) = lists.iter().take(at).find(|other| other.info.id == list.info.id) {
            out.push(
                Diagnostic::error(format!(
                    "two lists are named `{}`: {} and {}",
                    list.info.id, twin.info.edition.source, list.info.edition.source
                ))
                .help("give one of the two files, or give the lists different names"),
            );
        }
    }
    (lists, out)
}

fn unknown_format(source: &SourceFile) -> Diagnostic {
    let known: Vec<_> = Format::ALL.into_iter().map(Format::label).collect();
    let first_line = source.text.find('\n').unwrap_or(source.text.len());
    Diagnostic::error(format!("`{}` is no list that can be read", source.name))
        .at(source, 0..first_line.min(200))
        .label("not the beginning of a known format")
        .help(format!("known formats: {}", known.join("; ")))
}

fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A lower-case word for an id: letters and digits, the rest as one hyphen.
fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// The last part of a path without its extension.
fn stem(path: &str) -> &str {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// At most this many errors, and as many warnings, are shown for a file.
const SHOWN_MISTAKES: usize = 20;

/// Collects a file's mistakes; beyond the limit those of each severity are
/// counted.
struct Mistakes<'f> {
    file: &'f SourceFile,
    errors: usize,
    warnings: usize,
}

impl<'f> Mistakes<'f> {
    const fn new(file: &'f SourceFile) -> Self {
        Self { file, errors: 0, warnings: 0 }
    }

    fn push(&mut self, mistake: Diagnostic, out: &mut Diagnostics) {
        let seen = match mistake.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *seen += 1;
        if *seen <= SHOWN_MISTAKES {
            out.push(mistake);
        }
    }

    fn finish(self, out: &mut Diagnostics) {
        if let Some(more) = self.errors.checked_sub(SHOWN_MISTAKES).filter(|more| *more > 0) {
            out.push(Diagnostic::error(format!("{more} more mistakes in {}", self.file.name)));
        }
        if let Some(more) = self.warnings.checked_sub(SHOWN_MISTAKES).filter(|more| *more > 0) {
            out.push(Diagnostic::warning(format!("{more} more doubtful cells in {}", self.file.name)));
        }
    }
}

#[cfg(test)]
mod tests;
