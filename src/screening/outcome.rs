//! What comes out of a run.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::decision::{Balance, Decisions, Kind, Ledger, Problem, Used};
use crate::input::RowFault;
use crate::matching::Hit;
use crate::rule::{Finding, RuleInfo, Verdict};
use crate::trade::{At, Shipment};
use crate::watchlist::ListInfo;

use super::mark::{self, Mark};

/// What a run is made with; stands at the head of every output.
#[derive(Clone, Debug)]
pub struct RunHeader {
    pub program_version: String,
    /// The evaluation date.
    pub as_of: Date,
    /// The file of decisions, where one is used.
    pub decisions: Option<DecisionFile>,
    /// The baseline, where one is used.
    pub baseline: Option<DecisionFile>,
    /// Names of the shipment files, in order.
    pub inputs: Vec<String>,
    pub lists: Vec<Arc<ListInfo>>,
    /// Every rule in force, sorted by id.
    pub rules: Vec<Arc<RuleInfo>>,
    /// SHA-256 over the rule, goods and place files, lower-case hex.
    pub rule_pack_sha256: String,
    /// Version of the shipped pack.
    pub rule_pack_version: String,
    /// Company name of the profile; may be empty.
    pub company: String,
    /// Jurisdictions whose law binds the company.
    pub bound_by: Vec<String>,
    /// Score thresholds (0 to 1) for `possible` and `strong`.
    pub possible: f64,
    pub strong: f64,
    /// What the run looks back on, in plain words; empty when on nothing.
    pub history: String,
    /// What this run does not screen, in plain words, one sentence each.
    pub not_screened: Vec<String>,
}

/// The file of decisions a run was made with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecisionFile {
    pub name: String,
    /// Lower-case hex.
    pub sha256: String,
    pub count: usize,
    /// Whose signature stands under it, as the configuration names the key;
    /// empty without one.
    pub signed_by: String,
}

/// A part of a shipment that could not be screened, though the row was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unscreenable {
    pub at: Option<At>,
    /// In plain words, with the value from the cell.
    pub reason: String,
}

/// The result for one shipment that was read.
#[derive(Clone, PartialEq, Debug)]
pub struct Screening {
    /// The worst of the findings that no decision clears; `Unscreened` where a
    /// part could not be screened.
    pub verdict: Verdict,
    /// The same as if nothing had been decided.
    pub undecided: Verdict,
    /// Worst verdict first, then by rule id; cleared ones too.
    pub findings: Vec<Finding>,
    /// Every hit the findings point to: (index of the party, hit).
    pub hits: Vec<(usize, Hit)>,
    pub unscreenable: Vec<Unscreenable>,
    /// In the order of the findings, at least one for each.
    pub marks: Vec<Mark>,
}

impl Screening {
    /// A screening on which nothing is decided yet.
    #[must_use]
    pub fn new(
        shipment: &Shipment,
        findings: Vec<Finding>,
        hits: Vec<(usize, Hit)>,
        unscreenable: Vec<Unscreenable>,
    ) -> Self {
        let marks = mark::marks(shipment, &findings, &hits);
        let (verdict, undecided) = (Verdict::Clear, Verdict::Clear);
        let mut screening = Self { verdict, undecided, findings, hits, unscreenable, marks };
        screening.undecided = screening.worst(|_| true);
        screening.verdict = screening.undecided;
        screening
    }

    /// Holds the findings against decisions, on a day.
    pub fn decide(&mut self, shipment: &Shipment, decisions: &Decisions, day: Date) {
        mark::decide(&mut self.marks, shipment, decisions, day);
        self.settle();
    }

    /// Draws the shipment on the licences that clear its findings; what they do
    /// not cover is a finding again.
    pub fn draw(&mut self, shipment: &Shipment, ledger: &mut Ledger) {
        let choices: Vec<_> = self.marks.iter().map(mark::licences).collect();
        if choices.iter().all(Option::is_none) {
            return;
        }
        let amounts = mark::amounts(shipment);
        let mut drawn = Vec::new();
        for (mark, choices) in self.marks.iter_mut().zip(choices) {
            let Some(choices) = choices else { continue };
            match ledger.draw_first(&choices, &amounts, &mut drawn) {
                Ok(held) => mark.decision = held.cloned(),
                Err(why) => {
                    mark.back = mark.decision.take().map(|held| {
                        let (kind, by, on) = (held.kind.key(), &held.by, held.on);
                        format!("Decided as {kind} by {by} on {on}, which does not reach here: {why}.")
                    });
                }
            }
        }
        self.settle();
    }

