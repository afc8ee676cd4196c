//! The Remarks of OFAC's CSV files: phrases between semicolons that hold weak
//! aliases, identifiers, days of birth, nationality and everything else.
//!
//! What has a field of its own goes there; what has none, or more to say than
//! the field holds, stays in the remarks. Nothing is dropped.

use crate::trade::CountryCode;
use crate::trade::{Identifier, IdentifierKind, PartyKind};
use crate::watchlist::format::gather::{add_identifier, add_remark};
use crate::watchlist::format::identifiers;
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::{ListedName, ListedParty, NameQuality, Relation, RelationKind};

/// Reads whole remarks into the party; `rest` gets the phrases that stay.
pub(super) fn read(remarks: &str, party: &mut ListedParty, rest: &mut Vec<String>, odd: &mut Oddities<'_>) {
    let remarks = remarks.trim();
    let remarks = remarks.strip_suffix('.').unwrap_or(remarks);
    for phrase in remarks.split("; ").map(str::trim).filter(|phrase| !phrase.is_empty()) {
        if !read_phrase(phrase, party, odd) {
            rest.push(phrase.to_owned());
        }
    }
}

/// Reads the remarks of OFAC's XML files and of the Consolidated Screening
/// List: the same phrases without the full stop at the end, links in brackets.
pub(in crate::watchlist::format) fn read_bracketed(
    remarks: &str,
    party: &mut ListedParty,
    odd: &mut Oddities<'_>,
) {
    for phrase in remarks.split(';').map(str::trim).filter(|phrase| !phrase.is_empty()) {
        let open = phrase.strip_prefix('(').filter(|rest| rest.starts_with("Linked To: ")).unwrap_or(phrase);
        let more = open.matches(')').count() > open.matches('(').count();
        let plain = if more { open.strip_suffix(')').unwrap_or(open) } else { open };
        if !read_phrase(plain, party, odd) {
            add_remark(party, "", phrase);
        }
    }
}

/// Whether the fields of the party hold all that the phrase says.
fn read_phrase(phrase: &str, party: &mut ListedParty, odd: &mut Oddities<'_>) -> bool {
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
    if let Some(other) = plain.strip_prefix("Linked To: ") {
        let name = other.trim().to_owned();
        party.relations.push(Relation { kind: RelationKind::LinkedTo, name, id: None, share: None });
        return true;
    }
    for word in ["nationality ", "citizen ", "Nationality of Registration "] {
        if let Some(country) = plain.strip_prefix(word) {
            let found = odd.country(country.trim_end_matches('.'));
            party.nationalities.extend(found);
            // The word itself matters to a reader, so the phrase stays.
            return false;
        }
    }
    let Some((label, value)) = identifiers::split(plain) else {
        return read_unknown_identifier(plain, party, odd);
    };
    let (number, country, complete) = number(value, odd);
    if number.is_empty() {
        return false;
    }
    let ship_number = party.kind == PartyKind::Vessel && is_imo_number(number);
    let identifier = if label.kind == IdentifierKind::Registration && ship_number {
        Identifier { kind: IdentifierKind::Imo, value: number.to_owned(), country }
    } else {
        label.identifier(number, country)
    };
    add_identifier(party, identifier);
    complete
}

/// Seven digits of which the last is the check digit: the first six by 7 down
/// to 2, summed, end in it (IMO resolution A.1117(30)).
pub(super) fn is_imo_number(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = digits.iter().zip([7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    text.len() == 7 && digits.len() == 7 && digits.last() == Some(&(sum % 10))
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

/// Number, issuing country, and whether that is all the text says. Behind the
/// number may stand a place, a country, days of issue and expiry.
fn number<'v>(value: &'v str, odd: &mut Oddities<'_>) -> (&'v str, Option<CountryCode>, bool) {
    let cut = [" issued ", " expires ", " expired "].into_iter().filter_map(|word| value.find(word)).min();
    let mut complete = cut.is_none();
    let mut text = value.get(..cut.unwrap_or(value.len())).unwrap_or(value).trim().trim_end_matches('.');
    let mut country = None;
    while let Some((before, name)) = trailing_words(text) {
        match country {
            None => {
                country = odd.country(name);
                complete &= country.is_some();
            }
            Some(_) => complete = false,
        }
        text = before;
    }
    (text, country, complete)
}

/// `X (Words)` as `X` and `Words`, if no digit stands in the brackets.
pub(super) fn trailing_words(text: &str) -> Option<(&str, &str)> {
    let (before, name) = text.strip_suffix(')')?.rsplit_once(" (")?;
    let words =
        !name.is_empty() && !name.contains([')', '(']) && !name.contains(|c: char| c.is_ascii_digit());
    (words && !before.trim().is_empty()).then(|| (before.trim(), name.trim()))
}

/// A number under words that the table does not have: `Words 123 (Country)`.
fn read_unknown_identifier(phrase: &str, party: &mut ListedParty, odd: &mut Oddities<'_>) -> bool {
    let cut = [" issued ", " expires "].into_iter().filter_map(|word| phrase.find(word)).min();
    let text = phrase.get(..cut.unwrap_or(phrase.len())).unwrap_or(phrase).trim();
    let Some((before, name)) = trailing_words(text) else { return false };
    let ends_in_number =
        before.rsplit(' ').next().is_some_and(|word| word.contains(|c: char| c.is_ascii_digit()));
    let Some(country) = odd.find_country(name).filter(|_| ends_in_number) else { return false };
    add_identifier(
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
        read(text, &mut party, &mut rest, &mut Oddities::new(&find));
        (party, rest)
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
        let mut ship = ListedParty { kind: PartyKind::Vessel, ..ListedParty::default() };
        let text = "Identification Number IMO 9339301; Vessel Registration Identification RS 150443.";
        read(text, &mut ship, &mut Vec::new(), &mut Oddities::new(&|_| None));
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
        assert_eq!(party.nationalities, [CountryCode::new("EG").unwrap()]);
        assert_eq!(party.relations[0].name, "X, S.A.");
        assert_eq!(rest, ["Secondary sanctions risk: see section 11, E.O. 14114.", "nationality Egypt"]);
    }
}
