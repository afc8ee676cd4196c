//! Ownership files, CSV or TOML → statements. Every mistake is collected with
//! its line; a file with one is not used.

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile};
use crate::place::{CountryMatch, CountryNames};
use crate::trade::CountryCode;

use super::statement::Statement;
use super::{read_csv, read_toml};

/// Mistakes of one file that are shown; the others are counted.
const MOST_MISTAKES: usize = 100;

/// Reads a file of the user's: TOML if it is called so, else CSV.
pub fn read(file: &SourceFile, out: &mut Diagnostics) -> Vec<Statement> {
    let mut found = Diagnostics::default();
    let toml = file.name.rsplit('.').next().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
    let statements = if toml { read_toml::read(file, &mut found) } else { read_csv::read(file, &mut found) };
    // Errors first, so that none is among those that are only counted.
    let mut found = found.into_vec();
    found.sort_by_key(|mistake| std::cmp::Reverse(mistake.severity));
    let rest = found.split_off(found.len().min(MOST_MISTAKES));
    for mistake in found {
        out.push(mistake);
    }
    if let Some(first) = rest.first() {
        let more = Diagnostic::error(format!("{}: {} more like these", file.name, rest.len()));
        out.push(Diagnostic { severity: first.severity, ..more });
    }
    statements
}

/// The country a text names, or why none is taken.
pub(super) fn country(text: &str) -> Result<CountryCode, String> {
    match CountryNames::shipped().resolve(text) {
        CountryMatch::Exact(code) | CountryMatch::Corrected(code, _) => Ok(code),
        CountryMatch::Ambiguous(why) => Err(format!("`{text}` may be more than one country: {why}")),
        CountryMatch::Unknown => Err(format!("`{text}` is no country that is known")),
    }
}
