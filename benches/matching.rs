//! The matching of names: speed, growth, memory, and that its index is exact.
//!
//! `cargo bench --bench matching [-- [QUERIES.csv TARGETS.csv] [--every N]
//! [--only PARTS]]` prints one table after another. The files are those of an
//! evaluation kit: queries with the columns `name,kind`, targets as `redflag
//! match --list` reads them. PARTS are `build`, `rank`, `growth` and `exact`,
//! with commas between.

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use redflag::matching::{
    Candidate, CountrySet, KindFilter, Matcher, NameIndex, NameQuery, PartyQuery, Thresholds,
};
use redflag::name::{Lexicon, Name, split_field};
use redflag::place::CountryNames;
use redflag::trade::PartyKind;
use redflag::watchlist::{self, ListFile, ListedName, ListedParty, NameQuality, Watchlist};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Entries ranked for a name.
const TOP: usize = 25;
/// Passes that count, of which the fastest is printed.
const PASSES: usize = 3;
/// Cut-off at which the index is held against scoring every name.
const EXACT_CUTOFF: f32 = 0.3;
/// Every so many queries are held against scoring every name: all of them,
/// which takes five to ten minutes.
const EXACT_EVERY: usize = 1;
/// Every so many queries are timed on lists that grow.
const GROWTH_EVERY: usize = 8;
/// Differences printed in full.
const SHOWN: usize = 20;
/// The argument of a run that measures memory alone.
const MEMORY: &str = "--memory-of";

/// A name to be screened.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Query {
    name: String,
    kind: PartyKind,
}

impl Query {
    fn party(&self) -> PartyQuery<'_> {
        PartyQuery {
            name: &self.name,
            kind: self.kind,
            kinds: KindFilter::for_kind(self.kind),
            countries: &[],
            address: None,
            identifiers: &[],
        }
    }
}

/// What to measure, and with what.
struct Arguments {
    queries: PathBuf,
    targets: PathBuf,
    exact_every: usize,
    only: Vec<String>,
    /// Measure the memory of these lists and nothing else.
    memory: Option<String>,
}

impl Arguments {
    fn read() -> Result<Self> {
        let kit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval");
        let (mut every, mut only, mut memory) = (EXACT_EVERY, Vec::new(), None);
        let mut files = Vec::new();
        let mut given = std::env::args().skip(1);
        while let Some(argument) = given.next() {
            let mut value = || given.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                // Cargo's own.
                "--bench" => {}
                "--every" => every = value()?.parse::<usize>()?.max(1),
                "--only" => only = value()?.split(',').map(str::to_owned).collect(),
                MEMORY => memory = Some(value()?),
                flag if flag.starts_with('-') => return Err(format!("unknown argument {flag}").into()),
                _ => files.push(PathBuf::from(argument)),
            }
        }
        let mut files = files.into_iter();
        Ok(Self {
            queries: files.next().unwrap_or_else(|| kit.join("queries_dev.csv")),
            targets: files.next().unwrap_or_else(|| kit.join("targets.csv")),
            exact_every: every,
            only,
            memory,
        })
    }

    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == part)
    }
}

/// The distinct names of the file, each with its kind, in the order of a
/// dictionary so that every Nth is a fair sample.
fn read_queries(path: &Path) -> Result<Vec<Query>> {
    let mut reader = csv::Reader::from_path(path)?;
    let headers = reader.headers()?.clone();
    let column = |name: &str| headers.iter().position(|h| h == name).ok_or(format!("no column {name}"));
    let (name, kind) = (column("name")?, column("kind")?);
    let mut queries = Vec::new();
    for record in reader.records() {
        let record = record?;
        let kind = PartyKind::from_key(&record[kind]).unwrap_or_default();
        queries.push(Query { name: record[name].to_owned(), kind });
    }
    queries.sort();
    queries.dedup();
    Ok(queries)
}

fn read_targets(path: &Path) -> Result<Vec<Watchlist>> {
    let countries = CountryNames::shipped();
    let file = ListFile { name: path.display().to_string(), bytes: std::fs::read(path)? };
    let (lists, mistakes) = watchlist::read(vec![file], &|text| countries.resolve(text).code());
    if mistakes.has_errors() {
        return Err(format!("{} can't be read", path.display()).into());
    }
    Ok(lists)
}

fn with_bundled(targets: &[Watchlist]) -> Vec<Watchlist> {
    let (mut lists, _) = watchlist::shipped();
    lists.extend_from_slice(targets);
    lists
}

