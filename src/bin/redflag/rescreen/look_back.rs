//! `rescreen --as-of-shipping`: what would have been said of each recorded
//! shipment on its shipping date, with the editions of that day.
//!
//! Rules, profile and decisions are those of today's project; rules and
//! entries count as they were in force on the day.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::civil::Date;
use rayon::prelude::*;
use redflag::evidence::{OutcomeLine, Record, RunLink};
use redflag::input::Record as Row;
use redflag::matching::Matcher;
use redflag::name::Lexicon;
use redflag::report::visible;
use redflag::rule::Verdict;
use redflag::screening::{Screener, Screening};
use redflag::store::Record as EditionRecord;
use redflag::trade::Shipment;
use redflag::watchlist::Watchlist;
use serde_json::json;

use super::{Recorded, RescreenArgs};
use crate::failure::{Exit, Failure, say};
use crate::recording::failure;
use crate::setup::{self, Project};
use crate::stores::{self, Stores, Used};

/// Shipments that are screened together.
const BATCH: usize = 8192;

/// The editions of a source, by the day from which each counts.
struct Archive {
    source: String,
    editions: Vec<(Date, EditionRecord)>,
}

impl Archive {
    /// The edition of a day; of a day before all, the oldest.
    fn on(&self, day: Date) -> usize {
        self.editions.iter().rposition(|(from, _)| *from <= day).unwrap_or(0)
    }
}

/// Which edition of each archive, and the days on which these count.
type Periods = BTreeMap<Vec<usize>, BTreeSet<Date>>;

pub fn look_back(args: &RescreenArgs, project: &Project, recorded: &Recorded) -> Result<Exit, Failure> {
    let stores = Stores::open(&args.setup, project)?;
    let archives = archives(args, project, &stores)?;
    let mut report = Report::open(&args.outputs)?;
    let periods = periods(recorded, &archives, &mut report)?;
    report.head(&archives, &periods)?;
    for (choice, days) in &periods {
        let used: Vec<Used> = choice
            .iter()
            .zip(&archives)
            .filter_map(|(at, archive)| archive.editions.get(*at))
            .map(|(_, record)| Used { record: record.clone(), current: false })
            .collect();
        let (lists, _) = setup::lists_with(&args.setup, project, &used)?;
        let mut screener = screener(args, project, &lists, days)?;
        drop(lists);
        for (link, record) in &recorded.all {
            one_run(&mut screener, recorded, link, record, days, &mut report)?;
        }
    }
    let worse = report.end(recorded)?;
    if args.fail && worse {
        say("rescreen: on its shipping date there was more against a shipment than was recorded");
        return Ok(Exit::Findings);
    }
    Ok(Exit::Done)
}

fn archives(args: &RescreenArgs, project: &Project, stores: &Stores) -> Result<Vec<Archive>, Failure> {
    let mut archives = Vec::new();
    if args.setup.only_lists {
        return Ok(archives);
    }
    for used in stores.used(&args.setup, project)? {
        let source = used.record.source;
        let mut editions = Vec::new();
        for edition in stores.store.editions(&source).map_err(stores::failure)? {
            let record = stores.store.edition(&source, &edition).map_err(stores::failure)?;
            let got = jiff::tz::Offset::UTC.to_datetime(record.retrieved).date();
            editions.push((record.date().unwrap_or(got), record));
        }
        editions.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.edition.cmp(&b.1.edition)));
        archives.push(Archive { source, editions });
    }
    Ok(archives)
}

fn screener(
    args: &RescreenArgs,
    project: &Project,
    lists: &[Watchlist],
    days: &BTreeSet<Date>,
) -> Result<Screener, Failure> {
    let matcher = Matcher::new(lists, Lexicon::shipped(), project.config.thresholds);
    let first = days.first().copied().unwrap_or_default();
    let (screener, _) = setup::assemble(&args.setup, project, matcher, first)?;
    Ok(crate::owners::add(screener, (&args.setup, project), &[])?.0)
}

/// The shipments of a run's files, as they were read then.
fn each_shipment(
    recorded: &Recorded,
    record: &Record,
    take: &mut dyn FnMut(Shipment) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let columns = recorded.runs.columns(record).map_err(|error| failure(&error))?;
    let mut rows = recorded.runs.rows(&columns, record).map_err(|error| failure(&error))?;
    for row in &mut rows {
        if let Row::Shipment(shipment) = row {
            take(*shipment)?;
        }
    }
    rows.failed.map_or(Ok(()), |why| Err(Failure::new(why)))
}

fn periods(recorded: &Recorded, archives: &[Archive], report: &mut Report) -> Result<Periods, Failure> {
    let mut days = BTreeSet::new();
    for (_, record) in &recorded.all {
        each_shipment(recorded, record, &mut |shipment| {
            match shipment.shipped {
                Some(day) => {
                    days.insert(day);
                }
                None => report.without_day += 1,
            }
            Ok(())
        })?;
    }
    let mut periods = Periods::new();
    for day in days {
        let choice = archives.iter().map(|archive| archive.on(day)).collect();
        periods.entry(choice).or_default().insert(day);
    }
    Ok(periods)
}

fn one_run(
    screener: &mut Screener,
    recorded: &Recorded,
    link: &RunLink,
    record: &Record,
    days: &BTreeSet<Date>,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut then: BTreeMap<(String, u64), String> = BTreeMap::new();
    let mut note = |file: &str, outcome: OutcomeLine| {
        if outcome.shipped.is_some_and(|day| days.contains(&day)) {
            let first = outcome.lines.first().copied().unwrap_or(0);
            then.insert((file.to_owned(), first), outcome.undecided.unwrap_or(outcome.verdict));
        }
        Ok(())
    };
    recorded.runs.outcomes(link, &mut note).map_err(|error| failure(&error))?;
    let mut batch: Vec<(Date, Shipment)> = Vec::new();
    each_shipment(recorded, record, &mut |shipment| {
        if let Some(day) = shipment.shipped.filter(|day| days.contains(day)) {
            batch.push((day, shipment));
        }
        if batch.len() == BATCH {
            screen(screener, &batch, link, &then, report)?;
            batch.clear();
        }
        Ok(())
    })?;
    screen(screener, &batch, link, &then, report)
}

