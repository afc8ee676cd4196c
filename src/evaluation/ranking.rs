//! Measures of how well scores part positives from negatives, whatever the
//! threshold: areas under curves, thresholds for a wanted false-positive rate.
//!
//! Equal scores are never split in the matcher's favour: at a threshold all
//! that score it count.

use std::cmp::Ordering;

use super::{Share, real};

/// The best scores of labelled queries. For a positive that is the best score
/// of a true entity, for a negative the best of any.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scores {
    /// Ascending; negative infinity where nothing was met.
    positives: Vec<f64>,
    negatives: Vec<f64>,
}

/// What a threshold gives.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Step {
    /// All that score this or more raise an alarm.
    pub threshold: f64,
    /// Positives found.
    pub recall: Share,
    /// Negatives that raise an alarm.
    pub false_positives: Share,
}

impl Step {
    /// Positives among all alarms.
    #[must_use]
    pub fn precision(&self) -> Share {
        Share::new(self.recall.count, self.recall.count + self.false_positives.count)
    }
}

impl Scores {
    #[must_use]
    pub fn new(mut positives: Vec<f64>, mut negatives: Vec<f64>) -> Self {
        positives.sort_by(f64::total_cmp);
        negatives.sort_by(f64::total_cmp);
        Self { positives, negatives }
    }

    /// The lowest threshold at which at most `rate` (0 to 1) of the negatives
    /// raise an alarm: just above the first negative that must not. `None`
    /// without negatives, or where all of them may.
    #[must_use]
    pub fn threshold_at(&self, rate: f64) -> Option<f64> {
        self.first_below(rate).map(f64::next_up)
    }

    /// The highest score of a negative that must stay below the threshold.
    pub(super) fn first_below(&self, rate: f64) -> Option<f64> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the count"
        )]
        let allowed = (rate * real(self.negatives.len()) + 1e-9).floor().max(0.0) as usize;
        self.negatives.iter().rev().nth(allowed).copied()
    }

    /// The lowest score seen above `score`.
    pub(super) fn next_above(&self, score: f64) -> Option<f64> {
        let above = |sorted: &[f64]| sorted.get(sorted.partition_point(|s| *s <= score)).copied();
        [above(&self.positives), above(&self.negatives)].into_iter().flatten().min_by(f64::total_cmp)
    }

    /// What alarms from `threshold` on would give.
    #[must_use]
    pub fn at(&self, threshold: f64) -> Step {
        let from = |sorted: &[f64]| {
            Share::new(sorted.len() - sorted.partition_point(|s| *s < threshold), sorted.len())
        };
        Step { threshold, recall: from(&self.positives), false_positives: from(&self.negatives) }
    }

    /// Area under the ROC curve, 0 to 1: how often a positive scores above a
    /// negative, equal scores counted half (Mann-Whitney).
    #[must_use]
    pub fn auc(&self) -> Option<f64> {
        let pairs = self.positives.len() * self.negatives.len();
        // Twice the count, so that halves stay whole.
        let twice: usize = self
            .positives
            .iter()
            .map(|score| {
                let below = self.negatives.partition_point(|s| s < score);
                below + self.negatives.partition_point(|s| s <= score)
            })
            .sum();
        (pairs > 0).then(|| real(twice) / 2.0 / real(pairs))
    }

    /// Mean recall over false-positive rates from 0 to `up_to`: the left end of
    /// the area under the ROC curve, scaled to 0 to 1. `None` where `up_to` is
    /// less than one negative.
    #[must_use]
    pub fn partial_auc(&self, up_to: f64) -> Option<f64> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the count"
        )]
        let steps = (up_to * real(self.negatives.len())).max(0.0) as usize;
        if steps == 0 || self.positives.is_empty() {
            return None;
        }
        let all = self.positives.len();
        let above = |cut: f64| real(all - self.positives.partition_point(|s| *s <= cut)) / real(all);
        let area = self.negatives.iter().rev().take(steps).fold(0.0, |area, cut| area + above(*cut));
        Some(area / real(steps))
    }

    /// Mean precision over the positives in the order of their scores; a
    /// positive that met nothing adds nothing.
    #[must_use]
    pub fn average_precision(&self) -> Option<f64> {
        if self.positives.is_empty() {
            return None;
        }
        let (mut sum, mut before) = (0.0, 0.0);
        for threshold in self.distinct() {
            let step = self.at(threshold);
            let recall = step.recall.value()?;
            sum += (recall - before) * step.precision().value().unwrap_or(0.0);
            before = recall;
        }
        Some(sum)
    }

    /// All scores that occur, highest first, each once.
    fn distinct(&self) -> Vec<f64> {
        let mut all: Vec<f64> =
            self.positives.iter().chain(&self.negatives).copied().filter(|score| score.is_finite()).collect();
        all.sort_by(|a, b| b.total_cmp(a));
        all.dedup_by(|a, b| a.total_cmp(b) == Ordering::Equal);
        all
    }

    /// Every threshold that occurs, highest first; where there are more than
    /// `rows`, as many at even steps, the lowest always among them.
    #[must_use]
    pub fn sweep(&self, rows: usize) -> Vec<Step> {
        let all = self.distinct();
        let step = all.len().div_ceil(rows.saturating_sub(1).max(1)).max(1);
        let step = if all.len() <= rows { 1 } else { step };
        let last = all.len().saturating_sub(1);
        all.iter()
            .enumerate()
            .filter(|(at, _)| at % step == 0 || *at == last)
            .map(|(_, threshold)| self.at(*threshold))
            .collect()
    }

    /// The ROC curve's left end: for each number of false alarms up to `up_to`
    /// (0 to 1) of the negatives the best recall that goes with it, from the
    /// fewest alarms to the most.
    #[must_use]
    pub fn roc(&self, up_to: f64) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for threshold in self.distinct() {
            let step = self.at(threshold);
            if step.false_positives.value().is_none_or(|rate| rate > up_to + 1e-12) {
                break;
            }
            match steps.last_mut() {
                Some(last) if last.false_positives == step.false_positives => *last = step,
                _ => steps.push(step),
            }
        }
        steps
    }
}

