//! `profile`: whose law binds the company.

use crate::diagnostic::{Diagnostics, Item};

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, or};

#[derive(Debug)]
struct Profile {
    jurisdictions: Vec<String>,
    bound: bool,
}

pub(super) fn parse(item: Item<'_, '_>, _: &Refs<'_>, out: &mut Diagnostics) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    let by = table.strings("bound_by", out);
    let not_by = table.strings("not_bound_by", out);
    table.finish(out);
    match (by.is_empty(), not_by.is_empty()) {
        (false, true) => Some(Box::new(Profile { jurisdictions: by, bound: true })),
        (true, false) => Some(Box::new(Profile { jurisdictions: not_by, bound: false })),
        _ => {
            out.push(item.error("give either `bound_by` or `not_bound_by`"));
            None
        }
    }
}

impl Condition for Profile {
    fn holds(&self, scene: &Scene<'_>, _: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let binding: Vec<String> = self
            .jurisdictions
            .iter()
            .filter(|wanted| *wanted == "UN" || scene.facts.bound_by.contains(wanted))
            .cloned()
            .collect();
        if binding.is_empty() == self.bound {
            return false;
        }
        let words = if self.bound {
            format!("The company is bound by the law of {}", or(binding))
        } else {
            format!("The company is not bound by the law of {}", or(self.jurisdictions.iter().cloned()))
        };
        evidence.push(Evidence { subject: Subject::Shipment, at: None, hit: None, words, series: None });
        true
    }

    fn words(&self) -> String {
        let not = if self.bound { "" } else { "not " };
        format!("the company is {not}bound by the law of {}", or(self.jurisdictions.iter().cloned()))
    }
}
