//! What the detectors on series tell.

use std::sync::Arc;

use super::month::Month;
use super::panel::LineKey;

/// What kind of change was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A rise against the own past that the trade with others does not explain.
    Rise,
    /// A rise that is told because trade of the same goods with another partner
    /// has fallen.
    Mirror,
    /// A route takes a larger share of the trade toward a destination.
    Share,
    /// A fall; context, and the other half of a mirror image.
    Fall,
    /// Value rose, weight or pieces did not: a higher price. Context.
    Price,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Rise, Self::Mirror, Self::Share, Self::Fall, Self::Price];

    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Rise => "rise",
            Self::Mirror => "mirror",
            Self::Share => "share",
            Self::Fall => "fall",
            Self::Price => "price",
        }
    }

    /// Whether somebody should look; the others are context.
    #[must_use]
    pub const fn is_flag(self) -> bool {
        matches!(self, Self::Rise | Self::Mirror | Self::Share)
    }
}

/// Which goods a series is of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject {
    Code(Arc<str>),
    /// A group of codes, by its title.
    Group(Arc<str>),
    /// All goods of the file together.
    All,
}

/// A month judged by its past. Sums are of three months.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Reading {
    /// Deviations from what was expected, on the scale of logarithms; of a share
    /// on that of log odds.
    pub z: f64,
    /// Observed over expected, the offset in both.
    pub ratio: f64,
    pub expected: f64,
    pub observed: f64,
    /// Observed over the highest (of a fall: the lowest) of the past.
    pub over_past: f64,
    /// Observed over the highest (lowest) around the same months of earlier
    /// years; none in the first year.
    pub over_season: Option<f64>,
}

/// The fall that a rise may mirror.
#[derive(Clone, PartialEq, Debug)]
pub struct Mirrored {
    pub partner: Arc<str>,
    pub start: Month,
    pub found: Month,
    /// Trade a month before the fall, and since.
    pub before: f64,
    pub since: f64,
    /// The rise in a month over the fall in a month.
    pub share: f64,
}

/// A series for drawing: all slices have one length.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Trace {
    pub months: Vec<Month>,
    pub values: Vec<f64>,
    /// What the past would lead one to expect of the month; NaN where it is too
    /// short.
    pub band: Vec<(f64, f64)>,
    /// Place of the month in which it began.
    pub start: Option<usize>,
}

/// One finding.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    pub kind: Kind,
    pub subject: Subject,
    /// With an empty code.
    pub key: LineKey,
    /// The goods are of the group that is watched.
    pub priority: bool,
    /// First month of what was found.
    pub start: Month,
    /// The month as of which it was first told.
    pub found: Month,
    /// The last month in which it would be told.
    pub last: Month,
    pub reading: Reading,
    /// Trade a month that was expected, and since the start.
    pub before: f64,
    pub since: f64,
    /// What is above (of a fall: below) that from the start to the end of what
    /// was looked at. Of a share: points of 100.
    pub size: f64,
    /// Observed over expected of all other partners together, same goods.
    pub others_ratio: Option<f64>,
    /// Observed over expected of the partner's trade in all goods.
    pub whole_ratio: Option<f64>,
    /// Observed over expected of weight or pieces.
    pub amount_ratio: Option<f64>,
    /// Largest first.
    pub mirrors: Vec<Mirrored>,
    /// What the findings are ranked by.
    pub score: f64,
    pub trace: Trace,
}
