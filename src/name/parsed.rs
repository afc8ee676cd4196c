//! A name as the matching sees it.

use std::sync::Arc;

use crate::trade::PartyKind;

use super::fold::{Folded, fold_words};
use super::lexicon::{Lexicon, phrase_at};
use super::sound::{outline, skeleton};
use super::token::{Key, Token, TokenClass, letter_set};

/// Longest name that is compared, in words; the rest is cut off. Twice the
/// longest name on any list.
const MAX_WORDS: usize = 64;

/// A name, parsed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Name {
    pub tokens: Vec<Token>,
    /// Letters in a script that could not be read.
    pub unsupported_letters: usize,
    /// The text fills a 35-character field to the brim, so its last word may
    /// be cut off (UN/EDIFACT name fields are `an..35`).
    pub may_be_cut: bool,
    /// It tells anybody from anybody else: it has a token that is more than a
    /// legal form, business word, place, particle or initial.
    distinctive: bool,
}

/// What a word weighs at most where a name has small words only.
const SMALL_WORDS_WEIGHT: f32 = 0.4;

const PARTICLE_WEIGHT: f32 = 0.1;

/// Width of a party name line in UN/EDIFACT messages (data element 3036).
const EDI_NAME_WIDTH: usize = 35;

impl Name {
    /// Parses one name. `kind` decides which titles are stripped, and that a
    /// person's name holds no legal forms.
    #[must_use]
    pub fn parse(lexicon: &Lexicon, text: &str, kind: PartyKind) -> Self {
        let mut folded = fold_words(text);
        let words: Vec<Piece> = std::mem::take(&mut folded.words).into_iter().map(Piece::plain).collect();
        let words = take_apart(lexicon, words, kind, folded.vowelless);
        Self::of_words(lexicon, text, kind, &folded, words)
    }

    /// The same, and beside it the name with every word as it is written, if
    /// parsing takes one apart: `Tonghung` is `tong hung`, but `Toghung` is one
    /// word that is hardly wrong.
    #[must_use]
    pub fn parse_listed(lexicon: &Lexicon, text: &str, kind: PartyKind) -> (Self, Option<Self>) {
        let folded = fold_words(text);
        let plain = || folded.words.iter().cloned().map(Piece::plain).collect::<Vec<_>>();
        let of_words = |words| Self::of_words(lexicon, text, kind, &folded, words);
        let divided = take_apart(lexicon, plain(), kind, folded.vowelless);
        let is_divided = divided.len() > folded.words.len();
        (of_words(divided), is_divided.then(|| of_words(plain())))
    }

    fn of_words(
        lexicon: &Lexicon,
        text: &str,
        kind: PartyKind,
        folded: &Folded,
        mut words: Vec<Piece>,
    ) -> Self {
        words.truncate(MAX_WORDS);
        let title = titles_before(lexicon, &words, kind);
        words.drain(..title);
        words.truncate(words.len() - titles_behind(lexicon, &words, kind));
        if !matches!(kind, PartyKind::Person | PartyKind::Vessel) && !folded.vowelless {
            for piece in &mut words {
                if let Some(known) = lexicon.respell(&piece.word) {
                    piece.word = known.to_owned();
                }
            }
        }
        let (words, written): (Vec<String>, Vec<String>) =
            words.into_iter().map(|piece| (piece.word, piece.written)).unzip();
        let mut tokens = Vec::with_capacity(words.len());
        let mut i = 0;
        while i < words.len() {
            let (mut token, length) = token_at(lexicon, &words, i, kind);
            written[i..i + length].join(" ").trim().clone_into(&mut token.written);
            tokens.push(token);
            i += length;
        }
        let distinctive = is_distinctive(&tokens);
        if !tokens.iter().any(|token| token.class.is_anchor()) {
            // Nothing but small words: they are all there is.
            tokens = words.iter().map(|word| plain_token(lexicon, word, TokenClass::Word)).collect();
            for token in &mut tokens {
                token.weight = token.weight.min(SMALL_WORDS_WEIGHT);
            }
        }
        let is_particle = |token: &Token| lexicon.particle_without_vowels.contains(&token.text);
        // A name of nothing else keeps it as its word.
        let more =
            folded.vowelless && tokens.iter().any(|token| token.class.is_anchor() && !is_particle(token));
        for token in &mut tokens {
            if let Some((_, other)) = folded.others.iter().find(|(word, _)| *word == token.text) {
                token.other_sound = Key::of(&lexicon.sound(other));
            }
            if folded.vowelless {
                token.vowelless = true;
                if more && is_particle(token) {
                    (token.class, token.weight) = (TokenClass::Particle, PARTICLE_WEIGHT);
                } else if token.class == TokenClass::Word {
                    token.weight = token.weight.min(lexicon.abjad_weight(&token.abjad));
                }
            }
        }
        let length = text.trim().chars().count();
        Self {
            tokens,
            unsupported_letters: folded.unsupported_letters,
            // A blank at the cut is lost.
            may_be_cut: (EDI_NAME_WIDTH - 1..=EDI_NAME_WIDTH).contains(&length),
            distinctive,
        }
    }

