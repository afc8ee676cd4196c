//! Sums of trade by month, reporter, partner, route and code.
//!
//! Sums are decimal, so that they do not depend on the order of the rows or
//! on how they are split into files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::month::Month;

/// A cell or row that could not be used; the rest of its file is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub file: Arc<str>,
    /// From 1.
    pub line: u64,
    /// The header; empty when the whole row is meant.
    pub column: String,
    /// The cell as written, shortened to 80 characters.
    pub text: String,
    pub reason: String,
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Measure {
    #[default]
    Value,
    Quantity,
    /// In kilograms where the file says so.
    Weight,
    /// Rows, or lines of goods.
    Count,
}

impl Measure {
    pub const ALL: [Self; 4] = [Self::Value, Self::Quantity, Self::Weight, Self::Count];

    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Quantity => "quantity",
            Self::Weight => "weight",
            Self::Count => "count",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.key() == key)
    }
}

/// One row of trade before it is summed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    pub month: Month,
    pub reporter: Arc<str>,
    pub partner: Arc<str>,
    /// The first country that the goods pass; empty where none is stated.
    pub via: Arc<str>,
    /// Digits as a rule; empty for the trade in all goods together.
    pub code: Arc<str>,
    pub value: Option<Decimal>,
    pub quantity: Option<Decimal>,
    pub weight: Option<Decimal>,
}

/// What a cell of the cube is summed under.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Place {
    pub reporter: Arc<str>,
    pub partner: Arc<str>,
    pub via: Arc<str>,
    pub code: Arc<str>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Sums {
    pub value: Decimal,
    pub quantity: Decimal,
    pub weight: Decimal,
    pub rows: u64,
}

/// Everything that was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cube {
    pub(super) cells: BTreeMap<Place, BTreeMap<Month, Sums>>,
    names: BTreeSet<Arc<str>>,
    /// Rows that are in the sums.
    pub rows: u64,
    /// Rows of whose cells something could not be used.
    pub faults: Vec<Fault>,
    /// Faults beyond those kept.
    pub more_faults: u64,
    /// What the reader must know, in sentences.
    pub notes: Vec<String>,
    /// The currency of the values, where it was told.
    pub currency: String,
}

/// Faults kept with their text.
const MOST_FAULTS: usize = 1000;

impl Cube {
    /// One copy of each text.
    pub(super) fn name(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return Arc::clone(known);
        }
        let name: Arc<str> = text.into();
        self.names.insert(Arc::clone(&name));
        name
    }

    pub fn fault(&mut self, fault: Fault) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        } else {
            self.more_faults += 1;
        }
    }

    /// Adds a row; false when a sum would be too large to hold, and then
    /// nothing is added.
    pub fn add(&mut self, entry: &Entry) -> bool {
        let place = Place {
            reporter: Arc::clone(&entry.reporter),
            partner: Arc::clone(&entry.partner),
            via: Arc::clone(&entry.via),
            code: Arc::clone(&entry.code),
        };
        let sums = self.cells.entry(place).or_default().entry(entry.month).or_default();
        let plus = |sum: Decimal, more: Option<Decimal>| sum.checked_add(more.unwrap_or_default());
        let (Some(value), Some(quantity), Some(weight)) = (
            plus(sums.value, entry.value),
            plus(sums.quantity, entry.quantity),
            plus(sums.weight, entry.weight),
        ) else {
            return false;
        };
        *sums = Sums { value, quantity, weight, rows: sums.rows + 1 };
        self.rows += 1;
        true
    }

    /// First and last month of any row.
    #[must_use]
    pub fn span(&self) -> Option<(Month, Month)> {
        let months = || self.cells.values().flat_map(BTreeMap::keys);
        Some((*months().min()?, *months().max()?))
    }

    /// Months within the span in which a reporter states nothing at all,
    /// although it does before and after.
    #[must_use]
    pub fn gaps(&self) -> Vec<(Arc<str>, Month)> {
        let mut months: BTreeMap<&Arc<str>, BTreeSet<Month>> = BTreeMap::new();
        for (place, cells) in &self.cells {
            months.entry(&place.reporter).or_default().extend(cells.keys());
        }
        let mut gaps = Vec::new();
        for (reporter, seen) in months {
            let (Some(&first), Some(&last)) = (seen.first(), seen.last()) else { continue };
            let missing =
                (0..last.since(first)).map(|at| first.plus(at)).filter(|month| !seen.contains(month));
            gaps.extend(missing.map(|month| (Arc::clone(reporter), month)));
        }
        gaps
    }

    pub(super) fn has_weight(&self) -> bool {
        self.any(|sums| !sums.weight.is_zero())
    }

    pub(super) fn has_quantity(&self) -> bool {
        self.any(|sums| !sums.quantity.is_zero())
    }

    fn any(&self, of: impl Fn(&Sums) -> bool) -> bool {
        self.cells.values().flat_map(BTreeMap::values).any(of)
    }
}

impl Sums {
    /// For statistics; never negative.
    pub fn of(&self, measure: Measure) -> f64 {
        let amount = match measure {
            Measure::Value => self.value.to_f64(),
            Measure::Quantity => self.quantity.to_f64(),
            Measure::Weight => self.weight.to_f64(),
            Measure::Count => self.rows.to_f64(),
        };
        amount.unwrap_or_default().max(0.0)
    }
}
