//! The Harmonized System of 2022 and 2017: whether a code is in it, and what
//! its text says.
//!
//! Knows the six international digits. What national digits after them mean it
//! does not know, nor, but for the codes of the Common High Priority List,
//! which code of one edition became which of the other.

use std::fmt;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Where the codes stand, one a line: code, editions, text.
pub(super) const FILE: &str = "rules/goods/tariff/nomenclature.tsv";

/// Which editions of the Harmonized System have a code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Editions {
    pub hs2022: bool,
    pub hs2017: bool,
}

impl Editions {
    /// In words, for codes that only one edition has.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match (self.hs2022, self.hs2017) {
            (true, false) => "in HS 2022 only, HS 2017 does not have it",
            (false, true) => "in HS 2017 only, HS 2022 no longer has it",
            _ => "in HS 2022 and HS 2017",
        }
    }
}

/// What a declared tariff code is.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum CodeState {
    /// Its first six digits are a subheading.
    Known {
        code: String,
        editions: Editions,
        text: &'static str,
    },
    /// A heading that exists, but no subheading of it is named: a declaration
    /// needs six digits.
    TooShort {
        code: String,
        text: Option<&'static str>,
    },
    /// The heading exists, the subheading does not.
    UnknownSubheading {
        code: String,
        heading: &'static str,
    },
    /// The chapter exists, the heading does not.
    UnknownHeading {
        code: String,
        chapter: &'static str,
    },
    /// There is no such chapter.
    UnknownChapter {
        chapter: String,
    },
    /// Chapter 77, kept for later use; 98 and 99, for national use.
    Reserved {
        chapter: String,
    },
    /// It exists with a zero before it, which spreadsheets drop.
    LostZero {
        code: String,
        text: &'static str,
    },
    /// Something other than digits and separators, or more than twelve digits.
    Malformed,
    Empty,
}

/// Codes of the Common High Priority List that HS 2017 does not have, and
/// where it has the goods (from memory).
const BEFORE_2022: [(&str, &str); 6] = [
    ("852589", "8525.80"),
    ("854149", "8541.40"),
    ("854151", "8541.50"),
    ("854159", "8541.50"),
    ("854800", "8548.90"),
    ("880730", "8803.30"),
];

impl CodeState {
    /// Whether the code can be that of a declaration.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        matches!(self, Self::Known { .. })
    }

    /// What is to be said of the code, in one sentence.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Known { code, editions, text } => {
                let mut words = format!("{} is \"{text}\"", dotted(code));
                if editions.hs2022 != editions.hs2017 {
                    words.push_str(&format!(" ({})", editions.words()));
                }
                if let Some((_, before)) = BEFORE_2022.iter().find(|(after, _)| after == code) {
                    words.push_str(&format!("; under HS 2017 the goods were under {before}"));
                }
                words
            }
            Self::TooShort { code, text: Some(text) } => {
                format!("{code} names only \"{text}\"; a declaration needs six digits")
            }
            Self::TooShort { code, text: None } => {
                format!("{code} is too short: a tariff code has at least six digits")
            }
            Self::UnknownSubheading { code, heading } => format!(
                "{} is no subheading of HS 2022 or HS 2017; the heading {} is \"{heading}\"",
                dotted(code),
                code.get(..4).unwrap_or_default()
            ),
            Self::UnknownHeading { code, chapter } => format!(
                "{} is no heading of HS 2022 or HS 2017; chapter {} is \"{chapter}\"",
                code.get(..4).unwrap_or_default(),
                code.get(..2).unwrap_or_default()
            ),
            Self::UnknownChapter { chapter } => {
                format!("there is no chapter {chapter} in the Harmonized System")
            }
            Self::Reserved { chapter } if chapter == "77" => {
                "chapter 77 is kept for later use: no goods are under it".to_owned()
            }
            Self::Reserved { chapter } => {
                format!("chapter {chapter} is for national use: the code does not say what the goods are")
            }
            Self::LostZero { code, text } => {
                format!("the code seems to have lost its first zero: {} is \"{text}\"", dotted(code))
            }
            Self::Malformed => {
                "not a tariff code: up to twelve digits, with dots, spaces or hyphens".to_owned()
            }
            Self::Empty => "no tariff code is declared".to_owned(),
        }
    }

    /// The international digits, two at least, that the goods are declared
    /// under; none where the code says nothing of the goods.
    #[must_use]
    pub fn declared(&self) -> Option<&str> {
        match self {
            Self::Known { code, .. }
            | Self::TooShort { code, text: Some(_) }
            | Self::UnknownSubheading { code, .. }
            | Self::UnknownHeading { code, .. }
            | Self::LostZero { code, .. } => Some(code),
            _ => None,
        }
    }
}

