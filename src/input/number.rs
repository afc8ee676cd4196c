//! Numbers as people and programs write them.

use std::str::FromStr;

use rust_decimal::Decimal;

/// Which sign separates the decimals of a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum DecimalSign {
    Point,
    Comma,
}

/// A number read from a cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Number {
    pub amount: Decimal,
    /// What else stands in the cell: a unit or a currency; may be empty.
    pub unit: String,
    /// `1,234` may be a thousand or one and a bit; the first was taken.
    pub ambiguous: bool,
}

/// Reads `1.234,56`, `1,234.56`, `1'234.5`, `12 500`, `USD 1,200.50`, `€ 12`,
/// `1200 kg`, `(50)`. `sign` is what the column's other cells show. `None` when
/// the cell holds no number, or more than one.
pub(super) fn read_number(cell: &str, sign: Option<DecimalSign>) -> Option<Number> {
    let cell = cell.trim();
    let start = cell.find(|c: char| c.is_ascii_digit())?;
    let end = cell.rfind(|c: char| c.is_ascii_digit())? + 1;
    let mut digits = cell.get(start..end)?.to_owned();
    let before = cell.get(..start)?.trim();
    let after = cell.get(end..)?.trim();
    if before.ends_with(['.', ',']) {
        digits.insert_str(0, "0.");
    }
    let negative =
        before.ends_with(['-', '−']) || (before.ends_with('(') && after.starts_with(')')) || after == "-";
    let clean =
        |text: &str| text.trim_matches(|c: char| !c.is_alphabetic() && !is_currency_sign(c)).to_owned();
    let (before, after) = (clean(before), clean(after));
    // Words around a figure mean that the cell is a remark: "about 90".
    let unit = match (before.is_empty(), after.is_empty()) {
        (true, _) => after,
        (false, true) => before,
        (false, false) => return None,
    };
    if unit.chars().count() > 10 || unit.split_whitespace().count() > 2 {
        return None;
    }
    digits.retain(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' | '_'));
    if !digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) {
        return None;
    }
    let (plain, ambiguous) = plain(&digits, sign)?;
    let mut amount = Decimal::from_str(&plain).ok()?;
    if negative {
        amount.set_sign_negative(true);
    }
    Some(Number { amount, unit, ambiguous })
}

fn is_currency_sign(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₩' | '₹' | '₽' | '₺' | '₸')
}

/// The figure with a point for the decimals and nothing for the thousands.
fn plain(digits: &str, sign: Option<DecimalSign>) -> Option<(String, bool)> {
    let points = digits.matches('.').count();
    let commas = digits.matches(',').count();
    let without = |sign: char| digits.replace(sign, "");
    match (points, commas) {
        (0, 0) => Some((digits.to_owned(), false)),
        (1.., 1..) => {
            // The last sign is the decimal one, and stands once.
            let decimal = if digits.rfind('.') > digits.rfind(',') { '.' } else { ',' };
            let thousands = if decimal == '.' { ',' } else { '.' };
            let whole = digits.split(decimal).next()?;
            (digits.matches(decimal).count() == 1 && grouped(whole, thousands))
                .then(|| (without(thousands).replace(decimal, "."), false))
        }
        (n, 0) | (0, n) => {
            let mark = if commas == 0 { '.' } else { ',' };
            if n > 1 {
                return grouped(digits, mark).then(|| (without(mark), false));
            }
            let decimals = digits.split(mark).nth(1)?.len();
            let whole = digits.split(mark).next()?;
            let decimal = (digits.replace(mark, "."), false);
            let thousand = without(mark);
            if decimals != 3 || whole.len() > 3 || whole == "0" {
                return Some(decimal);
            }
            match (mark, sign) {
                ('.', Some(DecimalSign::Point)) | (',', Some(DecimalSign::Comma)) => Some(decimal),
                ('.', Some(DecimalSign::Comma)) | (',', Some(DecimalSign::Point)) => Some((thousand, false)),
                // Programs write decimals with a point and three figures often
                // enough; a comma and three figures are thousands more often.
                ('.', None) => Some((decimal.0, true)),
                _ => Some((thousand, true)),
            }
        }
    }
}