    /// The token of a word that several words were joined to.
    #[must_use]
    pub(crate) fn joined_token(lexicon: &Lexicon, text: String, vowelless: bool) -> Token {
        let sound = lexicon.sound(&text);
        let abjad = if vowelless { lexicon.abjad(&text) } else { String::new() };
        Token {
            text_key: Key::of(&text),
            sound_key: Key::of(&sound),
            skeleton: Key::default(),
            abjad_key: Key::of(&abjad),
            abjad,
            outline: outline(&text),
            other_sound: Key::default(),
            letters: letter_set(&text),
            vowelless,
            variant: None,
            class: TokenClass::Word,
            place: false,
            weight: lexicon.word_weight(&text) * length_factor(&text),
            sound,
            written: text.clone(),
            text,
        }
    }

    /// Parses the street part of an address, so that two addresses can be
    /// compared like names. House and floor numbers count as numbers.
    #[must_use]
    pub fn parse_address(lexicon: &Lexicon, text: &str) -> Self {
        let folded = fold_words(text);
        let tokens = folded
            .words
            .iter()
            .take(MAX_WORDS)
            .map(|word| match lexicon.address_words.get(word) {
                Some(canonical) => {
                    let mut token = plain_token(lexicon, canonical, TokenClass::Particle);
                    token.written.clone_from(word);
                    token
                }
                None if word.bytes().any(|b| b.is_ascii_digit()) => {
                    let mut token = plain_token(lexicon, house_number(word), TokenClass::Number);
                    token.written.clone_from(word);
                    token
                }
                None if phrase_at(&lexicon.places, std::slice::from_ref(word)).is_some() => {
                    plain_token(lexicon, word, TokenClass::Place)
                }
                None => plain_token(lexicon, word, TokenClass::Word),
            })
            .collect();
        Self { tokens, unsupported_letters: folded.unsupported_letters, may_be_cut: false, distinctive: true }
    }

    /// Whether a legal form of a company is part of the name, so that it is no
    /// person's.
    #[must_use]
    pub fn has_legal_form(&self) -> bool {
        self.tokens.iter().any(|token| token.class == TokenClass::Legal)
    }

    /// Weight of the words that tell: neither legal forms, business words,
    /// places, particles nor initials.
    #[must_use]
    pub fn word_weight(&self) -> f32 {
        self.tokens.iter().filter(|t| t.class == TokenClass::Word).map(|t| t.weight).sum()
    }

    /// Whether an address names a house: a number and a word, or three words.
    #[must_use]
    pub fn names_a_house(&self) -> bool {
        let count = |class| self.tokens.iter().filter(|t| t.class == class).count();
        let words = count(TokenClass::Word);
        (words >= 1 && count(TokenClass::Number) >= 1) || words >= 3
    }

