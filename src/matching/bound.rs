//! How far the score of a listed name may reach, before it is aligned.
//!
//! Knows sums of weights and the shapes of words; nothing of the index. Every
//! bound is too high or right, never too low: the laws of the index rest on it.

use crate::name::{Name, PartKind};
use crate::trade::PartyKind;

use super::alignment::{EnoughForWeak, Unit, bits};
use super::evidence::{Reach, Weights, log_letters, steps_up};
use super::query::{CountrySet, NameQuery};
use super::similarity::{Likeness, Shape, WEAK_WORD};

/// What a bound needs to know of a listed name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Totals {
    /// Sum of the weights of its tokens, and of those that no name is found by.
    pub weight: f32,
    pub small: f32,
}

/// What the search asks of every name that shares a word with the query; apart
/// from the rest, so that it stays in the processor's cache.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outline {
    pub totals: Totals,
    pub countries: CountrySet,
    pub kind: PartyKind,
}

/// What a name may reach, summed up.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Bound {
    /// Above what weak likenesses give: of the commoner words, of the screened
    /// and of the listed name.
    pub met: f32,
    pub query: f32,
    pub listed: f32,
    /// What is met at all of either name.
    pub covered: [f32; 2],
    /// A screened word may be some of its words written together.
    pub split: bool,
}

impl Bound {
    /// What a word that is like a unit adds.
    pub fn of(name: &Name, unit: &Unit<'_>, word: Shape, likeness: Likeness) -> Self {
        let similarity = cut_bound(name, likeness);
        let above = (similarity - WEAK_WORD).max(0.0);
        let own = span_weight(name, unit);
        Self {
            met: above * unit.shape.weight.min(word.weight),
            query: above * own,
            listed: above * word.weight,
            covered: [similarity * own, similarity * word.weight],
            split: false,
        }
    }

    pub fn and(self, other: Self) -> Self {
        Self {
            met: self.met + other.met,
            query: self.query + other.query,
            listed: self.listed + other.listed,
            covered: [self.covered[0] + other.covered[0], self.covered[1] + other.covered[1]],
            split: self.split | other.split,
        }
    }

    /// What is left when `other`, which is part of it, is taken away.
    pub fn less(self, other: Self) -> Self {
        Self {
            met: self.met - other.met,
            query: self.query - other.query,
            listed: self.listed - other.listed,
            covered: [self.covered[0] - other.covered[0], self.covered[1] - other.covered[1]],
            split: self.split,
        }
    }

    pub fn max(self, other: Self) -> Self {
        Self {
            met: self.met.max(other.met),
            query: self.query.max(other.query),
            listed: self.listed.max(other.listed),
            covered: [self.covered[0].max(other.covered[0]), self.covered[1].max(other.covered[1])],
            split: self.split | other.split,
        }
    }
}

/// A bound in sixteen bytes, rounded up, so that those of many names stay in
/// the processor's cache and two are added in one step: a tag, whether it is
/// split, and the five sums.
#[derive(Clone, Copy, Default, Debug)]
#[repr(align(16))]
pub(super) struct Packed([u16; 8]);

/// Steps of a weight in [`Packed`]. No name weighs more than 64; what lies above
/// 128 is cut off there.
const STEPS: f32 = 512.0;

impl From<Bound> for Packed {
    fn from(bound: Bound) -> Self {
        let up = |sum: f32| u16::try_from(steps_up(sum * STEPS)).unwrap_or(u16::MAX);
        let Bound { met, query, listed, covered: [own, others], split } = bound;
        Self([0, u16::from(split), up(met), up(query), up(listed), up(own), up(others), 0])
    }
}

impl Packed {
    pub fn tag(self) -> u16 {
        self.0[0]
    }

    pub fn tagged(mut self, tag: u16) -> Self {
        self.0[0] = tag;
        self
    }

    /// Adds one without a tag.
    pub fn add(&mut self, gain: Self) {
        for (sum, gain) in self.0.iter_mut().zip(gain.0) {
            *sum = sum.saturating_add(gain);
        }
    }

    pub fn bound(self) -> Bound {
        let [_, split, sums @ ..] = self.0;
        let [met, query, listed, own, others, _] = sums.map(|sum| f32::from(sum) / STEPS);
        Bound { met, query, listed, covered: [own, others], split: split > 0 }
    }
}

/// The screened name, as bounds see it.
pub(super) struct Own {
    pub tokens: Vec<OwnToken>,
    part: PartKind,
    enough: EnoughForWeak,
    /// Weight of the name, and what weak likenesses can meet of it.
    total: f32,
    weak: f32,
    letters: f32,
    /// The bit of the last token where the field may be cut off: it may meet
    /// something whatever it looks like.
    cut: u64,
}

/// A token of the screened name, as bounds see it.
pub(super) struct OwnToken {
    pub shape: Shape,
    /// What a weak likeness can meet of it, at most.
    weak: f32,
    /// What it weighs where nothing is met.
    left: f32,
}

impl Own {
    pub fn of(query: &NameQuery<'_>) -> Self {
        let name = query.name;
        let letters: usize = name.tokens.iter().map(|t| t.text.len().max(t.written.len())).sum();
        let last = name.tokens.len().saturating_sub(1);
        let tokens: Vec<OwnToken> = name
            .tokens
            .iter()
            .enumerate()
            .map(|(i, token)| {
                let shape = Shape::of(token);
                let full = !token.class.is_anchor() || name.may_be_cut && i == last;
                OwnToken {
                    shape,
                    weak: token.weight * if full { 1.0 } else { WEAK_WORD },
                    left: if shape.tells() { token.weight } else { 0.0 },
                }
            })
            .collect();
        Self {
            part: query.part,
            enough: EnoughForWeak::of(name),
            total: name.tokens.iter().map(|t| t.weight).sum(),
            weak: tokens.iter().map(|token| token.weak).sum(),
            letters: log_letters(letters),
            cut: if name.may_be_cut { 1 << (last & 63) } else { 0 },
            tokens,
        }
    }

