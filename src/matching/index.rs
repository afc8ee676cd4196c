//! The index over all names of all lists, and the search in it.
//!
//! The search returns exactly what scoring against every name would return at
//! the same cut-off: for each listed name that shares a like word with the
//! query it adds up an upper bound of the score, and only names whose bound
//! falls below the cut-off are left out. `exhaustive` is the plain way, kept
//! for the tests that prove it.

use rustc_hash::FxHashMap;

use crate::name::{Lexicon, Name, Token, TokenClass};
use crate::trade::PartyKind;

use super::alignment::{Aligned, FORGIVEN_COST, MIN_HALF, Unit, admit, align, cost, unit_likeness, units};
use super::breakdown::ScoreBreakdown;
use super::similarity::Likeness;
use super::vocabulary::{Vocabulary, WordId};

/// A name of a list entry in the index.
#[derive(Clone, Debug)]
struct IndexedName {
    /// Caller's number of the entry.
    entry: u32,
    kind: PartyKind,
    first_token: u32,
    tokens: u16,
    /// Sum of what its tokens cost when they stand alone.
    cost: f32,
}

/// The names of all lists, searchable.
#[derive(Debug, Default)]
pub struct NameIndex {
    vocabulary: Vocabulary,
    names: Vec<IndexedName>,
    /// Words of all names, one after another.
    tokens: Vec<WordId>,
    /// As written, parallel to `tokens`; for explanations.
    written: Vec<Box<str>>,
    /// Names that hold a word: `postings[starts[w]..starts[w + 1]]`.
    postings: Vec<u32>,
    starts: Vec<u32>,
}

/// Which kinds of listed parties a name may be.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum KindFilter {
    Any,
    /// That kind, and entries whose list does not say.
    Only(PartyKind),
    /// Persons, organisations, and entries whose list does not say: what a
    /// consignee or a bank can be.
    Legal,
}

impl KindFilter {
    /// The filter for a declared kind; unknown may be any.
    #[must_use]
    pub fn for_kind(kind: PartyKind) -> Self {
        if kind == PartyKind::Unknown { Self::Any } else { Self::Only(kind) }
    }

    #[must_use]
    pub fn admits(self, listed: PartyKind) -> bool {
        match self {
            Self::Any => true,
            Self::Only(kind) => listed.agrees_with(kind),
            Self::Legal => !matches!(listed, PartyKind::Vessel | PartyKind::Aircraft),
        }
    }
}

/// A listed name at or above the cut-off.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Candidate {
    /// Number of the name, in the order they were added.
    pub name: u32,
    pub entry: u32,
    pub score: f32,
}

/// Upper bounds collected for one listed name.
#[derive(Clone, Copy, Default)]
struct Bound {
    /// Σ similarity · weight of all likenesses found.
    met: f32,
    /// Σ cost of the query tokens that found a like word.
    query: f32,
    /// Σ cost of the listed words that were found.
    listed: f32,
}

impl NameIndex {
    /// Adds a name of an entry. Call [`NameIndex::finish`] after the last.
    pub fn add(&mut self, lexicon: &Lexicon, entry: u32, text: &str, kind: PartyKind) {
        let name = Name::parse(lexicon, text, kind);
        self.add_parsed(entry, &name, kind);
    }

    /// Adds a name that is already parsed.
    pub fn add_parsed(&mut self, entry: u32, name: &Name, kind: PartyKind) {
        let first_token = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
        for token in &name.tokens {
            self.tokens.push(self.vocabulary.intern(token));
            self.written.push(token.written.as_str().into());
        }
        self.names.push(IndexedName {
            entry,
            kind,
            first_token,
            tokens: u16::try_from(name.tokens.len()).unwrap_or(u16::MAX),
            cost: name.tokens.iter().map(cost).sum(),
        });
    }

    /// Makes the index ready for searching.
    pub fn finish(&mut self) {
        self.vocabulary.finish();
        let words = self.vocabulary.len();
        let mut counts = vec![0u32; words + 1];
        for name in &self.names {
            for &word in &distinct(self.words_of(name)) {
                counts[word as usize + 1] += 1;
            }
        }
        for i in 1..counts.len() {
            counts[i] += counts[i - 1];
        }
        let mut next = counts.clone();
        let mut postings = vec![0u32; counts.last().copied().unwrap_or(0) as usize];
        for (i, name) in self.names.iter().enumerate() {
            for &word in &distinct(self.words_of(name)) {
                let slot = &mut next[word as usize];
                postings[*slot as usize] = u32::try_from(i).unwrap_or(u32::MAX);
                *slot += 1;
            }
        }
        (self.starts, self.postings) = (counts, postings);
    }

