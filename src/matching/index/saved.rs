//! The index of names as bytes, and back.
//!
//! What is loaded is looked through: every number in it is of something that
//! is there, so that no search can fail later.

use crate::matching::alignment::MAX_TOKENS;
use crate::matching::bound::{Outline, Totals};
use crate::matching::bytes::{Reader, Writer};
use crate::matching::evidence::ListedTraits;
use crate::matching::letters::AllLetters;
use crate::matching::lookup::Lookup;
use crate::matching::party_bytes::{kind_byte, kind_of};
use crate::matching::postings::Postings;
use crate::matching::query::CountrySet;
use crate::matching::texts::{DistinctTexts, Texts};
use crate::matching::vocabulary::Vocabulary;

use super::{IndexedName, NameIndex};

impl NameIndex {
    pub(in crate::matching) fn save_words(&self, out: &mut Writer) {
        self.vocabulary.save(out);
    }

    /// All but the words.
    pub(in crate::matching) fn save_names(&self, out: &mut Writer) {
        out.byte(u8::from(self.addresses));
        out.size(self.vocabulary.len());
        let names = || self.names.iter();
        out.u32s(names().map(|name| name.entry));
        out.bytes(names().map(|name| kind_byte(name.kind)));
        let ends = self.first_tokens.windows(2);
        out.u16s(ends.map(|ends| u16::try_from(ends[1] - ends[0]).unwrap_or(u16::MAX)));
        out.u64s(names().map(|name| name.traits.family));
        out.bytes(names().map(|name| u8::from(name.traits.weak_alias)));
        let outlines = || self.outlines.iter();
        out.f32s(outlines().map(|outline| outline.totals.weight));
        out.f32s(outlines().map(|outline| outline.totals.small));
        out.u32s(outlines().map(|outline| outline.countries.bits()));
        for numbers in [&self.tokens, &self.written, &self.in_order] {
            out.u32s(numbers.iter().copied());
        }
        self.postings.save(out);
        self.written_texts.texts.save(out);
        self.letters.save(out);
        self.same_words.save(out);
        self.by_letters.save(out);
    }

    /// Reads an index, words and names side by side; the names are of entries
    /// below `entries`.
    pub(in crate::matching) fn load(
        words: Reader<'_>,
        names: &mut Reader<'_>,
        entries: usize,
    ) -> Option<Self> {
        let (vocabulary, index) =
            rayon::join(|| words.whole(Vocabulary::load), || Self::load_rest(names, entries));
        let (vocabulary, (mut index, words)) = (vocabulary?, index?);
        if vocabulary.len() != words {
            return None;
        }
        index.shapes = index.tokens.iter().map(|&word| vocabulary.shape(word)).collect();
        index.vocabulary = vocabulary;
        Some(index)
    }

    /// All but the words and their shapes, and how many words it is made of.
    fn load_rest(reader: &mut Reader<'_>, entries: usize) -> Option<(Self, usize)> {
        let addresses = reader.byte()? != 0;
        // So many that numbers of words can tell them apart.
        let words = reader.size().filter(|words| u32::try_from(*words).is_ok())?;
        let (names, first_tokens) = load_names(reader)?;
        let outlines = load_outlines(reader, &names)?;
        let mut numbers = || reader.u32s();
        let [tokens, written, in_order] = [numbers()?, numbers()?, numbers()?];
        let count = names.len();
        let index = Self {
            postings: Postings::load(reader, words, count)?,
            written_texts: DistinctTexts::of(Texts::load(reader)?),
            letters: AllLetters::load(reader)?,
            same_words: Lookup::load(reader, count)?,
            by_letters: Lookup::load(reader, count)?,
            names,
            outlines,
            first_tokens,
            tokens,
            written,
            in_order,
            addresses,
            ..Self::default()
        };
        let used = index.first_tokens.last().copied().unwrap_or(0);
        let fits = index.names.iter().all(|name| (name.entry as usize) < entries)
            && used as usize == index.tokens.len()
            && index.written.len() == index.tokens.len()
            && index.in_order.len() == count
            && all_below(&index.tokens, words)
            && all_below(&index.in_order, count);
        fits.then_some((index, words))
    }
}

fn all_below(numbers: &[u32], limit: usize) -> bool {
    numbers.iter().all(|number| (*number as usize) < limit)
}

/// The names, and where the tokens of each begin.
fn load_names(reader: &mut Reader<'_>) -> Option<(Vec<IndexedName>, Vec<u32>)> {
    let entries = reader.u32s()?;
    let mut kinds = reader.block()?.iter();
    let mut tokens = reader.u16s()?.into_iter();
    let mut families = reader.u64s()?;
    let mut weak = reader.block()?.iter();
    let mut names = Vec::with_capacity(entries.len());
    let mut first_tokens = vec![0u32];
    for entry in entries {
        let tokens = tokens.next().filter(|tokens| usize::from(*tokens) <= MAX_TOKENS)?;
        first_tokens.push(first_tokens.last()?.checked_add(tokens.into())?);
        names.push(IndexedName {
            entry,
            kind: kind_of(*kinds.next()?)?,
            traits: ListedTraits { family: families.next()?, weak_alias: *weak.next()? != 0 },
        });
    }
    Some((names, first_tokens))
}

fn load_outlines(reader: &mut Reader<'_>, names: &[IndexedName]) -> Option<Vec<Outline>> {
    let (mut weights, mut small) = (reader.f32s()?, reader.f32s()?);
    let mut countries = reader.u32s()?.into_iter();
    let outlines = names.iter().map(|name| {
        let totals = Totals { weight: weights.next()?, small: small.next()? };
        let countries = CountrySet::from_bits(countries.next()?);
        (totals.weight.is_finite() && totals.small.is_finite()).then_some(Outline {
            totals,
            countries,
            kind: name.kind,
        })
    });
    outlines.collect()
}
