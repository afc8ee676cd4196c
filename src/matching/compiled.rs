//! Indexed lists as one file, for a fast start.
//!
//! Never a source of truth: whatever is wrong with a file, it is not used, and
//! the caller reads the lists themselves. Damage is found by a checksum before
//! anything is read; and what is read is looked through, so that even a file
//! of well-kept nonsense can make no search fail.

use std::io::{self, Seek, Write};

use crate::diagnostic::Diagnostics;
use crate::name::Lexicon;

use super::address::AddressIndex;
use super::bytes::Reader;
use super::entries::Entries;
use super::identifier::IdentifierIndex;
use super::index::NameIndex;
use super::matcher::{Matcher, Thresholds};
use super::pieces::{self, Checksum, Pieces};
use super::said::{load_said, save_said};

/// What such a file begins with.
const MAGIC: [u8; 8] = *b"RFLISTS\n";
/// Of the way the content is written. Raise it with every change of that, and
/// of what words, sounds or hashes are made of.
const VERSION: u32 = 4;
/// Magic, version, key, length and checksum.
const HEAD: usize = 8 + 4 + KEY + 8 + 8;

/// Length of the hash of all that a file was made from.
const KEY: usize = 32;

impl Matcher {
    /// Writes the lists, indexed, as a file, with the warnings that were given
    /// when they were read. `key` is a hash of everything that they were made
    /// from: the lists, the tables of words, the program.
    ///
    /// # Errors
    /// What can't be written; nothing else.
    pub fn to_compiled(
        &self,
        key: &[u8; KEY],
        said: &Diagnostics,
        mut out: impl Write + Seek,
    ) -> io::Result<()> {
        out.write_all(&[0; HEAD])?;
        let mut pieces = Pieces::new(&mut out);
        // The entries stand in front: see `from_compiled`.
        pieces.add(|out| self.entries.save(out))?;
        pieces.add(|out| {
            out.size(self.entries.len());
            out.u32s(self.groups.iter().copied());
            out.u16s(self.name_numbers.iter().copied());
            self.identifiers.save(out);
            save_said(said, out);
        })?;
        pieces.add(|out| self.names.save_words(out))?;
        pieces.add(|out| self.names.save_names(out))?;
        pieces.add(|out| self.addresses.save_words(out))?;
        pieces.add(|out| self.addresses.save(out))?;
        let sum = pieces.end();
        out.rewind()?;
        out.write_all(&head(key, sum))
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
        let (begin, content) = file.split_at_checked(HEAD)?;
        if begin != head(key, Checksum::of(content)) {
            return None;
        }
        let mut reader = Reader::new(content);
        let mut next = || pieces::next(&mut reader);
        let (entries, rest) = (next()?, next()?);
        let [name_words, names, address_words, addresses] = [next()?, next()?, next()?, next()?];
        let entries_end = HEAD + pieces::LENGTH + entries.left();
        let mut matcher = Self::empty(lexicon, thresholds);
        let (count, said) = rest.whole(|reader| {
            let count = reader.size()?;
            matcher.groups = reader.u32s()?;
            matcher.name_numbers = reader.u16s()?;
            matcher.identifiers = IdentifierIndex::load(reader)?;
            Some((count, load_said(reader)?))
        })?;
        let (entries, (names, addresses)) = rayon::join(
            || entries.whole(|reader| Entries::load(reader, entries_end)),
            || {
                rayon::join(
                    || names.whole(|reader| NameIndex::load(name_words, reader, count)),
                    || addresses.whole(|reader| AddressIndex::load(address_words, reader, count)),
                )
            },
        );
        let (entries, end) = entries?;
        (matcher.names, matcher.addresses) = (names?, addresses?);
        let fits = reader.left() == 0
            && entries.len() == count
            && matcher.groups.len() == count
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

/// The head of a file whose content has this checksum.
fn head(key: &[u8; KEY], sum: Checksum) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    let parts = [
        MAGIC.as_slice(),
        &VERSION.to_le_bytes(),
        key,
        &sum.length.to_le_bytes(),
        &sum.value().to_le_bytes(),
    ];
    for (to, from) in head.iter_mut().zip(parts.into_iter().flatten()) {
        *to = *from;
    }
    head
}

#[cfg(test)]
#[path = "compiled_laws.rs"]
mod laws;
