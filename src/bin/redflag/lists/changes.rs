//! `lists diff`: what changed between two states of lists.

use std::fmt::Write as _;
use std::path::Path;

use redflag::place::CountryNames;
use redflag::store::Record;
use redflag::watchlist::{Changed, ListDiff, ListedParty, Watchlist, diff as differences};
use serde_json::{Value, json};

use crate::args::{DiffFormat, SetupArgs};
use crate::failure::{Exit, Failure, show};
use crate::print;
use crate::setup;
use crate::stores::{self, Stores};

pub fn diff(old: &str, new: &str, format: DiffFormat, args: &SetupArgs) -> Result<Exit, Failure> {
    let project = setup::project(args)?;
    let stores = Stores::open(args, &project)?;
    let (before, after) = (lists(old, &stores)?, lists(new, &stores)?);
    let diffs = differences(&before, &after);
    let text = match format {
        DiffFormat::Text => as_text(&diffs),
        DiffFormat::Md => as_markdown(old, new, &diffs),
        DiffFormat::Json => format!("{:#}\n", as_json(old, new, &diffs)),
    };
    print(text.as_bytes())
}

/// The lists that a word on the command line names.
fn lists(word: &str, stores: &Stores) -> Result<Vec<Watchlist>, Failure> {
    let countries = CountryNames::shipped();
    let (found, mistakes) = if Path::new(word).is_file() {
        setup::read_lists(&[Path::new(word).to_owned()])?
    } else {
        let record = record(word, stores)?;
        let find = |text: &str| countries.resolve(text).code();
        let source = stores.source(&record.source);
        stores.store.lists(&record, source, true, &find).map_err(stores::failure)?
    };
    if mistakes.has_errors() {
        show(&mistakes);
        return Err(Failure::new(format!("{word} can't be read whole")));
    }
    Ok(found)
}

fn record(word: &str, stores: &Stores) -> Result<Record, Failure> {
    let (source, edition) = word.split_once('@').unwrap_or((word, ""));
    let unknown = || {
        Failure::new(format!(
            "`{word}` is no file and no edition here; write SOURCE, SOURCE@EDITION, SOURCE@previous or \
             SOURCE@refused"
        ))
    };
    if !redflag::store::is_id(source) {
        return Err(unknown());
    }
    let state = stores.store.state(source).map_err(stores::failure)?;
    let id = match edition {
        "" => state.current.ok_or_else(unknown)?,
        "refused" => return stores.store.refused(source).map_err(stores::failure)?.ok_or_else(unknown),
        "previous" => {
            let current = state.current.ok_or_else(unknown)?;
            let editions = stores.store.editions(source).map_err(stores::failure)?;
            editions.into_iter().rfind(|edition| *edition < current).ok_or_else(unknown)?
        }
        // The beginning of an id is enough where only one has it.
        part => {
            let editions = stores.store.editions(source).map_err(stores::failure)?;
            let mut fitting = editions.into_iter().filter(|edition| edition.starts_with(part));
            let found = fitting.next().ok_or_else(unknown)?;
            if fitting.next().is_some() {
                return Err(Failure::new(format!("several editions of {source} begin with `{part}`")));
            }
            found
        }
    };
    stores.store.edition(source, &id).map_err(stores::failure)
}

fn counts(diff: &ListDiff) -> String {
    format!(
        "{} added, {} removed, {} changed, {} unchanged",
        diff.added.len(),
        diff.removed.len(),
        diff.changed.len(),
        diff.unchanged
    )
}

fn as_text(diffs: &[ListDiff]) -> String {
    let mut text = String::new();
    for diff in diffs {
        let _ = writeln!(text, "{}: {}", diff.list, counts(diff));
        for party in &diff.added {
            let _ = writeln!(text, "+ {} {}", party.id, visible(&party.caption()));
        }
        for party in &diff.removed {
            let _ = writeln!(text, "- {} {}", party.id, visible(&party.caption()));
        }
        for change in &diff.changed {
            let _ = writeln!(text, "~ {} {}", change.new.id, visible(&change.new.caption()));
            for field in &change.fields {
                for value in &field.removed {
                    let _ = writeln!(text, "    {}: - {}", field.field, visible(value));
                }
                for value in &field.added {
                    let _ = writeln!(text, "    {}: + {}", field.field, visible(value));
                }
            }
        }
    }
    text
}

/// Nothing of a list reaches the terminal but letters.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A cell of a table; what Markdown would read as its own is escaped.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        if matches!(c, '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn as_markdown(old: &str, new: &str, diffs: &[ListDiff]) -> String {
    let mut text = format!("# Lists: {} to {}\n", cell(old), cell(new));
    for diff in diffs {
        let _ = writeln!(text, "\n## {}\n\n{}.", cell(&diff.list), counts(diff));
        if diff.is_empty() {
            continue;
        }
        text.push_str("\n| | id | name | field | before | after |\n| --- | --- | --- | --- | --- | --- |\n");
        let mut row = |sign: &str, party: &ListedParty, field: &str, before: &str, after: &str| {
            let _ = writeln!(
                text,
                "| {sign} | {} | {} | {field} | {} | {} |",
                cell(&party.id),
                cell(&party.caption()),
                cell(before),
                cell(after)
            );
        };
        for party in &diff.added {
            row("added", party, "", "", "");
        }
        for party in &diff.removed {
            row("removed", party, "", "", "");
        }
        for change in &diff.changed {
            for field in &change.fields {
                row("changed", &change.new, field.field, &field.removed.join("; "), &field.added.join("; "));
            }
        }
    }
    text
}

fn as_json(old: &str, new: &str, diffs: &[ListDiff]) -> Value {
    let party = |party: &ListedParty| json!({ "id": party.id, "name": party.caption() });
    let change = |change: &Changed| {
        let fields: Vec<Value> = change
            .fields
            .iter()
            .map(|field| json!({ "field": field.field, "removed": field.removed, "added": field.added }))
            .collect();
        json!({ "id": change.new.id, "name": change.new.caption(), "fields": fields })
    };
    let lists: Vec<Value> = diffs
        .iter()
        .map(|diff| {
            json!({
                "list": diff.list,
                "title": diff.title,
                "unchanged": diff.unchanged,
                "added": diff.added.iter().map(|one| party(one)).collect::<Vec<_>>(),
                "removed": diff.removed.iter().map(|one| party(one)).collect::<Vec<_>>(),
                "changed": diff.changed.iter().map(change).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "old": old, "new": new, "lists": lists })
}