    /// Whether the name tells anybody from anybody else.
    #[must_use]
    pub fn is_distinctive(&self) -> bool {
        self.distinctive
    }
}

fn is_distinctive(tokens: &[Token]) -> bool {
    let number = |t: &Token| t.class == TokenClass::Number && t.text.len() > 2;
    tokens.iter().any(|t| t.class == TokenClass::Word || number(t))
        || tokens.iter().filter(|t| !matches!(t.class, TokenClass::Legal | TokenClass::Small)).count() >= 2
}

/// `04` → `4`, `7th` → `7`, `16f` → `16`; `19c` stays another door than `19`.
fn house_number(word: &str) -> &str {
    let word = word.trim_start_matches('0');
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    match word.split_at_checked(digits) {
        Some((number, "st" | "nd" | "rd" | "th" | "f" | "fl")) if digits > 0 => number,
        _ if word.is_empty() => "0",
        _ => word,
    }
}

/// A word, and the letters of the text it stands for.
struct Piece {
    word: String,
    written: String,
}

impl Piece {
    fn plain(word: String) -> Self {
        Self { written: word.clone(), word }
    }
}

/// Words that were written together, taken apart: a legal form from its name,
/// compound names, and words that are all known.
fn take_apart(lexicon: &Lexicon, words: Vec<Piece>, kind: PartyKind, vowelless: bool) -> Vec<Piece> {
    if kind == PartyKind::Vessel {
        return words;
    }
    let person = kind == PartyKind::Person;
    let alone = words.len() == 1;
    let mut apart = Vec::with_capacity(words.len() + 1);
    for piece in words {
        let word = piece.word.as_str();
        let own = |part: &str| Piece::plain(part.to_owned());
        if let Some(parts) = lexicon.compound(word) {
            apart.extend(
                parts.iter().map(|(word, written)| Piece {
                    word: (*word).to_owned(),
                    written: (*written).to_owned(),
                }),
            );
        } else if vowelless {
            apart.push(piece);
        } else if !alone && let Some(parts) = lexicon.compound_alone(word) {
            apart.extend(parts.iter().enumerate().map(|(i, part)| Piece {
                word: part.clone(),
                written: if i == 0 { word.to_owned() } else { String::new() },
            }));
        } else if let Some((article, rest)) = lexicon.article(word) {
            apart.extend([own(article), own(rest)]);
        } else if !person && let Some((head, tail)) = lexicon.unglue(word) {
            apart.extend([own(head), own(tail)]);
        } else if let Some(parts) = lexicon.known_parts(word, person) {
            apart.extend(parts.into_iter().map(own));
        } else {
            apart.push(piece);
        }
    }
    apart
}

/// How many words at the beginning are titles; at least one word is left.
fn titles_before(lexicon: &Lexicon, words: &[Piece], kind: PartyKind) -> usize {
    let mut maps = Vec::with_capacity(2);
    if matches!(kind, PartyKind::Person | PartyKind::Unknown) {
        maps.push(&lexicon.person_titles);
    }
    if matches!(kind, PartyKind::Vessel | PartyKind::Unknown) {
        maps.push(&lexicon.vessel_titles);
    }
    if maps.is_empty() {
        return 0;
    }
    let words: Vec<String> = words.iter().map(|piece| piece.word.clone()).collect();
    let mut from = 0;
    while let Some(length) = maps.iter().filter_map(|map| phrase_at(map, &words[from..])).max() {
        // `M S TRADING` of an organisation is no title: a person or vessel
        // title is followed by at least one longer word.
        let left = words.len() - from;
        if length >= left || (kind == PartyKind::Unknown && length == 1 && left < 3) {
            break;
        }
        from += length;
    }
    from
}

/// How many words at the end are titles of a person; two words are left.
fn titles_behind(lexicon: &Lexicon, words: &[Piece], kind: PartyKind) -> usize {
    if kind != PartyKind::Person {
        return 0;
    }
    let is_title =
        |piece: &&Piece| phrase_at(&lexicon.person_titles, std::slice::from_ref(&piece.word)) == Some(1);
    words.iter().skip(2).rev().take_while(is_title).count()
}

