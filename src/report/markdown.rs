//! GitHub-flavoured Markdown for a pull request, a job summary or a ticket.
//! A summary and a table of what is flagged come first, the findings after.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::input::RowFault;
use crate::matching::Hit;
use crate::rule::{Finding, Verdict};
use crate::screening::{Outcome, RunHeader, Screening, Summary};
use crate::trade::Shipment;

use super::escape::{markdown as md, prose};
use super::spool::Spool;
use super::{Options, Sink, words};

pub struct Markdown {
    out: Box<dyn Write + Send>,
    header: Option<RunHeader>,
    spool: Spool,
}

impl Markdown {
    pub fn new(out: Box<dyn Write + Send>, options: &Options) -> Self {
        Self { out, header: None, spool: Spool::new(options.shipments_per_verdict) }
    }
}

impl Sink for Markdown {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.header = Some(header.clone());
        Ok(())
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        let verdict = outcome.verdict();
        if !words::is_shown(outcome) || !self.spool.has_room(verdict) {
            return Ok(());
        }
        let text = match outcome {
            Outcome::Screened { shipment, screening } => shipment_text(shipment, screening),
            Outcome::Unreadable(fault) => unreadable_text(fault),
        };
        self.spool.keep(verdict, &text)
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let header = self.header.take();
        self.out.write_all(head(summary, header.as_ref()).as_bytes())?;
        for verdict in Verdict::ALL.into_iter().rev() {
            let all = self.spool.kept(verdict) + self.spool.withheld(verdict);
            if all == 0 {
                continue;
            }
            let (group, meaning) = (capital(words::group(verdict)), words::group_meaning(verdict));
            write!(self.out, "\n## {group}: {} ({meaning})\n", words::number(all))?;
            self.spool.copy(verdict, &mut self.out)?;
            let withheld = self.spool.withheld(verdict);
            if withheld > 0 {
                write!(self.out, "\n**{}**\n", words::withheld(withheld, verdict))?;
            }
        }
        if let Some(header) = &header {
            self.out.write_all(basis(header).as_bytes())?;
        }
        self.out.flush()
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn head(summary: &Summary, header: Option<&RunHeader>) -> String {
    let mut text = String::from("# Export screening\n\n");
    if let Some(header) = header {
        let _ = writeln!(
            text,
            "{} · as of {} · {} · run `{}`\n",
            md(&header.inputs.join(", ")),
            header.as_of,
            md(words::company(header)),
            words::fingerprint(header)
        );
    }
    text.push_str("| verdict | shipments | meaning |\n| --- | ---: | --- |\n");
    for verdict in Verdict::ALL.into_iter().rev() {
        let count = summary.verdicts.get(&verdict).copied().unwrap_or_default();
        let name = if count > 0 && verdict > Verdict::Note {
            format!("**{verdict}**")
        } else {
            verdict.key().to_owned()
        };
        let meaning = words::verdict_meaning(verdict);
        let _ = writeln!(text, "| {name} | {} | {meaning} |", words::number(count));
    }
    let _ = writeln!(
        text,
        "\n{} in, {} out: {}, and {} that could not be read.",
        words::count(summary.rows_in, "row", "rows"),
        words::number(summary.rows_out),
        words::count(summary.shipments, "shipment", "shipments"),
        words::count(summary.unreadable_rows, "row", "rows"),
    );
    if summary.rows_in != summary.rows_out {
        text.push_str("\n**Rows are missing. This is a defect of redflag; do not rely on this report.**\n");
    }
    if !summary.rules.is_empty() {
        text.push_str("\n| rule | findings | title |\n| --- | ---: | --- |\n");
        for (rule, count) in &summary.rules {
            let title = header
                .and_then(|header| header.rules.iter().find(|info| info.id == *rule))
                .map_or("", |info| info.title.as_str());
            let _ = writeln!(text, "| {} | {} | {} |", md(rule), words::number(*count), md(title));
        }
    }
    for (label, lines) in words::account(summary) {
        let _ = writeln!(text, "\n{label}:\n");
        for line in lines {
            let _ = writeln!(text, "- {}", md(&prose(&line)));
        }
    }
    if !summary.odd_cells.is_empty() {
        text.push_str("\n| odd cells | kind | count |\n| --- | --- | ---: |\n");
        for ((field, kind), count) in &summary.odd_cells {
            let _ = writeln!(text, "| {} | {} | {} |", md(field), md(kind), words::number(*count));
        }
    }
    text
}

/// What the run rests on.
fn basis(header: &RunHeader) -> String {
    let mut text = String::from("\n## What this run rests on\n\n");
    let _ = writeln!(
        text,
        "- Profile: {}",
        md(&format!("{}, {}", words::company(header), words::bound_by(header)))
    );
    let _ = writeln!(text, "- Thresholds: {}", words::thresholds(header));
    let _ = writeln!(text, "- Rule pack: {}", md(&words::rule_pack(header)));
    if let Some(decisions) = &header.decisions {
        let _ = writeln!(text, "- Decisions: {}", md(&words::decision_file(decisions)));
    }
    if let Some(baseline) = &header.baseline {
        let _ = writeln!(text, "- Baseline: {}", md(&words::decision_file(baseline)));
    }
    let _ = writeln!(text, "- redflag {}", md(&header.program_version));
    for sentence in &header.not_screened {
        let _ = writeln!(text, "- Not screened: {}", md(&prose(sentence)));
    }
    text.push_str(
        "\n| list | title | date | entries | names | SHA-256 |\n| --- | --- | --- | ---: | ---: | --- |\n",
    );
    for list in &header.lists {
        let edition = &list.edition;
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            md(&list.id),
            md(&list.title),
            words::date_or(edition.date, "not stated"),
            words::number(words::size(edition.entries)),
            words::number(words::size(edition.names)),
            md(words::short_hash(&edition.sha256)),
        );
    }
    for list in &header.lists {
        for (index, note) in list.notes.iter().enumerate() {
            let lead = if index == 0 { "\n" } else { "" };
            let _ = writeln!(text, "{lead}- {}: {}", md(&list.id), md(&prose(note)));
        }
    }
    text
}

