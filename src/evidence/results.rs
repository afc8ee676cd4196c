//! The results of a run, one line of JSON each: every shipment and every row
//! that could not be read, clean ones as carefully as hits.
//!
//! A party stands once, on a line of its own before the first shipment that
//! names it; shipments name it by its number. So the file holds all that a
//! later look at the parties needs, and stays small.

use std::io::{self, Write};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::input::RowFault;
use crate::rule::{Evidence, Subject};
use crate::screening::{Mark, Outcome, Screening};
use crate::trade::{Address, Identifier, Party, PartyKind, Shipment};

/// Version of the lines, on the first one.
pub const VERSION: u32 = 1;

/// All of a party that matching can read.
#[derive(PartialEq, Eq, Hash, Debug)]
struct Key {
    kind: PartyKind,
    name: Arc<str>,
    address: Address,
    identifiers: Vec<Identifier>,
}

/// Writes results in the order they come.
#[derive(Debug)]
pub struct ResultWriter {
    parties: FxHashMap<Key, u64>,
    files: Vec<Arc<str>>,
    lines: u64,
}

impl Default for ResultWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl ResultWriter {
    #[must_use]
    pub fn new() -> Self {
        Self { parties: FxHashMap::default(), files: Vec::new(), lines: 0 }
    }

    /// Lines written.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Distinct parties written.
    #[must_use]
    pub fn parties(&self) -> u64 {
        self.parties.len() as u64
    }

    /// The first line.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn begin(&mut self, out: &mut impl Write) -> io::Result<()> {
        self.lines += 1;
        writeln!(out, "{{\"results\":{VERSION}}}")
    }

    /// An outcome, after the lines of what it names first.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn outcome(&mut self, outcome: &Outcome, out: &mut impl Write) -> io::Result<()> {
        match outcome {
            Outcome::Screened { shipment, screening } => self.screened(shipment, screening, out),
            Outcome::Unreadable(fault) => self.unreadable(fault, out),
        }
    }

    fn screened(
        &mut self,
        shipment: &Shipment,
        screening: &Screening,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let file = self.file(&shipment.file, out)?;
        let mut numbers = Vec::with_capacity(shipment.parties.len());
        for party in &shipment.parties {
            numbers.push(self.party(party, out)?);
        }
        out.write_all(b"{\"shipment\":")?;
        text(out, &shipment.reference)?;
        write!(out, ",\"file\":{file},\"lines\":{}", json(&shipment.lines)?)?;
        if let Some(day) = shipment.shipped {
            write!(out, ",\"shipped\":\"{day}\"")?;
        }
        write!(out, ",\"verdict\":\"{}\"", screening.verdict.key())?;
        if screening.undecided != screening.verdict {
            write!(out, ",\"undecided\":\"{}\"", screening.undecided.key())?;
        }
        out.write_all(b",\"parties\":[")?;
        for (place, (party, number)) in shipment.parties.iter().zip(numbers).enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(out, "{comma}[\"{}\",{number}]", party.role.key())?;
        }
        out.write_all(b"]")?;
        if !screening.findings.is_empty() {
            let findings: Vec<FindingLine<'_>> = screening
                .findings
                .iter()
                .map(|finding| FindingLine {
                    rule: &finding.rule.id,
                    verdict: finding.rule.verdict.key(),
                    evidence: finding.evidence.iter().map(EvidenceLine::new).collect(),
                })
                .collect();
            field(out, "findings", &findings)?;
            let marks: Vec<MarkLine<'_>> = screening.marks.iter().map(MarkLine::new).collect();
            field(out, "marks", &marks)?;
        }
        if !screening.hits.is_empty() {
            let hits: Vec<HitLine<'_>> = screening
                .hits
                .iter()
                .map(|(party, hit)| HitLine {
                    party: *party,
                    list: &hit.list.id,
                    entry: &hit.entry.id,
                    by: hit.by.key(),
                    text: &hit.listed_text,
                    score: score(hit.score),
                    strength: hit.strength.key(),
                })
                .collect();
            field(out, "hits", &hits)?;
        }
        if !screening.unscreenable.is_empty() {
            let reasons: Vec<&str> = screening.unscreenable.iter().map(|one| one.reason.as_str()).collect();
            field(out, "unscreenable", &reasons)?;
        }
        self.lines += 1;
        out.write_all(b"}\n")
    }

    fn unreadable(&mut self, fault: &RowFault, out: &mut impl Write) -> io::Result<()> {
        let file = self.file(&fault.file, out)?;
        out.write_all(b"{\"unreadable\":")?;
        text(out, &fault.reference)?;
        write!(out, ",\"file\":{file},\"lines\":[{}],\"verdict\":\"unscreened\"", fault.line)?;
        field(out, "reason", &fault.reason)?;
        self.lines += 1;
        out.write_all(b"}\n")
    }

    fn file(&mut self, name: &Arc<str>, out: &mut impl Write) -> io::Result<usize> {
        if let Some(place) = self.files.iter().rposition(|file| Arc::ptr_eq(file, name)) {
            return Ok(place);
        }
        let number = self.files.len();
        self.files.push(Arc::clone(name));
        write!(out, "{{\"file\":{number}")?;
        field(out, "name", &**name)?;
        self.lines += 1;
        out.write_all(b"}\n")?;
        Ok(number)
    }

    fn party(&mut self, party: &Party, out: &mut impl Write) -> io::Result<u64> {
        let key = Key {
            kind: party.kind,
            name: Arc::clone(&party.name),
            address: party.address.clone(),
            identifiers: party.identifiers.clone(),
        };
        if let Some(number) = self.parties.get(&key) {
            return Ok(*number);
        }
        let number = self.parties.len() as u64;
        write!(out, "{{\"party\":{number}")?;
        field(out, "name", &*key.name)?;
        if key.kind != PartyKind::Unknown {
            write!(out, ",\"kind\":\"{}\"", key.kind.key())?;
        }
        let address = &key.address;
        for (name, value) in [
            ("street", &address.street),
            ("city", &address.city),
            ("postal_code", &address.postal_code),
            ("region", &address.region),
        ] {
            if !value.is_empty() {
                field(out, name, value)?;
            }
        }
        if let Some(country) = address.country {
            write!(out, ",\"country\":\"{country}\"")?;
        }
        if !key.identifiers.is_empty() {
            let identifiers: Vec<IdentifierLine<'_>> = key
                .identifiers
                .iter()
                .map(|id| IdentifierLine {
                    kind: id.kind.key(),
                    value: &id.value,
                    country: id.country.map(|code| code.to_string()),
                })
                .collect();
            field(out, "identifiers", &identifiers)?;
        }
        self.parties.insert(key, number);
        self.lines += 1;
        out.write_all(b"}\n")?;
        Ok(number)
    }
}

