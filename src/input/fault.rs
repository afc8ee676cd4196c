//! A row that could not be read.

use std::sync::Arc;

/// A row of the file that could not be turned into a shipment. It is reported
/// as unscreened; the rows around it are screened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowFault {
    pub file: Arc<str>,
    /// Line on which the record begins, from 1.
    pub line: u64,
    /// Header of the column, where one cell is to blame.
    pub column: Option<Arc<str>>,
    /// The shipment reference, where it could be read.
    pub reference: String,
    /// In plain words: what is wrong and what to do.
    pub reason: String,
}
