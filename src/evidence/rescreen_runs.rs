//! The results of recorded runs, gone through for a rescreening: which parties
//! there are, and on which shipments.
//!
//! Knows the lines of results; what a party meets is told to it.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::screening::party_query;
use crate::trade::{At, Party, PartyRole};

use super::packed;
use super::record::Record;
use super::rescreen::{ChangedEntries, HitChange};
use super::results::{Line, OutcomeLine, PartyLine};
use super::runs::{EvidenceError, Result, RunLink, Runs, at};

/// Parties that are looked up at once, by all threads.
const AT_ONCE: usize = 4096;

/// Changed hits of a party on a shipment.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    pub run: String,
    /// Name of the shipment file.
    pub file: String,
    pub reference: String,
    pub lines: Vec<u64>,
    pub shipped: Option<jiff::civil::Date>,
    /// As recorded.
    pub verdict: String,
    pub role: PartyRole,
    pub name: String,
    pub country: Option<crate::trade::CountryCode>,
    pub change: HitChange,
    /// Whether the run itself had recorded this hit, though it is new.
    pub known: bool,
}

/// What a rescreening looked at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Looked {
    pub runs: u64,
    pub shipments: u64,
    /// Distinct parties, each as often as it is read in another way.
    pub parties: u64,
}

/// How a party is read depends on its role; roles alike in that are one.
type Way = (String, u8);

/// What changed for the parties seen so far; one for runs with the same lists.
#[derive(Debug, Default)]
pub struct Known {
    parties: FxHashMap<Way, Option<Arc<Vec<HitChange>>>>,
}

impl Runs {
    /// Goes through the results of a run and hands every changed hit to `emit`,
    /// in the order of the shipments.
    ///
    /// # Errors
    /// When the results can't be read, or `emit` fails.
    pub fn rescreen(
        &self,
        link: &RunLink,
        record: &Record,
        entries: &ChangedEntries,
        known: &mut Known,
        looked: &mut Looked,
        emit: &mut dyn FnMut(Found) -> Result<()>,
    ) -> Result<()> {
        looked.runs += 1;
        looked.shipments += record.summary.shipments;
        if entries.is_empty() {
            return Ok(());
        }
        let (parties, ways) = self.parties(link)?;
        let before = known.parties.len();
        known.look_up(&parties, &ways, entries)?;
        looked.parties += (known.parties.len() - before) as u64;
        let met = |number: u64, role: PartyRole| {
            let (text, party) = parties.get(usize::try_from(number).ok()?)?;
            let way = way(party, role);
            Some((party, known.parties.get(&(text.clone(), way))?.as_ref()?))
        };
        let any = ways.iter().any(|(number, role)| met(*number, *role).is_some());
        if !any {
            return Ok(());
        }
        self.outcomes(link, &mut |file, outcome| {
            for (index, (role, number)) in outcome.parties.iter().enumerate() {
                let Some(role) = PartyRole::from_key(role) else { continue };
                let Some((party, changes)) = met(*number, role) else { continue };
                for change in changes.iter() {
                    let new = matches!(change, HitChange::New(_));
                    let known = new && recorded(&outcome, index, change);
                    emit(Found {
                        run: link.run.clone(),
                        file: file.to_owned(),
                        reference: outcome.reference().to_owned(),
                        lines: outcome.lines.clone(),
                        shipped: outcome.shipped,
                        verdict: outcome.verdict.clone(),
                        role,
                        name: party.name.clone(),
                        country: party.address().country,
                        change: change.clone(),
                        known,
                    })?;
                }
            }
            Ok(())
        })
    }

    /// The results of a run, in order, with the name of the file of each.
    ///
    /// # Errors
    /// When they can't be read, or that of `emit`.
    pub fn outcomes(
        &self,
        link: &RunLink,
        emit: &mut dyn FnMut(&str, OutcomeLine) -> Result<()>,
    ) -> Result<()> {
        let mut files: Vec<String> = Vec::new();
        self.each_line(link, &mut |text| {
            if Line::is_party(text) {
                return Ok(());
            }
            match parse(link, text)? {
                Line::File { name, .. } => files.push(name),
                Line::Outcome(outcome) => {
                    let file = files.get(outcome.file).map_or("", String::as_str);
                    emit(file, *outcome)?;
                }
                Line::Head { .. } | Line::Party(_) => {}
            }
            Ok(())
        })
    }

