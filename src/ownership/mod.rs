//! Who owns whom: statements of files and lists → which parties are owned by
//! listed ones, by the 50 per cent rules of several laws.
//!
//! Knows statements, shares and rules; the lists only through what it is told
//! of each owner. Decides nothing: `rule` makes findings of it.

#![allow(clippy::similar_names, reason = "owner and owned are the terms of the field")]

mod chain;
mod finding;
mod members;
mod memory;
mod part;
mod read;
mod read_csv;
mod read_toml;
mod reckon;
mod relations;
mod share;
mod share_rule;
mod statement;
#[cfg(test)]
mod tests;
mod view;
mod whole;
mod words;

pub use finding::{Listing, Met, OwnedOutcome, OwnedStatus, RuleState};
pub use memory::{Memory, NoMemory};
pub use read::read;
pub use relations::from_lists;
pub use share::{Bound, Share, ShareError, Threshold};
pub use share_rule::{Indirect, RulePeriod, ShareRule};
pub use statement::{Named, Statement, Tie, Whence};
pub use whole::{Lists, Owner, Ownership};
