//! `past`: what shipments before this one say of a party, a lane or the goods.
//! Without a history it never holds.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostics, Item, Table, word};
use crate::flow::history::{Measure, PastFact, PastOf};
use crate::trade::{At, PartyRole};

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, role_words, roles, sentence};

/// Two bounds on a figure.
#[derive(Debug)]
struct Bounds {
    at_least: Option<Decimal>,
    below: Option<Decimal>,
}

impl Bounds {
    fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        let bounds =
            Self { at_least: table.opt_decimal("at_least", out), below: table.opt_decimal("below", out) };
        if bounds.at_least.is_none() && bounds.below.is_none() {
            out.push(table.error("`at_least` or `below` is missing"));
        }
        bounds
    }

    fn hold(&self, figure: Decimal) -> bool {
        self.at_least.is_none_or(|least| figure >= least) && self.below.is_none_or(|below| figure < below)
    }

    fn words(&self) -> String {
        match (self.at_least, self.below) {
            (Some(least), Some(below)) => format!("at least {least} and below {below}"),
            (Some(least), None) => format!("at least {least}"),
            (None, Some(below)) => format!("below {below}"),
            (None, None) => String::new(),
        }
    }
}

/// A volume within some days.
#[derive(Debug)]
struct Window {
    days: u16,
    measure: Measure,
    bounds: Bounds,
}

#[derive(Debug)]
struct Past {
    /// Each of them comes for the first time.
    first: Vec<PastOf>,
    /// What the other keys ask about.
    of: PastOf,
    roles: Vec<PartyRole>,
    days_since_first: Option<Bounds>,
    shipments: Option<Bounds>,
    window: Option<Window>,
    least_reach: Option<i32>,
}

pub(super) fn parse(item: Item<'_, '_>, _: &Refs<'_>, out: &mut Diagnostics) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    let first = table.get("first").map(Item::one_or_many).unwrap_or_default();
    let first: Vec<PastOf> =
        first.into_iter().filter_map(|item| word(item, &PastOf::WORDS, PastOf::from_key, out)).collect();
    let of = table.word("of", &PastOf::WORDS, PastOf::from_key, out).unwrap_or(PastOf::Party);
    let roles = roles(&mut table, out);
    let days_since_first = read_bounds(&mut table, "days_since_first", out);
    let shipments = read_bounds(&mut table, "shipments", out);
    let window = table.get("window").and_then(|item| read_window(item, out));
    let least_reach = table.opt_decimal("least_reach", out).and_then(|days| i32::try_from(days).ok());
    let condition = Past { first, of, roles, days_since_first, shipments, window, least_reach };
    if condition.first.is_empty() && !condition.asks_figures() {
        out.push(
            item.error("the condition asks nothing")
                .help("first = [\"party\"], days_since_first, shipments or window"),
        );
    }
    table.finish(out);
    Some(Box::new(condition))
}

