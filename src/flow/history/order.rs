//! The one order in which shipments stand, whatever files they come from: day,
//! reference, hash of the content.

use std::ops::RangeInclusive;

use jiff::civil::Date;

/// A day as a number: days since 1970-01-01.
pub type Day = i32;

/// The number of a day.
#[must_use]
pub fn day_number(date: Date) -> Day {
    // Howard Hinnant's count from the civil calendar, with years that begin in
    // March.
    let (year, month, day) = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a day; the nearest that the calendar holds.
#[must_use]
pub fn date_of(day: Day) -> Date {
    use jiff::ToSpan;
    jiff::civil::date(1970, 1, 1).saturating_add(i64::from(day).days())
}

/// The days that a date can have. A number read from a file that is none of
/// them is damage; with them no difference of days is too large.
pub const DAYS: RangeInclusive<Day> = -4_371_587..=2_932_896;

/// Most bytes of a reference that order shipments; the hash decides beyond.
const REFERENCE_BYTES: usize = 40;

/// The place of a shipment in the order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Order {
    pub day: Day,
    pub reference: Box<str>,
    /// Of everything that the shipment says, without file and lines.
    pub id: u64,
}

impl Order {
    #[must_use]
    pub fn new(day: Day, reference: &str, id: u64) -> Self {
        let mut end = reference.len().min(REFERENCE_BYTES);
        while !reference.is_char_boundary(end) {
            end -= 1;
        }
        let reference: String =
            reference.get(..end).unwrap_or_default().chars().filter(|c| *c != '\0').collect();
        Self { day, reference: reference.into(), id }
    }

    /// Before everything of a day.
    #[must_use]
    pub fn start_of(day: Day) -> Self {
        Self { day, reference: "".into(), id: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_numbered_as_the_calendar_has_them() {
        for (text, number) in
            [("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2024-12-31", 20_088)]
        {
            let date: Date = text.parse().unwrap();
            assert_eq!(day_number(date), number, "{text}");
            assert_eq!(date_of(number), date);
        }
    }

    #[test]
    fn the_days_are_those_of_the_calendar() {
        assert_eq!(DAYS, day_number(Date::MIN)..=day_number(Date::MAX));
    }

    #[test]
    fn a_long_reference_is_cut_at_a_letter() {
        let order = Order::new(0, &"ж".repeat(30), 1);
        assert_eq!(&*order.reference, "ж".repeat(20));
    }
}
