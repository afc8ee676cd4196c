//! What a detector sees only in many shipments, one file each. A detector looks
//! at one shipment in front of its past, and finds that it is the last piece of
//! a pattern, or nothing. `docs/history.md` has the formulas; the figures stand
//! in `rules/flow/history.toml`.

pub mod code_switch;
pub mod many_names;
pub mod mirror;
pub mod new_customer;
pub mod new_intermediary;
pub mod quantity;
pub mod round_values;
pub mod splitting;
pub mod surge;
pub mod transit_shift;
pub mod young_company;

use std::sync::Arc;

use rust_decimal::Decimal;

use super::fact::{PatternFact, PatternKind, Series};
use super::order::{Day, date_of};
use super::view::View;

type Find = fn(&View<'_>, &mut Vec<PatternFact>);

const DETECTORS: [Find; 11] = [
    new_customer::find,
    surge::find,
    quantity::find,
    splitting::find,
    round_values::find,
    many_names::find,
    code_switch::find,
    new_intermediary::find,
    mirror::find,
    transit_shift::find,
    young_company::find,
];

/// Everything that the detectors find.
pub fn find(view: &View<'_>, found: &mut Vec<PatternFact>) {
    if view.history.start.is_none() {
        return;
    }
    for detector in DETECTORS {
        detector(view, found);
    }
}

/// A fact about nothing in particular yet.
fn fact(kind: PatternKind, words: String) -> PatternFact {
    PatternFact { kind, of: None, party: None, item: None, other: None, words, series: None }
}

/// A series of windows of some days, the last of which ends with `day`.
fn window_series(
    title: String,
    day: Day,
    days: i32,
    values: Vec<Decimal>,
    start: Option<usize>,
) -> Option<Arc<Series>> {
    let count = i32::try_from(values.len()).ok()?;
    let labels = (0..count).map(|i| date_of(day - days * (count - i) + 1).to_string()).collect();
    Some(Arc::new(Series { title, labels, values, start }))
}

/// `, counted together with …`, or nothing.
fn with_others(merged: &[String], connected: &[String]) -> String {
    let mut words = String::new();
    for (what, others) in [("counted together with", merged), ("counted with the related", connected)] {
        if !others.is_empty() {
            let shown: Vec<&str> = others.iter().take(4).map(String::as_str).collect();
            let more = others.len() - shown.len();
            let tail = if more == 0 { String::new() } else { format!(" and {more} more") };
            words.push_str(&format!("; {what} {}{tail}", shown.join(", ")));
        }
    }
    words
}

fn float(amount: Decimal) -> f64 {
    f64::try_from(amount).unwrap_or(0.0)
}

/// A share as a decimal for a series, four places.
fn decimal(value: f64) -> Decimal {
    Decimal::try_from(value).unwrap_or_default().round_dp(4)
}

/// A tariff code in words.
fn code(heading: super::row::Heading) -> String {
    let digits = super::row::heading_digits(heading);
    match digits.split_at_checked(4) {
        Some((head, tail)) if !tail.is_empty() => format!("{head}.{tail}"),
        _ => digits,
    }
}