fn unreadable_text(fault: &RowFault) -> String {
    let name = if fault.reference.is_empty() { "A row that could not be read" } else { &fault.reference };
    let column = fault.column.as_ref().map(|column| format!(", column “{column}”")).unwrap_or_default();
    format!(
        "\n### {}\n\n- {}: {}\n- What to do: {}\n",
        md(name),
        md(&format!("{}, line {}{column}", fault.file, fault.line)),
        md(&prose(&fault.reason)),
        words::UNSCREENED_ADVICE
    )
}

fn shipment_text(shipment: &Shipment, screening: &Screening) -> String {
    let name = if shipment.reference.is_empty() { "Shipment without reference" } else { &shipment.reference };
    let mut text = format!("\n### {}\n\n", md(name));
    let place = format!("{}, {}", shipment.file, words::lines(&shipment.lines));
    let _ = writeln!(text, "{} · {}\n", md(&place), md(&words::route(shipment)));
    for party in &shipment.parties {
        let _ = writeln!(text, "- {}: {}", party.role.label(), md(&words::party(party)));
    }
    for part in &screening.unscreenable {
        let at = part.at.as_ref().map(|at| format!(" ({})", words::at(at))).unwrap_or_default();
        let _ = writeln!(
            text,
            "- **Could not be screened**{}: {}",
            md_after_blank(&at),
            md(&prose(&part.reason))
        );
    }
    let mut shown = words::Shown::default();
    for (number, finding) in screening.findings.iter().enumerate() {
        finding_text(&mut text, shipment, screening, (number, finding), &mut shown);
    }
    text
}

/// [`md`] trims; the blank before a bracket stays.
fn md_after_blank(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" {}", md(text)) }
}

