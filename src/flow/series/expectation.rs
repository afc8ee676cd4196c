//! What the past of a series would lead one to expect, and how far a month is
//! from it.
//!
//! Knows only months before those that are judged.

use super::finding::Reading;
use super::month::Month;
use super::parameters::Parameters;
use super::windows::{as_float, median, quantile, slope};

/// Which way a series is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Rise,
    Fall,
}

/// The stretch of the past that a month is judged by: sums from the first
/// place, all of whose months stand before `end`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Past {
    /// First month that counts.
    pub from: usize,
    /// First month that does not.
    pub end: usize,
    /// The month that is judged, with the two before it.
    pub at: usize,
}

impl Past {
    /// Whether the past is long enough to judge by.
    pub fn suffices(self, p: &Parameters) -> bool {
        self.end >= self.from + p.least_past.max(3) && self.at >= self.end + 2
    }
}

/// Logarithms of sums, and what they lead one to expect.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Expected {
    pub level: f64,
    pub spread: f64,
    /// Added to sums before the logarithm.
    pub offset: f64,
}

/// `sums` are those of [`super::windows`]: the one at a place ends two months
/// later.
pub(super) struct Judge<'a> {
    pub sums: &'a [f64],
    /// What they are sums of.
    pub values: &'a [f64],
    pub months: &'a [Month],
    pub side: Side,
    pub grain: f64,
    /// The values are counts.
    pub counts: bool,
    pub p: &'a Parameters,
}

impl Judge<'_> {
    /// The sums of the past, at most so many months of them.
    pub fn base(&self, past: Past) -> &[f64] {
        let end = past.end.saturating_sub(2).min(self.sums.len());
        let from = past.from.max(end.saturating_sub(self.p.most_past)).min(end);
        self.sums.get(from..end).unwrap_or_default()
    }

    pub fn observed(&self, past: Past) -> Option<f64> {
        self.sums.get(past.at.checked_sub(2)?).copied()
    }

    /// Share of the months of the past without trade.
    pub fn quiet(&self, past: Past) -> f64 {
        let from = past.from.max(past.end.saturating_sub(self.p.most_past)).min(past.end);
        let months = self.values.get(from..past.end).unwrap_or_default();
        let quiet = months.iter().filter(|value| **value <= 0.0).count();
        as_float(quiet) / as_float(months.len().max(1))
    }

    /// Months with trade among the last four.
    pub fn active(&self, past: Past) -> usize {
        let months = self.values.get(past.at.saturating_sub(3)..=past.at).unwrap_or_default();
        months.iter().filter(|value| **value > 0.0).count()
    }

    /// The highest (of a fall: lowest) sum of the past.
    pub fn extreme(&self, past: Past) -> f64 {
        let base = self.base(past).iter().copied();
        match self.side {
            Side::Rise => base.fold(0.0, f64::max),
            Side::Fall => base.fold(f64::INFINITY, f64::min),
        }
    }

    /// The highest (lowest) sum that ends in the same month of an earlier year
    /// of the past, or in the month before or after it.
    fn season(&self, past: Past) -> Option<f64> {
        let now = *self.months.get(past.at)?;
        let end = past.end.saturating_sub(2).min(self.sums.len());
        let same = (past.from..end).filter(|place| {
            self.months.get(place + 2).is_some_and(|month| {
                let apart = now.since(*month).rem_euclid(12);
                apart <= 1 || apart == 11
            })
        });
        let sums = same.filter_map(|place| self.sums.get(place).copied());
        match self.side {
            Side::Rise => sums.reduce(f64::max),
            Side::Fall => sums.reduce(f64::min),
        }
    }

    /// Whether the past shows the season of the month in two years or more.
    pub fn knows_seasons(&self, past: Past) -> bool {
        let first = self.months.get(past.from + 2);
        let now = self.months.get(past.at);
        now.zip(first).is_some_and(|(now, first)| now.since(*first) >= 23)
    }

    /// What the past leads one to expect of the month; none when it is too
    /// short.
    pub fn expected(&self, past: Past) -> Option<Expected> {
        if !past.suffices(self.p) {
            return None;
        }
        let base = self.base(past);
        let mean = base.iter().sum::<f64>() / as_float(base.len().max(1));
        let offset = (self.p.offset * mean).max(self.p.least_offset * self.grain);
        let logs: Vec<f64> = base.iter().map(|sum| (sum + offset).ln()).collect();
        let (level, spread) = expected_of(&logs, past.at - past.end + 1, self.side, self.p)?;
        // Counted entries come by chance (Poisson), however even their past.
        let sum = (level.exp() - offset).max(0.0);
        let chance = if self.counts { sum / (sum + offset).powi(2) } else { 0.0 };
        Some(Expected { level, spread: (spread * spread + chance).sqrt(), offset })
    }

    /// The month, judged.
    pub fn reading(&self, past: Past, expected: &Expected) -> Option<Reading> {
        let observed = self.observed(past)?;
        let log = (observed + expected.offset).ln();
        let extreme = self.extreme(past);
        let season = self.season(past);
        let over = |other: f64| (observed + expected.offset) / (other + expected.offset);
        Some(Reading {
            z: (log - expected.level) / expected.spread,
            ratio: (log - expected.level).exp(),
            expected: (expected.level.exp() - expected.offset).max(0.0),
            observed,
            over_past: over(extreme),
            over_season: season.map(over),
        })
    }
}

