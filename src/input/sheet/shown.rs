//! A typed cell of a workbook → the text that people see in it, as far as the text
//! says more than the number: zeros in front, decimals, per cent, currency and unit.
//!
//! Never rounds what a number holds within the 15 digits that a workbook keeps.

use calamine::{DataRef, ExcelDateTime};

/// What a cell holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Text,
    /// A number: its decimal sign is a point, and nothing groups its thousands.
    Number,
    /// A formula that failed, or one whose value was never reckoned.
    Failed,
}

/// The last day that a workbook can show, 9999-12-31.
const LAST_DAY: f64 = 2_958_465.0;
/// Longest word that a number format may put beside a number.
const LONGEST_WORD: usize = 10;

/// The text of a cell and its kind; `format` is the code of its number format.
pub fn shown(value: &DataRef<'_>, format: &str) -> (String, Kind) {
    let text = match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.as_str(),
        DataRef::SharedString(text) => text,
        #[allow(clippy::cast_precision_loss, reason = "a workbook keeps numbers as floats")]
        DataRef::Int(number) => return (in_format(*number as f64, format), Kind::Number),
        DataRef::Float(number) => return (in_format(*number, format), Kind::Number),
        DataRef::Bool(value) => return (value.to_string(), Kind::Text),
        DataRef::DateTime(moment) => return day(moment),
        DataRef::Error(error) => return (error.to_string(), Kind::Failed),
        DataRef::Empty => "",
    };
    // Excel writes a carriage return in its own way.
    (text.replace("_x000D_", "").trim().to_owned(), Kind::Text)
}

/// A day as `2024-05-01`; a time, a length of time and what is no day as number.
fn day(moment: &ExcelDateTime) -> (String, Kind) {
    let value = moment.as_f64();
    if moment.is_duration() || !(1.0..LAST_DAY + 1.0).contains(&value) {
        return (plain(value), Kind::Number);
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    (format!("{year:04}-{month:02}-{day:02}"), Kind::Text)
}

/// The shortest text of the 15 digits that a workbook keeps.
fn plain(value: f64) -> String {
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    // Without a sign for nought.
    (rounded + 0.0).to_string()
}

fn in_format(value: f64, code: &str) -> String {
    let Some(format) = NumberFormat::parse(code).filter(|_| value.is_finite()) else { return plain(value) };
    let mut text = plain(if format.percent { value * 100.0 } else { value });
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits.to_owned()),
        None => ("", std::mem::take(&mut text)),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut out = format!("{}{sign}{whole:0>width$}", format.before, width = format.whole);
    if !decimals.is_empty() || format.decimals > 0 {
        out.push_str(&format!(".{decimals:0<width$}", width = format.decimals));
    }
    if format.percent {
        out.push('%');
    }
    out + &format.after
}

/// What of a number format is kept.
#[derive(Default, Debug)]
struct NumberFormat {
    before: String,
    after: String,
    /// Digits before and behind the point at least.
    whole: usize,
    decimals: usize,
    percent: bool,
}

impl NumberFormat {
    /// The first section of a code such as `[$€-407]\ #,##0.00;[Red]-0.00`; `None`
    /// for those that this reader does not follow (fractions, powers of ten).
    fn parse(code: &str) -> Option<Self> {
        let mut format = Self::default();
        let (mut digits_seen, mut point_seen) = (false, false);
        let mut chars = code.chars();
        while let Some(c) = chars.next() {
            let mut word = String::new();
            match c {
                ';' => break,
                '0' if point_seen => format.decimals += 1,
                '0' => {
                    format.whole += 1;
                    digits_seen = true;
                }
                '#' => digits_seen = true,
                // Space for a digit: not followed.
                '?' | '/' | 'E' | 'e' | '@' => return None,
                '.' => point_seen = true,
                '%' => format.percent = true,
                // A comma behind the last digit divides by a thousand.
                ',' if !chars.clone().any(|c| matches!(c, '0' | '#')) => return None,
                ',' => {}
                // The space of a character, or a character that fills the cell.
                '_' | '*' => {
                    chars.next();
                }
                '\\' => word.extend(chars.next()),
                '"' => word.extend(chars.by_ref().take_while(|c| *c != '"')),
                '[' => {
                    let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    if let Some(currency) = inside.strip_prefix('$') {
                        word.push_str(currency.split('-').next().unwrap_or_default());
                    }
                }
                other => word.push(other),
            }
            let place = if digits_seen { &mut format.after } else { &mut format.before };
            place.push_str(&word);
        }
        if code.eq_ignore_ascii_case("general") || !digits_seen || format.whole > 20 || format.decimals > 20 {
            return None;
        }
        for word in [&mut format.before, &mut format.after] {
            // Brackets and signs belong to the number; remarks do not.
            let about = word.trim();
            if about.chars().count() > LONGEST_WORD || about.contains(['(', ')', '+']) {
                word.clear();
            }
        }
        Some(format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_as_its_format_shows_it_and_loses_no_digit() {
        for (value, code, wanted) in [
            (1234.5, "General", "1234.5"),
            (1234.5, "", "1234.5"),
            (1_012_100.0, "00000000", "01012100"),
            (8542.3, "0.00", "8542.30"),
            (12.3456, "0.00", "12.3456"),
            (0.25, "0%", "25%"),
            (0.255, "0.00%", "25.50%"),
            (1200.5, "[$€-407]\\ #,##0.00", "€ 1200.50"),
            (1200.5, "#,##0.00\\ [$USD]", "1200.50 USD"),
            (-5.0, "\"$\"#,##0.00_);[Red]\\(\"$\"#,##0.00\\)", "$-5.00"),
            (42.0, "\"SO-\"0000", "SO-0042"),
            (90.0, "0\" kg\"", "90 kg"),
            (90.0, "0\" kilograms or so\"", "90"),
            (1_500_000.0, "0,", "1500000"),
            (0.5, "# ?/?", "0.5"),
            (1e21, "General", "1000000000000000000000"),
            (0.1 + 0.2, "General", "0.3"),
            (-0.0, "0", "0"),
            (8_542_310_000.0, "General", "8542310000"),
        ] {
            assert_eq!(in_format(value, code), wanted, "{value} {code}");
        }
        assert_eq!(in_format(f64::NAN, "0"), "NaN");
    }

    proptest::proptest! {
        #[test]
        fn any_format_is_followed_or_not_without_panic(value in proptest::num::f64::ANY, code in "\\PC{0,24}") {
            let _ = in_format(value, &code);
        }
    }
}
