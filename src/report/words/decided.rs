//! What was decided on a finding, in words.

use std::collections::BTreeMap;

use crate::decision::{Applied, Kind};
use crate::rule::Verdict;
use crate::screening::{DecisionFile, Mark, Outcome, Screening, Summary};

/// A mark of a finding, for people.
pub struct Decided {
    pub fingerprint: String,
    /// The party and list entry, where the finding has several marks.
    pub about: String,
    /// The decision that holds; may be empty.
    pub decision: String,
    /// Why an earlier decision does not hold; may be empty.
    pub back: String,
}

/// The marks of a finding, in order.
pub fn decided(screening: &Screening, finding: usize) -> Vec<Decided> {
    let several = screening.marks_of(finding).count() > 1;
    screening
        .marks_of(finding)
        .map(|mark| Decided {
            fingerprint: mark.fingerprint.to_string(),
            about: if several { about(screening, mark) } else { String::new() },
            decision: mark.decision.as_deref().map(decision).unwrap_or_default(),
            back: mark.back.clone().unwrap_or_default(),
        })
        .collect()
}

fn about(screening: &Screening, mark: &Mark) -> String {
    mark.hit.and_then(|hit| screening.hits.get(hit)).map(|(_, hit)| super::entry(hit)).unwrap_or_default()
}

/// `false-positive by A. Reader with B. Other on 2026-08-15, everywhere, until
/// 2027-08-15: another company`
pub fn decision(held: &Applied) -> String {
    if held.kind == Kind::Baseline {
        return format!("baseline of {}, until {}: {}", held.on, held.expires, held.reason);
    }
    let second = if held.second.is_empty() { String::new() } else { format!(" with {}", held.second) };
    let licence = if held.licence.is_empty() { String::new() } else { format!(", licence {}", held.licence) };
    let overridden = if held.override_reason.is_empty() {
        String::new()
    } else {
        format!(" OVERRIDE: {}", held.override_reason)
    };
    format!(
        "{} by {}{second} on {}, {}{licence}, until {}: {}{overridden}",
        held.kind.key(),
        held.by,
        held.on,
        held.scope,
        held.expires,
        held.reason
    )
}

/// A file of decisions or a baseline: name, number of entries, hash, signature.
pub fn decision_file(file: &DecisionFile) -> String {
    let entries = super::count(super::size(file.count), "entry", "entries");
    let signed =
        if file.signed_by.is_empty() { String::new() } else { format!(", signed by {}", file.signed_by) };
    format!("{}, {entries}, SHA-256 {}{signed}", file.name, super::short_hash(&file.sha256))
}

/// What stands before a finding that is cleared.
pub fn cleared_lead(screening: &Screening, finding: usize) -> &'static str {
    if screening.is_baseline(finding) {
        "baseline: "
    } else if screening.is_cleared(finding) {
        "cleared: "
    } else {
        ""
    }
}

/// What decisions did in a run and what is the matter with them, line by line
/// under a label.
pub fn account(summary: &Summary) -> Vec<(&'static str, Vec<String>)> {
    let counted = |counts: &BTreeMap<String, u64>| -> Vec<String> {
        counts.iter().map(|(rule, count)| format!("{} × {rule}", super::number(*count))).collect()
    };
    let licences = summary.licences.iter().map(|balance| {
        format!(
            "{}: {} of {} {} left",
            balance.licence,
            balance.left.normalize(),
            balance.stated.normalize(),
            balance.unit
        )
    });
    let problems = summary.decision_problems.iter().map(|problem| match problem.line {
        0 => format!("{}: {}", problem.kind.key(), problem.words),
        line => format!("line {line}: {}: {}", problem.kind.key(), problem.words),
    });
    let mut account = vec![
        ("Cleared by decision", counted(&summary.cleared)),
        ("Cleared by baseline", counted(&summary.baseline)),
        ("Licences", licences.collect()),
        ("Decisions to look at", problems.collect()),
    ];
    account.retain(|(_, lines)| !lines.is_empty());
    account
}

/// Whether reports for people write a shipment out: it is not clear, or it is
/// only so by decision.
pub fn is_shown(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Screened { screening, .. } => {
            screening.verdict != Verdict::Clear || !screening.findings.is_empty()
        }
        Outcome::Unreadable(_) => true,
    }
}

/// The name of a group of written-out shipments.
pub fn group(verdict: Verdict) -> &'static str {
    if verdict == Verdict::Clear { "cleared by decision" } else { verdict.key() }
}

/// What the group means.
pub fn group_meaning(verdict: Verdict) -> &'static str {
    if verdict == Verdict::Clear {
        "findings that a person has decided on; nothing else was found"
    } else {
        super::verdict_meaning(verdict)
    }
}
