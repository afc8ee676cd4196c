//! Days as lists write them.

use jiff::civil::Date;

/// `2024-05-01`, with or without a time behind it.
pub(super) fn iso(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

/// Day, month and year between slashes, hyphens, dots or spaces; the month as a
/// number or an English word of three letters or more.
pub(super) fn day_month_year(text: &str) -> Option<Date> {
    let (day, month, year) = three(text)?;
    date(year, month, day)
}

/// Month, day and year between slashes, hyphens, dots or spaces.
pub(super) fn month_day_year(text: &str) -> Option<Date> {
    let (month, day, year) = three(text)?;
    date(year, month, day)
}

/// Month, day and a year of this century in two digits between slashes, as
/// American spreadsheets write days: `6/18/25`.
pub(super) fn short_us(text: &str) -> Option<Date> {
    let (month, day, year) = three(text).filter(|(_, _, year)| year.len() == 2 && text.contains('/'))?;
    date(&format!("20{year}"), month, day)
}

fn three(text: &str) -> Option<(&str, &str, &str)> {
    let mut parts = text.trim().split(['/', '-', '.', ' ', ',']).filter(|part| !part.is_empty());
    let three = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then_some(three)
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let month = month.parse::<i8>().ok().or_else(|| {
        let head = month.get(..3)?.to_ascii_lowercase();
        i8::try_from(MONTHS.iter().position(|name| *name == head)? + 1).ok()
    })?;
    let year = (year.len() == 4).then(|| year.parse().ok()).flatten()?;
    Date::new(year, month, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_in_each_order_and_nonsense_is_none() {
        let day = Date::constant(2024, 5, 1);
        assert_eq!(iso("2024-05-01T00:00:00Z"), Some(day));
        assert_eq!(day_month_year("01/05/2024"), Some(day));
        assert_eq!(day_month_year("1 May 2024"), Some(day));
        assert_eq!(day_month_year("01-may-2024"), Some(day));
        assert_eq!(month_day_year("05/01/2024"), Some(day));
        assert_eq!(short_us("5/1/24"), Some(day));
        assert_eq!((short_us("5/1/2024"), short_us("13/1/24"), short_us("5-1-24")), (None, None, None));
        for text in ["", "00/00/1972", "2024", "1/2/3/2024", "31/02/2024", "1/5/24", "é é é"] {
            assert_eq!((iso(text), day_month_year(text)), (None, None), "{text}");
        }
    }
}
