//! Prints what is counted for and against the best entries of each labelled
//! query, for fitting `rules/names/evidence.toml` (`benches/fit/`):
//!
//! ```text
//! cargo run --release --example evidence -- QUERIES.csv LIST.csv [PAIRS.csv] > evidence.csv
//! ```
//!
//! The queries need the columns `id,name,country,kind,truth_entity_ids`, the
//! pairs `case_id,schema,name1,name2,is_match`.

use std::error::Error;
use std::fs;

use redflag::matching::{Feature, KindFilter, Matcher, PartyQuery, Thresholds, compare_evidence};
use redflag::name::Lexicon;
use redflag::place::CountryNames;
use redflag::trade::{CountryCode, PartyKind};
use redflag::watchlist::{self, ListFile};

/// Lowest score of an entry that is printed.
const MIN_SCORE: f64 = 0.02;
/// Entries printed for a query.
const TOP: usize = 12;

/// A labelled pair of names.
#[derive(serde::Deserialize)]
struct Pair {
    case_id: String,
    schema: String,
    name1: String,
    name2: String,
    is_match: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(queries), Some(list)) = (arguments.next(), arguments.next()) else {
        return Err("usage: evidence QUERIES.csv LIST.csv [PAIRS.csv]".into());
    };
    let pairs = arguments.next();
    let countries = CountryNames::shipped();
    let file = ListFile { name: list.clone(), bytes: fs::read(&list)? };
    let (lists, mistakes) = watchlist::read(vec![file], &|text| countries.resolve(text).code());
    if mistakes.has_errors() {
        return Err(format!("{list} can't be read").into());
    }
    let matcher = Matcher::new(&lists, Lexicon::shipped(), Thresholds::default());
    let mut reader = csv::Reader::from_path(&queries)?;
    let headers = reader.headers()?.clone();
    let column = |name: &str| headers.iter().position(|h| h == name).ok_or(format!("no column {name}"));
    let (id, name, country, kind, truth) =
        (column("id")?, column("name")?, column("country")?, column("kind")?, column("truth_entity_ids")?);
    let mut writer = csv::Writer::from_writer(std::io::stdout().lock());
    let mut head = vec!["id", "entity", "true", "kind", "score"];
    head.extend(Feature::ALL.iter().map(|feature| feature.key()));
    writer.write_record(&head)?;
    for record in reader.records() {
        let record = record?;
        let countries: Vec<CountryCode> = record[country].split(';').filter_map(CountryCode::new).collect();
        let party = PartyKind::from_key(&record[kind]).unwrap_or_default();
        let query = PartyQuery {
            name: &record[name],
            kind: party,
            kinds: KindFilter::for_kind(party),
            countries: &countries,
            address: None,
            identifiers: &[],
        };
        for (ranked, kind, evidence) in matcher.evidence(&query, MIN_SCORE, TOP) {
            let is_true = record[truth].split(';').any(|id| id == ranked.entry.id);
            let mut row = vec![
                record[id].to_owned(),
                ranked.entry.id.clone(),
                u8::from(is_true).to_string(),
                kind.key().to_owned(),
                format!("{:.5}", ranked.score),
            ];
            row.extend(evidence.0.iter().map(|value| format!("{value:.5}")));
            writer.write_record(&row)?;
        }
    }
    if let Some(pairs) = pairs {
        for record in csv::Reader::from_path(&pairs)?.deserialize() {
            let pair: Pair = record?;
            let kind = match pair.schema.as_str() {
                "Person" => PartyKind::Person,
                "Vessel" => PartyKind::Vessel,
                _ => PartyKind::Organization,
            };
            let found = compare_evidence(Lexicon::shipped(), &pair.name1, &pair.name2, kind);
            let Some((kind, evidence)) = found else { continue };
            let is_true = u8::from(pair.is_match.eq_ignore_ascii_case("true")).to_string();
            let mut row =
                vec![pair.case_id, "pair".to_owned(), is_true, kind.key().to_owned(), "0".to_owned()];
            row.extend(evidence.0.iter().map(|value| format!("{value:.5}")));
            writer.write_record(&row)?;
        }
    }
    writer.flush()?;
    Ok(())
}
