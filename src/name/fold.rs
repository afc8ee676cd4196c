//! Text in any script → lower-case ASCII words.
//!
//! Knows letters and punctuation; nothing of what a word means.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};

/// The words of a text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Folded {
    /// Lower-case ASCII letters and digits only; none is empty.
    pub words: Vec<String>,
    /// Letters that no table can bring into Latin script. Above 0, the words
    /// are incomplete and must not be trusted to be all of the name.
    pub unsupported_letters: usize,
    /// The text is in a script that leaves vowels out (Arabic, Hebrew), so that
    /// its words are comparable by their consonants only.
    pub vowelless: bool,
    /// Words that letters with a hook or accent spell differently in another
    /// tradition: (the word, as that reads it), `miloševic` → `miloshevich`.
    pub others: Vec<(String, String)>,
}

/// What a letter of Slavic scholarly spelling stands for.
fn scholarly(c: char) -> Option<&'static str> {
    Some(match c {
        'č' | 'ć' | 'ç' | 'Č' | 'Ć' | 'Ç' => "ch",
        'š' | 'Š' | 'ş' | 'Ş' | 'ș' => "sh",
        'ž' | 'Ž' | 'ż' | 'Ż' => "zh",
        'ŝ' | 'Ŝ' => "shch",
        'đ' | 'Đ' => "dj",
        'ł' | 'Ł' => "l",
        _ => return None,
    })
}

/// The text in the other reading, if it has letters that have one.
fn scholarly_text(text: &str) -> Option<String> {
    text.chars().any(|c| scholarly(c).is_some()).then(|| {
        text.chars().fold(String::with_capacity(text.len() + 8), |mut out, c| {
            match scholarly(c) {
                Some(letters) => out.push_str(letters),
                None => out.push(c),
            }
            out
        })
    })
}

/// The tables of letters: name and text.
const TABLES: [(&str, &str); 2] = [
    ("rules/names/cyrillic.toml", include_str!("../../rules/names/cyrillic.toml")),
    ("rules/names/arabic.toml", include_str!("../../rules/names/arabic.toml")),
];

/// Letters, and pairs of letters, in Latin.
#[derive(Default)]
struct Letters {
    letters: FxHashMap<char, String>,
    digraphs: FxHashMap<(char, char), String>,
}

static LETTERS: LazyLock<Letters> = LazyLock::new(|| {
    let mut letters = Letters::default();
    for (name, text) in TABLES {
        letters.read(&SourceFile::new(name, text));
    }
    letters
});

