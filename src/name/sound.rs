//! Two shorter forms of a folded word that survive another romanisation or a
//! misspelt vowel.

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
pub fn skeleton(sound: &str) -> String {
    let mut last = None;
    sound
        .chars()
        .enumerate()
        .filter(|&(i, c)| i == 0 || !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u'))
        .map(|(i, c)| if i == 0 && matches!(c, 'a' | 'e' | 'i' | 'o' | 'u') { 'a' } else { c })
        .filter(|&c| last.replace(c) != Some(c))
        .collect()
}

/// What scripts without vowels leave of a sound form: its consonants without
/// `w`, `v` and `y` (which Latin spellings write as vowels) and without a
/// closing `h`; sounds that romanisations of one letter mix are one.
#[must_use]
pub fn abjad(sound: &str) -> String {
    let mut out = String::with_capacity(sound.len());
    let mut rest = sound;
    let mut last = None;
    while let Some(c) = rest.chars().next() {
        let (key, length) = match c {
            's' | 'c' if rest[1..].starts_with('h') => (Some('x'), 2),
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' => (out.is_empty().then_some('a'), 1),
            'v' | 'w' => (out.is_empty().then_some('v'), 1),
            'h' if rest.len() == 1 && !out.is_empty() => (None, 1),
            'z' | 'd' => (Some('d'), 1),
            'k' | 'g' | 'q' => (Some('k'), 1),
            'b' | 'p' => (Some('b'), 1),
            c => (Some(c), c.len_utf8()),
        };
        rest = &rest[length..];
        if let Some(key) = key.filter(|key| last != Some(*key)) {
            out.push(key);
            last = Some(key);
        }
    }
    out
}

/// The outline of a word: letters and pairs of letters that scanners take for
/// one another are written alike.
#[must_use]
pub fn outline(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        let c = match c {
            '0' | 'q' => 'o',
            '1' | 'i' | 'j' => 'l',
            '5' => 's',
            '8' | '6' => 'b',
            '9' => 'g',
            '2' => 'z',
            '4' => 'a',
            'e' => 'c',
            'y' | 'u' => 'v',
            c => c,
        };
        let pair = match (out.as_bytes().last(), c) {
            (Some(b'r'), 'n') => Some('m'),
            (Some(b'c'), 'l') => Some('d'),
            (Some(b'v'), 'v') => Some('w'),
            (Some(b'r'), 'l') => Some('n'),
            _ => None,
        };
        if pair.is_some() {
            out.pop();
        }
        out.push(pair.unwrap_or(c));
    }
    out
}
