//! How many edits lie between two words.
//!
//! Optimal string alignment (insert, delete, replace, swap neighbours), as
//! `strsim::osa_distance`, computed for all letters of a row at once, a bit
//! each (H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and
//! Damerau edit distances", 2003). Words are lower-case ASCII letters and
//! digits. Knows nothing of how likely a mistake is.

/// Longest word that is compared here, in bytes; longer ones are left to
/// strsim.
const LONGEST: usize = 48;

/// The distance of two words if it is at most `most`.
#[must_use]
pub fn within(a: &str, b: &str, most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    Some(distance(a, b)).filter(|distance| *distance <= most)
}

/// The number of edits.
#[must_use]
pub fn distance(a: &str, b: &str) -> usize {
    if a.is_empty() || b.is_empty() {
        return a.len().max(b.len());
    }
    if a.len() > LONGEST {
        return strsim::osa_distance(a, b);
    }
    // Where each letter stands in `a`.
    let mut places = [0u64; LETTERS];
    for (i, byte) in a.bytes().enumerate() {
        places[letter(byte)] |= 1 << i;
    }
    let last = 1u64 << (a.len() - 1);
    let (mut up, mut down, mut diagonal, mut before) = (u64::MAX, 0u64, 0u64, 0u64);
    let mut distance = a.len();
    for byte in b.bytes() {
        let here = places[letter(byte)];
        let swapped = ((!diagonal & here) << 1) & before;
        diagonal = ((here & up).wrapping_add(up) ^ up) | here | down | swapped;
        let right = down | !(diagonal | up);
        let left = diagonal & up;
        distance += usize::from(right & last != 0);
        distance -= usize::from(left & last != 0);
        let right = (right << 1) | 1;
        up = (left << 1) | !(diagonal | right);
        down = right & diagonal;
        before = here;
    }
    distance
}

const LETTERS: usize = 38;

/// `a` to `z`, then the digits, then anything else.
fn letter(byte: u8) -> usize {
    usize::from(match byte {
        b'a'..=b'z' => byte - b'a',
        b'0'..=b'9' => 26 + byte - b'0',
        _ => 36,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_distance_is_that_of_strsim(a in "[ab]{0,12}", b in "[abc]{0,12}", most in 0usize..=2) {
            let whole = strsim::osa_distance(&a, &b);
            proptest::prop_assert_eq!(distance(&a, &b), whole);
            proptest::prop_assert_eq!(within(&a, &b, most), (whole <= most).then_some(whole));
        }
    }
}
