//! The formats of US lists on samples of own making, and on the real files
//! where they lie beside the project.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/lists.rs"]
mod common;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use jiff::civil::Date;
use redflag::diagnostic::Severity;
use redflag::trade::{CountryCode, IdentifierKind, PartyKind};
use redflag::watchlist::Effect::{Advisory, Blocking, LicenceRequired};
use redflag::watchlist::NameQuality::{Primary, Strong, Weak};
use redflag::watchlist::{ListFile, ListedParty, RelationKind, Watchlist, companions, detect, read};

use common::{addresses, entry, load, messages, names, root, sample, sample_country, shared, text};

fn identifiers(party: &ListedParty) -> Vec<(IdentifierKind, &str, &str)> {
    party
        .identifiers
        .iter()
        .map(|id| (id.kind, id.value.as_str(), id.country.as_ref().map_or("", CountryCode::as_str)))
        .collect()
}

fn codes(countries: &[CountryCode]) -> Vec<&str> {
    countries.iter().map(CountryCode::as_str).collect()
}

fn programs(party: &ListedParty) -> Vec<&str> {
    party.programs.iter().map(|program| &**program).collect()
}

#[test]
fn each_format_is_told_by_its_content() {
    for (name, format) in [
        ("sdn.xml", "ofac-xml"),
        ("sdn_advanced.xml", "ofac-advanced-xml"),
        ("consolidated.csv", "csl-csv"),
        ("consolidated.json", "csl-json"),
        ("csl.json", "csl-compact-json"),
        ("dpl.txt", "bis-dpl"),
        ("dpl.csv", "bis-dpl"),
        ("entity_list.csv", "bis-csv"),
        ("unverified.csv", "bis-csv"),
    ] {
        assert_eq!(detect(&sample(name).bytes).map(|format| format.key), Some(format), "{name}");
    }
}

#[test]
fn ofac_xml_reads_whole() {
    let (lists, out) = read(vec![sample("sdn.xml")], &sample_country);
    assert_eq!(
        messages(&out, Severity::Warning).iter().map(|m| m.split("`: ").last().unwrap()).collect::<Vec<_>>(),
        [
            "1 kinds of number or fact that are not known here, such as Lighthouse Permit",
            "1 mentions of places that are no country known here, such as Region: Gaza",
        ]
    );
    assert!(!out.has_errors());
    let [list] = lists.as_slice() else { panic!("{lists:?}") };
    assert_eq!((list.info.id.as_str(), list.info.edition.date), ("us-sdn", Some(Date::constant(2024, 5, 1))));
    assert!(list.info.notes[0].starts_with("Taken for the SDN list"), "{:?}", list.info.notes);
    let company = entry(list, "101");
    assert_eq!(
        names(company),
        [
            ("NORTH STAR TRADING, LLC", Primary, false),
            ("NORTHERN STAR", Strong, false),
            ("EAST STAR", Strong, true),
            ("NST", Weak, false),
        ]
    );
    assert_eq!((company.kind, programs(company)), (PartyKind::Organization, vec!["SDGT", "IFSR"]));
    assert_eq!(addresses(company), ["Suite 3, 4 Jalan Besar, Kuala Lumpur, 50100, MY", "Gaza"]);
    assert_eq!(
        identifiers(company),
        [
            (IdentifierKind::Registration, "12345-X", "MY"),
            (IdentifierKind::Other, "Lighthouse Permit LP-778", "")
        ]
    );
    let linked: Vec<_> = company.relations.iter().map(|relation| relation.name.as_str()).collect();
    assert_eq!(linked, ["BANK (EAST) LTD.", "DOE, John"]);
    assert_eq!(company.remarks, "Secondary sanctions risk: section 1(b); All offices");
    let person = entry(list, "102");
    assert_eq!(names(person), [("DOE, John", Primary, false), ("DOUGH, J.", Strong, false)]);
    assert_eq!(identifiers(person), [(IdentifierKind::Passport, "A123456", "EG")]);
    assert_eq!(person.birth_dates, ["10 Dec 1948", "circa 1950"]);
    assert_eq!(
        (person.birth_places[0].as_str(), codes(&person.nationalities)),
        ("Aswan, Egypt", vec!["EG", "PE"])
    );
    assert_eq!(
        person.remarks,
        "Title: Director; nationality Egypt; citizen Peru; \
         Passport A123456 issued 02 Oct 2016, expires 01 Oct 2026; Gender Male"
    );
    let ship = entry(list, "103");
    assert_eq!(
        identifiers(ship),
        [
            (IdentifierKind::CallSign, "E5U4542", ""),
            (IdentifierKind::Imo, "9000003", ""),
            (IdentifierKind::Mmsi, "572469210", "")
        ]
    );
    assert_eq!(
        ship.remarks,
        "Vessel type: Crude Oil Tanker; Tonnage: 99,094; Gross registered tonnage: 56000; \
         Vessel flag: Panama; Vessel owner: Blue Owner"
    );
    assert_eq!(codes(&ship.countries), ["PA"]);
}

