//! Excel workbooks as shipment files: nothing lost, nothing misread, every damage
//! told.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod common;

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use common::{code, folder, path, redflag, stderr, stdout};
use proptest::prelude::*;
use redflag::input::{ColumnMap, Record, ShipmentReader};
use redflag::place::CountryNames;
use redflag::trade::{CellFaultKind, PartyRole, Shipment};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

fn open(bytes: &[u8], sheet: Option<&str>) -> Result<ShipmentReader, String> {
    let columns = ColumnMap::default().with_sheet(sheet);
    ShipmentReader::open(Box::new(Cursor::new(bytes.to_vec())), "test", &columns, CountryNames::shipped())
        .map_err(|error| error.to_string())
}

fn read(bytes: &[u8]) -> Vec<Record> {
    open(bytes, None).unwrap().collect()
}

fn shipment(record: &Record) -> &Shipment {
    match record {
        Record::Shipment(shipment) => shipment,
        Record::Fault(fault) => panic!("{fault:?}"),
    }
}

/// A workbook of one sheet.
fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn texts(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, cell) in (0u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
        sheet.write_string(row, column, *cell).unwrap();
    }
}

fn sample(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/shipments").join(name)).unwrap()
}

/// The same table as CSV and as workbook.
fn as_workbook(csv: &[u8]) -> Vec<u8> {
    book(|sheet| {
        let semicolons = csv.split(|byte| *byte == b'\n').next().unwrap().contains(&b';');
        let mut rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(if semicolons { b';' } else { b',' })
            .from_reader(csv);
        for row in rows.records().map(Result::unwrap) {
            let line = u32::try_from(row.position().unwrap().line()).unwrap() - 1;
            texts(sheet, line, &row.iter().collect::<Vec<_>>());
        }
    })
}

#[test]
fn a_workbook_gives_the_shipments_that_the_same_table_gives_as_csv() {
    for name in ["demo.csv", "clean.csv"] {
        let csv = sample(name);
        let (of_csv, of_book) = (read(&csv), read(&as_workbook(&csv)));
        assert!(!of_csv.is_empty());
        assert_eq!(of_csv, of_book, "{name}");
    }
}

const HEAD: [&str; 8] =
    ["Order", "Consignee", "HS Code", "Description", "Destination", "Net Weight kg", "Value", "Ship Date"];

#[test]
fn typed_cells_mean_what_they_show() {
    let bytes = book(|sheet| {
        let format = |code: &str| Format::new().set_num_format(code);
        texts(sheet, 0, &HEAD);
        sheet.write_number(1, 0, 42).unwrap();
        texts(sheet, 1, &["", "Acme GmbH", "", "pumps", "FR"]);
        sheet.write_number_with_format(1, 2, 1_012_100, &format("00000000")).unwrap();
        // As text both would be told as ambiguous.
        sheet.write_number(1, 5, 1.234).unwrap();
        sheet.write_number_with_format(1, 6, 1234.5, &format("[$€-407]\\ #,##0.00")).unwrap();
        let day = ExcelDateTime::from_ymd(2026, 3, 4).unwrap();
        sheet.write_datetime_with_format(1, 7, &day, &format("dd/mm/yyyy")).unwrap();
        texts(sheet, 2, &["43", "Acme GmbH", "8542.30", "chips", "FR", "1,5", "7", "2026-03-05"]);
        sheet.write_number_with_format(2, 2, 8542.3, &format("0.00")).unwrap();
    });
    let records = read(&bytes);
    let first = shipment(&records[0]);
    assert_eq!((first.reference.as_str(), first.lines.as_slice()), ("42", &[2][..]));
    assert_eq!(first.items[0].hs.as_ref().unwrap().digits(), "01012100");
    assert_eq!(first.items[0].net_weight_kg.unwrap().to_string(), "1.234");
    let value = first.items[0].value.as_ref().unwrap();
    assert_eq!((value.amount.normalize().to_string().as_str(), value.currency.as_str()), ("1234.5", "EUR"));
    assert_eq!(first.shipped.unwrap().to_string(), "2026-03-04");
    let second = shipment(&records[1]);
    assert_eq!(second.items[0].hs.as_ref().unwrap().digits(), "854230");
    assert_eq!(second.items[0].net_weight_kg.unwrap().to_string(), "1.5");
    assert!(first.faults.is_empty() && second.faults.is_empty(), "{:?} {:?}", first.faults, second.faults);
}

#[test]
fn a_cell_merged_downwards_counts_for_every_row_it_spans() {
    let bytes = book(|sheet| {
        texts(sheet, 0, &HEAD);
        let plain = Format::new();
        sheet.merge_range(1, 0, 2, 0, "SO-1", &plain).unwrap();
        sheet.merge_range(1, 1, 2, 1, "Acme GmbH", &plain).unwrap();
        texts(sheet, 1, &["", "", "", "pumps", "FR"]);
        texts(sheet, 2, &["", "", "", "valves", "FR"]);
        texts(sheet, 3, &["SO-2", "", "", "hoses", "FR"]);
    });
    let records = read(&bytes);
    assert_eq!(records.len(), 2);
    let first = shipment(&records[0]);
    assert_eq!((first.lines.as_slice(), first.items.len()), (&[2, 3][..], 2));
    assert_eq!(first.in_role(PartyRole::Consignee).count(), 1);
    assert_eq!(shipment(&records[1]).in_role(PartyRole::Consignee).count(), 0);
}

