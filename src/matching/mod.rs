//! Name × watchlists → hits, each with a breakdown of its score.
//!
//! Knows names and lists; nothing of shipments, rules or verdicts.

mod address;
mod alignment;
mod bound;
mod breakdown;
mod bytes;
mod compare;
mod compiled;
mod edits;
mod entries;
mod evidence;
mod hit;
mod identifier;
mod index;
mod letters;
mod lookup;
mod matcher;
mod memo;
mod pair;
mod party_bytes;
mod pieces;
mod postings;
mod query;
mod said;
mod scratch;
mod similarity;
mod texts;
mod vocabulary;

pub use breakdown::{Adjustment, Measure, ScoreBreakdown, TokenMatch};
pub use compare::{compare, compare_evidence};
pub use evidence::{Evidence, EvidenceModel, Feature};
pub use hit::{Hit, MatchedBy, Strength};
pub use index::{Candidate, NameIndex};
pub use matcher::{Matched, Matcher, PartyQuery, Ranked, Thresholds};
pub use pair::Explained;
pub use query::{CountrySet, KindFilter, NameQuery};
