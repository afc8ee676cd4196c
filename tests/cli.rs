//! Whole commands, as a user types them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod common;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use common::{code, folder, path, redflag, stderr, stdout};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

const DAY: [&str; 2] = ["--as-of", "2026-08-15"];
const DEMO: &str = "samples/shipments/demo.csv";
const CLEAN: &str = "samples/shipments/clean.csv";
const BROKEN: &str = "samples/shipments/broken.csv";

/// The rows of the CSV report: reference → verdict.
fn verdicts(file: &str, more: &[&str]) -> Vec<(String, String)> {
    let mut args = vec!["screen", file, "--output", "csv=-"];
    args.extend(DAY);
    args.extend(more);
    let output = redflag(&args);
    let text = stdout(&output);
    csv::Reader::from_reader(text.as_bytes())
        .records()
        .map(|record| record.unwrap())
        .map(|record| (record[0].to_owned(), record[2].to_owned()))
        .collect()
}

#[test]
fn every_planted_case_is_held_or_blocked_and_every_clean_one_is_clear() {
    for (reference, verdict) in verdicts(DEMO, &[]) {
        let planted = reference.starts_with("S-1");
        let fits = if planted { ["block", "hold"].contains(&&*verdict) } else { verdict == "clear" };
        assert!(fits, "{reference}: {verdict}");
    }
    for (reference, verdict) in verdicts(CLEAN, &[]) {
        assert_eq!(verdict, "clear", "{reference}");
    }
}

#[test]
fn a_list_that_does_not_bind_the_company_holds_instead_of_blocking() {
    let of = |rows: &[(String, String)], reference: &str| {
        rows.iter().find(|(r, _)| r == reference).map(|(_, v)| v.clone()).unwrap()
    };
    assert_eq!(of(&verdicts(DEMO, &["--bound-by", "US"]), "S-1002"), "block");
    let output = redflag(&["screen", DEMO, "--as-of", "2026-08-15", "--bound-by", "MY", "-o", "csv=-"]);
    let text = stdout(&output);
    let row = text.lines().find(|line| line.contains("S-1003")).unwrap();
    assert!(row.contains("unilateral"), "{row}");
    assert_eq!(of(&verdicts(DEMO, &["--bound-by", "MY"]), "S-1003"), "hold");
}

