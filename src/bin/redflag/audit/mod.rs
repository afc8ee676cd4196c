//! `audit`: what was recorded of the runs, and whether it still stands.

pub mod args;
mod export;
mod keep;
mod replay;
mod show;
mod verify;

use redflag::evidence::Runs;

pub use replay::report;

use crate::args::{AuditArgs, AuditCommand, RunsArgs};
use crate::failure::{Exit, Failure};
use crate::recording;
use crate::setup;

pub fn audit(args: &AuditArgs) -> Result<Exit, Failure> {
    match &args.command {
        AuditCommand::Verify { head, strict, runs } => verify::verify(head.as_deref(), *strict, runs),
        AuditCommand::Export(args) => export::export(args),
        AuditCommand::Hold { run, reason, runs } => keep::hold(run, reason, runs),
        AuditCommand::Release { run, reason, runs } => keep::release(run, reason, runs),
        AuditCommand::Prune { before, incomplete, dry_run, runs } => {
            keep::prune(*before, *incomplete, *dry_run, runs)
        }
        AuditCommand::Replay { run, threads, runs } => replay::replay(run, *threads, runs),
        AuditCommand::Show { run, json, runs } => show::show(run.as_deref(), *json, runs),
    }
}

/// The runs folder that is meant.
fn runs(args: &RunsArgs) -> Result<Runs, Failure> {
    let project = setup::project(&args.setup())?;
    let runs = recording::folder(args.runs.as_ref(), &project).ok_or_else(|| {
        Failure::new("there is no redflag.toml here that names a runs folder; name one with --runs")
    })?;
    if runs.root().is_dir() {
        return Ok(runs);
    }
    Err(Failure::new(format!("{}: there is no such folder; no run was recorded yet", runs.root().display())))
}
