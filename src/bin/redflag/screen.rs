//! `screen` and `check`: shipment files in, reports out.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use redflag::decision::{Baseline, Decisions};
use redflag::evidence::Recorder;
use redflag::input::{ColumnMap, Record, ShipmentReader};
use redflag::place::CountryNames;
use redflag::report::{self, Format, Options, Sink};
use redflag::rule::Verdict;
use redflag::screening::{self, RunHeader, Screener, Summary};

use crate::args::{CheckArgs, Colour, RunArgs, ScreenArgs};
use crate::decisions;
use crate::failure::{Exit, Failure, say};
use crate::history;
use crate::norms;
use crate::output::{Formats, Output, is_dash, write_failure};
use crate::owners;
use crate::progress::Progress;
use crate::recording;
use crate::setup::{self, Project};

pub fn screen(args: &ScreenArgs) -> Result<Exit, Failure> {
    let done = run(&args.run, &Gate { command: "screen", ..Gate::default() })?;
    Ok(if done.unscreened() { Exit::Unscreened } else { Exit::Done })
}

pub fn check(args: &CheckArgs) -> Result<Exit, Failure> {
    let gate = Gate {
        command: "check",
        fail_on: args.fail_on,
        allow_old_lists: args.allow_old_lists.as_deref(),
        baseline: args.baseline.as_deref(),
        write_baseline: args.write_baseline.as_deref(),
    };
    let done = run(&args.run, &gate)?;
    let fail_on = args.fail_on.unwrap_or(done.fail_on);
    let found = done.summary.findings.range(fail_on..).map(|(_, count)| count).sum::<u64>();
    if done.unscreened() {
        say(&format!(
            "check: {} could not be screened",
            count(
                done.summary.verdicts.get(&Verdict::Unscreened).copied().unwrap_or(0),
                "row or shipment",
                "rows or shipments"
            )
        ));
        return Ok(Exit::Unscreened);
    }
    if args.write_baseline.is_some() {
        return Ok(Exit::Done);
    }
    if found > args.max_findings {
        let findings = count(found, "finding", "findings");
        let most = match args.max_findings {
            0 => String::new(),
            most => format!(", and --max-findings is {most}"),
        };
        let shipments =
            done.summary.verdicts.range(fail_on..Verdict::Unscreened).map(|(_, count)| count).sum();
        let shipments = count(shipments, "shipment", "shipments");
        say(&format!("check: {shipments} at {fail_on} or above, with {findings}{most}"));
        return Ok(Exit::Findings);
    }
    if !done.old_lists.is_empty() && args.allow_old_lists.is_none() {
        say(&format!(
            "check: nothing found, but these lists are too old to trust that: {}. Bring newer ones with `redflag \
             lists update` or --list, or accept them with --allow-old-lists REASON",
            done.old_lists.join(", ")
        ));
        return Ok(Exit::OldLists);
    }
    Ok(Exit::Done)
}

fn count(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// A finished run.
struct Done {
    summary: Summary,
    truncated: bool,
    fail_on: Verdict,
    /// Ids of the lists that are too old, and why.
    old_lists: Vec<String>,
}

impl Done {
    fn unscreened(&self) -> bool {
        self.truncated || self.summary.verdicts.contains_key(&Verdict::Unscreened)
    }
}

/// Endings of shipment files in a folder.
const ENDINGS: [&str; 5] = ["csv", "tsv", "txt", "xlsx", "xlsm"];

/// One `--output`.
pub struct Report {
    pub output: Output,
    pub sink: Box<dyn Sink + Send>,
}

/// What a command asks of a run beside the reports.
#[derive(Clone, Copy, Default)]
pub struct Gate<'a> {
    pub command: &'static str,
    pub fail_on: Option<Verdict>,
    pub allow_old_lists: Option<&'a str>,
    pub baseline: Option<&'a Path>,
    write_baseline: Option<&'a Path>,
}

