//! Two names → which word met which.
//!
//! Knows two token lists and the likenesses between them; nothing of lists and
//! of scores.
//!
//! Words pair up one to one, or two or three to one where they were written
//! together. First come the likenesses that a name can be found by; what is
//! then left on both sides is compared by weaker measures, which never stand
//! alone.

use std::borrow::Cow;

use crate::name::{Lexicon, Name, Token, TokenClass};

use super::breakdown::{Measure, TokenMatch};
use super::edits::within;
use super::similarity::{Likeness, Shape, joined_likeness, likeness, may_differ, weak_likeness};

/// Words of a name that are compared; one bit each.
pub(super) const MAX_TOKENS: usize = 64;

/// A word of the screened name, or some neighbours taken as one word.
#[derive(Clone, Debug)]
pub(super) struct Unit<'n> {
    pub token: Cow<'n, Token>,
    pub shape: Shape,
    /// Bits of the tokens it covers.
    pub span: u64,
    /// Whether it is several tokens joined.
    pub joined: bool,
}

/// The tokens of a name one by one, then each two or three neighbours joined.
pub(super) fn units<'n>(name: &'n Name, lexicon: &Lexicon) -> Vec<Unit<'n>> {
    let tokens = &name.tokens[..name.tokens.len().min(MAX_TOKENS)];
    let mut units: Vec<Unit<'n>> = tokens
        .iter()
        .enumerate()
        .map(|(i, token)| Unit {
            token: Cow::Borrowed(token),
            shape: Shape::of(token),
            span: 1 << i,
            joined: false,
        })
        .collect();
    for length in 2..=3 {
        for (i, window) in tokens.windows(length).enumerate() {
            let span = mask(length) << i;
            // Three are taken for one where a word was torn to pieces.
            if length == 2 || window.iter().any(|token| token.written.len() < MIN_PIECE) {
                units.extend(joined(lexicon, &window.iter(), span));
            }
            // `Salah al-Din` is also written `Salahuddin`.
            if let [first, middle, last] = window
                && middle.class == TokenClass::Particle
            {
                units.extend(joined(lexicon, &[first, last].into_iter(), span));
            }
        }
    }
    units
}

/// Of three words that are taken for one, one is shorter.
const MIN_PIECE: usize = 4;
/// Shortest word that neighbours are taken for.
const MIN_JOINED: usize = 3;

/// Some tokens written as one word, if they may be.
fn joined<'t>(
    lexicon: &Lexicon,
    tokens: &(impl Iterator<Item = &'t Token> + Clone),
    span: u64,
) -> Option<Unit<'static>> {
    if tokens.clone().any(|t| t.class == TokenClass::Number) {
        return None;
    }
    let text: String = tokens.clone().flat_map(|t| t.written.split(' ')).collect();
    if text.len() < MIN_JOINED {
        return None;
    }
    let mut token = Name::joined_token(lexicon, text, tokens.clone().any(|t| t.vowelless));
    token.weight = token.weight.min(tokens.clone().map(|t| t.weight).sum::<f32>());
    Some(Unit { shape: Shape::of(&token), token: Cow::Owned(token), span, joined: true })
}

/// The likeness of a unit to a listed word. Joined units must be near equal.
pub(super) fn unit_likeness(unit: &Unit<'_>, listed: &Token) -> Option<Likeness> {
    if unit.joined { joined_likeness(&unit.token, listed) } else { likeness(&unit.token, listed) }
}

/// Shortest half of a word that is written as two words in the list.
pub(super) const MIN_HALF: usize = 3;
/// Shortest word that is looked at for being two.
pub(super) const MIN_SPLIT: usize = 4;

/// Whether one screened word is listed neighbours written together, in either
/// order: one end must be intact, the rest may have one wrong letter if it has
/// at least five.
pub(super) fn split_similarity(word: &str, parts: &[&Token]) -> Option<f32> {
    let length: usize = parts.iter().map(|t| t.text.len()).sum();
    if length.abs_diff(word.len()) > 1 {
        return None;
    }
    let one_way = |pieces: &[&Token]| {
        let mut rest = word;
        let mut intact = 0;
        // Only a word that a name may be found by, at an end, is intact.
        let whole = |piece: &Token| if piece.class.is_anchor() { piece.text.len() } else { 0 };
        let (mut from, mut to) = (0, pieces.len());
        while from < to
            && let Some(after) = rest.strip_prefix(pieces[from].text.as_str())
        {
            intact = intact.max(if from == 0 { whole(pieces[from]) } else { 0 });
            rest = after;
            from += 1;
        }
        while to > from
            && let Some(before) = rest.strip_suffix(pieces[to - 1].text.as_str())
        {
            intact = intact.max(if to == pieces.len() { whole(pieces[to - 1]) } else { 0 });
            rest = before;
            to -= 1;
        }
        if intact < MIN_HALF {
            return None;
        }
        match &pieces[from..to] {
            [] if rest.is_empty() => Some(0.97),
            [one]
                if may_differ(intact, rest.len().min(one.text.len()))
                    && within(rest, &one.text, 1).is_some() =>
            {
                Some(0.9)
            }
            _ => None,
        }
    };
    one_way(parts).or_else(|| {
        let turned: Vec<&Token> = parts.iter().rev().copied().collect();
        one_way(&turned)
    })
}

