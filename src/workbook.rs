//! What must be known of an Excel workbook (XLSX) before a library reads it: that
//! it is an archive, how far it unpacks, and that it does not lie about the number
//! of its texts.
//!
//! Knows no cells. A workbook may unpack to far more than it weighs, and a reader
//! makes room for as many texts as the file says it has.

use std::io::{self, Read, Seek};

/// How large a workbook may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of all parts together, unpacked.
    pub unpacked: u64,
    /// Parts in the archive.
    pub parts: usize,
}

/// Bytes at the beginning of the table of texts in which it states their number.
const HEAD: u64 = 1 << 12;
/// Bytes that a text of the table takes at least: `<si/>`.
const SHORTEST_TEXT: u64 = 5;

/// Unpacks every part without keeping it, and refuses a workbook that is damaged
/// or larger than the limits.
///
/// # Errors
/// Why the workbook is refused, in plain words.
pub fn weigh(source: impl Read + Seek, limits: Limits) -> Result<(), String> {
    let mut archive = zip::ZipArchive::new(source).map_err(|error| error.to_string())?;
    if archive.len() > limits.parts {
        return Err(format!("it has more than {} parts", limits.parts));
    }
    let mut left = limits.unpacked;
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|error| error.to_string())?;
        let name = part.name().map_err(|error| error.to_string())?.to_ascii_lowercase();
        let texts = name.ends_with("sharedstrings.xml");
        let mut head = Vec::new();
        if texts {
            part.by_ref().take(HEAD).read_to_end(&mut head).map_err(|error| error.to_string())?;
        }
        let rest = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|error| error.to_string())?;
        let size = head.len() as u64 + rest;
        left = left
            .checked_sub(size)
            .ok_or_else(|| format!("it unpacks to more than {} MiB", limits.unpacked >> 20))?;
        if texts && stated_texts(&head)? > size / SHORTEST_TEXT {
            return Err("it states more texts than it holds".to_owned());
        }
    }
    Ok(())
}

/// The number of texts that the table states; 0 if it states none.
fn stated_texts(head: &[u8]) -> Result<u64, String> {
    let text = String::from_utf8_lossy(head);
    let Some((_, table)) = text.split_once("sst") else {
        return Err("its table of texts makes no sense".to_owned());
    };
    let tag = table.split('>').next().unwrap_or_default();
    let Some((_, value)) = tag.split_once("uniqueCount") else { return Ok(0) };
    let digits: String = value
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\''))
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    if digits.is_empty() {
        return Ok(0);
    }
    // A number too large to read is too large.
    Ok(digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use super::*;

    const LIMITS: Limits = Limits { unpacked: 10_000, parts: 3 };

    fn archive(parts: &[(&str, &str)]) -> Cursor<Vec<u8>> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap()
    }

    #[test]
    fn a_workbook_that_states_more_texts_than_it_holds_is_refused() {
        let with = |count: &str| {
            let texts =
                format!("<?xml version=\"1.0\"?><sst count=\"2\" uniqueCount=\"{count}\"><si/><si/></sst>");
            weigh(archive(&[("xl/sharedStrings.xml", &texts)]), LIMITS)
        };
        assert_eq!(with("2"), Ok(()));
        for count in ["4000000000", "99999999999999999999999999"] {
            assert_eq!(with(count), Err("it states more texts than it holds".to_owned()));
        }
    }

    #[test]
    fn a_workbook_beyond_its_limits_is_refused() {
        let large = "x".repeat(6_000);
        assert!(weigh(archive(&[("a", &large), ("b", &large)]), LIMITS).unwrap_err().contains("unpacks"));
        let many = [("a", ""), ("b", ""), ("c", ""), ("d", "")];
        assert!(weigh(archive(&many), LIMITS).unwrap_err().contains("more than 3 parts"));
        assert!(weigh(Cursor::new(b"PK\x03\x04".to_vec()), LIMITS).is_err());
    }
}
