//! `owned`: listed parties stand above a party.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostics, Item, Table};
use crate::matching::Strength;
use crate::ownership::{Listing, OwnedOutcome, RuleState, ShareRule};
use crate::trade::PartyRole;
use crate::watchlist::{Effect, Regime};

use super::super::facts::OwnedFact;
use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, or, role_words, roles, sentence, words_of};

/// What is asked of a listed owner.
#[derive(Debug, Default)]
struct By {
    lists: Vec<String>,
    jurisdictions: Vec<String>,
    regime: Option<Regime>,
    effects: Vec<Effect>,
    binding: Option<bool>,
}

#[derive(Debug)]
struct Owned {
    roles: Vec<PartyRole>,
    by: By,
    rules: Vec<&'static str>,
    outcomes: Vec<OwnedOutcome>,
    states: Vec<RuleState>,
    strength: Option<Strength>,
    weaker_than: Option<Strength>,
    /// Per cent that listed owners may hold.
    at_least: Option<Decimal>,
    below: Option<Decimal>,
}

pub(super) fn parse(item: Item<'_, '_>, _: &Refs<'_>, out: &mut Diagnostics) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    let by = table.get("by").and_then(|item| item.table(out)).map(|by| read_by(by, out)).unwrap_or_default();
    let ids = ShareRule::ids();
    let find = |text: &str| ids.iter().copied().find(|id| *id == text);
    let condition = Owned {
        roles: roles(&mut table, out),
        by,
        rules: words_of(&mut table, "rule", &ids, find, out),
        outcomes: words_of(&mut table, "outcome", &OwnedOutcome::WORDS, OwnedOutcome::from_key, out),
        states: words_of(&mut table, "state", &RuleState::WORDS, RuleState::from_key, out),
        strength: table.word("strength", &Strength::WORDS, Strength::from_key, out),
        weaker_than: table.word("weaker_than", &Strength::WORDS, Strength::from_key, out),
        at_least: table.opt_decimal("at_least", out),
        below: table.opt_decimal("below", out),
    };
    table.finish(out);
    Some(Box::new(condition))
}

fn read_by(mut table: Table<'_, '_>, out: &mut Diagnostics) -> By {
    let by = By {
        lists: table.strings("list", out),
        jurisdictions: table.strings("jurisdiction", out),
        regime: table.word("regime", &Regime::WORDS, Regime::from_key, out),
        effects: words_of(&mut table, "effect", &Effect::WORDS, Effect::from_key, out),
        binding: table.opt_boolean("binding", out),
    };
    table.finish(out);
    by
}

fn any<T>(wanted: &[T], fits: impl Fn(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(fits)
}

impl By {
    fn fits(&self, listing: &Listing) -> bool {
        any(&self.lists, |wanted| **wanted == *listing.list)
            && any(&self.jurisdictions, |wanted| **wanted == *listing.jurisdiction)
            && self.regime.is_none_or(|wanted| wanted == listing.regime)
            && any(&self.effects, |wanted| *wanted == listing.effect)
            && self.binding.is_none_or(|wanted| wanted == listing.binding)
    }
}

impl Owned {
    fn fits(&self, fact: &OwnedFact, role: PartyRole) -> bool {
        let status = &fact.status;
        let most = status.share.high.per_cent;
        any(&self.roles, |wanted| *wanted == role)
            && any(&self.rules, |wanted| **wanted == *status.rule)
            && any(&self.outcomes, |wanted| *wanted == status.outcome)
            && any(&self.states, |wanted| *wanted == status.state)
            && self.strength.is_none_or(|wanted| fact.strength >= wanted)
            && self.weaker_than.is_none_or(|limit| fact.strength < limit)
            && self.at_least.is_none_or(|limit| most >= limit)
            && self.below.is_none_or(|limit| most < limit)
            && status.by.iter().any(|listing| self.by.fits(listing))
    }
}

impl Condition for Owned {
    fn holds(&self, scene: &Scene<'_>, _: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let before = evidence.len();
        for fact in &scene.facts.owned {
            let Some(party) = scene.facts.shipment.parties.get(fact.party) else { continue };
            if !self.fits(fact, party.role) {
                continue;
            }
            let known_as = if *party.name == *fact.name {
                String::new()
            } else {
                format!(" (\"{}\" of the ownership statements, score {:.2})", fact.name, fact.score)
            };
            let on = fact.on.map_or_else(String::new, |day| format!("; so on {day}, the day of shipping"));
            evidence.push(Evidence {
                subject: Subject::Party(fact.party),
                at: Some(party.at.clone()),
                hit: None,
                series: None,
                words: format!(
                    "{} \"{}\"{known_as} {}{on}",
                    sentence(&party.role.label()),
                    party.name,
                    fact.status.words
                ),
            });
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        let mut words = format!("listed parties stand above {}", role_words(&self.roles));
        let mut add = |what: &str, values: Vec<String>| {
            if !values.is_empty() {
                words.push_str(&format!(", {what} {}", or(values)));
            }
        };
        let plain = |key: &str| key.replace('-', " ");
        add("as", self.outcomes.iter().map(|outcome| plain(outcome.key())).collect());
        add("under", self.rules.iter().map(ToString::to_string).collect());
        add("the rule being", self.states.iter().map(|state| plain(state.key())).collect());
        add("listed by", self.by.lists.clone());
        add("by a list of", self.by.jurisdictions.clone());
        add("of a regime that is", self.by.regime.iter().map(|r| r.key().to_owned()).collect());
        add("with the effect", self.by.effects.iter().map(|e| e.key().to_owned()).collect());
        if let Some(binding) = self.by.binding {
            let what = if binding { "of a list that binds" } else { "of a list that does not bind" };
            add(what, vec!["the company".to_owned()]);
        }
        add("at least", self.strength.iter().map(|s| format!("a {} match", s.key())).collect());
        add("below", self.weaker_than.iter().map(|s| format!("a {} match", s.key())).collect());
        add("with a share that may be", self.at_least.iter().map(|n| format!("{n} % or more")).collect());
        add("with a share below", self.below.iter().map(|n| format!("{n} %")).collect());
        words
    }
}
