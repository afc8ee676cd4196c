//! Statements with their parties, and where those are listed → what is known of
//! each party on a day.
//!
//! Knows no shipment and looks nothing up: all statements may be given, or those
//! that bear on one party.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::matching::Strength;

use super::chain::Scene;
use super::finding::{Listing, OwnedStatus};
use super::members::Member;
use super::reckon::Reckoning;
use super::share_rule::{RulePeriod, ShareRule};
use super::statement::Statement;
use super::view::View;

/// By party.
type Known = FxHashMap<u32, Vec<Arc<OwnedStatus>>>;

/// Statements, of each the numbers of owner and owned, and by number the
/// parties and their listings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    pub statements: &'a [Statement],
    pub ends: &'a [(u32, u32)],
    pub members: &'a [Member],
    pub listings: &'a [&'a [Listing]],
}

impl Part<'_> {
    /// What is known of every party on a day.
    pub fn work_out(&self, day: Date) -> FxHashMap<u32, Arc<[Arc<OwnedStatus>]>> {
        let view = View::on(day, self.statements, self.ends, self.members.len());
        let mut known = Known::default();
        for rule in ShareRule::shipped() {
            let Some(period) = rule.on(day) else { continue };
            for strength in [Strength::Strong, Strength::Possible] {
                self.apply(rule, period, &view, strength, &mut known);
            }
        }
        known.into_iter().map(|(party, known)| (party, known.into())).collect()
    }

    /// Adds what one rule says when listed owners count that are met at least
    /// so well.
    fn apply(
        &self,
        rule: &ShareRule,
        period: &RulePeriod,
        view: &View,
        strength: Strength,
        known: &mut Known,
    ) {
        let counts = |least: Strength| -> Vec<u32> {
            (0u32..)
                .zip(self.listings)
                .filter(|(_, listings)| listings.iter().any(|l| l.strength >= least && rule.counts(l)))
                .map(|(number, _)| number)
                .collect()
        };
        let listed = counts(strength);
        if listed.is_empty() || (strength == Strength::Possible && listed == counts(Strength::Strong)) {
            return;
        }
        let scene = Scene {
            members: self.members,
            statements: self.statements,
            view,
            listings: self.listings,
            rule,
            period,
        };
        let each: Vec<Vec<u32>> = if period.aggregate {
            vec![listed.clone()]
        } else {
            listed.iter().map(|one| vec![*one]).collect()
        };
        let mut found: FxHashMap<u32, OwnedStatus> = FxHashMap::default();
        for listed_here in each {
            let reckoning = Reckoning::of(view, period, &listed_here);
            for (party, standing) in &reckoning.standings {
                if listed.binary_search(party).is_ok() {
                    continue;
                }
                let rank = (standing.outcome, standing.share.high.per_cent, standing.share.low.per_cent);
                let known_rank =
                    found.get(party).map(|s| (s.outcome, s.share.high.per_cent, s.share.low.per_cent));
                if known_rank.is_none_or(|known| rank > known) {
                    let (words, ends) = scene.tell(*party, &reckoning);
                    let by = self.listed_ends(rule, &ends, strength);
                    let status = OwnedStatus {
                        rule: Arc::clone(&rule.id),
                        rule_title: Arc::clone(&rule.title),
                        jurisdiction: Arc::clone(&rule.jurisdiction),
                        state: period.state,
                        outcome: standing.outcome,
                        share: standing.share,
                        strength,
                        by,
                        words,
                    };
                    found.insert(*party, status);
                }
            }
        }
        for (party, status) in found {
            let of_party = known.entry(party).or_default();
            let surer = of_party.iter().find(|other| other.rule == status.rule);
            // What possible owners add must be worse than what is sure.
            if surer.is_none_or(|surer| status.outcome > surer.outcome) {
                of_party.push(Arc::new(status));
            }
        }
    }

    fn listed_ends(&self, rule: &ShareRule, ends: &[u32], strength: Strength) -> Vec<Listing> {
        let of = |end: &u32| self.listings.get(*end as usize).copied().unwrap_or_default();
        ends.iter()
            .flat_map(of)
            .filter(|listing| listing.strength >= strength && rule.counts(listing))
            .cloned()
            .collect::<Vec<_>>()
    }
}
