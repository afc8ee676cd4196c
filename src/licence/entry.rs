//! Entries of the Commerce Control List: reasons for control, where each looks,
//! and what the entry says of exceptions. Read from `rules/licence/us-entries-*`.
//!
//! Knows no destination.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostics, Pack, Table};

use super::scope::{Reach, Scope};

/// One line of an entry's licence table.
#[derive(Clone, Debug)]
pub(super) struct Control {
    pub reason: String,
    /// A column of the chart (`NS2`) or the id of a named place.
    pub to: String,
    pub scope: Scope,
    /// Goods that software or technology must be for.
    pub goods: Option<String>,
    /// What a person must check before the line counts.
    pub check: Option<String>,
}

impl Control {
    /// Whether the line counts for a declared paragraph.
    pub(super) fn reach(&self, paragraph: &str) -> Reach {
        let mut reach = self.scope.reach(paragraph);
        if let Some(goods) = &self.goods {
            reach = reach.and(Reach::Open(format!("it is for {goods}")));
        }
        if let Some(check) = &self.check {
            reach = reach.and(Reach::Open(check.clone()));
        }
        reach
    }
}

/// What an entry says of an exception.
#[derive(Clone, Debug)]
pub(super) struct Flag {
    pub symbol: String,
    pub scope: Scope,
    pub limit_usd: Option<Decimal>,
    /// Reasons it never covers here.
    pub not: Vec<String>,
    /// Country groups for which STA is shut.
    pub barred: Vec<String>,
    pub check: Option<String>,
}

/// An entry of the list.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub title: String,
    pub reasons: Vec<String>,
    /// The reasons stand not in the copy but come from elsewhere.
    pub reasons_from: Option<String>,
    pub controls: Vec<Control>,
    pub flags: Vec<Flag>,
    /// The copy has no table for the entry.
    pub blank: bool,
    /// The entry sends the reader to the ITAR.
    pub itar: bool,
    /// Something about the copy that a reader should know.
    pub odd: Option<String>,
}

/// All entries, and the paragraphs of some categories.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    all: BTreeMap<String, Entry>,
    paragraphs: FxHashMap<String, Vec<String>>,
    pub source: Pack,
}

fn split(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Vec<String> {
    let text = table.opt_string(key, out).unwrap_or_default();
    text.split_whitespace().map(str::to_owned).collect()
}

fn read_control(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Control {
    let control = Control {
        reason: table.string("r", out),
        to: table.string("to", out),
        scope: Scope { only: split(&mut table, "only", out), except: split(&mut table, "except", out) },
        goods: table.opt_string("for", out),
        check: table.opt_string("if", out),
    };
    table.finish(out);
    control
}

fn read_flag(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Flag {
    let flag = Flag {
        symbol: table.string("x", out),
        scope: Scope { only: split(&mut table, "only", out), except: split(&mut table, "except", out) },
        limit_usd: table.opt_decimal("usd", out),
        not: split(&mut table, "not", out),
        barred: split(&mut table, "barred", out),
        check: table.opt_string("if", out),
    };
    table.finish(out);
    flag
}

impl Entries {
    /// Reads the `[[entry]]` tables and `[paragraphs]` of a file.
    pub(super) fn read(&mut self, table: &mut Table<'_, '_>, pack: &Pack, out: &mut Diagnostics) {
        for mut entry in table.tables("entry", out) {
            self.source = pack.clone();
            self.read_entry(&mut entry, out);
            entry.finish(out);
        }
        let Some(paragraphs) = table.get("paragraphs").and_then(|item| item.table(out)) else { return };
        for (code, _, item) in paragraphs.items() {
            let Some(text) = item.string(out) else { continue };
            self.paragraphs.insert(code.to_owned(), text.split_whitespace().map(str::to_owned).collect());
        }
    }

    fn read_entry(&mut self, table: &mut Table<'_, '_>, out: &mut Diagnostics) {
        let code = table.string("code", out);
        let mut entry = Entry {
            title: table.opt_string("title", out).unwrap_or_default(),
            reasons: split(table, "reasons", out),
            reasons_from: table.opt_string("reasons_from", out),
            blank: table.opt_boolean("blank", out).unwrap_or(false),
            itar: table.opt_boolean("itar", out).unwrap_or(false),
            odd: table.opt_string("odd", out),
            ..Entry::default()
        };
        for control in table.tables("controls", out) {
            entry.controls.push(read_control(control, out));
        }
        for flag in table.tables("flags", out) {
            entry.flags.push(read_flag(flag, out));
        }
        if entry.controls.is_empty() != entry.blank {
            out.push(table.error(format!("`{code}` holds neither `controls` nor `blank = true`, or both")));
        }
        if self.all.insert(code.clone(), entry).is_some() {
            out.push(table.error(format!("the entry `{code}` is defined twice")));
        }
    }

    pub(super) fn get(&self, code: &str) -> Option<&Entry> {
        self.all.get(code)
    }

    /// All entries in the order of their codes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.all.iter().map(|(code, entry)| (code.as_str(), entry))
    }

    /// Paragraphs of an entry, where the copy has them.
    pub(super) fn paragraphs(&self, code: &str) -> Option<&[String]> {
        self.paragraphs.get(code).map(Vec::as_slice)
    }
}
