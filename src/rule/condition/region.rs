//! `region`: a word of a place below country level stands on the route or in
//! an address, and the country given does not rule it out.

use crate::diagnostic::{Diagnostics, Item};
use crate::name::phrase_words;
use crate::place::{Places, Region as Place};
use crate::trade::{At, CountryCode};

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, or, references, words_of};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Where {
    Destination,
    Departure,
    Transit,
    PartyAddress,
}

impl Where {
    const ALL: [Self; 4] = [Self::Destination, Self::Departure, Self::Transit, Self::PartyAddress];
    const WORDS: [&'static str; 4] = ["destination", "departure", "transit", "party-address"];

    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| Self::WORDS[*place as usize] == key)
    }
}

#[derive(Debug)]
struct Region {
    regions: Vec<(usize, String)>,
    places: Vec<Where>,
    /// Words that are only a hint count too, or alone.
    hints: bool,
    /// For looking words up; regions are few.
    table: Places,
}

pub(super) fn parse(
    item: Item<'_, '_>,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    table.require("within", out)?;
    let known: Vec<&str> = refs.places.regions.iter().map(|region| &*region.id).collect();
    let resolve = |id: &str| refs.places.region(id).map(|number| (number, id.to_owned()));
    let regions = references(&mut table, "within", "region", &known, resolve, out);
    let mut places = words_of(&mut table, "in", &Where::WORDS, Where::from_key, out);
    if places.is_empty() {
        places = Where::ALL.into();
    }
    let hints = table.opt_boolean("hints", out).unwrap_or(false);
    table.finish(out);
    Some(Box::new(Region { regions, places, hints, table: refs.places.clone() }))
}

impl Region {
    /// The first word of one of the regions in the text.
    fn find(&self, text: &str, country: Option<CountryCode>) -> Option<(&Place, String)> {
        if text.is_empty() {
            return None;
        }
        let words = phrase_words(text);
        self.table.region_words.find(&words).find_map(|found| {
            let wanted = self.regions.iter().any(|(number, _)| *number == found.tag.region);
            let region = self.table.regions.get(found.tag.region)?;
            let fits = country
                .is_none_or(|country| region.countries.is_empty() || region.countries.contains(&country));
            (wanted && fits && found.tag.hint == self.hints)
                .then(|| (region, words[found.at..found.at + found.words].join(" ")))
        })
    }
}

impl Condition for Region {
    fn holds(&self, scene: &Scene<'_>, _: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let before = evidence.len();
        let route = &scene.facts.shipment.route;
        let mut look = |what: String, text: &str, country, at: Option<At>, subject| {
            if let Some((region, word)) = self.find(text, country) {
                let hint = if self.hints { ", a place on both sides of a line" } else { "" };
                evidence.push(Evidence {
                    subject,
                    at,
                    hit: None,
                    series: None,
                    words: format!("{what} \"{text}\" names \"{word}\": {}{hint}", region.title),
                });
            }
        };
        for place in &self.places {
            match place {
                Where::Destination | Where::Departure => {
                    let (what, place) = if *place == Where::Destination {
                        ("Destination", &route.destination)
                    } else {
                        ("Departure", &route.departure)
                    };
                    if let Some(place) = place {
                        look(
                            what.to_owned(),
                            &place.text,
                            place.country,
                            Some(place.at.clone()),
                            Subject::Route,
                        );
                    }
                }
                Where::Transit => {
                    for place in &route.transit {
                        look(
                            "Transit".to_owned(),
                            &place.text,
                            place.country,
                            Some(place.at.clone()),
                            Subject::Route,
                        );
                    }
                }
                Where::PartyAddress => {
                    for (number, party) in scene.parties() {
                        let address = &party.address;
                        let text = format!("{} {} {}", address.street, address.city, address.region);
                        let what = format!("The address of the {}", party.role.label());
                        look(
                            what,
                            text.trim(),
                            address.country,
                            Some(party.at.clone()),
                            Subject::Party(number),
                        );
                    }
                }
            }
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        let places = or(self.places.iter().map(|place| Where::WORDS[*place as usize].to_owned()));
        let hint = if self.hints { " by a name that is only a hint" } else { "" };
        format!("the {places} names a place in {}{hint}", or(self.regions.iter().map(|r| r.1.clone())))
    }
}
