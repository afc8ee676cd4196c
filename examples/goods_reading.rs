//! How long it takes to read descriptions of goods, and what they name.
//!
//!     cargo run --release --example goods_reading -- FILE.csv [show]
//!
//! The file has a header; the first column is the description.

#![allow(clippy::unwrap_used, reason = "an example may stop")]

use std::time::Instant;

use redflag::goods::{Products, quantity::read_numbers};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap();
    let show = arguments.next().is_some();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
    let lines: Vec<String> =
        reader.records().map(|record| record.unwrap().get(0).unwrap_or_default().to_owned()).collect();
    let start = Instant::now();
    let products = Products::shipped();
    println!("{} products read in {:.1?}", products.iter().count(), start.elapsed());
    let _ = products.assess("a first line with 5 mm, so that all tables are read");
    let letters: usize = lines.iter().map(|line| line.chars().count()).sum();
    let timed = |what: &str, run: &mut dyn FnMut(&str) -> usize| {
        let start = Instant::now();
        let found: usize = lines.iter().map(|line| run(line)).sum();
        let each = start.elapsed().as_nanos() / lines.len().max(1) as u128;
        println!("{what}: {each} ns a line, {found} found");
    };
    println!("{} lines, {} letters on average", lines.len(), letters / lines.len().max(1));
    timed("assess", &mut |line| products.assess(line).len());
    timed("numbers", &mut |line| read_numbers(line).len());
    let long = "analog to digital converter 14 bit 1.25 GSPS, -40 to 85 C, ic";
    let start = Instant::now();
    for _ in 0..10_000 {
        std::hint::black_box(products.assess(std::hint::black_box(long)));
    }
    println!("`{long}`: {:.2} µs", start.elapsed().as_secs_f64() * 100.0);
    if show {
        for line in &lines {
            for found in products.assess(line) {
                println!("{line}\t{}\t{}", found.product, found.by);
            }
        }
    }
}
