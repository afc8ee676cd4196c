//! The rows of a sheet on their way from the workbook to the reader: kept in
//! memory while they are few, in an unnamed file when they are many.

use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use tempfile::SpooledTempFile;

use super::shown::Kind;

/// Bytes held in memory.
const IN_MEMORY: usize = 4 << 20;

/// A cell of a row: column from 0, text, kind.
pub type Cell = (u32, String, Kind);

/// Takes rows, and gives them back in the same order.
pub struct Writer(BufWriter<SpooledTempFile>);

impl Writer {
    pub fn new() -> Self {
        Self(BufWriter::new(SpooledTempFile::new(IN_MEMORY)))
    }

    /// # Errors
    /// When the temporary file can't be written.
    pub fn put(&mut self, row: u32, cells: &[Cell]) -> io::Result<()> {
        self.number(row)?;
        self.number(u32::try_from(cells.len()).map_err(io::Error::other)?)?;
        for (column, text, kind) in cells {
            self.number(*column)?;
            self.number(*kind as u32)?;
            self.number(u32::try_from(text.len()).map_err(io::Error::other)?)?;
            self.0.write_all(text.as_bytes())?;
        }
        Ok(())
    }

    fn number(&mut self, number: u32) -> io::Result<()> {
        self.0.write_all(&number.to_le_bytes())
    }

    /// # Errors
    /// When the temporary file can't be written.
    pub fn finish(self) -> io::Result<Reader> {
        let mut file = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(Reader(BufReader::new(file)))
    }
}

/// Gives the rows back.
pub struct Reader(BufReader<SpooledTempFile>);

impl Reader {
    /// The next row: its number from 0 and its cells that hold something.
    ///
    /// # Errors
    /// When the temporary file can't be read.
    pub fn next_row(&mut self) -> io::Result<(u32, Vec<Cell>)> {
        let row = self.number()?;
        let count = self.number()?;
        let mut cells = Vec::new();
        for _ in 0..count {
            let column = self.number()?;
            let kind = match self.number()? {
                0 => Kind::Text,
                1 => Kind::Number,
                _ => Kind::Failed,
            };
            let mut text = vec![0; self.number()? as usize];
            self.0.read_exact(&mut text)?;
            cells.push((column, String::from_utf8(text).map_err(io::Error::other)?, kind));
        }
        Ok((row, cells))
    }

    fn number(&mut self) -> io::Result<u32> {
        let mut bytes = [0; 4];
        self.0.read_exact(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }
}
