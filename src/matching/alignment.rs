//! Two names → which word met which, and one score.
//!
//! Knows two token lists and the likenesses between them; nothing of lists.
//!
//! The score is a weighted Dice coefficient. Words pair up one to one (or two
//! to one where they were joined), each pair counts by the weight of its
//! commoner word times its similarity, and words left alone on either side
//! pull the score down by their weight:
//!
//! ```text
//!            2 · Σ pairs (similarity · weight)
//! score = ─────────────────────────────────────────────── · adjustments
//!          2 · Σ pairs weight + Σ alone (cost · weight)
//! ```

use crate::name::{Name, Token, TokenClass};

use super::breakdown::{Adjustment, Measure, ScoreBreakdown, TokenMatch};
use super::similarity::{Likeness, likeness};

/// How much a word that stands alone pulls the score down, as a share of its
/// weight.
pub(super) const fn cost_factor(class: TokenClass) -> f32 {
    match class {
        TokenClass::Word => 1.15,
        TokenClass::Number => 0.9,
        TokenClass::Initial | TokenClass::Particle => 0.6,
        TokenClass::Business => 0.7,
        TokenClass::Place => 0.45,
        TokenClass::Legal => 0.5,
    }
}

/// What a token costs when it stands alone.
pub(super) fn cost(token: &Token) -> f32 {
    cost_factor(token.class) * token.weight
}

/// Score below which a name counts as carrying too little information, in
/// matched weight.
const ENOUGH_WEIGHT: f32 = 0.7;
const BOTH_NUMBERS_DIFFER: f32 = 0.6;
const ONE_NUMBER_MISSING: f32 = 0.85;
/// `Lawrence` and `Lorenzo` are one name, but not one party.
const VARIANT_ALONE: f32 = 0.8;
/// Share of the cost of listed words left out when two telling words met.
pub(super) const FORGIVEN_COST: f32 = 0.6;
/// Share of the cost of listed words beyond the cut of a full 35-character
/// field.
const CUT_COST: f32 = 0.15;

/// Some adjacent tokens of the screened name, taken as one word.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub token: Token,
    /// Bits of the tokens it covers.
    pub span: u64,
    /// Whether it is several tokens joined.
    pub joined: bool,
}

/// The tokens of a name one by one, then each two or three neighbours joined.
pub(super) fn units(name: &Name, lexicon: &crate::name::Lexicon) -> Vec<Unit> {
    let tokens = &name.tokens;
    let mut units: Vec<Unit> = tokens
        .iter()
        .enumerate()
        .map(|(i, token)| Unit { token: token.clone(), span: 1 << (i & 63), joined: false })
        .collect();
    for length in 2..=3 {
        for (i, window) in tokens.windows(length).enumerate() {
            let span = (0..length).map(|k| 1u64 << ((i + k) & 63)).sum();
            let all: Vec<&Token> = window.iter().collect();
            units.extend(joined(lexicon, &all, span));
            // `Salah al-Din` is also written `Salahuddin`.
            if let [first, middle, last] = window
                && middle.class == TokenClass::Particle
            {
                units.extend(joined(lexicon, &[first, last], span));
            }
        }
    }
    units
}

/// Some tokens written as one word, if they may be.
fn joined(lexicon: &crate::name::Lexicon, tokens: &[&Token], span: u64) -> Option<Unit> {
    if tokens.iter().any(|t| matches!(t.class, TokenClass::Legal | TokenClass::Number)) {
        return None;
    }
    let text: String = tokens.iter().map(|t| t.written.as_str()).collect();
    if text.len() < 4 {
        return None;
    }
    let mut token = Name::parse(lexicon, &text, crate::trade::PartyKind::Vessel).tokens.into_iter().next()?;
    if token.class == TokenClass::Legal {
        return None;
    }
    token.written = text;
    token.variant = None;
    token.weight = token.weight.min(tokens.iter().map(|t| t.weight).sum());
    token.vowelless = tokens.iter().any(|t| t.vowelless);
    Some(Unit { token, span, joined: true })
}

/// The likeness of a unit to a listed word. Joined units must be near equal.
pub(super) fn unit_likeness(unit: &Unit, listed: &Token) -> Option<Likeness> {
    admit(unit, likeness(&unit.token, listed)?)
}

/// Whether a likeness counts for the unit, and as what.
pub(super) fn admit(unit: &Unit, found: Likeness) -> Option<Likeness> {
    if !unit.joined {
        return Some(found);
    }
    let near = matches!(found.measure, Measure::Equal | Measure::Spelling)
        || (found.measure == Measure::Sound && found.similarity >= 0.9);
    near.then_some(Likeness { similarity: found.similarity * 0.97, measure: Measure::Joined })
}

/// Shortest half of a word that is written as two words in the list.
pub(super) const MIN_HALF: usize = 3;

