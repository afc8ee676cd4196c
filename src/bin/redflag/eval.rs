//! `eval`: labelled names or pairs in, figures out.
//!
//! Knows files and arguments; `redflag::evaluation` knows the measures.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use csv::StringRecord;
use redflag::digest::sha256_hex;
use redflag::evaluation::{Case, Evaluation, Options, Pair, PairEvaluation, SWEEP_ROWS};
use redflag::matching::{Matcher, Thresholds};
use redflag::name::Lexicon;
use redflag::report::evaluation::{About, Figures, Format, Scorer, write};
use redflag::trade::PartyKind;
use redflag::watchlist::Watchlist;

use crate::args::EvalArgs;
use crate::failure::{Exit, Failure, say};
use crate::output::{Formats, is_dash, write_failure};
use crate::queries::{self, NameQuery};
use crate::setup;
use crate::table::{self, Columns, Reader};

pub fn eval(args: &EvalArgs) -> Result<Exit, Failure> {
    let outputs = formats().open(&args.outputs)?;
    let mut bad_rows = BadRows::default();
    let (mut about, figures) = match (&args.queries, &args.pairs) {
        (Some(queries), _) => of_queries(args, queries, &mut bad_rows)?,
        (None, Some(pairs)) => of_pairs(args, pairs, &mut bad_rows)?,
        (None, None) => return Err(Failure::new("a file of queries or --pairs is needed")),
    };
    env!("CARGO_PKG_VERSION").clone_into(&mut about.program_version);
    bad_rows.tell(&mut about.notes);
    for (format, output) in &outputs {
        write(*format, &about, &figures, &mut output.clone())
            .and_then(|()| output.finish())
            .map_err(|error| write_failure(output.path(), &error))?;
    }
    for (_, output) in outputs.iter().filter(|(_, output)| !is_dash(output.path())) {
        say(&format!("evaluation: {}", output.path().display()));
    }
    Ok(if bad_rows.count > 0 { Exit::Unscreened } else { Exit::Done })
}

/// A labelled query before it is matched.
struct Labelled {
    query: NameQuery,
    /// As written.
    kind: String,
    class: String,
    truth: Vec<String>,
}

fn of_queries(args: &EvalArgs, path: &Path, bad_rows: &mut BadRows) -> Result<(About, Figures), Failure> {
    let source = Source::read(path)?;
    let labelled = read_queries(&source, args.hits.is_none(), bad_rows)?;
    let mut about = About { file: source.name.clone(), sha256: source.sha256.clone(), ..About::default() };
    let (thresholds, cases) = match &args.hits {
        None => {
            let (project, lists) = queries::lists(&args.lists)?;
            let thresholds = project.config.thresholds;
            let matcher = Matcher::new(&lists, Lexicon::shipped(), thresholds);
            about.lists = matcher.lists().to_vec();
            about.scores = Scorer::Matching { min_score: args.min_score, top: args.top };
            let origins = Origins::new(&lists);
            note_truth(&labelled, &origins, &mut about.notes);
            note_kinds(&labelled, &mut about.notes);
            (thresholds, match_cases(args, &matcher, &origins, labelled)?)
        }
        Some(hits) => {
            let project = setup::project(&crate::args::SetupArgs::default())?;
            // Another matcher's hits need no lists; they only say who stands where.
            let lists = if args.lists.is_empty() { Vec::new() } else { queries::lists(&args.lists)?.1 };
            about.lists = lists.iter().map(|list| Arc::clone(&list.info)).collect();
            let origins = Origins::new(&lists);
            if !lists.is_empty() {
                note_truth(&labelled, &origins, &mut about.notes);
            }
            let source = Source::read(hits)?;
            let (cases, unknown) = read_hits(&source, &origins, labelled, bad_rows)?;
            about.hits_for_unknown_queries = unknown;
            about.scores = Scorer::File { name: source.name, sha256: source.sha256 };
            (project.config.thresholds, cases)
        }
    };
    let within = |case: &Case| !case.best_any().is_finite() || (0.0..=1.0).contains(&case.best_any());
    let thresholds = if cases.iter().all(within) {
        vec![("possible", thresholds.possible), ("strong", thresholds.strong)]
    } else {
        about.notes.push(
            "Scores lie outside 0 to 1: nothing is told of the thresholds of the configuration.".to_owned(),
        );
        Vec::new()
    };
    let options = Options {
        negatives: args.negatives.into(),
        target_alarm_rate: args.target_alarm_rate,
        bands: args.bands,
        thresholds,
    };
    Ok((about, Figures::Queries(Box::new(Evaluation::new(&cases, &options)))))
}

