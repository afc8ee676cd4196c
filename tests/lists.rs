//! Each list format on its sample, and on the real files where they lie beside
//! the project.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/lists.rs"]
mod common;

use std::fs;
use std::path::Path;

use redflag::diagnostic::Severity;
use redflag::trade::{CountryCode, IdentifierKind, PartyKind};
use redflag::watchlist::Effect::{
    Advisory, Blocking, EndUseConcern, LicenceExceptionsBarred, LicenceRequired,
};
use redflag::watchlist::NameQuality::{Primary, Strong, Weak};
use redflag::watchlist::{
    ListFile, ListedParty, Watchlist, companions, detect, read, same_party_groups, shipped, shipped_files,
    write_csv, write_ftm, write_toml,
};

use common::{entry, load, messages, names, root, sample, sample_country, shared};

fn load_with_companions(path: &Path) -> Vec<ListFile> {
    let mut files = vec![load(path)];
    files.extend(companions(&path.display().to_string()).iter().map(|name| load(Path::new(name))));
    files
}

#[test]
fn every_format_is_told_by_its_content() {
    for (name, format) in [
        ("own.csv", "plain-csv"),
        ("sdn.csv", "ofac-sdn-csv"),
        ("add.csv", "ofac-add-csv"),
        ("alt.csv", "ofac-alt-csv"),
        ("sdn_comments.csv", "ofac-comments-csv"),
        ("csl.json", "csl-compact-json"),
    ] {
        assert_eq!(detect(&sample(name).bytes).map(|format| format.key), Some(format), "{name}");
    }
    for (name, bytes) in shipped_files() {
        assert_eq!(detect(bytes).map(|format| format.key), Some("toml"), "{name}");
    }
    for text in ["", "hello world", "{\"a\": 1}", "a,b,c\n1,2,3\n", "<xml/>"] {
        assert_eq!(detect(text.as_bytes()), None, "{text}");
    }
    let (lists, out) = read(vec![ListFile { name: "x.pdf".into(), bytes: b"%PDF".to_vec() }], &|_| None);
    assert!(lists.is_empty() && out.has_errors());
}

#[test]
fn a_plain_csv_gives_a_list_for_each_value_of_its_list_column() {
    let (lists, out) = read(vec![sample("own.csv")], &sample_country);
    assert!(out.is_empty(), "{out:?}");
    let ids: Vec<_> = lists.iter().map(|list| (list.info.id.as_str(), list.info.edition.names)).collect();
    assert_eq!(ids, [("house-deny", 5), ("ship-watch", 1)]);
    let party = entry(&lists[0], "A-1");
    assert_eq!(
        names(party),
        [
            ("Graufels Werkzeug GmbH", Primary, false),
            ("Graufels, Tools & Parts", Strong, false),
            ("Altfels Werkzeug", Strong, true),
            ("GRAUFELS", Weak, false)
        ]
    );
    assert_eq!(party.countries, ["AT", "DE"].map(|code| CountryCode::new(code).unwrap()));
    assert_eq!(party.addresses[0].one_line(), "Lange Gasse 12, Hof, Ulm, DE");
    let kinds: Vec<_> = party.identifiers.iter().map(|id| (id.kind, id.value.as_str())).collect();
    assert_eq!(
        kinds,
        [(IdentifierKind::Registration, "HRB 12345"), (IdentifierKind::Lei, "52990000000000000001")]
    );
    let ship = entry(&lists[1], "B-7");
    assert_eq!((ship.identifiers[0].kind, ship.countries[0].as_str()), (IdentifierKind::Imo, "PA"));
    assert_eq!(entry(&lists[0], "A-2").kind, PartyKind::Person);
}

