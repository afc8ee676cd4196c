//! GitHub Actions: an annotation for each flagged shipment or unreadable row, as
//! workflow commands.
//!
//! A step shows ten annotations a level and drops the rest without a word, so no
//! more are written, the worst first, and the last notice counts the others.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::rule::Verdict;
use crate::screening::{Outcome, RunHeader, Summary};

use super::Sink;
use super::escape::{log_line, prose};
use super::issue::{Issue, issues};
use super::words;

/// Annotations of one level that a step shows.
const SHOWN: usize = 10;

pub struct Annotations {
    out: Box<dyn Write + Send>,
    /// Verdict → its first lines.
    kept: BTreeMap<Verdict, Vec<String>>,
    counts: BTreeMap<Verdict, u64>,
    /// Findings that are open, and those that decisions clear.
    findings: u64,
    cleared: u64,
}

impl Annotations {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self { out, kept: BTreeMap::new(), counts: BTreeMap::new(), findings: 0, cleared: 0 }
    }
}

impl Sink for Annotations {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        let provenance = prose(&words::provenance(header));
        let line = format!("redflag: run {}: {provenance}", words::fingerprint(header));
        writeln!(self.out, "{}", log_line(&line))
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        let (cleared, mut open): (Vec<Issue>, Vec<Issue>) =
            issues(outcome).into_iter().partition(|issue| issue.cleared);
        self.cleared += words::size(cleared.len());
        self.findings += words::size(open.len());
        open.sort_by_key(|issue| std::cmp::Reverse(issue.verdict));
        let Some(worst) = open.first() else { return Ok(()) };
        *self.counts.entry(worst.verdict).or_default() += 1;
        let kept = self.kept.entry(worst.verdict).or_default();
        if kept.len() < SHOWN {
            kept.push(command(worst, &open));
        }
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let mut room: BTreeMap<&str, usize> = BTreeMap::new();
        let (mut shown, mut all) = (0u64, 0u64);
        for verdict in Verdict::ALL.into_iter().rev() {
            all += self.counts.get(&verdict).copied().unwrap_or_default();
            // One notice is kept for the word on what is left out.
            let level = level(verdict);
            let room = room.entry(level).or_insert(if level == "notice" { SHOWN - 1 } else { SHOWN });
            for line in self.kept.get(&verdict).into_iter().flatten().take(*room) {
                writeln!(self.out, "{line}")?;
                shown += 1;
                *room -= 1;
            }
        }
        if all > shown {
            writeln!(
                self.out,
                "::notice title=redflag::{} not annotated: GitHub shows {SHOWN} annotations of a kind a step. The \
                 other outputs hold all.",
                words::count(all - shown, "more shipment or row is", "more shipments or rows are")
            )?;
        }
        let cleared =
            if self.cleared == 0 { String::new() } else { format!(", {} cleared by decision", self.cleared) };
        writeln!(
            self.out,
            "redflag: {} shipments, {} findings on {all} of them or unreadable rows{cleared}; {} not annotated",
            summary.shipments,
            self.findings,
            all - shown
        )?;
        self.out.flush()
    }
}

const fn level(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unscreened | Verdict::Block | Verdict::Hold => "error",
        Verdict::Review => "warning",
        Verdict::Note | Verdict::Clear => "notice",
    }
}

/// The annotation of a shipment: at the cell of its worst finding, a line for each
/// open one.
fn command(worst: &Issue, open: &[Issue]) -> String {
    let mut rules: Vec<&str> = open.iter().map(|issue| issue.rule.as_str()).collect();
    rules.dedup();
    let reference = if worst.reference.is_empty() { String::new() } else { format!(" {}", worst.reference) };
    let lines: Vec<String> = open
        .iter()
        .map(|issue| data(&prose(&format!("{} {}: {}", issue.rule, issue.title, issue.message))))
        .collect();
    format!(
        "::{} file={},line={},title={}::{}",
        level(worst.verdict),
        property(&worst.file),
        worst.line.max(1),
        property(&prose(&format!("{}{reference}: {}", worst.verdict, rules.join(", ")))),
        lines.join("%0A")
    )
}

/// The escapes of a command's text.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A").replace("##[", "##(")
}

/// The escapes of a command's property.
fn property(text: &str) -> String {
    data(&prose(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use crate::report::fixture::{header, outcomes, with_text, written};
    use crate::report::{Format, Options};

    #[test]
    fn every_line_is_one_command_and_no_cell_adds_another() {
        for outcomes in [outcomes(), with_text("a\r\n::error::x,y=z%0A::set-output name=a::b")] {
            let text = written(Format::GitHub, &Options::default(), &header(), &outcomes);
            for line in text.lines() {
                let starts = [
                    "::error file=",
                    "::warning file=",
                    "::notice file=",
                    "::notice title=redflag::",
                    "redflag: ",
                ];
                assert!(starts.iter().any(|start| line.starts_with(start)), "{line}");
            }
        }
    }

    #[test]
    fn ten_of_a_level_are_shown_and_the_rest_counted() {
        let many: Vec<_> = (0..20).flat_map(|_| outcomes()).collect();
        let text = written(Format::GitHub, &Options::default(), &header(), &many);
        assert_eq!(text.matches("::error ").count(), 10);
        assert!(!text.contains(" 0 not annotated"), "{text}");
        let told = text.lines().filter(|line| line.starts_with("::notice title=redflag::")).count();
        assert_eq!(told, 1, "{text}");
    }
}
