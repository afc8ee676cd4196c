//! The history of a million and of ten million shipments: how long taking them
//! in takes, and a day's run after it.
//!
//! `cargo bench --bench history [-- ROWS …]` (default 1000000 and 10000000)
//! generates files of past shipments over three years, takes them into a
//! history store, then one more day of 5,000, and screens a day of 5,000 against
//! the store, also with a record that can be made again. It prints times, peak
//! memory and the size of the store, all in one run. Peak memory is known on
//! Linux only.

mod common;

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use common::{COUNTRY, Dice, FORM, GOODS, run};

const WORDS: [&str; 50] = [
    "Alder", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Granite", "Harbour", "Iris", "Juniper", "Kestrel",
    "Lumen", "Maple", "Nordic", "Orchid", "Prairie", "Quartz", "River", "Summit", "Timber", "Umbra",
    "Vertex", "Willow", "Xenon", "Yarrow", "Zephyr", "Amber", "Beacon", "Cobalt", "Dune", "Echo", "Falcon",
    "Garnet", "Heron", "Indigo", "Jasper", "Kelvin", "Lotus", "Mistral", "Nimbus", "Opal", "Pewter", "Raven",
    "Saffron", "Tundra", "Velvet", "Walnut", "Ivory", "Sable", "Coral",
];
/// Rows of a file; a history is many files.
const FILE: usize = 1_000_000;

fn name(number: usize) -> String {
    let (a, rest) = (number % 50, number / 50);
    let (b, rest) = (rest % 50, rest / 50);
    let (c, rest) = (rest % 50, rest / 50);
    let house = if rest < 8 { String::new() } else { format!(" {}", rest / 8) };
    format!("{}{} {}{house} {}", WORDS[a], WORDS[b].to_lowercase(), WORDS[c], FORM[rest % 8])
}

/// Writes rows; days from `first` on, as many as `days`.
fn generate(path: &Path, rows: usize, start: usize, first: i64, days: usize) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(File::create(path)?);
    let mut dice = Dice(start as u64 * 77 + 42);
    writeln!(
        out,
        "Reference,Exporter,Exporter Country,Consignee,Consignee Country,End User,End User Country,Forwarder,\
         Description,HS Code,Quantity,Net Weight (kg),Value,Currency,Departure,Destination,Ship Date"
    )?;
    let begin = jiff::civil::date(2021, 1, 1);
    for row in start..start + rows {
        let (goods, hs) = GOODS[dice.below(GOODS.len())];
        let (customer, user) = (dice.skewed(200_000), dice.skewed(200_000));
        let country = COUNTRY[customer % COUNTRY.len()];
        let user_country = COUNTRY[user % COUNTRY.len()];
        let day = begin.checked_add(jiff::Span::new().days(first + i64::try_from(dice.below(days))?))?;
        writeln!(
            out,
            "R{row},\"{}\",DE,\"{}\",{country},\"{}\",{user_country},\"{}\",\"{goods}\",{hs},{},{}.5,{}.{:02},EUR,DE,{country},{day}",
            name(dice.below(200)),
            name(customer),
            name(user),
            name(dice.below(500)),
            dice.below(900) + 1,
            dice.below(4000) + 1,
            dice.below(90_000) + 100,
            dice.below(100),
        )?;
    }
    out.flush()?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut sizes: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![1_000_000, 10_000_000];
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (day, next) = (folder.join("history-day.csv"), folder.join("history-next.csv"));
    generate(&day, 5000, 900_000_000, 1096, 1)?;
    generate(&next, 5000, 910_000_000, 1097, 1)?;
    let report = format!("jsonl={}", folder.join("history.jsonl").display());
    let screen = ["screen", "--as-of", "2024-01-04", "--output", &report];
    let (plain, memory) = run(&screen, std::slice::from_ref(&next))?;
    println!("a day of 5,000 without history: {plain:.2?}, peak {memory} MiB");
    for rows in sizes {
        let store = folder.join(format!("history-{rows}"));
        let _ = fs::remove_dir_all(&store);
        let name = store.display().to_string();
        let (mut taken, mut peak, mut bytes) = (Duration::ZERO, 0, 0);
        let mut from = 0;
        while from < rows {
            let count = FILE.min(rows - from);
            let file = folder.join("history-past.csv");
            generate(&file, count, from, 0, 1096)?;
            bytes += fs::metadata(&file)?.len();
            let (time, memory) =
                run(&["history", "add", "--history-store", &name], std::slice::from_ref(&file))?;
            taken += time;
            peak = peak.max(memory);
            fs::remove_file(&file)?;
            from += count;
        }
        let size: u64 =
            fs::read_dir(&store)?.filter_map(|entry| entry.ok()?.metadata().ok()).map(|m| m.len()).sum();
        println!(
            "{rows} past shipments, {} MB: taken in within {taken:.2?} ({:.0} rows a second), peak {peak} MiB; the store \
             holds {} MB",
            bytes / 1_000_000,
            f64::from(u32::try_from(rows)?) / taken.as_secs_f64(),
            size / 1_000_000,
        );
        let (time, memory) = run(&["history", "add", "--history-store", &name], std::slice::from_ref(&day))?;
        println!("  a day of 5,000 more: {time:.2?}, peak {memory} MiB");
        let mut args = screen.to_vec();
        args.extend(["--history-store", &name]);
        let (time, memory) = run(&args, std::slice::from_ref(&next))?;
        println!("  screening a day of 5,000 against it: {time:.2?}, peak {memory} MiB");
        let runs = folder.join("history-runs");
        let _ = fs::remove_dir_all(&runs);
        let mut recorded = args.clone();
        let place = runs.display().to_string();
        recorded.extend(["--runs", &place]);
        let (time, memory) = run(&recorded, std::slice::from_ref(&next))?;
        let largest = fs::read_dir(runs.join("objects"))?
            .filter_map(|entry| entry.ok()?.metadata().ok())
            .map(|about| about.len())
            .max();
        println!(
            "  the same with a record: {time:.2?}, peak {memory} MiB; its largest file, what the run saw of the past, \
             has {} MB",
            largest.unwrap_or(0) / 1_000_000
        );
        let (time, memory) = run(&["audit", "replay", "last", "--runs", &place], &[])?;
        println!("  that run made again: {time:.2?}, peak {memory} MiB");
        let (time, memory) = run(&["history", "compact", "--history-store", &name], &[])?;
        println!("  joining all segments: {time:.2?}, peak {memory} MiB");
        let (time, memory) = run(&args, std::slice::from_ref(&next))?;
        println!("  screening the day after that: {time:.2?}, peak {memory} MiB");
    }
    Ok(())
}
