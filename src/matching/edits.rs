//! How far two words lie apart, where some mistakes are likelier than others.
//! The plain count of edits stands in `name`. Words are lower-case ASCII
//! letters and digits.

use std::sync::LazyLock;

use crate::name::edit_distance as distance;
pub(super) use crate::name::edits_within as within;

/// Longest word that is compared here, in bytes; longer ones are left to
/// strsim.
const LONGEST: usize = 48;

/// Letters that lie beside each other on a keyboard, row by row.
const KEYBOARD: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
/// Letters and figures that scanners take for one another.
const LOOKALIKES: [&[u8]; 12] =
    [b"0oq", b"1lij", b"5s", b"8b6", b"2z", b"9g", b"ec", b"uvy", b"ao", b"fe", b"hb", b"nh"];

/// What it costs to read one letter for another, 0 to 1.
fn misread(a: u8, b: u8) -> f32 {
    static COSTS: LazyLock<Box<[[f32; 128]; 128]>> = LazyLock::new(|| {
        let mut costs = Box::new([[1.0f32; 128]; 128]);
        let mut set = |a: u8, b: u8, cost: f32| {
            for (a, b) in [(a, b), (b, a)] {
                let cell = &mut costs[usize::from(a & 127)][usize::from(b & 127)];
                *cell = cell.min(cost);
            }
        };
        for (r, row) in KEYBOARD.iter().enumerate() {
            for (i, &key) in row.iter().enumerate() {
                let below = KEYBOARD.get(r + 1).copied().unwrap_or_default();
                for near in [row.get(i + 1), below.get(i), i.checked_sub(1).and_then(|i| below.get(i))]
                    .into_iter()
                    .flatten()
                {
                    set(key, *near, NEIGHBOUR);
                }
            }
        }
        for a in *b"aeiouy" {
            for b in *b"aeiouy" {
                set(a, b, VOWEL);
            }
        }
        for group in LOOKALIKES {
            for &a in group {
                for &b in group {
                    set(a, b, LOOKALIKE);
                }
            }
        }
        for letter in 0..128 {
            costs[letter][letter] = 0.0;
        }
        costs
    });
    COSTS[usize::from(a & 127)][usize::from(b & 127)]
}

const NEIGHBOUR: f32 = 0.8;
const VOWEL: f32 = 0.75;
const LOOKALIKE: f32 = 0.5;
const SWAP: f32 = 0.75;
const DOUBLED: f32 = 0.5;
/// Two letters read as one, or one as two: `rn` and `m`.
const LIGATURE: f32 = 0.5;
const LIGATURES: [(&[u8; 2], u8); 6] =
    [(b"rn", b'm'), (b"cl", b'd'), (b"vv", b'w'), (b"ri", b'n'), (b"li", b'h'), (b"ii", b'u')];

/// How far two ASCII words lie apart, in letters, where mistakes that people
/// and scanners often make count for less than a letter. Symmetric; at most
/// `strsim::osa_distance`.
pub(super) fn weighted(first: &str, second: &str) -> f32 {
    let (a, b) = (first.as_bytes(), second.as_bytes());
    if a.len().max(b.len()) > LONGEST {
        #[expect(clippy::cast_precision_loss, reason = "words are short")]
        return distance(first, second) as f32;
    }
    let mut rows = [[0.0f32; LONGEST + 1]; 3];
    let one = |word: &[u8], at: usize| if at > 0 && word[at] == word[at - 1] { DOUBLED } else { 1.0 };
    let ligature =
        |pair: &[u8], letter: u8| LIGATURES.iter().any(|(two, one)| pair == *two && letter == *one);
    for j in 0..b.len() {
        rows[0][j + 1] = rows[0][j] + one(b, j);
    }
    for i in 1..=a.len() {
        let (now, last, before) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        rows[now][0] = rows[last][0] + one(a, i - 1);
        for j in 1..=b.len() {
            let mut cost = (rows[last][j - 1] + misread(a[i - 1], b[j - 1]))
                .min(rows[last][j] + one(a, i - 1))
                .min(rows[now][j - 1] + one(b, j - 1));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(rows[before][j - 2] + SWAP);
            }
            if i > 1 && ligature(&a[i - 2..i], b[j - 1]) {
                cost = cost.min(rows[before][j - 1] + LIGATURE);
            }
            if j > 1 && ligature(&b[j - 2..j], a[i - 1]) {
                cost = cost.min(rows[last][j - 2] + LIGATURE);
            }
            rows[now][j] = cost;
        }
    }
    rows[a.len() % 3][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_weighted_distance_is_never_above_the_plain_one(a in "[ab]{0,12}", b in "[abc]{0,12}") {
            let whole = strsim::osa_distance(&a, &b);
            #[expect(clippy::cast_precision_loss, reason = "short words")]
            let whole = whole as f32;
            proptest::prop_assert!(weighted(&a, &b) <= whole);
            proptest::prop_assert!((weighted(&a, &b) - weighted(&b, &a)).abs() < 1e-6);
        }
    }
}
