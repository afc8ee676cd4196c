//! A flagged shipment in full.

use askama::Template;

use super::entry::{MatchView, match_view};
use super::{identifier, lane, text_or, web};
use crate::flow::history::Series;
use crate::report::escape::prose;
use crate::report::spark::{Size, Spark, short};
use crate::report::{Options, words};
use crate::rule::{Citation, Evidence, Finding, RuleInfo};
use crate::screening::Screening;
use crate::trade::{LineItem, Party, Shipment};

/// A flagged shipment in full.
#[derive(Template)]
#[template(path = "card.html", config = "src/report/html/askama.toml")]
pub struct Card {
    number: u64,
    open: bool,
    verdict: &'static str,
    reference: String,
    place: String,
    lane: String,
    destination: String,
    route: String,
    rules: Vec<String>,
    lists: String,
    unscreenable: Vec<(String, String)>,
    advice: &'static str,
    findings: Vec<FindingView>,
    parties: Vec<PartyView>,
    items: Vec<ItemView>,
    faults: Vec<FaultView>,
    facts: Vec<(&'static str, String)>,
}

struct FindingView {
    rule: String,
    verdict: &'static str,
    title: String,
    evidence: Vec<EvidenceView>,
    why: String,
    advice: String,
    authority: Vec<AuthorityView>,
    in_force: String,
    cleared: bool,
    lead: &'static str,
    marks: Vec<words::Decided>,
}

struct AuthorityView {
    words: String,
    url: Option<String>,
}

struct EvidenceView {
    subject: String,
    place: Option<String>,
    words: String,
    /// The figures over time as an image, already escaped, and what it shows.
    chart: Option<(String, String)>,
    hit: Option<MatchView>,
    /// A hit that stands above: its number, names and score.
    seen: Option<(usize, String)>,
}

struct PartyView {
    role: String,
    name: String,
    founded: String,
    address: String,
    identifiers: Vec<String>,
    place: String,
}

struct ItemView {
    line: u64,
    description: String,
    part_number: String,
    hs: String,
    control_code: String,
    origin: String,
    quantity: String,
    weight: String,
    value: String,
    end_use: String,
    licence: String,
}

struct FaultView {
    place: String,
    text: String,
    kind: &'static str,
    reason: String,
}

impl Card {
    pub fn new(
        number: u64,
        open: bool,
        shipment: &Shipment,
        screening: &Screening,
        options: &Options,
    ) -> Self {
        let mut seen = words::Shown::default();
        let findings: Vec<FindingView> = screening
            .findings
            .iter()
            .enumerate()
            .map(|f| finding_view(f, shipment, screening, &mut seen))
            .collect();
        let mut rules: Vec<String> = findings.iter().map(|finding| finding.rule.clone()).collect();
        rules.dedup();
        let mut lists: Vec<&str> = screening.hits.iter().map(|(_, hit)| hit.list.id.as_str()).collect();
        lists.sort_unstable();
        lists.dedup();
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let facts = [
            ("Shipped", day(shipment.shipped)),
            ("Ordered", day(shipment.ordered)),
            ("Transport", shipment.transport.clone()),
            ("Delivery term", shipment.incoterm.clone()),
        ];
        Self {
            number,
            open,
            verdict: screening.verdict.key(),
            reference: text_or(&shipment.reference, "No reference"),
            place: format!("{}, {}", shipment.file, words::lines(&shipment.lines)),
            lane: lane(shipment, options),
            destination: words::lane(shipment).1.map(|code| code.to_string()).unwrap_or_default(),
            route: words::route(shipment),
            rules,
            lists: lists.join(" "),
            unscreenable: screening
                .unscreenable
                .iter()
                .map(|part| (prose(&part.reason), part.at.as_ref().map(words::at).unwrap_or_default()))
                .collect(),
            advice: words::UNSCREENED_ADVICE,
            findings,
            parties: shipment.parties.iter().map(party_view).collect(),
            items: shipment.items.iter().map(item_view).collect(),
            faults: shipment
                .faults
                .iter()
                .map(|fault| FaultView {
                    place: words::at(&fault.at),
                    text: fault.text.clone(),
                    kind: fault.kind.key(),
                    reason: prose(&fault.reason),
                })
                .collect(),
            facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        }
    }
}

fn finding_view(
    (number, finding): (usize, &Finding),
    shipment: &Shipment,
    screening: &Screening,
    seen: &mut words::Shown,
) -> FindingView {
    let rule: &RuleInfo = &finding.rule;
    FindingView {
        rule: rule.id.clone(),
        verdict: rule.verdict.key(),
        title: prose(&rule.title),
        evidence: finding.evidence.iter().map(|e| evidence_view(e, shipment, screening, seen)).collect(),
        why: prose(&rule.why),
        advice: prose(&rule.advice),
        authority: rule.authority.iter().map(authority_view).collect(),
        in_force: in_force(rule),
        cleared: screening.is_cleared(number),
        lead: words::cleared_lead(screening, number),
        marks: words::decided(screening, number),
    }
}

fn in_force(rule: &RuleInfo) -> String {
    match (rule.from, rule.until) {
        (None, None) => String::new(),
        (Some(from), None) => format!("Rule in force from {from}."),
        (None, Some(until)) => format!("Rule in force until {until}."),
        (Some(from), Some(until)) => format!("Rule in force from {from} until {until}."),
    }
}

fn authority_view(citation: &Citation) -> AuthorityView {
    AuthorityView { words: words::citation(citation), url: web(&citation.url) }
}

fn evidence_view(
    evidence: &Evidence,
    shipment: &Shipment,
    screening: &Screening,
    seen: &mut words::Shown,
) -> EvidenceView {
    let mut view = EvidenceView {
        subject: words::subject(evidence.subject, shipment),
        place: evidence.at.as_ref().map(words::at),
        words: prose(&evidence.words),
        chart: evidence.series.as_deref().map(chart),
        hit: None,
        seen: None,
    };
    if let Some((index, hit)) = words::hit(evidence, screening) {
        if seen.first_hit(index) {
            let party = screening.hits.get(index).and_then(|(party, _)| shipment.parties.get(*party));
            view.hit = Some(match_view(index, hit, party, seen.first_entry(hit)));
        } else {
            let line = format!("{} ↔ {} ({:.2})", hit.breakdown.query, words::entry(hit), hit.score);
            view.seen = Some((index, line));
        }
    }
    view
}

fn chart(series: &Series) -> (String, String) {
    let values: Vec<f64> = series.values.iter().map(|value| f64::try_from(*value).unwrap_or(0.0)).collect();
    let title = prose(&series.title);
    let spark = Spark {
        title: &title,
        labels: &series.labels,
        values: &values,
        band: &[],
        start: series.start,
        size: Size::Mini,
    };
    let highest = values.iter().copied().fold(0.0, f64::max);
    (spark.svg(), format!("{title}, up to {}", short(highest)))
}

fn party_view(party: &Party) -> PartyView {
    PartyView {
        role: party.role.label(),
        name: party.name.to_string(),
        founded: party.founded.map(|day| day.to_string()).unwrap_or_default(),
        address: party.address.one_line(),
        identifiers: party.identifiers.iter().map(identifier).collect(),
        place: words::at(&party.at),
    }
}

fn item_view(item: &LineItem) -> ItemView {
    let net = item.net_weight_kg.map(|kg| format!("{kg} kg net"));
    let gross = item.gross_weight_kg.map(|kg| format!("{kg} kg gross"));
    ItemView {
        line: item.line,
        description: item.description.clone(),
        part_number: item.part_number.clone(),
        hs: item.hs.as_ref().map(ToString::to_string).unwrap_or_default(),
        control_code: item.control_code.as_ref().map(ToString::to_string).unwrap_or_default(),
        origin: item.origin.map(|code| code.to_string()).unwrap_or_default(),
        quantity: item.quantity.as_ref().map(words::quantity).unwrap_or_default(),
        weight: [net, gross].into_iter().flatten().collect::<Vec<_>>().join(", "),
        value: item.value.as_ref().map(words::money).unwrap_or_default(),
        end_use: item.end_use.clone(),
        licence: item.licence.clone(),
    }
}
