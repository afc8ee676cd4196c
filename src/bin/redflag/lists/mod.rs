//! The `lists` commands.

mod changes;
mod fetch;
mod status;
mod update;
mod upkeep;

use std::fs;
use std::path::{Path, PathBuf};

use redflag::watchlist::{write_csv, write_ftm, write_toml};

use crate::args::{ListFormat, ListsArgs, ListsCommand};
use crate::failure::{Exit, Failure, say, show};
use crate::output::{Output, write_failure};
use crate::setup;

pub fn lists(args: &ListsArgs) -> Result<Exit, Failure> {
    match &args.command {
        ListsCommand::Status { setup, as_of, json } => {
            status::status(setup, as_of.unwrap_or_else(setup::today), *json)
        }
        ListsCommand::Update { sources, accept, timeout, setup } => {
            update::update(sources, *timeout, &update::Wish { accept: accept.as_deref(), setup })
        }
        ListsCommand::Import { files, source, accept, setup } => {
            update::import(files, source.as_deref(), &update::Wish { accept: accept.as_deref(), setup })
        }
        ListsCommand::Diff { old, new, format, setup } => changes::diff(old, new, *format, setup),
        ListsCommand::Verify { setup } => upkeep::verify(setup),
        ListsCommand::Prune { keep, dry_run, setup } => upkeep::prune(*keep, *dry_run, setup),
        ListsCommand::Sources { setup } => status::sources(setup),
        ListsCommand::Export { format, files, output } => export(*format, files, output),
    }
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
