//! Mistakes in files that the user wrote (rules, lists, configuration), with
//! the place and what to do; and a TOML reader that collects all of them
//! instead of stopping at the first.
//!
//! Knows nothing of what the files mean.

mod toml_reader;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

pub use toml_reader::{Entries, Item, Pack, Table, Value, parse_toml, word};

/// A text file by name, kept so that a mistake can be shown in its line.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path or embedded name, as the user knows it.
    pub name: Arc<str>,
    pub text: Arc<str>,
    /// Lines of the file that stand before the text.
    lines_before: usize,
}

impl SourceFile {
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self::part(name, text, 0)
    }

    /// Some lines of a file, without the so many that stand before them.
    #[must_use]
    pub fn part(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>, lines_before: usize) -> Self {
        Self { name: name.into(), text: text.into(), lines_before }
    }

    /// Lines of the file that stand before the text: 0 of a whole file.
    #[must_use]
    pub const fn lines_before(&self) -> usize {
        self.lines_before
    }
}

/// How bad a mistake is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    Warning,
    /// Nothing is screened while one stands.
    Error,
}

/// One mistake.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub severity: Severity,
    pub message: String,
    /// What is wrong at the marked place, in a few words; may be empty.
    pub label: String,
    /// What to do about it; may be empty.
    pub help: String,
    /// The file and the bytes in it, where the mistake has a place.
    pub place: Option<(SourceFile, Range<usize>)>,
}

impl Diagnostic {
    /// An error without a place yet.
    #[must_use]
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            label: String::new(),
            help: String::new(),
            place: None,
        }
    }

    /// A warning without a place yet.
    #[must_use]
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    #[must_use]
    pub fn at(mut self, file: &SourceFile, span: Range<usize>) -> Self {
        self.place = Some((file.clone(), span));
        self
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Line and column, both from 1, the column in characters.
    #[must_use]
    pub fn line_column(&self) -> Option<(usize, usize)> {
        let (file, span) = self.place.as_ref()?;
        let before = file.text.get(..span.start)?;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = file.lines_before.saturating_add(before.matches('\n').count() + 1);
        Some((line, before[line_start..].chars().count() + 1))
    }

    /// The same mistake with no more of its file than [`Diagnostic::render`]
    /// shows: it looks the same.
    #[must_use]
    pub fn excerpt(&self) -> Self {
        let mut excerpt = Self { place: None, ..self.clone() };
        if let Some((file, span)) = &self.place {
            let (window, lines_before, span) = window(&file.text, span);
            let lines_before = file.lines_before.saturating_add(lines_before);
            excerpt.place = Some((SourceFile::part(file.name.clone(), window, lines_before), span));
        }
        excerpt
    }

    /// The mistake with its source line and a caret, without colour when
    /// `colour` is false. Ends without a newline.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let level = match self.severity {
            Severity::Warning => Level::WARNING,
            Severity::Error => Level::ERROR,
        };
        let message = printable(&self.message);
        let title = level.primary_title(message);
        let mut group = match &self.place {
            None => annotate_snippets::Group::with_title(title),
            Some((file, span)) => {
                let (window, lines_before, span) = window(&file.text, span);
                let first_line = file.lines_before.saturating_add(lines_before).saturating_add(1);
                title.element(
                    Snippet::source(printable(window))
                        .line_start(first_line)
                        .path(file.name.to_string())
                        .annotation(AnnotationKind::Primary.span(span).label(printable(&self.label))),
                )
            }
        };
        if !self.help.is_empty() {
            group = group.element(Level::HELP.message(printable(&self.help)));
        }
        renderer.render(&[group])
    }
}

/// Control characters other than newline and tab become the replacement
/// character's single-byte cousin `?`, so that a hostile file cannot drive the
/// terminal and spans stay valid.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_control() && c != '\n' && c != '\t' { '?' } else { c }).collect()
}

