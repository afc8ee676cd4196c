//! `control_code`: the declared export control code begins so, or is so.

use crate::diagnostic::{Diagnostics, Item};
use crate::trade::ControlCode as Code;

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, or};

#[derive(Debug)]
struct ControlCode {
    prefixes: Vec<String>,
    exact: Vec<String>,
}

fn compact(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

pub(super) fn parse(item: Item<'_, '_>, _: &Refs<'_>, out: &mut Diagnostics) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    let mut exact = Vec::new();
    for item in table.get("is").map(Item::one_or_many).unwrap_or_default() {
        let Some(text) = item.string(out) else { continue };
        match Code::parse(text) {
            Ok(code) => exact.push(compact(code.as_str())),
            Err(error) => out.push(item.error(format!("`{text}`: {error}"))),
        }
    }
    let prefixes: Vec<String> = table.strings("prefix", out).iter().map(|prefix| compact(prefix)).collect();
    if prefixes.is_empty() && exact.is_empty() {
        out.push(item.error("`control_code` needs `prefix` or `is`"));
    }
    table.finish(out);
    Some(Box::new(ControlCode { prefixes, exact }))
}

impl Condition for ControlCode {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let Some((number, line)) = item.and_then(|item| Some((item, scene.item(item)?))) else {
            return false;
        };
        let Some(code) = &line.control_code else { return false };
        let declared = compact(code.as_str());
        let fits = self.exact.contains(&declared)
            || (!code.is_ear99() && self.prefixes.iter().any(|prefix| declared.starts_with(prefix.as_str())));
        if fits {
            evidence.push(Evidence {
                subject: Subject::Item(number),
                at: line.at("control-code"),
                hit: None,
                series: None,
                words: format!("The declared control code is {code}"),
            });
        }
        fits
    }

    fn words(&self) -> String {
        let begins = self.prefixes.iter().map(|p| format!("begins with {p}"));
        let is = self.exact.iter().map(|e| format!("is {e}"));
        format!("the declared control code {}", or(begins.chain(is)))
    }

    fn about_goods(&self) -> bool {
        true
    }
}