#[test]
fn a_bad_row_loses_no_other_row() {
    let text =
        "entity_id;name;kind\n1;One;person\n2;Two;person;more\n\n;Three;person\n4;Four;persn\n5;Five;\n";
    let (lists, out) = read(vec![ListFile { name: "own.csv".into(), bytes: text.into() }], &|_| None);
    let ids: Vec<_> = lists[0].parties.iter().map(|party| party.id.as_str()).collect();
    assert_eq!(ids, ["1", "4", "5"]);
    let lines: Vec<_> = out.iter().map(|d| d.line_column().unwrap().0).collect();
    assert_eq!(lines, [3, 5, 6], "{out:?}");
    assert!(out.has_errors());
}

#[test]
fn an_open_quote_never_swallows_rows_in_silence() {
    for text in [
        "entity_id,name,address\n1,One,\"Street\n2,Two,\n3,Three,\n",
        "entity_id,name,address\n1,One,\"Street\n2,Two,\"Road\"\n3,Three,\n",
        "entity_id,name\n1,\"One\n2,Two\n",
        "entity_id,name,address\n1,\"One,Street\n2,Two,\n",
    ] {
        let (_, out) = read(vec![ListFile { name: "own.csv".into(), bytes: text.into() }], &|_| None);
        assert!(out.has_errors(), "{text}");
    }
    let fine = "entity_id,name,address\n1,One,\"Street 1\nUlm\"\n2,Two,\n";
    let (lists, out) = read(vec![ListFile { name: "own.csv".into(), bytes: fine.into() }], &|_| None);
    assert!(out.is_empty() && lists[0].parties.len() == 2, "{out:?}");
}

#[test]
fn an_ofac_sample_reads_whole() {
    let path = root().join("tests/data/lists/sdn.csv");
    let (lists, out) = read(load_with_companions(&path), &sample_country);
    assert!(!out.has_errors(), "{out:?}");
    let warnings = messages(&out, Severity::Warning).join("\n");
    for part in [
        "1 addresses belong to 1 parties that are not in the list: 9",
        "1 aliases belong",
        "1 comments belong",
    ] {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }
    let [list] = lists.as_slice() else { panic!("{lists:?}") };
    assert_eq!((list.info.id.as_str(), list.info.edition.entries, list.info.edition.names), ("us-sdn", 4, 8));
    let company = entry(list, "1");
    assert_eq!(
        names(company),
        [
            ("NORTH STAR TRADING, LLC", Primary, false),
            ("NORTHERN STAR", Strong, false),
            ("EAST STAR", Strong, true),
            ("NST", Weak, false),
            ("OLD STAR", Weak, true)
        ]
    );
    assert_eq!(company.programs.iter().map(|p| &**p).collect::<Vec<_>>(), ["SDGT", "IFSR"]);
    assert_eq!(company.addresses[0].one_line(), "Suite 3, 4 Jalan Besar, Kuala Lumpur, 50100, MY");
    assert_eq!(company.addresses[1].one_line(), "Gaza, Gaza");
    assert_eq!((company.remarks.as_str(), company.relations[0].name.as_str()), ("", "DOE, John"));
    let person = entry(list, "2");
    assert_eq!(
        (person.kind, person.birth_dates.as_slice()),
        (PartyKind::Person, &["10 Dec 1948".to_owned()][..])
    );
    assert!(person.remarks.starts_with("Title: Director; nationality Egypt"), "{}", person.remarks);
    let ship = entry(list, "3");
    let kinds: Vec<_> = ship.identifiers.iter().map(|id| id.kind).collect();
    assert_eq!(kinds, [IdentifierKind::CallSign, IdentifierKind::Imo, IdentifierKind::Mmsi]);
    assert!(ship.remarks.contains("Tonnage: 99,094") && ship.countries == [CountryCode::new("PA").unwrap()]);
}

