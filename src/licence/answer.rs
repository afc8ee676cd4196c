//! What a determination says: outcomes, the chain of reasoning with its sources,
//! exceptions to check, and the printed form.
//!
//! Knows no rule; it holds and prints what the views found.

use std::fmt;

use jiff::civil::Date;

use super::code::CodeCheck;
use super::question::Law;

/// Where a fact comes from and how sure it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Source {
    /// The document and the place in it; for the chart the row and the column.
    pub cite: String,
    /// The day of the copy.
    pub date: Option<Date>,
    /// How sure it is; empty when the text was read.
    pub certainty: String,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cite)?;
        if let Some(date) = self.date {
            write!(f, ", {date}")?;
        }
        if !self.certainty.is_empty() {
            write!(f, "; {}", self.certainty)?;
        }
        Ok(())
    }
}

/// One line of the reasoning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    pub words: String,
    pub source: Source,
}

/// What a view comes to. The order is that of weight: the greater wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// Neither the list nor a rule in the tables asks for a licence.
    NotRequired,
    /// Something is missing that could ask for one.
    Indeterminate,
    /// A licence is required unless an exception applies, which may be.
    ExceptionMayApply,
    /// A licence is required and no exception in the tables covers it.
    Required,
    /// The destination is under an embargo.
    Embargo,
}

impl Outcome {
    pub const WORDS: [&'static str; 5] =
        ["not-required", "indeterminate", "exception-may-apply", "required", "embargo"];

    /// The name in tables and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotRequired => Self::WORDS[0],
            Self::Indeterminate => Self::WORDS[1],
            Self::ExceptionMayApply => Self::WORDS[2],
            Self::Required => Self::WORDS[3],
            Self::Embargo => Self::WORDS[4],
        }
    }

    /// In plain words, for a reader.
    #[must_use]
    pub const fn words(self, law: Law) -> &'static str {
        match (self, law) {
            (Self::NotRequired, Law::Us) => "no licence required by the chart, on the assumptions below",
            (Self::NotRequired, Law::Eu) => "no authorisation required by the list, on the assumptions below",
            (Self::Indeterminate, _) => "indeterminate: see what is missing",
            (Self::ExceptionMayApply, Law::Us) => "licence required, but an exception may apply: check it",
            (Self::ExceptionMayApply, Law::Eu) => {
                "authorisation required, but a general one may serve: check it"
            }
            (Self::Required, Law::Us) => "licence required",
            (Self::Required, Law::Eu) => "authorisation required",
            (Self::Embargo, _) => "embargo",
        }
    }
}

/// An exception or a general authorisation that a person may look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExceptionNote {
    pub symbol: String,
    pub title: String,
    /// The reasons for control that it could overcome here.
    pub covers: Vec<String>,
    /// Conditions, in own words.
    pub check: Vec<String>,
    /// Only for a kind of shipment that the question does not name.
    pub only_if: Option<String>,
    pub source: Source,
}

/// What the law of one jurisdiction says, as far as the tables reach.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct View {
    pub law: Law,
    pub outcome: Outcome,
    /// The reasoning, line by line.
    pub chain: Vec<Step>,
    /// The line of the chain that bans, under an embargo.
    pub embargo: Option<usize>,
    pub exceptions: Vec<ExceptionNote>,
    /// What a person must find out.
    pub missing: Vec<String>,
    pub assumptions: Vec<String>,
    pub modelled: Vec<String>,
    pub not_modelled: Vec<String>,
}

impl View {
    /// The step that says most plainly why the outcome is what it is: the one that
    /// bans, else one that asks for a licence without a condition, else with one,
    /// else the first.
    #[must_use]
    pub fn deciding(&self) -> Option<&Step> {
        if let Some(ban) = self.embargo.and_then(|at| self.chain.get(at)) {
            return Some(ban);
        }
        let asks =
            |step: &&Step| step.words.contains("is required") || step.words.contains("needs a licence");
        let plain = |step: &&Step| asks(step) && !step.words.contains(" required if ");
        let find = |wanted: &dyn Fn(&&Step) -> bool| self.chain.iter().find(|step| wanted(step));
        find(&plain).or_else(|| find(&asks)).or_else(|| self.chain.first())
    }
}

/// The answer to a question: one view for each law that binds the company.
/// Advice with its reasons, not a decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Determination {
    pub code: CodeCheck,
    pub views: Vec<View>,
    /// Laws that bind the company and are not modelled.
    pub not_covered: Vec<String>,
}

impl Determination {
    /// The view of a law, where it was asked for.
    #[must_use]
    pub fn view(&self, law: Law) -> Option<&View> {
        self.views.iter().find(|view| view.law == law)
    }

    /// The outcome under a law.
    #[must_use]
    pub fn outcome(&self, law: Law) -> Option<Outcome> {
        self.view(law).map(|view| view.outcome)
    }
}

fn list(f: &mut fmt::Formatter<'_>, head: &str, lines: &[String]) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(f, "  {head}:")?;
    lines.iter().try_for_each(|line| writeln!(f, "  - {line}"))
}

impl fmt::Display for ExceptionNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}) may apply", self.symbol, self.title)?;
        if !self.covers.is_empty() {
            write!(f, " to {}", self.covers.join(", "))?;
        }
        write!(f, ": check")?;
        for (number, check) in self.check.iter().enumerate() {
            let lead = if number == 0 { " " } else { "; " };
            write!(f, "{lead}{check}")?;
        }
        write!(f, " [{}]", self.source)
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.law, self.outcome.words(self.law))?;
        for (number, step) in self.chain.iter().enumerate() {
            writeln!(f, "  {}. {} [{}]", number + 1, step.words, step.source)?;
        }
        let (now, later): (Vec<_>, Vec<_>) = self.exceptions.iter().partition(|e| e.only_if.is_none());
        let now: Vec<String> = now.into_iter().map(ToString::to_string).collect();
        list(f, "Exceptions to look at", &now)?;
        let later: Vec<String> = later
            .into_iter()
            .map(|e| format!("{} ({})", e.symbol, e.only_if.as_deref().unwrap_or_default()))
            .collect();
        if !later.is_empty() {
            writeln!(f, "  Only for special shipments: {}", later.join(", "))?;
        }
        list(f, "Missing", &self.missing)?;
        list(f, "Assumed", &self.assumptions)?;
        list(f, "Modelled", &self.modelled)?;
        list(f, "Not modelled", &self.not_modelled)
    }
}

impl fmt::Display for Determination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Advice with its reasons; a person decides.")?;
        write!(f, "{}", self.code)?;
        for view in &self.views {
            writeln!(f)?;
            write!(f, "{view}")?;
        }
        for law in &self.not_covered {
            writeln!(f, "\n{law}: its law binds the company and is not modelled")?;
        }
        Ok(())
    }
}
