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
    pub const ALL: [Self; 8] = [
        Self::Word,
        Self::Initial,
        Self::Number,
        Self::Particle,
        Self::Business,
        Self::Place,
        Self::Legal,
        Self::Small,
    ];
    /// How many classes there are.
    pub const COUNT: usize = Self::ALL.len();

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
    pub text_key: Key,
    /// How it sounds; the same for other romanisations of one name.
    pub sound: String,
    pub sound_key: Key,
    /// How it sounds to a reader who takes `x`, `z`, `j` and `c` as Slavic
    /// scholarly or German spelling; empty where that is no other.
    pub other_sound: Key,
    /// The consonants of `sound`.
    pub skeleton: Key,
    /// What a script without vowels would leave of it.
    pub abjad: String,
    pub abjad_key: Key,
    /// Letters that scanners confuse written alike.
    pub outline: Key,
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

/// A form of a word that is only compared as a whole: a hash of it, and its
/// length in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Key(u64);

impl Key {
    /// The key of a text; the empty text has the empty key.
    #[must_use]
    pub fn of(text: &str) -> Self {
        text.bytes().fold(Self::default(), Self::and)
    }

    /// The key of the text with one byte more.
    #[must_use]
    pub const fn and(self, byte: u8) -> Self {
        let hash = (self.0 & !0xff ^ 0xcbf2_9ce4_8422_2300 ^ byte as u64).wrapping_mul(0x0100_0000_01b3);
        let length = (self.0 & 0xff) as u8;
        Self(hash << 8 ^ hash >> 56 << 8 | length.saturating_add(1) as u64)
    }

    /// The hash and the length in one number.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The key of [`Key::bits`].
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "asked only for how long a form is")]
    pub const fn len(self) -> usize {
        (self.0 & 0xff) as usize
    }
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
