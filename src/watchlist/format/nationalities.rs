//! Words of nationality: `Tunisian` for Tunisia. Knows single countries, not
//! what one country makes of another's passports; a word of two countries is
//! none. The table is `rules/formats/nationalities.toml`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};
use crate::trade::CountryCode;

use super::oddities::Oddities;

const FILE: &str = include_str!("../../../rules/formats/nationalities.toml");

/// Lower-case word to country.
static WORDS: LazyLock<(FxHashMap<String, CountryCode>, Diagnostics)> = LazyLock::new(|| {
    let mut out = Diagnostics::default();
    let file = SourceFile::new("rules/formats/nationalities.toml", FILE);
    let document = parse_toml(&file, &mut out);
    let mut top = Table::document(&file, &document);
    top.pack(&mut out);
    let mut words = FxHashMap::default();
    for mut table in top.tables("nationality", &mut out) {
        let country = CountryCode::new(&table.string("country", &mut out));
        for word in table.strings("words", &mut out) {
            words.extend(country.map(|country| (word.to_lowercase(), country)));
        }
        table.finish(&mut out);
    }
    top.finish(&mut out);
    (words, out)
});

/// The country of a nationality written as a country or as a word of
/// belonging, with or without `citizenship` behind it; what stands in
/// parentheses does not count. An unknown text is counted as an oddity.
pub(super) fn nationality(text: &str, odd: &mut Oddities<'_>) -> Option<CountryCode> {
    let found = find(text, odd);
    if found.is_none() && !text.trim().is_empty() {
        odd.note("nationalities that are no country known here", text);
    }
    found
}

/// As [`nationality`], but an unknown text is not counted.
pub(super) fn find(text: &str, odd: &Oddities<'_>) -> Option<CountryCode> {
    let text = text.trim();
    known(text, odd).or_else(|| {
        let bare = text.split('(').next().unwrap_or_default().trim();
        let bare = bare.strip_prefix("Possibly ").unwrap_or(bare);
        let words = ["citizenship", "citizen", "nationality", "national"];
        let bare = words.iter().find_map(|word| bare.strip_suffix(word)).unwrap_or(bare).trim();
        (bare != text).then(|| known(bare, odd)).flatten()
    })
}

fn known(text: &str, odd: &Oddities<'_>) -> Option<CountryCode> {
    if text.is_empty() {
        return None;
    }
    WORDS.0.get(&text.to_lowercase()).copied().or_else(|| odd.find_country(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_belonging_and_countries_are_found() {
        assert!(WORDS.1.is_empty(), "{:?}", WORDS.1);
        let countries = |name: &str| (name == "Peru").then(|| CountryCode::new("PE")).flatten();
        let mut odd = Oddities::new(&countries);
        for (text, code) in [
            ("Tunisian", "TN"),
            ("IRANIAN (Iranian citizenship)", "IR"),
            ("Kuwaiti citizenship", "KW"),
            ("Peru", "PE"),
            ("Peru (until 1999)", "PE"),
        ] {
            assert_eq!(nationality(text, &mut odd), CountryCode::new(code), "{text}");
        }
        assert_eq!(nationality("Congolese", &mut odd), None);
        assert_eq!(nationality("", &mut odd), None);
    }
}
