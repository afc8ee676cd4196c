//! Ownership files in CSV → statements.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile, nearest};
use crate::trade::Identifier;

use super::read::country;
use super::share::Share;
use super::statement::{Named, Statement, Tie, Whence};
use super::words::{Attribute, DayError, Field, Side, Words, day, kind};

/// Separators, the most likely first.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

pub(super) fn read(file: &SourceFile, out: &mut Diagnostics) -> Vec<Statement> {
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    let start = file.text.len() - text.len();
    let head = text.lines().next().unwrap_or_default();
    let separator = SEPARATORS.into_iter().max_by_key(|c| (head.matches(*c).count(), usize::from(*c == ',')));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(separator.unwrap_or(',')).unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut records = reader.records().filter_map(Result::ok);
    let Some(header) = records.next() else {
        out.push(
            Diagnostic::error(format!("`{}` is empty", file.name))
                .help("a header with the columns owner, owned, share; then one row a holding"),
        );
        return Vec::new();
    };
    let Some(columns) = Columns::of(file, start, &header, out) else { return Vec::new() };
    let mut statements = Vec::new();
    for record in records {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let row = Row::new(file, start, &record);
        if record.iter().any(|cell| cell.trim().contains('\n')) {
            out.push(
                row.error("a cell runs on over the next lines")
                    .help("a quote is not closed, or a cell holds a line's end; take it out"),
            );
            continue;
        }
        if record.len() != header.len() {
            out.push(
                row.error(format!("{} cells where the header has {}", record.len(), header.len()))
                    .help("a cell that holds the separator must stand in quotes"),
            );
            continue;
        }
        statements.extend(row.statement(&columns, out));
    }
    if statements.is_empty() && !out.has_errors() {
        let none = Diagnostic::error(format!("`{}` states no holding", file.name));
        out.push(none.help("the file has a header and no rows"));
    }
    statements
}

/// What each column holds.
struct Columns(Vec<Option<Field>>);

impl Columns {
    fn of(
        file: &SourceFile,
        start: usize,
        header: &csv::StringRecord,
        out: &mut Diagnostics,
    ) -> Option<Self> {
        let row = Row::new(file, start, header);
        let words = Words::shipped();
        let mut fields: Vec<Option<Field>> = Vec::new();
        let mut broken = false;
        for (at, cell) in header.iter().enumerate() {
            let field = words.header(cell);
            if let Some(field) = field.filter(|field| *field != Field::Note)
                && let Some(twin) = fields.iter().position(|other| *other == Some(field))
            {
                let other = header.get(twin).unwrap_or_default();
                out.push(
                    row.cell_error(at, format!("the columns `{other}` and `{cell}` mean the same"))
                        .help("take one of them out of the file, or give it another header"),
                );
                broken = true;
            }
            if field.is_none() && !cell.trim().is_empty() {
                let mut unknown = row.cell_error(at, format!("the column `{cell}` is not used"));
                unknown.severity = crate::diagnostic::Severity::Warning;
                let known = ["owner", "owned", "share", "control", "as of", "from", "until", "source"];
                let near = nearest(&cell.trim().to_lowercase(), known);
                out.push(unknown.help(near.map_or_else(
                    || format!("columns that are: {}, owner country, owned LEI …", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                )));
            }
            fields.push(field);
        }
        for (side, word, words) in
            [(Side::Owner, "owner", "who the owner is"), (Side::Owned, "owned", "who is owned")]
        {
            if !fields.contains(&Some(Field::Of(side, Attribute::Name))) {
                out.push(
                    row.error(format!("no column says {words}"))
                        .help(format!("a header such as `{word}` is needed")),
                );
                broken = true;
            }
        }
        if !fields.contains(&Some(Field::Share)) && !fields.contains(&Some(Field::Control)) {
            out.push(row.error("no column holds the shares").help(
                "a header such as `share` is needed; leave the cells empty where the share is not known",
            ));
            broken = true;
        }
        (!broken).then_some(Self(fields))
    }
}

/// A row and its place in the file.
struct Row<'r> {
    file: &'r SourceFile,
    record: &'r csv::StringRecord,
    /// Bytes of the row's first line.
    span: Range<usize>,
    line: u64,
}

impl<'r> Row<'r> {
    fn new(file: &'r SourceFile, start: usize, record: &'r csv::StringRecord) -> Self {
        let at = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or_default() + start;
        let rest = file.text.get(at..).unwrap_or_default();
        // The reader counts the ends of blank lines before a row to the row.
        let at = at + rest.len() - rest.trim_start_matches(['\n', '\r']).len();
        let rest = file.text.get(at..).unwrap_or_default();
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let line = file.text.get(..at).map_or(0, |before| before.matches('\n').count()) as u64 + 1;
        Self { file, record, span: at..at + length, line }
    }

