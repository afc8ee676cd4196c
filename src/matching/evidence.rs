//! An alignment → what it says for and against, and one score from 0 to 1.
//!
//! Knows the alignment of two names and the table of weights
//! (`rules/names/evidence.toml`); nothing of lists.
//!
//! Every [`Feature`] is a number that speaks for the match (named in
//! [`Feature::FOR`]) or against it. Weighed and summed they are the logarithm
//! of the odds that both names mean one party; the score is that probability.
//! More met never lowers the score, and more left alone never raises it.

use std::sync::OnceLock;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};
use crate::name::{Name, PartKind, Token, TokenClass};
use crate::trade::PartyKind;

use super::alignment::{Alignment, Potential, Unit, bits};
use super::breakdown::Measure;
use super::letters::Whole;

macro_rules! features {
    ($($name:ident $key:literal $say:literal,)*) => {
        /// What is counted of a pair of names.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(usize)]
        pub enum Feature { $($name,)* }

        impl Feature {
            /// All, in the order of the table.
            pub const ALL: &'static [Feature] = &[$(Feature::$name,)*];

            /// The key in `rules/names/evidence.toml`.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Feature::$name => $key,)* }
            }

            /// In plain words, for explanations.
            #[must_use]
            pub const fn say(self) -> &'static str {
                match self { $(Feature::$name => $say,)* }
            }
        }
    };
}

features! {
    // For a match.
    Met "met" "what agrees",
    MetLog "met_log" "how much agrees at all",
    QueryCovered "query_covered" "share of the screened name that agrees",
    ListedCovered "listed_covered" "share of the listed name that agrees",
    QueryCoveredLog "query_covered_log" "how little of the screened name is left",
    ListedCoveredLog "listed_covered_log" "how little of the listed name is left",
    Letters "letters" "letters that agree",
    NumberMet "number_met" "a number agrees",
    LegalMet "legal_met" "the legal form agrees",
    Ordered "ordered" "the words stand in the same order",
    Country "country" "the country agrees",
    // Against it.
    BothLeft "both_left" "different words in both names",
    Exchanged "exchanged" "one word is exchanged for another",
    QueryWordsLeft "query_words_left" "words only in the screened name",
    ListedWordsLeft "listed_words_left" "words only in the listed name",
    QueryBusinessLeft "query_business_left" "business words only in the screened name",
    ListedBusinessLeft "listed_business_left" "business words only in the listed name",
    QueryPlaceLeft "query_place_left" "a place only in the screened name",
    ListedPlaceLeft "listed_place_left" "a place only in the listed name",
    QuerySmallLeft "query_small_left" "initials or particles only in the screened name",
    ListedSmallLeft "listed_small_left" "initials or particles only in the listed name",
    QueryLegalLeft "query_legal_left" "a legal form only in the screened name",
    ListedLegalLeft "listed_legal_left" "a legal form only in the listed name",
    LegalDiffers "legal_differs" "another legal form",
    NumbersDiffer "numbers_differ" "the numbers in the names differ",
    QueryNumberLeft "query_number_left" "a number only in the screened name",
    ListedNumberLeft "listed_number_left" "a number only in the listed name",
    LossSpelling "loss_spelling" "letters that differ",
    LossSound "loss_sound" "words that only sound alike",
    LossVariant "loss_variant" "known variants instead of the same name",
    LossJoined "loss_joined" "words written together or apart",
    LossPrefix "loss_prefix" "words written short",
    LossInitial "loss_initial" "initials instead of words",
    LossWeak "loss_weak" "words that are only distantly alike",
    Worst "worst" "the least alike of the words",
    SingleWord "single_word" "only one telling word agrees",
    NoWord "no_word" "only common words agree",
    QueryFirstLeft "query_first_left" "the first word of the screened name meets nothing",
    ListedFirstLeft "listed_first_left" "the first word of the listed name meets nothing",
    FamilyLeft "family_left" "the family name does not agree",
    WeakAlias "weak_alias" "a weak alias",
    PartMarked "part_marked" "only a marked part of the field",
    PartUnmarked "part_unmarked" "only a part of the field",
    PartPlace "part_place" "the field without the place in it",
}

