//! The lists of the EU and the UN on samples of own making, and on the real
//! files where they lie beside the project; one party through several formats.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/lists.rs"]
mod common;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;

use redflag::diagnostic::{Diagnostics, Severity};
use redflag::place::CountryNames;
use redflag::trade::{CountryCode, IdentifierKind, PartyKind};
use redflag::watchlist::NameQuality::{Primary, Strong, Weak};
use redflag::watchlist::{Effect, ListFile, ListedParty, Regime, Watchlist, detect, read, same_party_groups};

use common::{entry, messages, names, root};

/// A real list; says so and gives `None` where it is absent.
fn shared(path: &str) -> Option<ListFile> {
    let whole = root().join("../shared/lists").join(path);
    if let Ok(bytes) = fs::read(&whole) {
        return Some(ListFile { name: path.to_owned(), bytes });
    }
    eprintln!("skipped: {} is not there", whole.display());
    None
}

fn sample(name: &str) -> ListFile {
    let bytes = fs::read(root().join("tests/data/lists").join(name)).unwrap();
    ListFile { name: name.to_owned(), bytes }
}

/// The country table of the program.
fn country(name: &str) -> Option<CountryCode> {
    CountryNames::shipped().resolve(name).code()
}

fn load(file: ListFile) -> (Vec<Watchlist>, Diagnostics) {
    read(vec![file], &country)
}

/// The only list of a sample that reads without an error.
fn only(name: &str) -> (Watchlist, Vec<String>) {
    let (mut lists, out) = load(sample(name));
    assert!(!out.has_errors(), "{out:?}");
    let list = lists.pop().unwrap();
    assert!(lists.is_empty());
    (list, messages(&out, Severity::Warning))
}

fn identifiers(party: &ListedParty) -> Vec<String> {
    let country = |code: Option<CountryCode>| code.map_or_else(|| "-".to_owned(), |code| code.to_string());
    party
        .identifiers
        .iter()
        .map(|id| format!("{} {} {}", id.kind.key(), id.value, country(id.country)))
        .collect()
}

fn lines(party: &ListedParty) -> Vec<String> {
    party.addresses.iter().map(redflag::trade::Address::one_line).collect()
}

fn codes(text: &str) -> Vec<CountryCode> {
    text.split(' ').map(|code| CountryCode::new(code).unwrap()).collect()
}

fn count(list: &Watchlist, of: impl Fn(&ListedParty) -> usize) -> usize {
    list.parties.iter().map(|party| of(party)).sum()
}

fn has_remarks(party: &ListedParty, texts: &[&str]) {
    for text in texts {
        assert!(party.remarks.contains(text), "{text}: {}", party.remarks);
    }
}

#[test]
fn every_format_is_told_by_its_content() {
    for (name, format) in [
        ("eu_fsf.csv", "eu-fsf-csv"),
        ("eu_fsf.xml", "eu-fsf-xml"),
        ("eu_global.xml", "eu-global-xml"),
        ("eu_annexes.csv", "eu-annex-csv"),
        ("eu_copy.json", "eu-copy-json"),
        ("parsed.csv", "parsed-csv"),
        ("un_sc.xml", "un-sc-xml"),
    ] {
        assert_eq!(detect(&sample(name).bytes).map(|format| format.key), Some(format), "{name}");
    }
}

