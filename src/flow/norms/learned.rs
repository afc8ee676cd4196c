//! Norms, past findings and weights learned from lines; and lines ranked by
//! them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::line::Line;
use super::logistic::Weights;
use super::parameters::Parameters;
use super::rates::Rates;
use super::signals::{SIGNALS, Seen, Signals, Sources};
use super::table::{NormTable, Reading, figures};

/// What was learned.
#[derive(Clone, PartialEq, Debug)]
pub struct Learned {
    pub norms: NormTable,
    /// Empty where no line was labelled.
    pub rates: Rates,
    /// Fitted on labels; none: the fixed weights of the parameters are used.
    pub weights: Option<Weights>,
    /// What it was learned from, for people.
    pub about: About,
}

/// What norms were learned from.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct About {
    /// Files with their hashes.
    pub sources: Vec<String>,
    pub lines: u64,
    pub labelled: u64,
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// A line with its score.
#[derive(Clone, PartialEq, Debug)]
pub struct Scored {
    /// Number of the line as given.
    pub line: usize,
    /// A chance between 0 and 1 where the weights are fitted, else a sum of
    /// deviations.
    pub score: f64,
    /// How far the unit value is from what is usual, in robust deviations; none
    /// where that is not known.
    pub distance: Option<f64>,
    /// The unit value lies beyond ninety-eight in a hundred.
    pub outside: bool,
    /// The signals that add most, with what they add; most first.
    pub reasons: Vec<(&'static str, f64)>,
}

/// Signals that are told.
const MOST_REASONS: usize = 4;
/// Labelled lines below which no weights are fitted.
const FEWEST_LABELLED: usize = 200;

/// Numbers of the lines in the order of their days; lines without a day first.
fn days_in_order(lines: &[Line]) -> Vec<Vec<usize>> {
    let mut by_day: BTreeMap<Option<Date>, Vec<usize>> = BTreeMap::new();
    for (number, line) in lines.iter().enumerate() {
        by_day.entry(line.day).or_default().push(number);
    }
    by_day.into_values().collect()
}

impl Learned {
    /// Learns norms of all lines and, from those that are labelled, past
    /// findings and weights. The order of the lines changes nothing.
    #[must_use]
    pub fn from_lines(lines: &[Line], sources: Vec<String>, parameters: &Parameters) -> Self {
        let norms = NormTable::learn(lines);
        let labelled = lines.iter().filter(|line| line.found.is_some()).count();
        let about = About {
            sources,
            lines: lines.len() as u64,
            labelled: labelled as u64,
            from: lines.iter().filter_map(|line| line.day).min(),
            to: lines.iter().filter_map(|line| line.day).max(),
        };
        let mut learned = Self { norms, rates: Rates::new(1.0), weights: None, about };
        if labelled < FEWEST_LABELLED {
            return learned;
        }
        let days = days_in_order(lines);
        let surprise = |rate_lines: f64| surprise(lines, &days, rate_lines);
        let best = parameters.rate_lines.iter().copied().min_by(|a, b| surprise(*a).total_cmp(&surprise(*b)));
        let rate_lines = best.unwrap_or(1.0);
        learned.rates = Rates::new(rate_lines);
        for line in lines {
            if let Some(wrong) = line.found {
                learned.rates.add(line, wrong);
            }
        }
        let (signals, wrong) = as_of_training(&learned.norms, lines, &days, rate_lines, parameters);
        if !signals.is_empty() {
            learned.weights = Some(Weights::fit(&signals, &wrong));
        }
        learned
    }

    /// Scores lines, each by what came before its day; highest first, then in
    /// the order given.
    #[must_use]
    pub fn rank(&self, lines: &[Line], parameters: &Parameters) -> Vec<Scored> {
        let mut seen = Seen::default();
        let mut signals: Vec<Signals> = vec![[0.0; SIGNALS.len()]; lines.len()];
        for day in days_in_order(lines) {
            let sources = Sources { norms: &self.norms, seen: &seen, rates: &self.rates, parameters };
            for number in &day {
                if let (Some(line), Some(place)) = (lines.get(*number), signals.get_mut(*number)) {
                    *place = sources.of(line);
                }
            }
            for line in day.iter().filter_map(|number| lines.get(*number)) {
                seen.add(line);
            }
        }
        let fixed = || {
            let weight = SIGNALS.map(|name| parameters.weights.get(name).copied().unwrap_or(0.0));
            Weights::fixed(&signals, weight)
        };
        let weights = self.weights.clone().unwrap_or_else(fixed);
        let mut scored: Vec<Scored> = lines
            .iter()
            .zip(&signals)
            .enumerate()
            .map(|(number, (line, signals))| {
                let (sum, parts) = weights.weigh(signals);
                let mut reasons: Vec<(&'static str, f64)> = SIGNALS.into_iter().zip(parts).collect();
                reasons.retain(|(_, part)| *part > 0.05);
                reasons.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
                reasons.truncate(MOST_REASONS);
                let score = if self.weights.is_some() { 1.0 / (1.0 + (-sum).exp()) } else { sum };
                let reading = self.reading(line, parameters);
                Scored {
                    line: number,
                    score,
                    distance: reading.as_ref().map(|reading| reading.distance),
                    outside: reading.is_some_and(|reading| reading.outside),
                    reasons,
                }
            })
            .collect();
        scored.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.line.cmp(&b.line)));
        scored
    }

