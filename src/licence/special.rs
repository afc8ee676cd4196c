//! Dated rules beside the lists: embargoes, end uses, listed parties, notes; and
//! the de minimis shares. Read from `us-rules.toml` and `eu.toml`.
//!
//! A rule says what follows and where that stands; the views weigh it.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostics, Item, Pack, Table};
use crate::place::Places;

use super::answer::Source;
use super::condition::{Codes, Destination, Subject, Where, source};
use super::question::{EndUse, Law, Question};
use super::scope::Reach;

/// What a rule does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Effect {
    Embargo,
    Required,
    Ask,
    Note,
}

impl Effect {
    const WORDS: [&'static str; 4] = ["embargo", "required", "ask", "note"];

    fn from_key(key: &str) -> Option<Self> {
        [Self::Embargo, Self::Required, Self::Ask, Self::Note]
            .into_iter()
            .zip(Self::WORDS)
            .find_map(|(effect, word)| (word == key).then_some(effect))
    }
}

/// Days on which something was in force; both ends belong.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Days {
    from: Option<Date>,
    until: Option<Date>,
}

impl Days {
    pub(super) fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        let days = Self { from: table.opt_date("from", out), until: table.opt_date("until", out) };
        if let (Some(from), Some(until)) = (days.from, days.until)
            && until < from
        {
            out.push(table.error("`until` lies before `from`"));
        }
        days
    }

    pub(super) fn hold(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// How a listed party is tied to the shipment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Party {
    Listed,
    /// A listed party owns one of the shipment.
    Owner,
}

/// A rule.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub id: String,
    pub effect: Effect,
    place: Where,
    codes: Codes,
    uses: Vec<EndUse>,
    unless_uses: Vec<EndUse>,
    /// Only where such a party is in the shipment.
    pub party: Option<Party>,
    without_region: bool,
    /// Lists of tariff codes, one of which must hold the declared one.
    tariff: Vec<TariffList>,
    /// The rule is silent where the declared tariff code is told to be in one.
    unless_tariff: Vec<TariffList>,
    days: Days,
    pub words: String,
    pub ask: Option<String>,
    /// The question does not make the outcome indeterminate.
    pub soft: bool,
    pub source: Source,
}

/// A list of tariff codes.
#[derive(Clone, Debug)]
pub(super) struct TariffList {
    id: String,
    codes: Vec<String>,
}

