//! Rules written in TOML: facts in, findings out. `rules/README.md` is the
//! reference of the language.
//!
//! Sees facts only. Never calls a list, an index or a report.

mod facts;
mod finding;

pub use facts::{Facts, GoodsBasis, GoodsFact, ListedFact};
pub use finding::{Citation, Evidence, Finding, RuleInfo, Subject, Verdict};
