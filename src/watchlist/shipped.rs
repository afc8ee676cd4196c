//! The lists that come with the program, embedded from `rules/lists/`.

use rayon::prelude::*;

use crate::diagnostic::Diagnostics;

use super::{ListFile, Watchlist, read};

/// The embedded list files by name, such as `rules/lists/us-sdn.toml`, in the
/// order of their names.
#[must_use]
pub fn shipped_files() -> Vec<(String, &'static [u8])> {
    crate::shipped::files().into_iter().filter(|(name, _)| name.starts_with("rules/lists/")).collect()
}

/// Reads the lists that come with the program, in the order of their names.
#[must_use]
pub fn shipped() -> (Vec<Watchlist>, Diagnostics) {
    let read_one =
        |(name, bytes): (String, &[u8])| read(vec![ListFile { name, bytes: bytes.to_vec() }], &|_| None);
    // The largest file decides the time, so each file is a task of its own.
    let results: Vec<_> = shipped_files().into_par_iter().with_max_len(1).map(read_one).collect();
    let mut out = Diagnostics::default();
    let mut lists = Vec::new();
    for (found, mistakes) in results {
        lists.extend(found);
        out.extend(mistakes);
    }
    (lists, out)
}
