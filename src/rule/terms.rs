//! Named lists of words (`[[terms]]`), looked for all at once.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostics, Table};
use crate::name::{PhraseTable, phrase_words};

/// A list of words as loaded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct TermList {
    pub id: Arc<str>,
    pub title: String,
    pub words: Vec<String>,
}

/// All lists of words.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    pub lists: Vec<TermList>,
    /// Tag: (list, word).
    table: PhraseTable<(usize, usize)>,
}

/// What stands in one text.
#[derive(Clone, Debug, Default)]
pub(super) struct TermHits {
    /// (list, word), in the order of the text.
    pub hits: Vec<(usize, usize)>,
    /// By list: how many of the text's words its phrases cover.
    covered: FxHashMap<usize, u64>,
    /// Bits of the words that mean something: neither numbers nor stop words.
    meaning: u64,
}

/// Small words and units that say nothing by themselves.
const FILLERS: [&str; 26] = [
    "and", "of", "for", "the", "with", "in", "to", "a", "as", "per", "no", "pc", "pcs", "piece", "pieces",
    "set", "sets", "kg", "box", "boxes", "unit", "units", "x", "und", "et", "de",
];

impl Terms {
    /// Reads the `[[terms]]` tables of a file.
    pub fn read(&mut self, table: &mut Table<'_, '_>, out: &mut Diagnostics) {
        for mut terms in table.tables("terms", out) {
            let list = TermList {
                id: terms.string("id", out).into(),
                title: terms.string("title", out),
                words: terms.strings("words", out),
            };
            if list.words.is_empty() {
                out.push(terms.error(format!("the terms `{}` hold no words", list.id)));
            }
            if self.lists.iter().any(|other| other.id == list.id) {
                out.push(terms.error(format!("the terms `{}` are defined twice", list.id)));
            }
            for key in ["cite", "source", "certainty"] {
                terms.opt_string(key, out);
            }
            terms.opt_date("date", out);
            terms.finish(out);
            let number = self.lists.len();
            for (i, word) in list.words.iter().enumerate() {
                self.table.add(word, (number, i));
            }
            self.lists.push(list);
        }
    }

    /// The number of the list with an id.
    pub fn number(&self, id: &str) -> Option<usize> {
        self.lists.iter().position(|list| *list.id == *id)
    }

    /// Everything that stands in a text.
    pub fn find(&self, text: &str) -> TermHits {
        let words = phrase_words(text);
        let mut found = TermHits::default();
        for (i, word) in words.iter().enumerate().take(64) {
            let filler = FILLERS.contains(&word.as_str()) || word.bytes().all(|b| b.is_ascii_digit());
            if !filler {
                found.meaning |= 1 << i;
            }
        }
        for hit in self.table.find(&words) {
            found.hits.push(hit.tag);
            let covered = found.covered.entry(hit.tag.0).or_default();
            for i in (hit.at..hit.at + hit.words).take_while(|i| *i < 64) {
                *covered |= 1 << i;
            }
        }
        found
    }
}

impl TermHits {
    /// Whether the words of one list are all that the text says.
    pub fn is_whole(&self, list: usize) -> bool {
        let covered = self.covered.get(&list).copied().unwrap_or(0);
        covered != 0 && self.meaning & !covered == 0
    }
}
