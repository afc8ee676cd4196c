//! Name and address of a denied person in one cell, as the Denied Persons List
//! has them since 2026: name, street, city, state, country and postal code with
//! commas between, each of which may be empty, and commas in the first two.
//!
//! The last four are told by their place. Of the rest the first part is the name,
//! with the legal form or `JR.` that follows it; so `JIN, ZHONGDA` is one, and a
//! name with another comma in it loses what stands behind that to the street.

use crate::watchlist::format::csl::is_form;

/// Fields of one cell, trimmed.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Joined {
    pub name: String,
    pub street: String,
    pub city: String,
    pub state: String,
    pub country: String,
    pub postal_code: String,
}

/// Legal forms that stand behind a comma and are none in the other US lists.
const FORMS: [&str; 8] = ["sa", "sl", "srl", "spa", "sarl", "nv", "bv", "pte"];

/// What may follow the name of a person behind a comma.
const SUFFIXES: [&str; 5] = ["jr", "sr", "ii", "iii", "iv"];

/// `None` for a cell of fewer parts than the six fields.
pub(super) fn split(cell: &str) -> Option<Joined> {
    let parts: Vec<&str> = cell.split(',').map(str::trim).collect();
    let (head, [city, state, country, postal_code]) = parts.split_last_chunk::<4>()?;
    let mut words = 1 + head.iter().skip(1).take_while(|part| belongs(part)).count();
    if let (1, [family, given, _, ..]) = (words, head)
        && one_word(family)
        && one_word(given)
    {
        words = 2;
    }
    let (name, street) = head.split_at_checked(words).filter(|(_, street)| !street.is_empty())?;
    let own = |text: &str| text.to_owned();
    Some(Joined {
        name: name.join(", "),
        street: street.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", "),
        city: own(city),
        state: own(state),
        country: own(country),
        postal_code: own(postal_code),
    })
}

/// A part that belongs to the name before it. `C/O` is no `Co.`.
fn belongs(part: &str) -> bool {
    let plain: String =
        part.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let short = FORMS.contains(&plain.as_str()) || SUFFIXES.contains(&plain.as_str());
    short || (part.split_whitespace().all(is_form) && !plain.is_empty() && !part.contains('/'))
}

fn one_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphabetic() || c == '-' || c == '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cell: &str) -> [String; 6] {
        split(cell).map(|j| [j.name, j.street, j.city, j.state, j.country, j.postal_code]).unwrap()
    }

    /// The cells are of the file of April 2026.
    #[test]
    fn fields_are_told_by_their_place_and_legal_forms_stay_with_their_name() {
        assert_eq!(
            of("ADT ANALOG AND DIGITAL TECHNIK, 8019 NIEDERSEEON, HOUSE 21, , , DE,"),
            ["ADT ANALOG AND DIGITAL TECHNIK", "8019 NIEDERSEEON, HOUSE 21", "", "", "DE", ""]
        );
        assert_eq!(
            of("INFOCOM CORPORATION, INC, 630 INTERNATIONAL PARKWAY, SUITE 100, RICHARDSON, TX, US, 75081"),
            [
                "INFOCOM CORPORATION, INC",
                "630 INTERNATIONAL PARKWAY, SUITE 100",
                "RICHARDSON",
                "TX",
                "US",
                "75081"
            ]
        );
        let name = |cell| of(cell)[0].clone();
        assert_eq!(name("JIN, ZHONGDA, 1895 DOBBIN DRIVE, SUITE B, SAN JOSE, CA, US, 95133"), "JIN, ZHONGDA");
        assert_eq!(name("UNITED AFRICAN AIRLINES, , , , LU, "), "UNITED AFRICAN AIRLINES");
        assert_eq!(
            name("ALI AGAR MANZARPOUR, C/O MARIA HOUSE, 35 MILLERS ROAD, BRIGHTON, , GB, BN1 5NP"),
            "ALI AGAR MANZARPOUR"
        );
        assert_eq!(
            name("JOEL PRADO, JR., INMATE NUMBER: 16443-479, P.O. BOX 26030, BEAUMONT, TX, US, 77720"),
            "JOEL PRADO, JR."
        );
        for cell in ["", "A NAME ALONE", "A, B, C, D, E", ", , , , , ", "A, LTD., B, C, D, E"] {
            assert!(split(cell).is_none_or(|joined| joined.name.is_empty()), "{cell}");
        }
    }
}
