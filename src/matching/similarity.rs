//! How alike two words are, and by what measure.
//!
//! A pure function of two tokens. `vocabulary` finds all words of the lists
//! for which it gives an answer; the two are held together by a test.

use crate::name::{Token, TokenClass};

use super::Measure;
use super::edits::{weighted, within};

/// Two words are alike.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Likeness {
    /// Above 0, at most 1.
    pub similarity: f32,
    pub measure: Measure,
}

/// Shortest skeleton (consonants) that may stand for a word.
pub(super) const MIN_SKELETON: usize = 3;
/// Shortest word that counts when it is the beginning of another.
pub(super) const MIN_PREFIX: usize = 4;
/// Shortest sound form that counts.
pub(super) const MIN_SOUND: usize = 3;

/// Shortest word whose outline counts.
pub(super) const MIN_OUTLINE: usize = 4;
/// Fewest consonants by which words of scripts without vowels are compared.
pub(super) const MIN_ABJAD: usize = 2;
/// Shortest sound form of which one letter may differ.
pub(super) const MIN_SOUND_EDIT: usize = 6;

/// Letters that may differ between two words of this length (of the shorter).
pub(super) const fn allowed_edits(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=5 => 1,
        _ => 2,
    }
}

/// How alike two words are, if they are at all. Symmetric.
pub(super) fn likeness(a: &Token, b: &Token) -> Option<Likeness> {
    use TokenClass::{Initial, Legal, Number};
    if a.text == b.text {
        return Some(Likeness { similarity: 1.0, measure: Measure::Equal });
    }
    match (a.class, b.class) {
        (Legal, Legal) => return Some(Likeness { similarity: 0.5, measure: Measure::Variant }),
        (Legal | Number, _) | (_, Legal | Number) | (Initial, Initial) => return None,
        (Initial, _) => return b.text.starts_with(&a.text).then_some(INITIAL),
        (_, Initial) => return a.text.starts_with(&b.text).then_some(INITIAL),
        _ => {}
    }
    if a.vowelless != b.vowelless {
        return (a.abjad == b.abjad && a.abjad.len() >= MIN_ABJAD)
            .then(|| Likeness { similarity: abjad_similarity(a.abjad.len()), measure: Measure::Sound });
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
    if a.sound == b.sound && a.sound.len() >= MIN_SOUND {
        offer(sound_similarity(a.sound.len().min(b.sound.len())), Measure::Sound);
    }
    if a.skeleton == b.skeleton && a.skeleton.len() >= MIN_SKELETON {
        offer(skeleton_similarity(a.skeleton.len()), Measure::Sound);
    }
    let (short, long) = if a.text.len() <= b.text.len() { (a, b) } else { (b, a) };
    let edits = allowed_edits(short.text.len());
    if short.text.len() >= MIN_OUTLINE && a.outline == b.outline || within(&a.text, &b.text, edits).is_some()
    {
        let distance = weighted(&a.text, &b.text);
        offer(spelling_similarity(distance, short.text.len()), Measure::Spelling);
    }
    if a.sound.len().min(b.sound.len()) >= MIN_SOUND_EDIT && within(&a.sound, &b.sound, 1).is_some() {
        offer(0.84, Measure::Sound);
    }
    if short.text.len() >= MIN_PREFIX && long.text.starts_with(&short.text) {
        offer(0.7, Measure::Prefix);
    }
    best
}

const INITIAL: Likeness = Likeness { similarity: 0.75, measure: Measure::Initial };

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

/// Consonants alone: the more of them agree, the surer.
fn abjad_similarity(length: usize) -> f32 {
    match length {
        0..=2 => 0.8,
        3 => 0.88,
        _ => 0.94,
    }
}
