//! Numbers with units out of free text.
//!
//! Knows how figures are written in descriptions of goods, in the units of
//! `rules/goods/units.toml`; not what a figure is about.

mod computed;
mod figures;
mod named;
mod normal;
mod quantities;
mod scan;
#[cfg(test)]
mod tests;
mod units;

use std::ops::Range;

pub use computed::{Computed, Formulas, Input, Source, WordValue};
pub(super) use named::{quantity, unit_of};
pub use quantities::{ArrayRule, Quantities, Quantity, QuantityId, RangeRule, Usual};
pub use scan::read_numbers;
pub use units::{Dimension, Unit, UnitId, Units};

/// How a figure is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Bound {
    #[default]
    Exact,
    /// `≥ 5`, `min 5`.
    AtLeast,
    /// `> 5`.
    Above,
    /// `≤ 5`, `up to 5`, `max 5`.
    AtMost,
    /// `< 5`.
    Below,
    /// `±5`.
    PlusMinus,
}

impl Bound {
    pub(super) const WORDS: [&'static str; 6] =
        ["exact", "at-least", "above", "at-most", "below", "plus-minus"];

    pub(super) fn from_key(key: &str) -> Option<Self> {
        [Self::Exact, Self::AtLeast, Self::Above, Self::AtMost, Self::Below, Self::PlusMinus]
            .into_iter()
            .zip(Self::WORDS)
            .find(|(_, word)| *word == key)
            .map(|(bound, _)| bound)
    }
}

/// A number in a text, or a range of numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct Number {
    /// The bytes of number and unit in the text.
    pub at: Range<usize>,
    /// In the unit, as written; equal to `high` where there is no range.
    pub low: f64,
    pub high: f64,
    pub range: bool,
    pub bound: Bound,
    /// Both sides of an array such as 640x512, whose product is `low` and
    /// `high`; empty otherwise.
    pub sides: Vec<f64>,
    /// What the unit may be, likeliest first; empty for a bare number.
    pub units: Vec<UnitId>,
    /// One side of a body such as 10x20 mm.
    pub of_body: bool,
    /// How many of it: 80 in `80 x 28 Gbit/s`.
    pub times: Option<f64>,
}

impl Number {
    /// The first unit of one of some dimensions. A bare number is a count.
    #[must_use]
    pub fn unit_in(&self, units: &Units, dimensions: &[Dimension]) -> Option<UnitId> {
        let fits = |unit: &UnitId| units.dimension_of(*unit).is_some_and(|d| dimensions.contains(&d));
        if self.units.is_empty() {
            return Some(units.plain()).filter(fits);
        }
        self.units.iter().copied().find(fits)
    }
}

/// Longest figure that is shown as it is, in characters.
const SHORT: usize = 8;

/// A figure without needless zeros: `1.25`, `0.005`, `1.5e-7`.
#[must_use]
pub fn show_figure(value: f64) -> String {
    let size = value.abs();
    if (1e-4..1e15).contains(&size) {
        // Most figures are short as they are; what conversion has made long is
        // rounded below.
        let text = value.to_string();
        if text.len() <= SHORT {
            return text;
        }
    }
    if size != 0.0 && !(1e-4..1e15).contains(&size) {
        let text = format!("{value:.5e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let mantissa = if mantissa.contains('.') {
            mantissa.trim_end_matches('0').trim_end_matches('.')
        } else {
            mantissa
        };
        return format!("{mantissa}e{exponent}");
    }
    // Seven figures that count, whatever the size.
    let mut places = 6usize;
    let mut bound = 1.0;
    while size < bound && places < 12 && size != 0.0 {
        bound /= 10.0;
        places += 1;
    }
    let text = format!("{value:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.to_owned()
}

/// A figure with its unit: `1.25 GSPS`, `5 %`, `0.3 °/h`.
#[must_use]
pub fn show_with_unit(value: f64, unit: &Unit) -> String {
    match unit.id.as_str() {
        "" => show_figure(value),
        "°" => format!("{}°", show_figure(value)),
        id => format!("{} {id}", show_figure(value)),
    }
}
