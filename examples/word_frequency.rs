//! Prints `rules/names/frequency.toml`: how many listed parties carry a word.
//! Reads one party a line from standard input, its names separated by tabs.

use std::collections::BTreeMap;
use std::io::Read;

fn main() -> std::io::Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let mut counts = BTreeMap::new();
    for line in text.lines() {
        redflag::name::count_words(line.split('\t'), &mut counts);
    }
    let mut bands: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (word, &count) in counts.iter().filter(|(_, count)| **count > 2) {
        // Bands that widen: within one the weight differs by under 0.03.
        let band = if count < 12 {
            count
        } else {
            10u32.pow(count.ilog10()) / 10 * (count / (10u32.pow(count.ilog10()) / 10))
        };
        bands.entry(band).or_default().push(word);
    }
    println!("# How many parties of the lists carry a word in their names (at least so");
    println!("# many). Words that are not here are carried by two at most.");
    println!("# Made by: cargo run --release --example word_frequency");
    println!();
    println!("pack.id = \"names-frequency\"");
    println!("pack.title = \"Words by the number of listed parties that carry them\"");
    println!("pack.source = \"US Consolidated Screening List, 25,921 entries\"");
    println!("pack.date = 2026-07-31");
    for (count, words) in bands.iter().rev() {
        println!("\n[[band]]\nparties = {count}\nwords = \"\"\"");
        let mut line = String::new();
        for word in words {
            if line.len() + word.len() > 108 {
                println!("{line}");
                line.clear();
            }
            line.push_str(word);
            line.push(' ');
        }
        println!("{}\n\"\"\"", line.trim_end());
    }
    Ok(())
}