#[test]
fn the_eu_list_gives_the_same_through_csv_and_xml() {
    let (csv, csv_odd) = only("eu_fsf.csv");
    let (xml, xml_odd) = only("eu_fsf.xml");
    for (list, odd) in [(&csv, csv_odd), (&xml, xml_odd)] {
        let info = &list.info;
        assert_eq!((info.id.as_str(), info.jurisdiction.as_str()), ("eu-fsf", "EU"));
        assert_eq!((info.regime, info.effect), (Regime::Unilateral, Effect::Blocking));
        assert_eq!(info.edition.date.unwrap().to_string(), "2025-10-24");
        assert_eq!(odd.len(), 1, "{odd:?}");
        assert!(odd[0].contains("1 days of birth of another calendar"), "{odd:?}");
        let person = entry(list, "90013");
        assert_eq!(
            names(person),
            [
                ("Brunnhild Vigdis Oskarsen", Primary, false),
                ("Brünhilde Oscarsène", Strong, false),
                ("Брунгильда Оскарсен", Strong, false),
                ("Brunnhild Karlsdottir", Strong, true),
                ("Bruni", Weak, false),
                ("Bruna Oskarsson", Weak, false),
            ]
        );
        assert_eq!(
            (person.kind, person.listed.unwrap().to_string().as_str()),
            (PartyKind::Person, "2019-05-04")
        );
        assert_eq!(lines(person), ["12 Quarry Lane, PO Box 77, Riverton, R-4410, North Shire, EG"]);
        assert_eq!(person.birth_dates, ["1961-02-03", "circa 1962", "1960 to 1963 (ISLAMIC calendar)"]);
        assert_eq!(person.birth_places, ["Riverton, EGYPT"]);
        assert_eq!((&person.nationalities, &person.countries), (&codes("EG"), &codes("EG")));
        assert_eq!(
            identifiers(person),
            ["phone +99 12 3456 -", "email bruni@ironwood.example -", "passport A 123456 EG"]
        );
        assert_eq!(person.same_as, ["un-sc/QDi.999"]);
        assert_eq!(
            person.citation,
            "2019/9991 (OJ L991), regulation of the commission, published 2019-05-03"
        );
        assert_eq!(person.url.as_deref(), Some("https://eur-lex.europa.eu/sample/9991"));
        has_remarks(
            person,
            &[
                "EU reference number: EU.9001.13",
                "(Date of UN designation: 2019-04-30)",
                "Title: Dr; Function: Head of the ‘Ironwood’ workshop; treasurer; Gender: F",
                "Name Bruni: (low quality alias)",
                "Address 12 Quarry Lane, PO Box 77, Riverton, R-4410, North Shire, EG: at the time of listing",
                "Address: under house arrest",
                "Document A 123456: known to be expired",
                "Document A 123456: issued on 2001-01-09",
                "Document A 123456: valid to 2011-01-08",
                "Document A 123456: (issued in Riverton)",
                "Parts of the entry under: 2022/9993 (OJ L993), amendment",
            ],
        );
        let company = entry(list, "90027");
        assert_eq!(company.kind, PartyKind::Organization);
        assert_eq!(
            names(company),
            [("Graufels \"Stahl; Guss\" GmbH", Primary, false), ("格劳费尔斯钢铁有限公司", Strong, false)]
        );
        assert_eq!(identifiers(company), ["tax 7700112233 RU", "registration HRB 4411 DE"]);
        assert_eq!(company.listed.unwrap().to_string(), "2021-02-09", "the designation goes before the law");
        assert_eq!(company.programs, ["UKR".into()]);
        has_remarks(company, &["Owned by Brunnhild Oskarsen; see entry 90013"]);
    }
    let pairs = csv.parties.iter().zip(&xml.parties);
    assert!(pairs.into_iter().all(|(a, b)| a.names == b.names && a.identifiers == b.identifiers));
}

#[test]
fn the_eu_list_is_joined_with_the_un_list() {
    let lists = [only("eu_fsf.csv").0, only("un_sc.xml").0];
    let groups = same_party_groups(&lists);
    assert_eq!(groups[0][0], groups[1][0]);
    assert_ne!(groups[0][1], groups[1][1]);
}

#[test]
fn what_an_eu_file_may_lose_is_an_error() {
    let errors = |name: &str, from: &str, to: &str| {
        let file = sample(name);
        let text = String::from_utf8(file.bytes).unwrap();
        assert!(text.contains(from), "{from}");
        let (_, out) = load(ListFile { name: file.name, bytes: text.replacen(from, to, 1).into() });
        assert!(out.has_errors(), "{name}: {from} as {to}");
        out.iter().filter_map(|d| d.line_column().map(|(line, _)| line)).collect::<Vec<_>>()
    };
    assert_eq!(errors("eu_fsf.csv", "24/10/2025;90013;", "24/10/2025;;"), [2]);
    errors("eu_fsf.csv", "NameAlias_WholeName", "NameAlias_Whole");
    assert_eq!(errors("eu_fsf.xml", " logicalId=\"90027\"", ""), [53]);
    errors("eu_fsf.xml", "logicalId=\"90027\"", "logicalId=\"90013\"");
    errors("eu_fsf.xml", "</export>", "");
    errors("eu_global.xml", "ENTITY Id=\"90013\"", "ENTITY");
    errors("un_sc.xml", "QDi.999", "");
    errors("un_sc.xml", "QDi.999", "QDe.998");
    errors("un_sc.xml", "</INDIVIDUALS>", "");
    errors("eu_annexes.csv", "Graufels Getriebe LLC (GGL)", "");
    errors("eu_annexes.csv", "32014R0833", "833");
    errors("eu_copy.json", "\"count\": 2", "\"count\": 3");
    errors("eu_copy.json", "\"source\": \"eu\"", "\"source\": \"moon\"");
    assert_eq!(errors("parsed.csv", "IRONWOOD TRADING,", ","), [4]);
}

