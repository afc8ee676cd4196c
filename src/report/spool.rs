//! Keeps rendered pieces by verdict until the end of a run, because a reader
//! wants the worst first and the input comes in its own order. Small runs stay
//! in memory, large ones go to an unnamed temporary file.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};

use tempfile::SpooledTempFile;

use crate::rule::Verdict;

/// Bytes held in memory per verdict.
const IN_MEMORY: usize = 4 << 20;

#[derive(Default)]
pub struct Spool {
    groups: BTreeMap<Verdict, Group>,
    limit: Option<u64>,
}

struct Group {
    file: SpooledTempFile,
    kept: u64,
    withheld: u64,
}

impl Spool {
    /// Keeps at most `limit` pieces per verdict.
    pub fn new(limit: Option<u64>) -> Self {
        Self { groups: BTreeMap::new(), limit }
    }

    fn group(&mut self, verdict: Verdict) -> &mut Group {
        self.groups.entry(verdict).or_insert_with(|| Group {
            file: SpooledTempFile::new(IN_MEMORY),
            kept: 0,
            withheld: 0,
        })
    }

    /// Whether the next piece under this verdict will be kept. Counts it as
    /// withheld when not.
    pub fn has_room(&mut self, verdict: Verdict) -> bool {
        let limit = self.limit;
        let group = self.group(verdict);
        let room = limit.is_none_or(|limit| group.kept < limit);
        if !room {
            group.withheld += 1;
        }
        room
    }

    /// # Errors
    /// When the temporary file can't be written.
    pub fn keep(&mut self, verdict: Verdict, piece: &str) -> io::Result<()> {
        let group = self.group(verdict);
        group.kept += 1;
        group.file.write_all(piece.as_bytes())
    }

    pub fn kept(&self, verdict: Verdict) -> u64 {
        self.groups.get(&verdict).map_or(0, |group| group.kept)
    }

    pub fn withheld(&self, verdict: Verdict) -> u64 {
        self.groups.get(&verdict).map_or(0, |group| group.withheld)
    }

    /// Gives the lines of a verdict's pieces in the order they came, at most so
    /// many.
    ///
    /// # Errors
    /// When the temporary file can't be read, or the first error of `take`.
    pub fn copy_lines(
        &mut self,
        verdict: Verdict,
        most: u64,
        mut take: impl FnMut(&str) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(group) = self.groups.get_mut(&verdict) else { return Ok(()) };
        group.file.seek(SeekFrom::Start(0))?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        for line in io::BufReader::new(&mut group.file).lines().take(most) {
            take(&line?)?;
        }
        Ok(())
    }

    /// Writes the pieces of a verdict in the order they came.
    ///
    /// # Errors
    /// When the temporary file can't be read or `out` can't be written.
    pub fn copy(&mut self, verdict: Verdict, out: &mut dyn Write) -> io::Result<()> {
        let Some(group) = self.groups.get_mut(&verdict) else { return Ok(()) };
        group.file.seek(SeekFrom::Start(0))?;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let read = group.file.read(&mut buffer)?;
            if read == 0 {
                return Ok(());
            }
            out.write_all(buffer.get(..read).unwrap_or_default())?;
        }
    }
}
