//! One ZIP file with all that speaks for a run.
//!
//! The same files give the same bytes: no time stands in it but those of the
//! record.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::chain::Link;
use super::runs::RunLink;

/// A file of the pack, as its manifest names it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PackedFile {
    pub name: String,
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
    /// What it is, for people.
    pub what: String,
}

/// `manifest.json`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Manifest {
    pub manifest: u32,
    pub run: String,
    pub record_sha256: String,
    /// Line of the chain that names the record, and its hash.
    pub chain_line: u64,
    pub chain_hash: String,
    /// Version of the program that made the pack.
    pub program: String,
    /// Whether names outside findings were replaced.
    pub private: bool,
    pub files: Vec<PackedFile>,
}

impl Manifest {
    /// The manifest of a run, without files yet.
    #[must_use]
    pub fn new(run: &RunLink, link: &Link, private: bool) -> Self {
        Self {
            manifest: 1,
            run: run.run.clone(),
            record_sha256: run.record.clone(),
            chain_line: link.seq,
            chain_hash: link.hash.clone(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            private,
            files: Vec::new(),
        }
    }
}

/// A pack that is being written.
pub struct Pack<W: Write + Seek> {
    zip: ZipWriter<W>,
    manifest: Manifest,
}

impl<W: Write + Seek> std::fmt::Debug for Pack<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pack").field("manifest", &self.manifest).finish_non_exhaustive()
    }
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644)
        .large_file(true)
}

impl<W: Write + Seek> Pack<W> {
    #[must_use]
    pub fn new(out: W, manifest: Manifest) -> Self {
        Self { zip: ZipWriter::new(out), manifest }
    }

    /// Adds a file; `what` is for people.
    ///
    /// # Errors
    /// When it can't be read or the pack can't be written.
    pub fn add(&mut self, name: &str, what: &str, mut content: impl Read) -> io::Result<()> {
        self.zip.start_file(name, options())?;
        let mut hash = Sha256::new();
        let mut bytes = 0;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let read = content.read(&mut buffer)?;
            let piece = buffer.get(..read).unwrap_or_default();
            if piece.is_empty() {
                break;
            }
            hash.update(piece);
            bytes += piece.len() as u64;
            self.zip.write_all(piece)?;
        }
        self.manifest.files.push(PackedFile {
            name: name.to_owned(),
            bytes,
            sha256: super::packed::hex(hash),
            what: what.to_owned(),
        });
        Ok(())
    }

    /// Adds a file from the disk.
    ///
    /// # Errors
    /// When it can't be read or the pack can't be written.
    pub fn add_file(&mut self, name: &str, what: &str, path: &Path) -> io::Result<()> {
        self.add(name, what, File::open(path)?)
    }

    /// Writes the manifest, last, and ends the pack.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn finish(mut self) -> io::Result<W> {
        let mut text = serde_json::to_vec_pretty(&self.manifest)?;
        text.push(b'\n');
        self.zip.start_file("manifest.json", options())?;
        self.zip.write_all(&text)?;
        Ok(self.zip.finish()?)
    }
}
