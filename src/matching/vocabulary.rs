//! The distinct words of the lists, and the search for all that are like a
//! given word.
//!
//! Misspelt words are found by deletion neighbourhoods: if two words are within
//! k edits, deleting at most k letters from (the first seven letters of) each
//! gives a common string. Every found word is then checked by `likeness`, so
//! the neighbourhood decides only what is looked at, never what is found.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::name::Token;

use super::similarity::{
    Likeness, MIN_ABJAD, MIN_ABJAD_EDIT, MIN_JOINED_EDIT, MIN_OUTLINE, MIN_PREFIX, MIN_SKELETON, MIN_SOUND,
    MIN_SOUND_EDIT, Shape, allowed_edits, joined_likeness, likeness,
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
    /// Words of one text in all classes.
    by_plain_text: FxHashMap<Box<str>, Vec<WordId>>,
    by_sound: FxHashMap<Box<str>, Vec<WordId>>,
    by_skeleton: FxHashMap<Box<str>, Vec<WordId>>,
    by_outline: FxHashMap<Box<str>, Vec<WordId>>,
    /// Words by their consonants: those of scripts with vowels, and without.
    by_abjad: [FxHashMap<Box<str>, Vec<WordId>>; 2],
    by_variant: FxHashMap<u32, Vec<WordId>>,
    /// (word text, id) in order, for looking up beginnings.
    sorted: Vec<(Box<str>, WordId)>,
    /// (hash of a deletion variant, id), in order.
    deletions: Vec<(u32, WordId)>,
    /// By the upper bits of a hash: where in `deletions` its variants begin.
    buckets: Vec<u32>,
    /// What [`Vocabulary::like`] finds for each word itself, once asked for:
    /// most words of papers are words of the lists.
    neighbours: Vec<OnceLock<Neighbours>>,
}

/// Upper bits of a hash that the buckets are made by.
const BUCKET_BITS: u32 = 18;

impl Vocabulary {
    /// The id of a token's word, added if new.
    pub fn intern(&mut self, token: &Token) -> WordId {
        if let Some(id) = self.same_word(token) {
            return id;
        }
        let id = WordId::try_from(self.words.len()).unwrap_or(WordId::MAX);
        self.by_plain_text.entry(token.text.as_str().into()).or_default().push(id);
        let mut word = token.clone();
        word.written = String::new();
        self.shapes.push(Shape::of(&word));
        self.words.push(word);
        id
    }

    /// The word that is the same in everything that is compared.
    fn same_word(&self, token: &Token) -> Option<WordId> {
        self.by_plain_text.get(token.text.as_str())?.iter().copied().find(|&id| {
            let word = self.word(id);
            word.class == token.class
                && word.vowelless == token.vowelless
                && word.place == token.place
                && word.weight.to_bits() == token.weight.to_bits()
                && word.other_sound == token.other_sound
                && word.variant == token.variant
        })
    }

    /// Builds the look-up tables. Call once, after the last `intern`.
    pub fn finish(&mut self) {
        for (i, word) in self.words.iter().enumerate().filter(|(_, word)| word.class.is_anchor()) {
            let id = WordId::try_from(i).unwrap_or(WordId::MAX);
            for sound in [&word.sound, &word.other_sound] {
                if sound.len() >= MIN_SOUND {
                    self.by_sound.entry(sound.as_str().into()).or_default().push(id);
                }
            }
            if word.skeleton.len() >= MIN_SKELETON {
                self.by_skeleton.entry(word.skeleton.as_str().into()).or_default().push(id);
            }
            if word.text.len() >= MIN_OUTLINE {
                self.by_outline.entry(word.outline.as_str().into()).or_default().push(id);
            }
            if word.abjad.len() >= MIN_ABJAD {
                let map = &mut self.by_abjad[usize::from(word.vowelless)];
                map.entry(word.abjad.as_str().into()).or_default().push(id);
            }
            if let Some(group) = word.variant {
                self.by_variant.entry(group).or_default().push(id);
            }
            self.sorted.push((word.text.as_str().into(), id));
            each_variant(word, |hash| self.deletions.push((hash, id)));
        }
        self.sorted.sort_unstable();
        self.deletions.sort_unstable();
        self.deletions.dedup();
        self.deletions.shrink_to_fit();
        self.buckets = vec![0; (1 << BUCKET_BITS) + 1];
        for &(hash, _) in &self.deletions {
            self.buckets[bucket(hash) + 1] += 1;
        }
        for i in 1..self.buckets.len() {
            self.buckets[i] += self.buckets[i - 1];
        }
        self.neighbours.resize_with(self.words.len(), OnceLock::new);
    }

