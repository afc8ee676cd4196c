//! What can be typed. The doc comments are the help texts.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use redflag::decision::Kind as DecisionKind;
use redflag::evaluation::Negatives;
use redflag::licence::EndUse;
use redflag::rule::Verdict;
use redflag::trade::CountryCode;

pub use crate::audit::args::{AuditArgs, AuditCommand, ReportArgs, RunsArgs};
use rust_decimal::Decimal;

/// Screens export shipments for sanctions and dual-use risk.
///
/// Works offline. Standard output is data, standard error is diagnostics.
#[derive(Parser, Debug)]
#[command(name = "redflag", version, about, long_about = None, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done; 1 findings at or above --fail-on (check); 2 usage, configuration, \
rules or lists broken or missing; 3 something could not be screened; 4 nothing found, but a list is too old \
to trust that (check).\n\nredflag is a tool for people who decide. It is not legal advice."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Screen shipment files and report everything that was found
    Screen(ScreenArgs),
    /// Screen shipment files and fail if anything is found: for pipelines
    Check(CheckArgs),
    /// Screen a column of names against lists, in bulk
    Match(MatchArgs),
    /// Explain how well two names agree
    Compare(CompareArgs),
    /// Measure the matching on labelled names: recall, false alarms, thresholds
    Eval(Box<EvalArgs>),
    /// Explain a line of goods: what is named, control paragraphs to check, codes, licence
    Goods(GoodsArgs),
    /// Find rises, falls and mirror images in monthly trade, from statistics or shipments
    Flows(Box<crate::flows::FlowsArgs>),
    /// Learn what goods usually cost and weigh, and rank declarations by how odd they are
    Norms(NormsArgs),
    /// Decide on findings of a run: write the decisions beside the rules, for review
    Clear(Box<ClearArgs>),
    /// Look over the decisions
    Decisions(DecisionsArgs),
    /// List, show and test the rules
    Rules(RulesArgs),
    /// Show and convert the lists
    Lists(ListsArgs),
    /// Keep a history of shipments, for what only several of them show
    History(HistoryArgs),
    /// Hold the parties of recorded runs against what changed in the lists since
    Rescreen(Box<crate::rescreen::RescreenArgs>),
    /// Write reports of a recorded run
    Report(ReportArgs),
    /// Show, verify and repeat recorded runs
    Audit(AuditArgs),
    /// Write a commented redflag.toml
    Init(InitArgs),
    /// Print shell completions
    Completions {
        /// The shell to complete for
        shell: clap_complete::Shell,
    },
}

/// Where lists, rules and the profile come from.
#[derive(Args, Debug, Clone, Default)]
pub struct SetupArgs {
    /// Configuration file [default: redflag.toml here or in a folder above]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A list to screen against besides the configured ones: any known format; repeatable
    #[arg(long = "list", value_name = "FILE")]
    pub lists: Vec<PathBuf>,
    /// Use only the lists named with --list
    #[arg(long, requires = "lists")]
    pub only_lists: bool,
    /// The store of lists [default: `$REDFLAG_STORE`, else that of redflag.toml, else this user's]
    #[arg(long, value_name = "FOLDER")]
    pub store: Option<PathBuf>,
    /// Use exactly the editions of lists.lock, and fail if one is missing or not named there
    #[arg(long)]
    pub locked: bool,
    /// As --locked, and hold every file of the editions against its hash
    #[arg(long)]
    pub frozen: bool,
    /// A rule file or folder besides the configured ones; repeatable
    #[arg(long = "rules", value_name = "PATH")]
    pub rules: Vec<PathBuf>,
    /// Jurisdictions whose law binds the company, instead of the profile's: US,EU
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub bound_by: Vec<String>,
}

