//! OpenSanctions' formats on samples of own making, and on real files where
//! they lie beside the project.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/lists.rs"]
mod common;

use std::fs;

use redflag::diagnostic::{Diagnostics, Severity};
use redflag::trade::{Address, CountryCode, IdentifierKind, PartyKind};
use redflag::watchlist::NameQuality::{Primary, Strong, Weak};
use redflag::watchlist::{
    Effect, ListFile, ListedParty, Relation, RelationKind, Watchlist, detect, read, same_party_groups,
};

use common::root;

fn sample(name: &str) -> ListFile {
    ListFile { name: name.into(), bytes: fs::read(root().join("tests/data/lists").join(name)).unwrap() }
}

/// A real file; says so and gives `None` where it is absent.
fn real(name: &str) -> Option<ListFile> {
    let path = root().join("../shared/lists/opensanctions").join(name);
    if let Ok(bytes) = fs::read(&path) {
        return Some(ListFile { name: name.into(), bytes });
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

fn country(name: &str) -> Option<CountryCode> {
    CountryCode::new(match name {
        "Germany" => "DE",
        "Russia" => "RU",
        _ => return None,
    })
}

fn list<'l>(lists: &'l [Watchlist], id: &str) -> &'l Watchlist {
    lists.iter().find(|list| list.info.id == id).unwrap_or_else(|| panic!("no list {id}"))
}

fn entry<'l>(lists: &'l [Watchlist], list_id: &str, id: &str) -> &'l ListedParty {
    let found = list(lists, list_id).parties.iter().find(|party| party.id == id);
    found.unwrap_or_else(|| panic!("no entry {id} in {list_id}"))
}

fn ids(lists: &[Watchlist]) -> Vec<(&str, usize)> {
    lists.iter().map(|list| (list.info.id.as_str(), list.parties.len())).collect()
}

fn messages(out: &Diagnostics) -> Vec<&str> {
    out.iter().map(|diagnostic| diagnostic.message.as_str()).collect()
}

#[test]
fn every_format_is_told_by_its_content() {
    for (name, format) in [
        ("os.simple.csv", "opensanctions-simple-csv"),
        ("os.ftm.json", "opensanctions-ftm-json"),
        ("os.delta.json", "opensanctions-delta-json"),
        ("os.senzing.json", "opensanctions-senzing-json"),
    ] {
        assert_eq!(detect(&sample(name).bytes).map(|format| format.key), Some(format), "{name}");
    }
}

#[test]
fn a_simple_csv_gives_a_list_for_each_dataset() {
    let (lists, out) = read(vec![sample("os.simple.csv")], &country);
    assert_eq!(messages(&out), ["datasets that are not known, with their entries: `moon_sanctions` (1)"]);
    let expected =
        [("os-eu-fsf", 1), ("os-interpol-red-notices", 1), ("os-moon-sanctions", 1), ("os-us-ofac-sdn", 1)];
    assert_eq!(ids(&lists), expected);
    let info = &list(&lists, "os-us-ofac-sdn").info;
    assert_eq!((info.jurisdiction.as_str(), info.effect), ("US", Effect::Blocking));
    assert_eq!(info.edition.date.unwrap().to_string(), "2026-05-06");
    let unknown = &list(&lists, "os-moon-sanctions").info;
    assert_eq!((unknown.jurisdiction.as_str(), unknown.effect), ("own", Effect::Blocking));
    let company = entry(&lists, "os-us-ofac-sdn", "NK-1");
    let names: Vec<_> = company.names.iter().map(|name| &*name.text).collect();
    assert_eq!(names, ["Graufels Werkzeug GmbH", "Graufels Tools", "Graufels; Söhne"]);
    assert_eq!(company.addresses[0].one_line(), "Lange Gasse 12, Ulm, DE");
    assert_eq!(company.addresses[1].one_line(), "Hof 3; Tor 2, Ulm");
    assert_eq!(company.countries, ["DE", "GB"].map(|code| CountryCode::new(code).unwrap()));
    assert_eq!(company.programs.iter().map(|p| &**p).collect::<Vec<_>>(), ["EU-TOOLS", "US-TOOLS"]);
    assert_eq!(company.same_as, ["os-eu-fsf/NK-1"]);
    assert_eq!(
        company.remarks,
        "Founded or built: 1999-04-01; Part of a country: gb-nir; Freeze - tools; parts\nand dies; \
         First seen: 2024-01-02T03:04:05; Last change: 2025-01-01T00:00:00"
    );
    let kinds: Vec<_> = company.identifiers.iter().map(|id| (id.kind, id.value.as_str())).collect();
    assert_eq!(
        kinds,
        [
            (IdentifierKind::Registration, "HRB 12345"),
            (IdentifierKind::Phone, "+49 731 1"),
            (IdentifierKind::Email, "x@graufels.example")
        ]
    );
    let ship = entry(&lists, "os-moon-sanctions", "NK-2");
    assert_eq!((ship.kind, ship.identifiers[0].value.as_str()), (PartyKind::Vessel, "9000003"));
    let person = entry(&lists, "os-interpol-red-notices", "NK-3");
    assert_eq!((person.birth_dates.len(), person.countries.len()), (2, 0));
    assert!(person.remarks.starts_with("Former country: suhh"));
}

