//! What the templates show, taken from a run and put into words. No markup.

mod basis;
mod card;
mod entry;

use askama::Template;

use crate::input::RowFault;
use crate::report::escape::prose;
use crate::report::{Options, words};
use crate::rule::Verdict;
use crate::screening::{Outcome, RunHeader, Summary};
use crate::trade::{Identifier, Shipment};

use super::chart::Charts;
pub use basis::{Basis, Foot};
pub use card::Card;

/// A web address as published, or nothing where it is something else.
fn web(url: &str) -> Option<String> {
    (url.starts_with("https://") || url.starts_with("http://")).then(|| url.to_owned())
}

fn text_or(text: &str, otherwise: &str) -> String {
    if text.trim().is_empty() { otherwise.to_owned() } else { text.to_owned() }
}

pub struct Head {
    pub company: String,
    pub as_of: String,
    pub files: String,
    pub run: String,
    pub program: String,
    pub bound_by: String,
    pub lists: String,
    pub not_screened: Vec<String>,
}

impl Head {
    pub fn new(header: &RunHeader) -> Self {
        let entries: u64 = header.lists.iter().map(|list| words::size(list.edition.entries)).sum();
        let lists = words::count(words::size(header.lists.len()), "list", "lists");
        Self {
            company: words::company(header).to_owned(),
            as_of: header.as_of.to_string(),
            files: header.inputs.join(", "),
            run: words::fingerprint(header),
            program: header.program_version.clone(),
            bound_by: words::bound_by(header),
            lists: format!("{lists}, {}", words::count(entries, "entry", "entries")),
            not_screened: header.not_screened.iter().map(|sentence| prose(sentence)).collect(),
        }
    }
}

pub struct Figures {
    pub shipments: String,
    pub rows_in: String,
    pub rows_out: String,
    pub unreadable: String,
    pub rows_missing: bool,
    pub unscreened: u64,
    pub sentence: String,
    /// What decisions clear, in words; may be empty.
    pub cleared: String,
    /// Whether shipments are clear only by decision.
    pub decided: bool,
}

impl Figures {
    /// `decided`: shipments that are clear only by decision.
    pub fn new(summary: &Summary, decided: u64) -> Self {
        let of = |verdict| summary.verdicts.get(&verdict).copied().unwrap_or_default();
        let unscreened = of(Verdict::Unscreened);
        let stopped = of(Verdict::Block) + of(Verdict::Hold);
        let review = of(Verdict::Review);
        let sentence = match (stopped, review) {
            (0, 0) => "No shipment must be stopped.".to_owned(),
            (0, n) => {
                format!("{} should be looked at before going.", words::count(n, "shipment", "shipments"))
            }
            (n, _) => format!("{} must not go for now.", words::count(n, "shipment", "shipments")),
        };
        Self {
            shipments: words::count(summary.shipments, "shipment", "shipments"),
            rows_in: words::count(summary.rows_in, "row", "rows"),
            rows_out: words::number(summary.rows_out),
            unreadable: words::count(summary.unreadable_rows, "row", "rows"),
            rows_missing: summary.rows_in != summary.rows_out,
            unscreened,
            sentence,
            cleared: cleared(summary, decided),
            decided: decided > 0,
        }
    }
}

/// `12 findings cleared by decision, 3 by baseline; 5 shipments are clear only
/// so.`
fn cleared(summary: &Summary, decided: u64) -> String {
    let findings = |count| words::count(count, "finding", "findings");
    let parts = [(&summary.cleared, "decision"), (&summary.baseline, "baseline")].map(|(counts, by)| {
        let count: u64 = counts.values().sum();
        (count > 0).then(|| format!("{} cleared by {by}", findings(count)))
    });
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match (parts.is_empty(), decided) {
        (true, _) => String::new(),
        (false, 0) => format!("{}.", parts.join(", ")),
        (false, 1) => format!("{}; 1 shipment is clear only so.", parts.join(", ")),
        (false, n) => format!("{}; {} shipments are clear only so.", parts.join(", "), words::number(n)),
    }
}

