//! SARIF 2.1.0 (OASIS standard of 2020-03-27): one run, every rule declared,
//! a result for each finding or list entry of one.
//!
//! Results are limited to what code scanning services take: 25,000 a run and
//! 10 MB after gzip, the worst first; the run says what was left out.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::decision::Fingerprint;
use crate::rule::{RuleInfo, Verdict};
use crate::screening::{Outcome, RunHeader, Summary};

use super::Sink;
use super::escape::{json, markdown, prose, visible};
use super::issue::{self, Issue, issues};
use super::spool::Spool;
use super::words;

/// Results in a run at most: GitHub refuses a file with more.
const MOST_RESULTS: u64 = 25_000;
/// Bytes of the results after gzip at most. GitHub refuses a file of more than
/// 10 MB; the declared rules and the compressor's buffer need the rest.
const MOST_PRESSED: u64 = 9_400_000;
/// Results that GitHub shows; the rest it takes and leaves out.
const SHOWN_RESULTS: u64 = 5_000;
/// Locations of a result that GitHub shows.
const MOST_LOCATIONS: usize = 100;

pub struct Sarif {
    out: Box<dyn Write + Send>,
    header: Option<RunHeader>,
    spool: Spool,
    most_pressed: u64,
}

impl Sarif {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self { out, header: None, spool: Spool::new(Some(MOST_RESULTS)), most_pressed: MOST_PRESSED }
    }
}

/// Counts bytes and drops them.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where a result is kept: what a decision clears comes last.
fn group(issue: &Issue) -> Verdict {
    if issue.cleared { Verdict::Clear } else { issue.verdict }
}

impl Sink for Sarif {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.header = Some(header.clone());
        Ok(())
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        for issue in issues(outcome) {
            let group = group(&issue);
            if self.spool.has_room(group) {
                let piece = format!("{}\n", json(&result(&issue, self.header.as_ref()))?);
                self.spool.keep(group, &piece)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let Some(header) = self.header.take() else {
            return Err(io::Error::other("a report needs the header of its run"));
        };
        write!(
            self.out,
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{},\
             \"columnKind\":\"unicodeCodePoints\",\"results\":[",
            json(&tool(&header))?
        )?;
        let (mut written, mut left_out) = (0u64, 0u64);
        // As whoever uploads the file presses it.
        let mut pressed = GzEncoder::new(Counted(0), Compression::default());
        for verdict in Verdict::ALL.into_iter().rev() {
            let room = MOST_RESULTS - written;
            let kept = self.spool.kept(verdict);
            self.spool.copy_lines(verdict, room, |line| {
                if pressed.get_ref().0 >= self.most_pressed {
                    left_out += 1;
                    return Ok(());
                }
                pressed.write_all(line.as_bytes())?;
                if written > 0 {
                    self.out.write_all(b",")?;
                }
                written += 1;
                self.out.write_all(b"\n")?;
                self.out.write_all(line.as_bytes())
            })?;
            left_out += self.spool.withheld(verdict) + kept.saturating_sub(room);
        }
        let mut notes = Vec::new();
        let mut note = |level: &str, text: String| {
            notes.push(json!({ "level": level, "message": { "text": text } }));
        };
        if left_out > 0 {
            note(
                "warning",
                format!(
                    "{left_out} results are left out: a run holds {MOST_RESULTS} at most and what fits into 10 MB after gzip, the worst first. The other formats of redflag hold all."
                ),
            );
        }
        if written > SHOWN_RESULTS {
            note(
                "warning",
                format!(
                    "{written} results stand in this run; GitHub shows the first {SHOWN_RESULTS} of them."
                ),
            );
        }
        for sentence in &header.not_screened {
            note("note", format!("Not screened: {}", prose(sentence)));
        }
        let unread = summary.verdicts.get(&Verdict::Unscreened).copied().unwrap_or_default();
        let invocation = json!([{
            "executionSuccessful": unread == 0 && summary.rows_in == summary.rows_out,
            "toolExecutionNotifications": notes,
        }]);
        let invocation = json(&invocation)?;
        let properties = json!({
            "asOf": header.as_of.to_string(),
            "run": words::fingerprint(&header),
            "provenance": words::provenance(&header),
            "rowsIn": summary.rows_in,
            "rowsOut": summary.rows_out,
            "verdicts": summary.verdicts.iter().map(|(verdict, count)| (verdict.key().to_owned(), json!(count)))
                .collect::<serde_json::Map<_, _>>(),
        });
        let properties = json(&properties)?;
        writeln!(self.out, "\n],\"invocations\":{invocation},\"properties\":{properties}}}]}}")?;
        self.out.flush()
    }
}

const fn level(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unscreened | Verdict::Block | Verdict::Hold => "error",
        Verdict::Review => "warning",
        Verdict::Note | Verdict::Clear => "note",
    }
}

