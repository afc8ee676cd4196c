//! What detectors found out about one shipment. Rules read this and nothing
//! else.

use std::sync::Arc;

use jiff::civil::Date;

use crate::flow::history::PastFacts;
use crate::flow::norms::NormFact;
use crate::goods::{GoodsFact, GoodsNote};
use crate::matching::{MatchedBy, Strength};
use crate::ownership::OwnedStatus;
use crate::trade::Shipment;
use crate::watchlist::{Effect, NameQuality, Regime};

/// A party of the shipment met a list entry.
#[derive(Clone, PartialEq, Debug)]
pub struct ListedFact {
    /// Index into [`Shipment::parties`].
    pub party: usize,
    /// Index into the screening's hits, for evidence.
    pub hit: usize,
    /// Id of the list, such as `us-sdn`.
    pub list: Arc<str>,
    pub list_title: Arc<str>,
    pub jurisdiction: Arc<str>,
    pub regime: Regime,
    pub effect: Effect,
    /// Whether the list's jurisdiction binds the company of the profile.
    pub binding: bool,
    pub by: MatchedBy,
    pub quality: NameQuality,
    /// 0 to 1.
    pub score: f64,
    pub strength: Strength,
    pub programs: Vec<Arc<str>>,
    /// The entry's name (or address), for evidence.
    pub entry_name: String,
    /// The entry's id within its list, for evidence.
    pub entry_id: String,
}

/// Listed parties stand above a party of the shipment.
#[derive(Clone, PartialEq, Debug)]
pub struct OwnedFact {
    /// Index into [`Shipment::parties`].
    pub party: usize,
    /// The party's name in the ownership statements.
    pub name: String,
    /// How well the two names agree, 0 to 1.
    pub score: f64,
    /// How sure it is that the party is the one of the statements, and that
    /// its owners are the listed ones.
    pub strength: Strength,
    /// The day it holds on, where that is not the day of the evaluation.
    pub on: Option<Date>,
    pub status: Arc<OwnedStatus>,
}

/// All facts of one shipment.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub shipment: &'a Shipment,
    pub listed: Vec<ListedFact>,
    pub owned: Vec<OwnedFact>,
    pub goods: Vec<GoodsFact>,
    /// What was read out of the lines of goods, beyond their categories.
    pub notes: Vec<GoodsNote>,
    /// Figures of the lines against what is usual, where norms are given.
    pub norms: Vec<NormFact>,
    /// What shipments before this one say; nothing without a history.
    pub past: PastFacts,
    /// Jurisdictions whose law binds the company, such as `US`, `EU`.
    pub bound_by: &'a [String],
    /// The day of the evaluation.
    pub as_of: Date,
}