fn new_matcher(lists: &[Watchlist]) -> Matcher {
    Matcher::new(lists, Lexicon::shipped(), Thresholds::default())
}

fn names_in(lists: &[Watchlist]) -> usize {
    let searched = |party: &&Arc<ListedParty>| !party.address_only;
    lists.iter().flat_map(|list| list.parties.iter().filter(searched)).map(|party| party.names.len()).sum()
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn float(number: usize) -> f64 {
    number as f64
}

fn micros_each(time: Duration, number: usize) -> f64 {
    time.as_secs_f64() * 1e6 / float(number)
}

/// A first pass over all queries, on this thread, with an index that was not
/// asked before; and the fastest of some that follow.
fn time_rank<'q>(
    matcher: &Matcher,
    queries: &(impl Iterator<Item = &'q Query> + Clone),
    min_score: f64,
    passes: usize,
) -> (Duration, Duration) {
    let pass = |_| {
        let start = Instant::now();
        for query in queries.clone() {
            black_box(matcher.rank(&query.party(), min_score, TOP));
        }
        start.elapsed()
    };
    (pass(0), (1..=passes).map(pass).min().unwrap_or_default())
}

/// The memory this program holds, in bytes; Linux only.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}

/// Prints what an index adds to the memory of a process that already holds
/// one: the first fills what reading the lists left free.
fn print_memory(lists: &[Watchlist]) {
    let first = new_matcher(lists);
    let before = resident();
    let second = new_matcher(lists);
    let after = resident();
    black_box((first, second));
    if let (Some(before), Some(after)) = (before, after) {
        println!("{}", after.saturating_sub(before));
    }
}

/// What the index takes, measured in a process of its own.
fn memory_of(arguments: &Arguments, lists: &str) -> Option<usize> {
    let output = Command::new(std::env::current_exe().ok()?)
        .args([&arguments.queries, &arguments.targets])
        .args([MEMORY, lists])
        .output()
        .ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn bench_build(arguments: &Arguments, sets: &[(&str, &[Watchlist])]) {
    println!("\nBuilding the index, best of {PASSES}");
    println!(
        "{:<20}{:>9}{:>9}{:>12}{:>13}{:>11}{:>14}",
        "lists", "entries", "names", "time (ms)", "µs a name", "MiB", "bytes a name"
    );
    for (title, lists) in sets {
        let build = |_| {
            let start = Instant::now();
            let matcher = new_matcher(lists);
            let time = start.elapsed();
            drop(matcher);
            time
        };
        let time = (0..PASSES).map(build).min().unwrap_or_default();
        let names = names_in(lists);
        let entries: usize = lists.iter().map(|list| list.parties.len()).sum();
        print!(
            "{title:<20}{entries:>9}{names:>9}{:>12.0}{:>13.1}",
            time.as_secs_f64() * 1e3,
            micros_each(time, names)
        );
        match memory_of(arguments, title) {
            Some(bytes) => {
                println!("{:>11.1}{:>14.0}", float(bytes) / 1_048_576.0, float(bytes) / float(names));
            }
            None => println!("{:>25}", "not measured"),
        }
    }
}

fn bench_rank(queries: &[Query], sets: &[(&str, &[Watchlist])]) {
    println!("\nRanking {} distinct names on one thread, best of {PASSES}", queries.len());
    println!(
        "{:<20}{:>9}{:>11}{:>14}{:>13}{:>14}{:>13}",
        "lists", "names", "min score", "names/second", "µs a name", "at first", "met a name"
    );
    for (title, lists) in sets {
        for min_score in [0.3, 0.5, Thresholds::default().possible] {
            let matcher = new_matcher(lists);
            let (first, time) = time_rank(&matcher, &queries.iter(), min_score, PASSES);
            let met: usize =
                queries.iter().map(|query| matcher.rank(&query.party(), min_score, TOP).len()).sum();
            println!(
                "{title:<20}{:>9}{min_score:>11.2}{:>14.0}{:>13.1}{:>14.0}{:>13.3}",
                names_in(lists),
                float(queries.len()) / time.as_secs_f64(),
                micros_each(time, queries.len()),
                float(queries.len()) / first.as_secs_f64(),
                float(met) / float(queries.len()),
            );
        }
    }
}

/// Every Nth entry of the lists.
fn thinned(lists: &[Watchlist], every: usize) -> Vec<Watchlist> {
    let mut number = 0;
    let mut keep = |_: &&Arc<ListedParty>| {
        number += 1;
        (number - 1) % every == 0
    };
    lists
        .iter()
        .map(|list| Watchlist {
            info: Arc::clone(&list.info),
            parties: list.parties.iter().filter(&mut keep).cloned().collect(),
        })
        .collect()
}

/// A small linear congruential generator: the same names every time.
struct Dice(u64);

impl Dice {
    fn pick<'t>(&mut self, words: &[&'t str]) -> &'t str {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = usize::try_from(self.0 >> 33).unwrap_or(0);
        words.get(number % words.len().max(1)).copied().unwrap_or_default()
    }
}

