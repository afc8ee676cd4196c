//! How common a word is in names. A word that many names share tells little.
//!
//! The table (`rules/names/frequency.toml`) is fixed, so that a score does not
//! depend on which lists are loaded.

use std::collections::BTreeMap;

use super::fold::fold_words;

/// Words with the number of parties whose names hold them, for making the
/// frequency table. One call a party, with all its names.
pub fn count_words<'a>(names: impl IntoIterator<Item = &'a str>, counts: &mut BTreeMap<String, u32>) {
    let mut words: Vec<String> = names.into_iter().flat_map(|name| fold_words(name).words).collect();
    words.sort_unstable();
    words.dedup();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
}

/// The weight of a word that `parties` of the lists' parties carry: 1 up to
/// two parties, falling with the logarithm, not below 0.2.
#[must_use]
pub fn weight(parties: u32) -> f32 {
    if parties <= 2 {
        return 1.0;
    }
    let parties = f64::from(parties);
    #[expect(clippy::cast_possible_truncation, reason = "between 0.2 and 1")]
    let weight = (1.0 - 0.27 * (parties / 2.0).log10()).clamp(0.2, 1.0) as f32;
    weight
}
