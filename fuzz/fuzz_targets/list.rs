//! Any bytes as a list file of any format, told by its content; the samples of
//! all formats are the seeds:
//! `cargo +nightly fuzz run list fuzz/corpus/list tests/data/lists`
//!
//! A form feed divides the input into two files, for formats whose files belong
//! together.

#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use redflag::trade::CountryCode;
use redflag::watchlist::{ListFile, read};

fuzz_target!(|bytes: &[u8]| {
    let is_text = !bytes.starts_with(b"PK");
    let parts: Vec<&[u8]> =
        if is_text { bytes.splitn(2, |&byte| byte == 0x0c).collect() } else { vec![bytes] };
    let files = parts
        .iter()
        .enumerate()
        .map(|(at, bytes)| ListFile { name: format!("{at}.list"), bytes: bytes.to_vec() })
        .collect();
    let (lists, diagnostics) = read(files, &|name| CountryCode::new(name.get(..2)?));
    for diagnostic in diagnostics.iter() {
        assert!(!diagnostic.render(false).is_empty());
    }
    if !diagnostics.has_errors() {
        lists.iter().for_each(common::reads_back);
    }
});
