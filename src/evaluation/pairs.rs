//! Labelled pairs of names: precision, recall and F1.

use std::collections::BTreeMap;

use super::{Scores, real};

/// Two names, scored, of which somebody has said whether they are one party's.
#[derive(Clone, PartialEq, Debug)]
pub struct Pair {
    pub is_match: bool,
    /// Higher is better; negative infinity where no score was given.
    pub score: f64,
    /// How good the label is, in capitals.
    pub quality: String,
    pub group: String,
    pub schema: String,
}

/// Pairs by what was said and what is true.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Confusion {
    pub true_positives: usize,
    pub false_positives: usize,
    pub false_negatives: usize,
    pub true_negatives: usize,
}

impl Confusion {
    /// Counts the pairs; those that score the threshold or more are called a
    /// match.
    pub fn new<'a>(pairs: impl IntoIterator<Item = &'a Pair>, threshold: f64) -> Self {
        let mut counts = Self::default();
        for pair in pairs {
            *match (pair.is_match, pair.score >= threshold) {
                (true, true) => &mut counts.true_positives,
                (false, true) => &mut counts.false_positives,
                (true, false) => &mut counts.false_negatives,
                (false, false) => &mut counts.true_negatives,
            } += 1;
        }
        counts
    }

    /// 0 to 1; 0 where nothing was called a match, so the following.
    #[must_use]
    pub fn precision(&self) -> f64 {
        quotient(self.true_positives, self.true_positives + self.false_positives)
    }

    #[must_use]
    pub fn recall(&self) -> f64 {
        quotient(self.true_positives, self.true_positives + self.false_negatives)
    }

    /// Harmonic mean of precision and recall.
    #[must_use]
    pub fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
    }

    /// Pairs called rightly.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        let right = self.true_positives + self.true_negatives;
        quotient(right, right + self.false_positives + self.false_negatives)
    }
}

fn quotient(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { real(part) / real(whole) }
}

/// The figures of some of the pairs, at the threshold given and at the one
/// that is best for all pairs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    pub name: String,
    pub at_threshold: Confusion,
    pub at_best: Confusion,
}

/// A threshold and what it gives.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PairStep {
    pub threshold: f64,
    pub counts: Confusion,
}

/// All figures of labelled pairs.
#[derive(Clone, PartialEq, Debug)]
pub struct PairEvaluation {
    pub pairs: usize,
    pub matches: usize,
    /// Pairs without a score.
    pub missing: usize,
    pub at_threshold: PairStep,
    /// The threshold with the highest F1, the highest of equals; infinity
    /// without a match among the pairs.
    pub best: PairStep,
    pub auc: Option<f64>,
    pub by_quality: Vec<Group>,
    pub by_group: Vec<Group>,
    pub by_schema: Vec<Group>,
    /// Highest threshold first.
    pub sweep: Vec<PairStep>,
}

impl PairEvaluation {
    /// `rows`: of the sweep, at most.
    #[must_use]
    pub fn new(pairs: &[Pair], threshold: f64, rows: usize) -> Self {
        let scores = |wanted: bool| pairs.iter().filter(|p| p.is_match == wanted).map(|p| p.score).collect();
        let ranking = Scores::new(scores(true), scores(false));
        let best = best_threshold(pairs);
        let step = |threshold: f64| PairStep { threshold, counts: Confusion::new(pairs, threshold) };
        let by = |key: fn(&Pair) -> &String| {
            let mut groups: BTreeMap<&String, Vec<&Pair>> = BTreeMap::new();
            for pair in pairs {
                groups.entry(key(pair)).or_default().push(pair);
            }
            let figures = |(name, members): (&String, Vec<&Pair>)| Group {
                name: name.clone(),
                at_threshold: Confusion::new(members.iter().copied(), threshold),
                at_best: Confusion::new(members.iter().copied(), best),
            };
            groups.into_iter().map(figures).collect()
        };
        Self {
            pairs: pairs.len(),
            matches: pairs.iter().filter(|pair| pair.is_match).count(),
            missing: pairs.iter().filter(|pair| !pair.score.is_finite()).count(),
            at_threshold: step(threshold),
            best: step(best),
            auc: ranking.auc(),
            by_quality: by(|pair| &pair.quality),
            by_group: by(|pair| &pair.group),
            by_schema: by(|pair| &pair.schema),
            sweep: ranking.sweep(rows).into_iter().map(|at| step(at.threshold)).collect(),
        }
    }
}

