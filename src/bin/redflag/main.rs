//! The command line: the only place for arguments, terminal, clock, files and
//! exit codes.

mod args;
mod audit;
mod decisions;
mod eval;
mod failure;
mod flows;
mod goods;
mod history;
mod lists;
mod names;
mod norms;
mod output;
mod owners;
mod progress;
mod queries;
mod recording;
mod rescreen;
mod rules;
mod screen;
mod setup;
mod start;
mod stores;
mod table;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Cli, Command, InitArgs};
use failure::{Exit, Failure, say};
use output::Output;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match &cli.command {
        Command::Screen(args) => screen::screen(args),
        Command::Check(args) => screen::check(args),
        Command::Match(args) => names::match_names(args),
        Command::Compare(args) => names::compare_names(args),
        Command::Eval(args) => eval::eval(args),
        Command::Goods(args) => goods::goods(args),
        Command::Flows(args) => flows::flows(args),
        Command::Norms(args) => norms::norms(args),
        Command::Clear(args) => decisions::clear(args),
        Command::Decisions(args) => decisions::decisions(args),
        Command::Rules(args) => rules::rules(args),
        Command::Lists(args) => lists::lists(args),
        Command::History(args) => history::history(args),
        Command::Rescreen(args) => rescreen::rescreen(args),
        Command::Report(args) => audit::report(args),
        Command::Audit(args) => audit::audit(args),
        Command::Init(args) => init(args),
        Command::Completions { shell } => completions(*shell),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(Failure(words)) => {
            say(&format!("redflag: {words}"));
            Exit::Broken.into()
        }
    }
}

fn init(args: &InitArgs) -> Result<Exit, Failure> {
    if args.path.exists() && !args.force {
        return Err(Failure::new(format!("{} exists; --force overwrites it", args.path.display())));
    }
    let output = Output::create(&args.path).map_err(|error| output::write_failure(&args.path, &error))?;
    output
        .clone()
        .write_all(redflag::config::TEMPLATE.as_bytes())
        .and_then(|()| output.finish())
        .map_err(|error| output::write_failure(&args.path, &error))?;
    say(&format!("wrote {}; state in it which jurisdictions bind the company", args.path.display()));
    Ok(Exit::Done)
}

fn completions(shell: clap_complete::Shell) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "redflag", &mut text);
    print(&text)
}

/// Writes to standard output.
///
/// # Errors
/// When standard output is closed or full.
pub fn print(text: &[u8]) -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text)
        .and_then(|()| out.flush())
        .map_err(|error| output::write_failure(std::path::Path::new("-"), &error))?;
    Ok(Exit::Done)
}
