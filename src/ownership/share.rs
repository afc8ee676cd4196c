//! Shares in per cent, known exactly, within bounds, or not at all.
//!
//! Knows figures; nothing of owners.

use std::fmt;

use rust_decimal::Decimal;

/// One end of a range in per cent, with or without the figure itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Bound {
    /// 0 to 100 in a statement; sums of statements may be more.
    pub per_cent: Decimal,
    /// The figure itself is left out.
    pub open: bool,
}

impl Bound {
    pub const NOTHING: Self = Self::closed(Decimal::ZERO);
    pub const WHOLE: Self = Self::closed(Decimal::ONE_HUNDRED);

    pub(super) const fn closed(per_cent: Decimal) -> Self {
        Self { per_cent, open: false }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { per_cent: self.per_cent + other.per_cent, open: self.open || other.open }
    }

    /// That part of this part, rounded to twelve decimals.
    #[must_use]
    pub fn of(self, other: Self) -> Self {
        let whole = Decimal::ONE_HUNDRED;
        let per_cent = (self.per_cent.min(whole) * other.per_cent.min(whole) / whole).round_dp(12);
        Self { per_cent, open: self.open || other.open }
    }

    /// Not above the whole.
    #[must_use]
    pub fn at_most_whole(self) -> Self {
        if self.per_cent >= Decimal::ONE_HUNDRED { Self::WHOLE } else { self }
    }
}

/// A share in per cent, as far as it is known: it lies between two bounds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Share {
    pub low: Bound,
    pub high: Bound,
}

/// What a share must reach.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Threshold {
    /// 0 to 100.
    pub per_cent: Decimal,
    /// More than that, not that much or more.
    pub strict: bool,
}

impl Threshold {
    /// Whether a share that is no less than this lower bound must reach it.
    #[must_use]
    pub fn is_met(self, low: Bound) -> bool {
        low.per_cent > self.per_cent || (low.per_cent == self.per_cent && (!self.strict || low.open))
    }

    /// Whether a share that is no more than this upper bound can reach it.
    #[must_use]
    pub fn may_be_met(self, high: Bound) -> bool {
        high.per_cent > self.per_cent || (high.per_cent == self.per_cent && !self.strict && !high.open)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = if self.strict { "more than" } else { "at least" };
        write!(f, "{words} {} %", figure(self.per_cent))
    }
}

/// Why a text is no share.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShareError {
    pub message: String,
    pub help: String,
}

impl ShareError {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// Decimals of a stated share at most; sums of such shares are exact.
const MOST_DECIMALS: u32 = 8;

impl Share {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { low: Bound::NOTHING, high: Bound::WHOLE };
    pub const NOTHING: Self = Self { low: Bound::NOTHING, high: Bound::NOTHING };

    #[must_use]
    pub const fn exactly(per_cent: Decimal) -> Self {
        Self { low: Bound::closed(per_cent), high: Bound::closed(per_cent) }
    }

    /// Reads `50 %`, `33,3`, `25-50`, `>50`, `more than 25 to 50 %`, `up to 10`.
    /// A figure without a sign that is above 0 and not above 1 may be a part
    /// of one or of a hundred, and is refused.
    ///
    /// # Errors
    /// What is wrong and what to write instead.
    pub fn parse(text: &str) -> Result<Self, ShareError> {
        let plain = text.trim().to_lowercase();
        let signed =
            ["%", "per cent", "percent", "pct", "p.c.", "prozent"].iter().any(|sign| plain.contains(sign));
        let mut rest = plain.replace(['\u{a0}', '\u{202f}'], " ");
        for sign in ["per cent", "percent", "prozent", "pct", "p.c.", "%"] {
            rest = rest.replace(sign, " ");
        }
        let pieces = tokens(&rest).ok_or_else(|| {
            ShareError::new(
                format!("`{}` is no share", text.trim()),
                "a figure in per cent such as `51 %`, a range such as `25-50` or `>50`; empty if it is not known",
            )
        })?;
        let share = Self::of_pieces(&pieces).ok_or_else(|| {
            ShareError::new(
                format!("`{}` is no share that can be understood", text.trim()),
                "a figure in per cent such as `51 %`, or a range such as `25-50`, `>50`, `>=25`, `up to 10`",
            )
        })?;
        let figures = pieces.iter().filter_map(|piece| match piece {
            Piece::Figure(figure) => Some(*figure),
            _ => None,
        });
        for figure in figures {
            if figure > Decimal::ONE_HUNDRED {
                return Err(ShareError::new(
                    format!("{figure} per cent is more than the whole"),
                    "a share lies between 0 and 100 per cent",
                ));
            }
            if !signed && figure > Decimal::ZERO && figure <= Decimal::ONE {
                let whole = (figure * Decimal::ONE_HUNDRED).normalize();
                return Err(ShareError::new(
                    format!("`{figure}` may mean {figure} % or {whole} %"),
                    format!("write the sign: `{figure} %` or `{whole} %`"),
                ));
            }
        }
        let (low, high) = (share.low, share.high);
        if low.per_cent > high.per_cent || (low.per_cent == high.per_cent && (low.open || high.open)) {
            return Err(ShareError::new(
                format!("`{}` holds no share: its lower end is not below its upper one", text.trim()),
                "write the smaller figure first",
            ));
        }
        Ok(share)
    }

