//! Lines of text with indents, labels and colour. Everything that goes in is
//! made visible here, so that no caller can forget it.

use anstyle::{AnsiColor, Style};

use crate::report::escape::{log_line, prose};
use crate::report::wrap::{pad, width, wrap};

/// How a line stands out. Words carry the meaning, colour only helps.
#[derive(Clone, Copy)]
pub enum Tone {
    Plain,
    Bold,
    Unscreened,
    Block,
    Hold,
    Review,
}

impl Tone {
    const fn style(self) -> Style {
        let bold = Style::new().bold();
        match self {
            Self::Plain => Style::new(),
            Self::Bold => bold,
            Self::Unscreened => bold.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Magenta))),
            Self::Block => bold.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red))),
            Self::Hold => bold.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow))),
            Self::Review => bold.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan))),
        }
    }
}

/// Columns of a label.
const LABEL: usize = 13;

pub struct Page {
    columns: usize,
    colour: bool,
    text: String,
}

impl Page {
    /// A page of `columns`, at least 40.
    pub fn new(columns: usize, colour: bool) -> Self {
        Self { columns: columns.max(40), colour, text: String::new() }
    }

    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    fn push(&mut self, indent: usize, tone: Tone, text: &str) {
        use std::fmt::Write as _;
        self.text.extend(std::iter::repeat_n(' ', indent));
        let text = &*log_line(text);
        let style = tone.style();
        if self.colour && style != Style::new() {
            let _ = write!(self.text, "{style}{text}{style:#}");
        } else {
            self.text.push_str(text);
        }
    }

    /// A paragraph; further lines are indented by two more.
    pub fn line(&mut self, indent: usize, tone: Tone, text: &str) {
        for (index, line) in wrap(&prose(text), self.columns - indent - 2).iter().enumerate() {
            self.push(if index == 0 { indent } else { indent + 2 }, tone, line);
            self.blank();
        }
    }

    /// A label and a text beside it; nothing for an empty text.
    pub fn field(&mut self, indent: usize, label: &str, text: &str) {
        let text = prose(text);
        if text.is_empty() {
            return;
        }
        for (index, line) in wrap(&text, self.columns - indent - LABEL).iter().enumerate() {
            let label = pad(if index == 0 { label } else { "" }, LABEL);
            self.push(indent, Tone::Plain, &label);
            self.text.push_str(&log_line(line));
            self.blank();
        }
    }

    /// A head that stands out, and a text beside and below it.
    pub fn hanging(&mut self, indent: usize, tone: Tone, head: &str, text: &str) {
        let head = prose(head);
        let beside = indent + width(&head) + 2;
        self.push(indent, tone, &head);
        for (index, line) in wrap(&prose(text), self.columns.saturating_sub(beside)).iter().enumerate() {
            self.push(if index == 0 { 2 } else { beside }, Tone::Bold, line);
            self.blank();
        }
    }

    /// A heading with a rule under it.
    pub fn section(&mut self, tone: Tone, title: &str) {
        self.blank();
        for line in wrap(&prose(title), self.columns) {
            self.push(0, tone, &line);
            self.blank();
        }
        self.text.extend(std::iter::repeat_n('─', self.columns));
        self.blank();
    }
}