#[test]
fn ofac_xml_tells_its_list_by_programmes_and_counts_its_entries() {
    let whole = String::from_utf8(sample("sdn.xml").bytes).unwrap();
    let consolidated = whole
        .replacen("<program>SDGT</program><program>IFSR</program>", "<program>NS-PLC</program>", 1)
        .replace(
            "http://tempuri.org/sdnList.xsd",
            "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML",
        );
    let (lists, out) = read(vec![text("x.xml", &consolidated)], &sample_country);
    assert!(!out.has_errors(), "{out:?}");
    assert_eq!(lists[0].info.id, "us-ofac-consolidated");
    assert_eq!((entry(&lists[0], "101").effect, entry(&lists[0], "102").effect), (Some(Blocking), None));
    for (from, to, lines) in [
        ("<Record_Count>3<", "<Record_Count>4<", vec![3]),
        ("<uid>103</uid>", "<uid>102</uid>", vec![50]),
        ("<uid>103</uid>", "", vec![50]),
        ("<lastName>BLUE WAVE</lastName>", "", vec![50]),
        ("</sdnList>", "", vec![1]),
    ] {
        let (_, out) = read(vec![text("x.xml", &whole.replacen(from, to, 1))], &sample_country);
        let errors = out.iter().filter(|d| d.severity == Severity::Error);
        let found: Vec<_> = errors.map(|d| d.line_column().unwrap().0).collect();
        assert_eq!(found, lines, "{from}: {out:?}");
    }
}

#[test]
fn advanced_xml_reads_whole() {
    let (lists, out) = read(vec![sample("sdn_advanced.xml")], &sample_country);
    assert!(!out.has_errors(), "{out:?}");
    assert_eq!(
        messages(&out, Severity::Warning).iter().map(|m| m.split("`: ").last().unwrap()).collect::<Vec<_>>(),
        [
            "1 mentions of places that are no country known here, such as Region: Gaza",
            "1 relations of parties that the file does not have, such as 101 Acting for or on behalf of 999",
        ]
    );
    let counts: Vec<_> = lists.iter().map(|l| (l.info.id.as_str(), l.info.edition.entries)).collect();
    assert_eq!(counts, [("us-sdn", 3), ("us-ofac-consolidated", 1)]);
    let list = &lists[0];
    assert_eq!(list.info.edition.date, Some(Date::constant(2024, 5, 1)));
    let company = entry(list, "101");
    assert_eq!(
        names(company),
        [
            ("NORTH STAR TRADING, LLC", Primary, false),
            ("ООО СЕВЕРНАЯ ЗВЕЗДА", Strong, false),
            ("EAST STAR", Strong, true),
            ("NST", Weak, false),
        ]
    );
    assert_eq!(programs(company), ["SDGT", "IFSR"]);
    assert_eq!(addresses(company), ["Suite 3, 4 Jalan Besar, Kuala Lumpur, 50100, MY", "Gaza"]);
    assert_eq!(
        identifiers(company),
        [
            (IdentifierKind::Registration, "12345-X", "MY"),
            (IdentifierKind::Bic, "NSTRMYKL", ""),
            (IdentifierKind::Other, "Digital Currency Address - XBT 1Kuf2Rd8", ""),
        ]
    );
    assert_eq!(
        (company.listed, company.citation.as_str()),
        (Some(Date::constant(2019, 9, 13)), "Executive Order 13224 (Terrorism)")
    );
    assert_eq!(company.remarks, "Address: 三号套房; Measure: Block");
    let person = entry(list, "102");
    assert_eq!(names(person), [("DOE, John Q.", Primary, false), ("杜约翰", Strong, false)]);
    assert_eq!((person.kind, person.birth_dates[0].as_str()), (PartyKind::Person, "circa 1948"));
    assert_eq!((person.birth_places[0].as_str(), codes(&person.nationalities)), ("Aswan, Egypt", vec!["EG"]));
    assert_eq!(
        person.remarks,
        "Passport A123456 expires 2026-10-01; Passport A123456: Fraudulent; nationality Egypt; Gender Male; \
         Title: Director; Leader or official of NORTH STAR TRADING, LLC; \
         Formerly Acting for or on behalf of BLUE WAVE"
    );
    let relations = |party: &ListedParty| -> Vec<_> {
        party.relations.iter().map(|r| (r.kind, r.name.clone(), r.id.clone().unwrap_or_default())).collect()
    };
    let linked = |name: &str, id: &str| (RelationKind::LinkedTo, name.to_owned(), id.to_owned());
    assert_eq!(
        relations(person),
        [linked("BLUE OFFICE", ""), linked("NORTH STAR TRADING, LLC", "101"), linked("BLUE WAVE", "103")]
    );
    assert_eq!(
        (person.listed, person.same_as.as_slice()),
        (Some(Date::constant(2020, 1, 2)), &["us-ofac-consolidated/102".to_owned()][..])
    );
    let ship = entry(list, "103");
    assert_eq!(
        relations(ship),
        [(RelationKind::OwnedBy, "NORTH STAR TRADING, LLC".to_owned(), "101".to_owned())]
    );
    assert_eq!(
        identifiers(ship),
        [(IdentifierKind::Imo, "9000003", ""), (IdentifierKind::CallSign, "E5U4542", "")]
    );
    assert_eq!((ship.kind, codes(&ship.nationalities)), (PartyKind::Vessel, vec!["PA"]));
    let other = entry(&lists[1], "102");
    assert_eq!((other.effect, programs(other)), (Some(Blocking), vec!["NS-PLC"]));
}

