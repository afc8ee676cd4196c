//! All decisions of a file, and whether one holds for a case.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::kind::{Decision, Kind, Scope};
use super::{Case, Fingerprint, Judgement, Met};

/// How decisions are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// A decision counts only with a second name.
    pub four_eyes: bool,
    /// Days before its expiry from which a decision is warned of.
    pub warn_days: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { four_eyes: false, warn_days: 14 }
    }
}

/// A decision that holds for a finding, as reports show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Applied {
    /// Place in the file, from 0.
    pub number: usize,
    pub kind: Kind,
    pub by: String,
    /// May be empty.
    pub second: String,
    pub on: Date,
    pub reason: String,
    /// In plain words.
    pub scope: String,
    pub expires: Date,
    /// Number of the licence; may be empty.
    pub licence: String,
    /// What the licence has left, and in what.
    pub balance: Option<(Decimal, String)>,
    /// Why a block or an exact identifier is cleared all the same; may be empty.
    pub override_reason: String,
}

/// Decisions, ready to be held against findings. Immutable.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    all: Vec<Decision>,
    applied: Vec<Arc<Applied>>,
    by_fingerprint: BTreeMap<Fingerprint, Vec<usize>>,
    options: Options,
}

impl Decisions {
    #[must_use]
    pub fn new(mut all: Vec<Decision>, options: Options) -> Self {
        for (number, decision) in all.iter_mut().enumerate() {
            decision.number = number;
        }
        let mut by_fingerprint: BTreeMap<Fingerprint, Vec<usize>> = BTreeMap::new();
        for (number, decision) in all.iter().enumerate() {
            by_fingerprint.entry(decision.fingerprint.clone()).or_default().push(number);
        }
        let balances = balances(&all);
        let applied = all.iter().map(|one| Arc::new(applied(one, &balances))).collect();
        Self { all, applied, by_fingerprint, options }
    }

    /// In the order of the file.
    #[must_use]
    pub fn all(&self) -> &[Decision] {
        &self.all
    }

    /// These and the entries of a baseline.
    #[must_use]
    pub fn with_baseline(self, baseline: Vec<Decision>) -> Self {
        let Self { mut all, options, .. } = self;
        all.extend(baseline);
        Self::new(all, options)
    }

