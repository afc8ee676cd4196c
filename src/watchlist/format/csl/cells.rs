//! Cells of the CSV that hold several things: parts between semicolons, in an
//! address or a number between commas.

use crate::trade::{Address, CountryCode};
use crate::watchlist::format::days;

use super::entry::Id;

/// The parts between semicolons.
pub(super) fn parts(cell: &str) -> Vec<String> {
    cell.split(';').map(one_line).filter(|part| !part.is_empty()).collect()
}

/// Runs of space and line ends as one space.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Two capital letters: a country's code in its place, or a US state's.
fn two_capitals(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// A postal code among the last parts: it has a digit and at most ten signs.
fn postal_code(text: &str) -> bool {
    text.len() <= 10 && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// `street, city, state, postal code, country`, where any part may be missing
/// and a street may have commas. What cannot be told apart stays in the street.
/// The publisher leaves out the country of US addresses.
pub(super) fn address(text: &str) -> Address {
    let mut parts: Vec<_> = text.split(", ").map(str::trim).filter(|part| !part.is_empty()).collect();
    let mut address = Address::default();
    if let Some(last) = parts.last().copied().filter(|last| two_capitals(last)) {
        address.country = CountryCode::new(last);
        parts.pop();
    }
    if parts.len() > 1
        && let Some(last) = parts.last().copied().filter(|last| postal_code(last))
    {
        last.clone_into(&mut address.postal_code);
        parts.pop();
    }
    if parts.len() > 1
        && let Some(last) = parts.last().copied().filter(|last| two_capitals(last))
    {
        last.clone_into(&mut address.region);
        parts.pop();
    }
    if address.country.is_none() && is_us(&address.region, &address.postal_code) {
        address.country = CountryCode::new("US");
    }
    if let Some(last) = parts.pop() {
        let place = address.country.is_some() || !parts.is_empty();
        if place && !last.bytes().any(|byte| byte.is_ascii_digit()) {
            last.clone_into(&mut address.city);
        } else {
            parts.push(last);
        }
    }
    address.street = parts.join(", ");
    address
}

/// A state of the US with a ZIP code.
pub(in crate::watchlist::format) fn is_us(state: &str, postal_code: &str) -> bool {
    const STATES: &str = "AL AK AZ AR CA CO CT DE DC FL GA GU HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT \
                          NE NV NH NJ NM NY NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA VI WA WV WI WY";
    let digits = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let (zip, more) = postal_code.split_once('-').unwrap_or((postal_code, "0000"));
    STATES.split(' ').any(|known| known == state) && digits(zip, 5) && digits(more, 4)
}

/// `country, day of expiry, day of issue, number, kind`, of which only number
/// and kind are always there. A single day is kept as both, for it does not
/// say which it is.
pub(super) fn id(text: &str) -> Id {
    let (mut rest, kind) = text.rsplit_once(", ").unwrap_or(("", text));
    let mut id = Id { kind: kind.trim().to_owned(), ..Id::default() };
    if let Some((country, after)) = rest.split_once(", ").filter(|(country, _)| two_capitals(country)) {
        country.clone_into(&mut id.country);
        rest = after;
    }
    let mut found = Vec::new();
    while let Some((day, after)) = rest.split_once(", ").filter(|(day, _)| days::iso(day).is_some()) {
        found.push(day);
        rest = after;
    }
    match found.as_slice() {
        [] => {}
        [one] => id.expires = format!("or issued {one}"),
        [expires, issued, ..] => {
            (*expires).clone_into(&mut id.expires);
            (*issued).clone_into(&mut id.issued);
        }
    }
    rest.trim().clone_into(&mut id.value);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart_from_its_end() {
        let of = |text: &str| {
            let address = address(text);
            let country = address.country.map(|code| code.to_string()).unwrap_or_default();
            [address.street, address.city, address.region, address.postal_code, country].join("|")
        };
        assert_eq!(of("SY"), "||||SY");
        assert_eq!(of("Basrah, IQ"), "|Basrah|||IQ");
        assert_eq!(of("Neglinnaya St 12, Moscow, 107016, RU"), "Neglinnaya St 12|Moscow||107016|RU");
        assert_eq!(of("FCI, P.O. BOX 3000, ANTHONY, NM, 88201"), "FCI, P.O. BOX 3000|ANTHONY|NM|88201|US");
        assert_eq!(of("Hacienda, Jalisco, CA, 95222, US"), "Hacienda|Jalisco|CA|95222|US");
        assert_eq!(
            of("Merisotilaankatu 2, Helsinki 00160 Finland, FI"),
            "Merisotilaankatu 2, Helsinki 00160 Finland||||FI"
        );
        assert_eq!(of("Gaza Strip"), "Gaza Strip||||");
        assert_eq!(of(""), "||||");
    }

    #[test]
    fn a_number_is_taken_apart_from_both_ends() {
        let of = |text: &str| {
            let id = id(text);
            [id.country, id.value, id.kind, id.issued, id.expires].join("|")
        };
        assert_eq!(
            of("JO, 2014-08-30, 2009-08-31, K475336, Passport"),
            "JO|K475336|Passport|2009-08-31|2014-08-30"
        );
        assert_eq!(of("IR, 2024-09-23, K5, Passport"), "IR|K5|Passport||or issued 2024-09-23");
        assert_eq!(of("Hafei Co., Ltd., Issuer Name"), "|Hafei Co., Ltd.|Issuer Name||");
        assert_eq!(of("Male, Gender"), "|Male|Gender||");
        assert_eq!(of("Gender"), "||Gender||");
    }
}