impl Letters {
    fn read(&mut self, file: &SourceFile) {
        let mut out = Diagnostics::default();
        let document = parse_toml(file, &mut out);
        let mut document = Table::document(file, &document);
        for key in ["letters", "digraphs"] {
            let Some(table) = document.get(key).and_then(|item| item.table(&mut out)) else { continue };
            for (from, _) in table.keys() {
                let Some(latin) = table.free(from).and_then(|item| item.string(&mut out)) else { continue };
                let mut chars = from.chars();
                match (chars.next(), chars.next()) {
                    (Some(letter), None) => drop(self.letters.insert(letter, latin.to_owned())),
                    (Some(first), Some(second)) => {
                        drop(self.digraphs.insert((first, second), latin.to_owned()));
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Whether a character may stand inside a word without splitting it.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʻ' | 'ʼ' | 'ʿ' | 'ʾ' | 'ʹ' | 'ʺ' | '′')
}

/// Letters of Arabic and Hebrew.
fn is_vowelless(c: char) -> bool {
    matches!(u32::from(c), 0x05D0..=0x05EA | 0x0620..=0x06D3 | 0x0750..=0x077F)
}

/// Chinese characters are written without spaces; each counts as a word.
fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3_134F)
}

/// Letters that most words do not exceed.
const USUAL_WORD: usize = 12;

/// Splits a text into folded words. Full stops between single letters join
/// them (`S.A. de C.V.` → `sa de cv`), apostrophes vanish inside a word, `&`
/// becomes `and`, everything else that is neither letter nor digit separates.
#[must_use]
pub fn fold_words(text: &str) -> Folded {
    let mut folded = fold_once(text);
    if !text.is_ascii()
        && let Some(other) = scholarly_text(&text.nfkc().collect::<String>())
    {
        let other = fold_once(&other).words;
        if other.len() == folded.words.len() {
            let pairs = folded.words.iter().cloned().zip(other);
            folded.others = pairs.filter(|(plain, other)| plain != other).collect();
        }
    }
    folded
}

fn fold_once(text: &str) -> Folded {
    if text.is_ascii() {
        return fold_letters(text.chars(), false);
    }
    fold_letters(text.nfkc(), text.chars().any(is_vowelless))
}

/// Folds letters in compatibility form.
fn fold_letters(letters: impl Iterator<Item = char>, vowelless: bool) -> Folded {
    let mut folded = Folded { vowelless, ..Folded::default() };
    let mut word = String::with_capacity(USUAL_WORD);
    // Whether the word is an acronym so far: single letters, each followed by
    // a full stop.
    let mut letters_in_word = 0usize;
    let mut last_letter = 0usize;
    let mut acronym = true;
    let mut pending_stop = false;
    let mut before = None;
    let arabic = folded.vowelless;
    let flush = |word: &mut String, words: &mut Vec<String>| {
        // The article is written together with its word.
        if let Some(rest) = word.strip_prefix("al").filter(|rest| rest.len() >= 3 && *rest != "lh" && arabic)
        {
            words.push("al".to_owned());
            words.push(rest.to_owned());
            word.clear();
        } else if !word.is_empty() {
            words.push(std::mem::replace(word, String::with_capacity(USUAL_WORD)));
        }
    };
    for c in letters {
        let previous = before.replace(c);
        if c.is_ascii_alphanumeric() || (c.is_alphanumeric() && !c.is_ascii()) {
            if pending_stop && !(acronym && letters_in_word > 0) {
                flush(&mut word, &mut folded.words);
                (letters_in_word, acronym) = (0, true);
            } else if !pending_stop && letters_in_word > 0 {
                if acronym && letters_in_word > 1 {
                    // `J.Smith`: the letter before this one began a word.
                    let tail = word.split_off(last_letter);
                    flush(&mut word, &mut folded.words);
                    word = tail;
                }
                acronym = false;
            }
            pending_stop = false;
            last_letter = word.len();
            if is_han(c) {
                flush(&mut word, &mut folded.words);
            }
            let written = push_latin(previous.filter(|_| !word.is_empty()), c, &mut word);
            if !written && c.is_alphabetic() && !is_silent(c) {
                folded.unsupported_letters += 1;
            }
            if is_han(c) {
                flush(&mut word, &mut folded.words);
                (letters_in_word, acronym) = (0, true);
            } else {
                letters_in_word += 1;
            }
        } else if c == '.' {
            pending_stop = true;
        } else if is_apostrophe(c) || is_combining(c) {
            // inside a word: nothing
        } else {
            flush(&mut word, &mut folded.words);
            (letters_in_word, acronym, pending_stop) = (0, true, false);
            if c == '&' {
                folded.words.push("and".to_owned());
            }
        }
    }
    flush(&mut word, &mut folded.words);
    folded
}

/// Letters that rightly fold to nothing (soft and hard sign).
fn is_silent(c: char) -> bool {
    matches!(c, 'ь' | 'Ь' | 'ъ' | 'Ъ' | 'ـ')
}

fn is_combining(c: char) -> bool {
    matches!(u32::from(c), 0x0300..=0x036F | 0x064B..=0x065F | 0x0591..=0x05C7 | 0x200B..=0x200F | 0x2060 | 0xFEFF)
}

/// Appends the Latin letters of one character, lower case, ASCII only. `before`
/// is the character in front of it. False if the character has no Latin form.
fn push_latin(before: Option<char>, c: char, word: &mut String) -> bool {
    if c.is_ascii_alphanumeric() {
        word.push(c.to_ascii_lowercase());
        return true;
    }
    let mut written = false;
    let table = &*LETTERS;
    let from = word.len();
    for lower in c.to_lowercase() {
        let pair = before.and_then(|before| Some((before.to_lowercase().next()?, lower)));
        if let Some((first, latin)) = pair.and_then(|pair| Some((pair.0, table.digraphs.get(&pair)?)))
            && let Some(stem) = table.letters.get(&first).and_then(|alone| word.strip_suffix(alone.as_str()))
        {
            word.truncate(stem.len());
            word.push_str(latin);
            written = true;
        } else if let Some(latin) = table.letters.get(&lower) {
            word.push_str(latin);
            written |= !latin.is_empty();
        } else {
            let latin = any_ascii::any_ascii_char(lower);
            let before = word.len();
            word.extend(latin.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
            written |= word.len() > before;
        }
    }
    if is_vowelless(c) && before.is_some_and(is_vowelless) && seem_one(word, from) {
        word.insert(from, 'a');
    }
    written
}

/// Whether two letters of a script without vowels would be read as one in Latin:
/// the `h` and `s` of حسن, the `z` and `h` of زهرا. A vowel belongs between them.
fn seem_one(word: &str, from: usize) -> bool {
    let Some((before, after)) = word.split_at_checked(from) else { return false };
    let (Some(last), Some(first)) = (before.bytes().last(), after.bytes().next()) else { return false };
    match first {
        b'h' => b"cdgkpstz".contains(&last),
        b's' => matches!(last, b'h' | b't'),
        b'z' | b'j' | b'c' => matches!(last, b'd' | b's' | b't'),
        b'k' => last == b'c',
        _ => false,
    }
}

/// The folded words of a text, separated by single spaces: the form in which
/// wording is looked for.
#[must_use]
pub fn fold_text(text: &str) -> String {
    fold_words(text).words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_reads_what_shipping_papers_write() {
        for (text, folded) in [
            ("S.A. de C.V.", "sa de cv"),
            ("J.Smith", "j smith"),
            ("JATRONICS SDN. BHD.", "jatronics sdn bhd"),
            ("SIS d.o.o.", "sis doo"),
            ("A-B-C Company", "a b c company"),
            ("L.X.C Aviation", "lxc aviation"),
            ("Al-Qa'ida", "al qaida"),
            ("ООО «Радио Автоматика»", "ooo radio avtomatika"),
            ("ДЖАТРОНИКС", "jatroniks"),
            ("Müller & Söhne", "muller and sohne"),
            ("ＡＢＣ　１２", "abc 12"),
            ("华为技术", "hua wei ji shu"),
            ("Ко.Лтд", "ko ltd"),
            ("11420 CORP.", "11420 corp"),
            ("...", ""),
        ] {
            assert_eq!(fold_text(text), folded, "{text}");
        }
    }

    #[test]
    fn letters_without_a_latin_form_are_counted_not_dropped_silently() {
        assert_eq!(fold_words("Ив ань").unsupported_letters, 0);
        assert!(
            fold_words("\u{16F50}\u{16F51}").unsupported_letters > 0 || !fold_text("\u{16F50}").is_empty()
        );
    }

    proptest::proptest! {
        #[test]
        fn folding_any_text_gives_clean_words(text in "\\PC*") {
            for word in fold_words(&text).words {
                proptest::prop_assert!(!word.is_empty());
                proptest::prop_assert!(word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
            }
        }

        #[test]
        fn folding_is_idempotent(text in "\\PC*") {
            let once = fold_text(&text);
            proptest::prop_assert_eq!(fold_text(&once), once);
        }
    }
}
