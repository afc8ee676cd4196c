//! `norms learn` and `norms rank`: declarations → what is usual, and which of
//! them are odd.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use redflag::diagnostic::{Diagnostics, SourceFile, nearest};
use redflag::digest::sha256_hex;
use redflag::flow::norms::{Gain, Learned, Line, Parameters, Who};
use redflag::report;
use redflag::screening::Screener;

use crate::args::{LinesArgs, NormsArgs, NormsCommand};
use crate::failure::{Exit, Failure, say, show};
use crate::output::{Output, write_failure};
use crate::setup::{Project, read_text};
use crate::table;

pub fn norms(args: &NormsArgs) -> Result<Exit, Failure> {
    match &args.command {
        NormsCommand::Learn { lines, output } => learn(lines, output),
        NormsCommand::Rank { lines, norms, output } => rank(lines, norms, output),
    }
}

/// Adds the norms of the command line, or else those of the project.
pub fn add(screener: Screener, project: &Project, path: Option<&Path>) -> Result<Screener, Failure> {
    match self::path(project, path) {
        None => Ok(screener),
        Some(path) => Ok(screener.with_norms(load(&path, "screened")?.norms)),
    }
}

/// The file of norms that is named, or else that of the configuration.
pub fn path(project: &Project, named: Option<&Path>) -> Option<PathBuf> {
    let configured = || project.config.norms.as_ref().map(|path| project.folder.join(path));
    named.map(Path::to_owned).or_else(configured)
}

/// Reads norms; `undone` is what is not done without them.
fn load(path: &Path, undone: &str) -> Result<Learned, Failure> {
    let file = SourceFile::new(path.display().to_string(), read_text(path)?);
    let mut out = Diagnostics::default();
    let learned = Learned::from_toml(&file, &mut out);
    show(&out);
    learned.ok_or_else(|| Failure::new(format!("the norms can't be used; nothing was {undone}")))
}

fn learn(args: &LinesArgs, target: &Path) -> Result<Exit, Failure> {
    let read = Rows::read(args)?;
    let chosen: Vec<Line> = read.rows.into_iter().filter(|row| row.chosen).map(|row| row.line).collect();
    if chosen.is_empty() {
        return Err(Failure::new("no row was read to learn from"));
    }
    let learned = Learned::from_lines(&chosen, read.sources, Parameters::shipped());
    if learned.norms.is_empty() {
        return Err(Failure::new("no row has a tariff code with a value and a weight or quantity above 0"));
    }
    let output = Output::create(target).map_err(|error| write_failure(target, &error))?;
    output
        .clone()
        .write_all(learned.to_toml().as_bytes())
        .and_then(|()| output.finish())
        .map_err(|error| write_failure(target, &error))?;
    let about = &learned.about;
    let weights = match (&learned.weights, about.labelled) {
        (Some(_), labelled) => format!("; weights of the signals fitted on {labelled} labelled ones"),
        (None, 0) => String::new(),
        (None, labelled) => format!("; {labelled} labelled ones are too few to fit weights on"),
    };
    say(&format!("norms learned from {} lines{weights}", about.lines));
    Ok(Exit::Done)
}

fn rank(args: &LinesArgs, norms: &Path, target: &Path) -> Result<Exit, Failure> {
    let learned = load(norms, "ranked")?;
    let read = Rows::read(args)?;
    let (chosen, lines): (Vec<bool>, Vec<Line>) =
        read.rows.into_iter().map(|row| (row.chosen, row.line)).unzip();
    if lines.iter().all(|line| line.day.is_none()) {
        say("no row has a day: nothing counts as seen before");
    }
    let mut ranked = learned.rank(&lines, Parameters::shipped());
    ranked.retain(|scored| chosen.get(scored.line).copied().unwrap_or(false));
    let mut header = vec!["rank", "id", "score", "distance", "outside", "reasons"];
    if args.label.is_some() {
        header.push("label");
    }
    let mut writer = table::Writer::create(target, &header)?;
    let (mut by_score, mut by_distance) = (Vec::new(), Vec::new());
    for (place, scored) in ranked.iter().enumerate() {
        let Some(line) = lines.get(scored.line) else { continue };
        let reasons: Vec<String> =
            scored.reasons.iter().map(|(name, part)| format!("{name} {part:+.2}")).collect();
        let mut cells = vec![
            (place + 1).to_string(),
            report::cell(&line.id),
            format!("{:.6}", scored.score),
            scored.distance.map(|distance| format!("{distance:.3}")).unwrap_or_default(),
            u8::from(scored.outside).to_string(),
            reasons.join("; "),
        ];
        if args.label.is_some() {
            cells.push(line.found.map(|found| u8::from(found).to_string()).unwrap_or_default());
        }
        writer.row(&cells.iter().map(String::as_str).collect::<Vec<_>>())?;
        if let Some(found) = line.found {
            by_score.push((scored.score, found));
            // What is not known is not odd.
            by_distance.push((scored.distance.map_or(0.0, f64::abs), found));
        }
    }
    writer.close()?;
    if !by_score.is_empty() {
        say(&gain_words("ranking", &Gain::of(&by_score)));
        say(&gain_words("unit value alone", &Gain::of(&by_distance)));
    }
    Ok(Exit::Done)
}

