//! `lists status` and `lists export`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use redflag::watchlist::{write_csv, write_ftm, write_toml};

use crate::args::{ListFormat, ListsArgs, ListsCommand, SetupArgs};
use crate::failure::{Exit, Failure, say, show};
use crate::output::Output;
use crate::output::write_failure;
use crate::print;
use crate::setup;

pub fn lists(args: &ListsArgs) -> Result<Exit, Failure> {
    match &args.command {
        ListsCommand::Status { setup, as_of } => status(setup, as_of.unwrap_or_else(setup::today)),
        ListsCommand::Export { format, files, output } => export(*format, files, output),
    }
}

fn status(args: &SetupArgs, as_of: Date) -> Result<Exit, Failure> {
    let project = setup::project(args)?;
    let lists = setup::lists(args, &project)?;
    let mut text = String::new();
    for list in &lists {
        let info = &list.info;
        let bound =
            if project.config.profile.is_bound_by(&info.jurisdiction) { "binds" } else { "does not bind" };
        let age = match info.edition.date {
            None => "no date".to_owned(),
            Some(date) => {
                let days = as_of.since(date).map_or(0, |span| span.get_days());
                let old = u32::try_from(days).is_ok_and(|days| days > project.config.max_list_age_days);
                format!("{date}, {days} days{}", if old { ", TOO OLD" } else { "" })
            }
        };
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
            "  edition {age}; {} entries, {} names; sha256 {}",
            info.edition.entries,
            info.edition.names,
            info.edition.sha256.get(..16).unwrap_or(&info.edition.sha256)
        );
        let _ = writeln!(text, "  from {}", info.edition.source);
        for note in &info.notes {
            let _ = writeln!(text, "  note: {note}");
        }
    }
    let entries: usize = lists.iter().map(|list| list.info.edition.entries).sum();
    let names: usize = lists.iter().map(|list| list.info.edition.names).sum();
    let _ = writeln!(text, "\n{} lists, {entries} entries, {names} names", lists.len());
    print(text.as_bytes())
}

fn export(format: ListFormat, files: &[PathBuf], folder: &Path) -> Result<Exit, Failure> {
    let (lists, mistakes) = setup::read_lists(files)?;
    show(&mistakes);
    if mistakes.has_errors() {
        return Err(Failure::new("the lists can't be read whole; nothing was written"));
    }
    fs::create_dir_all(folder).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
    for list in &lists {
        let extension = match format {
            ListFormat::Toml => "toml",
            ListFormat::Csv => "csv",
            ListFormat::Ftm => "ftm.json",
        };
        let path = folder.join(format!("{}.{extension}", list.info.id));
        let output = Output::create(&path).map_err(|error| write_failure(&path, &error))?;
        let mut to = output.clone();
        let written = match format {
            ListFormat::Toml => write_toml(list, &mut to),
            ListFormat::Csv => write_csv(list, &mut to),
            ListFormat::Ftm => write_ftm(list, &mut to),
        };
        written.and_then(|()| output.finish()).map_err(|error| write_failure(&path, &error))?;
        say(&format!("{}: {} entries", path.display(), list.info.edition.entries));
    }
    Ok(Exit::Done)
}
