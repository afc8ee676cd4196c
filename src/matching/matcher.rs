//! All lists, ready to be met: by identifier, by name, by address.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::name::{FieldPart, Lexicon, Name, PartKind, split_field};
use crate::trade::{Address, CountryCode, Identifier, PartyKind};
use crate::watchlist::{ListInfo, ListedParty, NameQuality, Watchlist, same_party_groups};

use super::address::AddressIndex;
use super::breakdown::{Adjustment, ScoreBreakdown};
use super::entries::{Entries, Entry};
use super::evidence::{Evidence, EvidenceModel, Feature, log_odds, probability};
use super::hit::{Hit, MatchedBy, Strength};
use super::identifier::IdentifierIndex;
use super::index::{Candidate, NameIndex, ParsedName};
use super::query::{CountrySet, KindFilter, NameQuery};

/// The two cut-offs, 0 to 1: below `possible` nothing is reported.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Thresholds {
    pub possible: f64,
    pub strong: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { possible: 0.60, strong: 0.90 }
    }
}

/// What is known of a party that is to be screened.
#[derive(Clone, Debug)]
pub struct PartyQuery<'a> {
    pub name: &'a str,
    /// Decides how the name is read.
    pub kind: PartyKind,
    /// Decides which entries it may meet.
    pub kinds: KindFilter,
    pub countries: &'a [CountryCode],
    pub address: Option<&'a Address>,
    pub identifiers: &'a [Identifier],
}

/// An entry that a name met, without explanation; for bulk matching.
#[derive(Clone, PartialEq, Debug)]
pub struct Ranked {
    pub list: Arc<ListInfo>,
    pub entry: Arc<ListedParty>,
    /// 0 to 1.
    pub score: f64,
}

/// What became of a party.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Matched {
    /// Best first, ties by list and entry id; an entry at most once.
    pub hits: Vec<Hit>,
    /// Why the name could not be screened, in plain words.
    pub unscreenable: Option<String>,
}

/// The lists, indexed. Immutable; share it between threads.
#[derive(Debug)]
pub struct Matcher {
    lexicon: &'static Lexicon,
    thresholds: Thresholds,
    pub(super) entries: Entries,
    pub(super) names: NameIndex,
    /// By number of the name in the index: which name of its entry it is.
    pub(super) name_numbers: Vec<u16>,
    pub(super) identifiers: IdentifierIndex,
    pub(super) addresses: AddressIndex,
    /// By entry: its group of entries that are the same party.
    pub(super) groups: Vec<u32>,
}

/// Entries whose names are parsed at once, by all threads: as many as keep
/// them busy, and no more, since parsed names take room.
const PARSED_AT_ONCE: usize = 512;

/// The names and addresses of an entry, parsed.
struct ParsedParty {
    names: Vec<ParsedName>,
    addresses: Vec<Option<Name>>,
}

/// One way to read a part of a field.
struct Reading {
    part: FieldPart,
    kind: PartyKind,
    name: Name,
    /// It hardly names anybody ("International" in brackets) and would meet
    /// everybody: only the very same name is looked for.
    only_same: bool,
}

impl Reading {
    fn query<'a>(&'a self, query: &PartyQuery<'_>) -> NameQuery<'a> {
        // Agreeing countries lift a score, so that names a little below the
        // cut-off must be looked at too.
        let lift =
            if query.countries.is_empty() { 0.0 } else { EvidenceModel::shipped().most(Feature::Country) };
        NameQuery {
            name: &self.name,
            kind: self.kind,
            kinds: query.kinds,
            part: self.part.kind,
            countries: CountrySet::of(query.countries),
            lift,
        }
    }
}

/// The best name of an entry so far.
#[derive(Clone, Copy)]
struct Best {
    candidate: Candidate,
    /// Index of the reading that gave it.
    reading: usize,
    log_odds: f32,
}

impl Best {
    fn score(&self) -> f64 {
        f64::from(probability(self.log_odds))
    }
}

impl ParsedParty {
    fn new(lexicon: &Lexicon, party: &ListedParty) -> Self {
        let names = if party.address_only { &[][..] } else { &party.names };
        Self {
            names: names.iter().map(|name| ParsedName::new(lexicon, &name.text, party.kind)).collect(),
            addresses: party.addresses.iter().map(|address| AddressIndex::parse(lexicon, address)).collect(),
        }
    }
}

