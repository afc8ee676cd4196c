//! A baseline: the findings that were there when the gate was taken into
//! service, so that only new ones fail. `--write-baseline` writes it; nobody
//! need edit it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};

use super::kind::{Decision, Kind, Scope};
use super::write::quoted;
use super::{Decisions, Fingerprint};

/// A finding of a baseline: fingerprint, rule version, entry state, party state.
type Key = (Fingerprint, String, String, String);

/// The findings of a run, each once, with words for readers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Baseline {
    lines: BTreeMap<Key, String>,
}

impl Baseline {
    /// Adds a finding: its versions and states, and words for readers.
    pub fn add(&mut self, fingerprint: &Fingerprint, rule: &str, entry: &str, party: &str, about: &str) {
        let [rule, entry, party, about] = [rule, entry, party, about].map(str::to_owned);
        self.lines.insert((fingerprint.clone(), rule, entry, party), about);
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The file, made on a day; it holds for a year.
    #[must_use]
    pub fn to_toml(&self, made: Date) -> String {
        let mut text = format!(
            "# Findings that were there when the gate was taken into service. Written by redflag.\n\
             made = {made}\nexpires = {}\nfinding = [\n",
            made.saturating_add(1.year())
        );
        for ((fingerprint, rule, entry, party), about) in &self.lines {
            let _ = writeln!(
                text,
                "  {{ fingerprint = \"{fingerprint}\", rule = {}, entry = {}, party = {}, about = {} }},",
                quoted(rule),
                quoted(entry),
                quoted(party),
                quoted(about)
            );
        }
        text.push_str("]\n");
        text
    }
}

impl Decisions {
    /// Reads a baseline. Mistakes are collected.
    pub fn read_baseline(file: &SourceFile, out: &mut Diagnostics) -> Vec<Decision> {
        let document = parse_toml(file, out);
        let mut table = Table::document(file, &document);
        let made = table.require("made", out).and_then(|item| item.date(out)).unwrap_or_default();
        let expires = table.require("expires", out).and_then(|item| item.date(out)).unwrap_or_default();
        let mut all = Vec::new();
        for mut finding in table.tables("finding", out) {
            let item = finding.require("fingerprint", out);
            let fingerprint = item.and_then(|item| {
                let parsed = item.string(out).and_then(Fingerprint::parse);
                if parsed.is_none() {
                    out.push(item.error("not the fingerprint of a finding"));
                }
                parsed
            });
            let mut text = |key: &'static str| finding.opt_string(key, out).unwrap_or_default();
            let (rule, entry, party, about) = (text("rule"), text("entry"), text("party"), text("about"));
            finding.finish(out);
            all.extend(fingerprint.map(|fingerprint| Decision {
                fingerprint,
                kind: Kind::Baseline,
                by: "baseline".to_owned(),
                second: String::new(),
                on: made,
                reason: "was there when the gate was taken into service".to_owned(),
                scope: Scope::Pair,
                expires,
                entry,
                party,
                rule,
                licence: None,
                override_reason: String::new(),
                about,
                line: 0,
                number: 0,
            }));
        }
        table.finish(out);
        all
    }
}
