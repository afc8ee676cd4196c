//! Lists of states other than the United States: each format on a sample of
//! invented parties, and on the real files where they lie beside the project.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/lists.rs"]
mod common;

use std::fs;
use std::io::Write as _;

use redflag::diagnostic::{Diagnostics, Severity};
use redflag::place::CountryNames;
use redflag::trade::{CountryCode, IdentifierKind, PartyKind};
use redflag::watchlist::Effect::{Advisory, Blocking, LicenceExceptionsBarred, LicenceRequired};
use redflag::watchlist::NameQuality::{Primary, Strong, Weak};
use redflag::watchlist::{ListFile, ListedParty, RelationKind, Watchlist, detect, read};

use common::{addresses, entry, messages, names, root, text};

fn country(name: &str) -> Option<CountryCode> {
    CountryNames::shipped().resolve(name).code()
}

fn sample(name: &str) -> ListFile {
    ListFile { name: name.to_owned(), bytes: fs::read(root().join("tests/data/lists").join(name)).unwrap() }
}

/// A real file; says so and gives `None` where it is absent.
fn real(name: &str) -> Option<ListFile> {
    let path = root().join("../shared/lists").join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(ListFile { name: name.to_owned(), bytes: fs::read(path).unwrap() })
}

fn lists(files: Vec<ListFile>) -> (Vec<Watchlist>, Diagnostics) {
    let (lists, out) = read(files, &country);
    assert!(!out.has_errors(), "{:?}", messages(&out, Severity::Error));
    (lists, out)
}

fn one(files: Vec<ListFile>) -> (Watchlist, String) {
    let (mut lists, out) = lists(files);
    assert_eq!(lists.len(), 1);
    (lists.remove(0), messages(&out, Severity::Warning).join("\n"))
}

fn errors(files: Vec<ListFile>) -> Vec<(Option<usize>, String)> {
    let (_, out) = read(files, &country);
    let errors = out.iter().filter(|d| d.severity == Severity::Error);
    errors.map(|d| (d.line_column().map(|(line, _)| line), d.message.clone())).collect()
}

fn identifiers(party: &ListedParty) -> Vec<(IdentifierKind, &str, String)> {
    let country = |code: Option<CountryCode>| code.map(|code| code.to_string()).unwrap_or_default();
    party.identifiers.iter().map(|id| (id.kind, id.value.as_str(), country(id.country))).collect()
}

fn nationalities(party: &ListedParty) -> Vec<&str> {
    party.nationalities.iter().map(CountryCode::as_str).collect()
}

fn programs(party: &ListedParty) -> Vec<&str> {
    party.programs.iter().map(|program| &**program).collect()
}

