//! Many short texts in one, told apart by where they begin.
//!
//! Knows nothing of what they say.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::bytes::{Reader, Writer};

/// Texts by number.
#[derive(Debug)]
pub(super) struct Texts {
    text: String,
    /// Where each begins; the last one is the end.
    starts: Vec<u32>,
}

impl Default for Texts {
    fn default() -> Self {
        Self { text: String::new(), starts: vec![0] }
    }
}

impl Texts {
    /// Adds a text made of pieces; its number.
    pub fn add<'t>(&mut self, pieces: impl IntoIterator<Item = &'t str>) -> u32 {
        let number = self.len();
        pieces.into_iter().for_each(|piece| self.text.push_str(piece));
        self.starts.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        u32::try_from(number).unwrap_or(u32::MAX)
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The text of a number; empty if there is none.
    pub fn get(&self, number: usize) -> &str {
        self.range(number).and_then(|range| self.text.get(range)).unwrap_or_default()
    }

    fn range(&self, number: usize) -> Option<Range<usize>> {
        Some(*self.starts.get(number)? as usize..*self.starts.get(number + 1)? as usize)
    }

    /// Gives back what was reserved for more texts.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.starts.shrink_to_fit();
    }

    /// Whether all of them are ASCII.
    pub fn are_ascii(&self) -> bool {
        self.text.is_ascii()
    }

    pub fn save(&self, out: &mut Writer) {
        out.text(&self.text);
        out.u32s(self.starts.iter().copied());
    }

    pub fn load(reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.text()?.to_owned();
        Self::from_parts(text, reader.u32s()?)
    }

    /// Texts, if their beginnings are in order and between letters.
    fn from_parts(text: String, starts: Vec<u32>) -> Option<Self> {
        let fits = starts.first() == Some(&0)
            && starts.last().is_some_and(|end| *end as usize == text.len())
            && starts.is_sorted()
            && (text.is_ascii() || starts.iter().all(|at| text.is_char_boundary(*at as usize)));
        fits.then_some(Self { text, starts })
    }
}

/// Texts of which each stands once, while they are gathered.
#[derive(Debug, Default)]
pub(super) struct DistinctTexts {
    pub texts: Texts,
    numbers: FxHashMap<Box<str>, u32>,
}

impl DistinctTexts {
    /// Texts to which none is added any more.
    pub fn of(texts: Texts) -> Self {
        Self { texts, numbers: FxHashMap::default() }
    }

    /// The number of a text, which is added if it is new.
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = self.texts.add([text]);
        self.numbers.insert(text.into(), number);
        number
    }

    /// Forgets what is only needed for adding.
    pub fn finish(&mut self) {
        self.numbers = FxHashMap::default();
        self.texts.shrink();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_were_added() {
        let mut texts = DistinctTexts::default();
        let numbers = ["über", "", "ab", "über"].map(|text| texts.number(text));
        assert_eq!(numbers, [0, 1, 2, 0]);
        assert_eq!(texts.texts.add(["a", "ö"]), 3);
        let all = |texts: &Texts| (0..5).map(|i| texts.get(i).to_owned()).collect::<Vec<_>>();
        assert_eq!(all(&texts.texts), ["über", "", "ab", "aö", ""]);
        let mut saved = Writer::default();
        texts.texts.save(&mut saved);
        let text = &texts.texts.text;
        let saved = Texts::load(&mut Reader::new(&saved.bytes)).unwrap();
        assert_eq!(all(&saved), all(&texts.texts));
        // Within a letter, not in order, beyond the end, none at all.
        for starts in [vec![0, 1, 10], vec![0, 5, 2, 10], vec![0, 11], vec![], vec![2, 10]] {
            assert!(Texts::from_parts(text.to_owned(), starts).is_none());
        }
    }
}
