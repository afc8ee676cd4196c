//! The laws of the index, on small lists of our own making.

use super::*;
use crate::matching::evidence::probability;
use crate::matching::query::KindFilter;
use crate::name::PartKind;
use crate::trade::CountryCode;

fn index(names: &[String]) -> NameIndex {
    let mut index = NameIndex::default();
    for (i, name) in names.iter().enumerate() {
        index.add(
            Lexicon::shipped(),
            u32::try_from(i).unwrap(),
            name,
            PartyKind::Unknown,
            countries(i),
            false,
        );
    }
    index.finish();
    index
}

/// The countries of the name of that number.
fn countries(number: usize) -> CountrySet {
    let code = ["MY", "RU", "CN", "IR", "AE"].get(number % 7).and_then(|code| CountryCode::new(code));
    CountrySet::of(code.as_slice())
}

fn any(name: &Name, kind: PartyKind) -> NameQuery<'_> {
    NameQuery::new(name, kind, KindFilter::Any, PartKind::Whole)
}

fn name_strategy() -> impl proptest::strategy::Strategy<Value = String> {
    let word = proptest::sample::select(vec![
        "radio",
        "avtomatika",
        "radioavtomatika",
        "iran",
        "combine",
        "irancombine",
        "trading",
        "trdg",
        "co",
        "ltd",
        "ooo",
        "fortune",
        "2",
        "3",
        "o",
        "v",
        "deripaska",
        "oleg",
        "al",
        "bank",
        "of",
        "china",
        "kim",
        "jong",
        "un",
        "jongun",
        "mohammed",
        "muhamad",
        "hassan",
        "hasan",
        "ali",
        "shanghai",
        "deripaske",
        "abd",
        "forthe",
        "for",
        "the",
        "pand",
        "p",
        "and",
        "abdalghaffur",
        "abdullah",
        "allah",
        "rab",
        "hassin",
        "quorvex",
    ]);
    let noise = "[a-c]{1,6}";
    proptest::collection::vec(
        proptest::prop_oneof![4 => proptest::strategy::Strategy::prop_map(word, str::to_owned), 1 => noise],
        1..6,
    )
    .prop_map_into_name()
}

trait IntoName: proptest::strategy::Strategy<Value = Vec<String>> + Sized {
    fn prop_map_into_name(self) -> proptest::strategy::Map<Self, fn(Vec<String>) -> String> {
        proptest::strategy::Strategy::prop_map(self, |words| words.join(" "))
    }
}
impl<S: proptest::strategy::Strategy<Value = Vec<String>>> IntoName for S {}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(400))]
    /// The index loses nothing and invents nothing.
    #[test]
    fn the_index_returns_what_exhaustive_scoring_returns(
        listed in proptest::collection::vec(name_strategy(), 1..25),
        query in name_strategy(),
        cutoff in 0.2f32..0.95,
    ) {
        let index = index(&listed);
        for kind in [PartyKind::Unknown, PartyKind::Person, PartyKind::Vessel] {
            let name = Name::parse(Lexicon::shipped(), &query, kind);
            let lifted = NameQuery { countries: countries(1), lift: 0.8, ..any(&name, kind) };
            for query in [any(&name, kind), lifted] {
            proptest::prop_assert_eq!(
                index.search(Lexicon::shipped(), query, cutoff),
                index.exhaustive(Lexicon::shipped(), query, cutoff)
            );
            }
        }
    }

    #[test]
    fn a_name_equals_itself(name in name_strategy()) {
        let index = index(std::slice::from_ref(&name));
        let parsed = Name::parse(Lexicon::shipped(), &name, PartyKind::Unknown);
        let best = index.search(Lexicon::shipped(), any(&parsed, PartyKind::Unknown), 0.5);
        proptest::prop_assert!(best.first().is_some_and(|c| probability(c.log_odds) >= 1.0), "{:?}", best);
    }
}

#[test]
fn planted_names_are_found() {
    let listed: Vec<String> =
        ["JATRONICS SDN BHD", "JSC ARGUMENT", "RADIOAVTOMATIKA", "SHCHERBAKOV, Dmitriy", "FORTUNE 2"]
            .map(str::to_owned)
            .into();
    let index = index(&listed);
    for (query, entry) in [
        ("JATRONIX SDN. BHD.", 0),
        ("Jatroniks Sdn Bhd", 0),
        ("JSCARGUMENT", 1),
        ("OOO Radio Avtomatika", 2),
        ("Радиоавтоматика", 2),
        ("Dmitrij Schtscherbakow", 3),
        ("Fortune II", 4),
    ] {
        let name = Name::parse(Lexicon::shipped(), query, PartyKind::Unknown);
        let found = index.search(Lexicon::shipped(), any(&name, PartyKind::Unknown), 0.7);
        assert!(found.first().is_some_and(|c| c.entry == entry), "{query}: {found:?}");
    }
    let name = Name::parse(Lexicon::shipped(), "FORTUNE 3", PartyKind::Vessel);
    let query = NameQuery { kinds: KindFilter::Only(PartyKind::Vessel), ..any(&name, PartyKind::Vessel) };
    assert!(index.search(Lexicon::shipped(), query, 0.7).is_empty());
}

/// Particles and small words written together with a word were lost once.
#[test]
fn a_small_word_written_together_is_searched_as_it_is_scored() {
    let listed: Vec<String> =
        ["FOR THE Quorvex", "MAJID, Rukan abd al-Gafur", "H AND H METALFORM GMBH"].map(str::to_owned).into();
    let index = index(&listed);
    for query in ["FORTHE Quorvex", "MAJID Rukan abdal-Ghaffur", "H ANDH METALFORM GMBH"] {
        for kind in [PartyKind::Person, PartyKind::Organization, PartyKind::Vessel] {
            let name = Name::parse(Lexicon::shipped(), query, kind);
            let query = any(&name, kind);
            assert_eq!(
                index.search(Lexicon::shipped(), query, 0.05),
                index.exhaustive(Lexicon::shipped(), query, 0.05),
                "{name:?}"
            );
        }
    }
}
