//! `audit replay`: the run made again, and what differs. `report`: any report
//! of a recorded run, by making it again.

use std::fmt::Write as _;
use std::io;

use redflag::evidence::{EvidenceError, Means, Record, Replayed, RunLink, Runs, tables_sha256};
use redflag::report::visible;
use redflag::screening::Outcome;

use crate::args::{ReportArgs, RunsArgs};
use crate::failure::{Exit, Failure, say};
use crate::output::write_failure;
use crate::recording::failure;
use crate::screen::{self, Report};
use crate::stores::Stores;
use crate::{print, setup};

/// A recorded run, ready to be made again.
pub struct Stored {
    pub runs: Runs,
    pub link: RunLink,
    pub record: Record,
    pub means: Means,
}

impl Stored {
    /// Opens a run; a failure says why it can't be made again.
    pub fn open(word: &str, args: &RunsArgs) -> Result<Self, Failure> {
        let runs = super::runs(args)?;
        let link = runs.find(word).map_err(|error| failure(&error))?;
        let record = runs.record(&link).map_err(|error| failure(&error))?;
        let setup = args.setup();
        let store = Stores::open(&setup, &setup::project(&setup)?)?.store;
        let means = Means::open(&runs, &store, &record).map_err(|error| cannot(&link, &error))?;
        Ok(Self { runs, link, record, means })
    }

    /// Makes it again.
    pub fn replay(
        &self,
        threads: Option<usize>,
        emit: &mut (dyn FnMut(&Outcome) -> io::Result<()> + Send),
    ) -> Result<Replayed, Failure> {
        let pool = setup::pool(threads)?;
        pool.install(|| self.runs.replay(&self.link, &self.record, &self.means, emit))
            .map_err(|error| cannot(&self.link, &error))
    }

    /// Whether this very program made the run.
    fn same_program(&self) -> bool {
        let program = &self.record.basis.program;
        program.version == env!("CARGO_PKG_VERSION") && program.tables_sha256 == tables_sha256()
    }
}

fn cannot(link: &RunLink, error: &EvidenceError) -> Failure {
    Failure::new(format!("{} can't be made again: {error}", link.run))
}

/// Exit code 0 when every result is the same to the byte, 1 when one differs;
/// 2 when the run can't be made again.
pub fn replay(word: &str, threads: Option<usize>, args: &RunsArgs) -> Result<Exit, Failure> {
    let stored = Stored::open(word, args)?;
    let replayed = stored.replay(threads, &mut |_| Ok(()))?;
    print(as_text(&stored, &replayed).as_bytes())?;
    if replayed.same {
        return Ok(Exit::Done);
    }
    say(&format!("audit replay: {}", why(&stored)));
    Ok(Exit::Findings)
}

fn why(stored: &Stored) -> String {
    let made = &stored.record.basis.program.version;
    if stored.same_program() {
        return "the same program gives other results: that is a defect of redflag; please report it"
            .to_owned();
    }
    let now = env!("CARGO_PKG_VERSION");
    if made == now {
        return format!("the run was made by another build of {made}, with other tables");
    }
    format!("the run was made by redflag {made}, this is {now}")
}

fn as_text(stored: &Stored, replayed: &Replayed) -> String {
    let mut text = String::new();
    let files = &stored.record.inputs;
    for difference in &replayed.differences {
        let file = usize::try_from(difference.file).ok().and_then(|file| files.get(file));
        let file = file.map_or("", |input| &input.file.name);
        let reference = visible(&difference.reference).into_owned();
        let reference = if reference.is_empty() { "(no reference)".to_owned() } else { reference };
        let _ = writeln!(text, "{reference} ({}, line {}):", visible(file), difference.line);
        for words in &difference.words {
            let _ = writeln!(text, "  {}", visible(words));
        }
    }
    let more = replayed.different - replayed.differences.len() as u64;
    if more > 0 {
        let _ = writeln!(text, "and {more} more");
    }
    let outcome = if replayed.same {
        format!("the same to the byte, SHA-256 {}", stored.record.results.sha256)
    } else if replayed.different == 0 {
        "the results say the same in other words".to_owned()
    } else {
        format!("{} differ", replayed.different)
    };
    let _ =
        writeln!(text, "{}: {} shipments and rows compared: {outcome}", stored.link.run, replayed.compared);
    text
}

/// Writes reports of a recorded run. Where this program finds something else,
/// there is no report.
pub fn report(args: &ReportArgs) -> Result<Exit, Failure> {
    let stored = Stored::open(&args.run, &args.runs)?;
    let mut reports = screen::open_reports(&args.outputs, args.color)?;
    let replayed = write_reports(&stored, args.threads, &mut reports)?;
    if !replayed.same {
        return Err(Failure::new(format!(
            "{}: {}; a report would not be that of the run, so there is none. `redflag audit replay` shows what \
             differs",
            stored.link.run,
            why(&stored)
        )));
    }
    for report in &reports {
        report.output.finish().map_err(|error| write_failure(report.output.path(), &error))?;
    }
    screen::say_reports(&reports);
    Ok(Exit::Done)
}

fn write_reports(
    stored: &Stored,
    threads: Option<usize>,
    reports: &mut [Report],
) -> Result<Replayed, Failure> {
    for report in reports.iter_mut() {
        report
            .sink
            .begin(&stored.means.header)
            .map_err(|error| write_failure(report.output.path(), &error))?;
    }
    let replayed = stored.replay(threads, &mut |outcome| {
        reports.iter_mut().try_for_each(|report| report.sink.outcome(outcome))
    })?;
    for report in reports.iter_mut() {
        report.sink.end(&replayed.summary).map_err(|error| write_failure(report.output.path(), &error))?;
    }
    Ok(replayed)
}
