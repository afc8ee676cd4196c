//! All decisions of a file, and whether one holds for a case.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::kind::{Decision, Kind, Scope};
use super::{Case, Fingerprint, Judgement};

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
    pub fn new(all: Vec<Decision>, options: Options) -> Self {
        let mut by_fingerprint: BTreeMap<Fingerprint, Vec<usize>> = BTreeMap::new();
        for (number, decision) in all.iter().enumerate() {
            by_fingerprint.entry(decision.fingerprint.clone()).or_default().push(number);
        }
        let applied = all.iter().enumerate().map(|(number, one)| Arc::new(applied(number, one))).collect();
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

    #[must_use]
    pub fn options(&self) -> Options {
        self.options
    }

    /// What was decided on a case, and whether it holds on a day. Of several
    /// decisions that hold, one that does not clear goes before those that do.
    #[must_use]
    pub fn judge(&self, case: &Case<'_>, day: Date) -> Judgement {
        let mut judgement = Judgement::default();
        let Some(numbers) = self.by_fingerprint.get(case.fingerprint) else { return judgement };
        for &number in numbers {
            let (Some(decision), Some(applied)) = (self.all.get(number), self.applied.get(number)) else {
                continue;
            };
            if !in_scope(&decision.scope, case) {
                continue;
            }
            judgement.met.push(number);
            match self.lapsed(decision, case, day) {
                Some(why) => {
                    judgement.back = judgement.back.or(Some(format!(
                        "Decided as {} by {} on {}, which no longer holds: {why}.",
                        decision.kind.key(),
                        decision.by,
                        decision.on
                    )));
                }
                None if judgement.applied.as_ref().is_none_or(|held| held.kind.clears()) => {
                    let first = judgement.applied.is_none();
                    if first || !decision.kind.clears() {
                        judgement.applied = Some(Arc::clone(applied));
                    }
                }
                None => {}
            }
        }
        if judgement.applied.is_some() {
            judgement.back = None;
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
        if decision.entry != case.entry {
            return Some("the list entry has changed since".to_owned());
        }
        if decision.party != case.party {
            return Some("the party's address or identifiers have changed since".to_owned());
        }
        if self.options.four_eyes && needs_second(decision) {
            return Some("no second person stands under it".to_owned());
        }
        if case.grave && decision.kind == Kind::Baseline {
            return Some("a baseline does not cover a block or an exact identifier".to_owned());
        }
        if case.grave && decision.kind == Kind::FalsePositive && decision.override_reason.is_empty() {
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

fn applied(number: usize, decision: &Decision) -> Applied {
    Applied {
        number,
        kind: decision.kind,
        by: decision.by.clone(),
        second: decision.second.clone(),
        on: decision.on,
        reason: decision.reason.clone(),
        scope: decision.scope.words(),
        expires: decision.expires,
        licence: decision.licence.as_ref().map(|licence| licence.number.clone()).unwrap_or_default(),
        balance: decision.licence.as_ref().and_then(|licence| licence.balance.clone()),
        override_reason: decision.override_reason.clone(),
    }
}
