//! Categories as loaded.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Table};
use crate::name::PhraseTable;

/// A tariff code that belongs to a category.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HsEntry {
    /// Two to ten digits; every code that begins so belongs.
    pub prefix: String,
    /// Edition of the Harmonized System, such as `2022`; empty when the code
    /// means the same in all.
    pub edition: String,
    pub note: String,
    /// Empty when the source was seen.
    pub certainty: String,
}

/// A named group of controlled or high-risk goods.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GoodsCategory {
    pub id: Arc<str>,
    pub title: String,
    pub hs: Vec<HsEntry>,
    /// Beginnings of control codes: `3A`, `3A001.b`.
    pub control_codes: Vec<String>,
    pub wording: Vec<String>,
    /// Words that rule the wording out.
    pub exclude: Vec<String>,
}

/// All categories, ready for looking up.
#[derive(Clone, Debug, Default)]
pub struct Categories {
    pub(super) all: Vec<GoodsCategory>,
    /// Prefix → (category, entry).
    pub(super) by_hs: FxHashMap<String, Vec<(usize, usize)>>,
    /// Lower-case prefix without dots → (category, code).
    pub(super) by_control_code: FxHashMap<String, Vec<(usize, usize)>>,
    /// Tag: (category, word).
    pub(super) wording: PhraseTable<(usize, usize)>,
    pub(super) exclude: PhraseTable<usize>,
}

impl Categories {
    /// Reads the `[[category]]` tables of a file.
    pub fn read(&mut self, table: &mut Table<'_, '_>, out: &mut Diagnostics) {
        for mut category in table.tables("category", out) {
            let file = category.file().clone();
            let span = category.span();
            let read = read_category(&mut category, out);
            category.finish(out);
            if self.all.iter().any(|other| other.id == read.id) {
                out.push(
                    Diagnostic::error(format!("the category `{}` is defined twice", read.id)).at(&file, span),
                );
                continue;
            }
            self.add(read);
        }
    }

    fn add(&mut self, category: GoodsCategory) {
        let number = self.all.len();
        for (i, entry) in category.hs.iter().enumerate() {
            self.by_hs.entry(entry.prefix.clone()).or_default().push((number, i));
        }
        for (i, code) in category.control_codes.iter().enumerate() {
            self.by_control_code.entry(compact(code)).or_default().push((number, i));
        }
        for (i, words) in category.wording.iter().enumerate() {
            self.wording.add(words, (number, i));
        }
        for words in &category.exclude {
            self.exclude.add(words, number);
        }
        self.all.push(category);
    }

    /// The category with an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&GoodsCategory> {
        self.all.iter().find(|category| *category.id == *id)
    }

    /// All categories, in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = &GoodsCategory> {
        self.all.iter()
    }
}

/// Control codes are compared without dots and in lower case.
pub(super) fn compact(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn read_category(category: &mut Table<'_, '_>, out: &mut Diagnostics) -> GoodsCategory {
    let id = category.string("id", out);
    let title = category.string("title", out);
    let mut hs = Vec::new();
    for mut entry in category.tables("hs", out) {
        if let Some(item) = entry.require("prefix", out)
            && let Some(prefix) = item.string(out)
        {
            let digits: String = prefix.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
            if (2..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
                hs.push(HsEntry {
                    prefix: digits,
                    edition: entry.opt_string("edition", out).unwrap_or_default(),
                    note: entry.opt_string("note", out).unwrap_or_default(),
                    certainty: entry.opt_string("certainty", out).unwrap_or_default(),
                });
            } else {
                out.push(item.error(format!("`{prefix}` is not a tariff code of 2 to 10 digits")));
            }
        }
        entry.finish(out);
    }
    // Sources of the category: shown nowhere yet but checked for shape.
    for mut authority in category.tables("authority", out) {
        authority.string("cite", out);
        authority.opt_date("date", out);
        authority.opt_string("url", out);
        authority.opt_string("certainty", out);
        authority.finish(out);
    }
    let read = GoodsCategory {
        id: id.into(),
        title,
        hs,
        control_codes: category.strings("control_codes", out),
        wording: category.strings("wording", out),
        exclude: category.strings("exclude", out),
    };
    if read.hs.is_empty() && read.control_codes.is_empty() && read.wording.is_empty() {
        out.push(category.error("the category holds neither `hs`, `control_codes` nor `wording`"));
    }
    read
}
