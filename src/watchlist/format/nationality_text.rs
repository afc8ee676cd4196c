//! A cell with several nationalities, by country or by word. What one word
//! means is `nationalities`' part.

use crate::trade::CountryCode;
use crate::watchlist::ListedParty;

use super::gather::add_remark;
use super::nationalities;
use super::oddities::Oddities;

/// Countries and words of nationality between commas and semicolons, `and` or
/// slashes. Countries hold commas too (`TANZANIA, UNITED REPUBLIC OF`), so the
/// longest run of pieces that is one counts.
pub(super) fn add(party: &mut ListedParty, text: &str, odd: &mut Oddities<'_>) {
    if text.is_empty() {
        return;
    }
    let mut all = true;
    // Brackets that say something of a nationality, not the country's own.
    let plain = text.replace("and/or", ",");
    for part in plain.split([';', '/', '\n']).flat_map(|part| lettered(part)) {
        let pieces: Vec<_> = part.split(", ").map(str::trim).filter(|piece| !piece.is_empty()).collect();
        let mut at = 0;
        while at < pieces.len() {
            let run = (1..=3).rev().find_map(|length| {
                let piece = pieces.get(at..at + length)?.join(", ");
                Some((length, countries_of(&piece, odd)?))
            });
            let (length, found) = run.unwrap_or_default();
            party.nationalities.extend(found);
            if length == 0 {
                all = false;
                odd.note("nationalities that are no country known here", pieces.get(at).unwrap_or(&""));
            }
            at += length.max(1);
        }
    }
    if !all || text.contains('(') {
        add_remark(party, "Nationality", text);
    }
}

/// `a) Russian b) USSR` as its two parts.
fn lettered(text: &str) -> Vec<&str> {
    let text = text.trim();
    match text
        .strip_prefix("a)")
        .and_then(|rest| rest.split_once(" b)").or_else(|| rest.split_once("\u{a0}b)")))
    {
        Some((first, second)) => vec![first, second],
        None => vec![text.strip_prefix("a)").or_else(|| text.strip_prefix("b)")).unwrap_or(text)],
    }
}

/// A country, or two with `and` between them.
fn countries_of(text: &str, odd: &Oddities<'_>) -> Option<Vec<CountryCode>> {
    if let Some(found) = nationalities::find(text, odd) {
        return Some(vec![found]);
    }
    let (first, second) = text.split_once(" and ")?;
    Some(vec![nationalities::find(first, odd)?, nationalities::find(second, odd)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_nationalities_come_out_of_a_cell() {
        let find = |name: &str| {
            let code = match name {
                "TANZANIA, UNITED REPUBLIC OF" => "TZ",
                "Trinidad and Tobago" => "TT",
                "UNITED STATES" => "US",
                _ => return None,
            };
            CountryCode::new(code)
        };
        for (text, codes, odd_words) in [
            ("TANZANIA, UNITED REPUBLIC OF, UNITED STATES", "TZ US", false),
            ("Trinidad and Tobago; UNITED STATES", "TT US", false),
            ("Russian and Ukrainian", "RU UA", false),
            ("Ukrainian and/or Russian (not recognised)", "UA RU", false),
            ("a) Russian\u{a0} b) Ukrainian", "RU UA", false),
            ("Martian, Finnish", "FI", true),
        ] {
            let mut party = ListedParty::default();
            let mut odd = Oddities::new(&find);
            add(&mut party, text, &mut odd);
            let found: Vec<_> = party.nationalities.iter().map(CountryCode::as_str).collect();
            assert_eq!(found.join(" "), codes, "{text}");
            assert_eq!(!party.remarks.is_empty(), odd_words || text.contains('('), "{text}");
        }
    }
}