#[expect(clippy::cast_precision_loss, reason = "counts of lines")]
fn gain_words(what: &str, gain: &Gain) -> String {
    let share = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
    let tops: Vec<String> = gain
        .tops
        .iter()
        .map(|top| {
            format!(
                "top {} %: {:.1} % of the wrong ones, {:.1} % of those looked at",
                top.per_cent,
                share(top.wrong, gain.wrong),
                share(top.wrong, top.lines)
            )
        })
        .collect();
    format!(
        "{what}: {} labelled lines, {:.1} % wrong; {}; area {:.3}",
        gain.lines,
        share(gain.wrong, gain.lines),
        tops.join("; "),
        gain.area
    )
}

/// A row that was read, and whether `--only` takes it.
struct Row {
    line: Line,
    chosen: bool,
}

/// The rows of all files.
struct Rows {
    rows: Vec<Row>,
    /// Files with their hashes.
    sources: Vec<String>,
}

impl Rows {
    fn read(args: &LinesArgs) -> Result<Self, Failure> {
        let mut read = Self { rows: Vec::new(), sources: Vec::new() };
        for path in &args.files {
            read.file(path, args)?;
        }
        Ok(read)
    }

    fn file(&mut self, path: &Path, args: &LinesArgs) -> Result<(), Failure> {
        let text = read_text(path)?;
        let name = path.display();
        let hash = sha256_hex(text.as_bytes());
        self.sources.push(format!("{name} (SHA-256 {})", hash.get(..12).unwrap_or(&hash)));
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(Cursor::new(text.into_bytes()));
        let header = reader.headers().map_err(|error| Failure::new(format!("{name}: {error}")))?.clone();
        let columns = Columns::find(&header, path, args)?;
        let (mut misfits, mut odd) = (0u64, 0u64);
        for record in reader.records() {
            match record {
                Ok(record) if record.len() == header.len() => {
                    let line = record.position().map_or(0, csv::Position::line);
                    self.rows.push(columns.row(&record, line, args, &mut odd));
                }
                _ => misfits += 1,
            }
        }
        if misfits > 0 {
            say(&format!(
                "{name}: {misfits} rows with another number of cells than the header were left out"
            ));
        }
        if odd > 0 {
            say(&format!("{name}: {odd} cells were taken as empty: no number, no day or no label"));
        }
        Ok(())
    }
}

/// Where the columns stand.
struct Columns {
    id: Option<usize>,
    day: Option<usize>,
    hs: usize,
    kg: Option<usize>,
    quantity: Option<usize>,
    unit: Option<usize>,
    value: usize,
    currency: Option<usize>,
    /// The currency that the header of the value carries.
    of_value: String,
    who: [Option<usize>; Who::ALL.len()],
    label: Option<usize>,
    only: Option<(usize, String)>,
}

const WHO: [(Who, &[&str]); 7] = [
    (Who::Importer, &["importer_id", "importer", "consignee", "consignee_name", "buyer"]),
    (Who::Seller, &["seller_id", "seller", "exporter", "shipper", "vendor"]),
    (Who::Declarant, &["declarant_id", "declarant", "broker", "agent"]),
    (Who::Office, &["office_id", "office", "customs_office"]),
    (Who::Origin, &["country_origin", "origin", "country_of_origin", "origin_country"]),
    (Who::Departure, &["country_departure", "departure", "departure_country", "country_of_departure"]),
    (Who::Duty, &["tax_type", "duty_type", "preference", "preference_code"]),
];

