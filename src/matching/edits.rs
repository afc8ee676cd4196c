//! Whether two words are within a few edits of each other.
//!
//! Optimal string alignment (insert, delete, replace, swap neighbours), as
//! `strsim::osa_distance`, but only as far as asked: most pairs that are looked
//! at are no match, and are told apart after a few letters.

/// Longest word that is compared here, in bytes; longer ones are left to
/// strsim.
const LONGEST: usize = 48;

/// The distance of two ASCII words if it is at most `most` (0 to 2).
pub(super) fn within(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    if a.is_empty() || b.is_empty() {
        let distance = a.len().max(b.len());
        return (distance <= most).then_some(distance);
    }
    if a.len().max(b.len()) >= LONGEST {
        let (a, b) = (std::str::from_utf8(a).ok()?, std::str::from_utf8(b).ok()?);
        return Some(strsim::osa_distance(a, b)).filter(|distance| *distance <= most);
    }
    banded(a, b, most)
}

/// Three rows of the table are enough: a swap looks back two.
fn banded(a: &[u8], b: &[u8], most: usize) -> Option<usize> {
    let far = most + 1;
    let mut before = [far; LONGEST + 1];
    let mut last = [far; LONGEST + 1];
    for (j, cell) in last.iter_mut().enumerate().take(b.len() + 1) {
        *cell = j.min(far);
    }
    for i in 1..=a.len() {
        let mut row = [far; LONGEST + 1];
        row[0] = i.min(far);
        let mut nearest = row[0];
        for j in i.saturating_sub(most).max(1)..=(i + most).min(b.len()) {
            let same = a[i - 1] == b[j - 1];
            let mut cost = (last[j - 1] + usize::from(!same)).min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(before[j - 2] + 1);
            }
            row[j] = cost.min(far);
            nearest = nearest.min(row[j]);
        }
        if nearest > most {
            return None;
        }
        before = last;
        last = row;
    }
    Some(last[b.len()]).filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_distance_is_that_of_strsim(a in "[ab]{0,12}", b in "[abc]{0,12}", most in 0usize..=2) {
            let whole = strsim::osa_distance(&a, &b);
            proptest::prop_assert_eq!(within(&a, &b, most), (whole <= most).then_some(whole));
        }
    }
}
