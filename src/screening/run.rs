//! A stream of records → outcomes in the same order, on several threads.

use std::io;

use rayon::prelude::*;

use crate::input::Record;

use super::draw::Draws;
use super::memo::Memo;
use super::outcome::{Outcome, Summary};
use super::screener::Screener;

/// Records read before they are screened together.
const BATCH: usize = 2048;

/// Screens every record and hands the outcomes to `emit` in the order of the
/// input, then gives the counts. Runs on the rayon pool it is called in; the
/// next batch is read while one is screened. The outcomes do not depend on the
/// number of threads.
///
/// # Errors
/// The first error of `emit`; nothing is read after it.
pub fn run(
    screener: &Screener,
    records: &mut (impl Iterator<Item = Record> + Send),
    emit: &mut (dyn FnMut(&Outcome) -> io::Result<()> + Send),
) -> io::Result<Summary> {
    run_batches(screener, records, &mut |outcomes| outcomes.iter().try_for_each(&mut *emit))
}

/// The same, but for the outcomes, which are handed over in batches.
///
/// # Errors
/// The first error of `emit`; nothing is read after it.
pub fn run_batches(
    screener: &Screener,
    records: &mut (impl Iterator<Item = Record> + Send),
    emit: &mut (dyn FnMut(Vec<Outcome>) -> io::Result<()> + Send),
) -> io::Result<Summary> {
    let mut summary = Summary::default();
    // Licences are drawn on in an order of their own, not in that of threads.
    let mut draws = Draws::new(screener.allotment());
    batches(screener, records, &mut |mut outcomes| {
        for outcome in &mut outcomes {
            if let Outcome::Screened { shipment, screening } = outcome {
                draws.draw(shipment, screening);
            }
            summary.add(outcome);
        }
        emit(outcomes)
    })?;
    summary.licences = draws.left();
    summary.decision_problems = screener.decisions().problems(screener.as_of(), Some(&summary.decisions_met));
    Ok(summary)
}

/// The same, but no shipment has drawn on a licence.
pub(super) fn batches(
    screener: &Screener,
    records: &mut (impl Iterator<Item = Record> + Send),
    each: &mut (dyn FnMut(Vec<Outcome>) -> io::Result<()> + Send),
) -> io::Result<()> {
    let memo = Memo::default();
    let mut batch: Vec<Record> = records.by_ref().take(BATCH).collect();
    while !batch.is_empty() {
        let (outcomes, next) = rayon::join(
            || batch.into_par_iter().map(|record| screen(screener, &memo, record)).collect::<Vec<_>>(),
            || records.by_ref().take(BATCH).collect::<Vec<_>>(),
        );
        each(outcomes)?;
        batch = next;
    }
    Ok(())
}

fn screen(screener: &Screener, memo: &Memo, record: Record) -> Outcome {
    match record {
        Record::Shipment(shipment) => {
            let screening = screener.screen_remembering(&shipment, memo);
            Outcome::Screened { shipment: *shipment, screening }
        }
        Record::Fault(fault) => Outcome::Unreadable(fault),
    }
}
