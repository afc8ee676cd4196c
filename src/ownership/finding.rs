//! What the statements, the lists and the share rules together say about a
//! party. Plain words for rules and reports.

use std::sync::Arc;

use crate::matching::{MatchedBy, Strength};
use crate::watchlist::{Effect, Regime};

use super::share::Share;

/// How a party stands to listed owners, mildest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum OwnedOutcome {
    /// Connected in another way: acts for, is linked to a listed party.
    Linked,
    /// Listed owners hold some of it, too little for the rule.
    Minority,
    /// Listed owners hold a share that is not known well enough; it may reach
    /// the rule's threshold.
    UnknownShare,
    /// A listed or owned party controls it.
    Control,
    /// Owned by listed parties as the rule reckons.
    Owned,
}

impl OwnedOutcome {
    pub const ALL: [Self; 5] = [Self::Linked, Self::Minority, Self::UnknownShare, Self::Control, Self::Owned];
    pub const WORDS: [&'static str; 5] = ["linked", "minority", "unknown-share", "control", "owned"];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.key() == key)
    }
}

/// Whether a rule is applied at present.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RuleState {
    InForce,
    Suspended,
    /// What holds on the day is not known here: a person must confirm it.
    Unconfirmed,
}

impl RuleState {
    pub const WORDS: [&'static str; 3] = ["in-force", "suspended", "unconfirmed"];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::InForce, Self::Suspended, Self::Unconfirmed].into_iter().find(|state| state.key() == key)
    }
}

/// An owner is on a list.
#[derive(Clone, PartialEq, Debug)]
pub struct Listing {
    pub list: Arc<str>,
    pub entry: String,
    /// The entry's name.
    pub name: String,
    pub jurisdiction: Arc<str>,
    pub regime: Regime,
    pub effect: Effect,
    /// Whether the list's jurisdiction binds the company of the profile.
    pub binding: bool,
    pub programs: Vec<Arc<str>>,
    pub by: MatchedBy,
    /// 0 to 1.
    pub score: f64,
    pub strength: Strength,
}

/// What one share rule says about one party.
#[derive(Clone, PartialEq, Debug)]
pub struct OwnedStatus {
    /// Such as `ofac-50`.
    pub rule: Arc<str>,
    pub rule_title: Arc<str>,
    /// Whose law the rule is.
    pub jurisdiction: Arc<str>,
    pub state: RuleState,
    pub outcome: OwnedOutcome,
    /// What listed owners hold, as the rule reckons.
    pub share: Share,
    /// How sure it is that the owners are the listed parties.
    pub strength: Strength,
    /// The listings of the owners at the ends of the chains.
    pub by: Vec<Listing>,
    /// Outcome, chains and sources, complete in itself.
    pub words: String,
}

/// A party of the statements that a party of a shipment is.
#[derive(Clone, PartialEq, Debug)]
pub struct Met {
    /// Number of the party in the statements.
    pub(super) member: u32,
    /// Its name there.
    pub name: String,
    pub by: MatchedBy,
    /// 0 to 1.
    pub score: f64,
    pub strength: Strength,
}
