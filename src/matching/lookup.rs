//! Numbers by a hash, in three plain arrays: small, and quick to load.
//!
//! Knows nothing of what is looked up. A hash has 32 bits, so that now and then
//! a number is found that belongs to another key: whoever asks checks what is
//! found, or can do with more than was asked for.

use rayon::slice::ParallelSliceMut;

use crate::name::Key;

use super::bytes::{Reader, Writer};

/// Built once; the numbers of a hash stand together, in ascending order.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    /// In order.
    hashes: Vec<u32>,
    /// Parallel to `hashes`.
    numbers: Vec<u32>,
    /// By the upper bits of a hash: where in `hashes` it begins. As many as a
    /// power of two, and the end.
    buckets: Vec<u32>,
    /// How many upper bits.
    bits: u32,
}

/// How many hashes a bucket holds, at least, on an average.
const BUCKET: usize = 2;
/// So many hashes are gone through one by one.
const FEW: usize = 12;
/// Hashes that are looked up together.
const AT_ONCE: usize = 16;
/// Most upper bits that the buckets are made by.
const MOST_BITS: u32 = 24;

impl Lookup {
    /// From (hash, number) in any order; what comes twice counts once.
    pub fn of(pairs: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let pairs = pairs.into_iter().map(|(hash, number)| u64::from(hash) << 32 | u64::from(number));
        let mut pairs: Vec<u64> = pairs.collect();
        pairs.par_sort_unstable();
        pairs.dedup();
        #[expect(clippy::cast_possible_truncation, reason = "the two halves of a pair")]
        let (hashes, numbers): (Vec<u32>, Vec<u32>) =
            pairs.iter().map(|pair| ((pair >> 32) as u32, *pair as u32)).unzip();
        let bits = (hashes.len() / BUCKET).checked_ilog2().unwrap_or(0).min(MOST_BITS);
        Self { buckets: buckets(&hashes, bits), hashes, numbers, bits }
    }

    /// The numbers of a hash.
    pub fn get(&self, hash: u32) -> &[u32] {
        self.in_bucket(hash, self.bucket_of(hash))
    }

    /// Calls with the numbers of each hash that has some. What the hashes need
    /// is loaded together, not one after another.
    pub fn each(&self, hashes: &[u32], mut call: impl FnMut(&[u32])) {
        for hashes in hashes.chunks(AT_ONCE) {
            let mut buckets = [(0, 0); AT_ONCE];
            for (place, &hash) in buckets.iter_mut().zip(hashes) {
                *place = self.bucket_of(hash);
            }
            let mut lasts = [0; AT_ONCE];
            for (last, (from, to)) in lasts.iter_mut().zip(buckets) {
                let hashes = self.hashes.get(from..to).unwrap_or_default();
                *last = hashes.last().copied().unwrap_or(0);
            }
            for ((&hash, last), place) in hashes.iter().zip(lasts).zip(buckets) {
                if hash <= last {
                    let numbers = self.in_bucket(hash, place);
                    if !numbers.is_empty() {
                        call(numbers);
                    }
                }
            }
        }
    }

    /// Where in `hashes` the bucket of a hash begins and ends.
    fn bucket_of(&self, hash: u32) -> (usize, usize) {
        match self.buckets.get(bucket(hash, self.bits)..).and_then(<[u32]>::first_chunk) {
            Some(&[from, to]) => (from as usize, to as usize),
            None => (0, 0),
        }
    }

    fn in_bucket(&self, hash: u32, (from, to): (usize, usize)) -> &[u32] {
        let Some(hashes) = self.hashes.get(from..to) else { return &[] };
        let before = if hashes.len() <= FEW {
            hashes.iter().position(|other| *other >= hash).unwrap_or(hashes.len())
        } else {
            hashes.partition_point(|other| *other < hash)
        };
        let same = hashes[before..].iter().take_while(|other| **other == hash).count();
        let start = from + before;
        self.numbers.get(start..start + same).unwrap_or_default()
    }

    /// Whether a hash has numbers.
    pub fn holds(&self, hash: u32) -> bool {
        !self.get(hash).is_empty()
    }

