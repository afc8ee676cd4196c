//! The findings of a stored JSON Lines report that can be decided on.

use std::io::{BufRead, BufReader};
use std::path::Path;

use redflag::decision::Fingerprint;
use redflag::trade::CountryCode;
use serde_json::Value;

use crate::failure::Failure;

/// A mark of a finding, with what a person needs to decide.
#[derive(Clone, Debug)]
pub struct Open {
    pub fingerprint: Fingerprint,
    pub rule: String,
    pub entry: String,
    pub party: String,
    pub grave: bool,
    pub verdict: String,
    /// `PTY-101 A party is on a blocking list …`
    pub title: String,
    pub reference: String,
    pub lane: Option<(CountryCode, CountryCode)>,
    pub place: String,
    /// The evidence, a line each.
    pub evidence: Vec<String>,
    /// The party on the shipment and the listed one, line by line.
    pub sides: Option<(Vec<String>, Vec<String>)>,
    /// `ALFA LLC against us-sdn 12345 BETA`, for the file of decisions.
    pub about: String,
    /// The decision that holds; empty for none.
    pub decided: String,
    pub back: String,
}

impl Open {
    /// Whether one decision is on both: the same finding in the same state.
    pub fn is_same(&self, other: &Self) -> bool {
        let key =
            |one: &Self| (one.fingerprint.clone(), one.rule.clone(), one.entry.clone(), one.party.clone());
        key(self) == key(other)
    }
}

/// Every mark of a report, in its order. A report without its summary is
/// incomplete and is not used.
pub fn read(path: &Path) -> Result<Vec<Open>, Failure> {
    let failure = |words: String| Failure::new(format!("{}: {words}", path.display()));
    let file = std::fs::File::open(path).map_err(|error| failure(error.to_string()))?;
    let mut open = Vec::new();
    let mut complete = false;
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(|error| failure(error.to_string()))?;
        let value: Value = serde_json::from_str(&line)
            .map_err(|error| failure(format!("line {}: not JSON Lines of redflag: {error}", number + 1)))?;
        match value.get("type").and_then(Value::as_str) {
            Some("run") => {
                if value.get("schema").and_then(Value::as_str) != Some("redflag-jsonl") {
                    return Err(failure("is not a report that redflag wrote as jsonl".to_owned()));
                }
            }
            Some("screening") => marks(&value, &mut open),
            Some("summary") => complete = true,
            _ => return Err(failure(format!("line {}: not a line of a redflag report", number + 1))),
        }
    }
    if !complete {
        return Err(failure("has no summary: the run that wrote it did not end".to_owned()));
    }
    Ok(open)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn index(value: &Value, key: &str) -> Option<usize> {
    value.get(key).and_then(Value::as_u64).and_then(|index| usize::try_from(index).ok())
}

fn marks(screening: &Value, open: &mut Vec<Open>) {
    let route = screening.get("route");
    let end = |key: &str| CountryCode::new(route?.get(key)?.get("country")?.as_str()?);
    let lines: Vec<String> = list(screening, "lines").iter().map(ToString::to_string).collect();
    for finding in list(screening, "findings") {
        for mark in list(finding, "marks") {
            let Some(fingerprint) = Fingerprint::parse(text(mark, "fingerprint")) else { continue };
            let hit = index(mark, "hit");
            let met = hit.and_then(|hit| list(screening, "hits").get(hit));
            let of_mark = |other: usize| {
                Some(other) == hit
                    || list(mark, "also").iter().any(|also| also.as_u64() == u64::try_from(other).ok())
            };
            let evidence = list(finding, "evidence").iter();
            let evidence = evidence.filter(|one| hit.is_none() || index(one, "hit").is_none_or(of_mark));
            let declared = met.and_then(|met| list(screening, "parties").get(index(met, "party")?));
            let sides = met.zip(declared).map(|(met, declared)| (side(declared), listed(met)));
            let about = match (met, declared) {
                (Some(met), Some(declared)) => format!(
                    "{}: {} against {} {} {}",
                    text(finding, "rule"),
                    text(declared, "name"),
                    text(met, "list"),
                    met.get("entry").map_or("", |entry| text(entry, "id")),
                    met.get("entry").map_or("", |entry| text(entry, "caption")),
                ),
                _ => format!("{}: {}", text(finding, "rule"), text(finding, "title")),
            };
            open.push(Open {
                fingerprint,
                rule: text(mark, "rule_version").to_owned(),
                entry: text(mark, "entry_state").to_owned(),
                party: text(mark, "party_state").to_owned(),
                grave: mark.get("grave").and_then(Value::as_bool).unwrap_or(true),
                verdict: text(finding, "verdict").to_owned(),
                title: format!("{} {}", text(finding, "rule"), text(finding, "title")),
                reference: text(screening, "reference").to_owned(),
                lane: end("departure").zip(end("destination")),
                place: format!("{}, line {}", text(screening, "file"), lines.join(", ")),
                evidence: evidence.map(|one| text(one, "words").to_owned()).collect(),
                sides,
                about,
                decided: mark.get("decision").map_or_else(String::new, decided),
                back: text(mark, "back").to_owned(),
            });
        }
    }
}

fn decided(decision: &Value) -> String {
    if decision.is_null() {
        return String::new();
    }
    format!("{} by {} until {}", text(decision, "kind"), text(decision, "by"), text(decision, "expires"))
}

fn address(value: &Value) -> String {
    let parts = ["street", "city", "postal_code", "region", "country"].map(|key| text(value, key));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn identifiers(value: &Value) -> Vec<String> {
    let ids = list(value, "identifiers").iter();
    ids.map(|id| format!("{} {}", text(id, "kind"), text(id, "value"))).collect()
}

/// The party as declared.
fn side(party: &Value) -> Vec<String> {
    let mut lines = vec![format!("{} ({})", text(party, "name"), text(party, "role"))];
    lines.extend(party.get("address").map(address).filter(|address| !address.is_empty()));
    lines.extend(identifiers(party));
    lines
}

/// The list entry.
fn listed(met: &Value) -> Vec<String> {
    let entry = met.get("entry").unwrap_or(&Value::Null);
    let mut lines = vec![format!("{} ({} {})", text(entry, "caption"), text(met, "list"), text(entry, "id"))];
    let names = list(entry, "names").iter().skip(1).take(6);
    lines.extend(names.map(|name| format!("also {}", text(name, "text"))));
    lines.extend(list(entry, "addresses").iter().take(4).map(address).filter(|address| !address.is_empty()));
    lines.extend(identifiers(entry).into_iter().take(6));
    let programs: Vec<&str> = list(entry, "programs").iter().filter_map(Value::as_str).collect();
    if !programs.is_empty() {
        lines.push(programs.join(", "));
    }
    lines
}
