//! Two tables for spreadsheets: one row a finding, and one row a month of the
//! series behind it. Every cell goes through
//! [`cell`](crate::report::escape::cell).

use std::io::{self, Write};

use crate::flow::series::{Analysis, Finding, Subject};
use crate::report::escape::cell;

use super::About;

const FINDINGS: [&str; 25] = [
    "rank",
    "kind",
    "flag",
    "watched",
    "reporter",
    "partner",
    "via",
    "goods",
    "start",
    "found",
    "last",
    "z",
    "ratio",
    "expected_3_months",
    "observed_3_months",
    "before_a_month",
    "since_a_month",
    "size",
    "unit",
    "others_ratio",
    "all_goods_ratio",
    "amount_ratio",
    "mirror_partner",
    "mirror_share",
    "score",
];

pub fn findings(about: &About, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(FINDINGS).map_err(io::Error::from)?;
    for (at, finding) in analysis.findings.iter().enumerate() {
        let row = row(about, at + 1, finding);
        table.write_record(row.iter().map(|text| cell(text))).map_err(io::Error::from)?;
    }
    table.flush()
}

fn row(about: &About, rank: usize, finding: &Finding) -> Vec<String> {
    let number = |value: f64| format!("{value:.2}");
    let ratio = |ratio: Option<f64>| ratio.map(number).unwrap_or_default();
    let mirror = finding.mirrors.first();
    vec![
        rank.to_string(),
        finding.kind.key().to_owned(),
        u8::from(finding.kind.is_flag()).to_string(),
        u8::from(finding.priority).to_string(),
        finding.key.reporter.to_string(),
        finding.key.partner.to_string(),
        finding.key.via.to_string(),
        goods(&finding.subject),
        finding.start.to_string(),
        finding.found.to_string(),
        finding.last.to_string(),
        number(finding.reading.z).trim_start_matches('-').to_owned(),
        number(finding.reading.ratio),
        number(finding.reading.expected),
        number(finding.reading.observed),
        number(finding.before),
        number(finding.since),
        number(finding.size),
        super::words::unit(about).to_owned(),
        ratio(finding.others_ratio),
        ratio(finding.whole_ratio),
        ratio(finding.amount_ratio),
        mirror.map(|mirror| mirror.partner.to_string()).unwrap_or_default(),
        mirror.map(|mirror| format!("{:.4}", mirror.share)).unwrap_or_default(),
        number(finding.score),
    ]
}

/// For programs: the code without dots.
fn goods(subject: &Subject) -> String {
    match subject {
        Subject::Code(code) => code.to_string(),
        other => super::words::goods(other),
    }
}

pub fn series(_: &About, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let header = [
        "rank",
        "kind",
        "reporter",
        "partner",
        "via",
        "goods",
        "month",
        "value",
        "expected_low",
        "expected_high",
    ];
    table.write_record(header).map_err(io::Error::from)?;
    for (at, finding) in analysis.findings.iter().enumerate() {
        let trace = &finding.trace;
        let edge = |value: f64| if value.is_finite() { format!("{value:.2}") } else { String::new() };
        for ((month, value), (low, high)) in trace.months.iter().zip(&trace.values).zip(&trace.band) {
            let row = [
                (at + 1).to_string(),
                finding.kind.key().to_owned(),
                finding.key.reporter.to_string(),
                finding.key.partner.to_string(),
                finding.key.via.to_string(),
                goods(&finding.subject),
                month.to_string(),
                format!("{value:.2}"),
                edge(*low),
                edge(*high),
            ];
            table.write_record(row.iter().map(|text| cell(text))).map_err(io::Error::from)?;
        }
    }
    table.flush()
}
