//! How well a matcher does on labelled data: recall, false alarms, curves and
//! calibration, as an auditor asks for them.
//!
//! Knows scores and labels. Where they come from (lists, files, this program
//! or another) is for others to know. No score here is NaN; a query that met
//! nothing scores negative infinity. Wherever a figure has nothing to stand on
//! (no positives, no negatives) it is `None`.

mod calibration;
mod case;
mod pairs;
mod point;
mod ranking;
mod screening;
mod share;

pub use calibration::{Band, calibration};
pub use case::{Case, Negatives};
pub use pairs::{Confusion, Group, Pair, PairEvaluation, PairStep};
pub use point::{ListFigures, Point};
pub use ranking::{Scores, Step, shortest_between};
pub use screening::{
    ClassFigures, Evaluation, FALSE_POSITIVE_RATES, Options, PARTIAL_AUC_UP_TO, SWEEP_ROWS, Suggestion,
};
pub use share::Share;

/// A count as a real number; exact below 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "counts of rows stay far below 2^53")]
const fn real(count: usize) -> f64 {
    count as f64
}
