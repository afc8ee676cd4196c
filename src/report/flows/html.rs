//! One self-contained page: what was found, each picture with its table, and
//! what it rests on. It runs no script and asks for nothing from the network; its
//! policy allows the two style sheets inside by their hashes alone.

use std::io;

use askama::Template;
use sha2::{Digest, Sha256};

use crate::flow::series::{Analysis, Finding, Kind, Subject, Trace};
use crate::report::html::{STYLE, base64};
use crate::report::spark::{Size, Spark, short};
use crate::report::words::{count, number, size};

use super::map::{HEIGHT, Map, WIDTH, map};
use super::{About, words};

const OWN_STYLE: &str = include_str!("style.css");
/// Pairs drawn at most.
const PAIRS: usize = 10;
/// Rows of the table of findings at most; the CSV holds all.
const ROWS: usize = 400;
/// Cells that could not be used, shown at most.
const FAULTS: usize = 50;

/// One of the small multiples.
struct Panel {
    rank: usize,
    place: String,
    goods: String,
    kind: &'static str,
    class: &'static str,
    watched: bool,
    words: String,
    /// Made by [`Spark`], which escapes.
    svg: String,
    rows: Vec<[String; 4]>,
}

/// A fall and a rise, one above the other.
struct Pair {
    goods: String,
    share: String,
    fallen: (String, String, String),
    risen: (String, String, String),
    rows: Vec<[String; 3]>,
}

struct Destination {
    partner: String,
    svg: String,
    before: String,
    now: String,
    times: String,
    whole: String,
    beyond: String,
    told: String,
}

struct Row {
    rank: usize,
    kind: &'static str,
    place: String,
    goods: String,
    watched: bool,
    start: String,
    found: String,
    before: String,
    since: String,
    z: String,
    ratio: String,
    others: String,
    mirror: String,
}

#[derive(Template)]
#[template(path = "page.html", config = "src/report/flows/askama.toml")]
struct Page<'a> {
    policy: String,
    style: &'static str,
    own_style: &'static str,
    program: &'a str,
    title: String,
    facts: Vec<(&'static str, String)>,
    summary: Vec<String>,
    /// Figure, name, what it is.
    tiles: Vec<(String, &'static str, &'static str)>,
    notes: Vec<String>,
    map: Option<Map>,
    map_of: String,
    map_size: (i64, i64),
    lanes: Vec<[String; 5]>,
    panels: Vec<Panel>,
    panels_of: String,
    pairs: Vec<Pair>,
    group: String,
    destinations: Vec<Destination>,
    rows: Vec<Row>,
    more_rows: usize,
    files: Vec<(String, String)>,
    /// How many cells are shown.
    counted: String,
    faults: Vec<[String; 4]>,
    more_faults: String,
}

pub fn render(about: &About, analysis: &Analysis) -> io::Result<String> {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}' 'sha256-{}'; base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(STYLE)),
        base64(&Sha256::digest(OWN_STYLE)),
    );
    let flags: Vec<&Finding> = analysis.flags().collect();
    let shown = flags.len().min(about.top);
    let rows: Vec<Row> = analysis
        .findings
        .iter()
        .take(ROWS)
        .enumerate()
        .map(|(at, finding)| row(about, at + 1, finding))
        .collect();
    let more = size(about.faults.len().saturating_sub(FAULTS)) + about.more_faults;
    let page = Page {
        policy,
        style: STYLE,
        own_style: OWN_STYLE,
        program: &about.program_version,
        title: about.files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "),
        facts: facts(about, analysis),
        summary: words::summary(about, analysis),
        tiles: tiles(analysis),
        notes: words::notes(about, analysis),
        map: map(about),
        map_of: about.lanes_of.clone(),
        map_size: (WIDTH, HEIGHT),
        lanes: lanes(about),
        panels: flags
            .iter()
            .take(shown)
            .enumerate()
            .map(|(at, finding)| panel(about, at + 1, finding))
            .collect(),
        panels_of: if shown < flags.len() {
            format!(
                "The first {} of {}, by rank; the table below and the CSV hold more.",
                number(size(shown)),
                number(size(flags.len()))
            )
        } else {
            String::new()
        },
        pairs: pairs(about, analysis),
        group: analysis.destinations.first().map(|first| first.group.to_string()).unwrap_or_default(),
        destinations: destinations(about, analysis),
        more_rows: analysis.findings.len() - rows.len(),
        rows,
        files: about.files.clone(),
        counted: count(size(about.faults.len().min(FAULTS)), "cell or row", "cells or rows"),
        faults: about
            .faults
            .iter()
            .take(FAULTS)
            .map(|fault| [fault.file.to_string(), place_of(fault), fault.text.clone(), fault.reason.clone()])
            .collect(),
        more_faults: if more > 0 { format!("and {} more", number(more)) } else { String::new() },
    };
    page.render().map_err(io::Error::other)
}

