//! A warm start from the compiled lists says what the cold one said, also of
//! lists that were not understood whole.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;
#[cfg(unix)]
use std::io::Write;
use std::path::PathBuf;
use std::process::Output;
#[cfg(unix)]
use std::process::Stdio;
use std::time::SystemTime;

use common::{code, folder, stderr, stdout};

/// A country that is none, and a kind that is none: warnings in two places.
const DOUBTFUL: &str = "\
entity_id,name,kind,country
A-1,Graufels Werkzeug GmbH,organization,Atlantis
A-2,Oreldorf Tools,spirit,DE
";

const ROWS: &str = "reference,consignee,destination\nA,Graufels Werkzeug GmbH,DE\nB,Nobody At All,DE\n";

/// A folder with a list, shipments and a cache of its own.
struct Place {
    folder: PathBuf,
}

impl Place {
    fn new(name: &str, list: &str) -> Self {
        let place = Self { folder: folder(name) };
        fs::write(place.folder.join("rows.csv"), ROWS).unwrap();
        place.list(list);
        place
    }

    fn list(&self, text: &str) {
        fs::write(self.folder.join("own.csv"), text).unwrap();
    }

    /// Checks the shipments against the list.
    fn check(&self, format: &str) -> Output {
        self.check_with(format, &[])
    }

    fn check_with(&self, format: &str, more: &[&str]) -> Output {
        let arguments = ["check", "rows.csv", "--only-lists", "--list", "own.csv", "--as-of", "2026-03-09"];
        common::command(&arguments)
            .args(["--allow-old-lists", "a test", "-o", format])
            .args(more)
            .current_dir(&self.folder)
            .env("REDFLAG_CACHE", self.folder.join("cache"))
            .output()
            .unwrap()
    }

    /// What is kept, with the time at which it was written.
    fn kept(&self) -> Vec<(PathBuf, SystemTime)> {
        let Ok(entries) = fs::read_dir(self.folder.join("cache")) else { return Vec::new() };
        let mut kept: Vec<_> = entries
            .map(Result::unwrap)
            .map(|entry| (entry.path(), entry.metadata().unwrap().modified().unwrap()))
            .collect();
        kept.sort();
        kept
    }
}

#[test]
fn a_warm_start_repeats_to_the_byte_what_was_said_of_the_lists() {
    let place = Place::new("start-warnings", DOUBTFUL);
    let cold = place.check("jsonl=-");
    let said = stderr(&cold);
    assert!(said.contains("Atlantis") && said.contains("own.csv:2:"), "{said}");
    assert!(said.contains("spirit") && said.contains("own.csv:3:"), "{said}");
    assert_eq!(code(&cold), 1, "{said}");
    assert!(stdout(&cold).contains("A-1"));
    let kept = place.kept();
    assert_eq!(kept.len(), 1, "{kept:?}");
    for format in ["jsonl=-", "text=-"] {
        let warm = place.check(format);
        assert_eq!(stderr(&warm), said, "{format}");
        assert_eq!(code(&warm), 1);
        assert_eq!(place.kept(), kept, "{format}: the lists were read anew");
    }
    assert_eq!(place.check("jsonl=-").stdout, cold.stdout);
}

#[test]
fn a_changed_list_is_read_anew_and_its_warnings_stand_where_they_now_are() {
    let place = Place::new("start-changed", DOUBTFUL);
    place.check("jsonl=-");
    place.list(&DOUBTFUL.replace("A-1,", "A-0,Somebody Else,person,DE\nA-1,"));
    for _ in 0..2 {
        let said = stderr(&place.check("jsonl=-"));
        assert!(said.contains("own.csv:3:") && said.contains("own.csv:4:"), "{said}");
        assert!(!said.contains("own.csv:2:"), "{said}");
        assert_eq!(place.kept().len(), 2);
    }
    // A list of which nothing is said stays one, whatever was said before.
    place.list(&DOUBTFUL.replace("Atlantis", "DE").replace("spirit", "person"));
    for _ in 0..2 {
        let said = stderr(&place.check("jsonl=-"));
        assert!(!said.contains("own.csv"), "{said}");
    }
}

