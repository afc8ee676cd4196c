//! What a reader did not understand: counted, with examples, so that nothing
//! is lost in silence. An oddity loses no entry; what may is an error.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::trade::CountryCode;
use crate::watchlist::ListInfo;

use super::CountryLookup;

/// Examples kept of each kind.
const EXAMPLES: usize = 4;

#[derive(Default)]
struct Seen {
    times: usize,
    examples: Vec<String>,
}

/// The oddities of one file, by what they are.
pub(super) struct Oddities<'c> {
    countries: CountryLookup<'c>,
    seen: BTreeMap<&'static str, Seen>,
}

impl<'c> Oddities<'c> {
    pub const fn new(countries: CountryLookup<'c>) -> Self {
        Self { countries, seen: BTreeMap::new() }
    }

    /// Counts one oddity. `what` is a phrase that follows a number, such as
    /// `dates that are none`; `example` is the text in question.
    pub fn note(&mut self, what: &'static str, example: &str) {
        let seen = self.seen.entry(what).or_default();
        seen.times += 1;
        let example: String = example.trim().chars().take(60).collect();
        if seen.examples.len() < EXAMPLES && !seen.examples.contains(&example) {
            seen.examples.push(example);
        }
    }

    /// The country that a text names or whose code it is; an unknown text is
    /// counted, an empty one is nothing.
    pub fn country(&mut self, text: &str) -> Option<CountryCode> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let found = self.find_country(text);
        if found.is_none() {
            self.note("mentions of places that are no country known here", text);
        }
        found
    }

    /// As [`Self::country`], but an unknown text is not counted.
    pub fn find_country(&self, text: &str) -> Option<CountryCode> {
        CountryCode::new(text).or_else(|| (self.countries)(text))
    }

    /// As a warning each, and as notes of the list they were found in.
    pub fn report(self, file: &str, info: &mut ListInfo, out: &mut Diagnostics) {
        for (what, seen) in self.seen {
            let note = format!("{} {what}, such as {}", seen.times, seen.examples.join("; "));
            out.push(Diagnostic::warning(format!("`{file}`: {note}")));
            info.notes.push(format!("not understood: {note}"));
        }
    }
}
