//! Figures that follow from stated ones by the formulas of
//! `rules/goods/computed.toml`, with the arithmetic.
//!
//! A stated figure goes before a computed one. Ranges are not computed with:
//! a laser's greatest energy need not come at its greatest rate.

use std::borrow::Cow;

use super::beside::Beside;
use super::product::Product;
use super::quantity::{
    Bound, Computed, Formulas, Input, Number, Quantities, QuantityId, Source, UnitId, Units, show_with_unit,
};

/// A figure of a quantity: stated, or computed.
#[derive(Clone, Debug)]
pub(super) struct Given<'a> {
    pub number: Cow<'a, Number>,
    /// What words beside it say in figures.
    pub beside: &'a [Beside],
    /// The arithmetic, of a computed figure.
    pub steps: Option<String>,
}

/// What the figures of a description say of each quantity of a product.
pub(super) type Stated<'a> = Vec<(QuantityId, Vec<Given<'a>>)>;

/// The quantities that the formulas for some quantities ask for beside them.
pub(super) fn add_inputs(wanted: &mut Vec<QuantityId>) {
    let mut i = 0;
    while let Some(quantity) = wanted.get(i).copied() {
        for input in Formulas::shipped().of(quantity).flat_map(|formula| &formula.of) {
            if let Source::Figure { quantity, .. } = input.source
                && !wanted.contains(&quantity)
            {
                wanted.push(quantity);
            }
        }
        i += 1;
    }
}

/// Adds what follows from the stated figures to quantities without a figure.
pub(super) fn complete(product: &Product, stated: &mut Stated<'_>) {
    // Twice, so that what follows from a computed figure is found too.
    for _ in 0..2 {
        for i in 0..stated.len() {
            let Some((quantity, _)) = stated.get(i).filter(|(_, given)| given.is_empty()) else { continue };
            let found = Formulas::shipped().of(*quantity).find_map(|formula| {
                let found = compute(formula, product, stated);
                (!found.is_empty()).then_some(found)
            });
            if let (Some(found), Some((_, given))) = (found, stated.get_mut(i)) {
                *given = found;
            }
        }
    }
}

/// An input: its size, how it bounds, and how it is shown.
struct Part {
    size: f64,
    bound: Bound,
    shown: String,
}

fn compute<'a>(formula: &Computed, product: &Product, stated: &Stated<'_>) -> Vec<Given<'a>> {
    let Some((first, rest)) = formula.of.split_first() else { return Vec::new() };
    let Source::Figure { quantity, unit } = first.source else { return Vec::new() };
    let figures = of(stated, quantity);
    figures
        .iter()
        .filter_map(|given| one(formula, first, rest, (given, quantity, unit), product, stated))
        .collect()
}

fn of<'s, 'a>(stated: &'s Stated<'a>, quantity: QuantityId) -> &'s [Given<'a>] {
    stated.iter().find(|(other, _)| *other == quantity).map(|(_, given)| given.as_slice()).unwrap_or_default()
}

fn one<'a>(
    formula: &Computed,
    first: &Input,
    rest: &[Input],
    (given, quantity, unit): (&Given<'_>, QuantityId, UnitId),
    product: &Product,
    stated: &Stated<'_>,
) -> Option<Given<'a>> {
    let mut result = formula.factor;
    let mut bound = Bound::Exact;
    let mut steps = formula.shown.clone();
    let mut take = |input: &Input, value: Part| {
        result *= value.size.powi(input.power);
        let own = if input.power < 0 { turned(value.bound) } else { value.bound };
        // Two bounds say nothing of their product.
        let clear = own == Bound::Exact || bound == Bound::Exact;
        bound = if own == Bound::Exact { bound } else { own };
        steps = steps.replace(&format!("{{{}}}", input.key), &value.shown);
        if let Source::Word { otherwise: Some(otherwise), .. } = input.source
            && !same(otherwise, value.size)
        {
            steps.push_str(&input.then);
        }
        clear
    };
    if !take(first, figure(given, quantity, unit)?) {
        return None;
    }
    for input in rest {
        let value = match input.source {
            Source::Figure { quantity, unit } => sole(product, stated, quantity, unit)?,
            Source::Times => {
                let times = given.number.times?;
                Part { size: times, bound: Bound::Exact, shown: format!("{times}") }
            }
            Source::Word { reading, otherwise, only } => {
                let said = given.beside.iter().find(|beside| beside.reading == reading);
                let value = said.map(|beside| beside.value).or(otherwise)?;
                if only.is_some_and(|only| !same(only, value)) {
                    return None;
                }
                Part { size: value, bound: Bound::Exact, shown: format!("{value}") }
            }
        };
        if !take(input, value) {
            return None;
        }
    }
    let number = Number {
        at: given.number.at.clone(),
        low: result,
        high: result,
        range: false,
        bound,
        sides: Vec::new(),
        units: vec![formula.unit],
        of_body: false,
        times: None,
    };
    result.is_finite().then_some(Given { number: Cow::Owned(number), beside: &[], steps: Some(steps) })
}

