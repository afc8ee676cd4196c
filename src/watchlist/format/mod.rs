//! One file per list format, told apart by content.
//!
//! Knows bytes and names of files, not where they lie: opening them is the
//! program's part ([`companions`] says what lies beside a file and belongs to
//! it). A mistake in a file is a diagnostic with its line; an error means that
//! entries may be missing, so the list must not be trusted.

mod au_dfat;
mod bis;
mod ca_sema;
mod cells;
mod ch_seco;
mod csl;
mod csl_json;
mod days;
mod decode;
mod document_number;
mod eu_annexes;
mod eu_fsf;
mod eu_json;
#[allow(clippy::module_inception, reason = "what a format is, among the formats")]
mod format;
mod ftm_writer;
mod gather;
mod heads;
mod identifiers;
mod ids;
mod jp_eul;
mod nationalities;
mod nationality_text;
mod native;
mod native_writer;
mod numbered_cell;
mod oddities;
mod ofac;
mod opensanctions;
mod parsed_csv;
mod plain_csv;
mod plain_csv_writer;
mod registry_json;
mod scripts;
mod sheet;
mod table;
mod uk;
mod un_sc;
mod xml;

use std::sync::RwLock;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity, SourceFile};
use crate::digest::sha256_hex;
use crate::trade::CountryCode;

use super::Watchlist;

pub use format::Format;
use format::{Head, Input, Read, Reader};
pub use ftm_writer::write_ftm;
pub use native_writer::write_toml;
pub use plain_csv_writer::write_csv;

/// The country that a list writes by name, such as `Korea, North`.
pub type CountryLookup<'a> = &'a (dyn Fn(&str) -> Option<CountryCode> + Sync);

/// A file as it lies on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListFile {
    /// Path or embedded name, as the user knows it.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The formats, in the order they are tried. A new format is one file and one
/// line here.
const READERS: &[Reader] = &[
    csl_json::READER,
    csl::CSV,
    csl::JSON,
    bis::DENIED_PERSONS,
    bis::SUPPLEMENTS,
    ofac::sdn_xml::READER,
    ofac::advanced::READER,
    eu_fsf::CSV,
    eu_fsf::XML,
    eu_fsf::GLOBAL,
    eu_annexes::READER,
    eu_json::READER,
    parsed_csv::READER,
    un_sc::READER,
    ofac::reader(ofac::SDN, ofac::is_sdn),
    ofac::reader(ofac::ADDRESSES, ofac::is_addresses),
    ofac::reader(ofac::ALIASES, ofac::is_aliases),
    ofac::reader(ofac::COMMENTS, ofac::is_comments),
    uk::LIST_CSV,
    uk::LIST_XML,
    uk::CONLIST,
    ch_seco::READER,
    au_dfat::READER,
    ca_sema::READER,
    registry_json::READER,
    jp_eul::READER,
    opensanctions::SIMPLE_CSV,
    opensanctions::DELTA,
    opensanctions::FTM,
    opensanctions::SENZING,
    native::READER,
    plain_csv::READER,
];

/// Every format that can be read, in the order they are tried.
pub fn formats() -> impl Iterator<Item = Format> {
    READERS.iter().map(|reader| reader.format)
}

/// The format of a file by its content, whatever its name; `None` if unknown.
#[must_use]
pub fn detect(bytes: &[u8]) -> Option<Format> {
    reader_of(bytes).map(|reader| reader.format)
}

fn reader_of(bytes: &[u8]) -> Option<&'static Reader> {
    let head = Head::of(bytes);
    READERS.iter().find(|reader| (reader.looks_like)(&head))
}

/// Names of the files that belong to the given one and lie beside it: the
/// addresses, aliases and comments of an OFAC list. Empty for other files. A
/// companion that is not there is reported by [`read`], not an error here.
#[must_use]
pub fn companions(name: &str) -> Vec<String> {
    ofac::companions(name)
}

/// Reads files of any known formats. Parts of one list, such as OFAC's files of
/// one folder, are put together; every other file makes one list, or several
/// where it holds several. What could be read comes back even when there are
/// errors; a mistake keeps of its file the lines that it shows.
#[must_use]
pub fn read(files: Vec<ListFile>, countries: CountryLookup<'_>) -> (Vec<Watchlist>, Diagnostics) {
    let told = files.into_iter().map(|file| (reader_of(&file.bytes), file));
    read_with(told.collect(), countries)
}