/// Whether one screened word is two listed neighbours written together, in
/// either order: one half must be intact, the other may have one wrong letter
/// if it has at least five.
pub(super) fn split_similarity(word: &str, first: &str, second: &str) -> Option<f32> {
    let one_way = |a: &str, b: &str| {
        if a.len() < 2 || b.len() < 2 || a.len().max(b.len()) < MIN_HALF {
            return None;
        }
        let near = |x: &str, y: &str| {
            x == y
                || (x.len() >= 5
                    && y.len() >= 5
                    && x.len().abs_diff(y.len()) <= 1
                    && strsim::osa_distance(x, y) <= 1)
        };
        if let Some(rest) = word.strip_prefix(a)
            && a.len() >= MIN_HALF
            && near(rest, b)
        {
            return Some(if rest == b { 0.97 } else { 0.9 });
        }
        if let Some(rest) = word.strip_suffix(b)
            && b.len() >= MIN_HALF
            && near(rest, a)
        {
            return Some(if rest == a { 0.97 } else { 0.9 });
        }
        None
    };
    one_way(first, second).into_iter().chain(one_way(second, first)).reduce(f32::max)
}

/// A possible pairing.
#[derive(Clone, Copy, Debug)]
struct Pair {
    unit: usize,
    listed: u64,
    likeness: Likeness,
    weight: f32,
    /// A word that tells, met well: not a legal form, initial or particle.
    telling: bool,
}

/// A name of the list, ready to be aligned: its tokens in order.
pub(super) struct Aligned {
    pub score: f32,
    pairs: Vec<Pair>,
    query_left: u64,
    listed_left: u64,
    adjustments: Vec<(&'static str, f32)>,
}

/// Aligns a screened name with a listed one. `like` gives the likeness of unit
/// `u` to listed token `l`.
pub(super) fn align(
    name: &Name,
    units: &[Unit],
    listed: &[&Token],
    mut like: impl FnMut(usize, usize) -> Option<Likeness>,
) -> Aligned {
    let mut possible: Vec<Pair> = Vec::new();
    for (u, unit) in units.iter().enumerate() {
        for (l, token) in listed.iter().enumerate().take(64) {
            if let Some(likeness) = like(u, l) {
                let likeness = cut_likeness(name, unit, token, likeness);
                let weight = unit.token.weight.min(token.weight);
                let telling = unit.token.class == TokenClass::Word
                    && token.class == TokenClass::Word
                    && likeness.similarity >= 0.8;
                possible.push(Pair { unit: u, listed: 1 << l, likeness, weight, telling });
            }
        }
        if !unit.joined && unit.token.text.len() >= MIN_HALF + 2 {
            for (l, pair) in listed.windows(2).enumerate().take(63) {
                if can_join(pair)
                    && let Some(similarity) = split_similarity(&unit.token.text, &pair[0].text, &pair[1].text)
                {
                    let weight = unit.token.weight.min(pair[0].weight + pair[1].weight);
                    let likeness = Likeness { similarity, measure: Measure::Joined };
                    possible.push(Pair { unit: u, listed: 0b11 << l, likeness, weight, telling: true });
                }
            }
        }
    }
    // Best pairs first; ties in the order of the names.
    possible.sort_by(|a, b| {
        let worth = |p: &Pair| p.likeness.similarity * p.likeness.similarity * p.weight;
        worth(b).total_cmp(&worth(a)).then(a.unit.cmp(&b.unit)).then(a.listed.cmp(&b.listed))
    });
    let mut query_left = mask(name.tokens.len());
    let mut listed_left = mask(listed.len());
    let mut pairs: Vec<Pair> = Vec::with_capacity(listed.len());
    for pair in possible {
        let span = units[pair.unit].span;
        if span & !query_left == 0 && pair.listed & !listed_left == 0 {
            query_left &= !span;
            listed_left &= !pair.listed;
            pairs.push(pair);
        }
    }
    score(name, listed, pairs, query_left, listed_left)
}

fn can_join(pair: &[&Token]) -> bool {
    pair.iter().all(|t| !matches!(t.class, TokenClass::Legal | TokenClass::Number | TokenClass::Initial))
}

/// The last word of a full field may be the beginning of the listed word.
fn cut_likeness(name: &Name, unit: &Unit, listed: &Token, found: Likeness) -> Likeness {
    let last = name.tokens.len().checked_sub(1).map_or(0, |i| 1u64 << (i & 63));
    if name.may_be_cut
        && unit.span == last
        && found.measure == Measure::Prefix
        && unit.token.text.len() < listed.text.len()
    {
        return Likeness { similarity: 0.95, measure: Measure::Prefix };
    }
    found
}

fn mask(length: usize) -> u64 {
    if length >= 64 { u64::MAX } else { (1 << length) - 1 }
}

fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (mask != 0).then(|| {
            let bit = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            bit
        })
    })
}

