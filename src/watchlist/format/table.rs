//! Published CSV tables with a header: cells by column name, odd rows as
//! mistakes with their line.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile};

use super::Mistakes;

/// How a table is written.
#[derive(Clone, Copy)]
pub(super) struct Shape<'s> {
    pub separator: u8,
    /// Lines before the header.
    pub skip: usize,
    /// Columns without which the file cannot be read.
    pub required: &'s [&'s str],
}

/// One row.
pub(super) struct Row<'r> {
    record: &'r csv::StringRecord,
    columns: &'r FxHashMap<String, usize>,
    file: &'r SourceFile,
    span: std::ops::Range<usize>,
}

impl<'r> Row<'r> {
    /// The trimmed cell of a column; empty where there is no such column.
    pub fn cell(&self, column: &str) -> &'r str {
        let at = self.columns.get(column);
        at.and_then(|&at| self.record.get(at)).unwrap_or_default().trim()
    }

    /// An error at this row.
    pub fn error(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(message).at(self.file, self.span.clone())
    }

    /// The columns of the header, in no order.
    pub fn columns(&self) -> impl Iterator<Item = &'r str> {
        self.columns.keys().map(String::as_str)
    }
}

/// Gives each good row to `take`, in order; the number of good rows. A missing
/// column, a row with too few or too many cells and an open quote are errors.
pub(super) fn read(
    file: &SourceFile,
    shape: Shape<'_>,
    out: &mut Diagnostics,
    take: impl FnMut(&Row<'_>, &mut Mistakes<'_>, &mut Diagnostics),
) -> usize {
    read_named(file, shape, str::to_owned, out, take)
}

/// As [`read`], for headers that change in case, language or line breaks:
/// `name` makes of a trimmed header cell the name of the column.
pub(super) fn read_named(
    file: &SourceFile,
    shape: Shape<'_>,
    name: impl Fn(&str) -> String,
    out: &mut Diagnostics,
    mut take: impl FnMut(&Row<'_>, &mut Mistakes<'_>, &mut Diagnostics),
) -> usize {
    let text = &*file.text;
    let start: usize = text.split_inclusive('\n').take(shape.skip).map(str::len).sum();
    let body = text.get(start..).unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(shape.separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let mut records = reader.records();
    let Some(Ok(header)) = records.next() else {
        out.push(Diagnostic::error(format!("`{}` has no header", file.name)));
        return 0;
    };
    let header_end = start + body.find(['\n', '\r']).unwrap_or(body.len());
    let mut columns = FxHashMap::default();
    for (at, cell) in header.iter().enumerate() {
        columns.entry(name(cell.trim().trim_start_matches('\u{feff}').trim())).or_insert(at);
    }
    let missing: Vec<_> =
        shape.required.iter().filter(|name| !columns.contains_key(**name)).copied().collect();
    if !missing.is_empty() {
        out.push(
            Diagnostic::error(format!("columns that are missing: {}", missing.join(", ")))
                .at(file, start..header_end)
                .help("the publisher changed the file, or it is another one; nothing of it is used"),
        );
        return 0;
    }
    let mut mistakes = Mistakes::new(file);
    let mut good = 0;
    for record in records {
        let Ok(record) = record else { continue };
        let at = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or_default() + start;
        let span = line_from(text, at);
        let row = Row { record: &record, columns: &columns, file, span };
        if record.len() != header.len() {
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            mistakes.push(
                row.error(format!("{} cells where the header has {}", record.len(), header.len()))
                    .help("the row cannot be trusted, so the list is not used; get the file again"),
                out,
            );
            continue;
        }
        if runs_on(&record, shape.separator) {
            mistakes.push(
                row.error("a cell runs on over the next rows").help(
                    "a quote is not closed; the rows it swallowed are not read, so the list is not used",
                ),
                out,
            );
            continue;
        }
        good += 1;
        take(&row, &mut mistakes, out);
    }
    mistakes.finish(out);
    good
}

/// Whether a cell has swallowed whole rows. A cell may hold line ends, but no
/// further line of it has half as many separators as a row.
fn runs_on(record: &csv::StringRecord, separator: u8) -> bool {
    let most = (record.len().saturating_sub(1) / 2).max(1);
    record.iter().flat_map(|cell| cell.lines().skip(1)).any(|line| {
        let separators = line.bytes().filter(|&byte| byte == separator).count();
        separators >= most && (separator != b',' || line.matches(',').count() > line.matches(", ").count())
    })
}

/// The first line with something on it from there on.
fn line_from(text: &str, at: usize) -> std::ops::Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start_matches(['\n', '\r']).len();
    let length = rest.get(blank..).and_then(|line| line.find(['\n', '\r'])).unwrap_or(rest.len() - blank);
    at + blank..at + blank + length
}
