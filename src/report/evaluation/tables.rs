//! The tables that text and page share: cells as text, digits as agreed.
//!
//! Shares have four decimals. A dash stands where there is nothing to tell.

use crate::evaluation::{Band, Confusion, Evaluation, Group, PairEvaluation, Point, Share, Step};
use crate::report::words::{number, size};

use super::notes::sort_of;

/// A table; the first column is words, the others are figures.
pub struct Table {
    /// A short name, unique on the page.
    pub key: &'static str,
    pub title: String,
    /// What the reader must know to read it; may be empty.
    pub note: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

const NOTHING: &str = "-";

/// A figure from 0 to 1, with four decimals.
pub fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| NOTHING.to_owned(), |value| format!("{value:.4}"))
}

fn share(share: Share) -> String {
    figure(share.value())
}

/// `0.606-0.628`.
pub fn interval(share: Share) -> String {
    share.interval().map_or_else(|| NOTHING.to_owned(), |(low, high)| format!("{low:.3}-{high:.3}"))
}

/// A threshold with four decimals, or in words where it is beyond all scores.
pub fn threshold(threshold: f64) -> String {
    if threshold <= f64::MIN {
        "any".to_owned()
    } else if threshold >= f64::MAX {
        "none".to_owned()
    } else {
        format!("{threshold:.4}")
    }
}

