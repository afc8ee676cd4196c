//! `origin`, `departure`, `transit`, `destination`: the country is in a set,
//! or is known and in none.

use std::sync::Arc;

use crate::diagnostic::{Diagnostics, Item, Table};
use crate::place::CountrySet;
use crate::trade::{At, CountryCode};

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, or, references, sentence};

/// A set, or one country by its code.
#[derive(Clone, Debug)]
enum Within {
    Set(Arc<CountrySet>),
    Country(CountryCode),
}

/// Countries that a condition asks for: in one of these, or in none.
#[derive(Clone, Debug)]
pub(super) struct Countries {
    within: Vec<Within>,
    /// The country must be in none of them.
    outside: bool,
}

impl Countries {
    /// Reads `within` or `outside`; `None` when neither is there.
    pub fn read(table: &mut Table<'_, '_>, refs: &Refs<'_>, out: &mut Diagnostics) -> Option<Self> {
        let known = refs.places.set_ids();
        let resolve = |id: &str| {
            refs.places.set(id).map(|set| Within::Set(Arc::clone(set))).or_else(|| {
                let is_code = id.len() == 2 && id.bytes().all(|b| b.is_ascii_uppercase());
                CountryCode::new(id).filter(|_| is_code).map(Within::Country)
            })
        };
        let within = references(table, "within", "set of countries", &known, resolve, out);
        let outside = references(table, "outside", "set of countries", &known, resolve, out);
        match (within.is_empty(), outside.is_empty()) {
            (false, true) => Some(Self { within, outside: false }),
            (true, false) => Some(Self { within: outside, outside: true }),
            (false, false) => {
                out.push(table.error("give `within` or `outside`, not both"));
                None
            }
            (true, true) => None,
        }
    }

    /// Whether the country fits, and if so why, in words.
    pub fn fits(&self, country: CountryCode) -> Option<String> {
        let mut reasons = Vec::new();
        for within in &self.within {
            match within {
                Within::Country(wanted) if *wanted == country => reasons.push(String::new()),
                Within::Set(set) if set.contains(country) => {
                    let named: Vec<String> = set
                        .reasons(country)
                        .filter(|member| !member.cite.is_empty())
                        .map(|member| {
                            let date = member.date.map(|date| format!(", {date}")).unwrap_or_default();
                            let sure = if member.certainty.is_empty() {
                                String::new()
                            } else {
                                format!(" [{}]", member.certainty)
                            };
                            format!("{}{date}{sure}", member.cite)
                        })
                        .collect();
                    let named =
                        if named.is_empty() { String::new() } else { format!(" ({})", named.join("; ")) };
                    reasons.push(format!(" in \"{}\"{named}", set.title));
                }
                _ => {}
            }
        }
        match (self.outside, reasons.is_empty()) {
            (false, true) | (true, false) => None,
            (false, false) => Some(reasons.concat()),
            (true, true) => Some(format!(" outside {}", self.names())),
        }
    }

    fn names(&self) -> String {
        or(self.within.iter().map(|within| match within {
            Within::Set(set) => format!("\"{}\"", set.title),
            Within::Country(country) => country.to_string(),
        }))
    }

    pub fn words(&self) -> String {
        format!("{} {}", if self.outside { "outside" } else { "within" }, self.names())
    }
}

/// Which country of the shipment is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Leg {
    Origin,
    Departure,
    Transit,
    Destination,
}

#[derive(Debug)]
struct Country {
    leg: Leg,
    countries: Countries,
}

fn parse(leg: Leg, item: Item<'_, '_>, refs: &Refs<'_>, out: &mut Diagnostics) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    let before = out.iter().count();
    let countries = Countries::read(&mut table, refs, out);
    if countries.is_none() && out.iter().count() == before {
        out.push(item.error("`within` or `outside` is missing"));
    }
    table.finish(out);
    Some(Box::new(Country { leg, countries: countries? }))
}

pub(super) fn parse_origin(
    item: Item<'_, '_>,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    parse(Leg::Origin, item, refs, out)
}

pub(super) fn parse_departure(
    item: Item<'_, '_>,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    parse(Leg::Departure, item, refs, out)
}

pub(super) fn parse_transit(
    item: Item<'_, '_>,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    parse(Leg::Transit, item, refs, out)
}

pub(super) fn parse_destination(
    item: Item<'_, '_>,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    parse(Leg::Destination, item, refs, out)
}

impl Country {
    fn name(&self) -> &'static str {
        match self.leg {
            Leg::Origin => "country of origin",
            Leg::Departure => "departure",
            Leg::Transit => "transit",
            Leg::Destination => "destination",
        }
    }
}

impl Condition for Country {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let route = &scene.facts.shipment.route;
        let mut places: Vec<(CountryCode, Option<At>, Subject)> = Vec::new();
        match self.leg {
            Leg::Origin => {
                if let Some((number, line)) = item.and_then(|item| Some((item, scene.item(item)?)))
                    && let Some(country) = line.origin
                {
                    places.push((country, line.at("origin"), Subject::Item(number)));
                }
            }
            Leg::Departure | Leg::Destination => {
                let place = if self.leg == Leg::Departure { &route.departure } else { &route.destination };
                if let Some(place) = place
                    && let Some(country) = place.country
                {
                    places.push((country, Some(place.at.clone()), Subject::Route));
                }
            }
            Leg::Transit => {
                places.extend(
                    route
                        .transit
                        .iter()
                        .filter_map(|place| Some((place.country?, Some(place.at.clone()), Subject::Route))),
                );
            }
        }
        let before = evidence.len();
        for (country, at, subject) in places {
            if let Some(why) = self.countries.fits(country) {
                let words = format!("{} {country}{why}", sentence(self.name()));
                evidence.push(Evidence { subject, at, hit: None, words, series: None });
            }
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        format!("the {} is {}", self.name(), self.countries.words())
    }

    fn about_goods(&self) -> bool {
        self.leg == Leg::Origin
    }
}
