//! `audit verify`: does every byte still fit?

use std::fmt::Write as _;

use redflag::evidence::Verified;

use crate::args::RunsArgs;
use crate::failure::{Exit, Failure, say};
use crate::print;
use crate::recording::failure;

/// Exit code 1 when a byte does not fit, or the chain does not hold the line
/// that `head` names; with `strict` also when something is there that is no
/// part of a whole run.
pub fn verify(head: Option<&str>, strict: bool, args: &RunsArgs) -> Result<Exit, Failure> {
    let runs = super::runs(args)?;
    let verified = runs.verify().map_err(|error| failure(&error))?;
    let mut text = as_text(&verified);
    let mut bad = !verified.faults.is_empty() || (strict && !verified.notes.is_empty());
    if let Some(head) = head {
        let known = runs.holds_line(head).map_err(|error| failure(&error))?;
        let words = if known { "is in the chain" } else { "IS NOT IN THE CHAIN: lines were taken away" };
        let _ = writeln!(text, "the line {head} {words}");
        bad |= !known;
    }
    print(text.as_bytes())?;
    if bad {
        say("audit verify: not everything is as it was written");
        return Ok(Exit::Findings);
    }
    Ok(Exit::Done)
}

fn as_text(verified: &Verified) -> String {
    let mut text = String::new();
    for fault in &verified.faults {
        let place = match (fault.offset, fault.within) {
            (None, _) => String::new(),
            (Some(offset), 0 | 1) => format!(", byte {offset}"),
            (Some(offset), within) => format!(", bytes {offset} to {}", offset + within - 1),
        };
        let run = fault.run.as_ref().map_or(String::new(), |run| format!(" (run {run})"));
        let _ = writeln!(text, "DAMAGED {}{place}{run}: {}", fault.path.display(), fault.what);
    }
    for note in &verified.notes {
        let _ = writeln!(text, "note {}: {}", note.path.display(), note.what);
    }
    let pruned = if verified.pruned > 0 { format!(", {} pruned", verified.pruned) } else { String::new() };
    let _ = writeln!(
        text,
        "{} whole runs{pruned}, {} files kept, {} lines of the chain, {} bytes read: {}",
        verified.runs,
        verified.objects,
        verified.lines,
        verified.bytes,
        match verified.faults.len() {
            0 => "everything fits".to_owned(),
            1 => "1 file does not fit".to_owned(),
            faults => format!("{faults} places do not fit"),
        }
    );
    let _ = writeln!(
        text,
        "last line {}; noted elsewhere, it shows later that nothing was taken away",
        verified.head
    );
    text
}
