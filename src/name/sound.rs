//! Two shorter forms of a folded word that survive another romanisation or a
//! misspelt vowel.

use super::token::Key;

/// Rewrite rules from `rules/names/sound.toml`: applied from left to right,
/// the longest that fits; then doubled letters are written once.
#[derive(Clone, Debug, Default)]
pub struct SoundRules {
    /// (from, to, only at the end of the word), longest `from` first.
    rules: Vec<(String, String, bool)>,
    /// Rules by first byte: range into `rules` would not survive the sort by
    /// length, so a list of indices.
    by_first: Vec<Vec<usize>>,
}

impl SoundRules {
    /// Rules as (from, to); a `$` at the end of `from` ties it to the end of
    /// the word.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut rules: Vec<(String, String, bool)> = pairs
            .into_iter()
            .filter(|(from, _)| !from.is_empty())
            .map(|(from, to)| match from.strip_suffix('$') {
                Some(body) => (body.to_owned(), to, true),
                None => (from, to, false),
            })
            .collect();
        rules.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(b.2.cmp(&a.2)).then(a.0.cmp(&b.0)));
        let mut by_first = vec![Vec::new(); 256];
        for (i, (from, _, _)) in rules.iter().enumerate() {
            if let Some(first) = from.bytes().next() {
                by_first[usize::from(first)].push(i);
            }
        }
        Self { rules, by_first }
    }

    /// The word as it sounds: `schtscherbakow` and `shcherbakov` agree.
    #[must_use]
    pub fn sound(&self, word: &str) -> String {
        let mut out = String::with_capacity(word.len());
        let mut rest = word;
        'word: while let Some(first) = rest.bytes().next() {
            for &i in &self.by_first[usize::from(first)] {
                let (from, to, at_end) = &self.rules[i];
                if let Some(after) = rest.strip_prefix(from.as_str())
                    && (!at_end || after.is_empty())
                {
                    out.push_str(to);
                    rest = after;
                    continue 'word;
                }
            }
            let mut chars = rest.chars();
            out.extend(chars.next());
            rest = chars.as_str();
        }
        let mut last = None;
        out.retain(|c| last.replace(c) != Some(c) || c.is_ascii_digit());
        out
    }
}

/// The consonants of a sound form, its first letter kept if a vowel:
/// `muhamad`, `mohamed` → `mhmd`; Arabic and Hebrew write little else.
#[must_use]
pub fn skeleton(sound: &str) -> Key {
    let (mut key, mut last) = (Key::default(), None);
    for (i, byte) in sound.bytes().enumerate() {
        let vowel = matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u');
        if vowel && i > 0 {
            continue;
        }
        let byte = if vowel { b'a' } else { byte };
        if last.replace(byte) != Some(byte) {
            key = key.and(byte);
        }
    }
    key
}

/// What scripts without vowels leave of a word whose consonants are brought
/// together: without vowels, `w`, `v` and `y` (which Latin spellings write as
/// vowels) and a closing `h`. Consonants that follow each other, with or without
/// a vowel between them, are one, unless there are no others.
#[must_use]
pub fn abjad(consonants: &str) -> String {
    let mut out = String::with_capacity(consonants.len());
    let mut last = None;
    let mut met = 0;
    let mut letters = consonants.chars().peekable();
    while let Some(c) = letters.next() {
        let key = match c {
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' => out.is_empty().then_some('a'),
            'v' | 'w' => out.is_empty().then_some('v'),
            'h' if letters.peek().is_none() && out.len() > 1 => None,
            c => Some(c),
        };
        met += usize::from(key.is_some());
        if let Some(key) = key.filter(|key| last != Some(*key)) {
            out.push(key);
            last = Some(key);
        }
    }
    out.extend(last.filter(|_| out.len() == 1 && met > 1));
    out
}

/// The outline of a word: letters and pairs of letters that scanners take for
/// one another are written alike.
#[must_use]
pub fn outline(word: &str) -> Key {
    let mut out = [0u8; LONGEST_OUTLINE];
    let mut length = 0usize;
    for byte in word.bytes().take(LONGEST_OUTLINE) {
        let byte = match byte {
            b'0' | b'q' => b'o',
            b'1' | b'i' | b'j' => b'l',
            b'5' => b's',
            b'8' | b'6' => b'b',
            b'9' => b'g',
            b'2' => b'z',
            b'4' => b'a',
            b'e' => b'c',
            b'y' | b'u' => b'v',
            byte => byte,
        };
        let pair = match (length.checked_sub(1).map(|last| out[last]), byte) {
            (Some(b'r'), b'n') => Some(b'm'),
            (Some(b'c'), b'l') => Some(b'd'),
            (Some(b'v'), b'v') => Some(b'w'),
            (Some(b'r'), b'l') => Some(b'n'),
            _ => None,
        };
        length -= usize::from(pair.is_some());
        out[length] = pair.unwrap_or(byte);
        length += 1;
    }
    out[..length].iter().fold(Key::default(), |key, byte| key.and(*byte))
}

/// Letters of a word that are looked at for its outline.
const LONGEST_OUTLINE: usize = 48;
