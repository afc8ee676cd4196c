//! What words speak of: for each word the chapters it is for or against, as
//! fitted by `benches/fit/tariff.py`.
//!
//! Knows words, pairs of words, and pieces of words it does not know; not the
//! order of words nor what a sentence says.

use rustc_hash::FxHashMap;

use super::text::{Words, is_vague};

/// Where the weights stand; the head of the file tells its form.
pub(super) const FILE: &str = "rules/goods/tariff/words.tsv";

/// Chapters of the Harmonized System with goods: 1 to 97 without 77.
pub(super) const CHAPTERS: usize = 96;

pub(super) type ByChapter = [f32; CHAPTERS];

/// Letters that the ending of a case or a plural is made of.
const ENDINGS: [char; 11] = ['a', 'e', 'i', 'o', 'u', 'y', 'h', 'm', 'n', 's', 'v'];

/// What a word that is the head counts for.
const HEAD: f32 = 1.6;

/// Weights of a word or a piece of one, still packed.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// How much the word says, 0 to 1.
    scale: f32,
    /// Three letters a chapter: its two digits and the weight.
    packed: &'static [u8],
}

/// How a judgement of text and code is made up.
#[derive(Clone, Debug, Default)]
pub(super) struct Judge {
    pub(super) warmth: f32,
    pub(super) threshold: f32,
    pub(super) base: f32,
    pub(super) by_feature: [f32; super::judge::FEATURES],
}

/// The table as read.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) base: ByChapter,
    /// How many goods are of each chapter, as a share.
    pub(super) prior: ByChapter,
    /// Row: chapter the text speaks of; column: chapter the goods are of.
    pub(super) near: Vec<ByChapter>,
    pub(super) judge: Judge,
    step: f32,
    /// What the name of a priority good of another chapter adds to the odds.
    pub(super) named: f32,
    /// What a text of technical goods with the code of others adds to them, and
    /// the share from which a text is one.
    pub(super) technical: f32,
    pub(super) technical_from: f32,
    names: Names,
    entries: FxHashMap<&'static str, Entry>,
}

/// Names of priority goods, each with the chapters it goes under.
#[derive(Clone, Debug, Default)]
struct Names {
    /// First word → the words after it, and the chapters.
    by_first: FxHashMap<&'static str, Vec<Name>>,
}

#[derive(Clone, Debug)]
struct Name {
    more: Vec<&'static str>,
    of: Vec<usize>,
}

impl Names {
    fn add(&mut self, phrase: &'static str, of: &'static str) {
        let mut words = phrase.split(' ');
        let Some(first) = words.next() else { return };
        let of = of.split(' ').filter_map(|chapter| place(chapter.as_bytes())).collect();
        self.by_first.entry(first).or_default().push(Name { more: words.collect(), of });
    }

    /// The chapters of every name that stands in the words.
    fn find<'a>(&'a self, words: &'a [String]) -> impl Iterator<Item = &'a [usize]> + 'a {
        words.iter().enumerate().flat_map(move |(at, word)| {
            let after = words.get(at + 1..).unwrap_or_default();
            self.by_first.get(stem(word)).into_iter().flatten().filter_map(move |name| {
                let stands = name.more.len() <= after.len()
                    && name.more.iter().zip(after).all(|(expected, word)| *expected == stem(word));
                stands.then_some(name.of.as_slice())
            })
        })
    }
}

/// A word without the ending of a case or a plural, as names are compared.
fn stem(word: &str) -> &str {
    let mut stem = word;
    while stem.len() > 5
        && let Some(shorter) = stem.strip_suffix(['a', 'e', 'i', 'o', 'u', 'y', 'n', 's', 'j'])
    {
        stem = shorter;
    }
    stem
}

/// What one word or pair of words adds.
#[derive(Debug)]
pub(super) struct Share {
    /// As in the description, in lower case.
    pub(super) words: String,
    pub(super) weights: ByChapter,
}

/// What a description speaks of.
#[derive(Debug)]
pub(super) struct Speech {
    pub(super) logits: ByChapter,
    /// Words of three letters and more, and pairs, that are in the table.
    pub(super) known: usize,
    pub(super) shares: Vec<Share>,
}

