//! What OFAC states of a party as a kind and a value, such as `Tax ID No.` and
//! a number: in the XML files and in the Consolidated Screening List. The CSV
//! files write the same as phrases of the remarks.

use crate::trade::{CountryCode, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::ListedParty;
use crate::watchlist::format::gather::{add_identifier, add_remark};
use crate::watchlist::format::identifiers::{self, Label};
use crate::watchlist::format::oddities::Oddities;

use super::remarks::{is_imo_number, trailing_words};

/// One such statement; days as published, empty where there are none.
#[derive(Clone, Copy, Default)]
pub(in crate::watchlist::format) struct Fact<'f> {
    pub words: &'f str,
    pub value: &'f str,
    pub country: Option<CountryCode>,
    pub issued: &'f str,
    pub expires: &'f str,
}

/// Puts a fact into its field, or into the remarks where it has none. A kind
/// that no table knows is counted.
pub(in crate::watchlist::format) fn add(party: &mut ListedParty, fact: Fact<'_>, odd: &mut Oddities<'_>) {
    let (words, value) = (fact.words.trim(), fact.value.trim());
    if value.is_empty() {
        add_remark(party, "", words);
        return;
    }
    let phrase = format!("{words} {value}");
    if matches!(words, "Nationality of Registration" | "Registration Country") {
        party.nationalities.extend(odd.country(value));
        add_remark(party, "", &phrase);
        return;
    }
    if identifiers::is_fact(words) {
        add_remark(party, "", &phrase);
        return;
    }
    let known = identifiers::split(&phrase).filter(|(label, _)| covers(label, words));
    if let Some((label, number)) = known {
        let (number, country) = with_country(number, fact.country, odd);
        add_identifier(party, identifier(party.kind, label, number, country));
    } else {
        odd.note("kinds of number or fact that are not known here", words);
        add_unknown(party, &phrase, value, fact.country);
    }
    let days = [("issued", fact.issued), ("expires", fact.expires)];
    let days: Vec<_> =
        days.iter().filter(|(_, day)| !day.is_empty()).map(|(word, day)| format!("{word} {day}")).collect();
    if !days.is_empty() {
        add_remark(party, "", &format!("{phrase} {}", days.join(", ")));
    }
}

/// Some numbers have their country behind them, in brackets.
fn with_country<'n>(
    number: &'n str,
    country: Option<CountryCode>,
    odd: &Oddities<'_>,
) -> (&'n str, Option<CountryCode>) {
    let bracketed = || {
        let (before, words) = trailing_words(number)?;
        Some((before, Some(odd.find_country(words)?)))
    };
    if country.is_some() { (number, country) } else { bracketed().unwrap_or((number, None)) }
}

/// Whether a label is these words and not only their beginning. A currency
/// stands behind `Digital Currency Address -`.
fn covers(label: &Label, words: &str) -> bool {
    label.words.ends_with('-') || label.words.len() >= words.trim_end_matches([':', ' ']).len()
}

fn identifier(kind: PartyKind, label: &Label, number: &str, country: Option<CountryCode>) -> Identifier {
    let number = number.trim();
    if label.kind == IdentifierKind::Registration && kind == PartyKind::Vessel && is_imo_number(number) {
        return Identifier { kind: IdentifierKind::Imo, value: number.to_owned(), country };
    }
    label.identifier(number, country)
}

/// A number may identify the party whatever it is called; words cannot.
fn add_unknown(party: &mut ListedParty, phrase: &str, value: &str, country: Option<CountryCode>) {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let number = digits >= 3 && !value.contains(' ');
    if number || country.is_some() {
        add_identifier(party, Identifier { kind: IdentifierKind::Other, value: phrase.to_owned(), country });
    } else {
        add_remark(party, "", phrase);
    }
}

/// What is known of a ship, each text empty where it is not.
#[derive(Clone, Copy, Default)]
pub(in crate::watchlist::format) struct Ship<'s> {
    pub call_sign: &'s str,
    pub vessel_type: &'s str,
    pub tonnage: &'s str,
    pub gross_tonnage: &'s str,
    pub flag: &'s str,
    pub owner: &'s str,
}

/// Adds what is known of a ship, in the words the CSV files get.
pub(in crate::watchlist::format) fn add_ship(
    party: &mut ListedParty,
    ship: Ship<'_>,
    odd: &mut Oddities<'_>,
) {
    add_identifier(
        party,
        Identifier { kind: IdentifierKind::CallSign, value: ship.call_sign.trim().to_owned(), country: None },
    );
    for (words, text) in [
        ("Vessel type", ship.vessel_type),
        ("Tonnage", ship.tonnage),
        ("Gross registered tonnage", ship.gross_tonnage),
        ("Vessel flag", ship.flag),
        ("Vessel owner", ship.owner),
    ] {
        add_remark(party, words, text);
    }
    if !matches!(ship.flag.trim(), "None Identified" | "Unknown") {
        party.nationalities.extend(odd.country(ship.flag));
    }
}

/// The kind of party by OFAC's word, in any case; nothing for an unknown word.
pub(in crate::watchlist::format) fn kind(word: &str) -> Option<PartyKind> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "entity" => PartyKind::Organization,
        "individual" => PartyKind::Person,
        "vessel" => PartyKind::Vessel,
        "aircraft" => PartyKind::Aircraft,
        _ => return None,
    })
}

/// `FAMILY, Given`, as OFAC's CSV files write a name.
pub(in crate::watchlist::format) fn full_name(family: &str, given: &str) -> String {
    match (family.trim(), given.trim()) {
        (family, "") => family.to_owned(),
        ("", given) => given.to_owned(),
        (family, given) => format!("{family}, {given}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_go_into_their_fields_and_what_has_none_stays_in_words() {
        let mut odd = Oddities::new(&|_| CountryCode::new("MY"));
        let mut party = ListedParty { kind: PartyKind::Vessel, ..ListedParty::default() };
        for (words, value) in [
            ("Vessel Registration Identification", "IMO 9187667"),
            ("Vessel Registration Identification", "9339301"),
            ("Tax ID No.", "12"),
            ("Digital Currency Address - XBT", "1Kuf2Rd8"),
            ("Gender", "Male"),
            ("Secondary sanctions risk:", "section 1(b)"),
            ("Moon Licence", "X12345"),
            ("Moon Phase", "waxing"),
            ("Nationality of Registration", "Malaysia"),
        ] {
            add(&mut party, Fact { words, value, ..Fact::default() }, &mut odd);
        }
        let found: Vec<_> = party.identifiers.iter().map(|id| (id.kind, id.value.as_str())).collect();
        assert_eq!(
            found,
            [
                (IdentifierKind::Imo, "9187667"),
                (IdentifierKind::Imo, "9339301"),
                (IdentifierKind::Tax, "12"),
                (IdentifierKind::Other, "Digital Currency Address - XBT 1Kuf2Rd8"),
                (IdentifierKind::Other, "Moon Licence X12345"),
            ]
        );
        assert_eq!(
            party.remarks,
            "Gender Male; Secondary sanctions risk: section 1(b); Moon Phase waxing; \
             Nationality of Registration Malaysia"
        );
        assert_eq!(party.nationalities.len(), 1);
    }
}
