//! A writer that takes no more than a place can hold, and says so.

use std::io::{self, Write};

/// Writes up to a number of bytes, cut at the end of a line; what is beyond is
/// counted, and the last line says that it is left out.
pub struct Capped {
    out: Box<dyn Write + Send>,
    room: usize,
    left_out: u64,
    word: &'static str,
}

impl Capped {
    /// `most` bytes, the word about the rest included.
    pub fn new(out: Box<dyn Write + Send>, most: usize, word: &'static str) -> Self {
        Self { out, room: most.saturating_sub(word.len() + 2), left_out: 0, word }
    }
}

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.left_out > 0 || bytes.len() > self.room {
            // Only whole lines; after the first cut nothing more.
            let fits = bytes.get(..self.room.min(bytes.len())).unwrap_or_default();
            let end = fits.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            if self.left_out == 0 {
                self.out.write_all(bytes.get(..end).unwrap_or_default())?;
            }
            self.left_out += 1;
            return Ok(bytes.len());
        }
        self.room -= bytes.len();
        self.out.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.left_out > 0 {
            writeln!(self.out, "\n{}", self.word)?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Default)]
    struct Shared(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_more_than_fits_is_written_and_the_rest_is_told() {
        for most in [20, 30, 64, 1000] {
            let out = Shared::default();
            let mut capped = Capped::new(Box::new(out.clone()), most, "cut");
            for line in 0..10 {
                writeln!(capped, "line {line}").unwrap();
            }
            capped.flush().unwrap();
            let text = String::from_utf8(out.0.lock().unwrap().clone()).unwrap();
            assert!(text.len() <= most, "{most}: {text}");
            assert_eq!(text.ends_with("\ncut\n"), most < 70, "{most}: {text}");
        }
    }
}
