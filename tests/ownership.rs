//! Ownership files in whole commands: owned parties are found, mistakes stop
//! the run, and the reports say what is known.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod common;

use std::fs;
use std::path::PathBuf;
use std::process::Output;

const SHIPMENTS: &str = "samples/ownership/shipments.csv";
const OWNERS: &str = "samples/ownership/owners.csv";

fn redflag(args: &[&str]) -> Output {
    common::redflag(&[args, &["--as-of", "2026-08-15"]].concat())
}

fn file(name: &str, text: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("ownership");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Reference, verdict and rules of each shipment.
fn results(args: &[&str]) -> Vec<String> {
    let output = redflag(args);
    let text = String::from_utf8(output.stdout).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| format!("{} {} {}", &row[0], &row[2], &row[3]).trim_end().to_owned()).collect()
}

#[test]
fn owned_parties_are_found_although_they_are_on_no_list() {
    let without = results(&["screen", SHIPMENTS, "-o", "csv=-"]);
    assert!(without.iter().all(|row| row.ends_with("clear")), "{without:#?}");
    let with = results(&["screen", SHIPMENTS, "--ownership", OWNERS, "-o", "csv=-"]);
    assert_eq!(
        with,
        [
            // Half of it, through a holding of which 60 % are held.
            "O-1 block OWN-101",
            "O-2 block OWN-101",
            // Nobody knows how much.
            "O-3 hold OWN-103",
            // 30 %.
            "O-4 review OWN-104",
            // Sold in 2025; shipped before that.
            "O-5 clear",
            "O-6 block OWN-101",
            "O-7 clear",
        ]
    );
}

#[test]
fn an_owner_whose_law_does_not_bind_the_company_holds_the_shipment() {
    let own = file("not-bound.csv", "owner,owned,share\nROSOBORONEXPORT,Penrith Furniture Pty Ltd,60\n");
    let rows = results(&["screen", SHIPMENTS, "--ownership", &own, "--bound-by", "MY", "-o", "csv=-"]);
    assert!(rows.last().is_some_and(|row| row.starts_with("O-7 hold OWN-108")), "{rows:#?}");
}

