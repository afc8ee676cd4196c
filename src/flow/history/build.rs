//! Shipments → a segment, or records in memory. What does not fit into memory
//! is laid down in sorted parts, which are joined at the end.
//!
//! Each shipment counts once: one that is in the build already, or in one of
//! the segments it is built beside, is left out.

use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::slice::ParallelSliceMut;
use rustc_hash::{FxHashMap, FxHashSet};
use tempfile::NamedTempFile;

use super::bytes::Bytes;
use super::order::{Day, Order};
use super::record::{Key, Kind, Records, Totals, join, write_row};
use super::row::Row;
use super::segment::{Segment, SegmentWriter, merge};
use super::table::Record;

/// Bytes of records that are held before they are laid down.
const MOST_BYTES: usize = 96 << 20;
/// Sums that are held before they are laid down.
const MOST_SUMS: usize = 400_000;
/// Parts that are kept before they are joined.
const MOST_PARTS: usize = 64;
/// Parties that are remembered as written.
const MOST_WRITTEN: usize = 1 << 20;

/// Takes a record on.
type Put<'p> = &'p mut dyn FnMut(&[u8], &[u8]) -> io::Result<()>;

/// Records that are being gathered.
#[derive(Debug, Default)]
struct Heap {
    bytes: Vec<u8>,
    /// Start and lengths of key and body.
    places: Vec<(usize, u16, u32)>,
    sums: FxHashMap<Vec<u8>, Totals>,
    firsts: FxHashMap<Vec<u8>, (Order, Vec<u8>)>,
    written: FxHashSet<u64>,
}

impl Records for Heap {
    fn put(&mut self, key: &[u8], body: &[u8]) {
        let (Ok(length), Ok(size)) = (u16::try_from(key.len()), u32::try_from(body.len())) else { return };
        self.places.push((self.bytes.len(), length, size));
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(body);
    }

    fn add(&mut self, key: Vec<u8>, totals: &Totals) {
        self.sums.entry(key).or_default().add(totals);
    }

    fn first(&mut self, key: Vec<u8>, order: &Order, rest: &mut dyn FnMut() -> Vec<u8>) {
        match self.firsts.entry(key) {
            Entry::Vacant(place) => {
                place.insert((order.clone(), rest()));
            }
            Entry::Occupied(mut place) => {
                let (first, body) = place.get_mut();
                if order < first {
                    first.clone_from(order);
                    *body = rest();
                } else if order == first {
                    *body = rest().min(std::mem::take(body));
                }
            }
        }
    }

    fn is_new(&mut self, party: u64) -> bool {
        if self.written.len() >= MOST_WRITTEN {
            self.written.clear();
        }
        self.written.insert(party)
    }
}

impl Heap {
    fn is_full(&self) -> bool {
        self.bytes.len() >= MOST_BYTES || self.sums.len() + self.firsts.len() >= MOST_SUMS
    }

    /// Everything in order, each key once; empties the heap.
    fn drain(&mut self, put: Put<'_>) -> io::Result<()> {
        let mut body = Vec::new();
        for (key, totals) in std::mem::take(&mut self.sums) {
            body.clear();
            totals.write(&mut body);
            self.put(&key, &body);
        }
        for (key, (order, rest)) in std::mem::take(&mut self.firsts) {
            let mut body = Key::empty().order(&order).into_bytes();
            body.extend(rest);
            self.put(&key, &body);
        }
        let bytes = std::mem::take(&mut self.bytes);
        let mut places = std::mem::take(&mut self.places);
        let record = |place: &(usize, u16, u32)| -> (&[u8], &[u8]) {
            let (start, length, size) = (place.0, usize::from(place.1), place.2 as usize);
            let record = bytes.get(start..start + length + size).unwrap_or_default();
            record.split_at_checked(length).unwrap_or_default()
        };
        places.par_sort_unstable_by(|a, b| record(a).cmp(&record(b)));
        let mut open: Option<(&[u8], Vec<u8>)> = None;
        for place in &places {
            let (key, body) = record(place);
            match &mut open {
                Some((last, first)) if *last == key => {
                    if let Some(joined) = join(key, first, body) {
                        *first = joined;
                    }
                }
                _ => {
                    if let Some((last, body)) = open.replace((key, body.to_vec())) {
                        put(last, &body)?;
                    }
                }
            }
        }
        if let Some((last, body)) = open {
            put(last, &body)?;
        }
        Ok(())
    }
}

/// Gathers shipments.
#[derive(Debug)]
pub struct Builder {
    heap: Heap,
    /// Hashes of the shipments that count already, by day, of the days met.
    ids: FxHashMap<Day, FxHashSet<u64>>,
    /// What is built beside these counts only once.
    beside: Vec<Arc<Segment>>,
    /// Where parts are laid down; `None`: everything stays in memory.
    folder: Option<PathBuf>,
    parts: Vec<(NamedTempFile, Segment)>,
    body: Vec<u8>,
    pub counts: Counts,
}

