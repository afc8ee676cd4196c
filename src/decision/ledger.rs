//! What is left of licences while the shipments of a run draw on them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Applied;

/// What a shipment moves, by currency and by unit of quantity; in upper case.
/// A currency or unit is absent where a line does not state it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Amounts(pub BTreeMap<String, Decimal>);

/// Draws shipments from licences in the order of the input. A licence number
/// has one balance, however many decisions name it.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    left: BTreeMap<(String, String), Decimal>,
}

impl Ledger {
    /// Draws a shipment; why it can't be drawn, if it can't. A shipment draws on
    /// a licence once, however many findings it covers: `drawn` holds the
    /// numbers of licences that this shipment has drawn on.
    ///
    /// # Errors
    /// In plain words, part of a sentence.
    pub fn draw(
        &mut self,
        applied: &Applied,
        amounts: &Amounts,
        drawn: &mut Vec<String>,
    ) -> Result<(), String> {
        let Some((balance, unit)) = &applied.balance else { return Ok(()) };
        if drawn.contains(&applied.licence) {
            return Ok(());
        }
        let key = unit.to_uppercase();
        let Some(needed) = amounts.0.get(&key) else {
            return Err(format!(
                "the shipment does not state its amount in {unit}, in which licence {} has its balance",
                applied.licence
            ));
        };
        let left = self.left.entry((applied.licence.clone(), key)).or_insert(*balance);
        if *needed > *left {
            return Err(format!(
                "licence {} has {} {unit} left, and this shipment needs {} {unit}",
                applied.licence,
                left.normalize(),
                needed.normalize()
            ));
        }
        *left -= needed;
        drawn.push(applied.licence.clone());
        Ok(())
    }
}
