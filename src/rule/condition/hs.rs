//! `hs`: the declared tariff code begins so.

use crate::diagnostic::{Diagnostics, Item};

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, or};

#[derive(Debug)]
struct Hs {
    prefixes: Vec<String>,
}

pub(super) fn parse(item: Item<'_, '_>, _: &Refs<'_>, out: &mut Diagnostics) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    let mut prefixes = Vec::new();
    for item in table.require("prefix", out)?.one_or_many() {
        let Some(text) = item.string(out) else { continue };
        let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
        if digits.len() < 2 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            out.push(item.error(format!("`{text}` is not the beginning of a tariff code")));
        }
        prefixes.push(digits);
    }
    table.finish(out);
    Some(Box::new(Hs { prefixes }))
}

impl Condition for Hs {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let Some((number, line)) = item.and_then(|item| Some((item, scene.item(item)?))) else {
            return false;
        };
        let Some(hs) = &line.hs else { return false };
        if !self.prefixes.iter().any(|prefix| hs.digits().starts_with(prefix)) {
            return false;
        }
        evidence.push(Evidence {
            subject: Subject::Item(number),
            at: line.at("hs"),
            hit: None,
            series: None,
            words: format!("The declared tariff code is {hs}"),
        });
        true
    }

    fn words(&self) -> String {
        format!("the tariff code begins with {}", or(self.prefixes.iter().cloned()))
    }

    fn about_goods(&self) -> bool {
        true
    }
}