#[test]
fn plain_and_advanced_xml_name_a_party_alike() {
    let (plain, _) = read(vec![sample("sdn.xml")], &sample_country);
    let (advanced, _) = read(vec![sample("sdn_advanced.xml")], &sample_country);
    for id in ["101", "103"] {
        let latin = |list: &Watchlist| -> HashSet<String> {
            let names = entry(list, id).names.iter().map(|name| name.text.to_string());
            names.filter(|name| name.is_ascii() && name != "NORTHERN STAR").collect()
        };
        assert_eq!(latin(&plain[0]), latin(&advanced[0]));
    }
}

#[test]
fn an_entry_without_its_party_is_an_error() {
    let whole = String::from_utf8(sample("sdn_advanced.xml").bytes).unwrap();
    for (from, to) in [
        ("<Profile ID=\"103\"", "<Profile ID=\"104\""),
        ("<Profile ID=\"103\"", "<Profile ID=\"102\""),
        ("BLUE WAVE", ""),
    ] {
        let (_, out) = read(vec![text("x.xml", &whole.replacen(from, to, 1))], &sample_country);
        assert!(out.has_errors(), "{from}: {out:?}");
    }
}

#[test]
fn a_screening_list_csv_gives_its_lists() {
    let (lists, out) = read(vec![sample("consolidated.csv")], &sample_country);
    assert!(!out.has_errors(), "{out:?}");
    assert_eq!(
        messages(&out, Severity::Warning),
        ["the list `Moon Dealers List (MDL) - Lunar Department` is not known; its entries count as blocking"]
    );
    let counts: Vec<_> =
        lists.iter().map(|l| (l.info.id.as_str(), l.info.edition.entries, l.info.effect)).collect();
    assert_eq!(
        counts,
        [
            ("us-denied-persons", 1, Blocking),
            ("us-entity-list", 2, LicenceRequired),
            ("us-sdn", 2, Blocking),
            ("us-fse", 1, Blocking),
            ("us-mdl", 1, Blocking),
        ]
    );
    let denied = &lists[0].parties[0];
    assert_eq!((denied.effect, denied.removed), (Some(Advisory), Some(Date::constant(2022, 4, 1))));
    assert_eq!(addresses(denied), ["FCI NORTHWAY, P.O. BOX 7, ANTHONY, 88201, NM, US"]);
    assert!(denied.remarks.contains("Action: FR NOTICE ADDED; Expired on 2022-04-01"), "{}", denied.remarks);
    let company = &lists[1].parties[0];
    assert_eq!(
        names(company),
        [
            ("Greifzu Optik Co., Ltd.", Primary, false),
            ("Greifzu", Strong, false),
            ("Greifzu Lens Co., Ltd.", Strong, false),
            ("GLC", Strong, false),
            ("Old Greifzu", Strong, false),
            ("Dash Name", Strong, false),
            ("Greifzu Werk", Strong, true),
        ]
    );
    assert_eq!(company.licence_policy.as_deref(), Some("Presumption of denial."));
    assert_eq!(codes(&company.countries), ["CN", "HK"]);
    let address = &lists[1].parties[1];
    assert!(address.address_only && address.names.is_empty());
    assert_eq!(addresses(address), ["Room 9, Quarry Road, Kowloon, HK"]);
    let person = entry(&lists[2], "17");
    assert_eq!((person.same_as.as_slice(), person.kind), (&["us-fse/17".to_owned()][..], PartyKind::Person));
    assert_eq!(
        identifiers(person),
        [(IdentifierKind::Passport, "A123456", "EG"), (IdentifierKind::Passport, "B77", "PE")]
    );
    assert_eq!(
        person.remarks,
        "Title: Director; nationality: EG; citizen: PE; Passport A123456 issued 2016-10-02, expires 2026-10-01; \
         Gender Male; Passport B77 expires or issued 2030-01-01; Issuer Name North Office, Ltd."
    );
    assert_eq!(person.relations.len(), 2);
    assert_eq!(person.birth_places, ["Aswan, Egypt", "Lima, Peru"]);
    assert_eq!(identifiers(entry(&lists[2], "18"))[1], (IdentifierKind::Imo, "9000003", ""));
    assert_eq!(names(&lists[4].parties[0]), [("Crater Co. Ltd", Primary, false)]);
}

