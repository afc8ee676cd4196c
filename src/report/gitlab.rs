//! GitLab code quality: a JSON array of issues, worst first within a shipment.
//!
//! The format knows no suppressions: what a decision clears is not in it.

use std::io::{self, Write};

use serde_json::json;

use crate::decision::Fingerprint;
use crate::rule::Verdict;
use crate::screening::{Outcome, RunHeader, Summary};

use super::Sink;
use super::escape::{json, prose};
use super::issue::issues;
use super::words;

pub struct CodeQuality {
    out: Box<dyn Write + Send>,
    any: bool,
}

impl CodeQuality {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self { out, any: false }
    }
}

impl Sink for CodeQuality {
    /// The format has no head: what the run rests on is an issue of its own.
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        let provenance = prose(&words::provenance(header));
        let value = json!({
            "description": format!("redflag run {}: {provenance}", words::fingerprint(header)),
            "check_name": "redflag-run",
            "fingerprint": Fingerprint::of(["run", words::fingerprint(header).as_str()]).as_str(),
            "severity": "info",
            "location": {
                "path": prose(header.inputs.first().map_or("", String::as_str)),
                "lines": { "begin": 1 },
            },
        });
        self.any = true;
        write!(self.out, "[\n{}", json(&value)?)
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        for issue in issues(outcome).into_iter().filter(|issue| !issue.cleared) {
            // Unique within a report: the finding in its shipment; where there is
            // no fingerprint, the row.
            let line = issue.line.to_string();
            let of_row = if issue.fingerprint.is_empty() { line.as_str() } else { "" };
            let print = Fingerprint::of([issue.fingerprint.as_str(), &issue.reference, &issue.file, of_row]);
            let reference =
                if issue.reference.is_empty() { String::new() } else { format!("{}: ", issue.reference) };
            let value = json!({
                "description": prose(&format!("{reference}{}: {}", issue.title, issue.message)),
                "check_name": issue.rule,
                "fingerprint": print.as_str(),
                "severity": severity(issue.verdict),
                "location": { "path": prose(&issue.file), "lines": { "begin": issue.line.max(1) } },
            });
            let comma = if self.any { "," } else { "" };
            write!(self.out, "{comma}\n{}", json(&value)?)?;
            self.any = true;
        }
        Ok(())
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        self.out.write_all(b"\n]\n")?;
        self.out.flush()
    }
}

const fn severity(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unscreened | Verdict::Block => "blocker",
        Verdict::Hold => "critical",
        Verdict::Review => "major",
        Verdict::Note => "minor",
        Verdict::Clear => "info",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::report::fixture::{header, outcomes, with_text, written};
    use crate::report::{Format, Options};

    #[test]
    fn every_issue_has_what_the_format_asks_for() {
        for outcomes in [outcomes(), Vec::new(), with_text("\u{1b}<\"\n")] {
            let text = written(Format::GitLab, &Options::default(), &header(), &outcomes);
            let issues: Vec<Value> = serde_json::from_str(&text).unwrap();
            for issue in &issues {
                for key in ["description", "check_name", "fingerprint", "severity"] {
                    assert!(issue[key].is_string(), "{issue}");
                }
                assert!(
                    ["info", "minor", "major", "critical", "blocker"]
                        .contains(&issue["severity"].as_str().unwrap())
                );
                assert!(
                    issue["location"]["path"].is_string()
                        && issue["location"]["lines"]["begin"].as_u64() > Some(0)
                );
            }
        }
    }
}
