//! Geometry of the charts; the template draws them as inline SVG.
//!
//! Coordinates are whole units of a view box of 1120 by 700.

use crate::evaluation::{Band, Evaluation, PairEvaluation, Point, Share, Step};

use super::tables::{figure, percent, short, threshold};

pub struct Plot {
    pub left: i64,
    pub right: i64,
    pub top: i64,
    pub bottom: i64,
    pub x_title: &'static str,
    pub y_title: &'static str,
    pub x_ticks: Vec<Tick>,
    pub y_ticks: Vec<Tick>,
    pub guides: Vec<Guide>,
    pub lines: Vec<Line>,
    pub whiskers: Vec<Whisker>,
    pub marks: Vec<Mark>,
    /// Class of the line and its words.
    pub legend: Vec<(&'static str, &'static str)>,
}

pub struct Tick {
    pub at: i64,
    pub label: String,
}

/// A vertical line at a threshold.
pub struct Guide {
    pub at: i64,
    pub label: String,
    pub label_x: i64,
    pub label_y: i64,
}

pub struct Line {
    pub class: String,
    pub path: String,
}

pub struct Whisker {
    pub x: i64,
    pub low: i64,
    pub high: i64,
}

pub struct Mark {
    pub class: &'static str,
    pub x: i64,
    pub y: i64,
    pub label: String,
    pub label_x: i64,
    pub label_y: i64,
    pub anchor: &'static str,
    pub title: String,
}

/// One class; lengths in thousandths.
pub struct Bar {
    pub name: String,
    pub figure: String,
    pub width: i64,
    pub low: i64,
    pub high: i64,
}

const LEFT: i64 = 84;
const RIGHT: i64 = 1084;
const TOP: i64 = 56;
const BOTTOM: i64 = 610;

/// A whole unit; the charts are small.
#[expect(clippy::cast_possible_truncation, reason = "shares of a view box")]
fn unit(value: f64) -> i64 {
    value.round().clamp(-10_000.0, 10_000.0) as i64
}

/// The place of a part (0 to 1) between two edges.
#[expect(clippy::cast_precision_loss, reason = "edges of a view box")]
fn between(from: i64, to: i64, part: f64) -> i64 {
    unit(from as f64 + part.clamp(0.0, 1.0) * (to - from) as f64)
}

fn up(share: f64) -> i64 {
    between(BOTTOM, TOP, share)
}

impl Plot {
    /// Axes with shares from 0 to 1 upwards.
    fn new(x_title: &'static str, y_title: &'static str) -> Self {
        let y_ticks = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
            .map(|share| Tick { at: up(share), label: format!("{:.0} %", share * 100.0) });
        Self {
            left: LEFT,
            right: RIGHT,
            top: TOP,
            bottom: BOTTOM,
            x_title,
            y_title,
            x_ticks: Vec::new(),
            y_ticks: y_ticks.into(),
            guides: Vec::new(),
            lines: Vec::new(),
            whiskers: Vec::new(),
            marks: Vec::new(),
            legend: Vec::new(),
        }
    }

    fn line(&mut self, class: &str, points: impl Iterator<Item = (i64, i64)>) {
        let path: Vec<String> = points.map(|(x, y)| format!("{x} {y}")).collect();
        if !path.is_empty() {
            self.lines.push(Line { class: class.to_owned(), path: format!("M{}", path.join("L")) });
        }
    }

    /// A guide at a threshold, its label upright along it: left of it, or, where
    /// another stands near, right of it, or above that one's.
    fn guide(&mut self, at: i64, label: String) {
        let near = self.guides.iter().filter(|other| (other.at - at).abs() < 30).count();
        let label_x = if near == 1 { at + 24 } else { at - 9 };
        let label_y = if near > 1 { BOTTOM - 340 } else { BOTTOM - 90 };
        self.guides.push(Guide { at, label, label_x, label_y });
    }
}

/// Where a false-positive rate stands: by its logarithm where there are enough
/// negatives to fill the low rates, else as it is.
struct RateAxis {
    up_to: f64,
    /// The lowest rate drawn by its logarithm; those below stand at the edge.
    lowest: Option<f64>,
}

impl RateAxis {
    fn new(negatives: usize, up_to: f64) -> Self {
        let lowest = match negatives {
            0..500 => None,
            500..5_000 => Some(0.001),
            5_000..50_000 => Some(0.0001),
            _ => Some(0.000_01),
        };
        Self { up_to, lowest }
    }

