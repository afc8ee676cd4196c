//! Ownership files → a screener that knows owners, and what to say of it.

use std::path::PathBuf;

use redflag::diagnostic::{Diagnostics, SourceFile};
use redflag::digest::sha256_hex;
use redflag::ownership::{self, Statement};
use redflag::screening::Screener;

use crate::args::SetupArgs;
use crate::failure::{Failure, say, show};
use crate::setup::{Project, read_text};
use crate::start;

/// Contradictions that are told one by one.
const MOST_DOUBTS: usize = 10;

/// The files of the project, and those of the command line.
pub fn paths(project: &Project, more: &[PathBuf]) -> Vec<PathBuf> {
    let configured = project.config.ownership.iter().map(|path| project.folder.join(path));
    configured.chain(more.iter().cloned()).collect()
}

/// Adds what the files of the project, those of the command line and the lists
/// state of owners. With it the sentence on what is not known of owners.
pub fn add(
    screener: Screener,
    (args, project): (&SetupArgs, &Project),
    more: &[PathBuf],
) -> Result<(Screener, String), Failure> {
    let mut out = Diagnostics::default();
    let mut statements: Vec<Statement> = Vec::new();
    let mut files: Vec<String> = Vec::new();
    for path in paths(project, more) {
        let file = SourceFile::new(path.display().to_string(), read_text(&path)?);
        let hash = sha256_hex(file.text.as_bytes());
        files.push(format!("{} (SHA-256 {})", file.name, hash.get(..12).unwrap_or(&hash)));
        statements.extend(ownership::read(&file, &mut out));
    }
    show(&out);
    if out.has_errors() {
        return Err(Failure::new("an ownership file can't be used; nothing was screened"));
    }
    let of_files = statements.len();
    let screener = screener.with_ownership(statements, &start::Memory::of(args));
    let Some(known) = screener.ownership() else {
        let nothing = "Ownership: a party that is owned by a listed one but not listed itself is not found.";
        return Ok((screener, nothing.to_owned()));
    };
    let doubts = known.doubts(screener.as_of());
    for doubt in doubts.iter().take(MOST_DOUBTS) {
        say(&format!("ownership: {doubt}"));
    }
    if doubts.len() > MOST_DOUBTS {
        say(&format!("ownership: {} more such contradictions", doubts.len() - MOST_DOUBTS));
    }
    let mut from: Vec<String> = Vec::new();
    if of_files > 0 {
        from.push(format!("{of_files} statements of {}", files.join(", ")));
    }
    if known.len() > of_files {
        from.push(format!("{} relations that the lists state", known.len() - of_files));
    }
    let sentence =
        format!("Ownership beyond what is stated is not known; stated are {}.", from.join(" and "));
    Ok((screener, sentence))
}