fn day(day: Option<jiff::civil::Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn count(list: &Watchlist, of: impl Fn(&ListedParty) -> usize) -> usize {
    list.parties.iter().map(|party| of(party)).sum()
}

fn of_kind(list: &Watchlist, kind: PartyKind) -> usize {
    count(list, |party| usize::from(party.kind == kind))
}

fn contains(warnings: &str, parts: &[&str]) {
    for part in parts {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }
}

#[test]
fn every_format_is_told_by_its_content() {
    for (name, format) in [
        ("uk_list.csv", "gb-uksl-csv"),
        ("uk_list.xml", "gb-uksl-xml"),
        ("uk_conlist.csv", "gb-conlist-csv"),
        ("ca_sema.xml", "ca-sema-xml"),
        ("ca_sema_2026.xml", "ca-sema-xml"),
        ("ch_seco.xml", "ch-seco-xml"),
        ("ch_seco_delta.xml", "ch-seco-xml"),
        ("au_dfat.csv", "au-dfat"),
        ("au_dfat.xlsx", "au-dfat"),
        ("jp_eul.csv", "jp-eul"),
        ("registry.json", "registry-json"),
    ] {
        assert_eq!(detect(&sample(name).bytes).map(|format| format.key), Some(format), "{name}");
    }
    assert_eq!(detect(b"PK\x03\x04 no workbook"), None);
}

#[test]
fn the_uk_list_reads_from_csv_with_all_it_says() {
    let (list, warnings) = one(vec![sample("uk_list.csv")]);
    assert_eq!((list.info.id.as_str(), list.info.effect), ("gb-uksl", Blocking));
    assert_eq!(day(list.info.edition.date), "2026-09-21");
    contains(&warnings, &["1 mentions of places that are no country known here, such as Utopia"]);
    assert_eq!(warnings.lines().count(), 1, "{warnings}");
    let person = entry(&list, "XXA0001");
    assert_eq!(
        names(person),
        [
            ("Qasim Ruy TELMAREN", Primary, false),
            ("Kasim Ruy Telmaren", Strong, false),
            ("قاسم روي", Strong, false),
            ("Abu Ruy", Weak, false)
        ]
    );
    assert_eq!((person.kind, person.effect), (PartyKind::Person, None));
    assert_eq!(person.birth_dates, ["1945", "1958-03-01"]);
    assert_eq!(person.birth_places, ["Lima, Peru", "Cusco, Peru"]);
    assert_eq!(nationalities(person), ["EG", "PE"]);
    assert_eq!(addresses(person), ["Lange Gasse 1, Lima, 15001, PE", "Cairo, EG"]);
    assert_eq!(
        identifiers(person),
        [
            (IdentifierKind::Passport, "P0458192", "EG".to_owned()),
            (IdentifierKind::Passport, "Q7000001", String::new())
        ]
    );
    assert_eq!(person.same_as, ["gb-conlist/90001", "un-sc/XXi.001"]);
    assert_eq!(day(person.listed), "2021-01-25");
    assert_eq!(person.citation, "The Atlantis (Sanctions) (EU Exit) Regulations 2020");
    contains(
        &person.remarks,
        &[
            "Known; by two names",
            "Statement of reasons: Paid for tools.",
            "Title: Dr; Title: Haji",
            "Position: Deputy minister",
            "UN reference: XXi.001",
            "Sanctions imposed: asset freeze, travel ban",
        ],
    );
    assert_eq!(person.remarks.matches("Known; by two names").count(), 1, "six rows say it once");
}

#[test]
fn uk_measures_without_a_freeze_have_another_effect() {
    let (list, _) = one(vec![sample("uk_list.csv")]);
    let company = entry(&list, "XXA0002");
    assert_eq!((company.kind, company.effect), (PartyKind::Organization, Some(LicenceRequired)));
    let relations: Vec<_> = company.relations.iter().map(|r| (r.kind, r.name.as_str())).collect();
    assert_eq!(
        relations,
        [(RelationKind::OwnedBy, "Nordhafen Holding"), (RelationKind::Owns, "Nordhafen Sud SA")]
    );
    assert_eq!(addresses(company), ["Kai 7, Utopia"]);
    let kinds: Vec<_> = identifiers(company).into_iter().map(|(kind, value, _)| (kind, value)).collect();
    assert_eq!(
        kinds,
        [
            (IdentifierKind::Registration, "1247700291200"),
            (IdentifierKind::Tax, "9707028663"),
            (IdentifierKind::Phone, "+51 1 555 0100"),
            (IdentifierKind::Email, "info@nordhafen.example"),
            (IdentifierKind::Website, "https://nordhafen.example"),
        ]
    );
    let ship = entry(&list, "XXA0003");
    assert_eq!((ship.kind, ship.effect), (PartyKind::Vessel, Some(LicenceRequired)));
    assert_eq!(identifiers(ship), [(IdentifierKind::Imo, "9562233", String::new())]);
    assert_eq!((nationalities(ship), ship.relations[0].name.as_str()), (vec!["PA"], "Nordhafen Reederei"));
    contains(
        &ship.remarks,
        &["Previous owner or operator: Alte Reederei", "Previous flag: Peru", "Built: 2011"],
    );

    let odd = String::from_utf8(sample("uk_list.csv").bytes)
        .unwrap()
        .replace("Prohibition of port entry", "Moon ban");
    let (list, warnings) = one(vec![text("uk.csv", &odd)]);
    assert_eq!(entry(&list, "XXA0003").effect, None, "an unknown measure is never weaker than a freeze");
    contains(&warnings, &["1 measures not known here, taken for a freeze, such as moon ban"]);
    // As the list of October 2026 writes the measures of many ships.
    let pointing = odd.replace("Moon ban", "Shipping sanctions: (see 'Other information')|De-flag");
    let (list, warnings) = one(vec![text("uk.csv", &pointing)]);
    assert_eq!(entry(&list, "XXA0003").effect, Some(LicenceRequired));
    assert!(!warnings.contains("measures not known"), "{warnings}");
}

#[test]
fn the_uk_list_says_the_same_as_csv_and_as_xml() {
    let (csv, _) = one(vec![sample("uk_list.csv")]);
    let (xml, warnings) = one(vec![sample("uk_list.xml")]);
    assert_eq!(warnings.lines().count(), 1, "{warnings}");
    assert_eq!(csv.info.edition.date, xml.info.edition.date);
    assert_eq!(csv.parties, xml.parties);
}

#[test]
fn a_fault_in_the_uk_list_is_an_error_with_its_line() {
    let csv = String::from_utf8(sample("uk_list.csv").bytes).unwrap();
    let found = errors(vec![text("uk.csv", &csv.replacen("XXA0001", "", 1))]);
    assert_eq!(found, [(Some(3), "a row without a `Unique ID`".to_owned())]);
    let xml = String::from_utf8(sample("uk_list.xml").bytes).unwrap();
    let found = errors(vec![text("uk.xml", &xml.replace("XXA0003", "XXA0002"))]);
    assert_eq!(found, [(Some(58), "the id `XXA0002` stands twice".to_owned())]);
    let found = errors(vec![text("uk.xml", &xml.replace("<Name6>NORDHAFEN WERKZEUG, LLC</Name6>", ""))]);
    assert_eq!(found[0].1, "the designation `XXA0002` has no name");
}

#[test]
fn the_old_uk_list_reads_with_the_columns_of_its_last_years() {
    let (list, warnings) = one(vec![sample("uk_conlist.csv")]);
    assert_eq!((list.info.id.as_str(), day(list.info.edition.date)), ("gb-conlist", "2022-02-12".to_owned()));
    assert_eq!(warnings, "");
    let person = entry(&list, "90001");
    assert_eq!(
        names(person),
        [("Qasim Ruy TELMAREN", Primary, false), ("TELMAREN OLD", Strong, true), ("Abu Ruy", Weak, false)]
    );
    assert_eq!(person.birth_places, ["Lima, Peru", "Tunis, Tunisia"]);
    assert_eq!((person.birth_dates[0].as_str(), nationalities(person)), ("1957", vec!["PE", "TN"]));
    assert_eq!(addresses(person), ["Rue de l’École 4, Tunis, previous, TN"], "Windows-1252");
    assert_eq!(
        identifiers(person),
        [
            (IdentifierKind::Passport, "G827238", "TN".to_owned()),
            (IdentifierKind::Passport, "R512768", String::new()),
            (IdentifierKind::Other, "Ration card no. 1729765", String::new())
        ]
    );
    assert_eq!(person.same_as, ["gb-uksl/XXA0001"]);
    contains(&person.remarks, &["Position: Führer der Werft", "Last updated: 20/01/2015"]);
    assert_eq!(names(entry(&list, "90002")), [("NORDHAFEN (ATLANTIS) LTD", Primary, false)]);
}

#[test]
fn the_canadian_list_gives_ids_that_last() {
    let (list, warnings) = one(vec![sample("ca_sema.xml")]);
    let ids: Vec<_> = list.parties.iter().map(|party| party.id.as_str()).collect();
    assert_eq!(
        ids,
        ["atlantis:1-part-1:1", "atlantis:1-part-2:1", "russia:1.1:1", "russia:2:4", "atlantis:1-part-2:1-2"]
    );
    contains(
        &warnings,
        &[
            "records with the country, schedule and item of another",
            "elements not known here, such as Note: odd",
        ],
    );
    let person = entry(&list, "atlantis:1-part-1:1");
    assert_eq!(
        names(person),
        [
            ("Qasim Telmaren", Primary, false),
            ("Qasim Telmarin", Strong, false),
            ("Касим Тельмарен", Strong, false),
            ("Kasim Telmaren", Strong, false),
            ("Ruy", Weak, false)
        ]
    );
    assert_eq!(person.birth_dates, ["1963", "1964"]);
    assert_eq!((programs(person), person.remarks.as_str()), (vec!["Atlantis"], "Title: Brigadier"));
    assert_eq!(person.citation, "SEMA Atlantis Regulations, Schedule 1, Part 1, item 1");
    let works = entry(&list, "atlantis:1-part-2:1");
    assert_eq!(
        names(works),
        [
            ("Nordhafen Naval Works", Primary, false),
            ("Chantiers navals Nordhafen", Strong, false),
            ("Nordhafen Works Co., Ltd.", Strong, false),
            ("Hafenwerk", Weak, false)
        ]
    );
    let ship = entry(&list, "russia:1.1:1");
    assert_eq!((ship.kind, identifiers(ship)[0].1), (PartyKind::Vessel, "9562233"));
    assert_eq!((ship.effect, entry(&list, "russia:2:4").effect), (None, Some(Advisory)));
    assert_eq!(day(ship.listed), "2025-02-21");
    let nameless = String::from_utf8(sample("ca_sema.xml").bytes).unwrap().replace("Second Works", "");
    assert_eq!(
        errors(vec![text("ca.xml", &nameless)])[0],
        (Some(7), "a `record` that names nobody".to_owned())
    );
}

#[test]
fn the_canadian_list_reads_the_same_under_the_names_of_2026() {
    let (old, _) = one(vec![sample("ca_sema.xml")]);
    let (new, warnings) = one(vec![sample("ca_sema_2026.xml")]);
    assert_eq!(entry(&new, "atlantis:1-part-1:1"), entry(&old, "atlantis:1-part-1:1"));
    let ship = entry(&new, "russia:1.1:1");
    assert_eq!((ship.kind, identifiers(ship)[0].1), (PartyKind::Vessel, "9562233"));
    // A name that slipped into the column of ship numbers is a name.
    let person = entry(&new, "atlantis:1-part-1:2");
    assert_eq!(
        names(person),
        [("Mojtaba Ruyani", Primary, false), ("مجتبی رویانی", Strong, false), ("Mojtaba", Weak, false)]
    );
    assert_eq!((person.kind, identifiers(person).len()), (PartyKind::Person, 0));
    contains(&warnings, &["1 ship numbers without a digit, read as names"]);
}

#[test]
fn the_swiss_list_keeps_history_apart() {
    let (list, warnings) = one(vec![sample("ch_seco.xml")]);
    assert_eq!((list.info.id.as_str(), day(list.info.edition.date)), ("ch-seco", "2026-01-17".to_owned()));
    assert_eq!(warnings, "");
    let person = entry(&list, "1");
    assert_eq!(
        names(person),
        [
            ("Telmaren Qasim", Primary, false),
            ("Тельмарен Касим", Strong, false),
            ("Telmaren Kasim", Strong, false),
            ("Qasim Alba", Strong, true),
            ("Abu Ruy", Weak, false)
        ]
    );
    assert_eq!(
        (person.birth_dates[0].as_str(), person.birth_places[0].as_str()),
        ("circa 1958-03", "Lima, Callao, PE")
    );
    assert_eq!(addresses(person), ["Kai 7, P.O. Box 12, Lima, 15001, Callao, PE"]);
    assert_eq!(identifiers(person), [(IdentifierKind::Passport, "P0458192", "PE".to_owned())]);
    assert_eq!(
        (person.effect, programs(person), day(person.listed)),
        (None, vec!["Atlantis"], "2021-01-26".to_owned())
    );
    let relation = &person.relations[0];
    assert_eq!(
        (relation.kind, relation.name.as_str(), relation.id.as_deref()),
        (RelationKind::Owns, "Nordhafen Werkzeug AG", Some("2"))
    );
    contains(
        &person.citation,
        &["Ordinance on measures against Atlantis, Financial measures, annex 2", "Travel ban, annex 1"],
    );
    contains(
        &person.remarks,
        &["Foreign identifier: XXi.001", "Justification: Paid for tools.", "Title: Dr", "Hafenmeister"],
    );
    let company = entry(&list, "2");
    assert_eq!((day(company.removed), company.effect), ("2024-06-07".to_owned(), Some(Advisory)));
    assert_eq!(identifiers(company)[0].1, "HRB12345");
    assert_eq!(names(company)[1], ("Altfels AG", Strong, true));
    assert_eq!(entry(&list, "3").effect, Some(Advisory), "a travel ban alone");
    let capital = String::from_utf8(sample("ch_seco.xml").bytes)
        .unwrap()
        .replace("Travel ban, annex 1", "article 16 and 17 -- Restrictions on the money and capital market");
    let (other, _) = one(vec![text("seco.xml", &capital)]);
    assert_eq!(entry(&other, "3").effect, Some(Advisory), "trade in securities alone");
    assert_eq!((entry(&list, "4").kind, identifiers(entry(&list, "4"))[0].1), (PartyKind::Vessel, "9562233"));
}

#[test]
fn swiss_changes_take_the_place_of_what_they_change() {
    let (list, warnings) = one(vec![sample("ch_seco_delta.xml"), sample("ch_seco.xml")]);
    assert_eq!((list.parties.len(), day(list.info.edition.date)), (5, "2026-02-01".to_owned()));
    assert_eq!((entry(&list, "3").effect, entry(&list, "5").names.len(), warnings.as_str()), (None, 1, ""));
    let (list, warnings) = one(vec![sample("ch_seco_delta.xml")]);
    assert_eq!(list.parties.len(), 2);
    contains(&warnings, &["only changes were given"]);
    let old =
        String::from_utf8(sample("ch_seco_delta.xml").bytes).unwrap().replace("2026-02-01", "2025-02-01");
    let (list, warnings) = one(vec![text("old.xml", &old), sample("ch_seco.xml")]);
    assert_eq!(list.parties.len(), 4);
    contains(&warnings, &["older than the list it changes"]);
    let twice = vec![sample("ch_seco.xml"), ListFile { name: "b.xml".into(), ..sample("ch_seco.xml") }];
    assert!(!errors(twice).is_empty());
}

#[test]
fn the_australian_list_says_the_same_as_workbook_and_as_csv() {
    let (csv, warnings) = one(vec![sample("au_dfat.csv")]);
    let (book, _) = one(vec![sample("au_dfat.xlsx")]);
    assert_eq!(csv.parties, book.parties);
    contains(
        &warnings,
        &[
            "1 references that are used again for another party, such as 13",
            "nationalities that are no country",
        ],
    );
    let person = entry(&csv, "12");
    assert_eq!(
        names(person),
        [("Qasim TELMAREN", Primary, false), ("قاسم روي", Strong, false), ("Abu Ruy", Weak, false)]
    );
    assert_eq!(person.birth_dates, ["1958-03-01", "1945"]);
    assert_eq!(
        (nationalities(person), addresses(person)),
        (vec!["EG", "PE"], vec!["Kai 7, Lima, PE".into(), "Cairo, EG".into()])
    );
    assert_eq!((day(person.listed), person.citation.as_str()), ("2001-02-23".to_owned(), "F2021L00001"));
    contains(
        &person.remarks,
        &["Review done", "Listing: Listed on 23 Feb. 2001", "Control date: 2021-01-25"],
    );
    assert_eq!(programs(person), ["1988 (Atlantis)"]);
    let company = entry(&csv, "13");
    assert_eq!(names(company), [("Nordhafen Werkzeug", Primary, false), ("Altfels Werkzeug", Strong, true)]);
    contains(&company.remarks, &["Control date: 2021-05-25"]);
    assert_eq!(company.listed, None, "the control date is that of the last change");
    let ship = entry(&csv, "14");
    assert_eq!((ship.kind, identifiers(ship)[0].1), (PartyKind::Vessel, "9562233"));
    let other = entry(&csv, "13-2");
    assert_eq!((other.names.len(), other.effect), (2, Some(Advisory)));
}

/// Cells as they stand in the workbook of September 2026, saved as CSV.
#[test]
fn cells_of_the_australian_list_are_read_as_they_are_written() {
    let rows = "Reference,Name of Individual or Entity,Type,Name Type,Alias Strength,Date of Birth,Citizenship,\
                Additional Information,Listing Information,Control Date,Targeted Financial Sanction,Maritime Restriction\n\
                2,MOHAMMAD HASSAN AKHUND,Individual,Primary Name,,\"1945, 1946\",\"Congo, Democratic Republic of the;Rwanda\",\
                TAi.002. Title: a) Mullah b) Haji. See QDe.004.,\
                \"Listed on 25 January 2001 (amended on 3 Sep 2003)\",4/14/26,TRUE,FALSE\n\
                155,AL-QAIDA,Entity,Primary Name,,,,QDe.004. Review.,\
                Listed by UN 1267 Committee on 6 Oct. 2001 (amended on 5 Mar. 2009),2/20/26,TRUE,FALSE\n\
                8227,ANDAMAN SKIES,Vessel,Primary Name,,,,,Designated as a sanctioned vessel,6/18/25,FALSE,TRUE\n";
    let (list, warnings) = one(vec![text("au.csv", rows)]);
    assert_eq!(warnings, "");
    let person = entry(&list, "2");
    assert_eq!((day(person.listed), nationalities(person)), ("2001-01-25".to_owned(), vec!["CD", "RW"]));
    assert_eq!((person.birth_dates.len(), &person.same_as[..]), (2, &["un-sc/TAi.002".to_owned()][..]));
    assert_eq!(day(entry(&list, "155").listed), "2001-10-06");
    let ship = entry(&list, "8227");
    assert_eq!((ship.listed, ship.effect), (None, Some(LicenceRequired)));
    assert!(list.info.notes.iter().any(|note| note.ends_with("its latest control date is 2026-04-14.")));
}

#[test]
fn a_workbook_that_is_none_or_too_large_is_an_error() {
    let bytes = sample("au_dfat.xlsx").bytes;
    let whole = |bytes: &[u8]| ListFile { name: "x.xlsx".into(), bytes: bytes.to_vec() };
    for cut in [4, 100, bytes.len() / 2, bytes.len() - 30] {
        assert!(!errors(vec![whole(&bytes[..cut])]).is_empty(), "{cut}");
    }
    // Three hundred million spaces pack into less than a megabyte.
    let mut bomb = Vec::new();
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(&mut bomb));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/workbook.xml", options).unwrap();
    let block = vec![b' '; 1 << 20];
    for _ in 0..300 {
        archive.write_all(&block).unwrap();
    }
    archive.finish().unwrap();
    assert!(bomb.len() < 1 << 20);
    assert!(!errors(vec![whole(&bomb)]).is_empty());
}