    /// The decisions on a fingerprint, in the order of the file.
    pub fn on<'a>(&'a self, fingerprint: &Fingerprint) -> impl Iterator<Item = &'a Decision> + use<'a> {
        let numbers = self.by_fingerprint.get(fingerprint).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().filter_map(|number| self.all.get(*number))
    }

    /// Whether a decision rests on a licence with a balance, so that the order
    /// of the shipments matters.
    #[must_use]
    pub fn draws_on_licences(&self) -> bool {
        self.applied.iter().any(|one| one.balance.is_some())
    }

    #[must_use]
    pub fn options(&self) -> Options {
        self.options
    }

    /// What was decided on a case, and whether it holds on a day. Of several
    /// decisions that hold, one that does not clear goes before those that do,
    /// the latest of them; of those that clear, one that rests on no licence
    /// goes before those that do, and a baseline comes last.
    #[must_use]
    pub fn judge(&self, case: &Case<'_>, day: Date) -> Judgement {
        let mut judgement = Judgement::default();
        let Some(numbers) = self.by_fingerprint.get(case.fingerprint) else { return judgement };
        let mut hold: Vec<&Decision> = Vec::new();
        let mut lapsed: Option<(&Decision, String)> = None;
        for &number in numbers {
            let Some(decision) = self.all.get(number) else { continue };
            if !in_scope(&decision.scope, case) {
                continue;
            }
            let why = self.lapsed(decision, case, day);
            match &why {
                None => hold.push(decision),
                // The latest tells what a reader wants to know.
                Some(why) if lapsed.as_ref().is_none_or(|(other, _)| other.on <= decision.on) => {
                    lapsed = Some((decision, why.clone()));
                }
                Some(_) => {}
            }
            judgement.met.push(Met { number, lapsed: why });
        }
        hold.sort_by_key(|decision| {
            let rank = match decision.kind {
                Kind::TrueMatch | Kind::Escalated => 0,
                Kind::FalsePositive => 1,
                Kind::Licensed => 2,
                Kind::Baseline => 3,
            };
            // Of those that do not clear the latest, else the order of the file.
            let latest = (rank == 0).then_some(std::cmp::Reverse(decision.on));
            (rank, latest, decision.number)
        });
        let mut hold = hold.into_iter().filter_map(|decision| self.applied.get(decision.number)).cloned();
        judgement.applied = hold.next();
        match &judgement.applied {
            Some(first) if first.kind == Kind::Licensed => judgement.others = hold.collect(),
            Some(_) => {}
            None => {
                judgement.back = lapsed.map(|(decision, why)| match decision.kind {
                    Kind::Baseline => {
                        format!("In the baseline of {}, which no longer covers it: {why}.", decision.on)
                    }
                    kind => format!(
                        "Decided as {} by {} on {}, which no longer holds: {why}.",
                        kind.key(),
                        decision.by,
                        decision.on
                    ),
                });
            }
        }
        judgement
    }

    /// Why a decision does not hold for a case.
    fn lapsed(&self, decision: &Decision, case: &Case<'_>, day: Date) -> Option<String> {
        if day < decision.on {
            return Some(format!("it was made on {}, after the day of this evaluation", decision.on));
        }
        if day > decision.expires {
            return Some(format!("it expired on {}", decision.expires));
        }
        if decision.rule != case.rule {
            return Some("the rule has changed since".to_owned());
        }
        if (decision.entry.is_empty() && !case.entry.is_empty())
            || (decision.party.is_empty() && !case.party.is_empty())
        {
            return Some(
                "it does not say on what state of the list entry or the party it was made".to_owned(),
            );
        }
        if decision.entry != case.entry {
            let what = if case.on_hit {
                "the list entry has changed since"
            } else {
                "the owners, what they hold or where they are listed have changed since"
            };
            return Some(what.to_owned());
        }
        if decision.party != case.party {
            let what = if case.on_hit {
                "the party's address or identifiers have changed since"
            } else {
                "the parties' data, the declared use or the evidence have changed since"
            };
            return Some(what.to_owned());
        }
        if self.options.four_eyes && needs_second(decision) {
            return Some("no second person stands under it".to_owned());
        }
        if case.grave && decision.kind == Kind::Baseline {
            return Some("a baseline does not cover a block or an exact identifier".to_owned());
        }
        if case.grave && decision.kind == Kind::FalsePositive && decision.override_reason.trim().is_empty() {
            return Some(
                "a block or an exact identifier needs an override to be cleared as a false positive"
                    .to_owned(),
            );
        }
        None
    }
}

/// Whether a decision that clears lacks a second person: nobody, or the first
/// again. A baseline is nobody's decision.
pub(super) fn needs_second(decision: &Decision) -> bool {
    let plain = |name: &str| name.trim().to_lowercase();
    let second = !decision.second.trim().is_empty() && plain(&decision.second) != plain(&decision.by);
    decision.kind.clears() && decision.kind != Kind::Baseline && !second
}

fn in_scope(scope: &Scope, case: &Case<'_>) -> bool {
    match scope {
        Scope::Pair => true,
        Scope::Order(reference) => !reference.is_empty() && reference == case.reference,
        Scope::Lane(from, to) => case.lane == Some((*from, *to)),
    }
}

/// What is left of each licence, by number and unit (in upper case). Where
/// entries differ, the least: what is gone can't come back.
fn balances(all: &[Decision]) -> BTreeMap<(&str, String), Decimal> {
    let mut least: BTreeMap<(&str, String), Decimal> = BTreeMap::new();
    for licence in all.iter().filter_map(|decision| decision.licence.as_ref()) {
        if let Some((balance, unit)) = &licence.balance {
            let known = least.entry((&licence.number, unit.to_uppercase())).or_insert(*balance);
            *known = (*known).min(*balance);
        }
    }
    least
}

fn applied(decision: &Decision, balances: &BTreeMap<(&str, String), Decimal>) -> Applied {
    let licence = decision.licence.as_ref();
    let balance = licence.and_then(|licence| {
        let (stated, unit) = licence.balance.as_ref()?;
        let left = balances.get(&(licence.number.as_str(), unit.to_uppercase()));
        Some((left.copied().unwrap_or(*stated), unit.clone()))
    });
    Applied {
        number: decision.number,
        kind: decision.kind,
        by: decision.by.clone(),
        second: decision.second.clone(),
        on: decision.on,
        reason: decision.reason.clone(),
        scope: decision.scope.words(),
        expires: decision.expires,
        licence: licence.map(|licence| licence.number.clone()).unwrap_or_default(),
        balance,
        override_reason: decision.override_reason.clone(),
    }
}
