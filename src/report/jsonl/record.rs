//! The shapes of the lines. Keys and their order are the contract of the
//! published schema; words such as `end-user` are those of the rules.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

use crate::input::RowFault;
use crate::matching::{Hit, ScoreBreakdown};
use crate::rule::{Citation, Evidence, Finding, RuleInfo, Subject, Verdict};
use crate::screening::{RunHeader, Screening, Summary};
use crate::trade::{Address, At, Identifier, LineItem, Money, Party, Place, Quantity, Shipment};
use crate::watchlist::{ListInfo, ListedParty};

use super::SCHEMA_VERSION;
use crate::report::words;

/// The first line.
#[derive(Serialize)]
pub struct Run<'a> {
    r#type: &'static str,
    schema: &'static str,
    schema_version: u32,
    /// See [`words::fingerprint`].
    #[serde(rename = "run")]
    fingerprint: String,
    program: Program<'a>,
    as_of: String,
    inputs: &'a [String],
    profile: Profile<'a>,
    thresholds: Thresholds,
    lists: Vec<Value>,
    rule_pack: RulePack<'a>,
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
struct RulePack<'a> {
    version: &'a str,
    sha256: &'a str,
    rules: Vec<Value>,
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
        lists: header.lists.iter().map(|info| list(info)).collect(),
        rule_pack: RulePack {
            version: &header.rule_pack_version,
            sha256: &header.rule_pack_sha256,
            rules: header.rules.iter().map(|info| rule(info)).collect(),
        },
        not_screened: &header.not_screened,
    }
}

/// One shipment that was read.
#[derive(Serialize)]
pub struct ScreeningLine<'a> {
    r#type: &'static str,
    reference: &'a str,
    verdict: &'static str,
    file: &'a str,
    lines: &'a [u64],
    rows: u64,
    findings: Vec<Value>,
    hits: Vec<Value>,
    unscreenable: Vec<Value>,
    odd_cells: Vec<Value>,
    parties: Vec<Value>,
    route: Value,
    items: Vec<Value>,
    shipped: Option<String>,
    ordered: Option<String>,
    transport: &'a str,
    incoterm: &'a str,
}

pub fn screening<'a>(shipment: &'a Shipment, screening: &Screening) -> ScreeningLine<'a> {
    ScreeningLine {
        r#type: "screening",
        reference: &shipment.reference,
        verdict: screening.verdict.key(),
        file: &shipment.file,
        lines: &shipment.lines,
        rows: words::size(shipment.lines.len()),
        findings: screening.findings.iter().map(finding).collect(),
        hits: screening.hits.iter().map(|(party, met)| hit(*party, met)).collect(),
        unscreenable: screening
            .unscreenable
            .iter()
            .map(|part| json!({ "at": part.at.as_ref().map(at), "reason": part.reason }))
            .collect(),
        odd_cells: shipment
            .faults
            .iter()
            .map(|fault| {
                json!({ "at": at(&fault.at), "field": fault.field, "text": fault.text,
                        "kind": fault.kind.key(), "reason": fault.reason })
            })
            .collect(),
        parties: shipment.parties.iter().map(party).collect(),
        route: json!({
            "departure": shipment.route.departure.as_ref().map(place),
            "transit": shipment.route.transit.iter().map(place).collect::<Vec<_>>(),
            "destination": shipment.route.destination.as_ref().map(place),
        }),
        items: shipment.items.iter().map(item).collect(),
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
    unreadable: Value,
}

pub fn unreadable(fault: &RowFault) -> UnreadableLine<'_> {
    UnreadableLine {
        r#type: "screening",
        reference: &fault.reference,
        verdict: Verdict::Unscreened.key(),
        file: &fault.file,
        lines: [fault.line],
        rows: 1,
        unreadable: json!({ "line": fault.line, "column": fault.column.as_deref(), "reason": fault.reason }),
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
    verdicts: Value,
    rules: &'a BTreeMap<String, u64>,
    odd_cells: Vec<Value>,
    not_screened: &'a [String],
}

pub fn summary<'a>(summary: &'a Summary, not_screened: &'a [String]) -> SummaryLine<'a> {
    let verdicts: BTreeMap<&str, u64> = Verdict::ALL
        .into_iter()
        .map(|verdict| (verdict.key(), summary.verdicts.get(&verdict).copied().unwrap_or_default()))
        .collect();
    SummaryLine {
        r#type: "summary",
        rows_in: summary.rows_in,
        rows_out: summary.rows_out,
        shipments: summary.shipments,
        unreadable_rows: summary.unreadable_rows,
        verdicts: json!(verdicts),
        rules: &summary.rules,
        odd_cells: summary
            .odd_cells
            .iter()
            .map(|((field, kind), count)| json!({ "field": field, "kind": kind, "count": count }))
            .collect(),
        not_screened,
    }
}

/// Four decimals: more says nothing and differs between machines.
fn round(x: f64) -> f64 {
    (x * 10_000.0).round() / 10_000.0
}

