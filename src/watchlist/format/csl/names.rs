//! Names as the Bureau of Industry and Security and the State Department write
//! them: several in one cell, former names in brackets, a stray `and`.

use crate::watchlist::ListedParty;
use crate::watchlist::NameQuality;
use crate::watchlist::format::gather::add_name;

/// A name found in a text, and whether it is a former one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::watchlist::format) struct Found {
    pub text: String,
    pub former: bool,
}

/// Words before further names, longest first.
const MARKS: [(&str, bool); 12] = [
    ("formerly known as", true),
    ("doing business as", false),
    ("also known as", false),
    ("d/b/a", false),
    ("a/k/a", false),
    ("f/k/a", true),
    ("a.k.a.,", false),
    ("f.k.a.,", true),
    ("a.k.a.", false),
    ("f.k.a.", true),
    ("aka ", false),
    ("fka ", true),
];

/// Forms of companies as they end a name.
const FORMS: [&str; 22] = [
    "ltd",
    "limited",
    "inc",
    "llc",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "jsc",
    "ojsc",
    "pjsc",
    "ooo",
    "oao",
    "pao",
    "zao",
    "sdn",
    "bhd",
    "plc",
    "fze",
    "oy",
    "ag",
];

/// The first is the name itself. `Name (f.k.a., Other)`, `Name, a.k.a., Other`
/// and `Name [aka One, Two]` hold further ones. Commas part no names.
pub(in crate::watchlist::format) fn take_apart(text: &str) -> Vec<Found> {
    let text = tidy(text);
    let lower = text.to_ascii_lowercase();
    let marks = MARKS.iter().filter_map(|mark| Some((find_mark(&lower, mark.0)?, mark)));
    let Some((at, (mark, former))) = marks.min_by_key(|(at, _)| *at) else {
        return found(&text, false).into_iter().collect();
    };
    let (before, after) =
        (text.get(..at).unwrap_or_default(), text.get(at + mark.len()..).unwrap_or_default());
    let bracketed = before.trim_end().ends_with(['(', '[']);
    let (inside, behind) = if bracketed { bracket_end(after) } else { (after, "") };
    let name = format!("{} {behind}", before.trim_end().trim_end_matches(['(', '[']));
    let others = inside.split(';').filter_map(|part| found(part, *former));
    found(&name, false).into_iter().chain(others).collect()
}

fn found(text: &str, former: bool) -> Option<Found> {
    let text = tidy(text);
    (!text.is_empty()).then_some(Found { text, former })
}

/// As [`take_apart`], for an alias, which may be a row of names.
fn take_apart_alias(text: &str) -> Vec<Found> {
    let parts = take_apart(text).into_iter();
    parts
        .flat_map(|name| several(&name.text).into_iter().map(move |text| Found { text, ..name.clone() }))
        .collect()
}

/// Where a mark stands as words of its own.
fn find_mark(lower: &str, mark: &str) -> Option<usize> {
    let at = lower.find(mark)?;
    let before = lower.get(..at)?.chars().next_back();
    before.is_none_or(|c| !c.is_alphanumeric()).then_some(at)
}

/// What stands up to the bracket that was opened before, and what follows it.
fn bracket_end(text: &str) -> (&str, &str) {
    let mut open = 1;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => open += 1,
            ')' | ']' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return (text.get(..at).unwrap_or_default(), text.get(at + c.len_utf8()..).unwrap_or_default());
        }
    }
    (text, "")
}

/// Without a stray `and`, hyphens of a list, and commas at either end.
fn tidy(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text =
        text.trim_matches([' ', ',', ';']).trim_start_matches(['-', '\u{2013}', '\u{2014}']).trim();
    if let Some(rest) = text.strip_prefix("and ") {
        text = rest.trim_start_matches(['-', '\u{2013}', '\u{2014}', ' ']);
    }
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    quoted.filter(|inside| !inside.contains('"')).unwrap_or(text).trim().to_owned()
}

/// Names with commas between them are told from a name with commas by the forms
/// of companies that end them: `One Ltd, Two Limited and Three` are three, `One
/// Co., Ltd.` and `One Corporation, Joint Stock Company Two` are one each.
fn several(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut current = String::new();
    for part in text.split(", ") {
        let (joined, plain) = part.strip_prefix("and ").map_or((false, part), |rest| (true, rest));
        if ends_in_form(&current) && (joined || (names_a_company(plain) && !is_form(plain))) {
            names.push(std::mem::take(&mut current));
            current.push_str(plain);
        } else {
            if !current.is_empty() {
                current.push_str(", ");
            }
            current.push_str(part);
        }
    }
    // Only a row of names ends in `Two Limited and Three`.
    match current.split_once(" and ").filter(|(left, _)| !names.is_empty() && ends_in_form(left)) {
        Some((left, right)) => names.extend([left.to_owned(), right.to_owned()]),
        None => names.push(current),
    }
    names.iter().map(|name| tidy(name)).filter(|name| !name.is_empty()).collect()
}

