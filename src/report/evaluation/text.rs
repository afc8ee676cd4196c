//! The evaluation for people, on a terminal of 80 columns.

use crate::report::escape::visible;
use crate::report::words::{count, number, short_hash, size};
use crate::report::wrap::{pad, width, wrap};

use super::notes::{notes, sort_of};
use super::tables::{self, Table, figure};
use super::{About, Figures, Scorer};

const COLUMNS: usize = 80;
/// Columns that the words of a table's row take at most.
const NAME: usize = 26;
/// Columns of the labels at the head.
const LABEL: usize = 10;

pub fn render(about: &About, figures: &Figures) -> String {
    let mut out = String::new();
    let tables = match figures {
        Figures::Queries(evaluation) => {
            out.push_str(&format!(
                "Evaluation of the matching, redflag {}\n\n",
                visible(&about.program_version)
            ));
            fact(&mut out, "Queries", &file(&about.file, &about.sha256));
            fact(
                &mut out,
                "",
                &format!(
                    "{}, {} ({} natural, {} near)",
                    count(size(evaluation.positive_count), "positive", "positives"),
                    count(size(evaluation.negative_count), "negative", "negatives"),
                    number(size(evaluation.natural_count)),
                    number(size(evaluation.near_count)),
                ),
            );
            fact(
                &mut out,
                "Measured",
                &format!("thresholds and areas on the {}s", sort_of(evaluation.negatives)),
            );
            tables::of_queries(evaluation)
        }
        Figures::Pairs(pairs) => {
            out.push_str(&format!(
                "Evaluation of the comparison, redflag {}\n\n",
                visible(&about.program_version)
            ));
            fact(&mut out, "Pairs", &file(&about.file, &about.sha256));
            fact(
                &mut out,
                "",
                &format!(
                    "{}, of which {} matches",
                    count(size(pairs.pairs), "pair", "pairs"),
                    number(size(pairs.matches))
                ),
            );
            tables::of_pairs(pairs)
        }
    };
    fact(&mut out, "Scores", &scorer(&about.scores));
    for (at, list) in about.lists.iter().enumerate() {
        let edition = crate::report::words::edition(&list.edition);
        fact(&mut out, if at == 0 { "Lists" } else { "" }, &format!("{}: {edition}", visible(&list.id)));
    }
    for (at, note) in notes(about, figures).iter().enumerate() {
        fact(&mut out, if at == 0 { "Note" } else { "" }, &visible(note));
    }
    out.push('\n');
    match figures {
        Figures::Queries(evaluation) => out.push_str(&format!(
            "AUC {}   partial AUC (FPR up to 5 %) {}   average precision {}\n",
            figure(evaluation.auc),
            figure(evaluation.partial_auc),
            figure(evaluation.average_precision)
        )),
        Figures::Pairs(pairs) => out.push_str(&format!("AUC {}\n", figure(pairs.auc))),
    }
    for table in &tables {
        write_table(&mut out, table);
    }
    out
}

/// `scored.csv, SHA-256 0123456789ab`.
fn file(name: &str, sha256: &str) -> String {
    format!("{}, SHA-256 {}", visible(name), short_hash(sha256))
}

pub fn scorer(scorer: &Scorer) -> String {
    match scorer {
        Scorer::Matching { min_score, top } => {
            format!("this program: the best {top} hits of a query from {min_score} on")
        }
        Scorer::Comparing => "this program, pair by pair".to_owned(),
        Scorer::File { name, sha256 } => format!("read from {}", file(name, sha256)),
    }
}

fn fact(out: &mut String, label: &str, words: &str) {
    for (at, line) in wrap(words, COLUMNS - LABEL).iter().enumerate() {
        out.push_str(&pad(if at == 0 { label } else { "" }, LABEL));
        out.push_str(line);
        out.push('\n');
    }
}

fn write_table(out: &mut String, table: &Table) {
    out.push_str(&format!("\n{}\n", table.title));
    let rows: Vec<Vec<String>> =
        std::iter::once(&table.head).chain(&table.rows).map(|row| cells(row)).collect();
    let columns = table.head.len();
    let widths: Vec<usize> = (0..columns)
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    for row in rows {
        let mut line = String::from("  ");
        for (at, (cell, columns)) in row.iter().zip(&widths).enumerate() {
            if at == 0 {
                line.push_str(&pad(cell, *columns));
            } else {
                line.push_str("  ");
                line.extend(std::iter::repeat_n(' ', columns.saturating_sub(width(cell))));
                line.push_str(cell);
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    for line in wrap(&table.note, COLUMNS - 2).iter().filter(|line| !line.is_empty()) {
        out.push_str(&format!("  {line}\n"));
    }
}

/// The cells, with nothing hidden in them and the first not too wide.
fn cells(row: &[String]) -> Vec<String> {
    let cell = |(at, cell): (usize, &String)| {
        let shown = visible(cell).into_owned();
        if at > 0 || width(&shown) <= NAME {
            return shown;
        }
        let mut head: String = shown;
        while width(&head) >= NAME {
            head.pop();
        }
        head + "…"
    };
    row.iter().enumerate().map(cell).collect()
}