#[test]
fn the_old_eu_xml_gives_up_its_sentences() {
    let (list, odd) = only("eu_global.xml");
    assert_eq!(odd, Vec::<String>::new());
    assert_eq!(
        (list.info.id.as_str(), list.info.edition.date.unwrap().to_string().as_str()),
        ("eu-fsf", "2016-02-11")
    );
    let person = entry(&list, "90013");
    assert_eq!(
        names(person),
        [("Brunnhild Oskarsen", Primary, false), ("Брунгильда Оскарсен", Strong, false)]
    );
    assert_eq!(lines(person), ["12 Quarry Lane, Riverton, R-4410, EG"]);
    assert_eq!(person.birth_dates, ["circa 1960 to 1963"]);
    assert_eq!(person.birth_places, ["Riverton, EGY"]);
    assert_eq!(person.nationalities, codes("EG"));
    assert_eq!(identifiers(person), ["phone 99-12 34 -", "phone 99-12 35 -", "passport A 123456 EG"]);
    assert_eq!(person.programs, ["TAQA".into(), "AFG".into()]);
    assert_eq!(person.citation, "9991/2009 (OJ L991), published 2009-05-03");
    has_remarks(
        person,
        &[
            "Parts of the entry under: 9992/2011 (OJ L992), published 2011-01-02",
            "Address: (previous location)",
            "Document A 123456: [known to be expired](issued in Riverton)",
            "Document: UNKNOWN (other-Other identification number)",
        ],
    );
}

#[test]
fn the_un_list_gives_names_documents_and_births() {
    let (list, odd) = only("un_sc.xml");
    let info = &list.info;
    assert_eq!(
        (info.id.as_str(), info.jurisdiction.as_str(), info.regime),
        ("un-sc", "UN", Regime::Multilateral)
    );
    assert_eq!(info.edition.date.unwrap().to_string(), "2026-02-27");
    for part in [
        "1 documents without a number",
        "1 nationalities that are no country known here, such as former Ruritania",
        "1 parts of entries of no known sort, such as MOON_PHASE",
    ] {
        assert!(odd.iter().any(|message| message.contains(part)), "{part}: {odd:?}");
    }
    assert_eq!(odd.len(), 3);
    let person = entry(&list, "QDi.999");
    assert_eq!(
        names(person),
        [
            ("BRUNNHILD VIGDIS OSKARSEN", Primary, false),
            ("Брунгильда Оскарсен", Strong, false),
            ("Brunhild Oscarsen", Strong, false),
            ("Brunhilda Oskarsen", Strong, false),
            ("Bruna Oskarsson", Strong, false),
            ("Brunnhild Karlsdottir", Strong, true),
            ("Bruni", Weak, false),
        ]
    );
    assert_eq!(lines(person), ["12 Quarry Lane, Riverton, 4410, North Shire, EG"]);
    assert_eq!(person.birth_dates, ["1964-05-06", "circa 1961", "1960 to 1963 (Approximately)"]);
    assert_eq!(person.birth_places, ["Lima, Peru", "Riverton, Egypt"]);
    assert_eq!(identifiers(person), ["passport A 123456 EG", "tax ABCDEF61B43X999Y -"]);
    assert_eq!(
        (person.programs[0].as_ref(), person.listed.unwrap().to_string().as_str()),
        ("Al-Qaida", "2019-04-30")
    );
    has_remarks(
        person,
        &[
            "Treasurer; see QDe.998.",
            "Title: Dr., Captain; Designation: Head of the Ironwood workshop",
            "Nationality: former Ruritania",
            "Last updated: 2020-01-02",
            "Alias Bruni: Call sign",
            "Alias Bruna Oskarsson: born 1964-05-06 in Lima, Peru",
            ": previous address",
            "Document A 123456: Egypt diplomatic passport no., 2001-01-09",
            "Document: Passport, issued under another name",
        ],
    );
    let workshop = entry(&list, "QDe.998");
    assert_eq!(
        names(workshop),
        [
            ("IRONWOOD WORKSHOP (IWW) ; BOIS DE FER", Primary, false),
            ("IRONWOOD WORKSHOP (IWW)", Strong, false),
            ("IRONWOOD WORKSHOP", Strong, false),
            ("BOIS DE FER", Strong, false),
            ("Ironwood Works", Strong, false),
            ("Ashwood Workshop", Strong, true),
            ("IWW", Weak, false),
        ]
    );
    has_remarks(workshop, &["MOON_PHASE: full"]);
}