#[test]
fn the_japanese_table_reads_under_two_languages() {
    let (list, warnings) = one(vec![sample("jp_eul.csv")]);
    let works = entry(&list, "1");
    assert_eq!(
        names(works),
        [
            ("Telmaren Works", Primary, false),
            ("的美仁工場", Strong, false),
            ("Telmaren Tools", Strong, false),
            ("TMW", Strong, false)
        ]
    );
    assert_eq!((programs(works), addresses(works)), (vec!["M", "N"], vec!["PE".to_owned()]));
    assert_eq!(programs(entry(&list, "2")), ["C", "CW"]);
    contains(&warnings, &["1 mentions of places that are no country known here, such as Atlantis"]);
    assert_eq!(entry(&list, "3").remarks, "Country: Atlantis; Type of WMD: B");
}

/// As public readers of the workbook of 2025-09-29 describe it: header in the
/// first row, letters of full width, a day in the name alone.
#[test]
fn the_japanese_table_reads_with_a_header_in_japanese_alone() {
    let rows = "No.,国名、地域名,企業名、組織名,別名,懸念区分,通常兵器\n\
        1,\"イラン\nIslamic Republic of Iran\",Telmaren Works,\"・Telmaren Tools\n・TMW\",\"生物、核\nＢ，Ｎ\",ＣＷ\n";
    let file = ListFile { name: "20250929_4.csv".to_owned(), bytes: rows.as_bytes().to_vec() };
    let (list, _) = one(vec![file]);
    assert_eq!((list.info.id.as_str(), day(list.info.edition.date)), ("jp-eul", "2025-09-29".to_owned()));
    let works = entry(&list, "1");
    let wanted =
        [("Telmaren Works", Primary, false), ("Telmaren Tools", Strong, false), ("TMW", Strong, false)];
    assert_eq!(names(works), wanted);
    assert_eq!((programs(works), addresses(works)), (vec!["B", "N", "CW"], vec!["IR".to_owned()]));
}