impl Matcher {
    /// Indexes all lists.
    #[must_use]
    pub fn new(lists: &[Watchlist], lexicon: &'static Lexicon, thresholds: Thresholds) -> Self {
        let mut matcher = Self::empty(lexicon, thresholds);
        let (groups, ()) = rayon::join(|| same_party_groups(lists).concat(), || matcher.add_all(lists));
        matcher.groups = groups;
        let Self { names, addresses, identifiers, .. } = &mut matcher;
        rayon::join(|| names.finish(), || (addresses.finish(), identifiers.finish()));
        matcher.entries = Entries::of(lists);
        matcher
    }

    pub(super) fn empty(lexicon: &'static Lexicon, thresholds: Thresholds) -> Self {
        Self {
            lexicon,
            thresholds,
            entries: Entries::default(),
            names: NameIndex::default(),
            name_numbers: Vec::new(),
            identifiers: IdentifierIndex::default(),
            addresses: AddressIndex::default(),
            groups: Vec::new(),
        }
    }

    fn add_all(&mut self, lists: &[Watchlist]) {
        let parties: Vec<&ListedParty> =
            lists.iter().flat_map(|list| list.parties.iter().map(AsRef::as_ref)).collect();
        let mut entries = 0..;
        for parties in parties.chunks(PARSED_AT_ONCE) {
            let parsed: Vec<ParsedParty> =
                parties.par_iter().map(|party| ParsedParty::new(self.lexicon, party)).collect();
            for ((party, parsed), entry) in parties.iter().zip(&parsed).zip(&mut entries) {
                self.add(entry, party, parsed);
            }
        }
    }

    fn add(&mut self, entry: u32, party: &ListedParty, parsed: &ParsedParty) {
        let countries = CountrySet::of(&party.countries);
        for (number, parsed) in parsed.names.iter().enumerate() {
            let weak = party.names.get(number).is_some_and(|name| name.quality == NameQuality::Weak);
            self.names.add_name(entry, parsed, party.kind, countries, weak);
            let number = u16::try_from(number).unwrap_or(u16::MAX);
            self.name_numbers.extend(std::iter::repeat_n(number, parsed.len()));
        }
        for identifier in &party.identifiers {
            self.identifiers.add(entry, identifier);
        }
        for (address, parsed) in party.addresses.iter().zip(&parsed.addresses) {
            if let Some(name) = parsed {
                self.addresses.add(entry, address, name);
            }
        }
    }

    /// The lists, in the order given.
    #[must_use]
    pub fn lists(&self) -> &[Arc<ListInfo>] {
        self.entries.lists()
    }

    /// The entries that state relations to other parties, and the entries that
    /// those relations name by id.
    #[must_use]
    pub fn related(&self) -> Vec<(Arc<ListInfo>, Arc<ListedParty>)> {
        let related = self.entries.related().into_iter();
        related.map(|entry| (Arc::clone(entry.list), Arc::clone(entry.party))).collect()
    }

