//! `clear`: a person's decision on findings of a run, written to the file of
//! decisions; by flags, or finding by finding.

use std::path::Path;

use jiff::civil::Date;
use redflag::decision::{Decision, Decisions, Fingerprint, Kind, Licence, Scope};
use redflag::diagnostic::{Diagnostics, SourceFile};

use super::report::{self, Open};
use super::triage;
use crate::args::ClearArgs;
use crate::failure::{Exit, Failure, say};
use crate::output::write_whole;
use crate::setup::{self, Project};

/// What a decision says beside the finding it is on.
#[derive(Clone, Debug)]
pub struct Answer {
    pub kind: Kind,
    pub by: String,
    pub second: String,
    pub on: Date,
    pub expires: Date,
    pub reason: String,
    pub scope: Scope,
    pub licence: Option<Licence>,
    pub override_reason: String,
}

pub fn clear(args: &ClearArgs) -> Result<Exit, Failure> {
    let project = setup::project(&args.setup)?;
    let path = super::path(args.decisions.as_deref(), &project).unwrap_or_else(|| "dispositions.toml".into());
    let open = report::read(&args.report)?;
    let decided = if args.fingerprints.is_empty() {
        triage::run(&open, args, &mut std::io::stdin().lock(), &mut std::io::stdout().lock())?
    } else {
        by_flags(&open, args)?
    };
    if decided.is_empty() {
        say("nothing decided; the file of decisions is as it was");
        return Ok(Exit::Done);
    }
    append(&path, &decided, &project)?;
    let count = decided.len();
    say(&format!(
        "{}: {count} {}",
        path.display(),
        if count == 1 { "decision added" } else { "decisions added" }
    ));
    Ok(Exit::Done)
}

fn by_flags(open: &[Open], args: &ClearArgs) -> Result<Vec<Decision>, Failure> {
    let need = |what: &str| Failure::new(format!("--fingerprint needs {what} too"));
    let kind = args.decision.ok_or_else(|| need("--decision"))?;
    let reason = args.reason.clone().ok_or_else(|| need("--reason"))?;
    let by = args.by.clone().ok_or_else(|| need("--by"))?;
    let expires = args.expires.ok_or_else(|| need("--expires"))?;
    let on = args.on.unwrap_or_else(setup::today);
    let mut decided: Vec<Decision> = Vec::new();
    for text in &args.fingerprints {
        let fingerprint = Fingerprint::parse(text)
            .ok_or_else(|| Failure::new(format!("--fingerprint {text}: `rf1:` and 32 hexadecimal digits")))?;
        let found: Vec<&Open> = open.iter().filter(|one| one.fingerprint == fingerprint).collect();
        if found.is_empty() {
            return Err(Failure::new(format!(
                "{}: no finding has the fingerprint {text}",
                args.report.display()
            )));
        }
        // A decision for each state that the finding has in the report, such as
        // the same party with two addresses.
        for one in found {
            let answer = Answer {
                kind,
                by: by.clone(),
                second: args.second.clone().unwrap_or_default(),
                on,
                expires,
                reason: reason.clone(),
                scope: scope(one, args)?,
                licence: licence(args)?,
                override_reason: args.override_reason.clone().unwrap_or_default(),
            };
            let made = decision(one, answer)?;
            if !decided.contains(&made) {
                decided.push(made);
            }
        }
    }
    Ok(decided)
}

fn scope(found: &Open, args: &ClearArgs) -> Result<Scope, Failure> {
    if args.order {
        if found.reference.is_empty() {
            return Err(Failure::new("--order: the shipment has no reference"));
        }
        return Ok(Scope::Order(found.reference.clone()));
    }
    if args.lane {
        let lane = found.lane.ok_or_else(|| Failure::new("--lane: departure or destination is not known"))?;
        return Ok(Scope::Lane(lane.0, lane.1));
    }
    Ok(Scope::Pair)
}

fn licence(args: &ClearArgs) -> Result<Option<Licence>, Failure> {
    let Some(number) = args.licence.clone() else { return Ok(None) };
    let balance = match (args.balance, &args.unit) {
        (Some(balance), Some(unit)) => Some((balance, unit.clone())),
        (None, None) => None,
        _ => return Err(Failure::new("--balance and --unit belong together")),
    };
    Ok(Some(Licence { number, balance }))
}

/// The entry for a finding.
///
/// # Errors
/// When the decision would not hold: the file would only be refused later.
pub fn decision(found: &Open, answer: Answer) -> Result<Decision, Failure> {
    let refused = |words: String| Err(Failure::new(format!("{}: {words}", found.about)));
    if answer.reason.trim().is_empty() || answer.by.trim().is_empty() {
        return refused("a decision needs a reason and a name".to_owned());
    }
    if answer.expires < answer.on {
        return refused(format!("the decision would be over on {} already", answer.expires));
    }
    if found.grave && answer.kind == Kind::FalsePositive && answer.override_reason.trim().is_empty() {
        return refused(
            "a block or an exact identifier is no false positive without an override (--override REASON)"
                .to_owned(),
        );
    }
    if answer.kind == Kind::Licensed && answer.licence.is_none() {
        return refused("a licensed finding needs its licence (--licence NUMBER)".to_owned());
    }
    Ok(Decision {
        fingerprint: found.fingerprint.clone(),
        kind: answer.kind,
        by: answer.by,
        second: answer.second,
        on: answer.on,
        reason: answer.reason,
        scope: answer.scope,
        expires: answer.expires,
        entry: found.entry.clone(),
        party: found.party.clone(),
        rule: found.rule.clone(),
        licence: answer.licence,
        override_reason: answer.override_reason,
        about: found.about.clone(),
        line: 0,
        number: 0,
    })
}

/// Puts entries at the end of the file, which appears whole or stays as it was.
fn append(path: &Path, decided: &[Decision], project: &Project) -> Result<(), Failure> {
    let mut text = if path.exists() { setup::read_text(path)? } else { HEAD.to_owned() };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    for one in decided {
        text.push('\n');
        text.push_str(&one.to_toml());
    }
    // What is written must be readable, or nothing is written.
    let mut out = Diagnostics::default();
    let file = SourceFile::new(path.display().to_string(), text.clone());
    let all = Decisions::parse(&file, project.config.decision_options, &mut out);
    if out.has_errors() {
        crate::failure::show(&out);
        return Err(Failure::new(format!("{}: would not be readable; left as it was", path.display())));
    }
    write_whole(path, text.as_bytes())?;
    let first_new = all.all().len().saturating_sub(decided.len());
    let day = decided.first().map_or_else(setup::today, |one| one.on);
    for problem in all.problems(day, None).into_iter().filter(|problem| problem.number >= first_new) {
        say(&format!("{}:{}: {}: {}", path.display(), problem.line, problem.kind.key(), problem.words));
    }
    if let Some(commands) = super::signed::commands(path, &project.config) {
        say(&format!("sign it again: {commands}"));
    }
    Ok(())
}

const HEAD: &str = "# Decisions on findings of redflag. Each entry lapses by itself when the list\n\
# entry, the party's data or the rule changes, and on the day it expires.\n";
