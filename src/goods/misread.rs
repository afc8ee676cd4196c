//! Letters and figures that scanning takes for one another: `l4-BlT`,
//! `1OOO HZ`, `O.O1 %`; letters typed for a sign: `Ф120` for `ø120`; and `M/C`,
//! a machine.
//!
//! Changes a character for another of as many bytes, so that places in the text
//! stay what they are. Knows no words: a small l counts as misread only within
//! capitals and figures.

use std::borrow::Cow;

/// The text with such characters put right.
pub(super) fn put_right(text: &str) -> Cow<'_, str> {
    if !may_be_misread(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    let mut changed = false;
    let mut from = 0;
    while from < bytes.len() {
        let joins = |b: &u8| b.is_ascii_alphanumeric() || !b.is_ascii() || matches!(b, b'.' | b',');
        let length = bytes.get(from..).unwrap_or_default().iter().take_while(|b| joins(b)).count();
        if length == 0 {
            from += 1;
            continue;
        }
        if length == 1 && machine(&mut bytes, from) {
            changed = true;
            from += 3;
            continue;
        }
        if let Some(word) = bytes.get_mut(from..from + length) {
            changed |= small_l(word);
            changed |= noughts(word);
            changed |= diameter(word);
        }
        from += length;
    }
    if !changed {
        return Cow::Borrowed(text);
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Whether anything in a text may have to be put right: most texts are left as
/// they are without a closer look.
fn may_be_misread(text: &[u8]) -> bool {
    let mut before = b' ';
    text.iter().enumerate().any(|(i, &here)| {
        let next = text.get(i + 1).copied().unwrap_or_default();
        let may = match here {
            b'l' => next.is_ascii_digit() || next.is_ascii_uppercase(),
            b'O' => matches!(next, b'.' | b',') && !before.is_ascii_alphabetic(),
            b'/' => next.eq_ignore_ascii_case(&b'c') && before.eq_ignore_ascii_case(&b'm'),
            0xCE..=0xD1 => PHI.contains(&[here, next]),
            _ => false,
        };
        before = here;
        may
    })
}

/// A small l is a 1 where a word begins with it and a figure follows, an I where
/// a capital follows, and an I among the capitals behind a figure. Elsewhere it
/// stays: `AlN` and `PCl3` are formulas.
fn small_l(word: &mut [u8]) -> bool {
    let others = word.iter().any(|b| b.is_ascii_lowercase() && *b != b'l' || !b.is_ascii());
    if others || !word.contains(&b'l') {
        return false;
    }
    let mut changed = false;
    for i in 0..word.len() {
        let next = word.get(i + 1).copied().unwrap_or_default();
        let before = i.checked_sub(1).and_then(|i| word.get(i)).copied();
        let behind_figure = word.first().is_some_and(u8::is_ascii_digit);
        let stands = before.is_none() || behind_figure && before.is_some_and(|b| b.is_ascii_uppercase());
        let right = match next {
            b if b.is_ascii_digit() && before.is_none() => b'1',
            b if b.is_ascii_uppercase() && stands => b'I',
            _ => continue,
        };
        if let Some(letter) = word.get_mut(i).filter(|b| **b == b'l') {
            *letter = right;
            changed = true;
        }
    }
    changed
}

/// `M/C` is a machine: written as one word, `MC `.
fn machine(bytes: &mut [u8], from: usize) -> bool {
    let ends = bytes.get(from + 3).is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'/');
    let begins = from.checked_sub(1).and_then(|i| bytes.get(i)).is_none_or(|b| *b != b'/');
    let Some([m, slash, c]) = bytes.get_mut(from..from + 3) else { return false };
    if !ends || !begins || !m.eq_ignore_ascii_case(&b'm') || *slash != b'/' || !c.eq_ignore_ascii_case(&b'c')
    {
        return false;
    }
    (*slash, *c) = (*c, b' ');
    true
}

/// The bytes of `ф`, `Ф`, `φ`, `Φ`.
const PHI: [[u8; 2]; 4] = [[0xD1, 0x84], [0xD0, 0xA4], [0xCF, 0x86], [0xCE, 0xA6]];
/// The bytes of `ø`.
const DIAMETER: [u8; 2] = [0xC3, 0xB8];

/// A letter like the sign of a diameter, right before a figure.
fn diameter(word: &mut [u8]) -> bool {
    let [a, b, figure, ..] = word else { return false };
    if !figure.is_ascii_digit() || !PHI.contains(&[*a, *b]) {
        return false;
    }
    [*a, *b] = DIAMETER;
    true
}

/// `O.O1`, `O,5`: the letter O around a decimal sign with a figure is a nought.
/// What stands within figures the reading of numbers puts right.
fn noughts(word: &mut [u8]) -> bool {
    let run = word.iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'O' | b'.' | b',')).count();
    let Some(run) = word.get_mut(..run) else { return false };
    let figure = run.iter().any(u8::is_ascii_digit);
    let decimal = run.first() == Some(&b'O') && matches!(run.get(1), Some(b'.' | b','));
    if !figure || !decimal {
        return false;
    }
    for letter in run.iter_mut().filter(|b| **b == b'O') {
        *letter = b'0';
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scanning_confuses_is_put_right() {
        for (text, right) in [
            ("lC ADC l4BlT 5OOMSPS", "IC ADC 14BIT 5OOMSPS"),
            ("l2KVA +/-O.O1%", "12KVA +/-0.01%"),
            ("O,5 MM", "0,5 MM"),
            ("BALANCING M/C 5-50 KG", "BALANCING MC  5-50 KG"),
            ("пруток Ф120 мм, φ5", "пруток ø120 мм, ø5"),
        ] {
            assert_eq!(put_right(text), right, "{text}");
        }
    }

    #[test]
    fn what_is_written_so_stays() {
        for text in [
            "10 ml",
            "Al 7075",
            "HCl 37 %",
            "PCl3, 99.5 %",
            "AlN 5",
            "5 l/min",
            "O2 sensor 4 %",
            "I.D. 50, O.D. 60",
            "l 20 mm",
            "é 5é l",
            "a/m/c",
            "1 m/cm",
            "5 мкФ",
            "ф. 4",
        ] {
            assert_eq!(put_right(text), text);
        }
    }
}
