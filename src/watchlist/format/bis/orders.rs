//! Orders that end on a day. A file keeps them after that day, so its readers
//! must tell those in force from those that have run out.
//!
//! Measured is the file's own date, never today: an order that ran out after
//! the file was made still counts, for it may have been renewed since.

use crate::watchlist::{Effect, ListInfo, ListedParty};

use super::super::gather::add_remark;

/// Readers leave an order's last day in `removed`. Where it lies before the
/// list's date, the entry stays with that day and counts as advisory; where it
/// does not, the day goes into the remarks, for nothing was removed yet. The
/// number of orders that have run out goes into the list's notes.
pub(in crate::watchlist::format) fn settle(parties: &mut [ListedParty], info: &mut ListInfo) {
    let mut over = 0;
    for party in parties {
        let Some(end) = party.removed else { continue };
        if info.edition.date.is_some_and(|date| end < date) {
            over += 1;
            party.effect = Some(Effect::Advisory);
            add_remark(
                party,
                "",
                &format!("Expired on {end}, before the date of the list; kept for the record"),
            );
        } else {
            party.removed = None;
            add_remark(party, "", &format!("In force until {end}"));
        }
    }
    if over > 0 {
        info.notes.push(format!(
            "{over} orders had expired by the date of the list. They are kept with the day they ended and count as \
             advisory."
        ));
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::super::super::heads;
    use super::*;

    #[test]
    fn what_has_run_out_is_neither_live_nor_lost() {
        let mut info = heads::head("DPL");
        info.edition.date = Some(Date::constant(2023, 11, 30));
        let ends = [None, Some(Date::constant(2023, 11, 29)), Some(Date::constant(2023, 11, 30))];
        let mut parties = ends.map(|removed| ListedParty { removed, ..ListedParty::default() });
        settle(&mut parties, &mut info);
        let found = parties.map(|party| (party.effect, party.removed.is_some(), party.remarks));
        assert_eq!(found[0], (None, false, String::new()));
        assert_eq!((found[1].0, found[1].1), (Some(Effect::Advisory), true));
        assert_eq!(found[2], (None, false, "In force until 2023-11-30".to_owned()));
        assert!(info.notes[0].starts_with("1 orders"));
    }
}
