//! What comes out of a run.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::input::RowFault;
use crate::matching::Hit;
use crate::rule::{Finding, RuleInfo, Verdict};
use crate::trade::{At, Shipment};
use crate::watchlist::ListInfo;

/// What a run is made with; stands at the head of every output.
#[derive(Clone, Debug)]
pub struct RunHeader {
    pub program_version: String,
    /// The evaluation date.
    pub as_of: Date,
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
    pub verdict: Verdict,
    /// Worst verdict first, then by rule id.
    pub findings: Vec<Finding>,
    /// Every hit the findings point to: (index of the party, hit).
    pub hits: Vec<(usize, Hit)>,
    pub unscreenable: Vec<Unscreenable>,
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
    /// Findings by rule id.
    pub rules: BTreeMap<String, u64>,
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
                for finding in &screening.findings {
                    *self.rules.entry(finding.rule.id.clone()).or_default() += 1;
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
