//! Findings, evidence and hits as JSON.

use serde::Serialize;

use crate::decision;
use crate::matching;
use crate::report::words;
use crate::rule::{self, Subject};
use crate::screening::{self, Screening};
use crate::trade::CountryCode;

use super::shipment::{Address, At, Identifier, day};

/// Four decimals: more says nothing and differs between machines.
pub fn round(x: f64) -> f64 {
    (x * 10_000.0).round() / 10_000.0
}

#[derive(Serialize)]
pub struct Finding<'a> {
    rule: &'a str,
    title: &'a str,
    verdict: &'static str,
    evidence: Vec<Evidence<'a>>,
    cleared: bool,
    /// Cleared, and not without a baseline.
    baseline: bool,
    /// The verdict of the rule itself, where the configuration sets another.
    own_verdict: Option<&'static str>,
    marks: Vec<Mark<'a>>,
}

impl<'a> Finding<'a> {
    pub fn new(number: usize, finding: &'a rule::Finding, screening: &'a Screening) -> Self {
        Self {
            rule: &finding.rule.id,
            title: &finding.rule.title,
            verdict: finding.rule.verdict.key(),
            evidence: finding.evidence.iter().map(Evidence::new).collect(),
            cleared: screening.is_cleared(number),
            baseline: screening.is_baseline(number),
            own_verdict: finding.rule.own_verdict.map(rule::Verdict::key),
            marks: screening.marks_of(number).map(Mark::new).collect(),
        }
    }
}

/// What the finding is recognised by; with a list entry, one for each.
#[derive(Serialize)]
struct Mark<'a> {
    fingerprint: &'a str,
    hit: Option<usize>,
    also: &'a [usize],
    rule_version: &'a str,
    entry_state: &'a str,
    party_state: &'a str,
    grave: bool,
    decision: Option<Decision<'a>>,
    back: Option<&'a str>,
}

#[derive(Serialize)]
struct Decision<'a> {
    kind: &'static str,
    by: &'a str,
    second: &'a str,
    on: String,
    expires: String,
    scope: &'a str,
    reason: &'a str,
    licence: &'a str,
    /// What the licence had left before the run.
    balance: Option<String>,
    unit: &'a str,
    r#override: &'a str,
    /// Place in the file, from 0.
    number: usize,
}

impl<'a> Mark<'a> {
    fn new(mark: &'a screening::Mark) -> Self {
        Self {
            fingerprint: mark.fingerprint.as_str(),
            hit: mark.hit,
            also: &mark.also,
            rule_version: &mark.rule,
            entry_state: &mark.entry,
            party_state: &mark.party,
            grave: mark.grave,
            decision: mark.decision.as_deref().map(Decision::new),
            back: mark.back.as_deref(),
        }
    }
}

impl<'a> Decision<'a> {
    fn new(held: &'a decision::Applied) -> Self {
        Self {
            kind: held.kind.key(),
            by: &held.by,
            second: &held.second,
            on: held.on.to_string(),
            expires: held.expires.to_string(),
            scope: &held.scope,
            reason: &held.reason,
            licence: &held.licence,
            balance: held.balance.as_ref().map(|(balance, _)| balance.normalize().to_string()),
            unit: held.balance.as_ref().map_or("", |(_, unit)| unit),
            r#override: &held.override_reason,
            number: held.number,
        }
    }
}

#[derive(Serialize)]
struct Evidence<'a> {
    subject: About,
    at: Option<At<'a>>,
    hit: Option<usize>,
    words: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<Series<'a>>,
}

/// Figures over time.
#[derive(Serialize)]
struct Series<'a> {
    title: &'a str,
    labels: &'a [String],
    /// As decimal texts, exact.
    values: Vec<String>,
    start: Option<usize>,
}

#[derive(Serialize)]
struct About {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
}

impl<'a> Evidence<'a> {
    fn new(evidence: &'a rule::Evidence) -> Self {
        let (kind, index) = match evidence.subject {
            Subject::Shipment => ("shipment", None),
            Subject::Route => ("route", None),
            Subject::Party(index) => ("party", Some(index)),
            Subject::Item(index) => ("item", Some(index)),
        };
        Self {
            subject: About { kind, index },
            at: evidence.at.as_ref().map(At::new),
            hit: evidence.hit,
            words: &evidence.words,
            series: evidence.series.as_deref().map(|series| Series {
                title: &series.title,
                labels: &series.labels,
                values: series.values.iter().map(|value| value.normalize().to_string()).collect(),
                start: series.start,
            }),
        }
    }
}

