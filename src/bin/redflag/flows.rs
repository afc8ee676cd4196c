//! `flows`: trade statistics or shipments in, rises, falls and mirror images
//! out.
//!
//! Knows files and arguments; `redflag::flow::series` knows the measures.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use redflag::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};
use redflag::flow::series::{
    ColumnChoice, Cube, Dimension, Group, Measure, Month, Panel, Parameters, ReadOptions, Source, analyse,
    is_statistics, lanes, read_shipments, read_statistics, resampled,
};
use redflag::goods::Categories;
use redflag::input::{ColumnMap, ShipmentReader, TableReader};
use redflag::place::CountryNames;
use redflag::report::flows::{About, Format, write};
use sha2::{Digest, Sha256};

use crate::args::SetupArgs;
use crate::failure::{Exit, Failure, say, show};
use crate::output::{Formats, is_dash, write_failure};
use crate::setup;

#[derive(Args, Debug)]
pub struct FlowsArgs {
    /// Monthly trade statistics or shipment files, as CSV, also compressed with gzip; - reads standard
    /// input. Several files are one body of figures
    #[arg(required = true, value_name = "FILE")]
    pub inputs: Vec<PathBuf>,
    /// The month the findings are made for: nothing after it is looked at [default: the last]
    #[arg(long, value_name = "YYYY-MM")]
    pub as_of: Option<Month>,
    /// What series are told apart by: reporter, partner, via, code
    #[arg(long, value_name = "DIMENSIONS", value_delimiter = ',', default_value = "partner,code", value_parser = parse_dimension)]
    pub by: Vec<Dimension>,
    /// What is counted: value, quantity, weight or count
    #[arg(long, value_name = "MEASURE", default_value = "value", value_parser = parse_measure)]
    pub measure: Measure,
    /// A column of statistics that is not recognised: month=Period; repeatable
    #[arg(long = "column", value_name = "FIELD=HEADER")]
    pub columns: Vec<String>,
    /// Only rows of statistics with these values: partner=KG,KZ; repeatable
    #[arg(long = "keep", value_name = "FIELD=VALUES")]
    pub keep: Vec<String>,
    /// Digits to which codes are cut
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = parse_digits)]
    pub digits: usize,
    /// Where to write: PATH, or FORMAT=PATH with text, jsonl, csv, csv-series or html; - is standard
    /// output; repeatable, or separated by commas [default: text=-]
    #[arg(long = "output", short = 'o', value_name = "[FORMAT=]PATH", value_delimiter = ',')]
    pub outputs: Vec<String>,
    /// Findings shown in full on text and page
    #[arg(long, value_name = "N", default_value_t = 24)]
    pub top: usize,
    /// Measure false alarms on these figures: the months up to this one count as calm
    #[arg(long, value_name = "YYYY-MM")]
    pub calm_until: Option<Month>,
    /// Times the calm months are put together anew
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rounds: u32,
    /// Parameters of the detectors instead of the shipped ones (rules/flow/series.toml)
    #[arg(long, value_name = "FILE")]
    pub parameters: Option<PathBuf>,
    /// Configuration file, for the columns of shipment files [default: redflag.toml here or above]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

fn parse_dimension(text: &str) -> Result<Dimension, String> {
    Dimension::from_key(text.trim()).ok_or_else(|| format!("write one of {}", Dimension::WORDS.join(", ")))
}

fn parse_measure(text: &str) -> Result<Measure, String> {
    Measure::from_key(text).ok_or_else(|| "write value, quantity, weight or count".to_owned())
}

fn parse_digits(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|digits| (2..=14).contains(digits)).ok_or_else(|| "from 2 to 14".to_owned())
}

/// The seed of the false-alarm measure; fixed, so that a run can be repeated.
const SEED: u64 = 20_220_224;

