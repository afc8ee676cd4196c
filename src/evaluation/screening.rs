//! The whole evaluation of labelled queries.

use std::collections::BTreeMap;

use super::{Band, Case, Negatives, Point, Scores, Share, Step, calibration, shortest_between};

/// The false-positive rates at which recall is told.
pub const FALSE_POSITIVE_RATES: [f64; 4] = [0.001, 0.005, 0.01, 0.05];
/// The false-positive rate up to which the partial area reaches.
pub const PARTIAL_AUC_UP_TO: f64 = 0.05;
/// Rows of the sweep at most.
pub const SWEEP_ROWS: usize = 500;

/// What is to be told besides the fixed figures.
#[derive(Clone, PartialEq, Debug)]
pub struct Options {
    /// The negatives that thresholds and areas are measured on.
    pub negatives: Negatives,
    /// Share of those that may raise an alarm, 0 to below 1.
    pub target_alarm_rate: f64,
    /// Bands of the calibration, at least 1.
    pub bands: usize,
    /// Thresholds in use, by name.
    pub thresholds: Vec<(&'static str, f64)>,
}

/// A threshold for the wanted alarm rate, short enough to write down.
#[derive(Clone, PartialEq, Debug)]
pub struct Suggestion {
    pub target_alarm_rate: f64,
    pub point: Point,
}

/// What holds for a class of positives at any threshold.
#[derive(Clone, PartialEq, Debug)]
pub struct ClassFigures {
    pub class: String,
    pub positives: usize,
    /// Area under the ROC curve against the measured negatives.
    pub auc: Option<f64>,
}

/// All figures of labelled queries.
#[derive(Clone, PartialEq, Debug)]
pub struct Evaluation {
    pub negatives: Negatives,
    pub positive_count: usize,
    pub negative_count: usize,
    pub natural_count: usize,
    pub near_count: usize,
    pub auc: Option<f64>,
    pub partial_auc: Option<f64>,
    pub average_precision: Option<f64>,
    /// By [`FALSE_POSITIVE_RATES`]; empty without negatives.
    pub at_rates: Vec<(f64, Point)>,
    /// By name of the class.
    pub classes: Vec<ClassFigures>,
    /// By the thresholds in use.
    pub configured: Vec<(&'static str, Point)>,
    /// `None` without negatives, or where so many of them score highest that
    /// no threshold keeps the rate.
    pub suggestion: Option<Suggestion>,
    /// Highest threshold first, [`SWEEP_ROWS`] at most.
    pub sweep: Vec<Step>,
    /// The ROC curve up to [`PARTIAL_AUC_UP_TO`].
    pub roc: Vec<Step>,
    pub calibration: Vec<Band>,
}

impl Evaluation {
    #[must_use]
    pub fn new(cases: &[Case], options: &Options) -> Self {
        let positives = || cases.iter().filter(|case| case.is_positive());
        let negatives = || cases.iter().filter(|case| !case.is_positive());
        let wrong: Vec<f64> =
            negatives().filter(|case| options.negatives.hold(case)).map(Case::best_any).collect();
        let scores = Scores::new(positives().map(Case::best_true).collect(), wrong.clone());
        let at_rates: Vec<(f64, Point)> = FALSE_POSITIVE_RATES
            .into_iter()
            .filter_map(|rate| Some((rate, Point::new(cases, scores.threshold_at(rate)?))))
            .collect();
        let mut by_class: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for case in positives() {
            by_class.entry(&case.class).or_default().push(case.best_true());
        }
        let figures = |(class, best): (&str, Vec<f64>)| ClassFigures {
            class: class.to_owned(),
            positives: best.len(),
            auc: Scores::new(best, wrong.clone()).auc(),
        };
        let classes = by_class.into_iter().map(figures).collect();
        let near_count = negatives().filter(|case| case.is_near()).count();
        Self {
            negatives: options.negatives,
            positive_count: positives().count(),
            negative_count: negatives().count(),
            natural_count: negatives().count() - near_count,
            near_count,
            auc: scores.auc(),
            partial_auc: scores.partial_auc(PARTIAL_AUC_UP_TO),
            average_precision: scores.average_precision(),
            at_rates,
            classes,
            configured: options.thresholds.iter().map(|&(name, t)| (name, Point::new(cases, t))).collect(),
            suggestion: suggest(cases, &scores, options.target_alarm_rate),
            sweep: scores.sweep(SWEEP_ROWS),
            roc: scores.roc(PARTIAL_AUC_UP_TO),
            calibration: calibration(cases, options.bands),
        }
    }