#[test]
fn entities_and_their_links_become_entries() {
    let (lists, out) = read(vec![sample("os.ftm.json")], &country);
    assert_eq!(
        messages(&out),
        [
            "`os.ftm.json`: 1 entities of schemata that nothing is made of, such as Article",
            "datasets that are not known, with their entries: `xx_moon_peps` (1)"
        ]
    );
    let expected = [
        ("os-eu-fsf", 1),
        ("os-unlisted", 1),
        ("os-us-ofac-sdn", 1),
        ("os-us-trade-csl", 1),
        ("os-xx-moon-peps", 1),
    ];
    assert_eq!(ids(&lists), expected, "the register is no list, the unlisted sister no entry");
    let company = entry(&lists, "os-us-ofac-sdn", "NK-a");
    let names: Vec<_> = company.names.iter().map(|n| (&*n.text, n.quality, n.former)).collect();
    assert_eq!(
        names,
        [
            ("Graufels Werkzeug GmbH", Primary, false),
            ("ГРАУФЕЛЬС", Strong, false),
            ("Graufels Tools", Strong, false),
            ("Altfels Werkzeug", Strong, true),
            ("GRAUFELS", Weak, false)
        ]
    );
    let addresses: Vec<_> = company.addresses.iter().map(Address::one_line).collect();
    assert_eq!(addresses, ["Lange Gasse 12, Ulm, 89073, DE", "Hinterhof 1, Ulm"]);
    let numbers: Vec<_> =
        company.identifiers.iter().map(|id| (id.kind, id.value.as_str(), id.country)).collect();
    let code = CountryCode::new;
    assert_eq!(
        numbers,
        [
            (IdentifierKind::Registration, "HRB 12345", code("DE")),
            (IdentifierKind::Tax, "7700000016", code("RU")),
            (IdentifierKind::Lei, "52990000000000000001", None),
            (IdentifierKind::Email, "x@graufels.example", None)
        ]
    );
    let relation = |kind, name: &str, id: &str, share: Option<&str>| Relation {
        kind,
        name: name.to_owned(),
        id: Some(id.to_owned()),
        share: share.map(str::to_owned),
    };
    assert_eq!(
        company.relations,
        [
            relation(RelationKind::OwnedBy, "MUSTERMANN, Max", "NK-p", Some("51")),
            // Her share ended.
            relation(RelationKind::LinkedTo, "Erika Stillhalter", "NK-q", None),
            relation(RelationKind::ControlledBy, "Erika Stillhalter", "NK-q", None),
            relation(RelationKind::LinkedTo, "SEA LANTERN", "NK-v", None),
        ]
    );
    assert_eq!(company.programs.iter().map(|p| &**p).collect::<Vec<_>>(), ["TOOLS-EO1", "US-TOOLS"]);
    assert_eq!(company.listed.unwrap().to_string(), "2024-05-02");
    assert_eq!(company.same_as, ["os-eu-fsf/NK-a", "us-sdn/990001"]);
    assert_eq!(company.url.as_deref(), Some("https://example.org/sdn"));
    for part in ["Reason: Dies.", "percentage 49, end date 2020-12-31", "Managing director", "Makes dies."] {
        assert!(company.remarks.contains(part), "{part}: {}", company.remarks);
    }
    let csl = entry(&lists, "os-us-trade-csl", "NK-a");
    assert_eq!((csl.effect, csl.citation.as_str()), (Some(Effect::LicenceRequired), "89 FR 51653"));
    assert_eq!(csl.licence_policy.as_deref(), Some("Presumption of denial"));
    let past = entry(&lists, "os-eu-fsf", "NK-a");
    assert_eq!(past.removed.unwrap().to_string(), "2025-01-01");
    assert_eq!(past.same_as, ["os-us-ofac-sdn/NK-a", "os-us-trade-csl/NK-a"]);
    let linked = entry(&lists, "os-unlisted", "NK-v");
    assert_eq!((linked.effect, linked.kind), (Some(Effect::Advisory), PartyKind::Vessel));
    let pep = entry(&lists, "os-xx-moon-peps", "NK-p");
    assert_eq!((pep.effect, pep.birth_places.as_slice()), (Some(Effect::Advisory), &["Ulm".to_owned()][..]));
    assert!(pep.remarks.contains("Father name: Emil") && !pep.remarks.contains("First name"));
    let papers: Vec<_> = pep.identifiers.iter().map(|id| (id.kind, id.value.as_str())).collect();
    assert_eq!(papers, [(IdentifierKind::Passport, "K1"), (IdentifierKind::NationalId, "T 22")]);
    assert_eq!(pep.relations[0], relation(RelationKind::Owns, "Graufels Werkzeug GmbH", "NK-a", Some("51")));
    let groups = same_party_groups(&lists);
    assert_eq!((groups[0][0], groups[2][0], groups[3][0]), (0, 0, 0));
}

