//! A fast start: the indexed lists of an earlier run, if nothing changed.
//!
//! The compiled file is never a source of truth. Its key is a hash of all that
//! the lists are made from; whatever does not fit, the lists are read anew. What
//! was said of the lists then is kept with them and said again. A cache that
//! can't be read or written is no failure.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use redflag::digest::hex_of_first;
use redflag::matching::Matcher;
use redflag::name::Lexicon;
use sha2::{Digest, Sha256};

use crate::args::SetupArgs;
use crate::failure::{Failure, show};
use crate::setup::{self, Project};
use crate::stores::Stores;

/// Compiled files that are kept.
const KEPT: usize = 4;

/// The lists of a project, indexed.
pub fn matcher(args: &SetupArgs, project: &Project) -> Result<Matcher, Failure> {
    let thresholds = project.config.thresholds;
    let cached = if args.frozen { None } else { place(args, project) };
    if let Some((path, key)) = &cached
        && let Ok(bytes) = fs::read(path)
        && let Some((matcher, said)) = Matcher::from_compiled(bytes, key, Lexicon::shipped(), thresholds)
    {
        show(&said);
        return Ok(matcher);
    }
    let (lists, said) = setup::lists(args, project)?;
    let matcher = Matcher::new(&lists, Lexicon::shipped(), thresholds);
    drop(lists);
    if let Some((path, key)) = cached {
        keep(&path, &matcher.to_compiled(&key, &said));
    }
    Ok(matcher)
}

/// Where the compiled lists of this run lie, and their key.
fn place(args: &SetupArgs, project: &Project) -> Option<(PathBuf, [u8; 32])> {
    let folder = match std::env::var_os("REDFLAG_CACHE") {
        Some(folder) if folder.is_empty() => return None,
        Some(folder) => PathBuf::from(folder),
        None => directories::ProjectDirs::from("", "", "redflag")?.cache_dir().to_owned(),
    };
    let key = key(args, project)?;
    let name = hex_of_first(&key, 16);
    Some((folder.join(format!("{name}.lists")), key))
}

/// A hash of everything that the lists are made from.
fn key(args: &SetupArgs, project: &Project) -> Option<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    };
    // The program holds the bundled lists and the tables of words.
    let program = std::env::current_exe().ok()?;
    let about = program.metadata().ok()?;
    add(env!("CARGO_PKG_VERSION").as_bytes());
    add(&about.len().to_le_bytes());
    add(format!("{:?}", about.modified().ok()?).as_bytes());
    add(program.as_os_str().as_encoded_bytes());
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
    for file in setup::list_files(&setup::list_paths(args, project)).ok()? {
        add(file.name.as_bytes());
        add(&file.bytes);
    }
    Some(hash.finalize().into())
}

/// Writes a compiled file; of many the ones used longest ago go.
fn keep(path: &Path, bytes: &[u8]) {
    let Some(folder) = path.parent() else { return };
    let written = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::with_prefix_in(".part-", folder)?;
        file.write_all(bytes)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    if written().is_err() {
        return;
    }
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut files: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "lists"))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    files.sort();
    let old = files.len().saturating_sub(KEPT);
    for (_, path) in files.into_iter().take(old) {
        // Another run may have removed it already.
        let _ = fs::remove_file(path);
    }
}
