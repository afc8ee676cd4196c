//! An ownership fact stated in an example of a rule.

use std::sync::Arc;

use crate::diagnostic::{Diagnostics, Item};
use crate::matching::{MatchedBy, Strength};
use crate::ownership::{Listing, OwnedOutcome, OwnedStatus, RuleState, Share, ShareRule};
use crate::watchlist::{Effect, Regime};

use super::facts::OwnedFact;

/// Reads `owned = { rule = "ofac-50", outcome = "owned", share = "60", … }`
/// of a party.
pub(super) fn read(item: Item<'_, '_>, party: usize, name: &str, out: &mut Diagnostics) -> Option<OwnedFact> {
    let mut table = item.table(out)?;
    let ids = ShareRule::ids();
    let find = |text: &str| ids.iter().copied().find(|id| *id == text);
    let rule = table.word("rule", &ids, find, out).unwrap_or("ofac-50");
    let share = match table.get("share") {
        None => Share::UNKNOWN,
        Some(item) => match Share::parse(item.string(out)?) {
            Ok(share) => share,
            Err(error) => {
                out.push(item.error(error.message).help(error.help));
                return None;
            }
        },
    };
    let strength =
        table.word("strength", &Strength::WORDS, Strength::from_key, out).unwrap_or(Strength::Strong);
    let listing = Listing {
        list: table.opt_string("list", out).unwrap_or_else(|| "us-sdn".to_owned()).into(),
        entry: "example".to_owned(),
        name: "an owner".to_owned(),
        jurisdiction: table.opt_string("jurisdiction", out).unwrap_or_else(|| "US".to_owned()).into(),
        regime: table.word("regime", &Regime::WORDS, Regime::from_key, out).unwrap_or(Regime::Unilateral),
        effect: table.word("effect", &Effect::WORDS, Effect::from_key, out).unwrap_or(Effect::Blocking),
        binding: table.opt_boolean("binding", out).unwrap_or(true),
        programs: Vec::new(),
        by: MatchedBy::Name,
        score: 1.0,
        strength,
    };
    let outcome = table
        .word("outcome", &OwnedOutcome::WORDS, OwnedOutcome::from_key, out)
        .unwrap_or(OwnedOutcome::Owned);
    let state =
        table.word("state", &RuleState::WORDS, RuleState::from_key, out).unwrap_or(RuleState::InForce);
    table.finish(out);
    let words = format!("is {} under {rule}, share: {share}", outcome.key());
    Some(OwnedFact {
        party,
        name: name.to_owned(),
        score: 1.0,
        strength,
        on: None,
        status: Arc::new(OwnedStatus {
            rule: rule.into(),
            rule_title: rule.into(),
            jurisdiction: Arc::clone(&listing.jurisdiction),
            state,
            outcome,
            share,
            strength,
            by: vec![listing],
            words,
        }),
    })
}
