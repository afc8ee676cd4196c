//! The promises of the rule language.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use proptest::prelude::*;
use redflag::diagnostic::SourceFile;
use redflag::rule::Library;

const HEAD: &str = "pack.id = \"t\"\npack.title = \"t\"\npack.source = \"t\"\npack.date = 2026-01-01\n";
const RULE: &str = r#"
[[rule]]
id = "TST-001"
title = "A rule under test"
verdict = "hold"
why = "It stands here to be tested, and for nothing else."
authority = [{ cite = "nobody", date = 2024-01-01 }]
effective = { from = 2024-01-01 }
"#;

fn load(text: &str) -> (Option<Library>, Vec<String>) {
    let file = SourceFile::new("rules/test/t.toml", format!("{HEAD}{text}"));
    let (library, out) = Library::load(&[file], None);
    (library, out.iter().map(ToString::to_string).collect())
}

/// Loads one rule with its examples and runs them.
fn examples(definitions: &str, rule: &str) {
    let (library, mistakes) = load(&format!("{definitions}{RULE}{rule}"));
    let library = library.unwrap_or_else(|| panic!("{}", mistakes.join("\n")));
    let failed: Vec<_> = library.test_examples().into_iter().filter(|result| !result.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn every_mistake_of_a_broken_pack_shows_at_once_with_its_line() {
    let text = include_str!("data/rules/broken.toml");
    let (library, out) = Library::load(&[SourceFile::new("broken.toml", text)], Some(&[]));
    assert!(library.is_none());
    let shown: Vec<String> = out.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn conditions_on_goods_must_hold_on_one_line() {
    examples(
        "[[category]]\nid = \"chips\"\ntitle = \"chips\"\nhs = [{ prefix = \"8542\" }]\n",
        r#"
when.all = [{ goods = { category = "chips" } }, { control_code = { is = "EAR99" } }]
examples.fires = [{ hs = "8542.31", control_code = "EAR99" }]
examples.silent = [
  { items = [{ hs = "8542.31", control_code = "3A001" }, { hs = "3004.90", control_code = "EAR99" }] },
]
"#,
    );
}

#[test]
fn a_set_reaches_through_what_it_includes_even_in_a_circle() {
    examples(
        r#"
[[set]]
id = "a"
title = "A"
members = [{ country = "KG", cite = "x" }]
include = ["b"]
[[set]]
id = "b"
title = "B"
members = [{ country = "KZ", cite = "y" }]
include = ["a"]
"#,
        r#"
when.destination = { within = "a" }
examples.fires = [{ destination = "KZ" }, { destination = "KG" }]
examples.silent = [{ destination = "DE" }, {}]
"#,
    );
}

#[test]
fn a_region_is_found_in_any_script_unless_the_country_rules_it_out() {
    examples(
        "[[region]]\nid = \"crimea\"\ntitle = \"Crimea\"\ncountry = [\"UA\", \"RU\"]\nwords = [\"sevastopol\", \"крым\"]\nhint_only = [\"kerch\"]\n",
        r#"
when.region = { within = "crimea" }
examples.fires = [
  { consignee = { name = "X", city = "Sevastopol", country = "UA" } },
  { consignee = { name = "X", address = "Республика Крым, ул. Ленина", country = "RU" } },
  { destination_place = "SEVASTOPOL" },
]
examples.silent = [
  { consignee = { name = "X", address = "Sevastopol Road 5", country = "US" } },
  { consignee = { name = "X", city = "Kerch", country = "UA" } },
]
"#,
    );
}

#[test]
fn a_listed_condition_holds_for_one_hit_that_fits_in_everything() {
    examples(
        "",
        r#"
when.listed = { effect = "blocking", binding = true, strength = "strong", role = ["consignee", "end-user"] }
examples.fires = [{ consignee = { name = "X", listed = { effect = "blocking" } } }]
examples.silent = [
  { consignee = { name = "X", listed = { effect = "advisory" } }, end-user = { name = "Y", listed = { binding = false } } },
  { forwarder = { name = "X", listed = { effect = "blocking" } } },
  { consignee = { name = "X", listed = { strength = "possible", score = 0.85 } } },
]
"#,
    );
}

#[test]
fn what_is_blank_is_missing_and_what_is_unreadable_is_not() {
    examples(
        "",
        r#"
when.missing = { field = "hs" }
examples.fires = [{ description = "parts" }]
examples.silent = [{ hs = "8542.31" }, { description = "parts", unreadable = ["hs"] }]
"#,
    );
}

#[test]
fn words_count_as_the_whole_text_only_when_nothing_else_is_said() {
    examples(
        "[[terms]]\nid = \"vague\"\ntitle = \"vague\"\nwords = [\"parts\", \"spare parts\", \"electronics\"]\n",
        r#"
when.wording = { terms = "vague", whole = true }
examples.fires = [{ description = "Spare parts" }, { description = "ELECTRONICS, 20 pcs" }]
examples.silent = [{ description = "spare parts for sewing machines" }, { description = "valves" }]
"#,
    );
}

#[test]
fn a_rule_holds_only_between_its_days() {
    let text = format!("{HEAD}{RULE}when.destination = {{ within = \"KG\" }}\nexamples.fires = [{{ destination = \"KG\" }}]\nexamples.silent = [{{ destination = \"DE\" }}]\n")
        .replace("{ from = 2024-01-01 }", "{ from = 2024-01-01, until = 2025-01-01 }");
    let (library, _) = Library::load(&[SourceFile::new("t.toml", text)], None);
    let library = library.unwrap();
    for (day, in_force) in [((2023, 12, 31), 0), ((2024, 1, 1), 1), ((2024, 12, 31), 1), ((2025, 1, 1), 0)] {
        let day = jiff::civil::date(day.0, day.1, day.2);
        assert_eq!(library.rules_in_force(day).len(), in_force, "{day}");
    }
}

#[test]
fn the_pack_hash_changes_with_any_file() {
    let file = |name: &str, text: &str| SourceFile::new(name.to_owned(), format!("{HEAD}{text}"));
    let hash = |files: &[SourceFile]| Library::load(files, None).0.unwrap().sha256().to_owned();
    let one = hash(&[file("a", ""), file("b", "")]);
    assert_eq!(one, hash(&[file("b", ""), file("a", "")]));
    assert_ne!(one, hash(&[file("a", "# x"), file("b", "")]));
    assert_ne!(one, hash(&[file("a", ""), file("c", "")]));
}

proptest! {
    #[test]
    fn any_text_as_a_rule_file_gives_mistakes_not_a_panic(text in "\\PC{0,200}", cut in 0usize..2000) {
        let broken = include_str!("data/rules/broken.toml");
        let at = broken.char_indices().map(|(i, _)| i).nth(cut).unwrap_or(broken.len());
        for text in [text.clone(), format!("{}{text}{}", &broken[..at], &broken[at..])] {
            let (_, out) = Library::load(&[SourceFile::new("x", text)], None);
            for mistake in &out {
                prop_assert!(!mistake.render(false).is_empty());
            }
        }
    }
}
