//! One pair of names, scored and explained, without any list.

use crate::name::{FieldPart, Lexicon, Name, PartKind, Token, split_field};
use crate::trade::PartyKind;

use super::breakdown::ScoreBreakdown;
use super::evidence::{Evidence, EvidenceModel, ListedTraits, Scored, Weights};
use super::pair::{explain_pair, score_pair};
use super::query::{KindFilter, NameQuery};

/// How well two names agree: the best over the parts of both fields and, for
/// an unknown kind, over reading them as companies and as persons. The score
/// is the same either way round.
#[must_use]
pub fn compare(lexicon: &Lexicon, first: &str, second: &str, kind: PartyKind) -> ScoreBreakdown {
    best_pairing(lexicon, first, second, kind)
        .map(|(sum, pairing)| pairing.breakdown(lexicon, sum))
        .unwrap_or_default()
}

/// What is counted for and against two names meaning one party, and the kind
/// of party they are weighed as; for fitting the weights. None if no word is
/// alike.
#[must_use]
pub fn compare_evidence(
    lexicon: &Lexicon,
    first: &str,
    second: &str,
    kind: PartyKind,
) -> Option<(PartyKind, Evidence)> {
    let (_, pairing) = best_pairing(lexicon, first, second, kind)?;
    let (query, listed, weights) = pairing.weighed();
    let explained = explain_pair(lexicon, query, &listed, ListedTraits::default(), weights)?;
    Some((pairing.kind, explained.evidence.with_part(pairing.part)))
}

/// The pair of parts that agrees best, with the logarithm of its odds.
fn best_pairing(lexicon: &Lexicon, first: &str, second: &str, kind: PartyKind) -> Option<(f32, Pairing)> {
    let kinds: &[PartyKind] = match kind {
        PartyKind::Unknown => &[PartyKind::Organization, PartyKind::Person],
        ref kind => std::slice::from_ref(kind),
    };
    let mut best: Option<(f32, Pairing)> = None;
    let is_company = |text: &str| Name::parse(lexicon, text, PartyKind::Organization).has_legal_form();
    let company = kinds.len() > 1 && (is_company(first) || is_company(second));
    for &kind in kinds.iter().filter(|kind| **kind != PartyKind::Person || !company) {
        let [firsts, seconds] = [first, second].map(|text| parts(lexicon, text, kind));
        for a in &firsts {
            for b in &seconds {
                for turned in [false, true] {
                    let (query, listed) = if turned { (b, a) } else { (a, b) };
                    for listed in std::iter::once(&listed.name).chain(&listed.undivided) {
                        let pairing = Pairing {
                            kind,
                            part: a.part.kind.max(b.part.kind),
                            turned,
                            query: query.name.clone(),
                            listed: listed.clone(),
                            parts: (a.part.clone(), b.part.clone()),
                        };
                        let Some(sum) = pairing.sum(lexicon) else { continue };
                        if best.as_ref().is_none_or(|(best, _)| sum > *best) {
                            best = Some((sum, pairing));
                        }
                    }
                }
            }
        }
    }
    best
}

/// A part of a field, as it is screened and, beside that, as it is listed.
struct Reading {
    part: FieldPart,
    name: Name,
    undivided: Option<Name>,
}

fn parts(lexicon: &Lexicon, text: &str, kind: PartyKind) -> Vec<Reading> {
    let part = |part: FieldPart| {
        let (name, undivided) = Name::parse_listed(lexicon, &part.text, kind);
        Reading { part, name, undivided }
    };
    split_field(lexicon, text).into_iter().map(part).collect()
}

/// Two parts of two fields, read as one kind of party.
struct Pairing {
    kind: PartyKind,
    part: PartKind,
    /// The second name is screened against the first.
    turned: bool,
    query: Name,
    listed: Name,
    parts: (FieldPart, FieldPart),
}

impl Pairing {
    fn weighed(&self) -> (NameQuery<'_>, Vec<&Token>, &'static Weights) {
        let query = NameQuery::new(&self.query, self.kind, KindFilter::Any, self.part);
        let weights = EvidenceModel::shipped().weights(Scored::As(self.kind));
        (query, self.listed.tokens.iter().collect(), weights)
    }

    fn sum(&self, lexicon: &Lexicon) -> Option<f32> {
        let (query, listed, weights) = self.weighed();
        score_pair(lexicon, query, &listed, ListedTraits::default(), weights)
    }

    fn breakdown(&self, lexicon: &Lexicon, sum: f32) -> ScoreBreakdown {
        let (query, listed, weights) = self.weighed();
        let breakdown = explain_pair(lexicon, query, &listed, ListedTraits::default(), weights)
            .map(|explained| explained.breakdown(sum))
            .unwrap_or_default();
        let (a, b) = &self.parts;
        let part = match (a.say.as_str(), b.say.as_str()) {
            ("", "") => String::new(),
            (say, "") => format!("{say} (first name)"),
            ("", say) => format!("{say} (second name)"),
            (one, other) => format!("{one} (first name), {other} (second name)"),
        };
        let breakdown = if self.turned { turned(breakdown) } else { breakdown };
        ScoreBreakdown { query: a.text.clone(), part, listed: b.text.clone(), ..breakdown }
    }
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
