//! Counts shipments by country of departure and of destination.

use std::collections::BTreeMap;

use crate::rule::Verdict;
use crate::trade::CountryCode;

pub type Ends = (Option<CountryCode>, Option<CountryCode>);

/// Shipments on one lane.
#[derive(Clone, Copy, Default)]
pub struct Lane {
    pub shipments: u64,
    /// Above clear.
    pub flagged: u64,
    pub worst: Verdict,
}

#[derive(Default)]
pub struct Lanes(BTreeMap<Ends, Lane>);

impl Lanes {
    pub fn add(&mut self, ends: Ends, verdict: Verdict) {
        let lane = self.0.entry(ends).or_default();
        lane.shipments += 1;
        lane.flagged += u64::from(verdict > Verdict::Clear);
        lane.worst = lane.worst.max(verdict);
    }

    /// Lanes with a flagged shipment, most flagged first, then by code.
    pub fn flagged(&self) -> Vec<(Ends, Lane)> {
        let mut lanes: Vec<_> =
            self.0.iter().filter(|(_, lane)| lane.flagged > 0).map(|(ends, lane)| (*ends, *lane)).collect();
        lanes.sort_by(|a, b| b.1.flagged.cmp(&a.1.flagged).then(a.0.cmp(&b.0)));
        lanes
    }
}