#[test]
fn a_derived_copy_gives_a_list_for_each_of_its_lists() {
    let (lists, out) = lists(vec![sample("registry.json")]);
    let found: Vec<_> = lists
        .iter()
        .map(|list| (list.info.id.as_str(), list.parties.len(), day(list.info.edition.date)))
        .collect();
    assert_eq!(
        found,
        [
            ("jp-eul", 2, "2025-09-29".to_owned()),
            ("cn-export-control", 1, "2026-06-29".to_owned()),
            ("cn-unreliable", 2, "2025-01-02".to_owned()),
            ("cn-attention", 1, "2026-02-24".to_owned())
        ]
    );
    assert_eq!((lists[1].info.effect, lists[3].info.effect), (Blocking, LicenceExceptionsBarred));
    let works = &lists[0].parties[0];
    assert_eq!(
        names(works),
        [
            ("Telmaren Works", Primary, false),
            ("的美仁工場", Strong, false),
            ("Telmaren Tools", Strong, false),
            ("Works of Telmaren", Strong, false),
            ("的美仁", Strong, false)
        ]
    );
    assert_eq!(programs(works), ["M", "N", "CW"]);
    let lost = &lists[0].parties[1];
    assert_eq!(
        (names(lost), addresses(lost)),
        (vec![("Cairo Success Ltd.", Primary, false)], vec!["EG".to_owned()])
    );
    assert_eq!(addresses(&lists[1].parties[0]), ["东京都中央区1-2, 104-0045, JP"]);
    let several = &lists[2].parties[0];
    assert_eq!(names(several), [("北方公司", Primary, false), ("Nord Technologies Co.", Strong, false)]);
    assert_eq!((several.id.as_str(), lists[2].parties[1].id.as_str()), ("cn-uel-1", "cn-uel-1-2"));
    contains(
        &messages(&out, Severity::Warning).join("\n"),
        &[
            "1 names that stand with the country, taken for names",
            "1 entries that stand for several firms of which one is named",
            "1 ids that stand twice",
        ],
    );
    let unknown =
        String::from_utf8(sample("registry.json").bytes).unwrap().replace("cn-attention-list", "cn-other");
    assert_eq!(
        errors(vec![text("r.json", &unknown)])[0].1,
        "`cn-att-1` is on the list `cn-other`, which is not known"
    );
}