fn form(word: &str) -> bool {
    let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    FORMS.iter().any(|form| word.eq_ignore_ascii_case(form))
}

fn ends_in_form(text: &str) -> bool {
    text.rsplit(' ').next().is_some_and(form)
}

/// Ends in a form, itself or what stands before its last `and`.
fn names_a_company(text: &str) -> bool {
    ends_in_form(text) || text.split_once(" and ").is_some_and(|(left, _)| ends_in_form(left))
}

/// Nothing but a form, such as `Ltd.` or `Sdn. Bhd.`.
pub(in crate::watchlist::format) fn is_form(text: &str) -> bool {
    text.split(' ').next().is_some_and(form)
}

/// Adds the name and the aliases, each taken apart.
pub(in crate::watchlist::format) fn add_names(party: &mut ListedParty, name: &str, aliases: &[String]) {
    let mut quality = NameQuality::Primary;
    for found in take_apart(name) {
        add_name(party, &found.text, quality, found.former);
        quality = NameQuality::Strong;
    }
    for found in aliases.iter().flat_map(|alias| take_apart_alias(alias)) {
        add_name(party, &found.text, NameQuality::Strong, found.former);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(found: Vec<Found>) -> Vec<String> {
        found.into_iter().map(|name| format!("{}{}", if name.former { "<" } else { "" }, name.text)).collect()
    }

    fn of(text: &str) -> Vec<String> {
        shown(take_apart(text))
    }

    fn alias(text: &str) -> Vec<String> {
        shown(take_apart_alias(text))
    }

    #[test]
    fn a_name_with_commas_is_one_and_a_row_of_names_is_several() {
        assert_eq!(of("Greifzu Optik Co., Ltd., "), ["Greifzu Optik Co., Ltd."]);
        assert_eq!(of("Kestrel, State Enterprise Bazon"), ["Kestrel, State Enterprise Bazon"]);
        assert_eq!(of("Wexel Systems, AO"), ["Wexel Systems, AO"]);
        assert_eq!(of("202 Plant, Dunmore Facility"), ["202 Plant, Dunmore Facility"]);
        assert_eq!(
            alias("Tundra Corporation, Joint Stock Company Avenir"),
            ["Tundra Corporation, Joint Stock Company Avenir"]
        );
        assert_eq!(alias("Greifzu Co., Ltd., Lens Institute"), ["Greifzu Co., Ltd., Lens Institute"]);
        assert_eq!(of("One Ltd, Two Ltd"), ["One Ltd, Two Ltd"], "the name itself is no row");
        assert_eq!(alias("Weston Co., Ltd., and Weston Time"), ["Weston Co., Ltd.", "Weston Time"]);
        assert_eq!(
            alias("DEF Holdings Limited, Defstroy Holding Limited and DEFH"),
            ["DEF Holdings Limited", "Defstroy Holding Limited", "DEFH"]
        );
        assert_eq!(of("and -Plain Name; "), ["Plain Name"]);
        assert_eq!(of("\"Sasbarra\""), ["Sasbarra"]);
        assert_eq!(of("Institute of Mines and Metals"), ["Institute of Mines and Metals"]);
    }

    #[test]
    fn names_in_brackets_and_behind_marks_are_found() {
        assert_eq!(of("Tidal Wax, AO (f.k.a. Old Wax)"), ["Tidal Wax, AO", "<Old Wax"]);
        assert_eq!(
            of("Far Trade, Inc. (a.k.a. FT; Fartra, Inc.)"),
            ["Far Trade, Inc.", "FT", "Fartra, Inc."]
        );
        assert_eq!(of("JSC Nip, f.k.a., Otkry Nip"), ["JSC Nip", "<Otkry Nip"]);
        assert_eq!(of("Astro Institute [aka Astro Centre (AC)]"), ["Astro Institute", "Astro Centre (AC)"]);
        assert_eq!(of("F.K.A. Office of Works"), ["<Office of Works"]);
        assert_eq!(of("Masaka Trading"), ["Masaka Trading"]);
        assert!(of(" , ").is_empty() && of("").is_empty());
    }
}
