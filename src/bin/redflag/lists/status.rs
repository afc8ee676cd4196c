//! `lists status` and `lists sources`.

use std::fmt::Write as _;

use jiff::civil::Date;
use redflag::store::{Attempt, State};
use redflag::watchlist::ListInfo;
use serde_json::{Value, json};

use crate::args::SetupArgs;
use crate::failure::{Exit, Failure};
use crate::print;
use crate::setup::{self, Project};
use crate::stores::{self, Stores};

/// Every list in use, and every source of the store.
pub fn status(args: &SetupArgs, as_of: Date, json: bool) -> Result<Exit, Failure> {
    let project = setup::project(args)?;
    let (lists, _) = setup::lists(args, &project)?;
    let stores = Stores::open(args, &project)?;
    let mut states = Vec::new();
    for id in stores.store.sources().map_err(stores::failure)? {
        states.push((id.clone(), stores.store.state(&id).map_err(stores::failure)?));
    }
    let infos: Vec<&ListInfo> = lists.iter().map(|list| &*list.info).collect();
    if json {
        let document = json!({
            "as_of": as_of.to_string(),
            "store": stores.store.root().display().to_string(),
            "lists": infos.iter().map(|info| list_json(info, &project, as_of)).collect::<Vec<_>>(),
            "sources": states.iter().map(|(id, state)| source_json(id, state)).collect::<Vec<_>>(),
        });
        return print(format!("{document:#}\n").as_bytes());
    }
    let mut text = String::new();
    for info in &infos {
        list_text(info, &project, as_of, &mut text);
    }
    if !states.is_empty() {
        let _ = writeln!(text, "\nStore {}", stores.store.root().display());
        for (id, state) in &states {
            source_text(id, state, &mut text);
        }
    }
    let entries: usize = infos.iter().map(|info| info.edition.entries).sum();
    let names: usize = infos.iter().map(|info| info.edition.names).sum();
    let _ = writeln!(text, "\n{} lists, {entries} entries, {names} names", infos.len());
    print(text.as_bytes())
}

fn list_text(info: &ListInfo, project: &Project, as_of: Date, text: &mut String) {
    let bound =
        if project.config.profile.is_bound_by(&info.jurisdiction) { "binds" } else { "does not bind" };
    let edition = &info.edition;
    let date = edition.date.map_or_else(|| "no date".to_owned(), |date| date.to_string());
    let days = |day: Date| as_of.since(day).map_or(0, |span| span.get_days());
    let age =
        edition.confirmed.max(edition.date).map(|day| format!(", {} days", days(day))).unwrap_or_default();
    let confirmed = edition.confirmed.map(|day| format!(", confirmed {day}")).unwrap_or_default();
    let old = edition.too_old(as_of, project.config.max_list_age_days);
    let old = old.map(|why| format!(", TOO OLD ({why})")).unwrap_or_default();
    let _ = writeln!(text, "{}  {}", info.id, info.title);
    let _ = writeln!(
        text,
        "  {} {} list, {}, {bound} the company",
        info.jurisdiction,
        info.regime.key(),
        info.effect.key()
    );
    let _ = writeln!(
        text,
        "  edition {date}{confirmed}{age}{old}; {} entries, {} names; sha256 {}",
        edition.entries,
        edition.names,
        edition.sha256.get(..16).unwrap_or(&edition.sha256)
    );
    let _ = writeln!(text, "  from {}", edition.source);
    for note in &info.notes {
        let _ = writeln!(text, "  note: {note}");
    }
}

fn source_text(id: &str, state: &State, text: &mut String) {
    let current = state.current.as_deref().unwrap_or("no edition");
    let word = match state.attempt {
        Attempt::None => "nothing tried yet",
        Attempt::Taken | Attempt::Unchanged => "good",
        Attempt::Refused => "STALE: a newer edition was refused",
        Attempt::Failed => "the last attempt failed",
    };
    let tried = state.tried.map(|time| format!(" at {time}")).unwrap_or_default();
    let _ = writeln!(text, "  {id}: {current}; {word}{tried}");
    for why in &state.why {
        let _ = writeln!(text, "    {why}");
    }
}

fn list_json(info: &ListInfo, project: &Project, as_of: Date) -> Value {
    let edition = &info.edition;
    json!({
        "id": info.id,
        "title": info.title,
        "jurisdiction": info.jurisdiction,
        "regime": info.regime.key(),
        "effect": info.effect.key(),
        "binds": project.config.profile.is_bound_by(&info.jurisdiction),
        "date": edition.date.map(|day| day.to_string()),
        "confirmed": edition.confirmed.map(|day| day.to_string()),
        "too_old": edition.too_old(as_of, project.config.max_list_age_days),
        "entries": edition.entries,
        "names": edition.names,
        "sha256": edition.sha256,
        "from": edition.source,
        "notes": info.notes,
    })
}

fn source_json(id: &str, state: &State) -> Value {
    json!({
        "id": id,
        "edition": state.current,
        "confirmed": state.confirmed.map(|time| time.to_string()),
        "tried": state.tried.map(|time| time.to_string()),
        "attempt": state.attempt.key(),
        "why": state.why,
    })
}

/// The known sources.
pub fn sources(args: &SetupArgs) -> Result<Exit, Failure> {
    let project = setup::project(args)?;
    let stores = Stores::open(args, &project)?;
    let mut text = String::new();
    for source in &stores.known {
        let default = if source.by_default { "" } else { " (only when named)" };
        let _ = writeln!(text, "{}  {}{default}", source.id, source.title);
        for file in &source.files {
            let _ = writeln!(text, "  {}", file.url);
        }
        let age = source.max_age_days.map(|days| format!("; too old after {days} days")).unwrap_or_default();
        let licence = if source.licence.is_empty() { "" } else { "; licence: " };
        let _ = writeln!(
            text,
            "  at least {} entries, at most {} % fewer than before{age}{licence}{}",
            source.expected,
            source.max_shrink * 100.0,
            source.licence
        );
    }
    print(text.as_bytes())
}