    /// The first figure of a line against what is usual.
    fn reading(&self, line: &Line, parameters: &Parameters) -> Option<Reading> {
        figures(line).into_iter().find_map(|figure| self.norms.read(&figure, &line.hs, parameters))
    }
}

/// How badly past findings foretell the labels, each from the days before it.
fn surprise(lines: &[Line], days: &[Vec<usize>], rate_lines: f64) -> f64 {
    let mut rates = Rates::new(rate_lines);
    let mut surprise = 0.0;
    for day in days {
        let of_day =
            || day.iter().filter_map(|number| lines.get(*number)).filter_map(|l| Some((l, l.found?)));
        for (line, wrong) in of_day() {
            let chance = rates.of(line).narrowest.clamp(1e-4, 1.0 - 1e-4);
            surprise -= if wrong { chance.ln() } else { (1.0 - chance).ln() };
        }
        of_day().for_each(|(line, wrong)| rates.add(line, wrong));
    }
    surprise
}

/// Signals and labels of the labelled lines as they stood on their days. The
/// first quarter only fills what was seen before.
fn as_of_training(
    norms: &NormTable,
    lines: &[Line],
    days: &[Vec<usize>],
    rate_lines: f64,
    parameters: &Parameters,
) -> (Vec<Signals>, Vec<bool>) {
    let mut seen = Seen::default();
    let mut rates = Rates::new(rate_lines);
    let (mut signals, mut labels) = (Vec::new(), Vec::new());
    let mut passed = 0;
    for day in days {
        let of_day = || day.iter().filter_map(|number| lines.get(*number));
        if passed * 4 >= lines.len() {
            let sources = Sources { norms, seen: &seen, rates: &rates, parameters };
            for line in of_day() {
                if let Some(wrong) = line.found {
                    signals.push(sources.of(line));
                    labels.push(wrong);
                }
            }
        }
        for line in of_day() {
            seen.add(line);
            if let Some(wrong) = line.found {
                rates.add(line, wrong);
            }
        }
        passed += day.len();
    }
    (signals, labels)
}

#[cfg(test)]
mod tests {
    use super::super::line::Who;
    use super::*;

    /// Lines of which those of one code on one lane are mostly wrong.
    fn lines(days: std::ops::Range<i16>) -> Vec<Line> {
        let mut lines = Vec::new();
        for day in days {
            for n in 0..20i16 {
                let mut line = Line {
                    id: format!("{day}-{n}"),
                    day: Date::new(2024, 1, 1).unwrap().checked_add(jiff::Span::new().days(day)).ok(),
                    hs: ["854231", "940330", "620822", "392690"][usize::try_from(n % 4).unwrap()].to_owned(),
                    kg: Some(f64::from(1 + n)),
                    value: Some(f64::from(100 + n * 7 + day)),
                    currency: "USD".to_owned(),
                    ..Line::default()
                };
                line.who[Who::Origin as usize] = if n % 3 == 0 { "CN" } else { "DE" }.to_owned();
                line.who[Who::Departure as usize] = if n % 5 == 0 { "HK" } else { "DE" }.to_owned();
                let odd = n % 4 == 0 && n % 3 == 0;
                line.found = Some(odd != ((day + n) % 11 == 0));
                lines.push(line);
            }
        }
        lines
    }

    #[test]
    fn what_was_wrong_before_is_ranked_first_without_looking_at_the_labels() {
        let learned = Learned::from_lines(&lines(0..60), Vec::new(), Parameters::shipped());
        let mut later = lines(60..80);
        let wrong: Vec<bool> = later.iter().map(|line| line.found == Some(true)).collect();
        for line in &mut later {
            line.found = None;
        }
        let ranked = learned.rank(&later, Parameters::shipped());
        let top = ranked.iter().take(40).filter(|scored| wrong[scored.line]).count();
        assert!(top > 30, "{top} of the first 40");
        assert_eq!(ranked.len(), later.len());
    }

    #[test]
    fn later_lines_change_nothing_before_them() {
        let learned = Learned::from_lines(&lines(0..60), Vec::new(), Parameters::shipped());
        let score = |lines: &[Line]| -> BTreeMap<String, f64> {
            learned
                .rank(lines, Parameters::shipped())
                .iter()
                .map(|s| (lines[s.line].id.clone(), s.score))
                .collect()
        };
        let (short, long) = (score(&lines(60..64)), score(&lines(60..70)));
        for (id, score) in short {
            assert_eq!(long.get(&id), Some(&score), "{id}");
        }
    }

    #[test]
    fn the_order_of_lines_changes_nothing() {
        let plain = lines(0..30);
        let mut turned = plain.clone();
        turned.reverse();
        let learn = |lines: &[Line]| Learned::from_lines(lines, Vec::new(), Parameters::shipped());
        let (one, other) = (learn(&plain), learn(&turned));
        assert_eq!(one.norms, other.norms);
        assert_eq!(one.rates, other.rates);
        let (a, b) = (one.weights.unwrap(), other.weights.unwrap());
        assert!(a.weight.iter().zip(&b.weight).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}
