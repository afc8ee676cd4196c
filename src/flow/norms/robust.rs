//! Middle and spread of figures on the scale of logarithms.
//!
//! Floating point: it grades, it does not account.

/// A distribution of natural logarithms.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Spread {
    /// Figures it rests on.
    pub count: u64,
    pub median: f64,
    /// Median distance from the median.
    pub mad: f64,
    /// Below it lies one in a hundred, and above the other.
    pub low: f64,
    pub high: f64,
}

impl Spread {
    /// Of figures; none for none. Sorts them.
    #[must_use]
    pub fn of(values: &mut [f64]) -> Option<Self> {
        values.sort_unstable_by(f64::total_cmp);
        let median = quantile(values, 0.5)?;
        let (low, high) = (quantile(values, 0.01)?, quantile(values, 0.99)?);
        let mut distances: Vec<f64> = values.iter().map(|value| (value - median).abs()).collect();
        distances.sort_unstable_by(f64::total_cmp);
        let mad = quantile(&distances, 0.5)?;
        Some(Self { count: values.len() as u64, median, mad, low, high })
    }
}

/// The value below which that part of sorted values lies, between neighbours
/// in proportion.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a slice"
)]
pub fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = part.clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let (low, high) = (*sorted.get(below)?, *sorted.get((below + 1).min(last))?);
    Some(low + (high - low) * (place - place.floor()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_odd_figures_move_neither_middle_nor_spread() {
        let mut plain: Vec<f64> = (0..100).map(|i| f64::from(i % 10)).collect();
        let mut odd = plain.clone();
        odd.extend([1000.0, 2000.0, -3000.0]);
        let (plain, odd) = (Spread::of(&mut plain).unwrap(), Spread::of(&mut odd).unwrap());
        assert!((plain.median - odd.median).abs() <= 0.5 && (plain.mad - odd.mad).abs() <= 0.5);
        assert!(Spread::of(&mut []).is_none());
        assert_eq!(Spread::of(&mut [2.0]).map(|s| (s.count, s.median, s.mad)), Some((1, 2.0, 0.0)));
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        assert_eq!(quantile(&[0.0, 1.0, 2.0, 3.0], 0.5), Some(1.5));
        assert_eq!(quantile(&[0.0, 1.0, 2.0, 3.0], 1.0), Some(3.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
