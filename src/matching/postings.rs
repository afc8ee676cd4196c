//! Which names hold a word, apart by what kind of party bears them.
//!
//! Knows numbers of words and names; nothing of what they say.

use crate::trade::PartyKind;

use super::bytes::{Reader, Writer};
use super::query::KindFilter;
use super::vocabulary::WordId;

/// The kinds in the order of a word's names. Those that a filter admits stand
/// in one run, or two for ships.
const KINDS: [PartyKind; 5] =
    [PartyKind::Person, PartyKind::Unknown, PartyKind::Organization, PartyKind::Vessel, PartyKind::Aircraft];

/// The names that hold each word, ascending within a kind.
#[derive(Debug, Default)]
pub(super) struct Postings {
    names: Vec<u32>,
    /// Where those of a word and kind begin in `names`: one a word and kind,
    /// and the end.
    starts: Vec<u32>,
}

/// The kinds that a filter admits, as runs in the order of the postings.
#[derive(Debug)]
pub(super) struct Admitted(Vec<(usize, usize)>);

impl Admitted {
    pub fn by(filter: KindFilter) -> Self {
        let mut runs: Vec<(usize, usize)> = Vec::with_capacity(2);
        for (at, _) in KINDS.iter().enumerate().filter(|(_, kind)| filter.admits(**kind)) {
            match runs.last_mut() {
                Some((_, end)) if *end == at => *end += 1,
                _ => runs.push((at, at + 1)),
            }
        }
        Self(runs)
    }
}

impl Postings {
    /// From the kind and the words of each name, in the order of their numbers.
    /// A word that a name holds twice counts once.
    pub fn of<'n>(words: usize, names: impl Iterator<Item = (PartyKind, &'n [WordId])> + Clone) -> Self {
        let slots = |kind: PartyKind, words: &[WordId]| {
            let kind = KINDS.iter().position(|other| *other == kind).unwrap_or(0);
            distinct(words).into_iter().map(move |word| word as usize * KINDS.len() + kind)
        };
        let mut starts = vec![0u32; words * KINDS.len() + 1];
        for (kind, words) in names.clone() {
            slots(kind, words).for_each(|slot| starts[slot + 1] += 1);
        }
        for slot in 1..starts.len() {
            starts[slot] += starts[slot - 1];
        }
        let mut next = starts.clone();
        let mut postings = vec![0u32; starts.last().copied().unwrap_or(0) as usize];
        for ((kind, words), number) in names.zip(0..) {
            for slot in slots(kind, words) {
                postings[next[slot] as usize] = number;
                next[slot] += 1;
            }
        }
        Self { names: postings, starts }
    }

    /// How many names of the kinds hold a word.
    pub fn count(&self, word: WordId, kinds: &Admitted) -> usize {
        self.with(word, kinds).map(<[u32]>::len).sum()
    }

    /// The names of the kinds that hold a word, run by run.
    pub fn with<'p>(&'p self, word: WordId, kinds: &'p Admitted) -> impl Iterator<Item = &'p [u32]> {
        let first = word as usize * KINDS.len();
        kinds.0.iter().map(move |(from, to)| {
            &self.names[self.starts[first + from] as usize..self.starts[first + to] as usize]
        })
    }

    pub fn save(&self, out: &mut Writer) {
        out.u32s(self.names.iter().copied());
        out.u32s(self.starts.iter().copied());
    }

    /// Reads the postings of so many words and names.
    pub fn load(reader: &mut Reader<'_>, words: usize, names: usize) -> Option<Self> {
        let postings = Self { names: reader.u32s()?, starts: reader.u32s()? };
        let Self { names: numbers, starts } = &postings;
        let fits = starts.len() == words * KINDS.len() + 1
            && starts.is_sorted()
            && starts.last().is_some_and(|end| *end as usize == numbers.len())
            && numbers.iter().all(|number| (*number as usize) < names);
        fits.then_some(postings)
    }
}

fn distinct(words: &[WordId]) -> Vec<WordId> {
    let mut words = words.to_vec();
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_names_of_the_admitted_kinds_that_hold_a_word_are_found_and_no_others(
            names in proptest::collection::vec((0usize..5, proptest::collection::vec(0u32..6, 0..4)), 0..20),
            filter in 0usize..7,
        ) {
            let kinds = KINDS.map(KindFilter::Only);
            let filter = *kinds.get(filter).unwrap_or(if filter == 5 { &KindFilter::Any } else { &KindFilter::Legal });
            let names: Vec<(PartyKind, Vec<u32>)> =
                names.into_iter().map(|(kind, words)| (KINDS[kind], words)).collect();
            let postings = Postings::of(6, names.iter().map(|(kind, words)| (*kind, words.as_slice())));
            let mut saved = Writer::default();
            postings.save(&mut saved);
            let loaded = Postings::load(&mut Reader::new(&saved.bytes), 6, names.len()).unwrap();
            let admitted = Admitted::by(filter);
            for word in 0..6 {
                let wanted: Vec<u32> = (0u32..)
                    .zip(&names)
                    .filter(|(_, (kind, words))| filter.admits(*kind) && words.contains(&word))
                    .map(|(number, _)| number)
                    .collect();
                for postings in [&postings, &loaded] {
                    let mut found: Vec<u32> = postings.with(word, &admitted).flatten().copied().collect();
                    proptest::prop_assert_eq!(postings.count(word, &admitted), found.len());
                    found.sort_unstable();
                    proptest::prop_assert_eq!(&found, &wanted);
                }
            }
            proptest::prop_assert!(names.is_empty() || names.iter().all(|(_, words)| words.is_empty())
                || Postings::load(&mut Reader::new(&saved.bytes), 6, 0).is_none());
        }
    }
}
