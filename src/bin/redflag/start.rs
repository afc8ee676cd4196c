//! A fast start: the indexed lists of an earlier run, and which owners' names
//! are alike, if nothing changed.
//!
//! The compiled file is never a source of truth. Its key is a hash of all that
//! the lists are made from; whatever does not fit, the lists are read anew. What
//! was said of the lists then is kept with them and said again. A cache that
//! can't be read or written is no failure.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;

use rayon::prelude::*;
use redflag::digest::{hex_of_first, of_parts};
use redflag::matching::Matcher;
use redflag::name::Lexicon;
use redflag::ownership;
use redflag::place::CountryNames;
use sha2::{Digest, Sha256};

use crate::args::SetupArgs;
use crate::failure::{Failure, show};
use crate::setup::{self, Project};
use crate::stores::Stores;

/// Files of each kind that are kept.
const KEPT: usize = 4;

/// The lists of a project, indexed.
pub fn matcher(args: &SetupArgs, project: &Project) -> Result<Matcher, Failure> {
    let thresholds = project.config.thresholds;
    let cached = if args.frozen { None } else { place(args, project) };
    if let Some((path, key)) = &cached
        && path.is_file()
    {
        // Where no thread can be had, who asks first reads the tables.
        let _ = thread::Builder::new().spawn(read_tables);
        if let Ok(bytes) = fs::read(path)
            && let Some((matcher, said)) = Matcher::from_compiled(bytes, key, Lexicon::shipped(), thresholds)
        {
            show(&said);
            return Ok(matcher);
        }
    }
    let (lists, said) = setup::lists(args, project)?;
    let matcher = Matcher::new(&lists, Lexicon::shipped(), thresholds);
    drop(lists);
    // What changed while it was read is not kept under what it was before.
    if let Some((path, key)) = cached.filter(|cached| place(args, project).as_ref() == Some(cached)) {
        keep(&path, |out| matcher.to_compiled(&key, &said, out));
    }
    Ok(matcher)
}

/// Reads the tables that a screening asks for, in the order in which it does.
fn read_tables() {
    Lexicon::shipped();
    redflag::advice::read_tables();
    CountryNames::shipped();
}

/// Where the compiled lists of this run lie, and their key.
fn place(args: &SetupArgs, project: &Project) -> Option<(PathBuf, [u8; 32])> {
    let folder = folder()?;
    let key = key(args, project)?;
    let name = hex_of_first(&key, 16);
    Some((folder.join(format!("{name}.lists")), key))
}

/// The cache folder, if there is to be one.
fn folder() -> Option<PathBuf> {
    match std::env::var_os("REDFLAG_CACHE") {
        Some(folder) if folder.is_empty() => None,
        Some(folder) => Some(PathBuf::from(folder)),
        None => Some(directories::ProjectDirs::from("", "", "redflag")?.cache_dir().to_owned()),
    }
}

/// What tells this program from another, which may match names in another way
/// or bring other lists.
fn program() -> Option<[u8; 32]> {
    let program = std::env::current_exe().ok()?;
    let about = program.metadata().ok()?;
    let built = format!("{} {:?} {}", about.len(), about.modified().ok()?, program.display());
    Some(of_parts([env!("CARGO_PKG_VERSION"), &built]))
}

/// Which names of owners are alike, kept in the cache folder.
pub struct Memory(Option<(PathBuf, [u8; 32])>);

impl Memory {
    /// Nothing is remembered with `--frozen`.
    pub fn of(args: &SetupArgs) -> Self {
        Self(folder().filter(|_| !args.frozen).zip(program()))
    }

    /// Where a key's bytes lie, and what seals them.
    fn place(&self, key: &[u8; 32]) -> Option<(PathBuf, Sha256)> {
        let (folder, program) = self.0.as_ref()?;
        let seal = Sha256::new().chain_update(program).chain_update(key);
        let name = hex_of_first(&seal.clone().finalize().into(), 16);
        Some((folder.join(format!("{name}.owners")), seal))
    }
}

impl ownership::Memory for Memory {
    fn recall(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        let (path, seal) = self.place(key)?;
        let mut bytes = fs::read(path).ok()?;
        let (sealed, content) = bytes.split_first_chunk::<32>()?;
        let whole = *sealed == <[u8; 32]>::from(seal.chain_update(content).finalize());
        whole.then(|| bytes.split_off(32))
    }

    fn keep(&self, key: &[u8; 32], bytes: &[u8]) {
        if let Some((path, seal)) = self.place(key) {
            let sealed: [u8; 32] = seal.chain_update(bytes).finalize().into();
            keep(&path, |out| out.write_all(&[&sealed, bytes].concat()));
        }
    }
}

/// A hash of everything that the lists are made from.
fn key(args: &SetupArgs, project: &Project) -> Option<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    };
    // The program holds the bundled lists and the tables of words.
    add(&program()?);
    if !args.only_lists {
        add(&[u8::from(project.config.shipped_lists)]);
        let stores = Stores::open(args, project).ok()?;
        for used in stores.used(args, project).ok()? {
            add(used.record.source.as_bytes());
            add(used.record.edition.as_bytes());
            add(used.record.sha256.as_bytes());
            add(format!("{:?} {:?}", used.record.accepted, stores.source(&used.record.source)).as_bytes());
            let state = stores.store.state(&used.record.source).ok()?;
            add(format!("{:?} {:?}", crate::stores::confirmed(&used, &state), state.stale()).as_bytes());
            // Files that were tampered with are read anew, and then found.
            for file in stores.store.on_disk(&used.record) {
                add(format!("{} {:?}", file.len(), file.modified().ok()).as_bytes());
            }
        }
    }
    let files = setup::with_companions(&setup::list_paths(args, project));
    let hashes: Vec<[u8; 32]> = files.par_iter().map(|file| hash_of_file(file)).collect::<Option<_>>()?;
    for (file, hash) in files.iter().zip(&hashes) {
        add(file.as_os_str().as_encoded_bytes());
        add(hash);
    }
    Some(hash.finalize().into())
}

/// A hash of a file, of which little is held at a time; none of what can be read
/// only once.
fn hash_of_file(path: &Path) -> Option<[u8; 32]> {
    let file = fs::File::open(path).ok()?;
    if !file.metadata().ok()?.is_file() {
        return None;
    }
    let mut reader = BufReader::with_capacity(1 << 16, file.take(setup::MOST_LIST_BYTES + 1));
    let mut hash = Sha256::new();
    loop {
        let bytes = reader.fill_buf().ok()?;
        if bytes.is_empty() {
            return Some(hash.finalize().into());
        }
        hash.update(bytes);
        let length = bytes.len();
        reader.consume(length);
    }
}

/// Writes a file of the cache; of many of its kind the ones written first go.
fn keep(path: &Path, write: impl FnOnce(&mut fs::File) -> std::io::Result<()>) {
    let Some(folder) = path.parent() else { return };
    let written = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::with_prefix_in(".part-", folder)?;
        write(file.as_file_mut())?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    if written().is_err() {
        return;
    }
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut files: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension() == path.extension())
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    files.sort();
    let old = files.len().saturating_sub(KEPT);
    for (_, path) in files.into_iter().take(old) {
        // Another run may have removed it already.
        let _ = fs::remove_file(path);
    }
}
