//! Endings of words: what may be cut from a word of a description so that it
//! is the word of a term.
//!
//! Cuts blindly; whoever asks keeps only what is a known word.

/// British and American spellings come to one: fibre and fiber, analogue and
/// analog.
pub(super) fn respell(mut word: String) -> String {
    for (from, to) in [("bre", "ber"), ("tre", "ter"), ("logue", "log")] {
        if word.len() > from.len() + 1 && word.ends_with(from) {
            word.truncate(word.len() - from.len());
            word.push_str(to);
        }
    }
    word
}

/// Endings of plurals and cases in English, German, French, Spanish, Italian,
/// Turkish, and what stands in their place in the basic form.
const ENDINGS: [(&str, &str); 28] = [
    ("s", ""),
    ("ies", "y"),
    ("ie", "y"),
    ("es", ""),
    ("en", ""),
    ("ern", ""),
    ("er", ""),
    ("em", ""),
    ("n", ""),
    ("e", ""),
    ("aux", "al"),
    ("x", ""),
    ("en", "e"),
    ("en", "um"),
    ("i", "o"),
    ("i", "e"),
    ("a", "um"),
    ("ns", "n"),
    ("ed", ""),
    ("a", "o"),
    ("as", "o"),
    ("lar", ""),
    ("ler", ""),
    ("si", ""),
    ("su", ""),
    ("i", ""),
    ("u", ""),
    ("leri", ""),
];

/// Shortest part that must stay of a word.
const STAYS: usize = 4;

/// Calls `known` with every form that a word may be an inflection of, until it
/// says yes.
pub(super) fn forms<R>(word: &str, mut known: impl FnMut(&str) -> Option<R>) -> Option<R> {
    if !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let mut form = String::with_capacity(word.len() + 2);
    for (ending, instead) in ENDINGS {
        let stays = if ending == "s" { STAYS - 1 } else { STAYS };
        let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() >= stays) else { continue };
        form.clear();
        form.push_str(stem);
        form.push_str(instead);
        if let Some(found) = known(&form) {
            return Some(found);
        }
    }
    None
}

/// Endings of Russian words in Latin letters, longest first.
const RUSSIAN: [&str; 53] = [
    "iyami", "yami", "iyakh", "ogo", "ego", "ykh", "ikh", "omu", "emu", "ymi", "imi", "ami", "akh", "yakh",
    "iyam", "uyu", "yuyu", "aya", "yaya", "iey", "iyu", "iya", "oe", "ee", "ye", "ie", "yy", "iy", "oy",
    "ey", "ym", "im", "om", "em", "am", "yam", "ov", "ev", "ii", "ya", "yu", "yh", "ay", "uy", "a", "o", "e",
    "u", "y", "i", "'", "mi", "kh",
];

/// The stem of a Russian word that was folded to Latin letters.
pub(super) fn russian_stem(word: &str) -> &str {
    let mut best = word;
    for ending in RUSSIAN {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.len() >= STAYS
            && stem.len() < best.len()
        {
            best = stem;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_of_a_russian_word_have_one_stem() {
        for words in [
            &["nasos", "nasosa", "nasosy", "nasosov", "nasosami"][..],
            &["vakuumnyy", "vakuumnogo", "vakuumnye", "vakuumnykh"],
            &["kamera", "kamery", "kamer", "kameru"],
        ] {
            let stems: Vec<_> = words.iter().map(|word| russian_stem(word)).collect();
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{stems:?}");
        }
    }

    #[test]
    fn spellings_of_two_continents_are_one() {
        assert_eq!(respell("fibre".into()), "fiber");
        assert_eq!(respell("analogue".into()), "analog");
    }
}
