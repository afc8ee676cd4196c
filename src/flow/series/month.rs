//! A calendar month, and the ways in which files write one.

use std::fmt;

/// A month of a year; ordered, and counted from January of the year 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Month(i32);

impl Month {
    /// `month` from 1 to 12, the year from 1900 to 2199.
    #[must_use]
    pub fn new(year: i32, month: i32) -> Option<Self> {
        ((1900..2200).contains(&year) && (1..=12).contains(&month)).then_some(Self(year * 12 + month - 1))
    }

    #[must_use]
    pub fn of(day: jiff::civil::Date) -> Option<Self> {
        Self::new(i32::from(day.year()), i32::from(day.month()))
    }

    /// The month that many months later; earlier if negative.
    #[must_use]
    pub const fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// Months from `earlier` to this one.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// Reads `2022-03`, `202203`, `2022-03-15`, `2022M03`, `03/2022`, `Mar 2022`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > 24 || !text.is_ascii() {
            return None;
        }
        let parts: Vec<String> = split(text);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let number = |part: &str| part.parse::<i32>().ok();
        match parts.as_slice() {
            [whole] if whole.len() == 6 || whole.len() == 8 => {
                Self::new(number(whole.get(..4)?)?, number(whole.get(4..6)?)?)
            }
            [year, month] | [year, month, _] if year.len() == 4 && is_number(year) => {
                Self::new(number(year)?, month_number(month)?)
            }
            [month, year] if year.len() == 4 => Self::new(number(year)?, month_number(month)?),
            _ => None,
        }
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Runs of digits and of letters; a lone `m` before a number (`2022M03`) goes.
fn split(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in text.chars() {
        let same = (c.is_ascii_digit() && last.is_ascii_digit())
            || (c.is_ascii_alphabetic() && last.is_ascii_alphabetic());
        if c.is_ascii_alphanumeric() {
            match parts.last_mut() {
                Some(part) if same => part.push(c.to_ascii_lowercase()),
                _ => parts.push(c.to_ascii_lowercase().to_string()),
            }
        }
        last = c;
    }
    parts.retain(|part| part != "m");
    // The time of a day says nothing of its month.
    if let Some(at) = parts.iter().position(|part| part == "t").filter(|at| *at == 3) {
        parts.truncate(at);
    }
    parts
}

fn month_number(text: &str) -> Option<i32> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    if is_number(text) {
        return if text.len() <= 2 { text.parse().ok() } else { None };
    }
    let head = text.get(..3)?;
    NAMES.iter().position(|name| *name == head).and_then(|at| i32::try_from(at + 1).ok())
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1))
    }
}

impl std::str::FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text).ok_or_else(|| format!("`{text}` is not a month such as 2022-03"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_usual_spelling_is_read() {
        for text in [
            "2022-03",
            "2022/3",
            "202203",
            "20220315",
            "2022-03-15",
            "2022-03-15T00:00:00",
            "2022M03",
            "2022-M3",
            "03/2022",
            "3.2022",
            "Mar 2022",
            "march-2022",
            "2022 Mar",
        ] {
            assert_eq!(
                Month::parse(text).map(|month| month.to_string()),
                Some("2022-03".to_owned()),
                "{text}"
            );
        }
        for text in ["", "2022", "2022-13", "2022-00", "1203-04", "Mär 2022", "2022Q1", "03/04/05", "x"] {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_month_reads_back_and_nothing_panics(year in 1900..2200, month in 1..=12, text in ".{0,30}") {
            let month = Month::new(year, month).unwrap();
            prop_assert_eq!(Month::parse(&month.to_string()), Some(month));
            let _ = Month::parse(&text);
        }
    }
}
