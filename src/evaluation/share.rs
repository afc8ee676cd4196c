//! So many of so many, with the interval that such a sample allows.

use super::real;

/// `count` of `of`; `count` is never above `of`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Share {
    pub count: usize,
    pub of: usize,
}

/// Of the normal distribution, for 95 %.
const Z: f64 = 1.96;

impl Share {
    #[must_use]
    pub fn new(count: usize, of: usize) -> Self {
        Self { count: count.min(of), of }
    }

    /// How many of the items fulfil the condition.
    pub fn where_true(items: impl IntoIterator<Item = bool>) -> Self {
        items.into_iter().fold(Self::default(), |share, fulfilled| Self {
            count: share.count + usize::from(fulfilled),
            of: share.of + 1,
        })
    }

    /// 0 to 1; `None` of nothing.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| real(self.count) / real(self.of))
    }

    /// The Wilson score interval at 95 %, within 0 to 1; `None` of nothing.
    /// Unlike the plain normal interval it holds near 0 and 1 and for few
    /// items (E. B. Wilson, JASA 22, 1927).
    #[must_use]
    pub fn interval(self) -> Option<(f64, f64)> {
        let share = self.value()?;
        let n = real(self.of);
        let scale = 1.0 + Z * Z / n;
        let centre = share + Z * Z / (2.0 * n);
        let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        Some((((centre - half) / scale).clamp(0.0, 1.0), ((centre + half) / scale).clamp(0.0, 1.0)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_interval_is_that_of_the_textbook() {
        // 8 of 10: centre (0.8 + 0.19208) / 1.38416 = 0.71674,
        // half 1.96 · sqrt(0.016 + 0.009604) / 1.38416 = 0.22658.
        let (low, high) = Share::new(8, 10).interval().unwrap();
        assert!((low - 0.490_16).abs() < 1e-5 && (high - 0.943_32).abs() < 1e-5, "{low} {high}");
    }

    #[test]
    fn a_share_of_nothing_has_no_value() {
        assert_eq!(Share::default().value(), None);
        assert_eq!(Share::default().interval(), None);
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_share(of in 1_usize..2000, part in 0.0_f64..=1.0) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the counts")]
            let share = Share::new((real(of) * part) as usize, of);
            let (low, high) = share.interval().unwrap();
            let value = share.value().unwrap();
            prop_assert!(0.0 <= low && low <= value + 1e-12 && value <= high + 1e-12 && high <= 1.0);
        }
    }
}