    pub fn save(&self, out: &mut Writer) {
        for array in [&self.hashes, &self.numbers, &self.buckets] {
            out.u32s(array.iter().copied());
        }
    }

    /// Reads a look-up of numbers below `limit`.
    pub fn load(reader: &mut Reader<'_>, limit: usize) -> Option<Self> {
        Self::from_arrays([reader.u32s()?, reader.u32s()?, reader.u32s()?], limit)
    }

    /// From saved arrays, if all numbers are below `limit`. Other mistakes in
    /// them can make a look-up find too little, but never fail.
    fn from_arrays([hashes, numbers, buckets]: [Vec<u32>; 3], limit: usize) -> Option<Self> {
        let bits = buckets.len().checked_sub(1)?.checked_ilog2()?;
        let fits = hashes.len() == numbers.len()
            && numbers.iter().all(|number| (*number as usize) < limit)
            && bits <= MOST_BITS
            && buckets.len() == (1 << bits) + 1;
        fits.then_some(Self { hashes, numbers, buckets, bits })
    }
}

/// The hash of a key.
pub(super) fn hash_of(key: Key) -> u32 {
    spread(key.bits())
}

/// Spreads what is told by some of the bits over all bits of a hash.
pub(super) fn spread(bits: u64) -> u32 {
    ((bits ^ bits >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

fn bucket(hash: u32, bits: u32) -> usize {
    hash.checked_shr(u32::BITS - bits).unwrap_or(0) as usize
}

fn buckets(hashes: &[u32], bits: u32) -> Vec<u32> {
    let mut buckets = vec![0; (1 << bits) + 1];
    for &hash in hashes {
        buckets[bucket(hash, bits) + 1] += 1;
    }
    let mut sum = 0;
    for end in &mut buckets {
        sum += *end;
        *end = sum;
    }
    buckets
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_look_up_finds_what_was_put_in(
            pairs in proptest::collection::vec((0u32..40, 0u32..30), 0..200),
            shift in 0u32..26,
        ) {
            let pairs: Vec<_> = pairs.into_iter().map(|(hash, number)| (hash << shift, number)).collect();
            let lookup = Lookup::of(pairs.iter().copied());
            for hash in (0..41).map(|hash| hash << shift) {
                let mut wanted: Vec<u32> =
                    pairs.iter().filter(|pair| pair.0 == hash).map(|pair| pair.1).collect();
                wanted.sort_unstable();
                wanted.dedup();
                proptest::prop_assert_eq!(lookup.get(hash), wanted.as_slice());
            }
            let hashes: Vec<u32> = (0..41).map(|hash| hash << shift).collect();
            let mut together = Vec::new();
            lookup.each(&hashes, |numbers| together.extend_from_slice(numbers));
            let one_by_one: Vec<u32> = hashes.iter().flat_map(|hash| lookup.get(*hash)).copied().collect();
            proptest::prop_assert_eq!(together, one_by_one);
            let mut saved = Writer::default();
            lookup.save(&mut saved);
            proptest::prop_assert!(Lookup::load(&mut Reader::new(&saved.bytes), 30).is_some());
            let none = Lookup::load(&mut Reader::new(&saved.bytes), 0).is_none();
            proptest::prop_assert!(pairs.is_empty() || none);
        }

        #[test]
        fn arrays_of_nonsense_are_harmless(
            hashes in proptest::collection::vec(0u32.., 0..20),
            buckets in proptest::collection::vec(0u32..30, 0..20),
            hash in 0u32..,
        ) {
            let numbers = vec![0; hashes.len()];
            if let Some(lookup) = Lookup::from_arrays([hashes.clone(), numbers, buckets], 1) {
                let mut hashes = hashes;
                hashes.extend([hash, 0, u32::MAX]);
                lookup.each(&hashes, |numbers| assert!(numbers.iter().all(|number| *number == 0)));
                for hash in hashes {
                    proptest::prop_assert!(lookup.get(hash).iter().all(|number| *number == 0));
                }
            }
        }
    }
}