#[test]
fn a_damaged_cache_is_replaced_and_nothing_of_it_is_said() {
    let place = Place::new("start-damaged", DOUBTFUL);
    let cold = place.check("jsonl=-");
    let file = place.kept().remove(0).0;
    let whole = fs::read(&file).unwrap();
    let at = whole.windows(8).rposition(|bytes| bytes == b"Atlantis").unwrap();
    let mut damaged = whole.clone();
    damaged[at] = b'a';
    for bytes in [damaged, whole[..whole.len() - 1].to_vec(), Vec::new(), b"RFLISTS\n".to_vec()] {
        fs::write(&file, bytes).unwrap();
        let again = place.check("jsonl=-");
        assert_eq!(stderr(&again), stderr(&cold));
        assert_eq!((code(&again), again.stdout), (code(&cold), cold.stdout.clone()));
        assert!(fs::read(&file).unwrap() == whole, "the damaged file was not replaced");
    }
}

/// A pipe gives its bytes once: they must not be spent on telling whether the
/// compiled lists are of this list.
#[cfg(unix)]
#[test]
fn a_list_that_comes_through_a_pipe_is_screened_against_and_not_kept() {
    let place = Place::new("start-pipe", DOUBTFUL);
    for _ in 0..2 {
        let mut child = common::command(&["check", "rows.csv", "--only-lists", "--list", "/dev/stdin"])
            .args(["--as-of", "2026-03-09", "--allow-old-lists", "a test", "-o", "jsonl=-"])
            .current_dir(&place.folder)
            .env("REDFLAG_CACHE", place.folder.join("cache"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(DOUBTFUL.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        assert!(stdout(&output).contains("A-1") && stderr(&output).contains("Atlantis"));
        assert_eq!(place.kept(), []);
    }
}

#[test]
fn a_list_with_an_error_is_never_kept() {
    let place = Place::new("start-error", &format!("{DOUBTFUL}A-3,,person,DE\n"));
    for _ in 0..2 {
        let output = place.check("jsonl=-");
        assert_eq!(code(&output), 2, "{}", stderr(&output));
        assert!(stderr(&output).contains("own.csv:4:"), "{}", stderr(&output));
        assert_eq!(place.kept(), []);
    }
}

/// Enough owners for their names to be kept, and a listed one of `last`.
fn owners(last: &str) -> String {
    let letters = || 'a'..='k';
    let pairs = letters().flat_map(|one| letters().map(move |other| format!("{one}{other}rg{other}l{one}")));
    let rows: String = pairs.map(|word| format!("K{word},M{word} Handel,60 %,2025-01-01,file\n")).collect();
    format!("owner,owned,share,as of,source\n{rows}Graufels Werkzeug GmbH,{last},80 %,2025-01-01,file\n")
}

#[test]
fn owners_whose_names_were_compared_before_give_the_same_findings() {
    let place = Place::new("start-owners", &DOUBTFUL.replace("Atlantis", "DE").replace("spirit", "person"));
    fs::write(place.folder.join("rows.csv"), "reference,consignee,destination\nA,Nobody At All,DE\n")
        .unwrap();
    let kept = || -> Vec<(PathBuf, SystemTime)> {
        let of_owners = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "owners");
        place.kept().into_iter().filter(|(path, _)| of_owners(path)).collect()
    };
    let check = |last: &str| {
        fs::write(place.folder.join("owners.csv"), owners(last)).unwrap();
        place.check_with("jsonl=-", &["--ownership", "owners.csv"])
    };
    let cold = check("Nobody At All");
    assert!(stdout(&cold).contains("Graufels Werkzeug GmbH"), "{}", stderr(&cold));
    let first = kept();
    assert_eq!(first.len(), 1, "{first:?}");
    let same = |output: &Output| {
        assert_eq!((code(output), stderr(output)), (code(&cold), stderr(&cold)));
        assert!(output.stdout == cold.stdout, "another report");
    };
    same(&check("Nobody At All"));
    assert_eq!(kept(), first, "the names were compared anew");
    // A damaged file is not believed.
    let whole = fs::read(&first[0].0).unwrap();
    for bytes in [whole[..whole.len() - 1].to_vec(), [&whole[..], &[0; 8]].concat(), Vec::new()] {
        fs::write(&first[0].0, bytes).unwrap();
        same(&check("Nobody At All"));
        assert!(fs::read(&first[0].0).unwrap() == whole, "the damaged file was not replaced");
    }
    assert!(!stdout(&check("Somebody Else")).contains("Graufels Werkzeug GmbH"));
    assert_eq!(kept().len(), 2);
}