#[test]
fn each_annex_is_a_list_with_its_own_effect() {
    let (lists, out) = load(sample("eu_annexes.csv"));
    assert!(!out.has_errors(), "{out:?}");
    let found: Vec<_> = lists.iter().map(|l| (l.info.id.as_str(), l.parties.len(), l.info.effect)).collect();
    assert_eq!(
        found,
        [
            ("eu-833-2014-iv", 1, Effect::LicenceRequired),
            ("eu-833-2014-xlii", 1, Effect::Blocking),
            ("eu-833-2014-xiv", 1, Effect::Blocking),
            ("eu-833-2014-xlvii", 2, Effect::Blocking),
            ("eu-833-2014-xcix", 1, Effect::Blocking),
            ("eu-269-2014-i", 2, Effect::Blocking),
        ]
    );
    assert!(lists.iter().all(|list| list.info.jurisdiction == "EU"));
    let odd = messages(&out, Severity::Warning).join("\n");
    for part in [
        "Annex XCIX to Regulation (EU) 833/2014 is not known",
        "1 names that are none",
        "1 dates that are none",
    ] {
        assert!(odd.contains(part), "{part}: {odd}");
    }

    let company = entry(&lists[0], "1");
    assert_eq!(
        names(company),
        [
            ("Graufels Getriebe LLC (GGL)", Primary, false),
            ("Graufels Getriebe LLC", Strong, false),
            ("ООО «Грауфельс» (ООО «ГФ Гетрибе»)", Strong, false),
            ("ООО «Грауфельс»", Strong, false),
            ("ООО «ГФ Гетрибе»", Strong, false),
            ("Graufels Gears", Strong, false),
            ("GGL", Weak, false),
        ]
    );
    assert_eq!(lines(company), ["Unit 6, Wong Yard, PE", "119435, Moscow, Lane 4, Building 2, EG"]);
    assert_eq!(
        identifiers(company),
        [
            "tax 7700112233 -",
            "registration 1027700112233 -",
            "phone +7 (495) 111-22-33, ext. 5 -",
            "phone +7 (495) 111-22-34 -",
            "email a@graufels.example -",
            "email b@graufels.example -",
            "website www.graufels.example -",
        ]
    );
    assert!(
        company.licence_requirement.is_some()
            && company.licence_policy.as_deref().unwrap().starts_with("Denial")
    );
    assert_eq!(company.listed.unwrap().to_string(), "2025-10-24");
    assert_eq!(company.citation, "Regulation (EU) No 833/2014, Annex IV");

    let ship = entry(&lists[1], "1");
    assert_eq!(
        names(ship),
        [("Grey Heron", Primary, false), ("Blue Heron", Strong, true), ("Old Heron", Strong, true)]
    );
    assert_eq!((ship.kind, identifiers(ship)), (PartyKind::Vessel, vec!["imo 9999993 -".to_owned()]));
    let bank = &lists[2].parties[0];
    assert_eq!((names(bank)[1].0, &bank.countries), ("Steinbruch Bank", &codes("PE")));
    assert_eq!(
        (identifiers(bank), bank.listed.unwrap().to_string()),
        (vec!["bic STBRPEPX -".into()], "2022-03-12".into())
    );
    let ports: Vec<_> =
        lists[3].parties.iter().map(|party| (party.id.as_str(), party.citation.as_str())).collect();
    assert_eq!(
        ports,
        [
            ("a-1", "Regulation (EU) No 833/2014, Annex XLVII, part A"),
            ("b-1", "Regulation (EU) No 833/2014, Annex XLVII, part B")
        ]
    );

    let person = entry(&lists[5], "persons-5");
    assert_eq!(person.birth_dates, ["1961-02-03", "1962"]);
    assert_eq!(person.nationalities, codes("EG RU"));
    assert_eq!(identifiers(person), ["passport 3914864377 -", "tax 770011223344 RU"]);
    has_remarks(
        person,
        &["Position: Treasurer; Gender: female; Measure: Asset freeze; Reason: Built gears; sold them"],
    );
    let shipping = entry(&lists[5], "entities-5");
    assert_eq!(
        identifiers(shipping),
        ["registration IMO company 1234567 -"],
        "a company's number is no ship's"
    );
}

