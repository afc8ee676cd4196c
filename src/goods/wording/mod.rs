//! Terms looked for in descriptions: as written, inflected, written together,
//! with one wrong letter.
//!
//! Knows the endings of a few languages; nothing of what a term means.

mod index;
mod inflect;

pub use index::{Hit, How, TermIndex, Words};
