//! One self-contained page: charts, each with its table, and what they rest
//! on. It runs no script and asks for nothing from the network; its policy
//! allows the two style sheets inside by their hashes alone.

use std::io;

use askama::Template;
use sha2::{Digest, Sha256};

use crate::evaluation::{Evaluation, PairEvaluation, Point, Share};
use crate::report::html::{STYLE, base64};
use crate::report::words::{count, date_or, number, size};

use super::chart::{self, Bar, Plot};
use super::notes::{notes, sort_of};
use super::tables::{self, Table, figure, interval, percent, short};
use super::{About, Figures, Scorer, text};

const OWN_STYLE: &str = include_str!("style.css");
/// Rows of the sweep on the page; the CSV holds more.
const SWEEP_ROWS: usize = 60;

/// A chart and its table.
struct Chart {
    title: &'static str,
    words: String,
    plot: Option<Plot>,
    bars: Vec<Bar>,
    table: Table,
}

struct ListRow {
    id: String,
    title: String,
    date: String,
    entries: String,
    names: String,
    sha256: String,
}

#[derive(Template)]
#[template(path = "page.html", config = "src/report/evaluation/askama.toml")]
struct Page<'a> {
    policy: String,
    style: &'static str,
    own_style: &'static str,
    program: &'a str,
    title: &'static str,
    file: &'a str,
    facts: Vec<(&'static str, String)>,
    summary: Vec<String>,
    /// Figure, name, what it is.
    tiles: Vec<(String, &'static str, &'static str)>,
    notes: Vec<String>,
    plots: Vec<Chart>,
    tables: Vec<Table>,
    /// Tables at the beginning that take the page's whole width.
    wide_tables: usize,
    basis: Vec<(&'static str, String, String)>,
    lists: Vec<ListRow>,
}

pub fn render(about: &About, figures: &Figures) -> io::Result<String> {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}' 'sha256-{}'; base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(STYLE)),
        base64(&Sha256::digest(OWN_STYLE)),
    );
    let page = Page {
        policy,
        style: STYLE,
        own_style: OWN_STYLE,
        program: &about.program_version,
        title: match figures {
            Figures::Queries(_) => "Evaluation of the matching",
            Figures::Pairs(_) => "Evaluation of the comparison",
        },
        file: &about.file,
        facts: facts(about, figures),
        summary: match figures {
            Figures::Queries(evaluation) => summary(evaluation),
            Figures::Pairs(pairs) => pair_summary(pairs),
        },
        tiles: tiles(figures),
        notes: notes(about, figures),
        plots: match figures {
            Figures::Queries(evaluation) => charts(evaluation),
            Figures::Pairs(pairs) => pair_charts(pairs),
        },
        tables: match figures {
            Figures::Queries(evaluation) => {
                let mut tables = tables::of_queries(evaluation);
                // It stands below its chart.
                tables.retain(|table| table.key != "calibration");
                tables
            }
            Figures::Pairs(pairs) => tables::of_pairs(pairs),
        },
        wide_tables: match figures {
            Figures::Queries(evaluation) => 2 - usize::from(evaluation.at_rates.is_empty()),
            Figures::Pairs(_) => 1,
        },
        basis: basis(about),
        lists: lists(about),
    };
    page.render().map_err(io::Error::other)
}

fn facts(about: &About, figures: &Figures) -> Vec<(&'static str, String)> {
    let mut facts = match figures {
        Figures::Queries(evaluation) => vec![
            ("Positives", number(size(evaluation.positive_count))),
            (
                "Negatives",
                format!(
                    "{} ({} natural, {} near)",
                    number(size(evaluation.negative_count)),
                    number(size(evaluation.natural_count)),
                    number(size(evaluation.near_count))
                ),
            ),
            ("Thresholds set on", format!("the {}s", sort_of(evaluation.negatives))),
        ],
        Figures::Pairs(pairs) => {
            vec![("Pairs", number(size(pairs.pairs))), ("Matches among them", number(size(pairs.matches)))]
        }
    };
    if !about.lists.is_empty() {
        let entries = about.lists.iter().map(|list| size(list.edition.entries)).sum();
        facts.push((
            "Against",
            format!(
                "{}, {}",
                count(size(about.lists.len()), "list", "lists"),
                count(entries, "entry", "entries")
            ),
        ));
    }
    facts.push(("Program", format!("redflag {}", about.program_version)));
    facts
}

fn basis(about: &About) -> Vec<(&'static str, String, String)> {
    let mut basis = vec![("Labelled file", about.file.clone(), about.sha256.clone())];
    basis.push(match &about.scores {
        Scorer::File { name, sha256 } => ("Scores read from", name.clone(), sha256.clone()),
        other => ("Scores by", text::scorer(other), String::new()),
    });
    basis.push(("Program", format!("redflag {}", about.program_version), String::new()));
    basis
}

fn lists(about: &About) -> Vec<ListRow> {
    let row = |list: &std::sync::Arc<crate::watchlist::ListInfo>| ListRow {
        id: list.id.clone(),
        title: if list.title == list.id { String::new() } else { list.title.clone() },
        date: date_or(list.edition.date, "not stated"),
        entries: number(size(list.edition.entries)),
        names: number(size(list.edition.names)),
        sha256: list.edition.sha256.clone(),
    };
    about.lists.iter().map(row).collect()
}

