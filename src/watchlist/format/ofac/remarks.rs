//! The Remarks of OFAC's CSV files: phrases between semicolons that hold weak
//! aliases, identifiers, days of birth, nationality and everything else.
//!
//! What has a field of its own goes there; what has none, or more to say than
//! the field holds, stays in the remarks. Nothing is dropped.

use std::sync::LazyLock;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};
use crate::trade::{CountryCode, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::format::CountryLookup;
use crate::watchlist::{ListedName, ListedParty, NameQuality};

const FILE: &str = include_str!("../../../../rules/formats/ofac_remarks.toml");

struct Label {
    words: String,
    kind: IdentifierKind,
    prefix: String,
}

/// Longest words first.
static LABELS: LazyLock<(Vec<Label>, Diagnostics)> = LazyLock::new(|| {
    let mut out = Diagnostics::default();
    let file = SourceFile::new("rules/formats/ofac_remarks.toml", FILE);
    let document = parse_toml(&file, &mut out);
    let mut top = Table::document(&file, &document);
    top.pack(&mut out);
    let keys = IdentifierKind::ALL.map(IdentifierKind::key);
    let mut labels = Vec::new();
    for mut table in top.tables("identifier", &mut out) {
        let kind = table.word("kind", &keys, IdentifierKind::from_key, &mut out);
        let prefix = table.opt_string("prefix", &mut out).unwrap_or_default();
        for words in table.strings("words", &mut out) {
            labels.extend(kind.map(|kind| Label { words, kind, prefix: prefix.clone() }));
        }
        table.finish(&mut out);
    }
    top.finish(&mut out);
    labels.sort_by_key(|label| std::cmp::Reverse(label.words.len()));
    (labels, out)
});

/// Countries by name, and the names that are none.
pub(super) struct Countries<'a> {
    pub find: CountryLookup<'a>,
    pub unknown: std::collections::BTreeMap<String, usize>,
}

impl Countries<'_> {
    pub fn find(&mut self, name: &str) -> Option<CountryCode> {
        let found = (self.find)(name);
        if found.is_none() {
            *self.unknown.entry(name.to_owned()).or_default() += 1;
        }
        found
    }
}

/// Reads whole remarks into the party; `rest` gets the phrases that stay.
pub(super) fn read(
    remarks: &str,
    party: &mut ListedParty,
    rest: &mut Vec<String>,
    countries: &mut Countries<'_>,
) {
    let remarks = remarks.trim();
    let remarks = remarks.strip_suffix('.').unwrap_or(remarks);
    for phrase in remarks.split("; ").map(str::trim).filter(|phrase| !phrase.is_empty()) {
        if !read_phrase(phrase, party, countries) {
            rest.push(phrase.to_owned());
        }
    }
}

/// Whether the fields of the party hold all that the phrase says.
fn read_phrase(phrase: &str, party: &mut ListedParty, countries: &mut Countries<'_>) -> bool {
    let plain = phrase.strip_prefix("alt. ").or_else(|| phrase.strip_prefix("Alt. ")).unwrap_or(phrase);
    if let Some(alias) = weak_alias(plain) {
        party.names.push(alias);
        return true;
    }
    if let Some(born) = plain.strip_prefix("DOB ") {
        let born = born.trim_end_matches('.').trim();
        if !born.is_empty() {
            party.birth_dates.push(born.to_owned());
            return true;
        }
    }
    for word in ["nationality ", "citizen ", "Nationality of Registration "] {
        if let Some(country) = plain.strip_prefix(word) {
            // The word itself matters to a reader, so the phrase stays.
            party.countries.extend(countries.find(country.trim_end_matches('.')));
            return false;
        }
    }
    let labels = &LABELS.0;
    let known = labels.iter().find_map(|label| Some((label, after_words(plain, &label.words)?)));
    let Some((label, value)) = known else {
        return read_unknown_identifier(plain, party, countries);
    };
    let (number, country, complete) = number(value, countries);
    if number.is_empty() {
        return false;
    }
    let ship_number = party.kind == PartyKind::Vessel && is_imo_number(number);
    let (kind, value) = match label.kind {
        IdentifierKind::Registration if ship_number => (IdentifierKind::Imo, number.to_owned()),
        IdentifierKind::Other => (label.kind, format!("{} {number}", label.words)),
        kind => (kind, format!("{}{number}", label.prefix)),
    };
    push_identifier(party, Identifier { kind, value, country });
    complete
}