impl TariffList {
    pub(super) fn read(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Self {
        let id = table.string("id", out);
        table.string("title", out);
        let codes: Vec<String> = table.string("codes", out).split_whitespace().map(str::to_owned).collect();
        let digits = |code: &String| code.len() >= 2 && code.bytes().all(|b| b.is_ascii_digit());
        if codes.is_empty() || !codes.iter().all(digits) {
            out.push(table.error("`codes` are tariff codes of two digits or more, with spaces between"));
        }
        table.finish(out);
        Self { id, codes }
    }

    /// Whether a declared code is under one of the list.
    fn holds(&self, declared: &str) -> bool {
        // Dots and spaces do not matter.
        let first: String = declared.chars().filter(char::is_ascii_digit).take(6).collect();
        self.codes.iter().any(|code| first.starts_with(code.as_str()))
    }
}

/// The lists that a rule names.
fn tariff_lists(
    table: &mut Table<'_, '_>,
    key: &'static str,
    lists: &[TariffList],
    out: &mut Diagnostics,
) -> Vec<TariffList> {
    let items = table.get(key).map(Item::one_or_many).unwrap_or_default();
    let mut found = Vec::new();
    for item in items {
        let Some(id) = item.string(out) else { continue };
        match lists.iter().find(|list| list.id == id) {
            Some(list) => found.push(list.clone()),
            None => out.push(item.error(format!("unknown list of tariff codes `{id}`"))),
        }
    }
    found
}

/// A de minimis share.
#[derive(Clone, Debug)]
pub(super) struct DeMinimis {
    pub percent: Decimal,
    place: Where,
    codes: Codes,
    pub words: String,
    pub source: Source,
}

/// Reads end uses under a key.
pub(super) fn uses(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Vec<EndUse> {
    let Some(item) = table.get(key) else { return Vec::new() };
    let mut found = Vec::new();
    for item in item.one_or_many() {
        let Some(text) = item.string(out) else { continue };
        match EndUse::from_key(text) {
            Some(end_use) => found.push(end_use),
            None => out.push(item.error(format!("`{text}` is not an end use"))),
        }
    }
    found
}

impl Party {
    fn from_key(key: &str) -> Option<Self> {
        match key {
            "listed" => Some(Self::Listed),
            "owner" => Some(Self::Owner),
            _ => None,
        }
    }
}

impl Rule {
    pub(super) fn read(
        table: &mut Table<'_, '_>,
        pack: &Pack,
        (places, lists): (&Places, &[TariffList]),
        out: &mut Diagnostics,
    ) -> Option<Self> {
        let id = table.string("id", out);
        table.require("effect", out);
        let effect = table.word("effect", &Effect::WORDS, Effect::from_key, out);
        let rule = Self {
            id,
            effect: effect?,
            place: Where::read(table, places, out),
            codes: Codes::read(table, out),
            uses: uses(table, "uses", out),
            unless_uses: uses(table, "unless_uses", out),
            party: table.word("party", &["listed", "owner"], Party::from_key, out),
            without_region: table.opt_boolean("ask_only_without_region", out).unwrap_or(false),
            tariff: tariff_lists(table, "tariff", lists, out),
            unless_tariff: tariff_lists(table, "unless_tariff", lists, out),
            days: Days::read(table, out),
            words: table.string("words", out),
            ask: table.opt_string("ask", out),
            soft: table.opt_boolean("soft", out).unwrap_or(false),
            source: source(table, pack, out),
        };
        if rule.effect == Effect::Ask && rule.ask.is_none() {
            out.push(table.error(format!("the rule `{}` asks nothing: `ask` is missing", rule.id)));
        }
        Some(rule)
    }

    /// Whether the rule looks at the tariff code.
    pub(super) fn by_tariff(&self) -> bool {
        !self.tariff.is_empty()
    }

    /// Whether the rule speaks to the question; `Open` when only the declared
    /// paragraph keeps it from doing so.
    pub(super) fn reach(
        &self,
        law: Law,
        question: &Question,
        destination: &Destination,
        subject: &Subject<'_>,
    ) -> Reach {
        let any = |uses: &[EndUse]| uses.iter().any(|end_use| question.uses.contains(end_use));
        let listed = |owner: bool| question.listed.iter().any(|e| e.law == law && e.as_owner == owner);
        let fits = self.days.hold(question.date)
            && self.place.fits(destination)
            && (self.uses.is_empty() || any(&self.uses))
            && !any(&self.unless_uses)
            && (self.tariff.is_empty() || self.tariff.iter().any(|list| list.holds(&question.tariff)))
            && !self.unless_tariff.iter().any(|list| list.holds(&question.tariff))
            && self.party.is_none_or(|party| listed(party == Party::Owner))
            && (!self.without_region || destination.regions.is_empty());
        if fits { self.codes.reach(subject) } else { Reach::No }
    }
}

impl DeMinimis {
    pub(super) fn read(
        table: &mut Table<'_, '_>,
        pack: &Pack,
        places: &Places,
        out: &mut Diagnostics,
    ) -> Option<Self> {
        let percent = table.require("percent", out).and_then(|item| item.decimal(out));
        let line = Self {
            percent: percent?,
            place: Where::read(table, places, out),
            codes: Codes::read(table, out),
            words: table.string("words", out),
            source: source(table, pack, out),
        };
        Some(line)
    }

    /// Whether this line is the one for the goods. A paragraph that is not
    /// declared counts as the stricter one.
    pub(super) fn fits(&self, destination: &Destination, subject: &Subject<'_>) -> bool {
        self.place.fits(destination) && !self.codes.reach(subject).is_no()
    }
}
