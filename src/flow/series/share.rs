//! A route that takes a larger share of the trade toward a destination.
//!
//! Works on log odds of the share in three months; needs lines told apart by
//! the country that the goods pass. Both the route itself and its share must
//! have risen.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::analysis::score;
use super::episode::{Told, walk};
use super::expectation::{Past, Side, expected_of};
use super::family::{Family, Member, add};
use super::finding::{Finding, Kind, Reading, Trace};
use super::panel::{Dimension, LineKey, Panel};
use super::parameters::Parameters;
use super::windows::{as_float, sums_from_below};

/// Shares of every route, for each subject, reporter and partner.
pub(super) fn shares(panel: &Panel, families: &[Family], p: &Parameters) -> Vec<Finding> {
    if !panel.by.contains(&Dimension::Via) {
        return Vec::new();
    }
    let mut lanes: BTreeMap<_, Vec<(&Family, &Member)>> = BTreeMap::new();
    for family in families {
        for member in &family.members {
            let lane =
                (family.subject.clone(), Arc::clone(&member.key.reporter), Arc::clone(&member.key.partner));
            lanes.entry(lane).or_default().push((family, member));
        }
    }
    let mut found = Vec::new();
    for routes in lanes.values() {
        let mut total = vec![0.0; panel.months.len()];
        for (_, member) in routes {
            add(&mut total, &member.values);
        }
        // Straight trade is what the others take their share from.
        for (family, member) in routes.iter().filter(|(_, member)| !member.key.via.is_empty()) {
            found.extend(of_route(panel, family, member, &total, p));
        }
    }
    found
}

fn of_route(panel: &Panel, family: &Family, member: &Member, total: &[f64], p: &Parameters) -> Vec<Finding> {
    let rest: Vec<f64> =
        total.iter().zip(&member.values).map(|(total, own)| (total - own).max(0.0)).collect();
    let (own, others) = (sums_from_below(&member.values), sums_from_below(&rest));
    let from = total.iter().position(|sum| *sum > 0.0).unwrap_or(total.len());
    let odds: Vec<f64> = own
        .iter()
        .zip(&others)
        .map(|(own, rest)| ((own + panel.grain) / (rest + panel.grain)).ln())
        .collect();
    let share = |at: usize| {
        let (own, rest) =
            (own.get(at).copied().unwrap_or_default(), others.get(at).copied().unwrap_or_default());
        if own + rest > 0.0 { own / (own + rest) } else { 0.0 }
    };
    let expected = |at: usize, end: usize| {
        let past = Past { from, end, at };
        if !past.suffices(p) {
            return None;
        }
        let stop = end.saturating_sub(2).min(odds.len());
        let base = odds.get(from.max(stop.saturating_sub(p.most_past)).min(stop)..stop)?;
        expected_of(base, at - end + 1, Side::Rise, p)
    };
    let odds_to_share = |odds: f64| odds.exp() / (1.0 + odds.exp());
    let test = |at: usize, end: usize| {
        let now = *odds.get(at.checked_sub(2)?)?;
        let (level, spread) = expected(at, end)?;
        let before = odds_to_share(level);
        let now_share = share(at - 2);
        let most = own
            .get(from.min(end.saturating_sub(2))..end.saturating_sub(2))?
            .iter()
            .copied()
            .fold(0.0, f64::max);
        let reading = Reading {
            z: (now - level) / spread,
            ratio: (now - level).exp(),
            expected: before,
            observed: now_share,
            over_past: (own.get(at - 2)? + panel.grain) / (most + panel.grain),
            over_season: None,
        };
        let told = reading.z >= p.share_z
            && now_share - before >= p.share_points
            && own.get(at - 2)? >= &(p.share_grains * panel.grain)
            && reading.over_past > 1.0;
        let month_share = |place: usize| {
            let sum = total.get(place).copied().unwrap_or_default();
            if sum > 0.0 { member.values.get(place).copied().unwrap_or_default() / sum } else { 0.0 }
        };
        let bound = f64::midpoint(before, now_share);
        let start = (at - 2..=at).find(|place| month_share(*place) >= bound).unwrap_or(at);
        told.then_some(Told { reading, start, leaned: false })
    };
    let episodes = walk(panel.months.len(), p, test);
    let monthly: Vec<f64> = member
        .values
        .iter()
        .zip(total)
        .map(|(own, total)| if *total > 0.0 { own / total * 100.0 } else { 0.0 })
        .collect();
    let month = |at: usize| panel.months.get(at).copied();
    let tell = |episode: &super::episode::Episode| {
        let since = monthly.get(episode.start..).unwrap_or_default();
        let mean = since.iter().sum::<f64>() / as_float(since.len().max(1));
        let moved: f64 = member.values.get(episode.start..).unwrap_or_default().iter().sum();
        let band = (0..panel.months.len()).map(|at| {
            let (level, spread) = at.checked_sub(2).and_then(|end| expected(at, end.min(episode.start)))?;
            let edge = |deviations: f64| odds_to_share(spread.mul_add(deviations, level)) * 100.0;
            Some((edge(-2.0), edge(2.0)))
        });
        Some(Finding {
            kind: Kind::Share,
            subject: family.subject.clone(),
            key: LineKey { code: "".into(), ..member.key.clone() },
            priority: family.priority,
            start: month(episode.start)?,
            found: month(episode.found)?,
            last: month(episode.last)?,
            reading: episode.reading,
            before: episode.reading.expected * 100.0,
            since: mean,
            size: mean - episode.reading.expected * 100.0,
            others_ratio: None,
            whole_ratio: None,
            amount_ratio: None,
            mirrors: Vec::new(),
            score: score(episode.reading.z, moved / panel.grain, family.priority, &[]),
            trace: Trace {
                months: panel.months.clone(),
                values: monthly.clone(),
                band: band.map(|edges| edges.unwrap_or((f64::NAN, f64::NAN))).collect(),
                start: Some(episode.start),
            },
        })
    };
    episodes.iter().filter_map(tell).collect()
}
