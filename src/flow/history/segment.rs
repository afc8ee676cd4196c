//! Records in the order of their keys, in a file that never changes.
//!
//! `redflag history 1` LF; blocks of records, each key without what it shares
//! with the one before; the index: place, length, checksum and first key of
//! every block; at the end place, length and checksum of the index, the number
//! of records and that of shipments. A block is read only when one of its keys
//! is asked for, and refused when its checksum is wrong.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::bytes::{Bytes, put_number};
use super::identity::hash_parts;
use super::record::join;

const MAGIC: &[u8] = b"redflag history 1\n";
/// Bytes after which a block is closed.
const BLOCK: usize = 16 << 10;
/// Bytes of the end: five numbers.
const TRAILER: usize = 40;

fn broken(path: &Path, what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{}: {what}", path.display()))
}

struct Block {
    offset: u64,
    length: usize,
    checksum: u64,
    first: Box<[u8]>,
}

/// Writes records in ascending order of their keys.
pub struct SegmentWriter<W: Write> {
    out: W,
    offset: u64,
    index: Vec<u8>,
    blocks: u64,
    block: Vec<u8>,
    first: Vec<u8>,
    last: Vec<u8>,
    records: u64,
}

impl<W: Write> SegmentWriter<W> {
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(MAGIC)?;
        Ok(Self {
            out,
            offset: MAGIC.len() as u64,
            index: Vec::new(),
            blocks: 0,
            block: Vec::new(),
            first: Vec::new(),
            last: Vec::new(),
            records: 0,
        })
    }

    pub fn put(&mut self, key: &[u8], body: &[u8]) -> io::Result<()> {
        if self.block.is_empty() {
            self.first = key.to_vec();
            self.last.clear();
        }
        let shared = self.last.iter().zip(key).take_while(|(a, b)| a == b).count();
        let rest = key.get(shared..).unwrap_or_default();
        put_number(&mut self.block, shared as u128);
        put_number(&mut self.block, rest.len() as u128);
        self.block.extend_from_slice(rest);
        put_number(&mut self.block, body.len() as u128);
        self.block.extend_from_slice(body);
        self.last.truncate(shared);
        self.last.extend_from_slice(rest);
        self.records += 1;
        if self.block.len() >= BLOCK { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> io::Result<()> {
        if self.block.is_empty() {
            return Ok(());
        }
        self.out.write_all(&self.block)?;
        put_number(&mut self.index, u128::from(self.offset));
        put_number(&mut self.index, self.block.len() as u128);
        self.index.extend(hash_parts([self.block.as_slice()]).to_le_bytes());
        put_number(&mut self.index, self.first.len() as u128);
        self.index.extend_from_slice(&self.first);
        self.blocks += 1;
        self.offset += self.block.len() as u64;
        self.block.clear();
        Ok(())
    }

    /// Writes index and end, and gives the writer back.
    pub fn finish(mut self, shipments: u64) -> io::Result<W> {
        self.close()?;
        self.out.write_all(&self.index)?;
        let length = self.index.len() as u64;
        for number in [self.offset, length, hash_parts([self.index.as_slice()]), self.records, shipments] {
            self.out.write_all(&number.to_le_bytes())?;
        }
        self.out.flush()?;
        Ok(self.out)
    }
}

/// A file of records, open for reading.
#[derive(Debug)]
pub struct Segment {
    path: PathBuf,
    /// The file, the block that was read last, and how far.
    state: Mutex<State>,
    blocks: Vec<Block>,
    pub records: u64,
    pub shipments: u64,
}

#[derive(Debug)]
struct State {
    file: File,
    number: Option<usize>,
    block: Vec<u8>,
    reached: Reached,
}

/// A record of a block that others were looked for behind: beginnings are asked
/// for in order, so that the next one is not far.
#[derive(Clone, Debug, Default)]
struct Reached {
    /// Every record that begins with this, or with what comes after it, is here
    /// or behind.
    prefix: Vec<u8>,
    /// Where the record stands, and the key before it.
    at: usize,
    before: Vec<u8>,
}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes at {}", self.length, self.offset)
    }
}

