//! The places of the Advanced XML, to which addresses, births, nationalities
//! and flags point.

use roxmltree::Node;
use rustc_hash::FxHashMap;

use crate::trade::{Address, CountryCode};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::xml::Element as _;

use super::reference::Values;

/// A place, and its words in other scripts.
#[derive(Clone, Default)]
pub(super) struct Place {
    pub address: Address,
    /// Parts that are not in Latin script, as one text.
    pub original: String,
    /// The country as the file writes it.
    country_words: String,
}

impl Place {
    /// One line with the country's words, as a place of birth is written.
    pub fn words(&self) -> String {
        let address = Address { country: None, ..self.address.clone() };
        let line = address.one_line();
        match (line.as_str(), self.country_words.as_str()) {
            ("", words) => words.to_owned(),
            (line, words) if words.is_empty() || line == words => line.to_owned(),
            (line, words) => format!("{line}, {words}"),
        }
    }

    /// The country that the place is, or lies in.
    pub const fn country(&self) -> Option<CountryCode> {
        self.address.country
    }
}

/// The places by their ids.
pub(super) fn read<'d, 't: 'd>(
    root: Node<'d, 't>,
    values: &Values<'_>,
    odd: &mut Oddities<'_>,
) -> FxHashMap<&'d str, Place> {
    let locations = root.each_in("Locations", "Location");
    locations.map(|location| (location.attr("ID"), place(location, values, odd))).collect()
}

fn place(location: Node<'_, '_>, values: &Values<'_>, odd: &mut Oddities<'_>) -> Place {
    let mut place = Place::default();
    let mut streets = Vec::new();
    let mut regions = Vec::new();
    let mut originals = Vec::new();
    for part in location.each("LocationPart") {
        let sort = values.text("LocPartType", part.attr("LocPartTypeID")).to_ascii_uppercase();
        let (latin, other) = part_values(part);
        originals.extend(other);
        if latin.is_empty() {
            continue;
        }
        match sort.as_str() {
            "CITY" => place.address.city = latin,
            "POSTAL CODE" => place.address.postal_code = latin,
            "STATE/PROVINCE" | "REGION" => regions.push(latin),
            // The order in the file is not that of the lines.
            "ADDRESS1" | "ADDRESS2" | "ADDRESS3" => streets.push((sort, latin)),
            "" | "UNKNOWN" => match odd.find_country(&latin) {
                Some(code) => {
                    place.address.country = Some(code);
                    place.country_words = latin;
                }
                None => streets.push(("UNKNOWN".to_owned(), latin)),
            },
            _ => {
                odd.note("parts of a place that are not known here", &sort);
                streets.push((sort, latin));
            }
        }
    }
    for country in location.each("LocationCountry") {
        let (code, words) = values.country(country.attr("CountryID"), odd);
        set_country(&mut place, code, words, &mut regions);
    }
    for area in location.each("LocationAreaCode") {
        if place.address.country.is_none() && regions.is_empty() {
            let (code, words) = values.area(area.attr("AreaCodeID"), odd);
            set_country(&mut place, code, words, &mut regions);
        }
    }
    streets.sort_by(|a, b| a.0.cmp(&b.0));
    let streets: Vec<_> = streets.into_iter().map(|(_, text)| text).collect();
    place.address.street = streets.join(", ");
    regions.dedup();
    place.address.region = regions.join(", ");
    place.original = originals.join(", ");
    place
}

/// A country that is not known stays as region.
fn set_country(place: &mut Place, code: Option<CountryCode>, words: &str, regions: &mut Vec<String>) {
    match code {
        Some(_) => {
            place.address.country = code;
            words.clone_into(&mut place.country_words);
        }
        None if !words.is_empty() => {
            regions.push(words.strip_prefix("Region: ").unwrap_or(words).to_owned());
        }
        None => {}
    }
}

/// The value in Latin script, and those in others.
fn part_values(part: Node<'_, '_>) -> (String, Vec<String>) {
    let mut latin = String::new();
    let mut other = Vec::new();
    for value in part.each("LocationPartValue") {
        let text = value.words_of("Value");
        let foreign = text.chars().any(|c| c.is_alphabetic() && u32::from(c) >= 0x370);
        if foreign || (!latin.is_empty() && !text.is_empty()) {
            other.push(text);
        } else if !text.is_empty() {
            latin = text;
        }
    }
    // A part that is only in another script is better than none.
    if latin.is_empty() && !other.is_empty() {
        latin = other.remove(0);
    }
    (latin, other)
}
