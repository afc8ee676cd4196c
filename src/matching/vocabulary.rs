//! The distinct words of the lists, and the search for all that are like a
//! given word.
//!
//! Misspelt words are found by deletion neighbourhoods: if two words are within
//! k edits, deleting at most k letters from (the first seven letters of) each
//! gives a common string. Every found word is then checked by `likeness`, so
//! the neighbourhood decides only what is looked at, never what is found.

mod saved;

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::name::{Key, Token};

use super::lookup::{Lookup, hash_of, spread};
use super::memo::{Found, Memo};
use super::similarity::{
    FormShape, Likeness, MIN_ABJAD, MIN_ABJAD_EDIT, MIN_JOINED_EDIT, MIN_OUTLINE, MIN_PREFIX, MIN_SKELETON,
    MIN_SOUND, MIN_SOUND_EDIT, Shape, allowed_edits, joined_likeness, likeness, may_differ,
};

/// Index of a word in the vocabulary.
pub(super) type WordId = u32;

/// Letters of a word whose deletions are indexed.
const PREFIX_LETTERS: usize = 7;

/// Words with what likeness they have to a given one.
pub(super) type Neighbours = Vec<(WordId, Likeness)>;

#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: Vec<Token>,
    /// Parallel to `words`.
    shapes: Vec<Shape>,
    /// The same of their sound forms, and of their consonants.
    forms: Vec<[FormShape; 2]>,
    /// Words by their text, while they are added.
    added: FxHashMap<Key, Vec<WordId>>,
    /// Words of one text in all classes.
    by_plain_text: Lookup,
    by_sound: Lookup,
    by_skeleton: Lookup,
    by_outline: Lookup,
    /// Words by their consonants: those of scripts with vowels, and without.
    by_abjad: [Lookup; 2],
    by_variant: Lookup,
    /// Words by their first letters, for looking up beginnings.
    by_beginning: Lookup,
    /// Words by what is left of them when letters are deleted.
    by_deletion: Lookup,
    /// What [`Vocabulary::like`] finds for each word itself, once asked for:
    /// most words of papers are words of the lists.
    neighbours: Vec<OnceLock<Neighbours>>,
    /// The same for other words, and for what [`Vocabulary::near`] finds.
    others: Memo,
}

impl Vocabulary {
    /// The id of a token's word, added if new.
    pub fn intern(&mut self, token: &Token) -> WordId {
        let of_text = self.added.get(&token.text_key).map(Vec::as_slice).unwrap_or_default();
        if let Some(id) = self.same_word(token, of_text) {
            return id;
        }
        let id = WordId::try_from(self.words.len()).unwrap_or(WordId::MAX);
        self.added.entry(token.text_key).or_default().push(id);
        let mut word = token.clone();
        word.written = String::new();
        self.shapes.push(Shape::of(&word));
        self.forms.push(forms(&word));
        self.words.push(word);
        id
    }

    /// The word of these that is the same in everything that is compared.
    fn same_word(&self, token: &Token, of_text: &[WordId]) -> Option<WordId> {
        of_text.iter().copied().find(|&id| {
            let word = self.word(id);
            word.text_key == token.text_key
                && word.class == token.class
                && word.vowelless == token.vowelless
                && word.place == token.place
                && word.weight.to_bits() == token.weight.to_bits()
                && word.other_sound == token.other_sound
                && word.variant == token.variant
        })
    }

    /// Builds the look-up tables. Call once, after the last `intern`.
    pub fn finish(&mut self) {
        self.added = FxHashMap::default();
        self.words.shrink_to_fit();
        self.shapes.shrink_to_fit();
        self.forms.shrink_to_fit();
        let all = self.words.iter().zip(0..);
        self.by_plain_text = Lookup::of(all.clone().map(|(word, id)| (hash_of(word.text_key), id)));
        let anchors = all.filter(|(word, _)| word.class.is_anchor());
        let by = |hash: &dyn Fn(&Token) -> Option<u32>| {
            Lookup::of(anchors.clone().filter_map(|(word, id)| Some((hash(word)?, id))))
        };
        let by_key = |key: &dyn Fn(&Token) -> Key, shortest: usize| {
            by(&|word| Some(key(word)).filter(|key| key.len() >= shortest).map(hash_of))
        };
        self.by_sound = Lookup::of(anchors.clone().flat_map(|(word, id)| {
            let sounds = [word.sound_key, word.other_sound].into_iter();
            sounds.filter(|sound| sound.len() >= MIN_SOUND).map(move |sound| (hash_of(sound), id))
        }));
        self.by_skeleton = by_key(&|word| word.skeleton, MIN_SKELETON);
        self.by_outline = by(&|word| (word.text.len() >= MIN_OUTLINE).then(|| hash_of(word.outline)));
        self.by_abjad = [false, true].map(|vowelless| {
            by(&|word| {
                (word.vowelless == vowelless && word.abjad.len() >= MIN_ABJAD)
                    .then(|| hash_of(word.abjad_key))
            })
        });
        self.by_variant = by(&|word| word.variant.map(hash_of_group));
        self.by_beginning = by(&|word| hash_of_beginning(&word.text));
        let mut deletions = Vec::new();
        for (word, id) in anchors {
            each_variant(word, |hash| deletions.push((hash, id)));
        }
        self.by_deletion = Lookup::of(deletions);
        self.neighbours.resize_with(self.words.len(), OnceLock::new);
    }

