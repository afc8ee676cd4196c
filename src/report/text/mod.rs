//! The report for people on a terminal or in a text file: worst verdict first,
//! then shipment by shipment, in the columns the caller gives.

mod page;

use std::io::{self, Write};

use crate::input::RowFault;
use crate::rule::{Finding, Verdict};
use crate::screening::{Outcome, RunHeader, Screening, Summary};
use crate::trade::Shipment;

use super::spool::Spool;
use super::{Options, Sink, words};
use page::{Page, Tone};

pub struct Text {
    out: Box<dyn Write + Send>,
    options: Options,
    spool: Spool,
    header: Option<RunHeader>,
}

impl Text {
    pub fn new(out: Box<dyn Write + Send>, options: Options) -> Self {
        let spool = Spool::new(options.shipments_per_verdict);
        Self { out, options, spool, header: None }
    }

    fn page(&self) -> Page {
        Page::new(self.options.width, self.options.colour)
    }
}

impl Sink for Text {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        let mut page = self.page();
        head(&mut page, header);
        self.header = Some(header.clone());
        self.out.write_all(page.take().as_bytes())
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        let verdict = outcome.verdict();
        if !words::is_shown(outcome) || !self.spool.has_room(verdict) {
            return Ok(());
        }
        let mut page = self.page();
        page.blank();
        match outcome {
            Outcome::Screened { shipment, screening } => write_shipment(&mut page, shipment, screening),
            Outcome::Unreadable(fault) => write_unreadable(&mut page, fault),
        }
        self.spool.keep(verdict, &page.take())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        for verdict in Verdict::ALL.into_iter().rev() {
            let all = self.spool.kept(verdict) + self.spool.withheld(verdict);
            if all == 0 {
                continue;
            }
            let mut page = self.page();
            page.section(
                tone(verdict),
                &format!(
                    "{} · {} · {}",
                    words::group(verdict).to_uppercase(),
                    words::number(all),
                    words::group_meaning(verdict)
                ),
            );
            self.out.write_all(page.take().as_bytes())?;
            self.spool.copy(verdict, &mut self.out)?;
            let withheld = self.spool.withheld(verdict);
            if withheld > 0 {
                page.blank();
                page.line(2, Tone::Bold, &words::withheld(withheld, verdict));
                self.out.write_all(page.take().as_bytes())?;
            }
        }
        let mut page = self.page();
        write_summary(&mut page, summary, self.header.as_ref());
        self.out.write_all(page.take().as_bytes())?;
        self.out.flush()
    }
}

const fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Unscreened => Tone::Unscreened,
        Verdict::Block => Tone::Block,
        Verdict::Hold => Tone::Hold,
        Verdict::Review => Tone::Review,
        Verdict::Note | Verdict::Clear => Tone::Bold,
    }
}

fn head(page: &mut Page, header: &RunHeader) {
    page.line(
        0,
        Tone::Bold,
        &format!("redflag {} · screened as of {}", header.program_version, header.as_of),
    );
    page.field(0, "Run", &words::fingerprint(header));
    page.field(0, "Files", &header.inputs.join(", "));
    page.field(0, "Profile", &format!("{}, {}", words::company(header), words::bound_by(header)));
    page.field(0, "Thresholds", &words::thresholds(header));
    page.field(0, "Rule pack", &words::rule_pack(header));
    page.field(0, "History", &header.history);
    if let Some(decisions) = &header.decisions {
        page.field(0, "Decisions", &words::decision_file(decisions));
    }
    if let Some(baseline) = &header.baseline {
        page.field(0, "Baseline", &words::decision_file(baseline));
    }
    let entries: usize = header.lists.iter().map(|list| list.edition.entries).sum();
    let lists = match header.lists.len() {
        0 => "none: no party was compared with any list".to_owned(),
        n => format!(
            "{}, {}; editions at the end",
            words::count(words::size(n), "list", "lists"),
            words::count(words::size(entries), "entry", "entries")
        ),
    };
    page.field(0, "Lists", &lists);
}

/// Every list with its edition, then what is known about their limits, each
/// remark once.
fn lists(page: &mut Page, header: &RunHeader) {
    for list in &header.lists {
        page.hanging(
            0,
            Tone::Bold,
            &list.id,
            &format!("{} ({})", words::edition(&list.edition), words::regime(list)),
        );
    }
    let mut notes: Vec<(&str, Vec<&str>)> = Vec::new();
    for list in &header.lists {
        for note in &list.notes {
            match notes.iter_mut().find(|(known, _)| known == note) {
                Some((_, ids)) => ids.push(&list.id),
                None => notes.push((note, vec![&list.id])),
            }
        }
    }
    for (note, ids) in notes {
        let of = if ids.len() > 3 {
            words::count(words::size(ids.len()), "list", "lists")
        } else {
            ids.join(", ")
        };
        page.field(0, "Note", &format!("{note} [{of}]"));
    }
}

fn not_screened(page: &mut Page, header: &RunHeader) {
    for (index, sentence) in header.not_screened.iter().enumerate() {
        page.field(0, if index == 0 { "Not screened" } else { "" }, sentence);
    }
}

