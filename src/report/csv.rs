//! Two tables for spreadsheets: one row per shipment, and one per piece of
//! evidence.
//!
//! Every cell goes through [`cell`](super::escape::cell), so that none is a
//! formula: an apostrophe before `=`, `+`, `-` or `@` is redflag's, and control
//! characters stand as escapes. The column `run` holds the fingerprint of the
//! run on every row; `provenance` holds lists, rules, profile and what was not
//! screened in words, on the first row only, since it is the same for all.

use std::io::{self, Write};

use crate::rule::Verdict;
use crate::screening::{Outcome, RunHeader, Screening, Summary};
use crate::trade::{PartyRole, Shipment};

use super::escape::cell;
use super::{Sink, words};

const SHIPMENT_COLUMNS: [&str; 24] = [
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
    "run",
    "provenance",
];

const FINDING_COLUMNS: [&str; 33] = [
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
    "run",
    "provenance",
];

/// What both tables share: the writer and the two last columns.
struct Rows {
    writer: csv::Writer<Box<dyn Write + Send>>,
    run: String,
    /// Taken by the first row.
    provenance: String,
}

impl Rows {
    fn new(out: Box<dyn Write + Send>) -> Self {
        let writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(out);
        Self { writer, run: String::new(), provenance: String::new() }
    }

    fn begin(&mut self, header: &RunHeader, columns: &[&str]) -> io::Result<()> {
        self.run = words::fingerprint(header);
        self.provenance = words::provenance(header);
        self.writer.write_record(columns).map_err(io_error)
    }

    fn row(&mut self, cells: &[String]) -> io::Result<()> {
        let provenance = std::mem::take(&mut self.provenance);
        let cells = cells.iter().chain([&self.run, &provenance]).map(|text| cell(text));
        self.writer.write_record(cells).map_err(io_error)
    }
}

/// Keeps the kind (full disk, closed pipe) for the caller.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// One row per shipment or unreadable row.
pub struct Shipments(Rows);

impl Shipments {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self(Rows::new(out))
    }
}

impl Sink for Shipments {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.0.begin(header, &SHIPMENT_COLUMNS)
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        match outcome {
            Outcome::Screened { shipment, screening } => self.0.row(&shipment_row(shipment, screening)),
            Outcome::Unreadable(fault) => {
                let mut row = vec![String::new(); SHIPMENT_COLUMNS.len() - 2];
                let reason = match &fault.column {
                    Some(column) => format!("column \"{column}\": {}", fault.reason),
                    None => fault.reason.clone(),
                };
                set(
                    &mut row,
                    &SHIPMENT_COLUMNS,
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
                self.0.row(&row)
            }
        }
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        self.0.writer.flush()
    }
}

fn set(row: &mut [String], columns: &[&str], cells: &[(&str, &str)]) {
    for (column, text) in cells {
        if let Some(slot) = columns.iter().position(|name| name == column).and_then(|at| row.get_mut(at)) {
            (*text).clone_into(slot);
        }
    }
}

/// The texts without repetition, joined with `; `, in their order.
fn joined(texts: impl IntoIterator<Item = String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !text.is_empty() && !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.join("; ")
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
        joined(screening.findings.iter().map(|finding| finding.rule.id.clone())),
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
    ]
}

/// One row per piece of evidence, and one per part that could not be
/// screened. A clear shipment has none.
pub struct Findings(Rows);

impl Findings {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self(Rows::new(out))
    }

    fn unscreened(
        &mut self,
        reference: &str,
        file: &str,
        first_line: u64,
        line: u64,
        column: &str,
        reason: &str,
    ) -> io::Result<()> {
        let mut row = vec![String::new(); FINDING_COLUMNS.len() - 2];
        set(
            &mut row,
            &FINDING_COLUMNS,
            &[
                ("reference", reference),
                ("line", &first_line.to_string()),
                ("verdict", Verdict::Unscreened.key()),
                ("title", "Could not be screened"),
                ("evidence", reason),
                ("evidence_line", &line.to_string()),
                ("column", column),
                ("advice", words::UNSCREENED_ADVICE),
                ("file", file),
            ],
        );
        self.0.row(&row)
    }
}

