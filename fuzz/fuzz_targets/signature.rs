//! Any text as allowed signers and as a signature: told with its line or taken,
//! never a panic.
//!
//! Form feeds divide the input into signers, signature and signed bytes.

#![no_main]

use jiff::civil::Date;
use libfuzzer_sys::fuzz_target;
use redflag::decision::{Allowed, AllowedKey, AllowedSigner, SignatureKind};
use redflag::diagnostic::{Diagnostics, SourceFile};

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(3, |&byte| byte == 0x0c);
    let mut text = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let (signers, signature) = (text(), text());
    let signed = parts.next().unwrap_or_default();
    let file = SourceFile::new("allowed_signers", signers.as_str());
    let mut out = Diagnostics::default();
    let read = AllowedSigner::read(&file, &mut out);
    for mistake in &out {
        assert!(!mistake.render(false).is_empty());
    }
    let keys: Vec<AllowedKey> =
        signers.lines().filter_map(|line| AllowedKey::new("somebody", line)).collect();
    let allowed = Allowed { keys: &keys, signers: &read };
    for kind in [SignatureKind::Minisign, SignatureKind::Ssh] {
        let _ = allowed.verify(kind, signed, &signature, Date::constant(2026, 11, 26));
    }
});