fn score(name: &Name, listed: &[&Token], pairs: Vec<Pair>, query_left: u64, listed_left: u64) -> Aligned {
    let weight: f32 = pairs.iter().map(|p| p.weight).sum();
    let met: f32 = pairs.iter().map(|p| p.weight * p.likeness.similarity).sum();
    let last_met = pairs.iter().map(|p| p.listed.ilog2()).max();
    let alone_query: f32 = bits(query_left).filter_map(|i| name.tokens.get(i)).map(cost).sum();
    // With two words met, a listed middle name or descriptive word that the
    // paper leaves out says little.
    let words_met = pairs.iter().filter(|p| p.telling).count();
    let forgiven = if words_met >= 2 { FORGIVEN_COST } else { 1.0 };
    let alone_listed: f32 = bits(listed_left)
        .filter_map(|i| listed.get(i).map(|t| (i, t)))
        .map(|(i, token)| {
            let beyond_cut = name.may_be_cut && last_met.is_some_and(|last| i as u64 > u64::from(last));
            cost(token) * if beyond_cut { CUT_COST } else { forgiven }
        })
        .sum();
    let mut adjustments = Vec::new();
    let denominator = 2.0 * weight + alone_query + alone_listed;
    let mut score = if denominator > 0.0 { 2.0 * met / denominator } else { 0.0 };
    let identical =
        query_left == 0 && listed_left == 0 && pairs.iter().all(|p| p.likeness.measure == Measure::Equal);
    let number_alone = |left: u64, tokens: &dyn Fn(usize) -> Option<TokenClass>| {
        bits(left).any(|i| tokens(i) == Some(TokenClass::Number))
    };
    let query_number = number_alone(query_left, &|i| name.tokens.get(i).map(|t| t.class));
    let listed_number = number_alone(listed_left, &|i| listed.get(i).map(|t| t.class));
    let mut adjust = |factor: f32, why: &'static str| {
        let change = score * factor - score;
        score += change;
        adjustments.push((why, change));
    };
    match (query_number, listed_number) {
        (true, true) => adjust(BOTH_NUMBERS_DIFFER, "the numbers in the names differ"),
        (true, false) | (false, true) => {
            adjust(ONE_NUMBER_MISSING, "only one of the names holds a number");
        }
        (false, false) => {}
    }
    let by_variant_alone =
        words_met <= 1 && pairs.iter().any(|p| p.telling && p.likeness.measure == Measure::Variant);
    if by_variant_alone {
        adjust(VARIANT_ALONE, "one given name in another spelling, and nothing else");
    }
    if met < ENOUGH_WEIGHT && !identical {
        adjust(0.5 + 0.5 * met / ENOUGH_WEIGHT, "only common words agree");
    }
    Aligned { score: score.clamp(0.0, 1.0), pairs, query_left, listed_left, adjustments }
}

impl Aligned {
    /// The alignment in words.
    pub fn explain(&self, name: &Name, units: &[Unit], listed: &[&Token]) -> ScoreBreakdown {
        let written = |mask: u64| {
            bits(mask).filter_map(|i| listed.get(i)).map(|t| t.written.as_str()).collect::<Vec<_>>().join(" ")
        };
        let mut tokens: Vec<(u64, TokenMatch)> = self
            .pairs
            .iter()
            .map(|pair| {
                let unit = &units[pair.unit];
                let query = bits(unit.span)
                    .filter_map(|i| name.tokens.get(i))
                    .map(|t| t.written.as_str())
                    .collect::<Vec<_>>()
                    .join(" ");
                let listed_text = written(pair.listed);
                let why = why(pair, unit, &query, &listed_text);
                let matched = TokenMatch {
                    query,
                    listed: listed_text,
                    measure: pair.likeness.measure,
                    similarity: f64::from(pair.likeness.similarity),
                    weight: f64::from(pair.weight),
                    why,
                };
                (unit.span, matched)
            })
            .collect();
        tokens.sort_by_key(|(span, _)| span.trailing_zeros());
        let alone = |token: &Token, query: bool| TokenMatch {
            query: if query { token.written.clone() } else { String::new() },
            listed: if query { String::new() } else { token.written.clone() },
            measure: Measure::Unmatched,
            similarity: 0.0,
            weight: f64::from(token.weight),
            why: format!(
                "{} only in the {} name",
                token.class.label(),
                if query { "screened" } else { "listed" }
            ),
        };
        let mut tokens: Vec<TokenMatch> = tokens.into_iter().map(|(_, token)| token).collect();
        tokens.extend(bits(self.query_left).filter_map(|i| name.tokens.get(i)).map(|t| alone(t, true)));
        tokens.extend(bits(self.listed_left).filter_map(|i| listed.get(i)).map(|t| alone(t, false)));
        ScoreBreakdown {
            tokens,
            adjustments: self
                .adjustments
                .iter()
                .map(|(why, change)| Adjustment { why: (*why).to_owned(), change: f64::from(*change) })
                .collect(),
            score: f64::from(self.score),
            ..ScoreBreakdown::default()
        }
    }
}

fn why(pair: &Pair, unit: &Unit, query: &str, listed: &str) -> String {
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
        Measure::Prefix => "one is the beginning of the other".to_owned(),
        Measure::Joined => "written as one word on one side".to_owned(),
        Measure::Unmatched => String::new(),
    }
}
