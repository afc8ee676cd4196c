//! What is left of licences while the shipments of a run draw on them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::Applied;

/// What a shipment moves, by currency and by unit of quantity; in upper case.
/// A currency or unit is absent where a line does not state it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Amounts(pub BTreeMap<String, Decimal>);

/// What is left of a licence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Balance {
    /// Number of the licence.
    pub licence: String,
    /// As the decision writes it: a currency or a unit of quantity.
    pub unit: String,
    /// Before the run.
    pub stated: Decimal,
    /// Never below nothing.
    pub left: Decimal,
}

/// Draws shipments from licences in the order in which it is asked. A licence
/// number has one balance, however many decisions name it.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// By number of the licence and unit, in upper case.
    balances: BTreeMap<(String, String), Balance>,
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
        let Some((_, unit)) = &applied.balance else { return Ok(()) };
        if drawn.contains(&applied.licence) {
            return Ok(());
        }
        let Some(needed) = amounts.0.get(&unit.to_uppercase()) else {
            return Err(format!(
                "the shipment does not state its amount in {unit}, in which licence {} has its balance",
                applied.licence
            ));
        };
        let Some(balance) = self.balance(applied) else { return Ok(()) };
        if *needed > balance.left {
            return Err(format!(
                "licence {} has {} {unit} left, and this shipment needs {} {unit}",
                applied.licence,
                balance.left.normalize(),
                needed.normalize()
            ));
        }
        balance.left -= needed;
        drawn.push(applied.licence.clone());
        Ok(())
    }

    /// Draws a shipment on the first of several that can bear it.
    ///
    /// # Errors
    /// Why the first one can't.
    pub fn draw_first<'a>(
        &mut self,
        choices: &'a [Arc<Applied>],
        amounts: &Amounts,
        drawn: &mut Vec<String>,
    ) -> Result<Option<&'a Arc<Applied>>, String> {
        let mut first = None;
        for applied in choices {
            match self.draw(applied, amounts, drawn) {
                Ok(()) => return Ok(Some(applied)),
                Err(why) => first = first.or(Some(why)),
            }
        }
        first.map_or(Ok(None), Err)
    }

    /// The same balances of some licences only.
    #[must_use]
    pub fn of<'a>(&self, licences: impl IntoIterator<Item = &'a Arc<Applied>>) -> Self {
        let mut some = Self::default();
        for applied in licences {
            if let Some(key) = key(applied)
                && let Some(balance) = self.balances.get(&key)
            {
                some.balances.insert(key, balance.clone());
            }
        }
        some
    }

    /// Every licence that was asked for, by number and unit.
    #[must_use]
    pub fn balances(&self) -> Vec<Balance> {
        self.balances.values().cloned().collect()
    }

    fn balance(&mut self, applied: &Applied) -> Option<&mut Balance> {
        let key = key(applied)?;
        let (stated, unit) = applied.balance.as_ref()?;
        Some(self.balances.entry(key).or_insert_with(|| Balance {
            licence: applied.licence.clone(),
            unit: unit.clone(),
            stated: *stated,
            left: *stated,
        }))
    }
}

fn key(applied: &Applied) -> Option<(String, String)> {
    let (_, unit) = applied.balance.as_ref()?;
    Some((applied.licence.clone(), unit.to_uppercase()))
}