#[test]
fn an_open_quote_in_the_last_column_swallows_no_row_in_silence() {
    let whole = String::from_utf8(sample("consolidated.csv").bytes).unwrap();
    let open = whole.replacen("https://example.org/el,\n", "https://example.org/el,\"\n", 1);
    let (_, out) = read(vec![text("x.csv", &open)], &sample_country);
    assert!(out.has_errors(), "{out:?}");
}

#[test]
fn screening_list_csv_and_json_say_the_same() {
    let (table, _) = read(vec![sample("consolidated.csv")], &sample_country);
    let (json, out) = read(vec![sample("consolidated.json")], &sample_country);
    assert!(!out.has_errors(), "{out:?}");
    assert_eq!(
        messages(&out, Severity::Warning)[0].split("`: ").last(),
        Some("1 keys that are not known here, such as moon_phase")
    );
    let counts: Vec<_> =
        json.iter().map(|l| (l.info.id.as_str(), l.info.edition.entries, l.info.edition.date)).collect();
    assert_eq!(
        counts,
        [
            ("us-entity-list", 2, Some(Date::constant(2024, 6, 12))),
            ("us-sdn", 2, Some(Date::constant(2024, 6, 11)))
        ]
    );
    let same = |id: &str, party: &ListedParty| {
        let list = table.iter().find(|list| list.info.id == id).unwrap();
        entry(list, &party.id).clone()
    };
    for list in &json {
        for party in list.parties.iter().filter(|party| party.id != "17" && !party.address_only) {
            let mut other = same(&list.info.id, party);
            other.same_as.clear();
            assert_eq!(other, **party);
        }
    }
    let whole = String::from_utf8(sample("consolidated.json").bytes).unwrap();
    for (from, to) in
        [("\"total\": 4", "\"total\": 40"), ("\"name\": \"BLUE WAVE\",", ""), ("\"results\"", "\"result\"")]
    {
        let (_, out) = read(vec![text("x.json", &whole.replacen(from, to, 1))], &sample_country);
        assert!(out.has_errors(), "{from}");
    }
}

#[test]
fn the_rows_of_a_denial_order_become_one_entry() {
    let (lists, out) = read(vec![sample("dpl.txt")], &sample_country);
    assert!(!out.has_errors(), "{out:?}");
    let list = &lists[0];
    assert_eq!(
        (list.info.id.as_str(), list.info.edition.entries, list.info.edition.date),
        ("us-denied-persons", 3, Some(Date::constant(2022, 2, 22)))
    );
    assert!(messages(&out, Severity::Warning)[0].contains("1 days of change that are typing errors"));
    let first = &list.parties[0];
    assert_eq!(names(first), [("IGOR VANTO", Primary, false)]);
    assert_eq!(
        addresses(first),
        ["FCI NORTHWAY, P.O. BOX 7, ANTHONY, 88201, NM, US", "12 QUARRY ROAD, BEIJING, 100000, CN"]
    );
    assert_eq!(
        (first.citation.as_str(), first.effect, first.removed),
        ("87 F.R. 9030 2/17/2022", None, None)
    );
    assert!(first.remarks.contains("Also: 88 F.R. 1 1/2/2023"), "{}", first.remarks);
    assert!(first.remarks.ends_with("In force until 2030-06-17"), "{}", first.remarks);
    let aliases = names(&list.parties[1]);
    assert_eq!(aliases, [("PEARL LI", Primary, false), ("NELA VANTO", Strong, false)]);
    assert_eq!(list.parties[1].listed, Some(Date::constant(1981, 9, 1)));
    assert_eq!(names(&list.parties[2]), [("QUARRY AIR", Primary, false), ("Q9", Strong, false)]);
    // The order of the Consolidated Screening List has the same id.
    let (csl, _) = read(vec![sample("consolidated.csv")], &sample_country);
    assert_eq!(csl[0].parties[0].id, first.id);
    let expired = String::from_utf8(sample("dpl.txt").bytes).unwrap().replace("2022-02-22", "2023-02-22");
    let (lists, _) = read(vec![text("dpl.txt", &expired)], &sample_country);
    let over = &lists[0].parties[2];
    assert_eq!((over.effect, over.removed), (Some(Advisory), Some(Date::constant(2022, 12, 12))));
    assert!(lists[0].info.notes.iter().any(|note| note.starts_with("1 orders had expired")));
}

