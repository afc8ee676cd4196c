//! A name field → the parts of it that may each name a party.
//!
//! Shipping papers put more than a name into the name field: `c/o`, `d/b/a`,
//! `attn`, telephone numbers, streets. Each part is screened by itself, and the
//! whole field too, so that a part can only add a hit, never hide one.

use super::fold::fold_words;
use super::lexicon::{Lexicon, Marker, MarkerKind};

/// A stretch of a name field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldPart {
    pub text: String,
    /// In plain words, which part it is; empty for the whole field.
    pub say: String,
    pub kind: PartKind,
}

/// What sets a part of a field off.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum PartKind {
    /// Nothing: it is the whole field.
    #[default]
    Whole,
    /// A marker such as `c/o`.
    Marked,
    /// A bracket, a comma or the like.
    Unmarked,
    /// The place or branch words at its end are left out.
    WithoutPlace,
}

/// A word of the field with the bytes it comes from.
struct Word {
    text: String,
    start: usize,
    end: usize,
}

/// The whole field first, then each part that may name somebody; no part
/// twice. At least one part, which may be empty.
#[must_use]
pub fn split_field(lexicon: &Lexicon, field: &str) -> Vec<FieldPart> {
    let field = field.trim();
    let mut parts = vec![FieldPart { text: field.to_owned(), say: String::new(), kind: PartKind::Whole }];
    let mut add = |text: &str, say: &str, kind: PartKind| {
        let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '/'));
        if text.chars().filter(|c| c.is_alphabetic()).count() >= 2
            && parts.len() < MAX_PARTS
            && !parts.iter().any(|part| part.text == text)
        {
            parts.push(FieldPart { text: text.to_owned(), say: say.to_owned(), kind });
        }
    };
    split_brackets(field, &mut add);
    split_separators(field, &mut add);
    let words = words_with_bytes(field);
    let mut from = 0;
    let mut say = "the name before the first marker";
    let mut i = 0;
    let mut in_tail = false;
    while i < words.len() {
        let Some((marker, length)) = marker_at(lexicon, &words[i..], i > 0, field) else {
            i += 1;
            continue;
        };
        if !in_tail && i > from {
            add(&field[words[from].start..words[i - 1].end], say, PartKind::Marked);
        }
        match marker.kind {
            MarkerKind::Link => {
                in_tail = false;
                say = &marker.say;
            }
            MarkerKind::Tail { names_party, .. } => {
                in_tail = !names_party;
                say = &marker.say;
            }
        }
        i += length;
        from = i;
    }
    if from > 0 && !in_tail && from < words.len() {
        add(&field[words[from].start..words[words.len() - 1].end], say, PartKind::Marked);
    }
    for (text, from) in parts.iter().map(|part| (part.text.clone(), part.kind)).collect::<Vec<_>>() {
        if from != PartKind::Unmarked
            && parts.len() < MAX_PARTS
            && let Some(without) = without_place(lexicon, &text)
            && !parts.iter().any(|part| part.text == without)
        {
            let say = "the name without the place behind it".to_owned();
            parts.push(FieldPart { text: without.to_owned(), say, kind: PartKind::WithoutPlace });
        }
    }
    parts
}

/// More parts are not looked at.
const MAX_PARTS: usize = 12;

/// The text without the words for places and branches at its end, if it has
/// any and two words that tell or one long one are left.
fn without_place<'t>(lexicon: &Lexicon, text: &'t str) -> Option<&'t str> {
    let words = words_with_bytes(text);
    let mut end = words.len();
    while end > 0 {
        let folded: Vec<String> = words[..end].iter().map(|word| word.text.clone()).collect();
        let place = lexicon.place_at_end(&folded).map(|length| end - length);
        let number = || folded[end - 1].bytes().all(|b| b.is_ascii_digit()) && end < words.len();
        match place {
            Some(from) => end = from,
            None if number()
                || matches!(folded[end - 1].as_str(), "no" | "the" | "of") && end < words.len() =>
            {
                end -= 1;
            }
            None => break,
        }
    }
    (end > 0 && end < words.len()).then(|| &text[..words[end - 1].end])
}

fn words_with_bytes(field: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for (start, piece) in pieces(field) {
        for text in fold_words(piece).words {
            words.push(Word { text, start, end: start + piece.len() });
        }
    }
    words
}

/// The stretches between white space, slashes and the like, with their place.
fn pieces(field: &str) -> impl Iterator<Item = (usize, &str)> {
    field
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | ':' | ',' | ';' | '(' | ')' | '#'))
        .filter(|piece| !piece.is_empty())
        .map(move |piece| (piece.as_ptr() as usize - field.as_ptr() as usize, piece))
}

/// The longest marker that the words begin with. Single short markers that are
/// also words (`att`, `st`) count only in the middle of a field.
fn marker_at<'l>(
    lexicon: &'l Lexicon,
    words: &[Word],
    inside: bool,
    field: &str,
) -> Option<(&'l Marker, usize)> {
    let markers = lexicon.markers.get(&words.first()?.text)?;
    markers.iter().find_map(|marker| {
        let length = marker.words.len();
        let fits = length <= words.len()
            && marker.words.iter().zip(words).all(|(expected, word)| *expected == word.text);
        if !fits {
            return None;
        }
        let next_is_number = words.get(length).is_some_and(|w| w.text.bytes().any(|b| b.is_ascii_digit()));
        let allowed = match marker.kind {
            MarkerKind::Link => {
                // `c o`, `a c` and the like must be written with a slash.
                marker.words.iter().any(|w| w.len() > 1)
                    || field.get(words[0].start..words[length - 1].end).is_some_and(|t| t.contains('/'))
            }
            MarkerKind::Tail { needs_number, .. } => inside && (!needs_number || next_is_number),
        };
        allowed.then_some((marker, length))
    })
}

