//! The kinds of conditions, one file each, and the tree that joins them.
//!
//! A new kind is a file and a line in [`KINDS`].

mod amount;
mod control_code;
mod country;
mod date;
mod differs;
mod goods;
mod goods_note;
mod hs;
mod inconsistent;
mod listed;
mod missing;
mod norm;
mod owned;
mod party;
mod past;
mod pattern;
mod profile;
mod region;
mod tree;
mod unreadable;
mod wording;

use std::fmt::Debug;

use crate::diagnostic::{Diagnostics, Item, Table, nearest, word};
use crate::goods::Categories;
use crate::place::Places;
use crate::trade::PartyRole;

use super::finding::Evidence;
use super::scene::Scene;
use super::terms::Terms;

pub(super) use tree::{Tree, parse_tree};

/// One condition of a rule.
pub(super) trait Condition: Debug + Send + Sync {
    /// Whether it holds for the shipment and, if it asks about goods, for that
    /// line of it; the evidence is added.
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool;

    /// The condition in plain words, as part of a sentence.
    fn words(&self) -> String;

    /// Whether it asks about one line of goods.
    fn about_goods(&self) -> bool {
        false
    }
}

/// What a condition may refer to by id.
pub(super) struct Refs<'a> {
    pub places: &'a Places,
    pub terms: &'a Terms,
    pub categories: &'a Categories,
    /// Ids of the loaded lists; `None` when no lists are loaded, and any id is
    /// taken.
    pub lists: Option<&'a [String]>,
}

type Parse = fn(Item<'_, '_>, &Refs<'_>, &mut Diagnostics) -> Option<Box<dyn Condition>>;

/// Every kind of condition by its key.
const KINDS: [(&str, Parse); 27] = [
    ("listed", listed::parse),
    ("owned", owned::parse),
    ("goods", goods::parse),
    ("goods_note", goods_note::parse),
    ("norm", norm::parse),
    ("hs", hs::parse),
    ("control_code", control_code::parse),
    ("wording", wording::parse),
    ("origin", country::parse_origin),
    ("departure", country::parse_departure),
    ("transit", country::parse_transit),
    ("destination", country::parse_destination),
    ("party", party::parse),
    ("region", region::parse),
    ("value", amount::parse_value),
    ("unit_value", amount::parse_unit_value),
    ("quantity", amount::parse_quantity),
    ("weight", amount::parse_weight),
    ("missing", missing::parse),
    ("unreadable", unreadable::parse),
    ("differs", differs::parse_differs),
    ("same", differs::parse_same),
    ("inconsistent", inconsistent::parse),
    ("date", date::parse),
    ("profile", profile::parse),
    ("past", past::parse),
    ("pattern", pattern::parse),
];

/// Parties' roles named under `role`; every role when absent.
fn roles(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Vec<PartyRole> {
    const KEYS: [&str; 17] = {
        let mut keys = [""; 17];
        let mut i = 0;
        while i < 17 {
            keys[i] = PartyRole::ALL[i].key();
            i += 1;
        }
        keys
    };
    let items = table.get("role").map(Item::one_or_many).unwrap_or_default();
    items.into_iter().filter_map(|item| word(item, &KEYS, PartyRole::from_key, out)).collect()
}

/// Words of a fixed set under a key; none when absent.
fn words_of<T>(
    table: &mut Table<'_, '_>,
    key: &'static str,
    known: &[&'static str],
    parse: impl Fn(&str) -> Option<T>,
    out: &mut Diagnostics,
) -> Vec<T> {
    let items = table.get(key).map(Item::one_or_many).unwrap_or_default();
    items.into_iter().filter_map(|item| word(item, known, &parse, out)).collect()
}

/// References by id under a key, resolved; unknown ones are mistakes.
fn references<T>(
    table: &mut Table<'_, '_>,
    key: &'static str,
    what: &str,
    known: &[&str],
    resolve: impl Fn(&str) -> Option<T>,
    out: &mut Diagnostics,
) -> Vec<T> {
    let items = table.get(key).map(Item::one_or_many).unwrap_or_default();
    let mut found = Vec::new();
    for item in items {
        let Some(id) = item.string(out) else { continue };
        match resolve(id) {
            Some(value) => found.push(value),
            None => out.push(unknown(item, what, id, known)),
        }
    }
    found
}

fn unknown(item: Item<'_, '_>, what: &str, id: &str, known: &[&str]) -> crate::diagnostic::Diagnostic {
    let help = nearest(id, known.iter().copied()).map_or_else(
        || {
            format!(
                "there are {} of them; `redflag rules list` and the files under rules/ name them",
                known.len()
            )
        },
        |near| format!("did you mean `{near}`?"),
    );
    item.error(format!("unknown {what} `{id}`")).help(help)
}

fn role_words(roles: &[PartyRole]) -> String {
    if roles.is_empty() {
        return "any party".to_owned();
    }
    or(roles.iter().map(|role| role.label()))
}

/// `a, b or c`
fn or(words: impl IntoIterator<Item = String>) -> String {
    let mut words: Vec<String> = words.into_iter().collect();
    let Some(last) = words.pop() else { return String::new() };
    if words.is_empty() { last } else { format!("{} or {last}", words.join(", ")) }
}

/// A sentence's first letter in upper case.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