fn place_of(fault: &crate::flow::series::Fault) -> String {
    if fault.column.is_empty() { fault.line.to_string() } else { format!("{}, {}", fault.line, fault.column) }
}

fn facts(about: &About, analysis: &Analysis) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let (Some(first), Some(last)) = (analysis.months.first(), analysis.months.last()) {
        facts.push(("Months", format!("{first} to {last}")));
        facts.push(("As of", about.as_of.map_or_else(|| last.to_string(), |month| month.to_string())));
    }
    let unit = words::unit(about);
    facts.push((
        "Measure",
        if unit.is_empty() {
            about.measure.key().to_owned()
        } else {
            format!("{}, {unit}", about.measure.key())
        },
    ));
    facts.push(("Series by", about.by.join(", ")));
    facts.push(("Series", number(analysis.series)));
    facts.push(("Rows", number(about.rows)));
    facts.push(("Program", format!("redflag {}", about.program_version)));
    facts
}

fn tiles(analysis: &Analysis) -> Vec<(String, &'static str, &'static str)> {
    let of =
        |kind: Kind| number(size(analysis.findings.iter().filter(|finding| finding.kind == kind).count()));
    let mut tiles = vec![
        (of(Kind::Rise), "rises", "against their own past, beyond what the same goods did elsewhere"),
        (of(Kind::Mirror), "mirrored rises", "told because the same goods fell elsewhere"),
        (of(Kind::Fall), "falls", "context: the other half of a mirror image"),
    ];
    let shares = analysis.findings.iter().filter(|finding| finding.kind == Kind::Share).count();
    if shares > 0 {
        tiles.insert(
            2,
            (number(size(shares)), "routes", "took a larger share of the trade toward a destination"),
        );
    } else {
        tiles.push((of(Kind::Price), "higher prices", "value rose, weight or pieces did not"));
    }
    tiles
}

fn labels(trace: &Trace) -> Vec<String> {
    trace.months.iter().map(ToString::to_string).collect()
}

fn spark(title: &str, trace: &Trace, size: Size) -> String {
    let labels = labels(trace);
    Spark { title, labels: &labels, values: &trace.values, band: &trace.band, start: trace.start, size }.svg()
}

fn panel(about: &About, rank: usize, finding: &Finding) -> Panel {
    let (place, goods) = (words::lane(about, finding), words::goods(&finding.subject));
    let title = format!("{place}, {goods}, by month; {} begins {}", words::kind(finding.kind), finding.start);
    let trace = &finding.trace;
    let figure = |value: f64| if value.is_finite() { short(value) } else { "–".to_owned() };
    let rows = trace.months.iter().zip(&trace.values).zip(&trace.band);
    Panel {
        rank,
        svg: spark(&title, trace, Size::Panel),
        place,
        goods,
        kind: words::kind(finding.kind),
        class: if finding.kind == Kind::Rise { "v-hold" } else { "v-review" },
        watched: finding.priority,
        words: words::sentence(about, finding),
        rows: rows
            .map(|((month, value), (low, high))| {
                [month.to_string(), figure(*value), figure(*low), figure(*high)]
            })
            .collect(),
    }
}

