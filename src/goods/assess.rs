//! A product and the figures of a description → what each paragraph says of
//! it: met, ruled out, not stated.
//!
//! An adviser: it compares figures with limits and says how. What a paragraph
//! asks for besides stands in its note.

use std::borrow::Cow;
use std::sync::Arc;

use super::compute::{Given, Stated, add_inputs, complete};
use super::product::{Limit, Paragraph, Product};
use super::products::{Named, id};
use super::quantity::{
    ArrayRule, Bound, Dimension, Number, Quantities, Quantity, QuantityId, RangeRule, Unit, Units,
    show_figure, show_with_unit,
};
use super::reading::{Figure, Reading};
use super::wording::How;

/// What a description says of a paragraph.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// Every limit is met by a figure that is stated.
    Met,
    /// A figure or a word that decides is not stated.
    NotStated,
    /// A stated figure does not reach a limit.
    RuledOut,
}

impl Outcome {
    pub const WORDS: [&'static str; 3] = ["met", "not-stated", "ruled-out"];

    /// The name in machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

/// A paragraph to check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// Of the US list.
    pub code: String,
    /// Of the EU's Annex I; empty where it has none.
    pub eu: String,
    pub title: String,
    pub outcome: Outcome,
    /// The arithmetic, a limit each: `sample rate 1.25 GSPS is above 250 MSPS`.
    pub reasons: Vec<String>,
    /// What is missing: quantities with the unit of the limit and with what they
    /// can be computed from, and whether one of some words holds.
    pub ask: Vec<String>,
    pub cite: String,
    /// Empty when the text was seen.
    pub certainty: String,
    /// What else the paragraph asks for.
    pub note: String,
}

impl Suggestion {
    /// Whether the entry is controlled for anti-terrorism alone: the second to
    /// fifth characters are a letter and `99…`. It needs a licence in few
    /// places only, and counts as the next lower entry.
    #[must_use]
    pub fn is_light(&self) -> bool {
        self.code.get(2..4) == Some("99")
    }
}

/// A product that a description names, and its paragraphs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assessment {
    /// The id of the product.
    pub product: Arc<str>,
    pub title: String,
    /// What names it, in plain words.
    pub by: String,
    pub how: How,
    /// How sure the maker's part number is; empty for words.
    pub certainty: String,
    /// Met first, then what is not stated, then what is ruled out.
    pub suggestions: Vec<Suggestion>,
    /// The code next below, where stated figures reach no paragraph.
    pub lower: Option<String>,
}

impl Assessment {
    /// Whether stated figures meet a paragraph that is controlled for more than
    /// anti-terrorism.
    #[must_use]
    pub fn reaches_a_limit(&self) -> bool {
        let met = |one: &Suggestion| one.outcome == Outcome::Met && !one.reasons.is_empty();
        self.suggestions.iter().any(|one| met(one) && !one.is_light())
    }
}

/// Holds a product's paragraphs against a description.
pub(super) fn weigh(product: &Product, named: &Named, reading: &Reading) -> Assessment {
    let mut stated = assign(product, named, reading);
    complete(product, &mut stated);
    let judged: Vec<(Suggestion, bool)> = product
        .paragraphs
        .iter()
        .enumerate()
        .map(|(i, paragraph)| judge(paragraph, named.said.contains(&i), &stated, product))
        .collect();
    let ruled_out = judged.iter().any(|(suggestion, _)| suggestion.outcome == Outcome::RuledOut);
    // What is open with a figure stated may yet be met.
    let open = judged.iter().any(|(suggestion, open)| suggestion.outcome == Outcome::Met || *open);
    let lower = product.lower.clone().filter(|_| ruled_out && !open);
    let mut suggestions: Vec<Suggestion> = judged.into_iter().map(|(suggestion, _)| suggestion).collect();
    suggestions.sort_by_key(|suggestion| suggestion.outcome);
    Assessment {
        product: id(product),
        title: product.title.clone(),
        by: named.by.clone(),
        how: named.how,
        certainty: named.certainty.clone(),
        suggestions,
        lower,
    }
}

