//! `audit show`: the recorded runs, or all of one.

use std::fmt::Write as _;

use redflag::evidence::{ListFiles, Record, RunLink, Runs};
use redflag::report::visible;
use redflag::rule::Verdict;

use crate::args::RunsArgs;
use crate::failure::{Exit, Failure};
use crate::print;
use crate::recording::failure;

pub fn show(word: Option<&str>, json: bool, args: &RunsArgs) -> Result<Exit, Failure> {
    let runs = super::runs(args)?;
    let Some(word) = word else { return print(list(&runs)?.as_bytes()) };
    let link = runs.find(word).map_err(|error| failure(&error))?;
    let record = runs.record(&link).map_err(|error| failure(&error))?;
    let text = if json {
        let text = serde_json::to_string_pretty(&record).map_err(|error| Failure::new(error.to_string()))?;
        format!("{text}\n")
    } else {
        one(&link, &record)
    };
    print(text.as_bytes())
}

fn list(runs: &Runs) -> Result<String, Failure> {
    let mut text = String::new();
    for link in runs.runs().map_err(|error| failure(&error))? {
        let held = link.held.as_ref().map_or(String::new(), |why| format!("; held: {}", visible(why)));
        if link.pruned {
            let _ = writeln!(text, "{}  pruned", link.run);
            continue;
        }
        let words = match runs.record(&link) {
            Ok(record) => format!(
                "{} as of {}: {} rows, {}; {}",
                record.basis.command,
                record.basis.as_of,
                record.summary.rows_in,
                verdicts(&record),
                record.inputs.iter().map(|input| visible(&input.file.name)).collect::<Vec<_>>().join(", ")
            ),
            Err(error) => error.to_string(),
        };
        let _ = writeln!(text, "{}  {words}{held}", link.run);
    }
    if text.is_empty() {
        text.push_str("no run is recorded\n");
    }
    Ok(text)
}

/// Worst first.
fn verdicts(record: &Record) -> String {
    let counts = Verdict::ALL.iter().rev().filter_map(|verdict| {
        let count = record.summary.at(*verdict);
        (count > 0).then(|| format!("{count} {verdict}"))
    });
    counts.collect::<Vec<_>>().join(", ")
}

fn one(link: &RunLink, record: &Record) -> String {
    let basis = &record.basis;
    let mut text = String::new();
    let mut row = |key: &str, value: &str| {
        let _ = writeln!(text, "{key:13} {}", visible(value));
    };
    row("run", &link.run);
    row("chain", &format!("line {}, record SHA-256 {}", link.seq, link.record));
    if let Some(why) = &link.held {
        row("held", why);
    }
    row("time", &format!("{} to {}", record.started, record.finished));
    row("program", &format!("redflag {}, tables {}", basis.program.version, basis.program.tables_sha256));
    row("command", &basis.command);
    for (key, value) in &basis.parameters {
        row(&format!("  {key}"), value);
    }
    for input in &record.inputs {
        let kept = if input.stored { "kept" } else { "not kept" };
        let file = &input.file;
        row(
            "input",
            &format!(
                "{}: {} rows, {} bytes, {kept}, SHA-256 {}",
                file.name, input.rows, file.bytes, file.sha256
            ),
        );
    }
    let company = if basis.profile.company.is_empty() { "company not named" } else { &basis.profile.company };
    row("profile", &format!("{company}, bound by {}", basis.profile.bound_by.join(", ")));
    row(
        "thresholds",
        &format!("possible from {}, strong from {}", basis.thresholds.possible, basis.thresholds.strong),
    );
    if let Some(config) = &basis.config {
        row("config", &format!("{}, SHA-256 {}", config.name, config.sha256));
    }
    if let Some(decisions) = &basis.decisions {
        row("decisions", &format!("{}, SHA-256 {}", decisions.name, decisions.sha256));
    }
    row("rules", &format!("{} files, SHA-256 {}", basis.rules.files.len(), basis.rules.sha256));
    for list in &basis.lists {
        let date = list.date.map_or_else(|| "no date".to_owned(), |date| date.to_string());
        row("list", &format!("{}: {date}, {} entries, SHA-256 {}", list.id, list.entries, list.sha256));
    }
    for group in &basis.list_files {
        if let ListFiles::Store { source, edition, sha256, .. } = group {
            row("edition", &format!("{source}@{edition}, SHA-256 {sha256}"));
        }
    }
    for words in &basis.not_screened {
        row("not screened", words);
    }
    let summary = &record.summary;
    row(
        "rows",
        &format!(
            "{} in, {} accounted for, {} unreadable",
            summary.rows_in, summary.rows_out, summary.unreadable_rows
        ),
    );
    row("verdicts", &format!("{} shipments: {}", summary.shipments, verdicts(record)));
    for (rule, count) in &summary.rules {
        row(&format!("  {rule}"), &count.to_string());
    }
    let results = &record.results;
    row(
        "results",
        &format!(
            "{} lines, {} parties, {} bytes ({} stored), SHA-256 {}",
            results.lines, results.parties, results.bytes, results.stored_bytes, results.sha256
        ),
    );
    text
}
