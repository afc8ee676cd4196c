//! `norm`: a figure of the line is far from what is usual for its tariff code.

use rust_decimal::prelude::ToPrimitive;

use crate::diagnostic::{Diagnostics, Item};
use crate::flow::norms::{Measure, NormFact};

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, or, sentence, words_of};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Direction {
    Below,
    Above,
}

#[derive(Debug)]
struct Norm {
    measures: Vec<Measure>,
    /// Either way if not stated.
    direction: Option<Direction>,
    /// Robust deviations.
    beyond: f64,
    /// Only figures beyond ninety-eight in a hundred, or only the others.
    outside: Option<bool>,
    /// Lines that what is usual must rest on.
    lines: u64,
}

pub(super) fn parse(item: Item<'_, '_>, _: &Refs<'_>, out: &mut Diagnostics) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    let direction = |text: &str| match text {
        "below" => Some(Direction::Below),
        "above" => Some(Direction::Above),
        _ => None,
    };
    let beyond = table.require("beyond", out)?;
    let condition = Norm {
        measures: words_of(&mut table, "measure", &Measure::WORDS, Measure::from_key, out),
        direction: table.word("direction", &["below", "above"], direction, out),
        beyond: beyond.decimal(out).and_then(|n| n.to_f64()).unwrap_or_default(),
        outside: table.opt_boolean("outside", out),
        lines: table.opt_decimal("lines", out).and_then(|n| n.to_u64()).unwrap_or(0),
    };
    if condition.beyond <= 0.0 {
        out.push(beyond.error("a number of deviations above 0"));
    }
    table.finish(out);
    Some(Box::new(condition))
}

impl Norm {
    fn fits(&self, fact: &NormFact) -> bool {
        let far = match self.direction {
            Some(Direction::Below) => -fact.distance,
            Some(Direction::Above) => fact.distance,
            None => fact.distance.abs(),
        };
        (self.measures.is_empty() || self.measures.contains(&fact.measure))
            && far >= self.beyond
            && self.outside.is_none_or(|wanted| wanted == fact.outside)
            && fact.lines >= self.lines
    }
}

impl Condition for Norm {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let Some(item) = item else { return false };
        let before = evidence.len();
        for fact in scene.facts.norms.iter().filter(|fact| fact.item == item && self.fits(fact)) {
            let field = if fact.measure == Measure::KgPerPiece { "weight" } else { "value" };
            evidence.push(Evidence {
                subject: Subject::Item(item),
                at: scene.item(item).and_then(|line| line.at(field)),
                hit: None,
                words: sentence(&fact.words),
                series: None,
            });
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        let measures: Vec<String> = if self.measures.is_empty() {
            vec!["a figure".to_owned()]
        } else {
            self.measures.iter().map(|measure| format!("the {}", measure.key().replace('-', " "))).collect()
        };
        let way = match self.direction {
            Some(Direction::Below) => "below",
            Some(Direction::Above) => "above",
            None => "from",
        };
        let rests = match self.outside {
            None => String::new(),
            Some(true) => ", beyond ninety-eight in a hundred".to_owned(),
            Some(false) => ", within ninety-eight in a hundred".to_owned(),
        };
        let lines =
            if self.lines > 0 { format!(", resting on {} lines or more", self.lines) } else { String::new() };
        format!(
            "{} of the line is {} robust deviations or more {way} what is usual for its tariff code{rests}{lines}",
            or(measures),
            self.beyond
        )
    }

    fn about_goods(&self) -> bool {
        true
    }
}
