//! What the templates show, taken from a run and put into words. No markup.

use askama::Template;

use crate::input::RowFault;
use crate::matching::{Hit, Measure};
use crate::report::escape::prose;
use crate::report::{Options, words};
use crate::rule::{Citation, Evidence, Finding, RuleInfo, Verdict};
use crate::screening::{Outcome, RunHeader, Screening, Summary};
use crate::trade::{Identifier, LineItem, Party, Shipment};
use crate::watchlist::{ListInfo, NameQuality};

use super::chart::Charts;

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
}

impl Figures {
    pub fn new(summary: &Summary) -> Self {
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
        }
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

/// Rules that fired, with their titles.
pub fn used_rules(header: &RunHeader, summary: &Summary) -> Vec<(String, String)> {
    summary
        .rules
        .keys()
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
}

struct AuthorityView {
    words: String,
    url: Option<String>,
}

struct EvidenceView {
    subject: String,
    place: Option<String>,
    words: String,
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

struct MatchView {
    number: usize,
    role: String,
    query: String,
    part: String,
    listed: String,
    listed_as: String,
    by: &'static str,
    score: String,
    score_thousandths: u64,
    strength: &'static str,
    tokens: Vec<TokenView>,
    adjustments: Vec<(String, String)>,
    entry_line: String,
    /// Where it does not stand above already.
    entry: Option<EntryView>,
}

struct TokenView {
    query: String,
    listed: String,
    measure: &'static str,
    similarity: String,
    weight: String,
    /// In hundredths of the heaviest.
    weight_share: u64,
    why: String,
}

struct EntryView {
    list: String,
    list_title: String,
    regime: String,
    id: String,
    caption: String,
    kind: &'static str,
    effect: &'static str,
    listed: String,
    removed: Option<String>,
    programs: String,
    requirement: String,
    policy: String,
    citation: String,
    authority: String,
    names: Vec<(String, &'static str)>,
    addresses: Vec<String>,
    identifiers: Vec<String>,
    born: String,
    same_as: String,
    remarks: String,
    url: Option<String>,
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
        let findings: Vec<FindingView> =
            screening.findings.iter().map(|f| finding_view(f, shipment, screening, &mut seen)).collect();
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
    finding: &Finding,
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

fn identifier(id: &Identifier) -> String {
    let country = id.country.map(|code| format!(" ({code})")).unwrap_or_default();
    format!("{} {}{country}", id.kind.key().replace('-', " "), id.value)
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

fn match_view(number: usize, hit: &Hit, party: Option<&Party>, whole: bool) -> MatchView {
    let heaviest = hit.breakdown.tokens.iter().map(|token| token.weight).fold(0.0, f64::max);
    let quality = match hit.quality {
        NameQuality::Primary => "primary name",
        NameQuality::Strong => "good alias",
        NameQuality::Weak => "weak alias",
    };
    let listed_as = match hit.by {
        crate::matching::MatchedBy::Name => quality,
        crate::matching::MatchedBy::Identifier => "identifier",
        crate::matching::MatchedBy::Address => "address",
    };
    MatchView {
        number,
        role: party.map(|party| party.role.label()).unwrap_or_default(),
        query: hit.breakdown.query.clone(),
        part: hit.breakdown.part.clone(),
        listed: hit.listed_text.clone(),
        listed_as: listed_as.to_owned(),
        by: words::matched_by(hit.by),
        score: format!("{:.2}", hit.score),
        score_thousandths: scaled(hit.score, 1000),
        strength: hit.strength.key(),
        tokens: hit
            .breakdown
            .tokens
            .iter()
            .map(|token| TokenView {
                query: token.query.clone(),
                listed: token.listed.clone(),
                measure: token.measure.key(),
                similarity: if token.measure == Measure::Unmatched {
                    String::new()
                } else {
                    format!("{:.2}", token.similarity)
                },
                weight: format!("{:.1}", token.weight),
                weight_share: if heaviest > 0.0 { scaled(token.weight / heaviest, 100) } else { 0 },
                why: prose(&token.why),
            })
            .collect(),
        adjustments: hit
            .breakdown
            .adjustments
            .iter()
            .map(|adjustment| (format!("{:+.2}", adjustment.change), prose(&adjustment.why)))
            .collect(),
        entry_line: words::entry(hit),
        entry: whole.then(|| entry_view(hit)),
    }
}

/// A share from 0 to 1 in whole parts of `whole`, at most 1000.
fn scaled(share: f64, whole: u16) -> u64 {
    // Counting up avoids a cast from floating point.
    let limit = share.clamp(0.0, 1.0) * f64::from(whole);
    u64::from((0..whole).take_while(|step| f64::from(*step) + 0.5 <= limit).last().map_or(0, |step| step + 1))
}

fn entry_view(hit: &Hit) -> EntryView {
    let (entry, list): (_, &ListInfo) = (&hit.entry, &hit.list);
    EntryView {
        list: list.id.clone(),
        list_title: list.title.clone(),
        regime: format!("{}, {}", list.jurisdiction, list.regime.key()),
        id: entry.id.clone(),
        caption: entry.caption(),
        kind: entry.kind.key(),
        effect: words::effect(words::entry_effect(hit)),
        listed: words::date_or(entry.listed, "not stated"),
        removed: entry.removed.map(|day| day.to_string()),
        programs: words::programs(hit),
        requirement: entry.licence_requirement.as_deref().unwrap_or_default().to_owned(),
        policy: entry.licence_policy.as_deref().unwrap_or_default().to_owned(),
        citation: words::entry_citation(hit).to_owned(),
        authority: prose(&list.authority),
        names: entry
            .names
            .iter()
            .map(|name| {
                let quality = match (name.former, name.quality) {
                    (true, _) => "former name",
                    (false, NameQuality::Primary) => "primary",
                    (false, NameQuality::Strong) => "alias",
                    (false, NameQuality::Weak) => "weak alias",
                };
                (name.text.to_string(), quality)
            })
            .collect(),
        addresses: entry.addresses.iter().map(crate::trade::Address::one_line).collect(),
        identifiers: entry.identifiers.iter().map(identifier).collect(),
        born: entry.birth_dates.join("; "),
        same_as: entry.same_as.join("; "),
        remarks: prose(&entry.remarks),
        url: entry.url.as_deref().and_then(web),
    }
}

#[derive(Template)]
#[template(path = "foot.html", config = "src/report/html/askama.toml")]
pub struct Foot {
    pub script: &'static str,
    pub basis: Basis,
}

/// What the run rests on.
pub struct Basis {
    pub rule_pack: String,
    pub rule_pack_sha256: String,
    pub thresholds: String,
    pub profile: String,
    pub program: String,
    pub run: String,
    pub lists: Vec<ListView>,
    pub odd_cells: Vec<(String, String, String)>,
    pub not_screened: Vec<String>,
}

pub struct ListView {
    pub id: String,
    pub title: String,
    pub regime: String,
    pub date: String,
    pub entries: String,
    pub names: String,
    pub sha256: String,
    pub source: String,
    pub url: Option<String>,
    pub notes: Vec<String>,
}

impl Basis {
    pub fn new(header: &RunHeader, summary: &Summary) -> Self {
        Self {
            rule_pack: words::rule_pack(header),
            rule_pack_sha256: header.rule_pack_sha256.clone(),
            thresholds: words::thresholds(header),
            profile: format!("{}, {}", words::company(header), words::bound_by(header)),
            program: header.program_version.clone(),
            run: words::fingerprint(header),
            lists: header.lists.iter().map(|list| list_view(list)).collect(),
            odd_cells: summary
                .odd_cells
                .iter()
                .map(|((field, kind), count)| (field.clone(), kind.clone(), words::number(*count)))
                .collect(),
            not_screened: header.not_screened.iter().map(|sentence| prose(sentence)).collect(),
        }
    }
}

fn list_view(list: &ListInfo) -> ListView {
    ListView {
        id: list.id.clone(),
        title: list.title.clone(),
        regime: words::regime(list),
        date: words::date_or(list.edition.date, "not stated"),
        entries: words::number(words::size(list.edition.entries)),
        names: words::number(words::size(list.edition.names)),
        sha256: list.edition.sha256.clone(),
        source: list.edition.source.clone(),
        url: web(&list.edition.url),
        notes: list.notes.iter().map(|note| prose(note)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_scale_to_whole_parts() {
        assert_eq!(scaled(0.0, 1000), 0);
        assert_eq!(scaled(0.87, 1000), 870);
        assert_eq!(scaled(1.0, 1000), 1000);
        assert_eq!(scaled(f64::NAN, 1000), 0);
    }
}
