//! A description of goods → the words that are weighed.
//!
//! Knows where the head of an English phrase ends and which words every kind of
//! goods has; nothing of what a word means.

use crate::name::phrase_words;

/// Words that stand in texts of every chapter.
const COMMON: [&str; 22] = [
    "of", "the", "and", "for", "with", "in", "to", "by", "on", "or", "other", "than", "an", "from", "not",
    "as", "part", "pack", "set", "new", "pc", "pcs",
];

/// Words that say nothing of the goods: a text of no others has no opinion.
const VAGUE: [&str; 30] = [
    "spare",
    "accessory",
    "accessorie",
    "item",
    "good",
    "goods",
    "product",
    "article",
    "sample",
    "gift",
    "component",
    "sundry",
    "misc",
    "miscellaneous",
    "various",
    "device",
    "unit",
    "piece",
    "assorted",
    "general",
    "cargo",
    "kit",
    "stuff",
    "thing",
    "material",
    "equipment",
    "parcel",
    "merchandise",
    "supply",
    "supplie",
];

/// Where the head of a phrase ends: `bearing for pump`.
const STOPS: [&str; 12] = ["for", "of", "with", "in", "to", "by", "on", "from", "without", "and", "or", "as"];

/// What divides a description into phrases.
const DIVIDERS: [char; 12] = [',', ';', ':', '(', ')', '[', ']', '|', '/', '\n', '\r', '，'];

/// Words read in one description; more are let be.
const MOST_WORDS: usize = 64;

pub(super) fn is_common(word: &str) -> bool {
    COMMON.contains(&word)
}

/// Whether a word says nothing of the goods.
pub(super) fn is_vague(word: &str) -> bool {
    is_common(word) || VAGUE.contains(&word)
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

/// The words of a description, in its order.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) all: Vec<String>,
    /// Index of the word that names the goods, as English puts it.
    head: Option<usize>,
}

impl Words {
    pub(super) fn read(description: &str) -> Self {
        let mut words = Self::default();
        for phrase in description.split(DIVIDERS) {
            let phrase = phrase_words(phrase);
            if words.all.is_empty() && !phrase.is_empty() {
                let end = phrase.iter().skip(1).position(|word| STOPS.contains(&word.as_str()));
                words.head = Some(end.unwrap_or(phrase.len() - 1));
            }
            words.all.extend(phrase);
            if words.all.len() > MOST_WORDS {
                words.all.truncate(MOST_WORDS);
                break;
            }
        }
        words
    }

    /// The words that are weighed, and whether one is the head.
    pub(super) fn single(&self) -> impl Iterator<Item = (&str, bool)> {
        self.all.iter().enumerate().filter_map(|(at, word)| {
            (word.len() >= 2 && !is_number(word)).then_some((word.as_str(), self.head == Some(at)))
        })
    }

    /// Words that stand side by side, joined by a space.
    pub(super) fn pairs(&self) -> impl Iterator<Item = String> {
        let pairs = self.all.iter().zip(self.all.iter().skip(1));
        pairs
            .filter(|(first, second)| !is_number(first) || !is_number(second))
            .map(|(first, second)| format!("{first} {second}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_names_the_goods() {
        for (text, head) in [
            ("ball bearings for pumps, steel", "bearing"),
            ("trousers, leather", "trouser"),
            ("For puzzles", "puzzle"),
            ("microcontroller 32 bit", "bit"),
        ] {
            let words = Words::read(text);
            let found: Vec<_> = words.single().filter(|(_, head)| *head).map(|(word, _)| word).collect();
            assert_eq!(found, [head], "{text}");
        }
    }

    #[test]
    fn numbers_and_single_letters_are_not_weighed() {
        let words = Words::read("1 x t-shirt 100");
        assert_eq!(words.single().map(|(w, _)| w).collect::<Vec<_>>(), ["shirt"]);
        assert_eq!(words.pairs().collect::<Vec<_>>(), ["1 x", "x t", "t shirt", "shirt 100"]);
    }
}
