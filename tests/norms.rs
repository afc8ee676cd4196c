//! `norms learn`, `norms rank` and `screen --norms` as a user types them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use common::{redflag, stderr};

fn place(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("norms");
    fs::create_dir_all(&folder).unwrap();
    folder.join(name).to_str().unwrap().to_owned()
}

/// Past lines: chips at about 100 USD, desks at about 5 USD a kilogram.
fn past() -> String {
    let path = place("past.csv");
    let mut text = String::from("id,date,hs6,value_usd,net_weight_kg,quantity,unit,origin,departure\n");
    for i in 0..400u32 {
        let (hs, price, weight) =
            if i.is_multiple_of(2) { ("854231", 100, 0.01) } else { ("940330", 5, 20.0) };
        let kg = f64::from(1 + i % 9);
        let value = kg * f64::from(price) * (0.8 + f64::from(i % 17) / 40.0);
        let day = format!("2025-{:02}-{:02}", 1 + i % 12, 1 + i % 28);
        writeln!(text, "{i},{day},{hs},{value:.2},{kg},{:.0},pcs,DE,DE", kg / weight + 1.0).unwrap();
    }
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_value_far_from_what_is_usual_is_a_finding_and_a_usual_one_is_none() {
    let norms = place("usual.toml");
    let learned = redflag(&["norms", "learn", &past(), "-o", &norms]);
    assert_eq!(learned.status.code(), Some(0), "{}", stderr(&learned));
    let shipments = place("shipments.csv");
    fs::write(
        &shipments,
        "reference,hs,description,value,currency,net weight (kg),destination\n\
         usual,9403.30,Wooden office desks 160 cm,500,USD,100,DE\n\
         dear,9403.30,Wooden office desks 160 cm,90000,USD,100,DE\n\
         cheap,9403.30,Wooden office desks 160 cm,2,USD,100,DE\n\
         other-money,9403.30,Wooden office desks 160 cm,90000,EUR,100,DE\n",
    )
    .unwrap();
    let rules = |more: &[&str]| -> Vec<String> {
        let mut args = vec!["screen", &shipments, "--as-of", "2026-08-15", "-o", "csv=-"];
        args.extend(more);
        let text = String::from_utf8(redflag(&args).stdout).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows = reader.records().map(Result::unwrap);
        rows.map(|row| {
            let norms: Vec<&str> = row[3].split("; ").filter(|rule| rule.starts_with("NRM")).collect();
            format!("{} {}", &row[0], norms.join(" "))
        })
        .collect()
    };
    assert_eq!(rules(&["--norms", &norms]), ["usual ", "dear NRM-102", "cheap NRM-101", "other-money "]);
    assert!(rules(&[]).iter().all(|row| !row.contains("NRM")));
}

#[test]
fn a_damaged_file_of_norms_stops_the_run() {
    let norms = place("damaged.toml");
    fs::write(&norms, "[norms]\nversion = 1\nlines = \"x\"\n[[scale]]\nmeasure = \"price\"\n").unwrap();
    let output = redflag(&["screen", "samples/shipments/clean.csv", "--norms", &norms]);
    let words = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{words}");
    assert!(words.contains("damaged.toml:3:9") && words.contains("unknown word `price`"), "{words}");
    assert!(words.contains("nothing was screened"), "{words}");
    let missing = redflag(&["norms", "learn", "samples/ownership/owners.csv", "-o", "-"]);
    assert!(stderr(&missing).contains("no column for"), "{}", stderr(&missing));
}

#[test]
fn the_ranking_of_the_labelled_declarations_beats_unit_values_by_far() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/trade/shipments/kr_import_declarations_synthetic.csv.gz");
    let Ok(file) = fs::File::open(&data) else {
        eprintln!("skipped: {} is not there", data.display());
        return;
    };
    let declarations = place("declarations.csv");
    std::io::copy(&mut flate2::read::GzDecoder::new(file), &mut fs::File::create(&declarations).unwrap())
        .unwrap();
    let norms = place("declarations.toml");
    let learned = redflag(&[
        "norms",
        "learn",
        &declarations,
        "--label",
        "fraud",
        "--only",
        "split=train",
        "-o",
        &norms,
    ]);
    assert_eq!(learned.status.code(), Some(0), "{}", stderr(&learned));
    let ranked = place("ranked.csv");
    let output = redflag(&[
        "norms",
        "rank",
        &declarations,
        "--norms",
        &norms,
        "--label",
        "fraud",
        "--only",
        "split=test",
        "-o",
        &ranked,
    ]);
    let words = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{words}");
    let mut reader = csv::Reader::from_path(&ranked).unwrap();
    let wrong: Vec<bool> = reader.records().map(|row| &row.unwrap()[6] == "1").collect();
    assert_eq!(wrong.len(), 8481);
    let top = wrong.iter().take(848).filter(|wrong| **wrong).count();
    let all = wrong.iter().filter(|wrong| **wrong).count();
    // Measured: 748 of 848, against 184 by chance.
    assert!(top >= 730, "{top} of the first 848, {all} of all; {words}");
}
