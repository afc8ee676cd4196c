//! Files of OpenSanctions: `targets.simple.csv`, `entities.ftm.json` and
//! `targets.nested.json` (FollowTheMoney entities, one a line),
//! `entities.delta.json` (changes to them) and `senzing.json`.
//!
//! [`lists`] says how one party of many datasets becomes entries of lists.

mod datasets;
mod entity;
mod ftm;
mod lists;
mod party;
mod relations;
mod sanctions;
mod senzing;
mod simple_csv;

pub(super) use datasets::number;
pub(super) use ftm::{DELTA, FTM};
pub(super) use senzing::READER as SENZING;
pub(super) use simple_csv::READER as SIMPLE_CSV;