#[test]
fn a_denial_order_reads_the_same_in_the_csv_that_took_the_place_of_the_text_file() {
    let (lists, out) = read(vec![sample("dpl.csv")], &sample_country);
    assert!(!out.has_errors(), "{out:?}");
    let list = &lists[0];
    assert_eq!(
        (list.info.edition.entries, list.info.edition.date),
        (4, Some(Date::constant(2023, 1, 2))),
        "the day of its newest order"
    );
    let (text_file, _) = read(vec![sample("dpl.txt")], &sample_country);
    let [first, pearl, air, tools] = list.parties.as_slice() else { panic!("{list:?}") };
    for (new, old) in [first, pearl].into_iter().zip(&text_file[0].parties) {
        assert_eq!((&new.id, names(new), addresses(new)), (&old.id, names(old), addresses(old)));
        assert_eq!((new.listed, new.removed, new.effect), (old.listed, old.removed, old.effect));
    }
    assert_eq!(names(air), [("QUARRY AIR", Primary, false), ("Q9", Strong, false)]);
    assert_eq!((air.effect, air.removed), (Some(Advisory), Some(Date::constant(2022, 12, 12))));
    assert!(air.remarks.starts_with("Standard order: no; read the order"), "{}", air.remarks);
    assert_eq!(names(tools), [("QUARRY TOOLS, S.L.", Primary, false)]);
    assert_eq!(
        addresses(tools),
        ["P.O. Box 3000, ANTHONY, 88021, NM, US"],
        "a state in the place of the country"
    );
}

#[test]
fn supplements_give_the_list_of_their_columns() {
    let (lists, out) = read(vec![sample("entity_list.csv"), sample("unverified.csv")], &sample_country);
    assert!(!out.has_errors(), "{out:?}");
    assert!(messages(&out, Severity::Warning)[0].contains("1 cells in which name and address"), "{out:?}");
    let [entities, unverified] = lists.as_slice() else { panic!("{lists:?}") };
    assert_eq!((entities.info.id.as_str(), unverified.info.id.as_str()), ("us-entity-list", "us-unverified"));
    let first = &entities.parties[0];
    assert_eq!(
        names(first),
        [
            ("Harrow Optics Co., Ltd.", Primary, false),
            ("Harrow OE", Strong, false),
            ("Harrow Lenses", Strong, false)
        ]
    );
    assert_eq!(addresses(first), ["No. 7 Quarry Road, Dunmore, CN", "Unit 3, Alder Park, Dunmore, CN"]);
    assert_eq!(first.licence_policy.as_deref(), Some("Presumption of denial"));
    assert_eq!(first.citation, "87 FR 20299, 4/7/22.");
    assert_eq!(addresses(&entities.parties[1]), ["12 Jalan Besar, Kuala Lumpur, MY"]);
    assert_eq!(names(&entities.parties[2]), [("Quarry Institute, Kajang", Primary, false)]);
    assert_eq!(codes(&entities.parties[2].countries), ["MY"]);
    assert_eq!(addresses(&unverified.parties[0]), ["Unit 3, Jalan Besar, Kajang, MY", "Lot 9, Kajang, MY"]);
    let users = "Country,Entity,Federal Register Citation\nChina,Harrow Optics,85 FR 83799\n";
    let (lists, _) = read(vec![text("meu.csv", users)], &sample_country);
    assert_eq!(lists[0].info.id, "us-meu");
}