/// The number with the fewest decimals above `low` and not above `high`:
/// a threshold that people can read and that parts the two.
#[must_use]
pub fn shortest_between(low: f64, high: f64) -> f64 {
    if !low.is_finite() {
        return high;
    }
    let mut scale = 1.0;
    for _ in 0..15 {
        let below = (low * scale).floor();
        // The second: `low * scale` may come out a hair too small.
        for candidate in [(below + 1.0) / scale, (below + 2.0) / scale] {
            if candidate > low && candidate <= high {
                return candidate;
            }
        }
        scale *= 10.0;
    }
    high
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NONE: f64 = f64::NEG_INFINITY;

    fn close(a: Option<f64>, b: f64) -> bool {
        a.is_some_and(|a| (a - b).abs() < 1e-12)
    }

    #[test]
    fn the_area_is_the_share_of_pairs_in_the_right_order() {
        // 0.9 beats both, 0.5 beats 0.2 and ties 0.5, the one without a hit
        // beats none: (2 + 1.5 + 0) / 6.
        let scores = Scores::new(vec![0.9, 0.5, NONE], vec![0.5, 0.2]);
        assert!(close(scores.auc(), 3.5 / 6.0));
        assert!(close(Scores::new(vec![NONE], vec![NONE]).auc(), 0.5));
    }

    #[test]
    fn a_tie_at_the_threshold_is_not_split() {
        // One false alarm of four is allowed, but two stand at 0.8.
        let scores = Scores::new(vec![0.9, 0.8, 0.7], vec![0.8, 0.8, 0.3, NONE]);
        let threshold = scores.threshold_at(0.25).unwrap();
        assert!(threshold > 0.8 && threshold < 0.800_001);
        let step = scores.at(threshold);
        assert_eq!((step.recall, step.false_positives), (Share::new(1, 3), Share::new(0, 4)));
        let both = scores.at(scores.threshold_at(0.5).unwrap());
        assert_eq!((both.recall, both.false_positives), (Share::new(3, 3), Share::new(2, 4)));
    }

    #[test]
    fn average_precision_by_hand() {
        // 0.9 positive: recall 1/3, precision 1. 0.8 negative. 0.7 both:
        // recall 2/3, precision 2/4. The third positive is never found.
        let scores = Scores::new(vec![0.9, 0.7, NONE], vec![0.8, 0.7]);
        assert!(close(scores.average_precision(), 1.0 / 3.0 + 1.0 / 3.0 * 0.5));
    }

    #[test]
    fn the_partial_area_is_the_mean_recall_above_the_first_negatives() {
        // Two of 40 negatives: above 0.9 nothing, above 0.6 one of two.
        let mut negatives = vec![0.1; 38];
        negatives.extend([0.9, 0.6]);
        let scores = Scores::new(vec![0.9, 0.5], negatives);
        assert!(close(scores.partial_auc(0.05), 0.25));
    }

    #[test]
    fn without_positives_or_negatives_there_is_no_figure() {
        for scores in
            [Scores::default(), Scores::new(vec![0.5], Vec::new()), Scores::new(Vec::new(), vec![0.5])]
        {
            assert_eq!(scores.auc(), None);
            assert_eq!(scores.partial_auc(0.05), None);
            assert!(scores.sweep(10).len() <= 1 && scores.roc(0.05).len() <= 1);
        }
        assert_eq!(Scores::default().threshold_at(0.1), None);
        assert_eq!(Scores::default().average_precision(), None);
    }

    #[test]
    fn a_threshold_for_people_parts_the_same_scores() {
        for (low, high, wanted) in
            [(0.8123, 0.8129, 0.8124), (0.8123, 0.8131, 0.813), (0.79, 0.93, 0.8), (0.29, 0.2901, 0.2901)]
        {
            let found = shortest_between(low, high);
            assert!((found - wanted).abs() < 1e-12, "{low} {high}: {found}");
        }
        assert!((shortest_between(NONE, 0.31) - 0.31).abs() < 1e-12);
    }

    fn scores() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(prop_oneof![(0_u32..50).prop_map(|n| f64::from(n) / 50.0), Just(NONE)], 1..60)
    }

    proptest! {
        #[test]
        fn recall_and_alarms_fall_as_the_threshold_rises(positives in scores(), negatives in scores()) {
            let scores = Scores::new(positives, negatives);
            for pair in scores.sweep(1000).windows(2) {
                prop_assert!(pair[0].threshold > pair[1].threshold);
                prop_assert!(pair[0].recall.count <= pair[1].recall.count);
                prop_assert!(pair[0].false_positives.count <= pair[1].false_positives.count);
            }
        }

        #[test]
        fn swapped_labels_give_the_rest_of_the_area(positives in scores(), negatives in scores()) {
            let area = Scores::new(positives.clone(), negatives.clone()).auc().unwrap();
            let swapped = Scores::new(negatives, positives).auc().unwrap();
            prop_assert!((area - (1.0 - swapped)).abs() < 1e-12);
        }

        #[test]
        fn a_threshold_keeps_its_rate(positives in scores(), negatives in scores(), rate in 0.0_f64..0.99) {
            let scores = Scores::new(positives, negatives);
            let step = scores.at(scores.threshold_at(rate).unwrap());
            prop_assert!(step.false_positives.value().unwrap() <= rate + 1e-9);
        }

        #[test]
        fn a_sweep_is_never_longer_than_wanted(positives in scores(), negatives in scores(), rows in 2_usize..60) {
            let scores = Scores::new(positives, negatives);
            let (all, some) = (scores.sweep(1000), scores.sweep(rows));
            prop_assert!(some.len() <= rows);
            prop_assert_eq!(all.last(), some.last());
            prop_assert!(some.iter().all(|step| all.contains(step)));
        }

        #[test]
        fn areas_lie_between_0_and_1(positives in scores(), negatives in scores()) {
            let scores = Scores::new(positives, negatives);
            for area in [scores.auc(), scores.partial_auc(0.5), scores.average_precision()].into_iter().flatten() {
                prop_assert!((0.0..=1.0 + 1e-9).contains(&area), "{}", area);
            }
        }

        #[test]
        fn the_shortest_number_lies_between(low in 0_u32..9999, gap in 1_u32..500) {
            let (low, high) = (f64::from(low) / 1e4, f64::from(low + gap) / 1e4);
            let found = shortest_between(low, high);
            prop_assert!(found > low && found <= high);
        }
    }
}
