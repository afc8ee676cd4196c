//! The index over all names of all lists, and the search in it.
//!
//! The search returns exactly what scoring against every name would return at
//! the same cut-off. A name is scored only if it shares a like word with the
//! query, and the index holds which do. For each of these an upper bound of
//! the score is added up, and only names whose bound falls below the cut-off
//! are left out. `exhaustive` is the plain way, kept for the tests that prove
//! it.

mod reach;
mod saved;

use std::ops::Range;

use crate::name::{Lexicon, Name, PartKind, Token, TokenClass};
use crate::trade::PartyKind;

use super::alignment::{MAX_TOKENS, Unit, anchors, each_likeness, potential, units};
use super::bound::{Outline, Totals};
use super::evidence::{Evidence, EvidenceModel, ListedTraits, Scored, Weights, evidence, log_odds};
use super::letters::{AllLetters, Letters};
use super::lookup::{Lookup, hash_of, spread};
use super::memo::Found;
use super::pair::{Explained, explain_pair, finish};
use super::postings::Postings;
use super::query::{CountrySet, NameQuery};
use super::scratch::SCRATCH;
use super::similarity::{Likeness, Shape};
use super::texts::DistinctTexts;
use super::vocabulary::{Vocabulary, WordId};

/// A name of a list entry in the index.
#[derive(Clone, Debug)]
struct IndexedName {
    /// Caller's number of the entry.
    entry: u32,
    kind: PartyKind,
    traits: ListedTraits,
}

/// The names of all lists, searchable.
#[derive(Debug, Default)]
pub struct NameIndex {
    vocabulary: Vocabulary,
    names: Vec<IndexedName>,
    /// Parallel to `names`.
    outlines: Vec<Outline>,
    /// Where the words of a name begin in `tokens`; and the end.
    first_tokens: Vec<u32>,
    /// Words of all names, one after another.
    tokens: Vec<WordId>,
    /// Parallel to `tokens`, so that those of a name stand side by side.
    shapes: Vec<Shape>,
    /// As written, parallel to `tokens`: numbers of texts; for explanations.
    written: Vec<u32>,
    written_texts: DistinctTexts,
    /// By name.
    letters: AllLetters,
    postings: Postings,
    /// Names by a hash of their words in any order.
    same_words: Lookup,
    /// Names by all their letters, in both orders.
    by_letters: Lookup,
    /// Names in the order of their letters.
    in_order: Vec<u32>,
    /// The names are addresses, which are weighed in another way.
    addresses: bool,
}

/// A name of a list, parsed; twice, if it has words that are taken apart.
#[derive(Debug)]
pub(super) struct ParsedName {
    /// With bits of the tokens of the family name.
    readings: Vec<(Name, u64)>,
}

impl ParsedName {
    pub fn new(lexicon: &Lexicon, text: &str, kind: PartyKind) -> Self {
        let (divided, undivided) = Name::parse_listed(lexicon, text, kind);
        let family = if kind == PartyKind::Person { family_name(text) } else { None };
        let family = family.map(|family| Name::parse_listed(lexicon, family, kind));
        let with_family = |name: Name, family: Option<&Name>| {
            let bits = family.map_or(0, |family| family_tokens(&name, family.tokens.len()));
            (name, bits)
        };
        let (first, second) = family.as_ref().map_or((None, None), |(divided, undivided)| {
            (Some(divided), Some(undivided.as_ref().unwrap_or(divided)))
        });
        let undivided = undivided.map(|name| with_family(name, second));
        Self { readings: std::iter::once(with_family(divided, first)).chain(undivided).collect() }
    }

    /// How many names it becomes in an index.
    pub fn len(&self) -> usize {
        self.readings.len()
    }
}

/// A query, made ready for being compared.
struct Screened<'a> {
    query: NameQuery<'a>,
    units: Vec<Unit<'a>>,
    letters: Letters,
}

impl<'a> Screened<'a> {
    fn new(lexicon: &Lexicon, query: NameQuery<'a>) -> Self {
        Self { query, units: units(query.name, lexicon), letters: Letters::of(&query.name.tokens, 0) }
    }
}

/// A listed name at or above the cut-off.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Candidate {
    /// Number of the name, in the order they were added.
    pub name: u32,
    pub entry: u32,
    /// Logarithm of the odds; infinite where both names are the same.
    pub log_odds: f32,
}

impl NameIndex {
    /// An index of street addresses.
    #[must_use]
    pub fn of_addresses() -> Self {
        Self { addresses: true, ..Self::default() }
    }

