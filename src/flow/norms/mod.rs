//! What is usual for goods: value per kilogram and piece, weight per piece;
//! learned from data, held against lines, and joined with what was seen before
//! into a ranking.
//!
//! Knows figures, codes and places; nothing of lists and rules.

mod fact;
mod file;
mod gain;
mod learned;
mod line;
mod logistic;
mod parameters;
mod rates;
mod robust;
mod signals;
mod table;

pub use fact::{NormFact, read_items};
pub use gain::{Gain, Top};
pub use learned::{About, Learned, Scored};
pub use line::{Line, Who};
pub use logistic::Weights;
pub use parameters::Parameters;
pub use rates::{Past, Rates};
pub use robust::{Spread, quantile};
pub use signals::{SIGNALS, Signals};
pub use table::{Figure, Measure, NormTable, Reading, Scale, figures};
