//! An evaluation → text, JSON, the sweep as CSV, or one HTML page.
//!
//! Measures nothing itself: `crate::evaluation` does. Every table is made once,
//! in [`tables`], so that text and page show the same digits.

mod chart;
mod html;
mod json;
mod notes;
mod sweep;
mod tables;
mod text;

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use crate::evaluation::{Evaluation, PairEvaluation};
use crate::watchlist::ListInfo;

/// What was measured, for the head of every output.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct About {
    pub program_version: String,
    /// The labelled file, as named by the user.
    pub file: String,
    /// Of its bytes, lower-case hex.
    pub sha256: String,
    pub scores: Scorer,
    /// The lists that were matched against or looked up in.
    pub lists: Vec<Arc<ListInfo>>,
    /// Hits whose query is not in the file; of another matcher's hits only.
    pub hits_for_unknown_queries: u64,
    /// What the reader must know about the data, in sentences.
    pub notes: Vec<String>,
}

/// Where the scores came from.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Scorer {
    /// This program; hits below `min_score`, or beyond the best `top` of a
    /// query, were not looked at.
    Matching { min_score: f64, top: usize },
    /// This program, comparing pair by pair.
    #[default]
    Comparing,
    /// A file of scores, with the SHA-256 of its bytes.
    File { name: String, sha256: String },
}

/// What came out.
#[derive(Clone, PartialEq, Debug)]
pub enum Figures {
    Queries(Box<Evaluation>),
    Pairs(Box<PairEvaluation>),
}

/// A format of the evaluation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people, within 80 columns.
    Text,
    /// One JSON object, keys in alphabetical order.
    Json,
    /// The threshold sweep.
    Csv,
    /// One self-contained page.
    Html,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Text, Self::Json, Self::Csv, Self::Html];
    pub const WORDS: [&'static str; 4] = ["text", "json", "csv", "html"];

    /// The name on the command line.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }

    /// The format a file name suggests: `.txt`, `.json`, `.csv`, `.html`
    /// (`.htm`), in either case.
    #[must_use]
    pub fn from_file_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "txt" | "text" => Self::Text,
            "json" => Self::Json,
            "csv" => Self::Csv,
            "html" | "htm" => Self::Html,
            _ => return None,
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// Writes an evaluation in a format.
///
/// # Errors
/// When the bytes can't be written.
pub fn write(format: Format, about: &About, figures: &Figures, out: &mut dyn Write) -> io::Result<()> {
    let bytes = match format {
        Format::Text => text::render(about, figures),
        Format::Json => json::render(about, figures),
        Format::Csv => sweep::render(figures)?,
        Format::Html => html::render(about, figures)?,
    };
    out.write_all(bytes.as_bytes())?;
    out.flush()
}

#[cfg(test)]
mod tests;