/// Seven digits of which the last is the check digit: the first six by 7 down
/// to 2, summed, end in it (IMO resolution A.1117(30)).
fn is_imo_number(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = digits.iter().zip([7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    text.len() == 7 && digits.len() == 7 && digits.last() == Some(&(sum % 10))
}

fn push_identifier(party: &mut ListedParty, identifier: Identifier) {
    if !party.identifiers.contains(&identifier) {
        party.identifiers.push(identifier);
    }
}

/// `a.k.a. 'X'`: OFAC quotes the aliases that it calls weak. An alias may hold
/// apostrophes itself.
fn weak_alias(phrase: &str) -> Option<ListedName> {
    let (former, quoted) = ["a.k.a. ", "n.k.a. ", "f.k.a. "]
        .into_iter()
        .find_map(|word| Some((word.starts_with('f'), phrase.strip_prefix(word)?)))?;
    let quoted = quoted.strip_suffix('.').unwrap_or(quoted);
    let text = quoted.strip_prefix('\'')?.strip_suffix('\'')?.trim();
    (!text.is_empty()).then(|| ListedName { text: text.into(), quality: NameQuality::Weak, former })
}

/// What follows the words, if the phrase begins with them as whole words.
fn after_words<'p>(phrase: &'p str, words: &str) -> Option<&'p str> {
    let head = phrase.get(..words.len())?;
    let rest = phrase.get(words.len()..)?;
    let whole = rest.starts_with([' ', ':', '+', '(']);
    (head.eq_ignore_ascii_case(words) && whole).then(|| rest.trim_start_matches([' ', ':', '#']))
}

/// Number, issuing country, and whether that is all the text says. Behind the
/// number may stand a place, a country, days of issue and expiry.
fn number<'v>(value: &'v str, countries: &mut Countries<'_>) -> (&'v str, Option<CountryCode>, bool) {
    let cut = [" issued ", " expires ", " expired "].into_iter().filter_map(|word| value.find(word)).min();
    let mut complete = cut.is_none();
    let mut text = value.get(..cut.unwrap_or(value.len())).unwrap_or(value).trim().trim_end_matches('.');
    let mut country = None;
    while let Some((before, name)) = trailing_words(text) {
        match country {
            None => {
                country = countries.find(name);
                complete &= country.is_some();
            }
            Some(_) => complete = false,
        }
        text = before;
    }
    (text, country, complete)
}

/// `X (Words)` as `X` and `Words`, if no digit stands in the brackets.
fn trailing_words(text: &str) -> Option<(&str, &str)> {
    let (before, name) = text.strip_suffix(')')?.rsplit_once(" (")?;
    let words =
        !name.is_empty() && !name.contains([')', '(']) && !name.contains(|c: char| c.is_ascii_digit());
    (words && !before.trim().is_empty()).then(|| (before.trim(), name.trim()))
}