fn finding_text(
    text: &mut String,
    shipment: &Shipment,
    screening: &Screening,
    (number, finding): (usize, &Finding),
    shown: &mut words::Shown,
) {
    let rule = &finding.rule;
    let lead = words::cleared_lead(screening, number);
    let (id, title) = (md(&rule.id), md(&prose(&rule.title)));
    let _ = writeln!(text, "\n**{lead}{} {id}: {title}**\n", rule.verdict);
    for evidence in &finding.evidence {
        let place =
            evidence.at.as_ref().map_or_else(|| words::subject(evidence.subject, shipment), words::at);
        let _ = writeln!(text, "- {}: {}", md(&place), md(&prose(&evidence.words)));
        if let Some(series) = &evidence.series {
            let _ = writeln!(text, "  - Over time: {}", md(&prose(&words::spark_line(series))));
        }
        if let Some((index, hit)) = words::hit(evidence, screening) {
            let whole = shown.first_hit(index);
            if whole && shown.first_entry(hit) {
                entry_text(text, hit);
            } else {
                let _ = writeln!(text, "  - List entry {} (see above)", md(&words::entry(hit)));
            }
            if whole {
                comparison_text(text, hit);
            }
        }
    }
    for (label, value) in [("Why", &rule.why), ("What to do", &rule.advice)] {
        if !value.is_empty() {
            let _ = writeln!(text, "- {label}: {}", md(&prose(value)));
        }
    }
    let authority: Vec<String> = rule.authority.iter().map(|source| md(&words::citation(source))).collect();
    if !authority.is_empty() {
        let _ = writeln!(text, "- Authority: {}", authority.join("; "));
    }
    for mark in words::decided(screening, number) {
        for words in [&mark.decision, &mark.back] {
            if !words.is_empty() {
                let _ = writeln!(text, "- Decision: {}", md(&prose(words)));
            }
        }
        let about = if mark.about.is_empty() { String::new() } else { format!(" ({})", md(&mark.about)) };
        let _ = writeln!(text, "- Fingerprint: {}{about}", mark.fingerprint);
    }
}

fn entry_text(text: &mut String, hit: &Hit) {
    let entry = &hit.entry;
    let listed = entry.listed.map(|day| format!(", listed {day}")).unwrap_or_default();
    let effect = words::effect(words::entry_effect(hit));
    let _ = writeln!(
        text,
        "  - List entry {}: {}, {effect}{listed}",
        md(&words::entry(hit)),
        md(&hit.list.title)
    );
    let programs = words::programs(hit);
    for (label, value) in [
        ("Programmes", programs.as_str()),
        ("Licence requirement", entry.licence_requirement.as_deref().unwrap_or_default()),
        ("Licence policy", entry.licence_policy.as_deref().unwrap_or_default()),
        ("Citation", words::entry_citation(hit)),
    ] {
        if !value.is_empty() {
            let _ = writeln!(text, "  - {label}: {}", md(&prose(value)));
        }
    }
}

fn comparison_text(text: &mut String, hit: &Hit) {
    let _ = writeln!(
        text,
        "  - “{}” against “{}”: {}",
        md(&hit.breakdown.query),
        md(&hit.listed_text),
        words::score(hit)
    );
    let alignment = words::alignment(hit);
    if !alignment.is_empty() {
        let _ = writeln!(text, "  - Matched: {}", md(&alignment));
    }
}

#[cfg(test)]
mod tests {
    use crate::report::fixture::{header, outcomes, written};
    use crate::report::{Format, Options};

    #[test]
    fn the_report_reads_as_agreed() {
        insta::assert_snapshot!(written(Format::Markdown, &Options::default(), &header(), &outcomes()));
    }

    #[test]
    fn what_a_limit_keeps_out_is_counted_aloud() {
        let options = Options { shipments_per_verdict: Some(1), ..Options::default() };
        let text = written(Format::Markdown, &options, &header(), &outcomes());
        assert!(text.contains("3 more shipments at hold not written out here"), "{text}");
    }
}