/// The place of a chapter, by its two digits.
pub(super) fn place(chapter: &[u8]) -> Option<usize> {
    let &[tens, ones] = chapter else { return None };
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return None;
    }
    match usize::from(tens - b'0') * 10 + usize::from(ones - b'0') {
        n @ 1..=76 => Some(n - 1),
        n @ 78..=97 => Some(n - 2),
        _ => None,
    }
}

/// The two digits of the chapter at a place.
pub(super) fn chapter(place: usize) -> String {
    format!("{:02}", if place < 76 { place + 1 } else { place + 2 })
}

impl Table {
    pub(super) fn read(text: &'static str) -> Self {
        let mut table = Self {
            base: [0.0; CHAPTERS],
            prior: [0.0; CHAPTERS],
            near: vec![[0.0; CHAPTERS]; CHAPTERS],
            judge: Judge::default(),
            step: 0.0,
            named: 0.0,
            technical: 0.0,
            technical_from: 1.0,
            names: Names::default(),
            entries: FxHashMap::with_capacity_and_hasher(text.len() / 20, rustc_hash::FxBuildHasher),
        };
        for line in text.lines().filter(|line| !line.starts_with("# ")) {
            let mut cells = line.split('\t');
            let Some(first) = cells.next() else { continue };
            if let Some(key) = first.strip_prefix('@') {
                table.read_parameter(key, cells);
            } else if let (Some(scale), Some(packed)) = (cells.next(), cells.next()) {
                let scale = scale.parse::<f32>().unwrap_or_default() / 100.0;
                table.entries.insert(first, Entry { scale, packed: packed.as_bytes() });
            }
        }
        table
    }

    fn read_parameter(&mut self, key: &str, mut cells: std::str::Split<'static, char>) {
        let mut number = || cells.next().and_then(|cell| cell.parse::<f32>().ok()).unwrap_or_default();
        match key {
            "step" => self.step = number(),
            "warmth" => self.judge.warmth = number(),
            "threshold" => self.judge.threshold = number(),
            "base" => self.judge.base = number(),
            "named" => self.named = number(),
            "technical" => self.technical = number(),
            "technical_from" => self.technical_from = number(),
            "name" => {
                if let (Some(phrase), Some(of)) = (cells.next(), cells.next()) {
                    self.names.add(phrase, of);
                }
            }
            _ => {
                if let Some(chapter) = key.strip_prefix("chapter ").and_then(|c| place(c.as_bytes())) {
                    let (base, prior) = (number(), number());
                    set(&mut self.base, chapter, base);
                    set(&mut self.prior, chapter, prior);
                } else if let Some(chapter) = key.strip_prefix("near ").and_then(|c| place(c.as_bytes())) {
                    self.read_near(chapter, cells);
                } else if let Some(at) = super::judge::KEYS.iter().position(|known| *known == key)
                    && let Some(slot) = self.judge.by_feature.get_mut(at)
                {
                    *slot = number();
                }
            }
        }
    }

    /// The rest that goes by the share of each chapter, then `85=0.2` and so on.
    fn read_near(&mut self, chapter: usize, mut cells: std::str::Split<'static, char>) {
        let Some(row) = self.near.get_mut(chapter) else { return };
        let rest = cells.next().and_then(|cell| cell.parse::<f32>().ok()).unwrap_or_default();
        for (slot, prior) in row.iter_mut().zip(&self.prior) {
            *slot = rest * prior;
        }
        for (chapter, share) in cells.filter_map(|cell| cell.split_once('=')) {
            if let Some(slot) = place(chapter.as_bytes()).and_then(|at| row.get_mut(at)) {
                *slot += share.parse::<f32>().unwrap_or_default();
            }
        }
    }

    /// How much a word says, 0 to 1; a word that is not known might say all.
    pub(super) fn scale(&self, word: &str) -> f32 {
        self.entries.get(word).map_or(1.0, |entry| entry.scale)
    }

    /// Whether the text names a priority good, and none that goes under the
    /// chapter.
    pub(super) fn names_another(&self, words: &Words, chapter: usize) -> bool {
        let mut found = self.names.find(&words.all).peekable();
        found.peek().is_some() && !found.flatten().any(|of| *of == chapter)
    }

    /// The entry of a word, or of what it is without the ending of a case or a
    /// plural.
    fn find(&self, word: &str) -> Option<Entry> {
        if let Some(entry) = self.entries.get(word) {
            return Some(*entry);
        }
        if word.len() < 6 || !word.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        let mut stem = word;
        for _ in 0..3 {
            stem = stem.strip_suffix(ENDINGS)?;
            if stem.len() < 5 {
                return None;
            }
            if let Some(entry) = self.entries.get(stem) {
                return Some(*entry);
            }
        }
        None
    }

