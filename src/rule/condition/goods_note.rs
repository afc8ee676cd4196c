//! `goods_note`: what was read out of the line's description and codes.

use crate::diagnostic::{Diagnostics, Item};
use crate::goods::NoteKind;

use super::super::finding::{Evidence, Subject};
use super::super::scene::Scene;
use super::{Condition, Refs, or, sentence, words_of};

#[derive(Debug)]
struct Noted {
    kinds: Vec<NoteKind>,
    /// Beginnings of control codes, without dots; none: any.
    codes: Vec<String>,
}

pub(super) fn parse(item: Item<'_, '_>, _: &Refs<'_>, out: &mut Diagnostics) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    table.require("kind", out)?;
    let condition = Noted {
        kinds: words_of(&mut table, "kind", &NoteKind::WORDS, NoteKind::from_key, out),
        codes: table.strings("code", out).iter().map(|code| plain(code)).collect(),
    };
    table.finish(out);
    Some(Box::new(condition))
}

fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

impl Condition for Noted {
    fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let Some(item) = item else { return false };
        let before = evidence.len();
        for note in scene.facts.notes.iter().filter(|note| note.item == item) {
            let fits = self.kinds.contains(&note.kind)
                && (self.codes.is_empty()
                    || self.codes.iter().any(|code| plain(&note.code).starts_with(code.as_str())));
            if fits {
                evidence.push(Evidence {
                    subject: Subject::Item(item),
                    at: scene.item(item).and_then(|line| line.at(note.kind.field())),
                    hit: None,
                    series: None,
                    words: sentence(&note.words),
                });
            }
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        let kinds = or(self.kinds.iter().map(|kind| kind.key().replace('-', " ")));
        let codes = if self.codes.is_empty() {
            String::new()
        } else {
            format!(" for {}", or(self.codes.iter().map(|code| code.to_uppercase())))
        };
        format!("the reading of the goods says: {kinds}{codes}")
    }

    fn about_goods(&self) -> bool {
        true
    }
}