    /// Names in the index.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    fn words_of(&self, name: &IndexedName) -> &[WordId] {
        let first = name.first_token as usize;
        &self.tokens[first..first + usize::from(name.tokens)]
    }

    fn names_with(&self, word: WordId) -> &[u32] {
        let word = word as usize;
        &self.postings[self.starts[word] as usize..self.starts[word + 1] as usize]
    }

    /// Every listed name whose score is at least `cutoff`, best first, ties by
    /// number. `cutoff` must be above 0.
    #[must_use]
    pub fn search(&self, lexicon: &Lexicon, name: &Name, kinds: KindFilter, cutoff: f32) -> Vec<Candidate> {
        if name.tokens.is_empty() || self.names.is_empty() {
            return Vec::new();
        }
        let units = units(name, lexicon);
        let likes = self.likes(&units);
        let bounds = self.bounds(name, &units, &likes, cutoff);
        let mut by_word: FxHashMap<WordId, Vec<(usize, Likeness)>> = FxHashMap::default();
        for (u, found) in likes.iter().enumerate() {
            for &(word, likeness) in found {
                by_word.entry(word).or_default().push((u, likeness));
            }
        }
        let mut candidates = Vec::new();
        for i in bounds {
            let listed = &self.names[i as usize];
            if !kinds.admits(listed.kind) {
                continue;
            }
            let words = self.words_of(listed);
            let tokens: Vec<&Token> = words.iter().map(|&w| self.vocabulary.word(w)).collect();
            let aligned = align(name, &units, &tokens, |u, l| {
                by_word.get(&words[l])?.iter().find(|(unit, _)| *unit == u).map(|&(_, likeness)| likeness)
            });
            if aligned.score >= cutoff {
                candidates.push(Candidate { name: i, entry: listed.entry, score: aligned.score });
            }
        }
        sort(&mut candidates);
        candidates
    }

    /// What [`NameIndex::search`] returns, by scoring against every name.
    #[must_use]
    pub fn exhaustive(
        &self,
        lexicon: &Lexicon,
        name: &Name,
        kinds: KindFilter,
        cutoff: f32,
    ) -> Vec<Candidate> {
        let units = units(name, lexicon);
        let mut candidates = Vec::new();
        for (i, listed) in self.names.iter().enumerate() {
            if !kinds.admits(listed.kind) || name.tokens.is_empty() {
                continue;
            }
            let tokens: Vec<&Token> =
                self.words_of(listed).iter().map(|&w| self.vocabulary.word(w)).collect();
            let aligned = align(name, &units, &tokens, |u, l| unit_likeness(&units[u], tokens[l]));
            if aligned.score >= cutoff {
                let name = u32::try_from(i).unwrap_or(u32::MAX);
                candidates.push(Candidate { name, entry: listed.entry, score: aligned.score });
            }
        }
        sort(&mut candidates);
        candidates
    }

    /// How the score of a candidate came about.
    #[must_use]
    pub fn explain(&self, lexicon: &Lexicon, name: &Name, candidate: Candidate) -> ScoreBreakdown {
        let Some(listed) = self.names.get(candidate.name as usize) else {
            return ScoreBreakdown::default();
        };
        let first = listed.first_token as usize;
        let tokens: Vec<Token> = self
            .words_of(listed)
            .iter()
            .enumerate()
            .map(|(k, &w)| Token {
                written: self.written[first + k].to_string(),
                ..self.vocabulary.word(w).clone()
            })
            .collect();
        let tokens: Vec<&Token> = tokens.iter().collect();
        let (units, aligned) = align_pair(lexicon, name, &tokens);
        aligned.explain(name, &units, &tokens)
    }

    /// The like words of each unit.
    fn likes(&self, units: &[Unit]) -> Vec<Vec<(WordId, Likeness)>> {
        units
            .iter()
            .map(|unit| {
                let mut found = if unit.joined {
                    self.vocabulary.near(&unit.token)
                } else {
                    self.vocabulary.like(&unit.token)
                };
                found.retain_mut(|(_, likeness)| match admit(unit, *likeness) {
                    Some(admitted) => {
                        *likeness = admitted;
                        true
                    }
                    None => false,
                });
                found
            })
            .collect()
    }

    /// The names whose score can reach the cut-off, ascending.
    fn bounds(
        &self,
        name: &Name,
        units: &[Unit],
        likes: &[Vec<(WordId, Likeness)>],
        cutoff: f32,
    ) -> Vec<u32> {
        let query_cost: f32 = name.tokens.iter().map(cost).sum();
        // Units with the longest postings last: names that meet only those are
        // never looked at, as long as such a meeting can't reach the cut-off.
        let mut order: Vec<usize> = (0..units.len()).collect();
        let length = |u: usize| likes[u].iter().map(|&(w, _)| self.names_with(w).len()).sum::<usize>();
        order.sort_by_cached_key(|&u| (length(u), u));
        let most = |u: usize| {
            let unit = &units[u];
            let best = likes[u]
                .iter()
                .map(|&(w, l)| cut_bound(name, l) * unit.token.weight.min(self.vocabulary.word(w).weight))
                .fold(0.0, f32::max);
            let listed = likes[u].iter().map(|&(w, _)| cost(self.vocabulary.word(w))).fold(0.0, f32::max);
            Bound { met: best, query: unit_cost(name, unit), listed }
        };
        let mut rest = Bound::default();
        let mut searched = order.len();
        while searched > 0 {
            let u = order[searched - 1];
            let add = most(u);
            let with = Bound {
                met: rest.met + add.met,
                query: rest.query + add.query,
                listed: rest.listed + add.listed,
            };
            if upper(with, query_cost, 0.0, name.may_be_cut) >= cutoff {
                break;
            }
            rest = with;
            searched -= 1;
        }
        let mut bounds: FxHashMap<u32, Bound> = FxHashMap::default();
        for &u in &order[..searched] {
            let unit = &units[u];
            let query = unit_cost(name, unit);
            for &(word, likeness) in &likes[u] {
                let token = self.vocabulary.word(word);
                let met = cut_bound(name, likeness) * unit.token.weight.min(token.weight);
                for &i in self.names_with(word) {
                    let bound = bounds.entry(i).or_default();
                    bound.met += met;
                    bound.query += query;
                    bound.listed += cost(token);
                }
            }
        }
        self.add_splits(name, units, &mut bounds);
        let mut names: Vec<u32> = bounds
            .into_iter()
            .filter(|(i, bound)| {
                let with = Bound {
                    met: bound.met + rest.met,
                    query: bound.query + rest.query,
                    listed: bound.listed + rest.listed,
                };
                upper(with, query_cost, self.names[*i as usize].cost, name.may_be_cut) >= cutoff
            })
            .map(|(i, _)| i)
            .collect();
        names.sort_unstable();
        names
    }

    /// Names that may hold a screened word as two neighbours: all that hold
    /// its head or its tail as a word.
    fn add_splits(&self, name: &Name, units: &[Unit], bounds: &mut FxHashMap<u32, Bound>) {
        for unit in units.iter().filter(|unit| !unit.joined) {
            let text = unit.token.text.as_str();
            if text.len() < MIN_HALF + 2 || unit.token.class == TokenClass::Legal {
                continue;
            }
            let mut halves: Vec<&str> = Vec::new();
            for at in 2..text.len() - 1 {
                if let (Some(head), Some(tail)) = (text.get(..at), text.get(at..)) {
                    halves.extend([head, tail].into_iter().filter(|half| half.len() >= MIN_HALF));
                }
            }
            halves.sort_unstable();
            halves.dedup();
            for word in halves.into_iter().flat_map(|half| self.vocabulary.with_text(half)) {
                let listed = cost(self.vocabulary.word(word));
                for &i in self.names_with(word) {
                    let bound = bounds.entry(i).or_default();
                    bound.met += unit.token.weight;
                    bound.query += unit_cost(name, unit);
                    // The other half, unknown here, costs at most the dearest.
                    bound.listed += listed + MAX_COST;
                }
            }
        }
    }
}

