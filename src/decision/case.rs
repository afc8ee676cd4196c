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
    /// State of the list entry, or of the owners a finding rests on; else empty.
    pub entry: &'a str,
    /// State of the party's data; without a list entry, of all that the finding
    /// is about.
    pub party: &'a str,
    /// Whether it rests on a party and a list entry.
    pub on_hit: bool,
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
    /// Where that one rests on a licence: what clears the case too, should the
    /// licence be used up; in the order of the file.
    pub others: Vec<Arc<Applied>>,
    /// Why an earlier decision does not hold, complete sentences.
    pub back: Option<String>,
    /// The decisions that were on this case.
    pub met: Vec<Met>,
}

/// A decision that was on a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Met {
    /// Place in the file, from 0.
    pub number: usize,
    /// Why it does not hold there, part of a sentence; none: it does.
    pub lapsed: Option<String>,
}
