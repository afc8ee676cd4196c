//! A view in the making: steps, what asks for a licence, what is open.
//!
//! Adding to a draft never makes its outcome lighter, but for `covered`, which
//! only an exception that may cover everything sets.

use crate::place::CountryNames;
use crate::trade::CountryCode;

use super::answer::{ExceptionNote, Outcome, Source, Step, View};
use super::condition::{Destination, Subject};
use super::question::{Law, ListedEntry, Question};
use super::scope::Reach;
use super::special::{Effect, Party, Rule};

#[derive(Debug, Default)]
pub(super) struct Draft {
    chain: Vec<Step>,
    /// Reasons for control and rules that ask for a licence.
    needs: Vec<String>,
    /// The line of the chain that bans.
    embargo: Option<usize>,
    /// Something is open that could ask for a licence.
    open: bool,
    missing: Vec<String>,
    assumptions: Vec<String>,
    pub exceptions: Vec<ExceptionNote>,
    /// Exceptions that may apply cover every need.
    pub covered: bool,
}

impl Draft {
    pub(super) fn step(&mut self, words: impl Into<String>, source: &Source) {
        self.chain.push(Step { words: words.into(), source: source.clone() });
    }

    pub(super) fn steps(&mut self, steps: Vec<Step>) {
        self.chain.extend(steps);
    }

    /// Something asks for a licence.
    pub(super) fn need(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.needs.contains(&what) {
            self.needs.push(what);
        }
    }

    pub(super) fn needs(&self) -> &[String] {
        &self.needs
    }

    /// A destination that is no country keeps everything open.
    pub(super) fn country(&mut self, country: CountryCode) {
        if CountryNames::shipped().english(country).is_none() {
            self.open(format!("the destination: {country} is no country code that is known"));
        }
    }

    pub(super) fn is_embargo(&self) -> bool {
        self.embargo.is_some()
    }

    /// Something must be known before "not required" could be said.
    pub(super) fn open(&mut self, what: String) {
        self.open = true;
        self.ask(what);
    }

    /// Something a person should find out; it does not hold the outcome.
    pub(super) fn ask(&mut self, what: String) {
        if !self.missing.contains(&what) {
            self.missing.push(what);
        }
    }

    pub(super) fn assume(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.assumptions.contains(&what) {
            self.assumptions.push(what);
        }
    }

    /// Applies every rule that speaks to the question.
    pub(super) fn rules(
        &mut self,
        law: Law,
        rules: &[Rule],
        question: &Question,
        destination: &Destination,
        subject: &Subject<'_>,
    ) {
        for rule in rules {
            match rule.reach(law, question, destination, subject) {
                Reach::No => {}
                Reach::Yes => self.apply(law, rule, question),
                Reach::Open(words) => {
                    self.step(format!("{}, if {words}", rule.words), &rule.source);
                    match rule.effect {
                        Effect::Embargo | Effect::Required => self.open(format!("whether {words}")),
                        Effect::Ask | Effect::Note => self.ask(format!("whether {words}")),
                    }
                }
            }
        }
    }

    fn apply(&mut self, law: Law, rule: &Rule, question: &Question) {
        self.step(rule.words.clone(), &rule.source);
        match rule.effect {
            Effect::Embargo => self.embargo = self.embargo.or(self.chain.len().checked_sub(1)),
            Effect::Required if rule.party == Some(Party::Listed) => {
                for entry in question.listed.iter().filter(|e| e.law == law && !e.as_owner) {
                    self.listed(entry, &rule.source);
                }
            }
            Effect::Required => self.need(rule.source.cite.clone()),
            Effect::Ask | Effect::Note => {}
        }
        if let Some(ask) = &rule.ask {
            if rule.soft || rule.effect != Effect::Ask {
                self.ask(ask.clone());
            } else {
                self.open(ask.clone());
            }
        }
    }

    /// A listed party's own requirement: all items, some items, or unknown.
    fn listed(&mut self, entry: &ListedEntry, source: &Source) {
        let cite = Source { cite: format!("{}, entry of {}", entry.list, entry.name), ..source.clone() };
        let Some(requirement) = entry.requirement.as_deref().filter(|text| !text.trim().is_empty()) else {
            self.step("the entry states no licence requirement here", &cite);
            self.open(format!("what the entry of {} asks for", entry.name));
            return;
        };
        self.step(format!("its licence requirement: {}", requirement.trim()), &cite);
        if let Some(policy) = entry.policy.as_deref().filter(|text| !text.trim().is_empty()) {
            self.step(format!("its review policy: {}", policy.trim()), &cite);
        }
        let text = requirement.to_lowercase();
        if text.contains("all items subject to the ear")
            && !text.contains("except")
            && !text.contains("other than")
        {
            self.need(source.cite.clone());
        } else {
            self.open(format!("whether the requirement of the entry of {} takes in the goods", entry.name));
        }
    }

    fn outcome(&self) -> Outcome {
        if self.is_embargo() {
            Outcome::Embargo
        } else if !self.needs.is_empty() && self.covered {
            Outcome::ExceptionMayApply
        } else if !self.needs.is_empty() {
            Outcome::Required
        } else if self.open {
            Outcome::Indeterminate
        } else {
            Outcome::NotRequired
        }
    }

    pub(super) fn finish(self, law: Law) -> View {
        View {
            law,
            outcome: self.outcome(),
            embargo: self.embargo,
            chain: self.chain,
            exceptions: self.exceptions,
            missing: self.missing,
            assumptions: self.assumptions,
            modelled: Vec::new(),
            not_modelled: Vec::new(),
        }
    }
}
