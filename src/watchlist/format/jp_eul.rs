//! Japan's Foreign End User List as the ministry publishes it as a table, in a
//! workbook or saved as CSV: number, country, organisation, other names, kinds
//! of weapon. Knows the header in English, in Japanese, or both; not the PDF.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile};
use crate::trade::{Address, PartyKind};
use crate::watchlist::{NameQuality, Watchlist};

use super::format::{Format, Head, Input, Read, Reader};
use super::gather::{Gather, add_address, add_name, add_remark};
use super::oddities::Oddities;
use super::scripts::by_script;
use super::{heads, sheet, table};

pub(super) const READER: Reader = Reader {
    format: Format { key: "jp-eul", label: "Japanese Foreign End User List, CSV or XLSX" },
    looks_like,
    read: Read::Each(read),
};

/// Words of header cells, and the columns.
const COLUMNS: [(&str, &str); 12] = [
    ("company or organi", NAME),
    ("企業名", NAME),
    ("country", COUNTRY),
    ("国名", COUNTRY),
    ("also known", ALIASES),
    ("別名", ALIASES),
    ("conventional", CONVENTIONAL),
    ("通常兵器", CONVENTIONAL),
    ("wmd", WEAPONS),
    ("懸念区分", WEAPONS),
    ("no.", NUMBER),
    ("番号", NUMBER),
];
const NUMBER: &str = "no.";
const COUNTRY: &str = "country or region";
const NAME: &str = "company or organization";
const ALIASES: &str = "also known as";
const WEAPONS: &str = "type of wmd";
const CONVENTIONAL: &str = "conventional weapons";

fn looks_like(head: &Head<'_>) -> bool {
    is_list(&head.text) || sheet::begins(head.whole, is_list)
}

fn is_list(text: &str) -> bool {
    header(text).is_some()
}

/// The name of the column behind a header cell; of an unknown one its text.
fn column(cell: &str) -> String {
    let cell = cell.to_lowercase();
    let known = COLUMNS.iter().find(|(words, _)| cell.contains(words) || cell == words.trim_end_matches('.'));
    known.map_or(cell.clone(), |(_, name)| (*name).to_owned())
}

/// Lines before the header, which stands among the first lines.
fn header(text: &str) -> Option<usize> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records().take(12).filter_map(Result::ok);
    let header = records.find(|record| {
        let names: Vec<_> = record.iter().map(column).collect();
        [NAME, COUNTRY, ALIASES].iter().all(|name| names.iter().any(|column| column == name))
    })?;
    let line = header.position().map_or(1, csv::Position::line);
    usize::try_from(line).ok()?.checked_sub(1)
}

fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let file = if input.bytes.starts_with(b"PK") {
        let Some(file) = sheet::as_csv(input, out) else { return Vec::new() };
        file
    } else {
        input.file.clone()
    };
    let mut info = heads::head_of("jp-eul", input);
    let mut odd = Oddities::new(input.countries);
    let mut gather = Gather::default();
    rows(&file, &mut gather, &mut odd, out);
    info.edition.date = date_of_name(&file.name);
    let date = if info.edition.date.is_some() { "is that of the file's name" } else { "is not said" };
    info.notes.push(format!("The date of the list {date}."));
    odd.report(&file.name, &mut info, out);
    vec![Watchlist::new(info, gather.finish())]
}