    #[must_use]
    pub fn lexicon(&self) -> &'static Lexicon {
        self.lexicon
    }

    #[must_use]
    pub fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// Entries that the name meets with at least `min_score` (above 0), best
    /// first, at most `top`; names and countries only.
    #[must_use]
    pub fn rank(&self, query: &PartyQuery<'_>, min_score: f64, top: usize) -> Vec<Ranked> {
        let readings = self.readings(query);
        let mut best: Vec<(u32, Best)> = self.best_names(query, &readings, min_score).into_iter().collect();
        best.sort_by(|a, b| b.1.log_odds.total_cmp(&a.1.log_odds).then(a.0.cmp(&b.0)));
        best.into_iter()
            .take(top)
            .filter_map(|(entry, best)| {
                let entry = self.entries.get(entry)?;
                Some(Ranked {
                    list: Arc::clone(entry.list),
                    entry: Arc::clone(entry.party),
                    score: best.score(),
                })
            })
            .collect()
    }

    /// What is counted for and against each of the best `top` entries, for
    /// fitting the weights: the entry, the kind it is weighed as, and the
    /// evidence of its best name.
    #[must_use]
    pub fn evidence(
        &self,
        query: &PartyQuery<'_>,
        min_score: f64,
        top: usize,
    ) -> Vec<(Ranked, PartyKind, Evidence)> {
        let readings = self.readings(query);
        let mut best: Vec<(u32, Best)> = self.best_names(query, &readings, min_score).into_iter().collect();
        best.sort_by(|a, b| b.1.log_odds.total_cmp(&a.1.log_odds).then(a.0.cmp(&b.0)));
        best.into_iter()
            .take(top)
            .filter_map(|(number, best)| {
                let entry = self.entries.get(number)?;
                let reading = readings.get(best.reading)?;
                let mut evidence = self.names.evidence(self.lexicon, reading.query(query), best.candidate);
                let agree = countries_agree(query.countries, &entry.party.countries);
                evidence[Feature::Country] = f32::from(u8::from(agree));
                let evidence = evidence.with_part(reading.part.kind);
                let kind =
                    if entry.party.kind == PartyKind::Unknown { reading.kind } else { entry.party.kind };
                Some((
                    Ranked {
                        list: Arc::clone(entry.list),
                        entry: Arc::clone(entry.party),
                        score: best.score(),
                    },
                    kind,
                    evidence,
                ))
            })
            .collect()
    }

    /// Every hit of a party at or above the `possible` threshold.
    #[must_use]
    pub fn screen(&self, query: &PartyQuery<'_>) -> Matched {
        Matched { hits: self.once_a_party(self.hits(query)), unscreenable: self.unscreenable(query) }
    }

    /// The same hits, also of entries that are the same party; best first.
    #[must_use]
    pub fn every_hit(&self, query: &PartyQuery<'_>) -> Vec<Hit> {
        self.hits(query).into_iter().map(|(_, hit)| hit).collect()
    }

    fn hits(&self, query: &PartyQuery<'_>) -> Vec<(u32, Hit)> {
        let readings = self.readings(query);
        let mut hits: FxHashMap<u32, Hit> = FxHashMap::default();
        for (entry, best) in self.best_names(query, &readings, self.thresholds.possible) {
            if let Some(hit) = self.name_hit(query, &readings, entry, best) {
                hits.insert(entry, hit);
            }
        }
        if let Some(address) = query.address {
            for found in self.addresses.find(self.lexicon, address) {
                self.add_address_hit(&mut hits, found);
            }
        }
        for identifier in query.identifiers {
            for (entry, listed) in self.identifiers.find(identifier) {
                self.add_identifier_hit(&mut hits, identifier, entry, listed);
            }
        }
        let mut hits: Vec<(u32, Hit)> = hits.into_iter().collect();
        hits.sort_by(|a, b| b.1.score.total_cmp(&a.1.score).then(a.1.by.cmp(&b.1.by)).then(a.0.cmp(&b.0)));
        hits
    }

    /// Entries of one party with the same effect under the same law become one
    /// hit, the best of them, which names the others.
    fn once_a_party(&self, hits: Vec<(u32, Hit)>) -> Vec<Hit> {
        let mut kept: Vec<(u32, Hit)> = Vec::with_capacity(hits.len());
        let effect = |hit: &Hit| hit.entry.effect.unwrap_or(hit.list.effect);
        for (entry, hit) in hits {
            let group = self.groups.get(entry as usize);
            let twin = kept.iter_mut().find(|(other, twin)| {
                group.is_some()
                    && self.groups.get(*other as usize) == group
                    && effect(twin) == effect(&hit)
                    && twin.list.jurisdiction == hit.list.jurisdiction
            });
            match twin {
                Some((_, twin)) => twin.breakdown.adjustments.push(Adjustment {
                    why: format!("the same party is entry {} of {}", hit.entry.id, hit.list.id),
                    change: 0.0,
                }),
                None => kept.push((entry, hit)),
            }
        }
        kept.into_iter().map(|(_, hit)| hit).collect()
    }

    /// The ways to read the field: each part of it, as a company and (where
    /// the kind is not known) as a person.
    fn readings(&self, query: &PartyQuery<'_>) -> Vec<Reading> {
        let kinds: &[PartyKind] = match query.kind {
            PartyKind::Unknown => &[PartyKind::Organization, PartyKind::Person],
            ref kind => std::slice::from_ref(kind),
        };
        let mut readings: Vec<Reading> = Vec::new();
        for part in split_field(self.lexicon, query.name) {
            let mut is_no_person = false;
            for &kind in kinds {
                if kind == PartyKind::Person && is_no_person {
                    continue;
                }
                let name = Name::parse(self.lexicon, &part.text, kind);
                let general = name.word_weight() < enough_for(part.kind);
                is_no_person = general || name.has_legal_form();
                let same = |other: &Name| {
                    other.tokens.len() == name.tokens.len()
                        && other
                            .tokens
                            .iter()
                            .zip(&name.tokens)
                            .all(|(a, b)| a.text == b.text && a.class == b.class)
                };
                let names_somebody = !general || is_whole_name(&name, part.kind);
                if names_somebody && !readings.iter().any(|other| same(&other.name)) {
                    readings.push(Reading { part: part.clone(), kind, name, only_same: general });
                }
            }
        }
        readings
    }

    fn best_names(
        &self,
        query: &PartyQuery<'_>,
        readings: &[Reading],
        min_score: f64,
    ) -> FxHashMap<u32, Best> {
        let mut best: FxHashMap<u32, Best> = FxHashMap::default();
        let model = EvidenceModel::shipped();
        #[expect(clippy::cast_possible_truncation, reason = "a score between 0 and 1")]
        let wanted = log_odds(min_score as f32);
        for (number, reading) in readings.iter().enumerate() {
            let (query_name, cutoff) = (reading.query(query), probability(wanted));
            let found = if reading.only_same {
                self.names.search_same(self.lexicon, query_name, cutoff)
            } else {
                self.names.search(self.lexicon, query_name, cutoff)
            };
            for candidate in found {
                let Some(kind) = self.entries.kind(candidate.entry) else { continue };
                let agree = countries_agree(query.countries, self.entries.countries(candidate.entry));
                let listed = if kind == PartyKind::Unknown { reading.kind } else { kind };
                let lift = if agree { model.of(listed, Feature::Country) } else { 0.0 };
                let new = Best { candidate, reading: number, log_odds: candidate.log_odds + lift };
                if new.log_odds < wanted {
                    continue;
                }
                best.entry(candidate.entry)
                    .and_modify(|old| {
                        if new.log_odds > old.log_odds {
                            *old = new;
                        }
                    })
                    .or_insert(new);
            }
        }
        best
    }

    fn name_hit(&self, query: &PartyQuery<'_>, readings: &[Reading], entry: u32, best: Best) -> Option<Hit> {
        let Entry { list, party } = self.entries.get(entry)?;
        let number = usize::from(*self.name_numbers.get(best.candidate.name as usize)?);
        let listed = party.names.get(number)?;
        let reading = readings.get(best.reading)?;
        let score = best.score();
        let mut breakdown = self
            .names
            .explain(self.lexicon, reading.query(query), best.candidate)
            .map(|explained| explained.breakdown(best.log_odds))
            .unwrap_or_default();
        breakdown.query.clone_from(&reading.part.text);
        breakdown.part.clone_from(&reading.part.say);
        breakdown.listed = listed.text.to_string();
        let lift = score - f64::from(probability(best.candidate.log_odds));
        if countries_agree(query.countries, &party.countries) {
            breakdown.adjustments.push(Adjustment { why: "the country agrees".to_owned(), change: lift });
        } else if !query.countries.is_empty() && !party.countries.is_empty() {
            breakdown.adjustments.push(Adjustment {
                why: format!(
                    "the countries differ ({} against {}); this takes nothing off",
                    join(query.countries),
                    join(&party.countries)
                ),
                change: 0.0,
            });
        }
        Some(Hit {
            list: Arc::clone(list),
            entry: Arc::clone(party),
            by: MatchedBy::Name,
            listed_text: listed.text.to_string(),
            quality: listed.quality,
            score,
            strength: self.strength(score),
            breakdown,
        })
    }

    fn strength(&self, score: f64) -> Strength {
        if score >= self.thresholds.strong { Strength::Strong } else { Strength::Possible }
    }

    fn add_address_hit(&self, hits: &mut FxHashMap<u32, Hit>, found: super::address::AddressHit) {
        let Some(Entry { list, party }) = self.entries.get(found.entry) else { return };
        if let Some(hit) = hits.get_mut(&found.entry) {
            // The address confirms the name: half of what is missing to 1.
            let change = (1.0 - hit.score) / 2.0;
            hit.score += change;
            hit.strength = self.strength(hit.score);
            hit.breakdown.score = hit.score;
            hit.breakdown
                .adjustments
                .push(Adjustment { why: format!("the address agrees: {}", found.listed), change });
            return;
        }
        let score = f64::from(found.score);
        let hit = Hit {
            list: Arc::clone(list),
            entry: Arc::clone(party),
            by: MatchedBy::Address,
            listed_text: found.listed,
            quality: NameQuality::Primary,
            score,
            strength: self.strength(score),
            breakdown: found.breakdown,
        };
        hits.insert(found.entry, hit);
    }

    fn add_identifier_hit(
        &self,
        hits: &mut FxHashMap<u32, Hit>,
        identifier: &Identifier,
        entry: u32,
        listed: &str,
    ) {
        let Some(Entry { list, party }) = self.entries.get(entry) else { return };
        let name_score = hits.get(&entry).map(|hit| hit.score);
        let mut breakdown = ScoreBreakdown {
            query: identifier.value.clone(),
            part: format!("the identifier ({})", identifier.kind.key()),
            listed: listed.to_owned(),
            score: 1.0,
            ..ScoreBreakdown::default()
        };
        breakdown.adjustments.push(Adjustment {
            why: match name_score {
                Some(score) => format!("the names agree too ({score:.2})"),
                None => "the names differ; the identifier decides".to_owned(),
            },
            change: 0.0,
        });
        let hit = Hit {
            list: Arc::clone(list),
            entry: Arc::clone(party),
            by: MatchedBy::Identifier,
            listed_text: listed.to_owned(),
            quality: NameQuality::Primary,
            score: 1.0,
            strength: Strength::Strong,
            breakdown,
        };
        hits.insert(entry, hit);
    }

    /// Why a name can't be trusted to have been screened.
    fn unscreenable(&self, query: &PartyQuery<'_>) -> Option<String> {
        let text = query.name.trim();
        if text.is_empty() || self.lexicon.is_placeholder(text) {
            return None;
        }
        let name = Name::parse(self.lexicon, text, query.kind);
        if name.tokens.is_empty() {
            return Some(format!("the name `{text}` holds nothing that can be compared"));
        }
        if name.unsupported_letters > 0 {
            return Some(format!("the name `{text}` holds letters of a script that is not supported"));
        }
        (!name.is_distinctive())
            .then(|| format!("the name `{text}` holds generic words only, which name nobody in particular"))
    }
}