pub fn flows(args: &FlowsArgs) -> Result<Exit, Failure> {
    let parameters = parameters(args.parameters.as_deref())?;
    let options = ReadOptions {
        columns: ColumnChoice::parse(&args.columns)
            .map_err(|words| Failure::new(format!("--column {words}")))?,
        digits: args.digits,
        ..ReadOptions::default()
    };
    let options = options.keep(&args.keep).map_err(|words| Failure::new(format!("--keep {words}")))?;
    let setup = SetupArgs { config: args.config.clone(), ..SetupArgs::default() };
    let project = setup::project(&setup)?;
    let columns = ColumnMap::user(&project.config.columns, project.config.date_order)
        .map_err(|error| Failure::new(format!("[columns]: {error}")))?;
    let outputs = formats().open(&args.outputs)?;
    let mut cube = Cube::default();
    let mut files = Vec::new();
    for path in &args.inputs {
        let input = Input::open(path)?;
        read(&input, &options, &columns, &mut cube)?;
        files.push((input.name, input.sha256));
    }
    if cube.rows == 0 {
        return Err(Failure::new("no row could be used; nothing was looked at"));
    }
    let mut by = args.by.clone();
    by.sort_unstable();
    by.dedup();
    let groups = watched()?;
    let panel = Panel::new(&cube, &by, args.measure, args.as_of);
    let analysis = analyse(&panel, &groups, &parameters);
    let calm = match args.calm_until {
        None => None,
        Some(until) => Some(
            resampled(&panel, &groups, &parameters, until, args.rounds, SEED)
                .ok_or_else(|| Failure::new("--calm-until: at least 18 calm months are needed"))?,
        ),
    };
    let lane_panel = Panel::new(&cube, &[Dimension::Reporter, Dimension::Partner], args.measure, args.as_of);
    let any_watched = panel.lines.iter().any(|line| groups.iter().any(|group| group.holds(&line.key.code)));
    let countries = CountryNames::shipped().all().map(|(code, name)| (code.to_string(), name.to_owned()));
    let mut notes = std::mem::take(&mut cube.notes);
    notes.extend(gaps(&cube));
    let about = About {
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        files,
        measure: args.measure,
        currency: cube.currency.clone(),
        by: by.iter().map(|dimension| dimension.key()).collect(),
        rows: cube.rows,
        span: cube.span(),
        as_of: args.as_of,
        faults: std::mem::take(&mut cube.faults),
        more_faults: cube.more_faults,
        notes,
        calm,
        countries: countries.collect(),
        lanes: lanes(&lane_panel, &groups),
        lanes_of: match groups.first() {
            Some(group) if any_watched => group.title.clone(),
            _ => "all goods".to_owned(),
        },
        top: args.top,
    };
    for (format, output) in &outputs {
        write(*format, &about, &analysis, &mut output.clone())
            .and_then(|()| output.finish())
            .map_err(|error| write_failure(output.path(), &error))?;
    }
    for (_, output) in outputs.iter().filter(|(_, output)| !is_dash(output.path())) {
        say(&format!("flows: {}", output.path().display()));
    }
    Ok(if about.faults.is_empty() { Exit::Done } else { Exit::Unscreened })
}

fn parameters(path: Option<&Path>) -> Result<Parameters, Failure> {
    let Some(path) = path else { return Ok(Parameters::shipped()) };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    let mut out = Diagnostics::default();
    let parameters = Parameters::load(&SourceFile::new(path.display().to_string(), text), &mut out);
    show(&out);
    if out.has_errors() {
        return Err(Failure::new("the parameters can't be used; nothing was looked at"));
    }
    Ok(parameters)
}

/// The goods that are watched: the Common High Priority List.
fn watched() -> Result<Vec<Group>, Failure> {
    let mut out = Diagnostics::default();
    let mut categories = Categories::default();
    for file in redflag::rule::shipped_files().iter().filter(|file| &*file.name == "rules/goods/chpl.toml") {
        let document = parse_toml(file, &mut out);
        let mut table = Table::document(file, &document);
        table.pack(&mut out);
        categories.read(&mut table, &mut out);
    }
    let prefixes: Vec<String> =
        categories.iter().flat_map(|category| &category.hs).map(|entry| entry.prefix.clone()).collect();
    if out.has_errors() || prefixes.is_empty() {
        return Err(Failure::new("the list of priority goods can't be read"));
    }
    Ok(vec![Group { title: "Common high priority goods".to_owned(), prefixes }])
}

