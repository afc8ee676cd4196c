//! What can be typed behind `audit`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::args::{Colour, SetupArgs};

#[derive(Args, Debug)]
pub struct AuditArgs {
    #[command(subcommand)]
    pub command: AuditCommand,
}

/// Which records.
#[derive(Args, Debug, Clone, Default)]
pub struct RunsArgs {
    /// The folder of the records [default: from redflag.toml, else runs beside it]
    #[arg(long, value_name = "FOLDER")]
    pub runs: Option<PathBuf>,
    /// Configuration file [default: redflag.toml here or in a folder above]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The store of lists [default: `$REDFLAG_STORE`, else that of redflag.toml, else this user's]
    #[arg(long, value_name = "FOLDER")]
    pub store: Option<PathBuf>,
}

impl RunsArgs {
    /// The same, as a setup.
    pub fn setup(&self) -> SetupArgs {
        SetupArgs { config: self.config.clone(), store: self.store.clone(), ..SetupArgs::default() }
    }
}

#[derive(Subcommand, Debug)]
pub enum AuditCommand {
    /// Hold every byte against the chain, and name the first that does not fit
    Verify {
        /// A line's hash that was noted elsewhere: fail if the chain does not hold it
        #[arg(long, value_name = "SHA256")]
        head: Option<String>,
        /// Fail also if something is there that is no part of a whole run
        #[arg(long)]
        strict: bool,
        #[command(flatten)]
        runs: RunsArgs,
    },
    /// List the recorded runs, or show one
    Show {
        /// The run: its id, the beginning of it, last, or last~1 for the one before
        run: Option<String>,
        /// Print the record itself
        #[arg(long, requires = "run")]
        json: bool,
        #[command(flatten)]
        runs: RunsArgs,
    },
    /// Make a run again with what was kept of it, and hold every result against the recorded one: exit
    /// code 0 the same to the byte, 1 not the same, 2 it can't be made again
    Replay {
        /// The run: its id, the beginning of it, last, or last~1 for the one before
        run: String,
        /// Threads to screen with [default: all cores]
        #[arg(long, value_name = "N")]
        threads: Option<usize>,
        #[command(flatten)]
        runs: RunsArgs,
    },
    /// Write one ZIP file with report, record, results, what the findings cite, and the inputs
    Export(ExportArgs),
    /// Keep a run, whatever its age
    Hold {
        /// The run: its id, the beginning of it, last, or last~1 for the one before
        run: String,
        /// Why; it stands in the chain
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        runs: RunsArgs,
    },
    /// End a hold
    Release {
        /// The run: its id, the beginning of it, last, or last~1 for the one before
        run: String,
        /// Why; it stands in the chain
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        runs: RunsArgs,
    },
    /// Remove the records of runs that are older than the retention of redflag.toml, but for those held
    Prune {
        /// Remove only what is from before this day; never what is younger than the retention
        #[arg(long, value_name = "YYYY-MM-DD")]
        before: Option<Date>,
        /// Remove also what is no whole run
        #[arg(long)]
        incomplete: bool,
        /// Say what would be removed, and remove nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        runs: RunsArgs,
    },
}

#[derive(Args, Debug)]
pub struct ExportArgs {
    /// The run: its id, the beginning of it, last, or last~1 for the one before
    pub run: String,
    /// Where to write the pack
    #[arg(long, short = 'o', value_name = "FILE.zip")]
    pub output: PathBuf,
    /// Replace names outside findings by keyed hashes, and leave the inputs out
    #[arg(long)]
    pub private: bool,
    /// The key of these hashes: a file of 16 random bytes or more [default: a new one that is not kept]
    #[arg(long, value_name = "FILE", requires = "private")]
    pub key: Option<PathBuf>,
    #[command(flatten)]
    pub runs: RunsArgs,
}

#[derive(Args, Debug)]
pub struct ReportArgs {
    /// The run: its id, the beginning of it, last, or last~1 for the one before
    pub run: String,
    /// Where to write: as for screen; repeatable [default: text=-]
    #[arg(long = "output", short = 'o', value_name = "[FORMAT=]PATH")]
    pub outputs: Vec<String>,
    /// Threads to screen with [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// When to colour text on standard output
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
    #[command(flatten)]
    pub runs: RunsArgs,
}
