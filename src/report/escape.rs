//! Keeps what comes from a shipment or a list from acting on the reader's
//! program: terminal, spreadsheet, Markdown renderer, browser.
//!
//! Knows characters, not reports.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Whether a character acts on the display without being seen: control
/// characters (ANSI sequences begin with one), line separators, invisible
/// formatting, and the bidirectional overrides of Unicode TR 9 (CVE-2021-42574).
/// The joiners U+200C and U+200D stay: Persian and Indic names need them.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a text is printable ASCII and nothing else: the usual case, found
/// without decoding.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The text with every hidden character shown as an escape: `\n`, `\t`, `\r`,
/// or `\u{1b}` with the code point in hexadecimal. One line.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if is_plain(text) || !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_hidden(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// As [`visible`], for texts whose authors broke the lines (`why`, `advice`):
/// white space runs become one space.
#[must_use]
pub fn prose(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

/// A cell of a spreadsheet that no program takes for a formula: an apostrophe
/// goes before a leading `=`, `+`, `-`, `@` (also in full width, also after
/// blanks; tab and carriage return can't lead, [`visible`] has replaced them),
/// and before one that follows a `;`, which splits cells where the comma is
/// the decimal sign.
#[must_use]
pub fn cell(text: &str) -> String {
    let shown = visible(text);
    let mut out = String::with_capacity(shown.len() + 1);
    let mut leading = true;
    for c in shown.chars() {
        if leading
            && matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹢' | '﹣' | '﹦' | '﹫')
        {
            out.push('\'');
        }
        leading = c == ';' || (leading && (c.is_whitespace() || c == '"'));
        out.push(c);
    }
    if matches!(text.as_bytes().first(), Some(b'\t' | b'\r' | b'\n')) {
        out.insert(0, '\'');
    }
    out
}

/// Text within a line of GitHub-flavoured Markdown, read as nothing but text:
/// no emphasis, link, image, HTML, table cell, list, mention or reference.
#[must_use]
pub fn markdown(text: &str) -> String {
    let shown = visible(text);
    let shown = shown.trim();
    let mut out = String::with_capacity(shown.len() + 8);
    let digits = shown.bytes().take_while(u8::is_ascii_digit).count();
    for (index, c) in shown.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A comment splits the word, so that no mention, reference or bare
            // address is made of it.
            '@' | '#' => {
                out.push('\\');
                out.push(c);
                out.push_str("<!-- -->");
            }
            ':' if !shown.get(index + 1..).unwrap_or_default().starts_with([' ', ',', ';']) => {
                out.push_str("\\:<!-- -->");
            }
            'w' | 'W' if is_www(shown, index) => {
                out.push(c);
                out.push_str("<!-- -->");
            }
            // The way GitHub documents to keep a dollar sign out of formulas.
            '$' => out.push_str(r"<span>\$</span>"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '!' | '^' => {
                out.push('\\');
                out.push(c);
            }
            '-' | '+' | '=' if index == 0 => {
                out.push('\\');
                out.push(c);
            }
            '.' | ')'
                if digits > 0
                    && index == digits
                    && shown.as_bytes().get(index + 1).is_none_or(u8::is_ascii_whitespace) =>
            {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

fn is_www(text: &str, index: usize) -> bool {
    text.get(index..index + 4).is_some_and(|head| head.eq_ignore_ascii_case("www."))
}

/// Text in the content or a quoted attribute of HTML.
///
/// # Errors
/// When `out` refuses.
pub fn write_html(out: &mut impl std::fmt::Write, text: &str) -> std::fmt::Result {
    for c in visible(text).chars() {
        match c {
            '&' => out.write_str("&amp;")?,
            '<' => out.write_str("&lt;")?,
            '>' => out.write_str("&gt;")?,
            '"' => out.write_str("&quot;")?,
            '\'' => out.write_str("&#39;")?,
            c => out.write_char(c)?,
        }
    }
    Ok(())
}

/// Compact JSON in which hidden characters are `\u` escapes.
pub struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if is_plain(fragment) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some((index, c)) = rest.char_indices().find(|(_, c)| is_hidden(*c)) {
            let (before, after) = rest.split_at(index);
            writer.write_all(before.as_bytes())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = after.get(c.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }
}

/// A line of a log that no runner takes for a command: workflow commands begin
/// with two colons, older ones with `##[` anywhere.
#[must_use]
pub fn log_line(text: &str) -> Cow<'_, str> {
    let text = match text.trim_start().strip_prefix("::") {
        Some(rest) => Cow::Owned(format!("∷{rest}")),
        None => Cow::Borrowed(text),
    };
    if text.contains("##[") { Cow::Owned(text.replace("##[", "##(")) } else { text }
}

/// A value as compact JSON in which hidden characters are escapes.
///
/// # Errors
/// When the value can't be written as JSON.
pub fn json(value: &impl Serialize) -> io::Result<String> {
    let mut out = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut out, Harmless)).map_err(io::Error::other)?;
    String::from_utf8(out).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;

    /// Strings made of the pieces that break formats.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            "[a-z0-9 .;,|*_#@<>&\"'=+-]{1,6}",
            prop::sample::select(vec![
                "\u{1b}[31m",
                "\u{9b}2J",
                "\r\n",
                "\t=1",
                "\u{202e}",
                "\u{2066}",
                "</script>",
                "<!--",
                "-->",
                "![x](y)",
                "[a]: b",
                "https://e.x/a",
                "www.e.x",
                "@team",
                "#12",
                "```",
                "| a |",
                "1. x",
                "=HYPERLINK(\"x\")",
                ";=1+1",
                "＝1",
                "&lt;",
                "$a$",
                "\\",
                "a@b.cc",
                "~~x~~",
            ])
            .prop_map(str::to_owned),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn nothing_hidden_survives(text in hostile()) {
            prop_assert!(!visible(&text).chars().any(is_hidden));
            prop_assert!(!cell(&text).chars().any(is_hidden));
            prop_assert!(!markdown(&text).chars().any(is_hidden));
        }

        #[test]
        fn no_cell_begins_a_formula_under_any_separator(text in hostile()) {
            for part in cell(&text).split(';') {
                let first = part.trim_start().trim_start_matches('"').trim_start().chars().next();
                prop_assert!(!first.is_some_and(|c| "=+-@＝＋－＠".contains(c)), "{part:?}");
            }
        }

        #[test]
        fn markdown_reads_back_as_the_plain_text(text in hostile()) {
            let page = format!("- {} end\n", markdown(&text));
            let mut read = String::new();
            for event in Parser::new_ext(&page, Options::all().difference(Options::ENABLE_SMART_PUNCTUATION)) {
                match event {
                    Event::Text(part) => read.push_str(&part),
                    Event::InlineHtml(tag) => {
                        prop_assert!(["<!-- -->", "<span>", "</span>"].contains(&&*tag), "{tag}");
                    }
                    Event::Start(Tag::List(_) | Tag::Item | Tag::Paragraph) | Event::End(_) => {}
                    other => prop_assert!(false, "{other:?} in {page:?}"),
                }
            }
            let shown = visible(&text);
            let expected = format!("{} end", shown.trim());
            prop_assert_eq!(read.trim(), expected.trim());
        }

        #[test]
        fn html_holds_no_tag_and_no_quote(text in hostile()) {
            let mut out = String::new();
            write_html(&mut out, &text).unwrap();
            prop_assert!(!out.contains(['<', '>', '"', '\'']));
        }
    }

    #[test]
    fn an_address_in_another_script_stays_as_it_is() {
        assert_eq!(visible("شركة الفجر 深圳 Ünal می‌خواهم"), "شركة الفجر 深圳 Ünal می‌خواهم");
        assert_eq!(visible("a\u{202e}b\u{1b}[0m"), "a\\u{202e}b\\u{1b}[0m");
    }

    #[test]
    fn formulas_are_neutralised_with_an_apostrophe() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("  @SUM(A1)"), "  '@SUM(A1)");
        assert_eq!(cell("a; -b"), "a; '-b");
        assert_eq!(cell("\t=1"), "'\\t=1");
        assert_eq!(cell("Sdn-Bhd + Co"), "Sdn-Bhd + Co");
    }
}