/// Weight of distinctive words that a part of a field needs to be screened by
/// itself: one word of five letters, or two shorter ones.
const ENOUGH_FOR_A_PART: f32 = 0.9;
/// The same where a marker says that a name follows.
const ENOUGH_FOR_A_MARKED_PART: f32 = 0.4;

/// Weight of the words that a part of a field must hold.
fn enough_for(part: PartKind) -> f32 {
    match part {
        PartKind::Whole => 0.0,
        PartKind::Marked | PartKind::WithoutPlace => ENOUGH_FOR_A_MARKED_PART,
        PartKind::Unmarked => ENOUGH_FOR_A_PART,
    }
}

/// Fewest letters of a general name that is looked for as it is.
const MIN_GENERAL_LETTERS: usize = 8;

/// Whether a name of general words may be somebody's whole name (`GAZ GROUP`):
/// shorter ones are acronyms and places, and a `NATIONAL BANK` is told by its
/// place.
fn is_whole_name(name: &Name, part: PartKind) -> bool {
    let letters: usize = name.tokens.iter().map(|token| token.written.len()).sum();
    let words = if part == PartKind::WithoutPlace { 3 } else { 2 };
    name.tokens.len() >= words && letters >= MIN_GENERAL_LETTERS
}

fn countries_agree(query: &[CountryCode], listed: &[CountryCode]) -> bool {
    query.iter().any(|country| listed.contains(country))
}

fn join(countries: &[CountryCode]) -> String {
    countries.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
