//! `audit hold`, `audit release` and `audit prune`: how long records are kept.

use jiff::civil::Date;
use redflag::report::visible;

use crate::args::RunsArgs;
use crate::failure::{Exit, Failure, say};
use crate::recording::failure;
use crate::setup;

pub fn hold(word: &str, reason: &str, args: &RunsArgs) -> Result<Exit, Failure> {
    let runs = super::runs(args)?;
    let run = runs.find(word).map_err(|error| failure(&error))?;
    runs.hold(&run, reason, setup::now()).map_err(|error| failure(&error))?;
    say(&format!("{} is held: no prune removes it", run.run));
    Ok(Exit::Done)
}

pub fn release(word: &str, reason: &str, args: &RunsArgs) -> Result<Exit, Failure> {
    let runs = super::runs(args)?;
    let run = runs.find(word).map_err(|error| failure(&error))?;
    runs.release(&run, reason, setup::now()).map_err(|error| failure(&error))?;
    say(&format!("{} is no longer held", run.run));
    Ok(Exit::Done)
}

pub fn prune(before: Option<Date>, incomplete: bool, dry: bool, args: &RunsArgs) -> Result<Exit, Failure> {
    let runs = super::runs(args)?;
    let years = setup::project(&args.setup())?.config.evidence.retention_years;
    let done = runs.prune(before, years, incomplete, dry, setup::now()).map_err(|error| failure(&error))?;
    let verb = if dry { "would be removed" } else { "removed" };
    for run in &done.removed {
        say(&format!("{}: {verb}", run.run));
    }
    for name in &done.incomplete {
        say(&format!("{}: no whole run, {verb}", visible(name)));
    }
    for run in &done.held {
        let why = run.held.as_deref().unwrap_or_default();
        say(&format!("{}: old enough, but held: {}", run.run, visible(why)));
    }
    if let Some(why) = &done.objects_kept {
        say(&format!("files that no run names were left alone: {why}"));
    }
    say(&format!(
        "{} runs and {} files {verb}, {} bytes; {} held, {} younger than {years} years",
        done.removed.len(),
        done.objects,
        done.bytes,
        done.held.len(),
        done.younger
    ));
    Ok(Exit::Done)
}
