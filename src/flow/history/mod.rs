//! The history of shipments: what came before a shipment, and what only many
//! shipments show.
//!
//! Shipments stand in one order (`order`), whatever files they come from; each
//! counts once. What is kept of them are records (`record`) that are sorted, joined
//! and laid down in files that never change (`build`, `segment`); for a run only
//! the records are read that the shipments at hand ask for (`wanted`, `loaded`).
//! A shipment's facts come only from what stands before it.
//!
//! Knows no rule, no list and no verdict. Reads only the files it is given; its
//! answers do not depend on how shipments were spread over files.

mod build;
mod bytes;
mod days;
mod fact;
mod identity;
mod loaded;
mod measure;
mod order;
mod parameters;
mod patterns;
mod plain;
mod record;
mod resolve;
mod row;
mod rows;
mod segment;
mod statistics;
mod store;
mod table;
mod tables;
mod view;
mod wanted;

pub use build::{Builder, Counts};
pub use fact::{PastFact, PastFacts, PastOf, PatternFact, PatternKind, Series, WindowSum};
pub use identity::{Identities, reading};
pub use loaded::{History, Sources};
pub use measure::Measure;
pub use order::{Day, Order, date_of, day_number};
pub use parameters::Parameters;
pub use row::Row;
pub use rows::each_row;
pub use segment::Segment;
pub use store::{HistoryStore, Part, StoreLock, StoreState, Taken};
pub use table::Table;
pub use tables::Tables;
pub use wanted::Wanted;
