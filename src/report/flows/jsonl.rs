//! The findings for programs: a head, one object a finding with its series, a
//! foot with the counts. `null` stands where there is nothing to tell.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::flow::series::{Analysis, Finding, Subject};
use crate::report::escape::visible;

use super::{About, words};

pub fn write(about: &About, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    line(out, &head(about, analysis))?;
    for (at, found) in analysis.findings.iter().enumerate() {
        line(out, &finding(about, at + 1, found))?;
    }
    let flags = analysis.flags().count();
    line(
        out,
        &json!({
            "type": "summary",
            "findings": analysis.findings.len(),
            "flags": flags,
            "series": analysis.series,
            "judged": analysis.judged,
            "destinations": analysis.destinations.iter().map(|d| json!({
                "group": text(&d.group),
                "partner": text(&d.partner),
                "before": figure(d.before),
                "now": figure(d.now),
                "all_goods_before": d.whole.map(|(before, _)| figure(before)),
                "all_goods_now": d.whole.map(|(_, now)| figure(now)),
                "beyond_all_goods": d.beyond_whole().map(figure),
            })).collect::<Vec<_>>(),
            "faults": about.faults.iter().map(|fault| json!({
                "file": text(&fault.file),
                "line": fault.line,
                "column": text(&fault.column),
                "text": text(&fault.text),
                "reason": text(&fault.reason),
            })).collect::<Vec<_>>(),
            "more_faults": about.more_faults,
        }),
    )
}

fn line(out: &mut dyn Write, value: &Value) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// Texts of files, with nothing hidden in them.
fn text(text: &str) -> String {
    visible(text).into_owned()
}

/// To a hundredth; `null` for what is no number.
fn figure(value: f64) -> Value {
    json!((value * 100.0).round() / 100.0)
}

fn head(about: &About, analysis: &Analysis) -> Value {
    json!({
        "type": "flows",
        "version": 1,
        "program": "redflag",
        "program_version": about.program_version,
        "files": about.files.iter().map(|(name, sha256)| json!({"name": text(name), "sha256": sha256})).collect::<Vec<_>>(),
        "measure": about.measure.key(),
        "currency": text(&about.currency),
        "by": about.by,
        "rows": about.rows,
        "months": analysis.months.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "empty_months": analysis.empty_months.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "grain": figure(analysis.grain),
        "expected_false_alarms_per_thousand": about.calm.map(|calm| figure(calm.per_thousand)),
        "notes": words::notes(about, analysis).iter().map(|note| text(note)).collect::<Vec<_>>(),
    })
}

fn finding(about: &About, rank: usize, finding: &Finding) -> Value {
    let (of, code) = match &finding.subject {
        Subject::Code(code) => ("code", text(code)),
        Subject::Group(title) => ("group", text(title)),
        Subject::All => ("all", String::new()),
    };
    let mirrors = finding.mirrors.iter().map(|mirror| {
        json!({
            "partner": text(&mirror.partner),
            "start": mirror.start.to_string(),
            "found": mirror.found.to_string(),
            "before": figure(mirror.before),
            "since": figure(mirror.since),
            "share": json!((mirror.share * 1e4).round() / 1e4),
        })
    });
    json!({
        "type": "finding",
        "rank": rank,
        "kind": finding.kind.key(),
        "flag": finding.kind.is_flag(),
        "watched": finding.priority,
        "reporter": text(&finding.key.reporter),
        "partner": text(&finding.key.partner),
        "via": text(&finding.key.via),
        "of": of,
        "goods": code,
        "start": finding.start.to_string(),
        "found": finding.found.to_string(),
        "last": finding.last.to_string(),
        "z": figure(finding.reading.z),
        "ratio": figure(finding.reading.ratio),
        "expected": figure(finding.reading.expected),
        "observed": figure(finding.reading.observed),
        "over_past": figure(finding.reading.over_past),
        "over_season": finding.reading.over_season.map(figure),
        "before": figure(finding.before),
        "since": figure(finding.since),
        "size": figure(finding.size),
        "others_ratio": finding.others_ratio.map(figure),
        "all_goods_ratio": finding.whole_ratio.map(figure),
        "amount_ratio": finding.amount_ratio.map(figure),
        "mirrors": mirrors.collect::<Vec<_>>(),
        "score": figure(finding.score),
        "words": text(&words::sentence(about, finding)),
        "values": finding.trace.values.iter().copied().map(figure).collect::<Vec<_>>(),
        "expected_low": finding.trace.band.iter().map(|(low, _)| figure(*low)).collect::<Vec<_>>(),
        "expected_high": finding.trace.band.iter().map(|(_, high)| figure(*high)).collect::<Vec<_>>(),
    })
}