    /// What a word that is cut off may meet beyond weak likenesses.
    fn beyond_weak(&self) -> f32 {
        if self.cut == 0 { 0.0 } else { 1.0 - WEAK_WORD }
    }
}

/// What a name must reach for its score to reach the cut-off.
pub(super) struct Limits<'o> {
    pub weights: &'static Weights,
    pub own: &'o Own,
    cutoff: f32,
    /// Shares of the names that must be covered whatever else is.
    query_covered: f32,
    listed_covered: f32,
    /// What must be met if all of both names is covered.
    met: f32,
}

impl<'o> Limits<'o> {
    pub fn new(weights: &'static Weights, own: &'o Own, cutoff: f32) -> Self {
        // A hair below, so that rounding can never lose a name.
        let cutoff = cutoff - weights.part(own.part) - 1e-3;
        let least = |most: f32, reaches: &dyn Fn(f32) -> bool| {
            let (mut low, mut high) = (0.0, most);
            for _ in 0..10 {
                let middle = f32::midpoint(low, high);
                if reaches(middle) { high = middle } else { low = middle }
            }
            low
        };
        let mut limits = Self { weights, own, cutoff, query_covered: 0.0, listed_covered: 0.0, met: 0.0 };
        let reaches = |met: f32, query: f32, listed: f32| limits.reach(met, [query, listed], [1.0; 2]);
        let total = own.total;
        let found = [
            least(1.0, &|share| reaches(total, share, 1.0)),
            least(1.0, &|share| reaches(total, 1.0, share)),
            least(total, &|met| reaches(met, 1.0, 1.0)),
        ];
        [limits.query_covered, limits.listed_covered, limits.met] = found;
        limits
    }

    /// Whether so much reaches the cut-off where nothing is left.
    fn reach(&self, met: f32, covered: [f32; 2], totals: [f32; 2]) -> bool {
        let reach = Reach { met, covered, totals, letters: self.own.letters, left: [0.0; 2] };
        self.weights.at_most(&reach) >= self.cutoff
    }

    /// A first look, by what was summed up alone.
    pub fn may_reach(&self, bound: Bound, listed: Totals) -> bool {
        // Weak likenesses count where enough is met without them. They are
        // bounded by what either name holds; small words and a word that is
        // cut off may be met in full.
        let own = self.own;
        let totals = [own.total, listed.weight];
        if !own.enough.is_met(bound.covered.map(|c| c + 1e-4), totals) {
            return bound.covered[0].min(bound.covered[1]) >= self.met
                && bound.covered[0] >= self.query_covered * totals[0]
                && bound.covered[1] >= self.listed_covered * totals[1]
                && self.reaches_without_weak(bound, totals);
        }
        let list = WEAK_WORD * (listed.weight - listed.small) + listed.small + own.beyond_weak();
        let covered = [bound.query + own.weak, bound.listed + list];
        covered[0] >= self.query_covered * totals[0]
            && covered[1] >= self.listed_covered * totals[1]
            && self.reach(bound.met + own.weak.min(list), covered, totals)
    }

    /// Whether a name that meets this, and may be covered by it, can reach the
    /// cut-off.
    pub fn can_reach_alone(&self, bound: Bound) -> bool {
        let own = self.own;
        let totals = [own.total, bound.covered[1]];
        if own.enough.is_met(bound.covered.map(|c| c + 1e-3), totals) {
            // The listed name may be covered by weak likenesses.
            self.reach(bound.met + own.weak, [bound.query + own.weak, 1.0], [own.total, 1.0])
        } else {
            self.reaches_without_weak(bound, totals)
        }
    }

    fn reaches_without_weak(&self, bound: Bound, totals: [f32; 2]) -> bool {
        self.reach(bound.covered[0].min(bound.covered[1]), bound.covered, totals)
    }

    /// A second look: `query` and `list` are the bits of the tokens that may
    /// meet something.
    pub fn reaches(&self, bound: Bound, query: u64, list: u64, shapes: &[Shape], listed: Totals) -> bool {
        let own = self.own;
        let (mut weak, mut left) = ([0.0f32, own.beyond_weak()], [0.0f32; 2]);
        for (i, token) in own.tokens.iter().enumerate() {
            if (query | own.cut) >> (i & 63) & 1 != 0 {
                weak[0] += token.weak;
            } else {
                left[0] += token.left;
            }
        }
        for (l, shape) in shapes.iter().enumerate() {
            if list >> (l & 63) & 1 != 0 {
                weak[1] += shape.weight * if shape.class.is_anchor() { WEAK_WORD } else { 1.0 };
            } else if shape.tells() && own.cut == 0 {
                left[1] += shape.weight;
            }
        }
        let reach = Reach {
            met: bound.met + weak[0].min(weak[1]),
            covered: [bound.query + weak[0], bound.listed + weak[1]],
            totals: [own.total, listed.weight],
            letters: own.letters,
            left,
        };
        self.weights.at_most(&reach) >= self.cutoff
    }
}

/// What the tokens of a unit weigh.
fn span_weight(name: &Name, unit: &Unit<'_>) -> f32 {
    if unit.joined { bits(unit.span).map(|i| name.tokens[i].weight).sum() } else { unit.token.weight }
}

/// A cut-off word may count for more than its likeness says.
fn cut_bound(name: &Name, likeness: Likeness) -> f32 {
    if name.may_be_cut { likeness.similarity.max(0.95) } else { likeness.similarity }
}
