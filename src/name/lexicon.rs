//! The tables of `rules/names/`, ready for use.

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};

use super::fold::{fold_text, fold_words};
use super::frequency::weight;
use super::misspelt::Misspelt;
use super::sound::{SoundRules, abjad};
use super::token::Key;

/// How a marker inside a name field divides it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum MarkerKind {
    /// Names stand on both sides.
    Link,
    /// What follows is no part of the name.
    Tail {
        /// What follows names somebody all the same.
        names_party: bool,
        /// Only when a number stands right before or after.
        needs_number: bool,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Marker {
    /// Folded words, at least one.
    pub words: Vec<String>,
    /// As written in the table: `c/o` needs its slash to be told from `c o`.
    pub kind: MarkerKind,
    pub say: Arc<str>,
}

/// The words of a legal form after its first, and the id of its group.
type LegalPhrase = (Vec<String>, Arc<str>);

/// All tables that turn a text into a name.
#[derive(Debug, Default)]
pub struct Lexicon {
    pub(super) sound: SoundRules,
    /// The same for the consonants that scripts without vowels write.
    consonants: SoundRules,
    /// Letters that another tradition of spelling reads differently.
    other_letters: Vec<(char, String)>,
    /// (beginning of a word, the words it stands for), longest first.
    compounds_before: Vec<(String, Vec<String>)>,
    /// (end of a word, the words it stands for), longest first.
    compounds_behind: Vec<(String, Vec<String>)>,
    /// Words that are written together with the next.
    articles: Vec<String>,
    /// First word → phrases (remaining words, group id), longest first.
    pub(super) legal: FxHashMap<String, Vec<LegalPhrase>>,
    /// Forms found written together with the name, longest first.
    pub(super) glued_before: Vec<String>,
    pub(super) glued_after: Vec<String>,
    pub(super) business: FxHashMap<String, Arc<str>>,
    pub(super) address_words: FxHashMap<String, Arc<str>>,
    pub(super) stop: FxHashSet<String>,
    pub(super) particle: FxHashSet<String>,
    /// The same of words from scripts without vowels.
    pub(super) particle_without_vowels: FxHashSet<String>,
    /// First word → phrases (all words), longest first.
    pub(super) places: FxHashMap<String, Vec<Vec<String>>>,
    pub(super) numbers: FxHashMap<String, Arc<str>>,
    pub(super) variants: FxHashMap<String, u32>,
    pub(super) markers: FxHashMap<String, Vec<Marker>>,
    pub(super) person_titles: FxHashMap<String, Vec<Vec<String>>>,
    pub(super) vessel_titles: FxHashMap<String, Vec<Vec<String>>>,
    pub(super) placeholders: FxHashSet<String>,
    frequency: FxHashMap<String, u32>,
    /// The same for names that are on no list.
    ordinary: FxHashMap<String, u32>,
    /// Consonants of the words of `frequency` → how many parties carry them.
    abjad_frequency: FxHashMap<String, u32>,
    /// How the words of `frequency` sound.
    known_sounds: FxHashSet<Key>,
    /// Business words and words of legal forms.
    misspelt: Misspelt,
    /// Beginnings of compound names.
    misspelt_compounds: Misspelt,
    /// Words of places.
    misspelt_places: Misspelt,
}

/// Shortest business word or legal form whose misspellings are recognised.
const MIN_MISSPELT: usize = 6;
/// The same of a word of a place: in a place of several words, and alone.
const MIN_MISSPELT_IN_PLACE: usize = 4;
const MIN_MISSPELT_PLACE: usize = 6;
/// Words of the longest place that is looked for.
const MAX_PLACE_WORDS: usize = 5;
/// Fewest letters that a compound leaves of its word.
const MIN_COMPOUND_REST: usize = 3;
/// Shortest part of words that were written together.
const MIN_PART: usize = 4;

/// The shipped tables: name and text.
const SHIPPED: [(&str, &str); 12] = [
    ("rules/names/address_words.toml", include_str!("../../rules/names/address_words.toml")),
    ("rules/names/business_words.toml", include_str!("../../rules/names/business_words.toml")),
    ("rules/names/compounds.toml", include_str!("../../rules/names/compounds.toml")),
    ("rules/names/fields.toml", include_str!("../../rules/names/fields.toml")),
    ("rules/names/frequency.toml", include_str!("../../rules/names/frequency.toml")),
    ("rules/names/legal_forms.toml", include_str!("../../rules/names/legal_forms.toml")),
    ("rules/names/numbers.toml", include_str!("../../rules/names/numbers.toml")),
    ("rules/names/ordinary.toml", include_str!("../../rules/names/ordinary.toml")),
    ("rules/names/place_words.toml", include_str!("../../rules/names/place_words.toml")),
    ("rules/names/small_words.toml", include_str!("../../rules/names/small_words.toml")),
    ("rules/names/sound.toml", include_str!("../../rules/names/sound.toml")),
    ("rules/names/variants.toml", include_str!("../../rules/names/variants.toml")),
];

impl Lexicon {
    /// The tables that come with the program.
    pub fn shipped() -> &'static Self {
        static SHIPPED_LEXICON: OnceLock<Lexicon> = OnceLock::new();
        SHIPPED_LEXICON.get_or_init(|| {
            let files = SHIPPED.map(|(name, text)| SourceFile::new(name, text));
            // That the shipped tables hold no mistake is held by a test.
            Self::load(&files, &mut Diagnostics::default())
        })
    }

    /// The texts of those tables, for whoever keeps what was read with them.
    pub fn shipped_texts() -> impl Iterator<Item = &'static str> {
        SHIPPED.into_iter().map(|(_, text)| text)
    }

    /// Reads tables. A file says by its keys what it holds; later files add to
    /// earlier ones. Mistakes are collected.
    pub fn load(files: &[SourceFile], out: &mut Diagnostics) -> Self {
        let mut lexicon = Self::default();
        let mut rewrites = [Vec::new(), Vec::new()];
        for file in files {
            let document = parse_toml(file, out);
            let mut table = Table::document(file, &document);
            lexicon.read(&mut table, &mut rewrites, out);
            table.pack(out);
            table.finish(out);
        }
        [lexicon.sound, lexicon.consonants] = rewrites.map(SoundRules::new);
        lexicon.finish();
        for phrases in lexicon.legal.values_mut() {
            phrases.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.cmp(b)));
        }
        for markers in lexicon.markers.values_mut() {
            markers.sort_by(|a, b| b.words.len().cmp(&a.words.len()).then(a.words.cmp(&b.words)));
        }
        for map in [&mut lexicon.places, &mut lexicon.person_titles, &mut lexicon.vessel_titles] {
            for phrases in map.values_mut() {
                phrases.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
                phrases.dedup();
            }
        }
        lexicon
    }

    /// The tables that follow from the others.
    fn finish(&mut self) {
        for (word, parties) in &self.frequency {
            let sound = self.sound.sound(word);
            self.known_sounds.insert(Key::of(&sound));
            let abjad = abjad(&self.consonants.sound(word));
            *self.abjad_frequency.entry(abjad).or_default() += parties;
        }
        let legal = self
            .legal
            .iter()
            .flat_map(|(first, rest)| std::iter::once(first).chain(rest.iter().flat_map(|(words, _)| words)));
        let long = |word: &&String| word.len() >= MIN_MISSPELT;
        self.misspelt = Misspelt::of(self.business.keys().chain(legal).filter(long));
        self.misspelt_compounds = Misspelt::of(self.compounds_before.iter().map(|(form, _)| form));
        let places = self.places.values().flatten().flatten();
        self.misspelt_places = Misspelt::of(places.filter(|word| word.len() >= MIN_MISSPELT_IN_PLACE));
    }

    fn read(
        &mut self,
        table: &mut Table<'_, '_>,
        rewrites: &mut [Vec<(String, String)>; 2],
        out: &mut Diagnostics,
    ) {
        for (key, rewrites) in ["rewrite", "consonants"].into_iter().zip(rewrites) {
            for mut rule in table.tables(key, out) {
                rewrites.push((rule.string("from", out), rule.string("to", out)));
                rule.finish(out);
            }
        }
        for mut rule in table.tables("other", out) {
            let from = rule.string("from", out);
            if let Some(letter) = from.chars().next() {
                self.other_letters.push((letter, rule.string("to", out)));
            }
            rule.finish(out);
        }
        for mut compound in table.tables("compound", out) {
            let words = compound.strings("words", out);
            for (key, list) in
                [("before", &mut self.compounds_before), ("behind", &mut self.compounds_behind)]
            {
                list.extend(compound.strings(key, out).into_iter().map(|form| (form, words.clone())));
                list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.cmp(b)));
            }
            compound.finish(out);
        }
        self.articles.extend(table.strings("articles", out));
        for mut form in table.tables("form", out) {
            let id: Arc<str> = form.string("id", out).into();
            for spelling in form.strings("spellings", out) {
                let mut words = fold_words(&spelling).words.into_iter();
                if let Some(first) = words.next() {
                    self.legal.entry(first).or_default().push((words.collect(), Arc::clone(&id)));
                }
            }
            form.finish(out);
        }
        for (key, forms) in [("glued_before", &mut self.glued_before), ("glued_after", &mut self.glued_after)]
        {
            forms.extend(table.strings(key, out));
            forms.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        }
        for (key, map) in [("words", &mut self.business), ("address_words", &mut self.address_words)] {
            for mut entry in table.tables(key, out) {
                let word: Arc<str> = fold_text(&entry.string("word", out)).into();
                for other in entry.strings("also", out) {
                    map.insert(fold_text(&other), Arc::clone(&word));
                }
                map.insert(word.to_string(), word);
                entry.finish(out);
            }
        }
        for mut entry in table.tables("numbers", out) {
            let number: Arc<str> = entry.string("number", out).into();
            for other in entry.strings("also", out) {
                self.numbers.insert(other, Arc::clone(&number));
            }
            entry.finish(out);
        }
        let ordinary = table.get("ordinary").and_then(|item| item.boolean(out)).unwrap_or(false);
        let frequency = if ordinary { &mut self.ordinary } else { &mut self.frequency };
        for mut band in table.tables("band", out) {
            let parties = band.opt_decimal("parties", out).and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
            for word in band.string("words", out).split_whitespace() {
                frequency.insert(word.to_owned(), parties);
            }
            band.finish(out);
        }
        for word in table.strings("stop", out) {
            self.stop.insert(word);
        }
        for word in table.strings("particle", out) {
            self.particle.insert(word);
        }
        for word in table.strings("particle_without_vowels", out) {
            self.particle_without_vowels.insert(word);
        }
        for key in ["cities", "countries", "branches"] {
            add_phrases(&mut self.places, table.strings(key, out));
        }
        let groups = table.get("groups").and_then(|item| item.array(out)).unwrap_or_default();
        for (group, item) in groups.into_iter().enumerate() {
            let id = u32::try_from(group).unwrap_or(u32::MAX);
            for word in item.strings(out) {
                self.variants.entry(word.to_owned()).or_insert(id);
            }
        }
        self.read_fields(table, out);
    }

    fn read_fields(&mut self, table: &mut Table<'_, '_>, out: &mut Diagnostics) {
        for mut link in table.tables("link", out) {
            let say = link.string("say", out);
            let words = link.strings("words", out);
            self.add_markers(&words, MarkerKind::Link, &say);
            link.finish(out);
        }
        for mut tail in table.tables("tail", out) {
            let words = tail.strings("words", out);
            let say = tail.opt_string("say", out).unwrap_or_default();
            let kind = MarkerKind::Tail {
                names_party: tail.opt_boolean("names_party", out).unwrap_or(false),
                needs_number: tail.opt_boolean("needs_number", out).unwrap_or(false),
            };
            self.add_markers(&words, kind, &say);
            tail.finish(out);
        }
        if let Some(mut titles) = table.get("titles").and_then(|item| item.table(out)) {
            add_phrases(&mut self.person_titles, titles.strings("person", out));
            add_phrases(&mut self.vessel_titles, titles.strings("vessel", out));
            titles.finish(out);
        }
        if let Some(mut placeholder) = table.get("placeholder").and_then(|item| item.table(out)) {
            for words in placeholder.strings("words", out) {
                self.placeholders.insert(fold_text(&words));
            }
            placeholder.finish(out);
        }
    }

    fn add_markers(&mut self, spellings: &[String], kind: MarkerKind, say: &str) {
        for spelling in spellings {
            let words = fold_words(spelling).words;
            if let Some(first) = words.first() {
                let marker = Marker { words: words.clone(), kind, say: say.into() };
                self.markers.entry(first.clone()).or_default().push(marker);
            }
        }
    }

    /// How much a word tells, by how many names carry it, on lists or off them,
    /// whichever is more: above 0, at most 1.
    #[must_use]
    pub fn word_weight(&self, word: &str) -> f32 {
        let parties = |table: &FxHashMap<String, u32>| table.get(word).copied().unwrap_or(1);
        weight(parties(&self.frequency).max(parties(&self.ordinary)))
    }

    /// The spelling of a word by sound.
    #[must_use]
    pub fn sound(&self, word: &str) -> String {
        self.sound.sound(word)
    }

    /// What scripts without vowels leave of a word.
    pub(super) fn abjad(&self, word: &str) -> String {
        abjad(&self.consonants.sound(word))
    }

    /// The spelling by sound for a reader of another tradition; empty where it
    /// is the same.
    pub(super) fn other_sound(&self, word: &str, sound: &str) -> Key {
        if !word.contains(|c| self.other_letters.iter().any(|(letter, _)| *letter == c)) {
            return Key::default();
        }
        let mut text = String::with_capacity(word.len() + 4);
        let mut letters = word.chars().peekable();
        while let Some(c) = letters.next() {
            // `ch` and `zh` are read alike everywhere.
            let digraph = letters.peek() == Some(&'h');
            match self.other_letters.iter().find(|(letter, _)| *letter == c && !digraph) {
                Some((_, to)) => text.push_str(to),
                None => text.push(c),
            }
        }
        let other = self.sound.sound(&text);
        if other == sound { Key::default() } else { Key::of(&other) }
    }

    /// A compound name as the words it is made of, with the piece of the word
    /// that each stands for: (word, as written).
    pub(super) fn compound<'l>(&'l self, word: &'l str) -> Option<Vec<(&'l str, &'l str)>> {
        let longest = |list: &'l [(String, Vec<String>)], fits: &dyn Fn(&str) -> bool| {
            list.iter().find(|(form, _)| word.len() >= form.len() + MIN_COMPOUND_REST && fits(form))
        };
        if let Some((form, words)) = longest(&self.compounds_behind, &|form| word.ends_with(form)) {
            let (rest, end) = word.split_at_checked(word.len() - form.len())?;
            let mut parts = self.compound(rest).unwrap_or_else(|| vec![(rest, rest)]);
            parts.extend(words.iter().enumerate().map(|(i, w)| (w.as_str(), if i == 0 { end } else { "" })));
            return Some(parts);
        }
        let (form, words) = longest(&self.compounds_before, &|form| word.starts_with(form))?;
        let (start, rest) = word.split_at_checked(form.len())?;
        let mut parts: Vec<_> =
            words.iter().enumerate().map(|(i, w)| (w.as_str(), if i == 0 { start } else { "" })).collect();
        parts.push((rest, rest));
        Some(parts)
    }

    /// The weight of a word of which only the consonants are known.
    pub(super) fn abjad_weight(&self, abjad: &str) -> f32 {
        weight(self.abjad_frequency.get(abjad).copied().unwrap_or(1))
    }

    /// The business word or word of a legal form that a word misspells by one
    /// letter, if it is no name that the lists know.
    pub(super) fn respell(&self, word: &str) -> Option<&str> {
        if word.len() < MIN_MISSPELT
            || self.frequency.contains_key(word)
            || self.business.contains_key(word)
            || self.legal.contains_key(word)
            || self.places.contains_key(word)
        {
            return None;
        }
        self.misspelt.find(word).next()
    }

    /// How many words at the end name a place, the longest that does. One of
    /// them may have a letter wrong, if it has four letters beside a right one,
    /// or six behind two other words.
    pub(super) fn place_at_end(&self, words: &[String]) -> Option<usize> {
        let is_place = |words: &[String]| phrase_at(&self.places, words) == Some(words.len());
        let from = words.len().saturating_sub(MAX_PLACE_WORDS);
        let near: Vec<Vec<&str>> = words[from..]
            .iter()
            .map(|word| {
                let long = word.len() >= MIN_MISSPELT_IN_PLACE;
                if long { self.misspelt_places.find(word).collect() } else { Vec::new() }
            })
            .collect();
        (1..=near.len()).rev().find(|&length| {
            let (tail, near) = (&words[words.len() - length..], &near[near.len() - length..]);
            let least = match length {
                1 if words.len() > 2 => MIN_MISSPELT_PLACE,
                1 => usize::MAX,
                _ => MIN_MISSPELT_IN_PLACE,
            };
            let meant = near.iter().enumerate().filter(|(at, _)| tail[*at].len() >= least);
            let mut meant = meant.flat_map(|(at, known)| known.iter().map(move |known| (at, *known)));
            is_place(tail)
                || meant.any(|(at, known)| {
                    let mut corrected = tail.to_vec();
                    known.clone_into(&mut corrected[at]);
                    is_place(&corrected)
                })
        })
    }

    /// A word that is the beginning of a compound name and stands alone, as the
    /// words it stands for: `Abdul Rahman` is `Abd al-Rahman`. It may have a letter
    /// wrong.
    pub(super) fn compound_alone(&self, word: &str) -> Option<&[String]> {
        let words = |word: &str| self.compounds_before.iter().find(|(form, _)| form == word);
        let meant = || self.misspelt_compounds.find(word).next().and_then(words);
        let unknown = || !self.is_known(word, false) && !self.variants.contains_key(word);
        words(word).or_else(|| if unknown() { meant() } else { None }).map(|(_, words)| words.as_slice())
    }

    /// A word that the lists do not know, as an article and one that they do.
    pub(super) fn article<'w>(&self, word: &'w str) -> Option<(&'w str, &'w str)> {
        let (article, rest) =
            self.articles.iter().find_map(|article| Some((article, word.strip_prefix(article.as_str())?)))?;
        let splits = rest.len() >= MIN_PART
            && self.frequency.contains_key(rest)
            && !self.is_known(word, false)
            && !self.variants.contains_key(word);
        splits.then(|| word.split_at_checked(article.len())).flatten()
    }

    /// A word that the lists do not know, as two or three that they do.
    pub(super) fn known_parts<'w>(&self, word: &'w str, person: bool) -> Option<Vec<&'w str>> {
        // `soleiman` is a spelling of a name, and no `sole` and `iman`.
        if word.len() < 2 * MIN_PART
            || self.is_known(word, person)
            || self.variants.contains_key(word)
            || self.known_sounds.contains(&Key::of(&self.sound(word)))
        {
            return None;
        }
        let splits = |word: &'w str| {
            (MIN_PART..(word.len() + 1).saturating_sub(MIN_PART))
                .rev()
                .filter_map(move |at| word.split_at_checked(at))
        };
        splits(word)
            .find(|(head, tail)| self.is_known(head, person) && self.is_known(tail, person))
            .map(|(head, tail)| vec![head, tail])
            .or_else(|| {
                splits(word).filter(|(head, _)| self.is_known(head, person)).find_map(|(head, rest)| {
                    splits(rest)
                        .find(|(middle, tail)| self.is_known(middle, person) && self.is_known(tail, person))
                        .map(|(middle, tail)| vec![head, middle, tail])
                })
            })
    }

    fn is_known(&self, word: &str, person: bool) -> bool {
        self.frequency.contains_key(word)
            || (!person && (self.business.contains_key(word) || self.legal.contains_key(word)))
    }

    /// A word that has a legal form written together with it, as the two.
    pub(super) fn unglue<'w>(&self, word: &'w str) -> Option<(&'w str, &'w str)> {
        if word.len() < 8 || self.frequency.contains_key(word) {
            return None;
        }
        let before = self.glued_before.iter().find(|form| word.starts_with(form.as_str()));
        if let Some((head, rest)) = before.and_then(|form| word.split_at_checked(form.len()))
            && rest.len() >= 5
        {
            return Some((head, rest));
        }
        let after = self.glued_after.iter().find(|form| word.ends_with(form.as_str()))?;
        word.split_at_checked(word.len() - after.len()).filter(|(head, _)| head.len() >= 5)
    }

    /// Whether a text is one of the words that stand where a name should, such
    /// as `TO ORDER` or `N/A`.
    #[must_use]
    pub fn is_placeholder(&self, text: &str) -> bool {
        self.placeholders.contains(&fold_text(text))
    }
}

