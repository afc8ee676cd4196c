//! The way from a party up to its listed owners, in words, with every source.
//!
//! Knows what was reckoned; reckons nothing.

use std::collections::BTreeSet;

use super::finding::{Listing, OwnedOutcome};
use super::members::Member;
use super::reckon::{Reckoning, Rounds};
use super::share::Bound;
use super::share_rule::{RulePeriod, ShareRule};
use super::statement::{Statement, Tie};
use super::view::{Held, View};

/// Ways that are written out for one party, and steps of one way.
const MOST_WAYS: usize = 6;
const MOST_STEPS: usize = 24;
/// Ways that are counted, and steps that are tried in a thicket of
/// cross-holdings.
const MOST_COUNTED: usize = 64;
const MOST_CLIMBS: usize = 500;
/// Statements that are named as sources.
const MOST_SOURCES: usize = 12;

/// All that words are made of.
pub(super) struct Scene<'a> {
    pub members: &'a [Member],
    pub statements: &'a [Statement],
    pub view: &'a View,
    pub listings: &'a [&'a [Listing]],
    pub rule: &'a ShareRule,
    pub period: &'a RulePeriod,
}

/// The ways up, as far as they are written out.
#[derive(Default)]
struct Ways {
    written: Vec<String>,
    /// Ways that are not.
    more: usize,
    /// Steps taken up and down.
    steps: usize,
    ends: BTreeSet<u32>,
    statements: BTreeSet<usize>,
    doubts: BTreeSet<String>,
}

