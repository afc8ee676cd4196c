//! What changed from one state of lists to another, entry by entry and field
//! by field.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{ListedParty, Watchlist};

/// A field of an entry that changed: what is gone of it and what is new.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldChange {
    /// As the key in TOML, such as `name` or `identifier`.
    pub field: &'static str,
    pub removed: Vec<String>,
    pub added: Vec<String>,
}

/// An entry that is in both states and not the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    pub old: Arc<ListedParty>,
    pub new: Arc<ListedParty>,
    pub fields: Vec<FieldChange>,
}

/// What changed in one list. A list that is new or gone has all its entries
/// added or removed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListDiff {
    pub list: String,
    pub title: String,
    /// In the order of the new list.
    pub added: Vec<Arc<ListedParty>>,
    /// In the order of the old list.
    pub removed: Vec<Arc<ListedParty>>,
    /// In the order of the new list.
    pub changed: Vec<Changed>,
    pub unchanged: usize,
}

impl ListDiff {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// The differences by list: the new state's lists in their order, then those
/// that are gone. Entries are the same when their list and id are.
#[must_use]
pub fn diff(old: &[Watchlist], new: &[Watchlist]) -> Vec<ListDiff> {
    let mut diffs: Vec<ListDiff> = new
        .iter()
        .map(|list| {
            let before = old.iter().find(|other| other.info.id == list.info.id);
            diff_list(before, Some(list))
        })
        .collect();
    let gone = old.iter().filter(|list| !new.iter().any(|other| other.info.id == list.info.id));
    diffs.extend(gone.map(|list| diff_list(Some(list), None)));
    diffs
}

fn diff_list(old: Option<&Watchlist>, new: Option<&Watchlist>) -> ListDiff {
    let parties = |list: Option<&Watchlist>| list.map(|list| list.parties.clone()).unwrap_or_default();
    let (before, after) = (parties(old), parties(new));
    let by_id: FxHashMap<&str, &Arc<ListedParty>> =
        before.iter().map(|party| (party.id.as_str(), party)).collect();
    let info = new.or(old).map(|list| Arc::clone(&list.info));
    let mut diff = ListDiff {
        list: info.as_ref().map(|info| info.id.clone()).unwrap_or_default(),
        title: info.map(|info| info.title.clone()).unwrap_or_default(),
        added: Vec::new(),
        removed: Vec::new(),
        changed: Vec::new(),
        unchanged: 0,
    };
    let mut kept = BTreeSet::new();
    for party in &after {
        let Some(old) = by_id.get(party.id.as_str()) else {
            diff.added.push(Arc::clone(party));
            continue;
        };
        kept.insert(party.id.as_str());
        let fields = field_changes(old, party);
        if fields.is_empty() {
            diff.unchanged += 1;
        } else {
            diff.changed.push(Changed { old: Arc::clone(old), new: Arc::clone(party), fields });
        }
    }
    diff.removed = before.iter().filter(|party| !kept.contains(party.id.as_str())).map(Arc::clone).collect();
    diff
}

/// The fields in which two states of an entry differ; the order of values
/// within a field does not matter.
#[must_use]
pub fn field_changes(old: &ListedParty, new: &ListedParty) -> Vec<FieldChange> {
    let (before, after) = (field_texts(old), field_texts(new));
    before
        .into_iter()
        .zip(after)
        .filter_map(|((field, before), (_, after))| {
            let minus = |a: &[String], b: &[String]| -> Vec<String> {
                a.iter().filter(|value| !b.contains(value)).cloned().collect()
            };
            let (removed, added) = (minus(&before, &after), minus(&after, &before));
            (!removed.is_empty() || !added.is_empty()).then_some(FieldChange { field, removed, added })
        })
        .collect()
}

/// Every field of an entry with the texts it holds, in the order of the list:
/// what screening or a reader can see of it.
#[must_use]
pub fn field_texts(party: &ListedParty) -> Vec<(&'static str, Vec<String>)> {
    let one = |text: &str| if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    let all = |values: &mut dyn Iterator<Item = String>| values.collect::<Vec<_>>();
    let names = party.names.iter().map(|name| {
        let former = if name.former { ", former" } else { "" };
        format!("{} ({}{former})", name.text, name.quality.key())
    });
    let identifiers = party.identifiers.iter().map(|id| {
        let country = id.country.map(|code| format!(" ({code})")).unwrap_or_default();
        format!("{} {}{country}", id.kind.key(), id.value)
    });
    let relations = party.relations.iter().map(|other| {
        let id = other.id.as_deref().map(|id| format!(" [{id}]")).unwrap_or_default();
        let share = other.share.as_deref().map(|share| format!(" {share} %")).unwrap_or_default();
        format!("{} {}{id}{share}", other.kind.key(), other.name)
    });
    vec![
        ("kind", one(party.kind.key())),
        ("name", all(&mut names.into_iter())),
        ("country", all(&mut party.countries.iter().map(ToString::to_string))),
        ("nationality", all(&mut party.nationalities.iter().map(ToString::to_string))),
        ("address", all(&mut party.addresses.iter().map(crate::trade::Address::one_line))),
        ("identifier", all(&mut identifiers.into_iter())),
        ("program", all(&mut party.programs.iter().map(ToString::to_string))),
        ("effect", one(party.effect.map_or("", super::Effect::key))),
        ("requirement", one(party.licence_requirement.as_deref().unwrap_or_default())),
        ("policy", one(party.licence_policy.as_deref().unwrap_or_default())),
        ("citation", one(&party.citation)),
        ("born", party.birth_dates.clone()),
        ("born_in", party.birth_places.clone()),
        ("relation", all(&mut relations.into_iter())),
        ("listed", one(&party.listed.map(|day| day.to_string()).unwrap_or_default())),
        ("removed", one(&party.removed.map(|day| day.to_string()).unwrap_or_default())),
        ("same_as", party.same_as.clone()),
        ("remarks", one(&party.remarks)),
        ("url", one(party.url.as_deref().unwrap_or_default())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watchlist::{ListFile, read};

    fn lists(entries: &str) -> Vec<Watchlist> {
        let text = format!(
            "list = {{ id = \"a\", title = \"t\", jurisdiction = \"US\", regime = \"unilateral\", \
             effect = \"blocking\", authority = \"a\" }}\nentry = [{entries}]\n"
        );
        read(vec![ListFile { name: "a.toml".into(), bytes: text.into_bytes() }], &|_| None).0
    }

    #[test]
    fn entries_are_added_removed_and_changed_field_by_field() {
        let old = lists(
            r#"{ id = "1", name = "A", aka = ["B", "C"] }, { id = "2", name = "X" }, { id = "3", name = "S" }"#,
        );
        let new = lists(
            r#"{ id = "3", name = "S" }, { id = "1", name = "A", aka = ["C", "D"], country = "MY" }, { id = "4", name = "N" }"#,
        );
        let [diff] = diff(&old, &new).try_into().unwrap();
        let ids = |parties: &[Arc<ListedParty>]| parties.iter().map(|p| p.id.clone()).collect::<Vec<_>>();
        assert_eq!(
            (ids(&diff.added), ids(&diff.removed), diff.unchanged),
            (vec!["4".into()], vec!["2".into()], 1)
        );
        let fields: Vec<_> = diff.changed[0].fields.iter().map(|f| (f.field, &f.removed, &f.added)).collect();
        assert_eq!(
            fields,
            [
                ("name", &vec!["B (strong)".to_owned()], &vec!["D (strong)".to_owned()]),
                ("country", &vec![], &vec!["MY".to_owned()]),
            ]
        );
    }

    #[test]
    fn a_list_that_is_gone_loses_all_its_entries() {
        let old = lists(r#"{ id = "1", name = "A" }"#);
        assert_eq!(diff(&old, &[])[0].removed.len(), 1);
        assert!(diff(&old, &old)[0].is_empty());
    }
}
