//! A shipment file of either kind, text or workbook, as a stream of rows with a
//! header and the first rows to look at.
//!
//! Told apart by the first bytes, so that standard input may be either.

use std::io::{self, Cursor, Read};

use super::decode::{Line, Lines};
use super::records::{Raw, Records, detect_separator};
use super::sheet::{Kind, Kindred, Sheet};

/// Rows looked at to tell separator, decimal signs and date order.
const HEAD_ROWS: usize = 200;
/// Bytes looked at to tell text from workbook.
const HEAD_BYTES: u64 = 128;

/// Where rows come from.
pub(super) enum Source {
    Text(Box<Records>),
    Sheet(Box<Sheet>),
}

/// A file that has a header.
pub(super) struct Opened {
    pub source: Source,
    pub header: Vec<String>,
    /// The first rows under the header.
    pub sample: Vec<Vec<String>>,
    /// The same without the cells that the file holds as numbers: how those look
    /// says nothing of how people write theirs.
    pub written: Vec<Vec<String>>,
    /// What the user should know; each a sentence.
    pub warnings: Vec<String>,
}

impl Source {
    /// Opens a file; of a workbook the sheet of that name, or the first.
    ///
    /// # Errors
    /// Why the file can't be read or has no header, in plain words.
    pub fn open(mut source: Box<dyn Read + Send>, sheet: Option<&str>) -> Result<Opened, String> {
        let mut head = Vec::new();
        source.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(|error| unreadable(&error))?;
        let kindred = Kindred::of(&head);
        let source: Box<dyn Read + Send> = Box::new(Cursor::new(head).chain(source));
        match kindred {
            Some(kindred) => Self::open_sheet(&kindred, source, sheet),
            None => Self::open_text(source),
        }
    }

    fn open_text(source: Box<dyn Read + Send>) -> Result<Opened, String> {
        let mut lines = Lines::open(source).map_err(|error| unreadable(&error))?;
        let mut head: Vec<Line> = std::iter::from_fn(|| lines.next_line()).take(HEAD_ROWS).collect();
        if let Some(error) = &lines.error {
            return Err(unreadable(error));
        }
        let separator = match excel_separator(&head) {
            Some(separator) => {
                head.remove(0);
                separator
            }
            None => detect_separator(&head),
        };
        let mut records = Records::new(lines, separator);
        let sample = sample_rows(&head, separator);
        records.push_front(head.into_iter());
        let header = match records.next_record() {
            None => return Err("is empty: there is no header row".to_owned()),
            Some(Raw::Broken { line, reason }) => {
                return Err(format!("line {line}: the header can't be read: {reason}"));
            }
            Some(Raw::Cells { cells, .. }) => cells,
        };
        let written = sample.clone();
        Ok(Opened { source: Self::Text(Box::new(records)), header, sample, written, warnings: Vec::new() })
    }

    fn open_sheet(
        kindred: &Kindred,
        source: Box<dyn Read + Send>,
        wanted: Option<&str>,
    ) -> Result<Opened, String> {
        let mut sheet = Sheet::open(kindred, source, wanted)?;
        let Some(Raw::Cells { cells: header, .. }) = sheet.next_record() else {
            return Err("is empty: the sheet has no header row".to_owned());
        };
        let head: Vec<Raw> = std::iter::from_fn(|| sheet.next_record()).take(HEAD_ROWS).collect();
        let (mut sample, mut written) = (Vec::new(), Vec::new());
        for row in &head {
            let Raw::Cells { cells, kinds, .. } = row else { continue };
            sample.push(cells.clone());
            let text = cells.iter().zip(kinds).map(|(cell, kind)| match kind {
                Kind::Text => cell.clone(),
                Kind::Number | Kind::Failed => String::new(),
            });
            written.push(text.collect());
        }
        sheet.push_front(head);
        let warnings = std::mem::take(&mut sheet.warnings);
        Ok(Opened { source: Self::Sheet(Box::new(sheet)), header, sample, written, warnings })
    }

    /// The next row.
    pub fn next_record(&mut self) -> Option<Raw> {
        match self {
            Self::Text(records) => records.next_record(),
            Self::Sheet(sheet) => sheet.next_record(),
        }
    }

    /// The error that ended the reading before the file ended, and its line.
    pub fn take_error(&mut self) -> Option<(u64, io::Error)> {
        match self {
            Self::Text(records) => {
                let error = records.lines.error.take()?;
                Some((records.lines.next_number(), error))
            }
            Self::Sheet(sheet) => sheet.take_error(),
        }
    }
}

fn unreadable(error: &io::Error) -> String {
    format!("can't be read: {error}")
}

/// Excel's first line `sep=;`.
fn excel_separator(head: &[Line]) -> Option<u8> {
    let text = head.first()?.text.trim();
    let rest =
        text.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).and_then(|_| text.get(4..))?;
    match rest.as_bytes() {
        [] => Some(b'\t'),
        &[separator] if separator.is_ascii_punctuation() || separator == b'\t' => Some(separator),
        _ => None,
    }
}

/// The first rows under the header, for looking at columns.
fn sample_rows(head: &[Line], separator: u8) -> Vec<Vec<String>> {
    let text: String = head.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect();
    csv::ReaderBuilder::new()
        .has_headers(true)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes())
        .records()
        .filter_map(Result::ok)
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect()
}
