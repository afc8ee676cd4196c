//! `differs` and `same`: two countries of the shipment.

use crate::diagnostic::{Diagnostics, Item};
use crate::trade::{At, CountryCode, PartyRole};

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Country {
    Destination,
    Departure,
    Transit,
    Origin,
    Of(PartyRole),
}

impl Country {
    fn from_key(key: &str) -> Option<Self> {
        match key {
            "destination" => Some(Self::Destination),
            "departure" => Some(Self::Departure),
            "transit" => Some(Self::Transit),
            "origin" => Some(Self::Origin),
            key => PartyRole::from_key(key.strip_suffix(".country")?).map(Self::Of),
        }
    }

    fn words(self) -> String {
        match self {
            Self::Destination => "destination".to_owned(),
            Self::Departure => "departure".to_owned(),
            Self::Transit => "transit".to_owned(),
            Self::Origin => "country of origin".to_owned(),
            Self::Of(role) => format!("country of the {}", role.label()),
        }
    }

    /// The countries stated, with their cells.
    fn read(self, scene: &Scene<'_>, item: Option<usize>) -> Vec<(CountryCode, Option<At>)> {
        let shipment = scene.facts.shipment;
        let of_place = |place: &crate::trade::Place| Some((place.country?, Some(place.at.clone())));
        match self {
            Self::Destination => shipment.route.destination.iter().filter_map(of_place).collect(),
            Self::Departure => shipment.route.departure.iter().filter_map(of_place).collect(),
            Self::Transit => shipment.route.transit.iter().filter_map(of_place).collect(),
            Self::Origin => item
                .and_then(|item| scene.item(item))
                .and_then(|line| Some((line.origin?, line.at("origin"))))
                .into_iter()
                .collect(),
            Self::Of(role) => shipment
                .in_role(role)
                .filter_map(|party| Some((party.address.country?, Some(party.at.clone()))))
                .collect(),
        }
    }
}

#[derive(Debug)]
struct Pair {
    first: Country,
    second: Country,
    same: bool,
}

fn parse(same: bool, item: Item<'_, '_>, out: &mut Diagnostics) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    let fields = table.require("fields", out)?;
    table.finish(out);
    let items = fields.array(out)?;
    let mut read = Vec::new();
    for item in &items {
        let Some(text) = item.string(out) else { continue };
        match Country::from_key(text) {
            Some(country) => read.push(country),
            None => {
                out.push(item.error(format!("`{text}` is not a country of the shipment")).help(
                    "destination, departure, transit, origin, or ROLE.country such as end-user.country",
                ));
            }
        }
    }
    if let [first, second] = read[..] {
        return Some(Box::new(Pair { first, second, same }));
    }
    if items.len() != 2 {
        out.push(fields.error("`fields` names two countries"));
    }
    None
}

pub(super) fn parse_differs(
    item: Item<'_, '_>,
    _: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    parse(false, item, out)
}

pub(super) fn parse_same(
    item: Item<'_, '_>,
    _: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    parse(true, item, out)
}

impl Condition for Pair {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let before = evidence.len();
        let second = self.second.read(scene, item);
        for (one, at) in self.first.read(scene, item) {
            for (other, _) in second.iter().filter(|(other, _)| (*other == one) == self.same) {
                let verb = if self.same { "is also" } else { "differs from" };
                evidence.push(Evidence {
                    subject: Subject::Route,
                    at: at.clone(),
                    hit: None,
                    series: None,
                    words: format!(
                        "The {} ({one}) {verb} the {} ({other})",
                        self.first.words(),
                        self.second.words()
                    ),
                });
            }
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        let verb = if self.same { "is the same as" } else { "differs from" };
        format!("the {} {verb} the {}", self.first.words(), self.second.words())
    }

    fn about_goods(&self) -> bool {
        self.first == Country::Origin || self.second == Country::Origin
    }
}