    /// The words that share a deletion variant.
    fn with_variant(&self, hash: u32) -> impl Iterator<Item = WordId> {
        let bucket = bucket(hash);
        let range = match (self.buckets.get(bucket), self.buckets.get(bucket + 1)) {
            (Some(&from), Some(&to)) => from as usize..to as usize,
            _ => 0..0,
        };
        self.deletions[range].iter().filter(move |(other, _)| *other == hash).map(|&(_, id)| id)
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

    /// Words whose text is exactly this, in every class that a name is found
    /// by.
    pub fn with_text(&self, text: &str) -> impl Iterator<Item = WordId> {
        self.by_plain_text
            .get(text)
            .into_iter()
            .flatten()
            .copied()
            .filter(|&id| self.word(id).class.is_anchor())
    }

    /// Every word that `likeness` finds like the token, each once.
    pub fn like(&self, token: &Token) -> std::borrow::Cow<'_, Neighbours> {
        use std::borrow::Cow;
        let own = self.same_word(token).and_then(|id| self.neighbours.get(id as usize));
        match own {
            Some(neighbours) => Cow::Borrowed(neighbours.get_or_init(|| self.search(token))),
            None => Cow::Owned(self.search(token)),
        }
    }

    fn search(&self, token: &Token) -> Neighbours {
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        if !token.class.is_anchor() {
            return found;
        }
        let mut look = |id: WordId| {
            if seen.insert(id)
                && let Some(likeness) = likeness(token, self.word(id))
            {
                found.push((id, likeness));
            }
        };
        self.with_text(&token.text).for_each(&mut look);
        let lists = [
            token.variant.and_then(|group| self.by_variant.get(&group)),
            self.by_sound.get(token.sound.as_str()),
            self.by_sound.get(token.other_sound.as_str()),
            self.by_skeleton.get(token.skeleton.as_str()),
            self.by_outline.get(token.outline.as_str()),
            self.of_other_scripts(token),
        ];
        lists.into_iter().flatten().flatten().copied().for_each(&mut look);
        self.look_up_prefixes(&token.text, &mut look);
        each_variant(token, |hash| self.with_variant(hash).for_each(&mut look));
        found
    }

    /// Every word that `joined_likeness` finds like a token made of joined
    /// words.
    pub fn near(&self, token: &Token) -> Neighbours {
        let mut found: Neighbours = Vec::new();
        let mut look = |id: WordId| {
            if !found.iter().any(|(other, _)| *other == id)
                && let Some(likeness) = joined_likeness(token, self.word(id))
            {
                found.push((id, likeness));
            }
        };
        self.with_text(&token.text).for_each(&mut look);
        for ids in [
            self.by_sound.get(token.sound.as_str()),
            self.by_outline.get(token.outline.as_str()),
            self.of_other_scripts(token),
        ] {
            ids.into_iter().flatten().copied().for_each(&mut look);
        }
        if token.text.len() >= MIN_JOINED_EDIT {
            each_deletion(&token.text, 1, TEXT_SEED, &mut |hash| self.with_variant(hash).for_each(&mut look));
        }
        found
    }

    /// Words with the same consonants of a script with vowels for a word of one
    /// without, and the other way round.
    fn of_other_scripts(&self, token: &Token) -> Option<&Vec<WordId>> {
        self.by_abjad[usize::from(!token.vowelless)].get(token.abjad.as_str())
    }

    /// Words that begin with the text, and words that the text begins with.
    fn look_up_prefixes(&self, text: &str, look: &mut impl FnMut(WordId)) {
        if text.len() < MIN_PREFIX {
            return;
        }
        let start = self.sorted.partition_point(|(word, _)| **word < *text);
        self.sorted[start..].iter().take_while(|(word, _)| word.starts_with(text)).for_each(|&(_, id)| look(id));
        for end in MIN_PREFIX..text.len() {
            text.get(..end).into_iter().flat_map(|head| self.with_text(head)).for_each(&mut *look);
        }
    }
}

fn bucket(hash: u32) -> usize {
    (hash >> (32 - BUCKET_BITS)) as usize
}

/// Calls with the hashes under which a word is indexed and looked up: the
/// deletion variants of its text and of its sound form, kept apart.
fn each_variant(word: &Token, mut call: impl FnMut(u32)) {
    each_deletion(&word.text, allowed_edits(word.text.len()), TEXT_SEED, &mut call);
    if word.sound.len() >= MIN_SOUND_EDIT {
        each_deletion(&word.sound, 1, SOUND_SEED, &mut call);
    }
    if word.abjad.len() >= MIN_ABJAD_EDIT {
        each_deletion(&word.abjad, 1, ABJAD_SEED, &mut call);
    }
}

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