/// The token that begins at word `i` and how many words it takes.
fn token_at(lexicon: &Lexicon, words: &[String], i: usize, kind: PartyKind) -> (Token, usize) {
    let word = &words[i];
    if kind != PartyKind::Person
        && let Some(phrases) = lexicon.legal.get(word)
        && let Some((rest, id)) = phrases.iter().find(|(rest, _)| words[i + 1..].starts_with(rest))
    {
        return (legal_token(id), 1 + rest.len());
    }
    if let Some(number) = number_at(lexicon, words, i, kind) {
        return (plain_token(lexicon, &number, TokenClass::Number), 1);
    }
    let mut token = plain_token(lexicon, class_text(lexicon, word, kind), class_of(lexicon, words, i, kind));
    token.place = token.class == TokenClass::Place || is_in_place(lexicon, words, i);
    (token, 1)
}

/// The word that all spellings of a business word count as; else the word.
fn class_text<'w>(lexicon: &'w Lexicon, word: &'w str, kind: PartyKind) -> &'w str {
    match lexicon.business.get(word) {
        Some(canonical) if !matches!(kind, PartyKind::Person | PartyKind::Vessel) => canonical,
        _ => word,
    }
}

fn class_of(lexicon: &Lexicon, words: &[String], i: usize, kind: PartyKind) -> TokenClass {
    let word = &words[i];
    let person = kind == PartyKind::Person;
    if lexicon.stop.contains(word) && !(word.len() == 1 && person) {
        return if lexicon.particle.contains(word) && person {
            TokenClass::Particle
        } else {
            TokenClass::Small
        };
    }
    if word.len() == 1 {
        return TokenClass::Initial;
    }
    if kind == PartyKind::Vessel {
        // Ships have few words to their name, and each tells.
        return TokenClass::Word;
    }
    if lexicon.particle.contains(word) {
        return TokenClass::Particle;
    }
    if person {
        return TokenClass::Word;
    }
    if lexicon.business.contains_key(word) {
        TokenClass::Business
    } else if is_in_place(lexicon, words, i) {
        // A place of several words stays several tokens, so that it can still
        // meet a name that is written in one.
        TokenClass::Place
    } else {
        TokenClass::Word
    }
}

/// Whether word `i` stands within a place name of several words.
fn is_in_place(lexicon: &Lexicon, words: &[String], i: usize) -> bool {
    (i.saturating_sub(3)..=i)
        .any(|from| phrase_at(&lexicon.places, &words[from..]).is_some_and(|length| from + length > i))
}

fn number_at(lexicon: &Lexicon, words: &[String], i: usize, kind: PartyKind) -> Option<String> {
    let word = &words[i];
    if word.bytes().all(|b| b.is_ascii_digit()) {
        let trimmed = word.trim_start_matches('0');
        return Some(if trimmed.is_empty() { "0".to_owned() } else { trimmed.to_owned() });
    }
    if kind == PartyKind::Person {
        return None;
    }
    let number = lexicon.numbers.get(word)?;
    // `I`, `V` and `X` are letters unless they close a name; `one` and `first`
    // may stand anywhere but alone.
    let closes = i > 0 && i + 1 == words.len();
    ((word.len() > 1 && words.len() > 1) || closes).then(|| number.to_string())
}

fn legal_token(id: &Arc<str>) -> Token {
    Token {
        text: id.to_string(),
        written: String::new(),
        text_key: Key::of(id),
        sound: String::new(),
        sound_key: Key::default(),
        other_sound: Key::default(),
        skeleton: Key::default(),
        abjad_key: Key::default(),
        abjad: String::new(),
        outline: Key::default(),
        letters: 0,
        vowelless: false,
        variant: None,
        class: TokenClass::Legal,
        place: false,
        weight: 0.06,
    }
}