fn tool(header: &RunHeader) -> Value {
    let mut rules: Vec<Value> = vec![json!({
        "id": issue::UNSCREENED,
        "name": "CouldNotBeScreened",
        "shortDescription": { "text": issue::UNSCREENED_TITLE },
        "fullDescription": { "text": "A row could not be read, or a part of a shipment could not be compared. It counts as worse than a block, because nothing is known of it." },
        "help": { "text": words::UNSCREENED_ADVICE, "markdown": words::UNSCREENED_ADVICE },
        "defaultConfiguration": { "level": "error" },
    })];
    rules.extend(header.rules.iter().map(|rule| declared(rule)));
    json!({ "driver": {
        "name": "redflag",
        "version": header.program_version,
        "semanticVersion": header.program_version,
        "rules": rules,
    }})
}

fn declared(rule: &RuleInfo) -> Value {
    let authority: Vec<String> = rule.authority.iter().map(words::citation).collect();
    let advice = if rule.advice.is_empty() {
        String::new()
    } else {
        format!("\n\nWhat to do: {}", prose(&rule.advice))
    };
    let text = format!("{}{advice}\n\nAuthority: {}", prose(&rule.why), prose(&authority.join("; ")));
    let parts = [
        ("Why", prose(&rule.why)),
        ("What to do", prose(&rule.advice)),
        ("Authority", prose(&authority.join("; "))),
    ];
    let page: Vec<String> = parts
        .iter()
        .filter(|(_, words)| !words.is_empty())
        .map(|(label, words)| format!("**{label}.** {}", markdown(words)))
        .collect();
    json!({
        "id": rule.id,
        "name": camel(&rule.title),
        "shortDescription": { "text": prose(&rule.title) },
        "fullDescription": { "text": short(&rule.why) },
        "help": { "text": text, "markdown": page.join("\n\n") },
        "defaultConfiguration": { "level": level(rule.verdict) },
        "properties": { "tags": ["export-control", "sanctions", rule.group], "verdict": rule.verdict.key(), "version": rule.version },
    })
}

/// `APartyIsListed`, as the format asks of names.
fn camel(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut chars = word.chars();
            chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
        })
        .collect()
}

fn result(issue: &Issue, header: Option<&RunHeader>) -> Value {
    let index = if issue.rule == issue::UNSCREENED {
        Some(0)
    } else {
        header.and_then(|header| header.rules.iter().position(|rule| rule.id == issue.rule)).map(|at| at + 1)
    };
    let mut result = json!({
        "ruleId": issue.rule,
        "level": level(issue.verdict),
        "message": { "text": plain(&format!("{}: {}", prose(&issue.title), prose(&issue.message))) },
        "locations": [location(issue, issue.line, &issue.column)],
        "properties": { "verdict": issue.verdict.key() },
    });
    if let Some(result) = result.as_object_mut() {
        let mut add = |key: &str, value: Value| {
            result.insert(key.to_owned(), value);
        };
        if let Some(index) = index {
            add("ruleIndex", json!(index));
        }
        let others: Vec<Value> = issue
            .elsewhere
            .iter()
            .take(MOST_LOCATIONS - 1)
            .map(|spot| {
                let mut location = location(issue, spot.line, &spot.column);
                if let Some(location) = location.as_object_mut() {
                    location.insert("message".to_owned(), json!({ "text": plain(&prose(&spot.words)) }));
                }
                location
            })
            .collect();
        if !others.is_empty() {
            add("relatedLocations", others.into());
        }
        // The finding from run to run, and the finding in this shipment.
        let reason = if issue.fingerprint.is_empty() { issue.message.as_str() } else { "" };
        let here = Fingerprint::of([issue.fingerprint.as_str(), &issue.reference, &issue.file, reason]);
        let mut prints = json!({ "redflagShipment/v1": here.as_str() });
        if !issue.fingerprint.is_empty() {
            prints = json!({ "redflagShipment/v1": here.as_str(), "redflagFinding/v1": issue.fingerprint });
        }
        add("partialFingerprints", prints);
        // Stated for every result: an empty list says that it is not suppressed.
        let suppression =
            json!({ "kind": "external", "status": "accepted", "justification": prose(&issue.decision) });
        add("suppressions", if issue.cleared { json!([suppression]) } else { json!([]) });
        let spoken = !issue.decision.is_empty() || !issue.back.is_empty();
        if spoken && !issue.cleared {
            let words = format!("{}{}", issue.decision, issue.back);
            add("properties", json!({ "verdict": issue.verdict.key(), "decision": prose(&words) }));
        }
    }
    result
}

