//! What a finding is recognised by: laws of fingerprints and of the states that
//! decisions are made on.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::LazyLock;

use jiff::civil::date;
use proptest::prelude::*;
use redflag::config::Profile;
use redflag::input::{ColumnMap, Record, ShipmentReader};
use redflag::matching::{Matcher, Thresholds};
use redflag::name::Lexicon;
use redflag::place::CountryNames;
use redflag::rule::{Library, shipped_files};
use redflag::screening::Screener;
use redflag::watchlist::{ListFile, read};

const LIST: &str = "list = { id = \"house\", title = \"House list\", jurisdiction = \"own\", regime = \"unilateral\", effect = \"licence-required\", authority = \"us\", date = 2026-08-01 }\nentry = [\n  { id = \"1\", name = \"Alder Vertex Optics\", country = \"AE\" },\n  { id = \"2\", name = \"Vertex Alder Optics\", country = \"AE\" },\n  { id = \"3\", name = \"Alder Vertex Optik\", country = \"KZ\" },\n]\n";

fn screener(possible: f64, strong: f64) -> Screener {
    let files = vec![ListFile { name: "house.toml".into(), bytes: LIST.as_bytes().to_vec() }];
    let (lists, _) = read(files, &|_| None);
    let matcher = Matcher::new(&lists, Lexicon::shipped(), Thresholds { possible, strong });
    let (rules, _) = Library::load(&shipped_files(), None);
    Screener::new(matcher, rules.unwrap(), Profile::default(), date(2026, 8, 15))
}

static USUAL: LazyLock<Screener> = LazyLock::new(|| screener(0.6, 0.9));
static LOOSE: LazyLock<Screener> = LazyLock::new(|| screener(0.45, 0.7));

#[derive(Clone, Debug)]
struct Row {
    consignee: &'static str,
    country: &'static str,
    goods: (&'static str, &'static str),
    end_use: &'static str,
    value: u32,
    day: u8,
}

fn row() -> impl Strategy<Value = Row> {
    (
        prop::sample::select(vec![
            "Alder Vertex Optics LLC",
            "Vertex Alder Optics",
            "Alder Vertex Optical",
            "Clean Garden Supplies",
            "Steppe Import Export",
        ]),
        prop::sample::select(vec!["AE", "KZ", "KG", "TR", "DE"]),
        prop::sample::select(vec![
            ("8542.31", "integrated circuits"),
            ("8542.31", "ADC AD9082, 12 bit, 6 GSPS"),
            ("8452.30", "sewing machine needles"),
            ("8457.10", "machining centre, five axes"),
            ("", "spare parts"),
        ]),
        prop::sample::select(vec!["", "garment factory", "resale"]),
        1_u32..1_000_000,
        1_u8..28,
    )
        .prop_map(|(consignee, country, goods, end_use, value, day)| Row {
            consignee,
            country,
            goods,
            end_use,
            value,
            day,
        })
}

const HEADER: &str = "reference,exporter,exporter country,consignee,consignee address,consignee country,destination,departure,hs,description,quantity,unit,value,currency,end use,shipped";

fn line(number: usize, row: &Row) -> String {
    let Row { consignee, country, goods: (hs, text), end_use, value, day } = row;
    format!(
        "SO-{number},Elbe Werkzeuge GmbH,DE,{consignee},Dock Road 1,{country},{country},DE,{hs},\"{text}\",10,pcs,{value},USD,{end_use},2026-06-{day:02}"
    )
}

/// What a mark is recognised by and was made on: rule, list entry, fingerprint,
/// states.
type Print = (String, String, String, [String; 3]);

fn prints(screener: &Screener, file: &str, lines: &[String]) -> BTreeMap<String, BTreeSet<Print>> {
    let text = format!("{HEADER}\n{}\n", lines.join("\n"));
    let source = Box::new(Cursor::new(text.into_bytes()));
    let reader = ShipmentReader::open(source, file, &ColumnMap::default(), CountryNames::shipped()).unwrap();
    let mut all: BTreeMap<String, BTreeSet<Print>> = BTreeMap::new();
    for record in reader {
        let Record::Shipment(shipment) = record else { panic!("a row was not read") };
        let screening = screener.screen(&shipment);
        let of_this = all.entry(shipment.reference.clone()).or_default();
        for mark in &screening.marks {
            let entry = mark.hit.map(|hit| screening.hits[hit].1.entry.id.clone()).unwrap_or_default();
            let states = [mark.rule.clone(), mark.entry.clone(), mark.party.clone()];
            let rule = screening.findings[mark.finding].rule.id.clone();
            of_this.insert((rule, entry, mark.fingerprint.to_string(), states));
        }
    }
    all
}

