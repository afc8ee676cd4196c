//! `listed`: a party meets a list entry.

use std::sync::Arc;

use crate::diagnostic::{Diagnostics, Item};
use crate::matching::{MatchedBy, Strength};
use crate::trade::PartyRole;
use crate::watchlist::{Effect, NameQuality, Regime};

use super::super::facts::ListedFact;
use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, or, role_words, roles, sentence, unknown, words_of};

#[derive(Debug)]
struct Listed {
    roles: Vec<PartyRole>,
    lists: Vec<Arc<str>>,
    jurisdictions: Vec<String>,
    regime: Option<Regime>,
    effects: Vec<Effect>,
    binding: Option<bool>,
    by: Vec<MatchedBy>,
    qualities: Vec<NameQuality>,
    strength: Option<Strength>,
    /// Matches of this strength or better do not count.
    weaker_than: Option<Strength>,
    min_score: f64,
    /// Scores from here on do not count.
    max_score: Option<f64>,
    programs: Vec<String>,
}

pub(super) fn parse(
    item: Item<'_, '_>,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    let mut lists = Vec::new();
    for item in table.get("list").map(Item::one_or_many).unwrap_or_default() {
        let Some(id) = item.string(out) else { continue };
        match refs.lists {
            Some(known) if !known.iter().any(|other| other == id) => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                let mut warning = unknown(item, "list", id, &known);
                // A rule may be about a list that this project does not load.
                warning.severity = crate::diagnostic::Severity::Warning;
                out.push(warning);
            }
            _ => {}
        }
        lists.push(id.into());
    }
    let condition = Listed {
        roles: roles(&mut table, out),
        lists,
        jurisdictions: table.strings("jurisdiction", out),
        regime: table.word("regime", &Regime::WORDS, Regime::from_key, out),
        effects: words_of(&mut table, "effect", &Effect::WORDS, Effect::from_key, out),
        binding: table.opt_boolean("binding", out),
        by: words_of(&mut table, "by", &MatchedBy::WORDS, MatchedBy::from_key, out),
        qualities: words_of(&mut table, "quality", &NameQuality::WORDS, NameQuality::from_key, out),
        strength: table.word("strength", &Strength::WORDS, Strength::from_key, out),
        weaker_than: table.word("weaker_than", &Strength::WORDS, Strength::from_key, out),
        min_score: table.opt_decimal("min_score", out).and_then(|n| n.try_into().ok()).unwrap_or(0.0),
        max_score: table.opt_decimal("max_score", out).and_then(|n| n.try_into().ok()),
        programs: table.strings("program", out),
    };
    table.finish(out);
    Some(Box::new(condition))
}

impl Listed {
    fn fits(&self, fact: &ListedFact, role: PartyRole) -> bool {
        fn any<T>(wanted: &[T], fits: impl Fn(&T) -> bool) -> bool {
            wanted.is_empty() || wanted.iter().any(fits)
        }
        any(&self.roles, |wanted| *wanted == role)
            && any(&self.lists, |wanted| *wanted == fact.list)
            && any(&self.jurisdictions, |wanted| **wanted == *fact.jurisdiction)
            && self.regime.is_none_or(|wanted| wanted == fact.regime)
            && any(&self.effects, |wanted| *wanted == fact.effect)
            && self.binding.is_none_or(|wanted| wanted == fact.binding)
            && any(&self.by, |wanted| *wanted == fact.by)
            && any(&self.qualities, |wanted| *wanted == fact.quality)
            && self.strength.is_none_or(|wanted| fact.strength >= wanted)
            && self.weaker_than.is_none_or(|limit| fact.strength < limit)
            && fact.score >= self.min_score
            && self.max_score.is_none_or(|limit| fact.score < limit)
            && any(&self.programs, |wanted| {
                fact.programs.iter().any(|program| program.starts_with(wanted.as_str()))
            })
    }
}

impl Condition for Listed {
    fn holds(&self, scene: &Scene<'_>, _: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let before = evidence.len();
        for fact in &scene.facts.listed {
            let Some(party) = scene.facts.shipment.parties.get(fact.party) else { continue };
            if !self.fits(fact, party.role) {
                continue;
            }
            let role = sentence(&party.role.label());
            let meets = match fact.by {
                MatchedBy::Identifier => "carries an identifier of",
                MatchedBy::Name if fact.quality == NameQuality::Weak => "resembles a weak alias of",
                MatchedBy::Name if fact.strength == Strength::Strong => "matches",
                MatchedBy::Name => "resembles",
                MatchedBy::Address => "is at the listed address of",
            };
            let binds = if fact.binding {
                String::new()
            } else {
                format!(
                    "; a {} list of {} that does not bind the company",
                    fact.regime.key(),
                    fact.jurisdiction
                )
            };
            evidence.push(Evidence {
                subject: Subject::Party(fact.party),
                at: Some(party.at.clone()),
                hit: Some(fact.hit),
                series: None,
                words: format!(
                    "{role} \"{}\" {meets} {} (entry {} of {}, {}), score {:.2}{binds}",
                    party.name, fact.entry_name, fact.entry_id, fact.list, fact.effect, fact.score
                ),
            });
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        let mut words = format!("{} meets a list entry", role_words(&self.roles));
        let mut add = |what: &str, values: Vec<String>| {
            if !values.is_empty() {
                words.push_str(&format!(", {what} {}", or(values)));
            }
        };
        add("on the list", self.lists.iter().map(ToString::to_string).collect());
        add("of jurisdiction", self.jurisdictions.clone());
        add("of a regime that is", self.regime.iter().map(|r| r.key().to_owned()).collect());
        add("with the effect", self.effects.iter().map(|e| e.key().to_owned()).collect());
        if let Some(binding) = self.binding {
            add(
                if binding { "of a list that binds" } else { "of a list that does not bind" },
                vec!["the company".to_owned()],
            );
        }
        add("by", self.by.iter().map(|b| b.key().to_owned()).collect());
        add("by a name of quality", self.qualities.iter().map(|q| q.key().to_owned()).collect());
        add("at least", self.strength.iter().map(|s| format!("a {} match", s.key())).collect());
        add("below", self.weaker_than.iter().map(|s| format!("a {} match", s.key())).collect());
        if self.min_score > 0.0 {
            add("with a score from", vec![format!("{:.2}", self.min_score)]);
        }
        add("with a score below", self.max_score.iter().map(|s| format!("{s:.2}")).collect());
        add("under the programme", self.programs.clone());
        words
    }
}
