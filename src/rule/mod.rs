//! Rules written in TOML: facts in, findings out. `rules/README.md` is the
//! reference of the language.
//!
//! Sees facts only. Never calls a list, an index or a report.

mod condition;
mod example;
mod example_norm;
mod example_owned;
mod example_past;
mod facts;
mod finding;
mod library;
mod load;
mod page;
mod scene;
mod terms;

pub use example::ExampleResult;
pub use facts::{Facts, ListedFact, OwnedFact};
pub use finding::{Citation, Evidence, Finding, RuleInfo, Subject, Verdict};
pub use library::{Library, shipped_files};
