//! `goods`: what a line of goods is, whether it is controlled, whether its
//! codes fit, and whether it needs a licence there.

use std::fmt::Write as _;
use std::path::Path;

use csv::StringRecord;
use jiff::civil::Date;
use rayon::prelude::*;
use redflag::advice::{Advice, Context, Line};
use redflag::goods::{Assessment, Outcome};
use redflag::trade::{Address, At, CountryCode, Party, PartyKind, PartyRole};

use crate::args::GoodsArgs;
use crate::failure::{Exit, Failure, say};
use crate::print;
use crate::setup::{self, Project};
use crate::table::{self, Columns};

/// Lines read at a time.
const BATCH: usize = 4096;

/// The columns of a line, and other headers that mean them.
const COLUMNS: [(&str, &[&str]); 5] = [
    ("id", &["id", "line_id", "case_id", "line", "reference"]),
    ("description", &["description", "text", "goods", "goods_description", "name"]),
    ("hs", &["hs", "hs6", "hs_code", "hscode", "tariff", "hts"]),
    ("control_code", &["eccn", "control_code", "code"]),
    ("to", &["to", "destination", "dest", "destination_country", "country"]),
];

pub fn goods(args: &GoodsArgs) -> Result<Exit, Failure> {
    let project = setup::project(&args.setup)?;
    let date = args.as_of.unwrap_or_else(setup::today);
    let context = context(args, &project, date)?;
    let bound_by = project.config.profile.bound_by;
    match (&args.text, &args.file) {
        (_, Some(file)) => bulk(file, args, date, &bound_by, &context),
        (Some(text), None) => {
            let line = Line {
                description: text,
                part_number: "",
                hs: args.hs.as_deref().unwrap_or_default(),
                control_code: args.eccn.as_deref().unwrap_or_default(),
                destination: args.to,
                date,
                bound_by: &bound_by,
                context: &context,
            };
            print(explain(&line, &Advice::read(&line)).as_bytes())
        }
        (None, None) => Err(Failure::new("give a description, or --file with lines of them")),
    }
}

/// What the arguments say of the shipment beyond the line.
fn context(args: &GoodsArgs, project: &Project, date: Date) -> Result<Context, Failure> {
    let mut listed = Vec::new();
    if !args.parties.is_empty() {
        let (screener, _) = setup::screener(&args.setup, project, date)?;
        for name in &args.parties {
            let matched = screener.match_party(&Party {
                role: PartyRole::EndUser,
                kind: PartyKind::Unknown,
                name: name.as_str().into(),
                address: Address::default(),
                identifiers: Vec::new(),
                founded: None,
                at: At { line: 1, column: "--party".into() },
            });
            let hits: Vec<_> = matched.hits.iter().map(|hit| (0, hit.clone())).collect();
            let entries = screener.listed_entries(&hits);
            if entries.is_empty() {
                say(&format!("--party {}: no strong hit on a list of the US or the EU", visible(name)));
            }
            listed.extend(entries);
        }
    }
    Ok(Context {
        regions: args.regions.clone(),
        listed,
        uses: args.uses.clone(),
        value_usd: args.value_usd,
        us_content_percent: args.us_content,
    })
}

/// The columns of the answer.
const HEADER: [&str; 11] =
    ["id", "flagged", "codes", "hs_mismatch", "goods", "ask", "lower", "hs_state", "notes", "licence", "why"];

/// One line, explained.
fn explain(line: &Line<'_>, advice: &Advice) -> String {
    let mut text = format!("Text  {}\n", visible(line.description));
    if advice.goods.is_empty() {
        text.push_str(
            "\nNo goods that redflag knows limits for are named. That is no proof that none are meant.\n",
        );
    }
    for goods in &advice.goods {
        explain_goods(goods, &mut text);
    }
    if let Some(check) = &advice.tariff {
        let _ = writeln!(text, "\nTariff code {}\n  {}", visible(line.hs), check.code.words());
        if let Some(contradiction) = &check.contradiction {
            let _ = writeln!(text, "  DOES NOT FIT: {}", contradiction.words);
        }
    }
    if let Some(check) = &advice.code
        && advice.licences.is_empty()
    {
        let _ = write!(text, "\nControl code\n{check}");
    }
    for (code, determination) in &advice.licences {
        let to = line.destination.map_or_else(String::new, |c| c.to_string());
        let code = if code.is_empty() { "goods without a code" } else { code };
        let _ = write!(text, "\nLicence for {code} to {to}\n{determination}");
    }
    text.push_str("\nSuggestions to check, not a classification, and no legal advice.\n");
    text
}

fn explain_goods(goods: &Assessment, text: &mut String) {
    let _ = writeln!(text, "\n{}  ({})", goods.title, goods.by);
    let shown = |outcome: Outcome| goods.suggestions.iter().filter(move |one| one.outcome == outcome);
    for one in shown(Outcome::Met) {
        let eu = if one.eu.is_empty() { String::new() } else { format!(", EU {}", one.eu) };
        let _ = writeln!(text, "  CHECK {}{eu}: {}", one.code, one.title);
        for reason in &one.reasons {
            let _ = writeln!(text, "    {reason}");
        }
        let certainty =
            if one.certainty.is_empty() { String::new() } else { format!(" ({})", one.certainty) };
        let _ = writeln!(text, "    [{}{certainty}]", one.cite);
        if !one.note.is_empty() {
            let _ = writeln!(text, "    also: {}", one.note);
        }
    }
    let asked = once(shown(Outcome::NotStated).flat_map(|one| &one.ask));
    if !asked.is_empty() {
        let codes = once(shown(Outcome::NotStated).map(|one| &one.code));
        let _ = writeln!(text, "  ask for: {}  (decides on {})", asked.join(", "), few(&codes));
    }
    for one in shown(Outcome::RuledOut).take(6) {
        let _ = writeln!(text, "  not {}: {}", one.code, one.reasons.join("; "));
    }
    if let Some(lower) = &goods.lower {
        let _ = writeln!(text, "  the figures reach none of these; next below: {lower}");
    }
}