#[test]
fn the_real_old_uk_list_reads_whole() {
    let Some(file) = real("uk/ConList_2016-02-12.csv") else { return };
    let (list, warnings) = one(vec![file]);
    assert_eq!((list.parties.len(), day(list.info.edition.date)), (463, "2016-02-12".to_owned()));
    assert_eq!(of_kind(&list, PartyKind::Person) + of_kind(&list, PartyKind::Organization), 463);
    // Counted apart: 800 rows of 708 names, and weak aliases in the words of 76 groups.
    assert_eq!(count(&list, |party| party.names.iter().filter(|name| name.quality != Weak).count()), 708);
    assert_eq!(count(&list, |party| party.names.iter().filter(|name| name.quality == Weak).count()), 156);
    assert_eq!(count(&list, |party| party.birth_dates.len()), 341);
    contains(
        &warnings,
        &[
            "1 mentions of places that are no country known here",
            "5 nationalities that are no country known here",
        ],
    );
}

#[test]
fn the_real_canadian_list_reads_whole() {
    let Some(file) = real("ca/sema-lmes.xml") else { return };
    let (list, warnings) = one(vec![file]);
    assert_eq!(list.parties.len(), 4759);
    assert_eq!(of_kind(&list, PartyKind::Person), 4759 - 1425);
    assert_eq!(of_kind(&list, PartyKind::Vessel), 109);
    assert_eq!(count(&list, |party| party.identifiers.len()), 109);
    let ids: std::collections::HashSet<_> = list.parties.iter().map(|party| &party.id).collect();
    assert_eq!(ids.len(), 4759);
    assert_eq!(list.parties.iter().filter_map(|party| party.listed).max().unwrap().to_string(), "2025-03-20");
    assert_eq!(
        count(&list, |party| usize::from(party.effect == Some(Advisory))),
        4,
        "schedules 2 and 3 of Russia"
    );
    contains(
        &warnings,
        &[
            "3 dates of birth that are no single day, month or year, such as 1963-1964; Sep-99; born in the early 1970s",
            "1 schedules written in an unusual way, such as 1,Part 3",
        ],
    );
    assert_eq!(warnings.lines().count(), 2);
}