/// The best rise of each family with the largest fall that it mirrors.
fn pairs(about: &About, analysis: &Analysis) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for risen in analysis.flags().filter(|finding| !finding.mirrors.is_empty()) {
        if pairs.len() >= PAIRS {
            break;
        }
        let Some(mirror) = risen.mirrors.first() else { continue };
        let fallen = analysis.findings.iter().find(|finding| {
            finding.kind == Kind::Fall
                && finding.subject == risen.subject
                && finding.key.partner == mirror.partner
                && finding.key.reporter == risen.key.reporter
        });
        let Some(fallen) = fallen else { continue };
        let side = |finding: &Finding| {
            let place = words::lane(about, finding);
            let title = format!("{place}, {}, by month", words::goods(&finding.subject));
            let money = |value| words::amount(about, finding.kind, value);
            let words = format!(
                "{} to {} a month, since {}",
                money(finding.before),
                money(finding.since),
                finding.start
            );
            (place, words, spark(&title, &finding.trace, Size::Panel))
        };
        let months = risen.trace.months.iter().zip(&risen.trace.values).zip(&fallen.trace.values);
        pairs.push(Pair {
            goods: words::goods(&risen.subject),
            share: format!("The rise in a month is {} of the fall in a month.", words::percent(mirror.share)),
            fallen: side(fallen),
            risen: side(risen),
            rows: months.map(|((month, up), down)| [month.to_string(), short(*down), short(*up)]).collect(),
        });
    }
    pairs
}

fn destinations(about: &About, analysis: &Analysis) -> Vec<Destination> {
    let row = |destination: &crate::flow::series::Destination| {
        let of_group = |finding: &&Finding| {
            finding.key.partner == destination.partner
                && finding.subject == Subject::Group(destination.group.clone())
                && (finding.kind.is_flag() || (finding.kind == Kind::Fall && lasts(finding)))
        };
        let told = analysis.findings.iter().filter(of_group);
        let told = told.min_by_key(|finding| (!finding.kind.is_flag(), finding.found));
        let partner = words::place(about, &destination.partner);
        let months: Vec<String> = analysis.months.iter().map(ToString::to_string).collect();
        let title = format!("{} to {partner}, by month", destination.group);
        let start = told.and_then(|finding| finding.trace.start);
        let svg = Spark {
            title: &title,
            labels: &months,
            values: &destination.values,
            band: &[],
            start,
            size: Size::Mini,
        }
        .svg();
        Destination {
            svg,
            before: words::amount(about, Kind::Rise, destination.before),
            now: words::amount(about, Kind::Rise, destination.now),
            times: words::times(destination.now / destination.before),
            whole: destination
                .whole
                .map_or_else(|| "–".to_owned(), |(before, now)| words::times(now / before)),
            beyond: words::times_or(destination.beyond_whole()),
            told: told.map_or_else(
                || "–".to_owned(),
                |finding| format!("{}, {}", words::kind(finding.kind), finding.found),
            ),
            partner,
        }
    };
    analysis.destinations.iter().take(30).map(row).collect()
}

/// Whether it would still be told near the end.
fn lasts(finding: &Finding) -> bool {
    finding.trace.months.last().is_some_and(|last| last.since(finding.last) <= 2)
}

fn lanes(about: &About) -> Vec<[String; 5]> {
    let row = |lane: &crate::flow::series::Lane| {
        let money = |value| words::amount(about, Kind::Rise, value);
        let change = lane.now - lane.before;
        let sign = if change < 0.0 { "−" } else { "+" };
        [
            words::place(about, &lane.reporter),
            words::place(about, &lane.partner),
            money(lane.before),
            money(lane.now),
            format!("{sign}{}", money(change.abs())),
        ]
    };
    about.lanes.iter().take(60).map(row).collect()
}

fn row(about: &About, rank: usize, finding: &Finding) -> Row {
    let money = |value| words::amount(about, finding.kind, value);
    let mirror = finding.mirrors.first();
    Row {
        rank,
        kind: words::kind(finding.kind),
        place: words::lane(about, finding),
        goods: words::goods(&finding.subject),
        watched: finding.priority,
        start: finding.start.to_string(),
        found: finding.found.to_string(),
        before: money(finding.before),
        since: money(finding.since),
        z: format!("{:.1}", finding.reading.z.abs()),
        ratio: words::times(finding.reading.ratio),
        others: words::times_or(finding.others_ratio),
        mirror: mirror.map_or_else(String::new, |mirror| {
            format!("{} {}", words::place(about, &mirror.partner), words::percent(mirror.share))
        }),
    }
}