fn read_bounds(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Option<Bounds> {
    let mut inner = table.get(key)?.table(out)?;
    let bounds = Bounds::read(&mut inner, out);
    inner.finish(out);
    Some(bounds)
}

fn read_window(item: Item<'_, '_>, out: &mut Diagnostics) -> Option<Window> {
    let mut table = item.table(out)?;
    let known = &crate::flow::history::Parameters::shipped().windows;
    let days = table.require("days", out)?;
    let number = days.decimal(out).and_then(|number| u16::try_from(number).ok());
    if number.is_none_or(|number| !known.contains(&number)) {
        let known: Vec<String> = known.iter().map(ToString::to_string).collect();
        out.push(days.error("no such window").help(format!("windows: {} days", known.join(", "))));
    }
    let (currency, unit) = (table.opt_string("currency", out), table.opt_string("unit", out));
    let measure = match (currency, unit) {
        (Some(currency), None) => Measure::money(&currency),
        (None, Some(unit)) if unit == "kg" => Measure::WEIGHT,
        (None, Some(unit)) => Measure::quantity(&unit),
        _ => {
            out.push(item.error("a window is in a `currency` or in a `unit`, `kg` for weight"));
            Measure::WEIGHT
        }
    };
    let bounds = Bounds::read(&mut table, out);
    table.finish(out);
    Some(Window { days: number?, measure, bounds })
}

impl Past {
    fn asks_figures(&self) -> bool {
        self.days_since_first.is_some() || self.shipments.is_some() || self.window.is_some()
    }

    /// Facts of a kind that are about this line and a party in one of the roles.
    fn facts<'s>(
        &'s self,
        scene: &'s Scene<'_>,
        of: PastOf,
        item: Option<usize>,
    ) -> impl Iterator<Item = &'s PastFact> {
        scene.facts.past.past.iter().filter(move |fact| {
            fact.of == of
                && (fact.item.is_none() || fact.item == item)
                && (self.roles.is_empty()
                    || fact.party.is_none_or(|party| {
                        let party = scene.facts.shipment.parties.get(party);
                        party.is_some_and(|party| self.roles.contains(&party.role))
                    }))
                && self.least_reach.is_none_or(|least| fact.reach_days >= least)
        })
    }

    fn figures(&self, fact: &PastFact) -> Option<String> {
        let mut words = Vec::new();
        if let Some(bounds) = &self.days_since_first {
            let days = fact.days_since_first.filter(|days| bounds.hold(Decimal::from(*days)))?;
            words.push(format!("first seen {days} days before"));
        }
        if let Some(bounds) = &self.shipments {
            bounds.hold(Decimal::from(fact.shipments)).then_some(())?;
            words.push(format!("{} shipments before", fact.shipments));
        }
        if let Some(window) = &self.window {
            let sum = fact.sums.iter().find(|sum| sum.days == window.days && sum.measure == window.measure);
            let amount = sum.map(|sum| sum.amount).filter(|amount| window.bounds.hold(*amount))?;
            words.push(format!("{} within the {} days before", window.measure.words(amount), window.days));
        }
        Some(words.join(", "))
    }
}

/// What a fact about several shipments is about, and the cell where that stands.
pub(super) fn place_of(
    scene: &Scene<'_>,
    party: Option<usize>,
    item: Option<usize>,
) -> (Subject, Option<At>) {
    match (party, item) {
        (Some(party), _) => {
            let at = scene.facts.shipment.parties.get(party).map(|party| party.at.clone());
            (Subject::Party(party), at)
        }
        (None, Some(item)) => (Subject::Item(item), scene.item(item).and_then(|line| line.at("hs"))),
        (None, None) => (Subject::Route, None),
    }
}

fn evidence_of(scene: &Scene<'_>, fact: &PastFact, what: &str) -> Evidence {
    let (subject, at) = place_of(scene, fact.party, fact.item);
    let merged = if fact.merged.is_empty() {
        String::new()
    } else {
        format!("; counted together with {}", fact.merged.join(", "))
    };
    let words = format!(
        "{}: {what}; the history reaches back {} days{merged}",
        sentence(fact.of.label()),
        fact.reach_days
    );
    Evidence { subject, at, hit: None, words, series: None }
}

impl Condition for Past {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let before = evidence.len();
        for of in &self.first {
            let found = evidence.len();
            for fact in self.facts(scene, *of, item) {
                if fact.first_seen.is_none() && fact.reaches {
                    evidence.push(evidence_of(scene, fact, "never before"));
                }
            }
            if evidence.len() == found {
                evidence.truncate(before);
                return false;
            }
        }
        if self.asks_figures() {
            let found = evidence.len();
            for fact in self.facts(scene, self.of, item) {
                if let Some(words) = self.figures(fact) {
                    evidence.push(evidence_of(scene, fact, &words));
                }
            }
            if evidence.len() == found {
                evidence.truncate(before);
            }
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        let mut words: Vec<String> =
            self.first.iter().map(|of| format!("{} comes for the first time", of.label())).collect();
        let mut figure = |bounds: &Option<Bounds>, what: &str| {
            words.extend(bounds.as_ref().map(|bounds| format!("{} {}", what, bounds.words())));
        };
        figure(&self.days_since_first, &format!("days since {} was first seen are", self.of.label()));
        figure(&self.shipments, &format!("shipments before of {} are", self.of.label()));
        if let Some(window) = &self.window {
            words.push(format!(
                "what was shipped of {} in {} days before is {} {}",
                self.of.label(),
                window.days,
                window.bounds.words(),
                window.measure.unit()
            ));
        }
        let roles = if self.roles.is_empty() {
            String::new()
        } else {
            format!(" (party: {})", role_words(&self.roles))
        };
        format!("by the history, {}{roles}", words.join(", and "))
    }

    fn about_goods(&self) -> bool {
        self.first.iter().chain(self.asks_figures().then_some(&self.of)).any(|of| of.is_goods())
    }
}
