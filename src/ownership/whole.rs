//! All statements together, with the lists: asked for a party of a shipment,
//! it says what is known of its owners on a day.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::matching::{Matcher, PartyQuery, Strength, Thresholds};
use crate::name::Lexicon;
use crate::trade::{CountryCode, Identifier, PartyKind};
use crate::watchlist::{ListedName, ListedParty, NameQuality, Watchlist};

use super::chain::Scene;
use super::finding::{Listing, Met, OwnedStatus};
use super::members::{Member, list_info, members};
use super::reckon::Reckoning;
use super::share_rule::{RulePeriod, ShareRule};
use super::statement::Statement;
use super::view::View;

/// An owner, for looking it up in the lists.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// One of its names.
    pub name: &'a str,
    pub kind: PartyKind,
    pub countries: &'a [CountryCode],
    pub identifiers: &'a [Identifier],
    /// Entries of lists that it is for certain, as (list, entry).
    pub entries: &'a [(Arc<str>, String)],
}

/// What is known on a stretch of days, by party.
type Known = FxHashMap<u32, Vec<Arc<OwnedStatus>>>;

/// All statements, ready to be asked. Immutable; share it between threads.
#[derive(Debug)]
pub struct Ownership {
    statements: Vec<Statement>,
    /// Of each statement the numbers of owner and owned.
    ends: Vec<(u32, u32)>,
    members: Vec<Member>,
    /// By party: where it is listed.
    listings: Vec<Vec<Listing>>,
    rules: &'static [ShareRule],
    /// Parties that listed ones may stand above, by name.
    matcher: Matcher,
    /// Days on which something changes, ascending.
    turns: Vec<Date>,
    /// Between the turns, worked out when first asked for.
    known: Vec<OnceLock<Known>>,
}

