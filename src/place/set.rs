//! Named sets of countries, and regions below country level.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile, Table, nearest};
use crate::name::{PhraseTable, phrase_words};
use crate::trade::CountryCode;

/// Why a country is in a set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    pub country: CountryCode,
    /// The document that names it.
    pub cite: String,
    pub date: Option<Date>,
    /// Empty when the text was seen.
    pub certainty: String,
}

/// A named set of countries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CountrySet {
    pub id: Arc<str>,
    pub title: String,
    /// Those of included sets too; a country may stand several times, once a
    /// document.
    pub members: Vec<Member>,
}

impl CountrySet {
    /// What puts a country into the set.
    pub fn reasons(&self, country: CountryCode) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |member| member.country == country)
    }

    #[must_use]
    pub fn contains(&self, country: CountryCode) -> bool {
        self.reasons(country).next().is_some()
    }
}

/// A place below country level.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Region {
    pub id: Arc<str>,
    pub title: String,
    /// Countries it is written under; a blank country fits too.
    pub countries: Vec<CountryCode>,
    pub words: Vec<String>,
    /// Words that are only a hint: towns on both sides of a line.
    pub hints: Vec<String>,
}

/// A word of a region.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RegionWord {
    /// Index into [`Places::regions`].
    pub region: usize,
    pub hint: bool,
}

/// All sets and regions.
#[derive(Clone, Debug, Default)]
pub struct Places {
    sets: FxHashMap<Arc<str>, Arc<CountrySet>>,
    pub regions: Vec<Region>,
    pub region_words: PhraseTable<RegionWord>,
    /// Sets as read, with what they include, until `finish`.
    waiting: Vec<Waiting>,
}

/// A set whose included sets are not joined in yet.
#[derive(Clone, Debug)]
struct Waiting {
    set: CountrySet,
    include: Vec<String>,
    place: (SourceFile, std::ops::Range<usize>),
}

impl Places {
    /// Reads the `[[set]]` and `[[region]]` tables of a file.
    pub fn read(&mut self, table: &mut Table<'_, '_>, out: &mut Diagnostics) {
        for set in table.tables("set", out) {
            self.read_set(set, out);
        }
        for region in table.tables("region", out) {
            self.read_region(region, out);
        }
    }

    fn read_set(&mut self, mut table: Table<'_, '_>, out: &mut Diagnostics) {
        let place = (table.file().clone(), table.span());
        let id: Arc<str> = table.string("id", out).into();
        let title = table.string("title", out);
        let mut members = Vec::new();
        for mut member in table.tables("members", out) {
            if let Some(item) = member.require("country", out) {
                for item in item.one_or_many() {
                    let Some(country) = item.string(out) else { continue };
                    match CountryCode::new(country) {
                        Some(country) => members.push(Member {
                            country,
                            cite: member.opt_string("cite", out).unwrap_or_default(),
                            date: member.opt_date("date", out),
                            certainty: member.opt_string("certainty", out).unwrap_or_default(),
                        }),
                        None => {
                            out.push(item.error(format!("`{country}` is not an ISO code of two letters")));
                        }
                    }
                }
            }
            member.get("cite");
            member.get("date");
            member.get("certainty");
            member.finish(out);
        }
        let include = table.strings("include", out);
        if members.is_empty() && include.is_empty() {
            out.push(table.error(format!("the set `{id}` is empty")));
        }
        if self.waiting.iter().any(|other| other.set.id == id) {
            out.push(table.error(format!("the set `{id}` is defined twice")));
        }
        table.finish(out);
        self.waiting.push(Waiting { set: CountrySet { id, title, members }, include, place });
    }

    fn read_region(&mut self, mut table: Table<'_, '_>, out: &mut Diagnostics) {
        let region = Region {
            id: table.string("id", out).into(),
            title: table.string("title", out),
            countries: table
                .strings("country", out)
                .iter()
                .filter_map(|code| CountryCode::new(code))
                .collect(),
            words: table.strings("words", out),
            hints: table.strings("hint_only", out),
        };
        for key in ["cite", "source", "certainty"] {
            table.opt_string(key, out);
        }
        table.opt_date("date", out);
        if region.words.is_empty() && region.hints.is_empty() {
            out.push(table.error("the region holds neither `words` nor `hint_only`"));
        }
        table.finish(out);
        let number = self.regions.len();
        for word in &region.words {
            self.region_words.add(word, RegionWord { region: number, hint: false });
        }
        for word in &region.hints {
            self.region_words.add(word, RegionWord { region: number, hint: true });
        }
        self.regions.push(region);
    }

    /// Joins included sets in. Call once, after the last file.
    pub fn finish(&mut self, out: &mut Diagnostics) {
        let waiting = std::mem::take(&mut self.waiting);
        for start in &waiting {
            let mut members = Vec::new();
            let mut todo = vec![&*start.set.id];
            let mut seen: Vec<&str> = Vec::new();
            while let Some(id) = todo.pop() {
                if seen.contains(&id) {
                    continue;
                }
                seen.push(id);
                if let Some(found) = waiting.iter().find(|other| *other.set.id == *id) {
                    members.extend(found.set.members.iter().cloned());
                    todo.extend(found.include.iter().map(String::as_str));
                } else {
                    let (file, span) = &start.place;
                    let help = nearest(id, waiting.iter().map(|other| &*other.set.id))
                        .map(|near| format!("did you mean `{near}`?"))
                        .unwrap_or_default();
                    out.push(
                        Diagnostic::error(format!("`{}` includes the unknown set `{id}`", start.set.id))
                            .at(file, span.clone())
                            .help(help),
                    );
                }
            }
            let set = CountrySet { id: Arc::clone(&start.set.id), title: start.set.title.clone(), members };
            self.sets.insert(Arc::clone(&set.id), Arc::new(set));
        }
    }

    /// The set with an id.
    #[must_use]
    pub fn set(&self, id: &str) -> Option<&Arc<CountrySet>> {
        self.sets.get(id)
    }

    /// Ids of all sets, sorted.
    #[must_use]
    pub fn set_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.sets.keys().map(|id| &**id).collect();
        ids.sort_unstable();
        ids
    }

    /// Ids of the regions that a text names, each once; words that are only a
    /// hint do not count, nor regions of other countries than `country`.
    #[must_use]
    pub fn regions_in(&self, text: &str, country: Option<CountryCode>) -> Vec<Arc<str>> {
        let mut found: Vec<Arc<str>> = Vec::new();
        // Most countries have none: their texts need not be folded.
        let has_any =
            |country: CountryCode| self.regions.iter().any(|region| region.countries.contains(&country));
        if !country.is_none_or(has_any) {
            return found;
        }
        for word in self.region_words.find(&phrase_words(text)).map(|found| found.tag) {
            let Some(region) = self.regions.get(word.region).filter(|_| !word.hint) else { continue };
            let fits = country.is_none_or(|country| region.countries.contains(&country));
            if fits && !found.contains(&region.id) {
                found.push(Arc::clone(&region.id));
            }
        }
        found
    }

    /// The number of the region with an id.
    #[must_use]
    pub fn region(&self, id: &str) -> Option<usize> {
        self.regions.iter().position(|region| *region.id == *id)
    }
}