    fn each_line(&self, link: &RunLink, each: &mut dyn FnMut(&str) -> Result<()>) -> Result<()> {
        let path = self.results_path(&link.run);
        let mut content = BufReader::with_capacity(1 << 16, packed::open(&path).map_err(at(&path))?);
        let mut text = String::new();
        loop {
            text.clear();
            if content.read_line(&mut text).map_err(at(&path))? == 0 {
                return Ok(());
            }
            each(text.trim_end_matches('\n'))?;
        }
    }

    /// The parties of a run, each with the text that says all of it, and the
    /// roles in which each stands.
    fn parties(&self, link: &RunLink) -> Result<(Parties, BTreeSet<(u64, PartyRole)>)> {
        let mut parties = Vec::new();
        let mut ways = BTreeSet::new();
        // A role in which a party was seen is seen on many shipments again.
        let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
        self.each_line(link, &mut |text| {
            if Line::is_party(text) {
                if let Line::Party(party) = parse(link, text)? {
                    let content = text.split_once(',').map_or(text, |(_, content)| content);
                    parties.push((content.to_owned(), party));
                }
            } else if Line::is_outcome(text) {
                for (role, number) in roles(text) {
                    let seen = seen.entry(number).or_default();
                    let bit = 1 << (role as u32);
                    if *seen & bit == 0 {
                        *seen |= bit;
                        ways.insert((number, role));
                    }
                }
            }
            Ok(())
        })?;
        Ok((parties, ways))
    }
}

type Parties = Vec<(String, PartyLine)>;

/// Roles and numbers of the parties on the line of a shipment.
fn roles(text: &str) -> Vec<(PartyRole, u64)> {
    // No string on the line can hold this: its quotation marks are escaped.
    let Some((_, rest)) = text.split_once(",\"parties\":") else { return Vec::new() };
    let Some((list, _)) = rest.split_once("]]") else { return Vec::new() };
    let list = format!("{list}]]");
    let pairs: Vec<(&str, u64)> = serde_json::from_str(&list).unwrap_or_default();
    pairs.into_iter().filter_map(|(role, number)| Some((PartyRole::from_key(role)?, number))).collect()
}

fn parse(link: &RunLink, text: &str) -> Result<Line> {
    Line::parse(text).map_err(|error| {
        EvidenceError::Refused(format!("the results of {} can't be read: {error}", link.run))
    })
}

/// Whether the run had this hit.
fn recorded(outcome: &OutcomeLine, party: usize, change: &HitChange) -> bool {
    let hit = change.hit();
    outcome
        .hits
        .iter()
        .any(|other| other.party == party && other.list == hit.list.id && other.entry == hit.entry.id)
}

/// The party in a role, as it was screened.
fn party_in(line: &PartyLine, role: PartyRole) -> Party {
    Party {
        role,
        kind: line.kind(),
        name: line.name.as_str().into(),
        address: line.address(),
        identifiers: line.identifiers(),
        founded: None,
        at: At { line: 0, column: "".into() },
    }
}

/// A number for the way in which a party is read in a role.
fn way(line: &PartyLine, role: PartyRole) -> u8 {
    use crate::matching::KindFilter;
    let party = party_in(&PartyLine::bare(line.kind()), role);
    let query = party_query(&party, &[]);
    let kinds = match query.kinds {
        KindFilter::Any => 0,
        KindFilter::Legal => 1,
        KindFilter::Only(kind) => 2 + kind as u8,
    };
    query.kind as u8 * 8 + kinds
}

impl Known {
    fn look_up(
        &mut self,
        parties: &Parties,
        ways: &BTreeSet<(u64, PartyRole)>,
        entries: &ChangedEntries,
    ) -> Result<()> {
        let mut wanted: Vec<(Way, Party)> = Vec::new();
        for (number, role) in ways {
            let party = usize::try_from(*number).ok().and_then(|number| parties.get(number));
            let Some((text, line)) = party else {
                return Err(EvidenceError::Refused(format!("the results name no party {number}")));
            };
            let way = (text.clone(), way(line, *role));
            if !self.parties.contains_key(&way) {
                self.parties.insert(way.clone(), None);
                wanted.push((way, party_in(line, *role)));
            }
            if wanted.len() == AT_ONCE {
                self.screen(std::mem::take(&mut wanted), entries);
            }
        }
        self.screen(wanted, entries);
        Ok(())
    }

    fn screen(&mut self, wanted: Vec<(Way, Party)>, entries: &ChangedEntries) {
        let (ways, parties): (Vec<Way>, Vec<Party>) = wanted.into_iter().unzip();
        for (way, changes) in ways.into_iter().zip(entries.screen_all(&parties)) {
            if !changes.is_empty() {
                self.parties.insert(way, Some(Arc::new(changes)));
            }
        }
    }
}
