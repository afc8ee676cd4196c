//! Physical lines → CSV records, quoted newlines included.
//!
//! A quote that is never closed would swallow the rest of the file. A record
//! that grows beyond its limits, or that the end of the file leaves open, is a
//! fault at the line it began, and reading goes on at the line after that.

use std::collections::VecDeque;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::decode::{Line, Lines};
use super::sheet::Kind;

/// Most physical lines of one record.
const MOST_LINES: usize = 200;
/// Most bytes of one record.
const MOST_BYTES: usize = 1 << 20;

/// A record, or a stretch that is none.
#[derive(Debug)]
pub(super) enum Raw {
    Cells {
        /// Line on which it begins, from 1.
        line: u64,
        cells: Vec<String>,
        /// What each cell is, where the file says so; empty for text files.
        kinds: Vec<Kind>,
    },
    Broken {
        line: u64,
        reason: String,
    },
}

/// Splits lines into records.
pub(super) struct Records {
    pub lines: Lines,
    /// Lines to be read again.
    again: VecDeque<Line>,
    parser: Reader,
    output: Vec<u8>,
    ends: Vec<usize>,
}

impl Records {
    pub fn new(lines: Lines, separator: u8) -> Self {
        Self {
            lines,
            again: VecDeque::new(),
            parser: ReaderBuilder::new().delimiter(separator).build(),
            output: vec![0; 4096],
            ends: vec![0; 64],
        }
    }

    /// Puts lines in front of what is still to be read.
    pub fn push_front(&mut self, lines: impl DoubleEndedIterator<Item = Line>) {
        for line in lines.rev() {
            self.again.push_front(line);
        }
    }

    fn next_line(&mut self) -> Option<Line> {
        self.again.pop_front().or_else(|| self.lines.next_line())
    }

    /// The next record; lines without a character are no records.
    pub fn next_record(&mut self) -> Option<Raw> {
        let first = loop {
            let line = self.next_line()?;
            if !line.text.trim().is_empty() {
                break line;
            }
        };
        let begin = first.number;
        if first.cut {
            return Some(Raw::Broken { line: begin, reason: "the line is longer than 1 MiB".to_owned() });
        }
        self.parser.reset();
        let (mut written, mut fields, mut bytes) = (0, 0, 0);
        let mut taken: Vec<Line> = Vec::new();
        let mut line = first;
        loop {
            bytes += line.text.len() + 1;
            let complete = self.feed(&line, &mut written, &mut fields);
            taken.push(line);
            if complete {
                return Some(Raw::Cells {
                    line: begin,
                    cells: self.cells(fields, written),
                    kinds: Vec::new(),
                });
            }
            let next = if taken.len() >= MOST_LINES || bytes > MOST_BYTES { None } else { self.next_line() };
            match next {
                Some(next) if !next.cut => line = next,
                next => {
                    // Everything after the first line is read again.
                    let again: Vec<Line> = taken.drain(1..).chain(next).collect();
                    self.push_front(again.into_iter());
                    return Some(Raw::Broken {
                        line: begin,
                        reason:
                            "a quotation mark is opened and never closed; put two quotation marks for one \
                                 inside a cell"
                                .to_owned(),
                    });
                }
            }
        }
    }

    /// Gives a line to the parser; true when it completes the record.
    fn feed(&mut self, line: &Line, written: &mut usize, fields: &mut usize) -> bool {
        let text = [line.text.as_bytes(), b"\n"];
        for part in text {
            let mut rest = part;
            while !rest.is_empty() {
                let output = self.output.get_mut(*written..).unwrap_or_default();
                let ends = self.ends.get_mut(*fields..).unwrap_or_default();
                let (result, read, out, ended) = self.parser.read_record(rest, output, ends);
                rest = rest.get(read..).unwrap_or_default();
                *written += out;
                *fields += ended;
                match result {
                    ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
                    ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                    ReadRecordResult::Record | ReadRecordResult::End => return true,
                    ReadRecordResult::InputEmpty => {}
                }
            }
        }
        false
    }

    fn cells(&self, fields: usize, written: usize) -> Vec<String> {
        let output = self.output.get(..written).unwrap_or_default();
        let mut start = 0;
        self.ends
            .iter()
            .take(fields)
            .map(|&end| {
                let cell = output.get(start..end).unwrap_or_default();
                start = end;
                String::from_utf8_lossy(cell).into_owned()
            })
            .collect()
    }
}

/// The separator of a file, from its first lines: the one that gives the most
/// columns, the same number in the most lines. Inside quotation marks nothing
/// separates.
pub(super) fn detect_separator(lines: &[Line]) -> u8 {
    let mut best = (0, 0, b',');
    for separator in *b",;\t|" {
        let counts: Vec<usize> = lines
            .iter()
            .filter(|line| !line.text.trim().is_empty())
            .map(|line| count_outside_quotes(&line.text, separator))
            .collect();
        let Some(&header) = counts.first() else { continue };
        if header == 0 {
            continue;
        }
        let agreeing = counts.iter().filter(|count| **count == header).count();
        if (agreeing * 1000 / counts.len().max(1) + header, header) > (best.0, best.1) {
            best = (agreeing * 1000 / counts.len().max(1) + header, header, separator);
        }
    }
    best.2
}

fn count_outside_quotes(text: &str, separator: u8) -> usize {
    let mut quoted = false;
    text.bytes()
        .filter(|&byte| {
            quoted ^= byte == b'"';
            byte == separator && !quoted
        })
        .count()
}
