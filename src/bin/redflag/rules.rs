//! `rules list`, `rules show` and `rules test`.

use std::fmt::Write as _;

use redflag::diagnostic::nearest;

use crate::args::{RulesArgs, RulesCommand, SetupArgs};
use crate::failure::{Exit, Failure, say};
use crate::print;
use crate::setup;

pub fn rules(args: &RulesArgs) -> Result<Exit, Failure> {
    match &args.command {
        RulesCommand::List { setup } => list(setup),
        RulesCommand::Show { id, setup } => show(id, setup),
        RulesCommand::Test { setup } => test(setup),
    }
}

fn list(args: &SetupArgs) -> Result<Exit, Failure> {
    let project = setup::project(args)?;
    let library = setup::rules(args, &project, None)?;
    let mut text = String::new();
    let mut group = "";
    for rule in library.rules() {
        if rule.group != group {
            group = &rule.group;
            let _ = writeln!(text, "{}{group}", if text.is_empty() { "" } else { "\n" });
        }
        let _ = writeln!(text, "  {:8} {:7} {}", rule.id, rule.verdict.key(), rule.title);
    }
    let _ = writeln!(text, "\n{} rules, pack {}", library.rules().count(), short(library.sha256()));
    print(text.as_bytes())
}

fn show(id: &str, args: &SetupArgs) -> Result<Exit, Failure> {
    let project = setup::project(args)?;
    let library = setup::rules(args, &project, None)?;
    let wanted = id.to_ascii_uppercase();
    if let Some(page) = library.page(&wanted) {
        return print(page.as_bytes());
    }
    let hint = nearest(&wanted, library.rules().map(|rule| rule.id.as_str()))
        .map_or_else(|| "`redflag rules list` shows all".to_owned(), |near| format!("did you mean {near}?"));
    Err(Failure::new(format!("there is no rule {id}; {hint}")))
}

fn test(args: &SetupArgs) -> Result<Exit, Failure> {
    let project = setup::project(args)?;
    let library = setup::rules(args, &project, None)?;
    let results = library.test_examples();
    let mut text = String::new();
    let mut failed = 0;
    for result in results.iter().filter(|result| !result.passed) {
        failed += 1;
        let _ = writeln!(text, "FAILED {}: {}", result.rule, result.words);
    }
    let _ = writeln!(
        text,
        "{} rules, {} examples: {} passed, {failed} failed",
        library.rules().count(),
        results.len(),
        results.len() - failed
    );
    print(text.as_bytes())?;
    if failed > 0 {
        say("rules test: an example does not do what it promises");
        return Ok(Exit::Findings);
    }
    Ok(Exit::Done)
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
