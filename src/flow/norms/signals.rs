//! The signals of a line: figures against what is usual, what was seen before,
//! and what was found before.
//!
//! As of its day: a line sees the lines of earlier days and nothing else, not
//! even those of its own day.

use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::line::{Line, Who};
use super::parameters::Parameters;
use super::rates::Rates;
use super::table::{NormTable, figures};

/// Signals by place.
pub const SIGNALS: [&str; 20] = [
    "unit-value-high",
    "unit-value-low",
    "piece-value-high",
    "piece-value-low",
    "weight-per-piece",
    "value",
    "weight",
    "departure-not-origin",
    "round-value",
    "repeated-value",
    "importer-seen",
    "seller-seen",
    "declarant-seen",
    "lane-seen",
    "code-origin-seen",
    "importer-code-seen",
    "office-importer-seen",
    "past-code",
    "past-lane",
    "past-narrowest",
];

/// The values of a line's signals.
pub type Signals = [f64; SIGNALS.len()];

/// How often each combination came before; by hash.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen(FxHashMap<u64, u32>);

/// The combinations of a line that are counted.
fn combinations(line: &Line) -> [Option<u64>; 8] {
    let who = |who: Who| line.who(who);
    let hash = |number: u8, parts: &[&str]| {
        // What is not stated was not seen.
        parts.iter().all(|part| !part.is_empty()).then(|| FxBuildHasher.hash_one((number, parts)))
    };
    let value = line.value.filter(|value| *value > 0.0).map(|value| value.to_string()).unwrap_or_default();
    [
        hash(0, &[who(Who::Importer), &value]),
        hash(1, &[who(Who::Importer)]),
        hash(2, &[who(Who::Seller)]),
        hash(3, &[who(Who::Declarant)]),
        hash(4, &[who(Who::Origin), who(Who::Departure)]),
        hash(5, &[&line.hs, who(Who::Origin)]),
        hash(6, &[who(Who::Importer), &line.hs]),
        hash(7, &[who(Who::Office), who(Who::Importer)]),
    ]
}

impl Seen {
    pub fn add(&mut self, line: &Line) {
        for key in combinations(line).into_iter().flatten() {
            *self.0.entry(key).or_default() += 1;
        }
    }

    /// Logarithms of one more than the counts.
    fn of(&self, line: &Line) -> [f64; 8] {
        combinations(line).map(|key| {
            let count = key.and_then(|key| self.0.get(&key)).copied().unwrap_or(0);
            f64::from(count).ln_1p()
        })
    }
}

/// All that signals are made of.
pub(super) struct Sources<'a> {
    pub norms: &'a NormTable,
    pub seen: &'a Seen,
    pub rates: &'a Rates,
    pub parameters: &'a Parameters,
}

impl Sources<'_> {
    pub fn of(&self, line: &Line) -> Signals {
        let mut distances = [0.0; 3];
        for figure in figures(line) {
            if let Some(reading) = self.norms.read(&figure, &line.hs, self.parameters) {
                let most = self.parameters.most;
                distances[figure.scale.measure as usize] = reading.distance.clamp(-most, most);
            }
        }
        let [per_kg, per_piece, piece_weight] = distances;
        let log = |amount: Option<f64>| amount.filter(|a| a.is_finite()).map_or(0.0, |a| a.max(0.0).ln_1p());
        let (origin, departure) = (line.who(Who::Origin), line.who(Who::Departure));
        let elsewhere = !origin.is_empty() && !departure.is_empty() && origin != departure;
        let [repeated, importer, seller, declarant, route, code_origin, importer_code, office] =
            self.seen.of(line);
        let chances = self.rates.of(line);
        [
            per_kg.max(0.0),
            (-per_kg).max(0.0),
            per_piece.max(0.0),
            (-per_piece).max(0.0),
            piece_weight.abs(),
            log(line.value),
            log(line.kg),
            f64::from(u8::from(elsewhere)),
            roundness(line.value),
            repeated,
            importer,
            seller,
            declarant,
            route,
            code_origin,
            importer_code,
            office,
            log_odds(chances.code),
            log_odds(chances.lane),
            log_odds(chances.narrowest),
        ]
    }
}

/// The share of a whole value's digits that are noughts at its end.
fn roundness(value: Option<f64>) -> f64 {
    let Some(value) = value.filter(|value| *value >= 10.0 && value.fract() == 0.0 && *value < 1e15) else {
        return 0.0;
    };
    let digits = format!("{value:.0}");
    let noughts = digits.len() - digits.trim_end_matches('0').len();
    f64::from(u8::try_from(noughts).unwrap_or(0)) / f64::from(u8::try_from(digits.len()).unwrap_or(1))
}

/// The logarithm of the odds of a chance.
fn log_odds(chance: f64) -> f64 {
    let chance = chance.clamp(1e-4, 1.0 - 1e-4);
    (chance / (1.0 - chance)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_values_are_told_by_their_noughts() {
        assert!((roundness(Some(50_000.0)) - 0.8).abs() < 1e-9);
        for value in [None, Some(0.0), Some(12.5), Some(12_345.0), Some(f64::NAN)] {
            assert!(roundness(value) < 1e-9, "{value:?}");
        }
    }
}
