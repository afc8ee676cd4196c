//! Signatures that ssh-keygen made, and files of allowed signers as people
//! write them.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Diagnostics, SourceFile};

const SIGNED: &[u8] = include_bytes!("../../../tests/data/decisions/dispositions.toml");
const ALLOWED: &str = include_str!("../../../tests/data/decisions/ssh/allowed_signers");
const REFUSED: &str = include_str!("../../../tests/data/decisions/ssh/refused_keys");

/// A signature a kind of key, and whose it is.
const GOOD: [(&str, &str); 6] = [
    ("a.reader@example.com", include_str!("../../../tests/data/decisions/ssh/ed25519.sig")),
    ("B. Other", include_str!("../../../tests/data/decisions/ssh/ecdsa.sig")),
    ("c.third@example.com, deputy@example.com", include_str!("../../../tests/data/decisions/ssh/rsa.sig")),
    (
        "c.third@example.com, deputy@example.com",
        include_str!("../../../tests/data/decisions/ssh/rsa-sha256.sig"),
    ),
    ("d.fourth@example.com", include_str!("../../../tests/data/decisions/ssh/sk-ed25519.sig")),
    ("e.fifth@example.com", include_str!("../../../tests/data/decisions/ssh/sk-ecdsa.sig")),
];

fn read(text: &str) -> (Vec<AllowedSigner>, Vec<String>) {
    let mut out = Diagnostics::default();
    let signers = AllowedSigner::read(&SourceFile::new("allowed_signers", text), &mut out);
    (signers, out.iter().map(|mistake| mistake.render(false)).collect())
}

fn signers(text: &str) -> Vec<AllowedSigner> {
    let (signers, mistakes) = read(text);
    assert_eq!(mistakes, [""; 0], "{text}");
    signers
}

fn verify(signers: &[AllowedSigner], bytes: &[u8], signature: &str, day: Date) -> Result<String, String> {
    let allowed = Allowed { keys: &[], signers };
    allowed.verify(SignatureKind::Ssh, bytes, signature, day).map(str::to_owned)
}

fn good(signers: &[AllowedSigner], signature: &str) -> Result<String, String> {
    verify(signers, SIGNED, signature, date(2026, 8, 15))
}

/// The Ed25519 key of the first line.
fn key() -> &'static str {
    let line = ALLOWED.lines().find(|line| line.starts_with("a.reader")).unwrap();
    line.split_once(' ').unwrap().1
}

#[test]
fn a_signature_of_every_kind_of_key_counts_for_its_file_and_for_no_other() {
    let signers = signers(ALLOWED);
    let mut changed = SIGNED.to_vec();
    changed[40] ^= 1;
    for (name, signature) in GOOD {
        assert_eq!(good(&signers, signature).as_deref(), Ok(name));
        let windows = signature.replace('\n', "\r\n");
        assert_eq!(good(&signers, &windows).as_deref(), Ok(name), "lines that end as on Windows");
        let why = verify(&signers, &changed, signature, date(2026, 8, 15)).unwrap_err();
        assert!(why.contains("does not fit the file"), "{name}: {why}");
    }
}

#[test]
fn a_key_that_is_not_named_another_namespace_and_a_certificate_are_refused() {
    let signers = signers(ALLOWED);
    let why = good(&signers, include_str!("../../../tests/data/decisions/ssh/other.sig")).unwrap_err();
    assert_eq!(
        why,
        "was made with a key that is not among the allowed signers \
         (SHA256:KEwNs3/Kwn4cS0MutO+b1lgXi1iUc6zoZRdlQSKPD2w)"
    );
    let why =
        good(&signers, include_str!("../../../tests/data/decisions/ssh/namespace-file.sig")).unwrap_err();
    assert_eq!(why, "was made for the namespace `file`; sign again, with `-n redflag`");
    let why = good(&signers, include_str!("../../../tests/data/decisions/ssh/cert.sig")).unwrap_err();
    assert!(why.contains("one of a certificate is not supported"), "{why}");
}

