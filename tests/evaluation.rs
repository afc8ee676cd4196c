//! `redflag eval` as a user types it, and its agreement with the reference
//! scorer.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{folder, redflag, stderr};
use serde_json::Value;

const QUERIES: &str = "tests/data/evaluation/queries.csv";
const TARGETS: &str = "tests/data/evaluation/targets.csv";
const HITS: &str = "tests/data/evaluation/hits.csv";
const PAIRS: &str = "tests/data/evaluation/pairs.csv";
const PAIR_SCORES: &str = "tests/data/evaluation/pair_scores.csv";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn stdout(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(args: &[&str]) -> Value {
    let mut all = vec!["eval"];
    all.extend(args);
    all.extend(["-o", "json=-"]);
    serde_json::from_str(&stdout(&redflag(&all))).unwrap()
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn the_text_of_labelled_queries_reads_as_agreed() {
    let text = stdout(&redflag(&["eval", QUERIES, "--hits", HITS, "--list", TARGETS]));
    insta::assert_snapshot!(text);
}

#[test]
fn the_text_of_labelled_pairs_reads_as_agreed() {
    let text = stdout(&redflag(&["eval", "--pairs", PAIRS, "--scores", PAIR_SCORES, "--threshold", "0.7"]));
    insta::assert_snapshot!(text);
}

#[test]
fn eval_matches_exactly_as_match_does() {
    let folder = folder("eval-as-match");
    let hits = folder.join("hits.csv");
    let hits = hits.to_str().unwrap();
    let matched =
        redflag(&["match", QUERIES, "--list", TARGETS, "--min-score", "0.3", "--top", "25", "-o", hits]);
    assert_eq!(matched.status.code(), Some(0), "{}", stderr(&matched));
    let mut direct = json(&[QUERIES, "--list", TARGETS]);
    let mut through = json(&[QUERIES, "--list", TARGETS, "--hits", hits]);
    for value in [&mut direct, &mut through] {
        value.as_object_mut().unwrap().remove("about").unwrap();
    }
    assert_eq!(direct, through);
    assert!(direct["at_fpr"]["0.05"]["recall"].as_f64().unwrap() > 0.5, "{direct:#}");

    let scores = folder.join("scores.csv");
    let scores = scores.to_str().unwrap();
    assert_eq!(redflag(&["compare", "--pairs", PAIRS, "-o", scores]).status.code(), Some(0));
    let direct = json(&["--pairs", PAIRS]);
    let through = json(&["--pairs", PAIRS, "--scores", scores]);
    for key in ["at_threshold", "best", "auc_roc", "per_quality", "per_group", "per_schema", "sweep"] {
        assert_eq!(direct[key], through[key], "{key}");
    }
    assert!((direct["threshold"].as_f64().unwrap() - 0.6).abs() < 1e-9);
}

#[test]
fn every_output_comes_from_one_run_and_says_what_was_measured() {
    let folder = folder("eval-outputs");
    let out = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (html, json, csv, text) = (out("e.html"), out("e.json"), out("e.csv"), out("e.txt"));
    let output = redflag(&[
        "eval", QUERIES, "--list", TARGETS, "-o", &html, "-o", &json, "-o", &csv, "-o", &text, "--bands",
        "10",
    ]);
    assert_eq!(stdout(&output), "");
    let read = |path: &str| fs::read_to_string(path).unwrap();
    let value: Value = serde_json::from_str(&read(&json)).unwrap();
    assert_eq!(value["calibration"].as_array().unwrap().len(), 10);
    assert_eq!(value["neg_used"], "all");
    let sha256 = value["about"]["sha256"].as_str().unwrap();
    for (name, text) in [("html", read(&html)), ("text", read(&text))] {
        for part in [&sha256[..12], "house-deny", "watch-council", "queries.csv", env!("CARGO_PKG_VERSION")] {
            assert!(text.contains(part), "{name} lacks {part}");
        }
    }
    assert!(read(&csv).starts_with("threshold,recall,fpr,precision\n"));
    assert!(value["at_fpr"]["0.01"]["by_list"]["house-deny"]["recall"].is_number());
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let folder = folder("eval-wrong");
    let file = |name: &str, text: &str| write(&folder, name, text);
    let head = "id,name,country,kind,class,truth_entity_ids\n";
    let no_truth = file("no-truth.csv", "id,name\nq1,Somebody\n");
    let twice = file("twice.csv", &format!("{head}q1,A,,,,\nq2,B,,,,\nq1,C,,,,\n"));
    let empty = file("empty.csv", head);
    let good =
        file("good.csv", &format!("{head}q1,Graufels Werkzeug,,,exact,H-1\nq2,Nobody Known,,,other,\n"));
    let no_score = file("no-score.csv", "query_id,entity_id\nq1,H-1\n");
    let pairs = file("pairs.csv", "case_id,name1,name2\np1,A,B\n");
    for (args, said) in [
        (vec![no_truth.as_str()], "the column `truth_entity_ids` is missing"),
        (vec![&twice], "line 4: the id `q1` stands on an earlier line too"),
        (vec![&empty], "holds no row"),
        (vec!["no-such-file.csv"], "no-such-file.csv"),
        (vec![&good, "--hits", &no_score], "the column `score` is missing"),
        (vec!["--pairs", &pairs], "the column `is_match` is missing"),
        (vec![&good, "-o", "pdf=x"], "FORMAT=PATH"),
        (vec![&good, "-o", "-", "-o", "json=-"], "named twice"),
        (vec![&good, "--target-alarm-rate", "1"], "below 1"),
        (vec![&good, "--bands", "0"], "from 1 to 1000"),
        (vec![&good, "--pairs", PAIRS], "cannot be used with"),
        (vec![&good, "--threshold", "0.5"], "cannot be used with"),
        (vec![], "required"),
    ] {
        let mut all = vec!["eval"];
        all.extend(&args);
        let output = redflag(&all);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(said), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn bad_rows_are_told_counted_and_left_out() {
    let folder = folder("eval-bad-rows");
    let queries = folder.join("q.csv");
    let mut bytes = b"id,name,country,kind,class,truth_entity_ids\n".to_vec();
    bytes.extend(b"q1,Graufels Werkzeug GmbH,,organization,exact,H-1\n");
    bytes.extend(b"q2,Nobody, Ltd,,organization,other,\n");
    bytes.extend(b"q3,Short\n");
    bytes.extend(b"q4,Latin \xe9,,organization,other,\n");
    bytes.extend(b"q5,Alderbrook Foods,,company,other,\n");
    fs::write(&queries, bytes).unwrap();
    let output = redflag(&["eval", queries.to_str().unwrap(), "--list", TARGETS]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let said = stderr(&output);
    for line in
        ["line 3: not evaluated: 7 cells under 6 headings", "line 4: not", "line 5: not evaluated: not UTF-8"]
    {
        assert!(said.contains(line), "{said}");
    }
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("3 rows could not be read"), "{text}");
    assert!(text.contains("1 positive, 1 negative"), "{text}");
    assert!(text.contains("a kind that is not known (such as company)"), "{text}");

    let hits = write(
        &folder,
        "h.csv",
        "query_id,entity_id,score\nq02,H-1,high\nq02,H-1,NaN\nnobody,H-1,0.5\nq03,H-2,0.5\n",
    );
    let output = redflag(&["eval", QUERIES, "--hits", &hits]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("line 2: not evaluated: the score `high` is not a number"));
    assert!(stderr(&output).contains("line 3: not evaluated: the score `NaN`"));
    assert!(String::from_utf8(output.stdout).unwrap().contains("1 hit for queries that are not in the file"));

    let pairs = write(&folder, "p.csv", "case_id,name1,name2,is_match\np1,A B,A B,true\np2,A,B,maybe\n");
    let output = redflag(&["eval", "--pairs", &pairs]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("`maybe` in is_match is neither true nor false"));
}

#[test]
fn truth_that_no_list_holds_is_counted() {
    let folder = folder("eval-truth");
    let text =
        "id,name,truth_entity_ids\nq1,Graufels Werkzeug GmbH,H-1;X-1\nq2,Nowhere Ltd,X-2\nq3,Else Ltd,\n";
    let queries = write(&folder, "q.csv", text);
    let value = json(&[&queries, "--list", TARGETS]);
    let notes = value["about"]["notes"].to_string();
    assert!(
        notes.contains("2 of 3 truth ids stand on none of the lists (such as X-1). 1 of the positives"),
        "{notes}"
    );
}

#[test]
fn positives_or_negatives_alone_give_what_they_can() {
    let folder = folder("eval-alone");
    let all = fs::read_to_string(root().join(QUERIES)).unwrap();
    let head = all.lines().next().unwrap();
    for (name, negative, note) in [
        ("positives.csv", false, "No query is a negative"),
        ("negatives.csv", true, "No query has a true entity"),
    ] {
        let rows = all.lines().skip(1).filter(|line| line.ends_with(',') == negative);
        let text = rows.fold(format!("{head}\n"), |text, line| text + line + "\n");
        let queries = write(&folder, name, &text);
        let text = stdout(&redflag(&["eval", &queries, "--list", TARGETS]));
        assert!(text.contains(note), "{text}");
        assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
        let value = json(&[&queries, "--list", TARGETS]);
        assert!(value["auc_roc"].is_null());
        assert_eq!(value["configured"]["possible"]["recall"].is_null(), negative);
        assert_eq!(value["at_fpr"].as_object().unwrap().is_empty(), !negative);
        let html = format!("html={}", folder.join("e.html").to_str().unwrap());
        assert_eq!(redflag(&["eval", &queries, "--list", TARGETS, "-o", &html]).status.code(), Some(0));
    }
}

/// The reference scorer and its data, which do not come with the project.
fn kit() -> Option<PathBuf> {
    let kit = root().join("../shared/eval");
    let python =
        Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
    if kit.join("score.py").is_file() && python {
        return Some(kit);
    }
    println!("skipped: no python3, or no scorer at {}", kit.display());
    None
}

/// What the reference scorer makes of the files.
fn reference(kit: &Path, folder: &Path, args: &[&str]) -> Value {
    let out = folder.join("reference.json");
    let output = Command::new("python3")
        .arg(kit.join("score.py"))
        .args(args)
        .arg("--json")
        .arg(&out)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // Python writes what JSON does not know; here nothing to tell is `null`.
    let text = fs::read_to_string(out).unwrap();
    let text =
        [": NaN", ": -Infinity", ": Infinity"].iter().fold(text, |text, word| text.replace(word, ": null"));
    serde_json::from_str(&text).unwrap()
}

/// Everything the reference says must stand here too, to the last digit that
/// a sum in another order leaves.
fn agree(reference: &Value, ours: &Value, place: &str) -> usize {
    match (reference, ours) {
        (Value::Object(reference), Value::Object(ours)) => reference
            .iter()
            .map(|(key, value)| {
                let place = format!("{place}/{key}");
                agree(value, ours.get(key).unwrap_or_else(|| panic!("{place} is missing")), &place)
            })
            .sum(),
        (Value::Array(reference), Value::Array(ours)) => {
            assert_eq!(reference.len(), ours.len(), "{place}");
            reference.iter().zip(ours).map(|(reference, ours)| agree(reference, ours, place)).sum()
        }
        (Value::Number(reference), Value::Number(number)) => {
            let (reference, number) = (reference.as_f64().unwrap(), number.as_f64().unwrap());
            assert!(
                (reference - number).abs() <= 1e-12 * reference.abs().max(1.0),
                "{place}: {reference} {number}"
            );
            1
        }
        _ => {
            assert_eq!(reference, ours, "{place}");
            0
        }
    }
}

/// Compares queries and hits under every choice of negatives.
fn agree_on_hits(kit: &Path, folder: &Path, queries: &str, hits: &str) {
    let mut numbers = 0;
    for negatives in ["all", "natural", "near"] {
        let curve = folder.join("curve.csv");
        let args = ["screen", queries, hits, "--neg", negatives, "--curve", curve.to_str().unwrap()];
        let theirs = reference(kit, folder, &args);
        let ours = json(&[queries, "--hits", hits, "--negatives", negatives]);
        numbers += agree(&theirs, &ours, negatives);
        numbers += agree_on_curve(&fs::read_to_string(&curve).unwrap(), &ours["sweep"]);
    }
    assert!(numbers > 100, "{numbers}");
    println!("{numbers} numbers agree on {queries}");
}

/// Rows of the reference's curve whose thresholds the sweep holds too.
fn agree_on_curve(curve: &str, sweep: &Value) -> usize {
    let round = |value: &Value, decimals: usize| {
        value.as_f64().map_or(f64::NAN, |value| format!("{value:.decimals$}").parse::<f64>().unwrap())
    };
    let sweep = sweep.as_array().unwrap();
    assert!(sweep.len() <= 500);
    let mut met = 0;
    for record in csv::Reader::from_reader(curve.as_bytes()).records() {
        let row: Vec<f64> = record.unwrap().iter().map(|cell| cell.parse().unwrap()).collect();
        let Some(ours) =
            sweep.iter().find(|ours| (ours["threshold"].as_f64().unwrap() - row[0]).abs() < 1e-12)
        else {
            continue;
        };
        for (theirs, ours) in row[1..].iter().zip([
            round(&ours["recall"], 5),
            round(&ours["fpr"], 6),
            round(&ours["precision"], 5),
        ]) {
            assert!((theirs - ours).abs() < 1e-9, "{row:?} {ours}");
            met += 1;
        }
    }
    assert!(met > 0);
    met
}

/// Hits as a poor matcher might give them: deterministic, with many ties, some
/// queries without any.
fn made_up_hits(queries: &str, every: u64) -> String {
    let mut hits = String::from("query_id,entity_id,score\n");
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    for record in csv::Reader::from_reader(queries.as_bytes()).records() {
        let record = record.unwrap();
        for truth in record[5].split(';').filter(|id| !id.is_empty()) {
            if next() % 10 > 1 {
                writeln!(hits, "{},{truth},0.{:04}", &record[0], 4000 + next() % 6000 / every * every)
                    .unwrap();
            }
        }
        for wrong in 0..next() % 3 {
            writeln!(hits, "{},wrong-{wrong},0.{:04}", &record[0], 2000 + next() % 6500 / every * every)
                .unwrap();
        }
    }
    hits
}

#[test]
fn the_reference_scorer_agrees_on_queries() {
    let Some(kit) = kit() else { return };
    let folder = folder("eval-reference");
    agree_on_hits(&kit, &folder, QUERIES, HITS);
    let all = kit.join("queries_dev.csv");
    let text = fs::read_to_string(&all).unwrap();
    for every in [1, 50, 1000] {
        let hits = write(&folder, "made-up.csv", &made_up_hits(&text, every));
        agree_on_hits(&kit, &folder, all.to_str().unwrap(), &hits);
    }
}

#[test]
fn the_reference_scorer_agrees_on_what_the_matcher_finds() {
    let Some(kit) = kit() else { return };
    let folder = folder("eval-reference-match");
    let text = fs::read_to_string(kit.join("queries_dev.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut some = csv::Writer::from_writer(Vec::new());
    some.write_record(reader.headers().unwrap()).unwrap();
    for record in reader.records().step_by(17) {
        some.write_record(&record.unwrap()).unwrap();
    }
    let queries = write(&folder, "queries.csv", &String::from_utf8(some.into_inner().unwrap()).unwrap());
    let targets = kit.join("targets.csv");
    let hits = folder.join("hits.csv");
    let (targets, hits) = (targets.to_str().unwrap(), hits.to_str().unwrap());
    let matched = redflag(&["match", &queries, "--list", targets, "--min-score", "0.3", "-o", hits]);
    assert_eq!(matched.status.code(), Some(0), "{}", stderr(&matched));
    let theirs = reference(&kit, &folder, &["screen", &queries, hits]);
    let numbers = agree(&theirs, &json(&[&queries, "--list", targets]), "match");
    assert!(numbers > 100, "{numbers}");
}

#[test]
fn the_reference_scorer_agrees_on_pairs() {
    let Some(kit) = kit() else { return };
    let folder = folder("eval-reference-pairs");
    for (threshold, pairs, scores) in [
        ("0.7", PAIRS.to_owned(), PAIR_SCORES.to_owned()),
        ("0.8", kit.join("pairs_dev.csv").to_str().unwrap().to_owned(), String::new()),
    ] {
        let made = folder.join("scores.csv");
        let scores = if scores.is_empty() {
            assert_eq!(
                redflag(&["compare", "--pairs", &pairs, "-o", made.to_str().unwrap()]).status.code(),
                Some(0)
            );
            made.to_str().unwrap().to_owned()
        } else {
            scores
        };
        let theirs = reference(&kit, &folder, &["pairs", &pairs, &scores, "--threshold", threshold]);
        let mut direct = vec!["--pairs", &pairs, "--threshold", threshold];
        if scores == PAIR_SCORES {
            direct.extend(["--scores", &scores]);
        }
        let numbers = agree(&theirs, &json(&direct), &pairs);
        assert!(numbers > 20, "{numbers}");
    }
}