/// Whether a figure is grouped by threes.
fn grouped(digits: &str, mark: char) -> bool {
    let mut groups = digits.split(mark);
    let first = groups.next().map_or(0, str::len);
    (1..=3).contains(&first) && groups.all(|group| group.len() == 3)
}

/// The decimal sign that the cells of a column show, if any cell shows it
/// beyond doubt.
pub(super) fn decimal_sign<'c>(cells: impl Iterator<Item = &'c str>) -> Option<DecimalSign> {
    let (mut points, mut commas) = (0, 0);
    for cell in cells {
        let digits: String = cell.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
        let last = digits.rfind(['.', ',']);
        let Some(at) = last else { continue };
        let decimals = digits.len() - at - 1;
        let both = digits.contains('.') && digits.contains(',');
        let sign = digits.as_bytes().get(at).copied();
        let once = sign.is_some_and(|sign| digits.bytes().filter(|b| *b == sign).count() == 1);
        if once && (both || decimals != 3) {
            if sign == Some(b'.') { points += 1 } else { commas += 1 }
        } else if !once {
            // Several of one sign are thousands, so the other one is decimal.
            if sign == Some(b'.') { commas += 1 } else { points += 1 }
        }
    }
    match (points, commas) {
        (0, 0) => None,
        (points, commas) if points >= commas => Some(DecimalSign::Point),
        _ => Some(DecimalSign::Comma),
    }
}

/// Kilograms in one of a unit of weight; `None` if it is none.
pub(super) fn kilograms(unit: &str) -> Option<Decimal> {
    match unit.trim().trim_end_matches('.').to_lowercase().as_str() {
        "kg" | "kgs" | "kgm" | "kilo" | "kilos" | "kilogram" | "kilograms" | "кг" => Some(Decimal::ONE),
        "g" | "gr" | "grm" | "gram" | "grams" | "г" => Some(Decimal::new(1, 3)),
        "t" | "tne" | "ton" | "tons" | "tonne" | "tonnes" | "mt" | "т" => Some(Decimal::ONE_THOUSAND),
        "lb" | "lbs" | "lbr" | "pound" | "pounds" => Some(Decimal::new(45_359_237, 8)),
        "oz" | "onz" | "ounce" | "ounces" => Some(Decimal::new(28_349_523_125, 12)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_with_either_decimal_sign() {
        for (cell, wanted) in [
            ("1.234,56", "1234.56"),
            ("1,234.56", "1234.56"),
            ("1'234.5", "1234.5"),
            ("12 500", "12500"),
            ("12\u{a0}500,75", "12500.75"),
            ("USD 1,200.50", "1200.50"),
            ("€ 12", "12"),
            ("1200 kg", "1200"),
            ("11,4", "11.4"),
            ("-5", "-5"),
            ("(50)", "-50"),
            (".5", "0.5"),
            ("1.234.567", "1234567"),
            ("0.125", "0.125"),
        ] {
            let read = read_number(cell, None);
            assert_eq!(read.map(|n| n.amount.to_string()), Some(wanted.to_owned()), "{cell}");
        }
        for cell in ["", "about 90 kg", "Weight Captured Separately", "12x4", "1.2.3", "1,23,4", "2026-03-04"]
        {
            assert!(read_number(cell, None).is_none(), "{cell}");
        }
        assert_eq!(read_number("1200 kg", None).unwrap().unit, "kg");
    }

    #[test]
    fn a_thousand_or_one_and_a_bit_is_decided_by_the_column_or_reported() {
        let one = read_number("1,234", None).unwrap();
        assert!(one.ambiguous && one.amount == Decimal::from(1234));
        let sign = decimal_sign(["5,5", "1,234"].into_iter());
        assert_eq!(sign, Some(DecimalSign::Comma));
        let read = read_number("1,234", sign).unwrap();
        assert!(!read.ambiguous && read.amount == Decimal::new(1234, 3));
        let sign = decimal_sign(["5.50", "1,234"].into_iter());
        assert_eq!(read_number("1,234", sign).unwrap().amount, Decimal::from(1234));
    }

    proptest::proptest! {
        #[test]
        fn any_cell_reads_or_not_without_panic(cell in "\\PC{0,20}") {
            let _ = read_number(&cell, None);
        }
    }
}
