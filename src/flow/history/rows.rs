//! Records of shipment files → rows of the history, in batches on all threads.
//!
//! Knows no file; what becomes of the rows is the caller's.

use rayon::prelude::*;

use crate::input::Record;

use super::identity::Identities;
use super::row::Row;

/// Records that are looked at together.
const BATCH: usize = 4096;

/// Hands a row of each record on, in their order; nothing for one that could not
/// be read. While one batch is looked at the next is read.
///
/// # Errors
/// The first that `take` gives.
pub fn each_row<E>(
    records: &mut (impl Iterator<Item = Record> + Send),
    identities: &Identities,
    take: &mut dyn FnMut(Option<&Row>) -> Result<(), E>,
) -> Result<(), E> {
    let row = |record: Record| match record {
        Record::Shipment(shipment) => Some(Row::of(&shipment, identities)),
        Record::Fault(_) => None,
    };
    let mut batch: Vec<Record> = records.by_ref().take(BATCH).collect();
    while !batch.is_empty() {
        let (rows, next) = rayon::join(
            || batch.into_par_iter().map(row).collect::<Vec<_>>(),
            || records.by_ref().take(BATCH).collect::<Vec<_>>(),
        );
        rows.iter().try_for_each(|row| take(row.as_ref()))?;
        batch = next;
    }
    Ok(())
}
