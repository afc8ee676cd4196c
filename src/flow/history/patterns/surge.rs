//! A surge: far more than the own past, the season and the peers explain.
//!
//! Windows of `window_days` end with this shipment; v(1) … v(k) are those before
//! it, as far back as the history and the subject itself reach, S the last one.
//! On y = ln(v + c), c a tenth of the median window, a Theil–Sen line gives the
//! expectation of now, and 1.4826 times the median deviation around it the spread s,
//! at least `least_spread`. The expectation E is the largest of that line, the
//! median window, the same season a year before (the largest of three windows,
//! times the growth since), all times the growth of the peers (the same goods
//! elsewhere). It is a surge if
//! S ≥ `ratio`·E (`ratio_short`·E while the past is shorter than a year),
//! (ln(S + c) − ln(E + c)) / s ≥ `deviations`, S ≥ `beyond` · max v,
//! S without its largest shipment ≥ `without_largest`·E, and the window holds
//! `least_shipments`.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostics, Table};

use super::super::days::DayPast;
use super::super::fact::{PastOf, PatternFact, PatternKind};
use super::super::measure::Measure;
use super::super::order::Day;
use super::super::parameters::{count, days, figure};
use super::super::record::Receipt;
use super::super::row::Line;
use super::super::statistics::{median, robust_line, spread};
use super::super::view::{View, main_measure};
use super::super::wanted::group;
use super::{code, fact, float, window_series, with_others};

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Surge {
    window_days: i32,
    least_windows: usize,
    most_windows: usize,
    least_spread: f64,
    ratio: f64,
    ratio_short: f64,
    deviations: f64,
    beyond: f64,
    without_largest: f64,
    least_shipments: usize,
}

impl Surge {
    pub fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        Self {
            window_days: days(table, "window_days", out),
            least_windows: count(table, "least_windows", out),
            most_windows: count(table, "most_windows", out),
            least_spread: figure(table, "least_spread", out),
            ratio: figure(table, "ratio", out),
            ratio_short: figure(table, "ratio_short", out),
            deviations: figure(table, "deviations", out),
            beyond: figure(table, "beyond", out),
            without_largest: figure(table, "without_largest", out),
            least_shipments: count(table, "least_shipments", out),
        }
    }

    /// Whether the last window is a surge over those before, oldest first; the
    /// expectation and the deviations if so. `peers` is the growth of others.
    #[must_use]
    pub fn judge(&self, before: &[f64], now: f64, largest: f64, peers: f64) -> Option<(f64, f64)> {
        let filled: Vec<f64> = before.iter().copied().filter(|value| *value > 0.0).collect();
        if before.len() < self.least_windows || filled.len() * 2 < before.len() {
            return None;
        }
        let offset = median(&filled) / 10.0;
        let logs: Vec<f64> = before.iter().map(|value| (value.max(0.0) + offset).ln()).collect();
        let (start, slope) = robust_line(&logs);
        #[expect(clippy::cast_precision_loss, reason = "a short series")]
        let at = |place: usize| start + slope * place as f64;
        let rests: Vec<f64> = logs.iter().enumerate().map(|(place, log)| log - at(place)).collect();
        let spread = spread(&rests).max(self.least_spread);
        let year = usize::try_from((365 + self.window_days / 2) / self.window_days).unwrap_or(12);
        let mut expected = (at(before.len()).exp() - offset).max(median(before));
        let knows_season = before.len() > year;
        if knows_season {
            let centre = before.len() - year;
            let season =
                before.get(centre.saturating_sub(1)..(centre + 2).min(before.len())).unwrap_or_default();
            let highest = season.iter().copied().fold(0.0, f64::max);
            expected = expected.max(highest * growth(before, year, offset, slope));
        }
        expected *= peers.max(1.0);
        let ratio = if knows_season { self.ratio } else { self.ratio_short };
        let deviations = ((now + offset).ln() - (expected + offset).ln()) / spread;
        let most = before.iter().copied().fold(0.0, f64::max);
        let surges = now >= ratio * expected
            && deviations >= self.deviations
            && now >= self.beyond * most
            && now - largest >= self.without_largest * expected;
        surges.then_some((expected, deviations))
    }
}

/// How much more a season is than the same a year before: the median over the
/// windows that have one, else what the line says; between 1 and 3.
fn growth(before: &[f64], year: usize, offset: f64, slope: f64) -> f64 {
    let pairs: Vec<f64> =
        before.iter().skip(year).zip(before).map(|(new, old)| (new + offset) / (old + offset)).collect();
    #[expect(clippy::cast_precision_loss, reason = "about twelve")]
    let growth = if pairs.len() >= 3 { median(&pairs) } else { (slope * year as f64).exp() };
    growth.clamp(1.0, 3.0)
}

