//! Terms looked for in descriptions: as written, inflected, abbreviated, written
//! together, with one wrong letter.
//!
//! Knows the endings of a few languages; nothing of what a term means.

mod abbreviations;
mod index;
mod inflect;

pub use index::{Hit, How, TermIndex, Words};