/// Level and spread that values with a trend lead one to expect so many places
/// after the last.
pub(super) fn expected_of(logs: &[f64], ahead: usize, side: Side, p: &Parameters) -> Option<(f64, f64)> {
    let count = logs.len();
    let (slope, doubt) = slope(logs).unwrap_or((0.0, 0.0));
    // Growth is granted to a rise, decline to a fall; not the other way, or
    // the return to what was usual would be told.
    let slope = match side {
        Side::Rise => slope.clamp(0.0, p.most_growth),
        Side::Fall => slope.clamp(-p.most_growth, 0.0),
    };
    let middle = as_float(count.saturating_sub(1)) / 2.0;
    let mut rest: Vec<f64> =
        logs.iter().enumerate().map(|(at, log)| slope.mul_add(-(as_float(at) - middle), *log)).collect();
    let centre = median(&mut rest)?;
    let mut away: Vec<f64> = rest.iter().map(|rest| (rest - centre).abs()).collect();
    let usual = 1.4826 * median(&mut away)?;
    // A lumpy series is quiet most of the time: the tail tells more.
    let tail = match side {
        Side::Rise => quantile(&mut rest, 0.9)? - centre,
        Side::Fall => centre - quantile(&mut rest, 0.1)?,
    } / 1.2816;
    let spread = usual.max(tail).max(p.spread_floor);
    let horizon = middle + as_float(ahead + 2);
    // Sums overlap: three of them count as one.
    let independent = (as_float(count) / 3.0).max(1.0);
    let doubt = (doubt / independent.sqrt()).min(p.most_growth) * horizon.min(24.0) / 2.0;
    let spread = (spread * spread).mul_add(1.0 + 1.0 / independent, doubt * doubt).sqrt();
    Some((slope.mul_add(horizon, centre), spread))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::series::windows::sums_from_below;

    fn judged(values: &[f64], at: usize) -> Reading {
        let months: Vec<Month> = (0..values.len())
            .map(|at| Month::new(2020, 1).unwrap().plus(i32::try_from(at).unwrap()))
            .collect();
        let (sums, p) = (sums_from_below(values), Parameters::shipped());
        let judge = Judge {
            sums: &sums,
            values,
            months: &months,
            side: Side::Rise,
            grain: 1.0,
            counts: false,
            p: &p,
        };
        let past = Past { from: 0, end: at - 2, at };
        judge.reading(past, &judge.expected(past).unwrap()).unwrap()
    }

    #[test]
    fn what_is_as_always_is_expected() {
        let values: Vec<f64> = (0..30).map(|at| 100.0 + f64::from(at % 5)).collect();
        let reading = judged(&values, 29);
        assert!(reading.z.abs() < 0.5 && (reading.ratio - 1.0).abs() < 0.1, "{reading:?}");
    }

    #[test]
    fn steady_growth_is_expected_to_go_on() {
        let values: Vec<f64> = (0..36).map(|at| 100.0 * 1.05_f64.powi(at)).collect();
        assert!(judged(&values, 35).z < 1.0);
    }

    #[test]
    fn later_months_change_nothing() {
        let mut values: Vec<f64> = (0..30).map(|at| 100.0 + f64::from(at * 7 % 11)).collect();
        let before = judged(&values, 24);
        values[25] = 1e9;
        values[29] = 0.0;
        assert_eq!(before, judged(&values, 24));
    }
}
