//! `goods`: the line is in a category.

use std::sync::Arc;

use crate::diagnostic::{Diagnostics, Item};
use crate::goods::GoodsBasis;

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, or, references, sentence, words_of};

#[derive(Debug)]
struct Goods {
    categories: Vec<Arc<str>>,
    by: Vec<GoodsBasis>,
}

pub(super) fn parse(
    item: Item<'_, '_>,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    table.require("category", out)?;
    let known: Vec<&str> = refs.categories.iter().map(|category| &*category.id).collect();
    let resolve = |id: &str| refs.categories.get(id).map(|category| Arc::clone(&category.id));
    let condition = Goods {
        categories: references(&mut table, "category", "goods category", &known, resolve, out),
        by: words_of(&mut table, "by", &GoodsBasis::WORDS, GoodsBasis::from_key, out),
    };
    table.finish(out);
    Some(Box::new(condition))
}

impl Condition for Goods {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let Some(item) = item else { return false };
        let before = evidence.len();
        for fact in scene.facts.goods.iter().filter(|fact| fact.item == item) {
            let fits = self.categories.contains(&fact.category)
                && (self.by.is_empty() || self.by.contains(&fact.basis));
            if fits {
                evidence.push(Evidence {
                    subject: Subject::Item(item),
                    at: scene.item(item).and_then(|line| {
                        line.at(match fact.basis {
                            GoodsBasis::Hs => "hs",
                            GoodsBasis::ControlCode => "control-code",
                            GoodsBasis::Wording => "description",
                        })
                    }),
                    hit: None,
                    series: None,
                    words: sentence(&fact.words),
                });
            }
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        let by = if self.by.is_empty() {
            String::new()
        } else {
            format!(" by {}", or(self.by.iter().map(|b| b.key().to_owned())))
        };
        format!("the goods are in {}{by}", or(self.categories.iter().map(ToString::to_string)))
    }

    fn about_goods(&self) -> bool {
        true
    }
}
