//! A TOML reader that asks for what it expects, key by key, and collects every
//! mistake: syntax, wrong type, missing key, unknown key.

use std::ops::Range;

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Diagnostic, Diagnostics, SourceFile, nearest};

/// A parsed TOML value.
pub type Value<'t> = Spanned<DeValue<'t>>;

/// A parsed TOML document.
pub type Entries<'t> = DeTable<'t>;

/// Parses a document. Every syntax mistake is collected; what could be read
/// comes back all the same, so that mistakes of meaning show in the same run.
pub fn parse_toml<'t>(file: &'t SourceFile, out: &mut Diagnostics) -> Spanned<Entries<'t>> {
    let (document, errors) = DeTable::parse_recoverable(&file.text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        out.push(Diagnostic::error(format!("this is not TOML: {}", error.message())).at(file, span));
    }
    document
}

/// A value in its file.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a, 't> {
    pub file: &'a SourceFile,
    pub value: &'a Value<'t>,
}

/// What a rules file says about itself, under `pack`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pack {
    pub id: String,
    pub title: String,
    /// Where the facts in the file come from.
    pub source: String,
    /// The day the facts are from.
    pub date: Option<Date>,
    /// How sure they are; empty when the text was seen.
    pub certainty: String,
}

/// A table that is being read. Call the typed getters for the keys you know,
/// then [`Table::finish`], which reports every key that was not asked for.
#[derive(Debug)]
pub struct Table<'a, 't> {
    file: &'a SourceFile,
    span: Range<usize>,
    entries: &'a Entries<'t>,
    asked: Vec<&'static str>,
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}

impl<'a, 't> Item<'a, 't> {
    /// Bytes of the value in its file.
    #[must_use]
    pub fn span(self) -> Range<usize> {
        self.value.span()
    }

    /// An error at this value.
    #[must_use]
    pub fn error(self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(message).at(self.file, self.span())
    }

    fn expected(self, what: &str, out: &mut Diagnostics) {
        let found = type_name(self.value.get_ref());
        out.push(self.error(format!("expected {what}, found {found}")).label(format!("this is {found}")));
    }

    /// The string, or a mistake.
    pub fn string(self, out: &mut Diagnostics) -> Option<&'a str> {
        if let DeValue::String(text) = self.value.get_ref() {
            return Some(text);
        }
        self.expected("a string", out);
        None
    }

    /// The boolean, or a mistake.
    pub fn boolean(self, out: &mut Diagnostics) -> Option<bool> {
        if let DeValue::Boolean(value) = self.value.get_ref() {
            return Some(*value);
        }
        self.expected("true or false", out);
        None
    }

    /// The calendar day, or a mistake.
    pub fn date(self, out: &mut Diagnostics) -> Option<Date> {
        if let DeValue::Datetime(value) = self.value.get_ref()
            && let Some(day) = value.date
            && value.time.is_none()
        {
            let year = i16::try_from(day.year).ok();
            let month = i8::try_from(day.month).ok();
            let dom = i8::try_from(day.day).ok();
            if let (Some(year), Some(month), Some(dom)) = (year, month, dom)
                && let Ok(date) = Date::new(year, month, dom)
            {
                return Some(date);
            }
        }
        out.push(
            self.error("expected a day")
                .label("not a day")
                .help("write a TOML date without quotes: 2024-05-01"),
        );
        None
    }

    /// A number as a decimal: an integer, a float, or a quoted decimal.
    pub fn decimal(self, out: &mut Diagnostics) -> Option<Decimal> {
        let text = match self.value.get_ref() {
            DeValue::Integer(value) => value.as_str(),
            DeValue::Float(value) => value.as_str(),
            DeValue::String(value) => value,
            _ => {
                self.expected("a number", out);
                return None;
            }
        };
        if let Ok(number) = text.replace('_', "").parse() {
            return Some(number);
        }
        out.push(self.error(format!("`{text}` is not a decimal number")));
        None
    }

    /// A measure: an integer or a float, with an exponent or without.
    pub fn measure(self, out: &mut Diagnostics) -> Option<f64> {
        let text = match self.value.get_ref() {
            DeValue::Integer(value) => value.as_str(),
            DeValue::Float(value) => value.as_str(),
            _ => {
                self.expected("a number", out);
                return None;
            }
        };
        let number = text.replace('_', "").parse().ok().filter(|number: &f64| number.is_finite());
        if number.is_none() {
            out.push(self.error(format!("`{text}` is not a measure")));
        }
        number
    }

    /// The elements of an array; a single value counts as an array of one.
    #[must_use]
    pub fn one_or_many(self) -> Vec<Self> {
        match self.value.get_ref() {
            DeValue::Array(values) => values.iter().map(|value| Self { file: self.file, value }).collect(),
            _ => vec![self],
        }
    }

    /// The elements of an array, or a mistake.
    pub fn array(self, out: &mut Diagnostics) -> Option<Vec<Self>> {
        if let DeValue::Array(values) = self.value.get_ref() {
            return Some(values.iter().map(|value| Self { file: self.file, value }).collect());
        }
        self.expected("an array", out);
        None
    }

    /// The strings of an array (or one string); mistakes are collected and
    /// left out.
    pub fn strings(self, out: &mut Diagnostics) -> Vec<&'a str> {
        self.one_or_many().into_iter().filter_map(|item| item.string(out)).collect()
    }

    /// The table, or a mistake.
    pub fn table(self, out: &mut Diagnostics) -> Option<Table<'a, 't>> {
        if let DeValue::Table(entries) = self.value.get_ref() {
            return Some(Table { file: self.file, span: self.span(), entries, asked: Vec::new() });
        }
        self.expected("a table", out);
        None
    }

    /// Whether the value is a table.
    #[must_use]
    pub fn is_table(self) -> bool {
        matches!(self.value.get_ref(), DeValue::Table(_))
    }

    /// Whether the value is an array.
    #[must_use]
    pub fn is_array(self) -> bool {
        matches!(self.value.get_ref(), DeValue::Array(_))
    }
}

