//! The file of decisions: reading it, and telling what is the matter with it.

mod clear;
mod report;
mod triage;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use redflag::decision::{Baseline, Decision, Decisions, ProblemKind};
use redflag::diagnostic::{Diagnostics, SourceFile};
use redflag::digest::sha256_hex;
use redflag::screening::{DecisionFile, Outcome, Summary};

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

/// Reads the decisions of a run. A configured file that is not there yet holds
/// none; one that is named must be there.
pub fn read(named: Option<&Path>, project: &Project) -> Result<Option<(DecisionFile, Decisions)>, Failure> {
    let Some(path) = path(named, project) else { return Ok(None) };
    if named.is_none() && !path.exists() {
        return Ok(None);
    }
    let text = setup::read_text(&path)?;
    let name = path.display().to_string();
    let sha256 = sha256_hex(text.as_bytes());
    let mut out = Diagnostics::default();
    let decisions =
        Decisions::parse(&SourceFile::new(name.clone(), text), project.config.decision_options, &mut out);
    show(&out);
    if out.has_errors() {
        return Err(Failure::new("the decisions can't be used; nothing was screened"));
    }
    let file = DecisionFile { name, sha256, count: decisions.all().len() };
    Ok(Some((file, decisions)))
}

/// Says which decisions a person should look at.
pub fn tell(decisions: &Decisions, as_of: Date, summary: &Summary) {
    for problem in decisions.problems(as_of, Some(&summary.decisions_met)) {
        say(&format!("decisions, line {}: {}: {}", problem.line, problem.kind.key(), problem.words));
    }
}

/// `decisions lint | list | expire-soon`.
pub fn decisions(args: &DecisionsArgs) -> Result<Exit, Failure> {
    let project = setup::project(&SetupArgs { config: args.config.clone(), ..SetupArgs::default() })?;
    let path = path(args.decisions.as_deref(), &project)
        .ok_or_else(|| Failure::new("no file of decisions: name one with --decisions, or in redflag.toml"))?;
    let Some((_, decisions)) = read(Some(&path), &project)? else { return Ok(Exit::Done) };
    let as_of = args.as_of.unwrap_or_else(setup::today);
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
pub fn read_baseline(path: &Path) -> Result<Vec<Decision>, Failure> {
    let mut out = Diagnostics::default();
    let file = SourceFile::new(path.display().to_string(), setup::read_text(path)?);
    let baseline = Decisions::read_baseline(&file, &mut out);
    show(&out);
    if out.has_errors() {
        return Err(Failure::new("the baseline can't be used; nothing was screened"));
    }
    Ok(baseline)
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
