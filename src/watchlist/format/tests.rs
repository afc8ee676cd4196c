//! Laws of the readers and the writer.

use std::sync::Arc;

use jiff::civil::Date;
use proptest::prelude::*;

use super::*;
use crate::trade::{Address, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::{
    Edition, Effect, ListInfo, ListedName, ListedParty, NameQuality, Regime, Relation, RelationKind,
};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{1,8}( [A-Z&.,'\"\\\\-]{1,6}){0,3}",
        "\\PC{0,8}x",
        Just("a\tb\nc\u{7f}\u{1}\r'''\"\"\" # é 中 ]".to_owned()),
    ]
}

fn maybe(strategy: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), strategy]
}

fn day() -> impl Strategy<Value = Option<Date>> {
    proptest::option::of(
        (1900i16..2100, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| Date::new(y, m, d).unwrap()),
    )
}

fn country() -> impl Strategy<Value = CountryCode> {
    // ZZ is no country but the world, to those who use it.
    "[A-Y][A-Z]".prop_map(|code| CountryCode::new(&code).unwrap())
}

fn address() -> impl Strategy<Value = Address> {
    (maybe(text()), maybe(text()), maybe(text()), maybe(text()), proptest::option::of(country())).prop_map(
        |(street, city, postal_code, region, country)| Address { street, city, postal_code, region, country },
    )
}

fn identifier() -> impl Strategy<Value = Identifier> {
    (0..IdentifierKind::ALL.len(), text(), proptest::option::of(country()))
        .prop_map(|(kind, value, country)| Identifier { kind: IdentifierKind::ALL[kind], value, country })
}

fn names() -> impl Strategy<Value = Vec<ListedName>> {
    let name = (text(), 0..4usize).prop_map(|(text, sort)| ListedName {
        text: text.into(),
        quality: if sort < 2 { NameQuality::Strong } else { NameQuality::Weak },
        former: sort % 2 == 1,
    });
    proptest::collection::vec(name, 1..6)
}

/// What an entry is, apart from the texts and dates around it.
fn core() -> impl Strategy<Value = ListedParty> {
    (
        names(),
        0..5usize,
        proptest::collection::vec(address(), 0..3),
        proptest::collection::vec(country(), 0..4),
        proptest::collection::vec(identifier(), 0..3),
        proptest::collection::vec(text(), 0..3),
        proptest::option::of(0..5usize),
        any::<bool>(),
    )
        .prop_map(|(names, kind, addresses, countries, identifiers, programs, effect, address_only)| {
            let kinds = [
                PartyKind::Person,
                PartyKind::Organization,
                PartyKind::Vessel,
                PartyKind::Aircraft,
                PartyKind::Unknown,
            ];
            ListedParty {
                kind: kinds[kind],
                names: if address_only { Vec::new() } else { names },
                addresses,
                countries,
                identifiers,
                programs: programs.iter().map(|text| Arc::from(text.as_str())).collect(),
                effect: effect.map(|at| Effect::ALL[at]),
                address_only,
                ..ListedParty::default()
            }
        })
}

prop_compose! {
    fn relation()(
        kind in 0..RelationKind::ALL.len(),
        name in text(),
        id in proptest::option::of(text()),
        share in proptest::option::of("[0-9]{1,3}"),
    ) -> Relation {
        Relation { kind: RelationKind::ALL[kind], name, id, share }
    }
}

prop_compose! {
    fn party()(
        core in core(),
        texts in proptest::collection::vec(proptest::option::of(text()), 3),
        notes in proptest::collection::vec(maybe(text()), 2),
        births in proptest::collection::vec(text(), 0..3),
        places in proptest::collection::vec(text(), 0..2),
        nationalities in proptest::collection::vec(country(), 0..2),
        relations in proptest::collection::vec(relation(), 0..2),
        days in (day(), day()),
        same_as in proptest::collection::vec(text(), 0..2),
    ) -> ListedParty {
        let shared = |at: usize| texts[at].as_deref().map(Arc::from);
        let mut party = ListedParty {
            licence_requirement: shared(0),
            licence_policy: shared(1),
            citation: notes[0].clone(),
            birth_dates: births,
            birth_places: places,
            nationalities,
            relations,
            listed: days.0,
            removed: days.1,
            same_as,
            remarks: notes[1].clone(),
            url: shared(2),
            ..core
        };
        party.order_names();
        party.order_countries();
        party
    }
}

