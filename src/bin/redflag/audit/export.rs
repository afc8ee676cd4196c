//! `audit export`: one ZIP file with all that speaks for a run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use redflag::evidence::{Event, FileRef, Key, Link, Manifest, Pack, ResultWriter, open_packed};
use redflag::report::{self, Format, Options, Sink};
use redflag::screening::Outcome;
use redflag::watchlist::{ListInfo, ListedParty, Watchlist, write_toml};
use tempfile::{NamedTempFile, TempDir};

use super::args::ExportArgs;
use super::replay::Stored;
use crate::failure::{Exit, Failure, say};
use crate::output::{Output, write_failure};
use crate::recording::failure;
use crate::screen;

type Zip = Pack<File>;

/// Exit code 0; 2 when the run can't be made again, or gives other results.
pub fn export(args: &ExportArgs) -> Result<Exit, Failure> {
    let stored = Stored::open(&args.run, &args.runs)?;
    let key = key(args)?;
    let private = key.is_some();
    let link = line(&stored)?;
    let work = tempfile::tempdir().map_err(|error| Failure::new(format!("no temporary folder: {error}")))?;
    let cited = make_again(&stored, key.as_ref(), work.path())?;
    let broken = |error: io::Error| write_failure(&args.output, &error);
    let output = Output::create(&args.output).map_err(broken)?;
    let zip = NamedTempFile::new_in(work.path()).map_err(broken)?;
    let pack = Pack::new(zip.reopen().map_err(broken)?, Manifest::new(&stored.link, &link, private));
    fill(pack, &stored, &link, &cited, &work, private).map_err(broken)?;
    io::copy(&mut zip.reopen().map_err(broken)?, &mut output.clone()).map_err(broken)?;
    output.finish().map_err(broken)?;
    say(&format!("evidence pack: {}", args.output.display()));
    Ok(Exit::Done)
}