fn run(args: &RunArgs, gate: &Gate<'_>) -> Result<Done, Failure> {
    let started = setup::now();
    let project = setup::project(&args.setup)?;
    let as_of = args.as_of.unwrap_or_else(setup::today);
    let columns = ColumnMap::user(&project.config.columns, project.config.date_order)
        .map_err(|error| Failure::new(format!("[columns] in {}: {error}", config_name(&project))))?
        .with_sheet(args.sheet.as_deref());
    let inputs = input_files(&args.inputs)?;
    let (mut screener, rule_files) = setup::screener(&args.setup, &project, as_of)?;
    let pool = setup::pool(args.threads)?;
    // Read twice, so that what can be read once only is copied.
    let mut spools = Vec::new();
    let mut files: Vec<(PathBuf, String)> = inputs.iter().map(|path| (path.clone(), display(path))).collect();
    let mut back = None;
    if history::is_wanted(&args.history, &project.config) {
        read_twice(&mut files, &mut spools)?;
        let (rules, keep) = (screener.rules(), recording::keeps_history(args, &project));
        let found =
            pool.install(|| history::look_back(&args.history, &project, rules, &files, as_of, keep))?;
        screener = screener.with_history(Arc::clone(&found.history));
        back = Some(found);
    }
    let (decisions_file, baseline_file, all) = decided(args, gate, &project, as_of)?;
    let screener = screener.with_decisions(all);
    let (screener, owners) = owners::add(screener, (&args.setup, &project), &args.ownership)?;
    let screener = norms::add(screener, &project, args.norms.as_deref())?;
    let old_lists = old_lists(&screener, as_of, project.config.max_list_age_days);
    let screener = if screener.decisions().draws_on_licences() {
        read_twice(&mut files, &mut spools)?;
        pool.install(|| decisions::allot(screener, &files, &columns))
    } else {
        screener
    };
    let mut header = header(&screener, &inputs, &project, as_of, &old_lists, gate.allow_old_lists, owners);
    header.history = back.as_ref().map(|back| back.words.clone()).unwrap_or_default();
    (header.decisions, header.baseline) = (decisions_file, baseline_file);
    let recorder = recording::start(args, &project, started)?;
    let mut reports = open_reports(&args.outputs, args.color)?;
    let places: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
    let progress = Progress::start(&places);
    let mut records = Records::new(files, &columns, progress.bytes(), recorder.as_ref());
    for report in &mut reports {
        report.sink.begin(&header).map_err(|error| write_failure(report.output.path(), &error))?;
    }
    let mut failed: Option<PathBuf> = None;
    let mut baseline = gate.write_baseline.map(|path| (path, Baseline::default()));
    let summary = pool.install(|| {
        screening::run_batches(&screener, &mut records, &mut |outcomes| {
            for outcome in &outcomes {
                progress.step(outcome.rows());
                if let Some((_, baseline)) = &mut baseline {
                    decisions::add_to_baseline(baseline, outcome);
                }
                for report in &mut reports {
                    if let Err(error) = report.sink.outcome(outcome) {
                        failed = Some(report.output.path().to_owned());
                        return Err(error);
                    }
                }
            }
            recorder.as_ref().map_or(Ok(()), |recorder| recorder.batch(outcomes))
        })
    });
    progress.finish();
    let Records { fatal, rows, truncated, .. } = records;
    let mut summary = match (summary, failed) {
        (Ok(summary), _) => summary,
        (Err(error), Some(path)) => return Err(write_failure(&path, &error)),
        // Nothing else fails here, and the record knows why.
        (Err(error), None) => {
            return Err(recorder.map_or_else(
                || Failure::new(error.to_string()),
                |recorder| recording::failure(&recorder.failure()),
            ));
        }
    };
    if let Some(fatal) = fatal {
        return Err(Failure::new(fatal));
    }
    summary.rows_in = rows.iter().sum();
    for report in &mut reports {
        report.sink.end(&summary).map_err(|error| write_failure(report.output.path(), &error))?;
    }
    // No report stands under its name without the record it belongs to.
    if let Some(recorder) = recorder {
        let (header, rule_files, back) = (&header, &rule_files, back.as_ref());
        let made = recording::Made { args, gate, project: &project, header, rule_files, back };
        recording::finish(recorder, &made, &summary, &rows, truncated)?;
    }
    for report in &reports {
        report.output.finish().map_err(|error| write_failure(report.output.path(), &error))?;
    }
    say_reports(&reports);
    if let Some((path, baseline)) = &baseline {
        decisions::write_baseline(path, baseline, as_of)?;
    }
    decisions::tell(&summary, header.decisions.as_ref());
    // The program ends here: to give back the lists piece by piece would take a
    // tenth of a short run.
    std::mem::forget(screener);
    Ok(Done { summary, truncated, fail_on: project.config.fail_on, old_lists })
}

