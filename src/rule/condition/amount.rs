//! `value`, `unit_value`, `quantity`, `weight`: a figure of the line lies
//! within bounds.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostics, Item};
use crate::trade::LineItem;

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Figure {
    Value,
    ValuePerPiece,
    ValuePerKilogram,
    Quantity,
    Weight,
}

#[derive(Debug)]
struct Amount {
    figure: Figure,
    at_least: Option<Decimal>,
    below: Option<Decimal>,
    /// Currency or unit that the figure must be in; empty for any.
    unit: String,
}

fn parse(
    figure: Figure,
    unit_key: Option<&'static str>,
    item: Item<'_, '_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    let mut figure = figure;
    if figure == Figure::ValuePerPiece {
        let parse = |key: &str| match key {
            "piece" => Some(Figure::ValuePerPiece),
            "kg" => Some(Figure::ValuePerKilogram),
            _ => None,
        };
        table.require("per", out)?;
        figure = table.word("per", &["piece", "kg"], parse, out)?;
    }
    let condition = Amount {
        figure,
        at_least: table.opt_decimal("at_least", out),
        below: table.opt_decimal("below", out),
        unit: unit_key.and_then(|key| table.opt_string(key, out)).unwrap_or_default(),
    };
    if condition.at_least.is_none() && condition.below.is_none() {
        out.push(item.error("`at_least` or `below` is missing"));
    }
    table.finish(out);
    Some(Box::new(condition))
}

pub(super) fn parse_value(
    item: Item<'_, '_>,
    _: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    parse(Figure::Value, Some("currency"), item, out)
}

pub(super) fn parse_unit_value(
    item: Item<'_, '_>,
    _: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    parse(Figure::ValuePerPiece, Some("currency"), item, out)
}

pub(super) fn parse_quantity(
    item: Item<'_, '_>,
    _: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    parse(Figure::Quantity, Some("unit"), item, out)
}

pub(super) fn parse_weight(
    item: Item<'_, '_>,
    _: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    parse(Figure::Weight, None, item, out)
}

impl Amount {
    /// The figure of the line with its unit, if the line states it.
    fn figure(&self, line: &LineItem) -> Option<(Decimal, String)> {
        let weight = || line.net_weight_kg.or(line.gross_weight_kg);
        match self.figure {
            Figure::Value => line.value.as_ref().map(|value| (value.amount, value.currency.clone())),
            Figure::ValuePerPiece | Figure::ValuePerKilogram => {
                let value = line.value.as_ref()?;
                let divisor = if self.figure == Figure::ValuePerPiece {
                    line.quantity.as_ref()?.amount
                } else {
                    weight()?
                };
                Some((value.amount.checked_div(divisor)?.round_dp(4), value.currency.clone()))
            }
            Figure::Quantity => {
                line.quantity.as_ref().map(|quantity| (quantity.amount, quantity.unit.clone()))
            }
            Figure::Weight => weight().map(|weight| (weight, "kg".to_owned())),
        }
    }

    const fn name(&self) -> &'static str {
        match self.figure {
            Figure::Value => "value",
            Figure::ValuePerPiece => "value of a piece",
            Figure::ValuePerKilogram => "value of a kilogram",
            Figure::Quantity => "quantity",
            Figure::Weight => "weight",
        }
    }

    fn bounds(&self) -> String {
        match (self.at_least, self.below) {
            (Some(least), Some(below)) => format!("at least {least} and below {below}"),
            (Some(least), None) => format!("at least {least}"),
            (None, Some(below)) => format!("below {below}"),
            (None, None) => String::new(),
        }
    }
}

impl Condition for Amount {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let Some((number, line)) = item.and_then(|item| Some((item, scene.item(item)?))) else {
            return false;
        };
        let Some((figure, unit)) = self.figure(line) else { return false };
        let fits = self.at_least.is_none_or(|least| figure >= least)
            && self.below.is_none_or(|below| figure < below)
            && (self.unit.is_empty() || self.unit.eq_ignore_ascii_case(&unit));
        if fits {
            let key = match self.figure {
                Figure::Quantity => "quantity",
                Figure::Weight => "weight",
                _ => "value",
            };
            evidence.push(Evidence {
                subject: Subject::Item(number),
                at: line.at(key),
                hit: None,
                series: None,
                words: format!("The {} is {} {unit}, {}", self.name(), figure.normalize(), self.bounds()),
            });
        }
        fits
    }

    fn words(&self) -> String {
        format!("the {} is {} {}", self.name(), self.bounds(), self.unit).trim_end().to_owned()
    }

    fn about_goods(&self) -> bool {
        true
    }
}