/// A pairing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub unit: usize,
    /// Bits of the screened and of the listed tokens it covers.
    pub query: u64,
    pub listed: u64,
    pub likeness: Likeness,
    /// What it tells: the commoner of the two words.
    pub weight: f32,
    /// Both are words that tell: no legal form, initial or particle.
    pub telling: bool,
    /// By a weaker measure, beside others.
    pub weak: bool,
}

impl Pair {
    /// What it covers of the screened and of the listed name, in weight. A
    /// weak pair covers no more of either than the commoner word weighs.
    pub fn covers(&self, name: &Name, listed: &[&Token]) -> [f32; 2] {
        if self.weak {
            return [self.weight; 2];
        }
        [
            bits(self.query).map(|i| name.tokens[i].weight).sum(),
            bits(self.listed).map(|i| listed[i].weight).sum(),
        ]
    }
}

/// Which words of two names met, and which were left.
#[derive(Clone, Debug, Default)]
pub(super) struct Alignment {
    pub pairs: Vec<Pair>,
    pub query_left: u64,
    pub listed_left: u64,
}

/// The pairs by which a listed name is found; none is no alignment. `each`
/// calls with every unit, listed token and their likeness; `splits` says
/// whether screened words may be listed neighbours written together.
pub(super) fn anchors(
    name: &Name,
    units: &[Unit<'_>],
    listed: &[&Token],
    each: impl FnOnce(&mut dyn FnMut(usize, usize, Likeness)),
    splits: bool,
) -> Option<Alignment> {
    let mut possible: Vec<Pair> = Vec::new();
    each(&mut |u, l, likeness| {
        let (unit, token) = (&units[u], listed[l]);
        let likeness = cut_likeness(name, unit, token, likeness);
        possible.push(pair(u, unit, 1 << l, likeness, &[token], false));
    });
    for (u, unit) in units.iter().enumerate().filter(|_| splits) {
        if unit.joined || !unit.token.class.is_anchor() || unit.token.text.len() < MIN_SPLIT {
            continue;
        }
        for length in 2..=3 {
            for (l, window) in listed.windows(length).enumerate() {
                if can_join(window)
                    && let Some(similarity) = split_similarity(&unit.token.text, window)
                {
                    let likeness = Likeness { similarity, measure: Measure::Joined };
                    possible.push(pair(u, unit, mask(length) << l, likeness, window, false));
                }
            }
        }
    }
    if possible.is_empty() {
        return None;
    }
    let tokens = name.tokens.len().min(MAX_TOKENS);
    let mut alignment =
        Alignment { pairs: Vec::with_capacity(4), query_left: mask(tokens), listed_left: mask(listed.len()) };
    alignment.take_best(&mut possible);
    Some(alignment)
}

/// Every pair of unit and token that is alike.
pub(super) fn each_likeness(
    units: &[Unit<'_>],
    listed: &[&Token],
    call: &mut dyn FnMut(usize, usize, Likeness),
) {
    for (u, unit) in units.iter().enumerate() {
        for (l, token) in listed.iter().enumerate() {
            if let Some(likeness) = unit_likeness(unit, token) {
                call(u, l, likeness);
            }
        }
    }
}

/// What weak pairs can add to an alignment, at most.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Potential {
    /// Σ similarity · weight of the pairs.
    pub met: f32,
    pub letters: usize,
    /// Bits of the tokens that no weak pair can take.
    pub query_left: u64,
    pub listed_left: u64,
}

/// What [`complete`] can add, at most.
pub(super) fn potential(
    name: &Name,
    units: &[Unit<'_>],
    listed: &[&Token],
    alignment: &Alignment,
) -> Potential {
    let mut p = Potential {
        met: 0.0,
        letters: 0,
        query_left: alignment.query_left,
        listed_left: alignment.listed_left,
    };
    if !alignment.may_be_completed(name, listed) {
        return p;
    }
    for q in bits(alignment.query_left) {
        let unit = &units[q];
        let mut most = 0.0f32;
        for l in bits(alignment.listed_left) {
            let token = listed[l];
            let similarity = if cut_word(name, unit, token).is_some() {
                1.0
            } else {
                unit.shape.weak_at_most(Shape::of(token))
            };
            if similarity > 0.0 {
                p.query_left &= !(1 << q);
                p.listed_left &= !(1 << l);
                most = most.max(similarity * unit.token.weight.min(token.weight));
            }
        }
        if most > 0.0 {
            p.met += most;
            p.letters += unit.token.text.len();
        }
    }
    p
}

/// Pairs what the anchors left.
pub(super) fn complete(name: &Name, units: &[Unit<'_>], listed: &[&Token], alignment: &mut Alignment) {
    if !alignment.may_be_completed(name, listed) {
        return;
    }
    let mut possible: Vec<Pair> = Vec::new();
    for q in bits(alignment.query_left) {
        let unit = &units[q];
        for l in bits(alignment.listed_left) {
            let token = listed[l];
            let found = match weak_likeness(&unit.token, token) {
                Some(found) => Some(cut_likeness(name, unit, token, found)),
                None => cut_word(name, unit, token),
            };
            if let Some(found) = found {
                possible.push(pair(q, unit, 1 << l, found, &[token], true));
            }
        }
    }
    alignment.take_best(&mut possible);
}

fn pair(u: usize, unit: &Unit<'_>, listed: u64, likeness: Likeness, tokens: &[&Token], weak: bool) -> Pair {
    let weight: f32 = tokens.iter().map(|t| t.weight).sum();
    Pair {
        unit: u,
        query: unit.span,
        listed,
        likeness,
        weight: unit.token.weight.min(weight),
        telling: unit.token.class == TokenClass::Word && tokens.iter().any(|t| t.class == TokenClass::Word),
        weak,
    }
}

/// Share of both names that must be met, by weight, before weak likenesses
/// count.
const ENOUGH_FOR_WEAK: f32 = 0.3;
/// The same of the listed name where the screened one has initials, which can
/// be met in no other way.
const ENOUGH_FOR_INITIALS: f32 = 0.2;

/// What must be met of a screened and of a listed name for weak likenesses to
/// count.
#[derive(Clone, Copy, Debug)]
pub(super) struct EnoughForWeak([f32; 2]);

impl EnoughForWeak {
    pub fn of(name: &Name) -> Self {
        let initials = name.tokens.iter().any(|token| token.class == TokenClass::Initial);
        Self([ENOUGH_FOR_WEAK, if initials { ENOUGH_FOR_INITIALS } else { ENOUGH_FOR_WEAK }])
    }

    pub fn is_met(self, covered: [f32; 2], totals: [f32; 2]) -> bool {
        covered[0] >= self.0[0] * totals[0] && covered[1] >= self.0[1] * totals[1]
    }
}

impl Alignment {
    /// Whether weak pairs may follow.
    fn may_be_completed(&self, name: &Name, listed: &[&Token]) -> bool {
        if self.query_left == 0 || self.listed_left == 0 {
            return false;
        }
        let mut covered = [0.0; 2];
        for pair in &self.pairs {
            let [query, list] = pair.covers(name, listed);
            covered[0] += query * pair.likeness.similarity;
            covered[1] += list * pair.likeness.similarity;
        }
        let totals = [name.tokens.iter().map(|t| t.weight).sum(), listed.iter().map(|t| t.weight).sum()];
        EnoughForWeak::of(name).is_met(covered, totals)
    }

    /// The pairs in the order of the screened name.
    fn in_order(&self) -> Vec<&Pair> {
        let mut pairs: Vec<&Pair> = self.pairs.iter().collect();
        pairs.sort_by_key(|pair| pair.query.trailing_zeros());
        pairs
    }

    /// The alignment without one of its pairs, by the order of the screened
    /// name.
    pub fn without(&self, pair: usize) -> Self {
        let mut pairs: Vec<Pair> = self.in_order().into_iter().copied().collect();
        let gone = pairs.remove(pair);
        Self { pairs, query_left: self.query_left | gone.query, listed_left: self.listed_left | gone.listed }
    }

    /// Nothing more is to come.
    pub fn left(&self) -> Potential {
        Potential { met: 0.0, letters: 0, query_left: self.query_left, listed_left: self.listed_left }
    }

    /// Whether every word met the same word.
    pub fn is_identical(&self) -> bool {
        self.query_left == 0
            && self.listed_left == 0
            && self.pairs.iter().all(|pair| pair.likeness.measure == Measure::Equal)
    }

    /// Takes the best pairs that do not overlap; ties in the order of the
    /// names.
    fn take_best(&mut self, possible: &mut [Pair]) {
        let worth = |p: &Pair| p.likeness.similarity * p.likeness.similarity * p.weight;
        possible.sort_unstable_by(|a, b| {
            worth(b).total_cmp(&worth(a)).then(a.unit.cmp(&b.unit)).then(a.listed.cmp(&b.listed))
        });
        for pair in possible {
            if pair.query & !self.query_left == 0 && pair.listed & !self.listed_left == 0 {
                self.query_left &= !pair.query;
                self.listed_left &= !pair.listed;
                self.pairs.push(*pair);
            }
        }
    }
}

fn can_join(tokens: &[&Token]) -> bool {
    tokens.iter().all(|t| !matches!(t.class, TokenClass::Legal | TokenClass::Number))
}

/// Likeness of the last word of a full field to the word it was cut from.
const CUT: Likeness = Likeness { similarity: 0.95, measure: Measure::Prefix };

fn is_cut(name: &Name, unit: &Unit<'_>) -> bool {
    name.may_be_cut && name.tokens.len() <= MAX_TOKENS && unit.span == 1 << (name.tokens.len() - 1)
}

/// The last word of a full field may be the beginning of the listed word.
fn cut_likeness(name: &Name, unit: &Unit<'_>, listed: &Token, found: Likeness) -> Likeness {
    if found.measure == Measure::Prefix && is_cut(name, unit) && unit.token.text.len() < listed.text.len() {
        return CUT;
    }
    found
}

/// A cut-off word whose rest is too short to be taken for a word.
fn cut_word(name: &Name, unit: &Unit<'_>, listed: &Token) -> Option<Likeness> {
    (is_cut(name, unit) && listed.class.is_anchor() && listed.text.starts_with(&unit.token.text))
        .then_some(CUT)
}

pub(super) const fn mask(length: usize) -> u64 {
    if length >= 64 { u64::MAX } else { (1 << length) - 1 }
}

pub(super) fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (mask != 0).then(|| {
            let bit = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            bit
        })
    })
}