/// The lists, and `more` times as many made-up entries: each is a real one
/// whose words are exchanged for words of others of its kind that stand at the
/// same place, common words as often as in the real names.
fn multiplied(lists: &[Watchlist], more: usize) -> Vec<Watchlist> {
    /// Places from the front that are told apart.
    const PLACES: usize = 4;
    let mut pools: BTreeMap<(PartyKind, usize), Vec<&str>> = BTreeMap::new();
    let parties = || lists.iter().flat_map(|list| &list.parties);
    for party in parties() {
        for name in &party.names {
            for (place, word) in name.text.split_whitespace().enumerate() {
                pools.entry((party.kind, place.min(PLACES))).or_default().push(word);
            }
        }
    }
    let mut dice = Dice(7);
    let mut made = Vec::new();
    for round in 0..more {
        for (number, party) in parties().enumerate() {
            let mut name_like = |name: &ListedName| {
                let words = name.text.split_whitespace().count();
                let word =
                    |place: usize| pools.get(&(party.kind, place.min(PLACES))).map(|words| dice.pick(words));
                let words: Vec<&str> = (0..words).filter_map(word).collect();
                ListedName { text: words.join(" ").into(), ..name.clone() }
            };
            made.push(Arc::new(ListedParty {
                id: format!("made-{round}-{number}"),
                kind: party.kind,
                names: party.names.iter().map(&mut name_like).collect(),
                address_only: party.address_only,
                ..ListedParty::default()
            }));
        }
    }
    let mut all = lists.to_vec();
    if let Some(first) = lists.first() {
        all.push(Watchlist { info: Arc::clone(&first.info), parties: made });
    }
    all
}

fn bench_growth(queries: &[Query], lists: &[Watchlist]) {
    let possible = Thresholds::default().possible;
    let sample: Vec<&Query> = queries.iter().step_by(GROWTH_EVERY).collect();
    println!(
        "\nGrowth of bundled+targets: every {GROWTH_EVERY}th name ({}), best of 2; × is against the line before",
        sample.len()
    );
    println!(
        "{:<20}{:>9}{:>11}{:>14}{:>13}{:>9}{:>9}{:>17}",
        "lists", "names", "min score", "names/second", "µs a name", "size ×", "time ×", "time × / size ×"
    );
    let steps: [(&str, usize, usize); 5] = [
        ("1/16", 16, 0),
        ("1/4", 4, 0),
        ("all", 1, 0),
        ("4 × all, made up", 1, 3),
        ("16 × all, made up", 1, 15),
    ];
    let mut before: BTreeMap<&str, (usize, f64)> = BTreeMap::new();
    for (title, every, more) in steps {
        let lists = if more == 0 { thinned(lists, every) } else { multiplied(lists, more) };
        let names = names_in(&lists);
        let matcher = new_matcher(&lists);
        drop(lists);
        for (label, min_score) in [("middle", 0.5), ("possible", possible)] {
            let (_, time) = time_rank(&matcher, &sample.iter().copied(), min_score, 2);
            let each = micros_each(time, sample.len());
            print!("{title:<20}{names:>9}{min_score:>11.2}{:>14.0}{each:>13.1}", 1e6 / each);
            match before.insert(label, (names, each)) {
                Some((names_before, each_before)) => {
                    let (size, time) = (float(names) / float(names_before), each / each_before);
                    println!("{size:>9.2}{time:>9.2}{:>17.2}", time / size);
                }
                None => println!(),
            }
        }
    }
}

/// An index of all names, with the texts by number.
fn index_of(lists: &[Watchlist]) -> (NameIndex, Vec<&str>) {
    let mut index = NameIndex::default();
    let mut texts = Vec::new();
    let parties = lists.iter().flat_map(|list| &list.parties);
    for (entry, party) in parties.enumerate().filter(|(_, party)| !party.address_only) {
        for name in &party.names {
            let entry = u32::try_from(entry).unwrap_or(u32::MAX);
            let weak = name.quality == NameQuality::Weak;
            index.add(
                Lexicon::shipped(),
                entry,
                &name.text,
                party.kind,
                CountrySet::of(&party.countries),
                weak,
            );
            texts.push(&*name.text);
        }
    }
    index.finish();
    (index, texts)
}

