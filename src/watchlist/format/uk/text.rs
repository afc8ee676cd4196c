//! What the United Kingdom's lists write in a cell: dates with unknown parts,
//! documents and registrations in free words. Knows the common ways; the whole
//! text is kept beside what was taken from it.

use crate::trade::{CountryCode, Identifier, IdentifierKind};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::{days, identifiers, nationalities};

/// `01/03/1958` as `1958-03-01`; `dd/mm/1945` and `00/00/1945` as `1945`,
/// `dd/03/1945` as `1945-03`. Any other text is kept and counted.
pub(super) fn birth_date(text: &str, odd: &mut Oddities<'_>) -> String {
    let text = text.trim();
    if let Some(day) = days::day_month_year(text) {
        return day.to_string();
    }
    let parts: Vec<&str> = text.split('/').map(str::trim).collect();
    let unknown = |part: &str| part.bytes().all(|b| b == b'0') || part.chars().all(char::is_alphabetic);
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [year] if year.len() == 4 && digits(year) => text.to_owned(),
        [day, month, year] if year.len() == 4 && digits(year) && unknown(day) => match month.parse::<u8>() {
            Ok(month @ 1..=12) => format!("{year}-{month:02}"),
            _ if unknown(month) => (*year).to_owned(),
            _ => kept(text, odd),
        },
        _ => kept(text, odd),
    }
}

fn kept(text: &str, odd: &mut Oddities<'_>) -> String {
    odd.note("dates of birth that are no day, month or year", text);
    text.to_owned()
}

/// A passport or identity document in words: the number, and the country that
/// the words around it name. Without a number that can be told the whole text.
pub(super) fn document(kind: IdentifierKind, text: &str, odd: &Oddities<'_>) -> Vec<Identifier> {
    let country = document_country(text, odd);
    let mut numbers: Vec<&str> = Vec::new();
    let mut expected = true;
    for word in text.split([' ', ':', '\u{a0}', ',']).filter(|word| !word.is_empty()) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let attached = bare.strip_prefix("no.").or_else(|| bare.strip_prefix("No."));
        expected |= attached.is_some();
        let bare = attached.unwrap_or(bare);
        let digits = bare.chars().filter(char::is_ascii_digit).count();
        if expected && digits >= 4 && !bare.contains('/') && !numbers.contains(&bare) {
            numbers.push(bare);
        }
        expected =
            matches!(bare.to_lowercase().as_str(), "number" | "no" | "nos" | "passport" | "card" | "code")
                || bare.is_empty() && expected;
    }
    if numbers.is_empty() {
        numbers.push(text.trim());
    }
    numbers.into_iter().map(|number| Identifier { kind, value: number.to_owned(), country }).collect()
}

/// The country in parentheses, as in `G827238 (Tunisian)`, or before the word
/// for the document, as in `Yemeni passport number 17979`.
pub(super) fn document_country(text: &str, odd: &Oddities<'_>) -> Option<CountryCode> {
    let inside = text.split('(').skip(1).filter_map(|rest| rest.split(')').next());
    let before = ["passport", "national", "identity", "citizen"].into_iter().filter_map(|word| {
        // Small letters keep the length of the English words they stand for.
        let at = text.to_ascii_lowercase().find(word)?;
        text.get(..at)
    });
    inside.chain(before).find_map(|words| nationalities::find(words, odd))
}

/// The labels that registrations of one cell are told apart by.
const REGISTERS: [&str; 6] = ["OGRN", "INN", "KPP", "OKPO", "TIN", "BIK"];

/// `OGRN: 1247700291200 KPP: 770701001 INN: 9707028663` in its numbers.
pub(super) fn registrations(text: &str) -> Vec<Identifier> {
    let mut cuts: Vec<usize> = vec![0];
    for label in REGISTERS {
        cuts.extend(text.match_indices(label).map(|(at, _)| at).filter(|&at| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + label.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        }));
    }
    cuts.sort_unstable();
    cuts.dedup();
    let ends = cuts.iter().skip(1).copied().chain([text.len()]);
    let pieces = cuts.iter().zip(ends).filter_map(|(&from, to)| text.get(from..to));
    pieces
        .flat_map(|piece| piece.split([';', '\n']))
        .map(|piece| piece.trim().trim_end_matches([',', '.']))
        .filter(|piece| !piece.is_empty())
        .map(registration)
        .collect()
}

fn registration(text: &str) -> Identifier {
    if let Some((label, number)) = identifiers::split(text) {
        let number = number.trim_start_matches(['-', '–', ' ']).trim();
        if !number.is_empty() {
            return label.identifier(number, None);
        }
    }
    Identifier { kind: IdentifierKind::Registration, value: text.to_owned(), country: None }
}

/// `IMO9562233` and `9562233` are the same ship number.
pub(super) fn ship_number(text: &str, odd: &mut Oddities<'_>) -> Identifier {
    let text = text.trim();
    let value = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    if value.len() != 7 || value.bytes().any(|b| !b.is_ascii_digit()) {
        odd.note("ship numbers that are not seven digits", text);
    }
    let value = if value.is_empty() { text } else { value };
    Identifier { kind: IdentifierKind::Imo, value: value.to_owned(), country: None }
}

/// The six parts of a name: given names, then the family name, or the whole
/// name of a company or ship.
pub(super) fn full_name<'t>(parts: impl IntoIterator<Item = &'t str>) -> String {
    parts.into_iter().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_with_unknown_parts_keep_what_is_known() {
        let mut odd = Oddities::new(&|_| None);
        for (text, date) in [
            ("01/03/1958", "1958-03-01"),
            ("dd/mm/1945", "1945"),
            ("00/00/1945", "1945"),
            ("dd/03/1945", "1945-03"),
            ("1945", "1945"),
            ("15/08/19yy", "15/08/19yy"),
        ] {
            assert_eq!(birth_date(text, &mut odd), date);
        }
    }

    #[test]
    fn documents_give_number_and_country() {
        let odd = Oddities::new(&|_| None);
        let read = |text: &str| {
            let found = document(IdentifierKind::Passport, text, &odd);
            found.iter().map(|id| (id.value.clone(), id.country.map(|c| c.to_string()))).collect::<Vec<_>>()
        };
        let one = |value: &str, country: &str| (value.to_owned(), Some(country.to_owned()));
        assert_eq!(read("G827238 (Tunisian). Issued on 1 June 1996"), [one("G827238", "TN")]);
        assert_eq!(
            read(
                "Yemeni passport number 17979 issued under name A. Yemeni passport number 02117777 issued on 8.11.2005"
            ),
            [one("17979", "YE"), one("02117777", "YE")]
        );
        assert_eq!(read("Pakistani national ID no.54201-247561-5"), [one("54201-247561-5", "PK")]);
        assert_eq!(read("Passport number:F50859")[0].0, "F50859");
        assert_eq!(read("unknown")[0].0, "unknown");
    }

    #[test]
    fn registrations_of_one_cell_are_told_apart() {
        let read = |text| registrations(text).into_iter().map(|id| (id.kind, id.value)).collect::<Vec<_>>();
        assert_eq!(
            read("OGRN: 1247700291200\nKPP: 770701001 INN: 9707028663"),
            [
                (IdentifierKind::Registration, "1247700291200".to_owned()),
                (IdentifierKind::Tax, "770701001".to_owned()),
                (IdentifierKind::Tax, "9707028663".to_owned())
            ]
        );
        assert_eq!(read("BR-99-XY"), [(IdentifierKind::Registration, "BR-99-XY".to_owned())]);
        assert_eq!(read("INN"), [(IdentifierKind::Registration, "INN".to_owned())]);
    }
}
