//! `match` and `compare`: names alone.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use rayon::prelude::*;
use redflag::matching::{KindFilter, Matcher, Measure, PartyQuery, ScoreBreakdown, Thresholds, compare};
use redflag::name::Lexicon;
use redflag::trade::{CountryCode, PartyKind};

use crate::args::{CompareArgs, MatchArgs, SetupArgs};
use crate::failure::{Exit, Failure};
use crate::output::{Output, is_dash};
use crate::setup;

/// Names matched before their hits are written.
const BATCH: usize = 4096;

/// A row of the queries file.
struct NameQuery {
    id: String,
    name: String,
    countries: Vec<CountryCode>,
    kind: PartyKind,
}

pub fn match_names(args: &MatchArgs) -> Result<Exit, Failure> {
    let setup_args =
        SetupArgs { lists: args.lists.clone(), only_lists: !args.lists.is_empty(), ..SetupArgs::default() };
    let project = setup::project(&setup_args)?;
    let lists = setup::lists(&setup_args, &project)?;
    let matcher = Matcher::new(&lists, Lexicon::shipped(), project.config.thresholds);
    let pool = setup::pool(args.threads)?;
    let mut reader = open_csv(&args.queries)?;
    let columns = Columns::find(&mut reader, &args.queries, &["id", "name"], &["country", "kind"])?;
    let output = create(&args.output)?;
    let mut writer = csv::Writer::from_writer(output.clone());
    write_record(
        &mut writer,
        &args.output,
        &["query_id", "entity_id", "score", "list", "kind", "listed_name"],
    )?;
    let mut bad_rows = 0u64;
    let mut batch = Vec::with_capacity(BATCH);
    let mut records = reader.into_records();
    loop {
        batch.clear();
        for record in records.by_ref().take(BATCH) {
            match record {
                Ok(record) => batch.push(NameQuery {
                    id: columns.cell(&record, "id").to_owned(),
                    name: columns.cell(&record, "name").to_owned(),
                    countries: columns
                        .cell(&record, "country")
                        .split([';', ' ', ','])
                        .filter_map(CountryCode::new)
                        .collect(),
                    kind: PartyKind::from_key(columns.cell(&record, "kind")).unwrap_or_default(),
                }),
                Err(error) => {
                    bad_rows += 1;
                    crate::failure::say(&format!("{}: row not matched: {error}", args.queries.display()));
                }
            }
        }
        if batch.is_empty() {
            break;
        }
        let ranked: Vec<_> = pool.install(|| {
            batch
                .par_iter()
                .map(|query| {
                    let query = PartyQuery {
                        name: &query.name,
                        kind: query.kind,
                        kinds: KindFilter::for_kind(query.kind),
                        countries: &query.countries,
                        address: None,
                        identifiers: &[],
                    };
                    matcher.rank(&query, args.min_score, args.top)
                })
                .collect()
        });
        for (query, ranked) in batch.iter().zip(ranked) {
            for hit in ranked {
                let score = format!("{:.4}", hit.score);
                let row = [
                    &query.id,
                    &hit.entry.id,
                    &score,
                    &hit.list.id,
                    hit.entry.kind.key(),
                    &hit.entry.caption(),
                ];
                write_record(&mut writer, &args.output, &row)?;
            }
        }
    }
    close(writer, &output, &args.output)?;
    Ok(if bad_rows > 0 { Exit::Unscreened } else { Exit::Done })
}

pub fn compare_names(args: &CompareArgs) -> Result<Exit, Failure> {
    if let Some(pairs) = &args.pairs {
        return compare_pairs(pairs, &args.output);
    }
    let (Some(first), Some(second)) = (&args.first, &args.second) else {
        return Err(Failure::new("two names are needed"));
    };
    let breakdown = compare(Lexicon::shipped(), first, second, args.kind);
    let output = create(&args.output)?;
    let text = explain(&breakdown, Thresholds::default());
    output.clone().write_all(text.as_bytes()).map_err(|error| write_failure(&args.output, &error))?;
    output.finish().map_err(|error| write_failure(&args.output, &error))?;
    Ok(Exit::Done)
}

fn compare_pairs(pairs: &Path, target: &Path) -> Result<Exit, Failure> {
    let mut reader = open_csv(pairs)?;
    let columns = Columns::find(&mut reader, pairs, &["case_id", "name1", "name2"], &["schema"])?;
    let output = create(target)?;
    let mut writer = csv::Writer::from_writer(output.clone());
    write_record(&mut writer, target, &["case_id", "score"])?;
    let mut exit = Exit::Done;
    for record in reader.into_records() {
        let Ok(record) = record else {
            exit = Exit::Unscreened;
            continue;
        };
        let kind = match columns.cell(&record, "schema") {
            "Person" => PartyKind::Person,
            "Company" | "Organization" | "PublicBody" => PartyKind::Organization,
            "Vessel" => PartyKind::Vessel,
            "Airplane" => PartyKind::Aircraft,
            other => PartyKind::from_key(other).unwrap_or_default(),
        };
        let breakdown =
            compare(Lexicon::shipped(), columns.cell(&record, "name1"), columns.cell(&record, "name2"), kind);
        write_record(
            &mut writer,
            target,
            &[columns.cell(&record, "case_id"), &format!("{:.4}", breakdown.score)],
        )?;
    }
    close(writer, &output, target)?;
    Ok(exit)
}