/// Gives every figure to a quantity of the product, if one fits.
fn assign<'a>(product: &Product, of: &Named, reading: &'a Reading) -> Stated<'a> {
    let limits = product.paragraphs.iter().flat_map(|paragraph| &paragraph.limits);
    let mut wanted: Vec<QuantityId> = Vec::new();
    for quantity in product.ask.iter().copied().chain(limits.map(|limit| limit.quantity)) {
        if !wanted.contains(&quantity) {
            wanted.push(quantity);
        }
    }
    add_inputs(&mut wanted);
    let mut stated: Stated<'a> = wanted.iter().map(|quantity| (*quantity, Vec::new())).collect();
    let (units, quantities) = (Units::shipped(), Quantities::shipped());
    let takes = |quantity: QuantityId, number: &Number| {
        quantities.get(quantity).is_none_or(|quantity| quantity.takes(number, units))
    };
    let mut give = |quantity: QuantityId, figure: &'a Figure| {
        if let Some((_, given)) = stated.iter_mut().find(|(other, _)| *other == quantity) {
            given.push(stated_as(figure));
        }
    };
    let mut free: Vec<&'a Figure> = Vec::new();
    for figure in &reading.figures {
        // `filament winder 3 axes`: the name of the goods names no quantity but
        // one that they have.
        let names: Vec<(QuantityId, usize)> = figure
            .named
            .iter()
            .filter(|naming| wanted.contains(&naming.quantity) || !of.is_named_by(&naming.words))
            .map(|naming| (known_as(naming.quantity, &wanted), naming.words.len()))
            .collect();
        // Of the names that stand beside, the longest; of one length the one
        // asked for first.
        let own = |quantity: &QuantityId| names.iter().filter(|(q, _)| q == quantity).map(|(_, n)| *n).max();
        let by_words = wanted.iter().filter_map(|q| Some((own(q)?, q))).rev().max_by_key(|(words, _)| *words);
        let by_words = by_words.map(|(_, quantity)| *quantity);
        // `3000 m depth` is a depth whatever else stands beside.
        match figure.hinted.filter(|quantity| wanted.contains(quantity)).or(by_words) {
            Some(quantity) if takes(quantity, &figure.number) => give(quantity, figure),
            // The words say that it is something else.
            None if !names.is_empty() => {}
            // No words stand beside, or words that cannot mean such a figure.
            _ => free.push(figure),
        }
    }
    // Pieces are counted goods, unless words say what else.
    let pieces = units.dimension("pieces");
    let counted = |number: &Number| number.units.iter().any(|unit| units.dimension_of(*unit) == pieces);
    for figure in free {
        let number = &figure.number;
        if number.units.is_empty() || counted(number) {
            continue;
        }
        let fits = |quantity: QuantityId| {
            if !takes(quantity, number) {
                return false;
            }
            let limited = limit_dimensions(product, quantity);
            if !limited.is_empty() {
                return number.unit_in(units, &limited).is_some();
            }
            quantities.get(quantity).is_some_and(|q| number.unit_in(units, q.own_dimensions()).is_some())
        };
        // A number is used once: where a quantity has a figure, the next gets
        // this one.
        let slot = stated.iter().position(|(quantity, given)| given.is_empty() && fits(*quantity));
        let slot = slot.or_else(|| stated.iter().position(|(quantity, _)| fits(*quantity)));
        if let Some((_, given)) = slot.and_then(|slot| stated.get_mut(slot)) {
            given.push(stated_as(figure));
        }
    }
    stated
}

fn stated_as(figure: &Figure) -> Given<'_> {
    Given { number: Cow::Borrowed(&figure.number), beside: &figure.beside, steps: None }
}

/// The quantity, or the one that it is taken for by goods that do not know it:
/// the peak power of a transistor is its output power.
fn known_as(quantity: QuantityId, wanted: &[QuantityId]) -> QuantityId {
    if wanted.contains(&quantity) {
        return quantity;
    }
    let instead = Quantities::shipped().get(quantity).map(|quantity| quantity.instead.as_slice());
    instead.unwrap_or_default().iter().copied().find(|other| wanted.contains(other)).unwrap_or(quantity)
}

/// The dimensions in which a product's limits on a quantity are written.
fn limit_dimensions(product: &Product, quantity: QuantityId) -> Vec<Dimension> {
    let limits = product.paragraphs.iter().flat_map(|paragraph| &paragraph.limits);
    let units = Units::shipped();
    limits
        .filter(|limit| limit.quantity == quantity)
        .filter_map(|limit| units.dimension_of(limit.unit))
        .collect()
}

/// Words of a paragraph that are asked for, at most.
const ASKED: usize = 3;

