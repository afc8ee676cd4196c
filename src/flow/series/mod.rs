//! Monthly series of trade: rises, falls and their mirror images, month by
//! month as if time passed.
//!
//! Statistics or shipments are summed to a [`Cube`]; a [`Panel`] is that cube
//! seen by the dimensions one asks for; [`analyse`] walks every series and
//! judges each month by nothing but what came before it. `docs/flows.md` has the
//! formulas and what was measured.

mod analysis;
mod calm;
mod columns;
mod cube;
mod episode;
mod expectation;
mod family;
mod finding;
mod month;
mod panel;
mod parameters;
mod priority;
mod read;
mod rise;
mod share;
mod shipments;
mod windows;

pub use analysis::{Analysis, Group, analyse};
pub use calm::{FalseAlarms, resampled};
pub use columns::{ColumnChoice, Field};
pub use cube::{Cube, Entry, Fault, Measure};
pub use finding::{Finding, Kind, Mirrored, Reading, Subject, Trace};
pub use month::Month;
pub use panel::{Dimension, Line, LineKey, Panel};
pub use parameters::Parameters;
pub use priority::{Destination, Lane, lanes};
pub use read::{ReadOptions, Source, is_statistics, read_statistics};
pub use shipments::read_shipments;
