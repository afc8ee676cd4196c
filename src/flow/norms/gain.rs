//! How well a ranking brings labelled lines to the top.

/// The first part of a ranking.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Top {
    /// Per cent of the lines that are looked at.
    pub per_cent: u32,
    pub lines: usize,
    /// Wrong ones among them.
    pub wrong: usize,
}

/// A ranking of labelled lines.
#[derive(Clone, PartialEq, Debug)]
pub struct Gain {
    pub lines: usize,
    pub wrong: usize,
    pub tops: Vec<Top>,
    /// The chance that a wrong line stands above a right one; ties count half.
    pub area: f64,
}

impl Gain {
    /// Of scores with labels, in any order; equal scores in the order given.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of lines")]
    pub fn of(scores: &[(f64, bool)]) -> Self {
        let mut order: Vec<&(f64, bool)> = scores.iter().collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        let wrong = order.iter().filter(|(_, wrong)| *wrong).count();
        let right = order.len() - wrong;
        let tops = [1, 5, 10].map(|per_cent| {
            let lines = (order.len() * per_cent as usize + 50) / 100;
            let found = order.iter().take(lines).filter(|(_, wrong)| *wrong).count();
            Top { per_cent, lines, wrong: found }
        });
        // Wrong lines above each right one, and half of those beside it.
        let (mut above, mut pairs) = (0.0, 0.0);
        for group in order.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
            let here = group.iter().filter(|(_, wrong)| *wrong).count() as f64;
            pairs += (group.len() as f64 - here) * (above + here / 2.0);
            above += here;
        }
        let all = wrong as f64 * right as f64;
        let area = if all > 0.0 { pairs / all } else { 0.5 };
        Self { lines: order.len(), wrong, tops: tops.to_vec(), area }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_ranking_a_turned_one_and_none_at_all() {
        let scores = |f: fn(u32) -> f64| (0..200).map(|i| (f(i), i < 40)).collect::<Vec<_>>();
        let perfect = Gain::of(&scores(|i| -f64::from(i)));
        assert!((perfect.area - 1.0).abs() < 1e-12);
        assert_eq!(
            perfect.tops.iter().map(|top| (top.lines, top.wrong)).collect::<Vec<_>>(),
            [(2, 2), (10, 10), (20, 20)]
        );
        assert!(Gain::of(&scores(f64::from)).area.abs() < 1e-12);
        assert!((Gain::of(&scores(|_| 0.0)).area - 0.5).abs() < 1e-12);
        assert_eq!(Gain::of(&[]).lines, 0);
    }
}