type Decided = (Option<screening::DecisionFile>, Option<screening::DecisionFile>, Decisions);

/// The file of decisions, the baseline, and what stands in both.
fn decided(args: &RunArgs, gate: &Gate<'_>, project: &Project, as_of: Date) -> Result<Decided, Failure> {
    let (file, all) = match decisions::read(args.decisions.as_deref(), project, as_of)? {
        Some((file, all)) => (Some(file), all),
        None => (None, Decisions::default()),
    };
    let Some(path) = gate.baseline else { return Ok((file, None, all)) };
    let (baseline_file, baseline) = decisions::read_baseline(path)?;
    Ok((file, Some(baseline_file), all.with_baseline(baseline)))
}

pub fn say_reports(reports: &[Report]) {
    for report in reports.iter().filter(|report| !is_dash(report.output.path())) {
        say(&format!("report: {}", report.output.path().display()));
    }
}

/// Copies what can be read once only.
fn read_twice(
    files: &mut [(PathBuf, String)],
    spools: &mut Vec<tempfile::NamedTempFile>,
) -> Result<(), Failure> {
    for (path, _) in files {
        let (place, spool) = history::spooled(path)?;
        *path = place;
        spools.extend(spool);
    }
    Ok(())
}

fn config_name(project: &Project) -> String {
    project.file.as_ref().map_or_else(|| "redflag.toml".to_owned(), |path| path.display().to_string())
}

/// The files themselves, and the shipment files of folders in the order of their
/// names. Files that Excel keeps beside an open workbook are none.
pub fn input_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if is_dash(path) {
            files.push(path.clone());
            continue;
        }
        let about =
            fs::metadata(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        if !about.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries =
            fs::read_dir(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        let mut inside: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| {
                let known = |e: &std::ffi::OsStr| ENDINGS.iter().any(|known| e.eq_ignore_ascii_case(known));
                let lock = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"~$"));
                path.extension().is_some_and(known) && !lock
            })
            .collect();
        if inside.is_empty() {
            return Err(Failure::new(format!("{}: holds no .csv, .tsv, .txt or .xlsx file", path.display())));
        }
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

/// Lists that can't be trusted to be the newest on the day of the run, and why.
fn old_lists(screener: &Screener, as_of: Date, max_age_days: u32) -> Vec<String> {
    let lists = screener.matcher().lists().iter().filter(|list| list.jurisdiction != "own");
    lists
        .filter_map(|list| Some(format!("{} ({})", list.id, list.edition.too_old(as_of, max_age_days)?)))
        .collect()
}

fn header(
    screener: &Screener,
    inputs: &[PathBuf],
    project: &Project,
    as_of: Date,
    old_lists: &[String],
    allow_old_lists: Option<&str>,
    owners: String,
) -> RunHeader {
    let thresholds = screener.matcher().thresholds();
    let mut not_screened = vec![
        owners,
        "Goods are not classified: declared codes are tested for sense, and the control paragraphs named for a \
         description are suggestions to check.".to_owned(),
    ];
    if screener.history().is_none() {
        not_screened.insert(
            1,
            "Patterns over several shipments (surges, splitting, mirror trade) are not looked at: no history is \
             given."
                .to_owned(),
        );
    }
    let listed: Vec<&str> =
        screener.matcher().lists().iter().map(|list| list.jurisdiction.as_str()).collect();
    let mut without: Vec<&str> =
        screener.profile().bound_by.iter().map(String::as_str).chain(["UN"]).collect();
    without.retain(|jurisdiction| !listed.contains(jurisdiction));
    without.dedup();
    if !without.is_empty() {
        not_screened.push(format!(
            "No list of these jurisdictions is loaded, though they bind the company: {}.",
            without.join(", ")
        ));
    }
    for level in project.config.levels.iter().filter(|level| level.verdict.is_none()) {
        not_screened
            .push(format!("Rule {} is switched off in the configuration: {}.", level.rule, level.reason));
    }
    if !project.config.profile.stated {
        not_screened.push(format!(
            "No profile was stated; the company is assumed to be bound by {}.",
            screener.profile().bound_by.join(", ")
        ));
    }
    if !old_lists.is_empty() {
        let accepted = allow_old_lists.map_or(String::new(), |reason| format!(" Accepted: {reason}."));
        not_screened.push(format!(
            "Parties listed since the editions were published: {} {} too old: {}.{accepted}",
            old_lists.len(),
            if old_lists.len() == 1 { "list is" } else { "lists are" },
            old_lists.join(", ")
        ));
    }
    RunHeader {
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        as_of,
        decisions: None,
        baseline: None,
        inputs: inputs.iter().map(|path| display(path)).collect(),
        lists: screener.matcher().lists().to_vec(),
        rules: screener.rules().rules_in_force(as_of),
        rule_pack_sha256: screener.rules().sha256().to_owned(),
        rule_pack_version: decisions::pack_version(&project.config.levels),
        company: screener.profile().company.clone(),
        bound_by: screener.profile().bound_by.clone(),
        possible: thresholds.possible,
        strong: thresholds.strong,
        history: String::new(),
        not_screened,
    }
}

