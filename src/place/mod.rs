//! Countries by every name they are written with, named sets of countries,
//! and regions below country level. Tables come from `rules/places/`.
//!
//! Knows nothing of shipments or rules.

mod set;

pub use set::{CountrySet, Member, Places, Region, RegionWord};
