//! Names and pairs of names as they stand in tables, and what the lists make
//! of them: the one way that `match`, `compare --pairs` and `eval` share.

use std::path::PathBuf;

use csv::StringRecord;
use rayon::prelude::*;
use redflag::matching::{KindFilter, Matcher, PartyQuery, Ranked, compare};
use redflag::name::Lexicon;
use redflag::trade::{CountryCode, PartyKind};
use redflag::watchlist::Watchlist;

use crate::args::SetupArgs;
use crate::failure::Failure;
use crate::setup::{self, Project};
use crate::table::Columns;

/// Names matched at a time.
pub const BATCH: usize = 4096;

/// The columns of a name that is to be matched.
pub const REQUIRED: [&str; 2] = ["id", "name"];

/// A row of a file of names.
pub struct NameQuery {
    pub id: String,
    pub name: String,
    pub countries: Vec<CountryCode>,
    pub kind: PartyKind,
}

impl NameQuery {
    pub fn read(columns: &Columns, record: &StringRecord) -> Self {
        Self {
            id: columns.cell(record, "id").to_owned(),
            name: columns.cell(record, "name").to_owned(),
            countries: columns
                .cell(record, "country")
                .split([';', ' ', ','])
                .filter_map(CountryCode::new)
                .collect(),
            kind: PartyKind::from_key(columns.cell(record, "kind")).unwrap_or_default(),
        }
    }
}

/// The configuration and the lists: those named, else the configured ones.
pub fn lists(named: &[PathBuf]) -> Result<(Project, Vec<Watchlist>), Failure> {
    let args = SetupArgs { lists: named.to_vec(), only_lists: !named.is_empty(), ..SetupArgs::default() };
    let project = setup::project(&args)?;
    let (lists, _) = setup::lists(&args, &project)?;
    Ok((project, lists))
}

/// The hits of each query, in the order of the queries.
pub fn rank(
    matcher: &Matcher,
    pool: &rayon::ThreadPool,
    queries: &[NameQuery],
    min_score: f64,
    top: usize,
) -> Vec<Vec<Ranked>> {
    let one = |query: &NameQuery| {
        let query = PartyQuery {
            name: &query.name,
            kind: query.kind,
            kinds: KindFilter::for_kind(query.kind),
            countries: &query.countries,
            address: None,
            identifiers: &[],
        };
        matcher.rank(&query, min_score, top)
    };
    pool.install(|| queries.par_iter().map(one).collect())
}

/// The columns of a pair of names that is to be scored.
pub const PAIR_REQUIRED: [&str; 3] = ["case_id", "name1", "name2"];

/// How well the two names of a row agree, 0 to 1.
pub fn pair_score(columns: &Columns, record: &StringRecord) -> f64 {
    let kind = match columns.cell(record, "schema") {
        "Person" => PartyKind::Person,
        "Company" | "Organization" | "PublicBody" => PartyKind::Organization,
        "Vessel" => PartyKind::Vessel,
        "Airplane" => PartyKind::Aircraft,
        other => PartyKind::from_key(other).unwrap_or_default(),
    };
    compare(Lexicon::shipped(), columns.cell(record, "name1"), columns.cell(record, "name2"), kind).score
}

/// A score as every table writes it.
pub fn written(score: f64) -> String {
    format!("{score:.4}")
}

/// The number that a reader of a written score takes it for.
pub fn as_written(score: f64) -> f64 {
    written(score).parse().unwrap_or(score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_what_the_table_says() {
        assert_eq!(written(0.799_96), "0.8000");
        assert!((as_written(0.799_96) - 0.8).abs() < f64::EPSILON);
        assert!((as_written(0.799_94) - 0.7999).abs() < f64::EPSILON);
    }
}