#[test]
fn the_finding_reads_as_agreed() {
    let output = redflag(&["screen", SHIPMENTS, "--ownership", OWNERS, "-o", "jsonl=-"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let mut words = Vec::new();
    for line in text.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let findings = value["findings"].as_array().cloned().unwrap_or_default();
        for evidence in
            findings.iter().flat_map(|finding| finding["evidence"].as_array().cloned().unwrap_or_default())
        {
            words.push(format!(
                "{}: {}",
                value["reference"].as_str().unwrap_or_default(),
                evidence["words"].as_str().unwrap_or_default()
            ));
        }
        for sentence in value["not_screened"].as_array().into_iter().flatten().filter_map(|s| s.as_str()) {
            if sentence.starts_with("Ownership") && value["type"] == "summary" {
                words.push(sentence.to_owned());
            }
        }
    }
    words.dedup();
    insta::assert_snapshot!(words.join("\n"));
}

#[test]
fn every_mistake_of_an_ownership_file_stops_the_run_before_the_first_row() {
    let own = file("broken.csv", "owner,owned,share,until\nA,B,0.5,\nA,,50,\nA,B,50,soon\n");
    let output = redflag(&["screen", SHIPMENTS, "--ownership", &own]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    for part in [
        "broken.csv:2:5",
        "`0.5` may mean 0.5 % or 50 %",
        "has no name",
        "`soon` is no day",
        "nothing was screened",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(output.stdout.is_empty());
}

#[test]
fn the_project_can_name_its_ownership_files_and_toml_is_one() {
    let own = file(
        "own.toml",
        "[[holding]]\nowner = \"Jatronics Sdn Bhd\"\nowned = { name = \"Penrith Furniture\", country = \"AU\" }\nshare = 51\n",
    );
    let config = file("redflag.toml", "[ownership]\nfiles = [\"own.toml\"]\n");
    assert!(own.ends_with("own.toml"));
    let rows = results(&["screen", SHIPMENTS, "--config", &config, "-o", "csv=-"]);
    assert_eq!(rows.last().map(String::as_str), Some("O-7 block OWN-101"), "{rows:#?}");
}

#[test]
fn what_a_list_says_of_its_owners_is_used_without_any_file() {
    let list = file(
        "relations.toml",
        "list.id = \"house\"\nlist.title = \"House list\"\nlist.jurisdiction = \"own\"\nlist.regime = \"unilateral\"\n\
         list.effect = \"blocking\"\nlist.authority = \"Own policy.\"\nlist.citation = \"none\"\n\
         list.url = \"https://example.org\"\nlist.date = 2026-08-01\n\
         entry = [{ id = \"1\", kind = \"organization\", name = \"Volna Marine Radio AO\", \
         relation = [{ kind = \"owns\", name = \"Penrith Furniture Pty Ltd\", share = \"50-75\" }] }]\n",
    );
    let rows = results(&["screen", SHIPMENTS, "--list", &list, "-o", "csv=-"]);
    assert_eq!(rows.last().map(String::as_str), Some("O-7 block OWN-101"), "{rows:#?}");
}

#[test]
fn nothing_of_an_ownership_file_reaches_a_page_unescaped() {
    let own = file(
        "hostile.csv",
        "owner,owned,share,source\nJatronics Sdn Bhd,Penrith Furniture Pty Ltd,60,<script>alert(1)</script>\u{1b}[31m\n",
    );
    for format in ["html", "md", "text", "csv", "jsonl"] {
        let output = redflag(&["screen", SHIPMENTS, "--ownership", &own, "-o", &format!("{format}=-")]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("alert(1)"), "{format}");
        assert!(!text.contains('\u{1b}'), "{format}");
        assert!(
            format == "text" || format == "csv" || format == "jsonl" || !text.contains("<script>alert"),
            "{format}"
        );
    }
}

#[test]
fn a_decision_on_an_owner_lapses_when_another_share_or_owner_is_stated() {
    let owners = |text: &str| file("decided.csv", &format!("owner,owned,share\n{text}\n"));
    let own = owners("Jatronics Sdn Bhd,Penrith Furniture Pty Ltd,30");
    let report = file("decided.jsonl", "");
    let decisions = file("dispositions.toml", "");
    fs::remove_file(&decisions).unwrap();
    let config = file("decided.toml", "[decisions]\nfile = \"dispositions.toml\"\n");
    let screen = |own: &str, output: &str| {
        redflag(&["screen", SHIPMENTS, "--config", &config, "--ownership", own, "-o", output])
    };
    screen(&own, &format!("jsonl={report}"));
    let text = fs::read_to_string(&report).unwrap();
    let at = text.find("rf1:").unwrap();
    let mark: String = text[at..].chars().take_while(|c| *c != '"').collect();
    let who = ["--by", "A. Reader", "--reason", "the holder of the thirty per cent is another Jatronics"];
    let what = ["--decision", "false-positive", "--on", "2026-08-15", "--expires", "2027-01-31"];
    let args = ["clear", &report, "--config", &config, "--fingerprint", &mark];
    let cleared = common::redflag(&[&args[..], &who, &what].concat());
    assert!(cleared.status.success(), "{}", String::from_utf8_lossy(&cleared.stderr));
    let verdict = |own: &str| {
        let output = screen(own, "csv=-");
        let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
        reader.records().map(Result::unwrap).find(|row| &row[0] == "O-7").map(|row| row[2].to_owned())
    };
    assert_eq!(verdict(&own).as_deref(), Some("clear"));
    let more = owners("Jatronics Sdn Bhd,Penrith Furniture Pty Ltd,40");
    assert_eq!(verdict(&more).as_deref(), Some("review"));
    let other = owners("ROSOBORONEXPORT,Penrith Furniture Pty Ltd,30");
    assert_ne!(verdict(&other).as_deref(), Some("clear"));
}