    fn of_pieces(pieces: &[Piece]) -> Option<Self> {
        use Piece::{Figure, Less, More, To};
        let (zero, all) = (Bound::NOTHING, Bound::WHOLE);
        let bound = |per_cent: &Decimal, open: &bool| Bound { per_cent: *per_cent, open: *open };
        let closed = |per_cent: &Decimal| Bound::closed(*per_cent);
        Some(match pieces {
            [Figure(figure)] => Self::exactly(*figure),
            [More { open }, Figure(low)] => Self { low: bound(low, open), high: all },
            [Less { open }, Figure(high)] => Self { low: zero, high: bound(high, open) },
            [Figure(low), To, Figure(high)] => Self { low: closed(low), high: closed(high) },
            [More { open }, Figure(low), To, Figure(high)] => {
                Self { low: bound(low, open), high: closed(high) }
            }
            [More { open }, Figure(low), Less { open: shut }, Figure(high)]
            | [More { open }, Figure(low), To, Less { open: shut }, Figure(high)] => {
                Self { low: bound(low, open), high: bound(high, shut) }
            }
            [Figure(low), To, Less { open }, Figure(high)] => {
                Self { low: closed(low), high: bound(high, open) }
            }
            _ => return None,
        })
    }

    /// The larger of two statements about one share, at either end.
    #[must_use]
    pub fn worst(self, other: Self) -> Self {
        let above = |a: Bound, b: Bound, open_is_more: bool| {
            if a.per_cent != b.per_cent {
                if a.per_cent > b.per_cent { a } else { b }
            } else if a.open == open_is_more {
                a
            } else {
                b
            }
        };
        Self { low: above(self.low, other.low, true), high: above(self.high, other.high, false) }
    }
}

fn figure(per_cent: Decimal) -> Decimal {
    per_cent.round_dp(2).normalize()
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = (figure(self.low.per_cent), figure(self.high.per_cent));
        if *self == Self::UNKNOWN {
            return f.write_str("an unknown share");
        }
        if self.low == self.high {
            return write!(f, "{low} %");
        }
        let whole = self.high.per_cent >= Decimal::ONE_HUNDRED && !self.high.open;
        match (self.low.open, self.high.open) {
            (true, _) if whole => write!(f, "more than {low} %"),
            (false, _) if whole => write!(f, "at least {low} %"),
            (false, true) if low.is_zero() => write!(f, "less than {high} %"),
            (false, false) if low.is_zero() => write!(f, "up to {high} %"),
            (true, true) => write!(f, "more than {low} and less than {high} %"),
            (true, false) => write!(f, "more than {low} to {high} %"),
            (false, true) => write!(f, "{low} to less than {high} %"),
            (false, false) => write!(f, "{low} to {high} %"),
        }
    }
}

/// A part of the text of a share.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Piece {
    Figure(Decimal),
    More { open: bool },
    Less { open: bool },
    To,
}

