//! Rises and falls of one series, with what its peers explain taken off.

use super::episode::{Episode, Told, start, walk};
use super::expectation::{Expected, Judge, Past, Side};
use super::finding::Reading;
use super::month::Month;
use super::parameters::{Bar, Parameters};
use super::windows::{sums_from_above, sums_from_below};

/// A series with what it is judged beside.
pub(super) struct Series<'a> {
    pub months: &'a [Month],
    pub values: &'a [f64],
    /// Weight or pieces.
    pub amounts: Option<&'a [f64]>,
    /// The same goods toward all other partners together.
    pub others: Option<&'a [f64]>,
    /// The first month in which anybody traded the goods.
    pub from: usize,
    pub grain: f64,
    pub counts: bool,
    pub p: &'a Parameters,
}

/// Episodes of a series, and how many months could be judged.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Walked {
    pub episodes: Vec<Episode>,
    /// Rises of value that were none of goods.
    pub prices: Vec<Episode>,
}

impl Series<'_> {
    fn judge<'s>(&'s self, values: &'s [f64], sums: &'s [f64], side: Side) -> Judge<'s> {
        Judge { sums, values, months: self.months, side, grain: self.grain, counts: self.counts, p: self.p }
    }

    /// Falls, by what came before them.
    pub fn falls(&self) -> Vec<Episode> {
        let sums = sums_of(self.values, Side::Fall);
        let judge = self.judge(self.values, &sums, Side::Fall);
        walk(self.values.len(), self.p, |at, end| {
            let past = Past { from: self.from, end, at };
            let (reading, expected) = passes(&judge, past, &self.p.fall)?;
            let bound = expected.level.exp() / 3.0 * reading.ratio.sqrt();
            let start = start(self.values, at, |value| value + expected.offset / 3.0 <= bound);
            Some(Told { reading, start, leaned: false })
        })
    }

    /// Rises, by what came before them. `leans` says whether, as of a month,
    /// the same goods had fallen elsewhere: then less is asked.
    pub fn rises(&self, leans: impl Fn(usize) -> bool) -> Walked {
        let sums = sums_of(self.values, Side::Rise);
        let judge = self.judge(self.values, &sums, Side::Rise);
        let others = self.others.map(|others| sums_of(others, Side::Rise));
        let amounts = self.amounts.map(|amounts| sums_of(amounts, Side::Rise));
        let mut prices = Vec::new();
        let test = |at: usize, end: usize, price: bool| {
            let past = Past { from: self.from, end, at };
            let bar = if leans(at) { &self.p.mirror } else { &self.p.rise };
            let (reading, expected) = passes(&judge, past, bar)?;
            let explained =
                others.as_ref().and_then(|others| self.ratio(others, past)).unwrap_or(1.0).max(1.0);
            let remains = reading.ratio / explained;
            if remains.ln() < bar.z * expected.spread * self.p.peers_remain
                || remains < bar.ratio * self.p.peers_remain
            {
                return None;
            }
            let amount = amounts.as_ref().and_then(|amounts| self.amount_ratio(amounts, past));
            // The goods themselves must have risen: half the way, on the scale of
            // logarithms.
            let plain = self.amount_ratio(&sums, past).unwrap_or(reading.ratio);
            let least = self.p.price_ratio.max(plain.sqrt());
            if amount.is_some_and(|ratio| ratio < least) != price {
                return None;
            }
            let bound = expected.level.exp() / 3.0 * reading.ratio.min(4.0).sqrt();
            let start = start(self.values, at, |value| value + expected.offset / 3.0 >= bound);
            Some(Told { reading, start, leaned: !meets(&judge, past, &expected, &reading, &self.p.rise) })
        };
        if self.amounts.is_some() {
            prices = walk(self.values.len(), self.p, |at, end| test(at, end, true));
        }
        // While a higher price lasts, the past is that before it.
        let before = |at: usize, end: usize| {
            let lasting = prices.iter().find(|price| price.found <= at && at < price.last + self.p.quiet);
            lasting.map_or(end, |price| price.start.min(end))
        };
        let episodes = walk(self.values.len(), self.p, |at, end| test(at, before(at, end), false));
        Walked { episodes, prices }
    }

    /// Months that could be judged at all.
    pub fn judged(&self) -> impl Iterator<Item = usize> + '_ {
        (2..self.values.len()).filter(|&at| Past { from: self.from, end: at - 2, at }.suffices(self.p))
    }

    /// Observed over expected of another series, in the same months.
    fn ratio(&self, sums: &[f64], past: Past) -> Option<f64> {
        let judge = self.judge(&[], sums, Side::Rise);
        let expected = judge.expected(past)?;
        judge.reading(past, &expected).map(|reading| reading.ratio)
    }

    /// As [`Self::ratio`], of weights or pieces: they have a grain of their own.
    fn amount_ratio(&self, sums: &[f64], past: Past) -> Option<f64> {
        let judge = Judge {
            sums,
            values: &[],
            months: self.months,
            side: Side::Rise,
            grain: f64::MIN_POSITIVE,
            counts: false,
            p: self.p,
        };
        let base = judge.base(past);
        // Without weights in the past there is nothing to hold against.
        let known = base.iter().filter(|sum| **sum > 0.0).count();
        if known * 2 < base.len() {
            return None;
        }
        let expected = judge.expected(past)?;
        judge.reading(past, &expected).map(|reading| reading.ratio)
    }

    /// Observed over expected as of the last month, by the past before a start.
    pub fn others_ratio(&self, start: usize, at: usize) -> Option<f64> {
        let sums = sums_of(self.others?, Side::Rise);
        self.ratio(&sums, Past { from: self.from, end: start.min(at.checked_sub(2)?), at })
    }

    pub fn own_ratio(&self, start: usize, at: usize) -> Option<f64> {
        let sums = sums_of(self.values, Side::Rise);
        self.ratio(&sums, Past { from: 0, end: start.min(at.checked_sub(2)?), at })
    }

    pub fn goods_ratio(&self, start: usize, at: usize) -> Option<f64> {
        let sums = sums_of(self.amounts?, Side::Rise);
        self.amount_ratio(&sums, Past { from: self.from, end: start.min(at.checked_sub(2)?), at })
    }

    /// What the past would lead one to expect of each month; of those after a
    /// start, the past before it.
    pub fn band(&self, side: Side, start: Option<usize>) -> Vec<(f64, f64)> {
        let sums = sums_of(self.values, side);
        let judge = self.judge(self.values, &sums, side);
        let none = (f64::NAN, f64::NAN);
        (0..self.values.len())
            .map(|at| {
                let Some(end) = at.checked_sub(2) else { return none };
                let past = Past { from: self.from, end: start.map_or(end, |start| end.min(start)), at };
                let Some(expected) = judge.expected(past) else { return none };
                let month = |deviations: f64| {
                    let sum = expected.spread.mul_add(deviations, expected.level).exp() - expected.offset;
                    (sum / 3.0).max(0.0)
                };
                (month(-2.0), month(2.0))
            })
            .collect()
    }
}

