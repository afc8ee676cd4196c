//! Laws that hold for every format, whatever stands in the shipments and lists.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options as Extensions, Parser};

use super::escape::is_hidden;
use super::fixture::{HOSTILE, header, outcomes, with_text, written};
use super::{Format, Options, words};

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[a-z0-9 .;,|*_#@<>&\"'=+-]{1,6}",
        prop::sample::select(vec![
            "\u{1b}]0;x\u{7}",
            "\u{9b}2J",
            "\r\n\r\n",
            "\t=1",
            "\u{202e}",
            "\u{2066}",
            "</script><script>",
            "</style>",
            "<!--",
            "-->",
            "\" onload=\"",
            "' x='",
            "javascript:alert(1)",
            "![x](y)",
            "[a]: b",
            "https://e.x/a",
            "@team",
            "#12",
            "```",
            "| a |",
            "=HYPERLINK(\"x\")",
            ";=1+1",
            "{{ x }}",
            "{% x %}",
            "::error::x",
            "\n::add-mask::x",
            "##[error]x",
            "%0A::error::x",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn page(format: Format, text: &str) -> String {
    let mut head = header();
    text.clone_into(&mut head.company);
    head.inputs.push(text.to_owned());
    head.not_screened.push(text.to_owned());
    head.bound_by.push(text.to_owned());
    let mut list = (*head.lists[0]).clone();
    text.clone_into(&mut list.id);
    text.clone_into(&mut list.publisher);
    text.clone_into(&mut list.title);
    text.clone_into(&mut list.edition.source);
    text.clone_into(&mut list.edition.url);
    list.notes.push(text.to_owned());
    head.lists.push(std::sync::Arc::new(list));
    written(format, &Options::default(), &head, &with_text(text))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_format_writes_a_hidden_character(text in hostile()) {
        for format in Format::ALL {
            let page = page(format, &text);
            let hidden = page.chars().find(|c| is_hidden(*c) && *c != '\n');
            prop_assert_eq!(hidden, None, "{}", format);
        }
    }

    #[test]
    fn no_cell_of_a_table_is_a_formula(text in hostile()) {
        for format in [Format::Csv, Format::CsvFindings] {
            let page = page(format, &text);
            for record in csv::Reader::from_reader(page.as_bytes()).records() {
                for cell in &record.unwrap() {
                    for part in cell.split(';') {
                        let first = part.trim_start_matches([' ', '"']).chars().next();
                        prop_assert!(!first.is_some_and(|c| "=+-@\t\r＝＋－＠".contains(c)), "{:?}", cell);
                    }
                }
            }
        }
    }

    #[test]
    fn no_line_of_a_log_is_a_command_of_a_cell(text in hostile()) {
        for format in [Format::Text, Format::GitHub] {
            for line in page(format, &text).lines() {
                prop_assert!(!line.contains("##["), "{format}: {line}");
                let ours = ["::error file=", "::warning file=", "::notice file=", "::notice title=redflag::"];
                let command = line.trim_start().starts_with("::");
                let known = format == Format::GitHub && ours.iter().any(|lead| line.starts_with(lead));
                prop_assert!(!command || known, "{format}: {line}");
            }
        }
    }

    #[test]
    fn markdown_gains_no_link_image_code_or_tag(text in hostile()) {
        let page = page(Format::Markdown, &text);
        for event in Parser::new_ext(&page, Extensions::all()) {
            match event {
                Event::InlineHtml(tag) => {
                    prop_assert!(["<!-- -->", "<span>", "</span>"].contains(&&*tag), "{tag}");
                }
                Event::Html(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::TaskListMarker(_) => {
                    prop_assert!(false, "{event:?}");
                }
                Event::Code(code) => prop_assert_eq!(code.len(), 16),
                Event::Start(tag) => {
                    use pulldown_cmark::Tag;
                    prop_assert!(!matches!(tag, Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)
                        | Tag::BlockQuote(_) | Tag::HtmlBlock), "{tag:?}");
                }
                _ => {}
            }
        }
    }

    #[test]
    fn a_page_has_the_same_tags_whatever_the_texts_say(text in hostile()) {
        // Texts that are blank, or that are links, may leave out an element or
        // add an anchor; what counts is that no text opens one of its own.
        let tags = |page: &str| page.matches("<script").count() + page.matches("<style").count();
        let page = page(Format::Html, &text);
        prop_assert_eq!(tags(&page), 2);
        prop_assert!(!page.contains(" onload=\""));
        prop_assert!(!page.contains("href=\"javascript:"));
        prop_assert_eq!(page.matches("<!--").count(), 0);
    }
}

#[test]
fn every_format_states_lists_rules_profile_and_what_is_not_screened() {
    let head = header();
    for format in Format::ALL {
        let options = Options { width: 400, ..Options::default() };
        let page = written(format, &options, &head, &outcomes());
        let list = &head.lists[0];
        for expected in [
            &list.id,
            words::short_hash(&list.edition.sha256),
            "2026-07-31",
            "2026-08-03",
            "2026.1",
            words::short_hash(&head.rule_pack_sha256),
            "Selangor Semiconductor Trading",
            "0.92",
            "Ownership: companies owned by listed parties",
            &words::fingerprint(&head),
        ] {
            assert!(page.replace("\\:<!-- -->", ":").contains(expected), "{format}: {expected}");
        }
        assert!(page.contains("18,710") || page.contains("18710"), "{format}");
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    for format in Format::ALL {
        let options = Options::default();
        let first = written(format, &options, &header(), &outcomes());
        assert_eq!(first, written(format, &options, &header(), &outcomes()), "{format}");
    }
}

#[test]
fn every_flagged_shipment_stands_in_every_format() {
    for format in Format::ALL {
        let page = written(format, &Options::default(), &header(), &outcomes());
        for reference in ["SO-1001", "SO-1002", "SO-1003", "SO-1004", "SO-1006", "SO-1007", "SO-1008"] {
            assert!(page.contains(reference) || format == Format::GitHub, "{format}: {reference}");
        }
        // Annotations are few by nature; the log counts the rest.
        if format == Format::GitHub {
            continue;
        }
        assert!(page.contains("深圳市杰创电子有限公司") || format == Format::Text, "{format}");
        assert!(!page.contains(HOSTILE), "{format}");
    }
}

/// Fails as a full disk or a closed pipe does.
struct Full;

impl std::io::Write for Full {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::StorageFull.into())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Err(std::io::ErrorKind::StorageFull.into())
    }
}

#[test]
fn a_full_disk_is_reported_by_every_format() {
    for format in Format::ALL {
        let mut sink = super::sink(format, Box::new(Full), Options::default());
        let result = super::fixture::run(sink.as_mut(), &header(), &outcomes());
        assert_eq!(result.unwrap_err().kind(), std::io::ErrorKind::StorageFull, "{format}");
    }
}