#[test]
fn a_broken_ofac_line_is_an_error_and_loses_no_other_line() {
    let whole = String::from_utf8(sample("sdn.csv").bytes).unwrap();
    for broken in [whole.replacen("\"DOE, John\"", "\"DOE, John", 1), whole.replacen("individual,", "", 1)] {
        let (lists, out) = read(vec![ListFile { name: "sdn.csv".into(), bytes: broken.into() }], &|_| None);
        let ids: Vec<_> = lists[0].parties.iter().map(|party| party.id.as_str()).collect();
        assert_eq!(ids, ["1", "3", "4"]);
        let error = out.iter().find(|d| d.severity == Severity::Error).unwrap();
        assert_eq!(error.line_column(), Some((2, 1)));
    }
    let cut = whole.trim_end_matches(['\u{1a}', '\n', '\r']).to_owned();
    let (_, out) = read(vec![ListFile { name: "sdn.csv".into(), bytes: cut.into() }], &|_| None);
    assert!(messages(&out, Severity::Warning).iter().any(|m| m.contains("end mark")));
}

#[test]
fn remarks_go_on_only_where_they_were_cut() {
    let filler = "x".repeat(1000 - "Linked To: A; Tax ID No. 12".len());
    let row = |id: u32, remarks: &str| {
        format!("{id},\"N{id}\",-0- ,\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"{remarks}\"\r\n")
    };
    let sdn = row(1, &format!("Linked To: {filler}A; Tax ID No. 12")) + &row(2, "Gender Male.") + "\u{1a}";
    let comments = "1,\"345; a.k.a. 'W'.\"\r\n2,\"; a.k.a. 'V'.\"\r\n\u{1a}";
    let file = |name: &str, text: &str| ListFile { name: name.into(), bytes: text.into() };
    let (lists, out) = read(vec![file("sdn.csv", &sdn), file("sdn_comments.csv", comments)], &|_| None);
    assert!(!out.has_errors(), "{out:?}");
    assert_eq!(entry(&lists[0], "1").identifiers[0].value, "12345");
    assert_eq!(entry(&lists[0], "1").names.len(), 2);
    assert_eq!(entry(&lists[0], "2").names.len(), 1);
    assert!(messages(&out, Severity::Warning).iter().any(|m| m.contains("1 continuations fit no remarks")));
}

#[test]
fn a_screening_list_copy_gives_its_lists() {
    let (lists, out) = read(vec![sample("csl.json")], &|_| None);
    assert!(out.is_empty(), "{out:?}");
    let ids: Vec<_> = lists.iter().map(|list| list.info.id.as_str()).collect();
    assert_eq!(ids, ["us-entity-list", "us-sdn", "us-ssi"]);
    let address = &lists[0].parties[0];
    assert!(address.address_only && address.names.is_empty(), "`Address 09` is no party's name");
    assert_eq!(lists[0].parties[1].licence_policy.as_deref(), Some("Presumption of denial"));
    assert_eq!(lists[1].parties[0].same_as, ["us-ssi/17"]);
    assert_eq!(lists[1].parties[0].programs.len(), 2);
    let cut = sample("csl.json").bytes[..900].to_vec();
    let (_, out) = read(vec![ListFile { name: "cut.json".into(), bytes: cut }], &|_| None);
    assert!(out.has_errors());
}

#[test]
fn a_mistake_in_an_own_list_shows_its_line() {
    let text = "[list]\nid = \"x\"\ntitle = \"t\"\njurisdiction = \"own\"\nregime = \"unilateral\"\neffect = \"blocking\"\n\
                authority = \"a\"\n\n[[entry]]\nid = \"1\"\nnmae = \"A\"\n\n[[entry]]\nid = \"1\"\nname = \"B\"\n\
                country = \"Malaysia\"\n";
    let (_, out) = read(vec![ListFile { name: "own.toml".into(), bytes: text.into() }], &|_| None);
    let shown: Vec<_> = out.iter().map(|d| (d.line_column().unwrap().0, d.message.as_str())).collect();
    for expected in [
        (11, "unknown key `nmae`"),
        (9, "`name` is missing"),
        (14, "the id `1` stands twice"),
        (16, "`Malaysia` is not a country code"),
    ] {
        assert!(shown.contains(&expected), "{expected:?}: {shown:?}");
    }
}

