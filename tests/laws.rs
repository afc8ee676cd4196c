//! Laws of the matching, on lists of our own making.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use proptest::prelude::*;
use redflag::matching::{KindFilter, MatchedBy, Matcher, PartyQuery, Thresholds};
use redflag::name::Lexicon;
use redflag::trade::{Address, CountryCode, Identifier, IdentifierKind, PartyKind};
use redflag::watchlist::{
    Edition, Effect, ListInfo, ListedName, ListedParty, NameQuality, Regime, Watchlist,
};

fn listed(id: &str, kind: PartyKind, names: &[&str]) -> ListedParty {
    ListedParty {
        id: id.to_owned(),
        kind,
        names: names
            .iter()
            .enumerate()
            .map(|(i, text)| ListedName {
                text: (*text).into(),
                quality: if i == 0 { NameQuality::Primary } else { NameQuality::Strong },
                former: false,
            })
            .collect(),
        ..ListedParty::default()
    }
}

fn matcher(parties: Vec<ListedParty>) -> Matcher {
    let info = ListInfo {
        id: "test".into(),
        title: "Test list".into(),
        publisher: String::new(),
        jurisdiction: "US".into(),
        regime: Regime::Unilateral,
        effect: Effect::Blocking,
        authority: String::new(),
        citation: String::new(),
        edition: Edition::default(),
        notes: Vec::new(),
    };
    let list = Watchlist { info: Arc::new(info), parties: parties.into_iter().map(Arc::new).collect() };
    Matcher::new(&[list], Lexicon::shipped(), Thresholds::default())
}

fn sample() -> Matcher {
    let mut jatronics = listed("48850", PartyKind::Organization, &["JATRONICS SDN BHD"]);
    jatronics.countries = vec![CountryCode::new("MY").unwrap()];
    jatronics.addresses = vec![Address {
        street: "Suite 33-01 33rd Floor, Menara Keck Seng 203 Jalan Bukit Bintang".into(),
        city: "Kuala Lumpur".into(),
        country: CountryCode::new("MY"),
        ..Address::default()
    }];
    jatronics.identifiers = vec![Identifier {
        kind: IdentifierKind::Registration,
        value: "629642D".into(),
        country: CountryCode::new("MY"),
    }];
    matcher(vec![
        jatronics,
        listed("1", PartyKind::Organization, &["OBSHCHESTVO RADIOAVTOMATIKA", "RADIO AVTOMATIKA LLC"]),
        listed("2", PartyKind::Person, &["SHCHERBAKOV, Dmitriy Sergeyevich"]),
        listed("3", PartyKind::Organization, &["BANK MELLI IRAN"]),
        listed("4", PartyKind::Vessel, &["FORTUNE 2"]),
        listed("5", PartyKind::Organization, &["GUANGZHOU HAIGE COMMUNICATIONS GROUP"]),
        listed("6", PartyKind::Organization, &["CNOOC ENERGY TECHNOLOGY & SERVICES LIMITED"]),
        listed("7", PartyKind::Organization, &["LUKOIL OIL COMPANY"]),
        listed("8", PartyKind::Organization, &["JSC ARGUMENT"]),
        listed("9", PartyKind::Person, &["KIM, Jong Un"]),
        listed("10", PartyKind::Person, &["HABBASH, George"]),
        listed("11", PartyKind::Organization, &["SIS D.O.O."]),
        listed("12", PartyKind::Organization, &["11420 CORP."]),
        listed("13", PartyKind::Organization, &["A-B-C COMPANY"]),
        listed("14", PartyKind::Organization, &["GAZ GROUP"]),
        listed("15", PartyKind::Organization, &["TONGHUNG SHIPPING & TRADING CO"]),
        listed("16", PartyKind::Person, &["AL-TIKRITI, Barzan abd al-Ghafur Sulaiman Majid"]),
        listed("17", PartyKind::Person, &["IBRAHIM, Fu'ad 'Abd-al-Qadir"]),
        listed("18", PartyKind::Organization, &["AL-AQSA FOUNDATION"]),
        listed("19", PartyKind::Person, &["RYZHKOV, Nikolai"]),
        listed("20", PartyKind::Person, &["MUJURU, Joyce Teurai Ropa"]),
        listed("21", PartyKind::Organization, &["GHADIR INVESTMENT COMPANY"]),
        listed("22", PartyKind::Organization, &["NATIONAL BANK"]),
        listed("23", PartyKind::Vessel, &["GRAND KARO"]),
        listed("24", PartyKind::Person, &["DURGHAM, Dureid"]),
    ])
}

fn query(name: &str) -> PartyQuery<'_> {
    PartyQuery {
        name,
        kind: PartyKind::Unknown,
        kinds: KindFilter::Any,
        countries: &[],
        address: None,
        identifiers: &[],
    }
}

fn entries(matcher: &Matcher, query: &PartyQuery<'_>) -> Vec<String> {
    matcher.screen(query).hits.into_iter().map(|hit| hit.entry.id.clone()).collect()
}

