//! What is searched for: a name, how it was read, and whom it may meet.
//!
//! Knows names and kinds of parties; nothing of the index.

use crate::name::{Name, PartKind};
use crate::trade::PartyKind;

/// Which kinds of listed parties a name may be.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum KindFilter {
    Any,
    /// That kind, and entries whose list does not say.
    Only(PartyKind),
    /// Persons, organisations, and entries whose list does not say: what a
    /// consignee or a bank can be.
    Legal,
}

impl KindFilter {
    /// The filter for a declared kind; unknown may be any.
    #[must_use]
    pub fn for_kind(kind: PartyKind) -> Self {
        if kind == PartyKind::Unknown { Self::Any } else { Self::Only(kind) }
    }

    #[must_use]
    pub fn admits(self, listed: PartyKind) -> bool {
        match self {
            Self::Any => true,
            Self::Only(kind) => listed.agrees_with(kind),
            Self::Legal => !matches!(listed, PartyKind::Vessel | PartyKind::Aircraft),
        }
    }
}

/// What is searched for.
#[derive(Clone, Copy, Debug)]
pub struct NameQuery<'a> {
    pub name: &'a Name,
    /// How the name was read: decides how it is weighed against entries whose
    /// list does not say what they are.
    pub kind: PartyKind,
    /// Which entries it may meet.
    pub kinds: KindFilter,
    /// Which part of its field it is.
    pub part: PartKind,
}
