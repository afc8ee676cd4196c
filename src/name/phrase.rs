//! Many phrases, looked for at once in a folded text, as whole words.

use rustc_hash::FxHashMap;

use super::fold::fold_words;

/// Phrases with a tag each. A plural `s` does not matter in words of five
/// letters and more.
#[derive(Clone, Debug)]
pub struct PhraseTable<T> {
    /// First word → (all words, tag).
    by_first: FxHashMap<String, Vec<(Vec<String>, T)>>,
}

impl<T> Default for PhraseTable<T> {
    fn default() -> Self {
        Self { by_first: FxHashMap::default() }
    }
}

/// A phrase that stands in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found<T> {
    pub tag: T,
    /// Index of its first word.
    pub at: usize,
    /// Its length in words.
    pub words: usize,
}

/// The words of a text as phrases are compared: folded, plurals cut.
#[must_use]
pub fn phrase_words(text: &str) -> Vec<String> {
    fold_words(text).words.into_iter().map(singular).collect()
}

fn singular(mut word: String) -> String {
    if word.len() >= 5 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") {
        word.pop();
    }
    word
}

impl<T: Copy> PhraseTable<T> {
    /// Adds a phrase; false if it folds to nothing.
    pub fn add(&mut self, phrase: &str, tag: T) -> bool {
        let words = phrase_words(phrase);
        let Some(first) = words.first() else { return false };
        self.by_first.entry(first.clone()).or_default().push((words, tag));
        true
    }

    /// Every phrase that stands in the words, in the order of the text.
    pub fn find<'a>(&'a self, words: &'a [String]) -> impl Iterator<Item = Found<T>> + 'a {
        words.iter().enumerate().flat_map(move |(at, word)| {
            self.by_first.get(word).into_iter().flatten().filter_map(move |(phrase, tag)| {
                words[at..].starts_with(phrase).then_some(Found { tag: *tag, at, words: phrase.len() })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_as_whole_words_in_any_script() {
        let mut table = PhraseTable::default();
        for (i, phrase) in
            ["field programmable gate array", "fpga", "крым", "集成电路", "bearing"].iter().enumerate()
        {
            assert!(table.add(phrase, i));
        }
        let tags = |text: &str| table.find(&phrase_words(text)).map(|f| f.tag).collect::<Vec<_>>();
        assert_eq!(tags("Field-Programmable Gate Arrays (FPGA)"), [0, 1]);
        assert_eq!(tags("Республика Крым"), [2]);
        assert_eq!(tags("集成电路 10 pcs"), [3]);
        assert_eq!(tags("ball bearings"), [4]);
        assert_eq!(tags("fpgax forbearing"), [1usize; 0]);
    }
}
