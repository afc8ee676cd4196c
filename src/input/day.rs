//! Days as people and programs write them.

use jiff::civil::Date;

use super::DateOrder;

/// A day read from a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Day {
    pub date: Date,
    /// Day and month could be the other way round; day first was taken.
    pub ambiguous: bool,
}

const MONTHS: [(&str, i8); 32] = [
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("mai", 5),
    ("okt", 10),
    ("dez", 12),
    ("mär", 3),
    ("ene", 1),
    ("abr", 4),
    ("ago", 8),
    ("dic", 12),
    ("fév", 2),
    ("avr", 4),
    ("juin", 6),
    ("juil", 7),
    ("aoû", 8),
    ("déc", 12),
    ("янв", 1),
    ("фев", 2),
    ("апр", 4),
    ("дек", 12),
    ("oca", 1),
    ("ara", 12),
];

/// Days from Excel's zero (1899-12-30) to a plausible range, 1955 to 2100.
const EXCEL_DAYS: std::ops::Range<i32> = 20_000..73_000;

/// Reads a day; a time of day behind it is dropped. `order` is what the
/// configuration or the column's other cells show.
pub(super) fn read_day(cell: &str, order: Option<DateOrder>) -> Option<Day> {
    let cell = cell.trim();
    let sure = |date: Option<Date>| date.map(|date| Day { date, ambiguous: false });
    if cell.bytes().all(|b| b.is_ascii_digit()) {
        return sure(match cell.len() {
            8 => ymd(cell.get(..4)?, cell.get(4..6)?, cell.get(6..)?),
            5 => {
                let days: i32 = cell.parse().ok().filter(|days| EXCEL_DAYS.contains(days))?;
                jiff::civil::date(1899, 12, 30).checked_add(jiff::Span::new().days(days)).ok()
            }
            _ => None,
        });
    }
    // "2026-03-04T10:11:12Z", "2026-03-04 10:11"
    let day = cell.split(['T', 't']).next().filter(|day| day.len() == 10).unwrap_or(cell);
    let parts: Vec<&str> = day
        .split(['-', '/', '.', ',', ' '])
        .filter(|part| !part.is_empty())
        .take_while(|part| !part.contains(':'))
        .collect();
    let &[a, b, c] = parts.as_slice() else { return None };
    if let Some(month) = month(b) {
        return sure(with_year(c, |year| dmy(a, month, year)));
    }
    if let Some(month) = month(a) {
        return sure(with_year(c, |year| dmy(b, month, year)));
    }
    if a.len() == 4 {
        return sure(ymd(a, b, c));
    }
    let (first, second): (i8, i8) = (a.parse().ok()?, b.parse().ok()?);
    let day_first = with_year(c, |year| Date::new(year, second, first).ok());
    let month_first = with_year(c, |year| Date::new(year, first, second).ok());
    // Dots separate days written day first, everywhere.
    let dotted = day.contains('.');
    match (day_first, month_first) {
        (Some(one), Some(_)) if dotted || first == second => sure(Some(one)),
        (Some(one), Some(other)) => match order {
            Some(DateOrder::DayFirst) => sure(Some(one)),
            Some(DateOrder::MonthFirst) => sure(Some(other)),
            None => Some(Day { date: one, ambiguous: true }),
        },
        (Some(one), None) => sure(Some(one)),
        (None, Some(other)) => sure(Some(other)),
        (None, None) => None,
    }
}

fn month(text: &str) -> Option<i8> {
    let lower = text.to_lowercase();
    lower.chars().next().filter(|c| c.is_alphabetic())?;
    MONTHS.iter().find(|(name, _)| lower.starts_with(name)).map(|(_, month)| *month)
}

/// Two figures of a year mean 1970 to 2069.
fn with_year(text: &str, make: impl Fn(i16) -> Option<Date>) -> Option<Date> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        2 => make(if year < 70 { 2000 + year } else { 1900 + year }),
        4 => make(year),
        _ => None,
    }
}

fn ymd(year: &str, month: &str, day: &str) -> Option<Date> {
    let year: i16 = year.parse().ok().filter(|year| (1900..=2100).contains(year))?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

fn dmy(day: &str, month: i8, year: i16) -> Option<Date> {
    let digits = day.trim_end_matches(|c: char| c.is_alphabetic());
    Date::new(year, month, digits.parse().ok()?).ok()
}

/// The order that the cells of a column show, if any cell shows it.
pub(super) fn date_order<'c>(cells: impl Iterator<Item = &'c str>) -> Option<DateOrder> {
    let (mut day_first, mut month_first) = (false, false);
    for cell in cells {
        let mut figures = cell.trim().split(['/', '-']).map(str::parse::<u32>);
        if let (Some(Ok(a)), Some(Ok(b)), Some(_)) = (figures.next(), figures.next(), figures.next()) {
            day_first |= (13..=31).contains(&a) && b <= 12;
            month_first |= a <= 12 && (13..=31).contains(&b);
        }
    }
    match (day_first, month_first) {
        (true, false) => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_in_their_common_forms() {
        for (cell, wanted) in [
            ("2026-03-04", "2026-03-04"),
            ("2026-03-04T10:11:12Z", "2026-03-04"),
            ("2026-03-04 10:11", "2026-03-04"),
            ("2-Jun-06", "2006-06-02"),
            ("02.06.2006", "2006-06-02"),
            ("25/12/2024", "2024-12-25"),
            ("12/25/2024", "2024-12-25"),
            ("20240501", "2024-05-01"),
            ("May 1, 2024", "2024-05-01"),
            ("1 May 2024", "2024-05-01"),
            ("45413", "2024-05-01"),
            ("2026/3/4", "2026-03-04"),
        ] {
            let day = read_day(cell, None);
            assert_eq!(
                day.map(|d| (d.date.to_string(), d.ambiguous)),
                Some((wanted.to_owned(), false)),
                "{cell}"
            );
        }
        for cell in
            ["", "31.02.2026", "soon", "Pre-PQ Process", "Date Not Captured", "13/13/2024", "99999999"]
        {
            assert_eq!(read_day(cell, None), None, "{cell}");
        }
    }

    #[test]
    fn an_ambiguous_day_is_told_unless_the_order_is_known() {
        let day = |order| read_day("03/04/2026", order).map(|d| (d.date.to_string(), d.ambiguous));
        assert_eq!(day(None), Some(("2026-04-03".into(), true)));
        assert_eq!(day(Some(DateOrder::DayFirst)), Some(("2026-04-03".into(), false)));
        assert_eq!(day(Some(DateOrder::MonthFirst)), Some(("2026-03-04".into(), false)));
        assert_eq!(date_order(["03/04/2026", "25/04/2026"].into_iter()), Some(DateOrder::DayFirst));
        assert_eq!(date_order(["03/04/2026", "04/25/2026"].into_iter()), Some(DateOrder::MonthFirst));
    }

    proptest::proptest! {
        #[test]
        fn any_cell_reads_or_not_without_panic(cell in "\\PC{0,20}") {
            let _ = read_day(&cell, None);
        }
    }
}
