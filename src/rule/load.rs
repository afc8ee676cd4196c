//! `[[rule]]` tables → rules.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Item, SourceFile, Table};
use crate::digest::{hex_of_first, of_parts};

use super::condition::{Refs, Tree, parse_tree};
use super::example::Example;
use super::finding::{Citation, RuleInfo, Verdict};
use super::library::Rule;

/// Reads the rules of a file, with the bytes each stands in. Rules with a
/// mistake are left out; the mistakes are collected.
pub(super) fn read_rules(
    table: &mut Table<'_, '_>,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Vec<(Rule, Range<usize>)> {
    let file = table.file().clone();
    table
        .tables("rule", out)
        .into_iter()
        .filter_map(|table| {
            let span = table.span();
            read_rule(table, &file, refs, out).map(|rule| (rule, span))
        })
        .collect()
}

fn read_rule(
    mut table: Table<'_, '_>,
    file: &SourceFile,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Rule> {
    let id = read_id(&mut table, out);
    let title = table.string("title", out);
    table.require("verdict", out);
    let verdict = table.word("verdict", &Verdict::WORDS, rule_verdict, out);
    let why = table.string("why", out);
    if why.trim().len() < 20 {
        out.push(table.error("`why` must tell the person who decides what is the matter"));
    }
    let advice = table.opt_string("advice", out).unwrap_or_default();
    let authority = read_authority(&mut table, out);
    let (from, until) = read_effective(&mut table, out);
    let red_flags = read_red_flags(&mut table, out);
    let when = table.require("when", out).and_then(|item| read_when(item, refs, out));
    let (fires, silent) = read_examples(&mut table, out);
    let line = file.text.get(..table.span().start).map_or(0, |before| before.matches('\n').count()) + 1;
    table.finish(out);
    let (when, verdict) = (when?, verdict?);
    let version = version(&id, verdict, (from, until), &when);
    let info = RuleInfo {
        id,
        title,
        group: group(&file.name),
        verdict,
        why,
        advice,
        authority,
        from,
        until,
        red_flags,
        version,
        own_verdict: None,
    };
    let about_goods = when.about_goods();
    Some(Rule {
        info: Arc::new(info),
        when,
        about_goods,
        fires,
        silent,
        place: format!("{}:{line}", file.name),
    })
}

/// What a decision on a finding of the rule was made on.
fn version(id: &str, verdict: Verdict, (from, until): Days, when: &Tree) -> String {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut conditions = String::new();
    when.write_words(0, &mut conditions);
    hex_of_first(&of_parts([id, verdict.key(), &day(from), &day(until), &conditions]), 6)
}

fn rule_verdict(key: &str) -> Option<Verdict> {
    Verdict::from_key(key).filter(|verdict| Verdict::WORDS.contains(&verdict.key()))
}

/// Three letters, a hyphen, three figures.
fn read_id(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> String {
    let Some(item) = table.require("id", out) else { return String::new() };
    let id = item.string(out).unwrap_or_default();
    let shaped = id.len() == 7
        && id.bytes().enumerate().all(|(i, b)| match i {
            0..=2 => b.is_ascii_uppercase(),
            3 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    if !shaped {
        out.push(
            item.error(format!("`{id}` is not a rule id"))
                .help("three capitals, a hyphen, three figures: DIV-101"),
        );
    }
    id.to_owned()
}

fn read_authority(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Vec<Citation> {
    table.require("authority", out);
    let mut authority = Vec::new();
    for mut source in table.tables("authority", out) {
        authority.push(Citation {
            cite: source.string("cite", out),
            date: source.opt_date("date", out),
            url: source.opt_string("url", out).unwrap_or_default(),
            certainty: source.opt_string("certainty", out).unwrap_or_default(),
        });
        source.finish(out);
    }
    if authority.is_empty() {
        out.push(
            table
                .error("the rule states no authority")
                .help("authority = [{ cite = \"…\", date = 2024-01-31 }]"),
        );
    }
    authority
}

type Days = (Option<jiff::civil::Date>, Option<jiff::civil::Date>);

fn read_effective(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Days {
    let Some(item) = table.require("effective", out) else { return (None, None) };
    let Some(mut effective) = item.table(out) else { return (None, None) };
    let from = effective.require("from", out).and_then(|item| item.date(out));
    let until = effective.opt_date("until", out);
    effective.finish(out);
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        out.push(item.error("the rule ends before it begins"));
    }
    (from, until)
}

fn read_red_flags(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Vec<u8> {
    let items = table.get("red_flags").map(Item::one_or_many).unwrap_or_default();
    items.into_iter().filter_map(|item| item.decimal(out).and_then(|number| number.try_into().ok())).collect()
}

fn read_when(item: Item<'_, '_>, refs: &Refs<'_>, out: &mut Diagnostics) -> Option<Tree> {
    let tree = parse_tree(item, refs, out)?;
    if !tree.gives_evidence() {
        out.push(
            item.error("every condition stands under `none`")
                .help("a rule needs a condition that holds, so that it can say what it found"),
        );
    }
    Some(tree)
}

fn read_examples(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> (Vec<Example>, Vec<Example>) {
    let Some(mut examples) = table.require("examples", out).and_then(|item| item.table(out)) else {
        return (Vec::new(), Vec::new());
    };
    let mut read = |key: &'static str| -> Vec<Example> {
        let read: Vec<Example> =
            examples.tables(key, out).into_iter().map(|table| Example::read(table, out)).collect();
        if read.is_empty() {
            out.push(
                Diagnostic::error(format!("the rule has no example under `examples.{key}`"))
                    .at(examples.file(), examples.span())
                    .help("one that fires and one near miss that stays silent"),
            );
        }
        read
    };
    let read = (read("fires"), read("silent"));
    examples.finish(out);
    read
}

/// The folder of the file, without the number that orders it.
fn group(name: &str) -> String {
    let folder = name.rsplit(['/', '\\']).nth(1).unwrap_or("rules");
    folder.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').to_owned()
}