#[test]
fn a_key_counts_on_the_days_that_it_is_valid_throughout() {
    // valid-after, valid-before, the first and the last day.
    let cases = [
        ("20260810", "20260820", 10, 19),
        ("20260810Z", "20260820Z", 10, 19),
        ("202608100000", "202608200000", 10, 19),
        ("20260810000001Z", "20260819235958UTC", 11, 18),
        ("202608101200", "202608201200z", 11, 19),
        ("20260810000000", "20260819235959", 10, 19),
    ];
    for (after, before, first, last) in cases {
        let text = format!("a@b valid-after=\"{after}\",valid-before=\"{before}\" {}", key());
        let signers = signers(&text);
        for day in 5..25 {
            let told = verify(&signers, SIGNED, GOOD[0].1, date(2026, 8, day));
            assert_eq!(told.is_ok(), (first..=last).contains(&day), "{text}: {day}: {told:?}");
        }
        let on = |day| verify(&signers, SIGNED, GOOD[0].1, date(2026, 8, day)).unwrap_err();
        assert_eq!(
            on(5),
            format!(
                "was made with a key of a@b that allowed_signers:1 allows from 2026-08-{first} on only; the run \
                 is as of 2026-08-05"
            )
        );
        assert!(on(24).contains(&format!("allows until 2026-08-{last} only")), "{}", on(24));
    }
}

#[test]
fn a_key_counts_for_the_namespaces_of_its_line() {
    let cases = [
        ("redflag", true),
        ("file,redflag", true),
        ("red*", true),
        ("*f*g", true),
        ("?????ag", true),
        ("*", true),
        ("!file,*", true),
        ("*,!red*", false),
        ("!redflag,redflag", false),
        ("!file", false),
        ("file", false),
        ("redflags", false),
        ("redfla", false),
        ("?redflag", false),
        ("Redflag", false),
        ("*red*x", false),
        ("", false),
    ];
    for (namespaces, counts) in cases {
        let signers = signers(&format!("a@b namespaces=\"{namespaces}\" {}", key()));
        let told = good(&signers, GOOD[0].1);
        assert_eq!(told.is_ok(), counts, "{namespaces}: {told:?}");
        if let Err(why) = told {
            assert!(why.contains("allowed_signers:1 does not allow for `redflag`"), "{why}");
        }
    }
}

#[test]
fn of_several_lines_of_one_key_any_may_allow_it() {
    let lines = |first: &str, second: &str| signers(&format!("a {first} {0}\nb {second} {0}\n", key()));
    let (file, ours) = ("namespaces=\"file\"", "namespaces=\"redflag\"");
    assert_eq!(good(&lines(file, ours), GOOD[0].1).as_deref(), Ok("b"));
    assert_eq!(good(&lines(ours, file), GOOD[0].1).as_deref(), Ok("a"));
    assert!(good(&lines(file, file), GOOD[0].1).is_err());
}

#[test]
fn blanks_comments_and_marks_of_the_byte_order_are_no_mistakes() {
    let key = key();
    let text =
        format!("\u{feff}# ours\r\n\r\n \t# more\r\n\t a@b\t namespaces=\"x\"  {key}\r\n\"A. B\" {key}");
    let names: Vec<String> = signers(&text).into_iter().map(|signer| signer.name).collect();
    assert_eq!(names, ["a@b", "A. B"]);
}

#[test]
fn every_line_that_cannot_be_read_is_told_with_what_to_do() {
    let key = key();
    let kind = key.split(' ').next().unwrap();
    let mut text = [
        format!("{key}\n"),
        format!("good@example.com {key}\n"),
        "a@b\n".to_owned(),
        format!("a@b {kind}\n"),
        format!("a@b {kind} AAAAC3NzaC1lZDI1NTE5\n"),
        format!("a@b ssh-rsa {}\n", key.split(' ').nth(1).unwrap()),
        format!("a@b {}\n", key.split(' ').nth(1).unwrap()),
        format!("a,,b {key}\n"),
        format!("\"A. Reader {key}\n"),
        format!("*@example.com cert-authority {key}\n"),
        format!("a@b namespaces=redflag {key}\n"),
        format!("a@b namespaces=\"redflag\",namespaces=\"file\" {key}\n"),
        format!("a@b namespaces=\"redflag\", {key}\n"),
        format!("a@b valid-after=\"20260230\" {key}\n"),
        format!("a@b valid-before=\"2026-08-15\" {key}\n"),
        format!("a@b valid-after=\"20260815\",valid-before=\"20260815\" {key}\n"),
        format!("a@b no-touch-required {key}\n"),
    ]
    .concat();
    for line in REFUSED.lines().filter(|line| !line.starts_with('#')) {
        text.push_str(&format!("a@b {line}\n"));
    }
    let (signers, mistakes) = read(&text);
    assert_eq!(signers.len(), 1);
    // The letters of a key say nothing.
    let keys = text.split(' ').filter(|word| word.len() > 60);
    let told = keys.fold(mistakes.join("\n\n"), |told, key| told.replace(key.trim_end(), "AAAA…"));
    insta::assert_snapshot!(told);
}

