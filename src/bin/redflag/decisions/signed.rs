//! Whose signature stands under the file of decisions, and how one is made.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use redflag::config::Config;
use redflag::decision::{Allowed, AllowedSigner, SignatureKind};
use redflag::diagnostic::{Diagnostics, SourceFile};

use crate::failure::{Failure, say, show};
use crate::setup::{self, Project};

/// The SSH keys that may sign; none where no file of them is configured.
pub fn allowed_signers(project: &Project) -> Result<Vec<AllowedSigner>, Failure> {
    let Some(named) = &project.config.allowed_signers else { return Ok(Vec::new()) };
    let path = project.folder.join(named);
    let text = setup::read_text(&path)
        .map_err(|Failure(words)| Failure::new(format!("{words} (`allowed_signers` of redflag.toml)")))?;
    let mut out = Diagnostics::default();
    let signers = AllowedSigner::read(&SourceFile::new(path.display().to_string(), text), &mut out);
    show(&out);
    if out.has_errors() {
        return Err(Failure::new("the allowed signers can't be used; nothing was screened"));
    }
    Ok(signers)
}

/// Whose signatures stand under the file; empty without one where none is asked
/// for. One that holds is enough.
pub fn by(
    path: &Path,
    bytes: &[u8],
    config: &Config,
    signers: &[AllowedSigner],
    as_of: Date,
) -> Result<String, Failure> {
    let allowed = Allowed { keys: &config.allowed_keys, signers };
    let (mut names, mut wrong) = (Vec::new(), Vec::new());
    for kind in config.signature_kinds() {
        let beside = beside(path, kind);
        if !beside.exists() {
            continue;
        }
        let signature =
            fs::read(&beside).map_err(|error| Failure::new(format!("{}: {error}", beside.display())))?;
        // What is no text is no signature either.
        match allowed.verify(kind, bytes, &String::from_utf8_lossy(&signature), as_of) {
            Ok(name) => names.push(name),
            Err(why) => wrong.push(format!("{}: {why}", beside.display())),
        }
    }
    if !names.is_empty() {
        for words in wrong {
            say(&format!("{words}; the other signature counts"));
        }
        return Ok(names.join(", "));
    }
    // A signature that does not fit is worse than none, whatever is required.
    if !wrong.is_empty() {
        return Err(Failure::new(format!("{}; nothing was screened", wrong.join("; "))));
    }
    if config.require_signature {
        let commands = commands(path, config).unwrap_or_default();
        return Err(Failure::new(format!(
            "{}: not signed, which redflag.toml requires; sign it with {commands}",
            path.display()
        )));
    }
    Ok(String::new())
}

/// The commands that sign the file; none where no signature counts.
pub fn commands(path: &Path, config: &Config) -> Option<String> {
    let file = path.display().to_string();
    let commands: Vec<String> =
        config.signature_kinds().into_iter().map(|kind| format!("`{}`", kind.command(&file))).collect();
    (!commands.is_empty()).then(|| commands.join(" or "))
}

fn beside(path: &Path, kind: SignatureKind) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(kind.suffix());
    PathBuf::from(name)
}