impl fmt::Display for CodeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words())
    }
}

fn dotted(code: &str) -> String {
    match (code.get(..4), code.get(4..)) {
        (Some(heading), Some(rest)) if !rest.is_empty() => format!("{heading}.{rest}"),
        _ => code.to_owned(),
    }
}

struct Row {
    code: &'static str,
    editions: Editions,
    text: &'static str,
}

/// The codes of both editions.
pub struct Nomenclature {
    /// By code.
    rows: Vec<Row>,
    /// Code → its row.
    places: FxHashMap<&'static str, usize>,
}

impl fmt::Debug for Nomenclature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nomenclature of {} codes", self.rows.len())
    }
}

impl Nomenclature {
    /// What comes with the program; read when first asked for.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Nomenclature> =
            LazyLock::new(|| Nomenclature::read(crate::shipped::text(FILE)));
        &SHIPPED
    }

    fn read(text: &'static str) -> Self {
        let mut rows: Vec<Row> = text.lines().filter_map(read_row).collect();
        rows.sort_unstable_by_key(|row| row.code);
        let places = rows.iter().enumerate().map(|(at, row)| (row.code, at)).collect();
        Self { rows, places }
    }

    /// The text of a chapter, heading or subheading (two, four or six digits),
    /// and the editions that have it.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<(&'static str, Editions)> {
        self.places.get(code).and_then(|at| self.rows.get(*at)).map(|row| (row.text, row.editions))
    }

    /// The texts of a heading and its subheadings.
    pub(super) fn under<'a>(&'a self, heading: &'a str) -> impl Iterator<Item = &'static str> + 'a {
        let from = self.rows.partition_point(|row| row.code < heading);
        let rows = self.rows.get(from..).unwrap_or_default();
        rows.iter().take_while(move |row| row.code.starts_with(heading)).map(|row| row.text)
    }

    /// What a code as declared is. National digits after the sixth are let be.
    #[must_use]
    pub fn state(&self, declared: &str) -> CodeState {
        let Some(digits) = read_digits(declared) else { return CodeState::Malformed };
        if digits.is_empty() {
            return CodeState::Empty;
        }
        let state = self.of_digits(&digits);
        if digits.len() % 2 == 1 && !state.is_known() {
            let longer = format!("0{digits}");
            let six = longer.get(..6).unwrap_or_default();
            if let Some((text, _)) = self.find(six) {
                return CodeState::LostZero { code: six.to_owned(), text };
            }
        }
        state
    }

    fn of_digits(&self, digits: &str) -> CodeState {
        let part = |n: usize| digits.get(..n);
        let Some(chapter) = part(2) else {
            return CodeState::TooShort { code: digits.to_owned(), text: None };
        };
        if matches!(chapter, "77" | "98" | "99") {
            return CodeState::Reserved { chapter: chapter.to_owned() };
        }
        let Some((chapter_text, _)) = self.find(chapter) else {
            return CodeState::UnknownChapter { chapter: chapter.to_owned() };
        };
        let Some(heading) = part(4) else {
            return CodeState::TooShort { code: digits.to_owned(), text: Some(chapter_text) };
        };
        let code = digits.get(..digits.len().min(6)).unwrap_or_default().to_owned();
        let Some((heading_text, _)) = self.find(heading) else {
            return CodeState::UnknownHeading { code, chapter: chapter_text };
        };
        if code.len() < 6 {
            return CodeState::TooShort { code, text: Some(heading_text) };
        }
        match self.find(&code) {
            Some((text, editions)) => CodeState::Known { code, editions, text },
            None => CodeState::UnknownSubheading { code, heading: heading_text },
        }
    }
}

