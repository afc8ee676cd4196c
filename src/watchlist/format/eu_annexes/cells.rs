//! What stands in the cells of the annex tables: several values, numbers with
//! words around them, addresses in one line, names with names in brackets.

use crate::trade::{Address, CountryCode, Identifier, IdentifierKind};
use crate::watchlist::format::document_number::{has_digit, take_apart};
use crate::watchlist::format::gather::{
    add_address, add_bracketed_name, add_identifier, add_name, add_remark,
};
use crate::watchlist::format::identifiers;
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::{ListedParty, NameQuality};

/// The values of a cell.
pub(super) fn values(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|value| !value.is_empty())
}

/// `Russian: X` and `Other name: X` without the words before the name.
pub(super) fn without_language(text: &str) -> &str {
    const WORDS: [&str; 9] = [
        "Other name",
        "Russian",
        "Ukrainian",
        "Belarusian",
        "Arabic",
        "Farsi",
        "Persian",
        "Korean",
        "Chinese",
    ];
    let (words, name) = text.split_once(':').unwrap_or(("", text));
    if WORDS.contains(&words.trim()) { name.trim() } else { text }
}

/// Names in a name: several between slashes, behind `a.k.a.`, in other letters
/// behind a dash, in brackets. A country in brackets is the party's.
pub(super) fn names_within(text: &str, party: &mut ListedParty, former: bool, odd: &Oddities<'_>) {
    let mut pieces = vec![text];
    for between in [";", " / ", " a.k.a. ", " alias ", " – "] {
        // A dash stands in names as well: only other letters are another name.
        let cuts = |piece: &str| {
            between != " – "
                || piece.split(between).skip(1).all(|rest| !rest.contains(|c: char| c.is_ascii_alphabetic()))
        };
        pieces = pieces
            .into_iter()
            .flat_map(|piece| if cuts(piece) { piece.split(between).collect() } else { vec![piece] })
            .collect();
    }
    let several = pieces.len() > 1;
    for piece in pieces {
        if several {
            add_name(party, without_language(piece), NameQuality::Strong, former);
        }
        let bracket = piece.trim().strip_suffix(')').and_then(|piece| piece.rsplit_once('('));
        if let Some((outer, country)) =
            bracket.and_then(|(outer, inner)| Some((outer, odd.find_country(inner)?)))
        {
            add_name(party, outer, NameQuality::Strong, former);
            party.countries.push(country);
        } else {
            add_bracketed_name(party, piece, former);
        }
    }
}

/// Numbers with words before or behind them: `7704730655 (Tax ID/INN)`,
/// `Cr. No. 12`, `770474370653 (Russia)`. `words` and `country` are those of the
/// column.
pub(super) fn numbers(
    cell: &str,
    kind: IdentifierKind,
    words: &str,
    country: &str,
    party: &mut ListedParty,
    odd: &mut Oddities<'_>,
) {
    for value in values(cell) {
        if matches!(kind, IdentifierKind::Bic | IdentifierKind::Lei | IdentifierKind::Mmsi) {
            // These have a form of their own, without words around them.
            add_identifier(party, Identifier { kind, value: value.to_owned(), country: None });
            continue;
        }
        let mut rest = value;
        while !rest.is_empty() {
            let (first, more) = next_number(rest);
            rest = more;
            one_number(first, kind, words, CountryCode::new(country), party, odd);
        }
    }
}

/// Two numbers stand between commas, or one behind the other where each has
/// its bracket: `1 (BRN) 2 (TRN)`.
fn next_number(text: &str) -> (&str, &str) {
    let comma = text.match_indices(", ").map(|(at, _)| at).find(|&at| {
        let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
        let open = before.matches('(').count() > before.matches(')').count();
        let word = after.get(2..).and_then(|after| after.split(' ').next()).unwrap_or_default();
        let starts = has_digit(word) || word.starts_with(char::is_uppercase);
        !open && starts && has_digit(before) && has_digit(after)
    });
    let bracket = text.match_indices(") ").map(|(at, _)| at + 1).find(|&at| {
        let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
        let word = after.split_whitespace().next().unwrap_or_default();
        has_digit(before) && has_digit(word)
    });
    match (comma, bracket) {
        (Some(at), None) => cut(text, at, at + 2),
        (Some(at), Some(other)) if at < other => cut(text, at, at + 2),
        (_, Some(at)) => cut(text, at, at + 1),
        (None, None) => (text, ""),
    }
}

