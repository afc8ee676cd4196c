//! Makes a run again from its record and holds every result against the one
//! that was written.

use std::hash::{BuildHasher, Hash};
use std::io::{self, BufRead, BufReader, Lines};

use rustc_hash::FxBuildHasher;
use serde_json::Value;

use crate::screening::{Outcome, Summary, run_batches};

use super::means::Means;
use super::packed;
use super::record::Record;
use super::results::{Line, ResultWriter};
use super::runs::{EvidenceError, Result, RunLink, Runs, at};

/// Differences that are kept to be shown; more are counted.
const SHOWN: usize = 1000;

/// A shipment or row whose result is another now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    pub reference: String,
    /// Number of the shipment file among the inputs, from 0.
    pub file: u64,
    /// The line on which it begins.
    pub line: u64,
    /// In plain words, one a fact.
    pub words: Vec<String>,
}

/// What a replay gave.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Replayed {
    /// Whether the results are the same to the byte.
    pub same: bool,
    /// Shipments and rows that were compared.
    pub compared: u64,
    /// Those with another result.
    pub different: u64,
    /// The first of them.
    pub differences: Vec<Difference>,
    pub summary: Summary,
}

impl Runs {
    /// Makes a run again. Every outcome is also handed to `emit`. Runs on the
    /// rayon pool it is called in.
    ///
    /// # Errors
    /// When something that it needs was not kept, or `emit` fails.
    pub fn replay(
        &self,
        link: &RunLink,
        record: &Record,
        means: &Means,
        emit: &mut (dyn FnMut(&Outcome) -> io::Result<()> + Send),
    ) -> Result<Replayed> {
        let path = self.results_path(&link.run);
        let recorded = packed::open(&path).map_err(at(&path))?;
        let mut comparison = Comparison::new(BufReader::new(recorded).lines());
        let mut rows = means.rows(self, record)?;
        comparison.begin().map_err(at(&path))?;
        let summary = run_batches(&means.screener, &mut rows, &mut |outcomes| {
            for outcome in &outcomes {
                comparison.outcome(outcome)?;
                emit(outcome)?;
            }
            Ok(())
        });
        let mut summary = summary.map_err(at(&path))?;
        if let Some(why) = rows.failed {
            return Err(EvidenceError::Refused(why));
        }
        summary.rows_in = record.summary.rows_in;
        comparison.end().map_err(at(&path))?;
        let mut replayed = comparison.replayed;
        replayed.summary = summary;
        replayed.same &= replayed.different == 0;
        Ok(replayed)
    }
}

/// The parties of one side by number, as hashes of what is written of them.
#[derive(Default)]
struct Parties(Vec<u64>);

impl Parties {
    fn take(&mut self, line: &str) {
        let content = line.split_once(',').map_or("", |(_, content)| content);
        self.0.push(hash(content));
    }

    /// What the parties of a shipment are, whatever their numbers.
    fn of(&self, shipment: &Value) -> Vec<(String, Option<u64>)> {
        let parties = shipment["parties"].as_array().map(Vec::as_slice).unwrap_or_default();
        let content = |number: &Value| {
            number.as_u64().and_then(|number| self.0.get(usize::try_from(number).ok()?)).copied()
        };
        parties
            .iter()
            .map(|party| (party[0].as_str().unwrap_or_default().to_owned(), content(&party[1])))
            .collect()
    }
}

fn hash(text: impl Hash) -> u64 {
    FxBuildHasher.hash_one(text)
}

struct Comparison<L> {
    recorded: L,
    writer: ResultWriter,
    text: Vec<u8>,
    then: Parties,
    now: Parties,
    /// The recorded result that is next, with the lines before it.
    waiting: Option<Waiting>,
    replayed: Replayed,
}

struct Waiting {
    text: String,
    /// Where its own line begins.
    line: usize,
}

