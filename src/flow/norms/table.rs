//! What is usual: distributions of value per kilogram, value per piece and
//! weight per piece by tariff code, heading, chapter and for all goods.
//!
//! Currencies and units are kept apart. Where a code has few lines, what is
//! usual is drawn towards its heading's, and so on.

use std::collections::BTreeMap;

use super::line::Line;
use super::parameters::Parameters;
use super::robust::Spread;

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Measure {
    ValuePerKg,
    ValuePerPiece,
    KgPerPiece,
}

impl Measure {
    pub const ALL: [Self; 3] = [Self::ValuePerKg, Self::ValuePerPiece, Self::KgPerPiece];
    pub const WORDS: [&'static str; 3] = ["value-per-kg", "value-per-piece", "kg-per-piece"];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.key() == key)
    }
}

/// A measure in its currency and unit; those it has not are empty.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Scale {
    pub measure: Measure,
    pub currency: String,
    pub unit: String,
}

/// A figure of a line, on its scale.
#[derive(Clone, PartialEq, Debug)]
pub struct Figure {
    pub scale: Scale,
    /// Above 0.
    pub amount: f64,
}

/// A figure against what is usual.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// In robust standard deviations of the logarithm, not cut off.
    pub distance: f64,
    /// What is usual, on the figure's scale.
    pub usual: f64,
    /// It lies below one in a hundred of the group's figures, or above the
    /// other.
    pub outside: bool,
    /// The code, heading or chapter that most of it rests on; empty for all.
    pub code: String,
    /// Lines of that.
    pub count: u64,
}

/// Digits of the groups of goods, wide to narrow.
pub(super) const LEVELS: [usize; 4] = [0, 2, 4, 6];

/// The norms: by scale, by digits of the code.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct NormTable {
    pub(super) by_scale: BTreeMap<Scale, BTreeMap<String, Spread>>,
}

/// The figures of a line that can be measured.
#[must_use]
pub fn figures(line: &Line) -> Vec<Figure> {
    let positive = |amount: Option<f64>| amount.filter(|amount| amount.is_finite() && *amount > 0.0);
    let (kg, value) = (positive(line.kg), positive(line.value));
    let pieces = line.quantity.as_ref().and_then(|(amount, unit)| Some((positive(Some(*amount))?, unit)));
    let mut figures = Vec::new();
    let mut add = |measure, currency: &str, unit: &str, amount: f64| {
        if amount.is_finite() && amount > 0.0 {
            let scale = Scale { measure, currency: currency.to_owned(), unit: unit.to_owned() };
            figures.push(Figure { scale, amount });
        }
    };
    if let (Some(value), Some(kg)) = (value, kg) {
        add(Measure::ValuePerKg, &line.currency, "", value / kg);
    }
    if let Some((pieces, unit)) = pieces {
        if let Some(value) = value {
            add(Measure::ValuePerPiece, &line.currency, unit, value / pieces);
        }
        if let Some(kg) = kg {
            add(Measure::KgPerPiece, "", unit, kg / pieces);
        }
    }
    figures
}

