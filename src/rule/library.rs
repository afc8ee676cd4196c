//! Everything that rule files hold, loaded as a whole or not at all; and the
//! evaluation.

use std::sync::Arc;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile, Table, parse_toml};
use crate::digest::{hex, of_parts};
use crate::goods::{Categories, GoodsFact};
use crate::place::Places;
use crate::trade::{HsCode, Shipment};

use super::condition::{Refs, Tree};
use super::example::{Example, ExampleResult};
use super::facts::Facts;
use super::finding::{Evidence, Finding, RuleInfo, Verdict};
use super::load::read_rules;
use super::page;
use super::scene::Scene;
use super::terms::Terms;

/// A rule ready to be tried.
#[derive(Debug)]
pub(super) struct Rule {
    pub info: Arc<RuleInfo>,
    pub when: Tree,
    /// Tried once for each line of goods.
    pub about_goods: bool,
    pub fires: Vec<Example>,
    pub silent: Vec<Example>,
    /// File and line, for the documentation page.
    pub place: String,
}

/// Rules with all that they refer to. Immutable.
#[derive(Debug)]
pub struct Library {
    rules: Vec<Rule>,
    categories: Categories,
    places: Places,
    terms: Terms,
    sha256: String,
}

/// Beginnings of embedded files that hold no rules and nothing that rules name.
const NO_RULES: [&str; 13] = [
    "rules/ownership/",
    "rules/lists/",
    "rules/names/",
    "rules/input/",
    "rules/flow/",
    "rules/formats/",
    "rules/licence/",
    "rules/goods/control/",
    "rules/goods/units.toml",
    "rules/goods/computed.toml",
    "rules/goods/abbreviations.toml",
    "rules/goods/quantities.toml",
    "rules/places/countries.toml",
];

/// The rule files that come with the program: everything under `rules/` that
/// is neither a list nor a table for reading names, columns, countries, goods
/// and licences.
#[must_use]
pub fn shipped_files() -> Vec<SourceFile> {
    crate::shipped::files()
        .into_iter()
        .filter(|(name, _)| !NO_RULES.iter().any(|other| name.starts_with(other)))
        .map(|(name, bytes)| SourceFile::new(name, String::from_utf8_lossy(bytes).into_owned()))
        .collect()
}

impl Library {
    /// Reads rule files. Every mistake of every file is collected; with an
    /// error there is no library. `lists` are the ids of the lists in use: a
    /// rule that names another one gets a warning.
    #[must_use]
    pub fn load(files: &[SourceFile], lists: Option<&[String]>) -> (Option<Self>, Diagnostics) {
        let mut out = Diagnostics::default();
        let documents: Vec<_> = files.iter().map(|file| (file, parse_toml(file, &mut out))).collect();
        let mut tables: Vec<_> =
            documents.iter().map(|(file, document)| Table::document(file, document)).collect();
        let mut categories = Categories::default();
        let mut places = Places::default();
        let mut terms = Terms::default();
        for table in &mut tables {
            table.pack(&mut out);
            categories.read(table, &mut out);
            places.read(table, &mut out);
            terms.read(table, &mut out);
        }
        places.finish(&mut out);
        let refs = Refs { places: &places, terms: &terms, categories: &categories, lists };
        let mut rules: Vec<Rule> = Vec::new();
        for mut table in tables {
            for (rule, span) in read_rules(&mut table, &refs, &mut out) {
                if let Some(twin) = rules.iter().find(|other| other.info.id == rule.info.id) {
                    out.push(
                        Diagnostic::error(format!("the rule {} is defined twice", rule.info.id))
                            .at(table.file(), span)
                            .help(format!("the other one is at {}; ids are never reused", twin.place)),
                    );
                }
                rules.push(rule);
            }
            table.finish(&mut out);
        }
        if out.has_errors() {
            return (None, out);
        }
        rules.sort_by(|a, b| a.info.id.cmp(&b.info.id));
        let library = Self { rules, categories, places, terms, sha256: hash(files) };
        (Some(library), out)
    }

    /// The categories of each line of goods.
    #[must_use]
    pub fn detect_goods(&self, shipment: &Shipment) -> Vec<GoodsFact> {
        self.categories.detect(shipment)
    }

    /// Whether a tariff code is in one of the categories with these ids.
    #[must_use]
    pub fn is_in_categories(&self, code: &HsCode, ids: &[String]) -> bool {
        self.categories.of_tariff(code).any(|category| ids.iter().any(|id| **id == **category))
    }