impl Segment {
    /// Opens a file: reads its index.
    ///
    /// # Errors
    /// When it can't be read, or is no such file, or its end is damaged.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut head = vec![0; MAGIC.len()];
        let small = length < (MAGIC.len() + TRAILER) as u64;
        if small || file.read_exact(&mut head).is_err() || head != MAGIC {
            return Err(broken(path, "is no segment of a history, or of another version"));
        }
        file.seek(SeekFrom::Start(length - TRAILER as u64))?;
        let mut trailer = [0; TRAILER];
        file.read_exact(&mut trailer)?;
        let mut numbers = Bytes(&trailer);
        let mut number = || numbers.array().map_or(0, u64::from_le_bytes);
        let (offset, size, checksum, records, shipments) = (number(), number(), number(), number(), number());
        let fits = offset.checked_add(size).and_then(|end| end.checked_add(TRAILER as u64)) == Some(length);
        let size = usize::try_from(size)
            .ok()
            .filter(|_| fits)
            .ok_or_else(|| broken(path, "is cut off or damaged"))?;
        let mut index = vec![0; size];
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(&mut index)?;
        if hash_parts([index.as_slice()]) != checksum {
            return Err(broken(path, "its index is damaged"));
        }
        let blocks = read_index(&index).ok_or_else(|| broken(path, "its index is damaged"))?;
        let state = State { file, number: None, block: Vec::new(), reached: Reached::default() };
        let state = Mutex::new(state);
        Ok(Self { path: path.to_owned(), state, blocks, records, shipments })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Visits the records whose keys begin with `prefix`, in order.
    ///
    /// # Errors
    /// When the file can't be read or is damaged.
    pub fn scan(&self, prefix: &[u8], visit: &mut dyn FnMut(&[u8], &[u8])) -> io::Result<()> {
        let after = self.blocks.partition_point(|block| *block.first <= *prefix);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for number in after.saturating_sub(1)..self.blocks.len() {
            let Some(about) = self.blocks.get(number) else { break };
            if number >= after && !about.first.starts_with(prefix) {
                break;
            }
            if state.number != Some(number) {
                state.number = None;
                let mut block = std::mem::take(&mut state.block);
                self.read_block(&mut state.file, about, &mut block)?;
                state.block = block;
                state.number = Some(number);
                state.reached = Reached::default();
            }
            let State { block, reached, .. } = &mut *state;
            if prefix < reached.prefix.as_slice() {
                *reached = Reached::default();
            }
            let mut entries = Entries::from(block, reached);
            let mut found = false;
            loop {
                let at = block.len() - entries.bytes.0.len();
                if !found {
                    reached.before.clone_from(&entries.key);
                }
                let Some(body) = entries.next_entry() else { break };
                let key = entries.key.as_slice();
                if !found && key >= prefix {
                    found = true;
                    reached.at = at;
                    reached.prefix.clear();
                    reached.prefix.extend_from_slice(prefix);
                }
                if key.starts_with(prefix) {
                    visit(key, body);
                } else if key > prefix {
                    return Ok(());
                }
            }
            if !found {
                *reached = Reached::default();
            }
            if !entries.bytes.0.is_empty() {
                return Err(broken(&self.path, "a block is damaged"));
            }
        }
        Ok(())
    }

    fn read_block(&self, file: &mut File, about: &Block, block: &mut Vec<u8>) -> io::Result<()> {
        file.seek(SeekFrom::Start(about.offset))?;
        block.resize(about.length, 0);
        file.read_exact(block)?;
        if hash_parts([block.as_slice()]) == about.checksum {
            return Ok(());
        }
        Err(broken(&self.path, &format!("the block at byte {} is damaged", about.offset)))
    }

    /// All records in order, for joining segments.
    ///
    /// # Errors
    /// When the file can't be opened again.
    pub fn stream(&self) -> io::Result<Stream<'_>> {
        Ok(Stream {
            segment: self,
            file: File::open(&self.path)?,
            number: 0,
            block: Vec::new(),
            at: 0,
            key: Vec::new(),
        })
    }
}