    /// Adds a name of an entry. Call [`NameIndex::finish`] after the last.
    pub fn add(
        &mut self,
        lexicon: &Lexicon,
        entry: u32,
        text: &str,
        kind: PartyKind,
        countries: CountrySet,
        weak_alias: bool,
    ) {
        self.add_name(entry, &ParsedName::new(lexicon, text, kind), kind, countries, weak_alias);
    }

    /// The same with a name that is already parsed.
    pub(super) fn add_name(
        &mut self,
        entry: u32,
        parsed: &ParsedName,
        kind: PartyKind,
        countries: CountrySet,
        weak_alias: bool,
    ) {
        for (name, family) in &parsed.readings {
            let traits = ListedTraits { family: *family, weak_alias };
            self.add_parsed(entry, name, kind, countries, traits);
        }
    }

    /// Adds a name or an address.
    pub(super) fn add_parsed(
        &mut self,
        entry: u32,
        name: &Name,
        kind: PartyKind,
        countries: CountrySet,
        traits: ListedTraits,
    ) {
        self.first_tokens.push(self.next_token());
        let tokens = &name.tokens[..name.tokens.len().min(MAX_TOKENS)];
        for token in tokens {
            self.tokens.push(self.vocabulary.intern(token));
            self.written.push(self.written_texts.number(&token.written));
        }
        self.names.push(IndexedName { entry, kind, traits });
        self.letters.add(&Letters::of(tokens, traits.family));
        let totals = Totals {
            weight: tokens.iter().map(|t| t.weight).sum(),
            small: tokens.iter().filter(|t| !t.class.is_anchor()).map(|t| t.weight).sum(),
        };
        self.outlines.push(Outline { totals, countries, kind });
    }

    fn next_token(&self) -> u32 {
        u32::try_from(self.tokens.len()).unwrap_or(u32::MAX)
    }

    /// Makes the index ready for searching.
    pub fn finish(&mut self) {
        self.vocabulary.finish();
        self.first_tokens.push(self.next_token());
        self.shapes = self.tokens.iter().map(|&word| self.vocabulary.shape(word)).collect();
        let numbers = (0..).take(self.names.len());
        let kinds = self.names.iter().zip(numbers.clone());
        self.postings =
            Postings::of(self.vocabulary.len(), kinds.map(|(name, i)| (name.kind, self.words_of(i))));
        self.same_words = Lookup::of(
            numbers
                .clone()
                .map(|i| (words_hash(self.words_of(i).iter().map(|&word| self.vocabulary.word(word))), i)),
        );
        let keys = |i: u32| self.letters.of(i).keys().map(move |key| (hash_of(key), i));
        self.by_letters = Lookup::of(numbers.clone().flat_map(keys));
        self.in_order = numbers.collect();
        self.in_order.sort_by_key(|&i| self.letters.of(i));
        self.shrink();
    }

