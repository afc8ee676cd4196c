//! A shipment with its goods and its route.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{ControlCode, CountryCode, HsCode, Party};

/// Where in the shipment file a value stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct At {
    /// Line of the file on which the record begins, from 1.
    pub line: u64,
    /// The column's header as written.
    pub column: Arc<str>,
}

/// A sum in one currency. Never floating.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Money {
    pub amount: Decimal,
    /// ISO 4217 code; empty when the file does not say.
    pub currency: String,
}

/// An amount of goods.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Quantity {
    pub amount: Decimal,
    /// As written (`PCS`, `kg` …); empty when the file does not say.
    pub unit: String,
}

/// A place on the route.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    pub country: Option<CountryCode>,
    /// Port, city or the country cell as written.
    pub text: String,
    pub at: At,
}

/// The way the goods take.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Route {
    pub departure: Option<Place>,
    pub transit: Vec<Place>,
    /// Country or place of ultimate destination.
    pub destination: Option<Place>,
}

/// One line of goods.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineItem {
    /// Line of the file on which the record begins, from 1.
    pub line: u64,
    pub description: String,
    pub part_number: String,
    /// The tariff code, when the cell holds one.
    pub hs: Option<HsCode>,
    /// The export control code, when the cell holds one.
    pub control_code: Option<ControlCode>,
    /// Country of origin of the goods.
    pub origin: Option<CountryCode>,
    pub quantity: Option<Quantity>,
    pub net_weight_kg: Option<Decimal>,
    pub gross_weight_kg: Option<Decimal>,
    /// Value of the line, not of one piece.
    pub value: Option<Money>,
    /// Share of US content in goods made outside the US, 0 to 100 per cent.
    pub us_content_percent: Option<Decimal>,
    /// Stated end use.
    pub end_use: String,
    /// Export licence or exception named for this line.
    pub licence: String,
    /// Headers of the columns that hold this line's cells, so that evidence
    /// can point at them: (field key, header).
    pub columns: Arc<[(&'static str, Arc<str>)]>,
}

impl LineItem {
    /// The cell of a field (`description`, `hs`, `control-code` …), if the
    /// file has a column for it.
    #[must_use]
    pub fn at(&self, field: &str) -> Option<At> {
        self.columns
            .iter()
            .find(|(key, _)| *key == field)
            .map(|(_, column)| At { line: self.line, column: Arc::clone(column) })
    }
}

/// What is odd about a cell that did not stop its row from being screened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CellFaultKind {
    /// The text could not be read as what the column should hold.
    Unreadable,
    /// The text can be read in more than one way (a date such as 03/04/2024).
    Ambiguous,
    /// The text was read, but only by correcting it ("Turkiye").
    Corrected,
}

impl CellFaultKind {
    /// The name in machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Ambiguous => "ambiguous",
            Self::Corrected => "corrected",
        }
    }
}

/// A cell that was not plainly readable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CellFault {
    pub at: At,
    /// Field key the column is mapped to, such as `destination` or `hs`.
    pub field: &'static str,
    /// The cell as written, shortened to 80 characters.
    pub text: String,
    pub kind: CellFaultKind,
    /// In plain words: what was expected and what was taken instead.
    pub reason: String,
}

/// One shipment as declared: all rows that share a reference and stand
/// together in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shipment {
    /// The file's reference; empty when it has none.
    pub reference: String,
    /// The name of the file, for reports.
    pub file: Arc<str>,
    /// Lines on which its records begin, ascending, from 1; one per row.
    pub lines: Vec<u64>,
    pub parties: Vec<Party>,
    pub route: Route,
    pub items: Vec<LineItem>,
    /// Day of export or shipping.
    pub shipped: Option<Date>,
    /// Day of the order or contract.
    pub ordered: Option<Date>,
    pub transport: String,
    pub incoterm: String,
    pub faults: Vec<CellFault>,
    /// Field keys for which the file has a column at all: a blank cell in a
    /// column that exists says more than a column that was never there.
    pub fields: Arc<[&'static str]>,
}

impl Shipment {
    /// The parties in one role.
    pub fn in_role(&self, role: super::PartyRole) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(move |party| party.role == role)
    }

    /// Whether the file has a column for a field.
    #[must_use]
    pub fn has_field(&self, field: &str) -> bool {
        self.fields.contains(&field)
    }
}
