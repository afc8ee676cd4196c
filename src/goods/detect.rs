//! Which categories the lines of a shipment fall into, and by what.

use std::sync::Arc;

use crate::name::phrase_words;
use crate::trade::{HsCode, LineItem, Shipment};

use super::category::{Categories, compact};
use super::fact::{GoodsBasis, GoodsFact};

impl Categories {
    /// Every category of every line, by line, category and basis; a category
    /// at most once a line and basis.
    #[must_use]
    pub fn detect(&self, shipment: &Shipment) -> Vec<GoodsFact> {
        let mut facts = Vec::new();
        for (number, item) in shipment.items.iter().enumerate() {
            let mut found = Vec::new();
            self.by_tariff(item, &mut found);
            self.by_control_code(item, &mut found);
            self.by_wording(item, &mut found);
            found.sort_by_key(|(category, basis, _)| (*category, *basis));
            found.dedup_by_key(|(category, basis, _)| (*category, *basis));
            facts.extend(found.into_iter().filter_map(|(category, basis, words)| {
                let category = Arc::clone(&self.all.get(category)?.id);
                Some(GoodsFact { item: number, category, basis, words })
            }));
        }
        facts
    }

    /// The categories that a tariff code is in.
    pub fn of_tariff<'c>(&'c self, code: &'c HsCode) -> impl Iterator<Item = &'c Arc<str>> {
        (2..=code.digits().len())
            .filter_map(|length| self.by_hs.get(code.digits().get(..length)?))
            .flatten()
            .filter_map(|(category, _)| self.all.get(*category).map(|category| &category.id))
    }

    fn by_tariff(&self, item: &LineItem, found: &mut Vec<(usize, GoodsBasis, String)>) {
        let Some(hs) = &item.hs else { return };
        for length in 2..=hs.digits().len() {
            let prefix = hs.digits().get(..length).unwrap_or_default();
            for &(category, entry) in self.by_hs.get(prefix).into_iter().flatten() {
                let Some(about) = self.all.get(category) else { continue };
                let Some(entry) = about.hs.get(entry) else { continue };
                let edition = if entry.edition.is_empty() || entry.edition.contains("2022") {
                    String::new()
                } else {
                    format!(" (a code of HS {})", entry.edition)
                };
                let certainty = if entry.certainty.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", entry.certainty)
                };
                let note = if entry.note.is_empty() { String::new() } else { format!("; {}", entry.note) };
                found.push((
                    category,
                    GoodsBasis::Hs,
                    format!("tariff code {hs} is in \"{}\"{edition}{certainty}{note}", about.title),
                ));
            }
        }
    }

    fn by_control_code(&self, item: &LineItem, found: &mut Vec<(usize, GoodsBasis, String)>) {
        let Some(code) = item.control_code.as_ref().filter(|code| !code.is_ear99()) else { return };
        let declared = compact(code.as_str());
        for length in 1..=declared.len() {
            let prefix = declared.get(..length).unwrap_or_default();
            for &(category, _) in self.by_control_code.get(prefix).into_iter().flatten() {
                if let Some(about) = self.all.get(category) {
                    found.push((
                        category,
                        GoodsBasis::ControlCode,
                        format!("declared control code {code} is in \"{}\"", about.title),
                    ));
                }
            }
        }
    }

    fn by_wording(&self, item: &LineItem, found: &mut Vec<(usize, GoodsBasis, String)>) {
        if item.description.is_empty() {
            return;
        }
        let words = phrase_words(&item.description);
        let excluded: Vec<usize> = self.exclude.find(&words).map(|hit| hit.tag).collect();
        for hit in self.wording.find(&words) {
            let (category, word) = hit.tag;
            if excluded.contains(&category) {
                continue;
            }
            if let Some(about) = self.all.get(category)
                && let Some(word) = about.wording.get(word)
            {
                found.push((
                    category,
                    GoodsBasis::Wording,
                    format!("the description says \"{word}\", a word of \"{}\"", about.title),
                ));
            }
        }
    }
}
