//! How alike two words are.
//!
//! Knows two tokens; nothing of the names they stand in. Symmetric: the order
//! of the two never matters.

use crate::name::{Key, Token, TokenClass, letter_set};

use super::Measure;
use super::edits::{weighted, within};

/// Two words are alike.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Likeness {
    /// Above 0, at most 1.
    pub similarity: f32,
    pub measure: Measure,
}

/// Shortest consonant skeleton that counts.
pub(super) const MIN_SKELETON: usize = 3;
/// Shortest beginning of a word that counts for the whole wherever it stands.
pub(super) const MIN_PREFIX: usize = 4;
/// Shortest sound form that counts.
pub(super) const MIN_SOUND: usize = 3;
/// Shortest word whose outline counts.
pub(super) const MIN_OUTLINE: usize = 4;
/// Fewest consonants by which words of scripts without vowels are compared.
pub(super) const MIN_ABJAD: usize = 2;
/// Fewest of them of which one may differ.
pub(super) const MIN_ABJAD_EDIT: usize = 4;
/// Shortest sound form of which one letter may differ.
pub(super) const MIN_SOUND_EDIT: usize = 6;
/// Shortest word that may be an abbreviation by its consonants.
const MIN_ABBREVIATION: usize = 2;

/// How many edits (osa) two words may differ by, after the shorter's length.
pub(super) const fn allowed_edits(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=5 => 1,
        _ => 2,
    }
}

/// The likeness by which a listed name is found, if there is one: equal, a
/// known variant, alike in sound or spelling, or one the beginning of the
/// other. The index is built to find exactly these.
#[must_use]
pub(super) fn likeness(a: &Token, b: &Token) -> Option<Likeness> {
    use TokenClass::Number;
    if !a.class.is_anchor() || !b.class.is_anchor() {
        return None;
    }
    if a.text_key == b.text_key {
        return Some(Likeness { similarity: 1.0, measure: Measure::Equal });
    }
    if a.class == Number || b.class == Number {
        return None;
    }
    if a.vowelless != b.vowelless {
        return abjad_likeness(a, b);
    }
    let mut best: Option<Likeness> = None;
    let mut offer = |similarity: f32, measure| {
        if best.is_none_or(|b| similarity > b.similarity) {
            best = Some(Likeness { similarity, measure });
        }
    };
    if a.variant.is_some() && a.variant == b.variant {
        offer(0.93, Measure::Variant);
    }
    if let Some(length) = same_sound(a, b) {
        offer(sound_similarity(length), Measure::Sound);
    }
    if a.skeleton == b.skeleton && a.skeleton.len() >= MIN_SKELETON {
        offer(skeleton_similarity(a.skeleton.len()), Measure::Sound);
    }
    let (short, long) = if a.text.len() <= b.text.len() { (a, b) } else { (b, a) };
    let edits = allowed_edits(short.text.len());
    if short.text.len() >= MIN_OUTLINE && a.outline == b.outline
        || Shape::of(a).differs_by_at_most(Shape::of(b), edits) && within(&a.text, &b.text, edits).is_some()
    {
        offer(spelling_similarity(weighted(&a.text, &b.text), short.text.len()), Measure::Spelling);
    }
    if a.sound.len().min(b.sound.len()) >= MIN_SOUND_EDIT && within(&a.sound, &b.sound, 1).is_some() {
        offer(0.84, Measure::Sound);
    }
    if short.text.len() >= MIN_PREFIX && long.text.starts_with(&short.text) {
        offer(0.7, Measure::Prefix);
    }
    best
}

/// Shortest word taken for two of which one letter may differ.
pub(super) const MIN_JOINED_EDIT: usize = 6;

/// The likeness of words written together to a word: they must be near equal.
#[must_use]
pub(super) fn joined_likeness(joined: &Token, word: &Token) -> Option<Likeness> {
    if !word.class.is_anchor() || word.class == TokenClass::Number {
        return None;
    }
    let (a, b) = (joined.text.as_str(), word.text.as_str());
    let short = a.len().min(b.len());
    let similarity = if joined.text_key == word.text_key {
        1.0
    } else if joined.vowelless != word.vowelless {
        if joined.abjad_key != word.abjad_key || joined.abjad.len() <= MIN_ABJAD {
            return None;
        }
        0.9
    } else if a.len() >= MIN_JOINED_EDIT && within(a, b, 1).is_some()
        || short >= MIN_OUTLINE && joined.outline == word.outline
    {
        spelling_similarity(weighted(a, b), short)
    } else if same_sound(joined, word).is_some_and(|length| length > MIN_SOUND) {
        0.9
    } else {
        return None;
    };
    Some(Likeness { similarity: similarity * JOINED, measure: Measure::Joined })
}

