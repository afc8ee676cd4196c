//! Shipment files → shipments and row faults.
//!
//! Knows the spellings of headers, numbers, dates and countries; nothing of
//! lists or rules.

mod fault;

pub use fault::RowFault;
