//! Shipment files, CSV and XLSX → shipments and row faults.
//!
//! Knows the spellings of headers, numbers, dates and countries; nothing of
//! lists or rules.

mod day;
mod decode;
mod fault;
mod field;
mod header;
mod mapping;
mod number;
mod reader;
mod records;
mod row;
mod sheet;
mod source;
mod table;

pub use fault::RowFault;
pub use mapping::{ColumnMap, Mapping};
pub use reader::{InputError, ShipmentReader};
pub use table::{TableReader, TableRow};

/// What a shipment file yields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Record {
    Shipment(Box<crate::trade::Shipment>),
    Fault(RowFault),
}

/// In which order the figures of a date such as 03/04/2026 are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DateOrder {
    DayFirst,
    MonthFirst,
}
