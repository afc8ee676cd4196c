//! Many names at one address, phone or mail.
//!
//! Those who were first met there within `days` before this shipment, and this
//! party, are counted; names that the matching finds alike count once. `names`
//! or more are a pattern. No statistic: it counts.

use crate::diagnostic::{Diagnostics, Table};

use super::super::fact::{PastOf, PatternFact, PatternKind};
use super::super::identity::ContactKind;
use super::super::parameters::{count, days};
use super::super::view::View;
use super::fact;

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct ManyNames {
    days: i32,
    names: usize,
}

impl ManyNames {
    pub fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        Self { days: days(table, "days", out), names: count(table, "names", out) }
    }
}

pub fn find(view: &View<'_>, found: &mut Vec<PatternFact>) {
    let own = &view.parameters().many_names;
    let resolved = &view.history.resolved;
    for party in &view.parties {
        let hash = party.member.identity.hash;
        for contact in party.member.contacts.iter().filter(|c| c.kind != ContactKind::Identifier) {
            let Some(met) = resolved.meetings.get(&(contact.kind as u8, contact.hash)) else { continue };
            let before = met.partition_point(|meeting| meeting.first < *view.order);
            let from = view.day() - own.days;
            // The group of this party, as it will have been met here.
            let mine = met.iter().find(|meeting| meeting.party == hash).map(|meeting| meeting.group);
            let mut groups: Vec<usize> = Vec::new();
            let mut names: Vec<&str> = Vec::new();
            let earlier = met.get(..before).unwrap_or_default();
            for meeting in earlier.iter().filter(|meeting| meeting.first.day >= from) {
                let is_mine = Some(meeting.group) == mine
                    || resolved
                        .alike
                        .get(&hash)
                        .is_some_and(|all| all.iter().any(|a| a.party == meeting.party));
                if meeting.party != hash && !is_mine && !groups.contains(&meeting.group) {
                    groups.push(meeting.group);
                    names.extend(resolved.names.get(&meeting.party).map(|name| &*name.text));
                }
            }
            if groups.len() + 1 < own.names {
                continue;
            }
            let shown = names.iter().rev().take(6).map(|name| format!("\"{name}\"")).collect::<Vec<_>>();
            let words = format!(
                "{} has the {} of {} others: {} ({}{})",
                party.member.name,
                contact.kind.label(),
                groups.len(),
                contact.text,
                shown.join(", "),
                if groups.len() > shown.len() { " and more" } else { "" },
            );
            found.push(PatternFact {
                of: Some(PastOf::Party),
                party: Some(party.member.party),
                ..fact(PatternKind::ManyNames, words)
            });
        }
    }
}