#[derive(Template)]
#[template(path = "top.html", config = "src/report/html/askama.toml")]
pub struct Top<'a> {
    pub policy: String,
    pub style: &'static str,
    pub head: Head,
    pub figures: Figures,
    pub charts: Charts,
    pub rules: Vec<(String, String)>,
    pub lists: Vec<&'a str>,
    pub destinations: std::collections::BTreeMap<String, String>,
}

/// Rules that fired, with their titles; those whose findings are cleared too.
pub fn used_rules(header: &RunHeader, summary: &Summary) -> Vec<(String, String)> {
    let ids: std::collections::BTreeSet<&String> = [&summary.rules, &summary.cleared, &summary.baseline]
        .into_iter()
        .flat_map(|counts| counts.keys())
        .collect();
    ids.into_iter()
        .map(|id| {
            let title = header.rules.iter().find(|rule| rule.id == *id).map_or("", |rule| &rule.title);
            (id.clone(), title.to_owned())
        })
        .collect()
}

#[derive(Template)]
#[template(path = "section.html", config = "src/report/html/askama.toml")]
pub struct SectionHead {
    pub verdict: &'static str,
    pub count: String,
    pub meaning: &'static str,
}

/// What stands before shipments that are clear only by decision.
#[derive(Template)]
#[template(path = "cleared.html", config = "src/report/html/askama.toml")]
pub struct ClearedHead {
    pub count: String,
    pub meaning: &'static str,
    /// Those that stand in the table below.
    pub beyond: Option<String>,
}

#[derive(Template)]
#[template(path = "table.html", config = "src/report/html/askama.toml")]
pub struct TableHead<'a> {
    pub sentence: &'a str,
    pub kept: String,
    pub left_out: Option<String>,
    pub verdict: &'static str,
}

/// A shipment on one row of a table.
#[derive(Template)]
#[template(path = "row.html", config = "src/report/html/askama.toml")]
pub struct Row {
    reference: String,
    place: String,
    exporter: String,
    consignee: String,
    lane: String,
    rules: String,
}

impl Row {
    pub fn new(outcome: &Outcome, options: &Options) -> Self {
        match outcome {
            Outcome::Screened { shipment, screening } => {
                use crate::trade::PartyRole::{Consignee, Exporter};
                let name = |role| shipment.in_role(role).next().map(words::party).unwrap_or_default();
                let mut rules: Vec<&str> = screening.findings.iter().map(|f| f.rule.id.as_str()).collect();
                rules.dedup();
                Self {
                    reference: text_or(&shipment.reference, "no reference"),
                    place: format!("{}, {}", shipment.file, words::lines(&shipment.lines)),
                    exporter: name(Exporter),
                    consignee: name(Consignee),
                    lane: lane(shipment, options),
                    rules: rules.join(", "),
                }
            }
            Outcome::Unreadable(fault) => Self {
                reference: text_or(&fault.reference, "no reference"),
                place: format!("{}, line {}", fault.file, fault.line),
                exporter: String::new(),
                consignee: String::new(),
                lane: String::new(),
                rules: fault.reason.clone(),
            },
        }
    }
}

fn lane(shipment: &Shipment, options: &Options) -> String {
    let (from, to) = words::lane(shipment);
    format!("{} → {}", words::country(from, options), words::country(to, options))
}

#[derive(Template)]
#[template(path = "unreadable.html", config = "src/report/html/askama.toml")]
pub struct Unreadable {
    number: u64,
    reference: String,
    place: String,
    column: Option<String>,
    reason: String,
    advice: &'static str,
}

impl Unreadable {
    pub fn new(number: u64, fault: &RowFault) -> Self {
        Self {
            number,
            reference: text_or(&fault.reference, "Row without reference"),
            place: format!("{}, line {}", fault.file, fault.line),
            column: fault.column.as_ref().map(ToString::to_string),
            reason: prose(&fault.reason),
            advice: words::UNSCREENED_ADVICE,
        }
    }
}

fn identifier(id: &Identifier) -> String {
    let country = id.country.map(|code| format!(" ({code})")).unwrap_or_default();
    format!("{} {}{country}", id.kind.key().replace('-', " "), id.value)
}