#[test]
fn the_real_consolidated_xml_reads_whole() {
    let Some(path) = shared("lists/ofac/consolidated.xml") else { return };
    let (lists, out) = read(vec![load(&path)], &ofac_countries());
    assert!(!out.has_errors(), "{out:?}");
    let warnings = messages(&out, Severity::Warning);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].ends_with("2 mentions of places that are no country known here, such as Region: Gaza")
    );
    let [list] = lists.as_slice() else { panic!("{} lists", lists.len()) };
    assert_eq!(
        (list.info.id.as_str(), list.info.edition.entries, list.info.edition.date),
        ("us-ofac-consolidated", 443, Some(Date::constant(2025, 3, 28)))
    );
    let count =
        |of: &dyn Fn(&ListedParty) -> usize| list.parties.iter().map(|party| of(party)).sum::<usize>();
    assert_eq!(count(&|party| usize::from(party.kind == PartyKind::Person)), 80);
    let weak = |party: &ListedParty| party.names.iter().filter(|name| name.quality == Weak).count();
    let former = |party: &ListedParty| party.names.iter().filter(|name| name.former).count();
    // 1,136 aliases, of which one repeats its party's name.
    assert_eq!((list.info.edition.names, count(&weak), count(&former)), (443 + 1135, 70, 144));
    assert_eq!(count(&|party| party.birth_dates.len()), 75);
    assert_eq!(count(&|party| party.birth_places.len()), 21);
    assert_eq!(count(&|party| party.addresses.len()), 520);
    assert_eq!(count(&|party| party.nationalities.len()), 2 + 1 + 12);
    let lei =
        |party: &ListedParty| identifiers(party).iter().filter(|id| id.0 == IdentifierKind::Lei).count();
    assert_eq!(count(&lei), 14);
}

#[test]
fn one_party_has_the_same_names_in_ofac_csv_and_xml() {
    let Some(csv) = shared("lists/ofac/cons_prim.csv") else { return };
    let Some(xml) = shared("lists/ofac/consolidated.xml") else { return };
    let mut files = vec![load(&csv)];
    files.extend(companions(&csv.display().to_string()).iter().map(|name| load(Path::new(name))));
    let (of_csv, _) = read(files, &ofac_countries());
    let (of_xml, _) = read(vec![load(&xml)], &ofac_countries());
    let by_id = |list: &Watchlist| -> BTreeMap<String, ListedParty> {
        list.parties.iter().map(|party| (party.id.clone(), (**party).clone())).collect()
    };
    let (newer, older) = (by_id(&of_csv[0]), by_id(&of_xml[0]));
    let sorted = |party: &ListedParty| {
        let mut names: Vec<_> =
            party.names.iter().map(|name| (name.text.to_string(), name.quality, name.former)).collect();
        names.sort();
        names
    };
    let mut shared_ids = 0;
    let mut different = Vec::new();
    for (id, party) in &newer {
        let Some(other) = older.get(id) else { continue };
        shared_ids += 1;
        if sorted(party) != sorted(other) {
            different.push(id.as_str());
        }
    }
    // The CSV files are nine months newer. In between 17248, 18271, 18290 and
    // 18292 got aliases, 18284 another spelling, 22391 other quotes in a name.
    assert_eq!((shared_ids, older.len(), newer.len()), (442, 443, 442));
    assert_eq!(different, ["17248", "18271", "18284", "18290", "18292", "22391"]);
    // Ten parties got numbers in between, all of Russian companies. The CSV
    // files have runs of spaces that XML has not.
    let numbers = |party: &ListedParty| -> HashSet<_> {
        let spaced = party.identifiers.iter().map(|id| (id.kind, id.value.clone(), id.country));
        spaced.map(|(kind, value, country)| (kind, value.replace("  ", " "), country)).collect()
    };
    let more =
        newer.iter().filter(|(id, party)| older.get(*id).is_some_and(|o| numbers(party) != numbers(o)));
    let more: Vec<_> = more.map(|(id, _)| id.as_str()).collect();
    assert_eq!(
        more,
        ["17248", "18267", "18269", "18271", "18274", "18276", "18282", "18284", "18290", "18292"]
    );
}

