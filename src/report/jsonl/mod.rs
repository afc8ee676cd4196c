//! JSON Lines for programs: a `run`, then one `screening` per shipment or
//! unreadable row, then a `summary`. `docs/schema/redflag-jsonl-1.schema.json`
//! is the contract; [`SCHEMA_VERSION`] changes when a reader must.
//!
//! Texts stand as they were read. Characters that act on a terminal are
//! written as `\u` escapes, which every JSON reader turns back.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Serializer;

use crate::screening::{Outcome, RunHeader, Summary};

use crate::report::Sink;
use crate::report::escape::Harmless;

mod basis;
mod finding;
mod record;
mod shipment;

/// Stands in the `run` line as `schema_version`.
pub const SCHEMA_VERSION: u32 = 1;

pub struct JsonLines {
    out: Box<dyn Write + Send>,
    not_screened: Vec<String>,
}

impl JsonLines {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self { out, not_screened: Vec::new() }
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        value.serialize(&mut Serializer::with_formatter(&mut self.out, Harmless)).map_err(io::Error::from)?;
        self.out.write_all(b"\n")
    }
}

impl Sink for JsonLines {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.not_screened.clone_from(&header.not_screened);
        self.line(&record::run(header))
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        match outcome {
            Outcome::Screened { shipment, screening } => self.line(&record::screening(shipment, screening)),
            Outcome::Unreadable(fault) => self.line(&record::unreadable(fault)),
        }
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let not_screened = std::mem::take(&mut self.not_screened);
        self.line(&record::summary(summary, &not_screened))?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::report::fixture::{HOSTILE, header, outcomes, with_text, written};
    use crate::report::{Format, Options};

    fn lines() -> Vec<Value> {
        written(Format::Jsonl, &Options::default(), &header(), &outcomes())
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn schema() -> jsonschema::Validator {
        let text = include_str!("../../../docs/schema/redflag-jsonl-1.schema.json");
        jsonschema::draft202012::new(&serde_json::from_str(text).unwrap()).unwrap()
    }

    #[test]
    fn the_published_schema_describes_every_line() {
        let schema = schema();
        for line in lines() {
            let mistakes: Vec<String> =
                schema.iter_errors(&line).map(|e| format!("{e} at {}", e.instance_path)).collect();
            assert!(mistakes.is_empty(), "{mistakes:#?}\n{line:#}");
        }
    }

    #[test]
    fn the_published_schema_refuses_what_it_does_not_describe() {
        let schema = schema();
        for line in lines() {
            let mut more = line.clone();
            more["surprise"] = Value::from(1);
            assert!(!schema.is_valid(&more), "{more}");
            let mut other = line;
            other["type"] = Value::from("other");
            assert!(!schema.is_valid(&other));
        }
        let mut bad = lines().remove(1);
        bad["verdict"] = Value::from("fine");
        assert!(!schema.is_valid(&bad));
    }

    #[test]
    fn the_published_schema_is_itself_valid() {
        let text = include_str!("../../../docs/schema/redflag-jsonl-1.schema.json");
        assert!(jsonschema::meta::is_valid(&serde_json::from_str(text).unwrap()));
    }

    #[test]
    fn a_hostile_text_comes_back_as_it_was() {
        let text = written(Format::Jsonl, &Options::default(), &header(), &with_text(HOSTILE));
        let line: Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
        assert_eq!(line["reference"], HOSTILE);
        assert_eq!(line["parties"][2]["name"], HOSTILE);
    }

    #[test]
    fn the_lines_read_as_agreed() {
        insta::assert_snapshot!(written(Format::Jsonl, &Options::default(), &header(), &outcomes()));
    }
}