impl<B: BufRead> Comparison<Lines<B>> {
    fn new(recorded: Lines<B>) -> Self {
        Self {
            recorded,
            writer: ResultWriter::new(),
            text: Vec::new(),
            then: Parties::default(),
            now: Parties::default(),
            waiting: None,
            replayed: Replayed { same: true, ..Replayed::default() },
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        self.writer.begin(&mut self.text)?;
        let head = self.recorded.next().transpose()?.unwrap_or_default();
        if !matches!(Line::parse(&head), Ok(Line::Head { version: super::results::VERSION })) {
            return Err(io::Error::other("the results are of a version that is not known here"));
        }
        self.text.clear();
        Ok(())
    }

    /// The next recorded result.
    fn wait(&mut self) -> io::Result<Option<Waiting>> {
        if let Some(waiting) = self.waiting.take() {
            return Ok(Some(waiting));
        }
        let mut text = String::new();
        while let Some(line) = self.recorded.next().transpose()? {
            let start = text.len();
            text.push_str(&line);
            text.push('\n');
            if Line::is_party(&line) {
                self.then.take(&line);
            } else if Line::is_outcome(&line) {
                return Ok(Some(Waiting { text, line: start }));
            }
        }
        Ok(None)
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        self.text.clear();
        self.writer.outcome(outcome, &mut self.text)?;
        let now = String::from_utf8_lossy(&self.text).into_owned();
        for line in now.lines().filter(|line| Line::is_party(line)) {
            self.now.take(line);
        }
        loop {
            let Some(then) = self.wait()? else {
                self.differ(&parse(&now)?, vec!["it was not in the results".to_owned()]);
                return Ok(());
            };
            if then.text == now {
                self.replayed.compared += 1;
                return Ok(());
            }
            self.replayed.same = false;
            let then_value: Value = serde_json::from_str(then.text.get(then.line..).unwrap_or_default())?;
            let now_value = parse(&now)?;
            match place(&then_value).cmp(&place(&now_value)) {
                std::cmp::Ordering::Equal => {
                    self.replayed.compared += 1;
                    let words = self.compare(&then_value, &now_value);
                    if !words.is_empty() {
                        self.differ(&now_value, words);
                    }
                    return Ok(());
                }
                std::cmp::Ordering::Less => {
                    self.differ(&then_value, vec!["it is read no more".to_owned()]);
                }
                std::cmp::Ordering::Greater => {
                    self.waiting = Some(then);
                    self.differ(&now_value, vec!["it was not in the results".to_owned()]);
                    return Ok(());
                }
            }
        }
    }

    fn end(&mut self) -> io::Result<()> {
        while let Some(then) = self.wait()? {
            let value = serde_json::from_str(then.text.get(then.line..).unwrap_or_default())?;
            self.differ(&value, vec!["it is read no more".to_owned()]);
        }
        Ok(())
    }

    fn compare(&self, then: &Value, now: &Value) -> Vec<String> {
        let mut words = Vec::new();
        if then["verdict"] != now["verdict"] {
            words.push(format!("verdict {} was {}", word(&now["verdict"]), word(&then["verdict"])));
        }
        let finding = |value: &Value| word(&value["rule"]).to_owned();
        compare_items("finding", &then["findings"], &now["findings"], finding, &mut words);
        let hit = |value: &Value| {
            format!("of party {} on {} {}", value["party"], word(&value["list"]), word(&value["entry"]))
        };
        compare_items("hit", &then["hits"], &now["hits"], hit, &mut words);
        if words.is_empty() && (then["marks"] != now["marks"] || then["undecided"] != now["undecided"]) {
            words.push("another decision holds, or the finding is recognised by something else".to_owned());
        }
        if self.then.of(then) != self.now.of(now) {
            words.push("the parties are read differently".to_owned());
        }
        for key in ["lines", "shipped", "shipment", "unreadable", "reason", "unscreenable"] {
            if then[key] != now[key] {
                words.push(format!("`{key}` is {} and was {}", now[key], then[key]));
            }
        }
        words
    }

    fn differ(&mut self, value: &Value, words: Vec<String>) {
        self.replayed.different += 1;
        if self.replayed.differences.len() < SHOWN {
            let reference = value["shipment"].as_str().or(value["unreadable"].as_str()).unwrap_or_default();
            let (file, line) = place(value);
            let reference = reference.to_owned();
            self.replayed.differences.push(Difference { reference, file, line, words });
        }
    }
}

fn parse(text: &str) -> io::Result<Value> {
    Ok(serde_json::from_str(text.lines().next_back().unwrap_or_default())?)
}

/// Number of the file and line of the first row.
fn place(value: &Value) -> (u64, u64) {
    (value["file"].as_u64().unwrap_or(0), value["lines"][0].as_u64().unwrap_or(0))
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("none")
}

/// What is new, gone or other among things with a name.
fn compare_items(
    what: &str,
    then: &Value,
    now: &Value,
    name: impl Fn(&Value) -> String,
    words: &mut Vec<String>,
) {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (then, now) = (list(then), list(now));
    for item in &now {
        match then.iter().find(|other| name(other) == name(item)) {
            None => words.push(format!("{what} {} is new", name(item))),
            Some(other) if other == item => {}
            Some(other) => words.push(match (other["score"].as_f64(), item["score"].as_f64()) {
                (Some(then), Some(now)) if (then - now).abs() > f64::EPSILON => {
                    format!("{what} {} scores {now} and scored {then}", name(item))
                }
                _ => format!("{what} {} rests on something else", name(item)),
            }),
        }
    }
    for item in then.iter().filter(|item| !now.iter().any(|other| name(other) == name(item))) {
        words.push(format!("{what} {} is gone", name(item)));
    }
}