fn share_of(share: Share) -> String {
    share.value().map_or_else(|| "an unknown share".to_owned(), |value| format!("{:.1} %", value * 100.0))
}

fn summary(evaluation: &Evaluation) -> Vec<String> {
    let sort = sort_of(evaluation.negatives);
    let gives = |point: &Point| {
        format!(
            "finds {} of the listed parties and raises an alarm on {} of the {sort}s",
            share_of(point.recall),
            share_of(point.among(evaluation.negatives))
        )
    };
    let mut sentences = Vec::new();
    if let Some((name, point)) = evaluation.configured.first() {
        sentences.push(format!("The threshold in use, {name} {}, {}.", short(point.threshold), gives(point)));
    }
    if let Some(suggestion) = &evaluation.suggestion {
        sentences.push(format!(
            "For alarms on at most {} of them, {} is suggested: it {}.",
            percent(suggestion.target_alarm_rate),
            short(suggestion.point.threshold),
            gives(&suggestion.point)
        ));
    }
    sentences
}

fn pair_summary(pairs: &PairEvaluation) -> Vec<String> {
    let step = &pairs.at_threshold;
    vec![format!(
        "From {} on, {:.1} % of the matches are found, and {:.1} % of what is called a match is one.",
        short(step.threshold),
        step.counts.recall() * 100.0,
        step.counts.precision() * 100.0
    )]
}

fn tiles(figures: &Figures) -> Vec<(String, &'static str, &'static str)> {
    match figures {
        Figures::Queries(evaluation) => vec![
            (figure(evaluation.auc), "AUC", "how often a listed party scores above a negative"),
            (
                figure(evaluation.partial_auc),
                "partial AUC",
                "mean recall over false-positive rates up to 5 %",
            ),
            (figure(evaluation.average_precision), "average precision", "over all thresholds, on this mix"),
            (
                figure(evaluation.queries_with_hit().value()),
                "with a hit",
                "queries that met any entry at or above the lowest score looked at",
            ),
        ],
        Figures::Pairs(pairs) => vec![
            (format!("{:.4}", pairs.at_threshold.counts.f1()), "F1", "at the given threshold"),
            (format!("{:.4}", pairs.best.counts.f1()), "best F1", "at the best threshold for these pairs"),
            (figure(pairs.auc), "AUC", "how often a match scores above another pair"),
            (number(size(pairs.missing)), "without score", "pairs that count as below every threshold"),
        ],
    }
}

fn charts(evaluation: &Evaluation) -> Vec<Chart> {
    let reference = evaluation
        .suggestion
        .as_ref()
        .map(|suggestion| ("suggested", &suggestion.point))
        .or_else(|| evaluation.configured.first().map(|(name, point)| (*name, point)));
    let (name, by_class) = match reference {
        Some((name, point)) => {
            (format!("{name} threshold {}", short(point.threshold)), point.by_class.clone())
        }
        None => ("threshold".to_owned(), Vec::new()),
    };
    let roc_table = tables::sweep(&evaluation.roc, SWEEP_ROWS);
    let class_rows = by_class.iter().map(|(class, share)| {
        vec![
            class.clone(),
            number(size(share.of)),
            number(size(share.count)),
            figure(share.value()),
            interval(*share),
        ]
    });
    let class_table = Table {
        key: "bars",
        title: String::new(),
        note: String::new(),
        head: ["class", "n", "found", "recall", "95 %"].map(str::to_owned).into(),
        rows: class_rows.collect(),
    };
    let mut charts = vec![
        Chart {
            title: "Recall at low false-positive rates",
            words: "The left end of the ROC curve: a higher threshold stands further left and finds less."
                .to_owned(),
            plot: chart::roc(evaluation),
            bars: Vec::new(),
            table: roc_table,
        },
        Chart {
            title: "What a threshold gives",
            words: "Recall and false-positive rate from each threshold on.".to_owned(),
            plot: chart::by_threshold(evaluation),
            bars: Vec::new(),
            table: tables::sweep(&evaluation.sweep, SWEEP_ROWS),
        },
        Chart {
            title: "Recall by class",
            words: format!("At the {name}; the line is the 95 % interval."),
            plot: None,
            bars: chart::bars(&by_class),
            table: class_table,
        },
    ];
    let calibration = tables::of_queries(evaluation).into_iter().find(|table| table.key == "calibration");
    if let Some(table) = calibration {
        charts.insert(
            2,
            Chart {
                title: "How often a best hit is right",
                words: "By its score, with 95 % intervals. On the dashed line the score would be the share; it need \
                        not be."
                    .to_owned(),
                plot: chart::calibration(&evaluation.calibration),
                bars: Vec::new(),
                table,
            },
        );
    }
    charts
}

fn pair_charts(pairs: &PairEvaluation) -> Vec<Chart> {
    vec![Chart {
        title: "What a threshold gives",
        words: "Precision, recall and F1 from each threshold on.".to_owned(),
        plot: chart::pairs_by_threshold(pairs),
        bars: Vec::new(),
        table: tables::pair_sweep(pairs, SWEEP_ROWS),
    }]
}