/// Screens shipments day by day, and tells of them in their order.
fn screen(
    screener: &mut Screener,
    batch: &[(Date, Shipment)],
    link: &RunLink,
    then: &BTreeMap<(String, u64), String>,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut by_day: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for (place, (day, _)) in batch.iter().enumerate() {
        by_day.entry(*day).or_default().push(place);
    }
    let mut screenings: BTreeMap<usize, Screening> = BTreeMap::new();
    for (day, places) in by_day {
        screener.set_day(day);
        let screener = &*screener;
        let of_day: Vec<(usize, Screening)> = places
            .par_iter()
            .filter_map(|place| Some((*place, screener.screen(&batch.get(*place)?.1))))
            .collect();
        screenings.extend(of_day);
    }
    for (place, screening) in screenings {
        if let Some((day, shipment)) = batch.get(place) {
            let first = shipment.lines.first().copied().unwrap_or(0);
            let recorded = then.get(&(shipment.file.to_string(), first)).map_or("", String::as_str);
            report.shipment(*day, shipment, &screening, link, recorded)?;
        }
    }
    Ok(())
}

/// What is told of a look back.
struct Report {
    outputs: super::report::Outputs,
    without_day: u64,
    compared: u64,
    worse: u64,
    milder: u64,
}

impl Report {
    fn open(wanted: &[String]) -> Result<Self, Failure> {
        let outputs = super::report::Outputs::open(wanted)?;
        Ok(Self { outputs, without_day: 0, compared: 0, worse: 0, milder: 0 })
    }

    fn head(&self, archives: &[Archive], periods: &Periods) -> Result<(), Failure> {
        let first = periods.values().flatten().min();
        let mut text = String::new();
        for archive in archives {
            let oldest = archive.editions.first().map(|(day, _)| *day);
            let late = oldest.zip(first).filter(|(oldest, first)| oldest > first);
            let _ = write!(text, "{}: {} editions", archive.source, archive.editions.len());
            if let Some(oldest) = oldest {
                let _ = write!(text, ", the oldest of {oldest}");
            }
            text.push_str(if late.is_some() {
                "; shipments from before are held against that one\n"
            } else {
                "\n"
            });
            self.outputs.line(&json!({
                "type": "archive", "source": archive.source, "oldest": oldest, "later_than_shipments": late.is_some(),
                "editions": archive.editions.iter().map(|(day, record)| json!({
                    "edition": record.edition, "from": day, "sha256": record.sha256,
                })).collect::<Vec<_>>(),
            }))?;
        }
        text.push_str(
            "Lists from elsewhere than the store have one edition, which is taken for every day. Decisions are not \
             applied.\n\n",
        );
        self.outputs.text(&text)
    }

    fn shipment(
        &mut self,
        day: Date,
        shipment: &Shipment,
        screening: &Screening,
        link: &RunLink,
        recorded: &str,
    ) -> Result<(), Failure> {
        self.compared += 1;
        let before = Verdict::from_key(recorded);
        let now = screening.undecided;
        let change = match before {
            Some(before) if before == now => "same",
            Some(before) if now < before => "milder",
            _ => "worse",
        };
        self.worse += u64::from(change == "worse");
        self.milder += u64::from(change == "milder");
        let rules: Vec<&str> = screening.findings.iter().map(|finding| finding.rule.id.as_str()).collect();
        let hits: Vec<String> = screening
            .hits
            .iter()
            .map(|(_, hit)| format!("{} {} {}", hit.list.id, hit.entry.id, hit.entry.caption()))
            .collect();
        let first = shipment.lines.first().copied().unwrap_or(0);
        self.outputs.line(&json!({
            "type": "shipment", "run": link.run, "file": &*shipment.file, "reference": shipment.reference,
            "lines": shipment.lines, "shipped": day, "verdict": now.key(), "recorded": recorded, "change": change,
            "rules": rules, "hits": hits,
        }))?;
        if change == "same" {
            return Ok(());
        }
        let reference = if shipment.reference.is_empty() { "(no reference)" } else { &shipment.reference };
        let mut text = format!(
            "{} shipped {day} ({}, line {first}; run {}): {now}, recorded {recorded}\n",
            visible(reference),
            visible(&shipment.file),
            link.run
        );
        if !rules.is_empty() {
            let _ = writeln!(text, "  rules: {}", rules.join(", "));
        }
        for hit in &hits {
            let _ = writeln!(text, "  on {}", visible(hit));
        }
        self.outputs.text(&text)
    }

    fn end(self, recorded: &Recorded) -> Result<bool, Failure> {
        self.outputs.line(&json!({
            "type": "summary", "runs": recorded.all.len(), "pruned_runs": recorded.pruned, "shipments": self.compared,
            "worse": self.worse, "milder": self.milder, "without_shipping_date": self.without_day,
        }))?;
        self.outputs.text(&format!(
            "\n{} shipments of {} runs as of their shipping dates: {} worse than recorded, {} milder; {} state no \
             shipping date and were not looked at\n",
            self.compared,
            recorded.all.len(),
            self.worse,
            self.milder,
            self.without_day
        ))?;
        self.outputs.finish()?;
        Ok(self.worse > 0)
    }
}