#[test]
fn the_shipped_lists_are_whole() {
    let (lists, out) = shipped();
    assert!(out.is_empty(), "{out:?}");
    let counts: Vec<_> =
        lists.iter().map(|l| (l.info.id.as_str(), l.info.edition.entries, l.info.effect)).collect();
    assert_eq!(
        counts,
        [
            ("own-example", 1, Blocking),
            ("us-capta", 1, Advisory),
            ("us-cmic", 68, Advisory),
            ("us-denied-persons", 1596, Blocking),
            ("us-entity-list-addresses", 8, LicenceRequired),
            ("us-entity-list", 3420, LicenceRequired),
            ("us-isn", 161, EndUseConcern),
            ("us-itar-debarred", 787, Advisory),
            ("us-meu", 70, EndUseConcern),
            ("us-ns-mbs", 51, Advisory),
            ("us-plc", 78, Blocking),
            ("us-sdn", 19181, Blocking),
            ("us-ssi", 286, Advisory),
            ("us-unverified", 222, LicenceExceptionsBarred),
        ]
    );
    for list in &lists {
        assert!(list.info.edition.date.is_some() && list.info.edition.sha256.len() == 64, "{}", list.info.id);
        let nameless =
            list.parties.iter().filter(|party| party.names.is_empty() && !party.address_only).count();
        assert_eq!(nameless, 0, "{}", list.info.id);
    }
    let by_id = |id: &str| lists.iter().find(|list| list.info.id == id).unwrap();
    let addresses = by_id("us-entity-list").parties.iter().filter(|party| party.address_only).count();
    assert_eq!(addresses, 19);
    let example = &by_id("own-example").parties[0];
    assert_eq!(
        (example.identifiers[0].value.as_str(), example.same_as[0].as_str()),
        ("629642D", "us-sdn/48850")
    );
    assert_eq!(entry(by_id("us-sdn"), "48850").names[0].text.as_ref(), "JATRONICS SDN BHD");
}

#[test]
fn the_shipped_lists_are_those_on_disk() {
    let mut on_disk: Vec<_> = fs::read_dir(root().join("rules/lists"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "toml"))
        .map(|name| format!("rules/lists/{name}"))
        .collect();
    on_disk.sort();
    let embedded: Vec<_> = shipped_files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(embedded, on_disk);
}

