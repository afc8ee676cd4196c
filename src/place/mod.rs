//! Countries by every name they are written with, named sets of countries,
//! and regions below country level. Tables come from `rules/places/`.
//!
//! Knows nothing of shipments or rules.

mod country_names;
mod set;

pub use country_names::{CountryMatch, CountryNames};
pub use set::{CountrySet, Member, Places, Region, RegionWord};