    fn x(&self, rate: f64) -> i64 {
        let part = match self.lowest {
            None => rate / self.up_to,
            Some(lowest) => (rate.max(lowest) / lowest).log10() / (self.up_to / lowest).log10(),
        };
        between(LEFT, RIGHT, part)
    }

    fn ticks(&self) -> Vec<Tick> {
        let rates: &[f64] = match self.lowest {
            None => &[0.0, 0.01, 0.02, 0.03, 0.04, 0.05],
            Some(_) => &[0.000_01, 0.0001, 0.001, 0.005, 0.01, 0.02, 0.05],
        };
        let shown = rates.iter().filter(|rate| self.lowest.is_none_or(|lowest| **rate >= lowest));
        shown.map(|&rate| Tick { at: self.x(rate), label: percent(rate) }).collect()
    }
}

/// The left end of the ROC curve; nothing without positives or negatives.
pub fn roc(evaluation: &Evaluation) -> Option<Plot> {
    let up_to = crate::evaluation::PARTIAL_AUC_UP_TO;
    let axis = RateAxis::new(evaluation.measured_negatives(), up_to);
    let mut plot = Plot::new(
        if axis.lowest.is_some() { "false-positive rate (logarithmic)" } else { "false-positive rate" },
        "recall",
    );
    plot.x_ticks = axis.ticks();
    let mut points: Vec<(i64, i64)> = Vec::new();
    for step in &evaluation.roc {
        let (rate, recall) = (step.false_positives.value()?, step.recall.value()?);
        // A step: recall holds until the next negative raises an alarm.
        let before = points.last().map_or(up(if rate > 0.0 { 0.0 } else { recall }), |(_, y)| *y);
        if points.is_empty() {
            points.push((LEFT, before));
        }
        points.push((axis.x(rate), before));
        points.push((axis.x(rate), up(recall)));
    }
    let (_, last) = points.last().copied()?;
    points.push((RIGHT, last));
    points.dedup();
    plot.line("line first", points.into_iter());
    for (name, point) in named_points(evaluation) {
        let (rate, recall) = (point.among(evaluation.negatives).value()?, point.recall.value()?);
        if rate > up_to {
            continue;
        }
        let (x, y) = (axis.x(rate), up(recall));
        // The curve rises, so that a label below on the right never meets it,
        // nor one above on the left.
        let (label_x, first_y, anchor) =
            if x > RIGHT - 240 { (x - 14, y - 18, "end") } else { (x + 18, y + 34, "start") };
        let mut label_y = first_y;
        let meets = |label_y: i64| {
            plot.marks.iter().any(|other: &Mark| {
                other.anchor == anchor
                    && (other.label_y - label_y).abs() < 32
                    && (other.label_x - label_x).abs() < 260
            })
        };
        while meets(label_y) {
            label_y += if anchor == "start" { 34 } else { -34 };
        }
        plot.marks.push(Mark {
            class: "mark",
            x,
            y,
            title: format!(
                "{name} {}: recall {}, FPR {}",
                threshold(point.threshold),
                figure(Some(recall)),
                figure(Some(rate))
            ),
            label: format!("{name} {}", short(point.threshold)),
            label_x,
            label_y,
            anchor,
        });
    }
    Some(plot)
}

fn named_points(evaluation: &Evaluation) -> impl Iterator<Item = (&str, &Point)> {
    let suggested = evaluation.suggestion.iter().map(|suggestion| ("suggested", &suggestion.point));
    suggested.chain(evaluation.configured.iter().map(|(name, point)| (*name, point)))
}

/// The scores that an axis spans, widened to tenths where they lie within 0
/// to 1.
fn span(mut scores: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let first = scores.next()?;
    let (low, high) = scores.fold((first, first), |(low, high), score| (low.min(score), high.max(score)));
    if low >= 0.0 && high <= 1.0 {
        return Some(((low * 10.0).floor().min(9.0) / 10.0, 1.0));
    }
    Some(if low < high { (low, high) } else { (low - 0.5, high + 0.5) })
}

struct ScoreAxis {
    low: f64,
    high: f64,
}

impl ScoreAxis {
    fn x(&self, score: f64) -> i64 {
        between(LEFT, RIGHT, (score - self.low) / (self.high - self.low))
    }

    fn ticks(&self) -> Vec<Tick> {
        let of_unit = self.low >= 0.0 && self.high <= 1.0;
        let steps = if of_unit { ((self.high - self.low) * 10.0).round().max(1.0) } else { 5.0 };
        let steps = unit(steps);
        let tick = |at: i64| {
            #[expect(clippy::cast_precision_loss, reason = "ten at most")]
            let score = self.low + (self.high - self.low) * (at as f64) / (steps as f64);
            Tick {
                at: self.x(score),
                label: if of_unit { format!("{score:.1}") } else { format!("{score:.4}") },
            }
        };
        (0..=steps).map(tick).collect()
    }
}