fn split_brackets(field: &str, add: &mut impl FnMut(&str, &str, PartKind)) {
    let Some(open) = field.find(['(', '[', '（']) else { return };
    let Some(close) = field[open..].find([')', ']', '）']).map(|at| open + at) else {
        add(&field[..open], "the name before the bracket", PartKind::Unmarked);
        return;
    };
    let inner_start = open + field[open..].chars().next().map_or(1, char::len_utf8);
    let after = close + field[close..].chars().next().map_or(1, char::len_utf8);
    add(
        &format!("{} {}", &field[..open], &field[after..]),
        "the name without the brackets",
        PartKind::Unmarked,
    );
    add(&field[inner_start..close], "the name in brackets", PartKind::Unmarked);
}

/// A slash without blanks between names of two words and more; that of `c/o`
/// and `M/V` stands between letters.
fn split_slashes(field: &str, add: &mut impl FnMut(&str, &str, PartKind)) {
    let is_word = |letters: &mut dyn Iterator<Item = char>| {
        letters.take(MIN_BESIDE_SLASH).filter(|c| c.is_alphabetic()).count() == MIN_BESIDE_SLASH
    };
    let divides = |at: &usize| {
        let (before, after) = (&field[..*at], &field[at + 1..]);
        is_word(&mut before.chars().rev()) && is_word(&mut after.chars())
    };
    let slashes: Vec<usize> = field.match_indices('/').map(|(at, _)| at).filter(divides).collect();
    let mut from = 0;
    for to in slashes.iter().copied().chain((!slashes.is_empty()).then_some(field.len())) {
        let piece = &field[from..to];
        if fold_words(piece).words.len() >= 2 {
            add(piece, "one of the names in the field", PartKind::Marked);
        }
        from = to + 1;
    }
}

/// Letters beside a slash that divides names.
const MIN_BESIDE_SLASH: usize = 3;

/// ` / `, ` - `, `;` and `|` between names.
fn split_separators(field: &str, add: &mut impl FnMut(&str, &str, PartKind)) {
    for separator in [" / ", " // ", ";", "|", " - ", " – "] {
        if field.contains(separator) {
            for piece in field.split(separator) {
                add(piece, "one of the names in the field", PartKind::Unmarked);
            }
        }
    }
    split_slashes(field, add);
    if let Some((before, _)) = field.split_once(',') {
        // The comma of `LAST, First` divides nothing; that of
        // `COMPANY LTD, City` does: the part must hold two words.
        if before.split_whitespace().count() >= 2 {
            add(before, "the name before the comma", PartKind::Unmarked);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(field: &str) -> Vec<String> {
        split_field(Lexicon::shipped(), field).into_iter().map(|part| part.text).collect()
    }

    #[test]
    fn every_name_in_a_field_becomes_a_part() {
        for (field, wanted) in [
            ("DEUTZ AG A/C DEFENDERS OF THE FAITH", "DEFENDERS OF THE FAITH"),
            ("TO ORDER OF SEAFIRE FOUNDATION", "SEAFIRE FOUNDATION"),
            ("GAZ GROUP TEL +91706971209 Novosibirsk", "GAZ GROUP"),
            ("ACME TRADING C/O JATRONICS SDN BHD", "JATRONICS SDN BHD"),
            ("ACME TRADING C/O JATRONICS SDN BHD", "ACME TRADING"),
            ("Sergei AFANASYEV / AOZORA BANK, LTD", "Sergei AFANASYEV"),
            ("Al-Qa'ida/Islamic Army", "Al-Qa'ida"),
            ("ACME (formerly JATRONICS)", "formerly JATRONICS"),
            ("KUMBYOL TRADING ATTN: MR KIM", "MR KIM"),
            ("NOTIFY: Abu-Qatadah AL-ALBANI", "Abu-Qatadah AL-ALBANI"),
            ("HATEF SHIPPING COMPANY LIMITED, KOWLOON OFFICE", "HATEF SHIPPING COMPANY LIMITED"),
        ] {
            assert!(texts(field).iter().any(|text| text == wanted), "{field}: {:?}", texts(field));
        }
    }

    #[test]
    fn a_plain_name_has_one_part() {
        for field in ["JATRONICS SDN BHD", "AL-JAMAL, Sa'id Ahmad", "C O TRADING", "ALPHA/BETA", ""] {
            assert_eq!(texts(field), [field]);
        }
    }

    proptest::proptest! {
        #[test]
        fn splitting_any_field_keeps_the_whole_first(field in "\\PC{0,60}") {
            let parts = split_field(Lexicon::shipped(), &field);
            proptest::prop_assert_eq!(&parts[0].text, field.trim());
            proptest::prop_assert!(parts.len() <= MAX_PARTS);
        }
    }
}