fn one(row: &Row) -> BTreeSet<Print> {
    prints(&USUAL, "a.csv", &[line(1, row)]).remove("SO-1").unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn rows_may_move_and_files_be_renamed(
        rows in prop::collection::vec(row(), 1..8),
        order in prop::collection::vec(any::<prop::sample::Index>(), 8),
    ) {
        let mut lines: Vec<String> = rows.iter().enumerate().map(|(n, row)| line(n, row)).collect();
        let before = prints(&USUAL, "august.csv", &lines);
        let all = lines.len();
        for (at, other) in order.iter().enumerate().take(all) {
            lines.swap(at, other.index(all));
        }
        prop_assert_eq!(before, prints(&USUAL, "of the archive.csv", &lines));
    }

    #[test]
    fn scores_and_thresholds_do_not_count(row in row()) {
        let by_mark = |screener: &Screener| -> BTreeMap<(String, String), (String, [String; 3])> {
            let of = prints(screener, "a.csv", &[line(1, &row)]).remove("SO-1").unwrap();
            of.into_iter().map(|(rule, entry, print, states)| ((rule, entry), (print, states))).collect()
        };
        let (usual, loose) = (by_mark(&USUAL), by_mark(&LOOSE));
        for (mark, print) in &usual {
            // A hit of another grade is another rule's.
            if let Some(other) = loose.get(mark) {
                prop_assert_eq!(print, other, "{:?}", mark);
            }
        }
    }

    #[test]
    fn amounts_and_days_do_not_count(row in row(), value in 1_u32..1_000_000, day in 1_u8..28) {
        let by_mark = |row: &Row| -> BTreeMap<(String, String), (String, [String; 3])> {
            one(row).into_iter().map(|(rule, entry, print, states)| ((rule, entry), (print, states))).collect()
        };
        let (here, there) = (by_mark(&row), by_mark(&Row { value, day, ..row.clone() }));
        for (mark, print) in &here {
            if let Some(other) = there.get(mark) {
                prop_assert_eq!(print, other, "{:?}", mark);
            }
        }
    }

    #[test]
    fn case_accents_and_punctuation_do_not_count(row in row()) {
        let shouted = line(1, &row).replace("Alder Vertex", "ÁLDER  VERTEX").replace("needles", "NEEDLES");
        let there = prints(&USUAL, "a.csv", &[shouted]).remove("SO-1").unwrap();
        let fingerprints = |prints: &BTreeSet<Print>| -> BTreeSet<(String, String, String)> {
            prints.iter().map(|(rule, entry, print, _)| (rule.clone(), entry.clone(), print.clone())).collect()
        };
        prop_assert_eq!(fingerprints(&one(&row)), fingerprints(&there));
    }

    #[test]
    fn entries_parties_and_goods_are_told_apart(a in row(), b in row()) {
        let (here, there) = (one(&a), one(&b));
        // One fingerprint, one rule and one entry.
        let mut met: BTreeMap<String, (String, String)> = BTreeMap::new();
        for (rule, entry, print, _) in here.iter().chain(&there) {
            let known = met.entry(print.clone()).or_insert_with(|| (rule.clone(), entry.clone()));
            prop_assert_eq!((&known.0, &known.1), (rule, entry));
        }
        // Whatever a decision on one customer clears, it clears nothing of another.
        if a.consignee != b.consignee {
            let of = |prints: &BTreeSet<Print>| -> BTreeSet<String> {
                prints.iter().map(|(_, _, print, _)| print.clone()).collect()
            };
            prop_assert!(of(&here).is_disjoint(&of(&there)), "{:?} {:?}", here, there);
        }
    }

    #[test]
    fn another_use_or_address_is_another_state(row in row()) {
        let here = one(&row);
        prop_assume!(!here.is_empty());
        let moved = line(1, &row).replace("Dock Road 1", "Harbour Street 9");
        let there = prints(&USUAL, "a.csv", &[moved]).remove("SO-1").unwrap();
        for (rule, entry, print, states) in &here {
            let other = there.iter().find(|other| (&other.0, &other.1, &other.2) == (rule, entry, print));
            if let Some((.., [rule_state, entry_state, party_state])) = other {
                prop_assert_ne!(&states[2], party_state, "{}", rule);
                prop_assert_eq!((&states[0], &states[1]), (rule_state, entry_state));
            }
        }
    }
}
