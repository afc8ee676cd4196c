//! A panel → findings, ranked.
//!
//! Every month is judged by what came before it; what is known only at the end
//! (the size since the start, the comparisons shown beside a finding) is told as
//! of the last month.

use super::episode::Episode;
use super::expectation::Side;
use super::family::{Family, Member, families};
use super::finding::{Finding, Kind, Mirrored, Subject, Trace};
use super::month::Month;
use super::panel::Panel;
use super::parameters::Parameters;
use super::priority::{Destination, destinations};
use super::rise::Series;
use super::share::shares;
use super::windows::as_float;

/// A group of codes that is watched.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Group {
    pub title: String,
    /// Beginnings of codes.
    pub prefixes: Vec<String>,
}

impl Group {
    /// Whether a code is one of the group: it begins with one of its codes.
    #[must_use]
    pub fn holds(&self, code: &str) -> bool {
        self.prefixes.iter().any(|prefix| code.starts_with(prefix.as_str()))
    }
}

/// Everything that was found in a panel.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Analysis {
    /// Ranked: those that somebody should look at first, then context.
    pub findings: Vec<Finding>,
    pub months: Vec<Month>,
    pub empty_months: Vec<Month>,
    /// Series that were looked at.
    pub series: u64,
    /// Series that could be judged, by month.
    pub judged: Vec<u64>,
    /// The usual size of one entry.
    pub grain: f64,
    /// Goods of the groups, by partner; largest change first.
    pub destinations: Vec<Destination>,
}

impl Analysis {
    /// Findings that somebody should look at.
    pub fn flags(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.kind.is_flag())
    }

    /// Flags first told before a month, months of series judged before it, and
    /// the first a thousand of the second.
    #[must_use]
    pub fn told_before(&self, month: Month) -> (u64, u64, f64) {
        let told =
            u64::try_from(self.flags().filter(|finding| finding.found < month).count()).unwrap_or(u64::MAX);
        let judged =
            self.months.iter().zip(&self.judged).filter(|(at, _)| **at < month).map(|(_, n)| n).sum();
        (told, judged, per_thousand(told, judged))
    }

    /// As [`Self::told_before`], from a month on.
    #[must_use]
    pub fn told_from(&self, month: Month) -> (u64, u64, f64) {
        let told =
            u64::try_from(self.flags().filter(|finding| finding.found >= month).count()).unwrap_or(u64::MAX);
        let judged =
            self.months.iter().zip(&self.judged).filter(|(at, _)| **at >= month).map(|(_, n)| n).sum();
        (told, judged, per_thousand(told, judged))
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts")]
pub(super) fn per_thousand(told: u64, judged: u64) -> f64 {
    if judged == 0 { 0.0 } else { told as f64 * 1000.0 / judged as f64 }
}

/// Judges every series of a panel, month by month.
#[must_use]
pub fn analyse(panel: &Panel, groups: &[Group], p: &Parameters) -> Analysis {
    let families = families(panel, groups);
    let mut analysis = Analysis {
        months: panel.months.clone(),
        empty_months: panel.empty_months.clone(),
        judged: vec![0; panel.months.len()],
        grain: panel.grain,
        destinations: destinations(&families, panel.months.len()),
        ..Analysis::default()
    };
    for family in &families {
        let whole = families.iter().find(|other| other.subject == Subject::All && same_place(other, family));
        of_family(panel, family, whole, p, &mut analysis);
    }
    analysis.findings.extend(shares(panel, &families, p));
    analysis.findings.sort_by(|a, b| {
        (b.kind.is_flag().cmp(&a.kind.is_flag()))
            .then(b.score.total_cmp(&a.score))
            .then_with(|| (&a.subject, &a.key, a.kind, a.found).cmp(&(&b.subject, &b.key, b.kind, b.found)))
    });
    analysis
}

fn same_place(a: &Family, b: &Family) -> bool {
    let place = |family: &Family| {
        family.members.first().map(|member| (member.key.reporter.clone(), member.key.via.clone()))
    };
    place(a) == place(b)
}

fn of_family(
    panel: &Panel,
    family: &Family,
    whole: Option<&Family>,
    p: &Parameters,
    analysis: &mut Analysis,
) {
    let others: Vec<Option<Vec<f64>>> = family.members.iter().map(|member| family.others(member)).collect();
    let series: Vec<Series<'_>> = family
        .members
        .iter()
        .zip(&others)
        .map(|(member, others)| Series {
            months: &panel.months,
            values: &member.values,
            amounts: member.amounts.as_deref(),
            others: others.as_deref(),
            from: family.from,
            grain: panel.grain,
            counts: panel.counts,
            p,
        })
        .collect();
    let falls: Vec<Vec<Episode>> = series.iter().map(Series::falls).collect();
    for (at, (member, series)) in family.members.iter().zip(&series).enumerate() {
        analysis.series += 1;
        for month in series.judged() {
            if let Some(count) = analysis.judged.get_mut(month) {
                *count += 1;
            }
        }
        // As of a month: has somebody else's trade in these goods fallen lately?
        let elsewhere =
            || falls.iter().enumerate().filter(move |(other, _)| *other != at).flat_map(|(_, falls)| falls);
        let near =
            |start: usize, month: usize| start + usize::try_from(p.mirror_apart).unwrap_or(0) + 2 >= month;
        let leans = |month: usize| elsewhere().any(|fall| fall.found <= month && near(fall.start, month));
        let walked = series.rises(leans);
        let tell = Teller { panel, family, member, series, whole };
        for episode in &walked.episodes {
            // What was known when it was told decides; the figures shown are those
            // of the end.
            let known = mirrors(&tell, episode, &falls, at, episode.found, p);
            if episode.leaned && known.is_empty() {
                continue;
            }
            let now = mirrors(&tell, episode, &falls, at, panel.months.len(), p);
            let mirrors = if now.is_empty() { known } else { now };
            let kind = if episode.leaned { Kind::Mirror } else { Kind::Rise };
            analysis.findings.extend(tell.finding(kind, Side::Rise, episode, mirrors));
        }
        let prices = walked.prices.iter().filter(|episode| !episode.leaned);
        analysis
            .findings
            .extend(prices.filter_map(|episode| tell.finding(Kind::Price, Side::Rise, episode, Vec::new())));
        let fallen = falls.get(at).into_iter().flatten();
        analysis
            .findings
            .extend(fallen.filter_map(|episode| tell.finding(Kind::Fall, Side::Fall, episode, Vec::new())));
    }
}

/// The falls that a rise may mirror, as of a month: near in time, and large
/// enough.
fn mirrors(
    tell: &Teller<'_>,
    rise: &Episode,
    falls: &[Vec<Episode>],
    own: usize,
    as_of: usize,
    p: &Parameters,
) -> Vec<Mirrored> {
    let (before, since) = Teller::rates(rise, &tell.member.values, Side::Rise, as_of);
    let gained = (since - before).max(0.0);
    let mut found = Vec::new();
    for (at, (member, falls)) in tell.family.members.iter().zip(falls).enumerate() {
        if at == own {
            continue;
        }
        let near = |fall: &&Episode| {
            let apart = i32::try_from(fall.start.abs_diff(rise.start)).unwrap_or(i32::MAX);
            apart <= p.mirror_apart && fall.found <= as_of.min(rise.last)
        };
        let Some(fall) = falls.iter().find(near) else { continue };
        let (before, since) = Teller::rates(fall, &member.values, Side::Fall, as_of);
        let lost = before - since;
        if lost <= 0.0 || lost < p.mirror_least_drop * gained {
            continue;
        }
        let (Some(start), Some(told)) = (tell.month(fall.start), tell.month(fall.found)) else { continue };
        found.push(Mirrored {
            partner: member.key.partner.clone(),
            start,
            found: told,
            before,
            since,
            share: gained / lost,
        });
    }
    found.sort_by(|a, b| {
        (b.before - b.since).total_cmp(&(a.before - a.since)).then(a.partner.cmp(&b.partner))
    });
    found
}

struct Teller<'a> {
    panel: &'a Panel,
    family: &'a Family,
    member: &'a Member,
    series: &'a Series<'a>,
    whole: Option<&'a Family>,
}