/// What is screened and where the results go.
#[derive(Args, Debug, Clone)]
pub struct RunArgs {
    /// Shipment files or folders; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub inputs: Vec<PathBuf>,
    /// Sheet to read of Excel workbooks [default: the first]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Where to write: PATH, or FORMAT=PATH with text, jsonl, csv, csv-findings, md, html, sarif, junit, github, github-summary, gitlab or xlsx; - is standard
    /// output; repeatable [default: text=-]
    #[arg(long = "output", short = 'o', value_name = "[FORMAT=]PATH")]
    pub outputs: Vec<String>,
    /// The day the screening is made for [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<Date>,
    #[command(flatten)]
    pub history: PastArgs,
    /// Decisions on findings [default: the file that redflag.toml names]
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// Threads to screen with [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Who owns whom, besides the configured files: CSV or TOML; repeatable
    #[arg(long = "ownership", value_name = "FILE")]
    pub ownership: Vec<PathBuf>,
    /// What goods usually cost and weigh, as `norms learn` wrote it, instead of the configured file
    #[arg(long, value_name = "FILE")]
    pub norms: Option<PathBuf>,
    /// When to colour text on standard output
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
    /// Where the run is recorded [default: from redflag.toml, else runs beside it; without one not at all]
    #[arg(long, value_name = "FOLDER")]
    pub runs: Option<PathBuf>,
    /// Do not record the run
    #[arg(long, conflicts_with = "runs")]
    pub no_record: bool,
    #[command(flatten)]
    pub setup: SetupArgs,
}

/// What was shipped before.
#[derive(Args, Debug, Clone, Default)]
#[expect(
    clippy::struct_field_names,
    reason = "an argument is known by its field's name, and `store` is taken"
)]
pub struct PastArgs {
    /// Past shipments to look back on, in the columns of the others: a file or folder; repeatable
    #[arg(long = "history", value_name = "FILE")]
    pub history_files: Vec<PathBuf>,
    /// The folder that `redflag history add` keeps [default: that of redflag.toml]
    #[arg(long = "history-store", value_name = "FOLDER")]
    pub history_store: Option<PathBuf>,
    /// Take the file at hand as history for its own later rows, also without any other
    #[arg(long = "history-in-file")]
    pub history_in_file: bool,
}

#[derive(Args, Debug)]
pub struct HistoryArgs {
    #[command(subcommand)]
    pub command: HistoryCommand,
}

#[derive(Subcommand, Debug)]
pub enum HistoryCommand {
    /// Take shipment files into the history store; a file that is in it already is left out
    Add {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        store: HistoryStoreArgs,
    },
    /// What the history store holds
    Status {
        #[command(flatten)]
        store: HistoryStoreArgs,
        /// Write one JSON document instead of text
        #[arg(long)]
        json: bool,
    },
    /// Join all segments of the history store into one
    Compact {
        #[command(flatten)]
        store: HistoryStoreArgs,
    },
}

#[derive(Args, Debug)]
pub struct HistoryStoreArgs {
    /// The folder of the history store [default: that of redflag.toml]
    #[arg(long = "history-store", value_name = "FOLDER")]
    pub store: Option<PathBuf>,
    /// Configuration file [default: redflag.toml here or in a folder above]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct ScreenArgs {
    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Args, Debug)]