/// What became of the shipments.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Taken in.
    pub shipments: u64,
    /// Left out: they count already.
    pub known: u64,
    /// Left out: they have no date.
    pub undated: u64,
    pub first: Option<Day>,
    pub last: Option<Day>,
}

impl Builder {
    /// Builds in memory.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(None, Vec::new())
    }

    /// Builds in files of a folder, beside segments.
    #[must_use]
    pub fn in_folder(folder: &Path, beside: Vec<Arc<Segment>>) -> Self {
        Self::new(Some(folder.to_owned()), beside)
    }

    fn new(folder: Option<PathBuf>, beside: Vec<Arc<Segment>>) -> Self {
        Self {
            heap: Heap::default(),
            ids: FxHashMap::default(),
            beside,
            folder,
            parts: Vec::new(),
            body: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// Takes a shipment in.
    ///
    /// # Errors
    /// When a part can't be written, or a segment can't be read.
    pub fn add(&mut self, row: &Row) -> io::Result<()> {
        let Some(order) = &row.order else {
            self.counts.undated += 1;
            return Ok(());
        };
        if !self.ids.contains_key(&order.day) {
            let known = self.ids_of(order.day)?;
            self.ids.insert(order.day, known);
        }
        if !self.ids.entry(order.day).or_default().insert(row.id) {
            self.counts.known += 1;
            return Ok(());
        }
        self.counts.shipments += 1;
        self.counts.first = Some(self.counts.first.map_or(order.day, |day| day.min(order.day)));
        self.counts.last = Some(self.counts.last.map_or(order.day, |day| day.max(order.day)));
        write_row(row, &mut self.body, &mut self.heap);
        if self.folder.is_some() && self.heap.is_full() { self.lay_down() } else { Ok(()) }
    }

    fn ids_of(&self, day: Day) -> io::Result<FxHashSet<u64>> {
        let mut known = FxHashSet::default();
        let prefix = Key::of(Kind::Id).day(day).into_bytes();
        for segment in &self.beside {
            segment.scan(&prefix, &mut |key, _| {
                known.extend(key.get(prefix.len()..).and_then(|rest| Bytes(rest).hash()));
            })?;
        }
        Ok(known)
    }

    fn lay_down(&mut self) -> io::Result<()> {
        let folder = self.folder.as_deref().unwrap_or(Path::new("."));
        let part = NamedTempFile::with_prefix_in(".part-", folder)?;
        write_heap(&mut self.heap, 0, part.reopen()?)?;
        let segment = Segment::open(part.path())?;
        self.parts.push((part, segment));
        if self.parts.len() < MOST_PARTS {
            return Ok(());
        }
        // Files that can be open at once are few.
        let joined = NamedTempFile::with_prefix_in(".part-", folder)?;
        let parts: Vec<&Segment> = self.parts.iter().map(|(_, segment)| segment).collect();
        merge(&parts, joined.reopen()?)?;
        let segment = Segment::open(joined.path())?;
        self.parts = vec![(joined, segment)];
        Ok(())
    }

    /// Writes everything into a file.
    ///
    /// # Errors
    /// When a part can't be read or the file can't be written.
    pub fn write(mut self, to: File) -> io::Result<(File, Counts)> {
        if self.parts.is_empty() {
            return Ok((write_heap(&mut self.heap, self.counts.shipments, to)?, self.counts));
        }
        self.lay_down()?;
        let mut parts: Vec<&mut Segment> = self.parts.iter_mut().map(|(_, segment)| segment).collect();
        if let Some(first) = parts.first_mut() {
            first.shipments = self.counts.shipments;
        }
        let parts: Vec<&Segment> = self.parts.iter().map(|(_, segment)| segment).collect();
        Ok((merge(&parts, to)?, self.counts))
    }

    /// Everything, in memory.
    #[must_use]
    pub fn finish(mut self) -> Vec<Record> {
        let mut records = Vec::new();
        let written = self.heap.drain(&mut |key, body| {
            records.push((key.into(), body.into()));
            Ok(())
        });
        debug_assert!(written.is_ok(), "nothing can fail in memory");
        records
    }
}

fn write_heap(heap: &mut Heap, shipments: u64, to: File) -> io::Result<File> {
    let mut writer = SegmentWriter::new(BufWriter::with_capacity(1 << 18, to))?;
    heap.drain(&mut |key, body| writer.put(key, body))?;
    writer.finish(shipments)?.into_inner().map_err(io::IntoInnerError::into_error)
}