#[test]
fn the_real_screening_list_reads_whole() {
    let Some(path) = shared("lists/csl/consolidated.csv") else { return };
    let (lists, out) = read(vec![load(&path)], &ofac_countries());
    assert!(!out.has_errors(), "{out:?}");
    let counts: HashMap<_, _> = lists.iter().map(|l| (l.info.id.as_str(), l.info.edition.entries)).collect();
    let expected = [
        ("us-sdn", 10_026),
        ("us-entity-list", 2001),
        ("us-itar-debarred", 727),
        ("us-denied-persons", 462),
        ("us-ssi", 290),
        ("us-unverified", 201),
        ("us-isn", 163),
        ("us-plc", 78),
        ("us-meu", 71),
        ("us-cmic", 68),
        ("us-capta", 53),
        ("us-ns-mbs", 17),
        ("us-fse", 3),
    ];
    assert_eq!(counts, HashMap::from(expected));
    let entities = lists.iter().find(|list| list.info.id == "us-entity-list").unwrap();
    let captions: HashSet<_> = entities.parties.iter().map(|party| party.caption()).collect();
    for whole in ["Tactical Missile Corporation, Joint Stock Company Avangard", "Gazprom Promgaz, AO"] {
        assert!(captions.contains(whole), "{whole}");
    }
    // Counted apart in the file: an OFAC entry's name and aliases, each once.
    let named: HashMap<_, _> = lists.iter().map(|l| (l.info.id.as_str(), l.info.edition.names)).collect();
    for (id, names) in
        [("us-sdn", 26_248), ("us-ssi", 1170), ("us-plc", 161), ("us-cmic", 205), ("us-capta", 268)]
    {
        assert_eq!(named[id], names, "{id}");
    }
    let warnings: Vec<_> = messages(&out, Severity::Warning);
    let odd: Vec<_> =
        warnings.iter().map(|m| m.split("`: ").last().unwrap().split(", such as").next().unwrap()).collect();
    assert_eq!(
        odd,
        [
            "2 aliases that are a remark in brackets",
            "5 mentions of places that are no country known here",
            "130 names in which a letter became a question mark",
            "1 numbers that stand twice on one list",
        ]
    );
    for list in &lists {
        let nameless =
            list.parties.iter().filter(|party| party.names.is_empty() && !party.address_only).count();
        assert_eq!(nameless, 0, "{}", list.info.id);
    }
    let ids: HashSet<_> =
        lists.iter().flat_map(|l| l.parties.iter().map(|p| (l.info.id.clone(), p.id.clone()))).collect();
    assert_eq!(ids.len(), 14_160);
}

#[test]
fn the_real_denied_persons_read_whole() {
    let Some(path) = shared("lists/bis/dpl.txt") else { return };
    let (lists, out) = read(vec![load(&path)], &ofac_countries());
    assert!(!out.has_errors(), "{out:?}");
    let list = &lists[0];
    assert_eq!(
        (list.info.edition.entries, list.info.edition.date),
        (549, Some(Date::constant(2023, 11, 28)))
    );
    assert!(list.info.notes.iter().any(|note| note.starts_with("665 rows")), "{:?}", list.info.notes);
    let warnings = messages(&out, Severity::Warning);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].ends_with("3 days of change that are typing errors, such as 1023-11-01; 3033-09-30"));
    // Two rows repeat another one word for word.
    assert_eq!(list.parties.iter().map(|party| party.addresses.len()).sum::<usize>(), 663);
    assert_eq!(list.parties.iter().filter(|party| party.countries.is_empty()).count(), 9);
    // The first order to end does so on 2023-12-04, after the edition's date.
    assert_eq!(list.parties.iter().filter(|party| party.removed.is_some()).count(), 0);
}

/// The rows of the real text file, written as the CSV has them since 2026, give
/// the same entries.
#[test]
fn the_real_denied_persons_keep_their_names_with_name_and_address_in_one_cell() {
    let Some(path) = shared("lists/bis/dpl.txt") else { return };
    let mut joined = csv::Writer::from_writer(Vec::new());
    let header = ["Name_and_Address", "Effective_Date", "Expiration_Date"];
    joined
        .write_record(header.iter().chain(&["Appropriate Federal Register Citations", "Type of Denial"]))
        .unwrap();
    let mut rows = csv::ReaderBuilder::new().delimiter(b'\t').from_path(&path).unwrap();
    for row in rows.records() {
        let row = row.unwrap();
        let cell = row.iter().take(6).collect::<Vec<_>>().join(", ");
        joined.write_record([&cell, &row[6], &row[7], &row[11], "Standard"]).unwrap();
    }
    let csv = ListFile { name: "dpl.csv".to_owned(), bytes: joined.into_inner().unwrap() };
    let (new, out) = read(vec![csv], &ofac_countries());
    assert!(!out.has_errors(), "{out:?}");
    let (old, _) = read(vec![load(&path)], &ofac_countries());
    assert_eq!(new[0].parties.len(), 549);
    let different: Vec<_> = new[0]
        .parties
        .iter()
        .zip(&old[0].parties)
        .filter(|(new, old)| (&new.id, names(new), addresses(new)) != (&old.id, names(old), addresses(old)))
        .map(|(new, _)| names(new)[0].0)
        .collect();
    // A blank before a comma is not kept, in a name and in a street, nor a comma
    // that ends a name, so that the id of the last is another.
    assert_eq!(different, ["ANNEXFIELD, LTD.", "GENE SHILMAN", "UTAIR AVIATION JSC"]);
}

