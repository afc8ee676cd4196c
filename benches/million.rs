//! A million generated shipments against the whole bundled list.
//!
//! `cargo bench --bench million [-- ROWS]` generates a file with four parties a
//! row and 200,000 distinct names in realistic repetition, then prints rows a
//! second, peak memory, and the ratio of screening it to merely reading it with
//! the csv crate, all in one run; checks that one and two threads write the same
//! bytes; and tells what the record of the run costs: time added, size, and the
//! times to verify it and to make the run again.

mod common;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use common::{COUNTRY, Dice, FORM, GOODS, run};

const FIRST: [&str; 40] = [
    "Alder", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Granite", "Harbour", "Iris", "Juniper", "Kestrel",
    "Lumen", "Maple", "Nordic", "Orchid", "Prairie", "Quartz", "River", "Summit", "Timber", "Umbra",
    "Vertex", "Willow", "Xenon", "Yarrow", "Zephyr", "Amber", "Beacon", "Cobalt", "Dune", "Echo", "Falcon",
    "Garnet", "Heron", "Indigo", "Jasper", "Kelvin", "Lotus", "Mistral", "Nimbus",
];
const SECOND: [&str; 40] = [
    "field", "gate", "mark", "stone", "wood", "bridge", "crest", "dale", "ford", "grove", "haven", "land",
    "mere", "ness", "point", "ridge", "side", "ton", "vale", "wick", "bury", "combe", "den", "edge", "fell",
    "garth", "holm", "ing", "keld", "leigh", "mouth", "nock", "over", "port", "quay", "rick", "stead",
    "thorpe", "well", "worth",
];
const LINE: [&str; 25] = [
    "Tools",
    "Pumps",
    "Optics",
    "Foods",
    "Textiles",
    "Valves",
    "Motors",
    "Paper",
    "Glass",
    "Seeds",
    "Plastics",
    "Furniture",
    "Instruments",
    "Bearings",
    "Ceramics",
    "Logistics",
    "Trading",
    "Electronics",
    "Medical",
    "Marine",
    "Chemicals",
    "Packaging",
    "Lighting",
    "Toys",
    "Cables",
];

fn name(number: usize) -> String {
    let (a, rest) = (number % 40, number / 40);
    let (b, rest) = (rest % 40, rest / 40);
    let (c, rest) = (rest % 25, rest / 25);
    let house = if rest < 8 { String::new() } else { format!(" {}", rest / 8) };
    format!("{}{} {}{house} {}", FIRST[a], SECOND[b], LINE[c], FORM[rest % 8])
}

fn generate(path: &Path, rows: usize) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let mut dice = Dice(42);
    writeln!(
        out,
        "Reference,Exporter,Exporter Country,Consignee,Consignee Country,End User,End User Country,Forwarder,\
         Description,HS Code,ECCN,Quantity,Net Weight (kg),Value,Currency,Destination,Ship Date"
    )?;
    for row in 0..rows {
        let (goods, hs) = GOODS[dice.below(GOODS.len())];
        // A customer stays in its country.
        let (customer, user) = (dice.skewed(200_000), dice.skewed(200_000));
        let country = COUNTRY[customer % COUNTRY.len()];
        let user_country = COUNTRY[user % COUNTRY.len()];
        // One consignee in two thousand is a listed one, misspelt.
        let consignee = if dice.below(2000) == 0 { "JATRONIKS SDN BHD".to_owned() } else { name(customer) };
        writeln!(
            out,
            "R{row},\"{}\",DE,\"{consignee}\",{country},\"{}\",{user_country},\"{}\",\"{goods}\",{hs},EAR99,{},{}.5,{}.00,EUR,{country},2026-{:02}-{:02}",
            name(dice.below(200)),
            name(user),
            name(dice.below(500)),
            dice.below(900) + 1,
            dice.below(4000) + 1,
            dice.below(90_000) + 100,
            dice.below(6) + 1,
            dice.below(28) + 1,
        )?;
    }
    out.flush()
}

fn screen(
    input: &Path,
    output: &Path,
    threads: usize,
    more: &[&str],
) -> Result<(Duration, u64), Box<dyn Error>> {
    let (threads, output) = (threads.to_string(), format!("jsonl={}", output.display()));
    let input = input.display().to_string();
    let mut args =
        vec!["screen", "--as-of", "2026-11-24", "--threads", &threads, "--output", &output, &input];
    args.extend(more);
    run(&args, &[])
}

fn main() -> Result<(), Box<dyn Error>> {
    let rows: usize = std::env::args().filter_map(|arg| arg.parse().ok()).next_back().unwrap_or(1_000_000);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let input = folder.join(format!("shipments-{rows}.csv"));
    generate(&input, rows)?;
    let megabytes = std::fs::metadata(&input)?.len() / 1_000_000;
    println!("{rows} shipments, {megabytes} MB, four parties each");
    let start = Instant::now();
    let mut reader = csv::Reader::from_path(&input)?;
    let mut record = csv::ByteRecord::new();
    let mut cells = 0;
    while reader.read_byte_record(&mut record)? {
        cells += record.len();
    }
    let reading = start.elapsed();
    println!("reading with the csv crate: {reading:.2?} ({cells} cells)");
    let mut outputs = Vec::new();
    for threads in [1, 2] {
        let output = folder.join(format!("screened-{threads}.jsonl"));
        let (time, peak) = screen(&input, &output, threads, &[])?;
        println!(
            "screening with {threads} thread(s): {time:.2?}, {:.0} rows a second, {:.0} times the reading, peak {peak} MiB",
            f64::from(u32::try_from(rows)?) / time.as_secs_f64(),
            time.as_secs_f64() / reading.as_secs_f64(),
        );
        outputs.push(std::fs::read(&output)?);
    }
    println!("same bytes with 1 and 2 threads: {}", outputs[0] == outputs[1]);
    drop(outputs);
    cost_of_a_record(&input, &folder)
}

/// The run with and without a record, twice each in turn.
fn cost_of_a_record(input: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let (runs, output) = (folder.join("million-runs"), folder.join("recorded.jsonl"));
    let place = runs.display().to_string();
    let (mut without, mut with) = (Duration::MAX, Duration::MAX);
    for _ in 0..2 {
        if runs.exists() {
            std::fs::remove_dir_all(&runs)?;
        }
        without = without.min(screen(input, &output, 2, &["--no-record"])?.0);
        with = with.min(screen(input, &output, 2, &["--runs", &place])?.0);
    }
    let added = (with.as_secs_f64() / without.as_secs_f64() - 1.0) * 100.0;
    println!("with a record: {with:.2?}, without {without:.2?}: {added:.1} % added");
    println!("the record: {:.1} MB", f64::from(u32::try_from(size(&runs)? / 100_000)?) / 10.0);
    println!("audit verify: {:.2?}", run(&["audit", "verify", "--runs", &place], &[])?.0);
    println!("audit replay: {:.2?}", run(&["audit", "replay", "last", "--runs", &place], &[])?.0);
    Ok(())
}

fn size(folder: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        bytes += if about.is_dir() { size(&entry.path())? } else { about.len() };
    }
    Ok(bytes)
}