fn cut(text: &str, end: usize, next: usize) -> (&str, &str) {
    (text.get(..end).unwrap_or(text).trim(), text.get(next..).unwrap_or_default().trim())
}

fn one_number(
    text: &str,
    kind: IdentifierKind,
    column: &str,
    country: Option<CountryCode>,
    party: &mut ListedParty,
    odd: &mut Oddities<'_>,
) {
    let text = text.trim().trim_end_matches([',', ';', '.']).trim();
    let mut country = country;
    let mut plain = text.strip_prefix("alt. ").unwrap_or(text);
    let mut label = "";
    let mut said = "";
    if let Some((before, bracket)) = plain.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        plain = before.trim();
        match odd.find_country(bracket) {
            Some(found) => country = Some(found),
            None => label = bracket.trim(),
        }
    }
    let sentence = take_apart(plain);
    if sentence.number.is_empty() {
        odd.note("numbers without a digit, kept as remarks", text);
        add_remark(party, "Number", text);
        return;
    }
    let mut number = sentence.number;
    // A country in brackets may stand before what is said of the number.
    if let Some((before, words)) = number.strip_suffix(')').and_then(|text| text.rsplit_once(" ("))
        && let Some(found) = odd.find_country(words)
    {
        (number, country) = (before.trim(), Some(found));
    }
    if !sentence.said.is_empty() {
        said = text;
    }
    let words =
        [label, sentence.words, column].into_iter().find(|words| !words.is_empty()).unwrap_or_default();
    let labelled = identifiers::split(plain).filter(|(_, rest)| has_digit(rest));
    if let Some((_, rest)) = labelled {
        number = take_apart(rest).number;
    }
    let own = Identifier { kind, value: number.to_owned(), country };
    let identifier = match labelled {
        Some((label, _)) => label.identifier(number, country),
        None if words.is_empty() => own,
        None => {
            let named = identifiers::named(words, number, country);
            // Words the table does not have: the column tells the kind.
            let unknown = named.kind == IdentifierKind::Other && column.is_empty();
            if unknown {
                said = text;
            }
            if unknown { own } else { named }
        }
    };
    if number.split_whitespace().any(|word| word.len() > 3 && word.chars().all(char::is_alphabetic)) {
        odd.note("numbers with words in them", text);
    }
    add_remark(party, "Number", said);
    add_identifier(party, identifier);
}

/// Ways of contact: several between semicolons or commas. A short number
/// behind a comma is an extension.
pub(super) fn contacts(cell: &str, kind: IdentifierKind, party: &mut ListedParty) {
    for value in values(cell) {
        let mut pieces: Vec<String> = Vec::new();
        for piece in value.split(", ") {
            let digits = piece.bytes().filter(u8::is_ascii_digit).count();
            match pieces.last_mut() {
                Some(last) if kind == IdentifierKind::Phone && digits < DIGITS_OF_A_PHONE => {
                    last.push_str(", ");
                    last.push_str(piece);
                }
                _ => pieces.push(piece.trim().to_owned()),
            }
        }
        for value in pieces {
            add_identifier(party, Identifier { kind, value, country: None });
        }
    }
}

/// Shortest phone number that is not an extension.
const DIGITS_OF_A_PHONE: usize = 6;

