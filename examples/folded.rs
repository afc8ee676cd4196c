//! The lines of standard input, each folded as descriptions of goods are read.
//! `benches/fit/tariff.py` runs it, so that the fit sees the words the program
//! sees.

use std::io::{self, BufRead, Write};

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        writeln!(out, "{}", redflag::name::fold_text(&line?))?;
    }
    out.flush()
}