/// A paragraph's suggestion, and whether it is open with a figure stated.
fn judge(paragraph: &Paragraph, said: bool, stated: &Stated<'_>, product: &Product) -> (Suggestion, bool) {
    let mut reasons = Vec::new();
    let mut missing: Vec<QuantityId> = Vec::new();
    let (mut failed, mut figures) = (false, 0usize);
    for limit in &paragraph.limits {
        let numbers = stated.iter().find(|(quantity, _)| *quantity == limit.quantity);
        let numbers = numbers.map(|(_, numbers)| numbers.as_slice()).unwrap_or_default();
        match hold(limit, numbers) {
            Held::Met(reason) => {
                figures += 1;
                reasons.push(reason);
            }
            Held::NotMet(reason) => {
                figures += 1;
                failed = true;
                reasons.push(reason);
            }
            Held::NotStated(_) if limit.if_stated => {}
            Held::NotStated(reason) => {
                if !missing.contains(&limit.quantity) {
                    missing.push(limit.quantity);
                }
                reasons.push(reason);
            }
        }
    }
    let lacks_words = !paragraph.words.is_empty() && !said;
    missing
        .sort_by_key(|quantity| product.ask.iter().position(|other| other == quantity).unwrap_or(usize::MAX));
    let mut ask: Vec<String> =
        missing.iter().map(|quantity| product.question(*quantity).to_owned()).collect();
    if lacks_words {
        let words: Vec<String> = paragraph.words.iter().map(|word| format!("\"{word}\"")).collect();
        reasons.push(format!("the description does not say {}", words.join(" or ")));
        ask.push(format!("whether {}", words.get(..words.len().min(ASKED)).unwrap_or_default().join(" or ")));
    } else if !paragraph.words.is_empty() {
        reasons.push("the description says what the paragraph asks for in words".to_owned());
    }
    let outcome = if failed {
        Outcome::RuledOut
    } else if missing.is_empty() && !lacks_words {
        Outcome::Met
    } else {
        Outcome::NotStated
    };
    if outcome != Outcome::NotStated {
        ask.clear();
    }
    let open = outcome == Outcome::NotStated && figures > 0 && !lacks_words;
    let suggestion = Suggestion {
        code: paragraph.code.clone(),
        eu: paragraph.eu.clone(),
        title: paragraph.title.clone(),
        outcome,
        reasons,
        ask,
        cite: paragraph.cite.clone(),
        certainty: paragraph.certainty.clone(),
        note: paragraph.note.clone(),
    };
    (suggestion, open)
}

/// How a limit stands to the figures.
#[derive(Debug)]
enum Held {
    Met(String),
    NotMet(String),
    NotStated(String),
}

