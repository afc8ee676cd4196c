//! Any bytes as an OFAC list. `cargo +nightly fuzz run ofac`
//!
//! A form feed divides the input into the four files of a list, so that the
//! fuzzer can make rows that belong together.

#![no_main]

use libfuzzer_sys::fuzz_target;
use redflag::trade::CountryCode;
use redflag::watchlist::{ListFile, read, write_toml};

fuzz_target!(|bytes: &[u8]| {
    let names = ["sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"];
    let parts = bytes.splitn(names.len(), |&byte| byte == 0x0c);
    let files = names
        .iter()
        .zip(parts)
        .map(|(name, bytes)| ListFile { name: (*name).to_owned(), bytes: bytes.to_vec() })
        .collect();
    let (lists, diagnostics) = read(files, &|name| CountryCode::new(name.get(..2)?));
    for diagnostic in diagnostics.iter() {
        assert!(!diagnostic.render(false).is_empty());
    }
    if diagnostics.has_errors() {
        return;
    }
    // What reads without an error can be written and read again.
    for list in &lists {
        let mut bytes = Vec::new();
        assert!(write_toml(list, &mut bytes).is_ok());
        let (again, diagnostics) = read(vec![ListFile { name: "again.toml".to_owned(), bytes }], &|_| None);
        assert!(!diagnostics.has_errors());
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].parties, list.parties);
    }
});
