//! Values that are round again and again.
//!
//! Of the last n lines to the party in one currency within `days`, this one's
//! included, at most `most_lines`, x are round: a thousand or more with at most
//! two digits that tell. It is a pattern if this one is round, x ≥ `least_round`,
//! and the binomial probability of x or more of n is at most `chance`, with p the
//! share of round values in that currency in the whole history, at least
//! `share_floor`: where price lists are round, round values tell nothing.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostics, Table};

use super::super::fact::{PastOf, PatternFact, PatternKind};
use super::super::parameters::{count, days, figure};
use super::super::record::is_round;
use super::super::statistics::binomial_at_least;
use super::super::view::View;
use super::super::wanted::group;
use super::{fact, with_others};

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct RoundValues {
    days: i32,
    most_lines: usize,
    least_round: usize,
    share_floor: f64,
    chance: f64,
}

impl RoundValues {
    pub fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        Self {
            days: days(table, "days", out),
            most_lines: count(table, "most_lines", out),
            least_round: count(table, "least_round", out),
            share_floor: figure(table, "share_floor", out),
            chance: figure(table, "chance", out),
        }
    }
}

pub fn find(view: &View<'_>, found: &mut Vec<PatternFact>) {
    let own = &view.parameters().round_values;
    let lines = view.row.lines.iter().enumerate();
    let Some((item, (currency, value))) =
        lines.filter_map(|(item, line)| Some((item, line.value?))).find(|(_, (_, value))| is_round(*value))
    else {
        return;
    };
    let this = view.row.lines.iter().filter_map(|line| line.value.filter(|(own, _)| *own == currency));
    let this: Vec<Decimal> = this.map(|(_, value)| value).collect();
    for party in &view.parties {
        let from = view.day() - own.days;
        let past = party.same.iter().rev().take_while(|receipt| receipt.order.day >= from);
        let past = past.filter_map(|receipt| receipt.amount(currency).filter(|_| receipt.value.is_some()));
        let values: Vec<Decimal> = this.iter().copied().chain(past).take(own.most_lines).collect();
        let round = values.iter().filter(|value| is_round(**value)).count();
        if round < own.least_round || values.len() <= this.len() {
            continue;
        }
        let share = usual_share(view, own, currency);
        if binomial_at_least(round as u64, values.len() as u64, share) > own.chance {
            continue;
        }
        let words = format!(
            "{round} of the last {} values to {} are round, this one {} too; of all values in the history {:.0} per \
             cent are{}",
            values.len(),
            party.member.name,
            currency.words(value),
            share * 100.0,
            with_others(&party.merged, &[]),
        );
        found.push(PatternFact {
            of: Some(PastOf::Party),
            party: Some(party.member.party),
            item: Some(item),
            ..fact(PatternKind::RoundValues, words)
        });
    }
}

fn usual_share(view: &View<'_>, own: &RoundValues, currency: super::super::measure::Measure) -> f64 {
    let (mut all, mut round) = (0u64, 0u64);
    for (rest, past) in view.history.group(&group::round(currency)) {
        let count = past.shipments(i32::MIN, view.day());
        all += count;
        if rest.first() == Some(&1) {
            round += count;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let share = if all == 0 { 0.0 } else { round as f64 / all as f64 };
    share.max(own.share_floor)
}
