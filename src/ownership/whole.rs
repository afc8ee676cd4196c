//! All statements together, with the lists: asked for a party of a shipment,
//! it says what is known of its owners on a day.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, OnceLock, RwLock};

use jiff::civil::Date;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::matching::{Matcher, PartyQuery, Thresholds};
use crate::name::Lexicon;
use crate::trade::{CountryCode, Identifier, PartyKind};
use crate::watchlist::{ListedName, ListedParty, NameQuality, Watchlist};

use super::finding::{Listing, Met, OwnedStatus};
use super::members::{Member, list_info, members};
use super::memory::Memory;
use super::part::Part;
use super::share_rule::ShareRule;
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

/// What says where owners are listed.
pub trait Lists: Sync {
    /// Whether an entry of a list is there. A party that is such an entry is
    /// listed, whatever else it meets.
    fn has(&self, list: &str, entry: &str) -> bool;

    /// Where an owner is listed, the entries that it is for certain among them.
    fn listed(&self, owner: &Owner<'_>) -> Vec<Listing>;
}

/// What is known of one party on a stretch of days.
type Known = Arc<[Arc<OwnedStatus>]>;

/// Parties above one at most for it to be worked out by itself; with more,
/// everything is worked out at once.
const MOST_ABOVE: usize = 400;

/// All statements, ready to be asked. What nobody asks for is not looked up.
/// Share it between threads.
#[derive(Debug)]
pub struct Ownership {
    statements: Vec<Statement>,
    /// Of each statement the numbers of owner and owned.
    ends: Vec<(u32, u32)>,
    members: Vec<Member>,
    /// By party: the statements that say who is above it, ascending.
    above: Vec<Vec<usize>>,
    /// By party: where it is listed, looked up when first asked for.
    listings: Vec<OnceLock<Vec<Listing>>>,
    /// Parties that listed ones may stand above, by name.
    matcher: Matcher,
    /// Days on which something changes, ascending.
    turns: Vec<Date>,
    /// Between the turns: everything, where it was worked out.
    whole: Vec<OnceLock<FxHashMap<u32, Known>>>,
    /// What was worked out of single parties, by place among the turns.
    alone: RwLock<FxHashMap<(usize, u32), Known>>,
}

impl Ownership {
    /// Joins statements with lists, which are asked about owners: here whether
    /// one is listed at all, where its entry does not say so. Which of their names
    /// are alike is remembered.
    #[must_use]
    pub fn new(
        mut statements: Vec<Statement>,
        lexicon: &'static Lexicon,
        thresholds: Thresholds,
        lists: &impl Lists,
        memory: &dyn Memory,
    ) -> Self {
        statements.sort_by(order);
        let (members, ends) = members(&statements, lexicon, thresholds, memory);
        let mut above = vec![Vec::new(); members.len()];
        for (number, (_, owned)) in ends.iter().enumerate() {
            if let Some(above) = above.get_mut(*owned as usize) {
                above.push(number);
            }
        }
        let listings: Vec<OnceLock<Vec<Listing>>> =
            std::iter::repeat_with(OnceLock::new).take(members.len()).collect();
        let owners: BTreeSet<u32> = ends.iter().map(|(owner, _)| *owner).collect();
        let owners: Vec<u32> = owners.into_iter().collect();
        let is_listed = |number: &u32| {
            let (Some(member), Some(place)) = (members.get(*number as usize), listings.get(*number as usize))
            else {
                return false;
            };
            member.entries.iter().any(|(list, entry)| lists.has(list, entry))
                || !place.get_or_init(|| look_up(member, lists)).is_empty()
        };
        let listed: Vec<u32> = owners.into_par_iter().filter(is_listed).collect();
        let below = below_listed(&members, listed, &ends);
        let list = Watchlist::new(list_info("Parties of ownership statements"), below);
        let matcher = Matcher::new(&[list], lexicon, thresholds);
        let of_statements = statements.iter().flat_map(|s| [s.as_of, s.from, s.until]).flatten();
        let rules = ShareRule::shipped().iter();
        let of_rules = rules.flat_map(|rule| rule.periods.iter().map(|period| period.from));
        let turns: Vec<Date> = of_statements.chain(of_rules).collect::<BTreeSet<_>>().into_iter().collect();
        let whole = std::iter::repeat_with(OnceLock::new).take(turns.len() + 1).collect();
        let alone = RwLock::default();
        Self { statements, ends, members, above, listings, matcher, turns, whole, alone }
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

    /// What is known of a party on a day; by rule. The lists are those that the
    /// statements were joined with.
    #[must_use]
    pub fn known(&self, met: &Met, day: Date, lists: &impl Lists) -> Known {
        let party = met.member;
        let place = self.turns_before(day);
        if let Some(known) = self.whole.get(place).and_then(OnceLock::get) {
            return known.get(&party).cloned().unwrap_or_default();
        }
        let worked_out = |alone: &Alone| alone.get(&(place, party)).cloned();
        if let Some(known) = self.alone.read().ok().and_then(|alone| worked_out(&alone)) {
            return known;
        }
        let Some(parties) = self.parties_above(party) else {
            return self.known_of_all(place, day, lists).get(&party).cloned().unwrap_or_default();
        };
        let known = self.known_alone(&parties, party, day, lists);
        if let Ok(mut alone) = self.alone.write() {
            alone.insert((place, party), Arc::clone(&known));
        }
        known
    }

    /// How many turns lie before the end of a day.
    pub(super) fn turns_before(&self, day: Date) -> usize {
        self.turns.partition_point(|turn| *turn <= day)
    }

    /// A party and all that stand above it, ascending; `None` where they are
    /// too many to be looked at for one party.
    pub(super) fn parties_above(&self, party: u32) -> Option<Vec<u32>> {
        let mut parties = BTreeSet::from([party]);
        let mut open = vec![party];
        while let Some(party) = open.pop() {
            for statement in self.above.get(party as usize).into_iter().flatten() {
                let (owner, _) = *self.ends.get(*statement)?;
                if parties.insert(owner) {
                    open.push(owner);
                }
            }
            if parties.len() > MOST_ABOVE {
                return None;
            }
        }
        Some(parties.into_iter().collect())
    }

    /// What is known of one party, out of nothing but what stands above it:
    /// nothing else bears on it.
    pub(super) fn known_alone(&self, parties: &[u32], party: u32, day: Date, lists: &impl Lists) -> Known {
        let here = |number: u32| {
            parties
                .binary_search(&number)
                .ok()
                .and_then(|place| u32::try_from(place).ok())
                .unwrap_or(u32::MAX)
        };
        let numbers: BTreeSet<usize> =
            parties.iter().filter_map(|party| self.above.get(*party as usize)).flatten().copied().collect();
        let ends: Vec<(u32, u32)> = numbers
            .iter()
            .filter_map(|number| self.ends.get(*number))
            .map(|(owner, owned)| (here(*owner), here(*owned)))
            .collect();
        let statements: Vec<Statement> =
            numbers.iter().filter_map(|number| self.statements.get(*number)).cloned().collect();
        let members: Vec<Member> =
            parties.iter().filter_map(|party| self.members.get(*party as usize)).cloned().collect();
        let listings: Vec<&[Listing]> = parties.iter().map(|party| self.listings_of(*party, lists)).collect();
        let part = Part { statements: &statements, ends: &ends, members: &members, listings: &listings };
        part.work_out(day).remove(&here(party)).unwrap_or_default()
    }

    /// What is known of all parties.
    pub(super) fn known_of_all(&self, place: usize, day: Date, lists: &impl Lists) -> &FxHashMap<u32, Known> {
        static NOTHING: LazyLock<FxHashMap<u32, Known>> = LazyLock::new(FxHashMap::default);
        // Looked up by all threads, and before anybody waits for the result.
        let all = 0..u32::try_from(self.members.len()).unwrap_or(u32::MAX);
        let listings: Vec<&[Listing]> =
            all.into_par_iter().map(|party| self.listings_of(party, lists)).collect();
        let Some(whole) = self.whole.get(place) else { return &NOTHING };
        whole.get_or_init(|| {
            let Self { statements, ends, members, .. } = self;
            Part { statements, ends, members, listings: &listings }.work_out(day)
        })
    }

    fn listings_of(&self, party: u32, lists: &impl Lists) -> &[Listing] {
        let (Some(member), Some(place)) =
            (self.members.get(party as usize), self.listings.get(party as usize))
        else {
            return &[];
        };
        place.get_or_init(|| look_up(member, lists))
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
}

/// What was worked out of single parties.
type Alone = FxHashMap<(usize, u32), Known>;

/// The order of statements, whatever order they were read in.
fn order(a: &Statement, b: &Statement) -> Ordering {
    let by_owner = a.owner.name.cmp(&b.owner.name);
    let by_owned = || a.owned.name.cmp(&b.owned.name);
    by_owner.then_with(by_owned).then_with(|| format!("{a:?}").cmp(&format!("{b:?}")))
}

/// Where a party is listed under any of its names; each entry once, as well as
/// it is met best.
fn look_up(member: &Member, lists: &impl Lists) -> Vec<Listing> {
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
        for listing in lists.listed(&owner) {
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
fn below_listed(members: &[Member], listed: Vec<u32>, ends: &[(u32, u32)]) -> Vec<ListedParty> {
    let mut owned: Vec<Vec<u32>> = vec![Vec::new(); members.len()];
    for (owner, below) in ends {
        if let Some(list) = owned.get_mut(*owner as usize) {
            list.push(*below);
        }
    }
    let mut open = listed;
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
