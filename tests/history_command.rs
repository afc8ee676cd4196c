//! Looking back on past shipments, as a user types it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use common::{command, folder, path, redflag};

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const HEAD: &str = "Reference,Exporter,Exporter Country,Consignee,Consignee Country,HS Code,Description,Quantity,Value,\
                    Currency,Departure,Destination,Ship Date\n";

/// A regular buyer of furniture, a buyer of needles, and others, over 2025.
fn past_rows() -> Vec<String> {
    (0..240)
        .map(|i: u32| {
            let (buyer, country, hs, goods) = match i % 3 {
                0 => ("Baltic Kitchens GmbH", "DE", "940340", "kitchen furniture"),
                1 => ("Norte Textil Ltda", "BR", "845230", "sewing machine needles"),
                _ => ("Nairobi Medical Stores", "KE", "300490", "paracetamol tablets 500 mg"),
            };
            let (month, day) = (i % 12 + 1, i * 7 % 28 + 1);
            format!(
                "P-{i},Penang Parts Sdn Bhd,MY,{buyer},{country},{hs},{goods},{},{}.{:02},USD,MY,{country},2025-{month:02}-{day:02}\n",
                40 + i % 17,
                3000 + i * 13 % 900,
                i % 100
            )
        })
        .collect()
}

fn today_rows() -> Vec<String> {
    (0..4)
        .map(|i| {
            format!(
                "T-{i},Penang Parts Sdn Bhd,MY,Osh Teknologiya LLC,KG,854231,integrated circuits,400,2{i}40.10,USD,MY,KG,2026-01-1{i}\n"
            )
        })
        .collect()
}

fn write(folder: &Path, name: &str, rows: &[String]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, format!("{HEAD}{}", rows.concat())).unwrap();
    path
}

/// The rules that fired, by reference, without head and fingerprint.
fn rules(args: &[&str]) -> Vec<String> {
    let mut all = vec!["screen", "--as-of", "2026-02-01", "--output", "csv-findings=-"];
    all.extend(args);
    let output = redflag(&all);
    let shown = text(&output.stdout);
    let mut reader = csv::Reader::from_reader(shown.as_bytes());
    let head = reader.headers().unwrap().clone();
    let place = |name: &str| head.iter().position(|cell| cell == name).unwrap();
    let (reference, rule, evidence) = (place("reference"), place("rule"), place("evidence"));
    let mut found: Vec<String> = reader
        .records()
        .map(|record| record.unwrap())
        .filter(|record| record[rule].starts_with("PAT-"))
        .map(|record| format!("{} {} {}", &record[reference], &record[rule], &record[evidence]))
        .collect();
    found.sort();
    found
}

#[test]
fn without_a_history_the_report_says_so_and_no_pattern_shows() {
    let folder = folder("history-none");
    let today = write(&folder, "today.csv", &today_rows());
    let output = redflag(&["screen", path(&today), "--as-of", "2026-02-01"]);
    assert!(text(&output.stdout).contains("no history is given"));
    assert_eq!(rules(&[path(&today)]), [""; 0]);
}

