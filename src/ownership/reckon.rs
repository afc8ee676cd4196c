//! Who is owned by listed parties, as a share rule reckons: fixed points over
//! the holdings of a day.
//!
//! Everything is reckoned twice: with the least that owners are certain to
//! hold, and with the most that they can hold. Cycles need no care: both run
//! upwards from the listed owners until nothing changes.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::finding::OwnedOutcome;
use super::share::{Bound, Share};
use super::share_rule::{Indirect, RulePeriod};
use super::view::{Held, View};

/// One end of what is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    Least,
    Most,
}

impl End {
    fn of(self, share: Share) -> Bound {
        match self {
            Self::Least => share.low,
            Self::Most => share.high,
        }
    }

    fn reaches(self, period: &RulePeriod, sum: Bound) -> bool {
        match self {
            Self::Least => period.threshold.is_met(sum),
            Self::Most => period.threshold.may_be_met(sum),
        }
    }
}

/// Owners by number, with the round in which they came to be ones; listed ones
/// in round 0.
pub(super) type Rounds = FxHashMap<u32, u32>;

/// What is known of one party under a rule.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Standing {
    pub outcome: OwnedOutcome,
    /// What the listed and the owned hold, as the rule reckons.
    pub share: Share,
}

/// A rule's reckoning for some listed owners.
#[derive(Clone, Debug, Default)]
pub(super) struct Reckoning {
    /// Those who count as owners for certain.
    pub certain: Rounds,
    /// Those who may.
    pub possible: Rounds,
    /// Every other party that something is known of.
    pub standings: FxHashMap<u32, Standing>,
}

/// Sweeps over a cycle of cross-holdings; what a further one would add is less
/// than any figure that is shown.
const MOST_SWEEPS: usize = 500;

impl Reckoning {
    /// Reckons for listed owners, ascending.
    pub fn of(view: &View, period: &RulePeriod, listed: &[u32]) -> Self {
        let (certain, possible) = match period.indirect {
            Indirect::Cascade => {
                (cascade(view, period, listed, End::Least), cascade(view, period, listed, End::Most))
            }
            Indirect::Multiply => {
                let rounds = || listed.iter().map(|owner| (*owner, 0)).collect::<Rounds>();
                (rounds(), rounds())
            }
        };
        let least = portions(view, &certain, End::Least);
        let most = portions(view, &possible, End::Most);
        let mut reckoning = Self { certain, possible, standings: FxHashMap::default() };
        let linked: BTreeSet<u32> = reckoning
            .certain
            .keys()
            .filter_map(|owner| view.linked_to.get(owner))
            .flatten()
            .copied()
            .collect();
        let reached: BTreeSet<u32> = most
            .keys()
            .chain(reckoning.possible.keys())
            .chain(&linked)
            .copied()
            .filter(|party| reckoning.possible.get(party) != Some(&0))
            .collect();
        for party in reached {
            let portion = Share {
                low: least.get(&party).copied().unwrap_or(Bound::NOTHING),
                high: most.get(&party).copied().unwrap_or(Bound::NOTHING),
            };
            if let Some(standing) = reckoning.standing(view, period, party, portion, linked.contains(&party))
            {
                reckoning.standings.insert(party, standing);
            }
        }
        reckoning
    }

    fn standing(
        &self,
        view: &View,
        period: &RulePeriod,
        party: u32,
        portion: Share,
        linked: bool,
    ) -> Option<Standing> {
        let held = |owners: &Rounds, end: End| {
            let sum = view.of_owned(party).filter(|held| owners.contains_key(&held.owner));
            sum.fold(Bound::NOTHING, |sum, held| sum.plus(end.of(held.share))).at_most_whole()
        };
        let share = match period.indirect {
            Indirect::Cascade => {
                Share { low: held(&self.certain, End::Least), high: held(&self.possible, End::Most) }
            }
            Indirect::Multiply => portion,
        };
        let directed =
            || view.of_owned(party).any(|held| held.directs && self.certain.contains_key(&held.owner));
        let (outcome, share) = if period.threshold.is_met(share.low) {
            (OwnedOutcome::Owned, share)
        } else if self.certain.contains_key(&party) || directed() {
            (OwnedOutcome::Control, share)
        } else if self.possible.contains_key(&party) || period.threshold.may_be_met(share.high) {
            (OwnedOutcome::UnknownShare, share)
        } else if !portion.high.per_cent.is_zero() {
            (OwnedOutcome::Minority, portion)
        } else if linked {
            (OwnedOutcome::Linked, Share::NOTHING)
        } else {
            return None;
        };
        Some(Standing { outcome, share })
    }
}

/// The parties that count as owners: the listed ones, and whoever is held by
/// owners up to the threshold, and so on. The least such set.
fn cascade(view: &View, period: &RulePeriod, listed: &[u32], end: End) -> Rounds {
    let mut rounds: Rounds = listed.iter().map(|owner| (*owner, 0)).collect();
    let mut sums: FxHashMap<u32, Bound> = FxHashMap::default();
    let mut new: Vec<u32> = listed.to_vec();
    let mut round = 0;
    while !new.is_empty() {
        round += 1;
        let mut reached: BTreeSet<u32> = BTreeSet::new();
        for held in new.iter().flat_map(|owner| view.of_owner(*owner)) {
            let sum = sums.entry(held.owned).or_insert(Bound::NOTHING);
            *sum = sum.plus(end.of(held.share));
            if end.reaches(period, *sum) || (held.directs && period.control_counts) {
                reached.insert(held.owned);
            }
        }
        new = reached.into_iter().filter(|party| !rounds.contains_key(party)).collect();
        rounds.extend(new.iter().map(|party| (*party, round)));
    }
    rounds
}

/// What owners hold of every party, through parties that are no owners too:
/// shares of shares, added up, at most the whole.
fn portions(view: &View, owners: &Rounds, end: End) -> FxHashMap<u32, Bound> {
    let mut portions: FxHashMap<u32, Bound> = FxHashMap::default();
    let owned = |owner: u32| view.of_owner(owner).map(|held| held.owned);
    let mut changed: BTreeSet<u32> = owners.keys().flat_map(|owner| owned(*owner)).collect();
    for _ in 0..MOST_SWEEPS {
        let mut next = BTreeSet::new();
        for party in changed.into_iter().filter(|party| !owners.contains_key(party)) {
            let part = |held: &Held| {
                if owners.contains_key(&held.owner) {
                    return Some(end.of(held.share));
                }
                Some(end.of(held.share).of(*portions.get(&held.owner)?))
            };
            let sum = view.of_owned(party).filter_map(part).fold(Bound::NOTHING, Bound::plus).at_most_whole();
            if portions.insert(party, sum) != Some(sum) {
                next.extend(owned(party));
            }
        }
        changed = next;
        if changed.is_empty() {
            break;
        }
    }
    portions
}
