//! One order cut into several that each stay below a threshold.
//!
//! Shipments of one kind of goods (four digits of the tariff code) to a party
//! and whoever shares its phone, mail or address, in the `window_days` that end
//! with this one. N of them have an amount in the threshold's measure; n lie from
//! a share of the threshold (each of `near` is tried) to below it. It is splitting
//! if this one lies there, n ≥ `least_near`, n / N ≥ `share_near`, they sum to the
//! threshold or more, and chance does not explain it: with p the share of that
//! range among the lines of others (`share_unknown` where there are fewer than
//! `least_peers`; never below `share_floor`; sizes are known in half octaves, and
//! spread evenly within), the binomial probability of n or more of N is at most
//! `chance`; and where the party has a past of three windows or more, the Poisson
//! probability of N or more at its usual pace is at most `pace`.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostics, Table};
use crate::flow::history::row::Line;

use super::super::fact::{PastOf, PatternFact, PatternKind, Series};
use super::super::measure::Measure;
use super::super::order::{Order, date_of};
use super::super::parameters::{count, days, figure};
use super::super::record::{Receipt, size_place, size_step};
use super::super::row::four_digits;
use super::super::statistics::{binomial_at_least, poisson_at_least};
use super::super::view::{PartyView, View, line_amount};
use super::super::wanted::group;
use super::{fact, with_others};

/// An amount below which less is asked of a shipment.
#[derive(Clone, PartialEq, Debug)]
pub struct Threshold {
    pub title: String,
    pub measure: Measure,
    pub amount: Decimal,
    /// Capitals that the licence or exception of the line must hold; empty:
    /// any line.
    pub licence: String,
}

#[derive(Clone, PartialEq, Debug, Default)]
pub struct Splitting {
    window_days: i32,
    /// Shares of the threshold from which an amount is near it.
    near: Vec<f64>,
    least_near: usize,
    share_near: f64,
    share_unknown: f64,
    share_floor: f64,
    least_peers: usize,
    chance: f64,
    pace: f64,
    pub thresholds: Vec<Threshold>,
}

impl Splitting {
    pub fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        Self {
            window_days: days(table, "window_days", out),
            near: table
                .require("near", out)
                .map(crate::diagnostic::Item::one_or_many)
                .unwrap_or_default()
                .into_iter()
                .filter_map(|item| item.decimal(out).and_then(|near| f64::try_from(near).ok()))
                .collect(),
            least_near: count(table, "least_near", out),
            share_near: figure(table, "share_near", out),
            share_unknown: figure(table, "share_unknown", out),
            share_floor: figure(table, "share_floor", out),
            least_peers: count(table, "least_peers", out),
            chance: figure(table, "chance", out),
            pace: figure(table, "pace", out),
            thresholds: table
                .tables("threshold", out)
                .into_iter()
                .filter_map(|table| read_threshold(table, out))
                .collect(),
        }
    }
}

fn read_threshold(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Option<Threshold> {
    let title = table.string("title", out);
    let currency = table.opt_string("currency", out);
    let unit = table.opt_string("unit", out);
    let amount = table.require("amount", out).and_then(|item| item.decimal(out));
    let licence = table.opt_string("licence", out).unwrap_or_default().to_ascii_uppercase();
    for key in ["cite", "certainty"] {
        table.opt_string(key, out);
    }
    table.opt_date("date", out);
    let measure = match (currency, unit) {
        (Some(currency), None) => Measure::money(&currency),
        (None, Some(unit)) if unit == "kg" => Measure::WEIGHT,
        (None, Some(unit)) => Measure::quantity(&unit),
        _ => {
            out.push(table.error("a threshold is in a `currency` or in a `unit`, `kg` for weight"));
            return None;
        }
    };
    table.finish(out);
    Some(Threshold { title, measure, amount: amount.filter(|amount| *amount > Decimal::ZERO)?, licence })
}

/// What a shipment brought.
struct Piece<'v> {
    order: &'v Order,
    amount: Decimal,
}

pub fn find(view: &View<'_>, found: &mut Vec<PatternFact>) {
    let own = &view.parameters().splitting;
    for party in &view.parties {
        for (item, line) in view.goods() {
            for threshold in &own.thresholds {
                if let Some(fact) = split(view, own, party, line, threshold) {
                    found.push(PatternFact {
                        of: Some(PastOf::PartyGoods),
                        party: Some(party.member.party),
                        item: Some(item),
                        ..fact
                    });
                }
            }
        }
    }
}

