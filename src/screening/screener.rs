//! One shipment → one screening. Pure: no clock, no environment, no I/O.

use std::sync::Arc;

use jiff::civil::Date;

use crate::advice::{self, Context};
use crate::config::Profile;
use crate::decision::Decisions;
use crate::flow::history::History;
use crate::flow::norms::{self, NormTable, Parameters};
use crate::goods::GoodsNote;
use crate::licence::{Law, ListedEntry};
use crate::matching::{Hit, KindFilter, Matched, Matcher, PartyQuery, Strength};
use crate::ownership::{Memory, Met, Ownership, Statement};
use crate::rule::{Facts, Library, ListedFact};
use crate::trade::{CountryCode, LineItem, Party, PartyKind, PartyRole, Shipment};
use crate::watchlist::Effect;

use super::draw::Allotment;
use super::memo::Memo;
use super::outcome::{Screening, Unscreenable};
use super::owners::{self, Owners};

/// Lists, rules and profile, ready to screen. Immutable; open it once and
/// share it between threads.
#[derive(Debug)]
pub struct Screener {
    matcher: Matcher,
    rules: Library,
    profile: Profile,
    as_of: Date,
    /// What was shipped before.
    history: Option<Arc<History>>,
    decisions: Decisions,
    /// What each shipment may draw on licences, where that is settled.
    allotment: Option<Allotment>,
    /// By list, in the order of the matcher: the texts that facts repeat.
    list_words: Vec<ListWords>,
    /// Who owns whom, where anything is known of it.
    owners: Option<Owners>,
    /// What is usual for goods, where norms are given.
    norms: Option<NormTable>,
}

#[derive(Debug)]
struct ListWords {
    id: Arc<str>,
    title: Arc<str>,
    jurisdiction: Arc<str>,
    binding: bool,
}

impl Screener {
    #[must_use]
    pub fn new(matcher: Matcher, rules: Library, profile: Profile, as_of: Date) -> Self {
        let list_words = matcher
            .lists()
            .iter()
            .map(|list| ListWords {
                id: list.id.as_str().into(),
                title: list.title.as_str().into(),
                jurisdiction: list.jurisdiction.as_str().into(),
                binding: profile.is_bound_by(&list.jurisdiction),
            })
            .collect();
        let decisions = Decisions::default();
        Self {
            matcher,
            rules,
            profile,
            as_of,
            decisions,
            allotment: None,
            history: None,
            list_words,
            owners: None,
            norms: None,
        }
    }

    /// The same, seeing what was shipped before.
    #[must_use]
    pub fn with_history(mut self, history: Arc<History>) -> Self {
        self.history = Some(history);
        self
    }

    /// What was shipped before, if it is looked at.
    #[must_use]
    pub fn history(&self) -> Option<&History> {
        self.history.as_deref()
    }

    /// The same with decisions on findings.
    #[must_use]
    pub fn with_decisions(self, decisions: Decisions) -> Self {
        Self { decisions, ..self }
    }

    /// The same, with what each shipment may draw on licences: see
    /// [`allot`](super::allot).
    #[must_use]
    pub fn with_allotment(self, allotment: Allotment) -> Self {
        Self { allotment: Some(allotment), ..self }
    }

    pub(super) fn allotment(&self) -> Option<&Allotment> {
        self.allotment.as_ref()
    }

    #[must_use]
    pub fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    /// The same, with what files and the lists themselves state of owners. What
    /// is remembered changes nothing but the time it takes.
    #[must_use]
    pub fn with_ownership(mut self, statements: Vec<Statement>, memory: &dyn Memory) -> Self {
        self.owners = owners::owners(&self, statements, memory);
        self
    }

    /// The same, with what is usual for goods.
    #[must_use]
    pub fn with_norms(mut self, norms: NormTable) -> Self {
        self.norms = Some(norms);
        self
    }

    /// Who owns whom, where anything is known of it.
    #[must_use]
    pub fn ownership(&self) -> Option<&Ownership> {
        self.owners.as_ref().map(|owners| &owners.known)
    }

    #[must_use]
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    #[must_use]
    pub fn rules(&self) -> &Library {
        &self.rules
    }

    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Screens for another day from here on: rules and entries count as they are
    /// in force then. Nothing that was remembered of lines of goods may be used
    /// again.
    pub fn set_day(&mut self, day: Date) {
        self.as_of = day;
    }

