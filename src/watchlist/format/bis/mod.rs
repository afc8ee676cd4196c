//! Lists of the US Bureau of Industry and Security in files of their own: the
//! denied persons of `dpl.txt` or its successor, and CSVs made from the supplements
//! to 15 CFR part 744. The same lists in the shape of the Consolidated Screening
//! List are read as that.

mod cell;
mod dpl;
mod joined;
pub(super) mod orders;
mod supplements;

use super::format::{Format, Read, Reader};

pub(super) const DENIED_PERSONS: Reader = Reader {
    format: Format { key: "bis-dpl", label: "BIS Denied Persons List, dpl.txt or CSV" },
    looks_like: dpl::looks_like,
    read: Read::Each(dpl::read),
};

pub(super) const SUPPLEMENTS: Reader = Reader {
    format: Format { key: "bis-csv", label: "BIS Entity, Unverified or Military End User List, CSV" },
    looks_like: supplements::looks_like,
    read: Read::Each(supplements::read),
};
