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