    pub fn word(&self, id: WordId) -> &Token {
        // Ids come from `intern` alone.
        &self.words[id as usize]
    }

    pub fn shape(&self, id: WordId) -> Shape {
        self.shapes[id as usize]
    }

    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Words whose text is this (and, hardly ever, others), in every class that
    /// a name is found by.
    pub fn with_text(&self, text: Key) -> impl Iterator<Item = WordId> {
        let words = self.by_plain_text.get(hash_of(text)).iter().copied();
        words.filter(|&id| self.word(id).class.is_anchor())
    }

    /// False only if `rest`, beside the intact `end` of a word, is neither a
    /// word nor two nor like one.
    pub fn may_be_rest(&self, end: &str, rest: &str) -> bool {
        let holds = |text: &str| self.by_plain_text.holds(hash_of(Key::of(text)));
        may_differ(end.len(), rest.len())
            || holds(rest)
            || (1..rest.len()).any(|at| rest.split_at_checked(at).is_some_and(|(a, b)| holds(a) && holds(b)))
    }

    /// Every word that `likeness` finds like the token, each once.
    pub fn like(&self, token: &Token) -> Found<'_> {
        let of_text = self.by_plain_text.get(hash_of(token.text_key));
        let own = self.same_word(token, of_text).and_then(|id| self.neighbours.get(id as usize));
        match own {
            Some(neighbours) => Found::Listed(neighbours.get_or_init(|| self.search(token))),
            None => Found::Other(self.others.get(token, false, || self.search(token))),
        }
    }

    /// Every word that `joined_likeness` finds like a token made of joined
    /// words.
    pub fn near(&self, token: &Token) -> Found<'_> {
        Found::Other(self.others.get(token, true, || self.search_joined(token)))
    }

    fn search(&self, token: &Token) -> Neighbours {
        if !token.class.is_anchor() {
            return Vec::new();
        }
        let mut ids: Vec<WordId> = self.with_text(token.text_key).collect();
        let lists = [
            token.variant.map(|group| self.by_variant.get(hash_of_group(group))).unwrap_or_default(),
            self.by_sound.get(hash_of(token.sound_key)),
            self.by_sound.get(hash_of(token.other_sound)),
            self.by_skeleton.get(hash_of(token.skeleton)),
            self.by_outline.get(hash_of(token.outline)),
            self.of_other_scripts(token),
        ];
        for list in lists {
            ids.extend(list);
        }
        let shape = Shape::of(token);
        self.add_prefixes(&token.text, shape, &mut ids);
        let edits = allowed_edits(token.text.len());
        let mut hashes = Vec::with_capacity(MOST_DELETIONS);
        let look_up = |ids: &mut Vec<WordId>, hashes: &mut Vec<u32>, may_be: &dyn Fn(WordId) -> bool| {
            self.by_deletion.each(hashes, |words| ids.extend(words.iter().copied().filter(|&id| may_be(id))));
            hashes.clear();
        };
        each_deletion(&token.text, edits, TEXT_SEED, &mut |hash| hashes.push(hash));
        look_up(&mut ids, &mut hashes, &|id| shape.differs_by_at_most(self.shape(id), edits));
        for (form, (key, seed)) in keys(token).into_iter().enumerate() {
            if let Some(key) = key {
                let shape = FormShape::of(key);
                each_deletion(key, 1, seed, &mut |hash| hashes.push(hash));
                look_up(&mut ids, &mut hashes, &|id| {
                    shape.differs_by_at_most_one(self.forms[id as usize][form])
                });
            }
        }
        self.alike(ids, |word| likeness(token, word))
    }

    fn search_joined(&self, token: &Token) -> Neighbours {
        let mut ids: Vec<WordId> = self.with_text(token.text_key).collect();
        for list in [
            self.by_sound.get(hash_of(token.sound_key)),
            self.by_sound.get(hash_of(token.other_sound)),
            self.by_outline.get(hash_of(token.outline)),
            self.of_other_scripts(token),
        ] {
            ids.extend(list);
        }
        if token.text.len() >= MIN_JOINED_EDIT {
            let shape = Shape::of(token);
            let mut hashes = Vec::with_capacity(1 + PREFIX_LETTERS);
            each_deletion(&token.text, 1, TEXT_SEED, &mut |hash| hashes.push(hash));
            self.by_deletion.each(&hashes, |words| {
                let near = |id: &WordId| shape.differs_by_at_most(self.shape(*id), 1);
                ids.extend(words.iter().copied().filter(near));
            });
        }
        self.alike(ids, |word| joined_likeness(token, word))
    }

    /// The words that are alike, each once, in the order of their ids.
    fn alike(&self, mut ids: Vec<WordId>, like: impl Fn(&Token) -> Option<Likeness>) -> Neighbours {
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().filter_map(|id| Some((id, like(self.word(id))?))).collect()
    }

    /// Words with the same consonants of a script with vowels for a word of one
    /// without, and the other way round.
    fn of_other_scripts(&self, token: &Token) -> &[WordId] {
        self.by_abjad[usize::from(!token.vowelless)].get(hash_of(token.abjad_key))
    }

    /// Adds words that begin with the text, and words that it begins with.
    fn add_prefixes(&self, text: &str, shape: Shape, ids: &mut Vec<WordId>) {
        let words = hash_of_beginning(text).map(|hash| self.by_beginning.get(hash)).unwrap_or_default();
        ids.extend(words.iter().copied().filter(|&id| {
            let word = || self.word(id).text.as_str();
            shape.may_abbreviate(self.shape(id)) && (word().starts_with(text) || text.starts_with(word()))
        }));
    }
}

