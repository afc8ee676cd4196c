//! The licence adviser: tables without mistakes, worked cases, laws, and the
//! printed form.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use redflag::diagnostic::Diagnostics;
use redflag::licence::{
    CodeKind, EndUse, Known, Law, Licensing, ListedEntry, Outcome, Question, shipped_files,
};
use redflag::trade::CountryCode;

const CASES: &str = include_str!("data/licence/cases.toml");
/// Reasons for control by entry, from two copies of the list that were compared
/// (eCFR of 2026-07-23; categories 3 to 5 also of 2025-07).
const REASONS: &str = include_str!("data/licence/reasons.csv");

fn ask(code: &str, to: &str, day: &str) -> Question {
    Question::new(code, CountryCode::new(to), day.parse().unwrap())
}

fn listed(requirement: Option<&str>, as_owner: bool) -> ListedEntry {
    ListedEntry {
        name: "Example Trading".to_owned(),
        list: "US Entity List".to_owned(),
        law: Law::Us,
        requirement: requirement.map(str::to_owned),
        policy: None,
        as_owner,
    }
}

#[test]
fn the_shipped_tables_hold_no_mistake() {
    let mut out = Diagnostics::default();
    let all = Licensing::load(&shipped_files(), &mut out);
    let shown: Vec<String> = out.iter().map(|mistake| mistake.render(false)).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
    // 633 entries of the copy and 2B352, which the copy lacks.
    assert_eq!(all.counts(), (634, 196, 366));
}

#[test]
fn mistakes_of_a_table_are_collected() {
    let text = "[pack]\nid = \"x\"\ntitle = \"x\"\nsource = \"x\"\ndate = 2026-01-01\n\
        [[rule]]\nid = \"r\"\neffect = \"forbid\"\n[[entry]]\ncode = \"3A001\"\n\
        controls = [{ r = \"NS\", to = \"NS9\", onyl = \"a\" }]\n";
    let mut out = Diagnostics::default();
    let _ = Licensing::load(&[redflag::diagnostic::SourceFile::new("x.toml", text)], &mut out);
    let all: Vec<String> = out.iter().map(|d| format!("{} {}", d.message, d.help)).collect();
    for part in ["unknown word `forbid`", "did you mean `only`?", "no column and no place"] {
        assert!(all.iter().any(|m| m.contains(part)), "{part}: {all:?}");
    }
}

