//! One line a finding, for the formats of pipelines: SARIF, JUnit, annotations,
//! code quality. A finding on several list entries gives one for each.

use crate::rule::{Evidence, Verdict};
use crate::screening::{Mark, Outcome, Screening};
use crate::trade::Shipment;

use super::words;

/// The rule id of what could not be screened.
pub const UNSCREENED: &str = "DAT-000";
pub const UNSCREENED_TITLE: &str = "Could not be screened";

/// A finding with its place.
#[derive(Clone, Debug)]
pub struct Issue {
    pub rule: String,
    pub title: String,
    pub verdict: Verdict,
    /// Name of the file.
    pub file: String,
    /// From 1.
    pub line: u64,
    /// Header of the column; may be empty.
    pub column: String,
    /// Reference of the shipment; may be empty.
    pub reference: String,
    /// Further cells that the finding rests on.
    pub elsewhere: Vec<Spot>,
    /// What was found, in plain words.
    pub message: String,
    /// Empty for what could not be screened.
    pub fingerprint: String,
    /// A decision clears it.
    pub cleared: bool,
    /// The decision that holds, in words; may be empty.
    pub decision: String,
    /// Why an earlier decision does not hold; may be empty.
    pub back: String,
}

/// A cell, and what it shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    pub line: u64,
    pub column: String,
    pub words: String,
}

/// Everything to tell of an outcome, worst first; nothing of a clear one.
pub fn issues(outcome: &Outcome) -> Vec<Issue> {
    match outcome {
        Outcome::Unreadable(fault) => vec![Issue {
            message: fault.reason.clone(),
            column: fault.column.as_deref().unwrap_or_default().to_owned(),
            ..unscreened(&fault.file, fault.line, &fault.reference)
        }],
        Outcome::Screened { shipment, screening } => {
            let first = shipment.lines.first().copied().unwrap_or(1);
            let unscreened = screening.unscreenable.iter().map(|part| {
                let (line, column) = part.at.as_ref().map_or((first, ""), |at| (at.line, &*at.column));
                Issue {
                    message: part.reason.clone(),
                    column: column.to_owned(),
                    ..unscreened(&shipment.file, line, &shipment.reference)
                }
            });
            let found = screening.marks.iter().filter_map(|mark| issue(shipment, screening, mark));
            unscreened.chain(found).collect()
        }
    }
}

fn unscreened(file: &str, line: u64, reference: &str) -> Issue {
    Issue {
        rule: UNSCREENED.to_owned(),
        title: UNSCREENED_TITLE.to_owned(),
        verdict: Verdict::Unscreened,
        file: file.to_owned(),
        line,
        column: String::new(),
        reference: reference.to_owned(),
        elsewhere: Vec::new(),
        message: String::new(),
        fingerprint: String::new(),
        cleared: false,
        decision: String::new(),
        back: String::new(),
    }
}

fn issue(shipment: &Shipment, screening: &Screening, mark: &Mark) -> Option<Issue> {
    let finding = screening.findings.get(mark.finding)?;
    let own = |one: &&Evidence| mark.hit.is_none() || one.hit.is_none_or(|hit| mark.is_of(hit));
    let evidence: Vec<&Evidence> = finding.evidence.iter().filter(own).collect();
    let at = evidence.iter().find_map(|one| one.at.as_ref());
    let mut elsewhere: Vec<Spot> = Vec::new();
    for (one, cell) in evidence.iter().filter_map(|one| Some((one, one.at.as_ref()?))) {
        let spot = Spot { line: cell.line, column: cell.column.to_string(), words: one.words.clone() };
        if Some(cell) != at && !elsewhere.contains(&spot) {
            elsewhere.push(spot);
        }
    }
    let message: Vec<&str> = evidence.iter().map(|one| one.words.as_str()).collect();
    Some(Issue {
        rule: finding.rule.id.clone(),
        title: finding.rule.title.clone(),
        verdict: finding.rule.verdict,
        file: shipment.file.to_string(),
        line: at.map_or_else(|| shipment.lines.first().copied().unwrap_or(1), |at| at.line),
        column: at.map(|at| at.column.to_string()).unwrap_or_default(),
        reference: shipment.reference.clone(),
        elsewhere,
        message: message.join("; "),
        fingerprint: mark.fingerprint.to_string(),
        cleared: mark.decision.as_ref().is_some_and(|held| held.kind.clears()),
        decision: mark.decision.as_deref().map(words::decision).unwrap_or_default(),
        back: mark.back.clone().unwrap_or_default(),
    })
}
