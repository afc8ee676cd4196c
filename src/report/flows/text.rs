//! The findings for people, on a terminal of 80 columns.

use crate::flow::series::{Analysis, Finding, Kind};
use crate::report::escape::visible;
use crate::report::words::{count, number, short_hash, size};
use crate::report::wrap::{pad, width, wrap};

use super::{About, words};

const COLUMNS: usize = 80;
/// Columns of the labels at the head.
const LABEL: usize = 10;
/// Cells that could not be used, shown at most.
const FAULTS: usize = 20;

pub fn render(about: &About, analysis: &Analysis) -> String {
    let mut out = format!("Trade flows, redflag {}\n\n", visible(&about.program_version));
    for (at, (name, sha256)) in about.files.iter().enumerate() {
        let words = format!("{}, SHA-256 {}", visible(name), short_hash(sha256));
        fact(&mut out, if at == 0 { "Files" } else { "" }, &words);
    }
    fact(
        &mut out,
        "Series",
        &format!(
            "{} by {}, {} of {}",
            number(analysis.series),
            about.by.join(", "),
            about.measure.key(),
            count(about.rows, "row", "rows")
        ),
    );
    for (at, note) in words::notes(about, analysis).iter().enumerate() {
        fact(&mut out, if at == 0 { "Note" } else { "" }, &visible(note));
    }
    let flags: Vec<&Finding> = analysis.flags().collect();
    out.push_str(&format!("\n{}", count(size(flags.len()), "finding", "findings")));
    let shown = flags.len().min(about.top);
    out.push_str(&if shown < flags.len() {
        format!(", the first {}:\n", number(size(shown)))
    } else {
        ":\n".to_owned()
    });
    for (at, finding) in flags.iter().take(shown).enumerate() {
        let watched = if finding.priority { ", watched goods" } else { "" };
        let title = format!(
            "{}, {} ({}{watched})",
            words::lane(about, finding),
            words::goods(&finding.subject),
            words::kind(finding.kind)
        );
        item(
            &mut out,
            &format!("{:>4}", at + 1),
            &visible(&title),
            &visible(&words::sentence(about, finding)),
        );
    }
    destinations(&mut out, about, analysis);
    let context = |kind: Kind| size(analysis.findings.iter().filter(|finding| finding.kind == kind).count());
    out.push_str(&format!(
        "\nFor context: {}, {} of price alone.\n",
        count(context(Kind::Fall), "fall", "falls"),
        count(context(Kind::Price), "rise", "rises")
    ));
    if !about.faults.is_empty() {
        out.push_str("\nNot used\n");
        for fault in about.faults.iter().take(FAULTS) {
            let column = if fault.column.is_empty() {
                String::new()
            } else {
                format!(", column \"{}\"", fault.column)
            };
            let cell = if fault.text.is_empty() { String::new() } else { format!(" \"{}\"", fault.text) };
            let words = format!("{} line {}{column}:{cell} {}", fault.file, fault.line, fault.reason);
            for (at, line) in wrap(&visible(&words), COLUMNS - 4).iter().enumerate() {
                out.push_str(&format!("{}{line}\n", if at == 0 { "  " } else { "    " }));
            }
        }
        let more = size(about.faults.len().saturating_sub(FAULTS)) + about.more_faults;
        if more > 0 {
            out.push_str(&format!("  and {} more\n", number(more)));
        }
    }
    out
}

fn destinations(out: &mut String, about: &About, analysis: &Analysis) {
    let Some(first) = analysis.destinations.first() else { return };
    out.push_str(&format!("\n{}: the last twelve months against the twelve before\n", visible(&first.group)));
    let mut rows = vec![["to", "before", "now", "", "all goods"].map(str::to_owned)];
    for destination in analysis.destinations.iter().take(about.top) {
        let all =
            destination.whole.map_or_else(|| "–".to_owned(), |(before, now)| words::times(now / before));
        rows.push([
            visible(&words::place(about, &destination.partner)).into_owned(),
            visible(&words::amount(about, Kind::Rise, destination.before)).into_owned(),
            visible(&words::amount(about, Kind::Rise, destination.now)).into_owned(),
            words::times(destination.now / destination.before),
            all,
        ]);
    }
    let widest =
        |at: usize| rows.iter().map(|row| row.get(at).map_or(0, |cell| width(cell))).max().unwrap_or(0);
    for row in &rows {
        let mut line = String::from("  ");
        for (at, cell) in row.iter().enumerate() {
            if at == 0 {
                line.push_str(&pad(cell, widest(0).min(30)));
            } else {
                line.extend(std::iter::repeat_n(' ', 2 + widest(at).saturating_sub(width(cell))));
                line.push_str(cell);
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

fn fact(out: &mut String, label: &str, words: &str) {
    for (at, line) in wrap(words, COLUMNS - LABEL).iter().enumerate() {
        out.push_str(&pad(if at == 0 { label } else { "" }, LABEL));
        out.push_str(line);
        out.push('\n');
    }
}

fn item(out: &mut String, number: &str, title: &str, words: &str) {
    for (at, line) in wrap(title, COLUMNS - 6).iter().enumerate() {
        out.push_str(&format!("{}  {line}\n", if at == 0 { number } else { "    " }));
    }
    for line in wrap(words, COLUMNS - 6) {
        out.push_str(&format!("      {line}\n"));
    }
}