/// The breakdown for people, within 80 columns where the names allow it.
fn explain(breakdown: &ScoreBreakdown, thresholds: Thresholds) -> String {
    let mut text = String::new();
    let verdict = if breakdown.score >= thresholds.strong {
        "a strong hit"
    } else if breakdown.score >= thresholds.possible {
        "a possible hit"
    } else {
        "no hit"
    };
    let _ = writeln!(
        text,
        "{:.2}  {verdict} (possible from {:.2}, strong from {:.2})",
        breakdown.score, thresholds.possible, thresholds.strong
    );
    if !breakdown.part.is_empty() {
        let _ = writeln!(
            text,
            "Compared: {}: \"{}\" with \"{}\"",
            breakdown.part, breakdown.query, breakdown.listed
        );
    }
    let width = |f: fn(&redflag::matching::TokenMatch) -> &str| {
        breakdown.tokens.iter().map(|t| f(t).chars().count()).max().unwrap_or(0).clamp(5, 24)
    };
    let (first, second) = (width(|t| &t.query), width(|t| &t.listed));
    for token in &breakdown.tokens {
        let (sign, alike) = match token.measure {
            Measure::Unmatched => (" ", String::new()),
            Measure::Equal => ("=", String::new()),
            _ => ("~", format!(" ({:.2} alike)", token.similarity)),
        };
        let why = match token.measure {
            Measure::Unmatched => {
                token.why.replace("screened name", "first name").replace("listed name", "second name")
            }
            _ => token.why.clone(),
        };
        let _ = writeln!(
            text,
            "  {:first$} {sign} {:second$}  weight {:.2}  {why}{alike}",
            token.query, token.listed, token.weight
        );
    }
    for adjustment in &breakdown.adjustments {
        let _ = writeln!(text, "  {:+.2}  {}", adjustment.change, adjustment.why);
    }
    text
}

fn open_csv(path: &Path) -> Result<csv::Reader<Box<dyn Read>>, Failure> {
    let source: Box<dyn Read> = if is_dash(path) {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?)
    };
    Ok(csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(source))
}

/// Where the named columns stand in a file.
struct Columns(Vec<(&'static str, usize)>);

impl Columns {
    fn find(
        reader: &mut csv::Reader<Box<dyn Read>>,
        path: &Path,
        required: &[&'static str],
        optional: &[&'static str],
    ) -> Result<Self, Failure> {
        let headers =
            reader.headers().map_err(|error| Failure::new(format!("{}: {error}", path.display())))?.clone();
        let place = |name: &str| {
            headers.iter().position(|h| h.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name))
        };
        let mut columns = Vec::new();
        for &name in required.iter().chain(optional) {
            match place(name) {
                Some(at) => columns.push((name, at)),
                None if required.contains(&name) => {
                    return Err(Failure::new(format!(
                        "{}: line 1: the column `{name}` is missing; the file needs {}",
                        path.display(),
                        required.join(", ")
                    )));
                }
                None => {}
            }
        }
        Ok(Self(columns))
    }

    fn cell<'r>(&self, record: &'r csv::StringRecord, name: &str) -> &'r str {
        self.0.iter().find(|(column, _)| *column == name).and_then(|&(_, at)| record.get(at)).unwrap_or("")
    }
}

fn create(path: &Path) -> Result<Output, Failure> {
    Output::create(path).map_err(|error| write_failure(path, &error))
}

fn write_record(writer: &mut csv::Writer<Output>, path: &Path, row: &[&str]) -> Result<(), Failure> {
    writer.write_record(row).map_err(|error| write_failure(path, &io::Error::from(error)))
}

fn close(mut writer: csv::Writer<Output>, output: &Output, path: &Path) -> Result<(), Failure> {
    writer.flush().map_err(|error| write_failure(path, &error))?;
    output.finish().map_err(|error| write_failure(path, &error))
}

pub fn write_failure(path: &Path, error: &io::Error) -> Failure {
    let place = if is_dash(path) { "standard output".to_owned() } else { path.display().to_string() };
    let words = match error.kind() {
        io::ErrorKind::BrokenPipe => {
            format!("{place} was closed before everything was written; the output is incomplete")
        }
        io::ErrorKind::StorageFull => format!("{place}: no space left; nothing was left under this name"),
        _ => format!("{place}: can't be written: {error}"),
    };
    Failure::new(words)
}
