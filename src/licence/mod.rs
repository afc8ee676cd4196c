//! Declared control codes and licence determination: an adviser that shows its
//! reasons, line by line with sources, and never claims to decide.
//!
//! The tables stand in `rules/licence/`. What they do not reach is said in every
//! answer; an unknown code, destination or paragraph is never "not required".

mod answer;
mod chart;
mod code;
mod condition;
mod determine;
mod draft;
mod entry;
mod european;
mod exception;
mod question;
mod scope;
mod special;

use std::sync::OnceLock;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};
use crate::name::{PhraseTable, phrase_words};
use crate::place::Places;

pub use answer::{Determination, ExceptionNote, Outcome, Source, Step, View};
pub use code::{CodeCheck, CodeKind, Known};
pub use question::{EndUse, Law, ListedEntry, Question};

use code::CodeTables;
use condition::{Destination, Subject};
use determine::UsTables;
use european::Annexes;
use special::{DeMinimis, Rule, TariffList};

/// What a law's view covers, and what a "not required" rests on.
#[derive(Clone, Debug, Default)]
struct Coverage {
    modelled: Vec<String>,
    not_modelled: Vec<String>,
    assumes: Vec<String>,
}

/// All tables, ready for questions. Immutable.
#[derive(Clone, Debug, Default)]
pub struct Licensing {
    codes: CodeTables,
    us: UsTables,
    annexes: Annexes,
    eu_rules: Vec<Rule>,
    us_coverage: Coverage,
    eu_coverage: Coverage,
    use_words: PhraseTable<EndUse>,
}

/// The licence files that come with the program, and the named sets of
/// countries they refer to.
#[must_use]
pub fn shipped_files() -> Vec<SourceFile> {
    crate::shipped::files()
        .into_iter()
        .filter(|(name, _)| name.starts_with("rules/licence/") || name == "rules/places/sets.toml")
        .map(|(name, bytes)| SourceFile::new(name, String::from_utf8_lossy(bytes).into_owned()))
        .collect()
}