/// Addresses in one line each; the country stands last or first. A country by
/// itself is that of the addresses before it that have none.
pub(super) fn addresses(cell: &str, party: &mut ListedParty, odd: &Oddities<'_>) {
    let mut found: Vec<Address> = Vec::new();
    for value in values(cell) {
        if let Some(country) = country(value, odd) {
            party.countries.push(country);
            for address in found.iter_mut().filter(|address| address.country.is_none()) {
                address.country = Some(country);
            }
        } else {
            found.push(address(value, odd));
        }
    }
    for address in found {
        add_address(party, address);
    }
}

fn address(text: &str, odd: &Oddities<'_>) -> Address {
    let text = text.trim_end_matches(['.', ',']);
    let mut parts: Vec<_> = text.split(", ").collect();
    // Last, else before a postal code, else first.
    let places = [parts.len().checked_sub(1), parts.len().checked_sub(2), Some(0)];
    let found = places.into_iter().flatten().find_map(|at| Some((at, country(parts.get(at)?, odd)?)));
    let code = found.map(|(at, code)| {
        parts.remove(at);
        code
    });
    Address { street: parts.join(", ").trim().to_owned(), country: code, ..Address::default() }
}

fn country(text: &str, odd: &Oddities<'_>) -> Option<CountryCode> {
    let text = text.trim().trim_end_matches('.');
    let bare = text.strip_prefix("the ").or_else(|| text.strip_prefix("The ")).unwrap_or(text);
    // Two letters are more often a street's or a building's than a country's.
    (bare.len() > 2).then(|| odd.find_country(bare)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(name: &str) -> Option<CountryCode> {
        match name {
            "Russia" | "Russian Federation" => CountryCode::new("RU"),
            "Hong Kong" => CountryCode::new("HK"),
            "Iran" => CountryCode::new("IR"),
            _ => None,
        }
    }

    #[test]
    fn numbers_come_with_their_words_and_countries() {
        use IdentifierKind as K;
        for (cell, kind, expected) in [
            ("7704730655 (Tax ID/INN)", K::Registration, "tax 7704730655 -"),
            (
                "1027739019142 (OGRN); 7701 (Moon words)",
                K::Registration,
                "registration 1027739019142 -, registration 7701 -",
            ),
            ("614322649248.", K::Tax, "tax 614322649248 -"),
            ("770474370653 (Russia)", K::Tax, "tax 770474370653 RU"),
            ("770701954175, 311774631801199", K::Tax, "tax 770701954175 -, tax 311774631801199 -"),
            (
                "Passport 717637093, National ID No. 781005202108",
                K::NationalId,
                "passport 717637093 -, national-id 781005202108 -",
            ),
            ("3914864377, issued on 10.4.2015", K::Passport, "passport 3914864377 -"),
            ("N428 (Iran) expired 10 October 2022", K::Passport, "passport N428 IR"),
            ("12-3 (BRN) 45 (TRN)", K::Registration, "registration 12-3 -, tax 45 -"),
            ("TIN 9709056472", K::Registration, "tax 9709056472 -"),
            ("CR No. 3012", K::Registration, "registration 3012 -"),
        ] {
            let mut party = ListedParty::default();
            numbers(cell, kind, "", "", &mut party, &mut Oddities::new(&find));
            let shown = |id: &Identifier| {
                let country = id.country.map_or("-".to_owned(), |code| code.to_string());
                format!("{} {} {country}", id.kind.key(), id.value)
            };
            let shown: Vec<_> = party.identifiers.iter().map(shown).collect();
            assert_eq!(shown.join(", "), expected, "{cell}");
        }
    }

    #[test]
    fn a_country_by_itself_is_that_of_the_addresses_before_it() {
        let odd = Oddities::new(&find);
        let mut party = ListedParty::default();
        addresses("Lane 4, Moscow; Unit 6, Kowloon, Hong Kong; the Russian Federation", &mut party, &odd);
        let lines: Vec<_> = party.addresses.iter().map(Address::one_line).collect();
        assert_eq!(lines, ["Lane 4, Moscow, RU", "Unit 6, Kowloon, HK"]);
    }
}