impl<'a, 't> Table<'a, 't> {
    /// The top level of a parsed document.
    #[must_use]
    pub fn document(file: &'a SourceFile, document: &'a Spanned<Entries<'t>>) -> Self {
        Self { file, span: document.span(), entries: document.get_ref(), asked: Vec::new() }
    }

    /// The file the table stands in.
    #[must_use]
    pub fn file(&self) -> &'a SourceFile {
        self.file
    }

    /// Bytes of the table in its file.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The keys in alphabetical order, with the bytes of each key.
    pub fn keys(&self) -> impl Iterator<Item = (&'a str, Range<usize>)> {
        self.entries.iter().map(|(key, _)| (key.get_ref().as_ref(), key.span()))
    }

    /// Every key with its bytes and its value, in alphabetical order. For large
    /// files, where asking key by key costs; report keys that you do not know
    /// with [`Table::unknown_key`].
    pub fn items(&self) -> impl Iterator<Item = (&'a str, Range<usize>, Item<'a, 't>)> {
        let file = self.file;
        self.entries
            .iter()
            .map(move |(key, value)| (key.get_ref().as_ref(), key.span(), Item { file, value }))
    }

    /// The mistake of a key that nobody knows.
    #[must_use]
    pub fn unknown_key(&self, key: &str, span: Range<usize>, known: &[&'static str]) -> Diagnostic {
        let help = nearest(key, known.iter().copied()).map_or_else(
            || format!("known keys: {}", known.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Diagnostic::error(format!("unknown key `{key}`")).at(self.file, span).help(help)
    }

    /// The value of a key that is not known in advance. Does not count as
    /// asked for: a table with free keys is not finished.
    #[must_use]
    pub fn free(&self, key: &str) -> Option<Item<'a, 't>> {
        self.entries.get(key).map(|value| Item { file: self.file, value })
    }

    /// The value of a key, if present.
    pub fn get(&mut self, key: &'static str) -> Option<Item<'a, 't>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.free(key)
    }

    /// The value of a key, or a mistake.
    pub fn require(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<Item<'a, 't>> {
        let item = self.get(key);
        if item.is_none() {
            out.push(
                Diagnostic::error(format!("`{key}` is missing"))
                    .at(self.file, self.head())
                    .label(format!("needs `{key}`")),
            );
        }
        item
    }

    /// An error at the head of this table.
    #[must_use]
    pub fn error(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(message).at(self.file, self.head())
    }

    /// The first line of the table.
    fn head(&self) -> Range<usize> {
        let text = self.file.text.get(self.span.clone()).unwrap_or("");
        let length = text.find('\n').unwrap_or(text.len());
        self.span.start..self.span.start + length
    }

    /// A required string; a mistake and an empty string if it is not there.
    pub fn string(&mut self, key: &'static str, out: &mut Diagnostics) -> String {
        self.require(key, out).and_then(|item| item.string(out)).unwrap_or_default().to_owned()
    }

    /// An optional string.
    pub fn opt_string(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<String> {
        self.get(key).and_then(|item| item.string(out)).map(str::to_owned)
    }

    /// An optional array of strings, or a single string; empty when absent.
    pub fn strings(&mut self, key: &'static str, out: &mut Diagnostics) -> Vec<String> {
        self.get(key)
            .map(|item| item.strings(out))
            .unwrap_or_default()
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    /// An optional boolean.
    pub fn opt_boolean(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<bool> {
        self.get(key).and_then(|item| item.boolean(out))
    }

    /// An optional day.
    pub fn opt_date(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<Date> {
        self.get(key).and_then(|item| item.date(out))
    }

    /// An optional number.
    pub fn opt_decimal(&mut self, key: &'static str, out: &mut Diagnostics) -> Option<Decimal> {
        self.get(key).and_then(|item| item.decimal(out))
    }

    /// A measure, such as a weight; its absence is a mistake.
    pub fn number(&mut self, key: &'static str, out: &mut Diagnostics) -> f32 {
        use rust_decimal::prelude::ToPrimitive;
        self.require(key, out).and_then(|item| item.decimal(out)).and_then(|n| n.to_f32()).unwrap_or_default()
    }

    /// An array of tables; empty when absent.
    pub fn tables(&mut self, key: &'static str, out: &mut Diagnostics) -> Vec<Table<'a, 't>> {
        let items = self.get(key).and_then(|item| item.array(out)).unwrap_or_default();
        items.into_iter().filter_map(|item| item.table(out)).collect()
    }

    /// What the file says about itself; its absence is a mistake.
    pub fn pack(&mut self, out: &mut Diagnostics) -> Pack {
        let Some(mut table) = self.require("pack", out).and_then(|item| item.table(out)) else {
            return Pack::default();
        };
        let pack = Pack {
            id: table.string("id", out),
            title: table.string("title", out),
            source: table.string("source", out),
            date: table.opt_date("date", out),
            certainty: table.opt_string("certainty", out).unwrap_or_default(),
        };
        table.finish(out);
        pack
    }

    /// One of a fixed set of words, through `parse`; a mistake lists the words
    /// and suggests the nearest.
    pub fn word<T>(
        &mut self,
        key: &'static str,
        words: &[&'static str],
        parse: impl Fn(&str) -> Option<T>,
        out: &mut Diagnostics,
    ) -> Option<T> {
        let item = self.get(key)?;
        word(item, words, parse, out)
    }

    /// Reports every key that no getter asked for.
    pub fn finish(self, out: &mut Diagnostics) {
        for (key, span) in self.keys() {
            if self.asked.contains(&key) {
                continue;
            }
            out.push(self.unknown_key(key, span, &self.asked));
        }
    }
}

/// Reads one of a fixed set of words; see [`Table::word`].
pub fn word<T>(
    item: Item<'_, '_>,
    words: &[&'static str],
    parse: impl Fn(&str) -> Option<T>,
    out: &mut Diagnostics,
) -> Option<T> {
    let text = item.string(out)?;
    let parsed = parse(text);
    if parsed.is_none() {
        let help = nearest(text, words.iter().copied()).map_or_else(
            || format!("one of: {}", words.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        out.push(item.error(format!("unknown word `{text}`")).help(help));
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_of_a_file_is_collected_in_one_pass() {
        let file = SourceFile::new("x.toml", "id = 3\nfrm = 2024-01-01\nday = \"soon\"\nwhat ever\n");
        let mut out = Diagnostics::default();
        let document = parse_toml(&file, &mut out);
        let mut table = Table::document(&file, &document);
        table.string("id", &mut out);
        table.opt_date("from", &mut out);
        table.opt_date("day", &mut out);
        table.string("why", &mut out);
        table.finish(&mut out);
        let all: Vec<_> = out.iter().map(|d| format!("{} {}", d.message, d.help)).collect();
        let has = |part: &str| assert!(all.iter().any(|m| m.contains(part)), "{part}: {all:?}");
        has("this is not TOML");
        has("expected a string, found an integer");
        has("did you mean `from`?");
        has("expected a day");
        has("`why` is missing");
    }
}
