//! How long the lists take to be read and indexed, and how long the compiled
//! file takes instead, part by part:
//!
//! ```text
//! cargo run --release --example fast_start -- FILE [LIST …]
//! cargo run --release --example fast_start -- FILE --load
//! ```
//!
//! The first builds the lists that come with the program and those that are
//! named, with the files that belong to them, and saves them as FILE; both then
//! load FILE and screen one name. The second shows by itself what a warm start
//! takes in time and memory.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use redflag::diagnostic::Diagnostics;
use redflag::matching::{KindFilter, Matcher, PartyQuery, Thresholds};
use redflag::name::Lexicon;
use redflag::place::CountryNames;
use redflag::trade::PartyKind;
use redflag::watchlist::{self, ListFile, Watchlist};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A real caller hashes everything that the lists were made from.
const KEY: [u8; 32] = [0; 32];

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (file, lists) = arguments.split_first().ok_or("usage: fast_start FILE [--load | LIST …]")?;
    let lexicon = timed("tables of words", Lexicon::shipped);
    if !lists.iter().any(|argument| argument == "--load") {
        let lists = timed("lists read", || read(lists))?;
        let names: usize = lists.iter().map(|list| list.info.edition.names).sum();
        let entries: usize = lists.iter().map(|list| list.parties.len()).sum();
        println!("  {} lists, {entries} entries, {names} names", lists.len());
        let matcher = timed("lists indexed", || Matcher::new(&lists, lexicon, Thresholds::default()));
        let to = fs::File::create(file)?;
        timed("file written", || matcher.to_compiled(&KEY, &Diagnostics::default(), &to))?;
        let length = to.metadata()?.len();
        println!("  {length} bytes, {} a name", length / names.max(1) as u64);
        screen("first name, built", &matcher);
    }
    let bytes = timed("file read", || fs::read(file))?;
    let matcher =
        timed("file loaded", || Matcher::from_compiled(bytes, &KEY, lexicon, Thresholds::default()));
    let (matcher, _) = matcher.ok_or("the file is damaged or of another version")?;
    screen("first name, loaded", &matcher);
    timed("dropped", || drop(matcher));
    Ok(())
}

/// Does a part and prints how long it took.
fn timed<T>(what: &str, part: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = part();
    println!("{what:<20} {:8.1} ms", start.elapsed().as_secs_f64() * 1e3);
    result
}

fn screen(what: &str, matcher: &Matcher) {
    let query = PartyQuery {
        name: "Radio Avtomatika LLC",
        kind: PartyKind::Unknown,
        kinds: KindFilter::Legal,
        countries: &[],
        address: None,
        identifiers: &[],
    };
    let hits = timed(what, || matcher.screen(&query)).hits;
    println!("  {} hits", hits.len());
}

fn read(paths: &[String]) -> Result<Vec<Watchlist>> {
    let (mut lists, _) = timed("  shipped lists", watchlist::shipped);
    let mut files = Vec::new();
    for path in paths.iter().map(Path::new) {
        files.push(ListFile { name: path.display().to_string(), bytes: fs::read(path)? });
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        for path in watchlist::companions(&name).iter().map(|other| path.with_file_name(other)) {
            if path.is_file() {
                files.push(ListFile { name: path.display().to_string(), bytes: fs::read(path)? });
            }
        }
    }
    let countries = timed("  names of countries", CountryNames::shipped);
    let (given, mistakes) =
        timed("  given lists", || watchlist::read(files, &|text| countries.resolve(text).code()));
    if mistakes.has_errors() {
        return Err("a list can't be read".into());
    }
    lists.extend(given);
    Ok(lists)
}