impl Scene<'_> {
    /// What is known of a party in words, and the listed owners it comes from.
    pub fn tell(&self, party: u32, reckoning: &Reckoning) -> (String, Vec<u32>) {
        let Some(standing) = reckoning.standings.get(&party) else { return Default::default() };
        let mut ways = Ways::default();
        let rounds = match standing.outcome {
            OwnedOutcome::Owned | OwnedOutcome::Control => &reckoning.certain,
            _ => &reckoning.possible,
        };
        if standing.outcome == OwnedOutcome::Linked {
            self.links(party, reckoning, &mut ways);
        } else {
            let mut path = vec![party];
            self.climb(party, rounds, &self.caption(party), &mut path, &mut ways);
        }
        let (share, threshold) = (standing.share, self.period.threshold);
        let title = &self.rule.title;
        let mut words = match standing.outcome {
            OwnedOutcome::Owned => {
                format!("is owned by listed parties with {share}, {threshold} being enough under {title}")
            }
            OwnedOutcome::Control => format!("is controlled by a listed party ({title})"),
            OwnedOutcome::UnknownShare => {
                format!(
                    "has a listed owner with {share}; {threshold} would make it an owned party under {title}"
                )
            }
            OwnedOutcome::Minority => {
                format!("has a listed owner with {share}, which is less than {title} asks for ({threshold})")
            }
            OwnedOutcome::Linked => "is connected with a listed party".to_owned(),
        };
        words.push_str(&format!(": {}", ways.written.join("; ")));
        if ways.more > 0 {
            words.push_str(&format!("; and {} more ways", ways.more));
        }
        if standing.outcome == OwnedOutcome::UnknownShare
            && let Some(others) = self.others(party, rounds)
        {
            words.push_str(&format!("; other owners are stated to hold {} %", others.per_cent.normalize()));
        }
        for doubt in &ways.doubts {
            words.push_str(&format!("; {doubt}"));
        }
        let sources: Vec<String> = ways
            .statements
            .iter()
            .filter_map(|number| Some(self.statements.get(*number)?.source_words()))
            .collect();
        let shown = sources.get(..sources.len().min(MOST_SOURCES)).unwrap_or_default();
        words.push_str(&format!("; source: {}", shown.join("; ")));
        if sources.len() > shown.len() {
            words.push_str(&format!("; and {} more statements", sources.len() - shown.len()));
        }
        if !self.period.note.is_empty() {
            words.push_str(&format!("; {}", self.period.note));
        }
        let ask = matches!(standing.outcome, OwnedOutcome::Minority | OwnedOutcome::UnknownShare);
        if ask && !self.rule.criteria.is_empty() {
            words.push_str(&format!("; ask {}", self.rule.criteria.join(", ")));
        }
        (words, ways.ends.into_iter().collect())
    }

    fn caption(&self, party: u32) -> String {
        let Some(member) = self.members.get(party as usize) else { return String::new() };
        let mut words = member.caption().to_owned();
        let folded = |name: &str| crate::name::fold_words(name).words;
        let own = folded(&words);
        if let Some(other) = member.names.iter().find(|name| folded(name) != own) {
            words.push_str(&format!(" (also written \"{other}\")"));
        }
        words
    }

    /// Goes up from a party to the listed owners, by every way.
    fn climb(&self, party: u32, rounds: &Rounds, so_far: &str, path: &mut Vec<u32>, ways: &mut Ways) {
        ways.steps += 1;
        if ways.written.len() + ways.more > MOST_COUNTED || ways.steps > MOST_CLIMBS {
            return;
        }
        if let Some(sum) = self.view.oversold(party) {
            let name = self.members.get(party as usize).map_or("", Member::caption);
            ways.doubts.insert(format!(
                "the stated shares of {name} add up to {} %, so that not all can be right",
                sum.per_cent.normalize()
            ));
        }
        let mine = rounds.get(&party).copied();
        let mut owners: Vec<&Held> = self
            .view
            .of_owned(party)
            .filter(|held| {
                !path.contains(&held.owner) && (!held.share.high.per_cent.is_zero() || held.directs)
            })
            .filter(|held| match mine {
                // What made it an owner itself came to be one before.
                Some(mine) => rounds.get(&held.owner).is_some_and(|round| *round < mine),
                None => self.leads_up(held.owner, rounds),
            })
            .collect();
        owners.sort_by(|a, b| b.share.low.per_cent.cmp(&a.share.low.per_cent).then(a.owner.cmp(&b.owner)));
        for held in owners {
            ways.statements.extend(&held.statements);
            let way = format!("{so_far} ← {} {}", self.step(held), self.caption(held.owner));
            if rounds.get(&held.owner) == Some(&0) {
                ways.ends.insert(held.owner);
                if ways.written.len() < MOST_WAYS {
                    ways.written.push(format!("{way} ({})", self.listed(held.owner)));
                } else {
                    ways.more += 1;
                }
            } else if path.len() < MOST_STEPS {
                path.push(held.owner);
                self.climb(held.owner, rounds, &way, path, ways);
                path.pop();
            } else {
                ways.written.push(format!("{way} ← …"));
            }
        }
    }

    /// Whether listed owners stand somewhere above a party.
    fn leads_up(&self, party: u32, rounds: &Rounds) -> bool {
        let mut seen = BTreeSet::from([party]);
        let mut open = vec![party];
        while let Some(party) = open.pop() {
            if rounds.contains_key(&party) {
                return true;
            }
            let above = self.view.of_owned(party).filter(|held| !held.share.high.per_cent.is_zero());
            open.extend(above.map(|held| held.owner).filter(|owner| seen.insert(*owner)));
        }
        false
    }

    fn links(&self, party: u32, reckoning: &Reckoning, ways: &mut Ways) {
        for (owner, number) in self.view.linked_from.get(&party).into_iter().flatten() {
            if !reckoning.certain.contains_key(owner) {
                continue;
            }
            let Some(statement) = self.statements.get(*number) else { continue };
            let how = if statement.tie == Tie::ActsFor { "acts for" } else { "is linked to" };
            let listed = if reckoning.certain.get(owner) == Some(&0) {
                format!(" ({})", self.listed(*owner))
            } else {
                String::new()
            };
            ways.ends.extend((reckoning.certain.get(owner) == Some(&0)).then_some(*owner));
            ways.statements.insert(*number);
            if ways.written.len() < MOST_WAYS {
                let words = format!("{} {how} {}{listed}", self.caption(party), self.caption(*owner));
                ways.written.push(words);
            } else {
                ways.more += 1;
            }
        }
    }

    /// A step up: the share, and whether sources disagree on it.
    fn step(&self, held: &Held) -> String {
        let mut words = match (held.directs, held.share.high.per_cent.is_zero()) {
            (true, true) => return "controlled by".to_owned(),
            (true, false) => format!("{}, controlled by", held.share),
            (false, _) => held.share.to_string(),
        };
        if held.differs {
            let each: Vec<String> = held
                .statements
                .iter()
                .filter_map(|number| self.statements.get(*number))
                .filter_map(|statement| match statement.tie {
                    Tie::Holds(share) => Some(format!("{share} by {}", statement.whence)),
                    _ => None,
                })
                .collect();
            words.push_str(&format!(" (sources disagree: {}; the worst case counts)", each.join(", ")));
        }
        words
    }

    /// Where a listed owner is listed, under this rule.
    fn listed(&self, party: u32) -> String {
        let listings = self.listings.get(party as usize).copied().unwrap_or_default();
        let words: Vec<String> = listings
            .iter()
            .filter(|listing| self.rule.counts(listing))
            .map(|listing| {
                let name = if listing.score < 1.0 {
                    format!(" {}, score {:.2}", listing.name, listing.score)
                } else {
                    String::new()
                };
                format!("listed: {} {}{name}", listing.list, listing.entry)
            })
            .collect();
        words.join("; ")
    }

    /// What owners that are not listed are certain to hold.
    fn others(&self, party: u32, rounds: &Rounds) -> Option<Bound> {
        let sum = self
            .view
            .of_owned(party)
            .filter(|held| !rounds.contains_key(&held.owner))
            .fold(Bound::NOTHING, |sum, held| sum.plus(held.share.low));
        (!sum.per_cent.is_zero()).then_some(sum)
    }
}
