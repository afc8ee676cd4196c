//! Which words that say something in figures stand beside which figure:
//! `FP16 312 TFLOPS, FP8 624 TFLOPS`.
//!
//! Knows the words of `rules/goods/computed.toml`; not what follows from them.

use super::quantity::{Formulas, Number, Units, WordValue};
use super::wording::Words;

/// A word beside a figure: the place of its table, and its value.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Beside {
    pub reading: usize,
    pub value: f64,
}

/// Bare numbers that are part of such words, as in `FP 16`.
const IN_WORDS: [f64; 5] = [4.0, 8.0, 16.0, 32.0, 64.0];

/// The words beside every number of a text, in the order of the numbers.
pub(super) fn beside(text: &str, numbers: &[Number]) -> Vec<Vec<Beside>> {
    let mut found = vec![Vec::new(); numbers.len()];
    for (reading, word) in Formulas::shipped().words.iter().enumerate() {
        look(text, numbers, word, reading, &mut found);
    }
    found
}

fn look(text: &str, numbers: &[Number], word: &WordValue, reading: usize, found: &mut [Vec<Beside>]) {
    let units = Units::shipped();
    let fits = |number: &Number| {
        let known = |unit| units.dimension_of(unit).is_some_and(|d| word.beside.contains(&d));
        number.units.iter().any(|unit| known(*unit))
    };
    if !numbers.iter().any(fits) {
        return;
    }
    // Numbers part the text, but those within the words.
    let parts = |number: &Number| !number.units.is_empty() || !IN_WORDS.contains(&number.low);
    let stops: Vec<(usize, &Number)> =
        numbers.iter().enumerate().filter(|(_, number)| parts(number)).collect();
    let gap = |from: usize, to: usize| text.get(from..to).map(|gap| values(gap, word)).unwrap_or_default();
    let end = |i: Option<usize>| i.and_then(|i| stops.get(i)).map_or(0, |(_, number)| number.at.end);
    let start = |i: usize| stops.get(i).map_or(text.len(), |(_, number)| number.at.start);
    // The words stand before their figures if one stands before the first.
    let first = stops.iter().position(|(_, number)| fits(number)).unwrap_or_default();
    let before = !gap(end(first.checked_sub(1)), start(first)).is_empty();
    for (i, (at, number)) in stops.iter().enumerate().filter(|(_, (_, number))| fits(number)) {
        let ahead = || gap(end(i.checked_sub(1)), number.at.start).last().copied();
        let behind = || gap(number.at.end, start(i + 1)).first().copied();
        let value = if before { ahead() } else { behind() };
        if let (Some(value), Some(list)) = (value, found.get_mut(*at)) {
            list.push(Beside { reading, value });
        }
    }
}

/// The values of the words in a piece of text, in its order.
fn values(text: &str, word: &WordValue) -> Vec<f64> {
    let mut hits = word.words.find(&Words::of(text));
    hits.sort_by_key(|hit| hit.at);
    hits.into_iter().filter_map(|hit| word.values.get(hit.tag).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goods::quantity::read_numbers;

    /// Per number: bit length and sparsity, 0 where nothing stands beside.
    fn read(text: &str) -> Vec<(f64, f64)> {
        let all = beside(text, &read_numbers(text));
        let of = |list: &[Beside], key: &str| {
            let reading = Formulas::shipped().words.iter().position(|word| word.key == key).unwrap();
            list.iter().find(|beside| beside.reading == reading).map_or(0.0, |beside| beside.value)
        };
        all.iter().map(|list| (of(list, "bit-length"), of(list, "sparsity"))).collect()
    }

    #[test]
    fn the_format_beside_a_rate_is_its_own() {
        for (text, expected) in [
            ("GPU 312 TFLOPS FP16", vec![(16.0, 0.0)]),
            ("FP16 312 TFLOPS, INT8 624 TOPS", vec![(16.0, 0.0), (8.0, 0.0)]),
            ("312 TFLOPS FP16 / 624 TOPS INT8", vec![(16.0, 0.0), (8.0, 0.0)]),
            ("624 TFLOPS FP16 with sparsity", vec![(16.0, 2.0)]),
            ("1 PFLOPS", vec![(0.0, 0.0)]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        // What the brackets say is of their own figure.
        assert_eq!(read("312 TFLOPS FP16 (624 with sparsity)").first(), Some(&(16.0, 0.0)));
        assert!(read("80 GB memory, 5 kg").iter().all(|one| *one == (0.0, 0.0)));
    }
}
