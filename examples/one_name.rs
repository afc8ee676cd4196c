//! Ranks one name many times, for counting the instructions that it takes
//! (`benches/instructions.sh`):
//!
//! ```text
//! cargo run --release --example one_name -- LIST.csv NAME KIND TIMES [MIN_SCORE]
//! ```
//!
//! Prints how many entries the name met.

use std::error::Error;
use std::fs;
use std::hint::black_box;

use redflag::matching::{KindFilter, Matcher, PartyQuery, Thresholds};
use redflag::name::Lexicon;
use redflag::place::CountryNames;
use redflag::trade::PartyKind;
use redflag::watchlist::{self, ListFile};

/// Entries ranked for a name.
const TOP: usize = 25;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [list, name, kind, times, min_score @ ..] = arguments.as_slice() else {
        return Err("usage: one_name LIST.csv NAME KIND TIMES [MIN_SCORE]".into());
    };
    let kind = PartyKind::from_key(kind).ok_or_else(|| format!("`{kind}` is no kind of party"))?;
    let times: usize = times.parse()?;
    let thresholds = Thresholds::default();
    let min_score = min_score.first().map_or(Ok(thresholds.possible), |text| text.parse())?;
    let countries = CountryNames::shipped();
    let file = ListFile { name: list.clone(), bytes: fs::read(list)? };
    let (lists, mistakes) = watchlist::read(vec![file], &|text| countries.resolve(text).code());
    if mistakes.has_errors() {
        return Err(format!("{list} can't be read").into());
    }
    let matcher = Matcher::new(&lists, Lexicon::shipped(), thresholds);
    let query = PartyQuery {
        name,
        kind,
        kinds: KindFilter::for_kind(kind),
        countries: &[],
        address: None,
        identifiers: &[],
    };
    let mut met = 0;
    for _ in 0..times {
        met = black_box(matcher.rank(black_box(&query), min_score, TOP)).len();
    }
    println!("{met}");
    Ok(())
}