#[test]
fn the_real_swiss_example_reads_whole() {
    let Some(file) = real("ch/seco_example_2024-01-17.xml") else { return };
    let (list, warnings) = one(vec![file]);
    contains(&warnings, &["only changes were given"]);
    assert_eq!((list.parties.len(), day(list.info.edition.date)), (3, "2024-01-17".to_owned()));
    assert_eq!(names(entry(&list, "64393")), [("Test A", Primary, false)]);
    assert_eq!(entry(&list, "64403").effect, Some(Advisory));
    assert_eq!(entry(&list, "64398").birth_dates, ["2025-12-31"]);
}

#[test]
fn the_real_japanese_and_chinese_copies_read_whole() {
    let Some(file) = real("derived/jp_meti_end_user_list_2025-09-29.json") else { return };
    let (japan, warnings) = one(vec![file]);
    assert_eq!((japan.parties.len(), day(japan.info.edition.date)), (835, "2025-09-29".to_owned()));
    assert_eq!(count(&japan, |party| usize::from(party.addresses.iter().any(|a| a.country.is_some()))), 835);
    assert_eq!(count(&japan, |party| usize::from(party.programs.is_empty())), 0);
    contains(&warnings, &["37 names that stand with the country, taken for names"]);
    assert_eq!(warnings.lines().count(), 1);
    assert_eq!(count(&japan, |party| usize::from(&*party.names[0].text == "Success Move Ltd.")), 1);
    let Some(file) = real("derived/cn_mofcom_lists.json") else { return };
    let (china, out) = lists(vec![file]);
    let warnings = messages(&out, Severity::Warning).join("\n");
    contains(&warnings, &["3 entries that stand for several firms", "2 ids that stand twice"]);
    assert_eq!(warnings.lines().count(), 2);
    let found: Vec<_> = china.iter().map(|list| (list.info.id.as_str(), list.parties.len())).collect();
    assert_eq!(found, [("cn-attention", 40), ("cn-unreliable", 61), ("cn-export-control", 139)]);
    let placed = china
        .iter()
        .map(|list| count(list, |party| party.addresses.iter().filter(|a| a.country.is_some()).count()));
    assert_eq!(placed.sum::<usize>(), 47);
}

