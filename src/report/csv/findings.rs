//! The table with one row per piece of evidence.

use std::io::{self, Write};

use super::{Rows, joined, set};
use crate::report::escape::prose;
use crate::report::{Sink, words};
use crate::rule::{Evidence, Finding, Subject, Verdict};
use crate::screening::{Outcome, RunHeader, Screening, Summary};
use crate::trade::Shipment;

const COLUMNS: [&str; 37] = [
    "reference",
    "line",
    "verdict",
    "rule",
    "rule_verdict",
    "title",
    "evidence",
    "evidence_line",
    "column",
    "subject",
    "party_role",
    "party",
    "list",
    "entry_id",
    "listed_name",
    "matched_name",
    "matched_by",
    "name_quality",
    "score",
    "strength",
    "alignment",
    "effect",
    "programs",
    "licence_requirement",
    "licence_policy",
    "listed_on",
    "entry_citation",
    "why",
    "advice",
    "authority",
    "file",
    "fingerprint",
    "cleared",
    "decision",
    "back",
    "run",
    "provenance",
];

/// One row per piece of evidence, and one per part that could not be
/// screened. A clear shipment has none.
pub struct Findings(Rows);

impl Findings {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self(Rows::new(out))
    }
}

impl Sink for Findings {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.0.begin(header, &COLUMNS)
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        rows(outcome).iter().try_for_each(|row| self.0.row(row))
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        self.0.writer.flush()
    }
}

/// The columns without those on the run.
pub fn columns() -> &'static [&'static str] {
    COLUMNS.get(..COLUMNS.len() - 2).unwrap_or_default()
}

/// The rows of an outcome, in the order of [`columns`]; none of a clear one.
pub fn rows(outcome: &Outcome) -> Vec<Vec<String>> {
    match outcome {
        Outcome::Unreadable(fault) => {
            let column = fault.column.as_deref().unwrap_or_default();
            vec![unscreened((&fault.reference, &fault.file, fault.line), (fault.line, column), &fault.reason)]
        }
        Outcome::Screened { shipment, screening } => {
            let first = shipment.lines.first().copied().unwrap_or_default();
            let whose = (shipment.reference.as_str(), &*shipment.file, first);
            let parts = screening.unscreenable.iter().map(|part| {
                let cell = part.at.as_ref().map_or((first, ""), |at| (at.line, &*at.column));
                unscreened(whose, cell, &part.reason)
            });
            let findings = screening.findings.iter().enumerate().flat_map(|(number, finding)| {
                let evidence = finding.evidence.iter();
                evidence.map(move |evidence| finding_row(shipment, screening, (number, finding), evidence))
            });
            parts.chain(findings).collect()
        }
    }
}

/// A row of what could not be screened: reference, file and first line; line and
/// column of the cell; the reason.
fn unscreened(
    (reference, file, first): (&str, &str, u64),
    (line, column): (u64, &str),
    reason: &str,
) -> Vec<String> {
    let mut row = vec![String::new(); COLUMNS.len() - 2];
    set(
        &mut row,
        &COLUMNS,
        &[
            ("reference", reference),
            ("line", &first.to_string()),
            ("verdict", Verdict::Unscreened.key()),
            ("title", "Could not be screened"),
            ("evidence", reason),
            ("evidence_line", &line.to_string()),
            ("column", column),
            ("advice", words::UNSCREENED_ADVICE),
            ("file", file),
        ],
    );
    row
}

fn finding_row(
    shipment: &Shipment,
    screening: &Screening,
    (number, finding): (usize, &Finding),
    evidence: &Evidence,
) -> Vec<String> {
    let mut row = vec![String::new(); COLUMNS.len() - 2];
    let first_line = shipment.lines.first().map(u64::to_string).unwrap_or_default();
    let authority = joined(finding.rule.authority.iter().map(words::citation));
    let subject = words::subject(evidence.subject, shipment);
    set(
        &mut row,
        &COLUMNS,
        &[
            ("reference", &shipment.reference),
            ("line", &first_line),
            ("verdict", screening.verdict.key()),
            ("rule", &finding.rule.id),
            ("rule_verdict", finding.rule.verdict.key()),
            ("title", &finding.rule.title),
            ("evidence", &evidence.words),
            ("subject", &subject),
            ("why", &prose(&finding.rule.why)),
            ("advice", &prose(&finding.rule.advice)),
            ("authority", &authority),
            ("file", &shipment.file),
        ],
    );
    if let Some(at) = &evidence.at {
        set(&mut row, &COLUMNS, &[("evidence_line", &at.line.to_string()), ("column", &at.column)]);
    }
    let hit = words::hit(evidence, screening);
    // The mark of the entry, else the first of the finding.
    let of_hit = screening.marks_of(number).find(|mark| evidence.hit.is_some_and(|hit| mark.is_of(hit)));
    if let Some(mark) = of_hit.or_else(|| screening.marks_of(number).next()) {
        set(
            &mut row,
            &COLUMNS,
            &[
                ("fingerprint", mark.fingerprint.as_str()),
                ("cleared", if screening.is_cleared(number) { "1" } else { "0" }),
                ("decision", &mark.decision.as_deref().map(words::decision).unwrap_or_default()),
                ("back", mark.back.as_deref().unwrap_or_default()),
            ],
        );
    }
    let party = match evidence.subject {
        Subject::Party(index) => Some(index),
        _ => hit.and_then(|(index, _)| screening.hits.get(index)).map(|(party, _)| *party),
    };
    if let Some(party) = party.and_then(|index| shipment.parties.get(index)) {
        set(&mut row, &COLUMNS, &[("party_role", party.role.key()), ("party", &party.name)]);
    }
    if let Some((_, hit)) = hit {
        set(
            &mut row,
            &COLUMNS,
            &[
                ("list", &hit.list.id),
                ("entry_id", &hit.entry.id),
                ("listed_name", &hit.entry.caption()),
                ("matched_name", &hit.listed_text),
                ("matched_by", hit.by.key()),
                ("name_quality", hit.quality.key()),
                ("score", &format!("{:.2}", hit.score)),
                ("strength", hit.strength.key()),
                ("alignment", &words::alignment(hit)),
                ("effect", words::entry_effect(hit).key()),
                ("programs", &words::programs(hit)),
                ("licence_requirement", hit.entry.licence_requirement.as_deref().unwrap_or_default()),
                ("licence_policy", hit.entry.licence_policy.as_deref().unwrap_or_default()),
                ("listed_on", &hit.entry.listed.map(|day| day.to_string()).unwrap_or_default()),
                ("entry_citation", words::entry_citation(hit)),
            ],
        );
    }
    row
}
