//! Any text as the parts of a workbook, as shipments and as a list: rows in =
//! rows out, or the workbook is refused. A whole archive would hardly ever be
//! one after a change, so the parts are packed here.
//!
//! Form feeds divide the input into sheet, texts, styles and table of contents;
//! parts that are missing stand for themselves.

#![no_main]

mod common;

use std::io::{Cursor, Write as _};

use libfuzzer_sys::fuzz_target;
use redflag::watchlist::{ListFile, formats, read_as};
use zip::write::SimpleFileOptions;

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK_RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const TEXTS: &str = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>"#;
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf/></cellXfs></styleSheet>"#;

fuzz_target!(
    init: {
        // A panic of the library that reads workbooks is caught and makes the
        // file a refused one; every other still ends the run.
        std::panic::set_hook(Box::new(|_| ()));
    },
    |bytes: &[u8]| {
        let Some(book) = pack(bytes) else { return };
        common::rows_in_are_rows_out(&book, "fuzz.xlsx");
        list(book);
    }
);

fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut given = bytes.splitn(4, |&byte| byte == 0x0c);
    let mut or = |part: &'static str| given.next().unwrap_or(part.as_bytes());
    let (sheet, texts, styles, book) = (or(""), or(TEXTS), or(STYLES), or(BOOK));
    let parts = [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELATIONS.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELATIONS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", texts),
        ("xl/styles.xml", styles),
        ("xl/workbook.xml", book),
    ];
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name, options).ok()?;
        archive.write_all(content).ok()?;
    }
    Some(archive.finish().ok()?.into_inner())
}

fn list(book: Vec<u8>) {
    let Some(format) = formats().find(|format| format.key == "au-dfat") else { return };
    let file = ListFile { name: "fuzz.xlsx".to_owned(), bytes: book };
    let (_, diagnostics) = read_as(vec![(format, file)], &|_| None);
    for diagnostic in &diagnostics {
        assert!(!diagnostic.render(false).is_empty());
    }
}
