//! Any text as a rule file: mistakes, never a panic, and each can be shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use redflag::diagnostic::SourceFile;
use redflag::rule::Library;

fuzz_target!(|text: &str| {
    let (_, mistakes) = Library::load(&[SourceFile::new("fuzz.toml", text)], None);
    for mistake in &mistakes {
        assert!(!mistake.render(false).is_empty());
    }
});
