//! `date`: a day of the shipment lies within bounds.

use jiff::civil::Date as Day;

use crate::diagnostic::{Diagnostics, Item};

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs};

#[derive(Debug)]
struct Date {
    ordered: bool,
    on_or_after: Option<Day>,
    before: Option<Day>,
}

pub(super) fn parse(item: Item<'_, '_>, _: &Refs<'_>, out: &mut Diagnostics) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    table.require("field", out)?;
    let ordered = table.word(
        "field",
        &["shipped", "ordered"],
        |key| match key {
            "shipped" => Some(false),
            "ordered" => Some(true),
            _ => None,
        },
        out,
    )?;
    let on_or_after = table.opt_date("on_or_after", out);
    let before = table.opt_date("before", out);
    if on_or_after.is_none() && before.is_none() {
        out.push(item.error("`on_or_after` or `before` is missing"));
    }
    table.finish(out);
    Some(Box::new(Date { ordered, on_or_after, before }))
}

impl Condition for Date {
    fn holds(&self, scene: &Scene<'_>, _: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let shipment = scene.facts.shipment;
        let (what, day) =
            if self.ordered { ("Ordered", shipment.ordered) } else { ("Shipped", shipment.shipped) };
        let Some(day) = day else { return false };
        let fits =
            self.on_or_after.is_none_or(|from| day >= from) && self.before.is_none_or(|until| day < until);
        if fits {
            evidence.push(Evidence {
                subject: Subject::Shipment,
                at: None,
                hit: None,
                series: None,
                words: format!("{what} on {day}"),
            });
        }
        fits
    }

    fn words(&self) -> String {
        let what = if self.ordered { "ordered" } else { "shipped" };
        let from = self.on_or_after.map(|day| format!(" on or after {day}")).unwrap_or_default();
        let until = self.before.map(|day| format!(" before {day}")).unwrap_or_default();
        format!("{what}{from}{until}")
    }
}
