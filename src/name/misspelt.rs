//! Known words by what is left of them without one letter, so that a word with
//! one letter wrong finds the word it was meant to be.
//!
//! Knows words only; what they are is the caller's.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::token::Key;

/// Words whose misspellings are recognised.
#[derive(Debug, Default)]
pub(super) struct Misspelt {
    by_rest: FxHashMap<Key, Vec<Arc<str>>>,
}

impl Misspelt {
    pub fn of<'w>(words: impl IntoIterator<Item = &'w String>) -> Self {
        let mut words: Vec<&String> = words.into_iter().collect();
        words.sort_unstable();
        words.dedup();
        let mut misspelt = Self::default();
        for word in words {
            let word: Arc<str> = word.as_str().into();
            for left in without_one_letter(&word) {
                let words = misspelt.by_rest.entry(left).or_default();
                if !words.contains(&word) {
                    words.push(Arc::clone(&word));
                }
            }
        }
        misspelt
    }

    /// The words that differ by one letter, or by two that changed places, and
    /// the word itself if it is one of them; some more than once.
    pub fn find<'m, 'w>(&'m self, word: &'w str) -> impl Iterator<Item = &'m str> + use<'m, 'w> {
        without_one_letter(word)
            .filter_map(|left| self.by_rest.get(&left))
            .flatten()
            .filter(move |known| strsim::osa_distance(known, word) <= 1)
            .map(AsRef::as_ref)
    }
}

/// The folded word itself, and what is left of it without any one letter.
fn without_one_letter(word: &str) -> impl Iterator<Item = Key> {
    let without = |skipped: usize| {
        let letters = word.bytes().enumerate().filter(move |(at, _)| *at != skipped);
        letters.fold(Key::default(), |key, (_, byte)| key.and(byte))
    };
    std::iter::once(Key::of(word)).chain((0..word.len()).map(without))
}
