//! Checks over the blocks of a file: where does damage begin?
//!
//! A hash says that a file is not the one that was written, and no more. Beside
//! every file of a runs folder lies its seal: for each block the beginning of
//! its hash, and two sums. Where one byte of a block differs, the sums give its
//! place and what it was, and the hash proves it. Seals help to find damage;
//! what is right is decided by the hashes in the chain.

use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

/// What a seal begins with.
const MAGIC: [u8; 8] = *b"RFSEAL1\n";
/// Bytes of one check.
const CHECK: usize = 16;
/// Magic, size of a block, length of the file.
const HEAD: usize = 8 + 4 + 8;
/// The sums are remainders by this prime.
const PRIME: u64 = (1 << 31) - 1;

/// Size of a block of a large file, in bytes.
pub const LARGE: usize = 4096;
/// Size of a block of a small file.
pub const SMALL: usize = 256;

/// What is kept of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Check {
    /// The beginning of its SHA-256.
    hash: u64,
    /// The sum of its bytes.
    sum: u32,
    /// The sum of its bytes, each times its place from 1.
    weighted: u32,
}

/// The first byte that does not fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Damage {
    /// Bytes from the beginning of the file.
    pub offset: u64,
    /// Bytes from there on of which the first that differs is one: 1 where it
    /// is known exactly.
    pub within: u64,
    /// What the byte is and what it was, where that is known.
    pub byte: Option<(u8, u8)>,
}

/// The checks of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seal {
    block: usize,
    length: u64,
    checks: Vec<Check>,
}

impl Check {
    fn of(block: &[u8]) -> Self {
        let digest = Sha256::digest(block);
        let head = digest.first_chunk::<8>().copied().unwrap_or_default();
        let (sum, weighted) = sums(block);
        Self { hash: u64::from_be_bytes(head), sum, weighted }
    }

    fn to_bytes(self) -> [u8; CHECK] {
        let mut bytes = [0; CHECK];
        let parts = self.hash.to_be_bytes().into_iter().chain(self.sum.to_be_bytes());
        for (to, from) in bytes.iter_mut().zip(parts.chain(self.weighted.to_be_bytes())) {
            *to = from;
        }
        bytes
    }

    fn from_bytes(bytes: &[u8; CHECK]) -> Self {
        let number = |at: usize| {
            bytes.get(at..).and_then(|rest| rest.first_chunk()).copied().map_or(0, u32::from_be_bytes)
        };
        Self {
            hash: bytes.first_chunk().copied().map_or(0, u64::from_be_bytes),
            sum: number(8),
            weighted: number(12),
        }
    }
}

/// The sum of some bytes, and the sum of each times its place from 1; of 1 MiB
/// at most.
#[must_use]
pub fn sums(bytes: &[u8]) -> (u32, u32) {
    let (mut sum, mut weighted) = (0u64, 0u64);
    for (place, &byte) in (1u64..).zip(bytes) {
        sum += u64::from(byte);
        weighted += place * u64::from(byte);
    }
    let residue = |number: u64| u32::try_from(number % PRIME).unwrap_or(0);
    (residue(sum), residue(weighted))
}

/// The place and the former value of the one byte that differs from what had
/// these sums, if that explains all: `proves` is asked about the bytes as they
/// were.
pub fn one_byte(block: &[u8], then: (u32, u32), proves: impl Fn(&[u8]) -> bool) -> Option<(usize, u8)> {
    let now = sums(block);
    let minus = |a: u32, b: u32| (u64::from(a) + PRIME - u64::from(b)) % PRIME;
    let (change, weighted) = (minus(then.0, now.0), minus(then.1, now.1));
    if change == 0 {
        return None;
    }
    let place = usize::try_from(weighted * inverse(change) % PRIME).ok()?.checked_sub(1)?;
    let byte = u64::from(*block.get(place)?);
    let was = u8::try_from((byte + change) % PRIME).ok()?;
    let mut whole = block.to_vec();
    *whole.get_mut(place)? = was;
    proves(&whole).then_some((place, was))
}

/// One over a number other than 0, by Fermat's little theorem.
fn inverse(number: u64) -> u64 {
    let (mut result, mut power, mut left) = (1, number % PRIME, PRIME - 2);
    while left > 0 {
        if left & 1 == 1 {
            result = result * power % PRIME;
        }
        power = power * power % PRIME;
        left >>= 1;
    }
    result
}

