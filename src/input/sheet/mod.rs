//! Excel workbooks (XLSX) as rows of cells: one sheet, the line of a row is its
//! number in the sheet.
//!
//! Knows cells, number formats and merged cells; nothing of what the columns mean.
//! A damaged workbook is refused before its first row, so that no row of it is
//! screened while another is lost. Hidden rows and columns are read as well.

mod merged;
mod rows;
mod shown;

use std::collections::VecDeque;
use std::io::{self, BufReader, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx};
use rustc_hash::FxHashSet;
use tempfile::SpooledTempFile;

use crate::diagnostic::nearest;
use crate::workbook::{Limits, weigh};

use super::records::Raw;
use merged::Merged;
use rows::{Cell, Reader, Writer};
pub(super) use shown::Kind;

/// Bytes of a workbook.
const LARGEST_FILE: u64 = 512 << 20;
const LIMITS: Limits = Limits { unpacked: 2 << 30, parts: 10_000 };
/// Excel's own.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 1_024;
/// Bytes of all cells together: many cells may show one long shared text.
const LONGEST_TEXT: u64 = 4 << 30;
/// What a cell counts beside its text.
const CELL: u64 = 12;
/// Bytes of a workbook held in memory.
const IN_MEMORY: usize = 8 << 20;

/// A sheet that is being read.
pub(super) struct Sheet {
    rows: Reader,
    left: u32,
    width: usize,
    again: VecDeque<Raw>,
    /// Line of the row read last.
    line: u64,
    error: Option<io::Error>,
    /// What the user should know; each a sentence.
    pub warnings: Vec<String>,
}

/// What the first bytes of a file are, if they are no text.
pub(super) enum Kindred {
    Archive,
    /// The container of old workbooks, and of new ones with a password.
    Compound,
    OpenDocument,
}

impl Kindred {
    pub fn of(head: &[u8]) -> Option<Self> {
        let open = b"mimetypeapplication/vnd.oasis.opendocument";
        match head {
            [b'P', b'K', 3, 4, ..] if head.windows(open.len()).any(|part| part == open) => {
                Some(Self::OpenDocument)
            }
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Self::Archive),
            [0xD0, 0xCF, 0x11, 0xE0, ..] => Some(Self::Compound),
            _ => None,
        }
    }
}

impl Sheet {
    /// Reads the sheet of that name, or the first one that can be seen.
    ///
    /// # Errors
    /// Why the workbook can't be read, in plain words.
    pub fn open(kindred: &Kindred, source: impl Read, wanted: Option<&str>) -> Result<Self, String> {
        let unread = match kindred {
            Kindred::Archive => "",
            Kindred::Compound => {
                "is a workbook of an old kind (.xls) or has a password; save it as .xlsx without one"
            }
            Kindred::OpenDocument => "is a sheet of OpenDocument (.ods); save it as .xlsx or CSV",
        };
        if !unread.is_empty() {
            return Err(unread.to_owned());
        }
        let mut file = SpooledTempFile::new(IN_MEMORY);
        let broken = |error: io::Error| format!("can't be read: {error}");
        let size = io::copy(&mut source.take(LARGEST_FILE + 1), &mut file).map_err(broken)?;
        if size > LARGEST_FILE {
            return Err(format!("is larger than {} MiB; split it, or save it as CSV", LARGEST_FILE >> 20));
        }
        let damaged = |words: String| {
            format!("can't be read as a workbook: {words}; open and save it anew, or save it as CSV")
        };
        file.rewind().map_err(broken)?;
        weigh(BufReader::new(&mut file), LIMITS).map_err(damaged)?;
        file.rewind().map_err(broken)?;
        // The library is not written for hostile files; a panic in it is a fault of
        // the file, not of the program.
        catch_unwind(AssertUnwindSafe(|| read(BufReader::new(file), wanted)))
            .unwrap_or_else(|_| Err(Refused::Damaged("a part of it makes no sense".to_owned())))
            .map_err(|refused| match refused {
                Refused::Damaged(words) => damaged(words),
                Refused::Other(words) => words,
            })
    }

