//! A figure against what is usual, stated in an example of a rule.

use rust_decimal::prelude::ToPrimitive;

use crate::diagnostic::{Diagnostics, Item, Table};
use crate::flow::norms::{Measure, NormFact};

/// Reads `norm = { measure = "value-per-kg", distance = -5, lines = 100 }` of
/// a line of goods; several of them as an array.
pub(super) fn read(table: &mut Table<'_, '_>, item: usize, out: &mut Diagnostics) -> Vec<NormFact> {
    let norms = table.get("norm").map(Item::one_or_many).unwrap_or_default();
    norms
        .into_iter()
        .filter_map(|norm| {
            let mut table = norm.table(out)?;
            let measure = table.word("measure", &Measure::WORDS, Measure::from_key, out);
            let distance = table.opt_decimal("distance", out).and_then(|n| n.to_f64()).unwrap_or_default();
            let outside = table.opt_boolean("outside", out).unwrap_or(true);
            let lines = table.opt_decimal("lines", out).and_then(|n| n.to_u64()).unwrap_or(1000);
            table.finish(out);
            let measure = measure.unwrap_or(Measure::ValuePerKg);
            let words =
                format!("the {} is {distance:.1} robust deviations from what is usual", measure.key());
            Some(NormFact { item, measure, distance, outside, lines, words })
        })
        .collect()
}