fn add_phrases(map: &mut FxHashMap<String, Vec<Vec<String>>>, phrases: Vec<String>) {
    for phrase in phrases {
        let words = fold_words(&phrase).words;
        if let Some(first) = words.first() {
            map.entry(first.clone()).or_default().push(words);
        }
    }
}

/// The length of the longest of `phrases` that `words` begins with.
pub(super) fn phrase_at(map: &FxHashMap<String, Vec<Vec<String>>>, words: &[String]) -> Option<usize> {
    let phrases = map.get(words.first()?)?;
    phrases.iter().find(|phrase| words.starts_with(phrase)).map(Vec::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_tables_hold_no_mistake() {
        let files = SHIPPED.map(|(name, text)| SourceFile::new(name, text));
        let mut out = Diagnostics::default();
        let lexicon = Lexicon::load(&files, &mut out);
        assert!(out.is_empty(), "{:?}", out.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(lexicon.legal.len() > 100 && lexicon.business.len() > 300 && lexicon.places.len() > 300);
    }

    #[test]
    fn romanisations_of_one_name_sound_the_same() {
        let lexicon = Lexicon::shipped();
        for group in [
            ["shcherbakov", "schtscherbakow", "shherbakov"].as_slice(),
            &["zhuravlyov", "zhuravliov"],
            &["khuseynov", "huseinov"],
            &["yushchenko", "juschtschenko"],
            &["dmitriy", "dmitri", "dmitrij"],
            &["qadhafi", "kadafi", "qadafi"],
        ] {
            let sounds: Vec<_> = group.iter().map(|word| lexicon.sound(word)).collect();
            assert!(sounds.windows(2).all(|pair| pair[0] == pair[1]), "{group:?} {sounds:?}");
        }
    }

    /// What the tables make of names in which each kind of entry occurs.
    fn reading(lexicon: &Lexicon) -> String {
        use crate::name::{Name, split_field};
        use crate::trade::PartyKind::{Organization, Person, Vessel};
        let names = [
            (Organization, "Quorvex Trdg Co of Shanghai Branch Malaysia Two Ltd"),
            (Organization, "JSCQUORVEXPLANT and QUORVEXPLANTLTD"),
            (Organization, "c/o Quorvex, attn Mr Smith"),
            (Organization, "ElAqsa"),
            (Organization, "Quorvex d/b/a Zolmer (formerly Tarn) tel 5551234"),
            (Person, "Mr Nurullah Mohd al-Schtscherbakow Xhang"),
            (Person, "نور بن ثاقب"),
            (Vessel, "M/V QUORVEX STAR"),
        ];
        let mut text = String::new();
        for (kind, name) in names {
            for part in split_field(lexicon, name) {
                text.push_str(&format!("{part:?} {:?}\n", Name::parse(lexicon, &part.text, kind).tokens));
            }
        }
        let address = Name::parse_address(lexicon, "12 Jalan Besar St");
        format!("{text}{:?} {}", address.tokens, lexicon.is_placeholder("TO ORDER"))
    }

    #[test]
    fn each_kind_of_entry_in_the_tables_has_an_effect() {
        let whole = reading(Lexicon::shipped());
        let mut kinds = 0;
        for (name, text) in SHIPPED {
            let table: toml::Table = text.parse().unwrap();
            for key in table.keys().filter(|key| !["pack", "ordinary"].contains(&key.as_str())) {
                let mut without = table.clone();
                without.remove(key);
                let files = SHIPPED.map(|(other, text)| {
                    let text = if other == name { without.to_string() } else { text.to_owned() };
                    SourceFile::new(other, text)
                });
                let lexicon = Lexicon::load(&files, &mut Diagnostics::default());
                assert_ne!(reading(&lexicon), whole, "`{key}` of {name} changes nothing");
                kinds += 1;
            }
        }
        assert!(kinds >= 20, "{kinds}");
    }
}
