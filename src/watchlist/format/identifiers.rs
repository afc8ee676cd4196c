//! What a number is, by the words that stand before it. The table is
//! `rules/formats/identifiers.toml`; all readers use it.

use std::sync::LazyLock;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};
use crate::trade::{CountryCode, Identifier, IdentifierKind};

const FILE: &str = include_str!("../../../rules/formats/identifiers.toml");

/// Words and what a number after them is.
pub(super) struct Label {
    pub words: String,
    pub kind: IdentifierKind,
    /// Stands before the number where two series of a kind must not be mixed.
    pub prefix: String,
}

impl Label {
    /// A number under these words. A number of no kind keeps its words.
    pub fn identifier(&self, number: &str, country: Option<CountryCode>) -> Identifier {
        let value = match self.kind {
            IdentifierKind::Other => format!("{} {number}", self.words),
            _ => format!("{}{number}", self.prefix),
        };
        Identifier { kind: self.kind, value, country }
    }
}

/// What the table says.
struct Words {
    /// Longest words first.
    labels: Vec<Label>,
    facts: Vec<String>,
}

static WORDS: LazyLock<(Words, Diagnostics)> = LazyLock::new(|| {
    let mut out = Diagnostics::default();
    let file = SourceFile::new("rules/formats/identifiers.toml", FILE);
    let document = parse_toml(&file, &mut out);
    let mut top = Table::document(&file, &document);
    top.pack(&mut out);
    let keys = IdentifierKind::ALL.map(IdentifierKind::key);
    let mut labels = Vec::new();
    for mut table in top.tables("identifier", &mut out) {
        let kind = table.word("kind", &keys, IdentifierKind::from_key, &mut out);
        let prefix = table.opt_string("prefix", &mut out).unwrap_or_default();
        for words in table.strings("words", &mut out) {
            labels.extend(kind.map(|kind| Label { words, kind, prefix: prefix.clone() }));
        }
        table.finish(&mut out);
    }
    let mut facts = Vec::new();
    for mut table in top.tables("fact", &mut out) {
        facts.extend(table.strings("words", &mut out));
        table.finish(&mut out);
    }
    top.finish(&mut out);
    labels.sort_by_key(|label| std::cmp::Reverse(label.words.len()));
    (Words { labels, facts }, out)
});

/// Whether what stands under these words is a fact about a party and no number.
pub(super) fn is_fact(words: &str) -> bool {
    WORDS.0.facts.iter().any(|fact| {
        words.get(..fact.len()).is_some_and(|head| head.eq_ignore_ascii_case(fact))
            && !words.get(fact.len()..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
    })
}

/// The longest known words that a text begins with, and what follows them.
pub(super) fn split(text: &str) -> Option<(&'static Label, &str)> {
    WORDS.0.labels.iter().find_map(|label| Some((label, after_words(text, &label.words)?)))
}

/// A number under the words that its publisher calls it by. Words that the
/// table does not have are kept with the number.
pub(super) fn named(words: &str, number: &str, country: Option<CountryCode>) -> Identifier {
    let (words, number) = (words.trim().trim_end_matches(':'), number.trim());
    let known =
        WORDS.0.labels.iter().find(|label| label.words.trim_end_matches(':').eq_ignore_ascii_case(words));
    known.map_or_else(
        || Identifier {
            kind: IdentifierKind::Other,
            value: format!("{words} {number}").trim().to_owned(),
            country,
        },
        |label| label.identifier(number, country),
    )
}

/// What follows the words, if the text begins with them as whole words.
fn after_words<'p>(text: &'p str, words: &str) -> Option<&'p str> {
    let head = text.get(..words.len())?;
    let rest = text.get(words.len()..)?;
    let whole = rest.starts_with([' ', ':', '+', '(']);
    (head.eq_ignore_ascii_case(words) && whole).then(|| rest.trim_start_matches([' ', ':', '#']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_words_has_no_mistakes() {
        assert!(WORDS.1.is_empty(), "{:?}", WORDS.1);
        assert!(WORDS.0.labels.len() > 80);
    }

    #[test]
    fn unknown_words_stay_with_their_number() {
        assert_eq!(named("passport:", " K1 ", None).kind, IdentifierKind::Passport);
        let odd = named("Moon licence", "7", None);
        assert_eq!((odd.kind, odd.value.as_str()), (IdentifierKind::Other, "Moon licence 7"));
    }
}
