//! The promises of the shipment reader: rows in = rows out, whatever the file.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Cursor, Read};
use std::path::Path;

use proptest::prelude::*;
use redflag::input::{ColumnMap, DateOrder, Record, ShipmentReader};
use redflag::place::CountryNames;
use redflag::trade::{PartyRole, Shipment};

fn open(source: Box<dyn Read + Send>, columns: &ColumnMap) -> Result<ShipmentReader, String> {
    ShipmentReader::open(source, "test.csv", columns, CountryNames::shipped())
        .map_err(|error| error.to_string())
}

fn read(bytes: &[u8]) -> (Vec<Record>, u64) {
    let mut reader = open(Box::new(Cursor::new(bytes.to_vec())), &ColumnMap::default()).unwrap();
    let records: Vec<Record> = reader.by_ref().collect();
    (records, reader.rows_in())
}

fn rows_out(records: &[Record]) -> u64 {
    records
        .iter()
        .map(|record| match record {
            Record::Shipment(shipment) => shipment.lines.len() as u64,
            Record::Fault(_) => 1,
        })
        .sum()
}

fn shipments(records: &[Record]) -> Vec<&Shipment> {
    records
        .iter()
        .filter_map(|record| match record {
            Record::Shipment(shipment) => Some(&**shipment),
            Record::Fault(_) => None,
        })
        .collect()
}

fn one(header: &str, row: &str) -> Shipment {
    let (records, _) = read(format!("{header}\n{row}\n").as_bytes());
    shipments(&records)[0].clone()
}

#[test]
fn every_encoding_and_separator_reads_the_same_shipments() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/input");
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert_eq!(names.len(), 6);
    for path in names {
        let (records, rows) = read(&fs::read(&path).unwrap());
        let name = path.display();
        assert_eq!(rows, 3, "{name}");
        let shipments = shipments(&records);
        assert_eq!(shipments.len(), 2, "{name}");
        let first = shipments[0];
        assert_eq!(first.items.len(), 2, "{name}");
        assert_eq!(
            &*first.in_role(PartyRole::Consignee).next().unwrap().name,
            "Müller & Söhne GmbH",
            "{name}"
        );
        assert_eq!(first.items[1].description, "Zwei\nZeilen; und \"Zitat\"", "{name}");
        assert_eq!(first.items[0].net_weight_kg.unwrap().to_string(), "1.5", "{name}");
        assert_eq!(first.items[0].value.as_ref().unwrap().currency, "EUR", "{name}");
        assert_eq!(first.route.destination.as_ref().unwrap().country.unwrap().as_str(), "TR", "{name}");
        assert_eq!(first.shipped.unwrap().to_string(), "2026-03-04", "{name}");
        assert_eq!(
            shipments[1].route.destination.as_ref().unwrap().country.unwrap().as_str(),
            "CI",
            "{name}"
        );
        assert!(first.faults.is_empty(), "{name}: {:?}", first.faults);
    }
}

#[test]
fn a_bad_row_loses_no_other_row() {
    let text = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/shipments/broken.csv")).unwrap();
    let (records, rows) = read(&text);
    assert_eq!((rows, rows_out(&records)), (7, 7));
    let faults: Vec<(u64, &str)> = records
        .iter()
        .filter_map(|record| match record {
            Record::Fault(fault) => Some((fault.line, fault.reason.as_str())),
            Record::Shipment(_) => None,
        })
        .collect();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[0].0 == 3 && faults[0].1.contains("3 cells, the header 12"), "{faults:?}");
    assert!(faults[1].0 == 7 && faults[1].1.contains("never closed"), "{faults:?}");
    let references: Vec<&str> = shipments(&records).iter().map(|s| s.reference.as_str()).collect();
    assert_eq!(references, ["B-1", "B-3", "B-4", "B-5", "B-7"]);
}

#[test]
fn every_odd_cell_is_told_and_the_row_is_kept() {
    let text = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/shipments/broken.csv")).unwrap();
    let (records, _) = read(&text);
    let faults: Vec<String> = shipments(&records)
        .iter()
        .flat_map(|shipment| shipment.faults.iter())
        .map(|fault| format!("{} {} {}", fault.at.line, fault.field, fault.kind.key()))
        .collect();
    for wanted in [
        "4 hs unreadable",
        "4 weight unreadable",
        "4 value unreadable",
        "4 shipped ambiguous",
        "6 control-code unreadable",
        "6 destination unreadable",
        "6 shipped unreadable",
    ] {
        assert!(faults.iter().any(|fault| fault == wanted), "{wanted}: {faults:#?}");
    }
}