/// The windows of one subject, oldest first, and the one that ends now.
#[derive(PartialEq)]
struct Windows {
    before: Vec<Decimal>,
    now: Decimal,
    largest: Decimal,
    shipments: usize,
}

pub fn find(view: &View<'_>, found: &mut Vec<PatternFact>) {
    let own = &view.parameters().surge;
    let goods = view.goods();
    let mut shown: Vec<Windows> = Vec::new();
    for party in &view.parties {
        let priority = goods.iter().find(|(_, line)| view.is_priority(line.heading));
        // The narrowest first: of several that are the same shipments only that shows.
        let mut subjects: Vec<(PastOf, Option<usize>, Option<&Line>)> = Vec::new();
        subjects.extend(goods.iter().map(|(item, line)| (PastOf::PartyGoods, Some(*item), Some(*line))));
        subjects.extend(priority.map(|(item, line)| (PastOf::PartyPriority, Some(*item), Some(*line))));
        subjects.push((PastOf::Party, None, view.row.lines.first()));
        for (of, item, line) in subjects {
            let Some((line, measure)) = line.and_then(|line| Some((line, main_measure(line)?))) else {
                continue;
            };
            let fits = |heading| match of {
                PastOf::Party => true,
                PastOf::PartyPriority => view.is_priority(heading),
                _ => heading == line.heading,
            };
            let amount = view.amount(measure, |line| fits(line.heading));
            let receipts: Vec<&Receipt> =
                party.same.iter().copied().filter(|receipt| fits(receipt.heading)).collect();
            let Some(windows) = party_windows(view, own, &receipts, measure, amount) else { continue };
            let peers =
                if of == PastOf::PartyGoods { peers(view, own, line, measure, &windows) } else { 1.0 };
            let subject = format!("{} to {}", what(of, line), party.member.name);
            let tail = with_others(&party.merged, &[]);
            if let Some(fact) = judged(view, own, &windows, measure, peers, &subject, &tail)
                && !shown.contains(&windows)
            {
                found.push(PatternFact { of: Some(of), party: Some(party.member.party), item, ..fact });
                shown.push(windows);
            }
        }
    }
    find_on_lane(view, own, &goods, &mut shown, found);
}

fn what(of: PastOf, line: &Line) -> String {
    match of {
        PastOf::PartyPriority | PastOf::LanePriority => "priority goods".to_owned(),
        PastOf::PartyGoods | PastOf::LaneGoods => format!("goods of tariff code {}", code(line.heading)),
        _ => "goods of all kinds".to_owned(),
    }
}

fn find_on_lane(
    view: &View<'_>,
    own: &Surge,
    goods: &[(usize, &Line)],
    shown: &mut Vec<Windows>,
    found: &mut Vec<PatternFact>,
) {
    let (Some(from), Some(to)) = (view.row.from, view.row.to) else { return };
    let lane = group::lane(view.row.from, view.row.to);
    let priority = goods.iter().find(|(_, line)| view.is_priority(line.heading));
    let mut subjects: Vec<(PastOf, usize, &Line, Option<&DayPast>)> = Vec::new();
    for (item, line) in goods {
        let key = group::lane_goods(view.row.from, view.row.to, line.heading);
        subjects.push((PastOf::LaneGoods, *item, line, view.history.sums(&key)));
    }
    if let Some((item, line)) = priority {
        let past = view.history.lane_priority.get(lane.as_slice());
        subjects.push((PastOf::LanePriority, *item, line, past));
    }
    for (of, item, line, past) in subjects {
        let (Some(past), Some(measure)) = (past, main_measure(line)) else { continue };
        let amount = view.amount(measure, |other| match of {
            PastOf::LanePriority => view.is_priority(other.heading),
            _ => other.heading == line.heading,
        });
        let Some(windows) = day_windows(view, own, past, measure, amount) else { continue };
        let peers = if of == PastOf::LaneGoods { peers(view, own, line, measure, &windows) } else { 1.0 };
        let subject = format!("{} from {from} to {to}", what(of, line));
        if let Some(fact) = judged(view, own, &windows, measure, peers, &subject, "")
            && !shown.contains(&windows)
        {
            found.push(PatternFact { of: Some(of), item: Some(item), ..fact });
            shown.push(windows);
        }
    }
}

