//! One entry of the Consolidated Screening List, however it was written.

use crate::trade::Address;

/// Texts as published, trimmed; empty where there is nothing.
#[derive(Default)]
pub(super) struct Entry {
    pub source: String,
    /// OFAC's number; other publishers give none.
    pub number: String,
    pub kind: String,
    pub programs: Vec<String>,
    pub name: String,
    pub title: String,
    pub addresses: Vec<Address>,
    pub notice: String,
    pub start: String,
    pub end: String,
    pub standard_order: String,
    pub requirement: String,
    pub policy: String,
    pub call_sign: String,
    pub vessel_type: String,
    pub tonnage: String,
    pub gross_tonnage: String,
    pub vessel_flag: String,
    pub vessel_owner: String,
    pub remarks: String,
    pub list_url: String,
    pub info_url: String,
    pub aliases: Vec<String>,
    pub nationalities: Vec<String>,
    pub citizenships: Vec<String>,
    pub births: Vec<String>,
    pub birth_places: Vec<String>,
    pub ids: Vec<Id>,
}

/// A number, or a fact, under its kind.
#[derive(Default, PartialEq, Eq, Debug)]
pub(super) struct Id {
    pub kind: String,
    pub value: String,
    pub country: String,
    pub issued: String,
    pub expires: String,
}