fn read_row(line: &'static str) -> Option<Row> {
    if line.starts_with('#') {
        return None;
    }
    let mut cells = line.splitn(3, '\t');
    let (code, editions, text) = (cells.next()?, cells.next()?, cells.next()?);
    let editions = Editions { hs2022: matches!(editions, "1" | "3"), hs2017: matches!(editions, "2" | "3") };
    Some(Row { code, editions, text })
}

/// The digits of a code as written; `None` if there is anything else in it.
pub(super) fn read_digits(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(12);
    for c in text.trim().chars() {
        match c {
            '0'..='9' if digits.len() < 12 => digits.push(c),
            '.' | '-' | ' ' | '\u{a0}' => {}
            _ => return None,
        }
    }
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(code: &str) -> CodeState {
        Nomenclature::shipped().state(code)
    }

    #[test]
    fn both_editions_are_there_whole() {
        let rows = &Nomenclature::shipped().rows;
        let six =
            |of: fn(&Editions) -> bool| rows.iter().filter(|r| r.code.len() == 6 && of(&r.editions)).count();
        assert_eq!(six(|e| e.hs2022), 5613);
        assert_eq!(six(|e| e.hs2017), 5388);
        assert!(rows.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn a_code_is_what_the_nomenclature_says() {
        assert!(state("854231").is_known());
        assert!(state("8542.31.00.10").is_known(), "national digits are let be");
        assert!(matches!(state("854231 90"), CodeState::Known { .. }));
        assert!(matches!(state("8542"), CodeState::TooShort { text: Some(_), .. }));
        assert!(matches!(state("85"), CodeState::TooShort { text: Some(_), .. }));
        assert!(matches!(state("8"), CodeState::TooShort { text: None, .. }));
        assert!(matches!(state("854277"), CodeState::UnknownSubheading { .. }));
        assert!(matches!(state("8599.10"), CodeState::UnknownHeading { .. }));
        assert!(matches!(state("007700"), CodeState::UnknownChapter { .. }));
        for reserved in ["770000", "9801.00", "99999999"] {
            assert!(matches!(state(reserved), CodeState::Reserved { .. }), "{reserved}");
        }
        for bad in ["8542x1", "n/a", "1234567890123"] {
            assert_eq!(state(bad), CodeState::Malformed, "{bad}");
        }
        assert_eq!(state(" "), CodeState::Empty);
        assert!(matches!(state("10121"), CodeState::LostZero { .. }), "0101.21 in a spreadsheet");
    }

    #[test]
    fn editions_are_told_apart_in_words() {
        for (code, before) in BEFORE_2022 {
            let words = state(code).words();
            assert!(words.contains("HS 2022 only") && words.contains(before), "{words}");
        }
        assert!(state("854890").words().contains("HS 2017 only"), "{}", state("854890"));
        assert!(!state("848210").words().contains("only"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_a_state_and_words(text in "\\PC{0,20}") {
            proptest::prop_assert!(!state(&text).words().is_empty());
        }

        #[test]
        fn national_digits_change_nothing(digits in "[0-9]{6}", more in "[0-9]{2}|[0-9]{4}") {
            let (short, long) = (state(&digits), state(&format!("{digits}{more}")));
            proptest::prop_assert_eq!(short.is_known(), long.is_known());
        }
    }
}
