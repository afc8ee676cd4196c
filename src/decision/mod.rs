//! A person's recorded decisions on findings: what a decision is, the file it
//! stands in, and whether it holds for a finding.
//!
//! Knows neither lists nor rules: a finding comes as a [`Case`] of fingerprint
//! and hashes. Reads no clock and no file.

mod baseline;
mod case;
mod decisions;
mod fingerprint;
mod kind;
mod ledger;
mod problem;
mod read;
mod signature;
#[cfg(test)]
mod tests;
mod write;

pub use baseline::Baseline;
pub use case::{Case, Judgement, Met};
pub use decisions::{Applied, Decisions, Options};
pub use fingerprint::{Fingerprint, short_hash};
pub use kind::{Decision, Kind, Licence, Scope};
pub use ledger::{Amounts, Balance, Ledger};
pub use problem::{Problem, ProblemKind, Used};
pub use signature::{Allowed, AllowedKey, AllowedSigner, SignatureKind};
