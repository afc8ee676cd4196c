//! Countries by code, by name in many languages, by former name, and by
//! careful correction of a misspelling.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};
use crate::name::fold_text;
use crate::trade::CountryCode;

/// What a text says about a country.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CountryMatch {
    /// A code or a name that stands in the table.
    Exact(CountryCode),
    /// Read by correcting it; the words say what was taken.
    Corrected(CountryCode, String),
    /// Stands for more than one country; the words say which.
    Ambiguous(String),
    Unknown,
}

impl CountryMatch {
    /// The country, however it was found.
    #[must_use]
    pub fn code(&self) -> Option<CountryCode> {
        match self {
            Self::Exact(code) | Self::Corrected(code, _) => Some(*code),
            Self::Ambiguous(_) | Self::Unknown => None,
        }
    }
}

/// The table of `rules/places/countries.toml`.
#[derive(Debug, Default)]
pub struct CountryNames {
    /// In the order of the table: code and English name.
    english: Vec<(CountryCode, String)>,
    /// Folded name or code → country, and whether it is a misspelling.
    names: FxHashMap<String, (CountryCode, bool)>,
    ambiguous: FxHashMap<String, String>,
    /// The names that a misspelling may mean, by their length.
    correctable: Vec<Vec<Correctable>>,
}

/// A name that is long enough for a misspelling of it to be corrected.
#[derive(Debug)]
struct Correctable {
    name: String,
    code: CountryCode,
    letters: u32,
}

/// Shortest name that is corrected, in letters. Below, Mali and Malawi, Niger
/// and Nigeria, Iran and Iraq come too near.
const SHORTEST_CORRECTED: usize = 7;

