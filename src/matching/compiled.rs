//! Indexed lists as one file, for a fast start.
//!
//! Never a source of truth: whatever is wrong with a file, it is not used, and
//! the caller reads the lists themselves. Damage is found by a checksum before
//! anything is read; and what is read is looked through, so that even a file
//! of well-kept nonsense can make no search fail.

use crate::diagnostic::Diagnostics;
use crate::name::Lexicon;

use super::address::AddressIndex;
use super::bytes::{Reader, Writer};
use super::entries::Entries;
use super::identifier::IdentifierIndex;
use super::index::NameIndex;
use super::matcher::{Matcher, Thresholds};
use super::said::{load_said, save_said};

/// What such a file begins with.
const MAGIC: [u8; 8] = *b"RFLISTS\n";
/// Of the way the content is written. Raise it with every change of that, and
/// of what words, sounds or hashes are made of.
const VERSION: u32 = 3;
/// Magic, version, key, length and checksum.
const HEAD: usize = 8 + 4 + KEY + 8 + 8;

/// Length of the hash of all that a file was made from.
const KEY: usize = 32;

impl Matcher {
    /// The lists, indexed, as the bytes of a file, with the warnings that were
    /// given when they were read. `key` is a hash of everything that they were
    /// made from: the lists, the tables of words, the program.
    #[must_use]
    pub fn to_compiled(&self, key: &[u8; KEY], said: &Diagnostics) -> Vec<u8> {
        let mut out = Writer { bytes: vec![0; HEAD] };
        // The entries stand in front: see `from_compiled`.
        self.entries.save(&mut out);
        out.u32s(self.groups.iter().copied());
        self.names.save(&mut out);
        out.u16s(self.name_numbers.iter().copied());
        self.identifiers.save(&mut out);
        self.addresses.save(&mut out);
        save_said(said, &mut out);
        let mut bytes = out.bytes;
        if let Some((head, content)) = bytes.split_at_mut_checked(HEAD) {
            head.copy_from_slice(&head_of(key, content));
        }
        bytes
    }

    /// The lists out of such a file, if it is whole, of this version of the
    /// program and was made with the same key; and what was said of them, each
    /// with the part of its file that it shows.
    #[must_use]
    pub fn from_compiled(
        mut file: Vec<u8>,
        key: &[u8; KEY],
        lexicon: &'static Lexicon,
        thresholds: Thresholds,
    ) -> Option<(Self, Diagnostics)> {
        let (head, content) = file.split_at_checked(HEAD)?;
        if head != head_of(key, content) {
            return None;
        }
        let mut reader = Reader::new(content);
        let mut matcher = Self::empty(lexicon, thresholds);
        let (entries, end) = Entries::load(&mut reader, file.len())?;
        matcher.groups = reader.u32s()?;
        matcher.names = NameIndex::load(&mut reader, entries.len())?;
        matcher.name_numbers = reader.u16s()?;
        matcher.identifiers = IdentifierIndex::load(&mut reader)?;
        matcher.addresses = AddressIndex::load(&mut reader, entries.len())?;
        let said = load_said(&mut reader)?;
        let fits = reader.left() == 0
            && matcher.groups.len() == entries.len()
            && matcher.name_numbers.len() == matcher.names.len();
        // Of the file only the entries are kept, which are read when they are
        // met. They stand in front, so that the rest can be given back.
        file.truncate(end);
        file.shrink_to_fit();
        matcher.entries = entries;
        matcher.entries.keep(file);
        fits.then_some((matcher, said))
    }
}

/// The head of a file with this content.
fn head_of(key: &[u8; KEY], content: &[u8]) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    let length = content.len() as u64;
    let parts = [
        MAGIC.as_slice(),
        &VERSION.to_le_bytes(),
        key,
        &length.to_le_bytes(),
        &checksum(content).to_le_bytes(),
    ];
    for (to, from) in head.iter_mut().zip(parts.into_iter().flatten()) {
        *to = *from;
    }
    head
}

/// Sums that are added up side by side.
const LANES: usize = 4;

/// A sum over bytes that differs whenever eight bytes in a row differ, and
/// hardly ever agrees by chance. Each step can be undone, so that a difference
/// can't get lost. It guards against damage, not against forgery.
fn checksum(bytes: &[u8]) -> u64 {
    let mut sums = [1, 2, 3, 4];
    let (blocks, tail) = bytes.as_chunks::<{ 8 * LANES }>();
    let mut last = [0; 8 * LANES];
    last.iter_mut().zip(tail).for_each(|(to, from)| *to = *from);
    for block in blocks.iter().chain([&last]) {
        for (sum, word) in sums.iter_mut().zip(block.as_chunks().0) {
            *sum = step(*sum, u64::from_le_bytes(*word));
        }
    }
    sums.into_iter().fold(bytes.len() as u64, step)
}

fn step(sum: u64, word: u64) -> u64 {
    (sum ^ word).rotate_left(29).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
#[path = "compiled_laws.rs"]
mod laws;
