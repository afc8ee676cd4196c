//! The promises of the page and the tables: self-contained, escaped, the same
//! bytes each time.

use proptest::prelude::*;

use super::{About, Format, write};
use crate::flow::series::{
    Analysis, Cube, Dimension, Entry, Fault, Group, Measure, Month, Panel, Parameters, analyse, lanes,
};
use crate::report::escape::is_hidden;

/// A rise toward one partner as another falls; every text is `text`.
fn found(text: &str) -> (About, Analysis) {
    let mut cube = Cube::default();
    let first = Month::new(2020, 1).unwrap();
    for at in 0..36 {
        let month = first.plus(at);
        let wave = 1000 + i64::from(at * 7 % 5) * 40;
        let fallen = if at >= 26 { wave / 20 } else { wave };
        let risen = if at >= 27 { wave / 2 } else { wave / 20 };
        for (partner, code, value) in [("RU", "854231", fallen), (text, "854231", risen), ("DE", text, wave)]
        {
            cube.add(&Entry {
                month,
                reporter: text.into(),
                partner: partner.into(),
                via: "".into(),
                code: code.into(),
                value: Some(value.into()),
                quantity: None,
                weight: None,
            });
        }
    }
    let groups = [Group { title: text.to_owned(), prefixes: vec!["8542".to_owned()] }];
    let panel = Panel::new(&cube, &[Dimension::Partner, Dimension::Code], Measure::Value, None);
    let analysis = analyse(&panel, &groups, &Parameters::shipped());
    let by_lane = Panel::new(&cube, &[Dimension::Reporter, Dimension::Partner], Measure::Value, None);
    let fault = Fault {
        file: text.into(),
        line: 3,
        column: text.to_owned(),
        text: text.to_owned(),
        reason: "odd".to_owned(),
    };
    let about = About {
        program_version: "0".to_owned(),
        files: vec![(text.to_owned(), "00".repeat(32))],
        currency: text.to_owned(),
        by: vec!["partner", "code"],
        faults: vec![fault],
        notes: vec![text.to_owned()],
        lanes: lanes(&by_lane, &groups),
        lanes_of: text.to_owned(),
        top: 20,
        ..About::default()
    };
    (about, analysis)
}

fn written(format: Format, text: &str) -> String {
    let (about, analysis) = found(text);
    let mut out = Vec::new();
    write(format, &about, &analysis, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\u{1b}]0;x\u{7}",
        "\r\n",
        "\t=1",
        "\u{202e}",
        "</script><script>",
        "</style>",
        "<!--",
        "\" onload=\"",
        "' x='",
        "javascript:alert(1)",
        "=HYPERLINK(\"x\")",
        ";=1+1",
        "{{ x }}",
        "é",
        "<b>",
        "&amp;",
    ]);
    prop::collection::vec(piece, 1..5).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nothing_of_a_file_acts_in_any_format(text in hostile()) {
        for format in Format::ALL {
            let page = written(format, &text);
            let hidden = page.chars().find(|c| is_hidden(*c) && *c != '\n');
            prop_assert_eq!(hidden, None, "{}", format);
        }
        let page = written(Format::Html, &text);
        prop_assert_eq!(page.matches("<style").count(), 2);
        for tag in ["<script", "<!--", " onload=\"", "<b>H", "href=\"javascript:"] {
            prop_assert!(!page.contains(tag), "{}", tag);
        }
        for format in [Format::Csv, Format::CsvSeries] {
            let page = written(format, &text);
            for record in csv::Reader::from_reader(page.as_bytes()).records() {
                for cell in &record.unwrap() {
                    let first = cell.trim_start_matches([' ', '"']).chars().next();
                    prop_assert!(!first.is_some_and(|c| "=+-@\t\r".contains(c)), "{:?}", cell);
                }
            }
        }
    }
}

#[test]
fn the_page_asks_for_nothing_and_its_policy_names_its_styles() {
    use sha2::{Digest, Sha256};
    let page = written(Format::Html, "KG");
    for asks in [" src=", "@import", "url(", "<link", "<iframe", "<img", "<script", " style=\""] {
        assert!(!page.contains(asks), "{asks}");
    }
    for rest in page.split("<style>").skip(1) {
        let (inside, _) = rest.split_once("</style>").unwrap();
        let hash = crate::report::html::base64(&Sha256::digest(inside));
        assert!(page.contains(&format!("sha256-{hash}")));
    }
}

#[test]
fn every_finding_and_its_series_stand_in_every_format() {
    let (_, analysis) = found("KG");
    assert!(
        analysis.flags().any(|f| &*f.key.partner == "KG" && !f.mirrors.is_empty()),
        "{:?}",
        analysis.findings
    );
    let csv = written(Format::Csv, "KG");
    assert_eq!(csv.lines().count(), 1 + analysis.findings.len());
    let series = written(Format::CsvSeries, "KG");
    assert_eq!(series.lines().count(), 1 + 36 * analysis.findings.len());
    let lines: Vec<serde_json::Value> =
        written(Format::Jsonl, "KG").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), analysis.findings.len() + 2);
    assert_eq!(lines[1]["values"].as_array().unwrap().len(), 36);
    let page = written(Format::Html, "KG");
    for words in ["Mirror images", "class=\"map\"", "8542.31", "2022-04", "Natural Earth"] {
        assert!(page.contains(words), "{words}");
    }
    let text = written(Format::Text, "KG");
    assert!(text.contains("mirrored rise") || text.contains("(rise"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn the_same_figures_give_the_same_bytes_and_nothing_gives_a_page() {
    for format in Format::ALL {
        assert_eq!(written(format, "KG"), written(format, "KG"), "{format}");
        let mut out = Vec::new();
        write(format, &About::default(), &Analysis::default(), &mut out).unwrap();
        assert!(!out.is_empty() || format == Format::CsvSeries);
        assert_eq!(Format::from_key(format.key()), Some(format));
    }
}
