//! Converts lists of any known format to the project's own, one file a list:
//! `cargo run --release --example convert_list -- FOLDER FILE…`
//!
//! The lists under `rules/lists/` that say so in their notes come from here.
//! Countries must be given by code; names of countries are not looked up.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use redflag::watchlist::{ListFile, read, write_toml};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut arguments = env::args().skip(1);
    let folder = arguments.next().ok_or("usage: convert_list FOLDER FILE…")?;
    let mut files = Vec::new();
    for name in arguments {
        let bytes = fs::read(&name).map_err(|error| format!("{name}: {error}"))?;
        files.push(ListFile { name, bytes });
    }
    let (lists, diagnostics) = read(files, &|_| None);
    for diagnostic in diagnostics.iter() {
        eprintln!("{diagnostic}");
    }
    if diagnostics.has_errors() {
        return Err("nothing written".to_owned());
    }
    for list in &lists {
        let path = Path::new(&folder).join(format!("{}.toml", list.info.id));
        let mut bytes = Vec::new();
        write_toml(list, &mut bytes).map_err(|error| error.to_string())?;
        fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        println!(
            "{}: {} entries, {} names",
            path.display(),
            list.info.edition.entries,
            list.info.edition.names
        );
    }
    Ok(())
}