    /// How many negatives the thresholds were set on.
    #[must_use]
    pub fn measured_negatives(&self) -> usize {
        match self.negatives {
            Negatives::All => self.negative_count,
            Negatives::Natural => self.natural_count,
            Negatives::Near => self.near_count,
        }
    }

    /// Queries whose best hit lies in a band.
    #[must_use]
    pub fn queries_with_hit(&self) -> Share {
        let with = self.calibration.iter().map(|band| band.right.of).sum();
        Share::new(with, self.positive_count + self.negative_count)
    }
}

fn suggest(cases: &[Case], scores: &Scores, target_alarm_rate: f64) -> Option<Suggestion> {
    let below = scores.first_below(target_alarm_rate)?;
    let threshold = shortest_between(below, scores.next_above(below)?);
    Some(Suggestion { target_alarm_rate, point: Point::new(cases, threshold) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(class: &str, truth: &[&str], score: f64) -> Case {
        let truth = truth.iter().map(|id| (*id).to_owned()).collect();
        let mut case = Case::new("person", class, truth, Vec::new());
        case.add("1", None, score);
        case
    }

    fn options() -> Options {
        Options {
            negatives: Negatives::All,
            target_alarm_rate: 0.2,
            bands: 4,
            thresholds: vec![("possible", 0.8)],
        }
    }

    fn cases() -> Vec<Case> {
        vec![
            case("exact", &["1"], 0.98),
            case("typo", &["1"], 0.85),
            case("typo", &["2"], 0.99),
            case("company", &[], 0.7),
            case("company", &[], 0.2),
            case("company", &[], 0.2),
            case("near_company", &[], 0.91),
            case("near_company", &[], 0.3),
        ]
    }

    #[test]
    fn a_suggested_threshold_keeps_the_rate_and_reads_well() {
        let evaluation = Evaluation::new(&cases(), &options());
        let suggestion = evaluation.suggestion.unwrap();
        // One of five may alarm: 0.91; the next, 0.7, must not. Positives stand
        // at 0.85 and 0.98: 0.8 parts them.
        assert!((suggestion.point.threshold - 0.8).abs() < 1e-12);
        assert_eq!(suggestion.point.recall, Share::new(2, 3));
        assert_eq!(suggestion.point.false_positives, Share::new(1, 5));
        let natural = Evaluation::new(&cases(), &Options { negatives: Negatives::Natural, ..options() });
        assert_eq!(natural.measured_negatives(), 3);
        assert_eq!(natural.suggestion.unwrap().point.among(Negatives::Natural), Share::new(0, 3));
    }

    #[test]
    fn negatives_at_the_top_leave_nothing_to_suggest() {
        let cases = [case("exact", &["1"], 1.0), case("company", &[], 1.0)];
        let evaluation = Evaluation::new(&cases, &options());
        assert_eq!(evaluation.suggestion, None);
        assert_eq!(evaluation.at_rates[0].1.recall, Share::new(0, 1));
    }

    #[test]
    fn one_sort_of_queries_alone_gives_what_it_can() {
        let all = cases();
        let positives = Evaluation::new(&all[..3], &options());
        assert!(positives.at_rates.is_empty() && positives.suggestion.is_none() && positives.auc.is_none());
        assert_eq!(positives.configured[0].1.recall, Share::new(2, 3));
        let negatives = Evaluation::new(&all[3..], &options());
        assert!(negatives.auc.is_none() && negatives.average_precision.is_none());
        assert_eq!(negatives.configured[0].1.false_positives, Share::new(1, 5));
        assert_eq!(negatives.at_rates.len(), 4);
        assert_eq!(Evaluation::new(&[], &options()).queries_with_hit(), Share::default());
    }
}
