//! A document number in a sentence: `Tunisian passport number L 191609 issued
//! on 28 Feb. 1996`. Knows where the number begins and ends, not what kind it
//! is.

/// A sentence with a number, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sentence<'t> {
    /// The words before the number; may be empty.
    pub words: &'t str,
    /// Empty when no digit stands in it.
    pub number: &'t str,
    /// What is said after it; may be empty.
    pub said: &'t str,
}

/// Words after which a number follows.
const BEFORE: [&str; 4] = ["number", "no", "code", "card"];
/// Words that end a number.
const AFTER: [&str; 10] =
    ["issued", "issue", "expires", "expired", "expiry", "valid", "under", "on", "in", "alt"];

/// Takes a sentence apart. Without a digit all of it is words.
pub(super) fn take_apart(text: &str) -> Sentence<'_> {
    let text = text.trim();
    // The number begins behind the last word for one that a digit follows.
    let begin = words(text)
        .filter(|(_, word)| BEFORE.iter().any(|known| bare(word).eq_ignore_ascii_case(known)))
        .map(|(at, word)| at + word.len())
        .filter(|&at| text.get(at..).is_some_and(|rest| has_digit(before_end(rest).0)))
        .last()
        .unwrap_or(0);
    let (before, rest) = text.split_at_checked(begin).unwrap_or(("", text));
    let (number, said) = before_end(rest);
    let number = number.trim().trim_end_matches([',', ';', '.', '(']).trim();
    if has_digit(number) {
        Sentence { words: before.trim(), number, said: said.trim() }
    } else {
        Sentence { words: text, number: "", said: "" }
    }
}

/// The text before the first word that ends a number, and the rest.
fn before_end(text: &str) -> (&str, &str) {
    let end = words(text)
        .find(|(at, word)| *at > 0 && AFTER.iter().any(|known| bare(word).eq_ignore_ascii_case(known)));
    end.and_then(|(at, _)| text.split_at_checked(at)).unwrap_or((text, ""))
}

/// Words and where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split_whitespace().map(move |word| (word.as_ptr() as usize - start, word))
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

pub(super) fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_of_their_sentences() {
        for (text, words, number, said) in [
            (
                "Tunisian passport number L 191609 issued on 28 Feb. 1996",
                "Tunisian passport number",
                "L 191609",
                "issued on 28 Feb. 1996",
            ),
            ("CAR diplomatic passport no. D00000898", "CAR diplomatic passport no.", "D00000898", ""),
            ("Italian Fiscal Code: DAOMMD74T11Z352Z", "Italian Fiscal Code:", "DAOMMD74T11Z352Z", ""),
            ("1027739019142 on 25.11.2002", "", "1027739019142", "on 25.11.2002"),
            ("4421, issued in Asmara", "", "4421", "issued in Asmara"),
            ("76 2759110", "", "76 2759110", ""),
            ("issued for another", "issued for another", "", ""),
            ("", "", "", ""),
        ] {
            assert_eq!(take_apart(text), Sentence { words, number, said }, "{text}");
        }
    }
}
