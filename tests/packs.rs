//! The rules that come with the program: they load without a complaint, keep
//! their own examples, and answer every red flag that one shipment can show.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::path::Path;

use redflag::rule::{Library, shipped_files};

/// The shipped rules; the test fails with every complaint written out.
fn library() -> Library {
    let (lists, _) = redflag::watchlist::shipped();
    let ids: Vec<String> = lists.iter().map(|list| list.info.id.clone()).collect();
    let (library, complaints) = Library::load(&shipped_files(), Some(&ids));
    let shown: Vec<String> = complaints.iter().map(|complaint| complaint.render(false)).collect();
    assert!(shown.is_empty(), "{} complaints:\n{}", shown.len(), shown.join("\n"));
    library.expect("no complaint, so a library")
}

#[test]
fn every_example_of_every_shipped_rule_does_as_it_should() {
    let results = library().test_examples();
    let failed: Vec<String> =
        results.iter().filter(|r| !r.passed).map(|r| format!("{}: {}", r.rule, r.words)).collect();
    assert!(failed.is_empty(), "{} of {} examples:\n{}", failed.len(), results.len(), failed.join("\n"));
}

#[test]
fn every_shipped_rule_has_four_examples_and_says_what_to_do() {
    let library = library();
    let results = library.test_examples();
    let mut poor = Vec::new();
    for rule in library.rules() {
        let examples = results.iter().filter(|result| result.rule == rule.id).count();
        if examples < 4 || rule.advice.is_empty() || rule.why.split(". ").count() < 2 {
            poor.push(format!("{}: {examples} examples", rule.id));
        }
    }
    assert!(poor.is_empty(), "{}", poor.join("\n"));
    assert!(library.rules().count() >= 45, "{} rules", library.rules().count());
}

/// The numbers of the red flags that one shipment can show: the rows of the
/// table in docs/red-flags.md whose mark holds an R.
fn computable() -> Vec<(u8, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/red-flags.md");
    let text = std::fs::read_to_string(&path).expect("docs/red-flags.md");
    let mut found = Vec::new();
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let Some(number) = cells.first().and_then(|cell| cell.parse().ok()) else { continue };
        let marks = cells.get(2).copied().unwrap_or_default();
        if marks.split(|c: char| !c.is_alphanumeric()).any(|mark| mark == "R") {
            found.push((number, line.to_owned()));
        }
    }
    found
}

#[test]
fn every_red_flag_that_one_shipment_can_show_has_a_rule() {
    let library = library();
    let flags = computable();
    assert!(flags.len() >= 25, "{} red flags marked R in docs/red-flags.md", flags.len());
    for (number, row) in flags {
        let rules: Vec<&str> =
            library.rules().filter(|r| r.red_flags.contains(&number)).map(|r| r.id.as_str()).collect();
        assert!(!rules.is_empty(), "no rule for red flag {number}");
        for rule in rules {
            assert!(row.contains(rule), "docs/red-flags.md does not name {rule} at red flag {number}");
        }
    }
}
