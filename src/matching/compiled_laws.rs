//! The laws of the file of compiled lists: it gives what was put in, or
//! nothing.

use std::io::Cursor;
use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Diagnostic, SourceFile};
use crate::matching::{KindFilter, Matched, PartyQuery};
use crate::trade::{Address, CountryCode, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::{
    Edition, Effect, ListInfo, ListedName, ListedParty, NameQuality, Regime, Relation, RelationKind,
    Watchlist, shipped,
};

const SEED: [u8; KEY] = [7; KEY];

fn load(file: &[u8], key: &[u8; KEY]) -> Option<(Matcher, Diagnostics)> {
    Matcher::from_compiled(file.to_vec(), key, Lexicon::shipped(), Thresholds::default())
}

fn save(matcher: &Matcher, said: &Diagnostics) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    matcher.to_compiled(&SEED, said, &mut file).unwrap();
    file.into_inner()
}

fn build(lists: &[Watchlist]) -> Matcher {
    Matcher::new(lists, Lexicon::shipped(), Thresholds::default())
}

/// A warning on any part of any text, or on none.
fn warning() -> impl Strategy<Value = Diagnostic> {
    let place = prop::option::of(("\\PC{0,9}", "[aé\r\n\\x1b]{0,30}", 0usize..40, 0usize..9));
    ("\\PC{0,9}", "\\PC{0,9}", "\\PC{0,9}", place).prop_map(|(message, label, help, place)| {
        let warning = Diagnostic::warning(message).label(label).help(help);
        match place {
            None => warning,
            Some((name, text, start, length)) => {
                warning.at(&SourceFile::new(name, text), start..start + length)
            }
        }
    })
}

/// What is shown of mistakes, plain and in colour.
fn shown(said: &Diagnostics) -> Vec<[String; 2]> {
    said.iter().map(|one| [one.render(false), one.render(true)]).collect()
}

fn info(id: &str) -> ListInfo {
    ListInfo {
        id: id.to_owned(),
        title: format!("The list {id}"),
        publisher: "An office".to_owned(),
        jurisdiction: "US".to_owned(),
        regime: Regime::Unilateral,
        effect: Effect::Blocking,
        authority: "a law".to_owned(),
        citation: String::new(),
        edition: Edition { date: jiff::civil::Date::new(2026, 2, 3).ok(), ..Edition::default() },
        notes: vec!["a note".to_owned()],
    }
}

fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "radio",
        "avtomatika",
        "iran",
        "trading",
        "ltd",
        "fortune",
        "2",
        "o",
        "deripaska",
        "oleg",
        "bank",
        "kim,",
        "jong",
        "mohammed",
        "حسن",
        "Милошевич",
        "Đorđe",
        "中国",
        "tower",
        "33",
        "road",
    ]);
    prop_oneof![
        6 => prop::collection::vec(word, 0..5).prop_map(|words| words.join(" ")),
        1 => "\\PC{0,12}",
    ]
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..3)
}

fn country() -> impl Strategy<Value = Option<CountryCode>> {
    prop::option::of(prop::sample::select(vec!["MY", "RU", "CN"])).prop_map(|code| CountryCode::new(code?))
}

fn kind() -> impl Strategy<Value = PartyKind> {
    use PartyKind::{Aircraft, Organization, Person, Unknown, Vessel};
    prop::sample::select(vec![Person, Organization, Vessel, Aircraft, Unknown])
}

fn address() -> impl Strategy<Value = Address> {
    (text(), text(), country()).prop_map(|(street, city, country)| Address {
        street,
        city,
        country,
        ..Address::default()
    })
}

fn identifier() -> impl Strategy<Value = Identifier> {
    let value = prop::sample::select(vec!["9187667", "629642-D", "a@b.example", "7"]);
    (prop::sample::select(IdentifierKind::ALL.to_vec()), value, country())
        .prop_map(|(kind, value, country)| Identifier { kind, value: value.to_owned(), country })
}

fn party() -> impl Strategy<Value = ListedParty> {
    let quality = prop::sample::select(vec![NameQuality::Primary, NameQuality::Strong, NameQuality::Weak]);
    let names = prop::collection::vec(
        (text(), quality, any::<bool>()).prop_map(|(text, quality, former)| ListedName {
            text: text.into(),
            quality,
            former,
        }),
        0..4,
    );
    let effect = prop::option::of(prop::sample::select(Effect::ALL.to_vec()));
    let relation = (prop::sample::select(RelationKind::ALL.to_vec()), text(), prop::option::of(text()))
        .prop_map(|(kind, name, id)| Relation { kind, name, share: id.clone(), id });
    (
        (text(), kind(), names, prop::collection::vec(address(), 0..3)),
        (prop::collection::vec(country(), 0..3), prop::collection::vec(identifier(), 0..3)),
        (texts(), effect, any::<bool>(), prop::option::of(text()), prop::option::of(text())),
        (
            texts(),
            prop::collection::vec(relation, 0..3),
            prop::option::of((-9999i16..9999, 1i8..13, 1i8..28)),
        ),
    )
        .prop_map(|(who, what, how, rest)| {
            let day = rest.2.and_then(|(year, month, day)| jiff::civil::Date::new(year, month, day).ok());
            let countries: Vec<CountryCode> = what.0.into_iter().flatten().collect();
            ListedParty {
                id: who.0.clone(),
                kind: who.1,
                names: who.2,
                addresses: who.3,
                nationalities: countries.clone(),
                countries,
                identifiers: what.1,
                programs: how.0.iter().map(|text| text.as_str().into()).collect(),
                effect: how.1,
                address_only: how.2,
                licence_requirement: how.3.as_deref().map(Into::into),
                licence_policy: how.4.as_deref().map(Into::into),
                citation: who.0.clone(),
                birth_dates: how.0,
                birth_places: rest.0.clone(),
                relations: rest.1,
                listed: day,
                removed: day,
                same_as: rest.0,
                remarks: who.0,
                url: how.4.as_deref().map(Into::into),
            }
        })
}

