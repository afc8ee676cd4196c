//! Derived copies of the EU's, the UK's and Australia's lists in one shape:
//! `Name,Alias,Nationality,Designation,Sanction Type,Source`, told apart by
//! `Source`.
//!
//! Aliases are joined with commas, which names hold too: [`split_aliases`]
//! takes them apart again, and no rule can do so for certain. The copies have
//! no ids, so an entry's id is made of its name. Notes of the lists say what
//! they lack.

use crate::diagnostic::Diagnostics;
use crate::trade::PartyKind;
use crate::watchlist::{ListInfo, ListedParty, NameQuality, Watchlist};

use super::format::{Format, Head, Input, Read, Reader};
use super::gather::{Gather, add_name, add_remark};
use super::oddities::Oddities;
use super::table::{self, Row, Shape};
use super::{Mistakes, heads, nationality_text};

const COLUMNS: [&str; 6] = ["Name", "Alias", "Nationality", "Designation", "Sanction Type", "Source"];

pub(super) const READER: Reader = Reader {
    format: Format { key: "parsed-csv", label: "EU, UK or Australian list, CSV copy of six columns" },
    looks_like: |head: &Head<'_>| head.first_line().trim_start_matches('\u{feff}') == COLUMNS.join(","),
    read: Read::Each(read),
};

/// The lists that such a copy can be of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Eu,
    Uk,
    Australia,
}

impl Of {
    const ALL: [Self; 3] = [Self::Eu, Self::Uk, Self::Australia];

    const fn source(self) -> &'static str {
        match self {
            Self::Eu => "Europe",
            Self::Uk => "uk",
            Self::Australia => "Australia",
        }
    }

    /// The list's head, and what the copy lacks.
    fn info(self) -> ListInfo {
        let (code, more) = match self {
            Self::Eu => ("eu-fsf", "It has no programmes and legal acts either."),
            Self::Uk => (
                "gb-uksl",
                "It does not tell persons from companies, has fewer entries than the list, and of most persons only \
                 the family name; single words of its aliases count as weak. It is no list to screen persons with.",
            ),
            Self::Australia => (
                "au-dfat",
                "Each name is an entry of its own: which names are one party's is not in the copy, nor whether it is \
                 a person.",
            ),
        };
        let mut info = heads::head(code);
        info.notes.push(format!(
            "Read from a derived copy without the publisher's ids, addresses, numbers, births and dates, and \
             without telling weak aliases from strong ones. Its aliases are joined with commas, which names hold \
             too, and are taken apart by rule. {more}"
        ));
        info
    }
}

/// A list being read.
struct List {
    of: Of,
    gather: Gather,
}

fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let file = &input.file;
    let mut odd = Oddities::new(input.countries);
    let mut lists: Vec<List> = Vec::new();
    // In some rows the words of another column stand in `Source`; the list is
    // then that of the rows before, as no copy mixes lists.
    let mut last = first_source(input);
    let shape = Shape { separator: b',', skip: 0, required: &COLUMNS };
    table::read(file, shape, out, |row, mistakes, out| {
        let source = row.cell("Source");
        let known = Of::ALL.into_iter().find(|of| of.source().eq_ignore_ascii_case(source));
        if known.is_none() {
            odd.note("rows whose `Source` is no list, taken as of the rows before", source);
        }
        let Some(of) = known.or(last) else {
            mistakes.push(row.error("no row says which list the file is a copy of"), out);
            return;
        };
        last = Some(of);
        let at = lists.iter().position(|list| list.of == of).unwrap_or_else(|| {
            lists.push(List { of, gather: Gather::default() });
            lists.len() - 1
        });
        if let Some(list) = lists.get_mut(at) {
            list.row(row, known.is_none(), &mut odd, mistakes, out);
        }
    });
    let mut lists: Vec<_> = lists.into_iter().map(|list| list.finish(input)).collect();
    if let Some((info, _)) = lists.first_mut() {
        odd.report(&file.name, info, out);
    }
    lists.into_iter().map(|(info, parties)| Watchlist::new(info, parties)).collect()
}

/// The list that the first row with a known source is of.
fn first_source(input: &Input<'_>) -> Option<Of> {
    let text = &*input.file.text;
    let ends = |of: Of| {
        text.lines().position(|line| {
            line.rsplit(',').next().is_some_and(|cell| cell.trim().eq_ignore_ascii_case(of.source()))
        })
    };
    Of::ALL.into_iter().filter_map(|of| Some((ends(of)?, of))).min_by_key(|(at, _)| *at).map(|(_, of)| of)
}