#[test]
fn the_text_report_of_the_demonstration_reads_as_agreed() {
    let output = redflag(&["screen", DEMO, "--as-of", "2026-08-15"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(!text.contains('\u{1b}'), "no colour without a terminal");
    // The head and the end hold hashes that change with every pack.
    let body: Vec<&str> = text
        .lines()
        .skip_while(|line| !line.starts_with("BLOCK"))
        .take_while(|line| !line.starts_with("Rows"))
        .collect();
    insta::assert_snapshot!(body.join("\n"));
}

#[test]
fn check_tells_by_its_exit_code() {
    let check = |file: &str, more: &[&str]| {
        let mut args = vec!["check", file, "--output", "csv=-"];
        args.extend(more);
        code(&redflag(&args))
    };
    assert_eq!(check(CLEAN, &DAY), 0);
    assert_eq!(check(DEMO, &DAY), 1);
    assert_eq!(check(BROKEN, &DAY), 3);
    // Half a year later the lists are too old to trust that nothing is found,
    // unless somebody takes that on himself.
    assert_eq!(check(CLEAN, &["--as-of", "2027-01-31"]), 4);
    assert_eq!(check(CLEAN, &["--as-of", "2027-01-31", "--allow-old-lists", "test"]), 0);
    assert_eq!(check(DEMO, &["--as-of", "2027-01-31"]), 1);
}

#[test]
fn screen_reports_and_never_fails_on_findings() {
    for (file, wanted) in [(DEMO, 0), (CLEAN, 0), (BROKEN, 3)] {
        let output = redflag(&["screen", file, "--as-of", "2027-01-31", "--output", "jsonl=-"]);
        assert_eq!(code(&output), wanted, "{file}");
    }
}

#[test]
fn what_can_not_be_read_is_unscreened_with_line_and_reason() {
    let output = redflag(&["screen", BROKEN, "--as-of", "2026-08-15", "--output", "jsonl=-"]);
    let lines: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let summary = lines.last().unwrap();
    assert_eq!((&summary["rows_in"], &summary["rows_out"]), (&7.into(), &7.into()));
    assert_eq!(summary["unreadable_rows"], 2);
    assert!(stdout(&output).contains("generic words only"));
}

#[test]
fn several_outputs_come_from_one_run() {
    let folder = folder("outputs");
    let out = |name: &str| folder.join(name);
    let specs: Vec<String> = [
        ("html", "r.html"),
        ("jsonl", "r.jsonl"),
        ("csv", "r.csv"),
        ("csv-findings", "f.csv"),
        ("md", "r.md"),
        ("text", "r.txt"),
    ]
    .iter()
    .map(|(format, name)| format!("{format}={}", path(&out(name))))
    .collect();
    let mut args = vec!["screen", DEMO, "--as-of", "2026-08-15"];
    for spec in &specs {
        args.extend(["--output", spec]);
    }
    assert_eq!(code(&redflag(&args)), 0);
    for name in ["r.html", "r.jsonl", "r.csv", "f.csv", "r.md", "r.txt"] {
        let text = fs::read_to_string(out(name)).unwrap();
        for part in ["us-sdn", "2026-07-31", "S-1001"] {
            assert!(text.contains(part), "{name} lacks {part}");
        }
    }
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 6, "{left:?}");
}

#[test]
fn the_bytes_do_not_depend_on_the_threads() {
    let run = |threads: &str| {
        stdout(&redflag(&[
            "screen",
            DEMO,
            BROKEN,
            "--as-of",
            "2026-08-15",
            "--threads",
            threads,
            "-o",
            "jsonl=-",
        ]))
    };
    let one = run("1");
    assert!(one.len() > 1000);
    assert_eq!(one, run("2"));
    assert_eq!(one, run("5"));
}

#[test]
fn standard_input_and_folders_are_read() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_redflag"))
        .args(["screen", "-", "--as-of", "2026-08-15", "-o", "jsonl=-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &fs::read(root().join(CLEAN)).unwrap())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(stdout(&output).contains("V-303"));
    let output = redflag(&["screen", "samples/shipments", "--as-of", "2026-08-15", "-o", "jsonl=-"]);
    for reference in ["S-1001", "V-301", "B-7"] {
        assert!(stdout(&output).contains(reference), "{reference}");
    }
}

#[test]
fn whatever_is_broken_is_told_and_nothing_is_left_half_written() {
    let folder = folder("broken");
    let report = folder.join("report.html");
    let output_spec = format!("html={}", path(&report));
    let write = |name: &str, text: &str| {
        let file = folder.join(name);
        fs::write(&file, text).unwrap();
        path(&file).to_owned()
    };
    let rules = write("rules.toml", "[[rule]]\nid = \"X\"\n");
    let list = write("list.toml", "list.id = \"x\"\nentry = [ { id = \"1\" \n");
    let unknown = write("list.bin", "\u{1}\u{2}\u{3}");
    let config = write("redflag.toml", "[columns]\n\"consignee.nam\" = \"Kunde\"\n");
    let mistyped = write("mistyped.toml", "[screening]\nfail_on = \"hodl\"\n");
    let missing_header = write("missing.toml", "[columns]\n\"consignee.name\" = \"Kunde\"\n");
    let empty = write("empty.csv", "");
    for (args, said) in [
        (vec!["screen", CLEAN, "--rules", &rules], "`why` is missing"),
        (vec!["screen", CLEAN, "--list", &list], "this is not TOML"),
        (vec!["screen", CLEAN, "--list", &unknown], "list.bin"),
        (vec!["screen", CLEAN, "--config", &config], "consignee.nam"),
        (vec!["screen", CLEAN, "--config", &mistyped], "did you mean `hold`?"),
        (vec!["screen", CLEAN, "--config", &missing_header], "which the file does not have"),
        (vec!["screen", "no-such-file.csv"], "no-such-file.csv"),
        (vec!["screen", &empty], "is empty"),
        (vec!["screen", CLEAN, "--list", "no-such-list.csv"], "no-such-list.csv"),
    ] {
        let mut args = args;
        args.extend(["--output", &output_spec]);
        let output = redflag(&args);
        assert_eq!(code(&output), 2, "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(said), "{args:?}: {}", stderr(&output));
        assert!(!report.exists(), "{args:?}");
    }
    let left = fs::read_dir(&folder)
        .unwrap()
        .filter(|e| e.as_ref().unwrap().path().extension().is_some_and(|e| e == "part"))
        .count();
    assert_eq!(left, 0);
    let output = redflag(&["screen", CLEAN, "--output", "pdf=x.pdf"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("FORMAT=PATH"));
    let output = redflag(&["screen", CLEAN, "--output", "html=/no/such/folder/r.html"]);
    assert_eq!(code(&output), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_and_a_closed_pipe_are_told() {
    let output = Command::new(env!("CARGO_BIN_EXE_redflag"))
        .args(["screen", DEMO, "--as-of", "2026-08-15"])
        .current_dir(root())
        .stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap())
        .output()
        .unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("no space left"), "{}", stderr(&output));
    let mut child = Command::new(env!("CARGO_BIN_EXE_redflag"))
        .args(["screen", DEMO, "--as-of", "2026-08-15"])
        .current_dir(root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("was closed before everything was written"), "{}", stderr(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_given_as_output_is_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let output = redflag(&["screen", CLEAN, "--as-of", "2026-08-15", "--output", "csv=/dev/full"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("no space left"), "{}", stderr(&output));
    assert!(fs::metadata("/dev/full").unwrap().file_type().is_char_device());
}

#[test]
fn compare_explains_a_pair_in_plain_words() {
    let output = redflag(&["compare", "OOO Radio Avtomatika", "RADIOAVTOMATIKA LLC"]);
    assert_eq!(code(&output), 0);
    insta::assert_snapshot!(stdout(&output));
    let none = redflag(&["compare", "Quorvex", "Zolmer"]);
    assert!(stdout(&none).contains("No word of the one name is like a word of the other."));
    let first = redflag(&["compare", "Nar NAZARBAYEV", "NAZARBAYEV, Nursultan", "--kind", "person"]);
    assert!(!stdout(&first).contains("screened name"), "{}", stdout(&first));
    assert_eq!(code(&redflag(&["compare", "only one"])), 2);
}

#[test]
fn match_screens_a_column_of_names_against_an_own_list() {
    let folder = folder("match");
    let file = |name: &str, text: &str| {
        let file = folder.join(name);
        fs::write(&file, text).unwrap();
        path(&file).to_owned()
    };
    let queries = file(
        "q.csv",
        "id,name,country,kind\nq1,Jatroniks Sdn. Bhd.,MY,organization\nq2,Ateliers Vauquelin,,\n",
    );
    let list = file(
        "l.csv",
        "entity_id,kind,list,name_type,name,country\nE1,organization,own,primary,JATRONICS SDN BHD,MY\n",
    );
    let output = redflag(&["match", &queries, "--list", &list, "--min-score", "0.7"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("query_id,entity_id,score"), "{text}");
    assert!(lines.len() == 2 && lines[1].starts_with("q1,E1,0.9"), "{text}");
}

#[test]
fn the_commands_around_the_screening_work() {
    let output = redflag(&["rules", "list"]);
    assert!(code(&output) == 0 && stdout(&output).contains("DIV-101"), "{}", stderr(&output));
    let output = redflag(&["rules", "show", "DIV-101"]);
    for section in ["# DIV-101", "## Why it matters", "## When it fires", "## Authority", "## In force"] {
        assert!(stdout(&output).contains(section), "{section}");
    }
    let output = redflag(&["rules", "show", "DIV-10"]);
    assert!(code(&output) == 2 && stderr(&output).contains("did you mean"));
    let output = redflag(&["rules", "test"]);
    assert!(code(&output) == 0 && stdout(&output).contains(" 0 failed"), "{}", stdout(&output));
    let output = redflag(&["lists", "status", "--as-of", "2026-11-24"]);
    assert!(
        stdout(&output).contains("19181 entries") || stdout(&output).contains("19,181"),
        "{}",
        stdout(&output)
    );
    let folder = folder("init");
    let file = folder.join("redflag.toml");
    assert_eq!(code(&redflag(&["init", path(&file)])), 0);
    assert_eq!(code(&redflag(&["init", path(&file)])), 2);
    assert_eq!(
        code(&redflag(&["check", CLEAN, "--as-of", "2026-08-15", "--config", path(&file), "-o", "csv=-"])),
        0
    );
    assert!(stdout(&redflag(&["completions", "bash"])).contains("redflag"));
    let output = redflag(&["--help"]);
    insta::assert_snapshot!(stdout(&output));
}

#[test]
fn a_list_is_written_in_each_format_and_reads_again() {
    let folder = folder("lists_export");
    for (format, extension) in [("toml", "toml"), ("csv", "csv"), ("ftm", "ftm.json")] {
        let args = ["lists", "export", "--format", format, "tests/data/lists/own.csv", "-o", path(&folder)];
        let output = redflag(&args);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let written = folder.join(format!("house-deny.{extension}"));
        insta::assert_snapshot!(format!("lists_export_{format}"), fs::read_to_string(&written).unwrap());
        let again = folder.join(format);
        let args = ["lists", "export", path(&written), "-o", path(&again)];
        let output = redflag(&args);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(stderr(&output).contains("2 entries"), "{}", stderr(&output));
    }
    let output = redflag(&["lists", "export", "--format", "xml", "x.csv", "-o", path(&folder)]);
    assert_eq!(code(&output), 2);
}