impl CountryNames {
    /// The table that comes with the program.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<CountryNames> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let text = include_str!("../../rules/places/countries.toml");
            // That the shipped table holds no mistake is held by a test.
            Self::load(&SourceFile::new("rules/places/countries.toml", text), &mut Diagnostics::default())
        })
    }

    /// Reads a table; mistakes are collected.
    pub fn load(file: &SourceFile, out: &mut Diagnostics) -> Self {
        let document = parse_toml(file, out);
        let mut table = Table::document(file, &document);
        let mut countries = Self::default();
        table.pack(out);
        for mut entry in table.tables("ambiguous", out) {
            let name = fold_text(&entry.string("name", out));
            let reason = entry.string("reason", out);
            countries.ambiguous.insert(name, reason);
            entry.finish(out);
        }
        for mut country in table.tables("country", out) {
            countries.read(&mut country, out);
            country.finish(out);
        }
        table.finish(out);
        countries.list_correctable();
        countries
    }

    fn list_correctable(&mut self) {
        for (name, (code, _)) in &self.names {
            if name.len() >= SHORTEST_CORRECTED - 1 {
                if self.correctable.len() <= name.len() {
                    self.correctable.resize_with(name.len() + 1, Vec::new);
                }
                if let Some(of_length) = self.correctable.get_mut(name.len()) {
                    of_length.push(Correctable { name: name.clone(), code: *code, letters: letters(name) });
                }
            }
        }
    }

    fn read(&mut self, country: &mut Table<'_, '_>, out: &mut Diagnostics) {
        let Some(item) = country.require("code", out) else { return };
        let Some(code) = item.string(out).and_then(CountryCode::new) else {
            out.push(item.error("a country code has two letters"));
            return;
        };
        let english = country.string("name", out);
        let codes = [country.string("alpha3", out), country.string("numeric", out), code.to_string()];
        let names = country.strings("names", out);
        for name in codes.iter().chain([&english]).chain(&names) {
            self.add(name, code, false);
        }
        for name in country.strings("misspelt", out) {
            self.add(&name, code, true);
        }
        self.english.push((code, english));
    }

    fn add(&mut self, name: &str, code: CountryCode, misspelt: bool) {
        let folded = fold_text(name);
        if !folded.is_empty() && !self.ambiguous.contains_key(&folded) {
            self.names.entry(folded).or_insert((code, misspelt));
        }
    }

    /// The English name of a country.
    #[must_use]
    pub fn english(&self, code: CountryCode) -> Option<&str> {
        self.english.iter().find(|(other, _)| *other == code).map(|(_, name)| name.as_str())
    }

    /// Every country with its English name.
    pub fn all(&self) -> impl Iterator<Item = (CountryCode, &str)> {
        self.english.iter().map(|(code, name)| (*code, name.as_str()))
    }

    /// The country a text names.
    #[must_use]
    pub fn resolve(&self, text: &str) -> CountryMatch {
        let text = text.trim();
        let folded = fold_text(text);
        if folded.is_empty() {
            return CountryMatch::Unknown;
        }
        if let Some(reason) = self.ambiguous.get(&folded) {
            return CountryMatch::Ambiguous(format!("\"{text}\" may be {reason}"));
        }
        if let Some(&(code, misspelt)) = self.names.get(&folded) {
            return if misspelt { self.corrected(text, code) } else { CountryMatch::Exact(code) };
        }
        // "Malaysia (MY)", "MY - Malaysia", "Republic of Malaysia"
        if let Some(code) = self.by_parts(text, &folded) {
            return CountryMatch::Exact(code);
        }
        self.nearest(text, &folded)
    }

    /// A code and a name side by side that say the same; or a name after
    /// "Republic of" and the like.
    fn by_parts(&self, text: &str, folded: &str) -> Option<CountryCode> {
        let mut found: Option<CountryCode> = None;
        let parts: Vec<&str> = text
            .split(['(', ')', '-', '/', ',', ':', '|'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        if parts.len() == 2 {
            for part in &parts {
                let (code, _) = *self.names.get(&fold_text(part))?;
                if found.is_some_and(|other| other != code) {
                    return None;
                }
                found = Some(code);
            }
            return found;
        }
        let rest = ["republic of the ", "republic of ", "kingdom of ", "state of ", "the "]
            .iter()
            .find_map(|prefix| folded.strip_prefix(prefix))?;
        if self.ambiguous.contains_key(rest) {
            return None;
        }
        self.names.get(rest).map(|(code, _)| *code)
    }

    fn corrected(&self, text: &str, code: CountryCode) -> CountryMatch {
        let name = self.english(code).unwrap_or_default();
        CountryMatch::Corrected(code, format!("\"{text}\" is read as {name} ({code})"))
    }

    /// The one country whose name is a letter away (two in long names); none if
    /// two countries are as near, or the name is short.
    fn nearest(&self, text: &str, folded: &str) -> CountryMatch {
        let length = folded.len();
        if length < SHORTEST_CORRECTED || !folded.is_ascii() {
            return CountryMatch::Unknown;
        }
        let allowed = if length >= 10 { 2 } else { 1 };
        let of_text = letters(folded);
        let lengths = length - allowed..=length + allowed;
        let mut found: Option<CountryCode> = None;
        for other in lengths.filter_map(|length| self.correctable.get(length)).flatten() {
            // A changed letter is another one in both.
            if (of_text ^ other.letters).count_ones() as usize > 2 * allowed
                || strsim::osa_distance(folded, &other.name) > allowed
            {
                continue;
            }
            if found.is_some_and(|code| code != other.code) {
                // Another country within reach: too risky to choose.
                return CountryMatch::Unknown;
            }
            found = Some(other.code);
        }
        found.map_or(CountryMatch::Unknown, |code| self.corrected(text, code))
    }
}

/// The letters of a folded name, a bit each; what is no letter shares one.
fn letters(folded: &str) -> u32 {
    folded
        .bytes()
        .fold(0, |letters, byte| letters | 1 << if byte.is_ascii_lowercase() { byte - b'a' } else { 26 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<String> {
        CountryNames::shipped().resolve(text).code().map(|code| code.to_string())
    }

    #[test]
    fn the_shipped_table_holds_no_mistake_and_every_country() {
        let text = include_str!("../../rules/places/countries.toml");
        let mut out = Diagnostics::default();
        let countries = CountryNames::load(&SourceFile::new("countries.toml", text), &mut out);
        assert!(out.is_empty(), "{:?}", out.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(countries.english.len() >= 250);
    }

    #[test]
    fn countries_are_known_by_every_name_they_are_written_with() {
        for (text, wanted) in [
            ("KG", "KG"),
            ("kgz", "KG"),
            ("417", "KG"),
            ("Kyrgyz Republic", "KG"),
            ("Kuba", "CU"),
            ("Soudan", "SD"),
            ("Viet Nam", "VN"),
            ("U.A.E.", "AE"),
            ("Turkiye", "TR"),
            ("Türkei", "TR"),
            ("Côte d'Ivoire", "CI"),
            ("Côte d’Ivoire", "CI"),
            ("Korea, Republic of", "KR"),
            ("Congo, DRC", "CD"),
            ("Россия", "RU"),
            ("中国", "CN"),
            ("Deutschland", "DE"),
            ("Malaysia (MY)", "MY"),
            ("MY - Malaysia", "MY"),
            ("Burma", "MM"),
            ("Macau SAR", "MO"),
            ("Islamic Republic of Iran", "IR"),
        ] {
            assert_eq!(code(text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn a_misspelling_is_corrected_only_when_one_country_is_near() {
        for (text, wanted) in
            [("Kyrgyzstann", "KG"), ("Kazahstan", "KZ"), ("Phillipines", "PH"), ("Germanny", "DE")]
        {
            let found = CountryNames::shipped().resolve(text);
            assert!(
                matches!(&found, CountryMatch::Corrected(code, _) if code.as_str() == wanted),
                "{text}: {found:?}"
            );
        }
        for text in
            ["Nigera", "Irak?", "Austrlia", "Korea", "Congo", "USSR", "Atlantis", "Slovania", "Domin", ""]
        {
            let found = CountryNames::shipped().resolve(text);
            let harmless =
                matches!(&found, CountryMatch::Exact(code) if text == "Irak?" && code.as_str() == "IQ");
            assert!(found.code().is_none() || harmless, "{text}: {found:?}");
        }
    }

    /// What [`CountryNames::nearest`] means, without anything left out.
    fn plainly_nearest(countries: &CountryNames, folded: &str) -> Option<CountryCode> {
        let allowed = if folded.len() >= 10 { 2 } else { 1 };
        let near = countries.names.iter().filter(|(name, _)| {
            name.len() >= SHORTEST_CORRECTED - 1
                && name.len().abs_diff(folded.len()) <= allowed
                && strsim::osa_distance(folded, name) <= allowed
        });
        let codes: std::collections::BTreeSet<CountryCode> = near.map(|(_, (code, _))| *code).collect();
        codes.first().copied().filter(|_| codes.len() == 1)
    }

    #[test]
    fn letters_leave_no_near_name_out() {
        let countries = CountryNames::shipped();
        let mut names: Vec<&String> = countries.names.keys().filter(|name| name.is_ascii()).collect();
        names.sort();
        let (mut looked_at, mut corrected) = (0, 0);
        for name in names.into_iter().filter(|name| name.len() >= SHORTEST_CORRECTED) {
            for at in [1, name.len() / 2, name.len() - 2] {
                let (before, after) = name.split_at(at);
                let (letter, rest) = after.split_at(1);
                let back = before.chars().rev().collect::<String>();
                for text in [
                    format!("{before}{rest}"),
                    format!("{before}q{after}"),
                    format!("{before}x{rest}y"),
                    format!("{before}{}{letter}", rest.trim_start()),
                    format!("{back}{after}"),
                ] {
                    let folded = fold_text(&text);
                    if folded.len() < SHORTEST_CORRECTED || countries.names.contains_key(&folded) {
                        continue;
                    }
                    let found = countries.nearest(&text, &folded).code();
                    assert_eq!(found, plainly_nearest(countries, &folded), "{text}");
                    looked_at += 1;
                    corrected += usize::from(found.is_some());
                }
            }
        }
        assert!(looked_at > 1000 && corrected > looked_at / 4, "{corrected} of {looked_at}");
    }
}