fn json(value: &(impl Serialize + ?Sized)) -> io::Result<String> {
    Ok(serde_json::to_string(value)?)
}

fn text(out: &mut impl Write, value: &str) -> io::Result<()> {
    Ok(serde_json::to_writer(out, value)?)
}

fn field(out: &mut impl Write, name: &str, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    write!(out, ",\"{name}\":")?;
    Ok(serde_json::to_writer(out, value)?)
}

/// Four decimals: more says nothing.
pub fn score(score: f64) -> f64 {
    (score * 10_000.0).round() / 10_000.0
}

#[derive(Serialize)]
struct FindingLine<'a> {
    rule: &'a str,
    verdict: &'static str,
    evidence: Vec<EvidenceLine<'a>>,
}

#[derive(Serialize)]
struct EvidenceLine<'a> {
    on: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hit: Option<usize>,
    words: &'a str,
}

impl<'a> EvidenceLine<'a> {
    fn new(evidence: &'a Evidence) -> Self {
        let (on, index) = match evidence.subject {
            Subject::Shipment => ("shipment", None),
            Subject::Route => ("route", None),
            Subject::Party(index) => ("party", Some(index)),
            Subject::Item(index) => ("item", Some(index)),
        };
        let at = evidence.at.as_ref();
        Self {
            on,
            index,
            line: at.map(|at| at.line),
            column: at.map(|at| &*at.column),
            hit: evidence.hit,
            words: &evidence.words,
        }
    }
}

/// What a finding is recognised by, and what was decided on it.
#[derive(Serialize)]
struct MarkLine<'a> {
    /// Index into the findings.
    finding: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    hit: Option<usize>,
    fingerprint: &'a str,
    /// Version of the rule, state of the list entry and of the party's data.
    rule: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    entry: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    party: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<DecisionLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    back: Option<&'a str>,
}

#[derive(Serialize)]
struct DecisionLine<'a> {
    kind: &'static str,
    by: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    second: &'a str,
    on: jiff::civil::Date,
    reason: &'a str,
    scope: &'a str,
    expires: jiff::civil::Date,
    #[serde(skip_serializing_if = "str::is_empty")]
    licence: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    r#override: &'a str,
}