#[test]
fn copies_of_the_eu_list_say_what_they_lack() {
    let (list, odd) = only("eu_copy.json");
    assert_eq!((list.info.id.as_str(), list.parties.len()), ("eu-fsf", 2));
    assert!(list.info.notes[0].contains("without addresses"), "{:?}", list.info.notes);
    let person = entry(&list, "90013");
    assert_eq!(names(person)[1..], [("Брунгильда Оскарсен", Strong, false), ("Bruni", Strong, false)]);
    assert_eq!((person.kind, person.birth_dates[0].as_str()), (PartyKind::Person, "1961-02-03"));
    assert!(odd[0].contains("such as country"), "{odd:?}");
    has_remarks(entry(&list, "90027"), &["country: \"DE\""]);
}

#[test]
fn six_columns_are_told_by_their_source() {
    let (lists, out) = load(sample("parsed.csv"));
    assert!(!out.has_errors(), "{out:?}");
    let ids: Vec<_> = lists.iter().map(|list| (list.info.id.as_str(), list.parties.len())).collect();
    assert_eq!(ids, [("eu-fsf", 2), ("gb-uksl", 1), ("au-dfat", 2)]);
    assert!(lists.iter().all(|list| list.info.notes[0].starts_with("Read from a derived copy without")));
    let [eu, uk, au] = lists.as_slice() else { panic!("{ids:?}") };
    assert_eq!(
        names(&eu.parties[0]),
        [
            ("Oskarsen, Brunnhild", Primary, false),
            ("Oskarsen, Bruna", Strong, false),
            ("Bruni Karlsdottir", Strong, false)
        ]
    );
    assert_eq!((eu.parties[0].kind, &eu.parties[0].nationalities), (PartyKind::Person, &codes("EG PE")));
    assert_eq!(
        names(&eu.parties[1]),
        [
            ("Graufels Co.", Primary, false),
            ("Graufels Co., Ltd", Strong, false),
            ("Graufels (Yard 6, Riverton)", Strong, false),
            ("Graufels Gears", Strong, false)
        ],
    );
    assert_eq!(
        names(&uk.parties[0])[1..],
        [("Ironwood Trading House", Strong, false), ("Bruni", Weak, false)]
    );
    has_remarks(&uk.parties[0], &["Designation: Treasurer", "Nationality: Egypt, Atlantis"]);
    assert_eq!(names(&au.parties[0]), [("Brunnhild Karlsdottir", Primary, false)]);
    assert_eq!(
        names(&au.parties[1]),
        [("Bruni Ironwood", Primary, false), ("the Ironwood Fund", Weak, false)]
    );
    assert_eq!(au.parties[1].programs, ["1988 (Taliban)".into()]);
    has_remarks(
        &au.parties[1],
        &["a close associate of Hilda (TI", "From the copy's alias column: the Ironwood Fund)"],
    );
    let odd = messages(&out, Severity::Warning).join("\n");
    for part in ["1 rows whose `Source` is no list", "1 aliases torn from a sentence", "such as Atlantis"] {
        assert!(odd.contains(part), "{part}: {odd}");
    }
}