impl Feature {
    /// The features before this one speak for a match, the others against it.
    const FIRST_AGAINST: usize = Feature::BothLeft as usize;
    /// Whether people are told of it beside the words themselves.
    pub(super) const fn is_told(self) -> bool {
        matches!(
            self,
            Self::BothLeft
                | Self::Exchanged
                | Self::NumbersDiffer
                | Self::QueryNumberLeft
                | Self::ListedNumberLeft
                | Self::LegalDiffers
                | Self::SingleWord
                | Self::NoWord
                | Self::QueryFirstLeft
                | Self::ListedFirstLeft
                | Self::FamilyLeft
                | Self::WeakAlias
        )
    }

    pub(super) const COUNT: usize = Feature::ALL.len();
}

/// The features of one pair of names; all are at least 0 but the logarithms.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Evidence(pub [f32; Feature::COUNT]);

impl Default for Evidence {
    fn default() -> Self {
        Self([0.0; Feature::COUNT])
    }
}

impl Evidence {
    /// With the part of the field that was used.
    #[must_use]
    pub(super) fn with_part(mut self, part: PartKind) -> Self {
        match part {
            PartKind::Whole => {}
            PartKind::Marked => self[Feature::PartMarked] = 1.0,
            PartKind::Unmarked => self[Feature::PartUnmarked] = 1.0,
            PartKind::WithoutPlace => self[Feature::PartPlace] = 1.0,
        }
        self
    }
}

impl std::ops::Index<Feature> for Evidence {
    type Output = f32;
    fn index(&self, feature: Feature) -> &f32 {
        &self.0[feature as usize]
    }
}

impl std::ops::IndexMut<Feature> for Evidence {
    fn index_mut(&mut self, feature: Feature) -> &mut f32 {
        &mut self.0[feature as usize]
    }
}

/// What is known of a listed name beside its words.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct ListedTraits {
    /// Bits of the tokens of the family name, where the list tells it.
    pub family: u64,
    pub weak_alias: bool,
}

/// Adds up what an alignment says. With the potential of one that is not
/// complete, no completion of it says more for a match or less against it.
pub(super) fn evidence(
    name: &Name,
    units: &[Unit<'_>],
    listed: &[&Token],
    traits: ListedTraits,
    alignment: &Alignment,
    potential: &Potential,
) -> Evidence {
    use Feature as F;
    let mut e = Evidence::default();
    let mut covered = [0.0f32; 2];
    let mut worst = 1.0f32;
    let mut telling = 0usize;
    let mut letters = 0usize;
    for pair in &alignment.pairs {
        let s = pair.likeness.similarity;
        let [query, list] = pair.covers(name, listed);
        e[F::Met] += pair.weight * s;
        covered[0] += query * s;
        covered[1] += list * s;
        let class = units[pair.unit].token.class;
        let loss = pair.weight * (1.0 - s);
        let feature = match pair.likeness.measure {
            _ if pair.weak && class.is_anchor() => F::LossWeak,
            Measure::Spelling => F::LossSpelling,
            Measure::Sound => F::LossSound,
            Measure::Joined => F::LossJoined,
            Measure::Prefix => F::LossPrefix,
            Measure::Initial => F::LossInitial,
            _ => F::LossVariant,
        };
        e[feature] += loss;
        match class {
            TokenClass::Number => e[F::NumberMet] = 1.0,
            TokenClass::Legal if pair.likeness.measure == Measure::Equal => e[F::LegalMet] = 1.0,
            TokenClass::Legal => e[F::LegalDiffers] = 1.0,
            _ => {}
        }
        if pair.telling {
            worst = worst.min(s);
            if !pair.weak {
                telling += 1;
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a word's letters"
            )]
            let met = (units[pair.unit].token.text.len() as f32 * s) as usize;
            letters += met;
        }
    }
    let totals = [name.tokens.iter().map(|t| t.weight).sum(), listed.iter().map(|t| t.weight).sum()];
    e[F::Met] += potential.met;
    covered_features(&mut e, covered.map(|c| c + potential.met), totals);
    e[F::Letters] = log_letters(letters + potential.letters);
    e[F::Worst] = 1.0 - worst;
    e[F::SingleWord] = f32::from(u8::from(telling == 1));
    e[F::NoWord] = f32::from(u8::from(telling == 0));
    e[F::Ordered] = f32::from(u8::from(is_ordered(alignment)));
    let query = left(bits(potential.query_left).map(|i| &name.tokens[i]));
    let list = left(bits(potential.listed_left).map(|i| listed[i]));
    e[F::BothLeft] = query.words.min(list.words).sqrt();
    e[F::Exchanged] = e[F::BothLeft] * exchanged(telling);
    (e[F::QueryWordsLeft], e[F::ListedWordsLeft]) = (query.words, list.words);
    (e[F::QueryBusinessLeft], e[F::ListedBusinessLeft]) = (query.business, list.business);
    (e[F::QueryPlaceLeft], e[F::ListedPlaceLeft]) = (query.place, list.place);
    (e[F::QuerySmallLeft], e[F::ListedSmallLeft]) = (query.small, list.small);
    (e[F::QueryLegalLeft], e[F::ListedLegalLeft]) = (query.legal, list.legal);
    match (query.number, list.number) {
        (true, true) => e[F::NumbersDiffer] = 1.0,
        (true, false) => e[F::QueryNumberLeft] = 1.0,
        (false, true) => e[F::ListedNumberLeft] = 1.0,
        (false, false) => {}
    }
    let first = |mut tokens: &mut dyn Iterator<Item = &Token>, left: u64| {
        let at = (&mut tokens).position(|t| t.class == TokenClass::Word);
        f32::from(u8::from(at.is_some_and(|i| i < 64 && left & (1 << i) != 0)))
    };
    e[F::QueryFirstLeft] = first(&mut name.tokens.iter(), potential.query_left);
    e[F::ListedFirstLeft] = first(&mut listed.iter().copied(), potential.listed_left);
    e[F::FamilyLeft] = f32::from(u8::from(traits.family & potential.listed_left != 0));
    e[F::WeakAlias] = f32::from(u8::from(traits.weak_alias));
    e
}

