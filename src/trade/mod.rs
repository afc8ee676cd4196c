//! The nouns of an export shipment, as declared. Plain data.
//!
//! Knows nothing of files, lists, rules or scores.

mod code;
mod country;
mod party;
mod shipment;

pub use code::{ControlCode, ControlCodeError, HsCode, HsCodeError};
pub use country::CountryCode;
pub use party::{Address, Identifier, IdentifierKind, Party, PartyKind, PartyRole};
pub use shipment::{At, CellFault, CellFaultKind, LineItem, Money, Place, Quantity, Route, Shipment};
