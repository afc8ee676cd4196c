//! Lines of a shipment against what is usual, as facts for rules.

use rust_decimal::prelude::ToPrimitive;

use crate::trade::{LineItem, Shipment};

use super::line::Line;
use super::parameters::Parameters;
use super::table::{Measure, NormTable, figures};

/// A figure of a line of goods, and how far it is from what is usual.
#[derive(Clone, PartialEq, Debug)]
pub struct NormFact {
    /// Index into [`Shipment::items`].
    pub item: usize,
    pub measure: Measure,
    /// In robust standard deviations of the logarithm; below 0: less than
    /// usual.
    pub distance: f64,
    /// It lies beyond ninety-eight in a hundred of the group's figures.
    pub outside: bool,
    /// Lines that what is usual rests on.
    pub lines: u64,
    /// In plain words.
    pub words: String,
}

/// A line of goods as norms read it.
fn line(item: &LineItem) -> Line {
    let number = |amount: rust_decimal::Decimal| amount.to_f64();
    Line {
        hs: item.hs.as_ref().map_or("", |hs| hs.digits()).chars().take(6).collect(),
        kg: item.net_weight_kg.or(item.gross_weight_kg).and_then(number),
        quantity: item
            .quantity
            .as_ref()
            .and_then(|q| Some((number(q.amount)?, q.unit.trim().to_lowercase()))),
        value: item.value.as_ref().and_then(|value| number(value.amount)),
        currency: item.value.as_ref().map_or_else(String::new, |v| v.currency.trim().to_uppercase()),
        ..Line::default()
    }
}

/// Every figure of a shipment's lines that something usual is known for.
#[must_use]
pub fn read_items(norms: &NormTable, shipment: &Shipment, parameters: &Parameters) -> Vec<NormFact> {
    let mut facts = Vec::new();
    for (number, item) in shipment.items.iter().enumerate() {
        let line = line(item);
        if line.hs.is_empty() {
            continue;
        }
        for figure in figures(&line) {
            let Some(reading) = norms.read(&figure, &line.hs, parameters) else { continue };
            let (what, unit) = match figure.scale.measure {
                Measure::ValuePerKg => ("value per kilogram", figure.scale.currency.as_str()),
                Measure::ValuePerPiece => ("value per piece", figure.scale.currency.as_str()),
                Measure::KgPerPiece => ("weight per piece", "kg"),
            };
            let than = if reading.distance < 0.0 { "below" } else { "above" };
            let group =
                if reading.code.is_empty() { "all goods".to_owned() } else { format!("HS {}", reading.code) };
            facts.push(NormFact {
                item: number,
                measure: figure.scale.measure,
                distance: reading.distance,
                outside: reading.outside,
                lines: reading.count,
                words: format!(
                    "the {what} is {} {unit}, usual for {group} is {} (of {} lines); {:.1} robust deviations {than} it",
                    short(figure.amount),
                    short(reading.usual),
                    reading.count,
                    reading.distance.abs()
                ),
            });
        }
    }
    facts
}

/// Three significant figures.
fn short(amount: f64) -> String {
    if !amount.is_finite() {
        return "beyond measure".to_owned();
    }
    if amount >= 100.0 || amount == 0.0 {
        return format!("{amount:.0}");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number of digits")]
    let decimals = (2.0 - amount.log10().floor()).clamp(0.0, 12.0) as usize;
    format!("{amount:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_short() {
        for (amount, wanted) in
            [(1234.6, "1235"), (12.345, "12.3"), (1.2345, "1.23"), (0.012_345, "0.0123"), (0.0, "0")]
        {
            assert_eq!(short(amount), wanted);
        }
    }
}