fn sums_of(values: &[f64], side: Side) -> Vec<f64> {
    match side {
        Side::Rise => sums_from_below(values),
        Side::Fall => sums_from_above(values),
    }
}

/// The month, if it meets the bar. What is cheap is looked at first.
fn passes(judge: &Judge<'_>, past: Past, bar: &Bar) -> Option<(Reading, Expected)> {
    if !past.suffices(judge.p) {
        return None;
    }
    let observed = judge.observed(past)?;
    let extreme = judge.extreme(past);
    let beyond = match judge.side {
        Side::Rise => observed > extreme && observed > bar.grains * judge.grain,
        Side::Fall => observed < extreme,
    };
    if !beyond {
        return None;
    }
    let expected = judge.expected(past)?;
    let reading = judge.reading(past, &expected)?;
    meets(judge, past, &expected, &reading, bar).then_some((reading, expected))
}

fn meets(judge: &Judge<'_>, past: Past, expected: &Expected, reading: &Reading, bar: &Bar) -> bool {
    let extreme = judge.extreme(past);
    // What a season is like, one year alone hardly shows.
    let season = if judge.knows_seasons(past) { bar.over_season } else { bar.over_season * bar.over_season };
    match judge.side {
        Side::Rise => {
            reading.z >= bar.z
                && reading.ratio >= bar.ratio
                && reading.observed - reading.expected >= bar.grains * judge.grain
                && reading.observed >= over_past(judge, past, bar) * extreme
                && reading
                    .over_season
                    .is_none_or(|over| over >= season && over.ln() >= bar.season_z * expected.spread)
                && (judge.quiet(past) < judge.p.lumpy_quiet || judge.active(past) >= bar.active)
        }
        Side::Fall => {
            let usual = expected.level.exp() - expected.offset;
            reading.z <= -bar.z
                && reading.ratio <= bar.ratio
                && usual - reading.observed >= bar.grains * judge.grain
                && reading.observed <= bar.over_past * extreme
                && reading.over_season.is_none_or(|over| over <= bar.over_season)
                && judge.quiet(past) <= judge.p.fall_quiet
        }
    }
}

/// The more of the past is quiet, the further a new highest sum must stand
/// above the last: two orders that happen to meet are no rise.
fn over_past(judge: &Judge<'_>, past: Past, bar: &Bar) -> f64 {
    judge.p.lumpy.mul_add(judge.quiet(past), bar.over_past)
}