/// Shortest piece of a word written together that must be intact for another
/// of at least [`MIN_PIECE_EDIT`] letters to have one wrong.
const MIN_INTACT: usize = 4;
const MIN_PIECE_EDIT: usize = 5;

/// Whether the rest of a word may differ by a letter beside an intact end, by
/// their lengths.
pub(super) const fn may_differ(end: usize, rest: usize) -> bool {
    end >= MIN_INTACT && rest >= MIN_PIECE_EDIT
}

/// What a space too many or too few takes off a likeness.
const JOINED: f32 = 0.97;

/// The length of a sound form that both words have.
fn same_sound(a: &Token, b: &Token) -> Option<usize> {
    let same = |a: Key, b: Key| a == b && a.len() >= MIN_SOUND;
    let sounds = [
        (a.sound_key, b.sound_key),
        (a.sound_key, b.other_sound),
        (a.other_sound, b.sound_key),
        (a.other_sound, b.other_sound),
    ];
    sounds.into_iter().find(|(a, b)| same(*a, *b)).map(|(sound, _)| sound.len())
}

/// Words of which one comes from a script without vowels.
fn abjad_likeness(a: &Token, b: &Token) -> Option<Likeness> {
    let length = a.abjad.len().min(b.abjad.len());
    let similarity = if a.abjad_key == b.abjad_key && length >= MIN_ABJAD {
        match length {
            0..=2 => 0.8,
            3 => 0.88,
            _ => 0.94,
        }
    } else if length >= MIN_ABJAD_EDIT && within(&a.abjad, &b.abjad, 1).is_some() {
        0.7
    } else {
        return None;
    };
    Some(Likeness { similarity, measure: Measure::Sound })
}

/// The likeness of two words that other words of their names have already met:
/// what would be too little to find a name by is enough to tell a damaged word
/// from a different one.
#[must_use]
pub(super) fn weak_likeness(a: &Token, b: &Token) -> Option<Likeness> {
    use TokenClass::{Initial, Legal, Number, Particle, Small};
    let found = |similarity, measure| Some(Likeness { similarity, measure });
    match (a.class, b.class) {
        (Number, _) | (_, Number) | (Initial, Legal | Small) | (Legal | Small, Initial) => None,
        (Legal, Legal) | (Initial, Initial) | (Particle | Small, Particle | Small)
            if a.text_key == b.text_key =>
        {
            found(1.0, Measure::Equal)
        }
        (Legal, Legal) => found(0.5, Measure::Variant),
        // Two initials that differ fail here too.
        (Initial, _) => b.text.starts_with(&a.text).then_some(INITIAL),
        (_, Initial) => a.text.starts_with(&b.text).then_some(INITIAL),
        (Particle, Particle) => found(0.6, Measure::Variant),
        (Particle | Small | Legal, _) | (_, Particle | Small | Legal) => None,
        _ if a.vowelless != b.vowelless => None,
        _ => weak_word_likeness(a, b),
    }
}

const INITIAL: Likeness = Likeness { similarity: WEAK_WORD, measure: Measure::Initial };

/// No weak likeness of two words that a name may be found by is higher.
pub(super) const WEAK_WORD: f32 = 0.5;

fn weak_word_likeness(a: &Token, b: &Token) -> Option<Likeness> {
    let (short, long) = if a.text.len() <= b.text.len() { (a, b) } else { (b, a) };
    if abbreviates(&short.text, &long.text) {
        return Some(Likeness { similarity: WEAK_WORD, measure: Measure::Prefix });
    }
    if !Shape::of(a).may_be_loose(Shape::of(b)) {
        return None;
    }
    Some(Likeness { similarity: loose(&a.text, &b.text)?, measure: Measure::Spelling })
}

/// What a word looks like from afar: enough to tell most words that are not
/// even weakly alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub letters: u64,
    pub weight: f32,
    pub length: u8,
    first: u8,
    pub class: TokenClass,
    traits: u8,
}

/// Traits of a shape, a bit each.
const VOWELLESS: u8 = 1;
const PLACE: u8 = 2;

impl Shape {
    pub fn of(token: &Token) -> Self {
        Self {
            letters: token.letters,
            weight: token.weight,
            length: u8::try_from(token.text.len()).unwrap_or(u8::MAX),
            first: token.text.as_bytes().first().copied().unwrap_or(0),
            class: token.class,
            traits: if token.vowelless { VOWELLESS } else { 0 } | if token.place { PLACE } else { 0 },
        }
    }

    /// Whether it is a word that tells a name from others, and names no place.
    pub fn tells(self) -> bool {
        self.class == TokenClass::Word && self.traits & PLACE == 0
    }

    /// Two words written together.
    pub fn and(self, other: Self) -> Self {
        Self {
            letters: self.letters | other.letters,
            length: self.length.saturating_add(other.length),
            ..self
        }
    }

