//! The only place where the parts meet: a shipment goes in, a screening with
//! verdict and evidence comes out.

mod outcome;

pub use outcome::{Outcome, RunHeader, Screening, Summary, Unscreenable};