    /// Gives back what was reserved for more names.
    fn shrink(&mut self) {
        self.names.shrink_to_fit();
        self.outlines.shrink_to_fit();
        self.first_tokens.shrink_to_fit();
        self.tokens.shrink_to_fit();
        self.written.shrink_to_fit();
        self.written_texts.finish();
        self.letters.finish();
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

    /// Where the tokens of a name stand among those of all.
    fn tokens_of(&self, name: u32) -> Range<usize> {
        let name = name as usize;
        self.first_tokens[name] as usize..self.first_tokens[name + 1] as usize
    }

    fn words_of(&self, name: u32) -> &[WordId] {
        &self.tokens[self.tokens_of(name)]
    }

    fn weights(&self, query: &NameQuery<'_>, listed: PartyKind) -> &'static Weights {
        EvidenceModel::shipped().weights(match listed {
            _ if self.addresses => Scored::Address,
            PartyKind::Unknown => Scored::As(query.kind),
            kind => Scored::As(kind),
        })
    }

    /// Every listed name whose score is at least `cutoff` (less the query's lift
    /// where the countries may agree), best first, ties by number. `cutoff`
    /// must be above 0 and below 1.
    #[must_use]
    pub fn search(&self, lexicon: &Lexicon, query: NameQuery<'_>, cutoff: f32) -> Vec<Candidate> {
        let cutoff = log_odds(cutoff);
        if query.name.tokens.is_empty() || self.names.is_empty() {
            return Vec::new();
        }
        let screened = Screened::new(lexicon, query);
        let units = &screened.units;
        let likes = self.likes(units);
        let mut candidates = Vec::new();
        SCRATCH.with_borrow_mut(|scratch| {
            scratch.likes.start(self.vocabulary.len());
            for (u, found) in likes.iter().enumerate() {
                for &(word, likeness) in found.iter() {
                    scratch.likes.add(word, u, likeness);
                }
            }
            self.gather(&query, units, &likes, cutoff, scratch);
            let same = self.same_names(&screened);
            scratch
                .names
                .extend(same.iter().filter(|i| query.kinds.admits(self.outlines[**i as usize].kind)));
            scratch.names.sort_unstable();
            scratch.names.dedup();
            for &i in &scratch.names {
                let listed = &self.names[i as usize];
                let words = self.words_of(i);
                let cutoff = query.cutoff(cutoff, self.outlines[i as usize].countries);
                // The same words or letters score in full, whatever they weigh.
                let bound = (!same.contains(&i)).then_some(cutoff);
                let splits = scratch.bounds.is_split(i);
                let each = |call: &mut dyn FnMut(usize, usize, Likeness)| {
                    for (l, &word) in words.iter().enumerate() {
                        scratch.likes.each(word, |u, likeness| call(u, l, likeness));
                    }
                };
                let sum = self.score(&screened, i, bound, each, splits);
                if let Some(log_odds) = sum.filter(|sum| *sum >= cutoff) {
                    candidates.push(Candidate { name: i, entry: listed.entry, log_odds });
                }
            }
        });
        sort(&mut candidates);
        candidates
    }

    /// The same, of the listed names alone that have the same words or letters:
    /// for a name so general that it would meet everybody.
    #[must_use]
    pub fn search_same(&self, lexicon: &Lexicon, query: NameQuery<'_>, cutoff: f32) -> Vec<Candidate> {
        let cutoff = log_odds(cutoff);
        let screened = Screened::new(lexicon, query);
        let mut same = self.same_names(&screened);
        same.sort_unstable();
        same.dedup();
        let of_kind = same.into_iter().filter(|&name| query.kinds.admits(self.outlines[name as usize].kind));
        let mut candidates: Vec<Candidate> =
            of_kind.filter_map(|name| self.candidate(&screened, name, cutoff)).collect();
        sort(&mut candidates);
        candidates
    }

    /// A listed name scored by itself, if it reaches the cut-off.
    fn candidate(&self, screened: &Screened<'_>, name: u32, cutoff: f32) -> Option<Candidate> {
        let listed = &self.names[name as usize];
        let cutoff = screened.query.cutoff(cutoff, self.outlines[name as usize].countries);
        let words: Vec<&Token> = self.words_of(name).iter().map(|&word| self.vocabulary.word(word)).collect();
        let each = |call: &mut dyn FnMut(usize, usize, Likeness)| {
            each_likeness(&screened.units, &words, call);
        };
        let log_odds = self.score(screened, name, None, each, true).filter(|sum| *sum >= cutoff)?;
        Some(Candidate { name, entry: listed.entry, log_odds })
    }

    /// What [`NameIndex::search`] returns, by scoring against every name.
    #[must_use]
    pub fn exhaustive(&self, lexicon: &Lexicon, query: NameQuery<'_>, cutoff: f32) -> Vec<Candidate> {
        let cutoff = log_odds(cutoff);
        let screened = Screened::new(lexicon, query);
        let mut candidates = Vec::new();
        for (listed, name) in self.names.iter().zip(0..) {
            if !query.kinds.admits(listed.kind) {
                continue;
            }
            candidates.extend(self.candidate(&screened, name, cutoff));
        }
        sort(&mut candidates);
        candidates
    }

    /// The logarithm of the odds that both names mean one party; none if no
    /// word is alike, or if it can't reach `cutoff`.
    fn score(
        &self,
        screened: &Screened<'_>,
        number: u32,
        cutoff: Option<f32>,
        each: impl FnOnce(&mut dyn FnMut(usize, usize, Likeness)),
        splits: bool,
    ) -> Option<f32> {
        let Screened { query, units, letters } = screened;
        let listed = &self.names[number as usize];
        let words = self.words_of(number);
        let first = self.vocabulary.word(*words.first()?);
        let mut buffer = [first; MAX_TOKENS];
        for (slot, &word) in buffer.iter_mut().zip(words) {
            *slot = self.vocabulary.word(word);
        }
        let tokens = &buffer[..words.len()];
        let weights = self.weights(query, listed.kind);
        let part = weights.part(query.part);
        let (own, others) = (letters.borrowed(), self.letters.of(number));
        if query.part == PartKind::Whole && own.are_those_of(query.name, others, tokens) {
            return Some(f32::INFINITY);
        }
        let whole = own.meets(query.name, others);
        let whole = whole.map(|whole| weights.whole(whole) + part);
        let aligned = || {
            let mut alignment = anchors(query.name, units, tokens, each, splits)?;
            let possible = potential(query.name, units, tokens, &alignment);
            let evidence = evidence(query.name, units, tokens, listed.traits, &alignment, &possible);
            let sum = weights.sum(&evidence) + part;
            if cutoff.is_some_and(|cutoff| sum + weights.bonus() + 1e-3 < cutoff) {
                return None;
            }
            Some(finish(query, units, tokens, listed.traits, &mut alignment, weights))
        };
        aligned().into_iter().chain(whole).reduce(f32::max)
    }

    /// The names with the same words in any order, or the same letters (and,
    /// hardly ever, others).
    fn same_names(&self, screened: &Screened<'_>) -> Vec<u32> {
        let name = screened.query.name;
        let mut same = self.with_letters(name, &screened.letters);
        same.extend(self.same_words.get(words_hash(name.tokens.iter())));
        same
    }

    /// The names with the same letters (and, hardly ever, others), or that a cut
    /// field begins.
    fn with_letters(&self, name: &Name, letters: &Letters) -> Vec<u32> {
        let letters = letters.borrowed();
        let mut found = Vec::new();
        for key in letters.keys() {
            found.extend(self.by_letters.get(hash_of(key)));
        }
        if name.may_be_cut {
            let text = |i: u32| self.letters.of(i).text;
            let start = self.in_order.partition_point(|&i| text(i) < letters.text);
            found.extend(
                self.in_order[start..].iter().take_while(|&&i| text(i).starts_with(letters.text)).copied(),
            );
        }
        found
    }

    /// What is counted for and against a candidate.
    #[must_use]
    pub fn evidence(&self, lexicon: &Lexicon, query: NameQuery<'_>, candidate: Candidate) -> Evidence {
        self.explain(lexicon, query, candidate).map(|explained| explained.evidence).unwrap_or_default()
    }

    /// How the score of a candidate came about.
    #[must_use]
    pub fn explain(
        &self,
        lexicon: &Lexicon,
        query: NameQuery<'_>,
        candidate: Candidate,
    ) -> Option<Explained> {
        let listed = self.names.get(candidate.name as usize)?;
        let tokens: Vec<Token> = self
            .tokens_of(candidate.name)
            .map(|at| Token {
                written: self.written_texts.texts.get(self.written[at] as usize).to_owned(),
                ..self.vocabulary.word(self.tokens[at]).clone()
            })
            .collect();
        let tokens: Vec<&Token> = tokens.iter().collect();
        explain_pair(lexicon, query, &tokens, listed.traits, self.weights(&query, listed.kind))
    }

    /// The like words of each unit.
    fn likes(&self, units: &[Unit<'_>]) -> Vec<Found<'_>> {
        let like = |unit: &Unit<'_>| {
            if unit.joined { self.vocabulary.near(&unit.token) } else { self.vocabulary.like(&unit.token) }
        };
        units.iter().map(like).collect()
    }
}

/// A hash of the words of a name, the same in any order.
fn words_hash<'t>(tokens: impl Iterator<Item = &'t Token>) -> u32 {
    spread(tokens.fold(0u64, |key, token| key + u64::from(hash_of(token.text_key))))
}

/// What stands before the comma of a person's name, if a given name follows.
fn family_name(text: &str) -> Option<&str> {
    text.split_once(',').filter(|(_, given)| !given.trim().is_empty()).map(|(family, _)| family)
}

/// Bits of the first tokens of a name, as many as its family name has.
fn family_tokens(name: &Name, before: usize) -> u64 {
    name.tokens
        .iter()
        .enumerate()
        .take(before.min(MAX_TOKENS))
        .filter(|(_, token)| token.class == TokenClass::Word)
        .fold(0, |bits, (i, _)| bits | 1 << i)
}

fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| b.log_odds.total_cmp(&a.log_odds).then(a.name.cmp(&b.name)));
}

#[cfg(test)]
#[path = "index_laws.rs"]
mod laws;
