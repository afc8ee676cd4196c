//! The cell of a supplement to 15 CFR part 744 that holds a party's name, its
//! aliases and its addresses one after the other.

use crate::watchlist::format::csl::{Found, take_apart};

/// What the cell holds.
#[derive(Default, PartialEq, Eq, Debug)]
pub(super) struct Cell {
    pub names: Vec<Found>,
    pub addresses: Vec<String>,
    /// Name and address stand in one line that could not be taken apart.
    pub unsure: bool,
}

/// Words that begin an address.
const PLACES: [&str; 27] = [
    "no", "room", "rm", "unit", "suite", "building", "bldg", "block", "floor", "flat", "house", "plot",
    "p.o", "po", "c/o", "street", "st", "ul", "ulitsa", "road", "avenue", "ave", "office", "lot", "villa",
    "str", "prospekt",
];

/// `Name, a.k.a., the following two aliases: —One; and —Two. Address; and
/// Address.`, in one line or several.
pub(super) fn read(text: &str) -> Cell {
    let (names, addresses) = match alias_start(text) {
        Some((name, rest)) => with_aliases(name, rest),
        None => match text.trim().split_once(['\n', '\r']) {
            Some((name, addresses)) => (take_apart(name), addresses.to_owned()),
            None => return one_line(text),
        },
    };
    Cell { names, addresses: split_addresses(&addresses), unsure: false }
}

/// The name before `a.k.a.` or `f.k.a.`, and everything from there on, if a
/// list of aliases follows.
fn alias_start(text: &str) -> Option<(&str, &str)> {
    let lower = text.to_ascii_lowercase();
    let at = ["a.k.a.", "f.k.a."].iter().filter_map(|mark| lower.find(mark)).min()?;
    let before = text.get(..at)?;
    (!before.trim_end().ends_with('(')).then_some((before, text.get(at..)?))
}

/// Aliases stand behind a colon, each with a dash before it, or alone behind
/// the mark; the last ends with a full stop or with the line.
fn with_aliases(name: &str, rest: &str) -> (Vec<Found>, String) {
    let former = rest.to_ascii_lowercase().starts_with("f.k.a.");
    let rest = rest.get(6..).unwrap_or_default().trim_start_matches([',', ' ']);
    let list = rest.split_once(':').filter(|(words, _)| words.to_ascii_lowercase().contains("alias"));
    let rest = list.map_or(rest, |(_, list)| list);
    let (aliases, addresses) = alias_end(rest, list.is_some());
    let mut names = take_apart(name);
    // Only the last one's full stop is not its own.
    for alias in aliases.trim_end().trim_end_matches('.').split(';') {
        let found = take_apart(alias);
        names.extend(found.into_iter().map(|name| Found { former: name.former || former, ..name }));
    }
    (names, addresses)
}

/// Where the aliases end: behind the last one's dash, at a line's end or a full
/// stop with space behind it; a form such as `Co.` ends none.
fn alias_end(text: &str, listed: bool) -> (&str, String) {
    let from = if listed {
        text.rfind(['\u{2014}', '\u{2013}']).or_else(|| text.rfind("\n-")).unwrap_or(0)
    } else {
        0
    };
    let tail = text.get(from..).unwrap_or_default();
    let skip = tail.chars().next().filter(|c| !c.is_alphanumeric()).map_or(0, char::len_utf8);
    let body = tail.get(skip..).unwrap_or_default();
    let blank = body.len() - body.trim_start().len();
    let words = body.get(blank..).unwrap_or_default();
    let line = words.find(['\n', '\r']);
    let stop = words.match_indices(". ").map(|(at, _)| at + 1).find(|at| {
        let word = words.get(..at - 1).unwrap_or_default().rsplit([' ', '.']).next().unwrap_or_default();
        word.chars().count() > 4 || word.bytes().any(|byte| byte.is_ascii_digit())
    });
    let end = line.into_iter().chain(stop).min().unwrap_or(words.len()) + from + skip + blank;
    (text.get(..end).unwrap_or(text), text.get(end..).unwrap_or_default().to_owned())
}

/// Without aliases and line ends the address begins behind the first comma
/// that a number or a word such as `Room` follows.
fn one_line(text: &str) -> Cell {
    let starts = text.match_indices(", ").map(|(at, _)| at);
    let split = starts.filter_map(|at| Some((text.get(..at)?, text.get(at + 2..)?))).find(|(_, after)| {
        let word = after.split([' ', ',']).next().unwrap_or_default();
        let plain = word.trim_end_matches('.').to_ascii_lowercase();
        word.bytes().any(|byte| byte.is_ascii_digit()) || PLACES.contains(&plain.as_str())
    });
    match split {
        Some((name, addresses)) => {
            Cell { names: take_apart(name), addresses: split_addresses(addresses), unsure: false }
        }
        None => Cell { names: take_apart(text), addresses: Vec::new(), unsure: text.contains(", ") },
    }
}

/// Addresses between semicolons, the last behind an `and`.
pub(super) fn split_addresses(text: &str) -> Vec<String> {
    text.split([';', '\n', '\r'])
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .map(|part| {
            part.strip_prefix("and ").unwrap_or(&part).trim_matches(['.', ',', ' ', '\u{2014}']).to_owned()
        })
        .filter(|part| !part.is_empty() && part != "and")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Vec<String>, Vec<String>) {
        let cell = read(text);
        let names = cell.names.into_iter();
        (
            names.map(|name| format!("{}{}", if name.former { "<" } else { "" }, name.text)).collect(),
            cell.addresses,
        )
    }

    fn owned<const N: usize, const M: usize>(a: [&str; N], b: [&str; M]) -> (Vec<String>, Vec<String>) {
        (a.map(str::to_owned).to_vec(), b.map(str::to_owned).to_vec())
    }

    #[test]
    fn name_aliases_and_addresses_part_at_their_marks() {
        assert_eq!(
            of(
                "Harrow Optics Co., Ltd., a.k.a., the following two aliases: —Harrow OE; and —Harrow Lenses. \
                No. 7 Quarry Road, Dunmore; and Unit 3, Alder Park, Dunmore."
            ),
            owned(
                ["Harrow Optics Co., Ltd.", "Harrow OE", "Harrow Lenses"],
                ["No. 7 Quarry Road, Dunmore", "Unit 3, Alder Park, Dunmore"]
            )
        );
        assert_eq!(
            of(
                "Harrow Optics, a.k.a., the following two aliases:\n-Harrow OE Co., Ltd.; and\n-Harrow Lenses Inc.\nNo. 7 Quarry Road"
            ),
            owned(["Harrow Optics", "Harrow OE Co., Ltd.", "Harrow Lenses Inc"], ["No. 7 Quarry Road"])
        );
        assert_eq!(
            of("Harrow Optics Ltd., 12 Quarry Road, Dunmore"),
            owned(["Harrow Optics Ltd."], ["12 Quarry Road, Dunmore"])
        );
        assert_eq!(of("Harrow Optics\n12 Quarry Road"), owned(["Harrow Optics"], ["12 Quarry Road"]));
        assert!(read("Harrow Optics, Dunmore").unsure);
        assert_eq!(
            of("Harrow Optics, f.k.a., Old Harrow Works. 12 Quarry Road"),
            owned(["Harrow Optics", "<Old Harrow Works"], ["12 Quarry Road"])
        );
        assert_eq!(of(""), owned([], []));
    }
}
