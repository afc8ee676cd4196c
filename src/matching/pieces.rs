//! A file in pieces that are written one after another and can be read side by
//! side, and a checksum of all.
//!
//! Knows nothing of what stands in them.

use std::io::{self, Write};

use super::bytes::{Reader, Writer};

/// Sums that are added up side by side.
const LANES: usize = 4;
/// Bytes of a block. A piece is filled up to whole blocks.
const BLOCK: usize = 8 * LANES;
/// Bytes of the length before a piece.
pub(super) const LENGTH: usize = 8;

/// Writes pieces. Only one is held at a time: all together are as large as the
/// lists.
#[derive(Debug)]
pub(super) struct Pieces<W> {
    out: W,
    sum: Checksum,
}

impl<W: Write> Pieces<W> {
    pub fn new(out: W) -> Self {
        Self { out, sum: Checksum::default() }
    }

    pub fn add(&mut self, write: impl FnOnce(&mut Writer)) -> io::Result<()> {
        let mut piece = Writer { bytes: vec![0; LENGTH] };
        write(&mut piece);
        let mut bytes = piece.bytes;
        let length = (bytes.len() - LENGTH) as u64;
        if let Some(place) = bytes.first_chunk_mut() {
            *place = length.to_le_bytes();
        }
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
        self.sum.add(&bytes);
        self.out.write_all(&bytes)
    }

    /// The checksum of all pieces.
    pub fn end(self) -> Checksum {
        self.sum
    }
}

/// The next piece.
pub(super) fn next<'b>(reader: &mut Reader<'b>) -> Option<Reader<'b>> {
    let length = usize::try_from(u64::from_le_bytes(reader.array()?)).ok()?;
    let piece = reader.take(length)?;
    let filled = LENGTH.checked_add(length)?.checked_next_multiple_of(BLOCK)?;
    reader.take(filled - LENGTH - length)?;
    Some(Reader::new(piece))
}

/// A sum over bytes that differs whenever eight bytes in a row differ, and
/// hardly ever agrees by chance. Each step can be undone, so that a difference
/// can't get lost. It guards against damage, not against forgery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Checksum {
    sums: [u64; LANES],
    pub length: u64,
}

impl Default for Checksum {
    fn default() -> Self {
        Self { sums: [1, 2, 3, 4], length: 0 }
    }
}

impl Checksum {
    pub fn of(bytes: &[u8]) -> Self {
        let mut sum = Self::default();
        sum.add(bytes);
        sum
    }

    /// Adds bytes: whole blocks, if more are to follow.
    fn add(&mut self, bytes: &[u8]) {
        let (blocks, tail) = bytes.as_chunks::<BLOCK>();
        let mut last = [0; BLOCK];
        last.iter_mut().zip(tail).for_each(|(to, from)| *to = *from);
        for block in blocks.iter().chain((!tail.is_empty()).then_some(&last)) {
            for (sum, word) in self.sums.iter_mut().zip(block.as_chunks().0) {
                *sum = step(*sum, u64::from_le_bytes(*word));
            }
        }
        self.length += bytes.len() as u64;
    }

    pub fn value(self) -> u64 {
        self.sums.into_iter().fold(self.length, step)
    }
}

fn step(sum: u64, word: u64) -> u64 {
    (sum ^ word).rotate_left(29).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn pieces_are_read_as_they_were_written(
            all in proptest::collection::vec(proptest::collection::vec(0u8.., 0..70), 0..5),
            cut in 1usize..40,
        ) {
            let mut file = Vec::new();
            let mut pieces = Pieces::new(&mut file);
            for bytes in &all {
                pieces.add(|out| out.block(bytes)).unwrap();
            }
            let sum = pieces.end();
            proptest::prop_assert_eq!(sum.value(), Checksum::of(&file).value());
            let mut reader = Reader::new(&file);
            for bytes in &all {
                let piece = next(&mut reader).unwrap();
                proptest::prop_assert_eq!(piece.whole(Reader::block), Some(bytes.as_slice()));
                proptest::prop_assert!(piece.whole(|_| Some(())).is_none());
            }
            proptest::prop_assert!(next(&mut reader).is_none());
            file.truncate(file.len().saturating_sub(cut));
            let mut reader = Reader::new(&file);
            let read = std::iter::from_fn(|| next(&mut reader)).count();
            proptest::prop_assert!(read < all.len().max(1));
        }

        #[test]
        fn any_bytes_can_be_read_as_pieces(bytes in proptest::collection::vec(0u8.., 0..60), length in 0u64..) {
            let mut reader = Reader::new(&bytes);
            while next(&mut reader).is_some() {}
            let bytes = [length.to_le_bytes().as_slice(), &bytes].concat();
            let _ = next(&mut Reader::new(&bytes));
        }
    }
}
