//! The mirror: a seller's goods drop toward one country and rise toward another.
//!
//! For the seller and tariff code: the last `window_days` against the windows
//! before them, 2 to `most_windows`, as far back as the history reaches. Toward
//! another country A: the mean of the windows held `least_shipments` or more, the
//! amount is at most `drop` times that mean, and the Poisson probability of so
//! few shipments is at most `chance`; and if a year before is known, the same season
//! was no such drop. Toward this one, B: `least_shipments` or more, at least
//! `rise` times the mean, Poisson probability of so many at most `chance`. What B
//! gained is between `least_moved` and 1/`least_moved` of what A lost. Of several
//! A the one that lost most.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostics, Table};
use crate::trade::CountryCode;

use super::super::bytes::Bytes;
use super::super::days::DayPast;
use super::super::fact::{PatternFact, PatternKind, Series};
use super::super::measure::Measure;
use super::super::order::date_of;
use super::super::parameters::{count, days, figure};
use super::super::statistics::{poisson_at_least, poisson_below};
use super::super::view::{View, main_measure};
use super::super::wanted::group;
use super::{code, fact, float};

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Mirror {
    window_days: i32,
    most_windows: usize,
    least_shipments: usize,
    drop: f64,
    rise: f64,
    chance: f64,
    least_moved: f64,
}

impl Mirror {
    pub fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        Self {
            window_days: days(table, "window_days", out),
            most_windows: count(table, "most_windows", out),
            least_shipments: count(table, "least_shipments", out),
            drop: figure(table, "drop", out),
            rise: figure(table, "rise", out),
            chance: figure(table, "chance", out),
            least_moved: figure(table, "least_moved", out),
        }
    }
}

/// A country in the windows: the last one, and the mean of those before.
struct Toward {
    shipments: u64,
    amount: f64,
    usual_shipments: f64,
    usual: f64,
}

pub fn find(view: &View<'_>, found: &mut Vec<PatternFact>) {
    let own = &view.parameters().mirror;
    let windows = view.reach() / own.window_days - 1;
    let windows = windows.min(i32::try_from(own.most_windows).unwrap_or(4));
    let Some(to) = view.row.to else { return };
    if windows < 2 || view.row.seller == 0 {
        return;
    }
    for (item, line) in view.goods() {
        let Some(measure) = main_measure(line) else { continue };
        let parts = view.history.group(&group::seller_goods(view.row.seller, line.heading));
        let countries: Vec<(CountryCode, &DayPast)> =
            parts.iter().filter_map(|(rest, past)| Some((Bytes(rest).country()??, past))).collect();
        let this = view.amount(measure, |other| other.heading == line.heading);
        let empty = DayPast::default();
        let here = countries.iter().find(|(country, _)| *country == to).map_or(&empty, |(_, past)| *past);
        let gain = toward(view, own, here, measure, windows, 1, float(this));
        if !rose(own, &gain) {
            continue;
        }
        let mut lost: Option<(CountryCode, &DayPast, Toward)> = None;
        for (country, past) in countries.iter().filter(|(country, _)| *country != to) {
            let away = toward(view, own, past, measure, windows, 0, 0.0);
            let more =
                lost.as_ref().is_none_or(|(_, _, most)| away.usual - away.amount > most.usual - most.amount);
            if more && fell(view, own, past, measure, &away) {
                lost = Some((*country, past, away));
            }
        }
        let Some((from, past, away)) = lost else { continue };
        let moved = (gain.amount - gain.usual) / (away.usual - away.amount).max(1e-9);
        if !(own.least_moved..=1.0 / own.least_moved.max(1e-9)).contains(&moved) {
            continue;
        }
        let figure = |amount: f64| measure.words(super::decimal(amount).round_dp(0));
        let words = format!(
            "this seller's goods of tariff code {} fell toward {from} from {} in {} days to {}, and rose toward {to} \
             from {} to {}",
            code(line.heading),
            figure(away.usual),
            own.window_days,
            figure(away.amount),
            figure(gain.usual),
            figure(gain.amount),
        );
        found.push(PatternFact {
            item: Some(item),
            other: Some(from),
            series: Some(series(view, own, here, past, measure, this, (to, from), windows).into()),
            ..fact(PatternKind::Mirror, words)
        });
    }
}

fn toward(
    view: &View<'_>,
    own: &Mirror,
    past: &DayPast,
    measure: Measure,
    windows: i32,
    more: u64,
    amount: f64,
) -> Toward {
    let (day, window) = (view.day(), own.window_days);
    let from = day - window + 1;
    let start = from - window * windows;
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    let shipments = past.shipments(start, from) as f64;
    Toward {
        shipments: past.shipments(from, day) + more,
        amount: float(past.sum(measure, from, day)) + amount,
        usual_shipments: shipments / f64::from(windows),
        usual: float(past.sum(measure, start, from)) / f64::from(windows),
    }
}

fn rose(own: &Mirror, here: &Toward) -> bool {
    here.shipments >= own.least_shipments as u64
        && here.amount >= own.rise * here.usual
        && poisson_at_least(here.shipments, here.usual_shipments.max(0.5)) <= own.chance
}

fn fell(view: &View<'_>, own: &Mirror, past: &DayPast, measure: Measure, away: &Toward) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let least = own.least_shipments as f64;
    let year = (view.day() - 365 - own.window_days + 1, view.day() - 365);
    // A season that is low every year is no drop.
    let season_known = view.reach() >= 365 + own.window_days;
    let low_season = season_known && float(past.sum(measure, year.0, year.1)) <= own.drop * away.usual;
    away.usual_shipments >= least
        && away.amount <= own.drop * away.usual
        && poisson_below(away.shipments + 1, away.usual_shipments) <= own.chance
        && !low_season
}

/// The share of this country in both, window by window.
#[expect(clippy::too_many_arguments, reason = "both sides of the picture")]
fn series(
    view: &View<'_>,
    own: &Mirror,
    here: &DayPast,
    away: &DayPast,
    measure: Measure,
    this: Decimal,
    (to, from): (CountryCode, CountryCode),
    windows: i32,
) -> Series {
    let mut labels = Vec::new();
    let mut values = Vec::new();
    for back in (0..=windows).rev() {
        let start = view.day() - own.window_days * (back + 1) + 1;
        let end = if back == 0 { view.day() } else { start + own.window_days };
        let more = if back == 0 { float(this) } else { 0.0 };
        let (gained, lost) =
            (float(here.sum(measure, start, end)) + more, float(away.sum(measure, start, end)));
        labels.push(date_of(start).to_string());
        values.push(super::decimal(100.0 * gained / (gained + lost).max(1e-9)).round_dp(1));
    }
    Series {
        title: format!("share of {to} in what goes to {to} and {from}, per cent"),
        start: Some(values.len() - 1),
        labels,
        values,
    }
}
