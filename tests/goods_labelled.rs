//! The reading of goods descriptions, held against descriptions that were
//! labelled before and apart from the packs (`tests/data/goods/README.md`).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use redflag::goods::{Assessment, Outcome, Products};

struct Labelled {
    id: String,
    description: String,
    kind: String,
    flagged: bool,
    codes: Vec<String>,
    language: String,
}

fn labelled(file: &str) -> Vec<Labelled> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/goods").join(file);
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let [id, description, kind, flagged, codes, language] =
        ["id", "description", "kind", "flagged", "codes", "language"].map(at);
    let row = |record: csv::StringRecord| Labelled {
        id: record[id].to_owned(),
        description: record[description].to_owned(),
        kind: record[kind].to_owned(),
        flagged: &record[flagged] == "1",
        codes: record[codes].split(';').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        language: record[language].to_owned(),
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// The entries (five characters) of the paragraphs that are met.
fn met(goods: &[Assessment]) -> Vec<String> {
    let suggestions = goods.iter().flat_map(|goods| &goods.suggestions);
    let mut codes: Vec<String> = suggestions
        .filter(|one| one.outcome == Outcome::Met && !one.is_light())
        .flat_map(|one| [&one.code, &one.eu])
        .filter(|code| !code.is_empty())
        .map(|code| code.split('.').next().unwrap_or_default().to_owned())
        .collect();
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn labelled_descriptions_are_read_as_labelled() {
    let products = Products::shipped();
    let (mut found, mut missed, mut false_alarms, mut right_code) = (0, 0, 0, 0);
    let mut by_kind: BTreeMap<(String, bool), (usize, usize)> = BTreeMap::new();
    let mut by_language: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut errors = Vec::new();
    for case in labelled("labelled.csv") {
        let codes = met(&products.assess(&case.description));
        let flagged = !codes.is_empty();
        let right = flagged == case.flagged;
        for cell in [
            by_kind.entry((case.kind.clone(), case.flagged)).or_default(),
            by_language.entry(case.language.clone()).or_default(),
        ] {
            cell.0 += usize::from(right);
            cell.1 += 1;
        }
        match (flagged, case.flagged) {
            (true, true) => {
                found += 1;
                let agrees = case.codes.iter().any(|code| codes.contains(code));
                right_code += usize::from(agrees);
                if !agrees {
                    errors.push(format!(
                        "{} {}: {codes:?} instead of {:?}",
                        case.id, case.description, case.codes
                    ));
                }
            }
            (false, true) => {
                missed += 1;
                errors.push(format!("{} {}: missed {:?}", case.id, case.description, case.codes));
            }
            (true, false) => {
                false_alarms += 1;
                errors.push(format!("{} {} ({}): alarm {codes:?}", case.id, case.description, case.kind));
            }
            (false, false) => {}
        }
    }
    for error in &errors {
        println!("{error}");
    }
    println!("by kind: {by_kind:?}\nby language: {by_language:?}");
    let precision = f64::from(found) / f64::from(found + false_alarms);
    let recall = f64::from(found) / f64::from(found + missed);
    println!(
        "precision {precision:.3}, recall {recall:.3}, the right entry in {right_code} of {found}; {missed} missed, \
         {false_alarms} false alarms"
    );
    assert!(precision >= 0.97 && recall >= 0.95, "see above");
}

/// The figures of one group of a labelled file.
#[derive(Default)]
struct Figures {
    met: usize,
    found: usize,
    other: usize,
    alarms: usize,
}

/// What is met and what raises an alarm in a labelled file, by group; every error
/// is printed.
fn tally(file: &str, group: impl Fn(&Labelled) -> String) -> BTreeMap<String, Figures> {
    let products = Products::shipped();
    let mut figures_of: BTreeMap<String, Figures> = BTreeMap::new();
    for case in labelled(file) {
        let codes = met(&products.assess(&case.description));
        let figures = figures_of.entry(group(&case)).or_default();
        if case.flagged {
            let found = case.codes.iter().any(|code| codes.contains(code));
            figures.met += 1;
            figures.found += usize::from(found);
            if !found {
                println!("{} {}: {codes:?} instead of {:?}", case.id, case.description, case.codes);
            }
        } else {
            figures.other += 1;
            figures.alarms += usize::from(!codes.is_empty());
            if !codes.is_empty() {
                println!("{} {} ({}): alarm {codes:?}", case.id, case.description, case.kind);
            }
        }
    }
    figures_of
}

#[test]
fn shipping_papers_are_read_as_labelled() {
    let by_kind = tally("papers.csv", |case| {
        let set = case.id.chars().next().unwrap();
        format!("{set} {}", case.kind)
    });
    let (mut met, mut found, mut alarms) = (0, 0, 0);
    for (kind, figures) in &by_kind {
        println!(
            "{kind}: {} of {} found, {} alarms among {}",
            figures.found, figures.met, figures.alarms, figures.other
        );
        met += figures.met;
        found += figures.found;
        alarms += figures.alarms;
    }
    assert!(found * 100 >= met * 97 && alarms <= 1, "{found} of {met} found, {alarms} alarms");
}

#[test]
fn descriptions_in_eight_languages_are_read() {
    let by_language = tally("languages.csv", |case| case.language.clone());
    assert_eq!(by_language.len(), 8, "eight languages");
    for (language, Figures { met, found, other, alarms }) in &by_language {
        println!("{language}: {found} of {met} found, {alarms} alarms among {other}");
        assert!(found * 100 >= met * 95, "{language}: {found} of {met} found");
        assert!(alarms * 50 <= *other, "{language}: {alarms} alarms among {other}");
    }
}
