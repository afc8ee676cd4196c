//! The table with one row per shipment.

use std::io::{self, Write};

use super::{Rows, joined, set};
use crate::report::{Sink, words};
use crate::rule::Verdict;
use crate::screening::{Outcome, RunHeader, Screening, Summary};
use crate::trade::{PartyRole, Shipment};

const COLUMNS: [&str; 26] = [
    "reference",
    "line",
    "verdict",
    "rules",
    "evidence",
    "file",
    "lines",
    "rows",
    "shipped",
    "exporter",
    "consignee",
    "consignee_country",
    "end_user",
    "departure",
    "transit",
    "destination",
    "goods",
    "hs",
    "control_codes",
    "list_entries",
    "unscreened_reason",
    "odd_cells",
    "cleared_rules",
    "decisions",
    "run",
    "provenance",
];

/// One row per shipment or unreadable row.
pub struct Shipments(Rows);

impl Shipments {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self(Rows::new(out))
    }
}

impl Sink for Shipments {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.0.begin(header, &COLUMNS)
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        self.0.row(&row(outcome))
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        self.0.writer.flush()
    }
}

/// The columns without those on the run.
pub fn columns() -> &'static [&'static str] {
    COLUMNS.get(..COLUMNS.len() - 2).unwrap_or_default()
}

/// The row of an outcome, in the order of [`columns`].
pub fn row(outcome: &Outcome) -> Vec<String> {
    match outcome {
        Outcome::Screened { shipment, screening } => shipment_row(shipment, screening),
        Outcome::Unreadable(fault) => {
            let mut row = vec![String::new(); COLUMNS.len() - 2];
            let reason = match &fault.column {
                Some(column) => format!("column \"{column}\": {}", fault.reason),
                None => fault.reason.clone(),
            };
            set(
                &mut row,
                &COLUMNS,
                &[
                    ("reference", &fault.reference),
                    ("line", &fault.line.to_string()),
                    ("verdict", Verdict::Unscreened.key()),
                    ("evidence", &reason),
                    ("file", &fault.file),
                    ("lines", &fault.line.to_string()),
                    ("rows", "1"),
                    ("unscreened_reason", &reason),
                ],
            );
            row
        }
    }
}

fn names(shipment: &Shipment, role: PartyRole) -> String {
    joined(shipment.in_role(role).map(|party| party.name.to_string()))
}

fn shipment_row(shipment: &Shipment, screening: &Screening) -> Vec<String> {
    let unscreened = joined(screening.unscreenable.iter().map(|part| match &part.at {
        Some(at) => format!("{} ({})", part.reason, words::at(at)),
        None => part.reason.clone(),
    }));
    let evidence = screening.findings.iter().flat_map(|finding| {
        finding.evidence.iter().map(|e| match &e.at {
            Some(at) => format!("{} ({})", e.words, words::at(at)),
            None => e.words.clone(),
        })
    });
    let place = |place: &Option<crate::trade::Place>| place.as_ref().map(words::place).unwrap_or_default();
    vec![
        shipment.reference.clone(),
        shipment.lines.first().map(u64::to_string).unwrap_or_default(),
        screening.verdict.key().to_owned(),
        joined(rules(screening, false)),
        joined((!unscreened.is_empty()).then(|| unscreened.clone()).into_iter().chain(evidence)),
        shipment.file.to_string(),
        shipment.lines.iter().map(u64::to_string).collect::<Vec<_>>().join(" "),
        shipment.lines.len().to_string(),
        shipment.shipped.map(|day| day.to_string()).unwrap_or_default(),
        names(shipment, PartyRole::Exporter),
        names(shipment, PartyRole::Consignee),
        joined(
            shipment
                .in_role(PartyRole::Consignee)
                .filter_map(|party| party.address.country.map(|code| code.to_string())),
        ),
        names(shipment, PartyRole::EndUser),
        place(&shipment.route.departure),
        joined(shipment.route.transit.iter().map(words::place)),
        place(&shipment.route.destination),
        joined(shipment.items.iter().map(|item| item.description.clone())),
        joined(shipment.items.iter().filter_map(|item| item.hs.as_ref().map(ToString::to_string))),
        joined(shipment.items.iter().filter_map(|item| item.control_code.as_ref().map(ToString::to_string))),
        joined(screening.hits.iter().map(|(_, hit)| words::entry(hit))),
        unscreened,
        joined(shipment.faults.iter().map(|fault| {
            format!("{}: \"{}\", {}: {}", words::at(&fault.at), fault.text, fault.kind.key(), fault.reason)
        })),
        joined(rules(screening, true)),
        joined(screening.marks.iter().filter_map(|mark| mark.decision.as_deref().map(words::decision))),
    ]
}

/// The rules that fired, those that decisions clear or the others.
fn rules(screening: &Screening, cleared: bool) -> impl Iterator<Item = String> {
    let findings = screening.findings.iter().enumerate();
    let wanted = findings.filter(move |(number, _)| screening.is_cleared(*number) == cleared);
    wanted.map(|(_, finding)| finding.rule.id.clone())
}
