//! `lists verify` and `lists prune`.

use crate::args::SetupArgs;
use crate::failure::{Exit, Failure, say};
use crate::recording;
use crate::setup;
use crate::stores::{self, Stores};

/// Fails when anything does not fit.
pub fn verify(args: &SetupArgs) -> Result<Exit, Failure> {
    let project = setup::project(args)?;
    let stores = Stores::open(args, &project)?;
    let (checked, problems) = stores.store.verify().map_err(stores::failure)?;
    let mut bad = problems.len();
    for problem in &problems {
        say(&format!("{}: {}", problem.path.display(), problem.what));
    }
    for pin in stores::pins(&project)?.unwrap_or_default().lists {
        let fault = match stores.store.edition(&pin.source, &pin.edition) {
            Err(error) => Some(error.to_string()),
            Ok(record) if record.sha256 != pin.sha256 => {
                Some("another SHA-256 than the store has".to_owned())
            }
            Ok(_) => None,
        };
        if let Some(fault) = fault {
            bad += 1;
            say(&format!("lists.lock: {} {}: {fault}", pin.source, pin.edition));
        }
    }
    say(&format!("{}: {checked} editions checked, {bad} problems", stores.store.root().display()));
    if bad > 0 {
        return Err(Failure::new("the store is not as it was written; import or update what is damaged"));
    }
    Ok(Exit::Done)
}

pub fn prune(keep: usize, dry: bool, args: &SetupArgs) -> Result<Exit, Failure> {
    let project = setup::project(args)?;
    let stores = Stores::open(args, &project)?;
    let pins = stores::pins(&project)?.unwrap_or_default();
    let cited = recording::cited_editions(&project)?;
    let pinned = |source: &str, edition: &str| {
        pins.of(source).is_some_and(|pin| pin.edition == edition)
            || cited.contains(&(source.to_owned(), edition.to_owned()))
    };
    let removed = stores.store.prune(keep, &pinned, dry).map_err(stores::failure)?;
    for one in &removed {
        let done = if dry { "would be removed" } else { "removed" };
        say(&format!("{}@{}: {done}, {} bytes", one.source, one.edition, one.bytes));
    }
    let bytes: u64 = removed.iter().map(|one| one.bytes).sum();
    say(&format!("{} editions, {bytes} bytes", removed.len()));
    Ok(Exit::Done)
}
