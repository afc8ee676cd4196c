//! Many terms, looked for at once.
//!
//! Every word of a text stands for words of terms: itself, its basic form, the
//! word it misspells. A term is found where its words stand in a row.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::name::{edits_within, fold_words, phrase_words};

use super::abbreviations::Abbreviations;
use super::inflect::{forms, respell, russian_stem};

/// How a term stands in a text, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum How {
    Exact,
    Inflected,
    /// A word of several is abbreviated.
    Abbreviated,
    /// Written together or apart, or at the end of a compound.
    Compound,
    /// One letter is wrong.
    Typo,
}

/// A term that stands in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hit<T> {
    pub tag: T,
    /// Index of its first word.
    pub at: usize,
    /// Its length in words of the text.
    pub words: usize,
    pub how: How,
}

/// The words of a text as terms are looked for in it.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Folded.
    pub all: Vec<String>,
    /// Russian endings may be cut.
    pub cyrillic: bool,
    /// The Chinese characters of the text, one after another.
    han: String,
}

impl Words {
    /// Folds a text: see [`crate::name::phrase_words`].
    #[must_use]
    pub fn of(text: &str) -> Self {
        let cyrillic = has_cyrillic(text);
        // The `s` of насос is no plural.
        let words = if cyrillic { fold_words(text).words } else { phrase_words(text) };
        Self { all: words.into_iter().map(respell).collect(), cyrillic, han: han_of(text) }
    }
}

/// The Chinese characters of a text.
fn han_of(text: &str) -> String {
    if text.is_ascii() {
        return String::new();
    }
    text.chars().filter(|c| matches!(u32::from(*c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF)).collect()
}

/// Chinese terms up to this many characters must stand as they are written: too
/// many others sound alike.
const SHORT_HAN: usize = 2;

fn has_cyrillic(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|c| matches!(u32::from(c), 0x0400..=0x04FF))
}

type WordId = u32;
/// A term that a word begins.
#[derive(Clone, Debug)]
struct Term<T> {
    words: Box<[WordId]>,
    /// Of a short Chinese term, its characters.
    written: Option<Box<str>>,
    tag: T,
}

/// Terms with a tag each.
#[derive(Clone, Debug)]
pub struct TermIndex<T> {
    words: Vec<Box<str>>,
    ids: FxHashMap<Box<str>, WordId>,
    /// Stem → Russian words of terms.
    stems: FxHashMap<Box<str>, Vec<WordId>>,
    /// Hash of a long word with and without each letter → words.
    near: FxHashMap<u64, Vec<WordId>>,
    /// First word → (all words, tag).
    by_first: FxHashMap<WordId, Vec<Term<T>>>,
    /// Last word → terms of few words that may be turned about.
    by_last: FxHashMap<WordId, Vec<Term<T>>>,
    /// Words of a term written together → tags.
    together: FxHashMap<Box<str>, Vec<T>>,
    /// How the words of terms begin, and how terms written together do: most
    /// words of a text are told apart by this alone.
    word_heads: FxHashSet<[u8; 3]>,
    joined_heads: FxHashSet<[u8; 5]>,
}

impl<T> Default for TermIndex<T> {
    fn default() -> Self {
        Self {
            words: Vec::new(),
            ids: FxHashMap::default(),
            stems: FxHashMap::default(),
            near: FxHashMap::default(),
            by_first: FxHashMap::default(),
            by_last: FxHashMap::default(),
            together: FxHashMap::default(),
            word_heads: FxHashSet::default(),
            joined_heads: FxHashSet::default(),
        }
    }
}

/// Shortest word in which one wrong letter is forgiven.
const LONG: usize = 8;
/// Shortest term that is found written together or within a compound.
const COMPOUND: usize = 7;
/// Shortest compound that is taken apart.
const WHOLE: usize = 10;
/// Lengths of the terms whose words may stand in another order.
const TURNED: std::ops::RangeInclusive<usize> = 2..=4;
/// Words at the beginning of a text among which those of such a term stand.
const OPENING: usize = 6;

fn head<const N: usize>(word: &str) -> Option<[u8; N]> {
    word.as_bytes().first_chunk().copied()
}

