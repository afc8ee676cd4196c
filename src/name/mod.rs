//! Text → comparable form: folding, scripts, legal forms, tokens, and the
//! parts of a name field. The tables stand in `rules/names/`.
//!
//! Knows no list and no score.

mod edits;
mod field;
mod fold;
mod frequency;
mod lexicon;
mod misspelt;
mod parsed;
mod phrase;
mod sound;
mod token;

pub use edits::{distance as edit_distance, within as edits_within};
pub use field::{FieldPart, PartKind, split_field};
pub use fold::{Folded, fold_text, fold_words};
pub use frequency::count_words;
pub use lexicon::Lexicon;
pub use parsed::Name;
pub use phrase::{Found, PhraseTable, phrase_words};
pub use token::{Key, Token, TokenClass, letter_set};
