//! What a rescreening found, as text and as JSON Lines.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use redflag::evidence::{Counts, EvidenceError, Found, HitChange, Looked};
use redflag::matching::Hit;
use redflag::report::visible;
use redflag::watchlist::Watchlist;
use serde_json::{Value, json};

use crate::failure::{Failure, say};
use crate::output::{Formats, Output, is_dash, write_failure};

/// Shipments that the text names for a party and entry.
const NAMED: usize = 5;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    Text,
    Jsonl,
}

fn formats() -> Formats<Format> {
    Formats {
        plain: Format::Text,
        from_key: |key| match key {
            "text" => Some(Format::Text),
            "jsonl" => Some(Format::Jsonl),
            _ => None,
        },
        from_file_name: |name| match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "txt" => Some(Format::Text),
            "jsonl" | "ndjson" => Some(Format::Jsonl),
            _ => None,
        },
        words: &["text", "jsonl"],
        endings: ".txt or .jsonl",
    }
}

/// A party that met an entry otherwise, in the order of the text.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// New ones first, then changed, gone, and what the runs knew.
    rank: u8,
    list: String,
    entry: String,
    name: String,
    role: String,
    words: Vec<String>,
}

#[derive(Default)]
struct Shipments {
    count: u64,
    named: Vec<String>,
}

/// Where a rescreening writes.
pub struct Outputs(Vec<(Format, Output)>);

fn broken(output: &Output) -> impl FnOnce(io::Error) -> Failure + '_ {
    move |error| write_failure(output.path(), &error)
}

impl Outputs {
    pub fn open(wanted: &[String]) -> Result<Self, Failure> {
        formats().open(wanted).map(Self)
    }

    /// A line for programs.
    pub fn line(&self, value: &Value) -> Result<(), Failure> {
        let text = harmless(value);
        for (_, output) in self.0.iter().filter(|(format, _)| *format == Format::Jsonl) {
            writeln!(output.clone(), "{text}").map_err(broken(output))?;
        }
        Ok(())
    }

    /// Text for people.
    pub fn text(&self, text: &str) -> Result<(), Failure> {
        for (_, output) in self.0.iter().filter(|(format, _)| *format == Format::Text) {
            output.clone().write_all(text.as_bytes()).map_err(broken(output))?;
        }
        Ok(())
    }

    pub fn finish(&self) -> Result<(), Failure> {
        for (_, output) in &self.0 {
            output.finish().map_err(broken(output))?;
            if !is_dash(output.path()) {
                say(&format!("report: {}", output.path().display()));
            }
        }
        Ok(())
    }
}

/// Takes what is found and writes it.
pub struct Report {
    outputs: Outputs,
    head: String,
    groups: BTreeMap<Key, Shipments>,
    worse: bool,
}

impl Report {
    pub fn open(wanted: &[String]) -> Result<Self, Failure> {
        let outputs = Outputs::open(wanted)?;
        Ok(Self { outputs, head: String::new(), groups: BTreeMap::new(), worse: false })
    }

    pub fn head(&mut self, lists: &[Watchlist], since: Option<&str>) -> Result<(), Failure> {
        let lists: Vec<Value> = lists
            .iter()
            .map(|list| {
                let edition = &list.info.edition;
                json!({ "id": list.info.id, "date": edition.date, "sha256": edition.sha256 })
            })
            .collect();
        self.outputs.line(&json!({
            "type": "rescreen", "schema_version": 1, "program": env!("CARGO_PKG_VERSION"), "since": since,
            "lists": lists,
        }))
    }

    /// Runs with one old state of the lists, and what changed since.
    pub fn state(&mut self, first: &str, runs: usize, counts: &[(&String, &Counts)]) -> Result<(), Failure> {
        let more = if runs > 1 { format!(" and {} more", runs - 1) } else { String::new() };
        let _ = writeln!(self.head, "{first}{more}: {}", counted(counts));
        let lists: Vec<Value> = counts
            .iter()
            .map(
                |(id, n)| json!({ "list": id, "added": n.added, "removed": n.removed, "changed": n.changed }),
            )
            .collect();
        self.outputs.line(&json!({ "type": "state", "first_run": first, "runs": runs, "changes": lists }))
    }

    /// The old state is not kept any more.
    pub fn without_old(&mut self, runs: usize, why: &str) -> Result<(), Failure> {
        let words = format!(
            "{why}; the parties of {runs} runs are held against every entry, and what is gone can't be told"
        );
        say(&words);
        let _ = writeln!(self.head, "{}", visible(&words));
        self.outputs.line(&json!({ "type": "note", "words": words }))
    }

