//! What a score is worth: of the best hits with about that score, how many
//! were right.

use super::{Case, Share, real};

/// Best hits with scores from `low` on, below `high` (the last: up to it).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Band {
    pub low: f64,
    pub high: f64,
    /// Queries whose best hit lies in the band, and those of them for which it
    /// is a true entity (with no wrong one above it).
    pub right: Share,
}

/// Bands of equal width from 0 to 1, lowest first; where a score lies outside,
/// from the lowest score to the highest. `bands` of at least 1.
#[must_use]
pub fn calibration(cases: &[Case], bands: usize) -> Vec<Band> {
    let bands = bands.max(1);
    let best = || cases.iter().map(Case::best_any).filter(|score| score.is_finite());
    let (low, high) = if best().all(|score| (0.0..=1.0).contains(&score)) {
        (0.0, 1.0)
    } else {
        (best().fold(f64::INFINITY, f64::min), best().fold(f64::NEG_INFINITY, f64::max))
    };
    let edge = |at: usize| low + (high - low) * (real(at) / real(bands));
    let edges: Vec<f64> = (0..=bands).map(edge).collect();
    let mut shares = vec![Share::default(); bands];
    for case in cases.iter().filter(|case| case.best_any().is_finite()) {
        let at = edges.partition_point(|edge| *edge <= case.best_any()).clamp(1, bands) - 1;
        if let Some(share) = shares.get_mut(at) {
            share.count += usize::from(case.true_first());
            share.of += 1;
        }
    }
    let limits = edges.iter().zip(edges.iter().skip(1));
    limits.zip(shares).map(|((low, high), right)| Band { low: *low, high: *high, right }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(truth: &str, score: f64) -> Case {
        let mut case = Case::new("", "", vec![truth.to_owned()], Vec::new());
        case.add("1", None, score);
        case
    }

    #[test]
    fn a_score_on_an_edge_belongs_to_the_band_above() {
        let cases = [case("1", 0.85), case("2", 0.8499), case("1", 1.0), case("1", 0.95)];
        let bands = calibration(&cases, 20);
        assert_eq!(bands.len(), 20);
        assert_eq!(bands[16].right, Share::new(0, 1));
        assert_eq!(bands[17].right, Share::new(1, 1));
        assert_eq!(bands[19].right, Share::new(2, 2));
        for at in 0..=100_u32 {
            let score = f64::from(at) / 100.0;
            let bands = calibration(&[case("1", score)], 100);
            let place = bands.iter().position(|band| band.right.of == 1).unwrap();
            assert_eq!(place, (at as usize).min(99), "{score}");
        }
    }

    #[test]
    fn queries_without_a_hit_are_in_no_band_and_other_ranges_are_met() {
        let nothing = Case::new("", "", Vec::new(), Vec::new());
        assert!(calibration(&[nothing], 4).iter().all(|band| band.right.of == 0));
        let bands = calibration(&[case("1", 20.0), case("2", 100.0), case("1", 60.0)], 2);
        assert_eq!((bands[0].right, bands[1].right), (Share::new(1, 1), Share::new(1, 2)));
        let same = calibration(&[case("1", 7.0), case("1", 7.0)], 3);
        assert_eq!(same.iter().map(|band| band.right.of).sum::<usize>(), 2);
    }
}