    fn add(&self, entry: Entry, times: f32, to: &mut ByChapter) {
        for weight in entry.packed.chunks_exact(3) {
            if let (Some(at), Some(&steps)) = (weight.get(..2).and_then(place), weight.get(2))
                && let Some(slot) = to.get_mut(at)
            {
                *slot += times * self.step * (f32::from(steps) - 80.0);
            }
        }
    }

    /// The pieces of three to five letters of a word that is not known.
    fn add_pieces(&self, word: &str, scale: f32, to: &mut ByChapter) -> bool {
        let marked = format!("#<{word}>");
        let letters = marked.len() - 1;
        if letters < 5 {
            return false;
        }
        let pieces = 3 * letters - 9;
        let times = scale / (f32::from(u16::try_from(pieces).unwrap_or(u16::MAX))).sqrt();
        let mut any = false;
        let mut piece = String::with_capacity(6);
        for length in 3..=5 {
            for from in 1..=(letters + 1).saturating_sub(length) {
                piece.clear();
                piece.push('#');
                piece.push_str(marked.get(from..from + length).unwrap_or_default());
                if let Some(entry) = self.entries.get(piece.as_str()) {
                    self.add(*entry, times, to);
                    any = true;
                }
            }
        }
        any
    }

    /// What a description speaks of.
    pub(super) fn speech(&self, words: &Words) -> Speech {
        let mut speech =
            Speech { logits: self.base, known: 0, shares: Vec::with_capacity(words.all.len() * 2) };
        let mut total = 0.0;
        for (word, head) in words.single() {
            let mut weights = [0.0; CHAPTERS];
            let entry = self.find(word);
            if entry.is_none() && word.bytes().any(|b| b.is_ascii_digit()) {
                // A part number or a size: it says nothing of the goods.
                continue;
            }
            let scale = entry.map_or(1.0, |entry| entry.scale) * if head { HEAD } else { 1.0 };
            total += scale * scale;
            let any = if let Some(entry) = entry {
                speech.known += usize::from(word.len() >= 3 && !is_vague(word));
                self.add(entry, scale, &mut weights);
                true
            } else {
                self.add_pieces(word, scale, &mut weights)
            };
            if any {
                speech.shares.push(Share { words: word.to_owned(), weights });
            }
        }
        for pair in words.pairs() {
            let Some(entry) = self.entries.get(pair.as_str()) else { continue };
            let mut weights = [0.0; CHAPTERS];
            self.add(*entry, 1.0, &mut weights);
            speech.known += usize::from(pair.split(' ').any(|word| !is_vague(word)));
            speech.shares.push(Share { words: pair, weights });
        }
        let length = if total > 0.0 { total.sqrt() } else { 1.0 };
        for share in &mut speech.shares {
            for (weight, logit) in share.weights.iter_mut().zip(&mut speech.logits) {
                *weight /= length;
                *logit += *weight;
            }
        }
        speech
    }
}

fn set(numbers: &mut ByChapter, at: usize, to: f32) {
    if let Some(slot) = numbers.get_mut(at) {
        *slot = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chapter_has_a_place_and_back() {
        for at in 0..CHAPTERS {
            assert_eq!(place(chapter(at).as_bytes()), Some(at));
        }
        for none in ["00", "77", "98", "99", "x1", "8"] {
            assert_eq!(place(none.as_bytes()), None, "{none}");
        }
    }

    #[test]
    fn the_shipped_table_is_whole() {
        let text = crate::shipped::text(FILE);
        assert!(text.len() <= 1_500_000, "{} bytes", text.len());
        let table = Table::read(text);
        assert!(table.entries.len() > 20_000, "{}", table.entries.len());
        assert!((table.prior.iter().sum::<f32>() - 1.0).abs() < 0.01);
        for row in &table.near {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 0.05);
        }
        assert!((0.5..1.0).contains(&table.judge.threshold));
        for (word, entry) in &table.entries {
            assert!(entry.packed.len() % 3 == 0 && entry.packed.iter().all(u8::is_ascii_graphic), "{word}");
            assert!(entry.packed.chunks(3).all(|w| place(&w[..2]).is_some()), "{word}");
        }
    }
}