/// Recall and false-positive rate against the threshold.
pub fn by_threshold(evaluation: &Evaluation) -> Option<Plot> {
    let (low, high) = span(evaluation.sweep.iter().map(|step| step.threshold))?;
    let axis = ScoreAxis { low, high };
    let mut plot = Plot::new("threshold", "share");
    plot.x_ticks = axis.ticks();
    let mut draw = |class: &'static str, words: &'static str, of: fn(&Step) -> Share| {
        let points: Vec<(i64, i64)> = evaluation
            .sweep
            .iter()
            .filter_map(|step| Some((axis.x(step.threshold), up(of(step).value()?))))
            .collect();
        if !points.is_empty() {
            plot.legend.push((class, words));
        }
        plot.line(&format!("line {class}"), points.into_iter());
    };
    draw("first", "recall", |step| step.recall);
    draw("second", "false-positive rate", |step| step.false_positives);
    for (name, point) in named_points(evaluation) {
        if (low..=high).contains(&point.threshold) {
            plot.guide(axis.x(point.threshold), format!("{name} {}", short(point.threshold)));
        }
    }
    Some(plot)
}

/// Precision, recall and F1 of pairs against the threshold.
pub fn pairs_by_threshold(pairs: &PairEvaluation) -> Option<Plot> {
    let (low, high) = span(pairs.sweep.iter().map(|step| step.threshold))?;
    let axis = ScoreAxis { low, high };
    let mut plot = Plot::new("threshold", "share");
    plot.x_ticks = axis.ticks();
    plot.legend = vec![("first", "F1"), ("second", "precision"), ("third", "recall")];
    let line = |of: fn(&crate::evaluation::Confusion) -> f64| {
        pairs.sweep.iter().map(move |step| (step.threshold, of(&step.counts))).collect::<Vec<_>>()
    };
    for (class, values) in [
        ("line second", line(crate::evaluation::Confusion::precision)),
        ("line third", line(crate::evaluation::Confusion::recall)),
        ("line first", line(crate::evaluation::Confusion::f1)),
    ] {
        plot.line(class, values.into_iter().map(|(at, share)| (axis.x(at), up(share))));
    }
    for (name, step) in [("given", &pairs.at_threshold), ("best", &pairs.best)] {
        if (low..=high).contains(&step.threshold) {
            plot.guide(axis.x(step.threshold), format!("{name} {}", short(step.threshold)));
        }
    }
    Some(plot)
}

/// Share of right best hits by their score, with intervals.
pub fn calibration(bands: &[Band]) -> Option<Plot> {
    let filled = || bands.iter().filter(|band| band.right.of > 0);
    let (low, high) = span(filled().flat_map(|band| [band.low, band.high]))?;
    let axis = ScoreAxis { low, high };
    let mut plot = Plot::new("score of the best hit", "share that is right");
    plot.x_ticks = axis.ticks();
    if low >= 0.0 && high <= 1.0 {
        plot.line("even", [(LEFT, up(low)), (RIGHT, up(high))].into_iter());
    }
    let middle = |band: &Band| axis.x(f64::midpoint(band.low, band.high));
    plot.line(
        "line first",
        filled()
            .filter_map(|band| Some((middle(band), up(band.right.value()?))))
            .collect::<Vec<_>>()
            .into_iter(),
    );
    for band in filled() {
        let (Some(share), Some((least, most))) = (band.right.value(), band.right.interval()) else {
            continue;
        };
        plot.whiskers.push(Whisker { x: middle(band), low: up(least), high: up(most) });
        plot.marks.push(Mark {
            class: "dot",
            x: middle(band),
            y: up(share),
            title: format!("{} of {}", band.right.count, band.right.of),
            label: String::new(),
            label_x: 0,
            label_y: 0,
            anchor: "start",
        });
    }
    Some(plot)
}

/// Recall by class, with intervals.
pub fn bars(groups: &[(String, Share)]) -> Vec<Bar> {
    let bar = |(name, share): &(String, Share)| {
        let (low, high) = share.interval()?;
        Some(Bar {
            name: if name.trim().is_empty() { "(none)".to_owned() } else { name.clone() },
            figure: format!("{:.1} % of {}", share.value()? * 100.0, share.of),
            width: between(0, 1000, share.value()?),
            low: between(0, 1000, low),
            high: between(0, 1000, high),
        })
    };
    groups.iter().filter_map(bar).collect()
}
