//! Small robust statistics. Floating point: they grade, they do not account.

/// The middle value; the mean of the two middle ones. 0 for none.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let at = |place: usize| sorted.get(place).copied().unwrap_or(0.0);
    if sorted.len().is_multiple_of(2) && middle > 0 {
        f64::midpoint(at(middle - 1), at(middle))
    } else {
        at(middle)
    }
}

/// The spread that a normal distribution with this median deviation has:
/// 1.4826 times the median distance from the median.
#[must_use]
pub fn spread(values: &[f64]) -> f64 {
    let middle = median(values);
    let distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    1.4826 * median(&distances)
}

/// Theil and Sen's line through values at 0, 1, 2 …: (value at 0, slope). The
/// median of all slopes, so that few odd values do not bend it.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "places of a short series")]
pub fn robust_line(values: &[f64]) -> (f64, f64) {
    let mut slopes = Vec::new();
    for (i, a) in values.iter().enumerate() {
        for (j, b) in values.iter().enumerate().skip(i + 1) {
            slopes.push((b - a) / (j - i) as f64);
        }
    }
    let slope = median(&slopes);
    let rests: Vec<f64> = values.iter().enumerate().map(|(i, value)| value - slope * i as f64).collect();
    (median(&rests), slope)
}

/// The probability that a Poisson count of this mean is `count` or more.
#[must_use]
pub fn poisson_at_least(count: u64, mean: f64) -> f64 {
    if count == 0 {
        return 1.0;
    }
    if mean <= 0.0 {
        return 0.0;
    }
    1.0 - poisson_below(count, mean)
}

/// The probability that a Poisson count of this mean is below `count`.
#[must_use]
pub fn poisson_below(count: u64, mean: f64) -> f64 {
    if mean > 600.0 {
        // The sum would underflow; there the normal distribution is close.
        #[expect(clippy::cast_precision_loss, reason = "a count")]
        return normal_below((count as f64 - 0.5 - mean) / mean.sqrt());
    }
    let mut term = (-mean).exp();
    let mut sum = 0.0;
    for i in 0..count.min(5_000) {
        sum += term;
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let next = (i + 1) as f64;
        term *= mean / next;
    }
    sum.clamp(0.0, 1.0)
}

/// The probability that of `trials` at least `count` succeed, each with
/// probability `share`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "small counts")]
pub fn binomial_at_least(count: u64, trials: u64, share: f64) -> f64 {
    let share = share.clamp(0.0, 1.0);
    if count == 0 || share >= 1.0 {
        return 1.0;
    }
    if share <= 0.0 || count > trials {
        return 0.0;
    }
    let mut sum = 0.0;
    let mut choose = 0.0f64;
    for i in 0..=trials {
        if i > 0 {
            choose += ((trials - i + 1) as f64).ln() - (i as f64).ln();
        }
        if i >= count {
            sum += (choose + i as f64 * share.ln() + (trials - i) as f64 * (1.0 - share).ln()).exp();
        }
    }
    sum.clamp(0.0, 1.0)
}

/// The probability that a standard normal value is below `z`: Abramowitz and
/// Stegun, 7.1.26, right to 1.5e-7.
#[must_use]
pub fn normal_below(z: f64) -> f64 {
    let x = z.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let poly = t
        * (0.254_829_592
            + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    let erf = 1.0 - poly * (-x * x).exp();
    if z >= 0.0 { f64::midpoint(1.0, erf) } else { f64::midpoint(1.0, -erf) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-4
    }

    #[test]
    fn one_wild_value_moves_neither_middle_nor_line() {
        assert!(near(median(&[1.0, 2.0, 3.0, 4.0]), 2.5));
        assert!(near(spread(&[1.0, 2.0, 3.0, 4.0, 1000.0]), 1.4826));
        let (start, slope) = robust_line(&[0.0, 1.0, 2.0, 300.0, 4.0, 5.0, 6.0]);
        assert!(near(start, 0.0) && near(slope, 1.0));
    }

    #[test]
    fn tails_are_those_of_the_tables() {
        assert!(near(poisson_at_least(3, 1.0), 0.0803));
        assert!(near(poisson_at_least(700, 650.0), 0.0278) || poisson_at_least(700, 650.0) < 0.03);
        assert!(near(binomial_at_least(3, 5, 0.5), 0.5));
        assert!(near(binomial_at_least(4, 4, 0.1), 0.0001));
        assert!(near(normal_below(1.96), 0.975));
    }
}
