//! Working space of a search, kept for the next one of the same thread.
//!
//! Knows numbers of names and words; nothing of what they say. What is left
//! from an earlier search is never read: each entry bears the round it was
//! written in.

use std::cell::RefCell;

use super::bound::{Bound, Packed};
use super::similarity::Likeness;
use super::vocabulary::WordId;

thread_local! {
    pub(super) static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Working space of one search, kept for the next.
#[derive(Default)]
pub(super) struct Scratch {
    pub bounds: Bounds,
    pub names: Vec<u32>,
    pub likes: Likes,
}

/// A bound for each name that was met.
#[derive(Default)]
pub(super) struct Bounds {
    round: u16,
    /// By name: its bound, with the round it was met in.
    by_name: Vec<Packed>,
    pub touched: Vec<u32>,
}

impl Bounds {
    pub fn start(&mut self, names: usize) {
        self.touched.clear();
        self.round = self.round.wrapping_add(1);
        if self.round == 0 || self.by_name.len() < names {
            self.round = 1;
            self.by_name.clear();
            self.by_name.resize(names, Packed::default());
        }
    }

    pub fn add(&mut self, name: u32, gain: Packed) {
        let bound = &mut self.by_name[name as usize];
        if bound.tag() == self.round {
            bound.add(gain);
        } else {
            *bound = gain.tagged(self.round);
            self.touched.push(name);
        }
    }

    pub fn of(&self, name: u32) -> Bound {
        self.by_name[name as usize].bound()
    }

    pub fn is_split(&self, name: u32) -> bool {
        let bound = self.by_name[name as usize];
        bound.tag() == self.round && bound.bound().split
    }
}

/// The likenesses found for each word.
#[derive(Default)]
pub(super) struct Likes {
    round: u32,
    /// By word: the round it was found in, and where its chain begins.
    by_word: Vec<(u32, u32)>,
    /// (unit, likeness, next in the chain or itself).
    chain: Vec<(u32, Likeness, u32)>,
}

impl Likes {
    pub fn start(&mut self, words: usize) {
        self.chain.clear();
        self.round = self.round.wrapping_add(1);
        if self.round == 0 || self.by_word.len() < words {
            self.round = 1;
            self.by_word.clear();
            self.by_word.resize(words, (0, 0));
        }
    }

    pub fn add(&mut self, word: WordId, unit: usize, likeness: Likeness) {
        let at = u32::try_from(self.chain.len()).unwrap_or(u32::MAX);
        let (round, first) = &mut self.by_word[word as usize];
        let next = if *round == self.round { *first } else { at };
        (*round, *first) = (self.round, at);
        self.chain.push((u32::try_from(unit).unwrap_or(u32::MAX), likeness, next));
    }

    pub fn each(&self, word: WordId, mut call: impl FnMut(usize, Likeness)) {
        let (round, first) = self.by_word[word as usize];
        if round != self.round {
            return;
        }
        let mut at = first;
        loop {
            let (unit, likeness, next) = self.chain[at as usize];
            call(unit as usize, likeness);
            if next == at {
                return;
            }
            at = next;
        }
    }
}
