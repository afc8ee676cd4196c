//! One pair of names, scored and explained, without any list.

use crate::name::{Lexicon, Name, Token, split_field};
use crate::trade::PartyKind;

use super::breakdown::ScoreBreakdown;
use super::index::align_pair;

/// How well two names agree: the best over the parts of both fields and, for
/// an unknown kind, over reading them as companies and as persons. The score
/// is the same either way round.
#[must_use]
pub fn compare(lexicon: &Lexicon, first: &str, second: &str, kind: PartyKind) -> ScoreBreakdown {
    let kinds: &[PartyKind] = match kind {
        PartyKind::Unknown => &[PartyKind::Organization, PartyKind::Person],
        ref kind => std::slice::from_ref(kind),
    };
    let mut best: Option<ScoreBreakdown> = None;
    let is_company = |text: &str| Name::parse(lexicon, text, PartyKind::Organization).has_legal_form();
    let company = kinds.len() > 1 && (is_company(first) || is_company(second));
    for &kind in kinds.iter().filter(|kind| **kind != PartyKind::Person || !company) {
        for a in split_field(lexicon, first) {
            let a_name = Name::parse(lexicon, &a.text, kind);
            for b in split_field(lexicon, second) {
                let b_name = Name::parse(lexicon, &b.text, kind);
                let forward = pair(lexicon, &a_name, &b_name);
                let backward = pair(lexicon, &b_name, &a_name);
                let breakdown = if backward.score > forward.score { turned(backward) } else { forward };
                if best.as_ref().is_none_or(|best| breakdown.score > best.score) {
                    let part = match (a.say.as_str(), b.say.as_str()) {
                        ("", "") => String::new(),
                        (say, "") => format!("{say} (first name)"),
                        ("", say) => format!("{say} (second name)"),
                        (one, other) => format!("{one} (first name), {other} (second name)"),
                    };
                    best = Some(ScoreBreakdown {
                        query: a.text.clone(),
                        part,
                        listed: b.text.clone(),
                        ..breakdown
                    });
                }
            }
        }
    }
    best.unwrap_or_default()
}

fn pair(lexicon: &Lexicon, a: &Name, b: &Name) -> ScoreBreakdown {
    let tokens: Vec<&Token> = b.tokens.iter().collect();
    let (units, aligned) = align_pair(lexicon, a, &tokens);
    aligned.explain(a, &units, &tokens)
}

/// The breakdown with the sides exchanged.
fn turned(mut breakdown: ScoreBreakdown) -> ScoreBreakdown {
    for token in &mut breakdown.tokens {
        std::mem::swap(&mut token.query, &mut token.listed);
        if token.query.is_empty() || token.listed.is_empty() {
            token.why = if token.why.ends_with("screened name") {
                token.why.replace("screened name", "listed name")
            } else {
                token.why.replace("listed name", "screened name")
            };
        }
    }
    breakdown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(a: &str, b: &str) -> f64 {
        compare(Lexicon::shipped(), a, b, PartyKind::Unknown).score
    }

    #[test]
    fn names_written_differently_agree() {
        for (a, b) in [
            ("Jatronics Sdn Bhd", "JATRONICS SDN. BHD."),
            ("SIS DOO", "SIS d.o.o."),
            ("OOO Radio Avtomatika", "RADIOAVTOMATIKA LLC"),
            ("Schtscherbakow, Dmitrij", "Dmitry Shcherbakov"),
            ("ООО Радиоавтоматика", "Radioavtomatika"),
            ("JSCARGUMENT", "JSC Argument"),
        ] {
            assert!(score(a, b) > 0.9, "{a} / {b}: {}", score(a, b));
        }
    }

    #[test]
    fn different_names_do_not_agree() {
        for (a, b) in [
            ("FORTUNE 2", "FORTUNE 3"),
            ("Siemens AG", "Volkswagen AG"),
            ("11420 CORP.", "CORP."),
            ("George Bush", "George Habbash"),
            ("Donald Duck", "Michelle Michaela"),
        ] {
            assert!(score(a, b) < 0.8, "{a} / {b}: {}", score(a, b));
        }
    }

    proptest::proptest! {
        #[test]
        fn the_score_is_symmetric_and_in_range(a in "[A-Za-z0-9 .,&/()]{0,40}", b in "[A-Za-z0-9 .,&/()]{0,40}") {
            let (one, other) = (score(&a, &b), score(&b, &a));
            proptest::prop_assert!((one - other).abs() < 1e-6, "{} {}", one, other);
            proptest::prop_assert!((0.0..=1.0).contains(&one));
        }

        #[test]
        fn any_text_can_be_compared(a in "\\PC{0,60}", b in "\\PC{0,60}") {
            proptest::prop_assert!(score(&a, &b).is_finite());
        }
    }
}
