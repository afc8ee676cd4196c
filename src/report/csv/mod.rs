//! Two tables for spreadsheets: one row per shipment, and one per piece of
//! evidence.
//!
//! Every cell goes through [`cell`](super::escape::cell), so that none is a
//! formula: an apostrophe before `=`, `+`, `-` or `@` is redflag's, and control
//! characters stand as escapes. The column `run` holds the fingerprint of the
//! run on every row; `provenance` holds lists, rules, profile and what was not
//! screened in words, on the first row only, since it is the same for all.

pub mod findings;
pub mod shipments;

use std::io::{self, Write};

use crate::screening::RunHeader;

use super::escape::cell;
use super::words;
pub use findings::Findings;
pub use shipments::Shipments;

/// What both tables share: the writer and the two last columns.
struct Rows {
    writer: csv::Writer<Box<dyn Write + Send>>,
    run: String,
    /// Taken by the first row.
    provenance: String,
}

impl Rows {
    fn new(out: Box<dyn Write + Send>) -> Self {
        let writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(out);
        Self { writer, run: String::new(), provenance: String::new() }
    }

    fn begin(&mut self, header: &RunHeader, columns: &[&str]) -> io::Result<()> {
        self.run = words::fingerprint(header);
        self.provenance = words::provenance(header);
        self.writer.write_record(columns).map_err(io_error)
    }

    fn row(&mut self, cells: &[String]) -> io::Result<()> {
        let provenance = std::mem::take(&mut self.provenance);
        let cells = cells.iter().chain([&self.run, &provenance]).map(|text| cell(text));
        self.writer.write_record(cells).map_err(io_error)
    }
}

/// Keeps the kind (full disk, closed pipe) for the caller.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn set(row: &mut [String], columns: &[&str], cells: &[(&str, &str)]) {
    for (column, text) in cells {
        if let Some(slot) = columns.iter().position(|name| name == column).and_then(|at| row.get_mut(at)) {
            (*text).clone_into(slot);
        }
    }
}

/// The texts without repetition, joined with `; `, in their order.
fn joined(texts: impl IntoIterator<Item = String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !text.is_empty() && !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{header, outcomes, written};
    use crate::report::{Format, Options};
    use crate::screening::Outcome;

    fn table(format: Format) -> Vec<Vec<String>> {
        let text = written(format, &Options::default(), &header(), &outcomes());
        csv::Reader::from_reader(text.as_bytes())
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn every_shipment_and_unreadable_row_has_one_row() {
        assert_eq!(table(Format::Csv).len(), outcomes().len());
    }

    #[test]
    fn every_piece_of_evidence_has_one_row() {
        let expected: usize = outcomes()
            .iter()
            .map(|outcome| match outcome {
                Outcome::Unreadable(_) => 1,
                Outcome::Screened { screening, .. } => {
                    screening.unscreenable.len()
                        + screening.findings.iter().map(|finding| finding.evidence.len()).sum::<usize>()
                }
            })
            .sum();
        assert_eq!(table(Format::CsvFindings).len(), expected);
    }

    #[test]
    fn the_lists_stand_on_the_first_row_and_the_fingerprint_on_all() {
        for format in [Format::Csv, Format::CsvFindings] {
            let rows = table(format);
            let fingerprint = words::fingerprint(&header());
            assert!(rows[0].last().unwrap().contains("us-sdn (2026-07-31, 18,710 entries"));
            assert!(rows[0].last().unwrap().contains("Ownership: companies owned"));
            for row in &rows {
                assert_eq!(row[row.len() - 2], fingerprint);
            }
        }
    }

    #[test]
    fn the_tables_read_as_agreed() {
        let options = Options::default();
        insta::assert_snapshot!("csv", written(Format::Csv, &options, &header(), &outcomes()));
        insta::assert_snapshot!(
            "csv-findings",
            written(Format::CsvFindings, &options, &header(), &outcomes())
        );
    }
}
