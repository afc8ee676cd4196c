//! The file of decisions: reading it, and telling what is the matter with it.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use redflag::decision::Decisions;
use redflag::diagnostic::{Diagnostics, SourceFile};
use redflag::screening::{DecisionFile, Summary};
use sha2::{Digest, Sha256};

use crate::failure::{Failure, say, show};
use crate::setup::{self, Project};

/// The file that is named, or else that of the configuration.
pub fn path(named: Option<&Path>, project: &Project) -> Option<PathBuf> {
    let configured = || project.config.decisions.as_ref().map(|path| project.folder.join(path));
    named.map(Path::to_owned).or_else(configured)
}

/// Reads the decisions of a run. A configured file that is not there yet holds
/// none; one that is named must be there.
pub fn read(named: Option<&Path>, project: &Project) -> Result<Option<(DecisionFile, Decisions)>, Failure> {
    let Some(path) = path(named, project) else { return Ok(None) };
    if named.is_none() && !path.exists() {
        return Ok(None);
    }
    let text = setup::read_text(&path)?;
    let name = path.display().to_string();
    let sha256 = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut out = Diagnostics::default();
    let decisions =
        Decisions::parse(&SourceFile::new(name.clone(), text), project.config.decision_options, &mut out);
    show(&out);
    if out.has_errors() {
        return Err(Failure::new("the decisions can't be used; nothing was screened"));
    }
    let file = DecisionFile { name, sha256, count: decisions.all().len() };
    Ok(Some((file, decisions)))
}

/// Says which decisions a person should look at.
pub fn tell(decisions: &Decisions, as_of: Date, summary: &Summary) {
    for problem in decisions.problems(as_of, Some(&summary.decisions_met)) {
        say(&format!("decisions, line {}: {}: {}", problem.line, problem.kind.key(), problem.words));
    }
}