/// A threshold without the zeros at its end: `0.8`.
pub fn short(score: f64) -> String {
    let text = threshold(score);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// `0.1 %`, `5 %`.
pub fn percent(rate: f64) -> String {
    let text = format!("{:.4}", rate * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

fn texts<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).into()
}

/// The points that stand side by side: those at the fixed rates, or, where
/// none can be set, those in use.
fn columns(evaluation: &Evaluation) -> Vec<(String, &Point)> {
    if evaluation.at_rates.is_empty() {
        return evaluation.configured.iter().map(|(name, point)| ((*name).to_owned(), point)).collect();
    }
    evaluation.at_rates.iter().map(|(rate, point)| (percent(*rate), point)).collect()
}

/// Everything that is told of labelled queries, but for the sweep.
pub fn of_queries(evaluation: &Evaluation) -> Vec<Table> {
    let mut tables = Vec::new();
    if !evaluation.at_rates.is_empty() {
        tables.push(at_rates(evaluation));
    }
    tables.push(thresholds(evaluation));
    if evaluation.positive_count > 0 {
        tables.push(by_class(evaluation));
        tables.push(grouped(evaluation, "kinds", "Recall by kind", "kind", |point| &point.by_kind));
    }
    if evaluation.negative_count > 0 {
        let title = "False-positive rate by class of negatives";
        tables.push(grouped(evaluation, "negatives", title, "class", |point| &point.by_negative_class));
    }
    tables.extend(by_list(evaluation));
    if evaluation.calibration.iter().any(|band| band.right.of > 0) {
        tables.push(calibration(&evaluation.calibration));
    }
    tables
}

fn at_rates(evaluation: &Evaluation) -> Table {
    let row = |(rate, point): &(f64, Point)| {
        vec![
            percent(*rate),
            threshold(point.threshold),
            share(point.recall),
            interval(point.recall),
            figure(point.macro_recall),
            share(point.true_first),
            share(point.natural),
            share(point.near),
        ]
    };
    Table {
        key: "rates",
        title: "Recall where so many negatives raise an alarm".to_owned(),
        note: format!("FPR: false-positive rate, here of the {}s.", sort_of(evaluation.negatives)),
        head: texts(["FPR", "threshold", "recall", "95 %", "macro", "top-1", "FPR nat.", "FPR near"]),
        rows: evaluation.at_rates.iter().map(row).collect(),
    }
}

fn thresholds(evaluation: &Evaluation) -> Table {
    let suggested = evaluation.suggestion.as_ref().map(|suggestion| {
        (format!("suggested, {}", percent(suggestion.target_alarm_rate)), &suggestion.point)
    });
    let configured = evaluation.configured.iter().map(|(name, point)| ((*name).to_owned(), point));
    let row = |(name, point): (String, &Point)| {
        let alarms = point.among(evaluation.negatives);
        vec![
            name,
            threshold(point.threshold),
            share(point.recall),
            interval(point.recall),
            share(alarms),
            interval(alarms),
            share(point.precision),
        ]
    };
    Table {
        key: "thresholds",
        title: "The threshold for the wanted alarm rate, and those in use".to_owned(),
        note: "Precision holds for this mix of positives and negatives only.".to_owned(),
        head: texts(["threshold", "from", "recall", "95 %", "FPR", "95 %", "precision"]),
        rows: suggested.into_iter().chain(configured).map(row).collect(),
    }
}

fn by_class(evaluation: &Evaluation) -> Table {
    let mut table = grouped(evaluation, "classes", "Recall by class", "class", |point| &point.by_class);
    table.head.push("AUC".to_owned());
    for (row, class) in table.rows.iter_mut().zip(&evaluation.classes) {
        row.push(figure(class.auc));
    }
    table
}

/// One row a group, one column a point.
fn grouped(
    evaluation: &Evaluation,
    key: &'static str,
    title: &str,
    group: &str,
    of: fn(&Point) -> &Vec<(String, Share)>,
) -> Table {
    let columns = columns(evaluation);
    let names = columns.first().map(|(_, point)| of(point).as_slice()).unwrap_or_default();
    let rows = names.iter().enumerate().map(|(at, (name, counted))| {
        let figures = columns.iter().map(|(_, point)| of(point).get(at).map(|(_, s)| *s));
        let cells = figures.map(|counted| share(counted.unwrap_or_default()));
        [named(name), number(size(counted.of))].into_iter().chain(cells).collect()
    });
    Table {
        key,
        title: title.to_owned(),
        note: String::new(),
        head: head(group, &columns),
        rows: rows.collect(),
    }
}

fn head(group: &str, columns: &[(String, &Point)]) -> Vec<String> {
    let labels = columns.iter().map(|(label, _)| label.clone());
    [group.to_owned(), "n".to_owned()].into_iter().chain(labels).collect()
}

fn named(name: &str) -> String {
    if name.trim().is_empty() { "(none)".to_owned() } else { name.to_owned() }
}

fn by_list(evaluation: &Evaluation) -> Vec<Table> {
    let columns = columns(evaluation);
    let Some((_, first)) = columns.first() else { return Vec::new() };
    let table = |key, title: &str, of: fn(&crate::evaluation::ListFigures) -> Share| {
        let rows = first.by_list.iter().enumerate().filter(|(_, list)| of(list).of > 0).map(|(at, list)| {
            let cells =
                columns.iter().map(|(_, point)| share(point.by_list.get(at).map(of).unwrap_or_default()));
            [named(&list.list), number(size(of(list).of))].into_iter().chain(cells).collect()
        });
        Table {
            key,
            title: title.to_owned(),
            note: String::new(),
            head: head("list", &columns),
            rows: rows.collect(),
        }
    };
    let mut tables = vec![table("lists", "Recall by list that the party stands on", |list| list.recall)];
    let on_several =
        columns.iter().any(|(_, point)| point.by_list.iter().any(|list| list.recall != list.through));
    if on_several {
        tables.push(table("through", "Recall by list, through an entry of that list", |list| list.through));
    }
    tables.push(table("alarms", "False-positive rate by list of the best hit", |list| list.false_positives));
    tables.retain(|table| !table.rows.is_empty());
    tables
}

fn calibration(bands: &[Band]) -> Table {
    let rows = bands.iter().filter(|band| band.right.of > 0).map(|band| {
        vec![
            format!("{} to {}", short(band.low), short(band.high)),
            number(size(band.right.of)),
            number(size(band.right.count)),
            share(band.right),
            interval(band.right),
        ]
    });
    Table {
        key: "calibration",
        title: "Calibration: how often the best hit is right".to_owned(),
        note: "Of this mix of queries; a score is not a probability.".to_owned(),
        head: texts(["score", "queries", "right", "share", "95 %"]),
        rows: rows.collect(),
    }
}

/// The sweep, every so many rows of it, `rows` and the last at most.
pub fn sweep(steps: &[Step], rows: usize) -> Table {
    let row = |step: &Step| {
        vec![
            threshold(step.threshold),
            share(step.recall),
            share(step.false_positives),
            share(step.precision()),
        ]
    };
    Table {
        key: "sweep",
        title: "Recall and false-positive rate by threshold".to_owned(),
        note: String::new(),
        head: texts(["threshold", "recall", "FPR", "precision"]),
        rows: thinned(steps, rows).map(row).collect(),
    }
}

/// Every so many items, `most` and the last at most.
fn thinned<T>(items: &[T], most: usize) -> impl Iterator<Item = &T> {
    let step = items.len().div_ceil(most.max(1)).max(1);
    let last = items.len().saturating_sub(1);
    items.iter().enumerate().filter(move |(at, _)| at % step == 0 || *at == last).map(|(_, item)| item)
}

/// Everything that is told of labelled pairs, but for the sweep.
pub fn of_pairs(pairs: &PairEvaluation) -> Vec<Table> {
    let row = |name: &str, at: f64, counts: &Confusion| {
        vec![
            name.to_owned(),
            threshold(at),
            format!("{:.4}", counts.precision()),
            format!("{:.4}", counts.recall()),
            format!("{:.4}", counts.f1()),
            format!("{:.4}", counts.accuracy()),
        ]
    };
    let thresholds = Table {
        key: "thresholds",
        title: "At the threshold, and at the one with the best F1".to_owned(),
        note: "The best threshold is chosen on these very pairs: expect a little less on others.".to_owned(),
        head: texts(["threshold", "from", "precision", "recall", "F1", "accuracy"]),
        rows: vec![
            row("given", pairs.at_threshold.threshold, &pairs.at_threshold.counts),
            row("best F1", pairs.best.threshold, &pairs.best.counts),
        ],
    };
    vec![
        thresholds,
        groups("qualities", "By quality of the label", "quality", &pairs.by_quality),
        groups("groups", "By group", "group", &pairs.by_group),
        groups("schemas", "By schema", "schema", &pairs.by_schema),
    ]
}

fn groups(key: &'static str, title: &str, group: &str, groups: &[Group]) -> Table {
    let row = |group: &Group| {
        let at = &group.at_threshold;
        let n = at.true_positives + at.false_positives + at.false_negatives + at.true_negatives;
        vec![
            named(&group.name),
            number(size(n)),
            format!("{:.4}", at.f1()),
            format!("{:.4}", group.at_best.f1()),
            format!("{:.4}", group.at_best.accuracy()),
        ]
    };
    Table {
        key,
        title: title.to_owned(),
        note: String::new(),
        head: texts([group, "n", "F1", "F1 at best", "accuracy at best"]),
        rows: groups.iter().map(row).collect(),
    }
}

/// The sweep of pairs, as [`sweep`].
pub fn pair_sweep(pairs: &PairEvaluation, rows: usize) -> Table {
    let row = |step: &crate::evaluation::PairStep| {
        vec![
            threshold(step.threshold),
            format!("{:.4}", step.counts.precision()),
            format!("{:.4}", step.counts.recall()),
            format!("{:.4}", step.counts.f1()),
        ]
    };
    Table {
        key: "sweep",
        title: "Precision, recall and F1 by threshold".to_owned(),
        note: String::new(),
        head: texts(["threshold", "precision", "recall", "F1"]),
        rows: thinned(&pairs.sweep, rows).map(row).collect(),
    }
}