prop_compose! {
    fn list()(
        parties in proptest::collection::vec(party(), 1..5),
        texts in proptest::collection::vec(text(), 4),
        notes in proptest::collection::vec(text(), 0..3),
        date in day(),
    ) -> Watchlist {
        let parties = parties.into_iter().enumerate().map(|(at, party)| ListedParty { id: format!("{at}"), ..party });
        let info = ListInfo {
            id: "some-list".to_owned(),
            title: texts[0].clone(),
            publisher: texts[1].clone(),
            jurisdiction: "EU".to_owned(),
            regime: Regime::Multilateral,
            effect: Effect::Advisory,
            authority: texts[2].clone(),
            citation: String::new(),
            edition: Edition { url: texts[3].clone(), date, ..Edition::default() },
            notes,
        };
        Watchlist::new(info, parties.collect())
    }
}

fn without_source(mut list: Watchlist) -> Watchlist {
    let info = Arc::make_mut(&mut list.info);
    info.edition.source.clear();
    info.edition.sha256.clear();
    list
}

fn written(list: &Watchlist) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_toml(list, &mut bytes).unwrap();
    bytes
}

fn file(name: &str, bytes: &[u8]) -> ListFile {
    ListFile { name: name.into(), bytes: bytes.to_vec() }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Each text once, in one line, empty ones left out.
fn each_once(texts: &[String]) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    for text in texts.iter().map(|text| one_line(text)) {
        if !text.is_empty() && !once.contains(&text) {
            once.push(text);
        }
    }
    once
}

fn in_lines(party: &ListedParty) -> ListedParty {
    let mut kept = ListedParty {
        id: party.id.clone(),
        kind: party.kind,
        names: party.names.clone(),
        countries: party.countries.clone(),
        nationalities: party.nationalities.clone(),
        address_only: party.address_only,
        birth_dates: each_once(&party.birth_dates),
        birth_places: each_once(&party.birth_places),
        listed: party.listed,
        removed: party.removed,
        ..ListedParty::default()
    };
    for name in &mut kept.names {
        name.text = one_line(&name.text).into();
    }
    let programs: Vec<_> = party.programs.iter().map(ToString::to_string).collect();
    kept.programs = each_once(&programs).iter().map(|text| Arc::from(text.as_str())).collect();
    for address in &party.addresses {
        let address = Address {
            street: one_line(&address.street),
            city: one_line(&address.city),
            postal_code: one_line(&address.postal_code),
            region: one_line(&address.region),
            country: address.country,
        };
        gather::add_address(&mut kept, address);
    }
    if !kept.names.is_empty() {
        kept.order_names();
    }
    kept.order_countries();
    kept
}

fn as_csv_keeps(party: &ListedParty, effect: Effect) -> ListedParty {
    let mut kept = in_lines(party);
    for identifier in &party.identifiers {
        let identifier = Identifier { value: one_line(&identifier.value), ..identifier.clone() };
        gather::add_identifier(&mut kept, identifier);
    }
    kept.effect = Some(party.effect.unwrap_or(effect)).filter(|effect| *effect != Effect::Blocking);
    kept.remarks = one_line(&party.remarks);
    kept.citation = one_line(&party.citation);
    let url = party.url.as_deref().map(one_line).filter(|url| !url.is_empty());
    kept.url = url.map(Arc::from);
    kept
}