/// Windows that the history and the subject itself cover.
fn covered(view: &View<'_>, own: &Surge, first: Day) -> usize {
    let days = (view.day() - first).min(view.reach()) - own.window_days + 1;
    usize::try_from(days / own.window_days).unwrap_or(0).min(own.most_windows)
}

fn party_windows(
    view: &View<'_>,
    own: &Surge,
    receipts: &[&Receipt],
    measure: Measure,
    amount: Decimal,
) -> Option<Windows> {
    let count = covered(view, own, receipts.first()?.order.day);
    if count < own.least_windows {
        return None;
    }
    let mut sums = vec![Decimal::ZERO; count + 1];
    let mut shipments: Vec<(u64, Decimal)> = vec![(view.row.id, amount)];
    for receipt in receipts {
        let back = usize::try_from((view.day() - receipt.order.day) / own.window_days).unwrap_or(usize::MAX);
        let Some(part) = receipt.amount(measure) else { continue };
        if let Some(sum) = count.checked_sub(back).and_then(|place| sums.get_mut(place)) {
            *sum += part;
        }
        if back == 0 {
            match shipments.iter_mut().find(|(id, _)| *id == receipt.order.id) {
                Some((_, sum)) => *sum += part,
                None => shipments.push((receipt.order.id, part)),
            }
        }
    }
    let now = sums.pop()? + amount;
    let largest = shipments.iter().map(|(_, sum)| *sum).max()?;
    Some(Windows { before: sums, now, largest, shipments: shipments.len() })
}

fn day_windows(
    view: &View<'_>,
    own: &Surge,
    past: &DayPast,
    measure: Measure,
    amount: Decimal,
) -> Option<Windows> {
    let count = covered(view, own, past.first()?);
    if count < own.least_windows {
        return None;
    }
    let (day, window) = (view.day(), own.window_days);
    let before = (1..=i32::try_from(count).ok()?)
        .rev()
        .map(|back| past.sum(measure, day - window * (back + 1) + 1, day - window * back + 1))
        .collect();
    // Of the day itself only this shipment counts.
    let from = day - window + 1;
    let shipments = usize::try_from(past.shipments(from, day)).ok()? + 1;
    Some(Windows {
        before,
        now: past.sum(measure, from, day) + amount,
        largest: past.largest(measure, from, day).max(amount),
        shipments,
    })
}

/// How the same goods grew for everybody else: their last window over the
/// median of those before; 1 where there are none.
fn peers(view: &View<'_>, own: &Surge, line: &Line, measure: Measure, windows: &Windows) -> f64 {
    let Some(all) = view.history.sums(&group::goods(line.heading)) else { return 1.0 };
    let Some(total) =
        day_windows(view, own, all, measure, view.amount(measure, |l| l.heading == line.heading))
    else {
        return 1.0;
    };
    let own_count = windows.before.len();
    let skip = total.before.len().saturating_sub(own_count);
    let others: Vec<f64> = total
        .before
        .iter()
        .skip(skip)
        .zip(&windows.before)
        .map(|(all, own)| float(*all - *own).max(0.0))
        .collect();
    let usual = median(&others);
    let now = float(total.now - windows.now).max(0.0);
    if usual <= 0.0 { 1.0 } else { now / usual }
}

fn judged(
    view: &View<'_>,
    own: &Surge,
    windows: &Windows,
    measure: Measure,
    peers: f64,
    subject: &str,
    tail: &str,
) -> Option<PatternFact> {
    if windows.shipments < own.least_shipments {
        return None;
    }
    let before: Vec<f64> = windows.before.iter().map(|value| float(*value)).collect();
    let (expected, deviations) = own.judge(&before, float(windows.now), float(windows.largest), peers)?;
    let expected = super::decimal(expected).round_dp(0);
    let words = format!(
        "{subject}: {} within {} days in {} shipments, where {} would be expected from {} such windows before \
         ({deviations:.1} deviations){tail}",
        measure.words(windows.now),
        own.window_days,
        windows.shipments,
        measure.words(expected),
        windows.before.len(),
    );
    let mut values = windows.before.clone();
    values.push(windows.now);
    let start = Some(windows.before.len());
    let title = format!("{subject}, {} in windows of {} days", measure.unit(), own.window_days);
    let series = window_series(title, view.day(), own.window_days, values, start);
    Some(PatternFact { series, ..fact(PatternKind::Surge, words) })
}
