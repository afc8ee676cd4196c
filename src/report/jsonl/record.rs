//! The shapes of the lines. Keys and their order are the contract of the
//! published schema; words such as `end-user` are those of the rules.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::decision::{self, Balance};
use crate::input::RowFault;
use crate::report::words;
use crate::rule::Verdict;
use crate::screening::{DecisionFile, RunHeader, Screening, Summary};
use crate::trade::Shipment;

use super::SCHEMA_VERSION;
use super::basis::{List, Rule};
use super::finding::{Finding, Hit, round};
use super::shipment::{At, Item, OddCell, Party, Route, day};

/// The first line.
#[derive(Serialize)]
pub struct Run<'a> {
    r#type: &'static str,
    schema: &'static str,
    schema_version: u32,
    #[serde(rename = "run")]
    fingerprint: String,
    program: Program<'a>,
    as_of: String,
    inputs: &'a [String],
    profile: Profile<'a>,
    thresholds: Thresholds,
    lists: Vec<List<'a>>,
    rule_pack: RulePack<'a>,
    decisions: Option<Decisions<'a>>,
    baseline: Option<Decisions<'a>>,
    /// What the run looks back on; absent when on nothing.
    #[serde(skip_serializing_if = "str::is_empty")]
    history: &'a str,
    not_screened: &'a [String],
}

#[derive(Serialize)]
struct Program<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
struct Profile<'a> {
    company: &'a str,
    bound_by: &'a [String],
}

#[derive(Serialize)]
struct Thresholds {
    possible: f64,
    strong: f64,
}

#[derive(Serialize)]
struct Decisions<'a> {
    file: &'a str,
    sha256: &'a str,
    count: usize,
    signed_by: &'a str,
}

impl<'a> Decisions<'a> {
    fn new(file: &'a DecisionFile) -> Self {
        Self { file: &file.name, sha256: &file.sha256, count: file.count, signed_by: &file.signed_by }
    }
}

#[derive(Serialize)]
struct RulePack<'a> {
    version: &'a str,
    sha256: &'a str,
    rules: Vec<Rule<'a>>,
}

pub fn run(header: &RunHeader) -> Run<'_> {
    Run {
        r#type: "run",
        schema: "redflag-jsonl",
        schema_version: SCHEMA_VERSION,
        fingerprint: words::fingerprint(header),
        program: Program { name: "redflag", version: &header.program_version },
        as_of: header.as_of.to_string(),
        inputs: &header.inputs,
        profile: Profile { company: &header.company, bound_by: &header.bound_by },
        thresholds: Thresholds { possible: round(header.possible), strong: round(header.strong) },
        lists: header.lists.iter().map(|list| List::new(list)).collect(),
        rule_pack: RulePack {
            version: &header.rule_pack_version,
            sha256: &header.rule_pack_sha256,
            rules: header.rules.iter().map(|rule| Rule::new(rule)).collect(),
        },
        decisions: header.decisions.as_ref().map(Decisions::new),
        baseline: header.baseline.as_ref().map(Decisions::new),
        history: &header.history,
        not_screened: &header.not_screened,
    }
}

/// One shipment that was read.
#[derive(Serialize)]
pub struct ScreeningLine<'a> {
    r#type: &'static str,
    reference: &'a str,
    verdict: &'static str,
    /// As if nothing had been decided.
    undecided: &'static str,
    file: &'a str,
    lines: &'a [u64],
    rows: usize,
    findings: Vec<Finding<'a>>,
    hits: Vec<Hit<'a>>,
    unscreenable: Vec<Unscreenable<'a>>,
    odd_cells: Vec<OddCell<'a>>,
    parties: Vec<Party<'a>>,
    route: Route<'a>,
    items: Vec<Item<'a>>,
    shipped: Option<String>,
    ordered: Option<String>,
    transport: &'a str,
    incoterm: &'a str,
}

#[derive(Serialize)]
struct Unscreenable<'a> {
    at: Option<At<'a>>,
    reason: &'a str,
}

