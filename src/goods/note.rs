//! What was read out of one line of goods, beyond its categories: suggestions
//! to check, never a classification.

/// The sorts of notes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NoteKind {
    /// Wording and figures of the description meet a control paragraph.
    FiguresMet,
    /// The wording alone names goods of a control paragraph that has no limits.
    Named,
    /// The wording names such goods, and the figures that decide are not there.
    FiguresMissing,
    /// The text speaks of other goods than the tariff code.
    TariffContradiction,
    /// The tariff code stands in no known edition of the nomenclature.
    TariffUnknown,
    /// The control code is on no list known here.
    CodeUnknown,
    /// The control code is none by its form.
    CodeMalformed,
    /// The code's product group does not fit goods.
    CodeGroup,
    /// The declared code is another one than the description suggests, or none
    /// is said to be needed.
    CodeDisagrees,
    /// By the tables a licence is required for the declared code.
    LicenceRequired,
    /// The same, and an exception may apply.
    ExceptionMayApply,
    /// The destination is under an embargo for it.
    Embargo,
    /// What decides on a licence is missing.
    LicenceIndeterminate,
    /// No code is declared, and the one that the description suggests would need
    /// a licence, or an exception, at the destination.
    SuggestedLicence,
}

impl NoteKind {
    pub const ALL: [Self; 14] = [
        Self::FiguresMet,
        Self::Named,
        Self::FiguresMissing,
        Self::TariffContradiction,
        Self::TariffUnknown,
        Self::CodeUnknown,
        Self::CodeMalformed,
        Self::CodeGroup,
        Self::CodeDisagrees,
        Self::LicenceRequired,
        Self::ExceptionMayApply,
        Self::Embargo,
        Self::LicenceIndeterminate,
        Self::SuggestedLicence,
    ];
    pub const WORDS: [&'static str; 14] = [
        "figures-met",
        "named",
        "figures-missing",
        "tariff-contradiction",
        "tariff-unknown",
        "code-unknown",
        "code-malformed",
        "code-group",
        "code-disagrees",
        "licence-required",
        "exception-may-apply",
        "embargo",
        "licence-indeterminate",
        "suggested-licence",
    ];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The field that the note is about.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::FiguresMet | Self::Named | Self::FiguresMissing | Self::SuggestedLicence => "description",
            Self::TariffContradiction | Self::TariffUnknown => "hs",
            _ => "control-code",
        }
    }
}

/// One note on one line of goods.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GoodsNote {
    /// Index into the shipment's items.
    pub item: usize,
    pub kind: NoteKind,
    /// The control code it speaks of; empty where it speaks of none.
    pub code: String,
    /// In plain words, with its reasons and how sure they are.
    pub words: String,
}