/// The same, with a format for each file, whatever its content looks like. A
/// format that is none of [`formats`] is an unknown one.
#[must_use]
pub fn read_as(
    files: Vec<(Format, ListFile)>,
    countries: CountryLookup<'_>,
) -> (Vec<Watchlist>, Diagnostics) {
    let named = |format: Format| READERS.iter().find(|reader| reader.format == format);
    let told = files.into_iter().map(|(format, file)| (named(format), file));
    read_with(told.collect(), countries)
}

/// A file with the reader of its format, if that is known.
type Told = (Option<&'static Reader>, ListFile);

fn read_with(files: Vec<Told>, countries: CountryLookup<'_>) -> (Vec<Watchlist>, Diagnostics) {
    let countries = remembering(countries);
    let mut alone: Vec<Told> = Vec::new();
    let mut together: Vec<(Joint, Vec<(Format, ListFile)>)> = Vec::new();
    for (reader, file) in files {
        match reader {
            Some(Reader { read: Read::Together(read), format, .. }) => {
                match together.iter_mut().find(|(known, _)| std::ptr::fn_addr_eq(*known, *read)) {
                    Some((_, files)) => files.push((*format, file)),
                    None => together.push((*read, vec![(*format, file)])),
                }
            }
            reader => alone.push((reader, file)),
        }
    }
    // Each list by a thread, and all put together in the order of the files.
    let alone = alone.into_par_iter().map(|(reader, file)| read_alone(reader, file, &countries));
    let together = together.into_par_iter().map(|(read, files)| read_together(read, &files, &countries));
    let results: Vec<_> = alone.chain(together).collect();
    let mut out = Diagnostics::default();
    let mut lists: Vec<Watchlist> = Vec::new();
    for (found, mistakes) in results {
        lists.extend(found);
        out.extend(mistakes);
    }
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

fn read_alone(
    reader: Option<&Reader>,
    file: ListFile,
    countries: CountryLookup<'_>,
) -> (Vec<Watchlist>, Diagnostics) {
    let mut out = Diagnostics::default();
    if let Some(Reader { format, read: Read::Each(read), .. }) = reader {
        let lists = read(&input(*format, &file, countries), &mut out);
        return (lists, out.excerpts());
    }
    out.push(unknown_format(&SourceFile::new(file.name, decode::decode(&file.bytes))));
    (Vec::new(), out.excerpts())
}

fn read_together(
    read: Joint,
    files: &[(Format, ListFile)],
    countries: CountryLookup<'_>,
) -> (Vec<Watchlist>, Diagnostics) {
    let inputs: Vec<_> = files.iter().map(|(format, file)| input(*format, file, countries)).collect();
    let mut out = Diagnostics::default();
    let lists = read(&inputs, &mut out);
    (lists, out.excerpts())
}

/// A look-up that remembers: lists write few countries, each many times, and
/// one that is no country takes long to be known as none.
fn remembering(countries: CountryLookup<'_>) -> impl Fn(&str) -> Option<CountryCode> + Sync {
    let known: RwLock<FxHashMap<String, Option<CountryCode>>> = RwLock::default();
    move |text| {
        if let Some(code) = known.read().ok().and_then(|known| known.get(text).copied()) {
            return code;
        }
        let code = countries(text);
        if let Ok(mut known) = known.write() {
            known.insert(text.to_owned(), code);
        }
        code
    }
}

/// A reader of several files.
type Joint = fn(&[Input<'_>], &mut Diagnostics) -> Vec<Watchlist>;

fn input<'i>(format: Format, file: &'i ListFile, countries: CountryLookup<'i>) -> Input<'i> {
    // A spreadsheet is a ZIP archive, which is no text.
    let text = if file.bytes.starts_with(b"PK") { "".into() } else { decode::decode(&file.bytes) };
    Input {
        format,
        file: SourceFile::new(file.name.as_str(), text),
        bytes: &file.bytes,
        sha256: sha256_hex(&file.bytes),
        countries,
    }
}

fn unknown_format(source: &SourceFile) -> Diagnostic {
    let known: Vec<_> = formats().map(|format| format.label).collect();
    let first_line = source.text.find('\n').unwrap_or(source.text.len());
    Diagnostic::error(format!("`{}` is no list that can be read", source.name))
        .at(source, 0..first_line.min(200))
        .label("not the beginning of a known format")
        .help(format!("known formats: {}", known.join("; ")))
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
