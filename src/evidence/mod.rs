//! Run records that stand up in an audit: what a run was made with and what
//! came out, in an append-only chain of hashes.
//!
//! Knows files, hashes and the results of a run. No clock: the time is the
//! caller's. `docs/evidence.md` describes the folder for people.

mod chain;
mod means;
mod pack;
mod packed;
mod past;
mod private;
mod prune;
mod record;
mod recorder;
mod replay;
mod rescreen;
mod rescreen_runs;
mod results;
mod runs;
mod seal;
mod verify;

pub use chain::{Event, Link, Removed};
pub use means::{Means, StoredRows, old_lists};
pub use pack::{Manifest, Pack, PackedFile};
pub use packed::open as open_packed;
pub use private::Key;
pub use prune::{Pruning, oldest_kept};
pub use record::{
    Basis, FileRef, InputRecord, ListFiles, ListRecord, ProfileRecord, Program, Record, ResultsRecord,
    RulePack, SummaryRecord, ThresholdsRecord,
};
pub use recorder::{GivenFile, InputTap, Keeping, Recorded, Recorder};
pub use replay::{Difference, Replayed};
pub use rescreen::{ChangedEntries, Counts, HitChange};
pub use rescreen_runs::{Found, Known, Looked};
pub use results::{OutcomeLine, ResultWriter};
pub use runs::{EvidenceError, RunLink, Runs};
pub use verify::{Fault, Note, Verified};

/// SHA-256 over every table that is embedded in the program: rules, lists,
/// names, goods, licences; lower-case hex.
#[must_use]
pub fn tables_sha256() -> String {
    let mut hash = <sha2::Sha256 as sha2::Digest>::new();
    for (name, bytes) in crate::shipped::files() {
        for part in [name.as_bytes(), bytes] {
            sha2::Digest::update(&mut hash, (part.len() as u64).to_le_bytes());
            sha2::Digest::update(&mut hash, part);
        }
    }
    packed::hex(hash)
}