    fn error(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(message).at(self.file, self.span.clone())
    }

    /// An error at a cell.
    fn cell_error(&self, number: usize, message: impl Into<String>) -> Diagnostic {
        let line = self.file.text.get(self.span.clone()).unwrap_or_default();
        let mut at = 0;
        for (i, cell) in self.record.iter().enumerate() {
            let Some(found) = line.get(at..).and_then(|rest| rest.find(cell)) else { break };
            if i == number {
                let from = self.span.start + at + found;
                return Diagnostic::error(message).at(self.file, from..from + cell.len().max(1));
            }
            at += found + cell.len();
        }
        self.error(message)
    }

    fn statement(&self, columns: &Columns, out: &mut Diagnostics) -> Option<Statement> {
        let words = Words::shipped();
        let before = out.iter().count();
        let mut owner = Named::default();
        let mut owned = Named::default();
        let mut share = Share::UNKNOWN;
        let (mut control, mut source) = (None, String::new());
        let (mut as_of, mut from, mut until) = (None, None, None);
        for (at, (field, cell)) in columns.0.iter().zip(self.record).enumerate() {
            let cell = cell.trim();
            match field {
                None | Some(Field::Note) => {}
                Some(Field::Share) => match words.share(cell) {
                    Ok(read) => share = read,
                    Err(error) => out.push(self.cell_error(at, error.message).help(error.help)),
                },
                Some(Field::Control) if words.is_blank(cell) && words.yes_or_no(cell).is_none() => {}
                Some(Field::Control) => {
                    control = words.yes_or_no(cell);
                    if control.is_none() {
                        let error = self.cell_error(at, format!("`{cell}` is neither yes nor no"));
                        out.push(error.help("yes, no, or an empty cell where it is not known"));
                    }
                }
                Some(Field::AsOf) => as_of = self.day(at, cell, out),
                Some(Field::From) => from = self.day(at, cell, out),
                Some(Field::Until) => until = self.day(at, cell, out),
                Some(Field::Source) => cell.clone_into(&mut source),
                Some(Field::Of(side, attribute)) => {
                    let party = if *side == Side::Owner { &mut owner } else { &mut owned };
                    self.attribute(at, cell, *attribute, party, out);
                }
            }
        }
        for (name, side, words) in
            [(&owner.name, Side::Owner, "owner"), (&owned.name, Side::Owned, "owned party")]
        {
            if Words::shipped().is_blank(name) {
                let column = columns.0.iter().position(|f| *f == Some(Field::Of(side, Attribute::Name)));
                let error = self.cell_error(column.unwrap_or_default(), format!("the {words} has no name"));
                out.push(error.help("fill the cell in, or take the row out"));
            }
        }
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            out.push(
                self.error("the holding ends before it begins").help("`until` is the first day without it"),
            );
        }
        for party in [&mut owner, &mut owned] {
            let country = party.country;
            party.identifiers.iter_mut().for_each(|identifier| identifier.country = country);
        }
        if out.iter().count() > before {
            return None;
        }
        let whence = Whence { file: Arc::clone(&self.file.name), line: self.line };
        Some(Statement { owner, owned, tie: Tie::Holds(share), control, as_of, from, until, source, whence })
    }

    fn attribute(
        &self,
        at: usize,
        cell: &str,
        attribute: Attribute,
        party: &mut Named,
        out: &mut Diagnostics,
    ) {
        if attribute == Attribute::Name {
            cell.clone_into(&mut party.name);
            return;
        }
        if Words::shipped().is_blank(cell) {
            return;
        }
        match attribute {
            Attribute::Name => {}
            Attribute::Country => match country(cell) {
                Ok(code) => party.country = Some(code),
                Err(why) => {
                    out.push(self.cell_error(at, why).help("a code of two letters, or leave it empty"));
                }
            },
            Attribute::Kind => match kind(cell) {
                Some(kind) => party.kind = kind,
                None => out.push(
                    self.cell_error(at, format!("`{cell}` is no kind of party"))
                        .help("person, organization, vessel, or leave it empty"),
                ),
            },
            // Its country is that of the party, known when all is read.
            Attribute::Number(kind) => {
                party.identifiers.push(Identifier { kind, value: cell.to_owned(), country: None });
            }
        }
    }

    fn day(&self, at: usize, cell: &str, out: &mut Diagnostics) -> Option<Date> {
        if Words::shipped().is_blank(cell) {
            return None;
        }
        let message = match day(cell) {
            Ok(day) => return Some(day),
            Err(DayError::Ambiguous) => format!("`{cell}` may be two different days"),
            Err(DayError::Unreadable) => format!("`{cell}` is no day"),
        };
        out.push(self.cell_error(at, message).help("write it as 2025-03-31, or leave the cell empty"));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> (Vec<Statement>, Vec<String>) {
        let file = SourceFile::new("own.csv", text);
        let mut out = Diagnostics::default();
        let statements = read(&file, &mut out);
        let words = |d: &Diagnostic| {
            let (line, column) = d.line_column().unwrap_or_default();
            format!("{line}:{column} {} [{}]", d.message, d.help)
        };
        (statements, out.iter().map(words).collect())
    }

    #[test]
    fn a_file_as_a_register_gives_it_is_read_whole() {
        let (statements, mistakes) = run(
            "\u{feff}Shareholder;Shareholder country;Company;Company LEI;Ownership %;Control;As of;Valid until;Source\r\n\
             IVANOV Ivan;Russia;Beta Holding;5493001KJTIIGC8Y1R12;51 %;;01.03.2025;;EGRUL\r\n\
             Beta Holding;CY;\"Alfa; LLC\";;>50;yes;2025-03-02;2026-01-01;\r\n\
             Gamma;;Alfa;;n/a;no;;;\r\n",
        );
        assert_eq!(mistakes, [""; 0]);
        assert_eq!(statements.len(), 3);
        let first = &statements[0];
        assert_eq!(first.owner.country.map(|c| c.to_string()).as_deref(), Some("RU"));
        assert_eq!(first.owned.identifiers.len(), 1);
        assert_eq!(first.source_words(), "own.csv:2, EGRUL, 2025-03-01");
        assert_eq!(statements[1].owned.name, "Alfa; LLC");
        assert_eq!(statements[1].control, Some(true));
        assert_eq!(statements[2].tie, Tie::Holds(Share::UNKNOWN));
        assert_eq!(statements[2].control, Some(false));
    }

    #[test]
    fn every_mistake_is_told_with_its_line_and_column() {
        let (statements, mistakes) = run("owner,owned,share,control,until,owner country\n\
             A,B,0.5,,,\n\
             ,B,50,,,\n\
             A,B,50,maybe,,\n\
             A,B,50,,01/02/2025,\n\
             A,B,50,,,Atlantis\n\
             A,B,50\n\
             A,B,120,,soon,\n\
             A,\"B,50,,,\nA,C,50,,,\n");
        assert!(statements.is_empty());
        assert_eq!(
            mistakes,
            [
                "2:5 `0.5` may mean 0.5 % or 50 % [write the sign: `0.5 %` or `50 %`]",
                "3:1 the owner has no name [fill the cell in, or take the row out]",
                "4:8 `maybe` is neither yes nor no [yes, no, or an empty cell where it is not known]",
                "5:9 `01/02/2025` may be two different days [write it as 2025-03-31, or leave the cell empty]",
                "6:10 `Atlantis` is no country that is known [a code of two letters, or leave it empty]",
                "7:1 3 cells where the header has 6 [a cell that holds the separator must stand in quotes]",
                "8:5 120 per cent is more than the whole [a share lies between 0 and 100 per cent]",
                "8:10 `soon` is no day [write it as 2025-03-31, or leave the cell empty]",
                "9:1 a cell runs on over the next lines [a quote is not closed, or a cell holds a line's end; take it out]",
            ]
        );
    }

    #[test]
    fn a_header_without_the_needed_columns_is_refused_at_once() {
        let (_, mistakes) = run("from whom,shar\nA,B\n");
        assert_eq!(
            mistakes,
            [
                "1:1 the column `from whom` is not used [columns that are: owner, owned, share, control, as of, from, until, source, owner country, owned LEI …]",
                "1:11 the column `shar` is not used [did you mean `share`?]",
                "1:1 no column says who the owner is [a header such as `owner` is needed]",
                "1:1 no column says who is owned [a header such as `owned` is needed]",
                "1:1 no column holds the shares [a header such as `share` is needed; leave the cells empty where the share is not known]",
            ]
        );
        assert_eq!(run("owner,owned\nA,B\n").1.len(), 1);
        assert_eq!(run("").1.len(), 1);
        assert_eq!(run("owner,owned,share\n").1.len(), 1);
        assert_eq!(run("owner,owned,share,stake\nA,B,5 %,6 %\n").1.len(), 1);
    }
}
