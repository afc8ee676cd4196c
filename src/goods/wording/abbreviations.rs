//! Abbreviations of shipping papers and the words they stand for:
//! `rules/goods/abbreviations.toml`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};

use super::index::Words;

/// The table of abbreviations, folded.
#[derive(Debug, Default)]
pub(in crate::goods) struct Abbreviations {
    words: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// Which words are abbreviations at all, by length and first letter, a bit
    /// each: most words of a text are told apart by this alone.
    shapes: [u32; 16],
}

const FILE: &str = "rules/goods/abbreviations.toml";

static SHIPPED: LazyLock<Abbreviations> = LazyLock::new(|| Abbreviations::read(&file()).0);

fn file() -> SourceFile {
    SourceFile::new(FILE, crate::shipped::text(FILE))
}

impl Abbreviations {
    /// The table that comes with the program.
    pub(in crate::goods) fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// The words that a folded word may stand for.
    pub(super) fn of(&self, word: &str) -> &[Box<str>] {
        let known = shape(word).is_some_and(|(length, letter)| {
            self.shapes.get(length).is_some_and(|letters| letters & letter != 0)
        });
        if !known {
            return &[];
        }
        self.words.get(word).map(Vec::as_slice).unwrap_or_default()
    }

    fn read(file: &SourceFile) -> (Self, Diagnostics) {
        let mut out = Diagnostics::default();
        let document = parse_toml(file, &mut out);
        let mut document = Table::document(file, &document);
        document.pack(&mut out);
        let mut abbreviations = Self::default();
        for mut table in document.tables("abbreviations", &mut out) {
            table.string("language", &mut out);
            for line in
                table.require("words", &mut out).and_then(|item| item.array(&mut out)).unwrap_or_default()
            {
                let written = line.strings(&mut out);
                let mut folded = written.iter().flat_map(|word| Words::of(word).all);
                let single = written.iter().all(|word| Words::of(word).all.len() == 1);
                let (Some(short), true) = (folded.next(), single && written.len() > 1) else {
                    out.push(
                        line.error("a line holds an abbreviation and the words it stands for, each one word"),
                    );
                    continue;
                };
                match shape(&short)
                    .and_then(|(length, letter)| Some((abbreviations.shapes.get_mut(length)?, letter)))
                {
                    Some((letters, letter)) => *letters |= letter,
                    None => out.push(line.error("an abbreviation has 1 to 15 letters a to z")),
                }
                let own = abbreviations.words.entry(short.into_boxed_str()).or_default();
                own.extend(folded.map(String::into_boxed_str));
            }
            table.finish(&mut out);
        }
        document.finish(&mut out);
        (abbreviations, out)
    }
}

/// The length of a word, and a bit for its first letter.
fn shape(word: &str) -> Option<(usize, u32)> {
    let first = word.bytes().next().filter(u8::is_ascii_lowercase)?;
    Some((word.len(), 1 << (first - b'a')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_holds_no_mistake() {
        let (read, out) = Abbreviations::read(&file());
        let mistakes: Vec<String> = out.iter().map(|mistake| mistake.render(false)).collect();
        assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
        assert!(read.of("ctr").iter().any(|word| **word == *"center"), "{:?}", read.of("ctr"));
        assert!(read.of("pump").is_empty());
    }
}
