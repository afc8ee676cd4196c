//! Any two texts as names: folding, parsing and scoring keep their laws.
//! `cargo +nightly fuzz run matching`
//!
//! The first byte of the input is the kind of party, a form feed divides the
//! rest into the two texts, and each of their lines is a listed name.

#![no_main]

use libfuzzer_sys::fuzz_target;
use redflag::matching::{CountrySet, KindFilter, NameIndex, NameQuery, compare};
use redflag::name::{Lexicon, Name, fold_words, split_field};
use redflag::trade::PartyKind;

const KINDS: [PartyKind; 5] =
    [PartyKind::Unknown, PartyKind::Organization, PartyKind::Person, PartyKind::Vessel, PartyKind::Aircraft];
/// Names put into the index, and lines screened against it.
const MOST_LISTED: usize = 24;
const MOST_SCREENED: usize = 4;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, text)) = bytes.split_first() else { return };
    let kind = KINDS[usize::from(*first) % KINDS.len()];
    let text = String::from_utf8_lossy(text);
    let (a, b) = text.split_once('\u{c}').unwrap_or((&text, ""));
    check_scores(a, b, kind);
    check_index(a, b, kind);
});

fn check_scores(a: &str, b: &str, kind: PartyKind) {
    let lexicon = Lexicon::shipped();
    let one = compare(lexicon, a, b, kind).score;
    let other = compare(lexicon, b, a, kind).score;
    assert!((0.0..=1.0).contains(&one), "{one}");
    assert!(one.to_bits() == other.to_bits(), "{one} one way, {other} the other way");
    for text in [a, b] {
        if !fold_words(text).words.is_empty() {
            let score = compare(lexicon, text, text, kind).score;
            assert!(score == 1.0, "{score} for a name with itself");
        }
    }
}

fn check_index(a: &str, b: &str, kind: PartyKind) {
    let lexicon = Lexicon::shipped();
    let mut index = NameIndex::default();
    for (entry, line) in a.lines().chain(b.lines()).take(MOST_LISTED).enumerate() {
        // The list says what every other entry is.
        let listed = if entry % 2 == 0 { PartyKind::Unknown } else { kind };
        index.add(lexicon, entry as u32, line, listed, CountrySet::of(&[]), entry % 3 == 2);
    }
    index.finish();
    for line in [a, b].into_iter().chain(a.lines().chain(b.lines()).take(MOST_SCREENED)) {
        for part in split_field(lexicon, line) {
            let name = Name::parse(lexicon, &part.text, kind);
            let query = NameQuery {
                name: &name,
                kind,
                kinds: KindFilter::for_kind(kind),
                part: part.kind,
                countries: CountrySet::of(&[]),
                lift: 0.0,
            };
            for cutoff in [0.3, 0.8] {
                let found = index.search(lexicon, query, cutoff);
                let all = index.exhaustive(lexicon, query, cutoff);
                assert_eq!(found, all, "`{}` at {cutoff}", part.text);
            }
        }
    }
}
