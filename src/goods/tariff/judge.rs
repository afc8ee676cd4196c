//! How strongly what a text speaks of contradicts a tariff code: a sum of what
//! was seen, each with a weight fitted on real texts with their codes.
//!
//! Knows probabilities and words in common with the nomenclature; not whether
//! the text or the code is the one that is wrong.

use std::fmt;
use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use super::nomenclature::Nomenclature;
use super::text::is_common;
use super::words::{ByChapter, CHAPTERS, Table, chapter, place};
use crate::name::phrase_words;

pub(super) const FEATURES: usize = 10;

/// What is seen, as the table names it.
pub(super) const KEYS: [&str; FEATURES] = [
    "declared",
    "near",
    "prior",
    "best",
    "entropy",
    "surprise",
    "lift",
    "overlap_most",
    "overlap_share",
    "overlap_any",
];

/// Words of each heading of the nomenclature, cut when first asked for.
pub(super) struct Headings {
    /// By heading, as a number below 10,000; chapters are by their number.
    cells: Vec<OnceLock<FxHashSet<String>>>,
}

impl fmt::Debug for Headings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Headings")
    }
}

impl Headings {
    pub(super) fn new() -> Self {
        Self { cells: (0..10_000).map(|_| OnceLock::new()).collect() }
    }

    /// The words of a heading and its subheadings, or those of a chapter alone.
    fn words(&self, code: &str) -> Option<&FxHashSet<String>> {
        let cell = self.cells.get(code.parse::<usize>().ok()?)?;
        Some(cell.get_or_init(|| {
            let nomenclature = Nomenclature::shipped();
            let mut words = FxHashSet::default();
            if code.len() == 2 {
                words.extend(nomenclature.find(code).into_iter().flat_map(|(text, _)| named(text)));
            } else {
                words.extend(nomenclature.under(code).flat_map(named));
            }
            words
        }))
    }
}

/// The words of a text of the nomenclature, without what it names only to say
/// that it is elsewhere.
fn named(text: &str) -> Vec<String> {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        kept.push_str(before);
        kept.push(' ');
        let elsewhere = ["other than", "excluding", "not ", "excl"]
            .iter()
            .any(|word| after.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)));
        rest = if elsewhere { after.split_once(')').map_or("", |(_, after)| after) } else { after };
    }
    kept.push_str(rest);
    let mut words = phrase_words(&kept);
    words.retain(|word| word.len() >= 2 && !is_common(word));
    words
}

/// The logits as probabilities.
pub(super) fn probabilities(logits: &ByChapter, warmth: f32) -> ByChapter {
    let most = logits.iter().copied().fold(f32::MIN, f32::max);
    let mut shares = [0.0; CHAPTERS];
    for (share, logit) in shares.iter_mut().zip(logits) {
        *share = ((logit - most) * warmth).exp();
    }
    let sum: f32 = shares.iter().sum();
    for share in &mut shares {
        *share /= sum;
    }
    shares
}

/// The odds that text and code do not belong together, as a share 0 to 1.
/// `named` is whether the text names a priority good of another chapter.
pub(super) fn score(
    table: &Table,
    headings: &Headings,
    shares: &ByChapter,
    words: &[&str],
    (declared, code): (usize, &str),
    named: bool,
) -> f32 {
    let seen = features(table, headings, shares, words, declared, code);
    let sum: f32 = seen.iter().zip(&table.judge.by_feature).map(|(seen, weight)| seen * weight).sum();
    let named = if named { table.named } else { 0.0 };
    let technical = if technical_elsewhere(table, shares, declared) { table.technical } else { 0.0 };
    1.0 / (1.0 + (-(sum + table.judge.base + named + technical)).exp())
}

/// Machines, electrics, aircraft, instruments.
const TECHNICAL: [&str; 4] = ["84", "85", "88", "90"];

/// A text that is nearly all of technical goods, with a code of others: what
/// disguise looks like.
fn technical_elsewhere(table: &Table, shares: &ByChapter, declared: usize) -> bool {
    let places = TECHNICAL.map(|chapter| place(chapter.as_bytes()));
    let share: f32 = places.iter().flatten().filter_map(|at| shares.get(*at)).sum();
    !places.contains(&Some(declared)) && share > table.technical_from
}

fn features(
    table: &Table,
    headings: &Headings,
    shares: &ByChapter,
    words: &[&str],
    declared: usize,
    code: &str,
) -> [f32; FEATURES] {
    let share = shares.get(declared).copied().unwrap_or_default();
    let prior = table.prior.get(declared).copied().unwrap_or_default();
    let near: f32 = shares
        .iter()
        .zip(&table.near)
        .map(|(share, row)| share * row.get(declared).copied().unwrap_or_default())
        .sum();
    let best = shares.iter().copied().fold(0.0, f32::max);
    let entropy: f32 = shares.iter().map(|p| -p * (p + 1e-9).ln()).sum();
    let surprise: f32 =
        shares.iter().zip(&table.prior).map(|(p, q)| p * ((p + 1e-9) / (q + 1e-4)).ln()).sum();
    let (share, near, prior) = ((share + 1e-5).ln(), (near + 1e-5).ln(), (prior + 1e-3).ln());
    let [most, part, any] = overlap(table, headings, words, code);
    [share, near, prior, best.ln(), entropy, surprise, surprise * (share - prior), most, part, any]
}

/// How much of the text the nomenclature says of the declared heading.
fn overlap(table: &Table, headings: &Headings, words: &[&str], code: &str) -> [f32; 3] {
    let inside = |word: &str| {
        [code.get(..4), code.get(..2)]
            .into_iter()
            .flatten()
            .filter_map(|code| headings.words(code))
            .any(|words| words.contains(word))
    };
    let (mut total, mut common, mut most) = (0.0, 0.0, 0.0f32);
    for (at, word) in words.iter().enumerate() {
        if is_common(word) || words.iter().take(at).any(|before| before == word) {
            continue;
        }
        let scale = table.scale(word);
        total += scale;
        if inside(word) {
            common += scale;
            most = most.max(scale);
        }
    }
    [most, if total > 0.0 { common / total } else { 0.0 }, if most > 0.0 { 1.0 } else { 0.0 }]
}

/// The chapters with the most of the text, with their shares.
pub(super) fn best(shares: &ByChapter) -> Vec<(String, f32)> {
    let mut order: Vec<(usize, f32)> = shares.iter().copied().enumerate().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    order
        .into_iter()
        .take(3)
        .filter(|(_, share)| *share >= 0.02)
        .map(|(at, share)| (chapter(at), share))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_elsewhere_is_not_named() {
        assert_eq!(named("Lamps (other than toys); of glass"), ["lamp", "glass"]);
        assert_eq!(named("Mate (maté) (excluding"), ["mate", "mate"]);
    }

    #[test]
    fn probabilities_sum_to_one() {
        let mut logits = [0.0; CHAPTERS];
        logits[3] = 500.0;
        logits[4] = -500.0;
        let shares = probabilities(&logits, 1.0);
        assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        assert_eq!(best(&shares), [("04".to_owned(), 1.0)]);
    }
}