impl Teller<'_> {
    fn month(&self, at: usize) -> Option<Month> {
        self.panel.months.get(at).copied()
    }

    /// Trade a month before an episode, by what was expected, and since it began,
    /// up to a month.
    fn rates(episode: &Episode, values: &[f64], side: Side, as_of: usize) -> (f64, f64) {
        let end = (as_of + 1).min(values.len());
        let since = values.get(episode.start..end).unwrap_or_default();
        let mean = since.iter().sum::<f64>() / as_float(since.len().max(1));
        let before = episode.reading.expected / 3.0;
        // A fall's sums are lifted by its highest months, a rise's the other way
        // round: the plain mean of the year before is nearer to what went.
        let year = values.get(episode.start.saturating_sub(12)..episode.start).unwrap_or_default();
        let plain = year.iter().sum::<f64>() / as_float(year.len().max(1));
        let before = match side {
            Side::Rise => before.max(plain.min(mean)),
            Side::Fall => plain,
        };
        (before, mean)
    }

    fn finding(&self, kind: Kind, side: Side, episode: &Episode, mirrors: Vec<Mirrored>) -> Option<Finding> {
        let values = &self.member.values;
        let (before, since) = Self::rates(episode, values, side, values.len());
        let at = values.len().checked_sub(1)?;
        let months = as_float(values.len().saturating_sub(episode.start));
        let whole = self.whole.filter(|_| self.family.subject != Subject::All).and_then(|family| {
            let member = family.members.iter().find(|other| other.key.partner == self.member.key.partner)?;
            let series = Series { values: &member.values, amounts: None, others: None, ..*self.series };
            series.own_ratio(episode.start, at)
        });
        let moved = (since - before).abs() * months;
        let over = values.len() - episode.last > self.series.p.quiet;
        Some(Finding {
            kind,
            subject: self.family.subject.clone(),
            key: self.member.key.clone(),
            priority: self.family.priority,
            start: self.month(episode.start)?,
            found: self.month(episode.found)?,
            last: self.month(episode.last)?,
            reading: episode.reading,
            before,
            since,
            size: moved,
            others_ratio: self.series.others_ratio(episode.start, at),
            whole_ratio: whole,
            amount_ratio: self.series.goods_ratio(episode.start, at),
            score: score(episode.reading.z, moved / self.panel.grain, self.family.priority, &mirrors)
                * if over { 0.5 } else { 1.0 },
            mirrors,
            trace: Trace {
                months: self.panel.months.clone(),
                values: values.clone(),
                band: self.series.band(side, Some(episode.start)),
                start: Some(episode.start),
            },
        })
    }
}

/// Deviations, at most ten, times the logarithm of the size in grains; twice
/// that for goods that are watched, a quarter for a mirror image. What has
/// ended since counts half.
pub(super) fn score(z: f64, grains: f64, priority: bool, mirrors: &[Mirrored]) -> f64 {
    let base = z.abs().min(10.0) * (1.0 + grains.max(0.0).ln_1p());
    base * if priority { 2.0 } else { 1.0 } * if mirrors.is_empty() { 1.0 } else { 1.25 }
}
