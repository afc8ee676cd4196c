//! Flows: what is promised of monthly series, on real figures and on planted
//! ones.

#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_precision_loss, reason = "a test may fail")]

#[path = "flows/planted.rs"]
mod planted;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use redflag::flow::series::{
    Analysis, Cube, Dimension, Finding, Group, Kind, Measure, Month, Panel, Parameters, ReadOptions, Subject,
    analyse, read_statistics, resampled,
};
use redflag::input::TableReader;

use planted::Truth;

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/trade/shipments").join(name);
    if !path.is_file() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

fn read(path: &Path) -> Cube {
    let file = File::open(path).unwrap();
    let source: Box<dyn Read + Send> = if path.extension().is_some_and(|e| e == "gz") {
        Box::new(flate2::read::MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let mut cube = Cube::default();
    let table = TableReader::open(source).unwrap();
    read_statistics(table, "f", &ReadOptions::default(), &mut cube).unwrap();
    assert!(cube.faults.is_empty(), "{:?}", cube.faults);
    cube
}

/// The codes of the Common High Priority List.
fn priority() -> Vec<Group> {
    let text = include_str!("../rules/goods/chpl.toml");
    let table: toml::Table = text.parse().unwrap();
    let mut prefixes = Vec::new();
    for category in table["category"].as_array().unwrap() {
        for entry in category["hs"].as_array().unwrap() {
            prefixes.push(entry["prefix"].as_str().unwrap().to_owned());
        }
    }
    vec![Group { title: "priority goods".to_owned(), prefixes }]
}

fn panel(cube: &Cube) -> Panel {
    Panel::new(cube, &[Dimension::Partner, Dimension::Code], Measure::Value, None)
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// When a group was first told for a partner, and by what.
fn first(analysis: &Analysis, partner: &str, subject: impl Fn(&Subject) -> bool) -> Option<(String, Kind)> {
    analysis
        .findings
        .iter()
        .filter(|f| &*f.key.partner == partner && subject(&f.subject))
        .map(|f| (f.found.to_string(), f.kind))
        .min()
}

/// The flags of one code toward one partner.
fn flags<'a>(analysis: &'a Analysis, partner: &'a str, code: &'a str) -> impl Iterator<Item = &'a Finding> {
    analysis.flags().filter(move |f| &*f.key.partner == partner && f.subject == Subject::Code(code.into()))
}

#[test]
fn the_documented_rises_are_found_within_two_months_and_the_calm_before_is_calm() {
    let Some(path) = shared("flows_eu27_chpl_monthly.csv") else { return };
    let (war, p) = (month("2022-03"), Parameters::shipped());
    let panel = panel(&read(&path));
    let analysis = analyse(&panel, &priority(), &p);
    let group = |partner: &str| first(&analysis, partner, |s| matches!(s, Subject::Group(_)));
    assert_eq!(group("KG"), Some(("2022-05".to_owned(), Kind::Mirror)));
    assert_eq!(group("AM"), Some(("2022-05".to_owned(), Kind::Mirror)));
    assert_eq!(group("RU"), Some(("2022-04".to_owned(), Kind::Fall)));
    for (partner, code) in [("AM", "854232"), ("KG", "854239"), ("AM", "854239")] {
        let told = flags(&analysis, partner, code).map(|f| f.found).min();
        assert!(told.is_some_and(|found| found <= month("2022-05")), "{partner} {code} {told:?}");
    }
    let (before, judged, _) = analysis.told_before(war);
    assert!(before <= 2 && judged > 1_400, "{before} told before the war in {judged} series-months");
    let (after, _, rate) = analysis.told_from(war);
    assert!(after >= 28 && rate > 20.0, "{after} told since, {rate}");
    let calm = resampled(&panel, &priority(), &p, month("2022-02"), 10, 1).unwrap();
    eprintln!("before {before} of {judged}; since {after} ({rate:.1}); calm {:.2}", calm.per_thousand);
    assert!(calm.per_thousand < 1.5, "{calm:?}");
}

#[test]
fn of_all_sanctioned_codes_flags_are_rarer_before_the_war_and_among_other_goods() {
    let Some(path) = shared("flows_eu27_sanctioned_hs6_monthly.csv.gz") else { return };
    let (war, p) = (month("2022-03"), Parameters::shipped());
    let panel = panel(&read(&path));
    let analysis = analyse(&panel, &priority(), &p);
    let group = &self::priority()[0];
    let of = |priority: bool, later: bool, partner: Option<&str>| {
        let told = analysis.flags().filter(|f| {
            f.priority == priority
                && (f.found >= war) == later
                && partner.is_none_or(|partner| &*f.key.partner == partner)
                && matches!(f.subject, Subject::Code(_))
        });
        let series = panel
            .lines
            .iter()
            .filter(|line| priority == group.holds(&line.key.code))
            .filter(|line| partner.is_none_or(|partner| &*line.key.partner == partner))
            .count();
        (told.count() as f64, series as f64)
    };
    for partner in ["AM", "BY", "GE", "KG", "KZ", "RU", "UZ"] {
        let share = |priority, later| {
            let (told, series) = of(priority, later, Some(partner));
            100.0 * told / series
        };
        eprintln!(
            "{partner}: priority {:.1} % before, {:.1} % since; others {:.1} %, {:.1} %",
            share(true, false),
            share(true, true),
            share(false, false),
            share(false, true)
        );
    }
    let (_, _, before) = analysis.told_before(war);
    let (_, _, since) = analysis.told_from(war);
    let share = |priority: bool| {
        let (told, series) = of(priority, true, None);
        told / series
    };
    eprintln!(
        "before {before:.2}, since {since:.2} a thousand series-months; priority {:.3}, others {:.3}",
        share(true),
        share(false)
    );
    assert!(before < 2.6 && since > 5.0 * before, "{before} {since}");
    assert!(share(true) > 1.7 * share(false), "{} {}", share(true), share(false));
    let calm = resampled(&panel, &priority(), &p, month("2022-02"), 1, 1).unwrap();
    assert!(calm.per_thousand < 1.5, "{calm:?}");
    for partner in ["AM", "KG"] {
        let all = first(&analysis, partner, |s| *s == Subject::All);
        assert_eq!(all, Some(("2022-05".to_owned(), Kind::Mirror)), "{partner}");
    }
}

#[test]
fn what_is_told_as_of_a_month_is_told_the_same_when_later_months_are_known() {
    let trade = planted::trade(3);
    let cube = parse(planted::csv(&trade));
    let by = [Dimension::Partner, Dimension::Code];
    let p = Parameters::shipped();
    let told = |as_of: Option<Month>| {
        let panel = Panel::new(&cube, &by, Measure::Value, as_of);
        let analysis = analyse(&panel, &[], &p);
        let mut told: Vec<_> = analysis
            .findings
            .iter()
            .map(|f| (f.found, f.start, f.kind, f.subject.clone(), f.key.clone()))
            .collect();
        told.sort();
        told
    };
    let all = told(None);
    assert!(all.len() > 5);
    for cut in ["2021-02", "2021-06", "2021-09", "2022-01"] {
        let cut = month(cut);
        let known: Vec<_> = all.iter().filter(|(found, ..)| *found <= cut).cloned().collect();
        assert_eq!(told(Some(cut)), known, "{cut}");
    }
}

fn parse(text: String) -> Cube {
    let mut cube = Cube::default();
    let table = TableReader::open(Box::new(std::io::Cursor::new(text))).unwrap();
    read_statistics(table, "planted.csv", &ReadOptions::default(), &mut cube).unwrap();
    cube
}

/// Seeds of planted trade; a set of the same kind decides elsewhere.
const SEEDS: std::ops::Range<u64> = 100..125;

#[test]
fn what_is_planted_is_found_and_no_decoy_is_flagged() {
    let (mut plants, mut found, mut late, mut noise, mut judged) = (0_u32, 0_u32, 0_u32, 0_usize, 0);
    let mut wrong = Vec::new();
    for seed in SEEDS {
        let trade = planted::trade(seed);
        let analysis = analyse(&panel(&parse(planted::csv(&trade))), &[], &Parameters::shipped());
        judged += analysis.judged.iter().sum::<u64>();
        for series in &trade {
            let told: Vec<&Finding> = flags(&analysis, series.partner, &series.code).collect();
            match series.truth {
                Truth::Rise(at) | Truth::Mirror(at) => {
                    plants += 1;
                    let begin = Month::new(2019, 1).unwrap().plus(i32::try_from(at).unwrap());
                    match told.iter().map(|f| f.found.since(begin)).min() {
                        None => wrong.push(format!(
                            "seed {seed}: {} {} {:?} missed",
                            series.code, series.partner, series.truth
                        )),
                        Some(months) if months < 0 => {
                            wrong.push(format!("seed {seed}: told before it began"));
                        }
                        Some(months) => {
                            found += 1;
                            late += u32::from(months > 3);
                        }
                    }
                }
                Truth::Decoy(what) if !told.is_empty() => {
                    wrong.push(format!("seed {seed}: {what} flagged ({} {})", series.code, series.partner));
                }
                _ => noise += told.len(),
            }
        }
    }
    let rate = noise as f64 * 1000.0 / judged as f64;
    eprintln!(
        "{found} of {plants} found, {late} of them later than three months; calm {rate:.2} a thousand\n{}",
        wrong.join("\n")
    );
    let decoys = wrong.iter().filter(|words| words.contains("flagged") || words.contains("before")).count();
    assert_eq!(decoys, 0, "{}", wrong.join("\n"));
    assert!(found * 100 >= plants * 97, "{}", wrong.join("\n"));
    assert!(late * 5 <= plants, "{late} of {plants}");
    assert!(rate < 1.0, "{rate}");
}