/// The one figure of a quantity, or what the product assumes of it.
fn sole(product: &Product, stated: &Stated<'_>, quantity: QuantityId, unit: UnitId) -> Option<Part> {
    let given = of(stated, quantity);
    if let Some((first, others)) = given.split_first() {
        let value = figure(first, quantity, unit)?;
        let agrees = |other| figure(other, quantity, unit).is_some_and(|part| same(part.size, value.size));
        return others.iter().all(agrees).then_some(value);
    }
    let assumed = product.assume.iter().find(|assumed| assumed.quantity == quantity)?;
    let units = Units::shipped();
    let (own, wanted) = (units.get(assumed.unit)?, units.get(unit)?);
    let certainty = if assumed.certainty.is_empty() { "" } else { ", " };
    Some(Part {
        size: wanted.from_base(own.to_base(assumed.value)),
        bound: Bound::Exact,
        shown: format!("{} (assumed{certainty}{})", show_with_unit(assumed.value, own), assumed.certainty),
    })
}

/// A single figure in a unit.
fn figure(given: &Given<'_>, quantity: QuantityId, unit: UnitId) -> Option<Part> {
    let units = Units::shipped();
    let number = &given.number;
    if number.range || number.sides.len() > 1 {
        return None;
    }
    let about = Quantities::shipped().get(quantity)?;
    let own = units.get(about.unit_of(number, units, &about.dimensions)?)?;
    let bound = if number.bound == Bound::PlusMinus { Bound::Exact } else { number.bound };
    let size = units.get(unit)?.from_base(own.to_base(number.high));
    Some(Part { size, bound, shown: show_with_unit(number.high, own) })
}

/// Whether two figures are the same but for rounding.
fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

/// How the inverse of a figure bounds.
fn turned(bound: Bound) -> Bound {
    match bound {
        Bound::AtLeast => Bound::AtMost,
        Bound::Above => Bound::Below,
        Bound::AtMost => Bound::AtLeast,
        Bound::Below => Bound::Above,
        same => same,
    }
}

#[cfg(test)]
mod tests {
    use crate::goods::{Outcome, Products};

    /// The reasons of the paragraphs of a code that come out so.
    fn reasons(text: &str, code: &str, outcome: Outcome) -> Vec<String> {
        let all = Products::shipped().assess(text);
        let suggestions = all.iter().flat_map(|goods| &goods.suggestions);
        suggestions
            .filter(|one| one.code.starts_with(code) && one.outcome == outcome)
            .flat_map(|one| one.reasons.clone())
            .collect()
    }

    #[test]
    fn what_follows_is_held_against_the_limit_with_its_arithmetic() {
        for (text, code, outcome, step) in [
            (
                "GPU accelerator board, 312 TFLOPS FP16",
                "4A090.a",
                Outcome::Met,
                "4992 TPP (312 TFLOPS × 16 bit)",
            ),
            (
                "GPU accelerator board, FP16 299 TFLOPS",
                "4A090.a",
                Outcome::RuledOut,
                "4784 TPP (299 TFLOPS × 16 bit)",
            ),
            (
                "GPU accelerator board, 624 TFLOPS FP16 with sparsity",
                "4A090.a",
                Outcome::Met,
                "4992 TPP (624 TFLOPS × 16 bit / 2, as the figure is sparse)",
            ),
            ("HPC cluster, 500 TFLOPS FP64", "4A003.b", Outcome::Met, "150 WT (500 TFLOPS of 64 bit × 0.3)"),
            (
                "carbon fibre yarn, modulus 220 GPa, density 1.75 g/cm3",
                "1C210.a",
                Outcome::Met,
                "(220 GPa / (1.75 g/cm3 × 9.81 m/s²))",
            ),
            (
                "carbon fibre yarn, modulus 220 GPa, density 1.82 g/cm3",
                "1C210.a",
                Outcome::RuledOut,
                "(220 GPa / (1.82 g/cm3 × 9.81 m/s²))",
            ),
            (
                "pulse discharge capacitor 3 µF 3 kV 25 nH",
                "3A201.a.1",
                Outcome::Met,
                "13.5 J (½ × 3 µF × (3 kV)²)",
            ),
        ] {
            let found = reasons(text, code, outcome);
            assert!(found.iter().any(|reason| reason.contains(step)), "{text}: {found:#?}");
        }
    }

    #[test]
    fn what_is_taken_for_granted_is_told() {
        let found = reasons("carbon fibre tow 4900 MPa, 230 GPa", "1C210.a", Outcome::Met);
        assert!(found.iter().any(|reason| reason.contains("(assumed, from memory)")), "{found:#?}");
    }

    #[test]
    fn a_stated_figure_goes_before_a_computed_one() {
        let text = "pulse discharge capacitor 3 µF 3 kV 25 nH, stored energy 9 J";
        let found = reasons(text, "3A201.a.1", Outcome::RuledOut);
        assert!(found.iter().any(|reason| reason.starts_with("energy 9 J is not")), "{found:#?}");
    }

    #[test]
    fn nothing_follows_without_every_input_nor_from_ranges() {
        for text in [
            "GPU accelerator board, 312 TFLOPS",
            "pulse discharge capacitor 3 µF 1-3 kV 25 nH",
            "carbon fibre",
        ] {
            let all = Products::shipped().assess(text);
            let mut reasons = all.iter().flat_map(|goods| &goods.suggestions).flat_map(|one| &one.reasons);
            assert!(!reasons.any(|reason| reason.contains('×')), "{text}: {all:#?}");
        }
    }
}