#[test]
fn files_a_store_and_standard_input_give_the_same_findings() {
    let folder = folder("history-same");
    let (past, today) = (past_rows(), today_rows());
    let whole = write(&folder, "past.csv", &past);
    let hand = write(&folder, "today.csv", &today);
    let found = rules(&[path(&hand), "--history", path(&whole)]);
    assert!(found.iter().any(|line| line.starts_with("T-0 PAT-101")), "{found:#?}");
    assert!(found.iter().any(|line| line.starts_with("T-0 PAT-105")), "{found:#?}");
    assert!(found.iter().any(|line| line.contains("PAT-106")), "{found:#?}");
    // Cut in three, named in another order, one row twice.
    let parts: Vec<PathBuf> = [200..240, 0..90, 89..200]
        .into_iter()
        .enumerate()
        .map(|(i, rows)| write(&folder, &format!("part-{i}.csv"), &past[rows]))
        .collect();
    let mut args = vec![path(&hand)];
    for part in &parts {
        args.extend(["--history", path(part)]);
    }
    assert_eq!(rules(&args), found);
    // A store that grew.
    let store = folder.join("store");
    for part in &parts {
        let added = redflag(&["history", "add", "--history-store", path(&store), path(part)]);
        assert_eq!(added.status.code(), Some(0), "{}", text(&added.stderr));
    }
    assert_eq!(rules(&[path(&hand), "--history-store", path(&store)]), found);
    // Taken in already: left out.
    let again = redflag(&["history", "add", "--history-store", path(&store), path(&parts[0])]);
    assert!(text(&again.stderr).contains("in the history already"));
    assert!(text(&again.stdout).contains("240 shipments of 3 files"), "{}", text(&again.stdout));
    let joined = redflag(&["history", "compact", "--history-store", path(&store)]);
    assert!(text(&joined.stdout).contains("in 1 segments"), "{}", text(&joined.stdout));
    assert_eq!(rules(&[path(&hand), "--history-store", path(&store)]), found);
    // The whole in one file, which is history for its own later rows.
    let mut all = past.clone();
    all.extend(today);
    let all = write(&folder, "all.csv", &all);
    assert_eq!(
        rules(&[path(&all), "--history-in-file"]).iter().filter(|line| line.starts_with("T-")).count(),
        found.len()
    );
    // Standard input is read twice.
    let output =
        command(&["screen", "-", "--as-of", "2026-02-01", "--history", path(&whole), "--output", "csv=-"])
            .stdin(fs::File::open(&hand).unwrap())
            .output()
            .unwrap();
    assert!(text(&output.stdout).contains("PAT-101"));
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let folder = folder("history-threads");
    let past = write(&folder, "past.csv", &past_rows());
    let hand = write(&folder, "today.csv", &today_rows());
    let run = |threads: &str| {
        let args =
            ["screen", path(&hand), "--history", path(&past), "--as-of", "2026-02-01", "--threads", threads];
        let output = redflag(&[&args[..], &["--output", "jsonl=-"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        output.stdout
    };
    let one = run("1");
    assert_eq!(one, run("2"));
    let shown = text(&one);
    assert!(shown.contains("\"series\"") && shown.contains("\"history\""));
}

#[test]
fn a_history_whose_names_were_read_in_another_way_is_refused_not_searched_in_vain() {
    let folder = folder("history-reading");
    let store = folder.join("store");
    let past = write(&folder, "past.csv", &past_rows());
    let today = write(&folder, "today.csv", &today_rows());
    let add = |file: &Path| redflag(&["history", "add", "--history-store", path(&store), path(file)]);
    assert_eq!(add(&past).status.code(), Some(0));
    let state = store.join("history.json");
    let mut json: serde_json::Value = serde_json::from_slice(&fs::read(&state).unwrap()).unwrap();
    json["reading"] = "0123456789abcdef".into();
    fs::write(&state, json.to_string()).unwrap();
    for output in [redflag(&["screen", "--history-store", path(&store), path(&today)]), add(&today)] {
        let words = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(words.contains("reads names in another way"), "{words}");
    }
}

#[test]
fn a_killed_add_leaves_the_old_history_or_the_new_one() {
    let folder = folder("history-kill");
    let store = folder.join("store");
    let past = past_rows();
    let first = write(&folder, "first.csv", &past[..100]);
    let second = write(&folder, "second.csv", &past[100..]);
    let add = |file: &Path| {
        let mut command = command(&["history", "add", "--history-store", path(&store), path(file)]);
        command.stdin(Stdio::null());
        command
    };
    assert_eq!(add(&first).output().unwrap().status.code(), Some(0));
    let shipments = || {
        let output = redflag(&["history", "status", "--json", "--history-store", path(&store)]);
        let state: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let parts = state["parts"].as_array().unwrap();
        let sum: u64 = parts.iter().map(|part| part["shipments"].as_u64().unwrap()).sum();
        (sum, state["files"].as_array().unwrap().len())
    };
    assert_eq!(shipments(), (100, 1));
    let mut killed = 0;
    for step in 0..60u64 {
        let mut child = add(&second).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(1 + step * 4000));
        killed += u32::from(child.try_wait().unwrap().is_none());
        let _ = child.kill();
        child.wait().unwrap();
        let state = shipments();
        assert!(state == (100, 1) || state == (240, 2), "{state:?}");
        if state == (240, 2) {
            break;
        }
    }
    assert!(killed > 0, "nothing was killed while it ran");
    assert_eq!(add(&second).output().unwrap().status.code(), Some(0));
    assert_eq!(shipments(), (240, 2));
    let left: Vec<String> = fs::read_dir(&store)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(".part-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