/// Prints the names whose scores are not the same in both; how many.
fn print_differences(
    query: &Query,
    part: &str,
    texts: &[&str],
    found: &[Candidate],
    all: &[Candidate],
) -> usize {
    let by_name = |candidates: &[Candidate]| -> BTreeMap<u32, f32> {
        candidates.iter().map(|candidate| (candidate.name, candidate.log_odds)).collect()
    };
    let (found, all) = (by_name(found), by_name(all));
    let mut names: Vec<u32> = found.keys().chain(all.keys()).copied().collect();
    names.sort_unstable();
    names.dedup();
    let score = |log_odds: Option<&f32>| {
        log_odds
            .map_or("none".to_owned(), |odds| format!("{:.6} (log-odds {odds})", 1.0 / (1.0 + (-odds).exp())))
    };
    let differ = |name: &u32| found.get(name).map(|x| x.to_bits()) != all.get(name).map(|x| x.to_bits());
    let mut differences = 0;
    for name in names.into_iter().filter(differ) {
        differences += 1;
        if differences <= SHOWN {
            println!(
                "  DIFFERS: {} `{}`, part `{part}`, against `{}`: search {}, exhaustive {}",
                query.kind.key(),
                query.name,
                texts.get(name as usize).copied().unwrap_or_default(),
                score(found.get(&name)),
                score(all.get(&name)),
            );
        }
    }
    // The same scores in another order differ too.
    differences.max(1)
}

/// Holds the search against scoring every name; how many differ.
fn check_exactness(queries: &[Query], lists: &[Watchlist], every: usize) -> usize {
    let lexicon = Lexicon::shipped();
    let (index, texts) = index_of(lists);
    println!("\nExactness at {EXACT_CUTOFF}: one name in {every} against {} names", index.len());
    let (mut compared, mut readings, mut candidates, mut differences) = (0usize, 0usize, 0usize, 0usize);
    let mut times = [Duration::ZERO; 2];
    for query in queries.iter().step_by(every) {
        compared += 1;
        let kinds: &[PartyKind] = match query.kind {
            PartyKind::Unknown => &[PartyKind::Organization, PartyKind::Person],
            ref kind => std::slice::from_ref(kind),
        };
        for part in split_field(lexicon, &query.name) {
            for &kind in kinds {
                let name = Name::parse(lexicon, &part.text, kind);
                let kinds = KindFilter::for_kind(query.kind);
                let wanted = NameQuery::new(&name, kind, kinds, part.kind);
                let start = Instant::now();
                let found = index.search(lexicon, wanted, EXACT_CUTOFF);
                times[0] += start.elapsed();
                let start = Instant::now();
                let all = index.exhaustive(lexicon, wanted, EXACT_CUTOFF);
                times[1] += start.elapsed();
                readings += 1;
                candidates += all.len();
                if found != all {
                    differences += print_differences(query, &part.text, &texts, &found, &all);
                }
            }
        }
    }
    println!(
        "{compared} names in {readings} readings, {candidates} candidates: {differences} differences; \
         search {:.1?}, exhaustive {:.1?}",
        times[0], times[1]
    );
    differences
}

fn main() -> Result<()> {
    let arguments = Arguments::read()?;
    for path in [&arguments.queries, &arguments.targets] {
        if !path.is_file() {
            println!("skipped: there is no {}; give QUERIES.csv TARGETS.csv", path.display());
            return Ok(());
        }
    }
    let targets = read_targets(&arguments.targets)?;
    if arguments.memory.as_deref() == Some("targets") {
        print_memory(&targets);
        return Ok(());
    }
    let all = with_bundled(&targets);
    if arguments.memory.is_some() {
        print_memory(&all);
        return Ok(());
    }
    let queries = read_queries(&arguments.queries)?;
    let sets: [(&str, &[Watchlist]); 2] = [("targets", &targets), ("bundled+targets", &all)];
    println!("{} distinct names; name and kind alone, without countries", queries.len());
    if arguments.wants("build") {
        bench_build(&arguments, &sets);
    }
    if arguments.wants("rank") {
        bench_rank(&queries, &sets);
    }
    if arguments.wants("growth") {
        bench_growth(&queries, &all);
    }
    if arguments.wants("exact") && check_exactness(&queries, &targets, arguments.exact_every) > 0 {
        return Err("the index does not return what scoring every name returns".into());
    }
    Ok(())
}