/// Countries as OFAC writes them, from the country tables beside the project
/// and the spellings those do not have.
fn ofac_countries() -> impl Fn(&str) -> Option<CountryCode> + Sync {
    let mut codes = std::collections::HashMap::new();
    for (file, name, code) in [("trade/country_chart.csv", 1, 0), ("trade/country_groups.csv", 2, 1)] {
        let mut rows = csv::Reader::from_path(root().join("../shared").join(file)).unwrap();
        for row in rows.records() {
            let row = row.unwrap();
            codes.insert(row[name].to_owned(), CountryCode::new(&row[code]).unwrap());
        }
    }
    let more = "Turkey=TR;Hong Kong=HK;Congo, Democratic Republic of the=CD;Palestinian=PS;South Sudan=SS;\
                Virgin Islands, British=VG;Democratic People's Republic of Korea=KP;The Gambia=GM;\
                North Macedonia, The Republic of=MK;Cayman Islands=KY;Saint Kitts and Nevis=KN;Jersey=JE;\
                Cote d Ivoire=CI;Gibraltar=GI;West Bank=PS;Congo, Republic of the=CG;Man, Isle of=IM;Cook Islands=CK;\
                Bermuda=BM;Guernsey=GG;Cabo Verde=CV";
    for (name, code) in more.split(';').filter_map(|pair| pair.split_once('=')) {
        codes.insert(name.to_owned(), CountryCode::new(code).unwrap());
    }
    move |name| codes.get(name).copied()
}

#[test]
fn an_entry_has_one_id_in_every_format() {
    let files = [
        "lists/derived/us_csl_screening-list_2026-07-31.json",
        "lists/csl/consolidated.csv",
        "lists/bis/dpl.txt",
    ];
    let mut found = Vec::new();
    for file in files {
        let Some(path) = shared(file) else { return };
        found.push(read(vec![load(&path)], &ofac_countries()).0);
    }
    let [compact, csl, orders] = found.as_slice() else { panic!() };
    let ids = |lists: &[Watchlist], id: &str| -> HashSet<String> {
        let list = lists.iter().find(|list| list.info.id == id).unwrap();
        list.parties.iter().map(|party| party.id.clone()).collect()
    };
    let both = |a: &[Watchlist], b: &[Watchlist], id: &str| ids(a, id).intersection(&ids(b, id)).count();
    // The rest came, went, or got another notice between 2022 and 2026.
    assert_eq!(both(compact, csl, "us-sdn"), 8687);
    assert_eq!(both(compact, csl, "us-entity-list"), 1401);
    assert_eq!(both(compact, csl, "us-itar-debarred"), 706);
    assert_eq!(both(compact, csl, "us-denied-persons"), 402);
    assert_eq!(
        (both(orders, csl, "us-denied-persons"), both(orders, compact, "us-denied-persons")),
        (347, 493)
    );
}

/// OFAC's CSV files of 2024-05 (aliases of 2025-01) against the Consolidated
/// Screening List of 2026-07: what both have is told alike.
#[test]
fn one_party_has_the_same_names_in_ofac_csv_and_the_screening_list() {
    let (Some(sdn), Some(csl)) =
        (shared("lists/ofac/sdn.csv"), shared("lists/derived/us_csl_screening-list_2026-07-31.json"))
    else {
        return;
    };
    let mut files = vec![load(&sdn)];
    files.extend(companions(&sdn.display().to_string()).iter().map(|name| load(Path::new(name))));
    let (published, _) = read(files, &|_| None);
    let (screening_lists, _) = read(vec![load(&csl)], &|_| None);
    let there = screening_lists.iter().find(|list| list.info.id == "us-sdn").unwrap();
    let by_id: HashMap<&str, &ListedParty> =
        there.parties.iter().map(|party| (party.id.as_str(), &**party)).collect();
    let folded = |party: &ListedParty, weak: bool| -> HashSet<String> {
        let names = party.names.iter().filter(|name| weak || name.quality != Weak);
        names.map(|name| redflag::name::fold_text(&name.text)).collect()
    };
    let (mut both, mut same, mut kept, mut primary) = (0, 0, 0, 0);
    let mut gone = 0;
    for party in &published[0].parties {
        let Some(other) = by_id.get(party.id.as_str()) else {
            gone += 1;
            continue;
        };
        both += 1;
        let (mine, theirs) = (folded(party, true), folded(other, true));
        same += usize::from(mine == theirs);
        kept += usize::from(folded(party, false).is_subset(&theirs));
        let first = redflag::name::fold_text(&party.names[0].text);
        primary += usize::from(theirs.contains(&first));
    }
    println!(
        "{both} in both, {gone} gone since; {same} the same names, {kept} all strong names kept, {primary} the first name kept"
    );
    assert!(both > 12_000 && primary * 1000 >= both * 995 && kept * 100 >= both * 97, "see above");
}
