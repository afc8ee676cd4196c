//! Excel workbooks (XLSX) as CSV text, one line a row of the first sheet. Knows
//! cells and dates, not formulas, pictures or formats.
//!
//! A workbook is an archive, so it may unpack to far more than it weighs:
//! everything is counted before a cell is read. Beyond [`LARGEST_FILE`],
//! [`LIMITS`], [`MOST_ROWS`], [`MOST_COLUMNS`] or [`LONGEST_TEXT`] it is refused.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader as _, Xlsx};

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile};
use crate::workbook::{self, Limits};

use super::format::Input;

/// Bytes of a workbook.
const LARGEST_FILE: usize = 32 << 20;
const LIMITS: Limits = Limits { unpacked: 96 << 20, parts: 2000 };
const MOST_ROWS: u32 = 200_000;
const MOST_COLUMNS: u32 = 256;
/// Bytes of all cells together: many cells may show one long shared text.
const LONGEST_TEXT: usize = 64 << 20;

/// A line break inside a cell. It is written so that a row stays one line and
/// its line number is right; it counts as space.
pub(super) const BREAK: char = '\u{2028}';

/// Rows that are looked at to tell a format.
const FIRST_ROWS: u32 = 12;

/// Whether the first rows of a workbook satisfy `test`; false for other files.
pub(super) fn begins(bytes: &[u8], test: impl Fn(&str) -> bool) -> bool {
    bytes.starts_with(b"PK") && csv_text(bytes, FIRST_ROWS).is_ok_and(|text| test(&text))
}

/// The first sheet as a text file; a workbook that cannot be read is an error.
pub(super) fn as_csv(input: &Input<'_>, out: &mut Diagnostics) -> Option<SourceFile> {
    match csv_text(input.bytes, MOST_ROWS) {
        Ok(text) => Some(SourceFile::new(&*input.file.name, text)),
        Err(fault) => {
            out.push(
                Diagnostic::error(format!("`{}` cannot be read: {fault}", input.file.name))
                    .help("the workbook is damaged or no list; get it again, or save it as CSV"),
            );
            None
        }
    }
}

/// The rows of the first sheet, at most so many of them where they are only
/// looked at.
fn csv_text(bytes: &[u8], rows: u32) -> Result<String, String> {
    weigh(bytes)?;
    // The library is not written for hostile files; a panic in it is a fault of
    // the file, not of the program.
    catch_unwind(AssertUnwindSafe(|| first_sheet(bytes, rows)))
        .unwrap_or_else(|_| Err("a part of it makes no sense".to_owned()))
}

/// Refuses a workbook that is too large.
fn weigh(bytes: &[u8]) -> Result<(), String> {
    if bytes.len() > LARGEST_FILE {
        return Err(format!("it is larger than {} MiB", LARGEST_FILE >> 20));
    }
    workbook::weigh(Cursor::new(bytes), LIMITS)
}

fn first_sheet(bytes: &[u8], rows: u32) -> Result<String, String> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let name = book.sheet_names().into_iter().next().ok_or("it has no sheet")?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|error| error.to_string())?;
    let mut table = Rows::default();
    while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
        let (row, column) = cell.get_position();
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if row >= rows && rows < MOST_ROWS {
            break;
        }
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(format!("it has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns"));
        }
        table.put(row, column, text)?;
    }
    table.csv()
}

/// Cells by row; short rows are filled up.
#[derive(Default)]
struct Rows {
    cells: Vec<Vec<String>>,
    width: usize,
    length: usize,
}

impl Rows {
    fn put(&mut self, row: u32, column: u32, text: String) -> Result<(), String> {
        self.length = self.length.saturating_add(text.len());
        if self.length > LONGEST_TEXT {
            return Err(format!("its cells hold more than {} MiB", LONGEST_TEXT >> 20));
        }
        let (row, column) = (row as usize, column as usize);
        if self.cells.len() <= row {
            self.cells.resize_with(row + 1, Vec::new);
        }
        let Some(cells) = self.cells.get_mut(row) else { return Ok(()) };
        if cells.len() <= column {
            cells.resize_with(column + 1, String::new);
        }
        if let Some(cell) = cells.get_mut(column) {
            *cell = text;
        }
        self.width = self.width.max(cells.len());
        Ok(())
    }

    /// One line a row, empty ones too, so that line and row have one number.
    fn csv(self) -> Result<String, String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in &self.cells {
            let missing = self.width.saturating_sub(row.len());
            let cells = row.iter().map(String::as_str).chain(std::iter::repeat_n("", missing));
            writer.write_record(cells).map_err(|error| error.to_string())?;
        }
        let bytes = writer.into_inner().map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|error| error.to_string())
    }
}

fn text_of(value: &DataRef<'_>) -> String {
    let text = match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.as_str(),
        DataRef::SharedString(text) => text,
        DataRef::Int(number) => return number.to_string(),
        // Rust writes a whole number without a point.
        DataRef::Float(number) => return number.to_string(),
        DataRef::Bool(value) => return value.to_string(),
        DataRef::DateTime(moment) => return day(moment),
        DataRef::Error(_) | DataRef::Empty => return String::new(),
    };
    // Excel writes a carriage return in its own way.
    text.replace("_x000D_", "").trim().replace("\r\n", "\n").replace(['\n', '\r'], &BREAK.to_string())
}

/// A day stored as a number, as `2024-05-01`; a time or a length of time as its
/// number.
fn day(moment: &calamine::ExcelDateTime) -> String {
    if moment.is_duration() || moment.as_f64() < 1.0 {
        return moment.as_f64().to_string();
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}
