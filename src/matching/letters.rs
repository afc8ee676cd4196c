//! All letters of a name in a row, for names that differ in nothing but where
//! their words begin and end, and for fields that are cut.
//!
//! Knows tokens; nothing of scores.

use std::borrow::Borrow;

use crate::name::{Key, Name, Token};

use super::breakdown::{Measure, TokenMatch};

/// The letters of a name as written, without spaces.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Letters {
    text: Box<str>,
    /// Letters with the family name moved to the end; the same as `text` where
    /// the list does not tell it.
    turned: Box<str>,
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

    pub fn text(&self) -> &str {
        &self.text
    }

    /// By what names with the same letters are found; none for few letters.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        let own = (self.text.len() >= MIN_LETTERS).then(|| Key::of(&self.text));
        let turned = own.filter(|_| self.turned != self.text).map(|_| Key::of(&self.turned));
        own.into_iter().chain(turned)
    }

    /// How the screened name `name` of these letters meets a listed one.
    pub fn meets(&self, name: &Name, listed: &Self) -> Option<Whole> {
        if self.text.len() < MIN_LETTERS {
            None
        } else if self.text == listed.text || self.text == listed.turned {
            Some(Whole::SameLetters)
        } else {
            (name.may_be_cut && listed.text.starts_with(&*self.text)).then_some(Whole::Cut)
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
        let (measure, why) = match self {
            Self::SameLetters => (Measure::Joined, "the same letters, divided into words in another way"),
            Self::Cut => (Measure::Prefix, "the field is full, and the listed name begins with it"),
        };
        TokenMatch {
            query: text(&mut name.tokens.iter()),
            listed: text(&mut listed.iter().copied()),
            measure,
            similarity: 1.0,
            weight: weight(&mut name.tokens.iter()).min(weight(&mut listed.iter().copied())),
            without: None,
            why: why.to_owned(),
        }
    }
}