/// The day in the name of a file: the ministry names a workbook
/// `20250929_4.xlsx`, and says the day nowhere in it.
fn date_of_name(name: &str) -> Option<Date> {
    let name = name.rsplit(['/', '\\']).next()?;
    let digits = name.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 8)?;
    let (year, rest) = digits.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    Date::new(year.parse().ok().filter(|year| *year >= 2000)?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn rows(file: &SourceFile, gather: &mut Gather, odd: &mut Oddities<'_>, out: &mut Diagnostics) {
    let Some(skip) = header(&file.text) else {
        out.push(Diagnostic::error(format!("`{}` has no header", file.name)));
        return;
    };
    let shape = table::Shape { separator: b',', skip, required: &[NUMBER, COUNTRY, NAME, ALIASES, WEAPONS] };
    let mut last = 0;
    table::read_named(file, shape, column, out, |row, mistakes, out| {
        let number = row.cell(NUMBER);
        // A note under the table stands in one cell.
        if row.cell(NAME).is_empty() && row.cell(COUNTRY).is_empty() && row.cell(WEAPONS).is_empty() {
            odd.note("rows that are notes", number);
            return;
        }
        if number.is_empty() || row.cell(NAME).is_empty() || gather.has(number) {
            let message = format!("row `{number}` has no number or name of its own");
            mistakes.push(row.error(message), out);
            return;
        }
        let value = number.parse().unwrap_or(0);
        if value != last + 1 {
            odd.note("numbers that do not follow the one before", number);
        }
        last = value;
        take(row, gather, odd);
    });
}

fn take(row: &table::Row<'_>, gather: &mut Gather, odd: &mut Oddities<'_>) {
    let mut programs: Vec<_> = weapons(row.cell(WEAPONS)).collect();
    let conventional = row.cell(CONVENTIONAL);
    if !conventional.is_empty() && !programs.contains(&"CW") {
        programs.push("CW");
    }
    if programs.is_empty() {
        odd.note("kinds of weapon not known here", row.cell(WEAPONS));
    }
    let programs: Vec<_> = programs.into_iter().map(|program| gather.text(program)).collect();
    let party = gather.party(row.cell(NUMBER));
    party.kind = PartyKind::Organization;
    party.programs = programs;
    let place = row.cell(COUNTRY);
    // Japanese above, English below.
    let country = place.rsplit(['\n', sheet::BREAK]).find_map(|line| odd.find_country(line.trim()));
    let country = country.or_else(|| odd.country(&tidy(place)));
    add_address(party, Address { country, ..Address::default() });
    if country.is_none() {
        add_remark(party, "Country", &tidy(place));
    }
    let mut quality = NameQuality::Primary;
    for name in by_script(row.cell(NAME)) {
        add_name(party, &name, quality, false);
        quality = NameQuality::Strong;
    }
    for name in aliases(row.cell(ALIASES)).iter().flat_map(|name| by_script(name)) {
        add_name(party, &name, NameQuality::Strong, false);
    }
    add_remark(party, "Type of WMD", &tidy(row.cell(WEAPONS)));
    add_remark(party, "Conventional weapons", &tidy(conventional));
}

/// Other names, each after a dot in the middle, or each on a line.
fn aliases(text: &str) -> Vec<String> {
    let text = text.trim();
    let parts: Vec<&str> = if text.starts_with(['・', '･']) {
        text.split(['・', '･']).collect()
    } else {
        text.split([';', '\n', sheet::BREAK]).collect()
    };
    parts.into_iter().map(tidy).filter(|name| !name.is_empty() && name != "-").collect()
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Kinds of weapon by the list's letters: biological, chemical, missile,
/// nuclear; conventional. Letters may be of full width.
pub(super) fn weapons(text: &str) -> impl Iterator<Item = &'static str> {
    let letters: String = text.nfkc().collect();
    ["B", "C", "M", "N", "CW"]
        .into_iter()
        .filter(move |program| letters.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word == *program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bilingual_headers_and_aliases_of_both_kinds_are_read() {
        let text = "外国ユーザーリスト,,\n\"No.\",\"国名、地域名\nCountry or Region\",\"企業名、組織名\nCompany or Organization\",\"別名\nAlso Known As\",\"懸念区分\nType of WMD\"\n";
        assert_eq!(header(text), Some(1));
        assert_eq!(header("a,b\n1,2\n"), None);
        assert_eq!(aliases("・North\nWorks ・NW"), ["North Works", "NW"]);
        assert_eq!(aliases("North Works\nNW"), ["North Works", "NW"]);
        assert_eq!(weapons("ミサイル、核 M,N").collect::<Vec<_>>(), ["M", "N"]);
        assert_eq!(weapons("生物、核\nＢ、Ｎ").collect::<Vec<_>>(), ["B", "N"]);
        assert_eq!(weapons("ＣＷ").collect::<Vec<_>>(), ["CW"]);
    }

    #[test]
    fn the_date_is_in_the_name_of_the_file_or_unknown() {
        let day = Some(Date::constant(2025, 9, 29));
        assert_eq!(date_of_name("lists/20250929_4.xlsx"), day);
        assert_eq!(date_of_name("C:\\20240101\\eul-20250929.csv"), day);
        for name in ["20251399_4.xlsx", "20240101/eul.csv", "eul_2025.csv", "12345678.csv", ""] {
            assert_eq!(date_of_name(name), None, "{name}");
        }
    }
}