/// Each text once, in the order of the first.
fn once<'t>(texts: impl Iterator<Item = &'t String>) -> Vec<&'t str> {
    let mut once: Vec<&str> = Vec::new();
    for text in texts {
        if !once.contains(&text.as_str()) {
            once.push(text);
        }
    }
    once
}

fn few(codes: &[&str]) -> String {
    let shown: Vec<&str> = codes.iter().take(5).copied().collect();
    let more = codes.len().saturating_sub(shown.len());
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// Control characters of a file never reach the terminal.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// One row of a file of lines.
struct Row {
    id: String,
    description: String,
    hs: String,
    control_code: String,
    destination: Option<CountryCode>,
}

fn bulk(
    file: &Path,
    args: &GoodsArgs,
    date: Date,
    bound_by: &[String],
    context: &Context,
) -> Result<Exit, Failure> {
    let mut reader = table::open(file)?;
    let columns = Columns::like(&mut reader, file, &COLUMNS, &["id", "description"])?;
    let mut writer = table::Writer::create(&args.output, &HEADER)?;
    let pool = setup::pool(args.threads)?;
    let (mut rows, mut flagged, mut bad) = (0u64, 0u64, 0u64);
    let mut records = reader.into_records();
    let mut batch: Vec<Row> = Vec::with_capacity(BATCH);
    loop {
        batch.clear();
        let mut any = false;
        for record in records.by_ref().take(BATCH) {
            any = true;
            match record
                .map_err(|error| error.to_string())
                .and_then(|record| columns.misfit(&record).map_or(Ok(row(&columns, &record, args)), Err))
            {
                Ok(row) => batch.push(row),
                Err(why) => {
                    bad += 1;
                    say(&format!("{}: row not read: {why}", file.display()));
                }
            }
        }
        if !any {
            break;
        }
        let one = |row: &Row| {
            let line = Line {
                description: &row.description,
                part_number: "",
                hs: &row.hs,
                control_code: &row.control_code,
                destination: row.destination,
                date,
                bound_by,
                context,
            };
            record(row, &Advice::read(&line))
        };
        let records: Vec<[String; HEADER.len()]> = pool.install(|| batch.par_iter().map(one).collect());
        for record in &records {
            rows += 1;
            flagged += u64::from(record[1] == "1");
            writer.row(&record.each_ref().map(String::as_str))?;
        }
    }
    writer.close()?;
    say(&format!("{rows} lines, {flagged} with a paragraph to check"));
    Ok(if bad > 0 { Exit::Unscreened } else { Exit::Done })
}

fn row(columns: &Columns, record: &StringRecord, args: &GoodsArgs) -> Row {
    let cell = |column: &str| columns.cell(record, column).to_owned();
    Row {
        id: cell("id"),
        description: cell("description"),
        hs: cell("hs"),
        control_code: cell("control_code"),
        destination: CountryCode::new(columns.cell(record, "to")).or(args.to),
    }
}

fn record(row: &Row, advice: &Advice) -> [String; HEADER.len()] {
    let codes = advice.codes_of_both();
    let mut ask: Vec<&str> = Vec::new();
    let open = advice.goods.iter().flat_map(|goods| &goods.suggestions);
    for label in open.filter(|one| one.outcome == Outcome::NotStated).flat_map(|one| &one.ask) {
        if !ask.contains(&label.as_str()) {
            ask.push(label);
        }
    }
    let goods: Vec<&str> = advice.goods.iter().map(|goods| goods.title.as_str()).collect();
    let lower: Vec<&str> = advice.goods.iter().filter_map(|goods| goods.lower.as_deref()).collect();
    let why: Vec<String> =
        advice.met().map(|(_, one)| format!("{}: {}", one.code, one.reasons.join("; "))).collect();
    let notes = advice.notes(0);
    let of = |wanted: &[&str]| -> Vec<&str> {
        notes
            .iter()
            .filter(|note| wanted.contains(&note.kind.key()))
            .map(|note| note.words.as_str())
            .collect()
    };
    let licences: Vec<String> = advice
        .licences
        .iter()
        .flat_map(|(code, one)| {
            let code = if code.is_empty() { String::new() } else { format!("{code} ") };
            one.views.iter().map(move |view| format!("{code}{}: {}", view.law, view.outcome.key()))
        })
        .collect();
    let flag = |flag: bool| if flag { "1" } else { "0" }.to_owned();
    [
        row.id.clone(),
        flag(!codes.is_empty()),
        codes.join(";"),
        flag(advice.contradicts()),
        goods.join("; "),
        ask.join("; "),
        lower.join(";"),
        advice.tariff.as_ref().map(|check| check.code.words()).unwrap_or_default(),
        of(&["code-unknown", "code-malformed", "code-group", "code-disagrees", "tariff-contradiction"])
            .join("; "),
        licences.join("; "),
        why.join(" | "),
    ]
}
