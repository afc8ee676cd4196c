//! The US Consolidated Screening List as trade.gov publishes it, as CSV (or
//! TSV) and as JSON. Each source list in it becomes a list.
//!
//! The file tells no weak alias from a strong one and joins a CSV cell's parts
//! with semicolons, so that an address or alias that holds one itself comes in
//! pieces. It has no date of its own; the JSON of the search service has one
//! for each source.

mod cells;
mod entry;
mod json;
mod lists;
pub(super) mod names;
mod table;

use super::format::{Format, Read, Reader};

pub(super) use cells::is_us;
pub(super) use names::{Found, is_form, take_apart};

pub(super) const CSV: Reader = Reader {
    format: Format { key: "csl-csv", label: "US Consolidated Screening List, CSV" },
    looks_like: table::looks_like,
    read: Read::Each(table::read),
};

pub(super) const JSON: Reader = Reader {
    format: Format { key: "csl-json", label: "US Consolidated Screening List, JSON" },
    looks_like: json::looks_like,
    read: Read::Each(json::read),
};
