//! redflag screens export shipments for sanctions and dual-use risk.
//!
//! The data flow is one straight line, described in `ARCHITECTURE.md`:
//! a CSV record becomes a [`trade::Shipment`], its parties meet the
//! [`watchlist`]s in [`matching`], its goods meet the [`goods`] categories,
//! the [`rule`]s turn those facts into findings, [`screening`] into a verdict,
//! and [`report`] writes it down. Nothing in this library reads a clock, an
//! environment variable or the network.

pub mod advice;
pub mod config;
pub mod decision;
pub mod diagnostic;
pub mod evaluation;
pub mod evidence;
pub mod flow;
pub mod goods;
pub mod input;
pub mod licence;
pub mod matching;
pub mod name;
pub mod ownership;
pub mod place;
pub mod report;
pub mod rule;
pub mod screening;
mod shipped;
pub mod store;
pub mod trade;
pub mod watchlist;
