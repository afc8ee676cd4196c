//! Two names by themselves: the score, and how it came about.
//!
//! Knows no index.

use crate::name::{Lexicon, PartKind, Token};

use super::alignment::{Alignment, MAX_TOKENS, Unit, anchors, complete, each_likeness, units};
use super::breakdown::{Adjustment, ScoreBreakdown, TokenMatch};
use super::evidence::{Evidence, Feature, ListedTraits, Weights, evidence as evidence_of, probability};
use super::letters::Letters;
use super::query::NameQuery;

/// A candidate, taken apart.
#[derive(Clone, Debug)]
pub struct Explained {
    pub tokens: Vec<TokenMatch>,
    pub evidence: Evidence,
    /// Each thing that was counted with what it adds to the logarithm of the
    /// odds.
    pub weights: Vec<(Feature, f32)>,
}

impl Explained {
    /// For people: what was counted, and by how much the score would be higher
    /// or lower without it.
    pub(super) fn breakdown(self, log_odds: f32) -> ScoreBreakdown {
        let score = probability(log_odds);
        let adjustments = self
            .weights
            .iter()
            .filter(|(feature, _)| feature.is_told())
            .map(|(feature, change)| Adjustment {
                why: feature.say().to_owned(),
                change: f64::from(score - probability(log_odds - change)),
            })
            .filter(|adjustment| adjustment.change.abs() >= 0.005)
            .collect();
        ScoreBreakdown {
            tokens: self.tokens,
            adjustments,
            score: f64::from(score),
            ..ScoreBreakdown::default()
        }
    }
}

/// A pair of names, aligned and explained.
pub(super) fn explain_pair(
    lexicon: &Lexicon,
    query: NameQuery<'_>,
    listed: &[&Token],
    traits: ListedTraits,
    weights: &Weights,
) -> Option<Explained> {
    let listed = &listed[..listed.len().min(MAX_TOKENS)];
    let units = units(query.name, lexicon);
    let (own, others) = letters(&query, listed, traits);
    let whole = own.borrowed().meets(query.name, others.borrowed());
    let aligned = || {
        let mut alignment =
            anchors(query.name, &units, listed, |call| each_likeness(&units, listed, call), true)?;
        complete(query.name, &units, listed, &mut alignment);
        let left = alignment.left();
        let evidence = evidence_of(query.name, &units, listed, traits, &alignment, &left);
        Some((alignment, evidence))
    };
    match (aligned(), whole) {
        (Some((alignment, evidence)), whole)
            if alignment.is_identical()
                || whole.is_none_or(|whole| weights.whole(whole) <= weights.sum(&evidence)) =>
        {
            let mut tokens = alignment.explain(query.name, &units, listed);
            let without = (0..alignment.pairs.len()).map(|pair| alignment.without(pair));
            for (token, without) in tokens.iter_mut().zip(without) {
                let evidence = evidence_of(query.name, &units, listed, traits, &without, &without.left());
                let sum = weights.sum(&evidence) + weights.part(query.part);
                token.without = Some(f64::from(probability(sum)));
            }
            Some(Explained { tokens, weights: weights.parts(&evidence), evidence })
        }
        (_, Some(whole)) => Some(Explained {
            tokens: vec![whole.explain(query.name, listed)],
            weights: Vec::new(),
            evidence: Evidence::default(),
        }),
        (_, None) => None,
    }
}

/// The letters of both names.
fn letters(query: &NameQuery<'_>, listed: &[&Token], traits: ListedTraits) -> (Letters, Letters) {
    (Letters::of(&query.name.tokens, 0), Letters::of(listed, traits.family))
}

/// The score of a pair of names: the logarithm of the odds.
pub(super) fn score_pair(
    lexicon: &Lexicon,
    query: NameQuery<'_>,
    listed: &[&Token],
    traits: ListedTraits,
    weights: &Weights,
) -> Option<f32> {
    let listed = &listed[..listed.len().min(MAX_TOKENS)];
    let (own, others) = letters(&query, listed, traits);
    let (own, others) = (own.borrowed(), others.borrowed());
    if query.part == PartKind::Whole && own.are_those_of(query.name, others, listed) {
        return Some(f32::INFINITY);
    }
    let units = units(query.name, lexicon);
    let whole = own.meets(query.name, others).map(|whole| weights.whole(whole) + weights.part(query.part));
    let aligned = anchors(query.name, &units, listed, |call| each_likeness(&units, listed, call), true)
        .map(|mut alignment| finish(&query, &units, listed, traits, &mut alignment, weights));
    aligned.into_iter().chain(whole).reduce(f32::max)
}

/// Completes an alignment and weighs it.
pub(super) fn finish(
    query: &NameQuery<'_>,
    units: &[Unit<'_>],
    listed: &[&Token],
    traits: ListedTraits,
    alignment: &mut Alignment,
    weights: &Weights,
) -> f32 {
    complete(query.name, units, listed, alignment);
    if query.part == PartKind::Whole && alignment.is_identical() {
        return f32::INFINITY;
    }
    let evidence = evidence_of(query.name, units, listed, traits, alignment, &alignment.left());
    weights.sum(&evidence) + weights.part(query.part)
}
