//! A workbook: shipments, findings, lists, and what was covered.
//!
//! Every cell is written as text or number, never as formula, so nothing in a
//! cell can run. Rows go to temporary files as they come; memory does not grow
//! with the run.

use std::io::{self, Seek, SeekFrom, Write};

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, Url, Workbook, Worksheet, XlsxError,
};

use crate::rule::Verdict;
use crate::screening::{Outcome, RunHeader, Summary};

use super::Sink;
use super::csv::{findings, shipments};
use super::escape::{json, visible};
use super::spool::Spool;
use super::words;

/// Rows of a sheet, its head included.
const MOST_ROWS: u32 = 1_048_576;
/// Characters of a cell.
const MOST_CHARS: usize = 32_767;
/// Links of a sheet; Excel takes 65,530.
const MOST_LINKS: u32 = 65_000;

const SHEETS: [&str; 4] = ["Shipments", "Findings", "Lists", "Coverage"];

pub struct Sheets {
    out: Box<dyn Write + Send>,
    book: Workbook,
    header: Option<RunHeader>,
    /// The next row of shipments and of findings.
    next: [u32; 2],
    left_out: [u64; 2],
    /// Clear shipments, once the sheet is so full that flagged ones may need the
    /// rest of it: they follow at the end, as far as there is room.
    late: Spool,
    most_rows: u32,
    bold: Format,
}

