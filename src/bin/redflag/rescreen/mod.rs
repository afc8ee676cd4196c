//! `rescreen`: the parties of recorded runs against what changed in the lists.

mod look_back;
mod report;

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use redflag::evidence::{
    ChangedEntries, Counts, EvidenceError, Found, Known, ListRecord, Looked, Record, RunLink, Runs, old_lists,
};
use redflag::watchlist::Watchlist;

use crate::args::SetupArgs;
use crate::failure::{Exit, Failure, say};
use crate::recording::{self, failure};
use crate::setup::{self, Project};
use crate::stores::Stores;
use report::Report;

#[derive(Args, Debug)]
pub struct RescreenArgs {
    /// A run, or a day: what changed since the lists of that run, or of the last run up to that day; runs
    /// from later are held against their own lists [default: each run against its own lists]
    #[arg(long, value_name = "RUN|YYYY-MM-DD", conflicts_with = "as_of_shipping")]
    pub since: Option<String>,
    /// Only runs from this day on
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<Date>,
    /// Only runs up to this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub to: Option<Date>,
    /// Screen each recorded shipment again as of its shipping date, with the editions of that day in the
    /// store of lists
    #[arg(long)]
    pub as_of_shipping: bool,
    /// Exit code 1 if there is more against a party than was recorded
    #[arg(long)]
    pub fail: bool,
    /// Where to write: PATH, or FORMAT=PATH with text or jsonl; - is standard output; repeatable [default: text=-]
    #[arg(long = "output", short = 'o', value_name = "[FORMAT=]PATH")]
    pub outputs: Vec<String>,
    /// Threads to screen with [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// The folder of the records [default: from redflag.toml, else runs beside it]
    #[arg(long, value_name = "FOLDER")]
    pub runs: Option<PathBuf>,
    #[command(flatten)]
    pub setup: SetupArgs,
}

/// The recorded runs that are asked for.
struct Recorded {
    runs: Runs,
    /// Oldest first.
    all: Vec<(RunLink, Record)>,
    pruned: usize,
}

pub fn rescreen(args: &RescreenArgs) -> Result<Exit, Failure> {
    let project = setup::project(&args.setup)?;
    let recorded = recorded(args, &project)?;
    let pool = setup::pool(args.threads)?;
    if args.as_of_shipping {
        return pool.install(|| look_back::look_back(args, &project, &recorded));
    }
    pool.install(|| changed(args, &project, &recorded))
}

fn recorded(args: &RescreenArgs, project: &Project) -> Result<Recorded, Failure> {
    let runs = recording::folder(args.runs.as_ref(), project)
        .filter(|runs| runs.root().is_dir())
        .ok_or_else(|| Failure::new("no run was recorded yet; name the folder of the records with --runs"))?;
    let links = runs.runs().map_err(|error| failure(&error))?;
    let mut all = Vec::new();
    let mut pruned = 0;
    for link in links {
        let day = jiff::tz::Offset::UTC.to_datetime(link.time).date();
        if args.from.is_some_and(|from| day < from) || args.to.is_some_and(|to| day > to) {
            continue;
        }
        if link.pruned {
            pruned += 1;
            continue;
        }
        let record = runs.record(&link).map_err(|error| failure(&error))?;
        all.push((link, record));
    }
    if all.is_empty() {
        return Err(Failure::new(format!("{}: no such run is recorded", runs.root().display())));
    }
    if pruned > 0 {
        say(&format!("{pruned} runs are not looked at: their records were pruned"));
    }
    Ok(Recorded { runs, all, pruned })
}

/// The run whose lists are the old state, where one is named.
fn since(word: &str, recorded: &Recorded) -> Result<RunLink, Failure> {
    let Ok(day) = word.parse::<Date>() else {
        return recorded.runs.find(word).map_err(|error| failure(&error));
    };
    let links = recorded.runs.runs().map_err(|error| failure(&error))?;
    let until = |link: &&RunLink| !link.pruned && jiff::tz::Offset::UTC.to_datetime(link.time).date() <= day;
    let found = links.iter().rfind(until);
    found.cloned().ok_or_else(|| Failure::new(format!("no run is recorded from {day} or before")))
}

/// Runs that are held against the same old state of the lists.
struct Group<'a> {
    /// The run that recorded this state.
    state: &'a Record,
    runs: Vec<&'a (RunLink, Record)>,
}

/// Hash and description of every list of a state.
fn fingerprint(record: &Record) -> Vec<(&str, &str, &str)> {
    let lists = record.basis.lists.iter();
    lists.map(|list: &ListRecord| (list.id.as_str(), list.sha256.as_str(), list.source.as_str())).collect()
}

fn changed(args: &RescreenArgs, project: &Project, recorded: &Recorded) -> Result<Exit, Failure> {
    let (now, _) = setup::lists(&args.setup, project)?;
    let store = Stores::open(&args.setup, project)?.store;
    let base = match &args.since {
        Some(word) => {
            let link = since(word, recorded)?;
            let record = recorded.runs.record(&link).map_err(|error| failure(&error))?;
            Some((link, record))
        }
        None => None,
    };
    let mut groups: Vec<Group<'_>> = Vec::new();
    for run in &recorded.all {
        let state = match &base {
            Some((link, record)) if run.0.seq <= link.seq => record,
            _ => &run.1,
        };
        match groups.iter_mut().find(|group| fingerprint(group.state) == fingerprint(state)) {
            Some(group) => group.runs.push(run),
            None => groups.push(Group { state, runs: vec![run] }),
        }
    }
    let mut report = Report::open(&args.outputs)?;
    report.head(&now, base.as_ref().map(|(link, _)| link.run.as_str()))?;
    let mut looked = Looked::default();
    for group in &groups {
        let old = match old_lists(&recorded.runs, &store, group.state) {
            Ok(old) => old,
            // Without the old state every entry counts as new; what the runs
            // had recorded themselves is told apart.
            Err(EvidenceError::Refused(why)) => {
                report.without_old(group.runs.len(), &why)?;
                Vec::new()
            }
            Err(error) => return Err(failure(&error)),
        };
        one_group(group, &old, &now, project, recorded, &mut looked, &mut report)?;
    }
    let worse = report.end(&looked, recorded.pruned)?;
    if args.fail && worse {
        say("rescreen: there is more against a party than was recorded");
        return Ok(Exit::Findings);
    }
    Ok(Exit::Done)
}

fn one_group(
    group: &Group<'_>,
    old: &[Watchlist],
    now: &[Watchlist],
    project: &Project,
    recorded: &Recorded,
    looked: &mut Looked,
    report: &mut Report,
) -> Result<(), Failure> {
    let entries = ChangedEntries::new(old, now, project.config.thresholds);
    let first = group.runs.first().map_or("", |(link, _)| link.run.as_str());
    let counts: Vec<(&String, &Counts)> = entries.counts.iter().collect();
    report.state(first, group.runs.len(), &counts)?;
    let mut known = Known::default();
    for (link, record) in &group.runs {
        let mut emit = |found: Found| report.found(&found);
        recorded
            .runs
            .rescreen(link, record, &entries, &mut known, looked, &mut emit)
            .map_err(|error| failure(&error))?;
    }
    Ok(())
}