    /// Puts rows in front of what is still to be read.
    pub fn push_front(&mut self, rows: Vec<Raw>) {
        for row in rows.into_iter().rev() {
            self.again.push_front(row);
        }
    }

    pub fn next_record(&mut self) -> Option<Raw> {
        if let Some(row) = self.again.pop_front() {
            return Some(row);
        }
        self.left = self.left.checked_sub(1)?;
        match self.rows.next_row() {
            Ok((row, stored)) => {
                self.line = u64::from(row) + 1;
                let mut cells = vec![String::new(); self.width];
                let mut kinds = vec![Kind::Text; self.width];
                for (column, text, kind) in stored {
                    let at = column as usize;
                    if let (Some(cell), Some(own)) = (cells.get_mut(at), kinds.get_mut(at)) {
                        (*cell, *own) = (text, kind);
                    }
                }
                Some(Raw::Cells { line: self.line, cells, kinds })
            }
            Err(error) => {
                self.left = 0;
                self.error = Some(error);
                None
            }
        }
    }

    /// The error that ended the reading, and the line it hit.
    pub fn take_error(&mut self) -> Option<(u64, io::Error)> {
        self.error.take().map(|error| (self.line + 1, error))
    }
}

enum Refused {
    /// The workbook is to blame.
    Damaged(String),
    Other(String),
}

impl From<calamine::XlsxError> for Refused {
    fn from(error: calamine::XlsxError) -> Self {
        Self::Damaged(error.to_string())
    }
}

fn disk(error: &io::Error) -> Refused {
    Refused::Other(format!("no room for a temporary file: {error}"))
}

fn read(file: BufReader<SpooledTempFile>, wanted: Option<&str>) -> Result<Sheet, Refused> {
    let mut book: Xlsx<_> = Xlsx::new(file)?;
    let (name, warnings) = choose(&book, wanted)?;
    let mut merged = Merged::new(&book.merge_cells_by_sheet_name(&name)?);
    let unreckoned = unreckoned(&mut book, &name)?;
    let mut reader = book.worksheet_cells_reader(&name)?;
    let mut table = Table::new();
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let at = cell.get_position();
        let (text, kind) = if unreckoned.contains(&at) {
            ("a formula without a value".to_owned(), Kind::Failed)
        } else {
            let format = reader.styles().get(style).and_then(|style| style.number_format.as_ref());
            shown::shown(cell.get_value(), format.map_or("", |format| &format.format_code))
        };
        if !text.is_empty() {
            table.put(at, text, kind, &mut merged)?;
        }
    }
    table.finish(&mut merged, warnings)
}

/// The sheet to read, and what to say of it.
fn choose<R: Read + Seek>(book: &Xlsx<R>, wanted: Option<&str>) -> Result<(String, Vec<String>), Refused> {
    let sheets: Vec<_> =
        book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).collect();
    if let Some(wanted) = wanted {
        if let Some(sheet) = sheets.iter().find(|sheet| sheet.name.trim().eq_ignore_ascii_case(wanted.trim()))
        {
            return Ok((sheet.name.clone(), Vec::new()));
        }
        let names = || sheets.iter().map(|sheet| sheet.name.as_str());
        let hint = match nearest(wanted, names()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("it has {}", quoted(names())),
        };
        return Err(Refused::Other(format!("has no sheet \"{wanted}\"; {hint}")));
    }
    let seen = |sheet: &&&calamine::Sheet| sheet.visible == SheetVisible::Visible;
    let Some(first) = sheets.iter().find(seen).or(sheets.first()) else {
        return Err(Refused::Other("has no sheet with cells".to_owned()));
    };
    let others: Vec<&str> =
        sheets.iter().filter(|sheet| sheet.name != first.name).map(|sheet| sheet.name.as_str()).collect();
    let warnings = if others.is_empty() {
        Vec::new()
    } else {
        vec![format!(
            "sheet \"{}\" is read; {} NOT screened: read another with --sheet NAME",
            first.name,
            match others.as_slice() {
                [one] => format!("\"{one}\" is"),
                many => format!("{} are", quoted(many.iter().copied())),
            }
        )]
    };
    Ok((first.name.clone(), warnings))
}

