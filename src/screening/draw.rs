//! Which shipments the licences cover. What a licence has left goes to the
//! shipments that leave first: in the order of their day of shipping, then of
//! their references.
//!
//! That order is not the order of the input, so that a first pass ([`allot`])
//! settles it before a run. Without one, shipments draw in the order of the
//! input. Knows licences as decisions state them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::decision::{Amounts, Applied, Balance, Ledger};
use crate::input::Record;
use crate::trade::Shipment;

use super::mark;
use super::outcome::{Outcome, Screening};
use super::run::batches;
use super::screener::Screener;

/// Where a shipment stands: its file and its first line.
type Place = (Arc<str>, u64);

/// What the licences had left when each shipment drew on them, and in the end.
#[derive(Clone, Debug, Default)]
pub struct Allotment {
    before: BTreeMap<Place, Ledger>,
    after: Ledger,
}

/// A shipment that draws on licences.
#[derive(Debug)]
struct Demand {
    /// Shipments without a day come last.
    undated: bool,
    shipped: Option<Date>,
    reference: String,
    place: Place,
    /// For each mark the licences that clear it, the first that suffices counts.
    marks: Vec<Vec<Arc<Applied>>>,
    amounts: Amounts,
}

/// Screens every record to learn which shipments draw on licences, and lets
/// them draw in the order in which they leave.
#[must_use]
pub fn allot(screener: &Screener, records: &mut (impl Iterator<Item = Record> + Send)) -> Allotment {
    let mut demands: Vec<Demand> = Vec::new();
    // Nothing is written, so that nothing can fail.
    let _ = batches(screener, records, &mut |outcomes| {
        for outcome in &outcomes {
            if let Outcome::Screened { shipment, screening } = outcome {
                demands.extend(demand(shipment, screening));
            }
        }
        Ok(())
    });
    demands.sort_by(|a, b| {
        let key = |one: &Demand| (one.undated, one.shipped);
        key(a).cmp(&key(b)).then_with(|| a.reference.cmp(&b.reference)).then_with(|| a.place.cmp(&b.place))
    });
    let mut allotment = Allotment::default();
    for demand in demands {
        let before = allotment.after.of(demand.marks.iter().flatten());
        let mut drawn = Vec::new();
        for choices in &demand.marks {
            let _ = allotment.after.draw_first(choices, &demand.amounts, &mut drawn);
        }
        allotment.before.insert(demand.place, before);
    }
    allotment
}

fn demand(shipment: &Shipment, screening: &Screening) -> Option<Demand> {
    let marks: Vec<Vec<Arc<Applied>>> = screening.marks.iter().filter_map(mark::licences).collect();
    (!marks.is_empty()).then(|| Demand {
        undated: shipment.shipped.is_none(),
        shipped: shipment.shipped,
        reference: shipment.reference.clone(),
        place: place(shipment),
        marks,
        amounts: mark::amounts(shipment),
    })
}

fn place(shipment: &Shipment) -> Place {
    (Arc::clone(&shipment.file), shipment.lines.first().copied().unwrap_or_default())
}

/// Draws the shipments of a run, one after the other.
#[derive(Debug)]
pub(super) struct Draws<'a> {
    allotment: Option<&'a Allotment>,
    ledger: Ledger,
}

impl<'a> Draws<'a> {
    pub fn new(allotment: Option<&'a Allotment>) -> Self {
        Self { allotment, ledger: Ledger::default() }
    }

    pub fn draw(&mut self, shipment: &Shipment, screening: &mut Screening) {
        match self.allotment {
            None => screening.draw(shipment, &mut self.ledger),
            Some(allotment) => {
                // What the first pass did not see gets what is left in the end.
                let before = allotment.before.get(&place(shipment)).unwrap_or(&allotment.after);
                screening.draw(shipment, &mut before.clone());
            }
        }
    }

    /// What is left of the licences in the end.
    pub fn left(&self) -> Vec<Balance> {
        self.allotment.map_or(&self.ledger, |allotment| &allotment.after).balances()
    }
}
