//! Links between FollowTheMoney entities as relations of entries.

use jiff::civil::Date;

use crate::watchlist::format::days;
use crate::watchlist::format::gather::add_remark;
use crate::watchlist::{ListedParty, Relation, RelationKind};

use super::entity::Entity;
use super::party::words;

/// A schema of links: the properties of its two ends, and what each end is to
/// the other.
pub(super) struct Link {
    schema: &'static str,
    pub ends: [&'static str; 2],
    kinds: [RelationKind; 2],
}

const LINKS: [Link; 10] = [
    link("Ownership", "owner", RelationKind::Owns, "asset", RelationKind::OwnedBy),
    link("Directorship", "director", RelationKind::LinkedTo, "organization", RelationKind::ControlledBy),
    link("Representation", "agent", RelationKind::ActingFor, "client", RelationKind::LinkedTo),
    link("Family", "person", RelationKind::Family, "relative", RelationKind::Family),
    link("Associate", "person", RelationKind::LinkedTo, "associate", RelationKind::LinkedTo),
    link("Membership", "member", RelationKind::LinkedTo, "organization", RelationKind::LinkedTo),
    link("Employment", "employee", RelationKind::LinkedTo, "employer", RelationKind::LinkedTo),
    link("Succession", "predecessor", RelationKind::LinkedTo, "successor", RelationKind::LinkedTo),
    link("UnknownLink", "subject", RelationKind::LinkedTo, "object", RelationKind::LinkedTo),
    link("Occupancy", "holder", RelationKind::LinkedTo, "post", RelationKind::LinkedTo),
];

const fn link(
    schema: &'static str,
    first: &'static str,
    to_second: RelationKind,
    second: &'static str,
    to_first: RelationKind,
) -> Link {
    Link { schema, ends: [first, second], kinds: [to_second, to_first] }
}

pub(super) fn of_schema(schema: &str) -> Option<&'static Link> {
    LINKS.iter().find(|link| link.schema == schema)
}

/// Adds a link to a party that stands at its end `end` (0 or 1). `name` gives
/// the name of an entity by its id, `today` is the day of the file: a link that
/// has ended by then connects no more than two parties.
pub(super) fn put_link<'e>(
    party: &mut ListedParty,
    entity: &'e Entity<'_>,
    end: usize,
    name: impl Fn(&str) -> Option<&'e str>,
    today: Option<Date>,
) {
    let Some(link) = of_schema(&entity.schema) else { return };
    let (Some(kind), Some(other)) = (link.kinds.get(end), link.ends.get(1 - end.min(1))) else { return };
    let ended = entity.all("endDate").filter_map(day).max();
    let over = ended.is_some_and(|ended| today.is_none_or(|today| ended <= today));
    let kind = if over && *kind != RelationKind::Family { RelationKind::LinkedTo } else { *kind };
    let share = entity.all("percentage").next().map(|share| share.trim().trim_end_matches('%').to_owned());
    let share = share.filter(|share| !share.is_empty() && !over);
    for id in entity.all(other) {
        let found = name(id).unwrap_or_default();
        remarks(party, entity, if found.is_empty() { id } else { found }, over);
        let relation =
            Relation { kind, name: found.to_owned(), id: Some(id.to_owned()), share: share.clone() };
        // A post is no party; what it is stands in the remarks.
        if link.schema != "Occupancy" && !party.relations.contains(&relation) {
            party.relations.push(relation);
        }
    }
}

/// A whole day, or the last of a year or month.
fn day(text: &str) -> Option<Date> {
    days::iso(text).or_else(|| {
        let (year, month) = text.trim().split_once('-').unwrap_or((text.trim(), "12"));
        Some(Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?.last_of_month())
    })
}

/// What a link says beside its ends.
fn remarks(party: &mut ListedParty, entity: &Entity<'_>, other: &str, over: bool) {
    let Some(link) = of_schema(&entity.schema) else { return };
    let facts: Vec<String> = entity
        .properties
        .iter()
        .filter(|(name, _)| !link.ends.contains(&&**name) && (over || name != "percentage"))
        .flat_map(|(name, values)| values.iter().map(move |value| (name, value)))
        .map(|(name, value)| match &**name {
            "role" | "relationship" => value.trim().to_owned(),
            name => format!("{} {}", words(name).to_lowercase(), value.trim()),
        })
        .collect();
    let facts = facts.join(", ");
    if link.schema == "Occupancy" {
        add_remark(party, "Occupancy", format!("{other}, {facts}").trim_end_matches(", "));
    } else if !facts.is_empty() {
        add_remark(party, &format!("{}, {other}", words(&entity.schema)), &facts);
    }
}