pub struct CheckArgs {
    #[command(flatten)]
    pub run: RunArgs,
    /// Verdict from which to fail: note, review, hold or block [default: from redflag.toml, else review]
    #[arg(long, value_name = "VERDICT", value_parser = parse_fail_on)]
    pub fail_on: Option<Verdict>,
    /// Accept lists that are too old, for this reason, which goes into the report
    #[arg(long, value_name = "REASON")]
    pub allow_old_lists: Option<String>,
    /// Pass with up to so many findings at --fail-on or above
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub max_findings: u64,
    /// Findings that were there when the gate was taken into service; blocks and exact identifiers still fail
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings of this run as a baseline, and pass
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub write_baseline: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct MatchArgs {
    /// CSV with the columns id,name and optionally country,kind
    #[arg(value_name = "QUERIES")]
    pub queries: PathBuf,
    /// A list to match against: any known format; repeatable [default: the configured lists]
    #[arg(long = "list", value_name = "FILE")]
    pub lists: Vec<PathBuf>,
    /// Lowest score to report, above 0 and at most 1
    #[arg(long, value_name = "SCORE", default_value_t = 0.5, value_parser = parse_score)]
    pub min_score: f64,
    /// Entries to report for a name at most
    #[arg(long, value_name = "N", default_value_t = 25)]
    pub top: usize,
    /// Where to write the hits: `query_id,entity_id,score`,…; - is standard output
    #[arg(long, short = 'o', value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    /// Threads to match with [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["first", "pairs"]))]
pub struct CompareArgs {
    /// One name
    #[arg(requires = "second")]
    pub first: Option<String>,
    /// The other name
    pub second: Option<String>,
    /// CSV with the columns `case_id,name1,name2,schema`: score every pair
    #[arg(long, value_name = "FILE", conflicts_with = "first")]
    pub pairs: Option<PathBuf>,
    /// Where to write the scores of --pairs: `case_id,score`; - is standard output
    #[arg(long, short = 'o', value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    /// What the names belong to: person, organization, vessel or unknown
    #[arg(long, value_name = "KIND", default_value = "unknown", value_parser = parse_kind)]
    pub kind: redflag::trade::PartyKind,
}

#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("labelled").required(true).args(["queries", "pairs"]))]
pub struct EvalArgs {
    /// CSV with the columns `id,name,truth_entity_ids` and optionally `country,kind,class`; no truth
    /// id: the party is on no list
    #[arg(value_name = "QUERIES")]
    pub queries: Option<PathBuf>,
    /// A list to match against: any known format; repeatable [default: the configured lists]
    #[arg(long = "list", value_name = "FILE", conflicts_with = "pairs")]
    pub lists: Vec<PathBuf>,
    /// Hits of another matcher to evaluate instead of matching: CSV with `query_id,entity_id,score`
    #[arg(long, value_name = "FILE", conflicts_with = "pairs")]
    pub hits: Option<PathBuf>,
    /// Negatives that the thresholds are set on; near ones have a class that begins with `near_`
    #[arg(long, value_enum, default_value_t = NegativesArg::All)]
    pub negatives: NegativesArg,
    /// Share of the negatives that may raise an alarm at the suggested threshold
    #[arg(long, value_name = "RATE", default_value_t = 0.005, value_parser = parse_rate)]
    pub target_alarm_rate: f64,
    /// Bands of scores in the calibration table
    #[arg(long, value_name = "N", default_value = "20", value_parser = parse_bands)]
    pub bands: usize,
    /// Lowest score to look at, above 0 and at most 1
    #[arg(long, value_name = "SCORE", default_value_t = 0.3, value_parser = parse_score)]
    pub min_score: f64,
    /// Entries to look at for a name at most
    #[arg(long, value_name = "N", default_value_t = 25)]
    pub top: usize,
    /// Labelled pairs instead of queries: CSV with `case_id,name1,name2,is_match` and optionally
    /// `case_group,schema,quality`
    #[arg(long, value_name = "FILE")]
    pub pairs: Option<PathBuf>,
    /// Scores of another matcher for the pairs: CSV with `case_id,score`
    #[arg(long, value_name = "FILE", conflicts_with = "queries")]
    pub scores: Option<PathBuf>,
    /// Score from which a pair is called a match [default: the shipped `possible` threshold]
    #[arg(long, value_name = "SCORE", conflicts_with = "queries", value_parser = parse_finite)]
    pub threshold: Option<f64>,
    /// Where to write: PATH, or FORMAT=PATH with text, json, csv (the threshold sweep) or html; - is
    /// standard output; repeatable [default: text=-]
    #[arg(long = "output", short = 'o', value_name = "[FORMAT=]PATH")]
    pub outputs: Vec<String>,
    /// Threads to match with [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum NegativesArg {
    All,
    Natural,
    Near,
}

impl From<NegativesArg> for Negatives {
    fn from(negatives: NegativesArg) -> Self {
        match negatives {
            NegativesArg::All => Self::All,
            NegativesArg::Natural => Self::Natural,
            NegativesArg::Near => Self::Near,
        }
    }
}

#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("lines").required(true).args(["text", "file"]))]
pub struct GoodsArgs {
    /// The description of the goods
    pub text: Option<String>,
    /// CSV with the columns `id,description` and optionally `hs,eccn,to`: every line
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The declared tariff code
    #[arg(long, value_name = "CODE", conflicts_with = "file")]
    pub hs: Option<String>,
    /// The declared export control code
    #[arg(long, value_name = "CODE", conflicts_with = "file")]
    pub eccn: Option<String>,
    /// Where the goods go: two letters of ISO 3166
    #[arg(long, value_name = "COUNTRY", value_parser = parse_country)]
    pub to: Option<CountryCode>,
    /// A use with licence rules of its own; repeatable: military, nuclear, missile …
    #[arg(long = "use", value_name = "USE", value_parser = parse_use)]
    pub uses: Vec<EndUse>,
    /// Region below country level: crimea, sevastopol, dnr, lnr; repeatable
    #[arg(long = "region", value_name = "ID")]
    pub regions: Vec<String>,
    /// A party to the transaction: held against the lists, for their licence requirements; repeatable
    #[arg(long = "party", value_name = "NAME", conflicts_with = "file")]
    pub parties: Vec<String>,
    /// Value of the order in US dollars
    #[arg(long, value_name = "AMOUNT")]
    pub value_usd: Option<Decimal>,
    /// Share of US content in goods made outside the US, in per cent
    #[arg(long, value_name = "PERCENT")]
    pub us_content: Option<Decimal>,
    /// Where to write the answers of --file: `id,flagged,codes,hs_mismatch`,…; - is standard output
    #[arg(long, short = 'o', value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    /// The day of the export [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<Date>,
    /// Threads to read with [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    #[command(flatten)]
    pub setup: SetupArgs,
}

#[derive(Args, Debug)]
pub struct NormsArgs {
    #[command(subcommand)]
    pub command: NormsCommand,
}

#[derive(Subcommand, Debug)]
pub enum NormsCommand {
    /// Learn norms from declarations, and weights from labels where there are any
    Learn {
        #[command(flatten)]
        lines: LinesArgs,
        /// Where to write the norms, in TOML; - is standard output
        #[arg(long, short = 'o', value_name = "FILE")]
        output: PathBuf,
    },
    /// Rank declarations: the oddest first, each by what came before its day
    Rank {
        #[command(flatten)]
        lines: LinesArgs,
        /// Norms that `norms learn` wrote
        #[arg(long, value_name = "FILE")]
        norms: PathBuf,
        /// Where to write `rank,id,score,distance,outside,reasons`; - is standard output
        #[arg(long, short = 'o', value_name = "FILE", default_value = "-")]
        output: PathBuf,
    },
}

/// Declarations, one row a line.
#[derive(Args, Debug, Clone)]
pub struct LinesArgs {
    /// CSV with the columns `hs`, `value` and `net_weight_kg`, and optionally `date,quantity,unit,currency,importer_id,
    /// seller_id,declarant_id,office_id,origin,departure,tax_type`
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The column that says whether a declaration was found to be wrong: 1 or 0, yes or no, empty
    #[arg(long, value_name = "COLUMN")]
    pub label: Option<String>,
    /// Take only the rows in which a column holds this; `rank` looks at the others as the past
    #[arg(long, value_name = "COLUMN=VALUE")]
    pub only: Option<String>,
    /// The currency of the values, where no column says it
    #[arg(long, value_name = "CODE")]
    pub currency: Option<String>,
}

#[derive(Args, Debug)]
pub struct ClearArgs {
    /// The run's report, written with --output jsonl=FILE
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    /// The finding to decide on, as reports show it; repeatable [default: finding by finding, with questions]
    #[arg(long = "fingerprint", value_name = "RF1:…")]
    pub fingerprints: Vec<String>,
    /// What is decided: false-positive, true-match, licensed or escalated
    #[arg(long, value_name = "KIND", value_parser = parse_decision)]
    pub decision: Option<DecisionKind>,
    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Who agrees, where two must
    #[arg(long, value_name = "NAME")]
    pub second: Option<String>,
    /// Why, for whoever reads it in two years
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The last day on which it holds
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub expires: Option<Date>,
    /// The day of the decision [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub on: Option<Date>,
    /// Only for the order the finding was made on
    #[arg(long, conflicts_with = "lane")]
    pub order: bool,
    /// Only from the departure to the destination the finding was made on
    #[arg(long)]
    pub lane: bool,
    /// The licence that covers it
    #[arg(long, value_name = "NUMBER")]
    pub licence: Option<String>,
    /// What is left of the licence
    #[arg(long, value_name = "AMOUNT")]
    pub balance: Option<Decimal>,
    /// What the balance is in: a currency such as USD, or a unit of quantity
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// Clear a block or an exact identifier all the same, for this reason
    #[arg(long = "override", value_name = "REASON")]
    pub override_reason: Option<String>,
    /// The file of decisions [default: that of redflag.toml, else dispositions.toml]
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    #[command(flatten)]
    pub setup: SetupArgs,
}

#[derive(Args, Debug)]
pub struct DecisionsArgs {
    #[command(subcommand)]
    pub command: DecisionsCommand,
    /// The file of decisions [default: that of redflag.toml]
    #[arg(long, value_name = "FILE", global = true)]
    pub decisions: Option<PathBuf>,
    /// The day to look at them on [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", global = true)]
    pub as_of: Option<Date>,
    /// Configuration file [default: redflag.toml here or in a folder above]
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
}

#[derive(Subcommand, Debug, Clone, Copy)]
pub enum DecisionsCommand {
    /// What is the matter with them: over, twice there, against each other, without a second name
    Lint,
    /// One line a decision
    List,
    /// Those that expire within the days of the warning
    ExpireSoon,
}

#[derive(Args, Debug)]
pub struct RulesArgs {
    #[command(subcommand)]
    pub command: RulesCommand,
}

#[derive(Subcommand, Debug)]
pub enum RulesCommand {
    /// One line a rule
    List {
        #[command(flatten)]
        setup: SetupArgs,
    },
    /// The documentation page of one rule
    Show {
        /// Such as DIV-101
        id: String,
        #[command(flatten)]
        setup: SetupArgs,
    },
    /// Run the examples of every rule
    Test {
        #[command(flatten)]
        setup: SetupArgs,
    },
}

#[derive(Args, Debug)]
pub struct ListsArgs {
    #[command(subcommand)]
    pub command: ListsCommand,
}

#[derive(Subcommand, Debug)]
pub enum ListsCommand {
    /// The lists in use, with edition, age, hash and counts, and what the gate says
    Status {
        #[command(flatten)]
        setup: SetupArgs,
        /// The day to reckon the age from [default: today]
        #[arg(long, value_name = "YYYY-MM-DD")]
        as_of: Option<Date>,
        /// Write one JSON document instead of text
        #[arg(long)]
        json: bool,
    },
    /// Fetch new editions over HTTPS: the only command that opens a connection
    Update {
        /// Sources to fetch [default: those of redflag.toml, else the ones marked as default]
        #[arg(value_name = "SOURCE")]
        sources: Vec<String>,
        /// Take an edition that the gate refuses, for this reason, which is recorded
        #[arg(long, value_name = "REASON")]
        accept: Option<String>,
        /// Seconds that a whole file may take
        #[arg(long, value_name = "SECONDS", default_value_t = 300)]
        timeout: u64,
        #[command(flatten)]
        setup: SetupArgs,
    },
    /// Take list files, or the editions of another store, without a network
    Import {
        /// Files that make one edition together; or a store
        #[arg(required = true, value_name = "FILE|STORE")]
        files: Vec<PathBuf>,
        /// The source that they are of [default: told by their names, else the id of their list]
        #[arg(long, value_name = "ID")]
        source: Option<String>,
        /// Take an edition that the gate refuses, for this reason, which is recorded
        #[arg(long, value_name = "REASON")]
        accept: Option<String>,
        #[command(flatten)]
        setup: SetupArgs,
    },
    /// What changed between two editions: SOURCE, SOURCE@EDITION, SOURCE@previous, SOURCE@refused or a file
    Diff {
        old: String,
        new: String,
        /// How to write it
        #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
        format: DiffFormat,
        #[command(flatten)]
        setup: SetupArgs,
    },
    /// Hold every file of the store, and lists.lock, against the recorded hashes
    Verify {
        #[command(flatten)]
        setup: SetupArgs,
    },
    /// Remove old editions; never one in use or named in lists.lock
    Prune {
        /// Editions to keep of each source
        #[arg(long, value_name = "N", default_value_t = 5)]
        keep: usize,
        /// Only say what would be removed
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        setup: SetupArgs,
    },
    /// The known sources, with address and licence
    Sources {
        #[command(flatten)]
        setup: SetupArgs,
    },
    /// Convert list files of any known format into the project's own, or another
    Export {
        /// What to write: `toml` keeps everything, the others what docs/lists.md says
        #[arg(long, value_name = "FORMAT", default_value = "toml")]
        format: ListFormat,
        /// Files that make up the list or lists
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Folder to write one file a list into
        #[arg(long, short = 'o', value_name = "FOLDER")]
        output: PathBuf,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum DiffFormat {
    Text,
    Json,
    Md,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum ListFormat {
    /// The project's own format
    Toml,
    /// Plain CSV, one row a name
    Csv,
    /// `FollowTheMoney` entities, one JSON object a line
    Ftm,
}

#[derive(Args, Debug)]
pub struct InitArgs {
    /// Where to write the file
    #[arg(default_value = "redflag.toml")]
    pub path: PathBuf,
    /// Overwrite an existing file
    #[arg(long)]
    pub force: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}

fn parse_fail_on(text: &str) -> Result<Verdict, String> {
    Verdict::from_key(text)
        .filter(|verdict| Verdict::WORDS.contains(&verdict.key()))
        .ok_or_else(|| format!("one of {}", Verdict::WORDS.join(", ")))
}

fn parse_kind(text: &str) -> Result<redflag::trade::PartyKind, String> {
    redflag::trade::PartyKind::from_key(text)
        .ok_or_else(|| "one of person, organization, vessel, aircraft, unknown".to_owned())
}

fn parse_country(text: &str) -> Result<CountryCode, String> {
    CountryCode::new(text).ok_or_else(|| "two letters of ISO 3166, such as KG".to_owned())
}

fn parse_decision(text: &str) -> Result<DecisionKind, String> {
    DecisionKind::from_key(text).ok_or_else(|| format!("one of {}", DecisionKind::WORDS.join(", ")))
}

fn parse_use(text: &str) -> Result<EndUse, String> {
    EndUse::from_key(text).ok_or_else(|| format!("one of {}", EndUse::WORDS.join(", ")))
}

fn parse_score(text: &str) -> Result<f64, String> {
    let score: f64 = text.parse().map_err(|_| "a number such as 0.85".to_owned())?;
    if score > 0.0 && score <= 1.0 { Ok(score) } else { Err("above 0 and at most 1".to_owned()) }
}

fn parse_rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "a share such as 0.005".to_owned())?;
    if (0.0..1.0).contains(&rate) { Ok(rate) } else { Err("from 0 to below 1".to_owned()) }
}

fn parse_bands(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|bands| (1..=1000).contains(bands)).ok_or_else(|| "from 1 to 1000".to_owned())
}

fn parse_finite(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|score: &f64| score.is_finite()).ok_or_else(|| "a number such as 0.8".to_owned())
}
