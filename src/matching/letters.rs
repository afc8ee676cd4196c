//! All letters of a name in a row, for names that differ in nothing but where
//! their words begin and end, and for fields that are cut.
//!
//! Knows tokens; nothing of scores.

use std::borrow::Borrow;

use crate::name::{Key, Name, Token};

use super::breakdown::{Measure, TokenMatch};
use super::bytes::{Reader, Writer};
use super::texts::Texts;

/// The letters of a name as written, without spaces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Letters {
    text: Box<str>,
    /// Letters with the family name moved to the end; the same as `text` where
    /// the list does not tell it.
    turned: Box<str>,
}

/// The letters of a name, wherever they are kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct LettersRef<'l> {
    pub text: &'l str,
    pub turned: &'l str,
}

/// The letters of many names.
#[derive(Debug, Default)]
pub(super) struct AllLetters {
    /// Two a name: the letters, and the letters turned; empty if they are the
    /// same.
    texts: Texts,
}

impl AllLetters {
    /// Adds the letters of the next name.
    pub fn add(&mut self, letters: &Letters) {
        let LettersRef { text, turned } = letters.borrowed();
        self.texts.add([text]);
        self.texts.add([if text == turned { "" } else { turned }]);
    }

    pub fn finish(&mut self) {
        self.texts.shrink();
    }

    pub fn save(&self, out: &mut Writer) {
        self.texts.save(out);
    }

    pub fn load(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self { texts: Texts::load(reader)? })
    }

    /// The letters of a name by its number.
    pub fn of(&self, name: u32) -> LettersRef<'_> {
        let at = name as usize * 2;
        let (text, turned) = (self.texts.get(at), self.texts.get(at + 1));
        LettersRef { text, turned: if turned.is_empty() { text } else { turned } }
    }
}

/// How two names agree as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Whole {
    /// Letter by letter.
    SameLetters,
    /// The screened field is cut where the listed name goes on.
    Cut,
}

/// Fewer letters meet by chance.
const MIN_LETTERS: usize = 5;

impl Letters {
    /// `family` are the bits of the tokens of the family name.
    pub fn of<T: Borrow<Token>>(tokens: &[T], family: u64) -> Self {
        let text = |turned: bool| {
            let is_family = |i: usize| i < 64 && family & (1 << i) != 0;
            let order = (0..tokens.len()).filter(|&i| !turned || !is_family(i));
            let last = (0..tokens.len()).filter(|&i| turned && is_family(i));
            order
                .chain(last)
                .flat_map(|i| tokens[i].borrow().written.split(' '))
                .collect::<String>()
                .into_boxed_str()
        };
        Self { text: text(false), turned: text(family != 0) }
    }

    pub fn borrowed(&self) -> LettersRef<'_> {
        LettersRef { text: &self.text, turned: &self.turned }
    }
}

impl LettersRef<'_> {
    /// By what names with the same letters are found; none for few letters.
    pub fn keys(self) -> impl Iterator<Item = Key> {
        let own = (self.text.len() >= MIN_LETTERS).then(|| Key::of(self.text));
        let turned = own.filter(|_| self.turned != self.text).map(|_| Key::of(self.turned));
        own.into_iter().chain(turned)
    }

    /// Whether the screened name `name` of these letters is the listed one, word
    /// by word. The best alignment may still join some of the words.
    pub fn are_those_of(self, name: &Name, listed: LettersRef<'_>, words: &[&Token]) -> bool {
        self.text == listed.text
            && name.tokens.len() == words.len()
            && name.tokens.iter().zip(words).all(|(own, word)| own.text == word.text)
    }

    /// How the screened name `name` of these letters meets a listed one.
    pub fn meets(self, name: &Name, listed: LettersRef<'_>) -> Option<Whole> {
        if self.text.len() < MIN_LETTERS {
            None
        } else if self.text == listed.text || self.text == listed.turned {
            Some(Whole::SameLetters)
        } else {
            (name.may_be_cut && listed.text.starts_with(self.text)).then_some(Whole::Cut)
        }
    }
}

impl Whole {
    /// In words, as one pairing.
    pub fn explain(self, name: &Name, listed: &[&Token]) -> TokenMatch {
        let text = |tokens: &mut dyn Iterator<Item = &Token>| {
            tokens.map(|t| t.written.as_str()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
        };
        let weight =
            |tokens: &mut dyn Iterator<Item = &Token>| tokens.map(|t| f64::from(t.weight)).sum::<f64>();
        let (query, others) = (text(&mut name.tokens.iter()), text(&mut listed.iter().copied()));
        let (measure, why) = match self {
            Self::SameLetters if query == others => (Measure::Equal, "the same words"),
            Self::SameLetters => (Measure::Joined, "the same letters, divided into words in another way"),
            Self::Cut => (Measure::Prefix, "the field is full, and the listed name begins with it"),
        };
        TokenMatch {
            query,
            listed: others,
            measure,
            similarity: 1.0,
            weight: weight(&mut name.tokens.iter()).min(weight(&mut listed.iter().copied())),
            without: None,
            why: why.to_owned(),
        }
    }
}
