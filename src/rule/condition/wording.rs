//! `wording`: words of a list stand in a text.

use crate::diagnostic::{Diagnostics, Item};
use crate::trade::{At, PartyRole};

use super::super::finding::{Evidence, Subject};
use super::super::scene::{Field, Scene, emails};
use super::super::terms::TermHits;
use super::{Condition, Refs, or, references, role_words, roles, sentence, words_of};

#[derive(Debug)]
struct Wording {
    /// (number of the list, its id, its words)
    terms: Vec<(usize, String, Vec<String>)>,
    fields: Vec<Field>,
    roles: Vec<PartyRole>,
    /// The text holds nothing but these words.
    whole: bool,
}

pub(super) fn parse(
    item: Item<'_, '_>,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    table.require("terms", out)?;
    let known: Vec<&str> = refs.terms.lists.iter().map(|list| &*list.id).collect();
    let resolve = |id: &str| {
        let number = refs.terms.number(id)?;
        Some((number, id.to_owned(), refs.terms.lists.get(number)?.words.clone()))
    };
    let terms = references(&mut table, "terms", "list of terms", &known, resolve, out);
    let mut fields = words_of(&mut table, "in", &Field::WORDS, Field::from_key, out);
    if fields.is_empty() {
        fields.push(Field::Description);
    }
    let roles = roles(&mut table, out);
    let whole = table.opt_boolean("whole", out).unwrap_or(false);
    if !roles.is_empty() && fields.iter().all(|field| field.is_goods()) {
        out.push(item.error("`role` is for words in a party's texts").help("add in = \"party-name\""));
    }
    table.finish(out);
    Some(Box::new(Wording { terms, fields, roles, whole }))
}

impl Wording {
    /// The first word of each list that stands in the text.
    fn found<'s>(&'s self, hits: &TermHits) -> Vec<&'s str> {
        self.terms
            .iter()
            .filter(|(number, _, _)| !self.whole || hits.is_whole(*number))
            .filter_map(|(number, _, words)| {
                let (_, word) = hits.hits.iter().find(|(list, _)| list == number)?;
                words.get(*word).map(String::as_str)
            })
            .collect()
    }

    fn say(&self, what: &str, text: &str, found: &[&str]) -> String {
        let says = if self.whole { "says no more than" } else { "says" };
        let quoted = or(found.iter().map(|word| format!("\"{word}\"")));
        format!("{} \"{text}\" {says} {quoted}", sentence(what))
    }
}

impl Condition for Wording {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let before = evidence.len();
        for &field in &self.fields {
            if field.is_goods() {
                let Some((number, line)) = item.and_then(|item| Some((item, scene.item(item)?))) else {
                    continue;
                };
                let Some(found) = scene.in_item(field, number).map(|hits| self.found(hits)) else { continue };
                if found.is_empty() {
                    continue;
                }
                let (what, text, key) = match field {
                    Field::EndUse => ("the end use", &line.end_use, "end-use"),
                    Field::PartNumber => ("the part number", &line.part_number, "part-number"),
                    _ => ("the description", &line.description, "description"),
                };
                let words = self.say(what, text, &found);
                evidence.push(Evidence {
                    subject: Subject::Item(number),
                    at: line.at(key),
                    hit: None,
                    series: None,
                    words,
                });
                continue;
            }
            for (number, party) in scene.parties() {
                if !self.roles.is_empty() && !self.roles.contains(&party.role) {
                    continue;
                }
                let Some(found) = scene.in_party(field, number).map(|hits| self.found(hits)) else {
                    continue;
                };
                if found.is_empty() {
                    continue;
                }
                let role = party.role.label();
                let (what, text) = match field {
                    Field::PartyAddress => (format!("the address of the {role}"), party.address.one_line()),
                    Field::PartyEmail => (format!("the mail address of the {role}"), emails(party)),
                    _ => (format!("the name of the {role}"), party.name.to_string()),
                };
                let words = self.say(&what, &text, &found);
                let at: Option<At> = Some(party.at.clone());
                evidence.push(Evidence {
                    subject: Subject::Party(number),
                    at,
                    hit: None,
                    words,
                    series: None,
                });
            }
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        let lists = or(self.terms.iter().map(|(_, id, _)| id.clone()));
        let fields = or(self.fields.iter().map(|field| field.key().to_owned()));
        let whose = if self.fields.iter().all(|field| field.is_goods()) {
            String::new()
        } else {
            format!(" of {}", role_words(&self.roles))
        };
        let holds = if self.whole { "holds nothing but words" } else { "holds a word" };
        format!("the {fields}{whose} {holds} of {lists}")
    }

    fn about_goods(&self) -> bool {
        self.fields.iter().any(|field| field.is_goods())
    }
}
