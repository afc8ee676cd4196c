//! Any text as the files that a project keeps: decisions, a baseline, the
//! configuration, pins. Mistakes, never a panic, and each can be shown.
//!
//! The first character chooses the file.

#![no_main]

use jiff::civil::Date;
use libfuzzer_sys::fuzz_target;
use redflag::config::Config;
use redflag::decision::{Decisions, Options};
use redflag::diagnostic::{Diagnostics, SourceFile};
use redflag::store::Pins;

fuzz_target!(|text: &str| {
    let mut characters = text.chars();
    let Some(which) = characters.next() else { return };
    let file = SourceFile::new("fuzz.toml", characters.as_str());
    let mut out = Diagnostics::default();
    match which {
        'b' => drop(Decisions::read_baseline(&file, &mut out)),
        'c' => drop(Config::parse(&file, &mut out)),
        'p' => {
            if let Ok(pins) = Pins::parse(&file.text) {
                let text = pins.write().unwrap();
                assert_eq!(Pins::parse(&text), Ok(pins));
            }
        }
        _ => decisions(&file, &mut out),
    }
    for mistake in &out {
        assert!(!mistake.render(false).is_empty());
    }
});

/// Decisions that can be read are told what is wrong with them, and read the
/// same when they are written.
fn decisions(file: &SourceFile, out: &mut Diagnostics) {
    let decisions = Decisions::parse(file, Options::default(), out);
    let day = Date::constant(2026, 11, 26);
    let _ = decisions.problems(day, None);
    if out.has_errors() {
        return;
    }
    for decision in decisions.all() {
        let mut again = Diagnostics::default();
        let text = decision.to_toml();
        let written =
            Decisions::parse(&SourceFile::new("again.toml", text.as_str()), Options::default(), &mut again);
        assert!(!again.has_errors(), "{text}");
        assert_eq!(written.all().len(), 1);
    }
}
