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
    /// Names that can reach the cut-off.
    pub names: Vec<u32>,
    pub likes: Likes,
    pub like_words: Vec<LikeWord>,
    /// By unit: the most that a word like it gives which is not looked through.
    pub left_out: Vec<Bound>,
}

/// A word that is like a unit of the screened name.
#[derive(Clone, Copy)]
pub(super) struct LikeWord {
    pub unit: usize,
    pub word: WordId,
    /// How many names hold it.
    pub names: usize,
    /// What it adds to their bounds.
    pub gain: Bound,
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

    /// The bound of a name that was met.
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
    /// Bits of the words that have any, by their last bits: most words are told
    /// here.
    may_have: [u64; LIKE_BITS / 64],
    /// By word: the round it was found in, and where its chain begins.
    by_word: Vec<(u32, u32)>,
    /// (unit, likeness, next in the chain or itself).
    chain: Vec<(u32, Likeness, u32)>,
}

const LIKE_BITS: usize = 2048;

impl Likes {
    fn bit(word: WordId) -> (usize, u64) {
        let bit = word as usize % LIKE_BITS;
        (bit / 64, 1 << (bit % 64))
    }

    pub fn start(&mut self, words: usize) {
        self.chain.clear();
        self.may_have = [0; LIKE_BITS / 64];
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
        let (at_bits, bit) = Self::bit(word);
        self.may_have[at_bits] |= bit;
        self.chain.push((u32::try_from(unit).unwrap_or(u32::MAX), likeness, next));
    }

    pub fn each(&self, word: WordId, mut call: impl FnMut(usize, Likeness)) {
        let (at_bits, bit) = Self::bit(word);
        if self.may_have[at_bits] & bit == 0 {
            return;
        }
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