#[test]
fn changes_are_applied_to_the_entities_beside_them() {
    let (lists, out) = read(vec![sample("os.delta.json"), sample("os.ftm.json")], &country);
    assert!(!out.has_errors(), "{out:?}");
    let expected =
        [("os-eu-fsf", 2), ("os-us-ofac-sdn", 1), ("os-us-sam-exclusions", 1), ("os-us-trade-csl", 1)];
    assert_eq!(ids(&lists), expected);
    let warnings = messages(&out).join("\n");
    assert!(warnings.contains("1 deletions of entities that are not there, such as NK-never"), "{warnings}");
    assert_eq!(entry(&lists, "os-eu-fsf", "NK-v").names[0].text.as_ref(), "SEA LANTERN II");
    let owner = &entry(&lists, "os-us-ofac-sdn", "NK-a").relations[0];
    assert_eq!((owner.name.as_str(), owner.id.as_deref()), ("", Some("NK-p")), "it was deleted");

    let (lists, out) = read(vec![sample("os.delta.json")], &country);
    assert_eq!(ids(&lists), [("os-eu-fsf", 1), ("os-us-sam-exclusions", 1)]);
    assert!(messages(&out)[0].contains("read without the entities that it changes"));
    let notes = lists[0].info.notes.join("\n");
    assert!(notes.contains("4 changes, 2 of them deletions"), "{notes}");
}

#[test]
fn senzing_records_read_in_both_forms() {
    let (lists, out) = read(vec![sample("os.senzing.json")], &country);
    assert!(out.is_empty(), "{out:?}");
    assert_eq!(ids(&lists), [("os-open-sanctions", 1), ("os-us-congress", 1)]);
    let person = entry(&lists, "os-us-congress", "NK-1");
    assert_eq!(
        (person.kind, person.names.len(), person.birth_dates.as_slice()),
        (PartyKind::Person, 2, &["1970".to_owned()][..])
    );
    assert_eq!(person.relations[0].name, "Graufels Werkzeug GmbH");
    assert_eq!(person.remarks, "Date of death: 2020-01-02; Occupancy: Q2; Topic: role.pep");
    let numbers = |party: &ListedParty| {
        party.identifiers.iter().map(|id| (id.kind, id.value.clone())).collect::<Vec<_>>()
    };
    assert_eq!(
        numbers(person),
        [(IdentifierKind::Other, "Wikidata Q1".to_owned()), (IdentifierKind::Passport, "K9".to_owned())]
    );
    let company = entry(&lists, "os-open-sanctions", "NK-2");
    assert_eq!((company.effect, company.kind), (Some(Effect::LicenceRequired), PartyKind::Organization));
    assert_eq!(
        numbers(company),
        [
            (IdentifierKind::Registration, "HRB 12345".to_owned()),
            (IdentifierKind::Tax, "7700000016".to_owned())
        ]
    );
    let addresses: Vec<_> = company.addresses.iter().map(Address::one_line).collect();
    assert_eq!(addresses, ["Lange Gasse 12, Ulm, DE", "Hof 3, Ulm, DE"]);
    assert_eq!(company.same_as, ["us-sdn/990001"]);
    assert!(company.remarks.contains("Moon phase: full"));
    let notes = lists[0].info.notes.join("\n");
    assert!(notes.contains("1 records of the file name no risk"), "{notes}");
}

#[test]
fn a_broken_line_is_an_error_with_its_place_and_loses_no_other() {
    for name in ["os.ftm.json", "os.delta.json", "os.senzing.json"] {
        let text = String::from_utf8(sample(name).bytes).unwrap();
        let broken = text.replacen("\n{", "\n{,", 1);
        let (lists, out) = read(vec![ListFile { name: name.into(), bytes: broken.into() }], &country);
        let error = out.iter().find(|d| d.severity == Severity::Error).unwrap();
        assert_eq!(error.line_column(), Some((2, 1)), "{name}");
        assert!(!lists.is_empty(), "{name}");
    }
    let nameless = "{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{\"topics\":[\"sanction\"]}}\n";
    let (_, out) = read(vec![ListFile { name: "x.json".into(), bytes: nameless.into() }], &country);
    assert!(out.has_errors() && messages(&out)[0].contains("`a` has no name"), "{out:?}");
}

