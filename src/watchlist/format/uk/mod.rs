//! The United Kingdom's lists: the UK Sanctions List as CSV and XML, and the
//! Consolidated List of OFSI as CSV, which was closed in January 2026.
//!
//! Both files of the UK Sanctions List become the same [`designation`]s; what a
//! designation means stands in one place.

mod conlist;
mod designation;
mod list_csv;
mod list_xml;
mod text;

pub(super) use conlist::READER as CONLIST;
pub(super) use list_csv::READER as LIST_CSV;
pub(super) use list_xml::READER as LIST_XML;
