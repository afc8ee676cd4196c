//! Whether and where a run is recorded, and what it was made with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use redflag::diagnostic::SourceFile;
use redflag::evidence::{
    Basis, EvidenceError, FileRef, GivenFile, Keeping, ListFiles, ListRecord, ProfileRecord, Program,
    Recorder, RulePack, Runs, ThresholdsRecord, tables_sha256,
};
use redflag::flow::history;
use redflag::screening::{RunHeader, Summary};
use redflag::store::Record;
use redflag::watchlist;

use crate::args::{RunArgs, SetupArgs};
use crate::failure::{Failure, say};
use crate::history::LookingBack;
use crate::norms;
use crate::owners;
use crate::screen::Gate;
use crate::setup::{self, Project};
use crate::stores::Stores;

pub fn failure(error: &EvidenceError) -> Failure {
    let full = matches!(error, EvidenceError::Io(_, error)
        if matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::FileTooLarge));
    let hint = if full { "; without room there is no record, and without a record no report" } else { "" };
    Failure::new(format!("{error}{hint}"))
}

/// The runs folder: the named one, else that of the project, if there is one.
pub fn folder(named: Option<&PathBuf>, project: &Project) -> Option<Runs> {
    let configured = || project.file.as_ref().map(|_| project.folder.join(&project.config.evidence.runs));
    named.cloned().or_else(configured).map(Runs::new)
}

/// The editions of the store that recorded runs were made with: without them
/// these can't be made again.
pub fn cited_editions(project: &Project) -> Result<BTreeSet<(String, String)>, Failure> {
    let mut cited = BTreeSet::new();
    let Some(runs) = folder(None, project) else { return Ok(cited) };
    for run in runs.runs().map_err(|error| failure(&error))?.iter().filter(|run| !run.pruned) {
        let record = runs.record(run).map_err(|error| {
            Failure::new(format!("which editions the recorded runs need can't be told: {error}"))
        })?;
        for group in record.basis.list_files {
            if let ListFiles::Store { source, edition, .. } = group {
                cited.insert((source, edition));
            }
        }
    }
    Ok(cited)
}

/// Whether what a run sees of past shipments goes into its record.
pub fn keeps_history(args: &RunArgs, project: &Project) -> bool {
    let evidence = &project.config.evidence;
    let recorded = !args.no_record && folder(args.runs.as_ref(), project).is_some();
    recorded && evidence.store_inputs && evidence.store_history
}

/// Starts to record, where the project or the arguments say so.
pub fn start(args: &RunArgs, project: &Project, started: Timestamp) -> Result<Option<Recorder>, Failure> {
    if args.no_record {
        say("this run is not recorded (--no-record): nothing will show what was found");
        return Ok(None);
    }
    let Some(runs) = folder(args.runs.as_ref(), project) else { return Ok(None) };
    let evidence = &project.config.evidence;
    let keeping = Keeping { inputs: evidence.store_inputs, most_input_bytes: evidence.most_input_bytes };
    Recorder::start(&runs, keeping, started).map(Some).map_err(|error| failure(&error))
}

/// What a run was made with.
pub struct Made<'a> {
    pub args: &'a RunArgs,
    pub gate: &'a Gate<'a>,
    pub project: &'a Project,
    pub header: &'a RunHeader,
    pub rule_files: &'a [SourceFile],
    /// What it looked back on.
    pub back: Option<&'a LookingBack>,
}

/// Puts the run into the chain.
pub fn finish(
    mut recorder: Recorder,
    made: &Made<'_>,
    summary: &Summary,
    rows: &[u64],
    truncated: bool,
) -> Result<(), Failure> {
    let basis = basis(&mut recorder, made)?;
    let run =
        recorder.finish(basis, summary, rows, truncated, setup::now()).map_err(|error| failure(&error))?;
    say(&format!("recorded: {} (line {} of the chain, {})", run.folder.display(), run.seq, run.hash));
    Ok(())
}

