//! Findings on monthly series → text, CSV, JSON lines, or one HTML page.
//!
//! Finds nothing itself: `crate::flow::series` does. The words for a finding
//! are made once, in [`words`], so that all formats say the same.

mod html;
mod jsonl;
mod map;
mod table;
mod text;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

use crate::flow::series::{Analysis, FalseAlarms, Fault, Lane, Measure, Month};

/// What was looked at, for the head of every output.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct About {
    pub program_version: String,
    /// Each file as named by the user, with the SHA-256 of its bytes.
    pub files: Vec<(String, String)>,
    pub measure: Measure,
    /// ISO code; empty where it is not told.
    pub currency: String,
    /// What series are told apart by.
    pub by: Vec<&'static str>,
    pub rows: u64,
    /// First and last month of the files, before any cut.
    pub span: Option<(Month, Month)>,
    pub as_of: Option<Month>,
    pub faults: Vec<Fault>,
    pub more_faults: u64,
    /// What the reader must know about the data, in sentences.
    pub notes: Vec<String>,
    pub calm: Option<FalseAlarms>,
    /// Code → English name.
    pub countries: BTreeMap<String, String>,
    /// Changes by reporter and partner, for the map.
    pub lanes: Vec<Lane>,
    /// What the lanes are of, such as `priority goods`.
    pub lanes_of: String,
    /// Findings shown in full at most; tables for programs hold all.
    pub top: usize,
}

/// A format of the findings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people, within 80 columns.
    Text,
    /// One object a line: a head, the findings with their series, a foot.
    Jsonl,
    /// One row a finding.
    Csv,
    /// The series of the findings: one row a month.
    CsvSeries,
    /// One self-contained page.
    Html,
}

impl Format {
    pub const ALL: [Self; 5] = [Self::Text, Self::Jsonl, Self::Csv, Self::CsvSeries, Self::Html];
    pub const WORDS: [&'static str; 5] = ["text", "jsonl", "csv", "csv-series", "html"];

    /// The name on the command line.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }

    /// The format a file name suggests: `.txt`, `.jsonl`, `.csv`, `.html`
    /// (`.htm`), in either case.
    #[must_use]
    pub fn from_file_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "txt" | "text" => Self::Text,
            "jsonl" | "ndjson" => Self::Jsonl,
            "csv" => Self::Csv,
            "html" | "htm" => Self::Html,
            _ => return None,
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// Writes the findings in a format.
///
/// # Errors
/// When the bytes can't be written.
pub fn write(format: Format, about: &About, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => out.write_all(text::render(about, analysis).as_bytes())?,
        Format::Jsonl => jsonl::write(about, analysis, out)?,
        Format::Csv => table::findings(about, analysis, out)?,
        Format::CsvSeries => table::series(about, analysis, out)?,
        Format::Html => out.write_all(html::render(about, analysis)?.as_bytes())?,
    }
    out.flush()
}

#[cfg(test)]
mod tests;