fn read_queries(source: &Source, matching: bool, bad_rows: &mut BadRows) -> Result<Vec<Labelled>, Failure> {
    let required: &[&str] =
        if matching { &["id", "name", "truth_entity_ids"] } else { &["id", "truth_entity_ids"] };
    let rows = source.rows(required, &["country", "kind", "class"], bad_rows)?;
    rows.refuse_duplicates(source, "id")?;
    let read = |record: &StringRecord| Labelled {
        query: NameQuery::read(&rows.columns, record),
        kind: rows.columns.cell(record, "kind").to_owned(),
        class: rows.columns.cell(record, "class").to_owned(),
        truth: rows
            .columns
            .cell(record, "truth_entity_ids")
            .split(';')
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect(),
    };
    Ok(rows.records.iter().map(read).collect())
}

impl Labelled {
    fn case(&self, origins: &Origins) -> Case {
        let lists = self.truth.iter().flat_map(|id| origins.of(id)).cloned().collect();
        Case::new(&self.kind, &self.class, self.truth.clone(), lists)
    }
}

/// Which list an entity stands on.
struct Origins {
    entities: HashMap<String, Vec<Arc<str>>>,
}

impl Origins {
    fn new(lists: &[Watchlist]) -> Self {
        let mut entities: HashMap<String, Vec<Arc<str>>> = HashMap::new();
        for list in lists {
            let name: Arc<str> = list.info.id.as_str().into();
            for party in &list.parties {
                let names = entities.entry(party.id.clone()).or_default();
                if !names.contains(&name) {
                    names.push(Arc::clone(&name));
                }
            }
        }
        Self { entities }
    }

    fn of(&self, entity: &str) -> &[Arc<str>] {
        self.entities.get(entity).map(Vec::as_slice).unwrap_or_default()
    }

    /// The list of a hit: the one stated, if the entity stands there, else the
    /// first that holds it.
    fn of_hit(&self, entity: &str, stated: &str) -> Option<&Arc<str>> {
        let lists = self.of(entity);
        lists.iter().find(|list| ***list == *stated).or(lists.first())
    }
}

/// Says how many ids of true entities no list holds.
fn note_truth(labelled: &[Labelled], origins: &Origins, notes: &mut Vec<String>) {
    let all: BTreeSet<&str> = labelled.iter().flat_map(|query| &query.truth).map(String::as_str).collect();
    let unknown: Vec<&str> = all.iter().copied().filter(|id| origins.of(id).is_empty()).collect();
    let Some(example) = unknown.first() else { return };
    let lost = labelled
        .iter()
        .filter(|query| !query.truth.is_empty() && query.truth.iter().all(|id| origins.of(id).is_empty()))
        .count();
    notes.push(format!(
        "{} of {} truth ids stand on none of the lists (such as {example}). {lost} of the positives have no other and \
         count as missed.",
        unknown.len(),
        all.len()
    ));
}

fn note_kinds(labelled: &[Labelled], notes: &mut Vec<String>) {
    let unknown: Vec<&str> = labelled
        .iter()
        .map(|query| query.kind.as_str())
        .filter(|kind| !kind.is_empty() && PartyKind::from_key(kind).is_none())
        .collect();
    if let Some(example) = unknown.first() {
        notes.push(format!(
            "{} of the queries are of a kind that is not known (such as {example}) and were matched as `unknown`.",
            unknown.len()
        ));
    }
}

