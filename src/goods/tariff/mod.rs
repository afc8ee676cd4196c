//! Tariff code against description: whether the code exists, and whether the
//! goods that the text speaks of can be under it.
//!
//! An integrated circuit that is declared as parts of toys is found; which of
//! several near codes is right is not. Of texts with no word that it knows it
//! has no opinion. Never claims to classify: it says what the text speaks of.

mod judge;
mod nomenclature;
mod text;
mod words;

use std::sync::LazyLock;

pub use nomenclature::{CodeState, Editions, Nomenclature};

use judge::Headings;
use text::Words;
use words::{ByChapter, Share, Speech, Table};

/// Letters of a chapter's text that are shown.
const SHOWN: usize = 60;

/// What is known of words and codes. Immutable.
#[derive(Debug)]
pub struct Tariff {
    table: Table,
    headings: Headings,
}

/// What a line's description and tariff code show together.
#[derive(Clone, PartialEq, Debug)]
pub struct TariffCheck {
    pub code: CodeState,
    /// How strongly the text contradicts the code, 0 to 1; none where there is
    /// nothing to compare, or no word that is known.
    pub score: Option<f32>,
    /// From the shipped threshold on.
    pub contradiction: Option<Contradiction>,
}

/// The text speaks of goods that cannot be under the code.
#[derive(Clone, PartialEq, Debug)]
pub struct Contradiction {
    /// At least [`Tariff::threshold`], at most 1.
    pub score: f32,
    /// In plain words, with the words of the text that decided.
    pub words: String,
    /// The chapters that the text speaks of most, each with its share.
    pub better: Vec<(String, f32)>,
}

impl Tariff {
    /// What comes with the program; read when first asked for.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Tariff> = LazyLock::new(|| Tariff {
            table: Table::read(crate::shipped::text(words::FILE)),
            headings: Headings::new(),
        });
        &SHIPPED
    }

    /// The score from which text and code contradict each other.
    #[must_use]
    pub fn threshold(&self) -> f32 {
        self.table.judge.threshold
    }

    /// Compares a description with the tariff code declared for it.
    #[must_use]
    pub fn check(&self, description: &str, hs: &str) -> TariffCheck {
        let code = Nomenclature::shipped().state(hs);
        let (score, contradiction) = match code.declared() {
            Some(declared) => self.compare(description, declared),
            None => (None, None),
        };
        TariffCheck { code, score, contradiction }
    }

    /// The chapters that a description speaks of most, each with its share;
    /// none if no word is known.
    #[must_use]
    pub fn speaks_of(&self, description: &str) -> Vec<(String, f32)> {
        let speech = self.table.speech(&Words::read(description));
        if speech.known == 0 {
            return Vec::new();
        }
        judge::best(&judge::probabilities(&speech.logits, self.table.judge.warmth))
    }

    fn compare(&self, description: &str, declared: &str) -> (Option<f32>, Option<Contradiction>) {
        let Some(chapter) = declared.get(..2).and_then(|chapter| words::place(chapter.as_bytes())) else {
            return (None, None);
        };
        let words = Words::read(description);
        let speech = self.table.speech(&words);
        if speech.known == 0 {
            return (None, None);
        }
        let shares = judge::probabilities(&speech.logits, self.table.judge.warmth);
        let most = most(&shares);
        if most == chapter {
            return (Some(0.0), None);
        }
        let single: Vec<&str> = words.single().map(|(word, _)| word).collect();
        let named = self.table.names_another(&words, chapter);
        let score = judge::score(&self.table, &self.headings, &shares, &single, (chapter, declared), named);
        let contradiction = (score >= self.threshold()).then(|| Contradiction {
            score,
            words: told(&speech, most, chapter),
            better: judge::best(&shares),
        });
        (Some(score), contradiction)
    }
}

/// The chapter with the largest share.
fn most(shares: &ByChapter) -> usize {
    shares.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0))).map_or(0, |(at, _)| at)
}

fn told(speech: &Speech, most: usize, declared: usize) -> String {
    format!(
        "the text speaks of {} (chapter {}), the code is of chapter {}",
        deciding(&speech.shares, most, declared),
        chapter_words(most),
        chapter_words(declared)
    )
}

/// The words that speak most for one chapter against the other, in the order
/// of their weight; a word of a pair that is named is not named again.
fn deciding(shares: &[Share], most: usize, declared: usize) -> String {
    let weight = |share: &Share| {
        share.weights.get(most).copied().unwrap_or_default()
            - share.weights.get(declared).copied().unwrap_or_default()
    };
    let mut order: Vec<(&str, f32)> =
        shares.iter().map(|share| (share.words.as_str(), weight(share))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let least = order.first().map_or(0.0, |first| first.1 / 4.0);
    let mut named: Vec<&str> = Vec::new();
    for (words, weight) in order {
        let again =
            named.iter().any(|other| other.split(' ').any(|word| words.split(' ').any(|w| w == word)));
        if weight > least.max(0.0) && !again && named.len() < 3 {
            named.push(words);
        }
    }
    if named.is_empty() {
        return "other goods".to_owned();
    }
    named.iter().map(|words| format!("\"{words}\"")).collect::<Vec<_>>().join(", ")
}

/// `85: Electrical machinery and equipment …`.
fn chapter_words(place: usize) -> String {
    let chapter = words::chapter(place);
    let text = Nomenclature::shipped().find(&chapter).map_or("", |(text, _)| text);
    let first = text.split(';').next().unwrap_or_default();
    let mut shown: String = first.chars().take(SHOWN).collect();
    if shown.len() < first.len() {
        shown.push('…');
    }
    format!("{chapter}: {shown}")
}

#[cfg(test)]
mod tests;