/// Of an entry that was read as well as of one that was written.
fn as_entities_keep(party: &ListedParty, effect: Effect) -> ListedParty {
    let mut kept = in_lines(party);
    for name in &mut kept.names {
        name.former &= name.quality == NameQuality::Strong;
    }
    kept.order_names();
    if kept.kind == PartyKind::Aircraft {
        kept.nationalities.clear();
    }
    if kept.address_only {
        kept.kind = PartyKind::Unknown;
        // The entity is the address, so the country is said of both.
        for address in std::mem::take(&mut kept.addresses) {
            gather::add_address(&mut kept, Address { country: None, ..address });
        }
    }
    for identifier in &party.identifiers {
        gather::add_identifier(&mut kept, identifier.clone());
    }
    kept.identifiers.sort_by_key(|id| (id.kind, id.value.clone(), id.country));
    kept.addresses.sort_by_key(|address| format!("{address:?}"));
    let effect = match party.effect.unwrap_or(effect) {
        Effect::LicenceExceptionsBarred => Effect::LicenceRequired,
        effect => effect,
    };
    kept.effect = Some(effect).filter(|effect| *effect != Effect::Blocking);
    kept.removed = None;
    let url = party.url.as_deref().map(str::trim).filter(|url| !url.is_empty());
    kept.url = url.map(Arc::from);
    kept
}

proptest! {
    #[test]
    fn what_is_written_reads_back_the_same(list in list()) {
        let bytes = written(&list);
        let (found, out) = read(vec![file("x.toml", &bytes)], &|_| None);
        prop_assert!(out.is_empty(), "{out:?}\n{}", String::from_utf8_lossy(&bytes));
        let found: Vec<_> = found.into_iter().map(without_source).collect();
        prop_assert_eq!(found, vec![list]);
    }

    #[test]
    fn what_is_written_as_csv_reads_back_the_same_but_for_what_it_cannot_keep(list in list()) {
        let mut bytes = Vec::new();
        write_csv(&list, &mut bytes).unwrap();
        let (found, out) = read(vec![file("x.csv", &bytes)], &|_| None);
        prop_assert!(out.is_empty(), "{out:?}\n{}", String::from_utf8_lossy(&bytes));
        let expected: Vec<_> = list.parties.iter().map(|party| as_csv_keeps(party, list.info.effect)).collect();
        let parties: Vec<_> = found[0].parties.iter().map(|party| (**party).clone()).collect();
        prop_assert_eq!(parties, expected, "{}", String::from_utf8_lossy(&bytes));
        prop_assert_eq!(&found[0].info.id, &list.info.id);
    }

    #[test]
    fn no_cell_of_a_csv_begins_a_formula(list in list()) {
        let mut bytes = Vec::new();
        write_csv(&list, &mut bytes).unwrap();
        for row in csv::Reader::from_reader(bytes.as_slice()).records() {
            for cell in &row.unwrap() {
                prop_assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell:?}");
            }
        }
    }

    #[test]
    fn what_is_written_as_entities_reads_back_the_same_but_for_what_they_cannot_keep(list in list()) {
        let mut bytes = Vec::new();
        write_ftm(&list, &mut bytes).unwrap();
        let (found, out) = read(vec![file("x.ftm.json", &bytes)], &|_| None);
        prop_assert!(!out.has_errors(), "{out:?}\n{}", String::from_utf8_lossy(&bytes));
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&found[0].info.id, "os-some-list");
        for (found, party) in found[0].parties.iter().zip(&list.parties) {
            let text = String::from_utf8_lossy(&bytes);
            let remarks = party.remarks.trim();
            prop_assert!(found.remarks.starts_with(remarks), "{:?} {text}", found.remarks);
            let links: Vec<_> = found.relations.iter().map(|link| (link.kind, link.share.clone())).collect();
            for link in &party.relations {
                prop_assert!(links.contains(&(link.kind, link.share.clone())), "{text}");
            }
            prop_assert_eq!(
                as_entities_keep(found, Effect::Blocking),
                as_entities_keep(party, list.info.effect),
                "{}", text
            );
        }
        prop_assert_eq!(found[0].parties.len(), list.parties.len());
    }

    #[test]
    fn a_changed_entry_changes_one_line(
        list in list(),
        remark in "[a-z]{3,9}",
        at in any::<prop::sample::Index>(),
    ) {
        let mut changed = list.clone();
        let at = at.index(changed.parties.len());
        Arc::make_mut(&mut changed.parties[at]).remarks.push_str(&remark);
        let before = String::from_utf8(written(&list)).unwrap();
        let after = String::from_utf8(written(&changed)).unwrap();
        let different = before.split('\n').zip(after.split('\n')).filter(|(a, b)| a != b).count();
        prop_assert_eq!((before.split('\n').count(), 1), (after.split('\n').count(), different));
    }

    #[test]
    fn no_bytes_bring_a_reader_down(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        every_reader(&bytes);
    }

    #[test]
    fn no_damage_to_a_good_file_brings_a_reader_down(
        sample in 0..SAMPLES.len(),
        at in any::<prop::sample::Index>(),
        length in 0..40usize,
        patch in "[\"',;\\[\\]{}=\n\u{1a}\u{e9}()0-9a.#-]{0,6}",
    ) {
        let mut bytes = SAMPLES[sample].to_vec();
        let start = at.index(bytes.len());
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, patch.bytes());
        every_reader(&bytes);
    }
}

