//! Days and periods of the Advanced XML, which has every day as year, month and
//! day and a vague one as a period around it.

use jiff::civil::Date;
use roxmltree::Node;

use crate::watchlist::format::xml::Element as _;

/// The day of an element with `Year`, `Month` and `Day`.
pub(super) fn day(element: Node<'_, '_>) -> Option<Date> {
    let year = element.words_of("Year").parse().ok()?;
    let month = element.words_of("Month").parse().unwrap_or(1);
    let day = element.words_of("Day").parse().unwrap_or(1);
    Date::new(year, month, day).ok()
}

/// A period as text: `1948-12-10`, `1962-05`, `1962`, `1960 to 1965`, each with
/// `circa` before it where it is an estimate.
pub(super) fn period(element: Node<'_, '_>) -> Option<String> {
    let ends: Vec<_> = ["Start", "End"].into_iter().filter_map(|name| element.child(name)).collect();
    let days: Vec<_> = ends
        .iter()
        .flat_map(|end| ["From", "To"].into_iter().filter_map(|name| end.child(name)))
        .filter_map(day)
        .collect();
    let (first, last) = (days.iter().min()?, days.iter().max()?);
    let circa = ends.iter().any(|end| end.attr("Approximate") == "true");
    let text = span(*first, *last);
    Some(if circa { format!("circa {text}") } else { text })
}

fn span(first: Date, last: Date) -> String {
    let whole_years = (first.month(), first.day()) == (1, 1) && (last.month(), last.day()) == (12, 31);
    let month_end = last.day() == last.days_in_month();
    if first == last {
        first.to_string()
    } else if whole_years && first.year() == last.year() {
        first.year().to_string()
    } else if whole_years {
        format!("{} to {}", first.year(), last.year())
    } else if first.first_of_month() == last.first_of_month() && first.day() == 1 && month_end {
        format!("{}-{:02}", first.year(), first.month())
    } else {
        format!("{first} to {last}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vague_days_are_periods_and_read_as_people_write_them() {
        let day = Date::constant;
        assert_eq!(span(day(1948, 12, 10), day(1948, 12, 10)), "1948-12-10");
        assert_eq!(span(day(1962, 1, 1), day(1962, 12, 31)), "1962");
        assert_eq!(span(day(1960, 1, 1), day(1965, 12, 31)), "1960 to 1965");
        assert_eq!(span(day(1962, 2, 1), day(1962, 2, 28)), "1962-02");
        assert_eq!(span(day(1962, 2, 3), day(1962, 2, 28)), "1962-02-03 to 1962-02-28");
    }
}