/// No token costs more.
const MAX_COST: f32 = 1.15;

/// Score of two parsed names by themselves.
pub(super) fn align_pair(lexicon: &Lexicon, name: &Name, listed: &[&Token]) -> (Vec<Unit>, Aligned) {
    let units = units(name, lexicon);
    let aligned = align(name, &units, listed, |u, l| unit_likeness(&units[u], listed[l]));
    (units, aligned)
}

fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.name.cmp(&b.name)));
}

fn distinct(words: &[WordId]) -> Vec<WordId> {
    let mut words = words.to_vec();
    words.sort_unstable();
    words.dedup();
    words
}

/// What the tokens of a unit cost when they stand alone.
fn unit_cost(name: &Name, unit: &Unit) -> f32 {
    name.tokens
        .iter()
        .enumerate()
        .filter(|(i, _)| unit.span & (1 << (i & 63)) != 0)
        .map(|(_, token)| cost(token))
        .sum()
}

/// A cut-off word may count for more than its likeness says.
fn cut_bound(name: &Name, likeness: Likeness) -> f32 {
    if name.may_be_cut { likeness.similarity.max(0.95) } else { likeness.similarity }
}

/// No alignment with these parts can score higher. (The score grows with what
/// was met and falls with what is left alone; every adjustment lowers it.)
fn upper(bound: Bound, query_cost: f32, listed_cost: f32, may_be_cut: bool) -> f32 {
    if bound.met <= 0.0 {
        return 0.0;
    }
    let listed_left = if may_be_cut { 0.0 } else { FORGIVEN_COST * (listed_cost - bound.listed).max(0.0) };
    let alone = (query_cost - bound.query).max(0.0) + listed_left;
    // A hair above, so that rounding can never lose a name.
    2.0 * bound.met / (2.0 * bound.met + alone) + 1e-4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(names: &[String]) -> NameIndex {
        let mut index = NameIndex::default();
        for (i, name) in names.iter().enumerate() {
            index.add(Lexicon::shipped(), u32::try_from(i).unwrap(), name, PartyKind::Unknown);
        }
        index.finish();
        index
    }

    fn name_strategy() -> impl proptest::strategy::Strategy<Value = String> {
        let word = proptest::sample::select(vec![
            "radio",
            "avtomatika",
            "radioavtomatika",
            "iran",
            "combine",
            "irancombine",
            "trading",
            "trdg",
            "co",
            "ltd",
            "ooo",
            "fortune",
            "2",
            "3",
            "o",
            "v",
            "deripaska",
            "oleg",
            "al",
            "bank",
            "of",
            "china",
            "kim",
            "jong",
            "un",
            "jongun",
            "mohammed",
            "muhamad",
            "hassan",
            "hasan",
            "ali",
            "shanghai",
            "deripaske",
        ]);
        let noise = "[a-c]{1,6}";
        proptest::collection::vec(proptest::prop_oneof![4 => proptest::strategy::Strategy::prop_map(word, str::to_owned), 1 => noise], 1..6)
            .prop_map_into_name()
    }

    trait IntoName: proptest::strategy::Strategy<Value = Vec<String>> + Sized {
        fn prop_map_into_name(self) -> proptest::strategy::Map<Self, fn(Vec<String>) -> String> {
            proptest::strategy::Strategy::prop_map(self, |words| words.join(" "))
        }
    }
    impl<S: proptest::strategy::Strategy<Value = Vec<String>>> IntoName for S {}

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(400))]
        /// The index loses nothing and invents nothing.
        #[test]
        fn the_index_returns_what_exhaustive_scoring_returns(
            listed in proptest::collection::vec(name_strategy(), 1..25),
            query in name_strategy(),
            cutoff in 0.2f32..0.95,
        ) {
            let index = index(&listed);
            let name = Name::parse(Lexicon::shipped(), &query, PartyKind::Unknown);
            proptest::prop_assert_eq!(
                index.search(Lexicon::shipped(), &name, KindFilter::Any, cutoff),
                index.exhaustive(Lexicon::shipped(), &name, KindFilter::Any, cutoff)
            );
        }

        #[test]
        fn a_name_equals_itself(name in name_strategy()) {
            let index = index(std::slice::from_ref(&name));
            let parsed = Name::parse(Lexicon::shipped(), &name, PartyKind::Unknown);
            let best = index.search(Lexicon::shipped(), &parsed, KindFilter::Any, 0.5);
            proptest::prop_assert!(best.first().is_some_and(|c| (c.score - 1.0).abs() < 1e-6), "{:?}", best);
        }
    }

    #[test]
    fn planted_names_are_found() {
        let listed: Vec<String> =
            ["JATRONICS SDN BHD", "JSC ARGUMENT", "RADIOAVTOMATIKA", "SHCHERBAKOV, Dmitriy", "FORTUNE 2"]
                .map(str::to_owned)
                .into();
        let index = index(&listed);
        for (query, entry) in [
            ("JATRONIX SDN. BHD.", 0),
            ("Jatroniks Sdn Bhd", 0),
            ("JSCARGUMENT", 1),
            ("OOO Radio Avtomatika", 2),
            ("Радиоавтоматика", 2),
            ("Dmitrij Schtscherbakow", 3),
            ("Fortune II", 4),
        ] {
            let name = Name::parse(Lexicon::shipped(), query, PartyKind::Unknown);
            let found = index.search(Lexicon::shipped(), &name, KindFilter::Any, 0.7);
            assert!(found.first().is_some_and(|c| c.entry == entry), "{query}: {found:?}");
        }
        let name = Name::parse(Lexicon::shipped(), "FORTUNE 3", PartyKind::Vessel);
        assert!(index.search(Lexicon::shipped(), &name, KindFilter::Only(PartyKind::Vessel), 0.7).is_empty());
    }
}