impl Ownership {
    /// Joins statements with lists. `listed` says where an owner is listed; it
    /// is asked once a name of each party.
    #[must_use]
    pub fn new(
        mut statements: Vec<Statement>,
        lexicon: &'static Lexicon,
        thresholds: Thresholds,
        listed: impl Fn(&Owner<'_>) -> Vec<Listing> + Sync,
    ) -> Self {
        statements.sort_by(|a, b| order(a).cmp(&order(b)));
        let (members, ends) = members(&statements, lexicon, thresholds);
        let listings: Vec<Vec<Listing>> =
            members.par_iter().map(|member| listings(member, &listed)).collect();
        let rules = ShareRule::shipped();
        let below = below_listed(&members, &listings, &ends);
        let list = Watchlist::new(list_info("Parties of ownership statements"), below);
        let matcher = Matcher::new(&[list], lexicon, thresholds);
        let of_statements = statements.iter().flat_map(|s| [s.as_of, s.from, s.until]).flatten();
        let of_rules = rules.iter().flat_map(|rule| rule.periods.iter().map(|period| period.from));
        let turns: Vec<Date> = of_statements.chain(of_rules).collect::<BTreeSet<_>>().into_iter().collect();
        let known = std::iter::repeat_with(OnceLock::new).take(turns.len() + 1).collect();
        Self { statements, ends, members, listings, rules, matcher, turns, known }
    }

    /// Statements taken together.
    #[must_use]
    pub fn len(&self) -> usize {
        self.statements.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// The parties of the statements that a party may be and that listed ones
    /// may stand above.
    #[must_use]
    pub fn meet(&self, query: &PartyQuery<'_>) -> Vec<Met> {
        let query = PartyQuery { address: None, ..query.clone() };
        let met = self.matcher.every_hit(&query).into_iter().filter_map(|hit| {
            Some(Met {
                member: hit.entry.id.parse().ok()?,
                name: hit.listed_text,
                by: hit.by,
                score: hit.score,
                strength: hit.strength,
            })
        });
        met.collect()
    }

    /// What is known of a party on a day; by rule.
    #[must_use]
    pub fn known(&self, met: &Met, day: Date) -> &[Arc<OwnedStatus>] {
        let place = self.turns.partition_point(|turn| *turn <= day);
        let Some(known) = self.known.get(place) else { return &[] };
        known.get_or_init(|| self.work_out(day)).get(&met.member).map(Vec::as_slice).unwrap_or_default()
    }

    /// Statements that contradict each other on a day, in words.
    #[must_use]
    pub fn doubts(&self, day: Date) -> Vec<String> {
        let view = View::on(day, &self.statements, &self.ends, self.members.len());
        let mut doubts = Vec::new();
        for (number, member) in (0u32..).zip(&self.members) {
            if let Some(sum) = view.oversold(number) {
                let held = view.of_owned(number).flat_map(|held| &held.statements);
                let sources: BTreeSet<String> = held
                    .filter_map(|number| self.statements.get(*number))
                    .map(|statement| statement.whence.to_string())
                    .collect();
                doubts.push(format!(
                    "the shares of {} add up to {} % ({}): not all of these statements can be right",
                    member.caption(),
                    sum.per_cent.normalize(),
                    sources.into_iter().collect::<Vec<_>>().join(", ")
                ));
            }
        }
        for held in view.held.iter().filter(|held| held.differs) {
            let name = |party: u32| self.members.get(party as usize).map_or("", Member::caption);
            let sources: Vec<String> = held
                .statements
                .iter()
                .filter_map(|number| self.statements.get(*number))
                .map(|statement| statement.whence.to_string())
                .collect();
            doubts.push(format!(
                "{} disagree on what {} holds of {}: the largest share counts; parts that belong together must be \
                 added up in one statement",
                sources.join(" and "),
                name(held.owner),
                name(held.owned)
            ));
        }
        doubts
    }

    fn work_out(&self, day: Date) -> Known {
        let view = View::on(day, &self.statements, &self.ends, self.members.len());
        let mut known = Known::default();
        for rule in self.rules {
            let Some(period) = rule.on(day) else { continue };
            for strength in [Strength::Strong, Strength::Possible] {
                self.apply(rule, period, &view, strength, &mut known);
            }
        }
        known
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
                .zip(&self.listings)
                .filter(|(_, listings)| listings.iter().any(|l| l.strength >= least && rule.counts(l)))
                .map(|(number, _)| number)
                .collect()
        };
        let listed = counts(strength);
        if listed.is_empty() || (strength == Strength::Possible && listed == counts(Strength::Strong)) {
            return;
        }
        let scene = Scene {
            members: &self.members,
            statements: &self.statements,
            view,
            listings: &self.listings,
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
        let of = |end: &u32| self.listings.get(*end as usize).map(Vec::as_slice).unwrap_or_default();
        ends.iter()
            .flat_map(of)
            .filter(|listing| listing.strength >= strength && rule.counts(listing))
            .cloned()
            .collect::<Vec<_>>()
    }
}

/// The order of statements, whatever order they were read in.
fn order(statement: &Statement) -> (&str, &str, String) {
    let Statement { owner, owned, .. } = statement;
    (&owner.name, &owned.name, format!("{statement:?}"))
}

/// Where a party is listed under any of its names; each entry once, as well as
/// it is met best.
fn listings(member: &Member, listed: &(impl Fn(&Owner<'_>) -> Vec<Listing> + Sync)) -> Vec<Listing> {
    let mut found: Vec<Listing> = Vec::new();
    let none = [String::new()];
    let names: &[String] = if member.names.is_empty() { &none } else { &member.names };
    for name in names {
        let owner = Owner {
            name,
            kind: member.kind,
            countries: &member.countries,
            identifiers: &member.identifiers,
            entries: &member.entries,
        };
        for listing in listed(&owner) {
            match found.iter_mut().find(|other| other.list == listing.list && other.entry == listing.entry) {
                Some(known) if known.score < listing.score => *known = listing,
                Some(_) => {}
                None => found.push(listing),
            }
        }
    }
    found.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| (&a.list, &a.entry).cmp(&(&b.list, &b.entry)))
    });
    found
}

/// The parties that a listed one may stand above on any day, as entries of a
/// list for the matching.
fn below_listed(members: &[Member], listings: &[Vec<Listing>], ends: &[(u32, u32)]) -> Vec<ListedParty> {
    let mut owned: Vec<Vec<u32>> = vec![Vec::new(); members.len()];
    for (owner, below) in ends {
        if let Some(list) = owned.get_mut(*owner as usize) {
            list.push(*below);
        }
    }
    let mut open: Vec<u32> = (0u32..)
        .zip(listings)
        .filter(|(_, listings)| !listings.is_empty())
        .map(|(number, _)| number)
        .collect();
    let mut below: BTreeSet<u32> = BTreeSet::new();
    while let Some(party) = open.pop() {
        for party in owned.get(party as usize).into_iter().flatten() {
            if below.insert(*party) {
                open.push(*party);
            }
        }
    }
    let entry = |number: u32| {
        let member = members.get(number as usize)?;
        let name = |(place, text): (usize, &String)| ListedName {
            text: text.as_str().into(),
            quality: if place == 0 { NameQuality::Primary } else { NameQuality::Strong },
            former: false,
        };
        Some(ListedParty {
            id: number.to_string(),
            kind: member.kind,
            names: member.names.iter().enumerate().map(name).collect(),
            countries: member.countries.clone(),
            identifiers: member.identifiers.clone(),
            ..ListedParty::default()
        })
    };
    below.into_iter().filter_map(entry).collect()
}