/// How far words that are left on both sides, beside so many that agree, are
/// one name exchanged for another: of a longer name the others alone would be
/// nearly enough.
const fn exchanged(telling: usize) -> f32 {
    match telling {
        0 | 1 => 0.0,
        2 => 0.5,
        _ => 1.0,
    }
}

pub(super) fn log_letters(letters: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "few letters")]
    let letters = letters as f32;
    (1.0 + letters / 4.0).ln()
}

/// The features of what was met and covered.
fn covered_features(e: &mut Evidence, covered: [f32; 2], totals: [f32; 2]) {
    use Feature as F;
    let share = |i: usize| if totals[i] > 0.0 { (covered[i] / totals[i]).clamp(0.0, 1.0) } else { 0.0 };
    e[F::MetLog] = (e[F::Met] + 0.05).ln();
    (e[F::QueryCovered], e[F::ListedCovered]) = (share(0), share(1));
    (e[F::QueryCoveredLog], e[F::ListedCoveredLog]) = (-(1.02 - share(0)).ln(), -(1.02 - share(1)).ln());
}

/// Whether the met words stand in the same order in both names.
fn is_ordered(alignment: &Alignment) -> bool {
    let mut pairs: Vec<(u32, u32)> =
        alignment.pairs.iter().map(|p| (p.query.trailing_zeros(), p.listed.trailing_zeros())).collect();
    pairs.sort_unstable();
    pairs.windows(2).all(|two| two[0].1 < two[1].1)
}

/// What is left of a name, by what it weighs.
#[derive(Default)]
struct Left {
    words: f32,
    business: f32,
    place: f32,
    small: f32,
    legal: f32,
    number: bool,
}

fn left<'t>(tokens: impl Iterator<Item = &'t Token>) -> Left {
    let mut left = Left::default();
    for token in tokens {
        match token.class {
            TokenClass::Word if token.place => left.place += token.weight,
            TokenClass::Word => left.words += token.weight,
            TokenClass::Business => left.business += token.weight,
            TokenClass::Place => left.place += token.weight,
            TokenClass::Initial | TokenClass::Particle => left.small += token.weight,
            TokenClass::Legal => left.legal = 1.0,
            TokenClass::Number => left.number = true,
            TokenClass::Small => {}
        }
    }
    left
}

