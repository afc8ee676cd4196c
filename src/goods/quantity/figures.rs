//! One figure as people write it: separators of both styles, exponents,
//! powers, fractions.
//!
//! Knows no unit, no range and no array.

use super::Units;
use super::normal::{Char, TIGHT_SPACE};

/// Whether a comma is a decimal sign where both readings are possible.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Style {
    /// `1,250` is one thousand two hundred and fifty.
    Point,
    /// `1,250` is one and a quarter.
    Comma,
}

/// What shows of the style in a text: Cyrillic letters, a comma before one or two
/// last figures, or letters of languages with a decimal comma where no point
/// stands before one or two.
pub(super) fn style(chars: &[Char], units: &Units) -> Style {
    let digit = |i: usize| chars.get(i).is_some_and(|c| c.c.is_ascii_digit());
    let comma = chars.iter().enumerate().any(|(i, here)| {
        if matches!(u32::from(here.c), 0x0400..=0x04FF) {
            return true;
        }
        here.c == ','
            && i > 0
            && digit(i - 1)
            && digit(i + 1)
            && (!digit(i + 2) || !digit(i + 3))
            && at(chars, i + 2) != ','
            && !(digit(i + 2) && at(chars, i + 3) == ',')
    });
    let foreign = || letters(chars) || grouped(chars) && words(chars, units);
    if comma || foreign() && !point(chars) { Style::Comma } else { Style::Point }
}

/// Whether a point stands before three figures, as in `2.050`.
fn grouped(chars: &[Char]) -> bool {
    (1..chars.len()).any(|i| at(chars, i) == '.' && digit_at(chars, i - 1) && digits(chars, i + 1) == 3)
}

/// Whether a word of a language with a decimal comma stands in the text.
fn words(chars: &[Char], units: &Units) -> bool {
    let mut words = chars.split(|here| !here.c.is_alphabetic());
    words.any(|word| {
        let word: String = word.iter().flat_map(|here| here.c.to_lowercase()).collect();
        !word.is_empty() && units.comma.contains(&word)
    })
}

/// Letters with marks of German, French, Spanish, Portuguese and Turkish.
fn letters(chars: &[Char]) -> bool {
    chars
        .iter()
        .any(|here| matches!(here.c, 'À'..='ÿ' | 'ı' | 'İ' | 'ş' | 'Ş' | 'ğ' | 'Ğ') && !is_sign(here.c))
}

/// Signs among those letters: multiplication, division, a diameter.
fn is_sign(c: char) -> bool {
    matches!(c, '×' | '÷' | 'Ø' | 'ø' | 'Å' | 'å')
}

/// Whether a point stands in a number as a decimal sign only can: `0.5`, `12.75`,
/// `0.125`.
fn point(chars: &[Char]) -> bool {
    let digit = |i: usize| digit_at(chars, i);
    (1..chars.len()).any(|i| {
        // Four figures prove nothing: steel 1.6358.
        let few = digit(i + 1) && (!digit(i + 2) || !digit(i + 3));
        let nought = i == 1 || !digit(i.wrapping_sub(2));
        at(chars, i) == '.' && digit(i - 1) && (few || digit(i + 1) && nought && at(chars, i - 1) == '0')
    })
}

pub(super) fn at(chars: &[Char], i: usize) -> char {
    chars.get(i).map_or('\0', |c| c.c)
}

pub(super) fn digit_at(chars: &[Char], i: usize) -> bool {
    at(chars, i).is_ascii_digit()
}

fn digits(chars: &[Char], from: usize) -> usize {
    chars.iter().skip(from).take_while(|c| c.c.is_ascii_digit()).count()
}

/// Reads an unsigned figure at a place: its value and the place after it.
pub(super) fn figure(chars: &[Char], from: usize, style: Style) -> Option<(f64, usize)> {
    if let Some(fraction) = fraction(chars, from) {
        return Some(fraction);
    }
    let (value, end) = plain(chars, from, style)?;
    if at(chars, end) == ' ' || at(chars, end) == '-' {
        // A whole and a fraction: `2 3/4`, `1-1/2`.
        if value.fract() == 0.0
            && value < 100.0
            && let Some((part, end)) = fraction(chars, end + 1)
        {
            return Some((value + part, end));
        }
    }
    Some(exponent(chars, value, from, end))
}

