//! Screening → bytes. One file per format; every format escapes what comes
//! from a shipment or a list.
//!
//! Never evaluates a rule, never drops a finding.

use std::io;

use crate::screening::{Outcome, RunHeader, Summary};

mod capped;
mod csv;
mod escape;
pub mod evaluation;
#[cfg(test)]
mod fixture;
pub mod flows;
mod format;
mod github;
mod gitlab;
mod html;
mod issue;
mod jsonl;
mod junit;
#[cfg(test)]
mod laws;
mod markdown;
mod sarif;
pub mod spark;
mod spool;
mod text;
mod words;
mod wrap;
mod xlsx;

pub use escape::{cell, log_line, visible};
pub use format::{Format, Options, sink};
pub use words::fingerprint;

/// Something that takes the results of a run in order: one header, then
/// every outcome in the order of the input, then one summary.
pub trait Sink {
    /// # Errors
    /// When the bytes can't be written.
    fn begin(&mut self, header: &RunHeader) -> io::Result<()>;
    /// # Errors
    /// When the bytes can't be written.
    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()>;
    /// # Errors
    /// When the bytes can't be written.
    fn end(&mut self, summary: &Summary) -> io::Result<()>;
}