/// Short words meet by chance: there are few of them, and acronyms use them up.
fn length_factor(word: &str) -> f32 {
    match word.len() {
        0..=2 => 0.45,
        3 => 0.6,
        4 => 0.85,
        _ => 1.0,
    }
}

fn plain_token(lexicon: &Lexicon, word: &str, class: TokenClass) -> Token {
    let sound = match class {
        TokenClass::Number => word.to_owned(),
        _ => lexicon.sound(word),
    };
    let base = lexicon.word_weight(word);
    let weight = match class {
        TokenClass::Word => base * length_factor(word),
        TokenClass::Number => 0.5,
        TokenClass::Initial => 0.12,
        TokenClass::Particle => PARTICLE_WEIGHT,
        TokenClass::Business => base * 0.4,
        TokenClass::Place => base * 0.6,
        TokenClass::Legal => 0.06,
        TokenClass::Small => 0.03,
    };
    let abjad = lexicon.abjad(word);
    Token {
        text: word.to_owned(),
        text_key: Key::of(word),
        written: word.to_owned(),
        sound_key: Key::of(&sound),
        skeleton: skeleton(&sound),
        abjad_key: Key::of(&abjad),
        abjad,
        outline: outline(word),
        letters: letter_set(word),
        other_sound: lexicon.other_sound(word, &sound),
        place: class == TokenClass::Place,
        vowelless: false,
        variant: if class == TokenClass::Word { lexicon.variants.get(word).copied() } else { None },
        sound,
        class,
        weight,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str, kind: PartyKind) -> Vec<(String, TokenClass)> {
        let name = Name::parse(Lexicon::shipped(), text, kind);
        name.tokens.into_iter().map(|t| (t.text, t.class)).collect()
    }

    #[test]
    fn legal_forms_in_any_spelling_become_one_token() {
        use TokenClass::{Legal, Word};
        for text in ["SIS d.o.o.", "SIS DOO", "SIS Limited Liability Company", "ООО СИС"] {
            let mut tokens = parsed(text, PartyKind::Organization);
            tokens.sort();
            assert_eq!(tokens, [("llc".to_owned(), Legal), ("sis".to_owned(), Word)], "{text}");
        }
    }

    #[test]
    fn a_name_never_shrinks_to_nothing() {
        for text in ["CORP.", "The And Of", "A-B-C Company", "SA", "Company Limited", "Mr", "I"] {
            for kind in [PartyKind::Unknown, PartyKind::Organization, PartyKind::Person, PartyKind::Vessel] {
                assert!(!parsed(text, kind).is_empty(), "{text} {kind:?}");
            }
        }
    }

    #[test]
    fn titles_and_vessel_prefixes_are_no_part_of_the_name() {
        assert_eq!(parsed("Mr. Viktor YANUKOVYCH Jr.", PartyKind::Person).len(), 2);
        assert_eq!(parsed("M/V NYMEX STAR", PartyKind::Vessel).len(), 2);
    }

    #[test]
    fn generic_names_are_not_distinctive() {
        let distinctive =
            |text: &str| Name::parse(Lexicon::shipped(), text, PartyKind::Organization).is_distinctive();
        assert!(distinctive("JATRONICS SDN BHD"));
        assert!(distinctive("Bank of China Limited"));
        assert!(!distinctive("Company Limited"));
        assert!(!distinctive("Trading Co., Ltd."));
    }

    proptest::proptest! {
        #[test]
        fn parsing_any_text_is_safe_and_weights_stay_in_range(text in "\\PC*") {
            for kind in [PartyKind::Unknown, PartyKind::Person, PartyKind::Vessel] {
                for token in Name::parse(Lexicon::shipped(), &text, kind).tokens {
                    proptest::prop_assert!(token.weight > 0.0 && token.weight <= 1.0);
                    proptest::prop_assert!(!token.text.is_empty());
                }
            }
        }
    }
}