const FTM_SAMPLE: &[u8] = include_bytes!("../../../tests/data/lists/os.ftm.json");
const DELTA_SAMPLE: &[u8] = include_bytes!("../../../tests/data/lists/os.delta.json");

const SAMPLES: &[&[u8]] = &[
    include_bytes!("../../../tests/data/lists/own.csv"),
    include_bytes!("../../../tests/data/lists/sdn.csv"),
    include_bytes!("../../../tests/data/lists/add.csv"),
    include_bytes!("../../../tests/data/lists/alt.csv"),
    include_bytes!("../../../tests/data/lists/sdn_comments.csv"),
    include_bytes!("../../../tests/data/lists/csl.json"),
    include_bytes!("../../../rules/lists/own-example.toml"),
    include_bytes!("../../../rules/lists/us-entity-list-addresses.toml"),
    include_bytes!("../../../tests/data/lists/uk_list.csv"),
    include_bytes!("../../../tests/data/lists/uk_list.xml"),
    include_bytes!("../../../tests/data/lists/uk_conlist.csv"),
    include_bytes!("../../../tests/data/lists/ca_sema.xml"),
    include_bytes!("../../../tests/data/lists/ch_seco.xml"),
    include_bytes!("../../../tests/data/lists/ch_seco_delta.xml"),
    include_bytes!("../../../tests/data/lists/au_dfat.csv"),
    include_bytes!("../../../tests/data/lists/au_dfat.xlsx"),
    include_bytes!("../../../tests/data/lists/jp_eul.csv"),
    include_bytes!("../../../tests/data/lists/registry.json"),
    include_bytes!("../../../tests/data/lists/sdn.xml"),
    include_bytes!("../../../tests/data/lists/sdn_advanced.xml"),
    include_bytes!("../../../tests/data/lists/consolidated.csv"),
    include_bytes!("../../../tests/data/lists/consolidated.json"),
    include_bytes!("../../../tests/data/lists/dpl.txt"),
    include_bytes!("../../../tests/data/lists/entity_list.csv"),
    include_bytes!("../../../tests/data/lists/unverified.csv"),
    include_bytes!("../../../tests/data/lists/eu_fsf.csv"),
    include_bytes!("../../../tests/data/lists/eu_fsf.xml"),
    include_bytes!("../../../tests/data/lists/eu_global.xml"),
    include_bytes!("../../../tests/data/lists/eu_annexes.csv"),
    include_bytes!("../../../tests/data/lists/eu_copy.json"),
    include_bytes!("../../../tests/data/lists/parsed.csv"),
    include_bytes!("../../../tests/data/lists/un_sc.xml"),
    include_bytes!("../../../tests/data/lists/os.simple.csv"),
    FTM_SAMPLE,
    DELTA_SAMPLE,
    include_bytes!("../../../tests/data/lists/os.senzing.json"),
];

