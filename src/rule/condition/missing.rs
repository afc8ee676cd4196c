//! `missing`: a field is blank or absent.

use crate::diagnostic::{Diagnostics, Item, word};
use crate::trade::{CellFaultKind, LineItem, PartyRole, Shipment};

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, or};

/// Fields of a line of goods.
const GOODS: [&str; 9] =
    ["hs", "control-code", "description", "part-number", "quantity", "value", "weight", "end-use", "licence"];
/// Fields of a line of goods that name its country.
const ORIGIN: &str = "origin";
/// Fields of the shipment.
const SHIPMENT: [&str; 4] = ["departure", "destination", "shipped", "ordered"];

#[derive(Debug)]
struct Missing {
    fields: Vec<&'static str>,
    only_if_column: bool,
}

pub(super) fn parse(item: Item<'_, '_>, _: &Refs<'_>, out: &mut Diagnostics) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    let known: Vec<&'static str> = GOODS
        .into_iter()
        .chain([ORIGIN])
        .chain(SHIPMENT)
        .chain(PartyRole::ALL.into_iter().map(PartyRole::key))
        .collect();
    let find = |text: &str| known.iter().copied().find(|field| *field == text);
    let fields = table
        .require("field", out)?
        .one_or_many()
        .into_iter()
        .filter_map(|item| word(item, &known, find, out));
    let fields: Vec<&'static str> = fields.collect();
    let only_if_column = table.opt_boolean("only_if_column", out).unwrap_or(false);
    table.finish(out);
    Some(Box::new(Missing { fields, only_if_column }))
}

fn is_goods(field: &str) -> bool {
    GOODS.contains(&field) || field == ORIGIN
}

/// Whether the line says nothing for the field. A cell that could not be read
/// is not missing.
fn line_lacks(line: &LineItem, field: &str) -> bool {
    match field {
        "hs" => line.hs.is_none(),
        "control-code" => line.control_code.is_none(),
        "description" => line.description.is_empty(),
        // Many files have no column for it: a figure with letters in the
        // description (`XC7K325T`) is a part number too.
        "part-number" => line.part_number.is_empty() && !has_part_number(&line.description),
        "quantity" => line.quantity.is_none(),
        "value" => line.value.is_none(),
        "weight" => line.net_weight_kg.is_none() && line.gross_weight_kg.is_none(),
        "end-use" => line.end_use.is_empty(),
        "licence" => line.licence.is_empty(),
        ORIGIN => line.origin.is_none(),
        _ => false,
    }
}

/// Whether a word of at least five characters mixes letters and digits and
/// begins with no figure, as makers' numbers do and `500mg` does not.
fn has_part_number(description: &str) -> bool {
    description.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')')).any(|word| {
        word.len() >= 4
            && word.chars().next().is_some_and(|c| c.is_ascii_alphabetic())
            && word.chars().any(|c| c.is_ascii_digit())
    })
}

fn shipment_lacks(shipment: &Shipment, field: &str) -> bool {
    match field {
        "departure" => shipment.route.departure.is_none(),
        "destination" => shipment.route.destination.is_none(),
        "shipped" => shipment.shipped.is_none(),
        "ordered" => shipment.ordered.is_none(),
        role => PartyRole::from_key(role).is_some_and(|role| shipment.in_role(role).next().is_none()),
    }
}

fn unreadable(shipment: &Shipment, field: &str, line: Option<u64>) -> bool {
    shipment.faults.iter().any(|fault| {
        fault.kind == CellFaultKind::Unreadable
            && fault.field == field
            && line.is_none_or(|line| fault.at.line == line)
    })
}

impl Condition for Missing {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let shipment = scene.facts.shipment;
        let before = evidence.len();
        for &field in &self.fields {
            let has_column = shipment.has_field(field);
            if self.only_if_column && !has_column {
                continue;
            }
            let (lacks, at, subject) = if is_goods(field) {
                let Some((number, line)) = item.and_then(|item| Some((item, scene.item(item)?))) else {
                    continue;
                };
                let lacks = line_lacks(line, field) && !unreadable(shipment, field, Some(line.line));
                (lacks, line.at(field), Subject::Item(number))
            } else {
                (
                    shipment_lacks(shipment, field) && !unreadable(shipment, field, None),
                    None,
                    Subject::Shipment,
                )
            };
            if lacks {
                let name = field.replace('-', " ");
                let words = if has_column {
                    format!("The {name} is left blank")
                } else {
                    format!("The file states no {name}")
                };
                evidence.push(Evidence { subject, at, hit: None, words, series: None });
            }
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        let fields = or(self.fields.iter().map(|field| field.replace('-', " ")));
        let column = if self.only_if_column { ", though the file has a column for it" } else { "" };
        format!("the {fields} is missing{column}")
    }

    fn about_goods(&self) -> bool {
        self.fields.iter().any(|field| is_goods(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_makers_number_in_the_description_is_a_part_number() {
        for text in ["FPGA XC7K325T-2FFG900", "pump AM-77", "bearing NU206E"] {
            assert!(has_part_number(text), "{text}");
        }
        for text in ["tablets 500mg", "integrated circuits", "2-18 GHz amplifier"] {
            assert!(!has_part_number(text), "{text}");
        }
    }
}