    /// What the rules in force on the day of the evaluation say: worst verdict
    /// first, then by id.
    #[must_use]
    pub fn evaluate(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let scene = Scene::new(facts, &self.terms);
        let mut findings: Vec<Finding> = self
            .rules
            .iter()
            .filter(|rule| in_force(&rule.info, facts.as_of))
            .filter_map(|rule| try_rule(rule, &scene))
            .collect();
        findings.sort_by(|a, b| b.rule.verdict.cmp(&a.rule.verdict).then_with(|| a.rule.id.cmp(&b.rule.id)));
        findings
    }

    /// Sets other verdicts for rules, or switches them off (`None`). A rule's
    /// version stays: decisions on its findings stay good.
    ///
    /// # Errors
    /// The ids that no rule has.
    pub fn set_levels<'a>(
        &mut self,
        levels: impl IntoIterator<Item = (&'a str, Option<Verdict>, &'a str)>,
    ) -> Result<(), Vec<String>> {
        let mut unknown = Vec::new();
        for (id, level, reason) in levels {
            let Some(place) = self.rules.iter().position(|rule| rule.info.id == id) else {
                unknown.push(id.to_owned());
                continue;
            };
            match (level, self.rules.get_mut(place)) {
                (Some(verdict), Some(rule)) => {
                    let mut info = (*rule.info).clone();
                    info.why.push_str(&format!(
                        " This company's configuration makes it {verdict} instead of {}: {reason}.",
                        info.verdict
                    ));
                    info.own_verdict = Some(info.verdict);
                    info.verdict = verdict;
                    rule.info = Arc::new(info);
                }
                _ => {
                    self.rules.remove(place);
                }
            }
        }
        if unknown.is_empty() { Ok(()) } else { Err(unknown) }
    }

    /// Every rule, by id.
    pub fn rules(&self) -> impl Iterator<Item = &RuleInfo> {
        self.rules.iter().map(|rule| &*rule.info)
    }

    /// The rules in force on a day, by id.
    #[must_use]
    pub fn rules_in_force(&self, day: Date) -> Vec<Arc<RuleInfo>> {
        self.rules.iter().map(|rule| &rule.info).filter(|info| in_force(info, day)).cloned().collect()
    }

    /// The documentation page of a rule, in Markdown.
    #[must_use]
    pub fn page(&self, id: &str) -> Option<String> {
        self.rules.iter().find(|rule| rule.info.id == id).map(page::write)
    }

    /// Runs every example of every rule, by rule id.
    #[must_use]
    pub fn test_examples(&self) -> Vec<ExampleResult> {
        self.rules.iter().flat_map(|rule| super::example::test(self, rule)).collect()
    }

    /// Evidence of one rule on one set of facts, whatever the day.
    pub(super) fn try_alone(&self, rule: &Rule, facts: &Facts<'_>) -> Option<Finding> {
        try_rule(rule, &Scene::new(facts, &self.terms))
    }

    /// SHA-256 over the names and texts of all files, in the order of their
    /// names; lower-case hex.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The sets of countries and the regions.
    #[must_use]
    pub fn places(&self) -> &Places {
        &self.places
    }
}

fn in_force(rule: &RuleInfo, day: Date) -> bool {
    rule.from.is_none_or(|from| from <= day) && rule.until.is_none_or(|until| day < until)
}

fn try_rule(rule: &Rule, scene: &Scene<'_>) -> Option<Finding> {
    let mut evidence: Vec<Evidence> = Vec::new();
    if rule.about_goods {
        for item in 0..scene.facts.shipment.items.len() {
            rule.when.holds(scene, Some(item), &mut evidence);
        }
    } else {
        rule.when.holds(scene, None, &mut evidence);
    }
    let mut kept: Vec<Evidence> = Vec::with_capacity(evidence.len());
    for piece in evidence {
        if !kept.contains(&piece) {
            kept.push(piece);
        }
    }
    (!kept.is_empty()).then(|| Finding { rule: Arc::clone(&rule.info), evidence: kept })
}

fn hash(files: &[SourceFile]) -> String {
    let mut files: Vec<&SourceFile> = files.iter().collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    hex(&of_parts(files.iter().flat_map(|file| [&*file.name, &*file.text])))
}
