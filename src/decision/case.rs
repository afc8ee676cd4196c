//! A finding as decisions see it, and what they make of it.

use std::sync::Arc;

use crate::trade::CountryCode;

use super::{Applied, Fingerprint};

/// A finding (for a hit: one party and one list entry) that a decision may be on.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    pub fingerprint: &'a Fingerprint,
    /// Version of the rule in force.
    pub rule: &'a str,
    /// State of the list entry; empty for a finding without one.
    pub entry: &'a str,
    /// State of the party's data; empty for a finding without a list entry.
    pub party: &'a str,
    /// Reference of the shipment; may be empty.
    pub reference: &'a str,
    /// Departure and destination, where both are known.
    pub lane: Option<(CountryCode, CountryCode)>,
    /// The rule blocks, or an identifier was met exactly: no false positive
    /// without an override.
    pub grave: bool,
}

/// What the decisions say of a case.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Judgement {
    /// The decision that holds.
    pub applied: Option<Arc<Applied>>,
    /// Why an earlier decision does not hold, complete sentences.
    pub back: Option<String>,
    /// Places in the file of decisions that were on this case, whether they
    /// hold or not.
    pub met: Vec<usize>,
}