impl NormTable {
    /// What is usual in some lines. Keeps eight bytes a figure while it works.
    #[must_use]
    pub fn learn<'l>(lines: impl IntoIterator<Item = &'l Line>) -> Self {
        let mut found: BTreeMap<Scale, BTreeMap<String, Vec<f64>>> = BTreeMap::new();
        for line in lines {
            for figure in figures(line) {
                let of_scale = found.entry(figure.scale).or_default();
                of_scale.entry(line.hs.clone()).or_default().push(figure.amount.ln());
            }
        }
        let mut table = Self::default();
        for (scale, by_code) in found {
            let mut groups: BTreeMap<String, Vec<f64>> = BTreeMap::new();
            for (code, values) in by_code {
                for digits in LEVELS {
                    if let Some(group) = code.get(..digits) {
                        groups.entry(group.to_owned()).or_default().extend(&values);
                    }
                }
            }
            let spreads = groups.into_iter().filter_map(|(code, mut v)| Some((code, Spread::of(&mut v)?)));
            table.by_scale.insert(scale, spreads.collect());
        }
        table
    }

    /// How far a figure is from what is usual for a tariff code; none where
    /// nothing is known on its scale.
    #[must_use]
    pub fn read(&self, figure: &Figure, hs: &str, parameters: &Parameters) -> Option<Reading> {
        let groups = self.by_scale.get(&figure.scale)?;
        let (mut median, mut mad) = (0.0, 0.0);
        let mut resting: Option<(&str, &Spread)> = None;
        for digits in LEVELS {
            let Some(spread) = hs.get(..digits).and_then(|code| groups.get_key_value(code)) else { continue };
            let (code, spread) = (spread.0.as_str(), spread.1);
            #[expect(clippy::cast_precision_loss, reason = "a count of lines")]
            let own = spread.count as f64;
            let part = if resting.is_none() { 1.0 } else { own / (own + parameters.lines) };
            median += part * (spread.median - median);
            mad += part * (spread.mad - mad);
            if part >= 0.5 {
                resting = Some((code, spread));
            }
        }
        let (code, group) = resting?;
        let log = figure.amount.ln();
        let deviation = (mad * 1.4826).max(parameters.least_spread);
        Some(Reading {
            distance: (log - median) / deviation,
            usual: median.exp(),
            outside: log < group.low || log > group.high,
            code: code.to_owned(),
            count: group.count,
        })
    }

    /// Scales that something is known on.
    pub fn scales(&self) -> impl Iterator<Item = &Scale> {
        self.by_scale.keys()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_scale.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(hs: &str, kg: f64, value: f64, currency: &str) -> Line {
        Line {
            hs: hs.to_owned(),
            kg: Some(kg),
            value: Some(value),
            currency: currency.to_owned(),
            ..Line::default()
        }
    }

    fn distance(table: &NormTable, line: &Line) -> Option<f64> {
        let figure = figures(line).into_iter().next()?;
        table.read(&figure, &line.hs, Parameters::shipped()).map(|reading| reading.distance)
    }

    #[test]
    fn a_code_with_many_lines_is_judged_by_its_own_and_one_with_few_by_its_heading() {
        let mut lines: Vec<Line> =
            (0..200).map(|i| line("854231", 1.0, 90.0 + f64::from(i % 20), "USD")).collect();
        lines.extend((0..200).map(|i| line("854232", 1.0, 9.0 + f64::from(i % 3), "USD")));
        lines.push(line("854239", 1.0, 5000.0, "USD"));
        let table = NormTable::learn(&lines);
        assert!(distance(&table, &line("854231", 1.0, 100.0, "USD")).unwrap().abs() < 1.0);
        assert!(distance(&table, &line("854231", 1.0, 10.0, "USD")).unwrap() < -5.0);
        // One line of its own says little: the heading decides, whose goods
        // are of two kinds, so that much is usual.
        assert!((1.0..3.0).contains(&distance(&table, &line("854239", 1.0, 5000.0, "USD")).unwrap()));
        let figure = figures(&line("854299", 1.0, 10.0, "USD")).remove(0);
        assert_eq!(table.read(&figure, "854299", Parameters::shipped()).unwrap().code, "8542");
    }

    #[test]
    fn currencies_and_units_are_never_mixed() {
        let lines: Vec<Line> = (0..50).map(|_| line("854231", 1.0, 100.0, "USD")).collect();
        let table = NormTable::learn(&lines);
        assert!(distance(&table, &line("854231", 1.0, 100.0, "KRW")).is_none());
        assert!(figures(&line("854231", 0.0, 100.0, "USD")).is_empty());
        assert!(figures(&line("854231", 1.0, f64::NAN, "USD")).is_empty());
    }

    #[test]
    fn figures_that_are_all_the_same_do_not_make_a_small_difference_odd() {
        let lines: Vec<Line> = (0..50).map(|_| line("854231", 1.0, 100.0, "USD")).collect();
        let table = NormTable::learn(&lines);
        assert!(distance(&table, &line("854231", 1.0, 110.0, "USD")).unwrap() < 1.0);
    }
}