fn write_unreadable(page: &mut Page, fault: &RowFault) {
    let name = if fault.reference.is_empty() { "A row that could not be read" } else { &fault.reference };
    page.line(0, Tone::Bold, &format!("{name} · {}, line {}", fault.file, fault.line));
    let place = fault.column.as_ref().map(|column| format!("column \"{column}\": ")).unwrap_or_default();
    page.field(2, "Unreadable", &format!("{place}{}", fault.reason));
    page.field(2, "What to do", words::UNSCREENED_ADVICE);
}

fn write_shipment(page: &mut Page, shipment: &Shipment, screening: &Screening) {
    let name = if shipment.reference.is_empty() { "Shipment without reference" } else { &shipment.reference };
    page.line(0, Tone::Bold, &format!("{name} · {}, {}", shipment.file, words::lines(&shipment.lines)));
    page.line(2, Tone::Plain, &words::route(shipment));
    for party in &shipment.parties {
        page.line(2, Tone::Plain, &format!("{}: {}", party.role.label(), words::party(party)));
    }
    for (index, item) in shipment.items.iter().take(GOODS_LINES).enumerate() {
        page.line(2, Tone::Plain, &format!("goods {}: {}", index + 1, words::item(item)));
    }
    if shipment.items.len() > GOODS_LINES {
        let more = words::size(shipment.items.len() - GOODS_LINES);
        page.line(
            2,
            Tone::Plain,
            &format!("and {}", words::count(more, "more line of goods", "more lines of goods")),
        );
    }
    for part in &screening.unscreenable {
        page.blank();
        page.line(2, Tone::Unscreened, "Could not be screened");
        let place = part.at.as_ref().map(|at| format!("{}: ", words::at(at))).unwrap_or_default();
        page.line(4, Tone::Plain, &format!("{place}{}", part.reason));
        page.field(4, "What to do", words::UNSCREENED_ADVICE);
    }
    let mut shown = words::Shown::default();
    for (number, finding) in screening.findings.iter().enumerate() {
        page.blank();
        write_finding(page, shipment, screening, (number, finding), &mut shown);
    }
}

/// Lines of goods named under a shipment; evidence names the others itself.
const GOODS_LINES: usize = 5;

/// `shown` holds the hits that stand above in this shipment already.
fn write_finding(
    page: &mut Page,
    shipment: &Shipment,
    screening: &Screening,
    (number, finding): (usize, &Finding),
    shown: &mut words::Shown,
) {
    let rule = &finding.rule;
    let cleared = screening.is_cleared(number);
    let (shade, lead) =
        (if cleared { Tone::Plain } else { tone(rule.verdict) }, words::cleared_lead(screening, number));
    page.hanging(2, shade, &format!("{lead}{} {}", rule.verdict, rule.id), &rule.title);
    for evidence in &finding.evidence {
        let place =
            evidence.at.as_ref().map_or_else(|| words::subject(evidence.subject, shipment), words::at);
        page.line(4, Tone::Plain, &format!("{place}: {}", evidence.words));
        if let Some(series) = &evidence.series {
            page.field(6, "Over time", &words::spark_line(series));
        }
        if let Some((index, hit)) = words::hit(evidence, screening) {
            if shown.first_hit(index) {
                write_hit(page, hit, shown.first_entry(hit));
            } else {
                page.field(6, "List entry", &format!("{} (see above)", words::entry(hit)));
            }
        }
    }
    page.field(4, "Why", &rule.why);
    page.field(4, "What to do", &rule.advice);
    let authority: Vec<String> = rule.authority.iter().map(words::citation).collect();
    page.field(4, "Authority", &authority.join("; "));
    for mark in words::decided(screening, number) {
        page.field(4, "Decision", &mark.decision);
        page.field(4, "Decision", &mark.back);
        let about = if mark.about.is_empty() { String::new() } else { format!(" ({})", mark.about) };
        page.field(4, "Fingerprint", &format!("{}{about}", mark.fingerprint));
    }
}

/// With the whole entry where it has not been shown yet.
fn write_hit(page: &mut Page, hit: &crate::matching::Hit, whole: bool) {
    let entry = &hit.entry;
    if whole {
        page.field(6, "List entry", &words::entry(hit));
        let listed = entry.listed.map(|day| format!(", listed {day}")).unwrap_or_default();
        page.field(
            6,
            "",
            &format!("{}: {}{listed}", hit.list.title, words::effect(words::entry_effect(hit))),
        );
        page.field(6, "Programmes", &words::programs(hit));
        page.field(6, "Licence", entry.licence_requirement.as_deref().unwrap_or_default());
        page.field(6, "Policy", entry.licence_policy.as_deref().unwrap_or_default());
        page.field(6, "Citation", words::entry_citation(hit));
        page.field(6, words::nationality_label(entry.kind), &words::nationalities(entry));
        page.field(6, "Born", &words::born(entry));
        write_relations(page, entry);
    } else {
        page.field(6, "List entry", &format!("{} (see above)", words::entry(hit)));
    }
    let part =
        if hit.breakdown.part.is_empty() { String::new() } else { format!(" ({})", hit.breakdown.part) };
    page.field(6, "Compared", &format!("\"{}\"{part} with \"{}\"", hit.breakdown.query, hit.listed_text));
    page.field(6, "Score", &words::score(hit));
    page.field(6, "Matched", &words::alignment(hit));
}

