//! The file of decisions: reading it, and telling what is the matter with it.

mod allot;
mod clear;
mod report;
mod signed;
mod triage;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use redflag::config::Level;
use redflag::decision::{Baseline, Decision, Decisions, ProblemKind, short_hash};
use redflag::diagnostic::{Diagnostics, SourceFile};
use redflag::digest::sha256_hex;
use redflag::rule::Verdict;
use redflag::screening::{DecisionFile, Outcome, Summary};

pub use allot::allot;
pub use clear::clear;

use crate::args::{DecisionsArgs, DecisionsCommand, SetupArgs};
use crate::failure::{Exit, Failure, say, show};
use crate::output::write_whole;
use crate::print;
use crate::setup::{self, Project};

/// The file that is named, or else that of the configuration.
pub fn path(named: Option<&Path>, project: &Project) -> Option<PathBuf> {
    let configured = || project.config.decisions.as_ref().map(|path| project.folder.join(path));
    named.map(Path::to_owned).or_else(configured)
}

/// Reads the decisions of a run as of a day. A configured file that is not there
/// yet holds none; one that is named must be there.
pub fn read(
    named: Option<&Path>,
    project: &Project,
    as_of: Date,
) -> Result<Option<(DecisionFile, Decisions)>, Failure> {
    // Read in any case: nothing is screened with a broken configuration.
    let signers = signed::allowed_signers(project)?;
    let Some(path) = path(named, project) else { return Ok(None) };
    if named.is_none() && !path.exists() {
        return Ok(None);
    }
    let text = setup::read_text(&path)?;
    let name = path.display().to_string();
    let sha256 = sha256_hex(text.as_bytes());
    let mut out = Diagnostics::default();
    let decisions = Decisions::parse(
        &SourceFile::new(name.clone(), text.clone()),
        project.config.decision_options,
        &mut out,
    );
    show(&out);
    if out.has_errors() {
        return Err(Failure::new("the decisions can't be used; nothing was screened"));
    }
    let signed_by = signed::by(&path, text.as_bytes(), &project.config, &signers, as_of)?;
    let count = decisions.all().len();
    Ok(Some((DecisionFile { name, sha256, count, signed_by }, decisions)))
}

/// The version of the shipped pack, and what the configuration makes of it.
pub fn pack_version(levels: &[Level]) -> String {
    let version = env!("CARGO_PKG_VERSION");
    if levels.is_empty() {
        return version.to_owned();
    }
    let mut parts: Vec<String> = levels
        .iter()
        .map(|level| {
            let verdict = level.verdict.map_or("off", Verdict::key);
            format!("{} {verdict} {}", level.rule, level.reason)
        })
        .collect();
    parts.sort_unstable();
    let hash = short_hash(parts.iter().map(String::as_str));
    let count = levels.len();
    let word = if count == 1 { "level" } else { "levels" };
    format!("{version} with {count} {word} of the configuration ({hash})")
}

/// Says which decisions a person should look at.
pub fn tell(summary: &Summary, file: Option<&DecisionFile>) {
    let file = file.map_or("decisions", |file| file.name.as_str());
    for problem in &summary.decision_problems {
        let place = match problem.line {
            0 => "decisions".to_owned(),
            line => format!("{file}:{line}"),
        };
        say(&format!("{place}: {}: {}", problem.kind.key(), problem.words));
    }
}

/// `decisions lint | list | expire-soon`.
pub fn decisions(args: &DecisionsArgs) -> Result<Exit, Failure> {
    let project = setup::project(&SetupArgs { config: args.config.clone(), ..SetupArgs::default() })?;
    let path = path(args.decisions.as_deref(), &project)
        .ok_or_else(|| Failure::new("no file of decisions: name one with --decisions, or in redflag.toml"))?;
    let as_of = args.as_of.unwrap_or_else(setup::today);
    let Some((_, decisions)) = read(Some(&path), &project, as_of)? else { return Ok(Exit::Done) };
    let mut text = String::new();
    let mut exit = Exit::Done;
    match args.command {
        DecisionsCommand::List => {
            for one in decisions.all() {
                let about = if one.about.is_empty() { one.fingerprint.as_str() } else { &one.about };
                let _ = writeln!(
                    text,
                    "{:14} until {}  {}  {} ({})",
                    one.kind.key(),
                    one.expires,
                    redflag::report::visible(about),
                    redflag::report::visible(&one.by),
                    redflag::report::visible(&one.scope.words())
                );
            }
        }
        DecisionsCommand::Lint | DecisionsCommand::ExpireSoon => {
            let soon = matches!(args.command, DecisionsCommand::ExpireSoon);
            for problem in decisions.problems(as_of, None) {
                if soon != (problem.kind == ProblemKind::ExpiresSoon) {
                    continue;
                }
                exit = Exit::Findings;
                let words = redflag::report::visible(&problem.words).to_string();
                let _ =
                    writeln!(text, "{}:{}: {}: {words}", path.display(), problem.line, problem.kind.key());
            }
        }
    }
    print(text.as_bytes())?;
    Ok(exit)
}

/// Reads a baseline.
pub fn read_baseline(path: &Path) -> Result<(DecisionFile, Vec<Decision>), Failure> {
    let mut out = Diagnostics::default();
    let text = setup::read_text(path)?;
    let (name, sha256) = (path.display().to_string(), sha256_hex(text.as_bytes()));
    let baseline = Decisions::read_baseline(&SourceFile::new(name.clone(), text), &mut out);
    show(&out);
    if out.has_errors() {
        return Err(Failure::new("the baseline can't be used; nothing was screened"));
    }
    let file = DecisionFile { name, sha256, count: baseline.len(), signed_by: String::new() };
    Ok((file, baseline))
}

/// Puts the findings of a shipment into a baseline; not those that it does not
/// cover.
pub fn add_to_baseline(baseline: &mut Baseline, outcome: &Outcome) {
    let Outcome::Screened { screening, .. } = outcome else { return };
    for mark in screening.marks.iter().filter(|mark| !mark.grave && mark.decision.is_none()) {
        let rule = screening.findings.get(mark.finding).map_or("", |finding| finding.rule.id.as_str());
        let hit = mark.hit.and_then(|hit| screening.hits.get(hit));
        let about =
            hit.map_or_else(String::new, |(_, hit)| format!(" against {} {}", hit.list.id, hit.entry.id));
        baseline.add(&mark.fingerprint, &mark.rule, &mark.entry, &mark.party, &format!("{rule}{about}"));
    }
}

/// Writes a baseline made on a day.
pub fn write_baseline(path: &Path, baseline: &Baseline, made: Date) -> Result<(), Failure> {
    write_whole(path, baseline.to_toml(made).as_bytes())?;
    say(&format!(
        "{}: {} findings; blocks and exact identifiers are not among them and fail as before",
        path.display(),
        baseline.len()
    ));
    Ok(())
}
