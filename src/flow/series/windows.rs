//! Sums of three months that one month can't move, and robust figures of many.

/// Sums of three months, the highest taken for no more than the second: one
/// large order moves nothing, two months do. The sum at a place is that of the
/// month and the two before it; the first two places hold none.
pub(super) fn sums_from_below(values: &[f64]) -> Vec<f64> {
    windows(values, |[low, middle, _]| 2.0f64.mul_add(middle, low))
}

/// As [`sums_from_below`], the lowest taken for no less than the second: what
/// a month or two of silence can't move.
pub(super) fn sums_from_above(values: &[f64]) -> Vec<f64> {
    windows(values, |[_, middle, high]| 2.0f64.mul_add(middle, high))
}

fn windows(values: &[f64], of: impl Fn([f64; 3]) -> f64) -> Vec<f64> {
    let sums = values.windows(3).map(|window| {
        let mut sorted = [0.0; 3];
        sorted.copy_from_slice(window);
        sorted.sort_by(f64::total_cmp);
        of(sorted)
    });
    sums.collect()
}

/// The middle one; of two the mean. Reorders; none of an empty slice.
pub(super) fn median(values: &mut [f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// The value below which a share of the others lies, linear between two.
/// Reorders; none of an empty slice.
pub(super) fn quantile(values: &mut [f64], share: f64) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let (low, part) = split(share * as_float(values.len() - 1));
    let (_, at, above) = values.select_nth_unstable_by(low.min(values.len() - 1), f64::total_cmp);
    let at = *at;
    let next = above.iter().copied().fold(f64::INFINITY, f64::min);
    Some(if part > 0.0 && next.is_finite() { part.mul_add(next - at, at) } else { at })
}

/// Whole part and rest of a place.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a slice")]
fn split(place: f64) -> (usize, f64) {
    let whole = place.max(0.0).floor();
    (whole as usize, place - whole)
}

#[expect(clippy::cast_precision_loss, reason = "counts of months")]
pub(super) fn as_float(count: usize) -> f64 {
    count as f64
}

/// The median of the slopes of all pairs at least half a year apart (Theil,
/// Sen), and their median deviation; none for fewer than eight values.
pub(super) fn slope(values: &[f64]) -> Option<(f64, f64)> {
    const APART: usize = 6;
    if values.len() < APART + 2 {
        return None;
    }
    let mut slopes = Vec::with_capacity(values.len() * values.len() / 2);
    for (at, first) in values.iter().enumerate() {
        for (more, other) in values.iter().skip(at + APART).enumerate() {
            slopes.push((other - first) / as_float(more + APART));
        }
    }
    let middle = median(&mut slopes)?;
    let mut away: Vec<f64> = slopes.iter().map(|slope| (slope - middle).abs()).collect();
    Some((middle, 1.4826 * median(&mut away)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_large_month_moves_no_sum_and_two_do() {
        let most = |values: &[f64]| sums_from_below(values).into_iter().fold(0.0, f64::max);
        assert!((most(&[1.0, 1.0, 100.0, 1.0, 1.0]) - 3.0).abs() < 1e-9);
        assert!(most(&[1.0, 90.0, 100.0, 1.0]) > 150.0);
        let least = |values: &[f64]| sums_from_above(values).into_iter().fold(1e9, f64::min);
        assert!(least(&[10.0, 0.0, 0.0, 10.0]) > 9.0);
        assert!(least(&[10.0, 0.0, 0.0, 0.0]) < 1.0);
    }

    #[test]
    fn medians_quantiles_and_slopes_are_those_of_the_books() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(quantile(&mut [0.0, 10.0], 0.9), Some(9.0));
        assert_eq!(median(&mut []), None);
        let line: Vec<f64> = (0..20).map(|at| 0.5 * f64::from(at)).collect();
        let (slope, away) = slope(&line).unwrap();
        assert!((slope - 0.5).abs() < 1e-9 && away < 1e-9);
    }
}