/// The weights of the features for one kind of party.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    base: f32,
    by_feature: [f32; Feature::COUNT],
    /// What names that agree as a whole sum up to: letter by letter, and as
    /// far as a full field goes.
    same_letters: f32,
    cut: f32,
    /// The most that the features for a match which no sum bounds can add.
    bonus: f32,
    /// What is added at most up to a share of the screened and of the listed
    /// name, in steps.
    shares: [Box<[f32]>; 2],
    /// The same for what is met.
    met: Box<[f32]>,
}

/// Steps of a share in the tables of bounds.
const SHARE_STEPS: usize = 256;
/// Steps of what is met, and the highest of them.
const MET_STEP: f32 = 1.0 / 32.0;
const MET_STEPS: usize = 256;

/// The weights for all kinds.
#[derive(Clone, Debug)]
pub struct EvidenceModel {
    person: Weights,
    organization: Weights,
    vessel: Weights,
    address: Weights,
}

/// What an entry of the index is scored as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scored {
    As(PartyKind),
    Address,
}

const MODEL: (&str, &str) = ("rules/names/evidence.toml", include_str!("../../rules/names/evidence.toml"));

impl EvidenceModel {
    /// The weights that come with the program.
    pub(super) fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<EvidenceModel> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            // That the shipped table holds no mistake is held by a test.
            Self::load(&SourceFile::new(MODEL.0, MODEL.1), &mut Diagnostics::default())
        })
    }

    fn load(file: &SourceFile, out: &mut Diagnostics) -> Self {
        let document = parse_toml(file, out);
        let mut table = Table::document(file, &document);
        let mut weights = |key: &'static str, out: &mut Diagnostics| {
            let mut weights = Weights::default();
            if let Some(mut kind) = table.get(key).and_then(|item| item.table(out)) {
                weights.base = kind.number("base", out);
                weights.same_letters = kind.number("same_letters", out);
                weights.cut = kind.number("cut", out);
                for feature in Feature::ALL {
                    let weight = kind.number(feature.key(), out);
                    let against = *feature as usize >= Feature::FIRST_AGAINST;
                    weights.by_feature[*feature as usize] = if against { -weight } else { weight };
                }
                kind.finish(out);
            }
            weights.bonus = [Feature::NumberMet, Feature::LegalMet, Feature::Ordered]
                .iter()
                .map(|f| weights.by_feature[*f as usize])
                .sum();
            weights.make_tables();
            weights
        };
        let model = Self {
            person: weights("person", out),
            organization: weights("organization", out),
            vessel: weights("vessel", out),
            address: weights("address", out),
        };
        table.pack(out);
        table.finish(out);
        model
    }

    /// The weight of a feature for a kind of party.
    pub(super) fn of(&self, kind: PartyKind, feature: Feature) -> f32 {
        self.weights(Scored::As(kind)).of(feature)
    }

    /// The highest weight of a feature over all kinds.
    pub(super) fn most(&self, feature: Feature) -> f32 {
        [&self.person, &self.organization, &self.vessel].iter().map(|w| w.of(feature)).fold(0.0, f32::max)
    }

    pub(super) fn weights(&self, scored: Scored) -> &Weights {
        match scored {
            Scored::As(PartyKind::Person) => &self.person,
            Scored::As(PartyKind::Vessel | PartyKind::Aircraft) => &self.vessel,
            Scored::As(_) => &self.organization,
            Scored::Address => &self.address,
        }
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            base: 0.0,
            by_feature: [0.0; Feature::COUNT],
            same_letters: 0.0,
            cut: 0.0,
            bonus: 0.0,
            shares: [Box::default(), Box::default()],
            met: Box::default(),
        }
    }
}

impl Weights {
    #[expect(clippy::cast_precision_loss, reason = "few steps")]
    fn make_tables(&mut self) {
        use Feature as F;
        let share = |linear: F, log: F| {
            (0..=SHARE_STEPS)
                .map(|step| step as f32 / SHARE_STEPS as f32)
                .map(|share| self.of(linear) * share - self.of(log) * (1.02 - share).ln())
                .collect()
        };
        let shares =
            [share(F::QueryCovered, F::QueryCoveredLog), share(F::ListedCovered, F::ListedCoveredLog)];
        let met = (0..=MET_STEPS)
            .map(|step| step as f32 * MET_STEP)
            .map(|met| self.of(F::Met) * met + self.of(F::MetLog) * (met + 0.05).ln())
            .collect();
        (self.shares, self.met) = (shares, met);
    }

