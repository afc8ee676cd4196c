//! What is the matter with the decisions themselves: entries that met nothing,
//! that are over or soon will be, that stand twice or speak against each other.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Decisions;
use super::case::Met;
use super::decisions::needs_second;
use super::kind::{Decision, Kind};

/// The decisions that findings of a run met.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Used(BTreeMap<usize, Option<String>>);

impl Used {
    /// Adds what met one finding.
    pub fn add(&mut self, met: &[Met]) {
        for one in met {
            let fate = self.0.entry(one.number).or_insert_with(|| one.lapsed.clone());
            // One finding for which it holds is enough.
            if one.lapsed.is_none() {
                *fate = None;
            }
        }
    }

    /// Whether it held for a finding.
    fn held(&self, number: usize) -> bool {
        self.0.get(&number).is_some_and(Option::is_none)
    }

    /// Why it held for none of the findings that it is on.
    fn lapsed(&self, number: usize) -> Option<&str> {
        self.0.get(&number)?.as_deref()
    }

    fn met(&self, number: usize) -> bool {
        self.0.contains_key(&number)
    }
}

/// What is the matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProblemKind {
    /// It is on no finding of the run.
    Unmatched,
    /// It is on findings of the run and holds for none of them.
    Lapsed,
    Expired,
    /// Expires within the days of the warning.
    ExpiresSoon,
    /// Another entry decides the same for the same shipments.
    Duplicate,
    /// Another entry decides otherwise for the same shipments.
    Contradiction,
    /// Another entry states another balance of the same licence.
    Balance,
    /// Four eyes are asked for, and one name stands under it.
    SecondMissing,
}

impl ProblemKind {
    /// The name in outputs.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unmatched => "unmatched",
            Self::Lapsed => "lapsed",
            Self::Expired => "expired",
            Self::ExpiresSoon => "expires-soon",
            Self::Duplicate => "duplicate",
            Self::Contradiction => "contradiction",
            Self::Balance => "balance",
            Self::SecondMissing => "second-missing",
        }
    }
}

/// A decision that a person should look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    pub kind: ProblemKind,
    /// Place in the file, from 0.
    pub number: usize,
    /// Line of the file; 0 for a baseline as a whole.
    pub line: usize,
    /// In plain words, complete in itself.
    pub words: String,
}

impl Decisions {
    /// The problems on a day, in the order of the file; with `used`, entries
    /// that met nothing, or held for nothing, too. A baseline is named as a
    /// whole, once.
    #[must_use]
    pub fn problems(&self, day: Date, used: Option<&Used>) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut balances: BTreeMap<(&str, String), &Decision> = BTreeMap::new();
        let mut baseline = false;
        for decision in self.all() {
            let mut add = |kind, words: String| {
                found.push(Problem { kind, number: decision.number, line: decision.line, words });
            };
            if decision.kind == Kind::Baseline {
                if !std::mem::replace(&mut baseline, true)
                    && let Some((kind, words)) = self.time(decision, day)
                {
                    add(kind, format!("the baseline {words}"));
                }
                continue;
            }
            let name = format!("{} ({})", decision.fingerprint, named(decision));
            let mut add = |kind, words: String| add(kind, format!("{name}: {words}"));
            if let Some((kind, words)) = self.time(decision, day) {
                add(kind, words);
            }
            if self.options().four_eyes && needs_second(decision) {
                add(ProblemKind::SecondMissing, "counts only with a second name under it".to_owned());
            }
            if is_live(decision, day) {
                let others = self.on(&decision.fingerprint);
                for other in others.filter(|other| other.number < decision.number && is_live(other, day)) {
                    if let Some((kind, words)) = clash(other, decision) {
                        add(kind, words);
                    }
                }
            }
            if let Some((licence, (balance, unit))) =
                decision.licence.as_ref().and_then(|licence| Some((licence, licence.balance.as_ref()?)))
            {
                let first = balances.entry((&licence.number, unit.to_uppercase())).or_insert(decision);
                let stated = first.licence.as_ref().and_then(|licence| licence.balance.as_ref());
                if let Some((other, _)) = stated.filter(|(other, _)| other != balance) {
                    add(
                        ProblemKind::Balance,
                        format!(
                            "licence {} has {} {unit} left here and {} {unit} on line {}; the lower counts",
                            licence.number,
                            balance.normalize(),
                            other.normalize(),
                            first.line
                        ),
                    );
                }
            }
            let Some(used) = used else { continue };
            let in_its_place = self
                .on(&decision.fingerprint)
                .find(|other| other.number != decision.number && used.held(other.number));
            let can_go = in_its_place.map_or_else(String::new, |other| match other.line {
                0 => "; the baseline holds in its place, this entry can go".to_owned(),
                line => format!("; line {line} holds in its place, this entry can go"),
            });
            if !used.met(decision.number) {
                add(ProblemKind::Unmatched, "is on no finding of this run".to_owned());
            } else if let Some(why) = used.lapsed(decision.number)
                && day <= decision.expires
            {
                add(ProblemKind::Lapsed, format!("holds for no finding of this run: {why}{can_go}"));
            }
        }
        found
    }

    /// Whether it is over, or soon will be.
    fn time(&self, decision: &Decision, day: Date) -> Option<(ProblemKind, String)> {
        if day > decision.expires {
            return Some((ProblemKind::Expired, format!("expired on {}", decision.expires)));
        }
        let soon = days_until(day, decision.expires) <= i64::from(self.options().warn_days);
        soon.then(|| (ProblemKind::ExpiresSoon, format!("expires on {}", decision.expires)))
    }
}

fn is_live(decision: &Decision, day: Date) -> bool {
    decision.kind != Kind::Baseline && decision.on <= day && day <= decision.expires
}

/// What is the matter between two entries on one fingerprint, said of the later
/// one. Entries made on different states never hold together.
fn clash(earlier: &Decision, later: &Decision) -> Option<(ProblemKind, String)> {
    let states = |one: &Decision| (one.rule.clone(), one.entry.clone(), one.party.clone());
    if states(earlier) != states(later) || !earlier.scope.overlaps(&later.scope) {
        return None;
    }
    let line = earlier.line;
    if earlier.kind != later.kind {
        let (one, other) = (earlier.kind.key(), later.kind.key());
        let holds = match (earlier.kind.clears(), later.kind.clears()) {
            (true, true) => "the false positive holds".to_owned(),
            (false, false) => "the later day holds".to_owned(),
            _ => "what does not clear holds".to_owned(),
        };
        let words = format!("line {line} decides `{one}`, this entry `{other}`; {holds}");
        return Some((ProblemKind::Contradiction, words));
    }
    let number = |one: &Decision| one.licence.as_ref().map(|licence| licence.number.clone());
    if number(earlier) != number(later) {
        return None;
    }
    let scope = if earlier.scope == later.scope { "in the same scope" } else { "where both reach" };
    Some((ProblemKind::Duplicate, format!("line {line} decides the same {scope}")))
}

fn named(decision: &Decision) -> &str {
    if decision.about.is_empty() { decision.kind.key() } else { &decision.about }
}

fn days_until(day: Date, then: Date) -> i64 {
    day.until(then).map_or(i64::MAX, |span| i64::from(span.get_days()))
}