/// The threshold with the highest F1.
fn best_threshold(pairs: &[Pair]) -> f64 {
    let mut sorted: Vec<&Pair> = pairs.iter().collect();
    sorted.sort_by(|a, b| b.score.total_cmp(&a.score));
    let matches = pairs.iter().filter(|pair| pair.is_match).count();
    let (mut right, mut called) = (0, 0);
    let mut best = (f64::INFINITY, 0.0);
    for equal in sorted.chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq()) {
        right += equal.iter().filter(|pair| pair.is_match).count();
        called += equal.len();
        let f1 = quotient(2 * right, called + matches);
        if f1 > best.1 {
            best = (equal.first().map_or(f64::INFINITY, |pair| pair.score), f1);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pair(is_match: bool, score: f64, quality: &str) -> Pair {
        Pair { is_match, score, quality: quality.into(), group: String::new(), schema: "Person".into() }
    }

    #[test]
    fn figures_by_hand() {
        let pairs = [
            pair(true, 0.9, "STRONG"),
            pair(true, 0.6, "STRONG"),
            pair(true, f64::NEG_INFINITY, "WEAK"),
            pair(false, 0.8, "WEAK"),
            pair(false, 0.2, "WEAK"),
            pair(false, f64::NEG_INFINITY, "WEAK"),
            pair(false, f64::NEG_INFINITY, "WEAK"),
        ];
        let evaluation = PairEvaluation::new(&pairs, 0.7, 500);
        let at = evaluation.at_threshold.counts;
        assert_eq!(
            (at.true_positives, at.false_positives, at.false_negatives, at.true_negatives),
            (1, 1, 2, 3)
        );
        assert!((at.f1() - 0.4).abs() < 1e-12 && (at.accuracy() - 4.0 / 7.0).abs() < 1e-12);
        // From 0.6 on: 2 right, 1 wrong, 1 missed.
        assert!((evaluation.best.threshold - 0.6).abs() < 1e-12);
        assert!((evaluation.best.counts.f1() - 2.0 / 3.0).abs() < 1e-12);
        // 0.9 beats four, 0.6 three, the last ties two: 8 of 12.
        assert_eq!(evaluation.auc, Some(8.0 / 12.0));
        assert_eq!((evaluation.missing, evaluation.matches), (3, 3));
        assert_eq!(evaluation.by_quality.len(), 2);
        assert_eq!(evaluation.by_quality[0].at_best.true_positives, 2);
    }

    #[test]
    fn without_matches_or_pairs_nothing_breaks() {
        for pairs in [&[][..], &[pair(false, 0.5, "")], &[pair(false, f64::NEG_INFINITY, "")]] {
            let evaluation = PairEvaluation::new(pairs, 0.7, 500);
            assert_eq!(evaluation.auc, None);
            assert!(evaluation.best.threshold.is_infinite());
            assert!(evaluation.best.counts.f1().abs() < 1e-12);
        }
    }

    proptest! {
        #[test]
        fn no_threshold_beats_the_best(pairs in prop::collection::vec((any::<bool>(), 0_u32..20), 1..60)) {
            let pairs: Vec<Pair> =
                pairs.into_iter().map(|(label, score)| pair(label, f64::from(score) / 20.0, "")).collect();
            let evaluation = PairEvaluation::new(&pairs, 0.5, 500);
            for step in &evaluation.sweep {
                prop_assert!(step.counts.f1() <= evaluation.best.counts.f1() + 1e-12);
            }
        }
    }
}
