//! The threshold sweep as CSV, highest threshold first.

use std::io;

use crate::evaluation::Share;

use super::Figures;

pub fn render(figures: &Figures) -> io::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    match figures {
        Figures::Queries(evaluation) => {
            writer.write_record(["threshold", "recall", "fpr", "precision"])?;
            for step in &evaluation.sweep {
                writer.write_record([
                    step.threshold.to_string(),
                    rounded(step.recall, 5),
                    rounded(step.false_positives, 6),
                    rounded(step.precision(), 5),
                ])?;
            }
        }
        Figures::Pairs(pairs) => {
            writer.write_record(["threshold", "precision", "recall", "f1"])?;
            for step in &pairs.sweep {
                let counts = &step.counts;
                writer.write_record([
                    step.threshold.to_string(),
                    format!("{:.5}", counts.precision()),
                    format!("{:.5}", counts.recall()),
                    format!("{:.5}", counts.f1()),
                ])?;
            }
        }
    }
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// Empty where there is nothing to tell.
fn rounded(share: Share, decimals: usize) -> String {
    share.value().map_or_else(String::new, |value| format!("{value:.decimals$}"))
}
