//! What holds for `check` and `screen` whatever the format.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod common;

use common::{code, folder, path, redflag, stderr, stdout};
use redflag::report::Format;

const DAY: [&str; 2] = ["--as-of", "2026-08-15"];
/// A small list: what is tried here does not depend on the lists.
const SMALL: [&str; 3] = ["--only-lists", "--list", "rules/lists/own-example.toml"];
const SAMPLES: [(&str, i32, i32); 3] = [
    ("samples/shipments/demo.csv", 1, 0),
    ("samples/shipments/clean.csv", 0, 0),
    ("samples/shipments/broken.csv", 3, 3),
];

#[test]
fn the_exit_code_does_not_depend_on_the_format() {
    let folder = folder("gate_formats");
    for (sample, check, screen) in SAMPLES {
        for format in Format::ALL {
            let file = folder.join(format!("{format}.out"));
            let output = format!("{format}={}", path(&file));
            for (command, wanted) in [("check", check), ("screen", screen)] {
                let done =
                    redflag(&[&[command, sample, "--output", &output][..], &DAY[..], &SMALL[..]].concat());
                assert_eq!(code(&done), wanted, "{command} {sample} {format}: {}", stderr(&done));
                assert!(std::fs::metadata(&file).unwrap().len() > 200, "{command} {sample} {format}");
            }
        }
        // All of them in one run, against the shipped lists.
        let outputs: Vec<String> = Format::ALL
            .iter()
            .map(|format| format!("{format}={}", path(&folder.join(format!("all.{format}")))))
            .collect();
        let mut args = vec!["check", sample, DAY[0], DAY[1]];
        for output in &outputs {
            args.extend(["--output", output]);
        }
        assert_eq!(code(&redflag(&args)), check, "{sample}");
    }
}

#[test]
fn a_workbook_is_written_to_a_pipe_too() {
    let done = redflag(&["check", SAMPLES[1].0, DAY[0], DAY[1], "--output", "xlsx=-"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    assert!(done.stdout.starts_with(b"PK"));
}

#[test]
fn the_standard_log_of_code_scanning_names_lines_of_the_file() {
    let done = redflag(&["check", SAMPLES[0].0, DAY[0], DAY[1], "--output", "sarif=-"]);
    let log: serde_json::Value = serde_json::from_str(&stdout(&done)).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() > 5);
    for result in results {
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], SAMPLES[0].0);
        let line = place["region"]["startLine"].as_u64().unwrap();
        let text = std::fs::read_to_string(SAMPLES[0].0).unwrap();
        let row = text.lines().nth(usize::try_from(line).unwrap() - 1).unwrap();
        let reference = result["locations"][0]["logicalLocations"][0]["name"].as_str().unwrap();
        assert!(row.starts_with(reference), "{line}: {row}");
        assert!(result["partialFingerprints"]["redflagFinding/v1"].as_str().unwrap().starts_with("rf1:"));
    }
}

#[test]
fn a_decision_is_a_suppression_in_the_log() {
    let folder = folder("gate_suppressed");
    let (run, decisions) = (folder.join("run.jsonl"), folder.join("dispositions.toml"));
    let output = format!("jsonl={}", path(&run));
    assert_eq!(code(&redflag(&["screen", SAMPLES[0].0, DAY[0], DAY[1], "--output", &output])), 0);
    let text = std::fs::read_to_string(&run).unwrap();
    let marks: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|line| line["type"] == "screening")
        .flat_map(|line| line["findings"].as_array().unwrap().clone())
        .filter(|finding| finding["verdict"] == "hold")
        .flat_map(|finding| finding["marks"].as_array().unwrap().clone())
        .collect();
    let fingerprint = marks[0]["fingerprint"].as_str().unwrap();
    let done = redflag(&[
        "clear",
        path(&run),
        "--fingerprint",
        fingerprint,
        "--decision",
        "false-positive",
        "--by",
        "A. Reader",
        "--reason",
        "looked at and found to be another",
        "--on",
        "2026-08-15",
        "--expires",
        "2026-12-31",
        "--override",
        "the entry was compared by hand",
        "--decisions",
        path(&decisions),
    ]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    let with =
        ["check", SAMPLES[0].0, DAY[0], DAY[1], "--decisions", path(&decisions), "--output", "sarif=-"];
    let log: serde_json::Value = serde_json::from_str(&stdout(&redflag(&with))).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let suppressed: Vec<_> =
        results.iter().filter(|result| !result["suppressions"].as_array().unwrap().is_empty()).collect();
    assert!(!suppressed.is_empty());
    for result in suppressed {
        assert_eq!(result["partialFingerprints"]["redflagFinding/v1"], fingerprint);
        let why = result["suppressions"][0]["justification"].as_str().unwrap();
        assert!(why.contains("A. Reader") && why.contains("found to be another"), "{why}");
    }
}
