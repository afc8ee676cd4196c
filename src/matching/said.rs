//! What was said of lists when they were read, as bytes, and back.
//!
//! Knows the parts of a mistake, of its file no more than is shown; nothing of
//! lists.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity, SourceFile};

use super::bytes::{Reader, Writer};

/// Writes what was said. Lists with errors are not kept, so all of it are
/// warnings.
pub(super) fn save_said(said: &Diagnostics, out: &mut Writer) {
    out.size(said.iter().len());
    for one in said {
        // An excerpt shows the same and leaves the rest of the file behind.
        let Diagnostic { severity: _, message, label, help, place } = one.excerpt();
        out.text(&message);
        out.text(&label);
        out.text(&help);
        out.byte(u8::from(place.is_some()));
        if let Some((file, span)) = place {
            out.text(&file.name);
            out.size(file.lines_before());
            out.text(&file.text);
            out.size(span.start);
            out.size(span.end);
        }
    }
}

/// Reads what [`save_said`] wrote.
pub(super) fn load_said(bytes: &mut Reader<'_>) -> Option<Diagnostics> {
    let mut said = Diagnostics::default();
    for _ in 0..bytes.size()? {
        said.push(Diagnostic {
            severity: Severity::Warning,
            message: bytes.text()?.to_owned(),
            label: bytes.text()?.to_owned(),
            help: bytes.text()?.to_owned(),
            place: match bytes.byte()? {
                0 => None,
                1 => Some(load_place(bytes)?),
                _ => return None,
            },
        });
    }
    Some(said)
}

fn load_place(bytes: &mut Reader<'_>) -> Option<(SourceFile, Range<usize>)> {
    let name = bytes.text()?;
    let lines_before = bytes.size()?;
    let file = SourceFile::part(name, bytes.text()?, lines_before);
    let start = bytes.size()?;
    Some((file, start..bytes.size()?))
}
