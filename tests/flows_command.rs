//! `redflag flows`, as a user types it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

#[path = "flows/planted.rs"]
mod planted;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Runs redflag in a folder.
fn redflag(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_redflag"))
        .args(args)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The lines of a table, in the order of the file.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Kind, partner, via, goods of the rows that somebody should look at.
fn flags(text: &str) -> Vec<[String; 4]> {
    let flagged = rows(text).into_iter().filter(|row| row[2] == "1");
    flagged.map(|row| [row[1].clone(), row[5].clone(), row[6].clone(), row[7].clone()]).collect()
}

#[test]
fn statistics_give_every_output_at_once() {
    let folder = folder("flows-outputs");
    let trade: Vec<_> = planted::trade(1).into_iter().take(40).collect();
    fs::write(folder.join("trade.csv"), planted::csv(&trade)).unwrap();
    let args = ["flows", "trade.csv", "-o", "html=f.html,csv=f.csv,jsonl=f.jsonl,csv-series=s.csv,text=-"];
    let output = redflag(&folder, &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    insta::assert_snapshot!("flows_text", stdout(&output));
    let csv = fs::read_to_string(folder.join("f.csv")).unwrap();
    let told = flags(&csv);
    assert!(told.iter().any(|row| row[1] == "KG" && row[3] == "800110"), "{told:?}");
    for series in trade.iter().filter(|series| matches!(series.truth, planted::Truth::Decoy(_))) {
        let flagged = told.iter().any(|row| row[1] == series.partner && row[3] == series.code);
        assert!(!flagged, "{:?} {told:?}", series.truth);
    }
    let lines = fs::read_to_string(folder.join("f.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), rows(&csv).len() + 2);
    let page = fs::read_to_string(folder.join("f.html")).unwrap();
    assert!(page.contains("class=\"map\"") && page.ends_with("</html>"));
    let again = redflag(&folder, &args);
    assert_eq!(stdout(&again), stdout(&output));
    assert_eq!(fs::read_to_string(folder.join("f.html")).unwrap(), page);
}

#[test]
fn a_compressed_file_in_two_parts_gives_the_findings_of_the_whole() {
    let folder = folder("flows-parts");
    let trade: Vec<_> = planted::trade(2).into_iter().take(40).collect();
    let text = planted::csv(&trade);
    fs::write(folder.join("whole.csv"), &text).unwrap();
    let (head, body) = text.split_once('\n').unwrap();
    let (odd, even): (Vec<_>, Vec<_>) = body.lines().enumerate().partition(|(at, _)| at % 2 == 1);
    let part = |lines: &[(usize, &str)]| {
        let lines: Vec<&str> = lines.iter().map(|(_, line)| *line).collect();
        format!("{head}\n{}\n", lines.join("\n"))
    };
    fs::write(folder.join("odd.csv"), part(&odd)).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(part(&even).as_bytes()).unwrap();
    fs::write(folder.join("even.dat"), packed.finish().unwrap()).unwrap();
    let whole = stdout(&redflag(&folder, &["flows", "whole.csv", "-o", "csv=-"]));
    assert_eq!(stdout(&redflag(&folder, &["flows", "even.dat", "odd.csv", "-o", "csv=-"])), whole);
    assert!(!flags(&whole).is_empty());
}

#[test]
fn a_bad_cell_ends_with_3_and_a_missing_column_with_2_and_advice() {
    let folder = folder("flows-faults");
    let mut text = String::from("Zeitraum;partner;hs6;value\n");
    for month in 1..=12 {
        text.push_str(&format!("2021-{month:02};KG;854231;100\n"));
    }
    text.push_str("2021-99;KG;854231;100\n2021-12;KG;854231;many\n");
    fs::write(folder.join("a.csv"), text).unwrap();
    let output = redflag(&folder, &["flows", "a.csv", "--column", "month=Zeitraum"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    for words in ["line 14, column \"Zeitraum\": \"2021-99\"", "line 15, column \"value\": \"many\""] {
        assert!(
            stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ").contains(words),
            "{}",
            stdout(&output)
        );
    }
    let wrong = redflag(&folder, &["flows", "a.csv", "--column", "month=Zeitraun"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("did you mean \"Zeitraum\"?"), "{}", stderr(&wrong));
    for args in [
        &["flows", "a.csv", "--by", "planet"][..],
        &["flows", "none.csv"],
        &["flows", "a.csv", "-o", "x.pdf"],
    ] {
        assert_eq!(redflag(&folder, args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn shipments_show_a_route_that_takes_over() {
    let folder = folder("flows-shipments");
    let mut text = String::from(
        "Reference,Ship Date,Departure Country,Transit Country,Destination Country,HS Code,Value,Currency,Net Weight (kg)\n",
    );
    for at in 0..36 {
        let (year, month) = (2022 + at / 12, at % 12 + 1);
        for order in 0..6 {
            let moved = at >= 26 && order < 4;
            let via = if moved {
                "TR"
            } else if order == 5 {
                "GE"
            } else {
                ""
            };
            let value = 900 + (at * 37 + order * 53) % 200;
            text.push_str(&format!(
                "S{at}-{order},{year}-{month:02}-1{order},DE,{via},KZ,85423100,{value},EUR,{value}\n"
            ));
        }
    }
    text.push_str("S-x,2024-12-20,DE,,KZ,85423100,900,USD,9\n");
    fs::write(folder.join("s.csv"), text).unwrap();
    let output = redflag(&folder, &["flows", "s.csv", "--by", "partner,via,code", "-o", "csv=-"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("read as shipments"));
    let told = flags(&stdout(&output));
    let share = ["share", "KZ", "TR", "854231"].map(str::to_owned);
    assert!(told.contains(&share), "{told:?}");
    assert!(told.iter().all(|row| row[0] != "share" || row[2] == "TR"), "{told:?}");
    let straight = redflag(&folder, &["flows", "s.csv", "-o", "csv=-"]);
    assert!(flags(&stdout(&straight)).is_empty(), "{}", stdout(&straight));
}

#[test]
fn nothing_after_the_month_of_the_findings_is_looked_at() {
    let folder = folder("flows-as-of");
    let trade: Vec<_> = planted::trade(5).into_iter().take(40).collect();
    fs::write(folder.join("all.csv"), planted::csv(&trade)).unwrap();
    let early: Vec<_> = trade
        .into_iter()
        .map(|mut series| {
            series.values.truncate(30);
            series.weights.truncate(30);
            series
        })
        .collect();
    fs::write(folder.join("early.csv"), planted::csv(&early)).unwrap();
    let told = |file: &str, more: &[&str]| {
        let mut args = vec!["flows", file, "-o", "csv=-"];
        args.extend(more);
        stdout(&redflag(&folder, &args))
    };
    assert_eq!(told("all.csv", &["--as-of", "2021-06"]), told("early.csv", &[]));
    assert_ne!(told("all.csv", &[]), told("early.csv", &[]));
}
