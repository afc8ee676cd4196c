//! Any bytes given to one reader of lists, whatever they look like: told by its
//! content, a changed file seldom gets to the reader that it was made for.
//!
//! `FORMAT` names the reader by the key of its format; the samples and the
//! heads of real lists are the seeds (`fuzz/seeds.py`):
//! `FORMAT=csl-csv cargo +nightly fuzz run reader fuzz/corpus/csl-csv`
//!
//! With several formats (`FORMAT=ofac-sdn-csv,ofac-add-csv`) a form feed divides
//! the input into one file for each.

#![no_main]

mod common;

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use redflag::trade::CountryCode;
use redflag::watchlist::{Format, ListFile, formats, read_as};

/// The readers that `FORMAT` names.
fn wanted() -> &'static [Format] {
    static WANTED: OnceLock<Vec<Format>> = OnceLock::new();
    WANTED.get_or_init(|| {
        let names = std::env::var("FORMAT").expect("FORMAT names no format");
        let find = |name: &str| formats().find(|format| format.key == name);
        names.split(',').map(|name| find(name).expect("FORMAT names an unknown format")).collect()
    })
}

fuzz_target!(|bytes: &[u8]| {
    let wanted = wanted();
    let parts = bytes.splitn(wanted.len(), |&byte| byte == 0x0c);
    let file = |at: usize, bytes: &[u8]| ListFile { name: format!("{at}.list"), bytes: bytes.to_vec() };
    let files = wanted.iter().zip(parts).enumerate().map(|(at, (format, bytes))| (*format, file(at, bytes)));
    let (lists, diagnostics) = read_as(files.collect(), &|name| CountryCode::new(name.get(..2)?));
    for diagnostic in diagnostics.iter() {
        let shown = diagnostic.render(false);
        assert!(!shown.is_empty());
        assert_eq!(diagnostic.excerpt().render(false), shown);
    }
    if !diagnostics.has_errors() {
        lists.iter().for_each(common::reads_back);
    }
});