fn kinds(list: &Watchlist) -> [usize; 4] {
    [PartyKind::Person, PartyKind::Organization, PartyKind::Vessel, PartyKind::Unknown]
        .map(|kind| count(list, |party| usize::from(party.kind == kind)))
}

/// The texts of an element in a file, wherever it stands.
fn elements(file: &ListFile, name: &str) -> Vec<String> {
    let text = String::from_utf8_lossy(&file.bytes);
    let plain = |text: &str| text.replace("&apos;", "'").replace("&quot;", "\"").replace("&amp;", "&");
    let (start, end) = (format!("<{name}>"), format!("</{name}>"));
    let texts = text.split(&start).skip(1).filter_map(|part| part.split(&end).next());
    texts.map(|text| plain(text).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn all_names(lists: &[Watchlist]) -> HashSet<String> {
    let parties = lists.iter().flat_map(|list| &list.parties);
    parties.flat_map(|party| &party.names).map(|name| name.text.to_string()).collect()
}

#[test]
fn the_real_un_list_reads_whole() {
    let Some(file) = shared("un/consolidated.xml") else { return };
    let aliases = elements(&file, "ALIAS_NAME");
    let scripts = elements(&file, "NAME_ORIGINAL_SCRIPT");
    let (lists, out) = load(file);
    assert!(!out.has_errors(), "{:?}", messages(&out, Severity::Error));
    let [list] = lists.as_slice() else { panic!("{} lists", lists.len()) };
    assert_eq!((list.parties.len(), kinds(list)), (1003, [730, 273, 0, 0]));
    assert!(list.parties.iter().all(|party| party.listed.is_some() && party.programs.len() == 1));

    // Figures and texts were taken from the file apart from the reader.
    let names = all_names(&lists);
    assert_eq!((aliases.len(), scripts.len()), (2752, 378));
    let aliases = aliases.iter().flat_map(|text| text.split(';').flat_map(|text| text.split(" b) ")));
    for text in aliases.map(str::trim).chain(scripts.iter().map(String::as_str)) {
        assert!(text.is_empty() || names.contains(text), "{text}");
    }
    let weak = |party: &ListedParty| usize::from(party.names.iter().any(|name| name.quality == Weak));
    assert!(count(list, weak) > 250);
    assert_eq!(count(list, |party| party.birth_dates.len()), 895);
    let of = |kind| count(list, |party| party.identifiers.iter().filter(|id| id.kind == kind).count());
    assert_eq!(
        [IdentifierKind::Passport, IdentifierKind::NationalId, IdentifierKind::Tax].map(of),
        [312, 146, 2]
    );

    // Every odd thing, by number.
    let odd = messages(&out, Severity::Warning);
    let expected = [
        "2 documents without a number, such as National Identification Number, Birth certificate",
        "1 mentions of places that are no country known here, such as China, Hong Kong Special",
        "2 nationalities that are no country known here, such as Congo; former Soviet Union",
    ];
    assert_eq!(odd.len(), expected.len(), "{odd:?}");
    for part in expected {
        assert!(odd.iter().any(|message| message.contains(part)), "{part}: {odd:?}");
    }
    let company = entry(list, "CDe.003");
    assert_eq!(
        company.names[0].text.as_ref(),
        "COMPAGNIE AERIENNE DES GRANDS LACS (CAGL) ; GREAT LAKES BUSINESS COMPANY (GLBC)"
    );
    assert!(
        names.contains("GREAT LAKES BUSINESS COMPANY") && names.contains("SHAHID BAGHERI INDUSTRIAL GROUP")
    );
}

#[test]
fn the_real_old_eu_list_reads_whole() {
    let Some(file) = shared("eu/global_2016-02-11.xml") else { return };
    let wholes = elements(&file, "WHOLENAME");
    let (lists, out) = load(file);
    assert!(out.is_empty(), "{out:?}");
    let list = &lists[0];
    assert_eq!((list.parties.len(), kinds(list)), (595, [319, 276, 0, 0]));
    assert_eq!((wholes.len(), list.info.edition.names), (2993, 2697), "296 repeat a name of their entry");
    let names = all_names(&lists);
    for text in wholes {
        assert!(names.contains(&text), "{text}");
    }
    // 137 documents: one is `UNKNOWN`, 12 repeat one of their entry. The eight
    // numbers are of telephone and fax.
    let of = |kind| count(list, |party| party.identifiers.iter().filter(|id| id.kind == kind).count());
    let kinds =
        [IdentifierKind::Passport, IdentifierKind::NationalId, IdentifierKind::Other, IdentifierKind::Phone];
    assert_eq!(kinds.map(of), [70, 30, 24, 8]);
    assert!(list.parties.iter().all(|party| party.listed.is_some() && !party.citation.is_empty()));
}

#[test]
fn the_real_annexes_read_whole() {
    let Some(file) = shared("derived/eu_833-2014_annexes.csv") else { return };
    let rows: Vec<HashMap<String, String>> =
        csv::Reader::from_reader(file.bytes.as_slice()).deserialize().map(Result::unwrap).collect();
    let (lists, out) = load(file);
    assert!(!out.has_errors(), "{:?}", messages(&out, Severity::Error));
    let found: Vec<_> =
        lists.iter().map(|list| (&list.info.id["eu-833-2014-".len()..], list.parties.len())).collect();
    let expected = "iii 5 iv 921 v 3 vi 3 xii 4 xiii 9 xiv 70 xv 32 xix 14 xlii 633 xliv 8 xlv 12 xlvii 14 xlix 4 lii 11 liii 3";
    let shown: Vec<_> = found.iter().map(|(annex, parties)| format!("{annex} {parties}")).collect();
    assert_eq!(shown.join(" "), expected);
    assert_eq!(found.iter().map(|(_, parties)| parties).sum::<usize>(), 1746);
    let names = all_names(&lists);
    for row in &rows {
        let cells = [&row["name"], &row["alias"], &row["previousName"]];
        for text in
            cells.into_iter().flat_map(|cell| cell.split(';')).map(str::trim).filter(|text| !text.is_empty())
        {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(names.contains(&text), "{text}");
        }
    }
    let odd = messages(&out, Severity::Warning);
    assert_eq!(odd.len(), 1, "{odd:?}");
    assert!(odd[0].contains("2 numbers with words in them"), "{odd:?}");
    let ships = lists.iter().find(|list| list.info.id == "eu-833-2014-xlii").unwrap();
    let numbers: HashSet<_> = ships.parties.iter().map(|party| party.identifiers[0].value.as_str()).collect();
    assert_eq!((kinds(ships)[2], numbers.len()), (633, 632), "one ship number stands twice");
    let effects: BTreeMap<_, _> = lists.iter().map(|list| (&list.info.id[12..], list.info.effect)).collect();
    assert_eq!(
        (effects["iv"], effects["xv"], effects["xlii"]),
        (Effect::LicenceRequired, Effect::Advisory, Effect::Blocking)
    );
    let stricter = &lists[1];
    assert!(stricter.parties.iter().all(|party| party.licence_policy.is_some() && party.listed.is_some()));
    assert_eq!(
        count(stricter, |party| party.addresses.iter().filter(|address| address.country.is_none()).count()),
        28
    );
}

#[test]
fn the_real_annex_of_frozen_parties_reads_whole() {
    let Some(file) = shared("derived/eu_269-2014_annex1.csv") else { return };
    let (lists, out) = load(file);
    assert!(!out.has_errors(), "{:?}", messages(&out, Severity::Error));
    let [list] = lists.as_slice() else { panic!("{} lists", lists.len()) };
    assert_eq!(
        (list.info.id.as_str(), list.parties.len(), kinds(list)),
        ("eu-269-2014-i", 2802, [1984, 818, 0, 0])
    );
    assert_eq!(count(list, |party| usize::from(party.listed.is_some())), 2801, "one row has no day");
    // Names in Korean, Chinese and Farsi stand as pictures in the Official
    // Journal; one number is `(1)`.
    let odd = messages(&out, Severity::Warning);
    assert_eq!(odd.len(), 2, "{odd:?}");
    assert!(
        odd[0].contains("60 names that are none") && odd[1].contains("1 numbers without a digit"),
        "{odd:?}"
    );
    let first = entry(list, "persons-1");
    assert_eq!(first.birth_dates, ["1972-11-26"]);
}
