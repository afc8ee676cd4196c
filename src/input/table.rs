//! Any table with a header row → its cells, line by line, whatever encoding
//! and separator it was written with; the first sheet of a workbook.
//!
//! Knows nothing of what the columns mean; `ShipmentReader` does.

use std::io::Read;

use rust_decimal::Decimal;

use super::number::{DecimalSign, decimal_sign, read_number};
use super::reader::InputError;
use super::records::Raw;
use super::source::{Opened, Source};

/// A row of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TableRow {
    Cells {
        /// On which the row begins, from 1.
        line: u64,
        /// As many as the header has.
        cells: Vec<String>,
    },
    Fault {
        line: u64,
        reason: String,
    },
}

/// Reads a table row by row in bounded memory.
pub struct TableReader {
    header: Vec<String>,
    decimals: Vec<Option<DecimalSign>>,
    source: Source,
    ended: bool,
}

impl std::fmt::Debug for TableReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TableReader").field("header", &self.header).finish_non_exhaustive()
    }
}

impl TableReader {
    /// # Errors
    /// When the first bytes can't be read, or there is no header row.
    pub fn open(source: Box<dyn Read + Send>) -> Result<Self, InputError> {
        let Opened { source, header, sample, .. } = Source::open(source, None).map_err(InputError)?;
        let cells = |at: usize| sample.iter().filter_map(move |row| row.get(at).map(String::as_str));
        let decimals = (0..header.len()).map(|at| decimal_sign(cells(at))).collect();
        Ok(Self { header, decimals, source, ended: false })
    }

    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The number in a cell of a column, whatever signs separate its thousands
    /// and decimals, and the unit or currency beside it.
    ///
    /// # Errors
    /// When the cell holds no number; the words say what was expected.
    pub fn number(&self, column: usize, cell: &str) -> Result<(Decimal, String), String> {
        // The usual case, and one that means the same in every country.
        if cell.len() < 18
            && cell.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(whole) = cell.parse::<i64>()
        {
            return Ok((Decimal::from(whole), String::new()));
        }
        let sign = self.decimals.get(column).copied().flatten();
        read_number(cell, sign)
            .map(|number| (number.amount, number.unit))
            .ok_or_else(|| "expected a number".to_owned())
    }
}

impl Iterator for TableReader {
    type Item = TableRow;

    fn next(&mut self) -> Option<TableRow> {
        if self.ended {
            return None;
        }
        let Some(raw) = self.source.next_record() else {
            self.ended = true;
            let (line, error) = self.source.take_error()?;
            return Some(TableRow::Fault {
                line,
                reason: format!("the rest of the file can't be read: {error}"),
            });
        };
        Some(match raw {
            Raw::Broken { line, reason } => TableRow::Fault { line, reason },
            Raw::Cells { line, mut cells, .. } => {
                let wanted = self.header.len();
                while cells.len() > wanted && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
                    cells.pop();
                }
                if cells.len() == wanted {
                    TableRow::Cells { line, cells }
                } else {
                    let reason = format!("the row has {} cells, the header {wanted}", cells.len());
                    TableRow::Fault { line, reason }
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_does_not_fit_loses_no_other() {
        let text = "a;b\n1;2,5\n3\n4;1.000,5;\n";
        let mut table = TableReader::open(Box::new(std::io::Cursor::new(text))).unwrap();
        let rows: Vec<TableRow> = table.by_ref().collect();
        assert!(matches!(&rows[1], TableRow::Fault { line: 3, reason } if reason.contains("1 cells")));
        let TableRow::Cells { line: 4, cells } = &rows[2] else { panic!("{rows:?}") };
        assert_eq!(table.number(1, &cells[1]).unwrap().0, Decimal::new(10005, 1));
        assert!(table.number(1, "n/a").is_err());
    }
}