impl Seal {
    /// The seal of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8], block: usize) -> Self {
        let block = block.max(1);
        let checks = bytes.chunks(block).map(Check::of).collect();
        Self { block, length: bytes.len() as u64, checks }
    }

    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEAD + self.checks.len() * CHECK);
        out.extend(MAGIC);
        out.extend(u32::try_from(self.block).unwrap_or(u32::MAX).to_be_bytes());
        out.extend(self.length.to_be_bytes());
        out.extend(self.checks.iter().flat_map(|check| check.to_bytes()));
        out
    }

    /// Reads a seal; none where the bytes are not one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, checks) = bytes.split_at_checked(HEAD)?;
        let block = head.get(8..12)?.first_chunk().copied().map(u32::from_be_bytes)?;
        let length = head.get(12..)?.first_chunk().copied().map(u64::from_be_bytes)?;
        let block = usize::try_from(block).ok().filter(|block| (1..=1 << 20).contains(block))?;
        let (checks, rest) = checks.as_chunks::<CHECK>();
        let fits = head.starts_with(&MAGIC)
            && rest.is_empty()
            && length.div_ceil(block as u64) == checks.len() as u64;
        fits.then(|| Self { block, length, checks: checks.iter().map(Check::from_bytes).collect() })
    }

    /// The first byte of a file that does not fit its seal; none where all do.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn first_damage(&self, mut file: impl Read) -> io::Result<Option<Damage>> {
        let mut block = vec![0; self.block];
        let mut offset = 0u64;
        for check in &self.checks {
            let wanted = usize::try_from(self.length - offset).unwrap_or(usize::MAX).min(self.block);
            let read = fill(&mut file, block.get_mut(..wanted).unwrap_or_default())?;
            let now = block.get(..read).unwrap_or_default();
            if read < wanted {
                // The file ends here; what is left of the block can't be checked.
                return Ok(Some(Damage { offset: offset + read as u64, within: 1, byte: None }));
            }
            if Check::of(now) != *check {
                return Ok(Some(
                    match one_byte(now, (check.sum, check.weighted), |was| Check::of(was) == *check) {
                        Some((place, was)) => Damage {
                            offset: offset + place as u64,
                            within: 1,
                            byte: now.get(place).map(|byte| (*byte, was)),
                        },
                        None => Damage { offset, within: read as u64, byte: None },
                    },
                ));
            }
            offset += read as u64;
        }
        let more = fill(&mut file, &mut [0])?;
        Ok((more > 0).then_some(Damage { offset, within: 1, byte: None }))
    }
}

/// Reads until the buffer is full or the file ends.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match file.read(buffer.get_mut(read..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

/// Makes the seal of what passes through.
#[derive(Debug)]
pub struct Sealing<W> {
    out: W,
    /// The beginning of the next block.
    open: Vec<u8>,
    seal: Seal,
}

impl<W: Write> Sealing<W> {
    pub fn new(out: W, block: usize) -> Self {
        let block = block.max(1);
        Self { out, open: Vec::with_capacity(block), seal: Seal { block, length: 0, checks: Vec::new() } }
    }

    /// The seal of all that was written.
    pub fn finish(mut self) -> (W, Seal) {
        if !self.open.is_empty() {
            self.seal.checks.push(Check::of(&self.open));
        }
        (self.out, self.seal)
    }

    fn add(&mut self, mut bytes: &[u8]) {
        self.seal.length += bytes.len() as u64;
        while !bytes.is_empty() {
            let room = (self.seal.block - self.open.len()).min(bytes.len());
            let (head, tail) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.open.extend_from_slice(head);
            if self.open.len() == self.seal.block {
                self.seal.checks.push(Check::of(&self.open));
                self.open.clear();
            }
            bytes = tail;
        }
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.add(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn one_changed_byte_is_found_and_what_it_was(
            bytes in prop::collection::vec(any::<u8>(), 1..2000),
            at in any::<prop::sample::Index>(),
            flip in 1u8..,
            block in prop::sample::select(vec![1usize, 7, SMALL, LARGE]),
        ) {
            let seal = Seal::of(&bytes, block);
            prop_assert_eq!(seal.first_damage(&*bytes).unwrap(), None);
            let (at, mut damaged) = (at.index(bytes.len()), bytes.clone());
            damaged[at] ^= flip;
            let found = seal.first_damage(&*damaged).unwrap().unwrap();
            let byte = Some((damaged[at], bytes[at]));
            prop_assert_eq!(found, Damage { offset: at as u64, within: 1, byte });
        }

        #[test]
        fn any_damage_is_found_where_it_begins_or_in_its_block(
            bytes in prop::collection::vec(any::<u8>(), 1..1500),
            other in prop::collection::vec(any::<u8>(), 0..1500),
        ) {
            prop_assume!(bytes != other);
            let first = bytes.iter().zip(&other).take_while(|(a, b)| a == b).count() as u64;
            let found = Seal::of(&bytes, SMALL).first_damage(&*other).unwrap().unwrap();
            prop_assert!(found.offset <= first.max(other.len() as u64));
            // Of a file that was cut short its end is named.
            prop_assert!(first < found.offset + found.within || other.len() < bytes.len());
        }

        #[test]
        fn a_seal_reads_back_and_nonsense_is_none(
            bytes in prop::collection::vec(any::<u8>(), 0..1500),
            pieces in prop::collection::vec(1usize..400, 0..20),
            nonsense in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let seal = Seal::of(&bytes, SMALL);
            prop_assert_eq!(Seal::from_bytes(&seal.to_bytes()), Some(seal.clone()));
            let _ = Seal::from_bytes(&nonsense);
            let mut sealing = Sealing::new(Vec::new(), SMALL);
            let mut rest = &*bytes;
            for piece in pieces {
                let (head, tail) = rest.split_at(piece.min(rest.len()));
                sealing.write_all(head).unwrap();
                rest = tail;
            }
            sealing.write_all(rest).unwrap();
            let (written, streamed) = sealing.finish();
            prop_assert_eq!(written, bytes);
            prop_assert_eq!(streamed, seal);
        }
    }
}
