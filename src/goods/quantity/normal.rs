//! Text → characters as numbers and units are read, each with its byte in the
//! text.
//!
//! Brings full-width and squared letters, superscripts, fractions, dashes and
//! quotation marks to one form. Knows no number and no unit.

use unicode_normalization::UnicodeNormalization;

/// A character in common form, and the byte at which it stands in the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Char {
    pub c: char,
    pub at: usize,
    /// Read as a nought though it is a letter.
    read: bool,
}

impl Char {
    fn new(c: char, at: usize) -> Self {
        Self { c, at, read: false }
    }
}

/// A space that joins figures of one number.
pub(super) const TIGHT_SPACE: char = '\u{a0}';

/// The text in common form.
pub(super) fn normalise(text: &str) -> Vec<Char> {
    let mut chars: Vec<Char> = Vec::with_capacity(text.len());
    let mut raised = false;
    for (at, c) in text.char_indices() {
        if c.is_ascii() {
            let c = if c.is_ascii_whitespace() || c == '_' { ' ' } else { c };
            chars.push(Char::new(c, at));
            raised = false;
        } else if let Some(plain) = superscript(c) {
            // 10⁻³ is 10^-3; m² stays m2.
            let power = chars.last().is_some_and(|last| last.c.is_ascii_digit());
            if !raised && (power || plain == '-') {
                chars.push(Char::new('^', at));
            }
            chars.push(Char::new(plain, at));
            raised = true;
        } else {
            other(c, at, &mut chars);
            raised = false;
        }
    }
    read_noughts(&mut chars);
    chars
}

/// `5OO MSPS`, `1O0`: the letter O among figures is a nought. `5Ohm` is not
/// touched, nor is a single O at the end.
fn read_noughts(chars: &mut [Char]) {
    for i in 1..chars.len() {
        let is = |i: usize, of: fn(char) -> bool| chars.get(i).is_some_and(|c| of(c.c));
        let among = is(i + 1, |c| c.is_ascii_digit())
            || (is(i + 1, |c| c == 'O') && !is(i + 2, |c| c == 'h'))
            || (i > 1 && chars.get(i - 1).is_some_and(|c| c.read) && !is(i + 1, |c| c == 'h'));
        if is(i, |c| c == 'O')
            && is(i - 1, |c| c.is_ascii_digit())
            && among
            && let Some(c) = chars.get_mut(i)
        {
            (c.c, c.read) = ('0', true);
        }
    }
}

fn other(c: char, at: usize, chars: &mut Vec<Char>) {
    let one = match c {
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' => TIGHT_SPACE,
        '−' | '–' | '—' | '‐' | '‑' | '‒' | '﹣' | '－' => '-',
        '～' | '〜' | '∼' => '~',
        'µ' | 'μ' => 'u',
        '″' | '“' | '”' | '„' => '"',
        '′' | '’' | '‘' => '\'',
        '⋅' | '∙' | '•' | '・' => '·',
        'º' | '˚' => '°',
        '\u{2126}' | 'Ω' => 'Ω',
        '√' | '±' | '×' | '≥' | '≤' | '÷' | '°' | '·' | 'Å' => c,
        '⩾' | '≧' => '≥',
        '⩽' | '≦' => '≤',
        '，' => ',',
        '、' | '；' | '。' => ';',
        _ => {
            let fraction = matches!(c, '¼'..='¾' | '⅐'..='⅞');
            if fraction && chars.last().is_some_and(|last| last.c.is_ascii_digit()) {
                chars.push(Char::new(' ', at));
            }
            for c in std::iter::once(c).nfkc() {
                match c {
                    'μ' => chars.push(Char::new('u', at)),
                    '′' => chars.push(Char::new('\'', at)),
                    c if c.is_whitespace() => chars.push(Char::new(' ', at)),
                    c => chars.push(Char::new(c, at)),
                }
            }
            return;
        }
    };
    chars.push(Char::new(one, at));
}

fn superscript(c: char) -> Option<char> {
    Some(match c {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴' => '4',
        '⁵' => '5',
        '⁶' => '6',
        '⁷' => '7',
        '⁸' => '8',
        '⁹' => '9',
        '⁻' => '-',
        _ => return None,
    })
}

/// What a spelling of a unit is compared by: no spaces, brackets, dots, carets
/// and hyphens (but before a digit), ` per ` as a slash.
pub(super) fn unit_key(chars: &[Char]) -> String {
    let mut key = String::with_capacity(chars.len() + 4);
    push_unit(chars, &mut key);
    key
}

pub(super) fn push_unit(chars: &[Char], key: &mut String) {
    let mut i = 0;
    while let Some(here) = chars.get(i) {
        if let Some(length) = per(chars, i) {
            key.push('/');
            i += length;
            continue;
        }
        match here.c {
            ' ' | TIGHT_SPACE | '^' | '·' | '*' | '(' | ')' | '.' => {}
            '-' => {
                if chars.get(i + 1).is_some_and(|next| next.c.is_ascii_digit()) {
                    key.push('-');
                }
            }
            'º' => key.push('°'),
            c => key.push(c),
        }
        i += 1;
    }
}

/// The length of `per` as a word at a place, with its spaces.
fn per(chars: &[Char], at: usize) -> Option<usize> {
    let is = |offset: usize, c: char| chars.get(at + offset).is_some_and(|x| x.c.eq_ignore_ascii_case(&c));
    (is(0, ' ') && is(1, 'p') && is(2, 'e') && is(3, 'r') && is(4, ' ')).then_some(5)
}

/// Chinese characters, which are written without spaces.
pub(super) fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_many_kinds_come_to_one_form() {
        let plain = |text: &str| normalise(text).iter().map(|c| c.c).collect::<String>();
        for (text, form) in [
            ("10⁻³", "10^-3"),
            ("m³/h", "m3/h"),
            ("５ ㎓", "5 GHz"),
            ("1½", "1 1⁄2"),
            ("3 µm", "3 um"),
            ("−55 ℃", "-55 °C"),
            ("m·s⁻¹", "m·s^-1"),
            ("10¹²", "10^12"),
        ] {
            assert_eq!(plain(text), form, "{text}");
        }
        assert_eq!(unit_key(&normalise("samples per second")), "samples/second");
        assert_eq!(unit_key(&normalise("W/(m·K)")), "W/mK");
        assert_eq!(unit_key(&normalise("m·s⁻¹")), "ms-1");
    }
}