/// A number under words that the table does not have: `Words 123 (Country)`.
fn read_unknown_identifier(phrase: &str, party: &mut ListedParty, countries: &mut Countries<'_>) -> bool {
    let cut = [" issued ", " expires "].into_iter().filter_map(|word| phrase.find(word)).min();
    let text = phrase.get(..cut.unwrap_or(phrase.len())).unwrap_or(phrase).trim();
    let Some((before, name)) = trailing_words(text) else { return false };
    let ends_in_number =
        before.rsplit(' ').next().is_some_and(|word| word.contains(|c: char| c.is_ascii_digit()));
    let Some(country) = (countries.find)(name).filter(|_| ends_in_number) else { return false };
    push_identifier(
        party,
        Identifier { kind: IdentifierKind::Other, value: before.to_owned(), country: Some(country) },
    );
    cut.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (ListedParty, Vec<String>) {
        let find = |name: &str| match name {
            "Malaysia" => CountryCode::new("MY"),
            "Germany" => CountryCode::new("DE"),
            "Egypt" => CountryCode::new("EG"),
            _ => None,
        };
        let mut party = ListedParty::default();
        let mut rest = Vec::new();
        let mut countries = Countries { find: &find, unknown: std::collections::BTreeMap::default() };
        read(text, &mut party, &mut rest, &mut countries);
        (party, rest)
    }

    #[test]
    fn the_table_of_words_has_no_mistakes() {
        assert!(LABELS.1.is_empty(), "{:?}", LABELS.1);
        assert!(LABELS.0.len() > 80);
    }

    #[test]
    fn numbers_come_with_kind_and_country() {
        use IdentifierKind as K;
        for (text, kind, value, country, stays) in [
            ("Registration Number 629642D (Malaysia).", K::Registration, "629642D", Some("MY"), false),
            (
                "Registration Number HRA 738077 (Stuttgart) (Germany)",
                K::Registration,
                "HRA 738077",
                None,
                true,
            ),
            ("alt. Tax ID No. 9113562152", K::Tax, "9113562152", None, false),
            ("Passport 484824 (Egypt) issued 18 Jan 1984", K::Passport, "484824", Some("EG"), true),
            ("Passport K754050 issued 26 May 1999 expires 25 May 2004.", K::Passport, "K754050", None, true),
            ("Vessel Registration Identification IMO 9187667", K::Imo, "9187667", None, false),
            ("Identification Number IMO 5342883", K::Registration, "IMO company 5342883", None, false),
            ("Unified Social Credit Code (USCC) 911310003360", K::Registration, "911310003360", None, false),
            ("Legal Entity Number 253400HA6URWT39X2982.", K::Lei, "253400HA6URWT39X2982", None, false),
            ("Aircraft Tail Number EP-MMH", K::Aircraft, "EP-MMH", None, false),
            ("Telephone: 0097282851500", K::Phone, "0097282851500", None, false),
            ("Telephone (98)(21)(66153220)", K::Phone, "(98)(21)(66153220)", None, false),
            ("Email Address Wrfl77@hotmail.com", K::Email, "Wrfl77@hotmail.com", None, false),
            (
                "Digital Currency Address - XBT 1Kuf2Rd8",
                K::Other,
                "Digital Currency Address - XBT 1Kuf2Rd8",
                None,
                false,
            ),
            ("Moon Licence X 12-B (Egypt)", K::Other, "Moon Licence X 12-B", Some("EG"), false),
        ] {
            let (party, rest) = read_text(text);
            let [identifier] = party.identifiers.as_slice() else { panic!("{text}: {party:?}") };
            assert_eq!((identifier.kind, identifier.value.as_str()), (kind, value), "{text}");
            if text.contains("Stuttgart") {
                assert_eq!(identifier.country, CountryCode::new("DE"));
            } else {
                assert_eq!(identifier.country, country.and_then(CountryCode::new), "{text}");
            }
            assert_eq!(!rest.is_empty(), stays, "{text}: {rest:?}");
        }
    }

    #[test]
    fn a_ship_number_is_one_under_other_words_too() {
        assert!(is_imo_number("9187667") && !is_imo_number("9187668") && !is_imo_number("RS 150443"));
        let mut countries = Countries { find: &|_| None, unknown: std::collections::BTreeMap::default() };
        let mut ship = ListedParty { kind: PartyKind::Vessel, ..ListedParty::default() };
        let text = "Identification Number IMO 9339301; Vessel Registration Identification RS 150443.";
        read(text, &mut ship, &mut Vec::new(), &mut countries);
        let found: Vec<_> = ship.identifiers.iter().map(|id| (id.kind, id.value.as_str())).collect();
        assert_eq!(found, [(IdentifierKind::Imo, "9339301"), (IdentifierKind::Registration, "RS 150443")]);
    }

    #[test]
    fn quoted_aliases_are_weak_and_may_hold_apostrophes() {
        let (party, rest) = read_text(
            "DOB 1966; a.k.a. 'ABU 'ABD AL-'AZIZ'; f.k.a. 'ANA I'; alt. DOB circa 1967; a.k.a. ''ALI, Abu'.",
        );
        let names: Vec<_> = party.names.iter().map(|name| (&*name.text, name.quality, name.former)).collect();
        assert_eq!(
            names,
            [
                ("ABU 'ABD AL-'AZIZ", NameQuality::Weak, false),
                ("ANA I", NameQuality::Weak, true),
                ("'ALI, Abu", NameQuality::Weak, false)
            ]
        );
        assert_eq!(party.birth_dates, ["1966", "circa 1967"]);
        assert!(rest.is_empty());
    }

    #[test]
    fn what_has_no_field_stays() {
        let text =
            "Secondary sanctions risk: see section 11, E.O. 14114.; nationality Egypt; Linked To: X, S.A..";
        let (party, rest) = read_text(text);
        assert_eq!(party.countries, [CountryCode::new("EG").unwrap()]);
        assert_eq!(
            rest,
            [
                "Secondary sanctions risk: see section 11, E.O. 14114.",
                "nationality Egypt",
                "Linked To: X, S.A."
            ]
        );
    }
}