/// The key of a private export: of a file, or one that nobody keeps.
fn key(args: &ExportArgs) -> Result<Option<Key>, Failure> {
    if let Some(path) = &args.key {
        let bytes = fs::read(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        if bytes.len() < 16 {
            return Err(Failure::new(format!("{}: a key has 16 bytes at least, at random", path.display())));
        }
        return Ok(Some(Key::new(&bytes)));
    }
    if !args.private {
        return Ok(None);
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Failure::new(format!("no random bytes: {error}")))?;
    Ok(Some(Key::new(&bytes)))
}

/// The line of the chain that names the run.
fn line(stored: &Stored) -> Result<Link, Failure> {
    let chain = stored.runs.chain().map_err(|error| failure(&error))?;
    let is_it = |link: &Link| matches!(&link.event, Event::Run { run, .. } if *run == stored.link.run);
    chain.links.into_iter().find(is_it).ok_or_else(|| Failure::new("the run is not in the chain"))
}

/// What the findings of a run cite.
#[derive(Default)]
struct Cited {
    rules: BTreeSet<String>,
    lists: BTreeMap<String, CitedList>,
}

/// A list, and by id the entries that are cited.
type CitedList = (Arc<ListInfo>, BTreeMap<String, Arc<ListedParty>>);

impl Cited {
    fn add(&mut self, outcome: &Outcome) {
        let Outcome::Screened { screening, .. } = outcome else { return };
        self.rules.extend(screening.findings.iter().map(|finding| finding.rule.id.clone()));
        for (_, hit) in &screening.hits {
            let list = self
                .lists
                .entry(hit.list.id.clone())
                .or_insert_with(|| (Arc::clone(&hit.list), BTreeMap::new()));
            list.1.insert(hit.entry.id.clone(), Arc::clone(&hit.entry));
        }
    }
}

/// Makes the run again and writes the reports, and the results where they
/// differ from the recorded ones in names, into a folder.
fn make_again(stored: &Stored, key: Option<&Key>, folder: &Path) -> Result<Cited, Failure> {
    let broken = |error: io::Error| write_failure(folder, &error);
    let mut sinks: Vec<Box<dyn Sink + Send>> = Vec::new();
    for (format, name) in [(Format::Html, "report.html"), (Format::Jsonl, "report.jsonl")] {
        let file = File::create_new(folder.join(name)).map_err(broken)?;
        let options = Options { country_names: screen::country_names(), ..Options::default() };
        let mut sink = report::sink(format, Box::new(file), options);
        sink.begin(&stored.means.header).map_err(broken)?;
        sinks.push(sink);
    }
    let mut results = None;
    if key.is_some() {
        let file = File::create_new(folder.join("results.jsonl")).map_err(broken)?;
        let (mut file, mut writer) = (io::BufWriter::new(file), ResultWriter::new());
        writer.begin(&mut file).map_err(broken)?;
        results = Some((file, writer));
    }
    let mut cited = Cited::default();
    let replayed = stored.replay(None, &mut |outcome| {
        cited.add(outcome);
        let hidden = key.map(|key| key.apply(outcome));
        let shown = hidden.as_ref().unwrap_or(outcome);
        if let Some((file, writer)) = &mut results {
            writer.outcome(shown, file)?;
        }
        sinks.iter_mut().try_for_each(|sink| sink.outcome(shown))
    })?;
    if !replayed.same {
        return Err(Failure::new(format!(
            "{}: made again it gives other results, so there is no pack; `redflag audit replay` shows what differs",
            stored.link.run
        )));
    }
    for sink in &mut sinks {
        sink.end(&replayed.summary).map_err(broken)?;
    }
    if let Some((mut file, _)) = results {
        file.flush().map_err(broken)?;
    }
    Ok(cited)
}

fn fill(
    mut pack: Zip,
    stored: &Stored,
    link: &Link,
    cited: &Cited,
    work: &TempDir,
    private: bool,
) -> io::Result<File> {
    let folder = stored.runs.run_folder(&stored.link.run);
    pack.add("README.txt", "how to read and check this pack", readme(stored, link, private).as_bytes())?;
    for (name, what) in
        [("report.html", "the report, for people"), ("report.jsonl", "the report, for programs")]
    {
        pack.add_file(name, what, &work.path().join(name))?;
    }
    pack.add_file(
        "record.json",
        "what the run was made with and what came out",
        &folder.join("record.json"),
    )?;
    if private {
        let path = work.path().join("results.jsonl");
        pack.add_file("results.jsonl", "every result, with names outside findings replaced", &path)?;
    } else {
        let content = open_packed(&stored.runs.results_path(&stored.link.run))?;
        pack.add("results.jsonl", "every result, as recorded", content)?;
    }
    let in_chain = serde_json::json!({
        "seq": link.seq, "time": link.time, "prev": link.prev, "hash": link.hash, "event": link.event,
    });
    pack.add(
        "chain-line.json",
        "the line of the chain that names the record",
        format!("{in_chain:#}\n").as_bytes(),
    )?;
    for id in &cited.rules {
        if let Some(page) = stored.means.screener.rules().page(id) {
            pack.add(&format!("rules/{id}.md"), "a rule that a finding cites", page.as_bytes())?;
        }
    }
    for (id, (info, entries)) in &cited.lists {
        let parties = entries.values().cloned().collect();
        let mut text = Vec::new();
        write_toml(&Watchlist { info: Arc::clone(info), parties }, &mut text)?;
        let name = format!("entries/{}.toml", redflag::store::file_name(id));
        pack.add(&name, "the entries of a list that findings cite, as they were", &*text)?;
    }
    if !private {
        add_inputs(&mut pack, stored)?;
    }
    pack.finish()
}

/// The files that the run was made with and that are the company's own.
fn add_inputs(pack: &mut Zip, stored: &Stored) -> io::Result<()> {
    let basis = &stored.record.basis;
    let inputs = stored.record.inputs.iter().map(|input| ("inputs", &input.file, "a shipment file"));
    let config = basis.config.iter().map(|file| ("config", file, "the configuration"));
    let decisions = basis.decisions.iter().map(|file| ("decisions", file, "the decisions on findings"));
    let baseline = basis.baseline.iter().map(|file| ("decisions", file, "the baseline"));
    let ownership = basis.ownership.iter().map(|file| ("ownership", file, "statements of owners"));
    let norms = basis.norms.iter().map(|file| ("norms", file, "what goods usually cost and weigh"));
    let history = &basis.asked_of_history;
    let history = history.iter().map(|file| ("history", file, "what the run saw of earlier shipments"));
    let own = config.chain(decisions).chain(baseline).chain(ownership).chain(norms).chain(history);
    let all: Vec<(&str, &FileRef, &str)> = inputs.chain(own).collect();
    for (number, (folder, file, what)) in all.into_iter().enumerate() {
        let name = format!("{folder}/{}-{}", number + 1, redflag::store::file_name(&file.name));
        pack.add(&name, what, open_packed(&stored.runs.object_path(&file.sha256))?)?;
    }
    Ok(())
}

fn readme(stored: &Stored, link: &Link, private: bool) -> String {
    let mut text = format!(
        "Evidence of the run {} of redflag {}, as of {}.\n\n",
        stored.link.run, stored.record.basis.program.version, stored.record.basis.as_of
    );
    text.push_str(
        "report.html      what was found, for people; open it in a browser\n\
         report.jsonl     the same for programs\n\
         record.json      program, day, parameters, hashes of inputs, lists, rules, decisions; counts\n\
         results.jsonl    the result of every shipment and row, clean ones too\n\
         rules/           the rules that findings cite\n\
         entries/         the list entries that findings cite, as they were then\n\
         chain-line.json  the line of the chain of records that names record.json\n\
         manifest.json    every file here with its SHA-256\n\n",
    );
    let _ = writeln!(
        text,
        "The SHA-256 of record.json is {}. Line {} of the chain names it and has the hash {}; whoever keeps the \
         chain can show with `redflag audit verify --head {}` that it still does.",
        stored.link.record, link.seq, link.hash, link.hash
    );
    text.push_str(if private {
        "\nNames of parties that are in no finding are replaced by keyed hashes, their addresses and identifiers \
         left out; the shipment files and decisions are not here, only their hashes in record.json. So results.jsonl \
         is not the file whose hash record.json gives.\n"
    } else {
        "\nThe SHA-256 of results.jsonl stands in record.json under results.sha256; those of the files under inputs/ \
         stand there too. With the runs folder `redflag audit replay` makes the run again and compares every result.\n"
    });
    text
}
