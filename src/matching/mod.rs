//! Name × watchlists → hits, each with a breakdown of its score.
//!
//! Knows names and lists; nothing of shipments, rules or verdicts.

mod breakdown;
mod hit;

pub use breakdown::{Adjustment, Measure, ScoreBreakdown, TokenMatch};
pub use hit::{Hit, MatchedBy, Strength};