/// The bytes as a file of its own, through every reader, and as each part of
/// an OFAC set.
fn every_reader(bytes: &[u8]) {
    let countries = |name: &str| CountryCode::new(name.get(..2)?);
    let (lists, out) = read(vec![file("x", bytes)], &countries);
    rendered(&out);
    if !out.has_errors() {
        // What reads without an error can be written and read again.
        for list in lists {
            let written = written(&list);
            let (again, out) = read(vec![file("x.toml", &written)], &|_| None);
            assert!(!out.has_errors(), "{out:?}");
            assert_eq!(again.into_iter().map(without_source).collect::<Vec<_>>(), [without_source(list)]);
        }
    }
    let whole = file("x", bytes);
    let mut out = Diagnostics::default();
    for reader in READERS {
        let input = input(reader.format, &whole, &countries);
        match reader.read {
            Read::Each(read) => read(&input, &mut out),
            Read::Together(read) => read(&[input], &mut out),
        };
    }
    let good = file("sdn.csv", SAMPLES[1]);
    for format in [ofac::ADDRESSES, ofac::ALIASES, ofac::COMMENTS] {
        let part = |format, file| input(format, file, &countries);
        ofac::read(&[part(ofac::SDN, &good), part(format, &whole)], &mut out);
        ofac::read(&[part(ofac::SDN, &whole), part(format, &whole)], &mut out);
    }
    if let Read::Together(read) = opensanctions::DELTA.read {
        let base = file("entities.ftm.json", FTM_SAMPLE);
        let delta = file("entities.delta.json", DELTA_SAMPLE);
        let part = |reader: &Reader, file| input(reader.format, file, &countries);
        read(&[part(&opensanctions::FTM, &base), part(&opensanctions::DELTA, &whole)], &mut out);
        read(&[part(&opensanctions::FTM, &whole), part(&opensanctions::DELTA, &delta)], &mut out);
    }
    rendered(&out);
}

fn rendered(out: &Diagnostics) {
    for diagnostic in out {
        assert!(!diagnostic.render(false).is_empty());
    }
}

#[test]
fn files_beside_a_list_are_named_in_its_folder_and_case() {
    assert_eq!(companions("lists/sdn.csv"), ["lists/add.csv", "lists/alt.csv", "lists/sdn_comments.csv"]);
    assert_eq!(companions("C:\\x\\SDN.CSV")[2], "C:\\x\\SDN_COMMENTS.CSV");
    assert_eq!(companions("cons_prim.csv"), ["cons_add.csv", "cons_alt.csv", "cons_comments.csv"]);
    assert!(companions("targets.csv").is_empty());
}

#[test]
fn several_files_have_the_hash_of_their_hashes_in_the_order_of_names() {
    let hash = |files| read(files, &|_| None).0[0].info.edition.sha256.clone();
    let sdn = || file("sdn.csv", SAMPLES[1]);
    let add = || file("add.csv", SAMPLES[2]);
    assert_eq!(hash(vec![sdn()]), sha256_hex(SAMPLES[1]));
    let both = sha256_hex(format!("{}{}", sha256_hex(SAMPLES[2]), sha256_hex(SAMPLES[1])).as_bytes());
    assert_eq!(hash(vec![sdn(), add()]), both);
    assert_eq!(hash(vec![add(), sdn()]), both);
}

#[test]
fn lists_of_one_name_and_parts_without_their_list_are_errors() {
    let errors = |files: Vec<ListFile>| read(files, &|_| None).1.has_errors();
    assert!(errors(vec![file("add.csv", SAMPLES[2])]));
    assert!(errors(vec![file("a/own.toml", SAMPLES[6]), file("b/own.toml", SAMPLES[6])]));
    assert!(errors(vec![file("sdn.csv", SAMPLES[1]), file("sdn_old.csv", SAMPLES[1])]));
    assert!(!errors(vec![file("own.toml", SAMPLES[6]), file("addresses.toml", SAMPLES[7])]));
}