    pub fn found(&mut self, found: &Found) -> Result<(), EvidenceError> {
        let (hit, change) = (found.change.hit(), &found.change);
        let key = if found.known { "known" } else { change.key() };
        let worse = !found.known && change.is_worse();
        self.worse |= worse;
        let old = match change {
            HitChange::Changed { old, .. } => Some(as_json(old)),
            _ => None,
        };
        let fields: Vec<&str> = match change {
            HitChange::Changed { fields, .. } => fields.iter().map(|field| field.field).collect(),
            _ => Vec::new(),
        };
        let line = json!({
            "type": "hit", "change": key, "worse": worse, "run": found.run, "file": found.file,
            "reference": found.reference, "lines": found.lines, "shipped": found.shipped,
            "verdict": found.verdict,
            "party": { "role": found.role.key(), "name": found.name, "country": found.country.map(|c| c.to_string()) },
            "hit": as_json(hit), "was": old, "changed_fields": fields,
        });
        self.outputs.line(&line).map_err(|failure| EvidenceError::Refused(failure.0))?;
        let shipments = self.groups.entry(group(found, key)).or_default();
        shipments.count += 1;
        if shipments.named.len() < NAMED {
            let reference = if found.reference.is_empty() { "(no reference)" } else { &found.reference };
            let shipped = found.shipped.map_or(String::new(), |day| format!(", shipped {day}"));
            let line = found.lines.first().copied().unwrap_or(0);
            shipments.named.push(format!(
                "{}{shipped} ({}, line {line}; then {}; run {})",
                visible(reference),
                visible(&found.file),
                found.verdict,
                found.run
            ));
        }
        Ok(())
    }

    /// Writes everything; whether there is more against a party than there was.
    pub fn end(self, looked: &Looked, pruned: usize) -> Result<bool, Failure> {
        let count = |rank: u8| self.groups.keys().filter(|key| key.rank == rank).count();
        let (new, changed, gone, known) = (count(0), count(1), count(2), count(3));
        self.outputs.line(&json!({
            "type": "summary", "runs": looked.runs, "pruned_runs": pruned, "shipments": looked.shipments,
            "parties_searched": looked.parties, "new": new, "changed": changed, "gone": gone, "known": known,
        }))?;
        let mut text = self.head.clone();
        for (key, shipments) in &self.groups {
            let word = ["NEW", "CHANGED", "GONE", "known"].get(usize::from(key.rank)).copied().unwrap_or("");
            let _ = writeln!(text, "\n{word} {} {}", key.role, key.name);
            for words in &key.words {
                let _ = writeln!(text, "  {words}");
            }
            for shipment in &shipments.named {
                let _ = writeln!(text, "  - {shipment}");
            }
            let more = shipments.count - shipments.named.len() as u64;
            if more > 0 {
                let _ = writeln!(text, "  - and {more} more");
            }
        }
        let _ = writeln!(
            text,
            "\n{} runs, {} shipments, {} parties searched: {new} hits are new, {changed} changed, {gone} gone; {known} \
             were known to their runs",
            looked.runs, looked.shipments, looked.parties
        );
        self.outputs.text(&text)?;
        self.outputs.finish()?;
        Ok(self.worse)
    }
}

fn counted(counts: &[(&String, &Counts)]) -> String {
    if counts.is_empty() {
        return "the lists are the same".to_owned();
    }
    let one = |(id, n): &(&String, &Counts)| {
        format!("{id}: {} added, {} changed, {} removed", n.added, n.changed, n.removed)
    };
    counts.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn group(found: &Found, key: &str) -> Key {
    let hit = found.change.hit();
    let country = found.country.map_or(String::new(), |code| format!(" ({code})"));
    let mut words = vec![on(hit)];
    if let HitChange::Changed { old, new, fields } = &found.change {
        if (old.score - new.score).abs() >= 0.00005 || old.strength != new.strength {
            words.push(format!("was {:.2}, {}", old.score, old.strength.key()));
        }
        for field in fields {
            let texts =
                |texts: &[String]| texts.iter().map(|text| visible(text)).collect::<Vec<_>>().join("; ");
            words.push(format!(
                "{}: now {}, was {}",
                field.field,
                or_nothing(&texts(&field.added)),
                or_nothing(&texts(&field.removed))
            ));
        }
    }
    Key {
        rank: match key {
            "new" => 0,
            "changed" => 1,
            "gone" => 2,
            _ => 3,
        },
        list: hit.list.id.clone(),
        entry: hit.entry.id.clone(),
        name: format!("{}{country}", visible(&found.name)),
        role: found.role.label(),
        words,
    }
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}

fn on(hit: &Hit) -> String {
    format!(
        "{} {} {}: {:.2}, {}, by {}; {}",
        hit.list.id,
        visible(&hit.entry.id),
        visible(&hit.entry.caption()),
        hit.score,
        hit.strength.key(),
        hit.by.key(),
        hit.entry.effect.unwrap_or(hit.list.effect)
    )
}

fn as_json(hit: &Hit) -> Value {
    json!({
        "list": hit.list.id,
        "entry": hit.entry.id,
        "caption": hit.entry.caption(),
        "by": hit.by.key(),
        "text": hit.listed_text,
        "score": (hit.score * 10_000.0).round() / 10_000.0,
        "strength": hit.strength.key(),
        "effect": hit.entry.effect.unwrap_or(hit.list.effect).key(),
    })
}

/// JSON in which characters that act on a terminal are `\u` escapes.
fn harmless(value: &Value) -> String {
    let text = value.to_string();
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != ' ' && visible(c.encode_utf8(&mut [0; 4])).len() != c.len_utf8() {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}
