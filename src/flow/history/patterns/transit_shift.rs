//! A lane begins to pass a country that it seldom passed.
//!
//! Of the shipments of the lane in the last `window_days`, with this one, the
//! share through a country of this one's route, against the share before: at least
//! `least_recent` and `least_past` shipments, the share `gain` higher, and the
//! two shares differ by `deviations` standard errors (pooled). Days before this one
//! count.

use crate::diagnostic::{Diagnostics, Table};

use super::super::bytes::Bytes;
use super::super::fact::{PastOf, PatternFact, PatternKind};
use super::super::parameters::{count, days, figure};
use super::super::view::View;
use super::super::wanted::group;
use super::{decimal, fact, window_series};

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct TransitShift {
    window_days: i32,
    least_recent: usize,
    least_past: usize,
    gain: f64,
    deviations: f64,
}

impl TransitShift {
    pub fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        Self {
            window_days: days(table, "window_days", out),
            least_recent: count(table, "least_recent", out),
            least_past: count(table, "least_past", out),
            gain: figure(table, "gain", out),
            deviations: figure(table, "deviations", out),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of shipments")]
pub fn find(view: &View<'_>, found: &mut Vec<PatternFact>) {
    let own = &view.parameters().transit_shift;
    let (Some(from), Some(to)) = (view.row.from, view.row.to) else { return };
    let Some(lane) = view.history.sums(&group::lane(view.row.from, view.row.to)) else { return };
    let ways = view.history.group(&group::transit(view.row.from, view.row.to));
    let start = view.day() - own.window_days + 1;
    let (recent, past) = (lane.shipments(start, view.day()) + 1, lane.shipments(i32::MIN, start));
    if recent < own.least_recent as u64 || past < own.least_past as u64 {
        return;
    }
    for country in &view.row.transit {
        let own_way = ways.iter().find(|(rest, _)| Bytes(rest).country() == Some(Some(*country)));
        let through = |first, last| own_way.map_or(0, |(_, way)| way.shipments(first, last));
        let (now, before) = (through(start, view.day()) + 1, through(i32::MIN, start));
        let (share, usual) = (now as f64 / recent as f64, before as f64 / past as f64);
        let pooled = (now + before) as f64 / (recent + past) as f64;
        let error = (pooled * (1.0 - pooled) * (1.0 / recent as f64 + 1.0 / past as f64)).sqrt();
        if share - usual < own.gain || share - usual < own.deviations * error {
            continue;
        }
        let words = format!(
            "{now} of {recent} shipments from {from} to {to} in {} days pass {country}; before it were {before} of {past}",
            own.window_days,
        );
        let values = (0..8)
            .rev()
            .map(|back| {
                let first = view.day() - own.window_days * (back + 1) + 1;
                let last = if back == 0 { view.day() } else { first + own.window_days };
                let this = u64::from(back == 0);
                let all = lane.shipments(first, last) + this;
                let of = through(first, last) + this;
                if all == 0 { decimal(0.0) } else { decimal(100.0 * of as f64 / all as f64).round_dp(1) }
            })
            .collect();
        let title = format!("share of shipments from {from} to {to} that pass {country}, per cent");
        found.push(PatternFact {
            of: Some(PastOf::Lane),
            other: Some(*country),
            series: window_series(title, view.day(), own.window_days, values, Some(7)),
            ..fact(PatternKind::TransitShift, words)
        });
    }
}
