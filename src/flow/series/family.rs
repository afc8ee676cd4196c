//! Series that belong together: the same goods toward different partners.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::analysis::Group;
use super::finding::Subject;
use super::panel::{Dimension, Line, LineKey, Panel};

/// One series with its goods.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Member {
    /// With an empty code.
    pub key: LineKey,
    pub values: Vec<f64>,
    pub amounts: Option<Vec<f64>>,
}

/// The same goods from the same reporter by the same route, toward all
/// partners.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Family {
    pub subject: Subject,
    pub priority: bool,
    pub members: Vec<Member>,
    /// All members together, month by month.
    pub total: Vec<f64>,
    /// The first month in which anybody traded the goods.
    pub from: usize,
}

impl Family {
    fn new(subject: Subject, priority: bool, members: Vec<Member>) -> Self {
        let months = members.iter().map(|member| member.values.len()).max().unwrap_or_default();
        let mut total = vec![0.0; months];
        for member in &members {
            add(&mut total, &member.values);
        }
        let from = total.iter().position(|sum| *sum > 0.0).unwrap_or(months);
        Self { subject, priority, members, total, from }
    }

    /// What goes to all others than a member; none when it is the only one.
    pub fn others(&self, member: &Member) -> Option<Vec<f64>> {
        (self.members.len() > 1).then(|| {
            // Rounding must not make trade of nothing.
            let rest =
                |(total, own): (&f64, &f64)| if total - own > total * 1e-12 { total - own } else { 0.0 };
            self.total.iter().zip(&member.values).map(rest).collect()
        })
    }
}

pub(super) fn add(sum: &mut [f64], values: &[f64]) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += value;
    }
}

/// Members by reporter and route.
type ByPlace = BTreeMap<(Arc<str>, Arc<str>), Vec<Member>>;

/// All families of a panel: by code, then groups, then all goods. Codes are
/// left out where lines are not told apart by them; a group without a line too;
/// all goods where they are one code or one group.
pub(super) fn families(panel: &Panel, groups: &[Group]) -> Vec<Family> {
    let mut found = Vec::new();
    let in_a_group = |code: &str| groups.iter().any(|group| group.holds(code));
    if panel.by.contains(&Dimension::Code) {
        let mut codes: BTreeMap<Arc<str>, ByPlace> = BTreeMap::new();
        for line in &panel.lines {
            let place = (Arc::clone(&line.key.reporter), Arc::clone(&line.key.via));
            let member = member(line);
            codes.entry(Arc::clone(&line.key.code)).or_default().entry(place).or_default().push(member);
        }
        for (code, places) in codes {
            let priority = in_a_group(&code);
            let subject = Subject::Code(code);
            found.extend(places.into_values().map(|members| Family::new(subject.clone(), priority, members)));
        }
    }
    for group in groups {
        let places = summed(panel.lines.iter().filter(|line| group.holds(&line.key.code)));
        let subject = Subject::Group(group.title.as_str().into());
        found.extend(places.into_values().map(|members| Family::new(subject.clone(), true, members)));
    }
    let mut codes: Vec<&Arc<str>> = panel.lines.iter().map(|line| &line.key.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let one_group = groups.iter().any(|group| codes.iter().all(|code| group.holds(code)));
    let of_all = if panel.totals.is_empty() { panel.lines.iter() } else { panel.totals.iter() };
    let by_code = panel.by.contains(&Dimension::Code);
    if !panel.totals.is_empty() || !by_code || (codes.len() > 1 && !one_group) {
        let places = summed(of_all);
        found.extend(places.into_values().map(|members| Family::new(Subject::All, false, members)));
    }
    found
}

fn member(line: &Line) -> Member {
    Member {
        key: LineKey { code: "".into(), ..line.key.clone() },
        values: line.values.clone(),
        amounts: line.amounts.clone(),
    }
}

/// Lines summed over their codes.
fn summed<'l>(lines: impl Iterator<Item = &'l Line>) -> ByPlace {
    let mut sums: BTreeMap<LineKey, Member> = BTreeMap::new();
    for line in lines {
        let key = LineKey { code: "".into(), ..line.key.clone() };
        match sums.get_mut(&key) {
            None => {
                sums.insert(key, member(line));
            }
            Some(sum) => {
                add(&mut sum.values, &line.values);
                if let (Some(sum), Some(amounts)) = (&mut sum.amounts, &line.amounts) {
                    add(sum, amounts);
                }
            }
        }
    }
    let mut places = ByPlace::new();
    for (key, member) in sums {
        let place = (Arc::clone(&key.reporter), Arc::clone(&key.via));
        places.entry(place).or_default().push(member);
    }
    places
}
