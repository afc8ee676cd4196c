//! Which names of statements are alike, kept for a later run: lists name
//! thousands of owners, and comparing them takes longer than a short screening.
//!
//! Knows pairs of numbers and bytes; not where they are kept. Never a source of
//! truth: what is kept is found by a hash of all that it was made from, and what
//! does not fit is worked out anew.

/// Keeps bytes for a later run.
pub trait Memory {
    /// What was kept under a key, whole and by this same program; else nothing.
    fn recall(&self, key: &[u8; 32]) -> Option<Vec<u8>>;

    /// Keeps bytes under a key. That it can't is no failure.
    fn keep(&self, key: &[u8; 32], bytes: &[u8]);
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoMemory;

impl Memory for NoMemory {
    fn recall(&self, _: &[u8; 32]) -> Option<Vec<u8>> {
        None
    }

    fn keep(&self, _: &[u8; 32], _: &[u8]) {}
}

/// Two numbers of names.
pub(super) type Alike = (u32, u32);

/// The pairs under a key, of numbers below `limit`; worked out and kept where
/// they are not known.
pub(super) fn remembered(
    memory: &dyn Memory,
    key: &[u8; 32],
    limit: usize,
    work_out: impl FnOnce() -> Vec<Alike>,
) -> Vec<Alike> {
    if let Some(pairs) = memory.recall(key).and_then(|bytes| read(&bytes, limit)) {
        return pairs;
    }
    let pairs = work_out();
    memory.keep(key, &write(&pairs));
    pairs
}

fn write(pairs: &[Alike]) -> Vec<u8> {
    pairs.iter().flat_map(|(one, other)| [one.to_le_bytes(), other.to_le_bytes()]).flatten().collect()
}

fn read(bytes: &[u8], limit: usize) -> Option<Vec<Alike>> {
    let (numbers, rest) = bytes.as_chunks::<4>();
    let numbers: Vec<u32> = numbers.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
    let (pairs, alone) = numbers.as_chunks::<2>();
    let fits = rest.is_empty() && alone.is_empty() && numbers.iter().all(|number| (*number as usize) < limit);
    fits.then(|| pairs.iter().map(|[one, other]| (*one, *other)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn pairs_read_back_as_written_and_numbers_of_no_name_are_refused(
            pairs in proptest::collection::vec((0u32..9, 0u32..9), 0..20),
            cut in 1usize..8,
        ) {
            let bytes = write(&pairs);
            proptest::prop_assert_eq!(read(&bytes, 9), Some(pairs.clone()));
            let most = pairs.iter().map(|(one, other)| one.max(other)).max();
            if let Some(most) = most {
                proptest::prop_assert_eq!(read(&bytes, *most as usize), None);
                proptest::prop_assert_eq!(read(&bytes[..bytes.len() - cut], 9), None);
            }
        }
    }
}
