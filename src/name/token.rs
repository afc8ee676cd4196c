//! One word of a name in its comparable form.

/// What sort of word a token is; decides how much it weighs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TokenClass {
    /// Anything that may tell this name from another.
    Word,
    /// A single letter.
    Initial,
    /// Digits, or a number written otherwise, as digits.
    Number,
    /// `al`, `bin`, `van`.
    Particle,
    /// `trading`, `international` and the like, in one spelling.
    Business,
    /// A city, country or branch word.
    Place,
    /// A legal form; the text is the id of its group.
    Legal,
    /// `of`, `and`, `the`.
    Small,
}

impl TokenClass {
    /// How many classes there are.
    pub const COUNT: usize = 8;

    /// In plain words, for explanations.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Initial => "initial",
            Self::Number => "number",
            Self::Particle => "name particle",
            Self::Business => "business word",
            Self::Place => "place or branch word",
            Self::Legal => "legal form",
            Self::Small => "small word",
        }
    }

    /// Whether meeting such a word alone makes a listed name worth a look.
    #[must_use]
    pub const fn is_anchor(self) -> bool {
        matches!(self, Self::Word | Self::Number | Self::Business | Self::Place)
    }
}

/// One word of a name.
#[derive(Clone, PartialEq, Debug)]
pub struct Token {
    /// Folded; for business words and legal forms the word that all spellings
    /// of the group count as.
    pub text: String,
    /// The folded word(s) it stands for, as in the name.
    pub written: String,
    /// How it sounds; the same for other romanisations of one name.
    pub sound: String,
    /// How it sounds to a reader who takes `x`, `z`, `j` and `c` as Slavic
    /// scholarly or German spelling; empty where that is no other.
    pub other_sound: String,
    /// The consonants of `sound`.
    pub skeleton: String,
    /// What a script without vowels would leave of it.
    pub abjad: String,
    /// Letters that scanners confuse written alike.
    pub outline: String,
    /// The letters and digits in it, a bit each.
    pub letters: u64,
    /// Comes from a script without vowels: only `abjad` is comparable with
    /// words of other scripts.
    pub vowelless: bool,
    /// Group of spelling variants (given names), if the word is in one.
    pub variant: Option<u32>,
    pub class: TokenClass,
    /// Names a place, whatever its class.
    pub place: bool,
    /// How much the word tells: above 0, at most 1.
    pub weight: f32,
}

/// The letters and digits of a folded word, a bit each.
#[must_use]
pub fn letter_set(word: &str) -> u64 {
    word.bytes().fold(0, |set, byte| {
        set | match byte {
            b'a'..=b'z' => 1 << (byte - b'a'),
            b'0'..=b'9' => 1 << (26 + (byte - b'0')),
            _ => 0,
        }
    })
}
