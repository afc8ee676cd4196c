//! All tables of a history read together, and, where a run is recorded, what was
//! asked of them: those records alone answer the same questions again.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter};

use super::record::join;
use super::segment::SegmentWriter;
use super::table::Table;

/// Tables whose records belong together. Records of one key in several tables
/// are parts of one.
#[derive(Debug)]
pub struct Tables {
    tables: Vec<Table>,
    /// Beginnings of keys that were asked for, where note is taken of them.
    asked: Option<RefCell<BTreeSet<Vec<u8>>>>,
}

impl From<Vec<Table>> for Tables {
    fn from(tables: Vec<Table>) -> Self {
        Self { tables, asked: None }
    }
}

impl Tables {
    /// Takes note of what is asked from now on, for [`Tables::write_asked`].
    #[must_use]
    pub fn noting(self) -> Self {
        Self { asked: Some(RefCell::default()), ..self }
    }

    /// Visits the records whose keys begin with `prefix`: table by table, each in
    /// the order of its keys.
    ///
    /// # Errors
    /// When a file can't be read or is damaged.
    pub fn scan(&self, prefix: &[u8], visit: &mut dyn FnMut(&[u8], &[u8])) -> io::Result<()> {
        if let Some(asked) = &self.asked {
            asked.borrow_mut().insert(prefix.to_vec());
        }
        self.visit(prefix, visit)
    }

    fn visit(&self, prefix: &[u8], visit: &mut dyn FnMut(&[u8], &[u8])) -> io::Result<()> {
        self.tables.iter().try_for_each(|table| table.scan(prefix, visit))
    }

    /// Writes the records that were asked for as a segment.
    ///
    /// # Errors
    /// When a table can't be read or is damaged, or the file can't be written.
    pub fn write_asked(&self, to: File) -> io::Result<()> {
        let mut writer = SegmentWriter::new(BufWriter::with_capacity(1 << 18, to))?;
        let asked = self.asked.as_ref().map(RefCell::borrow);
        let mut written: Option<&[u8]> = None;
        for prefix in asked.iter().flat_map(|asked| asked.iter()) {
            // Beginnings come in order, so that one that is covered follows the
            // one that covers it.
            if written.is_some_and(|written| prefix.starts_with(written)) {
                continue;
            }
            let mut records: BTreeMap<Vec<u8>, Option<Vec<u8>>> = BTreeMap::new();
            self.visit(prefix, &mut |key, body| {
                records
                    .entry(key.to_vec())
                    .and_modify(|first| *first = first.as_ref().and_then(|first| join(key, first, body)))
                    .or_insert_with(|| Some(body.to_vec()));
            })?;
            for (key, body) in records {
                let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a record is damaged");
                writer.put(&key, &body.ok_or_else(damaged)?)?;
            }
            written = Some(prefix);
        }
        // Whose shipments these records are is not asked again.
        let file = writer.finish(0)?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()
    }
}
