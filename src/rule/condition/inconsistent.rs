//! `inconsistent`: figures or texts of a line contradict each other.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostics, Item};
use crate::goods::{Categories, GoodsBasis};
use crate::trade::LineItem;

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, or, words_of};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Check {
    /// Net weight above gross weight.
    NetAboveGross,
    /// A quantity in a unit of weight that differs from the net weight, or a
    /// weight of zero for goods that are there.
    WeightAgainstQuantity,
    /// The description's words belong to a category none of whose tariff
    /// headings is the declared one.
    HsAgainstDescription,
    /// A value of zero or less.
    ValueZero,
}

impl Check {
    const ALL: [Self; 4] =
        [Self::NetAboveGross, Self::WeightAgainstQuantity, Self::HsAgainstDescription, Self::ValueZero];
    const WORDS: [&'static str; 4] =
        ["net-above-gross", "weight-against-quantity", "hs-against-description", "value-zero"];

    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| Self::WORDS[*check as usize] == key)
    }
}

#[derive(Debug)]
struct Inconsistent {
    checks: Vec<Check>,
    /// For the tariff headings of a category.
    categories: Categories,
}

pub(super) fn parse(
    item: Item<'_, '_>,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    table.require("check", out)?;
    let checks = words_of(&mut table, "check", &Check::WORDS, Check::from_key, out);
    table.finish(out);
    Some(Box::new(Inconsistent { checks, categories: refs.categories.clone() }))
}

/// Kilograms in one of the unit, for units of weight.
fn kilograms(unit: &str) -> Option<Decimal> {
    match unit.to_ascii_lowercase().trim_end_matches('.') {
        "kg" | "kgs" | "kgm" | "kilogram" | "kilograms" => Some(Decimal::ONE),
        "g" | "gram" | "grams" | "grm" => Some(Decimal::new(1, 3)),
        "t" | "tne" | "ton" | "tons" | "tonne" | "tonnes" | "mt" => Some(Decimal::ONE_THOUSAND),
        "lb" | "lbs" | "lbr" => Some(Decimal::new(453_592, 6)),
        _ => None,
    }
}

fn weight_against_quantity(line: &LineItem) -> Option<String> {
    let weight = line.net_weight_kg.or(line.gross_weight_kg)?;
    let quantity = line.quantity.as_ref()?;
    if weight.is_zero() && quantity.amount > Decimal::ZERO {
        return Some(format!(
            "{} {} are declared to weigh nothing",
            quantity.amount.normalize(),
            quantity.unit
        ));
    }
    let stated = quantity.amount.checked_mul(kilograms(&quantity.unit)?)?;
    // Packing and rounding explain a tenth; more than that is another figure.
    let net = line.net_weight_kg?;
    let apart = (stated - net).abs();
    (apart > stated.max(net).checked_div(Decimal::TEN)?).then(|| {
        format!(
            "the quantity is {} {} but the net weight {} kg",
            quantity.amount.normalize(),
            quantity.unit,
            net.normalize()
        )
    })
}

impl Inconsistent {
    fn find(
        &self,
        check: Check,
        scene: &Scene<'_>,
        number: usize,
        line: &LineItem,
    ) -> Option<(&'static str, String)> {
        match check {
            Check::NetAboveGross => {
                let (net, gross) = (line.net_weight_kg?, line.gross_weight_kg?);
                (net > gross).then(|| {
                    (
                        "weight",
                        format!(
                            "the net weight {} kg is above the gross weight {} kg",
                            net.normalize(),
                            gross.normalize()
                        ),
                    )
                })
            }
            Check::WeightAgainstQuantity => weight_against_quantity(line).map(|words| ("weight", words)),
            Check::ValueZero => {
                let value = line.value.as_ref().filter(|value| value.amount <= Decimal::ZERO)?;
                Some((
                    "value",
                    format!("the declared value is {} {}", value.amount.normalize(), value.currency),
                ))
            }
            Check::HsAgainstDescription => {
                let hs = line.hs.as_ref()?;
                let facts = || scene.facts.goods.iter().filter(|fact| fact.item == number);
                // If the wording and the code meet in any category, they agree.
                let by_wording: Vec<_> = facts().filter(|fact| fact.basis == GoodsBasis::Wording).collect();
                let agree = by_wording.iter().any(|fact| {
                    facts().any(|other| other.basis == GoodsBasis::Hs && other.category == fact.category)
                });
                if agree {
                    return None;
                }
                let chapter = hs.digits().get(..2)?;
                let fact = by_wording.into_iter().find(|fact| {
                    self.categories.get(&fact.category).is_some_and(|category| {
                        !category.hs.is_empty()
                            && !category.hs.iter().any(|entry| entry.prefix.starts_with(chapter))
                    })
                })?;
                Some(("hs", format!("{}, whose goods stand in other tariff chapters than {hs}", fact.words)))
            }
        }
    }
}

impl Condition for Inconsistent {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let Some((number, line)) = item.and_then(|item| Some((item, scene.item(item)?))) else {
            return false;
        };
        let before = evidence.len();
        for &check in &self.checks {
            if let Some((key, words)) = self.find(check, scene, number, line) {
                let words = super::sentence(&words);
                evidence.push(Evidence {
                    subject: Subject::Item(number),
                    at: line.at(key),
                    hit: None,
                    series: None,
                    words,
                });
            }
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        format!(
            "the line contradicts itself: {}",
            or(self.checks.iter().map(|c| Check::WORDS[*c as usize].replace('-', " ")))
        )
    }

    fn about_goods(&self) -> bool {
        true
    }
}