/// Relations of an entry that are named; some have hundreds.
const RELATIONS: usize = 8;

fn write_relations(page: &mut Page, entry: &crate::watchlist::ListedParty) {
    for (index, relation) in entry.relations.iter().take(RELATIONS).enumerate() {
        page.field(6, if index == 0 { "Relations" } else { "" }, &words::relation(relation));
    }
    let more = entry.relations.len().saturating_sub(RELATIONS);
    if more > 0 {
        page.field(6, "", &format!("and {more} more; jsonl and html hold all"));
    }
}

fn write_summary(page: &mut Page, summary: &Summary, header: Option<&RunHeader>) {
    page.section(Tone::Bold, "SUMMARY");
    page.blank();
    for verdict in Verdict::ALL.into_iter().rev() {
        let count = summary.verdicts.get(&verdict).copied().unwrap_or_default();
        page.line(
            2,
            if count == 0 { Tone::Plain } else { tone(verdict) },
            &format!("{}", Row { verdict, count }),
        );
    }
    page.blank();
    let rows = format!("{} in, {} out", words::number(summary.rows_in), words::number(summary.rows_out));
    let shipments = words::count(summary.shipments, "shipment", "shipments");
    let unreadable = words::count(summary.unreadable_rows, "row", "rows");
    page.field(0, "Rows", &format!("{rows}: {shipments}, and {unreadable} that could not be read"));
    if summary.rows_in != summary.rows_out {
        page.field(0, "", "ROWS ARE MISSING. This is a defect of redflag; do not rely on this report.");
    }
    for (index, (rule, count)) in summary.rules.iter().enumerate() {
        let title = header
            .and_then(|header| header.rules.iter().find(|info| info.id == *rule))
            .map_or("", |info| info.title.as_str());
        let label = if index == 0 { "Rules" } else { "" };
        page.field(0, label, &format!("{} × {rule} {title}", words::number(*count)));
    }
    for (label, lines) in words::account(summary) {
        page.hanging(0, Tone::Bold, label, &lines.join("; "));
    }
    if summary.odd_cells.is_empty() {
        page.field(0, "Odd cells", "none");
    }
    for (index, ((field, kind), count)) in summary.odd_cells.iter().enumerate() {
        let label = if index == 0 { "Odd cells" } else { "" };
        page.field(0, label, &format!("{field}: {} {kind}", words::number(*count)));
    }
    if let Some(header) = header {
        page.blank();
        lists(page, header);
        page.blank();
        not_screened(page, header);
        page.field(0, "Run", &words::fingerprint(header));
    }
}

struct Row {
    verdict: Verdict,
    count: u64,
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let meaning = words::verdict_meaning(self.verdict);
        write!(f, "{} {}: {meaning}", words::number(self.count), self.verdict)
    }
}

#[cfg(test)]
mod tests {
    use crate::report::fixture::{clear, header, outcomes, written};
    use crate::report::wrap::width;
    use crate::report::{Format, Options};

    #[test]
    fn the_report_reads_as_agreed() {
        insta::assert_snapshot!(written(Format::Text, &Options::default(), &header(), &outcomes()));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for columns in [40, 80, 132] {
            let options = Options { width: columns, ..Options::default() };
            for line in written(Format::Text, &options, &header(), &outcomes()).lines() {
                assert!(width(line) <= columns, "{} columns: {line}", width(line));
            }
        }
    }

    #[test]
    fn colour_comes_only_when_told_and_changes_no_word() {
        let plain = written(Format::Text, &Options::default(), &header(), &outcomes());
        assert!(!plain.contains('\u{1b}'));
        let options = Options { colour: true, ..Options::default() };
        let coloured = written(Format::Text, &options, &header(), &outcomes());
        assert!(coloured.contains('\u{1b}'));
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    }

    #[test]
    fn clear_shipments_are_only_counted() {
        let text = written(Format::Text, &Options::default(), &header(), &[clear("SO-77", 2, "DE")]);
        assert!(!text.contains("SO-77"));
        assert!(text.contains("1 clear: no rule fired"), "{text}");
    }

    #[test]
    fn what_a_limit_keeps_out_is_counted_aloud() {
        let options = Options { shipments_per_verdict: Some(1), width: 200, ..Options::default() };
        let text = written(Format::Text, &options, &header(), &outcomes());
        assert!(text.contains("SO-1002") && !text.contains("SO-1003"));
        assert!(text.contains("3 more shipments at hold not written out here"), "{text}");
        assert!(text.contains("3 more shipments at unscreened not written out here"), "{text}");
    }
}