/// `1/2`, `11/16`, `1⁄2`: reduced, with a denominator that rulers have.
fn fraction(chars: &[Char], from: usize) -> Option<(f64, usize)> {
    let over = digits(chars, from);
    let slash = at(chars, from + over);
    if over == 0 || over > 2 || !matches!(slash, '/' | '⁄') {
        return None;
    }
    let under = digits(chars, from + over + 1);
    let end = from + over + 1 + under;
    let part = |from: usize, length: usize| -> Option<u32> {
        chars.get(from..from + length)?.iter().map(|c| c.c).collect::<String>().parse().ok()
    };
    let (a, b) = (part(from, over)?, part(from + over + 1, under)?);
    let typed = slash == '/';
    let ruler = matches!(b, 2 | 3 | 4 | 8 | 16 | 32 | 64) && a < b && (a % 2 == 1 || b == 3);
    let chained = matches!(at(chars, end), '/' | '.' | ',') && digit_at(chars, end + 1);
    if b == 0 || (typed && (!ruler || chained)) || at(chars, end).is_alphabetic() && typed {
        return None;
    }
    Some((f64::from(a) / f64::from(b), end))
}

/// Figures with separators.
fn plain(chars: &[Char], from: usize, style: Style) -> Option<(f64, usize)> {
    let first = digits(chars, from);
    if first == 0 {
        // `.5`
        let length = digits(chars, from + 1);
        let opens = at(chars, from) == '.' && length > 0;
        return opens.then(|| number(chars, from, from + 1 + length, Some('.'))).flatten();
    }
    let mut end = from + first;
    let mut seen: Vec<(char, usize)> = Vec::new();
    loop {
        let sign = at(chars, end);
        let length = digits(chars, end + 1);
        let joins = match sign {
            ',' | '.' => length > 0,
            '\'' | TIGHT_SPACE => length == 3,
            ' ' => length == 3 && spaced_group(chars, end, first, &seen),
            _ => false,
        };
        if !joins {
            break;
        }
        seen.push((sign, length));
        end += 1 + length;
    }
    let decimal = decimal_sign(chars, from, first, &seen, style)?;
    match decimal {
        Reading::Decimal(sign) => number(chars, from, end, Some(sign)),
        Reading::Whole => number(chars, from, end, None),
        Reading::FirstOnly => number(chars, from, from + first, None),
    }
    .map(|(value, _)| {
        let end = if matches!(decimal, Reading::FirstOnly) { from + first } else { end };
        (value, end)
    })
}

/// Whether a space and three figures go on with the number: `1 000`,
/// `12 500 000`; but not `16 250`, which may be two numbers.
fn spaced_group(chars: &[Char], space: usize, first: usize, seen: &[(char, usize)]) -> bool {
    if first > 3 || digit_at(chars, space + 4) {
        return false;
    }
    if seen.iter().any(|(sign, _)| *sign != ' ' && *sign != TIGHT_SPACE) {
        return false;
    }
    let another = at(chars, space + 4) == ' ' && digits(chars, space + 5) == 3;
    at(chars, space + 1) == '0' || another || !seen.is_empty()
}

enum Reading {
    /// With this decimal sign; every other one separates thousands.
    Decimal(char),
    Whole,
    /// A list such as `10,20,40`: only the first figure.
    FirstOnly,
}