impl Alignment {
    /// The pairings in words, in the order of the screened name; then what was
    /// left alone on either side.
    pub fn explain(&self, name: &Name, units: &[Unit<'_>], listed: &[&Token]) -> Vec<TokenMatch> {
        let pairs = self.in_order();
        let written = |tokens: &mut dyn Iterator<Item = &Token>| {
            tokens.map(|t| t.written.as_str()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
        };
        let mut tokens: Vec<TokenMatch> = pairs
            .into_iter()
            .map(|pair| {
                let query = written(&mut bits(pair.query).filter_map(|i| name.tokens.get(i)));
                let listed_text = written(&mut bits(pair.listed).filter_map(|i| listed.get(i).copied()));
                TokenMatch {
                    why: why(pair, &units[pair.unit], &query, &listed_text),
                    query,
                    listed: listed_text,
                    measure: pair.likeness.measure,
                    similarity: f64::from(pair.likeness.similarity),
                    weight: f64::from(pair.weight),
                    without: None,
                }
            })
            .collect();
        let alone = |token: &Token, query: bool| TokenMatch {
            query: if query { token.written.clone() } else { String::new() },
            listed: if query { String::new() } else { token.written.clone() },
            measure: Measure::Unmatched,
            similarity: 0.0,
            weight: f64::from(token.weight),
            without: None,
            why: format!(
                "{} only in the {} name",
                token.class.label(),
                if query { "screened" } else { "listed" }
            ),
        };
        tokens.extend(bits(self.query_left).filter_map(|i| name.tokens.get(i)).map(|t| alone(t, true)));
        tokens.extend(bits(self.listed_left).filter_map(|i| listed.get(i)).map(|t| alone(t, false)));
        tokens.retain(|t| !(t.query.is_empty() && t.listed.is_empty()));
        tokens
    }
}

fn why(pair: &Pair, unit: &Unit<'_>, query: &str, listed: &str) -> String {
    let class = unit.token.class;
    match pair.likeness.measure {
        Measure::Equal if query == listed => match class {
            TokenClass::Word => "the same word".to_owned(),
            class => format!("the same {}, counts little", class.label()),
        },
        Measure::Equal => format!("two spellings of one {}", class.label()),
        Measure::Variant if class == TokenClass::Legal => "another legal form, counts little".to_owned(),
        Measure::Variant => "known variants of one name".to_owned(),
        Measure::Sound => "sounds or transliterates alike".to_owned(),
        Measure::Spelling => match strsim::osa_distance(query, listed) {
            1 => "1 letter differs".to_owned(),
            n => format!("{n} letters differ"),
        },
        Measure::Initial => "an initial stands for the word".to_owned(),
        Measure::Prefix if is_prefix(query, listed) => "one is the beginning of the other".to_owned(),
        Measure::Prefix => "one abbreviates the other".to_owned(),
        Measure::Joined if query == listed => {
            "the same letters, divided into words in another way".to_owned()
        }
        Measure::Joined => "written as one word on one side".to_owned(),
        Measure::Unmatched => String::new(),
    }
}

fn is_prefix(a: &str, b: &str) -> bool {
    a.starts_with(b) || b.starts_with(a)
}
