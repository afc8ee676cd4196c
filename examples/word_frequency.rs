//! Prints `rules/names/frequency.toml`: how many listed parties carry a word,
//! counted over the lists that come with the program.

use std::collections::BTreeMap;

fn main() {
    let (lists, _) = redflag::watchlist::shipped();
    let mut counts = BTreeMap::new();
    let parties =
        || lists.iter().filter(|list| list.info.id.starts_with("us-")).flat_map(|list| &list.parties);
    for party in parties() {
        redflag::name::count_words(party.names.iter().map(|name| &*name.text), &mut counts);
    }
    // Bands that widen: within one the weight of a word differs by under 0.03.
    let mut bands: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (word, &count) in counts.iter().filter(|(_, count)| **count > 2) {
        let step = (10u32.pow(count.ilog10()) / 10).max(1);
        bands.entry(count / step * step).or_default().push(word);
    }
    println!("# How many parties of the lists carry a word in their names (at least so");
    println!("# many). Words that are not here are carried by two at most.");
    println!("# Made by: cargo run --release --example word_frequency");
    println!();
    println!("pack.id = \"names-frequency\"");
    println!("pack.title = \"Words by the number of listed parties that carry them\"");
    println!("pack.source = \"US Consolidated Screening List, {} entries\"", parties().count());
    println!("pack.date = 2026-07-31");
    for (count, words) in bands.iter().rev() {
        println!("\n[[band]]\nparties = {count}\nwords = \"\"\"");
        let mut line = String::new();
        for word in words {
            if line.len() + word.len() > 108 {
                println!("{}", line.trim_end());
                line.clear();
            }
            line.push_str(word);
            line.push(' ');
        }
        println!("{}\n\"\"\"", line.trim_end());
    }
}
