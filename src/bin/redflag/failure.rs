//! How a command ends, and how mistakes reach the terminal.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use redflag::diagnostic::Diagnostics;

/// Exit codes, the same for every output format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    Done = 0,
    Findings = 1,
    /// Usage, configuration, rules or lists broken or missing; output failed.
    Broken = 2,
    Unscreened = 3,
    OldLists = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command can't go on, already in words for the user.
#[derive(Debug)]
pub struct Failure(pub String);

impl Failure {
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

/// A word to the user on standard error.
pub fn say(words: &str) {
    // If standard error is closed there is nobody to tell.
    let words = printable(words);
    let lines: Vec<_> = words.split('\n').map(redflag::report::log_line).collect();
    let _ = writeln!(std::io::stderr().lock(), "{}", lines.join("\n"));
}

/// Shows every mistake, with colour on a terminal.
pub fn show(diagnostics: &Diagnostics) {
    let colour = colour_stderr();
    let mut out = std::io::stderr().lock();
    for diagnostic in diagnostics {
        let _ = writeln!(out, "{}\n", diagnostic.render(colour));
    }
}

pub fn colour_stderr() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}

/// File names and cells may hold anything; control characters do not reach
/// the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}
