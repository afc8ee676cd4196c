//! The formats a report can be written in, by name and by file extension.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;

use crate::trade::CountryCode;

use super::capped::Capped;
use super::{Sink, csv, github, gitlab, html, jsonl, junit, markdown, sarif, text, xlsx};

/// A format of the report.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Format {
    /// For people, on a terminal.
    Text,
    /// One JSON value a line; schema in `docs/schema/`.
    Jsonl,
    /// One row per shipment or unreadable row.
    Csv,
    /// One row per piece of evidence.
    CsvFindings,
    /// GitHub-flavoured Markdown.
    Markdown,
    /// One self-contained page.
    Html,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test dashboards.
    JUnit,
    /// Annotations of GitHub Actions.
    GitHub,
    /// Markdown for the job summary of GitHub Actions, cut to what it takes.
    GitHubSummary,
    /// Code quality of GitLab.
    GitLab,
    /// A workbook of Excel.
    Xlsx,
}

impl Format {
    pub const ALL: [Self; 12] = [
        Self::Text,
        Self::Jsonl,
        Self::Csv,
        Self::CsvFindings,
        Self::Markdown,
        Self::Html,
        Self::Sarif,
        Self::JUnit,
        Self::GitHub,
        Self::GitHubSummary,
        Self::GitLab,
        Self::Xlsx,
    ];
    pub const WORDS: [&'static str; 12] = [
        "text",
        "jsonl",
        "csv",
        "csv-findings",
        "md",
        "html",
        "sarif",
        "junit",
        "github",
        "github-summary",
        "gitlab",
        "xlsx",
    ];

    /// The name on the command line.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }

    /// The format a file name suggests: `.txt`, `.jsonl` (`.ndjson`), `.csv`,
    /// `.md` (`.markdown`), `.html` (`.htm`), `.sarif`, `.xlsx`, in either case.
    #[must_use]
    pub fn from_file_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "txt" | "text" => Self::Text,
            "jsonl" | "ndjson" => Self::Jsonl,
            "csv" => Self::Csv,
            "md" | "markdown" => Self::Markdown,
            "html" | "htm" => Self::Html,
            "sarif" => Self::Sarif,
            "xlsx" => Self::Xlsx,
            _ => return None,
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// What a caller decides about the shape of a report. Never about what counts.
#[derive(Clone, Debug)]
pub struct Options {
    /// ANSI colours in text. The caller knows whether there is a terminal and
    /// what `NO_COLOR` says.
    pub colour: bool,
    /// Columns of text; at least 40.
    pub width: usize,
    /// Shipments written out in full per verdict, in text, Markdown and HTML
    /// (worst verdicts are never short of room: the limit is per verdict). What
    /// is beyond is counted, and the report says how many and where they stand.
    pub shipments_per_verdict: Option<u64>,
    /// Rows of the table of clear shipments in HTML; beyond it only their
    /// number is given, and the page says so.
    pub clear_rows: u64,
    /// Names of countries for people; a code without a name is shown as code.
    pub country_names: BTreeMap<CountryCode, String>,
}

impl Options {
    /// Shipments in full per verdict on a page, unless the caller says
    /// otherwise: some 30 MB of HTML at most.
    pub const PAGE_SHIPMENTS_PER_VERDICT: u64 = 2_000;
}

impl Default for Options {
    fn default() -> Self {
        Self {
            colour: false,
            width: 80,
            shipments_per_verdict: None,
            clear_rows: 2_000,
            country_names: BTreeMap::new(),
        }
    }
}

/// Shipments in full per verdict in a job summary.
const SUMMARY_SHIPMENTS: u64 = 40;
/// Bytes of a job summary at most (GitHub: 1 MiB a step).
const MOST_SUMMARY: usize = 1 << 20;

/// The sink that writes a run to `out` in a format.
#[must_use]
pub fn sink(format: Format, out: Box<dyn Write + Send>, options: Options) -> Box<dyn Sink + Send> {
    // Sinks write in small pieces; `end` flushes and so reports a full disk.
    let out: Box<dyn Write + Send> = Box::new(std::io::BufWriter::with_capacity(64 << 10, out));
    match format {
        Format::Text => Box::new(text::Text::new(out, options)),
        Format::Jsonl => Box::new(jsonl::JsonLines::new(out)),
        Format::Csv => Box::new(csv::Shipments::new(out)),
        Format::CsvFindings => Box::new(csv::Findings::new(out)),
        Format::Markdown => Box::new(markdown::Markdown::new(out, &options)),
        Format::Html => Box::new(html::Page::new(out, options)),
        Format::Sarif => Box::new(sarif::Sarif::new(out)),
        Format::JUnit => Box::new(junit::JUnit::new(out)),
        Format::GitHub => Box::new(github::Annotations::new(out)),
        Format::GitHubSummary => {
            let out = Box::new(Capped::new(
                out,
                MOST_SUMMARY,
                "_Cut here: a job summary holds 1 MiB. The other formats hold all._",
            ));
            // Few enough that what the run rests on still finds room.
            let shipments_per_verdict = Some(options.shipments_per_verdict.unwrap_or(SUMMARY_SHIPMENTS));
            Box::new(markdown::Markdown::new(out, &Options { shipments_per_verdict, ..options }))
        }
        Format::GitLab => Box::new(gitlab::CodeQuality::new(out)),
        Format::Xlsx => Box::new(xlsx::Sheets::new(out)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_key() {
        for format in Format::ALL {
            assert_eq!(Format::from_key(format.key()), Some(format));
        }
        assert_eq!(Format::from_key("pdf"), None);
    }

    #[test]
    fn a_file_name_suggests_its_format() {
        assert_eq!(Format::from_file_name("out/Report.HTML"), Some(Format::Html));
        assert_eq!(Format::from_file_name("a.b.csv"), Some(Format::Csv));
        assert_eq!(Format::from_file_name("a.txt"), Some(Format::Text));
        assert_eq!(Format::from_file_name("a.md"), Some(Format::Markdown));
        assert_eq!(Format::from_file_name("a.jsonl"), Some(Format::Jsonl));
        assert_eq!(Format::from_file_name("jsonl"), None);
        assert_eq!(Format::from_file_name("a.pdf"), None);
    }
}
