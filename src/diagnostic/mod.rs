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
}

impl SourceFile {
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), text: text.into() }
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
        Some((before.matches('\n').count() + 1, before[line_start..].chars().count() + 1))
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
                let (window, first_line, span) = window(&file.text, span);
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

/// The lines a span touches (at most four), the number of the first, and the
/// span within them. Keeps a mistake in a list of megabytes cheap to show.
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
    let first_line = text[..line_start].matches('\n').count() + 1;
    let window = text[line_start..window_end].trim_end_matches(['\n', '\r']);
    let clip = |at: usize| (at - line_start).min(window.len());
    (window, first_line, clip(start)..clip(end.min(window_end)).max(clip(start)))
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

    #[test]
    fn a_near_word_is_suggested_and_a_far_one_is_not() {
        assert_eq!(nearest("hodl", ["clear", "hold", "block"]), Some("hold"));
        assert_eq!(nearest("destination", ["clear", "hold"]), None);
    }
}