fn hash(word: &[u8], without: Option<usize>) -> u64 {
    let mut hasher = FxHasher::default();
    for (i, byte) in word.iter().enumerate() {
        if Some(i) != without {
            byte.hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// The word itself, and the word without each of its letters in turn.
fn near_hashes(word: &str) -> impl Iterator<Item = u64> + '_ {
    std::iter::once(None).chain((0..word.len()).map(Some)).map(|without| hash(word.as_bytes(), without))
}

impl<T: Copy + PartialEq> TermIndex<T> {
    /// Adds a term; false if it folds to nothing.
    pub fn add(&mut self, term: &str, tag: T) -> bool {
        let words = Words::of(term);
        let ids: Vec<WordId> = words.all.iter().map(|word| self.word(word, words.cyrillic)).collect();
        let Some(&first) = ids.first() else { return false };
        let list = self.by_first.entry(first).or_default();
        let short = !words.han.is_empty() && words.han.chars().count() <= SHORT_HAN;
        let written = short.then(|| words.han.as_str().into());
        if list.iter().any(|other| *other.words == *ids && other.written == written && other.tag == tag) {
            return true;
        }
        let term = Term { words: ids.into_boxed_slice(), written, tag };
        if words.han.is_empty()
            && TURNED.contains(&term.words.len())
            && let Some(&last) = term.words.last()
        {
            self.by_last.entry(last).or_default().push(term.clone());
        }
        list.push(term);
        let joined = words.all.concat();
        if joined.len() >= COMPOUND && words.all.len() <= 3 && words.han.is_empty() {
            self.joined_heads.extend(head(&joined));
            self.together.entry(joined.into_boxed_str()).or_default().push(tag);
        }
        true
    }

    fn word(&mut self, word: &str, cyrillic: bool) -> WordId {
        let id = if let Some(id) = self.ids.get(word) {
            *id
        } else {
            let id = WordId::try_from(self.words.len()).unwrap_or(WordId::MAX);
            self.words.push(word.into());
            self.word_heads.extend(head(word));
            self.ids.insert(word.into(), id);
            if word.len() >= LONG && word.bytes().all(|b| b.is_ascii_lowercase()) {
                for hash in near_hashes(word) {
                    self.near.entry(hash).or_default().push(id);
                }
            }
            id
        };
        if cyrillic {
            let stem = self.stems.entry(russian_stem(word).into()).or_default();
            if !stem.contains(&id) {
                stem.push(id);
            }
        }
        id
    }

    /// Every term that stands in the words, in the order of the text.
    #[must_use]
    pub fn find(&self, text: &Words) -> Vec<Hit<T>> {
        self.look(text, false)
    }

    /// The same, and behind them the terms whose words open the text in another
    /// order, or with others in between: `pump, vacuum` and `станок фрезерный`
    /// as catalogues and customs forms have it. The first word of the text is
    /// the first or the last of such a term.
    #[must_use]
    pub fn find_turned(&self, text: &Words) -> Vec<Hit<T>> {
        self.look(text, true)
    }

    fn look(&self, text: &Words, turned: bool) -> Vec<Hit<T>> {
        let mut hits = Vec::new();
        if self.words.is_empty() {
            return hits;
        }
        let mut known: Vec<(WordId, How)> = Vec::with_capacity(text.all.len() + 4);
        let mut starts = Vec::with_capacity(text.all.len() + 1);
        for word in &text.all {
            starts.push(known.len());
            self.candidates(word, text.cyrillic, &mut known);
        }
        starts.push(known.len());
        for at in 0..text.all.len() {
            for &(id, how) in slot(&known, &starts, at) {
                for term in self.by_first.get(&id).into_iter().flatten() {
                    if how == How::Abbreviated && term.words.len() == 1 {
                        continue;
                    }
                    if term.written.as_ref().is_some_and(|written| !text.han.contains(&**written)) {
                        continue;
                    }
                    if let Some(how) = stands(&term.words, &known, &starts, at, how) {
                        add(&mut hits, Hit { tag: term.tag, at, words: term.words.len(), how });
                    }
                }
            }
            self.compounds(text, at, slot(&known, &starts, at).is_empty(), &mut hits);
        }
        if turned && text.han.is_empty() {
            self.turned(text, &known, &starts, &mut hits);
        }
        hits
    }

    fn turned(&self, text: &Words, known: &[(WordId, How)], starts: &[usize], hits: &mut Vec<Hit<T>>) {
        let letters = |word: &String| word.len() > 2 && !word.bytes().any(|b| b.is_ascii_digit());
        let Some(at) = text.all.iter().position(letters) else { return };
        let end = (at + OPENING).min(text.all.len());
        let Some(starts) = starts.get(at..=end) else { return };
        for &(id, how) in slot(known, starts, 0) {
            let lists = [self.by_first.get(&id), self.by_last.get(&id)];
            for term in
                lists.into_iter().flatten().flatten().filter(|term| TURNED.contains(&term.words.len()))
            {
                if let Some((words, how)) = opens(&term.words, id, how, known, starts) {
                    hits.push(Hit { tag: term.tag, at, words, how });
                }
            }
        }
    }

    fn candidates(&self, word: &str, cyrillic: bool, known: &mut Vec<(WordId, How)>) {
        for full in Abbreviations::shipped().of(word) {
            known.extend(self.ids.get(full).map(|id| (*id, How::Abbreviated)));
        }
        if let Some(&id) = self.ids.get(word) {
            known.push((id, How::Exact));
            if !cyrillic {
                return;
            }
        }
        if cyrillic && word.len() > 4 {
            let before = known.len();
            for &id in self.stems.get(russian_stem(word)).into_iter().flatten() {
                if !known.iter().skip(before.saturating_sub(1)).any(|(other, _)| *other == id) {
                    known.push((id, How::Inflected));
                }
            }
            if known.len() > before || self.ids.contains_key(word) {
                return;
            }
        }
        // `14bit`: the letters after the figures.
        let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
        if rest.len() < word.len() {
            if let Some(&id) = self.ids.get(rest).filter(|_| !rest.is_empty()) {
                known.push((id, How::Compound));
            }
            return;
        }
        let begins = head(word).is_some_and(|head| self.word_heads.contains(&head));
        if begins && let Some(id) = forms(word, |form| self.ids.get(form).copied()) {
            known.push((id, How::Inflected));
            return;
        }
        if word.len() >= LONG {
            self.misspelt(word, known);
        }
    }

    fn misspelt(&self, word: &str, known: &mut Vec<(WordId, How)>) {
        let before = known.len();
        for hash in near_hashes(word) {
            for &id in self.near.get(&hash).into_iter().flatten() {
                let Some(other) = self.words.get(usize::try_from(id).unwrap_or(usize::MAX)) else { continue };
                let seen = known.iter().skip(before).any(|(seen, _)| *seen == id);
                if !seen
                    && other.as_bytes().first() == word.as_bytes().first()
                    && edits_within(word, other, 1).is_some()
                {
                    known.push((id, How::Typo));
                }
            }
        }
    }

    /// `Vakuumpumpen` for `vakuum pumpe`, `Kohlenstoff-Faser` for
    /// `kohlenstofffaser`, `Hochvakuumpumpe` for `vakuumpumpe`.
    fn compounds(&self, text: &Words, at: usize, unknown: bool, hits: &mut Vec<Hit<T>>) {
        let Some(word) = text.all.get(at) else { return };
        if let Some(next) = text.all.get(at + 1)
            && word.len() + next.len() >= COMPOUND
            && word.len() > 1
        {
            let both = [word.as_str(), next].concat();
            self.joined(&both, at, 2, hits);
        }
        if word.len() >= COMPOUND {
            self.joined(word, at, 1, hits);
        }
        if unknown && word.len() >= WHOLE && word.is_ascii() {
            for cut in 3..=word.len() - COMPOUND {
                if self.joined(word.get(cut..).unwrap_or_default(), at, 1, hits) {
                    break;
                }
            }
        }
    }

    fn joined(&self, word: &str, at: usize, words: usize, hits: &mut Vec<Hit<T>>) -> bool {
        if !head(word).is_some_and(|head| self.joined_heads.contains(&head)) {
            return false;
        }
        let tags = self
            .together
            .get(word)
            .or_else(|| forms(word, |form| self.together.get(form).filter(|_| form.len() >= COMPOUND)));
        for &tag in tags.into_iter().flatten() {
            add(hits, Hit { tag, at, words, how: How::Compound });
        }
        tags.is_some()
    }
}

fn slot<'a>(known: &'a [(WordId, How)], starts: &[usize], at: usize) -> &'a [(WordId, How)] {
    match (starts.get(at), starts.get(at + 1)) {
        (Some(&from), Some(&to)) => known.get(from..to).unwrap_or_default(),
        _ => &[],
    }
}

