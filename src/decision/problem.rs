//! What is the matter with the decisions themselves: entries that met nothing,
//! that are over or soon will be, that stand twice or speak against each other.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Decisions;
use super::decisions::needs_second;
use super::kind::{Decision, Kind};

/// Places in the file of the decisions that met a finding in a run.
pub type Used = BTreeSet<usize>;

/// What is the matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProblemKind {
    /// No finding of the run was decided by it.
    Unmatched,
    Expired,
    /// Expires within the days of the warning.
    ExpiresSoon,
    /// Another entry decides the same in the same scope.
    Duplicate,
    /// Another entry decides otherwise; the one that does not clear holds.
    Contradiction,
    /// Four eyes are asked for, and one name stands under it.
    SecondMissing,
}

impl ProblemKind {
    /// The name in outputs.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unmatched => "unmatched",
            Self::Expired => "expired",
            Self::ExpiresSoon => "expires-soon",
            Self::Duplicate => "duplicate",
            Self::Contradiction => "contradiction",
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
    pub line: usize,
    /// In plain words, complete in itself.
    pub words: String,
}

impl Decisions {
    /// The problems on a day, in the order of the file; with `used`, entries
    /// that met nothing too.
    #[must_use]
    pub fn problems(&self, day: Date, used: Option<&Used>) -> Vec<Problem> {
        let mut found = Vec::new();
        for (number, decision) in self.all().iter().enumerate() {
            let mut add = |kind, words: String| {
                let words = format!("{} ({}): {words}", decision.fingerprint, named(decision));
                found.push(Problem { kind, number, line: decision.line, words });
            };
            if day > decision.expires {
                add(ProblemKind::Expired, format!("expired on {}", decision.expires));
            } else if days_until(day, decision.expires) <= i64::from(self.options().warn_days) {
                add(ProblemKind::ExpiresSoon, format!("expires on {}", decision.expires));
            }
            if self.options().four_eyes && needs_second(decision) {
                add(ProblemKind::SecondMissing, "counts only with a second name under it".to_owned());
            }
            // Nobody wonders that a baseline is decided on.
            let decided = |one: &&Decision| one.kind != Kind::Baseline;
            let earlier = self.all().iter().take(number).filter(decided);
            let same = |other: &&Decision| {
                other.fingerprint == decision.fingerprint && decision.kind != Kind::Baseline
            };
            for other in earlier.filter(same) {
                if other.kind.clears() != decision.kind.clears() {
                    add(
                        ProblemKind::Contradiction,
                        format!(
                            "line {} decides `{}`, this entry `{}`; what does not clear holds",
                            other.line,
                            other.kind.key(),
                            decision.kind.key()
                        ),
                    );
                } else if other.scope == decision.scope
                    && (other.kind, Kind::Licensed) != (decision.kind, decision.kind)
                {
                    add(
                        ProblemKind::Duplicate,
                        format!("line {} decides the same in the same scope", other.line),
                    );
                }
            }
            if used.is_some_and(|used| !used.contains(&number)) && decision.kind != Kind::Baseline {
                add(ProblemKind::Unmatched, "no finding of this run was decided by it".to_owned());
            }
        }
        found
    }
}

fn named(decision: &Decision) -> &str {
    if decision.about.is_empty() { decision.kind.key() } else { &decision.about }
}

fn days_until(day: Date, then: Date) -> i64 {
    day.until(then).map_or(i64::MAX, |span| i64::from(span.get_days()))
}
