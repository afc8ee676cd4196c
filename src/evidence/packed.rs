//! Files that are compressed, hashed and sealed while they are written.
//!
//! Plain gzip, so that anybody can read them without this program.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256};

use super::seal::{LARGE, Seal, Sealing};

/// What is known of a packed file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Packed {
    /// Of the content, lower-case hex.
    pub sha256: String,
    /// Of the content.
    pub bytes: u64,
    /// Of the file itself.
    pub stored_sha256: String,
    pub stored_bytes: u64,
}

/// How hard to press: what is written during a run must not hold it up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Press {
    Fast,
    Small,
}

/// Counts and hashes what passes through.
#[derive(Debug)]
pub struct Hashing<W> {
    out: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Hashing<W> {
    pub fn new(out: W) -> Self {
        Self { out, hash: Sha256::new(), bytes: 0 }
    }

    /// SHA-256 and number of the bytes.
    pub fn finish(self) -> (String, u64) {
        (hex(self.hash), self.bytes)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A packed file that is being written. Until it is finished it counts for
/// nothing.
#[derive(Debug)]
pub struct Packing {
    encoder: Hashing<GzEncoder<Hashing<Sealing<File>>>>,
    path: PathBuf,
}

impl Packing {
    /// Opens a new file.
    ///
    /// # Errors
    /// When it is there already or can't be written.
    pub fn create(path: &Path, press: Press) -> io::Result<Self> {
        let file = Hashing::new(Sealing::new(File::create_new(path)?, LARGE));
        let level = match press {
            Press::Fast => Compression::fast(),
            Press::Small => Compression::new(6),
        };
        // No time and no name stand in the file: the same content, the same bytes.
        let encoder = Hashing::new(GzBuilder::new().mtime(0).write(file, level));
        Ok(Self { encoder, path: path.to_owned() })
    }

    /// Bytes of content so far.
    pub fn bytes(&self) -> u64 {
        self.encoder.bytes
    }

    /// Gives the file up, and goes on counting.
    pub fn abandon(self) -> Hashing<io::Sink> {
        let Hashing { hash, bytes, .. } = self.encoder;
        Hashing { out: io::sink(), hash, bytes }
    }

    /// Writes what is left, and the seal beside; both are on the disk then.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn finish(self) -> io::Result<Packed> {
        let Hashing { out: encoder, hash, bytes } = self.encoder;
        let Hashing { out: sealing, hash: stored, bytes: stored_bytes } = encoder.finish()?;
        let (file, seal) = sealing.finish();
        file.sync_all()?;
        crate::store::write::create(&seal_path(&self.path), &seal.to_bytes())?;
        Ok(Packed { sha256: hex(hash), bytes, stored_sha256: hex(stored), stored_bytes })
    }
}

impl Write for Packing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.encoder.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.encoder.flush()
    }
}

/// A hash in lower-case hex.
pub(super) fn hex(hash: Sha256) -> String {
    use std::fmt::Write as _;
    hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Where the seal of a file lies.
#[must_use]
pub fn seal_path(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".seal");
    path.with_file_name(name)
}

/// The content of a packed file.
///
/// # Errors
/// When it can't be opened.
pub fn open(path: &Path) -> io::Result<MultiGzDecoder<BufReader<File>>> {
    Ok(MultiGzDecoder::new(BufReader::with_capacity(1 << 16, File::open(path)?)))
}

/// Reads a packed file to its end and gives what it is.
///
/// # Errors
/// When it can't be read or is not gzip.
pub fn look_through(path: &Path) -> io::Result<Packed> {
    let mut counted = Counting { file: File::open(path)?, hash: Sha256::new(), bytes: 0 };
    let mut content = Hashing::new(io::sink());
    let mut reader = BufReader::with_capacity(1 << 16, &mut counted);
    let unpacked = io::copy(&mut MultiGzDecoder::new(&mut reader), &mut content);
    // What stands behind the content belongs to the file too.
    io::copy(&mut reader, &mut io::sink())?;
    unpacked?;
    Ok(Packed {
        sha256: hex(content.hash),
        bytes: content.bytes,
        stored_sha256: hex(counted.hash),
        stored_bytes: counted.bytes,
    })
}

struct Counting {
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.hash.update(buffer.get(..read).unwrap_or_default());
        self.bytes += read as u64;
        Ok(read)
    }
}

/// The seal beside a file, if it lies there whole.
#[must_use]
pub fn seal_of(path: &Path) -> Option<Seal> {
    Seal::from_bytes(&std::fs::read(seal_path(path)).ok()?)
}
