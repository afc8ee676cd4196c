//! Which listed names can reach the cut-off, by what is summed up of each.
//!
//! Knows like words, sums and the shapes of words; nothing of alignments. A
//! name that is left out here can't reach the cut-off; one that is kept may yet
//! fall short of it.

use std::cmp::Reverse;

use crate::matching::alignment::{MIN_HALF, MIN_SPLIT, Unit};
use crate::matching::bound::{Bound, Limits, Own};
use crate::matching::evidence::{EvidenceModel, Scored, Weights};
use crate::matching::memo::Found;
use crate::matching::postings::Admitted;
use crate::matching::query::NameQuery;
use crate::matching::scratch::{LikeWord, Likes, Scratch};
use crate::matching::similarity::Shape;
use crate::name::Key;
use crate::trade::PartyKind;

use super::NameIndex;

/// Words that fewer names hold are always looked through.
const COMMON: usize = 64;

impl NameIndex {
    /// Collects the names whose score can reach the cut-off, in any order.
    pub(super) fn gather(
        &self,
        query: &NameQuery<'_>,
        units: &[Unit<'_>],
        likes: &[Found<'_>],
        cutoff: f32,
        scratch: &mut Scratch,
    ) {
        scratch.bounds.start(self.names.len());
        scratch.names.clear();
        let own = Own::of(query);
        let limits = |cutoff: f32| -> Vec<Limits<'_>> {
            self.weights_met(query).into_iter().map(|weights| Limits::new(weights, &own, cutoff)).collect()
        };
        // For entries whose countries may agree, and for the others.
        let limits =
            [limits(cutoff), if query.lift > 0.0 { limits(cutoff - query.lift) } else { Vec::new() }];
        let lowest = limits.iter().rfind(|limits| !limits.is_empty()).map(Vec::as_slice).unwrap_or_default();
        let kinds = Admitted::by(query.kinds);
        let rest = self.look_through(query, units, likes, &kinds, lowest, scratch);
        self.add_splits(units, &kinds, scratch);
        let Scratch { bounds, names, likes, .. } = scratch;
        for &i in &bounds.touched {
            let outline = &self.outlines[i as usize];
            let weights = self.weights(query, outline.kind);
            let lifted = query.lift > 0.0 && query.countries.may_share(outline.countries);
            let mut limits = limits[usize::from(lifted)].iter();
            let Some(limits) = limits.find(|limits| std::ptr::eq(limits.weights, weights)) else { continue };
            let bound = bounds.of(i).and(rest);
            if bound.split && self.may_be_split(units, i)
                || limits.may_reach(bound, outline.totals) && self.can_reach(limits, units, i, bound, likes)
            {
                names.push(i);
            }
        }
    }

    /// Adds what each like word gives to the names that hold it, but for the
    /// commonest words: a name that meets only these can't reach the cut-off.
    /// Returns what they can add to any name, at most.
    fn look_through(
        &self,
        query: &NameQuery<'_>,
        units: &[Unit<'_>],
        likes: &[Found<'_>],
        kinds: &Admitted,
        limits: &[Limits<'_>],
        scratch: &mut Scratch,
    ) -> Bound {
        let Scratch { bounds, like_words, left_out, .. } = scratch;
        like_words.clear();
        for (u, (unit, found)) in units.iter().zip(likes).enumerate() {
            like_words.extend(found.iter().map(|&(word, likeness)| {
                let gain = Bound::of(query.name, unit, self.vocabulary.shape(word), likeness);
                LikeWord { unit: u, word, names: self.postings.count(word, kinds), gain }
            }));
        }
        like_words.sort_unstable_by_key(|like| (Reverse(like.names), like.unit, like.word));
        // A unit meets one word of a name at most.
        left_out.clear();
        left_out.resize(units.len(), Bound::default());
        let mut rest = Bound::default();
        for like in like_words {
            if like.names >= COMMON {
                let most = left_out[like.unit].max(like.gain);
                let with = rest.and(most.less(left_out[like.unit]));
                if limits.iter().all(|limits| !limits.can_reach_alone(with)) {
                    (rest, left_out[like.unit]) = (with, most);
                    continue;
                }
            }
            let gain = like.gain.into();
            for &i in self.postings.with(like.word, kinds).flatten() {
                bounds.add(i, gain);
            }
        }
        rest
    }

    /// Whether a name can reach the cut-off, after a look at the shapes of its
    /// words.
    fn can_reach(
        &self,
        limits: &Limits<'_>,
        units: &[Unit<'_>],
        name: u32,
        bound: Bound,
        likes: &Likes,
    ) -> bool {
        let tokens = self.tokens_of(name);
        let shapes = &self.shapes[tokens.clone()];
        // Bits of the tokens that are alike, or may be weakly.
        let (mut query, mut list) = (0u64, 0u64);
        for (l, &word) in self.tokens[tokens].iter().enumerate() {
            likes.each(word, |u, _| {
                query |= units[u].span;
                list |= 1 << l;
            });
        }
        for (l, &shape) in shapes.iter().enumerate() {
            for (q, own) in limits.own.tokens.iter().enumerate() {
                if (query >> q & 1 == 0 || list >> l & 1 == 0) && own.shape.weak_at_most(shape) > 0.0 {
                    query |= 1 << q;
                    list |= 1 << l;
                }
            }
        }
        limits.reaches(bound, query, list, shapes, self.outlines[name as usize].totals)
    }

    /// The weights of the entries that the query may meet, each once.
    fn weights_met(&self, query: &NameQuery<'_>) -> Vec<&'static Weights> {
        let model = EvidenceModel::shipped();
        if self.addresses {
            return vec![model.weights(Scored::Address)];
        }
        // Entries whose list does not say what they are are weighed as the
        // query is read.
        let mut met = vec![model.weights(Scored::As(query.kind))];
        for kind in [PartyKind::Organization, PartyKind::Person, PartyKind::Vessel] {
            let weights = model.weights(Scored::As(kind));
            if query.kinds.admits(kind) && !met.iter().any(|known| std::ptr::eq(*known, weights)) {
                met.push(weights);
            }
        }
        met
    }

    /// False only if no screened word can be neighbouring words of the name
    /// written together.
    fn may_be_split(&self, units: &[Unit<'_>], name: u32) -> bool {
        let shapes = &self.shapes[self.tokens_of(name)];
        units.iter().filter(|unit| !unit.joined && unit.shape.class.is_anchor()).any(|unit| {
            (2..=3).flat_map(|length| shapes.windows(length)).any(|window| {
                let all = window.iter().copied().reduce(Shape::and);
                all.is_some_and(|all| unit.shape.differs_by_at_most(all, 1))
            })
        })
    }

    /// Names that may hold a screened word as neighbours: all that hold its
    /// beginning or its end as a word.
    fn add_splits(&self, units: &[Unit<'_>], kinds: &Admitted, scratch: &mut Scratch) {
        for unit in units.iter().filter(|unit| !unit.joined) {
            let text = unit.token.text.as_str();
            if text.len() < MIN_SPLIT || !unit.token.class.is_anchor() {
                continue;
            }
            let ends = (MIN_HALF..text.len()).flat_map(|at| {
                [(text.get(..at), text.get(at..)), (text.get(text.len() - at..), text.get(..text.len() - at))]
            });
            let pieces = ends
                .filter_map(|(end, rest)| Some((end?, rest?)))
                .filter(|(end, rest)| self.vocabulary.may_be_rest(end, rest));
            for word in pieces.flat_map(|(end, _)| self.vocabulary.with_text(Key::of(end))) {
                let gain = Bound { split: true, ..Bound::default() }.into();
                for &i in self.postings.with(word, kinds).flatten() {
                    scratch.bounds.add(i, gain);
                }
            }
        }
    }
}
