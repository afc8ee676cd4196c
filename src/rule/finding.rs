//! What a rule says about a shipment.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use crate::flow::history::Series;
use crate::trade::At;

/// What to do with a shipment, mildest first. The verdict of a shipment is
/// the worst of its findings; `Unscreened` stands above all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Verdict {
    #[default]
    Clear,
    /// Worth knowing; may go.
    Note,
    /// A person should look before it goes.
    Review,
    /// Must not go until a person has decided.
    Hold,
    /// Must not go.
    Block,
    /// Could not be screened: nothing is known.
    Unscreened,
}

impl Verdict {
    pub const ALL: [Self; 6] =
        [Self::Clear, Self::Note, Self::Review, Self::Hold, Self::Block, Self::Unscreened];
    /// The verdicts a rule may give.
    pub const WORDS: [&'static str; 4] = ["note", "review", "hold", "block"];

    /// The name in TOML and output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Note => "note",
            Self::Review => "review",
            Self::Hold => "hold",
            Self::Block => "block",
            Self::Unscreened => "unscreened",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.key() == key)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// A legal or official source a rule rests on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Citation {
    /// Such as `15 CFR 744.16` or `FIN-2023-Alert004`.
    pub cite: String,
    /// The source's date, or the date of the text that was read.
    pub date: Option<Date>,
    pub url: String,
    /// How sure the rule's author is of the source; empty when the text was
    /// seen, else words such as `from memory`.
    pub certainty: String,
}

/// A rule as reports show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleInfo {
    /// Such as `DIV-101`; never reused.
    pub id: String,
    pub title: String,
    /// Folder the rule stands in, such as `diversion`.
    pub group: String,
    pub verdict: Verdict,
    /// For the person who must decide.
    pub why: String,
    /// What to do next; may be empty.
    pub advice: String,
    pub authority: Vec<Citation>,
    pub from: Option<Date>,
    /// First day on which the rule no longer holds.
    pub until: Option<Date>,
    /// Numbers of the red flags in the project's catalogue that it answers.
    pub red_flags: Vec<u8>,
    /// 12 hexadecimal digits over what the rule says and when: id, verdict,
    /// days, conditions. Wording for people does not count.
    pub version: String,
    /// The verdict of the rule itself, where the configuration sets another.
    pub own_verdict: Option<Verdict>,
}

impl RuleInfo {
    /// Whether the rule blocks, or would if the configuration did not make it
    /// milder.
    #[must_use]
    pub fn is_block(&self) -> bool {
        self.verdict == Verdict::Block || self.own_verdict == Some(Verdict::Block)
    }
}

/// What a piece of evidence is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject {
    Shipment,
    Route,
    /// Index into the shipment's parties.
    Party(usize),
    /// Index into the shipment's line items.
    Item(usize),
}

/// One reason why a rule fired.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Evidence {
    pub subject: Subject,
    /// The cell, where there is one.
    pub at: Option<At>,
    /// Index into the screening's hits, where a list entry was met.
    pub hit: Option<usize>,
    /// In plain words, complete in itself, with the value from the cell.
    pub words: String,
    /// The figures over time that it rests on, where it does.
    pub series: Option<Arc<Series>>,
}

/// A rule fired on a shipment.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    pub rule: Arc<RuleInfo>,
    /// At least one, without duplicates, in the order of the conditions.
    pub evidence: Vec<Evidence>,
}