    #[must_use]
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// Screens one shipment by itself.
    #[must_use]
    pub fn screen(&self, shipment: &Shipment) -> Screening {
        self.screen_with(
            shipment,
            |party| Arc::new(self.match_party(party)),
            |party| Arc::new(self.meet_owned(party)),
            |item, context| Arc::new(self.read_goods(shipment, item, context)),
        )
    }

    /// The same, with parties that were seen before looked up.
    #[must_use]
    pub fn screen_remembering(&self, shipment: &Shipment, memo: &Memo) -> Screening {
        let destination = destination(shipment);
        self.screen_with(
            shipment,
            |party| memo.get_or(party, || self.match_party(party)),
            |party| memo.owned_or(party, || self.meet_owned(party)),
            |item, context| {
                memo.line_or(item, destination, context, || self.read_goods(shipment, item, context))
            },
        )
    }

    /// Every list entry that a party meets.
    #[must_use]
    pub fn match_party(&self, party: &Party) -> Matched {
        let countries: Vec<CountryCode> = party.address.country.into_iter().collect();
        self.matcher.screen(&party_query(party, &countries))
    }

    /// Whom of the ownership statements a party may be.
    fn meet_owned(&self, party: &Party) -> Vec<Met> {
        let Some(owners) = &self.owners else { return Vec::new() };
        let countries: Vec<CountryCode> = party.address.country.into_iter().collect();
        owners.known.meet(&party_query(party, &countries))
    }

    /// What can be read out of one line of a shipment, as of item 0.
    fn read_goods(&self, shipment: &Shipment, item: &LineItem, context: &Context) -> Vec<GoodsNote> {
        advice::read_line(item, destination(shipment), self.as_of, &self.profile.bound_by, context)
    }