#[test]
fn nationalities_of_the_real_australian_list_are_countries() {
    let Some(file) = real("derived/au_parsed_2025-05.csv") else { return };
    let mut reader = csv::Reader::from_reader(file.bytes.as_slice());
    let cells: std::collections::BTreeSet<_> =
        reader.records().map(|row| row.unwrap()[2].replace('"', "")).collect();
    assert_eq!(cells.len(), 145);
    let mut rows =
        "Reference,Name of Individual or Entity,Type,Name Type,Citizenship,Control Date\n".to_owned();
    for (at, cell) in cells.iter().enumerate() {
        rows.push_str(&format!("{at},Name {at},Individual,Primary Name,\"{cell}\",1/1/2020\n"));
    }
    let (list, _) = one(vec![text("x.csv", &rows)]);
    let unknown: Vec<_> =
        list.parties.iter().filter_map(|party| party.remarks.strip_prefix("Citizenship: ")).collect();
    let unknown: Vec<_> = unknown.iter().filter_map(|words| words.split("; ").next()).collect();
    // Congolese may be of two countries; the others name none of today, or half of one.
    assert_eq!(
        unknown,
        [
            "Congolese",
            "Kuwaiti citizenship withdrawn in 2002",
            "None",
            "United Kingdom of Great Britain",
            "USSR (until 1991)"
        ]
    );
}
