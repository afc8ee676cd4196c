//! Why a pair of names scores as it does, in a form people can read.

/// By what measure two tokens were found alike.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Measure {
    /// The same after folding.
    Equal,
    /// A known variant: abbreviation, nickname, other spelling (from data).
    Variant,
    /// A few letters differ (edit distance, transposition, OCR).
    Spelling,
    /// They sound or transliterate alike.
    Sound,
    /// An initial stands for the word.
    Initial,
    /// One is cut off (fields of 35 characters) or abbreviates the other.
    Prefix,
    /// Two words on one side are written as one on the other.
    Joined,
    /// Found on one side only.
    Unmatched,
}

impl Measure {
    /// The name in machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Variant => "variant",
            Self::Spelling => "spelling",
            Self::Sound => "sound",
            Self::Initial => "initial",
            Self::Prefix => "prefix",
            Self::Joined => "joined",
            Self::Unmatched => "unmatched",
        }
    }
}

/// One pairing of the alignment, or a token left alone.
#[derive(Clone, PartialEq, Debug)]
pub struct TokenMatch {
    /// Token(s) of the screened name, folded; empty when left alone.
    pub query: String,
    /// Token(s) of the listed name, folded; empty when left alone.
    pub listed: String,
    pub measure: Measure,
    /// 0 to 1.
    pub similarity: f64,
    /// How much the pairing counts: rare words weigh more. Above 0.
    pub weight: f64,
    /// What the score would be without this pairing, 0 to 1; none for a token
    /// left alone, and where names agree as a whole.
    pub without: Option<f64>,
    /// In plain words, such as `1 letter differs` or `legal form, counts little`.
    pub why: String,
}

/// Something beyond the tokens that moved the score.
#[derive(Clone, PartialEq, Debug)]
pub struct Adjustment {
    /// In plain words.
    pub why: String,
    /// What was added to the score; negative where it was lowered.
    pub change: f64,
}

/// How a score came about.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ScoreBreakdown {
    /// The part of the field that was used, as written.
    pub query: String,
    /// Which part that is, in plain words (`the name after "c/o"`); empty for
    /// the whole field.
    pub part: String,
    /// The listed name (or identifier, or address), as published.
    pub listed: String,
    pub tokens: Vec<TokenMatch>,
    pub adjustments: Vec<Adjustment>,
    /// 0 to 1.
    pub score: f64,
}