    fn settle(&mut self) {
        self.verdict = self.worst(|finding| !self.is_cleared(finding));
    }

    fn worst(&self, counts: impl Fn(usize) -> bool) -> Verdict {
        if !self.unscreenable.is_empty() {
            return Verdict::Unscreened;
        }
        let counted = self.findings.iter().enumerate().filter(|(number, _)| counts(*number));
        counted.map(|(_, finding)| finding.rule.verdict).max().unwrap_or(Verdict::Clear)
    }

    /// The marks of a finding.
    pub fn marks_of(&self, finding: usize) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(move |mark| mark.finding == finding)
    }

    /// Whether a finding is cleared, and would not be without a baseline.
    #[must_use]
    pub fn is_baseline(&self, finding: usize) -> bool {
        let baseline = |mark: &Mark| mark.decision.as_ref().is_some_and(|held| held.kind == Kind::Baseline);
        self.is_cleared(finding) && self.marks_of(finding).any(baseline)
    }

    /// Whether decisions clear all of a finding.
    #[must_use]
    pub fn is_cleared(&self, finding: usize) -> bool {
        let cleared = |mark: &Mark| mark.decision.as_ref().is_some_and(|held| held.kind.clears());
        let mut marks = self.marks_of(finding).peekable();
        marks.peek().is_some() && marks.all(cleared)
    }
}

/// What became of a stretch of the input. Rows in = rows out.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every outcome is the large one")]
pub enum Outcome {
    Screened {
        shipment: Shipment,
        screening: Screening,
    },
    /// A row that could not be read.
    Unreadable(RowFault),
}

impl Outcome {
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Screened { screening, .. } => screening.verdict,
            Self::Unreadable(_) => Verdict::Unscreened,
        }
    }

    /// Rows of the file that this outcome accounts for.
    #[must_use]
    pub fn rows(&self) -> u64 {
        match self {
            Self::Screened { shipment, .. } => shipment.lines.len() as u64,
            Self::Unreadable(_) => 1,
        }
    }
}

/// Counts over a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Rows read from the files, the unreadable ones included.
    pub rows_in: u64,
    /// Rows accounted for in the output; equal to `rows_in` unless there is a
    /// defect.
    pub rows_out: u64,
    pub shipments: u64,
    /// Rows that could not be read.
    pub unreadable_rows: u64,
    /// Shipments and unreadable rows by verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// Findings by rule id, those that decisions clear not among them.
    pub rules: BTreeMap<String, u64>,
    /// Findings by the verdict of their rule, those that are cleared not among
    /// them.
    pub findings: BTreeMap<Verdict, u64>,
    /// Findings that people's decisions clear, by rule id.
    pub cleared: BTreeMap<String, u64>,
    /// Findings that are cleared because they were there when the gate was taken
    /// into service, by rule id.
    pub baseline: BTreeMap<String, u64>,
    /// The decisions that met a finding, whether they hold or not.
    pub decisions_met: Used,
    /// Decisions that a person should look at; known at the end of a run.
    pub decision_problems: Vec<Problem>,
    /// What is left of the licences that were drawn on; known at the end of a
    /// run.
    pub licences: Vec<Balance>,
    /// Cells that were odd, by field and kind.
    pub odd_cells: BTreeMap<(String, String), u64>,
}

impl Summary {
    pub fn add(&mut self, outcome: &Outcome) {
        self.rows_out += outcome.rows();
        *self.verdicts.entry(outcome.verdict()).or_default() += 1;
        match outcome {
            Outcome::Unreadable(_) => self.unreadable_rows += 1,
            Outcome::Screened { shipment, screening } => {
                self.shipments += 1;
                for (number, finding) in screening.findings.iter().enumerate() {
                    let counts = if screening.is_baseline(number) {
                        &mut self.baseline
                    } else if screening.is_cleared(number) {
                        &mut self.cleared
                    } else {
                        *self.findings.entry(finding.rule.verdict).or_default() += 1;
                        &mut self.rules
                    };
                    *counts.entry(finding.rule.id.clone()).or_default() += 1;
                }
                for mark in &screening.marks {
                    self.decisions_met.add(&mark.met);
                }
                for fault in &shipment.faults {
                    let key = (fault.field.to_owned(), fault.kind.key().to_owned());
                    *self.odd_cells.entry(key).or_default() += 1;
                }
            }
        }
    }

    /// Shipments and unreadable rows at a verdict or worse.
    #[must_use]
    pub fn at_least(&self, verdict: Verdict) -> u64 {
        self.verdicts.range(verdict..).map(|(_, count)| count).sum()
    }
}
