//! What the past says about a shipment: plain facts with figures, and patterns
//! that a detector found. Rules read these and nothing else of the history.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::measure::Measure;

/// What a past is the past of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PastOf {
    /// A receiving party: buyer, consignee, intermediate consignee, end user,
    /// importer.
    Party,
    /// Departure and destination.
    Lane,
    /// The tariff code to six digits, whoever sends it where.
    Goods,
    /// The tariff code for that party.
    PartyGoods,
    /// The tariff code on that lane.
    LaneGoods,
    /// Priority goods of any code for that party.
    PartyPriority,
    /// Priority goods of any code on that lane.
    LanePriority,
}

impl PastOf {
    pub const ALL: [Self; 7] = [
        Self::Party,
        Self::Lane,
        Self::Goods,
        Self::PartyGoods,
        Self::LaneGoods,
        Self::PartyPriority,
        Self::LanePriority,
    ];
    pub const WORDS: [&'static str; 7] =
        ["party", "lane", "goods", "party-goods", "lane-goods", "party-priority", "lane-priority"];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.key() == key)
    }

    /// Whether it is about one line of goods.
    #[must_use]
    pub const fn is_goods(self) -> bool {
        !matches!(self, Self::Party | Self::Lane)
    }

    /// In plain words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Party => "this party",
            Self::Lane => "this lane",
            Self::Goods => "goods of this tariff code",
            Self::PartyGoods => "goods of this tariff code to this party",
            Self::LaneGoods => "goods of this tariff code on this lane",
            Self::PartyPriority => "priority goods to this party",
            Self::LanePriority => "priority goods on this lane",
        }
    }
}

/// What was shipped within some days before the shipment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WindowSum {
    pub days: u16,
    pub measure: Measure,
    pub amount: Decimal,
}

/// The past of one thing, as of the shipment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PastFact {
    pub of: PastOf,
    /// Index into the shipment's parties.
    pub party: Option<usize>,
    /// Index into the shipment's lines.
    pub item: Option<usize>,
    /// The day of the first shipment before this one; `None`: this is the first.
    pub first_seen: Option<Date>,
    /// Days since then.
    pub days_since_first: Option<i32>,
    /// Shipments before this one.
    pub shipments: u64,
    /// Days that the history reaches back before this shipment.
    pub reach_days: i32,
    /// Whether that is enough to say that something is the first.
    pub reaches: bool,
    pub sums: Vec<WindowSum>,
    /// Other parties that were counted together with this one, and why.
    pub merged: Vec<String>,
}

/// Figures over time, for a small chart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Series {
    /// What the figures are, in one plain sentence.
    pub title: String,
    /// The first day of each stretch, or what else it stands for.
    pub labels: Vec<String>,
    pub values: Vec<Decimal>,
    /// Place of the first figure of what was found.
    pub start: Option<usize>,
}

/// What a detector looks for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PatternKind {
    NewCustomerPriority,
    Surge,
    QuantityBeyondPast,
    Splitting,
    RoundValues,
    ManyNames,
    CodeSwitch,
    NewIntermediary,
    Mirror,
    TransitShift,
    YoungCompany,
}

impl PatternKind {
    pub const ALL: [Self; 11] = [
        Self::NewCustomerPriority,
        Self::Surge,
        Self::QuantityBeyondPast,
        Self::Splitting,
        Self::RoundValues,
        Self::ManyNames,
        Self::CodeSwitch,
        Self::NewIntermediary,
        Self::Mirror,
        Self::TransitShift,
        Self::YoungCompany,
    ];
    pub const WORDS: [&'static str; 11] = [
        "new-customer-priority",
        "surge",
        "quantity-beyond-past",
        "splitting",
        "round-values",
        "many-names",
        "code-switch",
        "new-intermediary",
        "mirror",
        "transit-shift",
        "young-company",
    ];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// A detector found its pattern; this shipment is the last piece of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PatternFact {
    pub kind: PatternKind,
    /// What it was found in, where the detector looks at several.
    pub of: Option<PastOf>,
    /// Index into the shipment's parties.
    pub party: Option<usize>,
    /// Index into the shipment's lines.
    pub item: Option<usize>,
    /// The other country, where there is one: the one that trade left, or that
    /// it now passes.
    pub other: Option<crate::trade::CountryCode>,
    /// In plain words, with the figures.
    pub words: String,
    pub series: Option<Arc<Series>>,
}

/// Everything that the past says about a shipment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PastFacts {
    pub past: Vec<PastFact>,
    pub patterns: Vec<PatternFact>,
}