    /// The logarithm of the odds.
    pub fn sum(&self, evidence: &Evidence) -> f32 {
        self.base + self.by_feature.iter().zip(&evidence.0).map(|(w, f)| w * f).sum::<f32>()
    }

    /// What names that agree as a whole sum up to.
    pub fn whole(&self, whole: Whole) -> f32 {
        match whole {
            Whole::SameLetters => self.same_letters,
            Whole::Cut => self.cut,
        }
    }

    /// What each feature that counts adds, without the base.
    pub fn parts(&self, evidence: &Evidence) -> Vec<(Feature, f32)> {
        Feature::ALL
            .iter()
            .map(|feature| (*feature, self.of(*feature) * evidence[*feature]))
            .filter(|(_, change)| *change != 0.0)
            .collect()
    }

    /// The weight of one feature: above 0 for a match, below against it.
    pub fn of(&self, feature: Feature) -> f32 {
        self.by_feature[feature as usize]
    }

    /// What the part of the field takes off.
    pub fn part(&self, part: PartKind) -> f32 {
        match part {
            PartKind::Whole => 0.0,
            PartKind::Marked => self.of(Feature::PartMarked),
            PartKind::Unmarked => self.of(Feature::PartUnmarked),
            PartKind::WithoutPlace => self.of(Feature::PartPlace),
        }
    }

    /// What a legal form, met by a weak pair, can add at most.
    pub fn bonus(&self) -> f32 {
        self.of(Feature::LegalMet)
    }

    /// No alignment that meets at most this much, and leaves at least these
    /// words (by weight), can sum up to more.
    #[expect(clippy::cast_precision_loss, reason = "few steps")]
    pub fn at_most(&self, reach: &Reach) -> f32 {
        use Feature as F;
        let share = |i: usize| {
            let share = if reach.totals[i] > 0.0 { reach.covered[i] / reach.totals[i] } else { 0.0 };
            self.shares[i][steps_up(share.clamp(0.0, 1.0) * SHARE_STEPS as f32).min(SHARE_STEPS)]
        };
        let met = steps_up(reach.met / MET_STEP);
        let met = match self.met.get(met) {
            Some(sum) => *sum,
            None => self.of(F::Met) * reach.met + self.of(F::MetLog) * (reach.met + 0.05).ln(),
        };
        self.base
            + self.bonus
            + met
            + share(0)
            + share(1)
            + self.of(F::Letters) * reach.letters
            + self.of(F::QueryWordsLeft) * reach.left[0]
            + self.of(F::ListedWordsLeft) * reach.left[1]
            + self.of(F::BothLeft) * reach.left[0].min(reach.left[1]).sqrt()
    }
}

/// Whole steps, rounded up; at least 0. As `ceil`, for which a processor may
/// have no instruction.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few thousand steps; above the highest number it is the highest"
)]
pub(super) fn steps_up(steps: f32) -> usize {
    let whole = steps as usize;
    whole + usize::from((whole as f32) < steps)
}

/// How far an alignment may get, of the screened and of the listed name.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Reach {
    pub met: f32,
    pub covered: [f32; 2],
    pub totals: [f32; 2],
    /// The feature of that name.
    pub letters: f32,
    /// Weight of the words that meet nothing.
    pub left: [f32; 2],
}

/// The probability that a sum stands for.
#[must_use]
pub(super) fn probability(sum: f32) -> f32 {
    1.0 / (1.0 + (-sum).exp())
}

/// The sum that stands for a probability.
#[must_use]
pub(super) fn log_odds(probability: f32) -> f32 {
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_holds_no_mistake_and_every_weight_speaks_its_way() {
        let mut out = Diagnostics::default();
        let model = EvidenceModel::load(&SourceFile::new(MODEL.0, MODEL.1), &mut out);
        assert!(out.is_empty(), "{:?}", out.iter().map(ToString::to_string).collect::<Vec<_>>());
        for weights in [&model.person, &model.organization, &model.vessel, &model.address] {
            for feature in Feature::ALL {
                let against = *feature as usize >= Feature::FIRST_AGAINST;
                assert!(if against { weights.of(*feature) <= 0.0 } else { weights.of(*feature) >= 0.0 });
            }
        }
    }
}
