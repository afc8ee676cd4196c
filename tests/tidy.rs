//! Holds the code to ARCHITECTURE.md: who may use whom, and what every file
//! must have.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};

/// Module → the modules of ours that it may use. The table of ARCHITECTURE.md.
const MAY_USE: [(&str, &[&str]); 24] = [
    ("trade", &[]),
    ("diagnostic", &[]),
    ("digest", &[]),
    ("name", &["diagnostic", "trade"]),
    ("place", &["diagnostic", "trade", "name"]),
    ("workbook", &[]),
    ("input", &["diagnostic", "trade", "name", "place", "workbook"]),
    ("watchlist", &["diagnostic", "digest", "trade", "name", "place", "shipped", "workbook"]),
    ("store", &["diagnostic", "digest", "watchlist"]),
    ("goods", &["diagnostic", "trade", "name", "shipped"]),
    ("licence", &["shipped", "diagnostic", "trade", "name", "place"]),
    ("advice", &["goods", "licence", "trade"]),
    ("matching", &["diagnostic", "digest", "trade", "name", "watchlist"]),
    ("flow", &["shipped", "diagnostic", "trade", "name", "place", "input", "goods", "watchlist", "matching"]),
    ("ownership", &["diagnostic", "digest", "trade", "name", "place", "watchlist", "matching", "shipped"]),
    // Of watchlist, matching, flow and ownership only the plain words (effect,
    // quality …).
    (
        "rule",
        &[
            "shipped",
            "diagnostic",
            "digest",
            "trade",
            "name",
            "place",
            "goods",
            "advice",
            "watchlist",
            "matching",
            "flow",
            "ownership",
        ],
    ),
    ("decision", &["diagnostic", "digest", "trade"]),
    ("config", &["decision", "diagnostic", "input", "matching", "rule", "store"]),
    ("shipped", &[]),
    (
        "screening",
        &[
            "trade",
            "name",
            "watchlist",
            "matching",
            "ownership",
            "flow",
            "goods",
            "licence",
            "advice",
            "place",
            "input",
            "rule",
            "config",
            "decision",
        ],
    ),
    ("evaluation", &[]),
    (
        "evidence",
        &[
            "config",
            "decision",
            "diagnostic",
            "digest",
            "flow",
            "input",
            "matching",
            "name",
            "ownership",
            "place",
            "rule",
            "screening",
            "shipped",
            "store",
            "trade",
            "watchlist",
        ],
    ),
    (
        "report",
        &[
            "digest",
            "trade",
            "watchlist",
            "matching",
            "rule",
            "screening",
            "input",
            "evaluation",
            "decision",
            "flow",
        ],
    ),
    (
        "bin",
        &[
            "advice",
            "config",
            "decision",
            "diagnostic",
            "digest",
            "evaluation",
            "evidence",
            "flow",
            "goods",
            "input",
            "licence",
            "matching",
            "name",
            "ownership",
            "place",
            "report",
            "rule",
            "screening",
            "store",
            "trade",
            "watchlist",
        ],
    ),
];

/// Longest file, in lines; tests in the file count.
const MOST_LINES: usize = 700;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(&root().join("src"), "rs", &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(root().join("src")).unwrap().to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

fn module(file: &str) -> String {
    file.split(['/', '.']).next().unwrap().to_owned()
}

#[test]
fn every_module_uses_only_what_it_may() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        if file == "lib.rs" {
            continue;
        }
        let own = module(&file);
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(name, _)| *name == own)
            .unwrap_or_else(|| panic!("{file}: the module `{own}` is not in the table"));
        let prefix = if own == "bin" { "redflag::" } else { "crate::" };
        for (number, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for after in line.split(prefix).skip(1) {
                let used: String =
                    after.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                let ours = MAY_USE.iter().any(|(name, _)| *name == used);
                if ours && used != own && !allowed.contains(&used.as_str()) {
                    wrong.push(format!("src/{file}:{}: `{own}` may not use `{used}`", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_and_stays_small() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        if !text.starts_with("//!") {
            wrong.push(format!("src/{file}: begins without `//!`"));
        }
        let lines = text.lines().count();
        if lines > MOST_LINES {
            wrong.push(format!("src/{file}: {lines} lines"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_library_reads_no_clock_no_environment_and_no_network() {
    let mut wrong = Vec::new();
    for (file, text) in sources().into_iter().filter(|(file, _)| !file.starts_with("bin/")) {
        for forbidden in [
            "SystemTime",
            "Instant::now",
            "Zoned::now",
            "Timestamp::now",
            "env::var",
            "TcpStream",
            "std::net",
        ] {
            if text.contains(forbidden) {
                wrong.push(format!("src/{file}: `{forbidden}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_one_file_can_open_a_connection() {
    let named: Vec<String> =
        sources().into_iter().filter(|(_, text)| text.contains("ureq")).map(|(file, _)| file).collect();
    assert_eq!(named, ["bin/redflag/lists/fetch.rs"]);
}

#[test]
fn every_rules_file_states_its_source_and_date() {
    let mut found = Vec::new();
    files(&root().join("rules"), "toml", &mut found);
    assert!(found.len() > 20, "the packs are not there");
    let mut wrong = Vec::new();
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        let document: toml::Table =
            text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let head = document.get("pack").or_else(|| document.get("list")).and_then(toml::Value::as_table);
        let stated = head.is_some_and(|head| {
            (head.contains_key("source") || head.contains_key("url")) && head.contains_key("date")
        });
        if !stated {
            wrong.push(format!("{}: no source or no date", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
