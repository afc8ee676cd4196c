//! GitHub Actions: annotations as workflow commands.
//!
//! A step shows ten annotations a level; the worst come first and the last
//! line counts the rest.

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
    cleared: u64,
}

impl Annotations {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self { out, kept: BTreeMap::new(), counts: BTreeMap::new(), cleared: 0 }
    }
}

impl Sink for Annotations {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        let provenance = prose(&words::provenance(header));
        let line = format!("redflag: run {}: {provenance}", words::fingerprint(header));
        writeln!(self.out, "{}", log_line(&line))
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        for issue in issues(outcome) {
            if issue.cleared {
                self.cleared += 1;
                continue;
            }
            *self.counts.entry(issue.verdict).or_default() += 1;
            let kept = self.kept.entry(issue.verdict).or_default();
            if kept.len() < SHOWN {
                kept.push(command(&issue));
            }
        }
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let mut room: BTreeMap<&str, usize> = BTreeMap::new();
        let (mut shown, mut all) = (0u64, 0u64);
        for verdict in Verdict::ALL.into_iter().rev() {
            all += self.counts.get(&verdict).copied().unwrap_or_default();
            let room = room.entry(level(verdict)).or_insert(SHOWN);
            for line in self.kept.get(&verdict).into_iter().flatten().take(*room) {
                writeln!(self.out, "{line}")?;
                shown += 1;
                *room -= 1;
            }
        }
        let cleared =
            if self.cleared == 0 { String::new() } else { format!(", {} cleared by decision", self.cleared) };
        writeln!(
            self.out,
            "redflag: {} shipments, {all} findings{cleared}; {} not annotated",
            summary.shipments,
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

fn command(issue: &Issue) -> String {
    let reference = if issue.reference.is_empty() { String::new() } else { format!("{}: ", issue.reference) };
    format!(
        "::{} file={},line={},title={}::{}",
        level(issue.verdict),
        property(&issue.file),
        issue.line.max(1),
        property(&prose(&format!("{} {} {}", issue.verdict, issue.rule, issue.title))),
        data(&prose(&format!("{reference}{}", issue.message)))
    )
}

/// The escapes of a command's text.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
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
                let starts = ["::error file=", "::warning file=", "::notice file=", "redflag: "];
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
    }
}