/// Words and signs, longest first.
const SIGNS: [(&str, Piece); 29] = [
    ("but not more than", Piece::Less { open: false }),
    ("or more but less than", Piece::Less { open: true }),
    ("but less than", Piece::Less { open: true }),
    ("not more than", Piece::Less { open: false }),
    ("no more than", Piece::Less { open: false }),
    ("not less than", Piece::More { open: false }),
    ("no less than", Piece::More { open: false }),
    ("at least", Piece::More { open: false }),
    ("at most", Piece::Less { open: false }),
    ("more than", Piece::More { open: true }),
    ("less than", Piece::Less { open: true }),
    ("up to", Piece::Less { open: false }),
    ("greater than", Piece::More { open: true }),
    ("above", Piece::More { open: true }),
    ("below", Piece::Less { open: true }),
    ("under", Piece::Less { open: true }),
    ("over", Piece::More { open: true }),
    ("to", Piece::To),
    ("bis", Piece::To),
    (">=", Piece::More { open: false }),
    ("=>", Piece::More { open: false }),
    ("≥", Piece::More { open: false }),
    ("<=", Piece::Less { open: false }),
    ("=<", Piece::Less { open: false }),
    ("≤", Piece::Less { open: false }),
    (">", Piece::More { open: true }),
    ("<", Piece::Less { open: true }),
    ("–", Piece::To),
    ("-", Piece::To),
];

/// The pieces of a text; `None` if anything else stands in it.
fn tokens(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some((word, piece)) = SIGNS.iter().find(|(word, _)| rest.starts_with(word)) {
            pieces.push(piece.clone());
            rest = rest.get(word.len()..)?.trim_start();
            continue;
        }
        let length =
            rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(rest.len());
        let digits = rest.get(..length)?;
        let figure: Decimal = digits.replace(',', ".").parse().ok()?;
        if digits.starts_with(['.', ',']) || figure.scale() > MOST_DECIMALS {
            return None;
        }
        pieces.push(Piece::Figure(figure));
        rest = rest.get(length..)?.trim_start();
        if pieces.len() > 8 {
            return None;
        }
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match Share::parse(text) {
            Ok(share) => share.to_string(),
            Err(error) => format!("! {}", error.message),
        }
    }

    #[test]
    fn shares_read_as_registers_write_them() {
        for (text, wanted) in [
            ("50", "50 %"),
            ("50%", "50 %"),
            ("33,3 %", "33.3 %"),
            ("0.5 %", "0.5 %"),
            ("0", "0 %"),
            ("25-50", "25 to 50 %"),
            ("25 – 50 %", "25 to 50 %"),
            (">50", "more than 50 %"),
            (">= 25", "at least 25 %"),
            ("<25%", "less than 25 %"),
            ("up to 10 per cent", "up to 10 %"),
            (">50-75", "more than 50 to 75 %"),
            ("More than 25% but not more than 50%", "more than 25 to 50 %"),
            (">25 <50", "more than 25 and less than 50 %"),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_may_be_a_part_of_one_or_of_a_hundred_is_refused() {
        for text in ["0.5", "1", "0,25", "0.25-0.5", ">0.5"] {
            assert!(read(text).contains("may mean"), "{text}: {}", read(text));
        }
        assert_eq!(Share::parse("0.5").unwrap_err().help, "write the sign: `0.5 %` or `50 %`");
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for text in
            ["half", "120 %", "50-25", "1.2.3", "-5", "50 60", ">", "12.345678901", ">100", "25 50 75"]
        {
            assert!(read(text).starts_with('!'), "{text}: {}", read(text));
        }
    }

    #[test]
    fn a_threshold_knows_whether_its_own_figure_counts() {
        let at_least = Threshold { per_cent: Decimal::from(50), strict: false };
        let more = Threshold { per_cent: Decimal::from(50), strict: true };
        let share = |text| Share::parse(text).unwrap();
        assert!(at_least.is_met(share("50").low) && !more.is_met(share("50").low));
        assert!(!at_least.is_met(share("49.99999999").low));
        assert!(more.is_met(share(">50").low) && at_least.is_met(share(">50").low));
        assert!(!at_least.may_be_met(share("<50").high) && at_least.may_be_met(share("up to 50").high));
        assert!(!more.may_be_met(share("25-50").high) && more.may_be_met(Share::UNKNOWN.high));
        // Two shares that are each more than 25 are more than 50 together.
        assert!(more.is_met(share(">25").low.plus(share("25").low)));
    }

    #[test]
    fn of_two_statements_the_worse_counts_at_either_end() {
        let share = |text| Share::parse(text).unwrap();
        assert_eq!(share("30").worst(share("60")).to_string(), "60 %");
        assert_eq!(share("50").worst(share(">50")).to_string(), "more than 50 %");
        assert_eq!(share("25-50").worst(share("30")).to_string(), "30 to 50 %");
    }
}
