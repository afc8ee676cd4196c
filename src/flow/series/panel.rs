//! A [`Cube`] seen by the dimensions one asks for: one line a combination,
//! with a figure for every month.
//!
//! A month without a row is zero: publishers leave zeros out. Only a month in
//! which the whole cube holds nothing, between others, is no month at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cube::{Cube, Measure};
use super::month::Month;
use super::windows::median;

/// Months that the grain is taken from.
const FIRST_YEAR: usize = 12;

/// What lines are told apart by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Dimension {
    Reporter,
    Partner,
    Via,
    Code,
}

impl Dimension {
    pub const ALL: [Self; 4] = [Self::Reporter, Self::Partner, Self::Via, Self::Code];
    pub const WORDS: [&'static str; 4] = ["reporter", "partner", "via", "code"];

    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.key() == key)
    }
}

/// What a line is of. Empty where lines are not told apart by it; an empty
/// code is the trade in all goods.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct LineKey {
    pub reporter: Arc<str>,
    pub partner: Arc<str>,
    pub via: Arc<str>,
    pub code: Arc<str>,
}

/// One series.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    pub key: LineKey,
    /// One a month of the panel; from 0.
    pub values: Vec<f64>,
    /// Weight in kilograms, or pieces, where the file has them and they are not
    /// what is counted: what tells a higher price from more goods.
    pub amounts: Option<Vec<f64>>,
}

/// Lines by code, and by all goods together.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Panel {
    /// Ascending; those with nothing in the whole cube left out.
    pub months: Vec<Month>,
    /// Those left out.
    pub empty_months: Vec<Month>,
    pub by: Vec<Dimension>,
    /// Told apart by the dimensions and by code, sorted.
    pub lines: Vec<Line>,
    /// All goods together, where the cube has rows for that itself.
    pub totals: Vec<Line>,
    /// The median of the months of the first year, of all lines, that are not
    /// zero: the usual size of one entry. Above 0.
    pub grain: f64,
    /// The values are counts of entries.
    pub counts: bool,
}

impl Panel {
    /// `as_of`: nothing after that month is looked at.
    #[must_use]
    pub fn new(cube: &Cube, by: &[Dimension], measure: Measure, as_of: Option<Month>) -> Self {
        let Some((first, last)) = cube.span() else { return Self { grain: 1.0, ..Self::default() } };
        let last = as_of.map_or(last, |month| month.min(last));
        let all: Vec<Month> = (0..=last.since(first)).map(|at| first.plus(at)).collect();
        let mut seen = vec![false; all.len()];
        let place = |month: Month| usize::try_from(month.since(first)).ok();
        for month in cube.cells.values().flat_map(BTreeMap::keys) {
            if let Some(flag) = place(*month).and_then(|at| seen.get_mut(at)) {
                *flag = true;
            }
        }
        let amounts_of = match measure {
            Measure::Value if cube.has_weight() => Some(Measure::Weight),
            Measure::Value if cube.has_quantity() => Some(Measure::Quantity),
            _ => None,
        };
        let mut lines: BTreeMap<LineKey, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
        let part = |wanted: Dimension, text: &Arc<str>| {
            if by.contains(&wanted) { Arc::clone(text) } else { Arc::from("") }
        };
        for (cell, months) in &cube.cells {
            let key = LineKey {
                reporter: part(Dimension::Reporter, &cell.reporter),
                partner: part(Dimension::Partner, &cell.partner),
                via: part(Dimension::Via, &cell.via),
                code: Arc::clone(&cell.code),
            };
            let (values, amounts) =
                lines.entry(key).or_insert_with(|| (vec![0.0; all.len()], vec![0.0; all.len()]));
            for (month, sums) in months {
                let Some(at) = place(*month) else { continue };
                if let Some(value) = values.get_mut(at) {
                    *value += sums.of(measure);
                }
                if let (Some(measure), Some(amount)) = (amounts_of, amounts.get_mut(at)) {
                    *amount += sums.of(measure);
                }
            }
        }
        let kept = |values: Vec<f64>| -> Vec<f64> {
            values.into_iter().zip(&seen).filter(|(_, seen)| **seen).map(|(value, _)| value).collect()
        };
        let mut panel = Self { by: by.to_vec(), counts: measure == Measure::Count, ..Self::default() };
        for (month, seen) in all.iter().zip(&seen) {
            if *seen { panel.months.push(*month) } else { panel.empty_months.push(*month) }
        }
        for (key, (values, amounts)) in lines {
            let line = Line { values: kept(values), amounts: amounts_of.map(|_| kept(amounts)), key };
            if line.key.code.is_empty() { panel.totals.push(line) } else { panel.lines.push(line) }
        }
        panel.grain = grain(&panel);
        panel
    }

    /// The same lines with the months put together anew: each month takes the
    /// figures of the month at the place given.
    #[must_use]
    pub fn reordered(&self, places: &[usize]) -> Self {
        let pick = |values: &[f64]| -> Vec<f64> {
            places.iter().map(|at| values.get(*at).copied().unwrap_or_default()).collect()
        };
        let again = |line: &Line| Line {
            key: line.key.clone(),
            values: pick(&line.values),
            amounts: line.amounts.as_deref().map(pick),
        };
        let months = (0..places.len())
            .filter_map(|at| Some(self.months.first()?.plus(i32::try_from(at).ok()?)))
            .collect();
        Self {
            months,
            empty_months: Vec::new(),
            by: self.by.clone(),
            lines: self.lines.iter().map(again).collect(),
            totals: self.totals.iter().map(again).collect(),
            grain: self.grain,
            counts: self.counts,
        }
    }
}

/// Of the first year alone, so that the months judged later don't know what is
/// to come; of all months where the first year is empty.
fn grain(panel: &Panel) -> f64 {
    let cells = |months: usize| -> Vec<f64> {
        let lines = panel.lines.iter().chain(&panel.totals);
        let values = lines.flat_map(|line| line.values.iter().take(months).copied());
        values.filter(|value| *value > 0.0).collect()
    };
    let of = |months: usize| median(&mut cells(months)).filter(|grain| *grain > 0.0 && grain.is_finite());
    of(FIRST_YEAR).or_else(|| of(usize::MAX)).unwrap_or(1.0)
}
