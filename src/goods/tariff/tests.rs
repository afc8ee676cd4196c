//! Literal cases and laws of comparing a description with a tariff code.

use proptest::prelude::*;

use super::*;

fn contradicts(text: &str, hs: &str) -> bool {
    Tariff::shipped().check(text, hs).contradiction.is_some()
}

#[test]
fn priority_goods_under_the_code_of_something_else_are_found() {
    for (text, hs) in [
        ("Integrated circuits", "950300"),
        ("microcontroller STM32F407 32-bit LQFP100", "9503.00"),
        ("FPGA Kintex-7 XC7K325T integrated circuit", "392690"),
        ("tantalum capacitors 10uF 25V", "711719"),
        ("deep groove ball bearings 6205-2RS", "711719"),
        ("ball bearing", "7117.90"),
        ("GNSS receiver module", "940360"),
        ("digital oscilloscope 500 MHz 4 channels", "950300"),
        ("CNC lathe", "630790"),
        ("5-axis machining centre", "940320"),
        ("wireless router", "611020"),
        ("MOSFET transistors", "392690"),
    ] {
        let check = Tariff::shipped().check(text, hs);
        assert!(check.contradiction.is_some(), "{text} as {hs}: {:?}", check.score);
    }
}

#[test]
fn priority_goods_are_found_in_other_languages() {
    for (text, hs) in [
        ("集成电路", "950300"),
        ("滚珠轴承", "711719"),
        ("数控车床", "940360"),
        ("интегральные микросхемы", "950300"),
        ("подшипники шариковые", "711719"),
        ("токарный станок с ЧПУ", "940360"),
        ("цифровой осциллограф", "630790"),
        ("Integrierte Schaltkreise", "950300"),
        ("Rillenkugellager", "711719"),
        ("Oszilloskop", "392690"),
        ("circuits intégrés", "950300"),
        ("roulements à billes", "630790"),
    ] {
        let check = Tariff::shipped().check(text, hs);
        assert!(check.contradiction.is_some(), "{text} as {hs}: {:?}", check.score);
    }
}

#[test]
fn goods_under_their_own_code_raise_nothing() {
    for (text, hs) in [
        ("cotton t-shirt", "610910"),
        ("integrated circuits", "854231"),
        ("microcontroller", "8542.31.00.10"),
        ("ball bearings", "848210"),
        ("wireless router", "851762"),
        ("oscilloscope", "903020"),
        ("CNC lathe", "845811"),
        ("toy car, plastic", "950300"),
        ("imitation jewellery", "711719"),
        ("wooden furniture", "940360"),
        ("集成电路", "854239"),
        ("подшипники", "848210"),
        ("Kugellager", "848210"),
        ("computer parts", "847330"),
        ("plastic parts for toys", "950300"),
    ] {
        let check = Tariff::shipped().check(text, hs);
        assert!(check.contradiction.is_none(), "{text} as {hs}: {check:?}");
    }
}

#[test]
fn terse_text_has_no_opinion() {
    for text in ["", "parts", "spare parts", "12345", "x", "qwxzk", "parts for set", "100 pcs", "- / -"] {
        for hs in ["950300", "854231", "010121", "711719"] {
            assert!(!contradicts(text, hs), "{text} as {hs}");
        }
    }
    assert_eq!(Tariff::shipped().check("parts", "950300").score, None);
}

#[test]
fn a_code_that_says_nothing_of_the_goods_contradicts_nothing() {
    for hs in ["", "n/a", "990000", "770000", "8"] {
        let check = Tariff::shipped().check("integrated circuits", hs);
        assert_eq!((check.score, check.contradiction), (None, None), "{hs}");
    }
    assert!(contradicts("integrated circuits", "9503"), "a heading says enough");
}

#[test]
fn a_contradiction_names_the_words_and_both_chapters() {
    let check = Tariff::shipped().check("ball bearings", "711719");
    let found = check.contradiction.unwrap();
    assert!(found.words.contains("bearing"), "{}", found.words);
    assert!(found.words.contains("chapter 84: Machinery"), "{}", found.words);
    assert!(found.words.contains("chapter 71: Natural"), "{}", found.words);
    assert_eq!(found.better[0].0, "84");
}

#[test]
fn the_program_reads_texts_as_the_fit_does() {
    // Made by the fit: text, code, score. Held so that the two stay one method.
    let text = crate::shipped::text("rules/goods/tariff/examples.tsv");
    let mut seen = 0;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [description, hs, expected] = cells[..] else { panic!("{line}") };
        let expected: f32 = expected.parse().unwrap();
        let score = Tariff::shipped().check(description, hs).score.unwrap_or(-1.0);
        assert!((score - expected).abs() < 0.02, "{description} as {hs}: {score}, the fit has {expected}");
        seen += 1;
    }
    assert!(seen >= 20);
}

proptest! {
    #[test]
    fn any_text_and_code_can_be_compared(text in "\\PC{0,80}", hs in "[0-9]{0,11}|\\PC{0,6}") {
        let check = Tariff::shipped().check(&text, &hs);
        let score = check.score.unwrap_or(0.0);
        prop_assert!((0.0..=1.0).contains(&score));
        prop_assert_eq!(check.contradiction.is_some(), check.score.is_some_and(|s| s >= Tariff::shipped().threshold()));
        if let Some(found) = check.contradiction {
            prop_assert!(!found.words.is_empty() && !found.better.is_empty());
        }
    }

    #[test]
    fn a_text_without_known_words_never_contradicts(text in "[bcdfgjkqvwxz]{6,12}( [bcdfgjkqvwxz]{6,12}){0,3}", hs in "[0-9]{6}") {
        prop_assert!(Tariff::shipped().check(&text, &hs).contradiction.is_none());
    }

    #[test]
    fn the_chapter_that_a_text_speaks_of_most_never_contradicts(
        words in proptest::collection::vec(prop_oneof!["bearing", "toy", "cotton", "shirt", "integrated circuit", "lathe", "wine", "[a-z]{3,8}"], 1..5)
    ) {
        let text = words.join(" ");
        if let Some((chapter, _)) = Tariff::shipped().speaks_of(&text).first() {
            for rest in ["0000", "9000", "0110"] {
                let code = format!("{chapter}{rest}");
                prop_assert!(!contradicts(&text, &code));
            }
        }
    }
}
