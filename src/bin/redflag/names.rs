//! `match` and `compare`: names alone.

use std::fmt::Write as _;
use std::path::Path;

use redflag::matching::{Matcher, Measure, ScoreBreakdown, Thresholds, compare};
use redflag::name::Lexicon;

use crate::args::{CompareArgs, MatchArgs};
use crate::failure::{Exit, Failure};
use crate::output::write_whole;
use crate::queries::{self, NameQuery};
use crate::setup;
use crate::table::{self, Columns};

pub fn match_names(args: &MatchArgs) -> Result<Exit, Failure> {
    let (project, lists) = queries::lists(&args.lists)?;
    let matcher = Matcher::new(&lists, Lexicon::shipped(), project.config.thresholds);
    let pool = setup::pool(args.threads)?;
    let mut reader = table::open(&args.queries)?;
    let columns = Columns::find(&mut reader, &args.queries, &queries::REQUIRED, &["country", "kind"])?;
    let header = ["query_id", "entity_id", "score", "list", "kind", "listed_name"];
    let mut writer = table::Writer::create(&args.output, &header)?;
    let mut bad_rows = 0u64;
    let mut batch = Vec::with_capacity(queries::BATCH);
    let mut records = reader.into_records();
    loop {
        batch.clear();
        for record in records.by_ref().take(queries::BATCH) {
            match record {
                Ok(record) => batch.push(NameQuery::read(&columns, &record)),
                Err(error) => {
                    bad_rows += 1;
                    crate::failure::say(&format!("{}: row not matched: {error}", args.queries.display()));
                }
            }
        }
        if batch.is_empty() {
            break;
        }
        let ranked = queries::rank(&matcher, &pool, &batch, args.min_score, args.top);
        for (query, ranked) in batch.iter().zip(ranked) {
            for hit in ranked {
                writer.row(&[
                    &query.id,
                    &hit.entry.id,
                    &queries::written(hit.score),
                    &hit.list.id,
                    hit.entry.kind.key(),
                    &hit.entry.caption(),
                ])?;
            }
        }
    }
    writer.close()?;
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
    let text = explain(&breakdown, Thresholds::default());
    write_whole(&args.output, text.as_bytes())?;
    Ok(Exit::Done)
}

fn compare_pairs(pairs: &Path, target: &Path) -> Result<Exit, Failure> {
    let mut reader = table::open(pairs)?;
    let columns = Columns::find(&mut reader, pairs, &queries::PAIR_REQUIRED, &["schema"])?;
    let mut writer = table::Writer::create(target, &["case_id", "score"])?;
    let mut exit = Exit::Done;
    for record in reader.into_records() {
        let Ok(record) = record else {
            exit = Exit::Unscreened;
            continue;
        };
        let score = queries::pair_score(&columns, &record);
        writer.row(&[columns.cell(&record, "case_id"), &queries::written(score)])?;
    }
    writer.close()?;
    Ok(exit)
}

/// What would have to differ for the score to fall under the threshold.
fn counterfactual(breakdown: &ScoreBreakdown, possible: f64) -> String {
    if breakdown.score < possible {
        return String::new();
    }
    let needed: Vec<String> = breakdown
        .tokens
        .iter()
        .filter_map(|token| Some((&token.query, token.without?)))
        .filter(|(_, without)| *without < possible)
        .map(|(word, without)| format!("`{word}` ({without:.2})"))
        .collect();
    match needed.len() {
        0 => "Without any one of these pairings it would still be a hit.\n".to_owned(),
        1 => format!("Without {} it would be no hit.\n", needed[0]),
        _ => format!("Without any one of {} it would be no hit.\n", needed.join(", ")),
    }
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
    if breakdown.tokens.is_empty() {
        text.push_str("No word of the one name is like a word of the other.\n");
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
        let _ = writeln!(
            text,
            "  {:first$} {sign} {:second$}  weight {:.2}  {}{alike}",
            token.query,
            token.listed,
            token.weight,
            of_two(&token.why)
        );
    }
    text.push_str(&counterfactual(breakdown, thresholds.possible));
    for adjustment in &breakdown.adjustments {
        let _ = writeln!(text, "  {:+.2}  {}", adjustment.change, of_two(&adjustment.why));
    }
    text
}

/// A reason, said of two names of which neither is listed.
fn of_two(why: &str) -> String {
    why.replace("screened name", "first name").replace("listed name", "second name")
}