impl Columns {
    fn find(header: &csv::StringRecord, path: &Path, args: &LinesArgs) -> Result<Self, Failure> {
        let plain =
            |text: &str| text.trim_start_matches('\u{feff}').trim().to_lowercase().replace([' ', '-'], "_");
        let names: Vec<String> = header.iter().map(plain).collect();
        let find = |like: &[&str]| like.iter().find_map(|like| names.iter().position(|name| name == like));
        let missing = |what: &str, like: &[&str]| {
            Failure::new(format!(
                "{}: line 1: no column for {what}; one of these headers is needed: {}",
                path.display(),
                like.join(", ")
            ))
        };
        let hs = ["hs", "hs6", "hs_code", "hscode", "hts", "cn8", "tariff_code", "commodity_code"];
        let value = ["value", "item_price", "customs_value", "invoice_value", "amount", "price"];
        let value_at = names.iter().enumerate().find_map(|(at, name)| {
            let (stem, code) =
                name.rsplit_once('_').filter(|(_, code)| code.len() == 3).unwrap_or((name, ""));
            if value.contains(&name.as_str()) {
                return Some((at, String::new()));
            }
            value.contains(&stem).then(|| (at, code.to_uppercase()))
        });
        let (value_at, of_value) = value_at.ok_or_else(|| missing("the value", &value))?;
        let column = |name: &str| {
            names.iter().position(|other| *other == plain(name)).ok_or_else(|| {
                let near = nearest(&plain(name), names.iter().map(String::as_str));
                let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                Failure::new(format!("{}: line 1: no column `{name}`{hint}", path.display()))
            })
        };
        let only = match &args.only {
            None => None,
            Some(text) => {
                let (key, value) = text
                    .split_once('=')
                    .ok_or_else(|| Failure::new(format!("--only {text}: write COLUMN=VALUE")))?;
                Some((column(key)?, value.to_owned()))
            }
        };
        Ok(Self {
            id: find(&["id", "declaration_id", "reference", "ref"]),
            day: find(&["date", "day", "declaration_date", "shipped", "ship_date", "posting_date"]),
            hs: find(&hs).ok_or_else(|| missing("the tariff code", &hs))?,
            kg: find(&[
                "net_mass_kg",
                "net_weight_kg",
                "net_weight",
                "net_mass",
                "weight_kg",
                "weight",
                "kg",
            ]),
            quantity: find(&["quantity", "qty", "pieces"]),
            unit: find(&["unit", "uom", "quantity_unit"]),
            value: value_at,
            currency: find(&["currency", "ccy"]),
            of_value,
            who: std::array::from_fn(|place| find(WHO[place].1)),
            label: args.label.as_deref().map(column).transpose()?,
            only,
        })
    }

    fn row(&self, record: &csv::StringRecord, number: u64, args: &LinesArgs, odd: &mut u64) -> Row {
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default().trim();
        let mut read = |text: &str| -> Option<f64> {
            let figure = text.parse().ok().filter(|figure: &f64| figure.is_finite() && *figure >= 0.0);
            *odd += u64::from(figure.is_none() && !text.is_empty());
            figure
        };
        let (kg, value) = (read(cell(self.kg)), read(cell(Some(self.value))));
        let quantity = read(cell(self.quantity)).map(|amount| (amount, cell(self.unit).to_lowercase()));
        let day = cell(self.day).get(..10).unwrap_or(cell(self.day));
        let found = match cell(self.label).to_lowercase().as_str() {
            "1" | "yes" | "true" | "y" => Some(true),
            "0" | "no" | "false" | "n" => Some(false),
            other => {
                *odd += u64::from(!other.is_empty());
                None
            }
        };
        let read_day: Option<Date> = day.parse().ok();
        *odd += u64::from(read_day.is_none() && !day.is_empty());
        let currency = match cell(self.currency) {
            "" if self.of_value.is_empty() => args.currency.clone().unwrap_or_default(),
            "" => self.of_value.clone(),
            code => code.to_owned(),
        };
        let id = match cell(self.id) {
            "" => format!("line {number}"),
            id => id.to_owned(),
        };
        let chosen = self.only.as_ref().is_none_or(|(at, value)| cell(Some(*at)) == value);
        Row {
            line: Line {
                id,
                day: read_day,
                hs: cell(Some(self.hs)).chars().filter(char::is_ascii_digit).take(6).collect(),
                kg,
                quantity,
                value,
                currency: currency.to_uppercase(),
                who: std::array::from_fn(|place| cell(self.who[place]).to_owned()),
                found,
            },
            chosen,
        }
    }
}