fn quoted<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

/// The cells with a formula whose value the workbook does not hold.
fn unreckoned<R: Read + Seek>(book: &mut Xlsx<R>, name: &str) -> Result<FxHashSet<(u32, u32)>, Refused> {
    let mut found = FxHashSet::default();
    let mut cells = book.worksheet_cells_reader(name)?;
    while let Some(cell) = cells.next_cell_with_formula_metadata()? {
        if cell.formula.is_some() && matches!(cell.value, DataRef::Empty) {
            found.insert(cell.pos);
        }
    }
    Ok(found)
}

/// Cells as they come → rows.
struct Table {
    rows: Writer,
    count: u32,
    row: u32,
    cells: Vec<Cell>,
    length: u64,
    /// Column → whether a row below the first has something in it.
    used: Vec<bool>,
    width: usize,
}

impl Table {
    fn new() -> Self {
        Self {
            rows: Writer::new(),
            count: 0,
            row: 0,
            cells: Vec::new(),
            length: 0,
            used: Vec::new(),
            width: 0,
        }
    }

    fn put(
        &mut self,
        (row, column): (u32, u32),
        text: String,
        kind: Kind,
        merged: &mut Merged,
    ) -> Result<(), Refused> {
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(Refused::Other(format!(
                "has a cell in row {}, column {}: more than {MOST_ROWS} rows or {MOST_COLUMNS} columns are not read",
                row + 1,
                letters(column)
            )));
        }
        if row < self.row {
            return Err(Refused::Damaged(format!("row {} comes behind row {}", row + 1, self.row + 1)));
        }
        if row > self.row {
            self.flush(merged)?;
            self.row = row;
        }
        self.cells.push((column, text, kind));
        Ok(())
    }

    /// Keeps the row; a row without a cell is none.
    fn flush(&mut self, merged: &mut Merged) -> Result<(), Refused> {
        if self.cells.is_empty() {
            return Ok(());
        }
        merged.fill(self.row, &mut self.cells);
        for (column, text, _) in &self.cells {
            let at = *column as usize;
            self.width = self.width.max(at + 1);
            if self.count > 0 {
                if self.used.len() <= at {
                    self.used.resize(at + 1, false);
                }
                if let Some(used) = self.used.get_mut(at) {
                    *used = true;
                }
            }
            self.length += text.len() as u64 + CELL;
        }
        if self.length > LONGEST_TEXT {
            return Err(Refused::Other(format!("holds more than {} GiB of cells", LONGEST_TEXT >> 30)));
        }
        self.rows.put(self.row, &self.cells).map_err(|error| disk(&error))?;
        self.count += 1;
        self.cells.clear();
        Ok(())
    }

    fn finish(mut self, merged: &mut Merged, warnings: Vec<String>) -> Result<Sheet, Refused> {
        self.flush(merged)?;
        let mut sheet = Sheet {
            rows: self.rows.finish().map_err(|error| disk(&error))?,
            left: self.count,
            width: self.width,
            again: VecDeque::new(),
            line: 0,
            error: None,
            warnings,
        };
        // A column with cells but no header is named as the program names it.
        if let Some(Raw::Cells { line, mut cells, kinds }) = sheet.next_record() {
            for (column, cell) in (0u32..).zip(&mut cells) {
                if cell.is_empty() && self.used.get(column as usize) == Some(&true) {
                    *cell = format!("column {}", letters(column));
                }
            }
            sheet.push_front(vec![Raw::Cells { line, cells, kinds }]);
        }
        Ok(sheet)
    }
}

/// The name of a column: `A`, `Z`, `AA`.
fn letters(column: u32) -> String {
    let mut rest = column + 1;
    let mut out = Vec::new();
    while rest > 0 {
        out.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    out.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_the_sheet() {
        let names: Vec<String> = [0, 25, 26, 51, 702, 1_023].into_iter().map(letters).collect();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "AAA", "AMJ"]);
    }
}