/// A limit is met when one of the figures meets all of it.
fn hold(limit: &Limit, given: &[Given<'_>]) -> Held {
    let (units, quantities) = (Units::shipped(), Quantities::shipped());
    let (Some(unit), Some(quantity)) = (units.get(limit.unit), quantities.get(limit.quantity)) else {
        return Held::NotStated(String::new());
    };
    let mut not_met = None;
    let mut half = None;
    for figure in given {
        let number = &*figure.number;
        let own = quantity.unit_of(number, units, &[unit.dimension]);
        let own =
            own.or_else(|| quantity.unit_of(number, units, &quantity.dimensions).filter(|_| quantity.alike));
        let Some(own) = own.and_then(|own| units.get(own)) else {
            continue;
        };
        match compare(limit, figure, own, unit, quantity) {
            Held::Met(reason) => return Held::Met(reason),
            Held::NotMet(reason) => not_met = not_met.or(Some(reason)),
            Held::NotStated(reason) => half = half.or(Some(reason)),
        }
    }
    if let Some(reason) = half {
        return Held::NotStated(reason);
    }
    not_met.map_or_else(
        || Held::NotStated(format!("{} is not stated; the limit is {}", quantity.label, wanted(limit, unit))),
        Held::NotMet,
    )
}

/// The limit in words: `at least 14 bit and below 16 bit`.
fn wanted(limit: &Limit, unit: &Unit) -> String {
    parts(limit)
        .iter()
        .filter_map(|part| Some(format!("{} {}", part.words, show_with_unit(part.value?, unit))))
        .collect::<Vec<_>>()
        .join(" and ")
}

/// One side of a limit.
struct Side {
    words: &'static str,
    value: Option<f64>,
    /// Looks at the upper end of a range.
    upper: bool,
    /// The value itself is not enough.
    strict: bool,
}

fn parts(limit: &Limit) -> [Side; 4] {
    let side = |words, value, upper, strict| Side { words, value, upper, strict };
    [
        side("at least", limit.at_least, true, false),
        side("above", limit.above, true, true),
        side("at most", limit.at_most, false, false),
        side("below", limit.below, false, true),
    ]
}

/// The two ends of a number in the base unit.
fn ends(number: &Number, own: &Unit, quantity: &Quantity) -> (f64, f64) {
    let sides = || number.sides.iter().copied();
    let (low, high) = match quantity.array {
        _ if number.sides.is_empty() => (number.low, number.high),
        ArrayRule::Product => (number.low, number.high),
        ArrayRule::LongestSide => {
            let side = sides().fold(f64::MIN, f64::max);
            (side, side)
        }
        ArrayRule::ShortestSide => {
            let side = sides().fold(f64::MAX, f64::min);
            (side, side)
        }
    };
    (own.to_base(low), own.to_base(high))
}

fn compare(limit: &Limit, given: &Given<'_>, own: &Unit, unit: &Unit, quantity: &Quantity) -> Held {
    let number = &*given.number;
    let (low, high) = ends(number, own, quantity);
    let mut met = Vec::new();
    for side in parts(limit) {
        let Some(value) = side.value else { continue };
        let upper = match quantity.range {
            RangeRule::Nearest | RangeRule::Both => side.upper,
            RangeRule::Whole => !side.upper,
            RangeRule::Upper => true,
            RangeRule::Lower => false,
        };
        let written = format!("{} {}", side.words, show_with_unit(value, unit));
        if quantity.range == RangeRule::Both && !speaks_of(number, own, upper) {
            let end = if upper { "upper" } else { "lower" };
            return Held::NotStated(format!(
                "the {end} end of the {} is not stated; the limit is {written}",
                quantity.label
            ));
        }
        let figure = if upper { high } else { low };
        if reaches(figure, unit.to_base(value), &side, number.bound) {
            met.push(written);
        } else {
            let shown = shown(given, own, unit, quantity);
            return Held::NotMet(format!("{} {shown} is not {written}", quantity.label));
        }
    }
    let shown = shown(given, own, unit, quantity);
    Held::Met(format!("{} {shown} is {}", quantity.label, met.join(" and ")))
}

/// Whether a single figure says something of an end: `up to 125 °C` of the
/// upper one, `-55 °C` of the lower.
fn speaks_of(number: &Number, own: &Unit, upper: bool) -> bool {
    if number.range {
        return true;
    }
    match number.bound {
        Bound::AtMost | Bound::Below => upper,
        Bound::AtLeast | Bound::Above => !upper,
        Bound::PlusMinus => true,
        // Cold is the lower end, warm the upper: 0 °C divides them.
        Bound::Exact => (own.to_base(number.low) >= 273.15) == upper,
    }
}

/// Whether a figure reaches one side of a limit. `> 500` is above 500.
fn reaches(figure: f64, limit: f64, side: &Side, bound: Bound) -> bool {
    // Figures that differ by rounding only are equal.
    let near = (figure - limit).abs() <= 1e-9 * figure.abs().max(limit.abs());
    let beyond = match bound {
        Bound::Above => side.upper,
        Bound::Below => !side.upper,
        _ => false,
    };
    if near {
        return !side.strict || beyond;
    }
    if side.upper { figure > limit } else { figure < limit }
}

/// A figure as stated, and in the limit's unit where that is another.
fn shown(given: &Given<'_>, own: &Unit, unit: &Unit, quantity: &Quantity) -> String {
    let number = &*given.number;
    let sign = match number.bound {
        Bound::Above => "> ",
        Bound::AtLeast => "≥ ",
        Bound::Below => "< ",
        Bound::AtMost => "≤ ",
        Bound::PlusMinus => "±",
        Bound::Exact => "",
    };
    let mut text = if number.range {
        format!("{} to {}", show_figure(number.low), show_with_unit(number.high, own))
    } else if given.steps.is_some() {
        format!("{sign}{}", show_with_unit(rounded(number.high), own))
    } else if number.sides.is_empty() {
        format!("{sign}{}", show_with_unit(number.high, own))
    } else {
        let sides: Vec<String> = number.sides.iter().map(|side| show_figure(*side)).collect();
        format!("{} (= {})", sides.join(" × "), show_figure(number.high))
    };
    let (low, high) = ends(number, own, quantity);
    if own.id != unit.id && number.sides.is_empty() {
        let (low, high) = (unit.from_base(low), unit.from_base(high));
        if number.range {
            text.push_str(&format!(" (= {} to {})", show_figure(low), show_with_unit(high, unit)));
        } else {
            let high = if given.steps.is_some() { rounded(high) } else { high };
            text.push_str(&format!(" (= {})", show_with_unit(high, unit)));
        }
    }
    if let Some(steps) = &given.steps {
        text.push_str(&format!(" ({steps})"));
    }
    text
}

/// Five figures that count.
fn rounded(value: f64) -> f64 {
    format!("{value:.4e}").parse().unwrap_or(value)
}