fn lists() -> impl Strategy<Value = Vec<Watchlist>> {
    prop::collection::vec(prop::collection::vec(party(), 0..6), 0..4).prop_map(|lists| {
        let ids = ["a", "b", "c", "d"];
        ids.iter().zip(lists).map(|(id, parties)| Watchlist::new(info(id), parties)).collect()
    })
}

/// What a matcher says to a party, in both ways.
fn answer(matcher: &Matcher, name: &str, address: &Address, identifiers: &[Identifier]) -> (Matched, String) {
    let countries: Vec<CountryCode> = address.country.into_iter().collect();
    let query = PartyQuery {
        name,
        kind: PartyKind::Unknown,
        kinds: KindFilter::Any,
        countries: &countries,
        address: Some(address),
        identifiers,
    };
    (matcher.screen(&query), format!("{:?}", matcher.rank(&query, 0.05, 20)))
}

/// A small file to be damaged: the lists of two shipped files.
fn small_file() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| {
        let (mut lists, _) = shipped();
        lists.retain(|list| ["us-plc", "us-meu"].contains(&list.info.id.as_str()));
        let mut said = Diagnostics::default();
        said.push(Diagnostic::warning("a word").at(&SourceFile::new("f", "a\nb\n"), 2..3));
        save(&build(&lists), &said)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn a_loaded_matcher_is_the_one_that_was_saved(
        lists in lists(),
        name in text(),
        address in address(),
        identifier in identifier(),
        warnings in prop::collection::vec(warning(), 0..4),
    ) {
        let built = build(&lists);
        let mut said = Diagnostics::default();
        for warning in warnings {
            said.push(warning);
        }
        let file = save(&built, &said);
        let (loaded, again) = load(&file, &SEED).unwrap();
        prop_assert_eq!(loaded.lists(), built.lists());
        prop_assert_eq!(shown(&again), shown(&said));
        // Before any entry is asked for, and after.
        for _ in 0..2 {
            let identifiers = std::slice::from_ref(&identifier);
            let wanted = answer(&built, &name, &address, identifiers);
            prop_assert_eq!(answer(&loaded, &name, &address, identifiers), wanted);
        }
        let parties: Vec<_> = lists.iter().flat_map(|list| &list.parties).collect();
        for (number, party) in (0..).zip(parties) {
            prop_assert_eq!(loaded.entries.get(number).map(|entry| entry.party), Some(party));
        }
        prop_assert!(save(&loaded, &again) == file, "saved again it differs");
    }

    #[test]
    fn damage_anywhere_is_noticed(at in any::<prop::sample::Index>(), bits in 1u8..) {
        let mut file = small_file().to_vec();
        let at = at.index(file.len());
        file[at] ^= bits;
        prop_assert!(load(&file, &SEED).is_none());
        file[at] ^= bits;
        file.truncate(at);
        prop_assert!(load(&file, &SEED).is_none());
    }

    #[test]
    fn any_bytes_are_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(load(&bytes, &SEED).is_none());
        let head = head(&SEED, Checksum::of(&bytes));
        bytes.splice(0..0, head);
        // Nothing but the content of no lists is whole.
        prop_assert!(load(&bytes, &SEED).is_none());
    }

    /// What a checksum can't notice.
    #[test]
    fn nonsense_with_a_right_checksum_does_no_harm(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        name in text(),
        address in address(),
        identifier in identifier(),
    ) {
        let mut file = small_file().to_vec();
        for (at, byte) in changes {
            let at = HEAD + at.index(file.len() - HEAD);
            file[at] = byte;
        }
        let head = head(&SEED, Checksum::of(&file[HEAD..]));
        file[..HEAD].copy_from_slice(&head);
        if let Some((matcher, said)) = load(&file, &SEED) {
            shown(&said);
            answer(&matcher, &name, &address, std::slice::from_ref(&identifier));
            answer(&matcher, "AVIATION INDUSTRY CORPORATION", &address, &[]);
        }
    }
}

#[test]
fn another_key_or_version_is_refused() {
    let file = small_file();
    assert!(load(file, &SEED).is_some());
    for at in 0..KEY {
        let mut key = SEED;
        key[at] ^= 1;
        assert!(load(file, &key).is_none());
    }
    let mut longer = file.to_vec();
    longer.push(0);
    assert!(load(&longer, &SEED).is_none());
    let mut other = file.to_vec();
    other[MAGIC.len()] += 1;
    assert!(load(&other, &SEED).is_none());
}

#[test]
fn the_shipped_lists_give_the_same_hits_when_loaded() {
    let (lists, _) = shipped();
    let built = build(&lists);
    let (loaded, _) = load(&save(&built, &Diagnostics::default()), &SEED).unwrap();
    let parties: Vec<&ListedParty> =
        lists.iter().flat_map(|list| list.parties.iter().map(AsRef::as_ref)).collect();
    for party in parties.iter().step_by(151) {
        let address = party.addresses.first().cloned().unwrap_or_default();
        let wanted = answer(&built, &party.caption(), &address, &party.identifiers);
        assert_eq!(answer(&loaded, &party.caption(), &address, &party.identifiers), wanted);
    }
}