impl Licensing {
    /// The tables that come with the program.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Licensing> = OnceLock::new();
        // That the shipped tables hold no mistake is held by a test.
        SHIPPED.get_or_init(|| Self::load(&shipped_files(), &mut Diagnostics::default()))
    }

    /// Reads tables; mistakes are collected.
    pub fn load(files: &[SourceFile], out: &mut Diagnostics) -> Self {
        let documents: Vec<_> = files.iter().map(|file| (file, parse_toml(file, out))).collect();
        let mut tables: Vec<_> =
            documents.iter().map(|(file, document)| Table::document(file, document)).collect();
        let mut places = Places::default();
        for table in &mut tables {
            places.read(table, out);
        }
        places.finish(out);
        let mut lists = Vec::new();
        for table in &mut tables {
            for list in table.tables("tariff_list", out) {
                lists.push(TariffList::read(list, out));
            }
        }
        let mut all = Self::default();
        for mut table in tables {
            all.read(&mut table, &places, &lists, out);
            table.finish(out);
        }
        all.check(out);
        all
    }

    fn read(
        &mut self,
        table: &mut Table<'_, '_>,
        places: &Places,
        lists: &[TariffList],
        out: &mut Diagnostics,
    ) {
        let pack = table.pack(out);
        self.codes.read(table, &pack, out);
        self.us.entries.read(table, &pack, out);
        self.us.chart.read(table, &pack, places, out);
        self.us.exceptions.read(table, &pack, places, out);
        self.annexes.read(table, &pack, places, out);
        let european = pack.id == "licence-eu";
        let rules = if european { &mut self.eu_rules } else { &mut self.us.rules };
        for mut rule in table.tables("rule", out) {
            rules.extend(Rule::read(&mut rule, &pack, (places, lists), out));
            rule.finish(out);
        }
        for mut line in table.tables("de_minimis", out) {
            self.us.de_minimis.extend(DeMinimis::read(&mut line, &pack, places, out));
            line.finish(out);
        }
        for mut words in table.tables("end_use", out) {
            let end_use = words.word("use", &EndUse::WORDS, EndUse::from_key, out);
            for word in words.strings("words", out) {
                if let Some(end_use) = end_use {
                    self.use_words.add(&word, end_use);
                }
            }
            words.finish(out);
        }
        for (key, place) in [("us", &mut self.us_coverage), ("eu", &mut self.eu_coverage)] {
            if let Some(mut scope) = table.get(key).and_then(|item| item.table(out)) {
                place.modelled = scope.strings("modelled", out);
                place.not_modelled = scope.strings("not_modelled", out);
                place.assumes = scope.strings("assumes", out);
                scope.finish(out);
            }
        }
    }

    /// That every control looks somewhere that exists.
    fn check(&self, out: &mut Diagnostics) {
        for (code, entry) in self.us.entries.iter() {
            for control in &entry.controls {
                if !self.us.chart.knows(&control.to) {
                    let message = format!("{code} looks in `{}`, no column and no place", control.to);
                    out.push(crate::diagnostic::Diagnostic::error(message));
                }
            }
        }
    }

    /// What is known of a declared control code.
    #[must_use]
    pub fn code(&self, text: &str) -> CodeCheck {
        self.codes.check(text, None, &self.us.entries, &self.annexes)
    }

    /// Why the group letter of a declared code does not fit the description of
    /// the goods; nothing when it does or when neither says enough.
    #[must_use]
    pub fn group_doubt(&self, code: &str, description: &str) -> Option<String> {
        self.codes.group_doubt(&self.code(code), description)
    }

    /// What the law says of a shipment, as far as the tables reach: advice with
    /// its reasons, not a decision.
    #[must_use]
    pub fn determine(&self, question: &Question) -> Determination {
        let mut check =
            self.codes.check(&question.code, Some(question.date), &self.us.entries, &self.annexes);
        check.doubts.extend(self.codes.group_doubt(&check, &question.description));
        let entry = check.entry().to_owned();
        let paragraph = check.paragraph_text().to_owned();
        let subject = Subject {
            entry: &entry,
            paragraph: &paragraph,
            in_us: check.us == Known::Yes,
            in_annex: check.eu == Known::Yes,
        };
        let mut views = Vec::new();
        if question.bound(Law::Us) {
            let view = self.us.view(question, &check, &subject);
            views.push(self.us_coverage.complete(view));
        }
        if question.bound(Law::Eu) {
            let view = self.annexes.view(question, &check, &subject, &self.eu_rules);
            views.push(self.eu_coverage.complete(view));
        }
        let modelled = |law: &&String| ![Law::Us, Law::Eu].iter().any(|m| law.eq_ignore_ascii_case(m.key()));
        let not_covered = question.bound_by.iter().filter(modelled).cloned().collect();
        Determination { code: check, views, not_covered }
    }

    /// Whether a rule of a law that binds speaks to the declared tariff code,
    /// whatever control code is declared.
    #[must_use]
    pub fn speaks_of_tariff(&self, question: &Question) -> bool {
        if question.tariff.is_empty() {
            return false;
        }
        let places = question.destination.into_iter().collect();
        let destination = Destination { countries: places, regions: question.regions.clone() };
        let subject = Subject { entry: "", paragraph: "", in_us: false, in_annex: false };
        [(Law::Us, &self.us.rules), (Law::Eu, &self.eu_rules)].into_iter().any(|(law, rules)| {
            let speaks =
                |rule: &Rule| rule.by_tariff() && !rule.reach(law, question, &destination, &subject).is_no();
            question.bound(law) && rules.iter().any(speaks)
        })
    }

    /// The uses with rules of their own that a text speaks of, each once.
    #[must_use]
    pub fn uses_in(&self, text: &str) -> Vec<EndUse> {
        let mut uses: Vec<EndUse> = self.use_words.find(&phrase_words(text)).map(|found| found.tag).collect();
        uses.sort_unstable();
        uses.dedup();
        uses
    }

    /// How many entries of the US list, rows of the chart and codes of Annex I
    /// the tables hold.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.us.entries.iter().count(), self.us.chart.row_count(), self.annexes.code_count())
    }

    /// Code, reasons as the entry's head has them, and reasons of its table.
    pub fn reasons(&self) -> impl Iterator<Item = (&str, Vec<&str>, Vec<&str>)> {
        self.us.entries.iter().map(|(code, entry)| {
            let head = entry.reasons.iter().map(String::as_str).collect();
            let table = entry.controls.iter().map(|control| control.reason.as_str()).collect();
            (code, head, table)
        })
    }

    /// Whether a cell of the chart has a mark: `None` without such a row or
    /// column.
    #[must_use]
    pub fn cell(&self, country: crate::trade::CountryCode, column: &str) -> Option<bool> {
        self.us.chart.own_cell(country, column)
    }
}

impl Coverage {
    /// A view with what it covers; the assumptions where it says "not required".
    fn complete(&self, mut view: View) -> View {
        view.modelled.clone_from(&self.modelled);
        view.not_modelled.clone_from(&self.not_modelled);
        if view.outcome == Outcome::NotRequired {
            let mut all = self.assumes.clone();
            all.append(&mut view.assumptions);
            view.assumptions = all;
        }
        view
    }
}
