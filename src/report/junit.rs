//! JUnit XML as test dashboards read it: a suite for each file, a case for each
//! shipment or unreadable row.
//!
//! A format knows no gate: review and above are failures, what could not be
//! screened is an error, notes and cleared findings stand in the output.

use std::io::{self, Read, Seek, SeekFrom, Write};

use tempfile::SpooledTempFile;

use crate::rule::Verdict;
use crate::screening::{Outcome, RunHeader, Summary};

use super::Sink;
use super::escape::prose;
use super::issue::{Issue, issues};
use super::words;

/// Bytes held in memory.
const IN_MEMORY: usize = 4 << 20;

#[derive(Default)]
struct Suite {
    name: String,
    tests: u64,
    failures: u64,
    errors: u64,
    /// Bytes of its cases.
    length: u64,
}

pub struct JUnit {
    out: Box<dyn Write + Send>,
    suites: Vec<Suite>,
    cases: SpooledTempFile,
    as_of: String,
    run: String,
    provenance: String,
}

impl JUnit {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        let cases = SpooledTempFile::new(IN_MEMORY);
        Self {
            out,
            suites: Vec::new(),
            cases,
            as_of: String::new(),
            run: String::new(),
            provenance: String::new(),
        }
    }
}

impl Sink for JUnit {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.as_of = header.as_of.to_string();
        self.run = words::fingerprint(header);
        self.provenance = words::provenance(header);
        // A run without a shipment has a suite too, and says what it rests on.
        let name = header.inputs.first().cloned().unwrap_or_default();
        self.suites.push(Suite { name, ..Suite::default() });
        Ok(())
    }

    fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        let (file, reference, line) = match outcome {
            Outcome::Unreadable(fault) => (&*fault.file, fault.reference.as_str(), fault.line),
            Outcome::Screened { shipment, .. } => {
                (&*shipment.file, shipment.reference.as_str(), shipment.lines.first().copied().unwrap_or(1))
            }
        };
        if self.suites.last().is_none_or(|suite| suite.name != file) {
            self.suites.push(Suite { name: file.to_owned(), ..Suite::default() });
        }
        let name =
            if reference.is_empty() { format!("line {line}") } else { format!("{reference} (line {line})") };
        let case = case(&name, file, outcome.verdict(), &issues(outcome));
        self.cases.write_all(case.as_bytes())?;
        if let Some(suite) = self.suites.last_mut() {
            suite.tests += 1;
            suite.length += words::size(case.len());
            match outcome.verdict() {
                Verdict::Unscreened => suite.errors += 1,
                Verdict::Review | Verdict::Hold | Verdict::Block => suite.failures += 1,
                Verdict::Clear | Verdict::Note => {}
            }
        }
        Ok(())
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        let sum = |of: fn(&Suite) -> u64| self.suites.iter().map(of).sum::<u64>();
        writeln!(
            self.out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"redflag\" tests=\"{}\" failures=\"{}\" errors=\"{}\" \
             skipped=\"0\" time=\"0\">",
            sum(|suite| suite.tests),
            sum(|suite| suite.failures),
            sum(|suite| suite.errors)
        )?;
        self.cases.seek(SeekFrom::Start(0))?;
        for suite in &self.suites {
            writeln!(
                self.out,
                "<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"0\" time=\"0\">\n<properties>\
                 <property name=\"as_of\" value=\"{}\"/><property name=\"run\" value=\"{}\"/>\
                 <property name=\"provenance\" value=\"{}\"/></properties>",
                xml(&suite.name),
                suite.tests,
                suite.failures,
                suite.errors,
                self.as_of,
                self.run,
                xml(&self.provenance)
            )?;
            io::copy(&mut Read::by_ref(&mut self.cases).take(suite.length), &mut self.out)?;
            self.out.write_all(b"</testsuite>\n")?;
        }
        self.out.write_all(b"</testsuites>\n")?;
        self.out.flush()
    }
}

fn case(name: &str, file: &str, verdict: Verdict, issues: &[Issue]) -> String {
    let mut text = format!("<testcase name=\"{}\" classname=\"{}\" time=\"0\"", xml(name), xml(file));
    if issues.is_empty() {
        text.push_str("/>\n");
        return text;
    }
    text.push('>');
    let counts = |issue: &&Issue| !issue.cleared && issue.verdict >= Verdict::Review;
    let (against, beside): (Vec<&Issue>, Vec<&Issue>) = issues.iter().partition(counts);
    if let Some(worst) = against.first() {
        let tag = if verdict == Verdict::Unscreened { "error" } else { "failure" };
        text.push_str(&format!(
            "<{tag} type=\"{verdict}\" message=\"{}\">",
            xml(&format!("{} {}", worst.rule, worst.title))
        ));
        for issue in &against {
            text.push_str(&xml(&line(issue)));
            text.push('\n');
        }
        text.push_str(&format!("</{tag}>"));
    }
    if !beside.is_empty() {
        text.push_str("<system-out>");
        for issue in &beside {
            text.push_str(&xml(&line(issue)));
            text.push('\n');
        }
        text.push_str("</system-out>");
    }
    text.push_str("</testcase>\n");
    text
}

fn line(issue: &Issue) -> String {
    let column = if issue.column.is_empty() { String::new() } else { format!(", column {}", issue.column) };
    let decision = if issue.decision.is_empty() { String::new() } else { format!(" [{}]", issue.decision) };
    format!(
        "{} {} (line {}{column}): {}: {}{decision}",
        issue.verdict, issue.rule, issue.line, issue.title, issue.message
    )
}

/// Text for an element or an attribute: hidden characters shown, the rest
/// escaped. What is left is allowed by XML 1.0.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in prose(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c if c.is_control() || matches!(u32::from(c), 0xFFFE | 0xFFFF) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::report::fixture::{header, outcomes, with_text, written};
    use crate::report::{Format, Options};

    #[test]
    fn the_report_is_xml_whose_counts_are_those_of_its_cases() {
        for outcomes in [outcomes(), Vec::new(), with_text("<&>'\"]]>\u{1}\u{ffff}\u{202e}\n")] {
            let text = written(Format::JUnit, &Options::default(), &header(), &outcomes);
            let document = roxmltree::Document::parse(&text).unwrap();
            let root = document.root_element();
            let count = |tag: &str| document.descendants().filter(|node| node.has_tag_name(tag)).count();
            assert!(root.has_tag_name("testsuites"));
            for (attribute, tag) in [("tests", "testcase"), ("failures", "failure"), ("errors", "error")] {
                assert_eq!(root.attribute(attribute), Some(count(tag).to_string().as_str()), "{attribute}");
            }
            assert_eq!(count("testcase"), outcomes.len());
            // As a reader of such files takes it.
            let read = junit_parser::from_reader(text.as_bytes()).unwrap();
            assert_eq!(usize::try_from(read.tests).unwrap(), outcomes.len());
            let cases = read.suites.iter().flat_map(|suite| &suite.cases);
            let failed = cases.clone().filter(|case| case.status.is_failure()).count();
            assert_eq!((cases.count(), failed), (count("testcase"), count("failure")));
        }
    }
}