impl Sheets {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        let bold = Format::new().set_bold().set_background_color(Color::RGB(0x00E8_EBEF));
        let late = Spool::new(Some(u64::from(MOST_ROWS)));
        Self {
            out,
            book: Workbook::new(),
            header: None,
            next: [1, 1],
            left_out: [0, 0],
            late,
            most_rows: MOST_ROWS,
            bold,
        }
    }

    /// Writes the clear shipments that were kept back, as far as they fit.
    fn write_late(&mut self) -> io::Result<()> {
        let mut late = std::mem::take(&mut self.late);
        if let Some(left_out) = self.left_out.first_mut() {
            *left_out += late.withheld(Verdict::Clear);
        }
        late.copy_lines(Verdict::Clear, u64::MAX, |line| {
            let cells: Vec<String> = serde_json::from_str(line).map_err(io::Error::other)?;
            self.row(0, &cells, (2, Verdict::Clear)).map(|_| ())
        })
    }

    fn sheet(&mut self, number: usize) -> io::Result<&mut Worksheet> {
        self.book.worksheet_from_index(number).map_err(failed)
    }

    /// Writes a row of shipments (0) or findings (1); the row's number, if there
    /// was room.
    fn row(&mut self, sheet: usize, cells: &[String], verdict: (usize, Verdict)) -> io::Result<Option<u32>> {
        let Some(row) = self.next.get(sheet).copied().filter(|row| *row < self.most_rows) else {
            if let Some(left_out) = self.left_out.get_mut(sheet) {
                *left_out += 1;
            }
            return Ok(None);
        };
        let page = self.sheet(sheet)?;
        for (column, text) in (0u16..).zip(cells) {
            if usize::from(column) == verdict.0 {
                page.write_string_with_format(row, column, shown(text), &colour(verdict.1))
                    .map_err(failed)?;
            } else if !text.is_empty() {
                page.write_string(row, column, shown(text)).map_err(failed)?;
            }
        }
        if let Some(next) = self.next.get_mut(sheet) {
            *next += 1;
        }
        Ok(Some(row))
    }

    /// Makes the reference at the head of a row lead to a row of another sheet.
    fn link(&mut self, from: (usize, u32), to: (usize, u32), text: &str) -> io::Result<()> {
        if from.1 > MOST_LINKS {
            return Ok(());
        }
        let name = SHEETS.get(to.0).copied().unwrap_or_default();
        let words = if text.is_empty() { "(no reference)" } else { text };
        let url = Url::new(format!("internal:'{name}'!A{}", to.1 + 1)).set_text(shown(words));
        self.sheet(from.0)?.write_url(from.1, 0, url).map_err(failed)?;
        Ok(())
    }

    fn lists(&mut self, header: &RunHeader) -> io::Result<()> {
        const HEAD: [&str; 9] =
            ["list", "title", "jurisdiction", "date", "entries", "names", "SHA-256", "source", "notes"];
        let bold = self.bold.clone();
        let page = self.sheet(2)?;
        head(page, &HEAD, &bold)?;
        for (row, list) in (1..MOST_ROWS).zip(&header.lists) {
            let edition = &list.edition;
            let texts = [
                (0, list.id.clone()),
                (1, list.title.clone()),
                (2, list.jurisdiction.clone()),
                (3, words::date_or(edition.date, "not stated")),
                (6, edition.sha256.clone()),
                (7, edition.source.clone()),
                (8, list.notes.join(" ")),
            ];
            for (column, text) in texts {
                page.write_string(row, column, shown(&text)).map_err(failed)?;
            }
            for (column, count) in [(4, edition.entries), (5, edition.names)] {
                page.write_number(row, column, number(words::size(count))).map_err(failed)?;
            }
        }
        Ok(())
    }

    fn coverage(&mut self, header: &RunHeader, summary: &Summary) -> io::Result<()> {
        let left_out = self.left_out;
        let bold = self.bold.clone();
        let page = self.sheet(3)?;
        head(page, &["what", "value"], &bold)?;
        let mut row = 1;
        let mut text = |page: &mut Worksheet, what: &str, value: &str| -> io::Result<()> {
            page.write_string(row, 0, what).map_err(failed)?;
            page.write_string(row, 1, shown(value)).map_err(failed)?;
            row += 1;
            Ok(())
        };
        text(page, "screened as of", &header.as_of.to_string())?;
        text(page, "run", &words::fingerprint(header))?;
        text(page, "files", &header.inputs.join(", "))?;
        text(page, "profile", &format!("{}, {}", words::company(header), words::bound_by(header)))?;
        text(page, "thresholds", &words::thresholds(header))?;
        text(page, "rule pack", &words::rule_pack(header))?;
        text(page, "redflag", &header.program_version)?;
        if let Some(file) = &header.decisions {
            text(page, "decisions", &words::decision_file(file))?;
        }
        for sentence in &header.not_screened {
            text(page, "not screened", sentence)?;
        }
        for (what, left_out) in ["shipments", "findings"].into_iter().zip(left_out) {
            if left_out > 0 {
                let words = format!("{left_out} rows beyond what a sheet holds; CSV and JSON Lines hold all");
                text(page, &format!("{what} left out"), &words)?;
            }
        }
        for (what, count) in [
            ("rows in", summary.rows_in),
            ("rows out", summary.rows_out),
            ("shipments", summary.shipments),
            ("rows that could not be read", summary.unreadable_rows),
        ] {
            text(page, what, &words::number(count))?;
        }
        for verdict in Verdict::ALL.into_iter().rev() {
            let count = summary.verdicts.get(&verdict).copied().unwrap_or_default();
            text(page, &format!("verdict {verdict}"), &words::number(count))?;
        }
        for (rule, count) in &summary.rules {
            text(page, &format!("rule {rule}"), &words::number(*count))?;
        }
        for (label, lines) in words::account(summary) {
            for line in lines {
                text(page, &label.to_lowercase(), &line)?;
            }
        }
        for ((field, kind), count) in &summary.odd_cells {
            text(page, &format!("odd cells: {field}, {kind}"), &words::number(*count))?;
        }
        Ok(())
    }
}

