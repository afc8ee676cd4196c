//! What was decided on a finding, in words.

use crate::decision::Applied;
use crate::rule::Verdict;
use crate::screening::{DecisionFile, Mark, Outcome, Screening};

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

/// The file of decisions: name, number of entries, hash.
pub fn decision_file(file: &DecisionFile) -> String {
    let entries = super::count(super::size(file.count), "entry", "entries");
    format!("{}, {entries}, SHA-256 {}", file.name, super::short_hash(&file.sha256))
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
