//! Whether a new edition is to be believed.
//!
//! Knows the source's terms, the last edition's record and the new one's;
//! decides nothing about files. An official list was once published with most
//! of its entries missing, and everyone screened against it: what follows is
//! the lesson.

use std::collections::BTreeSet;

use crate::watchlist::Watchlist;

use super::record::{ListRecord, Record};
use super::shape::drift;
use super::source::Source;

/// Programmes of fewer entries may vanish: they end now and then.
const SMALL_PROGRAM: usize = 25;
/// Days that a publisher's date may lie ahead: time zones.
const AHEAD_DAYS: i32 = 2;

/// Why the edition is refused; empty where it is not.
#[must_use]
pub fn judge(source: &Source, new: &Record, lists: &[Watchlist], last: Option<&Record>) -> Vec<String> {
    let mut refusals = Vec::new();
    counts(source, new, last, &mut refusals);
    dates(new, last, &mut refusals);
    must_have(source, lists, &mut refusals);
    if let Some(last) = last {
        for list in &last.lists {
            match new.lists.iter().find(|other| other.id == list.id) {
                None => refusals.push(format!("the list `{}` of {} entries is gone", list.id, list.entries)),
                Some(other) => list_against(source, list, other, last.lists.len() > 1, &mut refusals),
            }
        }
        refusals.extend(drift(&last.shape, &new.shape, last.entries()));
    }
    refusals
}

fn counts(source: &Source, new: &Record, last: Option<&Record>, refusals: &mut Vec<String>) {
    if new.entries() < source.expected {
        refusals.push(format!("{} entries where at least {} are expected", new.entries(), source.expected));
    }
    if let Some(last) = last
        && shrank(source, last.entries(), new.entries())
    {
        refusals.push(shrinking("entries", last.entries(), new.entries(), source));
    }
}

fn shrank(source: &Source, last: usize, new: usize) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "counts of entries")]
    let (last_count, new_count) = (last as f64, new as f64);
    new_count < last_count * (1.0 - source.max_shrink)
}

fn shrinking(what: &str, last: usize, new: usize, source: &Source) -> String {
    format!("{new} {what} where the last edition has {last}: more than {} % fewer", source.max_shrink * 100.0)
}

fn list_against(
    source: &Source,
    last: &ListRecord,
    new: &ListRecord,
    one_of_several: bool,
    refusals: &mut Vec<String>,
) {
    // Of small lists a few entries are a large share; of one list alone they
    // were counted already.
    let fewer = one_of_several && last.entries.saturating_sub(new.entries) >= 10;
    if fewer && shrank(source, last.entries, new.entries) {
        refusals.push(shrinking(&format!("entries of `{}`", last.id), last.entries, new.entries, source));
    }
    if last.names.saturating_sub(new.names) >= 10 && shrank(source, last.names, new.names) {
        refusals.push(shrinking(&format!("names of `{}`", last.id), last.names, new.names, source));
    }
    for (kind, &entries) in last.kinds.iter().filter(|(_, entries)| **entries >= SMALL_PROGRAM) {
        if !new.kinds.contains_key(kind) {
            refusals.push(format!("`{}` has no {kind} any more, and had {entries}", last.id));
        }
    }
    let gone: Vec<String> = last
        .programs
        .iter()
        .filter(|(program, entries)| **entries >= SMALL_PROGRAM && !new.programs.contains_key(*program))
        .map(|(program, entries)| format!("{program} ({entries})"))
        .collect();
    if !gone.is_empty() {
        refusals.push(format!("programmes of `{}` that are gone: {}", last.id, gone.join(", ")));
    }
}

fn dates(new: &Record, last: Option<&Record>, refusals: &mut Vec<String>) {
    let retrieved = jiff::tz::Offset::UTC.to_datetime(new.retrieved).date();
    for list in &new.lists {
        let Some(date) = list.date else { continue };
        if retrieved.until(date).is_ok_and(|span| span.get_days() > AHEAD_DAYS) {
            refusals.push(format!("`{}` bears the date {date}, which is still to come", list.id));
        }
        let before = last.and_then(|last| last.lists.iter().find(|other| other.id == list.id));
        if let Some(before) = before.and_then(|before| before.date).filter(|before| *before > date) {
            refusals.push(format!("`{}` is of {date}, older than the last edition's {before}", list.id));
        }
    }
}

fn must_have(source: &Source, lists: &[Watchlist], refusals: &mut Vec<String>) {
    if source.must_have.is_empty() {
        return;
    }
    let names: BTreeSet<String> = lists
        .iter()
        .flat_map(|list| &list.parties)
        .flat_map(|party| &party.names)
        .map(|name| name.text.to_lowercase())
        .collect();
    for name in &source.must_have {
        if !names.contains(&name.to_lowercase()) {
            refusals.push(format!("`{name}` is not in it"));
        }
    }
}
