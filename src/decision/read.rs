//! `dispositions.toml` → decisions, with every mistake at its place.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostics, Item, SourceFile, Table, parse_toml};
use crate::trade::CountryCode;

use super::kind::{Decision, Kind, Licence, Scope};
use super::{Decisions, Fingerprint, Options};

impl Decisions {
    /// Reads the file. Mistakes are collected; with one that is an error, the
    /// result must not be used.
    pub fn parse(file: &SourceFile, options: Options, out: &mut Diagnostics) -> Self {
        let document = parse_toml(file, out);
        let mut table = Table::document(file, &document);
        let all = table.tables("decision", out).into_iter().filter_map(|table| read(table, out)).collect();
        table.finish(out);
        Self::new(all, options)
    }
}

fn read(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Option<Decision> {
    let line = table.file().text.get(..table.span().start).map_or(0, |text| text.matches('\n').count()) + 1;
    let fingerprint = table.require("fingerprint", out).and_then(|item| {
        let text = item.string(out)?;
        let parsed = Fingerprint::parse(text);
        if parsed.is_none() {
            out.push(
                item.error(format!("`{text}` is not the fingerprint of a finding"))
                    .help("take it from a report: `rf1:` and 32 hexadecimal digits"),
            );
        }
        parsed
    });
    table.require("decision", out);
    let kind = table.word("decision", &Kind::WORDS, Kind::from_key, out);
    let by = required(&mut table, "by", "who decided", out);
    let reason = required(&mut table, "reason", "why, for whoever reads it in two years", out);
    let on = table.require("on", out).and_then(|item| item.date(out));
    let expires = table.require("expires", out).and_then(|item| item.date(out));
    if let (Some(on), Some(expires)) = (on, expires)
        && expires < on
    {
        out.push(table.error("the decision expires before it was made"));
    }
    let second = table.opt_string("second", out).unwrap_or_default();
    let scope = match table.get("scope") {
        Some(item) => read_scope(item, out),
        None => Some(Scope::Pair),
    };
    let mut text = |key: &'static str| table.opt_string(key, out).unwrap_or_default();
    let (entry, party, rule) = (text("entry"), text("party"), text("rule"));
    let (override_reason, about) = (text("override"), text("about"));
    if rule.is_empty() {
        out.push(
            table.error("the decision does not say which version of the rule it was made on").help(
                "`rule` holds 12 hexadecimal digits; `redflag clear` writes them, and reports show them",
            ),
        );
    }
    let licence = table.get("licence").and_then(|item| read_licence(item, out));
    if kind == Some(Kind::Licensed) && licence.is_none() {
        out.push(
            table
                .error("a licensed finding needs the licence it goes with")
                .help("licence = { number = \"…\", balance = 10000, unit = \"USD\" }"),
        );
    }
    table.finish(out);
    Some(Decision {
        fingerprint: fingerprint?,
        kind: kind?,
        by,
        second,
        on: on?,
        reason,
        scope: scope?,
        expires: expires?,
        entry,
        party,
        rule,
        licence,
        override_reason,
        about,
        line,
        number: 0,
    })
}

fn required(table: &mut Table<'_, '_>, key: &'static str, what: &str, out: &mut Diagnostics) -> String {
    let Some(item) = table.require(key, out) else { return String::new() };
    let text = item.string(out).unwrap_or_default().trim();
    if text.is_empty() {
        out.push(item.error(format!("`{key}` must say {what}")));
    }
    text.to_owned()
}

/// `"pair"`, `{ order = "SO-1" }`, `{ lane = "DE-KG" }`.
fn read_scope(item: Item<'_, '_>, out: &mut Diagnostics) -> Option<Scope> {
    const HELP: &str = "\"pair\", { order = \"SO-1\" } or { lane = \"DE-KG\" }";
    if !item.is_table() {
        let text = item.string(out)?;
        if text == "pair" {
            return Some(Scope::Pair);
        }
        out.push(item.error(format!("`{text}` is no scope")).help(HELP));
        return None;
    }
    let mut table = item.table(out)?;
    let (order, lane) = (table.opt_string("order", out), table.opt_string("lane", out));
    table.finish(out);
    match (order, lane) {
        (Some(order), None) if !order.trim().is_empty() => Some(Scope::Order(order.trim().to_owned())),
        (None, Some(lane)) => {
            let ends = lane.split_once('-');
            let ends = ends.and_then(|(from, to)| Some((CountryCode::new(from)?, CountryCode::new(to)?)));
            if ends.is_none() {
                out.push(item.error(format!("`{lane}` is no lane")).help(HELP));
            }
            ends.map(|(from, to)| Scope::Lane(from, to))
        }
        _ => {
            out.push(item.error("a scope is one of order and lane").help(HELP));
            None
        }
    }
}

fn read_licence(item: Item<'_, '_>, out: &mut Diagnostics) -> Option<Licence> {
    let mut table = item.table(out)?;
    let number = required(&mut table, "number", "which licence", out);
    let balance = table.opt_decimal("balance", out);
    let unit = table.opt_string("unit", out).unwrap_or_default().trim().to_owned();
    table.finish(out);
    if balance.is_some() && unit.is_empty() {
        out.push(
            item.error("a balance needs its `unit`: a currency such as USD, or a unit such as pcs or kg"),
        );
    }
    if balance.is_some_and(|balance| balance < Decimal::ZERO) {
        out.push(item.error("a balance can't be below nothing"));
    }
    Some(Licence { number, balance: balance.map(|balance| (balance, unit)) })
}