fn read_index(index: &[u8]) -> Option<Vec<Block>> {
    let mut bytes = Bytes(index);
    let mut blocks = Vec::new();
    while !bytes.0.is_empty() {
        let (offset, length) = (bytes.u64()?, bytes.number()?);
        let checksum = u64::from_le_bytes(bytes.array()?);
        let size = bytes.length()?;
        let first = bytes.take(size)?.into();
        let length = usize::try_from(length).ok().filter(|length| *length < 1 << 30)?;
        blocks.push(Block { offset, length, checksum, first });
    }
    Some(blocks)
}

/// The records of one block.
struct Entries<'b> {
    bytes: Bytes<'b>,
    key: Vec<u8>,
}

impl<'b> Entries<'b> {
    fn from(block: &'b [u8], reached: &Reached) -> Self {
        Self { bytes: Bytes(block.get(reached.at..).unwrap_or_default()), key: reached.before.clone() }
    }

    /// Moves to the next record; its body.
    fn next_entry(&mut self) -> Option<&'b [u8]> {
        next_record(&mut self.bytes, &mut self.key)
    }
}

fn next_record<'b>(bytes: &mut Bytes<'b>, key: &mut Vec<u8>) -> Option<&'b [u8]> {
    let mut ahead = *bytes;
    let shared = usize::try_from(ahead.number()?).ok().filter(|shared| *shared <= key.len())?;
    let length = ahead.length()?;
    let rest = ahead.take(length)?;
    let length = ahead.length()?;
    let body = ahead.take(length)?;
    key.truncate(shared);
    key.extend_from_slice(rest);
    *bytes = ahead;
    Some(body)
}

/// Reads a segment from end to end.
#[derive(Debug)]
pub struct Stream<'s> {
    segment: &'s Segment,
    file: File,
    number: usize,
    block: Vec<u8>,
    at: usize,
    key: Vec<u8>,
}

impl Stream<'_> {
    /// Moves on; the body, or `None` at the end. The key stands in `key`.
    fn advance(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.at >= self.block.len() {
            let Some(about) = self.segment.blocks.get(self.number) else { return Ok(None) };
            self.segment.read_block(&mut self.file, about, &mut self.block)?;
            self.number += 1;
            self.at = 0;
            self.key.clear();
        }
        let mut bytes = Bytes(self.block.get(self.at..).unwrap_or_default());
        let Some(body) = next_record(&mut bytes, &mut self.key) else {
            return Err(broken(&self.segment.path, "a block is damaged"));
        };
        let body = body.to_vec();
        self.at = self.block.len() - bytes.0.len();
        Ok(Some(body))
    }
}

/// Joins segments into one.
///
/// # Errors
/// When one of them can't be read or is damaged, or the file can't be written.
pub fn merge(segments: &[&Segment], to: File) -> io::Result<File> {
    let mut writer = SegmentWriter::new(BufWriter::with_capacity(1 << 18, to))?;
    let mut streams = segments.iter().map(|segment| segment.stream()).collect::<io::Result<Vec<_>>>()?;
    let mut heap = BinaryHeap::new();
    for (number, stream) in streams.iter_mut().enumerate() {
        if let Some(body) = stream.advance()? {
            heap.push(Reverse((stream.key.clone(), number, body)));
        }
    }
    let mut open: Option<(Vec<u8>, Vec<u8>)> = None;
    while let Some(Reverse((key, number, body))) = heap.pop() {
        if let Some(stream) = streams.get_mut(number)
            && let Some(next) = stream.advance()?
        {
            heap.push(Reverse((stream.key.clone(), number, next)));
        }
        match &mut open {
            Some((last, first)) if *last == key => {
                *first = join(&key, first, &body)
                    .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a record is damaged"))?;
            }
            _ => {
                if let Some((last, body)) = open.replace((key, body)) {
                    writer.put(&last, &body)?;
                }
            }
        }
    }
    if let Some((last, body)) = open {
        writer.put(&last, &body)?;
    }
    let shipments = segments.iter().map(|segment| segment.shipments).sum();
    writer.finish(shipments)?.into_inner().map_err(io::IntoInnerError::into_error)
}