/// The lines a span touches (at most four), how many stand before them, and
/// the span within them. Keeps a mistake in a list of megabytes cheap to show.
fn window<'t>(text: &'t str, span: &Range<usize>) -> (&'t str, usize, Range<usize>) {
    let start = floor_boundary(text, span.start.min(text.len()));
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let end = floor_boundary(text, span.end.clamp(start, text.len()));
    let mut window_end = line_start;
    for line in text[line_start..].split_inclusive('\n').take(4) {
        window_end += line.len();
        if window_end >= end {
            break;
        }
    }
    let lines_before = text[..line_start].matches('\n').count();
    let window = text[line_start..window_end].trim_end_matches(['\n', '\r']);
    let clip = |at: usize| (at - line_start).min(window.len());
    (window, lines_before, clip(start)..clip(end.min(window_end)).max(clip(start)))
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// Mistakes found so far, in the order found.
#[derive(Default, Debug)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// The same without what is not shown of the files: see
    /// [`Diagnostic::excerpt`].
    #[must_use]
    pub fn excerpts(&self) -> Self {
        Self(self.0.iter().map(Diagnostic::excerpt).collect())
    }

    #[must_use]
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}

impl<'d> IntoIterator for &'d Diagnostics {
    type Item = &'d Diagnostic;
    type IntoIter = std::slice::Iter<'d, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The known word nearest to a mistyped one, if it is near enough to suggest.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_shows_its_line_a_caret_and_what_to_do() {
        let file = SourceFile::new("rules/x.toml", "a = 1\nverdict = \"hodl\"\nb = 2\n");
        let shown = Diagnostic::error("unknown verdict `hodl`")
            .at(&file, 16..22)
            .label("not a verdict")
            .help("did you mean `hold`?")
            .render(false);
        assert!(shown.contains("rules/x.toml:2:11"), "{shown}");
        assert!(shown.contains("^^^^^^ not a verdict"), "{shown}");
        assert!(shown.contains("did you mean `hold`?"), "{shown}");
    }

    #[test]
    fn any_span_in_any_text_renders() {
        let file = SourceFile::new("x", "é\u{1b}[31m\r\nüü\n");
        for start in 0..20 {
            for end in 0..20 {
                let shown = Diagnostic::error("m").at(&file, start..end).render(false);
                assert!(!shown.contains('\u{1b}'));
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn an_excerpt_of_a_mistake_looks_the_same(
            text in "[aé\t\r\n]{0,40}",
            start in 0usize..50,
            length in 0usize..50,
            lines_before in 0usize..3,
            label in "[lü\n]{0,3}",
        ) {
            let file = SourceFile::part("a/b.csv", text, lines_before);
            let whole = Diagnostic::warning("m").at(&file, start..start + length).label(label).help("h");
            let excerpt = whole.excerpt();
            for colour in [false, true] {
                proptest::prop_assert_eq!(excerpt.render(colour), whole.render(colour));
                proptest::prop_assert_eq!(excerpt.excerpt().render(colour), whole.render(colour));
            }
        }
    }

    #[test]
    fn an_excerpt_holds_no_more_than_the_lines_that_are_shown() {
        let file = SourceFile::new("x", "one\ntwo\nthree\nfour\n");
        let excerpt = Diagnostic::error("m").at(&file, 5..9).excerpt();
        let (part, span) = excerpt.place.as_ref().unwrap();
        assert_eq!((&*part.text, part.lines_before(), span), ("two\nthree", 1, &(1..5)));
        assert_eq!(excerpt.line_column(), Some((2, 2)));
        assert!(Diagnostic::error("m").excerpt().place.is_none());
    }

    #[test]
    fn a_near_word_is_suggested_and_a_far_one_is_not() {
        assert_eq!(nearest("hodl", ["clear", "hold", "block"]), Some("hold"));
        assert_eq!(nearest("destination", ["clear", "hold"]), None);
    }
}