impl Sink for Findings {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.0.begin(header, &FINDING_COLUMNS)
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        match outcome {
            Outcome::Unreadable(fault) => {
                let column = fault.column.as_deref().unwrap_or_default();
                self.unscreened(&fault.reference, &fault.file, fault.line, fault.line, column, &fault.reason)
            }
            Outcome::Screened { shipment, screening } => {
                let first = shipment.lines.first().copied().unwrap_or_default();
                for part in &screening.unscreenable {
                    let (line, column) = part.at.as_ref().map_or((first, ""), |at| (at.line, &*at.column));
                    self.unscreened(&shipment.reference, &shipment.file, first, line, column, &part.reason)?;
                }
                for finding in &screening.findings {
                    for evidence in &finding.evidence {
                        self.0.row(&finding_row(shipment, screening, finding, evidence))?;
                    }
                }
                Ok(())
            }
        }
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        self.0.writer.flush()
    }
}

fn finding_row(
    shipment: &Shipment,
    screening: &Screening,
    finding: &crate::rule::Finding,
    evidence: &crate::rule::Evidence,
) -> Vec<String> {
    let mut row = vec![String::new(); FINDING_COLUMNS.len() - 2];
    let first_line = shipment.lines.first().map(u64::to_string).unwrap_or_default();
    let authority = joined(finding.rule.authority.iter().map(words::citation));
    let subject = words::subject(evidence.subject, shipment);
    set(
        &mut row,
        &FINDING_COLUMNS,
        &[
            ("reference", &shipment.reference),
            ("line", &first_line),
            ("verdict", screening.verdict.key()),
            ("rule", &finding.rule.id),
            ("rule_verdict", finding.rule.verdict.key()),
            ("title", &finding.rule.title),
            ("evidence", &evidence.words),
            ("subject", &subject),
            ("why", &super::escape::prose(&finding.rule.why)),
            ("advice", &super::escape::prose(&finding.rule.advice)),
            ("authority", &authority),
            ("file", &shipment.file),
        ],
    );
    if let Some(at) = &evidence.at {
        set(&mut row, &FINDING_COLUMNS, &[("evidence_line", &at.line.to_string()), ("column", &at.column)]);
    }
    let hit = words::hit(evidence, screening);
    let party = match evidence.subject {
        crate::rule::Subject::Party(index) => Some(index),
        _ => hit.and_then(|(index, _)| screening.hits.get(index)).map(|(party, _)| *party),
    };
    if let Some(party) = party.and_then(|index| shipment.parties.get(index)) {
        set(&mut row, &FINDING_COLUMNS, &[("party_role", party.role.key()), ("party", &party.name)]);
    }
    if let Some((_, hit)) = hit {
        set(
            &mut row,
            &FINDING_COLUMNS,
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

#[cfg(test)]
mod tests {
    use super::super::fixture::{header, outcomes, written};
    use super::super::{Format, Options};
    use super::*;

    fn table(format: Format) -> Vec<Vec<String>> {
        let text = written(format, &Options::default(), &header(), &outcomes());
        csv::Reader::from_reader(text.as_bytes())
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn every_shipment_and_unreadable_row_has_one_row() {
        assert_eq!(table(Format::Csv).len(), outcomes().len());
    }

    #[test]
    fn every_piece_of_evidence_has_one_row() {
        let expected: usize = outcomes()
            .iter()
            .map(|outcome| match outcome {
                Outcome::Unreadable(_) => 1,
                Outcome::Screened { screening, .. } => {
                    screening.unscreenable.len()
                        + screening.findings.iter().map(|finding| finding.evidence.len()).sum::<usize>()
                }
            })
            .sum();
        assert_eq!(table(Format::CsvFindings).len(), expected);
    }

    #[test]
    fn the_lists_stand_on_the_first_row_and_the_fingerprint_on_all() {
        for format in [Format::Csv, Format::CsvFindings] {
            let rows = table(format);
            let fingerprint = words::fingerprint(&header());
            assert!(rows[0].last().unwrap().contains("us-sdn (2026-07-31, 18,710 entries"));
            assert!(rows[0].last().unwrap().contains("Ownership: companies owned"));
            for row in &rows {
                assert_eq!(row[row.len() - 2], fingerprint);
            }
        }
    }

    #[test]
    fn the_tables_read_as_agreed() {
        let options = Options::default();
        insta::assert_snapshot!("csv", written(Format::Csv, &options, &header(), &outcomes()));
        insta::assert_snapshot!(
            "csv-findings",
            written(Format::CsvFindings, &options, &header(), &outcomes())
        );
    }
}