fn match_cases(
    args: &EvalArgs,
    matcher: &Matcher,
    origins: &Origins,
    labelled: Vec<Labelled>,
) -> Result<Vec<Case>, Failure> {
    let pool = setup::pool(args.threads)?;
    let mut cases: Vec<Case> = labelled.iter().map(|query| query.case(origins)).collect();
    let names: Vec<NameQuery> = labelled.into_iter().map(|labelled| labelled.query).collect();
    for (names, cases) in names.chunks(queries::BATCH).zip(cases.chunks_mut(queries::BATCH)) {
        let ranked = queries::rank(matcher, &pool, names, args.min_score, args.top);
        for (case, hits) in cases.iter_mut().zip(ranked) {
            for hit in hits {
                let list = origins.of_hit(&hit.entry.id, &hit.list.id);
                case.add(&hit.entry.id, list, queries::as_written(hit.score));
            }
        }
    }
    Ok(cases)
}

/// The cases with another matcher's hits, and how many hits belong to no query.
fn read_hits(
    source: &Source,
    origins: &Origins,
    labelled: Vec<Labelled>,
    bad_rows: &mut BadRows,
) -> Result<(Vec<Case>, u64), Failure> {
    let rows = source.rows(&["query_id", "entity_id", "score"], &["list"], bad_rows)?;
    let mut cases: Vec<Case> = labelled.iter().map(|query| query.case(origins)).collect();
    let places: HashMap<String, usize> =
        labelled.into_iter().enumerate().map(|(at, labelled)| (labelled.query.id, at)).collect();
    let mut unknown = 0;
    for record in &rows.records {
        let cell = |name| rows.columns.cell(record, name);
        let Some(case) = places.get(cell("query_id")).and_then(|at| cases.get_mut(*at)) else {
            unknown += 1;
            continue;
        };
        match read_score(cell("score")) {
            Ok(score) => {
                let entity = cell("entity_id");
                case.add(entity, origins.of_hit(entity, cell("list")), score);
            }
            Err(reason) => bad_rows.add(source, line(record), &reason),
        }
    }
    Ok((cases, unknown))
}

fn read_score(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(score) if score.is_finite() => Ok(score),
        _ => Err(format!("the score `{text}` is not a number")),
    }
}

fn of_pairs(args: &EvalArgs, path: &Path, bad_rows: &mut BadRows) -> Result<(About, Figures), Failure> {
    let source = Source::read(path)?;
    let required: &[&str] = match &args.scores {
        None => &["case_id", "name1", "name2", "is_match"],
        Some(_) => &["case_id", "is_match"],
    };
    let rows = source.rows(required, &["case_group", "schema", "quality"], bad_rows)?;
    rows.refuse_duplicates(&source, "case_id")?;
    let mut about = About { file: source.name.clone(), sha256: source.sha256.clone(), ..About::default() };
    let given = match &args.scores {
        None => None,
        Some(scores) => {
            let source = Source::read(scores)?;
            let given = read_pair_scores(&source, bad_rows)?;
            about.scores = Scorer::File { name: source.name, sha256: source.sha256 };
            Some(given)
        }
    };
    let mut pairs = Vec::new();
    let mut used = 0;
    for record in &rows.records {
        let cell = |name| rows.columns.cell(record, name);
        let is_match = match cell("is_match").to_ascii_lowercase().as_str() {
            "true" => true,
            "false" => false,
            other => {
                bad_rows.add(
                    &source,
                    line(record),
                    &format!("`{other}` in is_match is neither true nor false"),
                );
                continue;
            }
        };
        let score = match &given {
            None => queries::as_written(queries::pair_score(&rows.columns, record)),
            Some(given) => {
                let score = given.get(cell("case_id")).copied();
                used += usize::from(score.is_some());
                score.unwrap_or(f64::NEG_INFINITY)
            }
        };
        let quality = cell("quality");
        pairs.push(Pair {
            is_match,
            score,
            quality: if quality.is_empty() { "MEDIUM".to_owned() } else { quality.to_uppercase() },
            group: cell("case_group").to_owned(),
            schema: cell("schema").to_owned(),
        });
    }
    if let Some(spare) = given.map(|given| given.len() - used).filter(|spare| *spare > 0) {
        about.notes.push(format!("{spare} of the scores belong to no pair of the file."));
    }
    let threshold = args.threshold.unwrap_or(Thresholds::default().possible);
    let evaluation = PairEvaluation::new(&pairs, threshold, SWEEP_ROWS);
    Ok((about, Figures::Pairs(Box::new(evaluation))))
}