/// Reporters that are silent for a month, in a sentence.
fn gaps(cube: &Cube) -> Option<String> {
    let gaps = cube.gaps();
    let (reporter, month) = gaps.first()?;
    let name = if reporter.is_empty() { "the reporter" } else { reporter };
    Some(format!(
        "{} in which a reporter states nothing, such as {name} in {month}: they are taken for zero, and may be late figures.",
        if gaps.len() == 1 { "1 month".to_owned() } else { format!("{} months", gaps.len()) }
    ))
}

/// A file that can be opened more than once, or what standard input held.
struct Input {
    /// For people.
    name: String,
    path: PathBuf,
    held: Option<Vec<u8>>,
    sha256: String,
}

impl Input {
    fn open(path: &Path) -> Result<Self, Failure> {
        let name = if is_dash(path) { "standard input".to_owned() } else { path.display().to_string() };
        let failure = |error: &io::Error| Failure::new(format!("{name}: {error}"));
        let mut hash = Sha256::new();
        let held = if is_dash(path) {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes).map_err(|error| failure(&error))?;
            hash.update(&bytes);
            Some(bytes)
        } else {
            let mut file = File::open(path).map_err(|error| failure(&error))?;
            let mut chunk = vec![0; 1 << 16];
            loop {
                let read = file.read(&mut chunk).map_err(|error| failure(&error))?;
                if read == 0 {
                    break;
                }
                hash.update(chunk.get(..read).unwrap_or_default());
            }
            None
        };
        let sha256 = hash.finalize().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        Ok(Self { name, path: path.to_owned(), held, sha256 })
    }

    /// Its bytes, unpacked.
    fn source(&self) -> Result<Source, Failure> {
        let failure = |error: io::Error| Failure::new(format!("{}: {error}", self.name));
        let mut head = [0; 2];
        let packed = |head: &[u8]| head == [0x1f, 0x8b];
        if let Some(bytes) = &self.held {
            let source = Cursor::new(bytes.clone());
            let packed = bytes.get(..2).is_some_and(packed);
            return Ok(if packed {
                Box::new(flate2::read::MultiGzDecoder::new(source))
            } else {
                Box::new(source)
            });
        }
        let open = || File::open(&self.path).map_err(failure);
        let read = open()?.read(&mut head).map_err(failure)?;
        let source = BufReader::with_capacity(1 << 16, open()?);
        let packed = read == 2 && packed(&head);
        Ok(if packed { Box::new(flate2::read::MultiGzDecoder::new(source)) } else { Box::new(source) })
    }
}

fn read(input: &Input, options: &ReadOptions, columns: &ColumnMap, cube: &mut Cube) -> Result<(), Failure> {
    let failure = |words: &dyn std::fmt::Display| Failure::new(format!("{}: {words}", input.name));
    let table = TableReader::open(input.source()?).map_err(|error| failure(&error))?;
    if is_statistics(table.header(), options) {
        return read_statistics(table, &input.name, options, cube).map_err(|words| failure(&words));
    }
    drop(table);
    let reader = ShipmentReader::open(input.source()?, &input.name, columns, CountryNames::shipped())
        .map_err(|error| failure(&error))?;
    say(&format!("{}: read as shipments\n{}", input.name, reader.mapping()));
    read_shipments(reader, &input.name, options, cube);
    Ok(())
}

/// The formats that `--output` takes here.
fn formats() -> Formats<Format> {
    Formats {
        plain: Format::Text,
        from_key: Format::from_key,
        from_file_name: Format::from_file_name,
        words: &Format::WORDS,
        endings: ".html, .jsonl, .csv or .txt",
    }
}