pub fn screening<'a>(shipment: &'a Shipment, screening: &'a Screening) -> ScreeningLine<'a> {
    let unscreenable = screening.unscreenable.iter();
    ScreeningLine {
        r#type: "screening",
        reference: &shipment.reference,
        verdict: screening.verdict.key(),
        undecided: screening.undecided.key(),
        file: &shipment.file,
        lines: &shipment.lines,
        rows: shipment.lines.len(),
        findings: screening.findings.iter().enumerate().map(|(n, f)| Finding::new(n, f, screening)).collect(),
        hits: screening.hits.iter().map(|(party, hit)| Hit::new(*party, hit)).collect(),
        unscreenable: unscreenable
            .map(|part| Unscreenable { at: part.at.as_ref().map(At::new), reason: &part.reason })
            .collect(),
        odd_cells: shipment.faults.iter().map(OddCell::new).collect(),
        parties: shipment.parties.iter().map(Party::new).collect(),
        route: Route::new(&shipment.route),
        items: shipment.items.iter().map(Item::new).collect(),
        shipped: day(shipment.shipped),
        ordered: day(shipment.ordered),
        transport: &shipment.transport,
        incoterm: &shipment.incoterm,
    }
}

/// A row that could not be read.
#[derive(Serialize)]
pub struct UnreadableLine<'a> {
    r#type: &'static str,
    reference: &'a str,
    verdict: &'static str,
    file: &'a str,
    lines: [u64; 1],
    rows: u64,
    unreadable: Fault<'a>,
}

#[derive(Serialize)]
struct Fault<'a> {
    line: u64,
    column: Option<&'a str>,
    reason: &'a str,
}

pub fn unreadable(fault: &RowFault) -> UnreadableLine<'_> {
    UnreadableLine {
        r#type: "screening",
        reference: &fault.reference,
        verdict: Verdict::Unscreened.key(),
        file: &fault.file,
        lines: [fault.line],
        rows: 1,
        unreadable: Fault { line: fault.line, column: fault.column.as_deref(), reason: &fault.reason },
    }
}

/// The last line.
#[derive(Serialize)]
pub struct SummaryLine<'a> {
    r#type: &'static str,
    rows_in: u64,
    rows_out: u64,
    shipments: u64,
    unreadable_rows: u64,
    /// All six, mildest first.
    verdicts: Verdicts,
    rules: &'a BTreeMap<String, u64>,
    cleared: &'a BTreeMap<String, u64>,
    baseline: &'a BTreeMap<String, u64>,
    licences: Vec<Licence<'a>>,
    decision_problems: Vec<Problem<'a>>,
    odd_cells: Vec<OddCells<'a>>,
    not_screened: &'a [String],
}

/// What is left of a licence.
#[derive(Serialize)]
struct Licence<'a> {
    number: &'a str,
    unit: &'a str,
    stated: String,
    left: String,
}

impl<'a> Licence<'a> {
    fn new(balance: &'a Balance) -> Self {
        Self {
            number: &balance.licence,
            unit: &balance.unit,
            stated: balance.stated.normalize().to_string(),
            left: balance.left.normalize().to_string(),
        }
    }
}

/// A decision that a person should look at.
#[derive(Serialize)]
struct Problem<'a> {
    kind: &'static str,
    line: usize,
    words: &'a str,
}

impl<'a> Problem<'a> {
    fn new(problem: &'a decision::Problem) -> Self {
        Self { kind: problem.kind.key(), line: problem.line, words: &problem.words }
    }
}

#[derive(Serialize)]
struct Verdicts {
    clear: u64,
    note: u64,
    review: u64,
    hold: u64,
    block: u64,
    unscreened: u64,
}

#[derive(Serialize)]
struct OddCells<'a> {
    field: &'a str,
    kind: &'a str,
    count: u64,
}

pub fn summary<'a>(summary: &'a Summary, not_screened: &'a [String]) -> SummaryLine<'a> {
    let of = |verdict| summary.verdicts.get(&verdict).copied().unwrap_or_default();
    SummaryLine {
        r#type: "summary",
        rows_in: summary.rows_in,
        rows_out: summary.rows_out,
        shipments: summary.shipments,
        unreadable_rows: summary.unreadable_rows,
        verdicts: Verdicts {
            clear: of(Verdict::Clear),
            note: of(Verdict::Note),
            review: of(Verdict::Review),
            hold: of(Verdict::Hold),
            block: of(Verdict::Block),
            unscreened: of(Verdict::Unscreened),
        },
        rules: &summary.rules,
        cleared: &summary.cleared,
        baseline: &summary.baseline,
        licences: summary.licences.iter().map(Licence::new).collect(),
        decision_problems: summary.decision_problems.iter().map(Problem::new).collect(),
        odd_cells: summary
            .odd_cells
            .iter()
            .map(|((field, kind), count)| OddCells { field, kind, count: *count })
            .collect(),
        not_screened,
    }
}
