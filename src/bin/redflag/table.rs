//! CSV tables with named columns: read, and written to an output.
//!
//! Knows cells, not what they mean.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use crate::failure::Failure;
use crate::output::{Output, is_dash, write_failure};

/// A table being read.
pub type Reader = csv::Reader<Box<dyn Read>>;

/// Opens a file, or standard input for `-`.
pub fn open(path: &Path) -> Result<Reader, Failure> {
    if is_dash(path) {
        return Ok(reader(Box::new(io::stdin())));
    }
    let file = File::open(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    Ok(reader(Box::new(file)))
}

/// Reads what is already in memory, as [`open`] would.
pub fn from_bytes(bytes: Vec<u8>) -> Reader {
    reader(Box::new(Cursor::new(bytes)))
}

fn reader(source: Box<dyn Read>) -> Reader {
    csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(source)
}

/// Where the named columns stand in a file.
pub struct Columns {
    named: Vec<(&'static str, usize)>,
    count: usize,
}

impl Columns {
    /// Finds the columns by the header, whatever their order and case.
    pub fn find(
        reader: &mut Reader,
        path: &Path,
        required: &[&'static str],
        optional: &[&'static str],
    ) -> Result<Self, Failure> {
        let headers =
            reader.headers().map_err(|error| Failure::new(format!("{}: {error}", path.display())))?.clone();
        let place = |name: &str| {
            headers.iter().position(|h| h.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name))
        };
        let mut named = Vec::new();
        for &name in required.iter().chain(optional) {
            match place(name) {
                Some(at) => named.push((name, at)),
                None if required.contains(&name) => {
                    return Err(Failure::new(format!(
                        "{}: line 1: the column `{name}` is missing; the file needs {}",
                        path.display(),
                        required.join(", ")
                    )));
                }
                None => {}
            }
        }
        Ok(Self { named, count: headers.len() })
    }

    /// Finds columns that may stand under several headers each.
    pub fn like(
        reader: &mut Reader,
        path: &Path,
        known: &[(&'static str, &[&str])],
        required: &[&str],
    ) -> Result<Self, Failure> {
        let headers =
            reader.headers().map_err(|error| Failure::new(format!("{}: {error}", path.display())))?.clone();
        let plain = |header: &str| {
            header.trim_start_matches('\u{feff}').trim().to_lowercase().replace([' ', '-'], "_")
        };
        let headers: Vec<String> = headers.iter().map(plain).collect();
        let mut named = Vec::new();
        for (name, like) in known {
            match like.iter().find_map(|like| headers.iter().position(|header| header == like)) {
                Some(at) => named.push((*name, at)),
                None if required.contains(name) => {
                    return Err(Failure::new(format!(
                        "{}: line 1: no column for `{name}`; one of these headers is needed: {}",
                        path.display(),
                        like.join(", ")
                    )));
                }
                None => {}
            }
        }
        Ok(Self { named, count: headers.len() })
    }

    /// The cell of a column; empty where the row or the file does not have it.
    pub fn cell<'r>(&self, record: &'r csv::StringRecord, name: &str) -> &'r str {
        self.named
            .iter()
            .find(|(column, _)| *column == name)
            .and_then(|&(_, at)| record.get(at))
            .unwrap_or("")
    }

    /// What is wrong with the number of cells of a row; in a row with one too
    /// few or too many, cells may stand under the wrong heading.
    pub fn misfit(&self, record: &csv::StringRecord) -> Option<String> {
        (record.len() != self.count).then(|| format!("{} cells under {} headings", record.len(), self.count))
    }
}

/// A table being written.
pub struct Writer<'a> {
    path: &'a Path,
    output: Output,
    rows: csv::Writer<Output>,
}

impl<'a> Writer<'a> {
    pub fn create(path: &'a Path, header: &[&str]) -> Result<Self, Failure> {
        let output = Output::create(path).map_err(|error| write_failure(path, &error))?;
        let mut table = Self { path, rows: csv::Writer::from_writer(output.clone()), output };
        table.row(header)?;
        Ok(table)
    }

    pub fn row(&mut self, cells: &[&str]) -> Result<(), Failure> {
        self.rows.write_record(cells).map_err(|error| write_failure(self.path, &io::Error::from(error)))
    }

    /// Writes what is left and gives the file its name.
    pub fn close(mut self) -> Result<(), Failure> {
        let path = self.path;
        self.rows.flush().and_then(|()| self.output.finish()).map_err(|error| write_failure(path, &error))
    }
}