fn basis(recorder: &mut Recorder, made: &Made<'_>) -> Result<Basis, Failure> {
    let Made { args, project, header, .. } = made;
    let asked = made.back.and_then(|back| back.asked.as_ref());
    let asked = asked.map(|file| recorder.keep_large("asked-of-history.segment", file.path()));
    let asked_of_history = asked.transpose().map_err(|error| failure(&error))?.flatten();
    let mut keep = |name: &str, bytes: &[u8]| -> Result<FileRef, Failure> {
        recorder.keep(&GivenFile { name, bytes }).map_err(|error| failure(&error))
    };
    let config = match (&project.file, &project.text) {
        (Some(path), Some(text)) => Some(keep(&path.display().to_string(), text.as_bytes())?),
        _ => None,
    };
    let decisions = match &header.decisions {
        Some(file) => Some(unchanged(keep_file(Path::new(&file.name), &mut keep)?, &file.sha256)?),
        None => None,
    };
    let baseline = match &header.baseline {
        Some(file) => Some(unchanged(keep_file(Path::new(&file.name), &mut keep)?, &file.sha256)?),
        None => None,
    };
    let mut ownership = Vec::new();
    for path in owners::paths(project, &args.ownership) {
        ownership.push(keep_file(&path, &mut keep)?);
    }
    let norms = norms::path(project, args.norms.as_deref());
    let norms = norms.map(|path| keep_file(&path, &mut keep)).transpose()?;
    let mut files = Vec::new();
    for file in made.rule_files {
        files.push(keep(&file.name, file.text.as_bytes())?);
    }
    let rules = RulePack {
        version: header.rule_pack_version.clone(),
        sha256: header.rule_pack_sha256.clone(),
        files,
    };
    Ok(Basis {
        program: Program { version: header.program_version.clone(), tables_sha256: tables_sha256() },
        command: made.gate.command.to_owned(),
        parameters: parameters(made),
        as_of: header.as_of,
        config,
        decisions,
        decisions_count: header.decisions.as_ref().map_or(0, |file| file.count),
        decisions_signed_by: header.decisions.as_ref().map(|file| file.signed_by.clone()).unwrap_or_default(),
        baseline,
        baseline_count: header.baseline.as_ref().map_or(0, |file| file.count),
        ownership,
        norms,
        history: header.history.clone(),
        history_reading: asked_of_history.as_ref().map(|_| history::reading()).unwrap_or_default(),
        asked_of_history,
        rules,
        list_files: list_files(&args.setup, project, &mut keep)?,
        lists: header.lists.iter().map(|list| ListRecord::of(list)).collect(),
        profile: ProfileRecord {
            company: header.company.clone(),
            bound_by: header.bound_by.clone(),
            stated: project.config.profile.stated,
        },
        thresholds: ThresholdsRecord { possible: header.possible, strong: header.strong },
        not_screened: header.not_screened.clone(),
    })
}

type Keep<'a> = dyn FnMut(&str, &[u8]) -> Result<FileRef, Failure> + 'a;

fn keep_file(path: &Path, keep: &mut Keep<'_>) -> Result<FileRef, Failure> {
    keep(&path.display().to_string(), setup::read_text(path)?.as_bytes())
}

/// A file that was read before the run and is kept after it.
fn unchanged(file: FileRef, sha256: &str) -> Result<FileRef, Failure> {
    if file.sha256 == sha256 {
        return Ok(file);
    }
    Err(Failure::new(format!("{} was changed while the run was made; start it again", file.name)))
}

/// Every file that the lists were read from, in the order of precedence.
fn list_files(args: &SetupArgs, project: &Project, keep: &mut Keep<'_>) -> Result<Vec<ListFiles>, Failure> {
    let mut groups = Vec::new();
    if !args.only_lists {
        if project.config.shipped_lists {
            let mut files = Vec::new();
            for (name, bytes) in watchlist::shipped_files() {
                files.push(keep(&name, bytes)?);
            }
            groups.push(ListFiles::Objects { shipped: true, files });
        }
        let stores = Stores::open(args, project)?;
        for used in stores.used(args, project)? {
            groups.push(edition(&used.record));
        }
    }
    let mut files = Vec::new();
    for file in setup::list_files(&setup::list_paths(args, project))? {
        files.push(keep(&file.name, &file.bytes)?);
    }
    if !files.is_empty() {
        groups.push(ListFiles::Objects { shipped: false, files });
    }
    Ok(groups)
}

fn edition(record: &Record) -> ListFiles {
    let file = |file: &redflag::store::FileRecord| FileRef {
        name: file.name.clone(),
        bytes: file.bytes,
        sha256: file.sha256.clone(),
    };
    ListFiles::Store {
        source: record.source.clone(),
        edition: record.edition.clone(),
        sha256: record.sha256.clone(),
        files: record.files.iter().map(file).collect(),
    }
}

/// The arguments as they were meant.
fn parameters(made: &Made<'_>) -> BTreeMap<String, String> {
    let Made { args, gate, project, header, .. } = made;
    let setup = &args.setup;
    let mut parameters = BTreeMap::new();
    let mut set = |key: &str, value: String| {
        if !value.is_empty() {
            parameters.insert(key.to_owned(), value);
        }
    };
    let paths = |paths: &[PathBuf]| {
        paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
    };
    set("inputs", header.inputs.join(", "));
    set("as-of", header.as_of.to_string());
    set("bound-by", header.bound_by.join(","));
    set("list", paths(&setup.lists));
    set("rules", paths(&setup.rules));
    set("ownership", paths(&args.ownership));
    set("sheet", args.sheet.clone().unwrap_or_default());
    set("norms", args.norms.as_ref().map(|path| path.display().to_string()).unwrap_or_default());
    set("decisions", args.decisions.as_ref().map(|path| path.display().to_string()).unwrap_or_default());
    set("baseline", gate.baseline.map(|path| path.display().to_string()).unwrap_or_default());
    for (key, on) in [("only-lists", setup.only_lists), ("locked", setup.locked), ("frozen", setup.frozen)] {
        set(key, if on { "yes".to_owned() } else { String::new() });
    }
    if gate.command == "check" {
        set("fail-on", gate.fail_on.unwrap_or(project.config.fail_on).to_string());
    }
    set("allow-old-lists", gate.allow_old_lists.unwrap_or_default().to_owned());
    parameters
}
