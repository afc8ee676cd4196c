//! The only place where the parts meet: a shipment goes in, a screening with
//! verdict and evidence comes out.

mod draw;
mod identity;
mod mark;
mod memo;
mod outcome;
mod owners;
mod run;
mod screener;

pub use draw::{Allotment, allot};
pub use mark::Mark;
pub use memo::Memo;
pub use outcome::{DecisionFile, Outcome, RunHeader, Screening, Summary, Unscreenable};
pub use run::{run, run_batches};
pub use screener::{Screener, party_query};