#[test]
fn rows_of_one_reference_are_one_shipment_and_lose_no_party_and_no_country() {
    let (records, rows) = read(
        b"Ref,Consignee,End User,Description,Destination\n\
          1,Acme Ltd,Foo Inc,a,DE\n1,Acme Ltd,Bar Inc,b,KG\n,Acme Ltd,X,c,DE\n,Acme Ltd,Y,d,DE\n",
    );
    assert_eq!((rows, records.len()), (4, 3));
    let first = shipments(&records)[0];
    assert_eq!(first.in_role(PartyRole::Consignee).count(), 1);
    assert_eq!(first.in_role(PartyRole::EndUser).count(), 2);
    let countries: Vec<&str> = first
        .route
        .destination
        .iter()
        .chain(&first.route.transit)
        .map(|place| place.country.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(countries, ["DE", "KG"]);
    assert_eq!(first.faults.len(), 1);
}

#[test]
fn columns_are_mapped_by_the_configuration_where_they_are_not_recognised() {
    let columns = |key: &str, header: &str| {
        ColumnMap::user(&BTreeMap::from([(key.to_owned(), vec![header.to_owned()])]), None)
    };
    let source = || Box::new(Cursor::new(b"Zielperson,hs\nAcme Ltd,854231\n".to_vec()));
    let mut reader = open(source(), &columns("consignee.name", "Zielperson").unwrap()).unwrap();
    let Some(Record::Shipment(shipment)) = reader.next() else { panic!("no shipment") };
    assert_eq!(&*shipment.parties[0].name, "Acme Ltd");
    assert!(columns("consignee.nam", "Zielperson").unwrap_err().contains("consignee.nam"));
    let error = open(source(), &columns("consignee.name", "Zielprson").unwrap()).unwrap_err();
    assert!(error.contains("did you mean \"Zielperson\"?"), "{error}");
}

#[test]
fn a_column_that_names_parties_is_never_passed_over_in_silence() {
    let mapping = |text: &str| {
        let reader = open(Box::new(Cursor::new(text.as_bytes().to_vec())), &ColumnMap::default()).unwrap();
        reader.mapping().warnings().join("\n")
    };
    let told = mapping("hs,Zuständig\n854231,Acme GmbH\n854231,Foo Ltd\n854231,Bar Inc\n");
    assert!(told.contains("\"Zuständig\" seems to hold company names"), "{told}");
    let told = mapping("hs,Consignee remark\n854231,x\n");
    assert!(told.contains("\"Consignee remark\" sounds like a party"), "{told}");
    let told = mapping("hs,importer_id\n854231,ZX81\n");
    assert!(told.contains("name nobody"), "{told}");
}

#[test]
fn what_a_spreadsheet_does_to_codes_is_noticed() {
    let shipment = one("HTS,Consignee", "8.54231E+05,Acme");
    assert!(shipment.items[0].hs.is_none());
    assert!(shipment.faults[0].reason.contains("power of ten"));
    let shipment = one("HTS,Consignee", "10121,Acme");
    assert_eq!(shipment.items[0].hs.as_ref().unwrap().digits(), "010121");
}

#[test]
fn an_ambiguous_day_is_read_by_the_order_in_the_configuration() {
    let columns = ColumnMap::user(&BTreeMap::new(), Some(DateOrder::MonthFirst)).unwrap();
    let source = Cursor::new(b"Ship Date,Consignee\n03/04/2026,Acme\n".to_vec());
    let Some(Record::Shipment(shipment)) = open(Box::new(source), &columns).unwrap().next() else {
        panic!("no shipment")
    };
    assert_eq!(shipment.shipped.unwrap().to_string(), "2026-03-04");
    assert!(shipment.faults.is_empty());
}

#[test]
fn a_quoted_newline_belongs_to_its_cell_and_lines_are_those_of_the_file() {
    let (records, rows) = read(b"Ref,Description\n1,\"two\nlines\"\n\n2,one\n");
    assert_eq!(rows, 2);
    let lines: Vec<u64> = shipments(&records).iter().map(|shipment| shipment.lines[0]).collect();
    assert_eq!(lines, [2, 5]);
}

/// The end of a source that breaks off.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the cable was pulled"))
    }
}

#[test]
fn a_source_that_breaks_off_is_told_and_what_was_read_is_kept() {
    let rows: String = (0..20_000).map(|i| format!("{i},Acme Trading House Ltd\n")).collect();
    let source = Cursor::new(format!("Ref,Consignee\n{rows}").into_bytes()).chain(Broken);
    let mut reader = open(Box::new(source), &ColumnMap::default()).unwrap();
    let records: Vec<Record> = reader.by_ref().collect();
    assert!(reader.truncated());
    assert_eq!(reader.rows_in(), rows_out(&records));
    let Some(Record::Fault(fault)) = records.last() else { panic!("no fault at the end") };
    assert!(fault.reason.contains("the cable was pulled"), "{}", fault.reason);
    assert_eq!(records.len(), 20_001);
}

#[test]
fn a_file_without_a_header_is_refused_with_a_hint() {
    for text in ["", "\n\n", "1,2,3\n4,5,6\n"] {
        let error = open(Box::new(Cursor::new(text.as_bytes().to_vec())), &ColumnMap::default());
        assert!(error.is_err_and(|error| error.contains("header")), "{text:?}");
    }
}

proptest! {
    #[test]
    fn rows_in_are_rows_out_for_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let bytes = [b"Ref,Consignee,HTS,Qty,Destination\n".as_slice(), &bytes].concat();
        if let Ok(mut reader) = open(Box::new(Cursor::new(bytes)), &ColumnMap::default()) {
            let records: Vec<Record> = reader.by_ref().collect();
            prop_assert_eq!(reader.rows_in(), rows_out(&records));
        }
    }

    #[test]
    fn rows_in_are_rows_out_for_any_text_with_quotes(text in "[a1,\";\n\r é]{0,200}") {
        let bytes = format!("Ref,Consignee,HTS\n{text}").into_bytes();
        let mut reader = open(Box::new(Cursor::new(bytes)), &ColumnMap::default()).unwrap();
        let records: Vec<Record> = reader.by_ref().collect();
        prop_assert_eq!(reader.rows_in(), rows_out(&records));
    }
}
