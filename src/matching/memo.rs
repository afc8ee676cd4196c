//! What was found for words of papers, kept for a while: papers repeat them, also
//! those that are on no list.
//!
//! Knows what a search for like words asks of a word, and nothing of the search.

use std::hash::BuildHasher;
use std::sync::{Arc, Mutex};

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::name::{Key, Token, TokenClass};

use super::vocabulary::Neighbours;

/// All of a word that its likeness to others depends on.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Asked {
    text: Key,
    other_sound: Key,
    variant: Option<u32>,
    class: TokenClass,
    vowelless: bool,
    /// Whether it is several words written together, which other words are like.
    joined: bool,
}

/// Answers, in parts that several threads seldom want at once.
#[derive(Debug, Default)]
pub(super) struct Memo([Mutex<FxHashMap<Asked, Arc<Neighbours>>>; PARTS]);

const PARTS: usize = 16;
/// A part with so many answers is emptied: some two megabytes in all.
const MOST: usize = 512;

impl Memo {
    /// What was found for the same word before, or what `search` finds now.
    pub fn get(&self, token: &Token, joined: bool, search: impl Fn() -> Neighbours) -> Arc<Neighbours> {
        let asked = Asked {
            text: token.text_key,
            other_sound: token.other_sound,
            variant: token.variant,
            class: token.class,
            vowelless: token.vowelless,
            joined,
        };
        let part = &self.0[(FxBuildHasher.hash_one(&asked) >> 32) as usize % PARTS];
        // Whoever would have to wait is quicker searching.
        let known = part.try_lock().ok().and_then(|part| part.get(&asked).map(Arc::clone));
        known.unwrap_or_else(|| {
            let found = Arc::new(search());
            if let Ok(mut part) = part.try_lock() {
                if part.len() >= MOST {
                    part.clear();
                }
                part.insert(asked, Arc::clone(&found));
            }
            found
        })
    }
}

/// Words with their likeness to one that was asked for.
#[derive(Debug)]
pub(super) enum Found<'v> {
    /// Of a word of the lists.
    Listed(&'v Neighbours),
    Other(Arc<Neighbours>),
}

impl std::ops::Deref for Found<'_> {
    type Target = Neighbours;

    fn deref(&self) -> &Neighbours {
        match self {
            Self::Listed(found) => found,
            Self::Other(found) => found,
        }
    }
}