    /// Regions below country level that the destination and the parties who
    /// receive the goods name.
    fn regions(&self, shipment: &Shipment) -> Vec<String> {
        let places = self.rules.places();
        let mut found: Vec<String> = Vec::new();
        let mut add = |text: &str, country: Option<CountryCode>| {
            let regions = places.regions_in(text, country);
            found.extend(regions.iter().map(ToString::to_string));
        };
        if let Some(place) = &shipment.route.destination {
            add(&place.text, place.country);
        }
        for role in [PartyRole::Consignee, PartyRole::EndUser] {
            for party in shipment.in_role(role) {
                let address = &party.address;
                add(&[address.street.as_str(), &address.city, &address.region].join(" "), address.country);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The listed parties that licence rules ask about: surely met, on a list of
    /// a law that is modelled, each list and entry once.
    #[must_use]
    pub fn listed_entries(&self, hits: &[(usize, Hit)]) -> Vec<ListedEntry> {
        let mut entries: Vec<ListedEntry> = Vec::new();
        for (_, hit) in hits.iter().filter(|(_, hit)| hit.strength == Strength::Strong) {
            let law = match hit.list.jurisdiction.as_str() {
                "US" => Law::Us,
                "EU" => Law::Eu,
                _ => continue,
            };
            let text = |text: &Option<Arc<str>>| text.as_ref().map(ToString::to_string);
            let entry = ListedEntry {
                name: hit.entry.caption(),
                list: hit.list.id.clone(),
                law,
                requirement: text(&hit.entry.licence_requirement),
                policy: text(&hit.entry.licence_policy),
                as_owner: false,
            };
            if hit.entry.effect_on(self.as_of, hit.list.effect) != Effect::Advisory
                && !entries.contains(&entry)
            {
                entries.push(entry);
            }
        }
        entries
    }

    fn screen_with(
        &self,
        shipment: &Shipment,
        matched: impl Fn(&Party) -> Arc<Matched>,
        met: impl Fn(&Party) -> Arc<Vec<Met>>,
        read: impl Fn(&LineItem, &Context) -> Arc<Vec<GoodsNote>>,
    ) -> Screening {
        let mut hits: Vec<(usize, Hit)> = Vec::new();
        let mut unscreenable = Vec::new();
        for (party, declared) in shipment.parties.iter().enumerate() {
            let matched = matched(declared);
            hits.extend(matched.hits.iter().map(|hit| (party, hit.clone())));
            if let Some(reason) = &matched.unscreenable {
                unscreenable.push(Unscreenable {
                    at: Some(declared.at.clone()),
                    reason: format!("{}: {reason}", declared.role.label()),
                });
            }
        }
        let (regions, listed) = (self.regions(shipment), self.listed_entries(&hits));
        let read = |item: &LineItem| {
            let of = Context::of(shipment, item);
            read(item, &Context { regions: regions.clone(), listed: listed.clone(), ..of })
        };
        let mut facts = Facts {
            shipment,
            listed: hits
                .iter()
                .enumerate()
                .map(|(hit, (party, met))| self.listed_fact(*party, hit, met))
                .collect(),
            owned: match &self.owners {
                Some(owners) => owners::facts(self, owners, shipment, met),
                None => Vec::new(),
            },
            goods: self.rules.detect_goods(shipment),
            notes: notes(shipment, read),
            norms: match &self.norms {
                Some(table) => norms::read_items(table, shipment, Parameters::shipped()),
                None => Vec::new(),
            },
            past: self.history.as_ref().map(|history| history.facts(shipment)).unwrap_or_default(),
            bound_by: &self.profile.bound_by,
            as_of: self.as_of,
        };
        let findings = self.rules.evaluate(&facts);
        let owned = std::mem::take(&mut facts.owned);
        let mut screening = Screening::new(shipment, findings, hits, unscreenable);
        owners::mark_states(&owned, &mut screening);
        if !self.decisions.all().is_empty() {
            screening.decide(shipment, &self.decisions, self.as_of);
        }
        screening
    }

    pub(super) fn listed_fact(&self, party: usize, hit: usize, met: &Hit) -> ListedFact {
        let place = self.matcher.lists().iter().position(|list| Arc::ptr_eq(list, &met.list));
        let words = place.and_then(|place| self.list_words.get(place));
        let text = |pick: fn(&ListWords) -> &Arc<str>, other: &str| {
            words.map_or_else(|| other.into(), |words| Arc::clone(pick(words)))
        };
        ListedFact {
            party,
            hit,
            list: text(|w| &w.id, &met.list.id),
            list_title: text(|w| &w.title, &met.list.title),
            jurisdiction: text(|w| &w.jurisdiction, &met.list.jurisdiction),
            regime: met.list.regime,
            effect: met.entry.effect_on(self.as_of, met.list.effect),
            binding: words.is_some_and(|words| words.binding),
            by: met.by,
            quality: met.quality,
            score: met.score,
            strength: met.strength,
            programs: met.entry.programs.clone(),
            entry_name: met.entry.caption(),
            entry_id: met.entry.id.clone(),
        }
    }
}

/// The notes on every line of a shipment.
fn notes(shipment: &Shipment, read: impl Fn(&LineItem) -> Arc<Vec<GoodsNote>>) -> Vec<GoodsNote> {
    let mut notes = Vec::new();
    for (item, line) in shipment.items.iter().enumerate() {
        notes.extend(read(line).iter().map(|note| GoodsNote { item, ..note.clone() }));
    }
    notes
}

fn destination(shipment: &Shipment) -> Option<CountryCode> {
    shipment.route.destination.as_ref().and_then(|place| place.country)
}

/// A party as it is searched for; `countries` are its own.
#[must_use]
pub fn party_query<'a>(party: &'a Party, countries: &'a [CountryCode]) -> PartyQuery<'a> {
    PartyQuery {
        name: &party.name,
        kind: read_as(party),
        kinds: may_be(party),
        countries,
        address: Some(&party.address),
        identifiers: &party.identifiers,
    }
}

/// How a party's name is read.
pub(super) fn read_as(party: &Party) -> PartyKind {
    match (party.kind, party.role) {
        (PartyKind::Unknown, PartyRole::Vessel) => PartyKind::Vessel,
        (
            PartyKind::Unknown,
            PartyRole::Bank | PartyRole::Forwarder | PartyRole::Carrier | PartyRole::Warehouse,
        ) => PartyKind::Organization,
        (kind, _) => kind,
    }
}

/// What a party can be on a list. A consignee is no ship, though a ship may be
/// called alike; a carrier's field often names the ship.
pub(super) fn may_be(party: &Party) -> KindFilter {
    match (party.kind, party.role) {
        (PartyKind::Unknown, PartyRole::Vessel) => KindFilter::Only(PartyKind::Vessel),
        (PartyKind::Unknown, PartyRole::Carrier) => KindFilter::Any,
        (PartyKind::Unknown, _) => KindFilter::Legal,
        (kind, _) => KindFilter::Only(kind),
    }
}
