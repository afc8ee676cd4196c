//! What limits the figures, said beside them.

use crate::evaluation::{Evaluation, FALSE_POSITIVE_RATES, Negatives};
use crate::report::words::{count, size};

use super::tables::{percent, threshold};
use super::{About, Figures, Scorer};

/// All sentences that the reader must have seen.
pub fn notes(about: &About, figures: &Figures) -> Vec<String> {
    let mut notes = about.notes.clone();
    if about.hits_for_unknown_queries > 0 {
        notes.push(format!(
            "{} for queries that are not in the file; they were not looked at.",
            count(about.hits_for_unknown_queries, "hit", "hits")
        ));
    }
    match figures {
        Figures::Queries(evaluation) => of_queries(about, evaluation, &mut notes),
        Figures::Pairs(pairs) => {
            if pairs.missing > 0 {
                notes.push(format!(
                    "{} no score: below every threshold.",
                    count(size(pairs.missing), "pair has", "pairs have")
                ));
            }
            if pairs.matches == 0 {
                notes.push("No pair is labelled a match: recall and F1 can't be told.".to_owned());
            } else if pairs.matches == pairs.pairs {
                notes.push("Every pair is labelled a match: precision says nothing.".to_owned());
            }
        }
    }
    notes
}

fn of_queries(about: &About, evaluation: &Evaluation, notes: &mut Vec<String>) {
    if evaluation.positive_count == 0 {
        notes.push("No query has a true entity: recall can't be told, only false positives.".to_owned());
    }
    let measured = evaluation.measured_negatives();
    let sort = sort_of(evaluation.negatives);
    if measured == 0 {
        notes.push(format!(
            "No query is a {sort}: no threshold can be set by its false-positive rate, and areas can't be told."
        ));
    } else {
        let rates = FALSE_POSITIVE_RATES.into_iter().filter(|rate| too_few(measured, *rate));
        // Kept together where the line breaks.
        let rates: Vec<String> = rates.map(|rate| percent(rate).replace(' ', "\u{a0}")).collect();
        if !rates.is_empty() {
            notes.push(format!(
                "{} too few for a false-positive rate of {}: there the threshold stands above all of them.",
                count(size(measured), &format!("{sort} is"), &format!("{sort}s are")),
                rates.join(", ")
            ));
        }
        if evaluation.suggestion.is_none() {
            notes.push(format!(
                "No threshold is suggested: so many {sort}s score as high as any party that none keeps the wanted \
                 alarm rate."
            ));
        }
    }
    if let Scorer::Matching { min_score, .. } = about.scores {
        for (name, point) in evaluation.configured.iter().filter(|(_, point)| point.threshold < min_score) {
            notes.push(format!(
                "The lowest score looked at, {min_score}, lies above the threshold `{name}` of {}: its figures are \
                 those at {min_score}.",
                threshold(point.threshold)
            ));
        }
    }
}

/// Whether not even one of so many may raise an alarm.
fn too_few(negatives: usize, rate: f64) -> bool {
    u32::try_from(negatives).is_ok_and(|n| f64::from(n) * rate < 1.0 - 1e-9)
}

pub fn sort_of(negatives: Negatives) -> &'static str {
    match negatives {
        Negatives::All => "negative",
        Negatives::Natural => "natural negative",
        Negatives::Near => "near negative",
    }
}