/// A cell; `None` and `Unknown` are the copies' words for nothing.
fn cell<'r>(row: &Row<'r>, column: &str) -> &'r str {
    let text = row.cell(column);
    if matches!(text, "None" | "Unknown") { "" } else { text }
}

impl List {
    fn row(
        &mut self,
        row: &Row<'_>,
        torn: bool,
        odd: &mut Oddities<'_>,
        mistakes: &mut Mistakes<'_>,
        out: &mut Diagnostics,
    ) {
        let name = cell(row, "Name");
        if name.is_empty() {
            let error = row.error("a row has no name: the copy lost a party");
            mistakes.push(error.help("get the list from its publisher"), out);
            return;
        }
        let (regime, designation) = (cell(row, "Sanction Type"), cell(row, "Designation"));
        let id = self.gather.made_id("", &format!("{name}\n{regime}"));
        let programme = (self.of != Of::Eu && !regime.is_empty()).then(|| self.gather.text(regime));
        let party = self.gather.party(&id);
        party.programs.extend(programme);
        match (self.of, designation) {
            (Of::Eu, "person") => party.kind = PartyKind::Person,
            (Of::Eu, "enterprise") => party.kind = PartyKind::Organization,
            (Of::Eu, other) => odd.note("entries of no known kind", other),
            _ => add_remark(party, "Designation", designation),
        }
        if self.of == Of::Eu {
            add_remark(party, "Sort of the legal act", regime);
        }
        if torn {
            add_remark(party, "", row.cell("Source"));
        }
        names(party, self.of, name, cell(row, "Alias"), odd);
        nationality_text::add(party, cell(row, "Nationality"), odd);
    }

    fn finish(self, input: &Input<'_>) -> (ListInfo, Vec<ListedParty>) {
        let mut info = self.of.info();
        input.file.name.as_ref().clone_into(&mut info.edition.source);
        info.edition.sha256.clone_from(&input.sha256);
        (info, self.gather.finish())
    }
}

fn names(party: &mut ListedParty, of: Of, name: &str, aliases: &str, odd: &mut Oddities<'_>) {
    if of == Of::Australia {
        australian_name(party, name);
        torn_alias(party, aliases, odd);
        return;
    }
    add_name(party, name, NameQuality::Primary, false);
    for alias in split_aliases(name, aliases, party.kind) {
        // In the UK's copy a single word is mostly a part of a name.
        let weak = of == Of::Uk && !alias.contains(' ');
        add_name(party, &alias, if weak { NameQuality::Weak } else { NameQuality::Strong }, false);
    }
}

/// `Nik Mohammad (previously listed as)`: what stands in brackets behind a name
/// is said of it, unless it begins as a name does.
fn australian_name(party: &mut ListedParty, name: &str) {
    let said = name.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    let Some((bare, said)) = said else {
        add_name(party, name, NameQuality::Primary, false);
        return;
    };
    let lower = said.to_lowercase();
    let former = lower.contains("formerly listed") || lower.contains("previously listed");
    if former || said.starts_with(char::is_lowercase) {
        add_name(party, bare, NameQuality::Primary, false);
        add_remark(party, "", &format!("Name {bare}: {said}"));
    } else {
        add_name(party, name, NameQuality::Primary, false);
        add_name(party, bare, NameQuality::Strong, false);
    }
}

/// In the Australian copy an alias is torn from a sentence, and its end is cut
/// where a bracket closes.
fn torn_alias(party: &mut ListedParty, text: &str, odd: &mut Oddities<'_>) {
    if text.is_empty() {
        return;
    }
    odd.note("aliases torn from a sentence, taken as weak", text);
    let end = [")", " (", ", and "].into_iter().filter_map(|end| text.find(end)).min();
    add_name(party, text.get(..end.unwrap_or(text.len())).unwrap_or(text), NameQuality::Weak, false);
    add_remark(party, "From the copy's alias column", text);
}

