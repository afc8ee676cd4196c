//! The vocabulary as bytes, and back.
//!
//! Knows every field of a word; a field that is added must be added here.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::matching::bytes::{Reader, Writer};
use crate::matching::lookup::Lookup;
use crate::matching::memo::Memo;
use crate::matching::party_bytes::place;
use crate::matching::similarity::Shape;
use crate::matching::texts::Texts;
use crate::name::{Token, TokenClass};

use super::{Vocabulary, forms};

/// Bits of a byte beside the class of a word.
const VOWELLESS: u8 = 0x80;
const PLACE: u8 = 0x40;
/// Stands for no group of variants.
const NO_VARIANT: u32 = u32::MAX;

impl Vocabulary {
    pub fn save(&self, out: &mut Writer) {
        self.save_texts(out, |word| &word.text);
        self.save_texts(out, |word| &word.sound);
        self.save_texts(out, |word| &word.abjad);
        let words = || self.words.iter();
        out.keys(words().map(|word| word.text_key));
        out.keys(words().map(|word| word.sound_key));
        out.keys(words().map(|word| word.other_sound));
        out.keys(words().map(|word| word.skeleton));
        out.keys(words().map(|word| word.abjad_key));
        out.keys(words().map(|word| word.outline));
        out.u64s(words().map(|word| word.letters));
        out.u32s(words().map(|word| word.variant.unwrap_or(NO_VARIANT)));
        out.f32s(words().map(|word| word.weight));
        out.bytes(words().map(|word| {
            place(&TokenClass::ALL, word.class)
                | if word.vowelless { VOWELLESS } else { 0 }
                | if word.place { PLACE } else { 0 }
        }));
        self.lookups().into_iter().for_each(|lookup| lookup.save(out));
    }

    fn save_texts(&self, out: &mut Writer, text: impl Fn(&Token) -> &str) {
        let mut texts = Texts::default();
        for word in &self.words {
            texts.add([text(word)]);
        }
        texts.save(out);
    }

    fn lookups(&self) -> [&Lookup; 9] {
        let [vowels, consonants] = &self.by_abjad;
        [
            &self.by_plain_text,
            &self.by_sound,
            &self.by_skeleton,
            &self.by_outline,
            vowels,
            consonants,
            &self.by_variant,
            &self.by_beginning,
            &self.by_deletion,
        ]
    }

    /// Reads a vocabulary; none if it holds a word that no name is made of.
    pub fn load(reader: &mut Reader<'_>) -> Option<Self> {
        let words = load_words(reader)?;
        let mut lookup = || Lookup::load(reader, words.len());
        let vocabulary = Self {
            shapes: words.iter().map(Shape::of).collect(),
            forms: words.iter().map(forms).collect(),
            added: FxHashMap::default(),
            by_plain_text: lookup()?,
            by_sound: lookup()?,
            by_skeleton: lookup()?,
            by_outline: lookup()?,
            by_abjad: [lookup()?, lookup()?],
            by_variant: lookup()?,
            by_beginning: lookup()?,
            by_deletion: lookup()?,
            neighbours: std::iter::repeat_with(OnceLock::new).take(words.len()).collect(),
            others: Memo::default(),
            words,
        };
        Some(vocabulary)
    }
}

fn load_words(reader: &mut Reader<'_>) -> Option<Vec<Token>> {
    let [texts, sounds, abjads] = [Texts::load(reader)?, Texts::load(reader)?, Texts::load(reader)?];
    let (mut text_key, mut sound_key) = (reader.keys()?, reader.keys()?);
    let (mut other_sound, mut skeleton) = (reader.keys()?, reader.keys()?);
    let (mut abjad_key, mut outline) = (reader.keys()?, reader.keys()?);
    let mut letters = reader.u64s()?;
    let mut variants = reader.u32s()?.into_iter();
    let mut weights = reader.f32s()?;
    let classes = reader.block()?;
    if texts.len() != classes.len() || ![&texts, &sounds, &abjads].iter().all(|texts| texts.are_ascii()) {
        return None;
    }
    let mut words = Vec::with_capacity(classes.len());
    for (i, &class) in classes.iter().enumerate() {
        let word = Token {
            text: texts.get(i).to_owned(),
            written: String::new(),
            text_key: text_key.next()?,
            sound: sounds.get(i).to_owned(),
            sound_key: sound_key.next()?,
            other_sound: other_sound.next()?,
            skeleton: skeleton.next()?,
            abjad: abjads.get(i).to_owned(),
            abjad_key: abjad_key.next()?,
            outline: outline.next()?,
            letters: letters.next()?,
            vowelless: class & VOWELLESS != 0,
            variant: Some(variants.next()?).filter(|group| *group != NO_VARIANT),
            class: *TokenClass::ALL.get(usize::from(class & !(VOWELLESS | PLACE)))?,
            place: class & PLACE != 0,
            weight: weights.next()?,
        };
        if word.text.is_empty() || !(word.weight > 0.0 && word.weight <= 1.0) {
            return None;
        }
        words.push(word);
    }
    Some(words)
}