fn day(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

fn at(at: &At) -> Value {
    json!({ "line": at.line, "column": &*at.column })
}

fn place(place: &Place) -> Value {
    json!({ "country": place.country, "text": place.text, "at": at(&place.at) })
}

fn address(address: &Address) -> Value {
    json!({ "street": address.street, "city": address.city, "postal_code": address.postal_code,
            "region": address.region, "country": address.country })
}

fn identifier(id: &Identifier) -> Value {
    json!({ "kind": id.kind.key(), "value": id.value, "country": id.country })
}

fn party(party: &Party) -> Value {
    json!({ "role": party.role.key(), "kind": party.kind.key(), "name": &*party.name,
            "address": address(&party.address),
            "identifiers": party.identifiers.iter().map(identifier).collect::<Vec<_>>(),
            "founded": day(party.founded), "at": at(&party.at) })
}

fn money(value: &Money) -> Value {
    json!({ "amount": value.amount, "currency": value.currency })
}

fn quantity(quantity: &Quantity) -> Value {
    json!({ "amount": quantity.amount, "unit": quantity.unit })
}

fn item(item: &LineItem) -> Value {
    json!({ "line": item.line, "description": item.description, "part_number": item.part_number,
            "hs": item.hs, "control_code": item.control_code, "origin": item.origin,
            "quantity": item.quantity.as_ref().map(quantity), "net_weight_kg": item.net_weight_kg,
            "gross_weight_kg": item.gross_weight_kg, "value": item.value.as_ref().map(money),
            "end_use": item.end_use, "licence": item.licence })
}

fn citation(citation: &Citation) -> Value {
    json!({ "cite": citation.cite, "date": day(citation.date), "url": citation.url,
            "certainty": citation.certainty })
}

fn rule(rule: &RuleInfo) -> Value {
    json!({ "id": rule.id, "title": rule.title, "group": rule.group, "verdict": rule.verdict.key(),
            "why": rule.why, "advice": rule.advice,
            "authority": rule.authority.iter().map(citation).collect::<Vec<_>>(),
            "from": day(rule.from), "until": day(rule.until), "red_flags": rule.red_flags })
}

fn list(list: &ListInfo) -> Value {
    json!({ "id": list.id, "title": list.title, "jurisdiction": list.jurisdiction,
            "regime": list.regime.key(), "effect": list.effect.key(), "authority": list.authority,
            "citation": list.citation,
            "edition": { "source": list.edition.source, "url": list.edition.url,
                         "date": day(list.edition.date), "sha256": list.edition.sha256,
                         "entries": list.edition.entries, "names": list.edition.names },
            "notes": list.notes })
}

fn finding(finding: &Finding) -> Value {
    json!({ "rule": finding.rule.id, "title": finding.rule.title, "verdict": finding.rule.verdict.key(),
            "evidence": finding.evidence.iter().map(evidence).collect::<Vec<_>>() })
}

fn evidence(evidence: &Evidence) -> Value {
    let subject = match evidence.subject {
        Subject::Shipment => json!({ "kind": "shipment" }),
        Subject::Route => json!({ "kind": "route" }),
        Subject::Party(index) => json!({ "kind": "party", "index": index }),
        Subject::Item(index) => json!({ "kind": "item", "index": index }),
    };
    json!({ "subject": subject, "at": evidence.at.as_ref().map(at), "hit": evidence.hit,
            "words": evidence.words })
}

fn hit(party: usize, hit: &Hit) -> Value {
    json!({ "party": party, "list": hit.list.id, "entry": entry(hit, &hit.entry), "by": hit.by.key(),
            "listed_text": hit.listed_text, "quality": hit.quality.key(), "score": round(hit.score),
            "strength": hit.strength.key(), "breakdown": breakdown(&hit.breakdown) })
}

fn entry(hit: &Hit, entry: &ListedParty) -> Value {
    json!({ "id": entry.id, "kind": entry.kind.key(), "caption": entry.caption(),
            "names": entry.names.iter().map(|name| {
                json!({ "text": name.text, "quality": name.quality.key(), "former": name.former })
            }).collect::<Vec<_>>(),
            "addresses": entry.addresses.iter().map(address).collect::<Vec<_>>(),
            "countries": entry.countries,
            "identifiers": entry.identifiers.iter().map(identifier).collect::<Vec<_>>(),
            "programs": entry.programs.iter().map(|program| &**program).collect::<Vec<_>>(),
            "effect": words::entry_effect(hit).key(), "address_only": entry.address_only,
            "licence_requirement": entry.licence_requirement.as_deref(),
            "licence_policy": entry.licence_policy.as_deref(),
            "citation": words::entry_citation(hit), "birth_dates": entry.birth_dates,
            "listed": day(entry.listed), "removed": day(entry.removed), "same_as": entry.same_as,
            "remarks": entry.remarks, "url": entry.url.as_deref() })
}

fn breakdown(breakdown: &ScoreBreakdown) -> Value {
    json!({ "query": breakdown.query, "part": breakdown.part, "listed": breakdown.listed,
            "score": round(breakdown.score),
            "tokens": breakdown.tokens.iter().map(|token| {
                json!({ "query": token.query, "listed": token.listed, "measure": token.measure.key(),
                        "similarity": round(token.similarity), "weight": round(token.weight),
                        "why": token.why })
            }).collect::<Vec<_>>(),
            "adjustments": breakdown.adjustments.iter().map(|adjustment| {
                json!({ "why": adjustment.why, "change": round(adjustment.change) })
            }).collect::<Vec<_>>() })
}
