//! What lists themselves say about owners → statements.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::watchlist::{ListInfo, ListedParty, Relation, RelationKind};

use super::share::Share;
use super::statement::{Named, Statement, Tie, Whence};

/// The statements of entries' relations. What lists call an owner without a
/// share is one with an unknown share; a share that can't be read is unknown.
#[must_use]
pub fn from_lists(related: &[(Arc<ListInfo>, Arc<ListedParty>)]) -> Vec<Statement> {
    let mut statements = Vec::new();
    for (list, party) in related {
        let id: Arc<str> = list.id.as_str().into();
        let mut seen = FxHashSet::default();
        for relation in &party.relations {
            // Publishers repeat themselves.
            if seen.insert(relation) {
                statements.extend(statement(list, &id, party, relation));
            }
        }
    }
    statements
}

fn statement(list: &ListInfo, id: &Arc<str>, party: &ListedParty, relation: &Relation) -> Option<Statement> {
    let entry = |entry: &str| Some((Arc::clone(id), entry.to_owned()));
    let this = Named {
        name: party.caption(),
        kind: party.kind,
        country: None,
        identifiers: party.identifiers.clone(),
        entry: entry(&party.id),
    };
    let other = Named {
        name: relation.name.trim().to_owned(),
        entry: relation.id.as_deref().and_then(entry),
        ..Named::default()
    };
    if other.name.is_empty() && other.entry.is_none() {
        return None;
    }
    let share =
        || relation.share.as_deref().and_then(|text| Share::parse(text).ok()).unwrap_or(Share::UNKNOWN);
    let (owner, owned, tie) = match relation.kind {
        RelationKind::OwnedBy => (other, this, Tie::Holds(share())),
        RelationKind::Owns => (this, other, Tie::Holds(share())),
        RelationKind::ControlledBy => (other, this, Tie::Directs),
        RelationKind::ActingFor => (other, this, Tie::ActsFor),
        // The other party is the one that may not be listed.
        RelationKind::Family | RelationKind::LinkedTo => (this, other, Tie::Linked),
    };
    Some(Statement {
        owner,
        owned,
        tie,
        control: None,
        as_of: list.edition.date,
        from: None,
        until: party.removed,
        source: list.title.clone(),
        whence: Whence { file: Arc::clone(id), line: 0 },
    })
}