#[derive(Serialize)]
pub struct Hit<'a> {
    party: usize,
    list: &'a str,
    entry: Entry<'a>,
    by: &'static str,
    listed_text: &'a str,
    quality: &'static str,
    score: f64,
    strength: &'static str,
    breakdown: Breakdown<'a>,
}

impl<'a> Hit<'a> {
    pub fn new(party: usize, hit: &'a matching::Hit) -> Self {
        Self {
            party,
            list: &hit.list.id,
            entry: Entry::new(hit),
            by: hit.by.key(),
            listed_text: &hit.listed_text,
            quality: hit.quality.key(),
            score: round(hit.score),
            strength: hit.strength.key(),
            breakdown: Breakdown::new(&hit.breakdown),
        }
    }
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    kind: &'static str,
    caption: String,
    names: Vec<Name<'a>>,
    addresses: Vec<Address<'a>>,
    countries: &'a [CountryCode],
    identifiers: Vec<Identifier<'a>>,
    programs: Vec<&'a str>,
    effect: &'static str,
    address_only: bool,
    licence_requirement: Option<&'a str>,
    licence_policy: Option<&'a str>,
    citation: &'a str,
    birth_dates: &'a [String],
    birth_places: &'a [String],
    nationalities: &'a [CountryCode],
    relations: Vec<Relation<'a>>,
    listed: Option<String>,
    removed: Option<String>,
    same_as: &'a [String],
    remarks: &'a str,
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Relation<'a> {
    kind: &'static str,
    name: &'a str,
    id: Option<&'a str>,
    share: Option<&'a str>,
}

#[derive(Serialize)]
struct Name<'a> {
    text: &'a str,
    quality: &'static str,
    former: bool,
}

impl<'a> Entry<'a> {
    fn new(hit: &'a matching::Hit) -> Self {
        let entry = &hit.entry;
        let names = entry.names.iter();
        Self {
            id: &entry.id,
            kind: entry.kind.key(),
            caption: entry.caption(),
            names: names
                .map(|name| Name { text: &name.text, quality: name.quality.key(), former: name.former })
                .collect(),
            addresses: entry.addresses.iter().map(Address::new).collect(),
            countries: &entry.countries,
            identifiers: entry.identifiers.iter().map(Identifier::new).collect(),
            programs: entry.programs.iter().map(AsRef::as_ref).collect(),
            effect: words::entry_effect(hit).key(),
            address_only: entry.address_only,
            licence_requirement: entry.licence_requirement.as_deref(),
            licence_policy: entry.licence_policy.as_deref(),
            citation: words::entry_citation(hit),
            birth_dates: &entry.birth_dates,
            birth_places: &entry.birth_places,
            nationalities: &entry.nationalities,
            relations: entry
                .relations
                .iter()
                .map(|relation| Relation {
                    kind: relation.kind.key(),
                    name: &relation.name,
                    id: relation.id.as_deref(),
                    share: relation.share.as_deref(),
                })
                .collect(),
            listed: day(entry.listed),
            removed: day(entry.removed),
            same_as: &entry.same_as,
            remarks: &entry.remarks,
            url: entry.url.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct Breakdown<'a> {
    query: &'a str,
    part: &'a str,
    listed: &'a str,
    score: f64,
    tokens: Vec<Token<'a>>,
    adjustments: Vec<Adjustment<'a>>,
}

#[derive(Serialize)]
struct Token<'a> {
    query: &'a str,
    listed: &'a str,
    measure: &'static str,
    similarity: f64,
    weight: f64,
    why: &'a str,
}

#[derive(Serialize)]
struct Adjustment<'a> {
    why: &'a str,
    change: f64,
}

impl<'a> Breakdown<'a> {
    fn new(breakdown: &'a matching::ScoreBreakdown) -> Self {
        let token = |token: &'a matching::TokenMatch| Token {
            query: &token.query,
            listed: &token.listed,
            measure: token.measure.key(),
            similarity: round(token.similarity),
            weight: round(token.weight),
            why: &token.why,
        };
        Self {
            query: &breakdown.query,
            part: &breakdown.part,
            listed: &breakdown.listed,
            score: round(breakdown.score),
            tokens: breakdown.tokens.iter().map(token).collect(),
            adjustments: breakdown
                .adjustments
                .iter()
                .map(|adjustment| Adjustment { why: &adjustment.why, change: round(adjustment.change) })
                .collect(),
        }
    }
}