    /// No weak likeness of these two is higher; 0 if there is none. Never too
    /// low.
    pub fn weak_at_most(self, other: Self) -> f32 {
        use TokenClass::{Initial, Legal, Number, Particle, Small};
        match (self.class, other.class) {
            (Number, _) | (_, Number) | (Initial, Legal | Small) | (Legal | Small, Initial) => 0.0,
            (Legal, Legal) | (Particle | Small, Particle | Small) | (Initial, Initial) => 1.0,
            (Initial, _) | (_, Initial) if self.first == other.first => WEAK_WORD,
            (Initial | Particle | Small | Legal, _) | (_, Initial | Particle | Small | Legal) => 0.0,
            _ if (self.traits ^ other.traits) & VOWELLESS != 0 => 0.0,
            _ if self.may_abbreviate(other) || self.may_be_loose(other) => WEAK_WORD,
            _ => 0.0,
        }
    }

    /// False only if neither word holds the other's letters, its first in front.
    pub fn may_abbreviate(self, other: Self) -> bool {
        let (short, long) = if self.length <= other.length { (self, other) } else { (other, self) };
        self.first == other.first && short.letters & !long.letters == 0
    }

    /// Whether the two may be loosely alike.
    pub fn may_be_loose(self, other: Self) -> bool {
        self.differs_by_at_most(other, loose_edits(usize::from(self.length.max(other.length))))
    }

    /// False only if the words lie more edits apart.
    pub fn differs_by_at_most(self, other: Self, most: usize) -> bool {
        let missing =
            (self.letters & !other.letters).count_ones().max((other.letters & !self.letters).count_ones());
        usize::from(self.length.abs_diff(other.length)) <= most && missing as usize <= most
    }
}

/// What another form of a word looks like from afar.
#[derive(Clone, Copy, Debug)]
pub(super) struct FormShape {
    /// The letters in it, a bit each; one bit for all digits.
    letters: u32,
    length: u8,
}

impl FormShape {
    pub fn of(form: &str) -> Self {
        let digits = |set: u64| if set >> 26 == 0 { 0 } else { 1 << 26 };
        let set = letter_set(form);
        let letters = (set & 0x3ff_ffff) as u32;
        Self { letters: letters | digits(set), length: u8::try_from(form.len()).unwrap_or(u8::MAX) }
    }

    /// False only if the forms lie more than an edit apart.
    pub fn differs_by_at_most_one(self, other: Self) -> bool {
        let missing = |a: u32, b: u32| (a & !b).count_ones() <= 1;
        self.length.abs_diff(other.length) <= 1
            && missing(self.letters, other.letters)
            && missing(other.letters, self.letters)
    }
}

/// How many letters two words may differ by to be loosely alike, after the
/// longer's length.
const fn loose_edits(long: usize) -> usize {
    match long {
        0..=2 => 0,
        3..=4 => 1,
        5..=7 => 2,
        _ => 3,
    }
}

/// How far the share of letters of two words that are in their place exceeds
/// chance, at most [`WEAK_WORD`]; none if too few are.
#[expect(clippy::cast_precision_loss, reason = "words are short")]
pub(super) fn loose(a: &str, b: &str) -> Option<f32> {
    let long = a.len().max(b.len());
    within(a, b, loose_edits(long))?;
    Some((1.0 - weighted(a, b) / long as f32 - CHANCE).min(WEAK_WORD))
}

/// The share of letters that agree by chance.
const CHANCE: f32 = 0.3;

/// Whether a word is written short: its beginning, or its first letter and
/// some consonants in order (`trd`, `shpg`).
fn abbreviates(short: &str, long: &str) -> bool {
    if short.len() < MIN_ABBREVIATION
        || short.len() >= long.len()
        || short.as_bytes().first() != long.as_bytes().first()
    {
        return false;
    }
    if long.starts_with(short) {
        return true;
    }
    let vowels = short.bytes().skip(1).filter(|b| b"aeiou".contains(b)).count();
    let mut rest = long.bytes();
    short.len() >= 3 && vowels == 0 && short.bytes().all(|b| rest.any(|c| c == b))
}

/// Short words sound alike by chance.
fn sound_similarity(length: usize) -> f32 {
    match length {
        0..=3 => 0.7,
        4 => 0.8,
        5 => 0.9,
        _ => 0.95,
    }
}

/// Few consonants agree by chance: `imres` and `umirs`.
fn skeleton_similarity(length: usize) -> f32 {
    match length {
        0..=3 => 0.66,
        4 => 0.74,
        _ => 0.82,
    }
}

/// One wrong letter in a short word is worse than in a long one.
fn spelling_similarity(distance: f32, length: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "words are short")]
    let share = distance / length as f32;
    (1.0 - 1.1 * share).max(0.1)
}