/// What words of one group of variants are looked up by.
fn hash_of_group(group: u32) -> u32 {
    spread(group.into())
}

/// What words with the same first letters are looked up by.
fn hash_of_beginning(text: &str) -> Option<u32> {
    let beginning: &[u8; MIN_PREFIX] = text.as_bytes().first_chunk()?;
    Some(spread(u32::from_be_bytes(*beginning).into()))
}

/// Calls with the hashes under which a word is indexed: the deletion variants
/// of its text, its sound form and its consonants, kept apart.
fn each_variant(word: &Token, mut call: impl FnMut(u32)) {
    each_deletion(&word.text, allowed_edits(word.text.len()), TEXT_SEED, &mut call);
    for (key, seed) in keys(word) {
        each_deletion(key.unwrap_or_default(), 1, seed, &mut call);
    }
}

/// The forms of a word, beside its text, of which one letter may differ.
fn keys(word: &Token) -> [(Option<&str>, u32); 2] {
    let long = |key, least: usize| Some(key).filter(|key: &&str| key.len() >= least);
    [(long(&word.sound, MIN_SOUND_EDIT), SOUND_SEED), (long(&word.abjad, MIN_ABJAD_EDIT), ABJAD_SEED)]
}

/// What the forms of a word look like from afar.
fn forms(word: &Token) -> [FormShape; 2] {
    [FormShape::of(&word.sound), FormShape::of(&word.abjad)]
}

/// How many strings two deletions leave of the first letters of a word.
const MOST_DELETIONS: usize = 1 + PREFIX_LETTERS + PREFIX_LETTERS * (PREFIX_LETTERS - 1) / 2;

const TEXT_SEED: u32 = 0x811c_9dc5;
const SOUND_SEED: u32 = 0x050c_5d1f;
const ABJAD_SEED: u32 = 0x2f0b_4c47;

/// Calls with a hash of every string that is left when at most `edits` (0 to
/// 2) letters of the first seven are deleted.
fn each_deletion(word: &str, edits: usize, seed: u32, call: &mut impl FnMut(u32)) {
    if edits == 0 {
        return;
    }
    let head = &word.as_bytes()[..word.len().min(PREFIX_LETTERS)];
    call(hash(head, seed, usize::MAX, usize::MAX));
    for i in 0..head.len() {
        call(hash(head, seed, i, usize::MAX));
        if edits > 1 {
            for j in i + 1..head.len() {
                call(hash(head, seed, i, j));
            }
        }
    }
}

/// FNV-1a over the bytes but those at two places.
fn hash(bytes: &[u8], seed: u32, skip: usize, skip_too: usize) -> u32 {
    let mut hash = seed;
    for (i, &byte) in bytes.iter().enumerate() {
        if i != skip && i != skip_too {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use crate::name::{Lexicon, Name};
    use crate::trade::PartyKind;

    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        Name::parse(Lexicon::shipped(), text, PartyKind::Unknown).tokens
    }

    proptest::proptest! {
        /// The look-up finds exactly what comparing with every word finds.
        #[test]
        fn looking_up_finds_every_like_word(
            listed in proptest::collection::vec("[a-d]{1,9}( [a-dхж]{2,9})?", 1..30),
            query in "[a-d]{1,9}",
        ) {
            let mut vocabulary = Vocabulary::default();
            for name in &listed {
                for token in tokens(name) {
                    vocabulary.intern(&token);
                }
            }
            vocabulary.finish();
            for token in tokens(&query) {
                let mut found: Vec<_> = vocabulary.like(&token).iter().map(|(id, _)| *id).collect();
                found.sort_unstable();
                let all: Vec<_> = (0..u32::try_from(vocabulary.len()).unwrap())
                    .filter(|&id| likeness(&token, vocabulary.word(id)).is_some())
                    .collect();
                proptest::prop_assert_eq!(found, all);
            }
        }

        #[test]
        fn likeness_is_symmetric_and_in_range(a in "\\PC{1,12}", b in "\\PC{1,12}") {
            for a in tokens(&a) {
                for b in tokens(&b) {
                    proptest::prop_assert_eq!(likeness(&a, &b), likeness(&b, &a));
                    if let Some(l) = likeness(&a, &b) {
                        proptest::prop_assert!(l.similarity > 0.0 && l.similarity <= 1.0);
                    }
                }
            }
        }
    }
}