fn read_pair_scores(source: &Source, bad_rows: &mut BadRows) -> Result<HashMap<String, f64>, Failure> {
    let rows = source.rows(&["case_id", "score"], &[], bad_rows)?;
    rows.refuse_duplicates(source, "case_id")?;
    let mut scores = HashMap::new();
    for record in &rows.records {
        match read_score(rows.columns.cell(record, "score")) {
            Ok(score) => {
                scores.insert(rows.columns.cell(record, "case_id").to_owned(), score);
            }
            Err(reason) => bad_rows.add(source, line(record), &reason),
        }
    }
    Ok(scores)
}

/// A file in memory: its hash goes into the report.
struct Source {
    path: PathBuf,
    /// For people.
    name: String,
    bytes: Vec<u8>,
    sha256: String,
}

impl Source {
    fn read(path: &Path) -> Result<Self, Failure> {
        let name = if is_dash(path) { "standard input".to_owned() } else { path.display().to_string() };
        let mut bytes = Vec::new();
        let read =
            if is_dash(path) { io::stdin().read_to_end(&mut bytes).map(|_| bytes) } else { fs::read(path) };
        let bytes = read.map_err(|error| Failure::new(format!("{name}: {error}")))?;
        let sha256 = sha256_hex(&bytes);
        Ok(Self { path: path.to_owned(), name, bytes, sha256 })
    }

    /// The rows that can be read; the others are told of.
    fn rows(
        &self,
        required: &[&'static str],
        optional: &[&'static str],
        bad_rows: &mut BadRows,
    ) -> Result<Rows, Failure> {
        let mut reader: Reader = table::from_bytes(self.bytes.clone());
        let columns = Columns::find(&mut reader, &self.path, required, optional)?;
        let mut records = Vec::new();
        for record in reader.into_records() {
            match record {
                Ok(record) => match columns.misfit(&record) {
                    None => records.push(record),
                    Some(reason) => bad_rows.add(self, line(&record), &reason),
                },
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    bad_rows.add(self, line, "not UTF-8");
                }
            }
        }
        if records.is_empty() {
            return Err(Failure::new(format!("{}: holds no row that can be evaluated", self.name)));
        }
        Ok(Rows { columns, records })
    }
}

fn line(record: &StringRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

struct Rows {
    columns: Columns,
    records: Vec<StringRecord>,
}

impl Rows {
    /// An id must name one row; with two it is not known which is meant.
    fn refuse_duplicates(&self, source: &Source, column: &'static str) -> Result<(), Failure> {
        let mut seen: HashSet<&str> = HashSet::new();
        let mut again = self.records.iter().filter(|record| !seen.insert(self.columns.cell(record, column)));
        let Some(first) = again.next() else { return Ok(()) };
        let more = again.count();
        Err(Failure::new(format!(
            "{}: line {}: the {column} `{}` stands on an earlier line too{}; every row needs an id of its own",
            source.name,
            line(first),
            self.columns.cell(first, column),
            if more > 0 { format!(", and {more} more do so") } else { String::new() }
        )))
    }
}

/// Rows that could not be used.
#[derive(Default)]
struct BadRows {
    count: u64,
}

/// Bad rows told one by one.
const TOLD: u64 = 20;

impl BadRows {
    fn add(&mut self, source: &Source, line: u64, reason: &str) {
        self.count += 1;
        if self.count <= TOLD {
            say(&format!("{}: line {line}: not evaluated: {reason}", source.name));
        }
    }

    fn tell(&self, notes: &mut Vec<String>) {
        if self.count > TOLD {
            say(&format!("and {} more rows were not evaluated", self.count - TOLD));
        }
        match self.count {
            0 => {}
            1 => notes.push("1 row could not be read and is not in the figures.".to_owned()),
            more => notes.push(format!("{more} rows could not be read and are not in the figures.")),
        }
    }
}

/// The formats that `--output` takes here.
fn formats() -> Formats<Format> {
    Formats {
        plain: Format::Text,
        from_key: Format::from_key,
        from_file_name: Format::from_file_name,
        words: &Format::WORDS,
        endings: ".html, .json, .csv or .txt",
    }
}
