//! Bytes in any of the usual encodings → physical lines of text.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes looked at to tell encoding and separator.
const HEAD: usize = 1 << 16;
/// Longest physical line that is kept; what is beyond is cut off and the line
/// reported.
pub(super) const LONGEST_LINE: usize = 1 << 20;

/// A physical line without its line end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Line {
    /// From 1.
    pub number: u64,
    pub text: String,
    /// The line was longer than [`LONGEST_LINE`].
    pub cut: bool,
}

/// Reads lines one after another in bounded memory.
pub(super) struct Lines {
    source: Box<dyn Read + Send>,
    decoder: Decoder,
    /// Bytes read but not decoded.
    raw: Vec<u8>,
    text: String,
    /// Bytes of `text` already handed out.
    used: usize,
    number: u64,
    ended: bool,
    /// The error that ended the reading.
    pub error: Option<io::Error>,
}

impl Lines {
    /// # Errors
    /// When the first bytes can't be read.
    pub fn open(mut source: Box<dyn Read + Send>) -> io::Result<Self> {
        let mut raw = Vec::with_capacity(HEAD);
        source.by_ref().take(HEAD as u64).read_to_end(&mut raw)?;
        let encoding = detect(&raw);
        Ok(Self {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw,
            text: String::new(),
            used: 0,
            number: 0,
            ended: false,
            error: None,
        })
    }

    /// Decodes some more; false at the end of the source.
    fn fill(&mut self) -> bool {
        if self.ended {
            return false;
        }
        self.text.drain(..self.used);
        self.used = 0;
        if self.raw.is_empty() {
            let mut chunk = vec![0; HEAD];
            loop {
                match self.source.read(&mut chunk) {
                    Ok(0) => self.ended = true,
                    Ok(read) => {
                        chunk.truncate(read);
                        self.raw = chunk;
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => {
                        self.error = Some(error);
                        self.ended = true;
                    }
                }
                break;
            }
        }
        let raw = std::mem::take(&mut self.raw);
        let mut rest = raw.as_slice();
        loop {
            let room = self.decoder.max_utf8_buffer_length(rest.len()).unwrap_or(rest.len() * 3 + 16);
            self.text.reserve(room);
            let (result, read, _) = self.decoder.decode_to_string(rest, &mut self.text, self.ended);
            rest = rest.get(read..).unwrap_or_default();
            if result == encoding_rs::CoderResult::InputEmpty {
                break;
            }
        }
        true
    }

    /// Number that the next line will have.
    pub fn next_number(&self) -> u64 {
        self.number + 1
    }

    /// The next line; `None` at the end.
    pub fn next_line(&mut self) -> Option<Line> {
        let mut text = String::new();
        let mut cut = false;
        loop {
            let rest = self.text.get(self.used..).unwrap_or_default();
            // A line end at the very end of the buffer may be the first half
            // of `\r\n`.
            let end = rest
                .find(['\n', '\r'])
                .filter(|at| rest[*at..].starts_with('\n') || *at + 1 < rest.len() || self.ended);
            let piece = &rest[..end.unwrap_or_else(|| rest.trim_end_matches('\r').len())];
            let room = LONGEST_LINE - text.len().min(LONGEST_LINE);
            let fits = floor_boundary(piece, room.min(piece.len()));
            cut |= fits < piece.len();
            text.push_str(&piece[..fits]);
            if let Some(at) = end {
                let both = rest[at..].starts_with("\r\n");
                self.used += at + if both { 2 } else { 1 };
                self.number += 1;
                return Some(Line { number: self.number, text, cut });
            }
            self.used += piece.len();
            if !self.fill() {
                let left = self.text.len() > self.used;
                self.used = self.text.len();
                if text.is_empty() && !left {
                    return None;
                }
                self.number += 1;
                return Some(Line { number: self.number, text, cut });
            }
        }
    }
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// By byte order mark; else UTF-16 by its zero bytes; else UTF-8 if it reads as
/// such; else Windows-1252.
fn detect(head: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let half = head.len() / 2;
    if half >= 4 {
        if zeros(1) * 2 > half {
            return UTF_16LE;
        }
        if zeros(0) * 2 > half {
            return UTF_16BE;
        }
    }
    match std::str::from_utf8(head) {
        Ok(_) => UTF_8,
        // A character cut in two by the end of the head is no mistake.
        Err(error) if error.error_len().is_none() => UTF_8,
        Err(_) => WINDOWS_1252,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<String> {
        let mut lines = Lines::open(Box::new(io::Cursor::new(bytes.to_vec()))).unwrap();
        std::iter::from_fn(|| lines.next_line()).map(|line| line.text).collect()
    }

    #[test]
    fn every_encoding_reads_the_same() {
        let text = "Empfänger;Ort\r\nMüller;Köln\r\n";
        let wanted = ["Empfänger;Ort", "Müller;Köln"];
        let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let with = |bom: &[u8], body: &[u8]| [bom, body].concat();
        let (le, be) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
        let (latin, _, _) = WINDOWS_1252.encode(text);
        for bytes in [
            text.as_bytes().to_vec(),
            with(&[0xEF, 0xBB, 0xBF], text.as_bytes()),
            le.clone(),
            be.clone(),
            with(&[0xFF, 0xFE], &le),
            with(&[0xFE, 0xFF], &be),
            latin.into_owned(),
        ] {
            assert_eq!(lines(&bytes), wanted);
        }
    }

    #[test]
    fn line_ends_of_every_kind_end_a_line() {
        assert_eq!(lines(b"a\nb\r\nc\rd"), ["a", "b", "c", "d"]);
        assert_eq!(lines(b"a\n\nb\n"), ["a", "", "b"]);
        assert_eq!(lines(b""), [""; 0]);
    }

    #[test]
    fn lines_are_whole_across_the_chunks_they_are_read_in() {
        let long: String = (0..20_000).map(|i| format!("line {i} é\r\n")).collect();
        let read = lines(long.as_bytes());
        assert_eq!(read.len(), 20_000);
        assert!(read.iter().enumerate().all(|(i, line)| *line == format!("line {i} é")));
    }
}
