//! `unreadable`: a cell holds something that is not what it should be.

use crate::diagnostic::{Diagnostics, Item, word};
use crate::trade::CellFaultKind;

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, or};

const FIELDS: [&str; 12] = [
    "hs",
    "control-code",
    "quantity",
    "value",
    "weight",
    "origin",
    "departure",
    "transit",
    "destination",
    "country",
    "date",
    "description",
];

#[derive(Debug)]
struct Unreadable {
    fields: Vec<&'static str>,
}

pub(super) fn parse(item: Item<'_, '_>, _: &Refs<'_>, out: &mut Diagnostics) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    let find = |text: &str| FIELDS.into_iter().find(|field| *field == text);
    let fields = table.require("field", out)?.one_or_many();
    let fields = fields.into_iter().filter_map(|item| word(item, &FIELDS, find, out)).collect();
    table.finish(out);
    Some(Box::new(Unreadable { fields }))
}

impl Unreadable {
    fn asks_for(&self, field: &str) -> bool {
        self.fields.iter().any(|wanted| match *wanted {
            "country" => field.ends_with(".country"),
            "date" => matches!(field, "shipped" | "ordered"),
            "weight" => matches!(field, "weight" | "net-weight" | "gross-weight"),
            wanted => wanted == field,
        })
    }
}

impl Condition for Unreadable {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let before = evidence.len();
        let line = item.and_then(|item| scene.item(item)).map(|line| line.line);
        for fault in &scene.facts.shipment.faults {
            let here = line.is_none_or(|line| line == fault.at.line);
            if fault.kind == CellFaultKind::Unreadable && here && self.asks_for(fault.field) {
                evidence.push(Evidence {
                    subject: item.map_or(Subject::Shipment, Subject::Item),
                    at: Some(fault.at.clone()),
                    hit: None,
                    series: None,
                    words: format!("\"{}\" can't be read: {}", fault.text, fault.reason),
                });
            }
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        format!("the cell of {} can't be read", or(self.fields.iter().map(|f| (*f).to_owned())))
    }

    fn about_goods(&self) -> bool {
        true
    }
}
