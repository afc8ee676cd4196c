//! The promises of every format: nothing hostile acts, nothing is NaN, the
//! text is narrow, the page stands alone.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{About, Figures, Format, Scorer, write};
use crate::evaluation::{Case, Evaluation, Negatives, Options, Pair, PairEvaluation};
use crate::report::html::base64;
use crate::report::wrap::width;

const HOSTILE: &str = "<script>alert(1)</script>\u{1b}[31m\u{202e}\"'&";

fn about() -> About {
    About {
        program_version: "0.0.0".into(),
        file: HOSTILE.into(),
        sha256: "00".repeat(32),
        scores: Scorer::Matching { min_score: 0.3, top: 25 },
        notes: vec![HOSTILE.into()],
        ..About::default()
    }
}

/// Positives, negatives and near negatives with the scores given.
fn queries(positives: &[f64], negatives: &[f64], near: &[f64]) -> Figures {
    let list: Arc<str> = HOSTILE.into();
    let sorts = [("exact", true, positives), (HOSTILE, false, negatives), ("near_x", false, near)];
    let cases: Vec<Case> = sorts
        .into_iter()
        .flat_map(|(class, positive, scores)| scores.iter().map(move |score| (class, positive, *score)))
        .map(|(class, positive, score)| {
            let truth = if positive { vec!["1".to_owned()] } else { Vec::new() };
            let lists = if positive { vec![Arc::clone(&list)] } else { Vec::new() };
            let mut case = Case::new(HOSTILE, class, truth, lists);
            case.add("1", Some(&list), score);
            case
        })
        .collect();
    let options = Options {
        negatives: Negatives::All,
        target_alarm_rate: 0.005,
        bands: 20,
        thresholds: vec![("possible", 0.8), ("strong", 0.92)],
    };
    Figures::Queries(Box::new(Evaluation::new(&cases, &options)))
}

fn pairs(labels: &[(bool, f64)]) -> Figures {
    let pair = |&(is_match, score): &(bool, f64)| Pair {
        is_match,
        score,
        quality: HOSTILE.into(),
        group: HOSTILE.into(),
        schema: String::new(),
    };
    let pairs: Vec<Pair> = labels.iter().map(pair).collect();
    Figures::Pairs(Box::new(PairEvaluation::new(&pairs, 0.8, 500)))
}

/// Figures of every sort, with too little in most of them.
fn all() -> Vec<Figures> {
    const NONE: f64 = f64::NEG_INFINITY;
    vec![
        queries(&[0.9, 0.7, NONE], &[0.5, 0.2, NONE], &[0.85]),
        queries(&[0.9, NONE], &[], &[]),
        queries(&[], &[0.9, NONE], &[0.3]),
        queries(&[NONE], &[NONE], &[]),
        queries(&[1.0], &[1.0], &[1.0]),
        queries(&[250.0, -3.0], &[7.0; 40], &[]),
        queries(&[], &[], &[]),
        queries(&[0.95; 900], &[0.31; 6000], &[0.9; 30]),
        pairs(&[(true, 0.9), (false, 0.3), (true, NONE)]),
        pairs(&[(false, 0.9)]),
        pairs(&[(true, 0.5)]),
        pairs(&[]),
    ]
}

fn written(format: Format, figures: &Figures) -> String {
    let mut out = Vec::new();
    write(format, &about(), figures, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn no_output_holds_a_figure_that_is_none() {
    for figures in all() {
        for format in Format::ALL {
            let text = written(format, &figures);
            let words = text.split(|c: char| !c.is_alphanumeric());
            for word in words {
                let word = word.to_lowercase();
                assert!(!["nan", "inf", "infinity"].contains(&&*word), "{format}: {text}");
            }
        }
        serde_json::from_str::<serde_json::Value>(&written(Format::Json, &figures)).unwrap();
    }
}

#[test]
fn what_comes_from_the_file_is_text_and_nothing_else() {
    for figures in all() {
        let page = written(Format::Html, &figures);
        assert!(!page.contains("<script") && !page.contains('\u{1b}') && !page.contains('\u{202e}'));
        let text = written(Format::Text, &figures);
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
        assert!(!written(Format::Csv, &figures).contains("script"));
    }
}

#[test]
fn the_text_fits_80_columns() {
    for figures in all() {
        for line in written(Format::Text, &figures).lines() {
            assert!(width(line) <= 80, "{line}");
        }
    }
}

#[test]
fn the_page_asks_for_nothing_and_its_policy_names_its_styles() {
    for figures in all() {
        let page = written(Format::Html, &figures);
        for asks in
            [" src=", "@import", "url(", "<link", "<iframe", "<img", "<script", " style=\"", " onclick="]
        {
            assert!(!page.contains(asks), "{asks}");
        }
        for rest in page.split("<style>").skip(1) {
            let (style, _) = rest.split_once("</style>").unwrap();
            assert!(page.contains(&format!("sha256-{}", base64(&Sha256::digest(style)))));
        }
        let mut ids: Vec<&str> =
            page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
        for tag in
            ["section", "figure", "details", "table", "tr", "td", "th", "dl", "ol", "ul", "li", "div", "svg"]
        {
            let opened =
                page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
        }
    }
}

#[test]
fn charts_stay_within_their_box() {
    for figures in all() {
        let page = written(Format::Html, &figures);
        for rest in page.split(" d=\"M").skip(1) {
            let path = rest.split('"').next().unwrap();
            let pairs = path.split('L').filter_map(|pair| pair.split_once(' '));
            for (x, y) in pairs.filter_map(|(x, y)| Some((x.parse::<i64>().ok()?, y.parse::<i64>().ok()?))) {
                assert!((0..=1120).contains(&x) && (0..=700).contains(&y), "{path}");
            }
        }
    }
}

#[test]
fn the_sweep_has_its_header_and_no_more_rows_than_agreed() {
    for figures in all() {
        let csv = written(Format::Csv, &figures);
        assert!(csv.starts_with("threshold,"));
        assert!(csv.lines().count() <= 501);
    }
}

#[test]
fn what_limits_the_figures_is_said() {
    let said =
        |figures: &Figures| written(Format::Text, figures).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said(&queries(&[0.9], &[], &[])).contains("No query is a negative"));
    assert!(said(&queries(&[], &[0.9], &[])).contains("No query has a true entity"));
    assert!(said(&queries(&[1.0], &[1.0], &[])).contains("No threshold is suggested"));
    assert!(
        said(&queries(&[0.9], &[0.2; 150], &[]))
            .contains("too few for a false-positive rate of 0.1 %, 0.5 %:")
    );
    assert!(said(&pairs(&[(false, 0.9)])).contains("No pair is labelled a match"));
    let scores = Scorer::Matching { min_score: 0.9, top: 25 };
    let mut out = Vec::new();
    write(Format::Json, &About { scores, ..about() }, &queries(&[0.95], &[0.1], &[]), &mut out).unwrap();
    assert!(String::from_utf8(out).unwrap().contains("lies above the threshold `possible`"));
}

#[test]
fn every_format_is_found_by_its_key_and_by_a_file_name() {
    for format in Format::ALL {
        assert_eq!(Format::from_key(format.key()), Some(format));
    }
    assert_eq!(Format::from_file_name("a.b.HTM"), Some(Format::Html));
    assert_eq!(Format::from_file_name("a.json"), Some(Format::Json));
    assert_eq!(Format::from_file_name("csv"), None);
}