/// Words that stand behind a comma and belong to the name before it, in small
/// letters without dots, spaces and quotes.
const ENDINGS: [&str; 62] = [
    "ag",
    "ao",
    "as",
    "bv",
    "co",
    "coltd",
    "corp",
    "corporation",
    "dd",
    "doo",
    "etc",
    "fzc",
    "fzco",
    "fze",
    "gmbh",
    "iii",
    "iii(third)",
    "inc",
    "intl",
    "javnadelniškadružba",
    "jointstockcompany",
    "jr",
    "jsc",
    "kft",
    "kg",
    "limited",
    "limitedliabilitycompany",
    "llc",
    "llp",
    "lp",
    "ltd",
    "nv",
    "oao",
    "ojsc",
    "ooo",
    "otevřenáas",
    "pao",
    "pjsc",
    "plc",
    "privatelimited",
    "pte",
    "pty",
    "rt",
    "sa",
    "sarl",
    "sas",
    "societatepeacțiuni",
    "societatecurăspunderelimitată",
    "sociedadeporações",
    "spa",
    "společnostsručenímomezeným",
    "spzoo",
    "sr",
    "srl",
    "sro",
    "uab",
    "zao",
    "zrt",
    "ао",
    "зао",
    "оао",
    "ооо",
];

fn is_ending(piece: &str) -> bool {
    let bare: String = piece
        .chars()
        .filter(|c| !c.is_whitespace() && !".’”“\"»-".contains(*c))
        .flat_map(char::to_lowercase)
        .collect();
    ENDINGS.contains(&bare.as_str()) || bare == "пао"
}

/// Aliases that were joined with `, `. The row's own name comes first and whole.
/// A piece stays with the one before it where it is a legal form or `Jr`, or
/// where a bracket is open; and where the row's own name is `FAMILY, Given`, a
/// person's single word stays with the next piece.
fn split_aliases(name: &str, text: &str, kind: PartyKind) -> Vec<String> {
    let mut rest = text;
    let mut names = Vec::new();
    if let Some(after) = text.strip_prefix(name).filter(|after| after.is_empty() || after.starts_with(", ")) {
        names.push(name.to_owned());
        rest = after;
    }
    let inverted = kind == PartyKind::Person && name.contains(", ");
    let pieces: Vec<_> = rest.split(", ").map(str::trim).filter(|piece| !piece.is_empty()).collect();
    // `Graufels Co.` may be cut short in its own column.
    let mut at = pieces.iter().take_while(|piece| !names.is_empty() && is_ending(piece)).count();
    if at > 0 {
        names.push(format!("{name}, {}", pieces.get(..at).unwrap_or_default().join(", ")));
    }
    while let Some(piece) = pieces.get(at) {
        let mut end = at + 1 + until_bracket_closes(&pieces, at);
        if inverted && end == at + 1 && !piece.contains(' ') && pieces.len() > end {
            end += 1;
        }
        while pieces.get(end).is_some_and(|next| is_ending(next)) {
            end += 1;
        }
        names.push(pieces.get(at..end).unwrap_or_default().join(", "));
        at = end;
    }
    names
}

/// How many pieces further the bracket closes that is open in this one: at
/// most three, else the bracket is a slip of writing.
fn until_bracket_closes(pieces: &[&str], at: usize) -> usize {
    let opens = |piece: &str| piece.matches('(').count();
    let closes = |piece: &str| piece.matches(')').count();
    if pieces.get(at).is_none_or(|piece| opens(piece) <= closes(piece)) {
        return 0;
    }
    let next = pieces.iter().skip(at + 1).take(3);
    next.take_while(|piece| {
        piece.find('(').is_none_or(|open| piece.find(')').is_some_and(|close| close < open))
    })
    .position(|piece| closes(piece) > opens(piece))
    .map_or(0, |further| further + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_taken_apart_but_not_their_endings() {
        let split = |name, text, kind| split_aliases(name, text, kind).join(" | ");
        assert_eq!(
            split("Golden Co., Ltd", "Haoli Co., Ltd., Sun Complex, KBAL, a. s.", PartyKind::Organization),
            "Haoli Co., Ltd. | Sun Complex | KBAL, a. s."
        );
        assert_eq!(
            split("TRADING, LTD", "TRADING, LTD, Hanifa (Branch, Albu Kamal), X", PartyKind::Organization),
            "TRADING, LTD | Hanifa (Branch, Albu Kamal) | X"
        );
        assert_eq!(
            split("Al-Haq, Amin", "Al-Haq, Amin, Amin, Muhammad, Dr Amin", PartyKind::Person),
            "Al-Haq, Amin | Amin, Muhammad | Dr Amin"
        );
        assert_eq!(split("A", "B (C, D, E", PartyKind::Unknown), "B (C | D | E");
        assert_eq!(split("A", "", PartyKind::Unknown), "");
    }
}