fn display(path: &Path) -> String {
    if is_dash(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Opens what `--output` names; without it, text on standard output.
pub fn open_reports(outputs: &[String], color: Colour) -> Result<Vec<Report>, Failure> {
    let reports = formats().open(outputs)?.into_iter().map(|(format, output)| {
        let options = Options {
            colour: is_dash(output.path()) && colour(color),
            country_names: country_names(),
            ..Options::default()
        };
        Report { sink: report::sink(format, Box::new(output.clone()), options), output }
    });
    Ok(reports.collect())
}

pub fn country_names() -> BTreeMap<redflag::trade::CountryCode, String> {
    CountryNames::shipped().all().map(|(code, name)| (code, name.to_owned())).collect()
}

/// The formats that `--output` takes here.
fn formats() -> Formats<Format> {
    Formats {
        plain: Format::Text,
        from_key: Format::from_key,
        from_file_name: Format::from_file_name,
        words: &Format::WORDS,
        endings: ".html, .jsonl, .csv, .md, .sarif, .xlsx or .txt",
    }
}

fn colour(wanted: Colour) -> bool {
    match wanted {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}

/// The records of all files, one file after another.
struct Records<'a> {
    /// Each with the name that it goes by.
    files: std::vec::IntoIter<(PathBuf, String)>,
    columns: &'a ColumnMap,
    bytes: Arc<AtomicU64>,
    /// Takes note of what is read.
    recorder: Option<&'a Recorder>,
    current: Option<ShipmentReader>,
    /// Rows read, by file.
    rows: Vec<u64>,
    truncated: bool,
    /// A file that can't be used at all.
    fatal: Option<String>,
}

impl<'a> Records<'a> {
    fn new(
        files: Vec<(PathBuf, String)>,
        columns: &'a ColumnMap,
        bytes: Arc<AtomicU64>,
        recorder: Option<&'a Recorder>,
    ) -> Self {
        Self {
            files: files.into_iter(),
            columns,
            bytes,
            recorder,
            current: None,
            rows: Vec::new(),
            truncated: false,
            fatal: None,
        }
    }

    fn open(&mut self, path: &Path, name: &str) -> Result<(), String> {
        let source: Box<dyn Read + Send> = if is_dash(path) {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(path).map_err(|error| format!("{name}: {error}"))?)
        };
        let source = Counted { source, bytes: Arc::clone(&self.bytes) };
        let source: Box<dyn Read + Send> = match self.recorder {
            Some(recorder) => Box::new(recorder.input(name, source)),
            None => Box::new(source),
        };
        let reader = ShipmentReader::open(source, name, self.columns, CountryNames::shipped())
            .map_err(|error| format!("{name}: {error}"))?;
        say(&format!("{name}: {}", reader.mapping()));
        self.current = Some(reader);
        Ok(())
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        loop {
            if self.fatal.is_some() {
                return None;
            }
            if let Some(reader) = &mut self.current {
                if let Some(record) = reader.next() {
                    return Some(record);
                }
                self.rows.push(reader.rows_in());
                self.truncated |= reader.truncated();
                self.current = None;
            }
            let (path, name) = self.files.next()?;
            if let Err(words) = self.open(&path, &name) {
                self.fatal = Some(words);
            }
        }
    }
}

/// Counts the bytes read, for the progress.
struct Counted {
    source: Box<dyn Read + Send>,
    bytes: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
