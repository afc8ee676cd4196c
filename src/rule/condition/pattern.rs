//! `pattern`: a detector found that this shipment is the last piece of a
//! pattern over several. Without a history it never holds.

use crate::diagnostic::{Diagnostics, Item};
use crate::flow::history::{PastOf, PatternFact, PatternKind};
use crate::trade::PartyRole;

use super::super::finding::Evidence;
use super::super::scene::Scene;
use super::country::Countries;
use super::past::place_of;
use super::{Condition, Refs, or, roles, sentence, words_of};

#[derive(Debug)]
struct Pattern {
    kinds: Vec<PatternKind>,
    /// What it was found in; none: any.
    of: Vec<PastOf>,
    roles: Vec<PartyRole>,
    /// The other country.
    other: Option<Countries>,
}

pub(super) fn parse(
    item: Item<'_, '_>,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    table.require("kind", out)?;
    let condition = Pattern {
        kinds: words_of(&mut table, "kind", &PatternKind::WORDS, PatternKind::from_key, out),
        of: words_of(&mut table, "of", &PastOf::WORDS, PastOf::from_key, out),
        roles: roles(&mut table, out),
        other: Countries::read(&mut table, refs, out),
    };
    table.finish(out);
    Some(Box::new(condition))
}

impl Pattern {
    fn fits(&self, scene: &Scene<'_>, item: Option<usize>, fact: &PatternFact) -> bool {
        let role = |party: usize| scene.facts.shipment.parties.get(party).map(|party| party.role);
        self.kinds.contains(&fact.kind)
            && (fact.item.is_none() || fact.item == item)
            && (self.of.is_empty() || fact.of.is_some_and(|of| self.of.contains(&of)))
            && (self.roles.is_empty()
                || fact.party.and_then(role).is_some_and(|role| self.roles.contains(&role)))
            && self
                .other
                .as_ref()
                .is_none_or(|countries| fact.other.is_some_and(|other| countries.fits(other).is_some()))
    }
}

impl Condition for Pattern {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let before = evidence.len();
        for fact in scene.facts.past.patterns.iter().filter(|fact| self.fits(scene, item, fact)) {
            let (subject, at) = place_of(scene, fact.party, fact.item);
            evidence.push(Evidence {
                subject,
                at,
                hit: None,
                words: sentence(&fact.words),
                series: fact.series.clone(),
            });
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        let kinds = or(self.kinds.iter().map(|kind| kind.key().replace('-', " ")));
        let of = if self.of.is_empty() {
            String::new()
        } else {
            format!(" of {}", or(self.of.iter().map(|of| of.label().to_owned())))
        };
        let other = self
            .other
            .as_ref()
            .map(|c| format!(", the other country being {}", c.words()))
            .unwrap_or_default();
        format!("the history shows the pattern: {kinds}{of}{other}")
    }

    fn about_goods(&self) -> bool {
        true
    }
}
