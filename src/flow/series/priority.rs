//! The goods of a group by destination: the last twelve months against the
//! twelve before, and against trade in all goods.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::analysis::Group;
use super::family::Family;
use super::finding::Subject;
use super::panel::{Line, Panel};

/// What of a group went to a partner, from all reporters and by all routes.
#[derive(Clone, PartialEq, Debug)]
pub struct Destination {
    pub group: Arc<str>,
    pub partner: Arc<str>,
    /// Sum of the twelve months before the last twelve (fewer if there are not
    /// so many), as the sum of as many months as `now`.
    pub before: f64,
    /// Sum of the last twelve months, or of half of all if those are fewer.
    pub now: f64,
    /// The same of all goods; none where the file has no others.
    pub whole: Option<(f64, f64)>,
    /// Month by month.
    pub values: Vec<f64>,
}

impl Destination {
    /// The growth of the group over that of all goods; none without both.
    #[must_use]
    pub fn beyond_whole(&self) -> Option<f64> {
        let (before, now) = self.whole?;
        (self.before > 0.0 && before > 0.0 && now > 0.0).then(|| (self.now / self.before) / (now / before))
    }
}

/// Largest change first.
pub(super) fn destinations(families: &[Family], months: usize) -> Vec<Destination> {
    let length = (months / 2).min(12);
    let mut whole: BTreeMap<&Arc<str>, (f64, f64)> = BTreeMap::new();
    let mut found: BTreeMap<(Arc<str>, Arc<str>), Destination> = BTreeMap::new();
    for family in families {
        for member in &family.members {
            let (before, now) = two_years(&member.values, length);
            let partner = &member.key.partner;
            match &family.subject {
                Subject::All => {
                    let sum = whole.entry(partner).or_default();
                    *sum = (sum.0 + before, sum.1 + now);
                }
                Subject::Group(group) => {
                    let entry = found.entry((Arc::clone(group), Arc::clone(partner))).or_insert_with(|| {
                        Destination {
                            group: Arc::clone(group),
                            partner: Arc::clone(partner),
                            before: 0.0,
                            now: 0.0,
                            whole: None,
                            values: vec![0.0; months],
                        }
                    });
                    entry.before += before;
                    entry.now += now;
                    super::family::add(&mut entry.values, &member.values);
                }
                Subject::Code(_) => {}
            }
        }
    }
    let mut found: Vec<Destination> = found
        .into_values()
        .map(|destination| Destination { whole: whole.get(&destination.partner).copied(), ..destination })
        .collect();
    found.sort_by(|a, b| {
        (b.now - b.before).abs().total_cmp(&(a.now - a.before).abs()).then(a.partner.cmp(&b.partner))
    });
    found
}

fn two_years(values: &[f64], length: usize) -> (f64, f64) {
    let end = values.len();
    let sum = |from: usize, to: usize| values.get(from..to).unwrap_or_default().iter().sum::<f64>();
    let (middle, from) = (end.saturating_sub(length), end.saturating_sub(2 * length));
    (sum(from, middle), sum(middle, end))
}

/// What went from a reporter to a partner.
#[derive(Clone, PartialEq, Debug)]
pub struct Lane {
    pub reporter: Arc<str>,
    pub partner: Arc<str>,
    /// As of [`Destination`].
    pub before: f64,
    pub now: f64,
}

/// The lanes of a panel told apart by reporter and partner: of the groups'
/// goods where the panel has any, else of all. Largest change first; those
/// without a change left out.
#[must_use]
pub fn lanes(panel: &Panel, groups: &[Group]) -> Vec<Lane> {
    let length = (panel.months.len() / 2).min(12);
    let watched = |line: &&Line| groups.iter().any(|group| group.holds(&line.key.code));
    let any = panel.lines.iter().any(|line| watched(&line));
    let all = if panel.totals.is_empty() { &panel.lines } else { &panel.totals };
    let lines: Vec<&Line> =
        if any { panel.lines.iter().filter(watched).collect() } else { all.iter().collect() };
    let mut sums: BTreeMap<[&Arc<str>; 2], (f64, f64)> = BTreeMap::new();
    for line in lines {
        let (before, now) = two_years(&line.values, length);
        let sum = sums.entry([&line.key.reporter, &line.key.partner]).or_default();
        *sum = (sum.0 + before, sum.1 + now);
    }
    let mut found: Vec<Lane> = sums
        .into_iter()
        .map(|([reporter, partner], (before, now))| Lane {
            reporter: Arc::clone(reporter),
            partner: Arc::clone(partner),
            before,
            now,
        })
        .filter(|lane| (lane.now - lane.before).abs() > 0.0)
        .collect();
    found.sort_by(|a, b| {
        let size = |lane: &Lane| (lane.now - lane.before).abs();
        size(b).total_cmp(&size(a)).then_with(|| (&a.reporter, &a.partner).cmp(&(&b.reporter, &b.partner)))
    });
    found
}