#[test]
fn a_name_that_a_formula_did_not_give_is_unscreened_and_another_cell_is_told() {
    let bytes = book(|sheet| {
        texts(sheet, 0, &HEAD);
        texts(sheet, 1, &["SO-1", "", "", "pumps", "FR"]);
        sheet.write_formula(1, 1, Formula::new("=VLOOKUP(A2,X:Y,2)").set_result("#N/A")).unwrap();
        texts(sheet, 2, &["SO-2", "Acme GmbH", "", "pumps", "FR"]);
        sheet.write_formula(2, 5, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        texts(sheet, 3, &["SO-3", "", "", "pumps", "FR"]);
        sheet.write_formula(3, 1, Formula::new("=A1&B1").set_result("Acme GmbH")).unwrap();
    });
    let records = read(&bytes);
    let Record::Fault(fault) = &records[0] else { panic!("{records:?}") };
    assert_eq!(
        (fault.line, fault.column.as_deref(), fault.reference.as_str()),
        (2, Some("Consignee"), "SO-1")
    );
    assert!(fault.reason.contains("#N/A"), "{}", fault.reason);
    let second = shipment(&records[1]);
    assert_eq!(second.faults.len(), 1);
    assert_eq!((second.faults[0].field, second.faults[0].kind), ("weight", CellFaultKind::Unreadable));
    assert_eq!(&*shipment(&records[2]).parties[0].name, "Acme GmbH");
}

/// A workbook with one part replaced.
fn with_part(bytes: &[u8], name: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let part = old.by_index(at).unwrap();
        let own = part.name().unwrap().into_owned();
        let text = std::io::read_to_string(part).unwrap();
        new.start_file(own.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        let text = if own == name { change(&text) } else { text };
        new.write_all(text.as_bytes()).unwrap();
    }
    new.finish().unwrap().into_inner()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

#[test]
fn a_formula_that_was_never_reckoned_is_told() {
    let bytes = book(|sheet| {
        texts(sheet, 0, &HEAD);
        texts(sheet, 1, &["SO-1", "", "", "pumps", "FR"]);
        sheet.write_formula(1, 1, Formula::new("=A1&B1").set_result("7")).unwrap();
    });
    let bytes = with_part(&bytes, SHEET, |xml| {
        assert!(xml.contains("<v>7</v>"), "{xml}");
        xml.replace("<v>7</v>", "")
    });
    let records = read(&bytes);
    let Record::Fault(fault) = &records[0] else { panic!("{records:?}") };
    assert!(fault.reason.contains("a formula without a value"), "{}", fault.reason);
}

#[test]
fn the_first_sheet_is_read_or_the_named_one_and_the_others_are_named() {
    let mut book = Workbook::new();
    let notes = book.add_worksheet().set_name("Hidden notes").unwrap();
    notes.set_hidden(true);
    for (name, order) in [("May", "SO-1"), ("June", "SO-2")] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        texts(sheet, 0, &HEAD);
        texts(sheet, 1, &[order, "Acme GmbH", "", "pumps", "FR"]);
        if name == "May" {
            sheet.set_active(true);
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let first = |sheet| {
        let mut reader = open(&bytes, sheet).unwrap();
        let warnings = reader.mapping().warnings().join("\n");
        (shipment(&reader.next().unwrap()).reference.clone(), warnings)
    };
    let (reference, warnings) = first(None);
    assert_eq!(reference, "SO-1");
    assert!(
        warnings.contains("sheet \"May\" is read") && warnings.contains("\"Hidden notes\", \"June\""),
        "{warnings}"
    );
    assert_eq!(first(Some("june")).0, "SO-2");
    let error = open(&bytes, Some("Jume")).unwrap_err();
    assert!(error.contains("did you mean \"June\"?"), "{error}");
}

#[test]
fn a_column_without_a_header_is_named_as_in_the_sheet_and_loses_no_row() {
    let bytes = book(|sheet| {
        texts(sheet, 0, &HEAD);
        texts(sheet, 4, &["SO-1", "Acme GmbH", "", "pumps", "FR"]);
        sheet.write_string(4, 9, "see e-mail").unwrap();
    });
    let mut reader = open(&bytes, None).unwrap();
    assert!(reader.mapping().to_string().contains("column J"), "{}", reader.mapping());
    assert_eq!(shipment(&reader.next().unwrap()).lines, [5]);
    assert!(reader.next().is_none());
    assert_eq!(reader.rows_in(), 1);
}

#[test]
fn what_is_no_workbook_of_today_is_refused_with_what_to_do() {
    let mut open_document = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    open_document.start_file("mimetype", stored).unwrap();
    open_document.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
    let open_document = open_document.finish().unwrap().into_inner();
    let empty = book(|_| {});
    let whole = book(|sheet| texts(sheet, 0, &HEAD));
    for (bytes, wanted) in [
        (&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], "has a password"),
        (&open_document, "OpenDocument"),
        (b"PK\x03\x04 and nothing more", "can't be read as a workbook"),
        (&whole[..whole.len() / 2], "can't be read as a workbook"),
        (&empty, "no header row"),
    ] {
        let error = open(bytes, None).unwrap_err();
        assert!(error.contains(wanted), "{error}");
    }
}

#[test]
fn a_workbook_that_lies_about_its_size_is_refused() {
    let whole = book(|sheet| texts(sheet, 0, &HEAD));
    let lying = with_part(&whole, "xl/sharedStrings.xml", |xml| {
        let (head, rest) = xml.split_once("uniqueCount=\"").unwrap();
        format!("{head}uniqueCount=\"99999999999{rest}")
    });
    let error = open(&lying, None).unwrap_err();
    assert!(error.contains("more texts than it holds"), "{error}");
    let far = with_part(&whole, SHEET, |xml| xml.replace("r=\"B1\"", "r=\"XFD1\""));
    let error = open(&far, None).unwrap_err();
    assert!(error.contains("column XFD"), "{error}");
    let back = with_part(&whole, SHEET, |xml| {
        xml.replace("</sheetData>", "<row r=\"9\"><c r=\"A9\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row></sheetData>")
    });
    let error = open(&back, None).unwrap_err();
    assert!(error.contains("row 2 comes behind row 9"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_damaged_workbook_is_refused_or_keeps_every_row(at in any::<prop::sample::Index>(), with in 1u8..) {
        let mut bytes = as_workbook(&sample("clean.csv"));
        let rows = open(&bytes, None).unwrap().count();
        let at = at.index(bytes.len());
        bytes[at] ^= with;
        if let Ok(reader) = open(&bytes, None) {
            prop_assert_eq!(reader.count(), rows);
        }
    }

    #[test]
    fn a_sheet_that_makes_no_sense_is_refused_or_loses_no_row_on_the_way(
        from in any::<prop::sample::Index>(), length in 0usize..40, with in "[<>/\"=a-zA-Z0-9 :.&;-]{0,12}",
    ) {
        let whole = as_workbook(&sample("clean.csv"));
        for part in [SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"] {
            let bytes = with_part(&whole, part, |xml| {
                let from = from.index(xml.len());
                let end = (from + length).min(xml.len());
                format!("{}{with}{}", xml.get(..from).unwrap_or(xml), xml.get(end..).unwrap_or_default())
            });
            let Ok(mut reader) = open(&bytes, None) else { continue };
            let out: u64 = reader
                .by_ref()
                .map(|record| match record {
                    Record::Shipment(shipment) => shipment.lines.len() as u64,
                    Record::Fault(_) => 1,
                })
                .sum();
            prop_assert_eq!(out, reader.rows_in());
        }
    }

    #[test]
    fn a_workbook_cut_short_is_refused(at in any::<prop::sample::Index>()) {
        let bytes = as_workbook(&sample("clean.csv"));
        let cut = &bytes[..at.index(bytes.len())];
        prop_assert!(!cut.starts_with(b"PK\x03\x04") || open(cut, None).is_err());
    }
}

#[test]
fn workbooks_are_found_in_folders_and_screened_like_csv() {
    let folder = folder("workbooks");
    let inbox = folder.join("inbox");
    fs::create_dir_all(&inbox).unwrap();
    fs::write(inbox.join("demo.xlsx"), as_workbook(&sample("demo.csv"))).unwrap();
    fs::write(inbox.join("~$demo.xlsx"), "a lock").unwrap();
    let args = |input| ["check", input, "--as-of", "2026-08-15", "--output", "csv=-"];
    let (of_book, of_csv) = (redflag(&args(path(&inbox))), redflag(&args("samples/shipments/demo.csv")));
    assert_eq!((code(&of_book), code(&of_csv)), (1, 1), "{}", stderr(&of_book));
    let rows = |output| {
        let text = stdout(output);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader
            .records()
            .map(|row| row.unwrap().iter().take(5).collect::<Vec<_>>().join("|"))
            .collect::<Vec<_>>()
    };
    assert_eq!(rows(&of_book), rows(&of_csv));

    let broken = folder.join("broken.xlsx");
    fs::write(&broken, &as_workbook(&sample("demo.csv"))[..2_000]).unwrap();
    let output = redflag(&args(path(&broken)));
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("can't be read as a workbook"), "{}", stderr(&output));
    let book = inbox.join("demo.xlsx");
    let output = redflag(&["screen", path(&book), "--sheet", "Sales", "--as-of", "2026-08-15"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("has no sheet \"Sales\"; it has \"Sheet1\""), "{}", stderr(&output));
}