#[test]
fn names_that_other_tools_lose_are_found() {
    let matcher = sample();
    for (name, entry) in [
        ("GUANGZHOU HAIGE COMM GRP", "5"),
        ("CNOOC ENERGY TECH & SRVCES LTD", "6"),
        ("LUKOIL OIL COMP", "7"),
        ("JSCARGUMENT", "8"),
        ("KIM JONG UN", "9"),
        ("SIS DOO", "11"),
        ("11420 CORP.", "12"),
        ("A-B-C Company", "13"),
        ("ACME FORWARDING C/O JATRONICS SDN BHD", "48850"),
        ("Jatronics Sdn. Bhd., Kuala Lumpur Branch", "48850"),
        ("ДЖАТРОНИКС СДН БХД", "48850"),
        ("Dmitrij Schtscherbakow", "2"),
        // A general name is found where it is the very same.
        ("GAZ GROUP TEL +91706971209 Novosibirsk", "14"),
        // One wrong letter in a word that is two on the list.
        ("TOGHUNG SHIPPING AND TRADING CO", "15"),
        ("BARZAN ABDEL-GHAFUR SOLEIMAN MADJID EL TIKRITI", "16"),
        ("Fu'ad 'Abd-alKader IBRAHEEM", "17"),
        ("ELAQSA FOUNDATION", "18"),
        ("RYJKOFF, Nikolai", "19"),
        ("J. T. R. MUJURU", "20"),
        ("GHADIR INVESTMENT COMPANY o/b ADHERIUM LIMITED", "21"),
        ("GRAND KARO V.50", "23"),
        // A place with a letter wrong.
        ("DURGHAM, Dureid Koowloon", "24"),
    ] {
        let found = entries(&matcher, &query(name));
        assert!(found.iter().any(|id| id == entry), "{name}: {found:?}");
    }
}

#[test]
fn names_that_other_tools_confuse_are_told_apart() {
    let matcher = sample();
    for name in [
        "CORP.",
        "George Bush",
        "BUSH GEORGE",
        "FORTUNE 3",
        "COMPANY LIMITED",
        "KIM",
        "Bank of Ireland",
        "Radio Rentals Ltd",
        "NATIONAL BANK OF CAMBODIA",
    ] {
        let found = entries(&matcher, &query(name));
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

#[test]
fn a_name_that_names_nobody_is_reported_not_cleared() {
    let matcher = sample();
    for name in ["Trading Co., Ltd.", "CORP.", "...!"] {
        assert!(matcher.screen(&query(name)).unscreenable.is_some(), "{name}");
    }
    for name in ["Jatronics", "Ateliers Vauquelin SAS", "TO ORDER", "", "Bank of China"] {
        assert_eq!(matcher.screen(&query(name)).unscreenable, None, "{name}");
    }
}

#[test]
fn an_identifier_decides_whatever_the_name() {
    let matcher = sample();
    let identifiers =
        [Identifier { kind: IdentifierKind::Registration, value: "629642-D".into(), country: None }];
    let met = matcher.screen(&PartyQuery { identifiers: &identifiers, ..query("Palm Orchard Trading") });
    let hit = met.hits.first().unwrap();
    assert_eq!((hit.by, hit.entry.id.as_str(), hit.score), (MatchedBy::Identifier, "48850", 1.0));
}

#[test]
fn an_address_alone_is_a_hit_by_address() {
    let matcher = sample();
    let address = Address {
        street: "Suite 33-01, 33rd Flr, Menara Keck Seng, 203 Jln Bukit Bintang".into(),
        city: "Kuala Lumpur".into(),
        country: CountryCode::new("MY"),
        ..Address::default()
    };
    let met = matcher.screen(&PartyQuery { address: Some(&address), ..query("Palm Orchard Trading") });
    assert_eq!(met.hits.first().map(|hit| hit.by), Some(MatchedBy::Address));
}

fn any_name() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "jatronics",
        "jatroniks",
        "sdn",
        "bhd",
        "radio",
        "avtomatika",
        "bank",
        "melli",
        "iran",
        "kim",
        "jong",
        "un",
        "fortune",
        "2",
        "lukoil",
        "oil",
        "comp",
        "george",
        "habbash",
        "dmitri",
        "shcherbakov",
        "c/o",
        "group",
        "xyz",
    ]);
    prop::collection::vec(words, 1..6).prop_map(|words| words.join(" "))
}

proptest! {
    /// More knowledge of a party never hides what less knowledge found.
    #[test]
    fn adding_a_field_never_removes_a_hit(
        name in any_name(),
        country in prop::option::of("(MY|RU|DE|IR)"),
        street in "[0-9]{1,3} [A-Z][a-z]{3,8} (Road|Street|Jalan Bukit Bintang)",
        registration in "[0-9]{5,8}[A-Z]",
    ) {
        let matcher = sample();
        let before = entries(&matcher, &query(&name));
        let countries: Vec<CountryCode> = country.as_deref().and_then(CountryCode::new).into_iter().collect();
        let address = Address { street, country: countries.first().copied(), ..Address::default() };
        let identifiers = [Identifier { kind: IdentifierKind::Registration, value: registration, country: None }];
        let full = PartyQuery {
            countries: &countries,
            address: Some(&address),
            identifiers: &identifiers,
            ..query(&name)
        };
        let after = entries(&matcher, &full);
        for id in before {
            prop_assert!(after.contains(&id), "{} lost {}", name, id);
        }
    }

    #[test]
    fn a_longer_field_keeps_the_hit_of_its_marked_part(rest in "[A-Z]{4,9} [A-Z]{4,9}") {
        let matcher = sample();
        let name = format!("{rest} C/O JATRONICS SDN BHD");
        prop_assert!(entries(&matcher, &query(&name)).contains(&"48850".to_owned()));
    }

    #[test]
    fn any_text_is_screened_without_panic_and_scores_stay_in_range(name in "\\PC{0,80}") {
        for hit in sample().screen(&query(&name)).hits {
            prop_assert!(hit.score > 0.0 && hit.score <= 1.0);
        }
    }
}