#[test]
fn converting_the_screening_list_again_gives_the_same_files() {
    let Some(path) = shared("lists/derived/us_csl_screening-list_2026-07-31.json") else { return };
    let (lists, out) = read(vec![load(&path)], &|_| None);
    assert!(out.is_empty(), "{out:?}");
    assert_eq!(lists.iter().map(|list| list.parties.len()).sum::<usize>(), 25_921);
    assert_eq!(lists.len(), 12);
    for list in &lists {
        let mut bytes = Vec::new();
        write_toml(list, &mut bytes).unwrap();
        let file = fs::read(root().join(format!("rules/lists/{}.toml", list.info.id))).unwrap();
        assert!(bytes == file, "{} differs from its conversion", list.info.id);
    }
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

fn count(list: &Watchlist, of: impl Fn(&ListedParty) -> usize) -> usize {
    list.parties.iter().map(|party| of(party)).sum()
}

#[test]
fn the_real_sdn_list_reads_whole() {
    let Some(path) = shared("lists/ofac/sdn.csv") else { return };
    let (lists, out) = read(load_with_companions(&path), &ofac_countries());
    assert!(!out.has_errors(), "{:?}", messages(&out, Severity::Error));
    let [list] = lists.as_slice() else { panic!("{} lists", lists.len()) };
    let kinds = [PartyKind::Organization, PartyKind::Person, PartyKind::Vessel, PartyKind::Aircraft]
        .map(|kind| count(list, |party| usize::from(party.kind == kind)));
    assert_eq!((list.parties.len(), kinds), (14_965, [6884, 6854, 851, 376]));
    assert_eq!(count(list, |party| usize::from(party.programs.len() > 1)), 1685);

    // Each figure was counted apart, in the files themselves.
    let weak = |party: &ListedParty| party.names.iter().filter(|name| name.quality == Weak).count();
    assert_eq!((count(list, weak), count(list, |party| usize::from(weak(party) > 0))), (3695, 2108));
    // 18,018 aliases, of which 13 repeat a name of their party.
    let strong = |party: &ListedParty| party.names.iter().filter(|name| name.quality == Strong).count();
    assert_eq!(count(list, strong), 18_005);
    // 20,167 rows, of which 2,693 say nothing.
    assert_eq!(count(list, |party| party.addresses.len()), 17_474);
    assert_eq!(count(list, |party| party.birth_dates.len()), 7534);
    for (kind, expected) in [
        (IdentifierKind::Imo, 855),
        (IdentifierKind::Mmsi, 154),
        // 251 in their column, two further ones in the remarks.
        (IdentifierKind::CallSign, 253),
        (IdentifierKind::Lei, 82),
        (IdentifierKind::Bic, 162),
        (IdentifierKind::Duns, 35),
    ] {
        let of_kind = |party: &ListedParty| party.identifiers.iter().filter(|id| id.kind == kind).count();
        assert_eq!(count(list, of_kind), expected, "{}", kind.key());
    }

    let warnings = messages(&out, Severity::Warning).join("\n");
    for part in [
        "2474 addresses belong to 2111 parties that are not in the list",
        "1468 aliases belong to 945 parties that are not in the list",
        "2 comments belong to 2 parties that are not in the list: 17016, 43421",
        "1 continuations fit no remarks that were cut off, of parties 34682",
    ] {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }

    let jatronics = entry(list, "48850");
    assert_eq!(jatronics.identifiers[0].value, "629642D");
    assert_eq!(
        jatronics.addresses[0].one_line(),
        "Suite 33-01 33rd Floor, Menara Keck Seng 203 Jalan Bukit Bintang, Kuala Lumpur, 50100, MY"
    );
    assert!(jatronics.remarks.starts_with("Secondary sanctions risk"));
    assert!(names(entry(list, "306")).contains(&("BNC", Weak, false)));
    assert!(names(entry(list, "27307")).contains(&("APPLEWORM", Weak, false)), "from the comments file");
}

#[test]
fn the_real_consolidated_list_reads_whole() {
    let Some(path) = shared("lists/ofac/cons_prim.csv") else { return };
    let (lists, out) = read(load_with_companions(&path), &ofac_countries());
    assert!(!out.has_errors(), "{:?}", messages(&out, Severity::Error));
    let [list] = lists.as_slice() else { panic!("{} lists", lists.len()) };
    assert_eq!((list.info.id.as_str(), list.parties.len()), ("us-ofac-consolidated", 442));
    let blocking = count(list, |party| usize::from(party.effect == Some(Blocking)));
    let plc = count(list, |party| usize::from(party.programs.iter().any(|program| &**program == "NS-PLC")));
    assert_eq!(blocking, plc);
    assert!(plc > 0);
}

#[test]
fn the_evaluation_targets_read_as_plain_csv() {
    let Some(path) = shared("eval/targets.csv") else { return };
    let (lists, out) = read(vec![load(&path)], &|_| None);
    assert!(out.is_empty(), "{out:?}");
    let counts: Vec<_> = lists.iter().map(|l| (l.info.id.as_str(), l.info.edition.entries)).collect();
    assert_eq!(counts, [("ofac-sdn", 8699), ("un-sc", 1003)]);
}

#[test]
fn a_real_list_survives_the_own_format() {
    let Some(path) = shared("lists/ofac/sdn.csv") else { return };
    let (lists, _) = read(load_with_companions(&path), &ofac_countries());
    let mut bytes = Vec::new();
    write_toml(&lists[0], &mut bytes).unwrap();
    let (again, out) = read(vec![ListFile { name: "again.toml".into(), bytes }], &|_| None);
    assert!(out.is_empty(), "{out:?}");
    assert!(again[0].parties == lists[0].parties);
}

/// What plain CSV keeps of an entry; CSV has no lines in cells.
fn short(party: &ListedParty) -> ListedParty {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut kept = ListedParty {
        relations: Vec::new(),
        same_as: Vec::new(),
        remarks: line(&party.remarks),
        ..party.clone()
    };
    for name in &mut kept.names {
        name.text = line(&name.text).into();
    }
    for address in &mut kept.addresses {
        for part in [&mut address.street, &mut address.city, &mut address.region] {
            *part = line(part);
        }
    }
    // One entry, 6703, gives a day of birth twice.
    kept.birth_dates.dedup();
    for identifier in &mut kept.identifiers {
        identifier.value = line(&identifier.value);
    }
    kept
}

#[test]
fn a_real_list_survives_plain_csv_and_entities() {
    let Some(path) = shared("lists/ofac/sdn.csv") else { return };
    let (lists, _) = read(load_with_companions(&path), &ofac_countries());
    let mut bytes = Vec::new();
    write_csv(&lists[0], &mut bytes).unwrap();
    let (again, out) = read(vec![ListFile { name: "again.csv".into(), bytes }], &|_| None);
    assert!(out.is_empty(), "{out:?}");
    assert_eq!(again[0].parties.len(), lists[0].parties.len());
    let mut different = Vec::new();
    for (found, party) in again[0].parties.iter().zip(&lists[0].parties) {
        if **found != short(party) {
            different.push(party.id.as_str());
        }
    }
    assert_eq!(different, Vec::<&str>::new());

    let mut bytes = Vec::new();
    write_ftm(&lists[0], &mut bytes).unwrap();
    let (again, out) = read(vec![ListFile { name: "again.json".into(), bytes }], &|_| None);
    assert!(!out.has_errors(), "{out:?}");
    let [again] = again.as_slice() else { panic!("{} lists", again.len()) };
    assert_eq!(again.parties.len(), lists[0].parties.len());
    for (found, party) in again.parties.iter().zip(&lists[0].parties) {
        assert_eq!((&found.id, found.kind, &found.programs), (&party.id, party.kind, &party.programs));
        assert_eq!((found.names.len(), found.addresses.len()), (party.names.len(), party.addresses.len()));
        assert_eq!(found.countries, party.countries, "{}", party.id);
        for identifier in &party.identifiers {
            assert!(found.identifiers.contains(identifier), "{}: {identifier:?}", party.id);
        }
    }
}

#[test]
fn one_party_on_several_shipped_lists_is_one_group() {
    let (lists, _) = shipped();
    let groups = same_party_groups(&lists);
    let group = |list: &str, id: &str| {
        let at = lists.iter().position(|l| l.info.id == list).unwrap();
        groups[at][lists[at].parties.iter().position(|party| party.id == id).unwrap()]
    };
    assert_eq!(group("own-example", "1"), group("us-sdn", "48850"));
    assert_eq!(group("us-ssi", "17014"), group("us-ns-mbs", "17014"));
    assert_ne!(group("us-sdn", "36"), group("us-sdn", "173"));
}

#[test]
fn the_documentation_tells_the_bundled_lists_and_an_example_that_reads() {
    let text = fs::read_to_string(root().join("docs/lists.md")).unwrap();
    let rows: Vec<_> = text.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>()).collect();
    for list in shipped().0 {
        let row = rows.iter().find(|row| row.get(1) == Some(&&*format!("`{}`", list.info.id)));
        let row = row.unwrap_or_else(|| panic!("no row for {}", list.info.id));
        let edition = &list.info.edition;
        let cell = |at: usize| row[at].replace(',', "");
        assert_eq!((row[2], row[3]), (&*list.info.title, list.info.effect.key()));
        assert_eq!(row[4], edition.date.unwrap().to_string());
        assert_eq!((cell(5), cell(6)), (edition.entries.to_string(), edition.names.to_string()));
    }
    let example = text.split("```csv\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let (lists, out) = read(vec![ListFile { name: "own.csv".into(), bytes: example.into() }], &|_| None);
    assert!(out.is_empty() && lists[0].info.edition.names == 2, "{out:?}");
}