fn decimal_sign(
    chars: &[Char],
    from: usize,
    first: usize,
    seen: &[(char, usize)],
    style: Style,
) -> Option<Reading> {
    let signs: Vec<(char, usize)> = seen.iter().copied().filter(|(c, _)| matches!(c, ',' | '.')).collect();
    let Some(&(last, length)) = signs.last() else { return Some(Reading::Whole) };
    let count = signs.iter().filter(|(sign, _)| *sign == last).count();
    if count == signs.len() {
        if count > 1 {
            let grouped = first <= 3 && signs.iter().all(|(_, length)| *length == 3);
            return match (grouped, last) {
                (true, _) => Some(Reading::Whole),
                (false, ',') => Some(Reading::FirstOnly),
                // `192.168.1.1`, `1.2.3`: no number at all.
                (false, _) => None,
            };
        }
        // Wavelengths are written to the nanometre: 1.064 µm.
        let end = from + first + 1 + length;
        let unit = end + usize::from(matches!(at(chars, end), ' ' | TIGHT_SPACE));
        let micrometres = last == '.' && at(chars, unit) == 'u' && at(chars, unit + 1) == 'm';
        let three = length == 3 && first <= 3 && at(chars, from) != '0' && !micrometres;
        let whole = three && seen.len() == 1 && last == if style == Style::Comma { '.' } else { ',' };
        return Some(if whole { Reading::Whole } else { Reading::Decimal(last) });
    }
    // Both signs: the last is the decimal sign and stands once.
    let others = signs.iter().filter(|(sign, _)| *sign != last).all(|(_, length)| *length <= 3);
    (count == 1 && others && signs.last().is_some_and(|(sign, _)| *sign == last))
        .then_some(Reading::Decimal(last))
}

fn number(chars: &[Char], from: usize, end: usize, decimal: Option<char>) -> Option<(f64, usize)> {
    let mut text = String::with_capacity(end - from + 1);
    for c in chars.get(from..end)? {
        if c.c.is_ascii_digit() {
            text.push(c.c);
        } else if Some(c.c) == decimal {
            text.push('.');
        }
    }
    text.parse().ok().map(|value| (value, end))
}

/// `1e-3`, `1×10^-3`, `1x10-3`, `10^6`.
fn exponent(chars: &[Char], value: f64, from: usize, end: usize) -> (f64, usize) {
    let signed = |i: usize| -> Option<(i32, usize)> {
        let sign = usize::from(matches!(at(chars, i), '-' | '+'));
        let length = digits(chars, i + sign);
        if length == 0 || length > 2 {
            return None;
        }
        let text: String = chars.get(i + sign..i + sign + length)?.iter().map(|c| c.c).collect();
        let power: i32 = text.parse().ok()?;
        Some((if at(chars, i) == '-' { -power } else { power }, i + sign + length))
    };
    // A power of ten by itself.
    let ten = end - from == 2 && at(chars, from) == '1' && at(chars, from + 1) == '0';
    if ten
        && at(chars, end) == '^'
        && let Some((power, end)) = signed(end + 1)
    {
        return (10f64.powi(power), end);
    }
    if matches!(at(chars, end), 'e' | 'E' | 'е' | 'Е')
        && let Some((power, end)) = signed(end + 1)
        && !at(chars, end).is_alphanumeric()
    {
        return (value * 10f64.powi(power), end);
    }
    let mut i = end;
    while at(chars, i) == ' ' {
        i += 1;
    }
    if !is_times(at(chars, i)) && at(chars, i) != '·' {
        return (value, end);
    }
    i += 1;
    while at(chars, i) == ' ' {
        i += 1;
    }
    if at(chars, i) != '1' || at(chars, i + 1) != '0' {
        return (value, end);
    }
    // The raised figures may have come down: `5x10-5`.
    let lost = at(chars, i + 2) == '-' && (1.0..10.0).contains(&value);
    let power = match at(chars, i + 2) {
        '^' => signed(i + 3),
        '*' if at(chars, i + 3) == '*' => signed(i + 4),
        '-' if lost => signed(i + 2),
        _ => None,
    };
    power.map_or((value, end), |(power, end)| (value * 10f64.powi(power), end))
}

/// A sign of multiplication, as in arrays and powers.
pub(super) fn is_times(c: char) -> bool {
    matches!(c, 'x' | 'X' | '×' | '*' | 'х' | 'Х')
}
