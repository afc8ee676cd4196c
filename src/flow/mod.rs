//! What needs more than one row: series of trade, history of shipments.
//!
//! Detectors give facts with their figures; what a fact means for a shipment,
//! rules say.

pub mod history;
pub mod norms;
pub mod series;