#[test]
fn a_file_that_allows_nobody_is_a_mistake() {
    for text in ["", "# nobody\n\n", "\u{feff}"] {
        let (_, mistakes) = read(text);
        assert!(mistakes.len() == 1 && mistakes[0].contains("no key may sign"), "{mistakes:?}");
    }
}

/// Pieces that files of allowed signers are made of, right and wrong.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("a@b".to_owned()),
        Just(key().to_owned()),
        Just(key().split(' ').next().unwrap().to_owned()),
        prop::sample::select(vec![
            " ", "\t", "\n", "\r\n", "\"", ",", "=", "#", "!", "*", "\u{feff}", "ssh-rsa", "é", "Z",
        ])
        .prop_map(str::to_owned),
        prop::sample::select(vec!["namespaces=", "valid-after=", "VALID-before=", "cert-authority"])
            .prop_map(str::to_owned),
        "\"[0-9]{4,16}Z?\"",
        "[A-Za-z0-9+/=]{0,40}",
        "\\PC{0,3}",
    ]
}

proptest! {
    /// Whatever stands in the file: every line is a key or a mistake that shows
    /// in its line.
    #[test]
    fn any_text_is_read_as_allowed_signers_or_told(
        text in prop_oneof![
            any::<String>(),
            prop::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat()),
        ],
    ) {
        let file = SourceFile::new("allowed_signers", text.as_str());
        let mut out = Diagnostics::default();
        let signers = AllowedSigner::read(&file, &mut out);
        prop_assert!(!signers.is_empty() || out.has_errors());
        let said = |line: &&str| {
            let line = line.trim_start_matches(['\u{feff}', ' ', '\t']).trim_end_matches('\r');
            !line.is_empty() && !line.starts_with('#')
        };
        let lines = text.split('\n').filter(said).count();
        prop_assert!(signers.len() + out.iter().count() >= lines);
        for mistake in out.iter().filter(|mistake| mistake.place.is_some()) {
            let (line, _) = mistake.line_column().unwrap();
            let place = format!("allowed_signers:{line}:");
            prop_assert!(mistake.render(false).contains(&place));
        }
        for signer in &signers {
            prop_assert!(!signer.name.trim().is_empty());
            let _ = verify(std::slice::from_ref(signer), SIGNED, GOOD[0].1, date(2026, 8, 15));
        }
    }

    #[test]
    fn any_text_is_read_as_a_signature_or_refused(
        text in any::<String>(),
        body in "[A-Za-z0-9+/=\n]{0,400}",
    ) {
        let signers = signers(ALLOWED);
        let armoured = format!("-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n");
        for text in [text, armoured] {
            prop_assert!(good(&signers, &text).is_err());
        }
    }

    /// Nothing that a signature says can be changed, cut off or put in.
    #[test]
    fn a_damaged_signature_counts_for_nobody(
        which in 0..GOOD.len(),
        at in any::<prop::sample::Index>(),
        letter in "[A-Za-z0-9+/]",
        how in 0..3,
    ) {
        let lines: Vec<&str> = GOOD[which].1.lines().collect();
        let mut body = lines[1..lines.len() - 1].concat();
        // The `=` at the end say nothing.
        let at = at.index(body.trim_end_matches('=').len());
        match how {
            0 => body.replace_range(at..=at, &letter),
            1 => body.truncate(at),
            _ => body.insert_str(at, &letter.repeat(4)),
        }
        let wrapped: Vec<String> =
            body.as_bytes().chunks(70).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        let text = format!("{}\n{}\n{}\n", lines[0], wrapped.join("\n"), lines[lines.len() - 1]);
        // The length of a part may be written otherwise and say the same.
        let says = |text: &str| ssh_key::SshSig::from_pem(text).ok();
        prop_assume!(says(&text) != says(GOOD[which].1));
        prop_assert!(good(&signers(ALLOWED), &text).is_err(), "{:?}", says(&text));
    }
}