/// The reasons of each entry, compared with the table they were checked
/// against; an entry's own table names no reason that its head does not.
#[test]
fn the_reasons_agree_with_the_reference_table() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    let all: Vec<_> = Licensing::shipped().reasons().collect();
    for line in REASONS.lines().skip(1) {
        let (code, reasons) = line.split_once(',').unwrap();
        let expected: BTreeSet<&str> = reasons.split(' ').collect();
        let Some((_, head, _)) = all.iter().find(|(own, _, _)| *own == code) else {
            wrong.push(format!("{code} is missing"));
            continue;
        };
        seen += 1;
        let head: BTreeSet<&str> = head.iter().copied().collect();
        if head != expected {
            wrong.push(format!("{code}: {head:?}, the table has {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 500, "{seen}");
}

#[test]
fn the_table_of_an_entry_names_only_reasons_of_its_head() {
    // Known gaps of the copy: its heads leave these reasons out.
    const KNOWN: [&str; 3] = ["0D977", "0E977", "3A232"];
    let mut wrong = Vec::new();
    for (code, head, table) in Licensing::shipped().reasons() {
        for reason in table {
            if !head.is_empty() && !head.contains(&reason) && !KNOWN.contains(&code) {
                wrong.push(format!("{code} {reason}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn texts(case: &toml::Table, key: &str) -> Vec<String> {
    let array = case.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default();
    array.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
}

fn text<'a>(case: &'a toml::Table, key: &str) -> Option<&'a str> {
    case.get(key).map(|value| value.as_str().unwrap())
}

fn question(case: &toml::Table) -> Question {
    let day = case.get("day").unwrap().to_string();
    let mut question = ask(text(case, "code").unwrap(), text(case, "to").unwrap(), &day);
    question.regions = texts(case, "regions");
    question.situations = texts(case, "situations");
    question.uses = texts(case, "uses").iter().map(|key| EndUse::from_key(key).unwrap()).collect();
    question.value_usd = case.get("value").map(|value| value.as_integer().unwrap().into());
    question.us_content_percent = case.get("share").map(|value| value.as_integer().unwrap().into());
    if let Some(requirement) = text(case, "requirement") {
        question.listed.push(listed(Some(requirement), false));
    }
    text(case, "hs").unwrap_or_default().clone_into(&mut question.tariff);
    if case.contains_key("listed_eu") {
        let entry = ListedEntry { law: Law::Eu, list: "EU list".to_owned(), ..listed(None, false) };
        question.listed.push(entry);
    }
    if case.contains_key("owner") {
        question.listed.push(listed(None, true));
    }
    question
}

fn cases() -> Vec<toml::Table> {
    let document: toml::Table = CASES.parse().unwrap();
    let all = document.get("case").unwrap().as_array().unwrap();
    all.iter().map(|case| case.as_table().unwrap().clone()).collect()
}

fn check(case: &toml::Table, wrong: &mut Vec<String>) {
    let all = Licensing::shipped();
    let question = question(case);
    let found = all.determine(&question);
    let name = format!("{} to {} on {}", question.code, text(case, "to").unwrap(), question.date);
    for (law, key, offers) in [(Law::Us, "us", "offers"), (Law::Eu, "eu", "offers_eu")] {
        let view = found.view(law).unwrap();
        let outcome = view.outcome.key();
        if text(case, key).is_some_and(|expected| expected != outcome) {
            wrong.push(format!("{name}, {law}: {outcome}\n{view}"));
        }
        let open: Vec<&str> =
            view.exceptions.iter().filter(|e| e.only_if.is_none()).map(|e| e.symbol.as_str()).collect();
        for symbol in texts(case, offers).iter().filter(|symbol| !open.contains(&symbol.as_str())) {
            wrong.push(format!("{name}: {symbol} is not offered, only {open:?}"));
        }
        if law == Law::Us {
            for symbol in texts(case, "shuts").iter().filter(|symbol| open.contains(&symbol.as_str())) {
                wrong.push(format!("{name}: {symbol} is offered"));
            }
        }
    }
    let us = found.view(Law::Us).unwrap();
    for cell in texts(case, "cells") {
        let [row, column, mark] = cell.split(' ').collect::<Vec<_>>()[..] else { panic!("{cell}") };
        let marked = mark == "X";
        if all.cell(CountryCode::new(row).unwrap(), column) != Some(marked) {
            wrong.push(format!("{name}: the chart does not have {cell}"));
        }
        let (letters, digit) = column.split_at(2);
        let shown = if marked { "X" } else { "no X" };
        let cite = format!(", {letters} Column {digit}: {shown}");
        if !us.chain.iter().any(|step| step.source.cite.ends_with(&cite)) {
            wrong.push(format!("{name}: no line rests on {cell}\n{us}"));
        }
    }
}

#[test]
fn the_worked_cases_come_out() {
    let cases = cases();
    assert!(cases.len() >= 60, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        check(case, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn codes_are_checked_by_entry_and_paragraph() {
    let all = Licensing::shipped();
    let check = all.code("3A001.b.2");
    assert_eq!((check.us, check.eu, check.paragraph), (Known::Yes, Known::Yes, Some(Known::Yes)));
    assert!(check.reasons.iter().any(|r| r.starts_with("NS")), "{check}");
    assert_eq!(all.code("3A001.q").paragraph, Some(Known::No));
    assert_eq!(all.code("2B350.d").paragraph, Some(Known::NotCovered));
    assert_eq!(all.code("3A991").eu, Known::No);
    assert_eq!((all.code("1C450").us, all.code("1C450").eu), (Known::No, Known::Yes));
    assert_eq!(all.code("3A501").eu, Known::Yes);
    assert_eq!(all.code("3A507").eu, Known::NotCovered);
    assert_eq!(all.code("3A777").us, Known::No);
    for (text, kind) in [
        ("", CodeKind::Empty),
        ("EAR 99", CodeKind::Ear99),
        ("n/a", CodeKind::NoList),
        ("keine", CodeKind::NoList),
        ("NLR", CodeKind::Licence),
        ("hello", CodeKind::Unreadable),
    ] {
        assert_eq!(all.code(text).kind, kind, "{text}");
    }
    for text in ["ML10", "PL9009", "USML XI", "輸出令 7", "别表第一"] {
        let kind = all.code(text).kind;
        assert!(matches!(kind, CodeKind::OtherList(_) | CodeKind::Unreadable), "{text}: {kind:?}");
    }
    assert!(matches!(all.code("ML10").kind, CodeKind::OtherList(_)));
}

#[test]
fn a_wrong_group_letter_shows() {
    let all = Licensing::shipped();
    assert!(all.group_doubt("5E002", "network router, 12 pcs").is_some());
    assert!(all.group_doubt("5D002", "firmware for routers").is_none());
    assert!(all.group_doubt("3A001", "source code").is_some());
    assert!(all.group_doubt("3A001", "circuit board with firmware").is_none());
    assert!(all.group_doubt("3A001", "").is_none());
    assert!(all.group_doubt("EAR99", "source code").is_none());
}

#[test]
fn an_answer_says_what_it_rests_on() {
    let all = Licensing::shipped();
    for case in cases() {
        let found = all.determine(&question(&case));
        for view in &found.views {
            assert!(!view.modelled.is_empty() && !view.not_modelled.is_empty());
            assert!(view.chain.iter().all(|step| !step.source.cite.is_empty()), "{view}");
            if view.outcome == Outcome::NotRequired {
                assert!(view.assumptions.len() >= 4, "{view}");
            }
            if view.outcome == Outcome::Indeterminate {
                assert!(!view.missing.is_empty(), "{view}");
            }
        }
    }
}

#[test]
fn only_the_laws_that_bind_are_asked() {
    let mut question = ask("3A001.a.2", "CN", "2026-08-01");
    question.bound_by = vec!["US".to_owned(), "JP".to_owned()];
    let found = Licensing::shipped().determine(&question);
    assert_eq!((found.outcome(Law::Us), found.outcome(Law::Eu)), (Some(Outcome::Required), None));
    assert_eq!(found.not_covered, ["JP"]);
}

/// Another line in an entry's table never makes an outcome lighter.
#[test]
fn another_control_never_lightens() {
    let files: Vec<_> = shipped_files()
        .into_iter()
        .map(|file| {
            let more = "controls = [\n  { r = \"SI\", to = \"all-but-canada\" },";
            let text = file.text.replace("controls = [", more);
            redflag::diagnostic::SourceFile::new(file.name, text)
        })
        .collect();
    let mut out = Diagnostics::default();
    let heavier = Licensing::load(&files, &mut out);
    assert!(out.is_empty());
    for case in cases() {
        let question = question(&case);
        let before = Licensing::shipped().determine(&question).outcome(Law::Us).unwrap();
        let after = heavier.determine(&question).outcome(Law::Us).unwrap();
        assert!(after >= before, "{question:?}: {before:?} became {after:?}");
    }
}

/// The tariff codes that licence rules call the priority list are those of the
/// goods categories.
#[test]
fn the_priority_list_of_licence_rules_is_that_of_the_goods() {
    let table = |text: &str| text.parse::<toml::Table>().unwrap();
    let goods = table(include_str!("../rules/goods/chpl.toml"));
    let licence = table(include_str!("../rules/licence/tariff.toml"));
    let mut expected = BTreeSet::new();
    for category in goods["category"].as_array().unwrap() {
        let entries = category.get("hs").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        expected.extend(entries.iter().map(|entry| entry["prefix"].as_str().unwrap().to_owned()));
    }
    let list = licence["tariff_list"].as_array().unwrap();
    let list = list.iter().find(|list| list["id"].as_str() == Some("common-high-priority")).unwrap();
    let codes: BTreeSet<String> =
        list["codes"].as_str().unwrap().split_whitespace().map(str::to_owned).collect();
    assert_eq!(codes, expected);
    assert!(codes.len() >= 50);
}

/// A tariff code decides where a rule names it, however it is written, and
/// nowhere else.
#[test]
fn a_tariff_code_counts_only_where_a_rule_names_it() {
    let all = Licensing::shipped();
    let of = |to: &str, hs: &str| {
        let mut question = ask("", to, "2026-08-01");
        hs.clone_into(&mut question.tariff);
        (all.speaks_of_tariff(&question), all.determine(&question).outcome(Law::Us).unwrap())
    };
    assert_eq!(of("RU", "8542.31.10"), (true, Outcome::Required));
    assert_eq!(of("RU", "85 42 31"), (true, Outcome::Required));
    assert_eq!(of("RU", "392690"), (false, Outcome::Indeterminate));
    assert_eq!(of("RU", ""), (false, Outcome::Indeterminate));
    assert_eq!(of("KZ", "854231"), (false, Outcome::Indeterminate));
}

/// The table of the documentation shows what the program says.
#[test]
fn the_documented_cases_come_out() {
    let page = include_str!("../docs/goods.md");
    let mut rows = 0;
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [code, to, day, us, eu, _] = cells[..] else { continue };
        let found = Licensing::shipped().determine(&ask(code.trim_matches('`'), to, day));
        for (law, expected) in [(Law::Us, us), (Law::Eu, eu)] {
            assert_eq!(found.outcome(law).unwrap().key(), expected, "{line}");
        }
        rows += 1;
    }
    assert!(rows >= 15, "{rows}");
}

#[test]
fn a_region_counts_without_a_country() {
    let mut question = ask("EAR99", "", "2026-08-01");
    assert_eq!(Licensing::shipped().determine(&question).outcome(Law::Us), Some(Outcome::Indeterminate));
    question.regions.push("sevastopol".to_owned());
    let found = Licensing::shipped().determine(&question);
    assert_eq!(found.outcome(Law::Us), Some(Outcome::Embargo));
    assert_eq!(found.outcome(Law::Eu), Some(Outcome::Embargo));
}

#[test]
fn printed_determinations() {
    let all = Licensing::shipped();
    let mut first = ask("3A001.b.2", "SG", "2026-07-23");
    first.value_usd = Some(2500.into());
    let mut second = ask("EAR99", "UA", "2026-07-23");
    second.bound_by = vec!["US".to_owned()];
    let mut third = ask("5A002.a", "RU", "2026-07-23");
    third.description = "encryption software, download".to_owned();
    third.listed.push(listed(Some("For all items subject to the EAR. (See § 744.11 of the EAR)"), false));
    for (name, question) in
        [("licence-singapore", first), ("licence-ukraine", second), ("licence-russia", third)]
    {
        insta::assert_snapshot!(name, all.determine(&question).to_string());
    }
}

fn any_code() -> impl Strategy<Value = String> {
    let real = prop::sample::select(vec![
        "3A001.b.2",
        "3A001",
        "5A002.a",
        "9A610.x",
        "0A501",
        "EAR99",
        "none",
        "NLR",
        "3A991",
        "7A103",
        "2B350",
        "1A102",
        "5A980",
        "4A003.g",
        "3B001.d",
        "1C450",
        "3A501",
    ]);
    prop_oneof![4 => real.prop_map(str::to_owned), 2 => "[0-9][A-E][0-9]{3}(\\.[a-z](\\.[0-9])?)?", 1 => "\\PC{0,12}"]
}

fn any_question() -> impl Strategy<Value = Question> {
    let day =
        prop::sample::select(vec!["2012-01-01", "2019-01-01", "2022-03-01", "2025-10-01", "2026-08-01"]);
    let uses = prop::collection::vec(prop::sample::select(EndUse::ALL.to_vec()), 0..2);
    (any_code(), "[A-Z]{2}", day, uses, any::<bool>(), prop::option::of(0_i64..60)).prop_map(
        |(code, to, day, uses, party, share)| {
            let mut question = ask(&code, &to, day);
            question.uses = uses;
            if party {
                question.listed.push(listed(None, false));
            }
            question.us_content_percent = share.map(Into::into);
            question
        },
    )
}

proptest! {
    #[test]
    fn any_text_is_read_without_harm(code in "\\PC{0,30}", description in "\\PC{0,60}") {
        let all = Licensing::shipped();
        let mut question = ask(&code, "CN", "2026-08-01");
        question.description.clone_from(&description);
        prop_assert!(!all.determine(&question).to_string().is_empty());
        let _ = all.group_doubt(&code, &description);
    }

    #[test]
    fn an_unknown_code_is_never_not_required(question in any_question()) {
        let found = Licensing::shipped().determine(&question);
        let claim = matches!(found.code.kind, CodeKind::Ear99 | CodeKind::NoList);
        if found.code.us != Known::Yes && !claim {
            prop_assert!(found.outcome(Law::Us) != Some(Outcome::NotRequired), "{found}");
        }
        if found.code.us != Known::Yes && found.code.eu != Known::Yes && !claim {
            prop_assert!(found.outcome(Law::Eu) != Some(Outcome::NotRequired), "{found}");
        }
    }

    #[test]
    fn an_unknown_country_is_never_not_required(question in any_question(), to in "[QX][A-Z]") {
        let question = Question { destination: CountryCode::new(&to), ..question };
        prop_assume!(!["QA", "XK"].contains(&to.as_str()));
        for view in Licensing::shipped().determine(&question).views {
            prop_assert!(view.outcome != Outcome::NotRequired, "{view}");
        }
    }

    #[test]
    fn an_embargo_beats_everything(question in any_question(), to in prop::sample::select(vec!["CU", "IR", "KP", "SY"])) {
        let question = Question { destination: CountryCode::new(to), ..question };
        prop_assert_eq!(Licensing::shipped().determine(&question).outcome(Law::Us), Some(Outcome::Embargo));
    }

    /// Another use, another listed party: what was required stays so.
    #[test]
    fn another_reason_never_lightens(question in any_question(), more in prop::sample::select(EndUse::ALL.to_vec())) {
        let all = Licensing::shipped();
        let mut heavier = question.clone();
        heavier.uses.push(more);
        heavier.listed.push(listed(Some("For all items subject to the EAR"), false));
        for law in [Law::Us, Law::Eu] {
            let before = all.determine(&question).outcome(law).unwrap();
            let after = all.determine(&heavier).outcome(law).unwrap();
            prop_assert!(after >= before, "{law}: {before:?} became {after:?}");
        }
    }
}