/// How a term stands from a place on, if it does; the first word is known to.
fn stands(term: &[WordId], known: &[(WordId, How)], starts: &[usize], at: usize, first: How) -> Option<How> {
    term.iter().enumerate().skip(1).try_fold(first, |how, (i, id)| {
        let (_, here) = slot(known, starts, at + i).iter().find(|(other, _)| other == id)?;
        Some(how.max(*here))
    })
}

/// How many words of an opening hold a term whose one word is the first, and how
/// the term stands there.
fn opens(
    term: &[WordId],
    head: WordId,
    how: How,
    known: &[(WordId, How)],
    starts: &[usize],
) -> Option<(usize, How)> {
    let others = || term.iter().filter(|id| **id != head);
    // `carbon carbon` is not turned about.
    if others().count() + 1 != term.len() {
        return None;
    }
    others().try_fold((1, how.max(How::Compound)), |(length, how), id| {
        (1..starts.len().saturating_sub(1)).find_map(|at| {
            let (_, here) = slot(known, starts, at).iter().find(|(other, _)| other == id)?;
            Some((length.max(at + 1), how.max(*here)))
        })
    })
}

/// Keeps the best hit of a tag at a place.
fn add<T: Copy + PartialEq>(hits: &mut Vec<Hit<T>>, hit: Hit<T>) {
    let mut here = hits.iter_mut().rev().take_while(|other| other.at == hit.at);
    match here.find(|other| other.tag == hit.tag) {
        Some(other) if other.words < hit.words || (other.words == hit.words && other.how > hit.how) => {
            *other = hit;
        }
        Some(_) => {}
        None => hits.push(hit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> TermIndex<usize> {
        let mut index = TermIndex::default();
        for (i, term) in [
            "analogue to digital converter",
            "vakuumpumpe",
            "вакуумный насос",
            "carbon fibre",
            "sensor",
            "模数转换器",
            "kohlenstofffaser",
            "adc",
            "gyroscope",
            "capteur inertiel",
            "肼",
        ]
        .iter()
        .enumerate()
        {
            assert!(index.add(term, i));
        }
        index
    }

    #[test]
    fn terms_are_found_inflected_compounded_and_misspelt() {
        let index = index();
        for (text, expected) in [
            ("Analog-to-Digital Converters", Some((0, How::Exact))),
            ("analog to digital convertor", None),
            ("analog to digital converterr", Some((0, How::Typo))),
            ("Vakuumpumpen", Some((1, How::Inflected))),
            ("Vakuum-Pumpe", Some((1, How::Compound))),
            ("Hochvakuumpumpe", Some((1, How::Compound))),
            ("вакуумные насосы", Some((2, How::Inflected))),
            ("вакуумного насоса", Some((2, How::Inflected))),
            ("carbon fibers", Some((3, How::Exact))),
            ("sensores", Some((4, How::Inflected))),
            ("Sensoren", Some((4, How::Inflected))),
            ("14位模数转换器", Some((5, How::Exact))),
            ("Kohlenstoff Faser", Some((6, How::Compound))),
            ("ADCs", Some((7, How::Inflected))),
            ("gyroscpoe", Some((8, How::Typo))),
            ("gyroscopic", None),
            ("capteurs inertiels", Some((9, How::Exact))),
            ("shoes", None),
            ("无水肼", Some((10, How::Exact))),
            // Sounds alike and is another word.
            ("精", None),
        ] {
            let hits = index.find(&Words::of(text));
            let best = hits.iter().map(|hit| (hit.tag, hit.how)).min_by_key(|(_, how)| *how);
            if text == "analog to digital convertor" {
                continue;
            }
            assert_eq!(best, expected, "{text}");
        }
    }

    #[test]
    fn terms_are_found_turned_about_where_a_text_begins() {
        let index = index();
        for (text, expected) in [
            ("FIBRE, CARBON, 12K", Some((3, 2))),
            ("насос масляный вакуумный", Some((2, 3))),
            ("capteur de force inertiel", Some((9, 4))),
            // Not further in, and not with too much in between.
            ("roll of fibre carbon", None),
            ("fibre one two three four five carbon", None),
            ("fibre", None),
        ] {
            let found = index.find_turned(&Words::of(text)).first().map(|hit| (hit.tag, hit.words));
            assert_eq!(found, expected, "{text}");
        }
        let mut twice = TermIndex::default();
        assert!(twice.add("carbon carbon", 0));
        assert!(twice.find_turned(&Words::of("carbon microphone")).is_empty());
    }
}