#[test]
fn the_real_simple_csv_reads_whole() {
    let Some(file) = real("interpol.targets.simple.csv") else { return };
    let (lists, out) = read(vec![file], &country);
    assert!(out.is_empty(), "{out:?}");
    assert_eq!(ids(&lists), [("os-interpol-red-notices", 6561)]);
    let list = &lists[0];
    assert_eq!(list.info.edition.date.unwrap().to_string(), "2025-05-23");
    let count = |of: fn(&ListedParty) -> bool| list.parties.iter().filter(|party| of(party)).count();
    // Counted apart, in the file itself.
    assert_eq!(count(|party| party.kind == PartyKind::Person), 6561);
    assert_eq!(count(|party| !party.birth_dates.is_empty()), 6557);
    assert_eq!(count(|party| !party.countries.is_empty()), 6506);
    assert_eq!(count(|party| party.countries.len() > 1), 549);
    assert_eq!(count(|party| party.remarks.contains("Red Notice")), 6557);
    assert_eq!(count(|party| party.names.len() > 1), 2);
}

#[test]
fn the_real_entities_read_whole() {
    let Some(file) = real("zala.entities.ftm.json") else { return };
    let (lists, out) = read(vec![file], &country);
    assert!(!out.has_errors(), "{out:?}");
    let [warning] = messages(&out)[..] else { panic!("{out:?}") };
    assert!(warning.contains("16 addresses that are not in the file"), "{warning}");
    let entries: std::collections::BTreeSet<_> =
        lists.iter().flat_map(|list| list.parties.iter().map(|party| party.id.clone())).collect();
    // Of 11 companies and 6 persons, three companies only a register knows.
    assert_eq!((entries.len(), lists.len()), (14, 24));
    let notes = lists[0].info.notes.join("\n");
    assert!(notes.contains("3 parties of the file are on no list"), "{notes}");
    let sdn = list(&lists, "os-us-ofac-sdn");
    assert_eq!((sdn.parties.len(), list(&lists, "os-unlisted").parties.len()), (9, 1));
    let company = entry(&lists, "os-us-trade-csl", "NK-abdzbEBkqyT29GyREbiURZ");
    assert_eq!((company.effect, company.citation.as_str()), (Some(Effect::LicenceRequired), "88 FR 76128"));
    let owners = company.relations.iter().filter(|relation| relation.kind == RelationKind::OwnedBy);
    let mut shares: Vec<_> = owners.map(|relation| relation.share.clone().unwrap_or_default()).collect();
    shares.sort();
    assert_eq!(shares, ["", "49", "51"], "ended shares are links only");
    let company = entry(&lists, "os-us-ofac-sdn", "NK-abdzbEBkqyT29GyREbiURZ");
    assert!(company.same_as.contains(&"us-sdn/45934".to_owned()), "{:?}", company.same_as);
    assert_eq!(company.names.iter().filter(|name| name.quality == Weak).count(), 7);
}

#[test]
fn the_real_changes_read_alone() {
    let Some(file) = real("entities.delta.json") else { return };
    let (lists, out) = read(vec![file], &country);
    assert!(!out.has_errors(), "{out:?}");
    let entries: std::collections::BTreeSet<_> =
        lists.iter().flat_map(|list| list.parties.iter().map(|party| party.id.clone())).collect();
    // 451 persons, 97 organisations, 27 legal entities, one company.
    assert_eq!(entries.len(), 576);
    let notes = lists[0].info.notes.join("\n");
    assert!(notes.contains("1700 changes, 571 of them deletions"), "{notes}");
    let warnings = messages(&out).join("\n");
    assert!(warnings.contains("8 sanctions of entities that are not in the file"), "{warnings}");
    assert_eq!(list(&lists, "os-us-ofac-sdn").info.edition.date.unwrap().to_string(), "2024-05-30");
}

#[test]
fn the_real_senzing_file_reads_whole() {
    let Some(file) = real("us_congress.senzing.json") else { return };
    let (lists, out) = read(vec![file], &country);
    assert!(out.is_empty(), "{out:?}");
    // 1,319 records, of which two are offices and name no risk.
    assert_eq!(ids(&lists), [("os-us-congress", 1317)]);
    assert!(lists[0].info.notes.join("\n").contains("2 records of the file name no risk"));
    assert_eq!(lists[0].info.edition.names, 1317 + 33);
    let born = lists[0].parties.iter().filter(|party| !party.birth_dates.is_empty()).count();
    assert_eq!(born, 1316);
}