fn split(
    view: &View<'_>,
    own: &Splitting,
    party: &PartyView<'_>,
    line: &Line,
    threshold: &Threshold,
) -> Option<PatternFact> {
    let (measure, limit) = (threshold.measure, threshold.amount);
    let kind = four_digits(line.heading);
    let licensed = |licence: &str| threshold.licence.is_empty() || licence.contains(&threshold.licence);
    let lines = view.row.lines.iter().filter(|l| four_digits(l.heading) == kind && licensed(&l.licence));
    let this: Decimal = lines.filter_map(|line| line_amount(line, measure)).sum();
    let widest = own.near.iter().copied().fold(1.0, f64::min);
    if this >= limit || this < limit * Decimal::try_from(widest).ok()? {
        return None;
    }
    let fits = |receipt: &&&Receipt| four_digits(receipt.heading) == kind && licensed(&receipt.licence);
    let receipts: Vec<&Receipt> = party.related.iter().filter(fits).copied().collect();
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for receipt in &receipts {
        let Some(amount) = receipt.amount(measure) else { continue };
        match pieces.last_mut().filter(|piece| *piece.order == receipt.order) {
            Some(piece) => piece.amount += amount,
            None => pieces.push(Piece { order: &receipt.order, amount }),
        }
    }
    let from = view.day() - own.window_days + 1;
    let start = pieces.partition_point(|piece| piece.order.day < from);
    let (before, within) = pieces.split_at(start);
    let sum: Decimal = within.iter().map(|piece| piece.amount).sum::<Decimal>() + this;
    let all = within.len() + 1;
    if sum < limit || all < own.least_near || !is_hasty(view, own, before, all) {
        return None;
    }
    let bands = own.near.iter().filter_map(|near| {
        let lowest = limit * Decimal::try_from(*near).ok()?;
        let near = |amount: Decimal| amount >= lowest && amount < limit;
        let close = within.iter().filter(|piece| near(piece.amount)).count() + 1;
        #[expect(clippy::cast_precision_loss, reason = "small counts")]
        let enough = near(this) && close >= own.least_near && close as f64 >= own.share_near * all as f64;
        let share = usual_share(view, own, line, &receipts, threshold, lowest);
        let chance = binomial_at_least(close as u64, all as u64, share);
        (enough && chance <= own.chance).then_some((close, chance))
    });
    let (close, chance) = bands.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let words = format!(
        "{close} of {all} shipments of goods of heading {kind:04} to {} within {} days lie just below {} ({}): \
         together {}, with shipment{} {} before this one; by chance {}{}",
        party.member.name,
        own.window_days,
        measure.words(limit),
        threshold.title,
        measure.words(sum),
        if within.len() == 1 { "" } else { "s" },
        references(within),
        probability(chance),
        with_others(&party.merged, &party.connected),
    );
    let series = series(view, &pieces, this, measure, party, start);
    Some(PatternFact { series: Some(series.into()), ..fact(PatternKind::Splitting, words) })
}

/// The share of others' lines that lie in the range.
fn usual_share(
    view: &View<'_>,
    own: &Splitting,
    line: &Line,
    receipts: &[&Receipt],
    threshold: &Threshold,
    lowest: Decimal,
) -> f64 {
    let (low, high) = (size_place(lowest), size_place(threshold.amount));
    // How much of a step of sizes the range takes up.
    let part = |step: u8| (high.min(f64::from(step) + 1.0) - low.max(f64::from(step))).clamp(0.0, 1.0);
    let (mut all, mut inside) = (0.0, 0.0);
    for (rest, past) in view.history.group(&group::size(threshold.measure, line.heading)) {
        #[expect(clippy::cast_precision_loss, reason = "a count")]
        let count = past.shipments(i32::MIN, view.day()) as f64;
        all += count;
        inside += count * rest.first().map_or(0.0, |step| part(*step));
    }
    let mine = receipts
        .iter()
        .filter(|receipt| receipt.order.day < view.day() && receipt.heading == line.heading)
        .filter_map(|receipt| receipt.amount(threshold.measure));
    for amount in mine {
        all -= 1.0;
        inside -= part(size_step(amount));
    }
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let known = all >= own.least_peers as f64;
    let share = if known { inside / all } else { own.share_unknown };
    share.clamp(own.share_floor, 1.0)
}

/// Whether the party's orders come faster than they did.
fn is_hasty(view: &View<'_>, own: &Splitting, before: &[Piece<'_>], count: usize) -> bool {
    let Some(first) = before.first() else { return true };
    let days = view.day() - own.window_days + 1 - first.order.day;
    if days < 3 * own.window_days {
        return true;
    }
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    let pace = before.len() as f64 * f64::from(own.window_days) / f64::from(days);
    poisson_at_least(count as u64, pace) <= own.pace
}

fn probability(chance: f64) -> String {
    if chance < 0.0001 { "1 in 10000 or less".to_owned() } else { format!("1 in {:.0}", 1.0 / chance) }
}

fn references(pieces: &[Piece<'_>]) -> String {
    let shown: Vec<String> = pieces
        .iter()
        .rev()
        .take(6)
        .map(|piece| {
            let name: &str =
                if piece.order.reference.is_empty() { "without reference" } else { &piece.order.reference };
            format!("{name} of {}", date_of(piece.order.day))
        })
        .collect();
    let more = pieces.len() - shown.len();
    let tail = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{tail}", shown.join(", "))
}

fn series(
    view: &View<'_>,
    pieces: &[Piece<'_>],
    this: Decimal,
    measure: Measure,
    party: &PartyView<'_>,
    start: usize,
) -> Series {
    let from = pieces.len().saturating_sub(23);
    let shown = pieces.get(from..).unwrap_or_default();
    let all = shown.iter().map(|piece| (piece.order.day, piece.amount)).chain([(view.day(), this)]);
    let (labels, values): (Vec<String>, Vec<Decimal>) =
        all.map(|(day, amount)| (date_of(day).to_string(), amount)).unzip();
    Series {
        title: format!("{} in each shipment to {}", measure.unit(), party.member.name),
        labels,
        values,
        start: Some(start.saturating_sub(from)),
    }
}