impl Sink for Sheets {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.header = Some(header.clone());
        // The day of the evaluation, so that the same run gives the same bytes.
        let day = header.as_of;
        let made = ExcelDateTime::from_ymd(
            u16::try_from(day.year()).unwrap_or(1900),
            u8::try_from(day.month()).unwrap_or(1),
            u8::try_from(day.day()).unwrap_or(1),
        )
        .map_err(failed)?;
        self.book
            .set_properties(&DocProperties::new().set_title("Export screening").set_creation_datetime(&made));
        for name in SHEETS {
            self.book.add_worksheet_with_constant_memory().map_err(failed)?.set_name(name).map_err(failed)?;
        }
        let bold = self.bold.clone();
        head(self.sheet(0)?, shipments::columns(), &bold)?;
        head(self.sheet(1)?, findings::columns(), &bold)
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        let verdict = outcome.verdict();
        let shipment = shipments::row(outcome);
        let reference = shipment.first().cloned().unwrap_or_default();
        let found = findings::rows(outcome);
        let first_finding = self.next[1];
        // A quarter of the sheet is kept for flagged shipments.
        if found.is_empty() && verdict == Verdict::Clear && self.next[0] >= self.most_rows / 4 * 3 {
            if self.late.has_room(verdict) {
                self.late.keep(verdict, &format!("{}\n", json(&shipment)?))?;
            }
            return Ok(());
        }
        let row = self.row(0, &shipment, (2, verdict))?;
        if let Some(row) = row.filter(|_| !found.is_empty() && first_finding < self.most_rows) {
            self.link((0, row), (1, first_finding), &reference)?;
        }
        for cells in &found {
            let own = self.row(1, cells, (2, verdict))?;
            if let (Some(own), Some(row)) = (own, row) {
                self.link((1, own), (0, row), &reference)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let Some(header) = self.header.take() else {
            return Err(io::Error::other("a report needs the header of its run"));
        };
        self.write_late()?;
        self.lists(&header)?;
        self.coverage(&header, summary)?;
        for (number, columns) in [(0, shipments::columns().len()), (1, findings::columns().len()), (2, 9)] {
            let last = match self.next.get(number) {
                Some(next) => next - 1,
                None => u32::try_from(header.lists.len()).unwrap_or(MOST_ROWS - 1),
            };
            let last_column = u16::try_from(columns - 1).unwrap_or(0);
            self.sheet(number)?.autofilter(0, 0, last.max(1), last_column).map_err(failed)?;
        }
        let mut whole = tempfile::tempfile()?;
        self.book.save_to_writer(&mut whole).map_err(failed)?;
        whole.seek(SeekFrom::Start(0))?;
        io::copy(&mut whole, &mut self.out)?;
        self.out.flush()
    }
}

/// The frozen head of a sheet, with widths that suit what is below.
fn head(page: &mut Worksheet, columns: &[&str], bold: &Format) -> io::Result<()> {
    page.set_freeze_panes(1, 0).map_err(failed)?;
    for (number, name) in (0u16..).zip(columns) {
        let width = match *name {
            "evidence" | "why" | "advice" | "value" | "title" | "notes" | "authority" => 60,
            "exporter" | "consignee" | "end_user" | "goods" | "party" | "listed_name" | "what"
            | "SHA-256" => 32,
            "line" | "rows" | "score" | "verdict" | "list" | "rule" => 11,
            _ => 18,
        };
        page.set_column_width(number, width).map_err(failed)?;
        page.write_string_with_format(0, number, *name, bold).map_err(failed)?;
    }
    Ok(())
}

fn colour(verdict: Verdict) -> Format {
    let fill = match verdict {
        Verdict::Unscreened => 0x00D9_C2F0,
        Verdict::Block => 0x00F4_B6B6,
        Verdict::Hold => 0x00F9_D3A5,
        Verdict::Review => 0x00FB_EEA8,
        Verdict::Note => 0x00CF_E3F7,
        Verdict::Clear => 0x00D3_EDD3,
    };
    Format::new().set_background_color(Color::RGB(fill)).set_align(FormatAlign::Center)
}

/// A text as a cell holds it: hidden characters shown, cut with a word where it
/// is too long.
fn shown(text: &str) -> String {
    const CUT: &str = " … (cut: a cell holds no more)";
    let text = visible(text);
    // Counted as Excel does: a character beyond the first plane counts twice.
    if text.len() <= MOST_CHARS || text.encode_utf16().count() <= MOST_CHARS {
        return text.into_owned();
    }
    let mut room = MOST_CHARS - CUT.chars().count();
    let fits = |c: &char| {
        let left = room.checked_sub(c.len_utf16());
        room = left.unwrap_or(0);
        left.is_some()
    };
    text.chars().take_while(fits).chain(CUT.chars()).collect()
}

/// Counts far below 2⁵³ are exact.
fn number(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(format!("the workbook: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx};

    use super::*;
    use crate::report::fixture::{HOSTILE, header, outcomes, with_text, written_bytes};
    use crate::report::{Format as Of, Options};

    fn open(outcomes: &[Outcome]) -> Xlsx<Cursor<Vec<u8>>> {
        let bytes = written_bytes(Of::Xlsx, &Options::default(), &header(), outcomes);
        calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap()
    }

    #[test]
    fn a_sheet_has_a_row_for_every_outcome_and_no_formula() {
        for outcomes in [outcomes(), Vec::new(), with_text("=cmd|'/C calc'!A0"), with_text(HOSTILE)] {
            let mut book = open(&outcomes);
            assert_eq!(book.sheet_names(), SHEETS);
            for name in SHEETS {
                assert!(book.worksheet_formula(name).unwrap().is_empty(), "{name}");
            }
            assert_eq!(book.worksheet_range("Shipments").unwrap().height(), outcomes.len() + 1);
            let coverage = book.worksheet_range("Coverage").unwrap();
            assert!(coverage.used_cells().any(|(_, _, cell)| *cell == Data::String("not screened".into())));
        }
    }

    #[test]
    fn the_same_run_gives_the_same_workbook() {
        let bytes = || written_bytes(Of::Xlsx, &Options::default(), &header(), &outcomes());
        assert_eq!(bytes(), bytes());
    }

    #[test]
    fn what_does_not_fit_is_clear_before_it_is_flagged() {
        let clear: Vec<Outcome> =
            outcomes().into_iter().filter(|o| findings::rows(o).is_empty()).cycle().take(30).collect();
        let flagged: Vec<Outcome> =
            outcomes().into_iter().filter(|o| !findings::rows(o).is_empty()).take(3).collect();
        assert!(clear.len() == 30 && flagged.len() == 3);
        let path = tempfile::NamedTempFile::new().unwrap();
        let mut sheets = Sheets::new(Box::new(path.reopen().unwrap()));
        sheets.most_rows = 21;
        sheets.begin(&header()).unwrap();
        let mut summary = Summary::default();
        for outcome in clear.iter().chain(&flagged) {
            summary.add(outcome);
            sheets.outcome(outcome).unwrap();
        }
        sheets.end(&summary).unwrap();
        let mut book: Xlsx<_> = calamine::open_workbook(path.path()).unwrap();
        let page = book.worksheet_range("Shipments").unwrap();
        assert_eq!(page.height(), 21);
        let verdicts: Vec<String> = page.rows().skip(1).map(|row| row[2].to_string()).collect();
        assert_eq!(verdicts.iter().filter(|verdict| *verdict != "clear").count(), 3, "{verdicts:?}");
        let coverage = book.worksheet_range("Coverage").unwrap();
        let left_out =
            coverage.rows().find(|row| row[0] == Data::String("shipments left out".into())).unwrap();
        assert!(left_out[1].to_string().starts_with("13 rows"), "{left_out:?}");
    }

    #[test]
    fn a_text_too_long_for_a_cell_is_cut_with_a_word() {
        let long = "x".repeat(MOST_CHARS + 1);
        assert_eq!(shown(&long).chars().count(), MOST_CHARS);
        assert!(shown(&long).ends_with("no more)"));
        let wide = shown(&"\u{1d400}".repeat(MOST_CHARS));
        assert!((MOST_CHARS - 1..=MOST_CHARS).contains(&wide.encode_utf16().count()));
        assert_eq!(shown("short"), "short");
    }
}