/// File, line, shipment and column.
fn location(issue: &Issue, line: u64, column: &str) -> Value {
    let mut logical = Vec::new();
    if !issue.reference.is_empty() {
        logical.push(json!({ "name": visible(&issue.reference), "kind": "shipment" }));
    }
    if !column.is_empty() {
        logical.push(json!({ "name": visible(column), "kind": "column" }));
    }
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&issue.file) },
            "region": { "startLine": line.max(1) },
        },
    });
    if let Some(location) = location.as_object_mut().filter(|_| !logical.is_empty()) {
        location.insert("logicalLocations".to_owned(), logical.into());
    }
    location
}

/// Text in which no bracket makes a link.
fn plain(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// A description as long as code scanning takes one.
fn short(text: &str) -> String {
    const MOST: usize = 1_000;
    let text = prose(text);
    if text.chars().count() <= MOST { text } else { text.chars().take(MOST).chain(['…']).collect() }
}

/// A file name as a relative reference of RFC 3986, or a `file` address for a
/// path from the root.
fn uri(file: &str) -> String {
    let path = file.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut out = String::with_capacity(path.len() + 8);
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        // A colon in the first segment would read as a scheme.
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{header, outcomes, run, with_text, written};
    use crate::report::{Format, Options};

    fn schema() -> jsonschema::Validator {
        let text = include_str!("../../tests/data/sarif/sarif-2.1.0.schema.json");
        jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap()
    }

    #[test]
    fn the_report_is_valid_by_the_schema_whatever_stands_in_the_cells() {
        let schema = schema();
        for outcomes in [outcomes(), Vec::new(), with_text("\u{1b}[31m<b>\"\\ \n \u{202e}é"), with_text("")]
        {
            let text = written(Format::Sarif, &Options::default(), &header(), &outcomes);
            let value: Value = serde_json::from_str(&text).unwrap();
            let mistakes: Vec<String> =
                schema.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path)).collect();
            assert_eq!(mistakes, [""; 0]);
            // The identity of every result is declared.
            let rules = value["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
            for result in value["runs"][0]["results"].as_array().unwrap() {
                let at = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
                assert_eq!(rules[at]["id"], result["ruleId"]);
            }
        }
    }

    #[test]
    fn results_beyond_what_fits_after_gzip_are_left_out_and_counted() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut sink = Sarif { most_pressed: 20_000, ..Sarif::new(Box::new(file.reopen().unwrap())) };
        let many: Vec<Outcome> = (0..400).flat_map(|_| outcomes()).collect();
        run(&mut sink, &header(), &many).unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        let results = value["runs"][0]["results"].as_array().unwrap();
        let notes = value["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
        let told: usize = notes
            .iter()
            .filter_map(|note| {
                note["message"]["text"].as_str()?.split_once(" results are left out")?.0.parse::<usize>().ok()
            })
            .sum();
        let all = many.iter().map(|outcome| issues(outcome).len()).sum::<usize>();
        assert!(results.len() > 100 && told > 100, "{} {told}", results.len());
        assert_eq!(results.len() + told, all);
        // The worst first.
        assert_eq!(results[0]["level"], "error");
    }

    #[test]
    fn a_result_names_every_cell_it_rests_on_and_a_rule_its_reasons() {
        let text = written(Format::Sarif, &Options::default(), &header(), &outcomes());
        let value: Value = serde_json::from_str(&text).unwrap();
        let results = value["runs"][0]["results"].as_array().unwrap();
        let related: Vec<&Value> =
            results.iter().filter_map(|result| result.get("relatedLocations")).collect();
        assert!(!related.is_empty());
        for one in related.iter().flat_map(|some| some.as_array().unwrap()) {
            assert!(!one["message"]["text"].as_str().unwrap().is_empty());
            assert!(one["logicalLocations"].as_array().unwrap().iter().any(|part| part["kind"] == "column"));
        }
        let rules = value["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
        assert!(rules.len() > 1);
        for rule in &rules[1..] {
            assert!(rule["help"]["markdown"].as_str().unwrap().starts_with("**Why.** "), "{rule}");
        }
    }

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("in box/a b.csv"), "in%20box/a%20b.csv");
        assert_eq!(uri("C:\\x.csv"), "C%3A/x.csv");
        assert_eq!(uri("/tmp/é.csv"), "file:///tmp/%C3%A9.csv");
    }
}
