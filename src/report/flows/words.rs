//! The words and figures that all formats share. Plain text; each format
//! escapes it.

use crate::flow::series::{Analysis, Finding, Kind, Measure, Subject};
use crate::report::spark::short;
use crate::report::words::{count, number, size};

use super::About;

/// The name of a partner or reporter, with its code where they differ.
pub fn place(about: &About, code: &str) -> String {
    match about.countries.get(code) {
        Some(name) => name.clone(),
        None if code.is_empty() => "not stated".to_owned(),
        None => code.to_owned(),
    }
}

/// What a series is of: `8542.31`, `priority goods`, `all goods`.
pub fn goods(subject: &Subject) -> String {
    match subject {
        Subject::Code(code) => match code.split_at_checked(4) {
            Some((head, rest)) if !rest.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("{head}.{rest}")
            }
            _ => code.to_string(),
        },
        Subject::Group(title) => title.to_string(),
        Subject::All => "all goods".to_owned(),
    }
}

/// `Germany → Kyrgyzstan via Türkiye`, as far as series are told apart by it.
pub fn lane(about: &About, finding: &Finding) -> String {
    let key = &finding.key;
    let mut words = String::new();
    if !key.reporter.is_empty() {
        words.push_str(&place(about, &key.reporter));
        words.push_str(" → ");
    }
    words.push_str(&if key.partner.is_empty() {
        "all partners".to_owned()
    } else {
        place(about, &key.partner)
    });
    if !key.via.is_empty() {
        words.push_str(&format!(" via {}", place(about, &key.via)));
    }
    words
}

pub const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Rise => "rise",
        Kind::Mirror => "mirrored rise",
        Kind::Share => "share of a route",
        Kind::Fall => "fall",
        Kind::Price => "higher price",
    }
}

/// `EUR`, `kg`, `entries`; empty where it is not told.
pub fn unit(about: &About) -> &str {
    match about.measure {
        Measure::Value => &about.currency,
        Measure::Weight => "kg",
        Measure::Quantity => "pieces",
        Measure::Count => "entries",
    }
}

/// `1.2 M EUR`; of shares `12 %`.
pub fn amount(about: &About, kind: Kind, value: f64) -> String {
    if kind == Kind::Share {
        return format!("{value:.0} %");
    }
    let unit = unit(about);
    if unit.is_empty() { short(value) } else { format!("{} {unit}", short(value)) }
}

/// `×2.3`; `×120` without decimals.
pub fn times(ratio: f64) -> String {
    if !ratio.is_finite() {
        "–".to_owned()
    } else if ratio < 9.95 {
        format!("×{ratio:.1}")
    } else {
        format!("×{}", short(ratio.round()))
    }
}

pub fn times_or(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "–".to_owned(), times)
}

/// What was found, in sentences.
pub fn sentence(about: &About, finding: &Finding) -> String {
    let money = |value| amount(about, finding.kind, value);
    let mut words = match finding.kind {
        Kind::Rise | Kind::Mirror | Kind::Price => format!(
            "From about {} to {} a month since {}, first told as of {}.",
            money(finding.before),
            money(finding.since),
            finding.start,
            finding.found
        ),
        Kind::Fall => format!(
            "Down from about {} to {} a month since {}, first told as of {}.",
            money(finding.before),
            money(finding.since),
            finding.start,
            finding.found
        ),
        Kind::Share => format!(
            "From {} to {} of the trade toward the destination since {}, first told as of {}.",
            money(finding.before),
            money(finding.since),
            finding.start,
            finding.found
        ),
    };
    words.push_str(&format!(
        " {:.1} deviations from what its past led one to expect, {} in three months.",
        finding.reading.z.abs(),
        times(finding.reading.ratio)
    ));
    if let Some(ratio) = finding.others_ratio {
        words.push_str(&format!(" All other partners together: {} by the end.", times(ratio)));
    }
    if let Some(ratio) = finding.whole_ratio {
        words.push_str(&format!(" Trade with this partner in all goods: {}.", times(ratio)));
    }
    if let Some(ratio) = finding.amount_ratio {
        words.push_str(&format!(" Weight or pieces: {}.", times(ratio)));
    }
    for mirrored in finding.mirrors.iter().take(3) {
        words.push_str(&format!(
            " {} fell from {} to {} a month since {}; the rise is {} of that.",
            place(about, &mirrored.partner),
            money(mirrored.before),
            money(mirrored.since),
            mirrored.start,
            percent(mirrored.share)
        ));
    }
    words
}

pub fn percent(share: f64) -> String {
    let points = share * 100.0;
    if points >= 9.95 { format!("{points:.0} %") } else { format!("{points:.1} %") }
}

/// What was looked at and found, in sentences.
pub fn summary(about: &About, analysis: &Analysis) -> Vec<String> {
    let flags: Vec<&Finding> = analysis.flags().collect();
    let watched = flags.iter().filter(|finding| finding.priority).count();
    let mut sentences = vec![format!(
        "{} in {}; {} of goods that are watched.",
        count(size(flags.len()), "finding", "findings"),
        count(analysis.series, "series", "series"),
        number(size(watched))
    )];
    if let Some(first) = flags.first() {
        sentences.push(format!(
            "Ranked first: {}, {}. {}",
            lane(about, first),
            goods(&first.subject),
            sentence(about, first)
        ));
    }
    sentences
}

/// How many alarms calm series raise, in a sentence.
pub fn alarms(about: &About) -> String {
    match &about.calm {
        Some(calm) => format!(
            "Expected false alarms: {:.2} a thousand months of series ({} in {}, the months up to {} put together anew {} times).",
            calm.per_thousand,
            number(calm.told),
            number(calm.judged),
            calm.until.map_or_else(String::new, |month| month.to_string()),
            calm.rounds
        ),
        None => "Expected false alarms: about 1 a thousand months of series when calm months are put together anew, and \
                 2 in the years before 2022-03 of the figures the parameters were set on (docs/flows.md). \
                 --calm-until MONTH measures it on these figures."
            .to_owned(),
    }
}

/// What must be known before reading the findings.
pub fn notes(about: &About, analysis: &Analysis) -> Vec<String> {
    let mut notes = Vec::new();
    if let (Some(first), Some(last)) = (analysis.months.first(), analysis.months.last()) {
        notes.push(format!(
            "Covered: {first} to {last}, from the first to the last month of any row. A month without a row is taken for zero."
        ));
    }
    if !analysis.empty_months.is_empty() {
        let months: Vec<String> = analysis.empty_months.iter().take(12).map(ToString::to_string).collect();
        notes.push(format!(
            "No row at all in {}: these months are left out, not taken for zero.",
            months.join(", ")
        ));
    }
    notes.push(alarms(about));
    let faults = size(about.faults.len()) + about.more_faults;
    if faults > 0 {
        notes.push(format!(
            "{} could not be used; everything else counts.",
            count(faults, "cell or row", "cells or rows")
        ));
    }
    notes.extend(about.notes.iter().cloned());
    notes
        .push("A finding is a change in figures, no proof of diversion: look at who traded what.".to_owned());
    notes
}