impl<'a> MarkLine<'a> {
    fn new(mark: &'a Mark) -> Self {
        let decision = mark.decision.as_ref().map(|held| DecisionLine {
            kind: held.kind.key(),
            by: &held.by,
            second: &held.second,
            on: held.on,
            reason: &held.reason,
            scope: &held.scope,
            expires: held.expires,
            licence: &held.licence,
            r#override: &held.override_reason,
        });
        Self {
            finding: mark.finding,
            hit: mark.hit,
            fingerprint: mark.fingerprint.as_str(),
            rule: &mark.rule,
            entry: &mark.entry,
            party: &mark.party,
            decision,
            back: mark.back.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct HitLine<'a> {
    /// Index into the shipment's parties.
    party: usize,
    list: &'a str,
    entry: &'a str,
    by: &'static str,
    text: &'a str,
    score: f64,
    strength: &'static str,
}

#[derive(Serialize)]
struct IdentifierLine<'a> {
    kind: &'static str,
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
}

/// A party as it stands in the results.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct PartyLine {
    /// Its number.
    pub party: u64,
    pub name: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    street: String,
    #[serde(default)]
    city: String,
    #[serde(default)]
    postal_code: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    country: String,
    #[serde(default)]
    identifiers: Vec<IdentifierRead>,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
struct IdentifierRead {
    kind: String,
    value: String,
    #[serde(default)]
    country: Option<String>,
}

impl PartyLine {
    /// A party of which nothing but its kind is known.
    pub(super) fn bare(kind: PartyKind) -> Self {
        Self {
            party: 0,
            name: String::new(),
            kind: kind.key().to_owned(),
            street: String::new(),
            city: String::new(),
            postal_code: String::new(),
            region: String::new(),
            country: String::new(),
            identifiers: Vec::new(),
        }
    }

    /// The party's kind, as far as stated.
    #[must_use]
    pub fn kind(&self) -> PartyKind {
        PartyKind::from_key(&self.kind).unwrap_or_default()
    }

    #[must_use]
    pub fn address(&self) -> Address {
        Address {
            street: self.street.clone(),
            city: self.city.clone(),
            postal_code: self.postal_code.clone(),
            region: self.region.clone(),
            country: crate::trade::CountryCode::new(&self.country),
        }
    }

    #[must_use]
    pub fn identifiers(&self) -> Vec<Identifier> {
        let kind = |id: &IdentifierRead| crate::trade::IdentifierKind::from_key(&id.kind);
        let country = |id: &IdentifierRead| id.country.as_deref().and_then(crate::trade::CountryCode::new);
        self.identifiers
            .iter()
            .filter_map(|id| {
                Some(Identifier { kind: kind(id)?, value: id.value.clone(), country: country(id) })
            })
            .collect()
    }
}

/// A shipment or unreadable row as it stands in the results, as far as others
/// ask for it.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct OutcomeLine {
    /// The reference of a shipment.
    #[serde(default)]
    pub shipment: Option<String>,
    /// The reference of an unreadable row.
    #[serde(default)]
    pub unreadable: Option<String>,
    /// Number of the file.
    pub file: usize,
    pub lines: Vec<u64>,
    #[serde(default)]
    pub shipped: Option<jiff::civil::Date>,
    pub verdict: String,
    /// The verdict as if nothing had been decided, where it is another.
    #[serde(default)]
    pub undecided: Option<String>,
    /// Role and number of each party.
    #[serde(default)]
    pub parties: Vec<(String, u64)>,
    #[serde(default)]
    pub findings: Vec<FindingRead>,
    #[serde(default)]
    pub hits: Vec<HitRead>,
}

#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct FindingRead {
    pub rule: String,
    pub verdict: String,
    pub evidence: Vec<serde_json::Value>,
}

#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct HitRead {
    /// Index into the shipment's parties.
    pub party: usize,
    pub list: String,
    pub entry: String,
    pub by: String,
    pub score: f64,
    pub strength: String,
}

impl OutcomeLine {
    /// The reference, which may be empty.
    #[must_use]
    pub fn reference(&self) -> &str {
        self.shipment.as_deref().or(self.unreadable.as_deref()).unwrap_or_default()
    }
}

/// A line of results.
#[derive(Clone, PartialEq, Debug)]
pub enum Line {
    Head { version: u32 },
    File { number: usize, name: String },
    Party(PartyLine),
    Outcome(Box<OutcomeLine>),
}

impl Line {
    /// Whether a line is one of a party, by its beginning.
    #[must_use]
    pub fn is_party(text: &str) -> bool {
        text.starts_with("{\"party\":")
    }

    /// Whether a line is the result of a shipment or row, by its beginning.
    #[must_use]
    pub fn is_outcome(text: &str) -> bool {
        text.starts_with("{\"shipment\":") || text.starts_with("{\"unreadable\":")
    }

    /// Reads a line.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Head {
            results: u32,
        }
        #[derive(Deserialize)]
        struct File {
            file: usize,
            name: String,
        }
        if Self::is_outcome(text) {
            return serde_json::from_str(text).map(Self::Outcome);
        }
        if Self::is_party(text) {
            return serde_json::from_str(text).map(Self::Party);
        }
        if text.starts_with("{\"file\":") {
            let File { file, name } = serde_json::from_str(text)?;
            return Ok(Self::File { number: file, name });
        }
        let Head { results } = serde_json::from_str(text)?;
        Ok(Self::Head { version: results })
    }
}
