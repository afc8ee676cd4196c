//! Quantities that follow from others, and what a word beside a figure says in
//! figures: `rules/goods/computed.toml`.
//!
//! Knows the formulas; reads no text and holds no figure against a limit.

use std::sync::LazyLock;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};
use crate::goods::wording::TermIndex;

use super::{Dimension, QuantityId, UnitId, named};

/// What words beside a figure say in figures: `FP16` beside a rate of
/// operations, a length of 16 bit.
#[derive(Debug)]
pub struct WordValue {
    pub key: String,
    /// Dimensions of the figures that such words stand beside.
    pub beside: Vec<Dimension>,
    pub values: Vec<f64>,
    /// Tagged with the place in `values`.
    pub(in crate::goods) words: TermIndex<usize>,
}

/// What an input of a formula is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Source {
    /// A stated figure, in a unit.
    Figure { quantity: QuantityId, unit: UnitId },
    /// How many the first input says: 80 in `80 x 28 Gbit/s`.
    Times,
    /// A word beside the figure of the first input. `only` asks for one value.
    Word { reading: usize, otherwise: Option<f64>, only: Option<f64> },
}

/// An input of a formula.
#[derive(Clone, PartialEq, Debug)]
pub struct Input {
    /// As the formula in words names it.
    pub key: String,
    pub source: Source,
    pub power: i32,
    /// What follows the formula in words where a word says another value than
    /// `otherwise`.
    pub then: String,
}

/// A quantity as a product of powers of others.
#[derive(Clone, PartialEq, Debug)]
pub struct Computed {
    pub quantity: QuantityId,
    pub unit: UnitId,
    pub factor: f64,
    /// In words, with the inputs in braces: `{tensile-modulus} / {density}`.
    pub shown: String,
    /// The first is a stated figure.
    pub of: Vec<Input>,
}

/// The table of formulas.
#[derive(Debug, Default)]
pub struct Formulas {
    pub words: Vec<WordValue>,
    pub all: Vec<Computed>,
}

const FILE: &str = "rules/goods/computed.toml";

fn file() -> SourceFile {
    SourceFile::new(FILE, crate::shipped::text(FILE))
}

static SHIPPED: LazyLock<Formulas> = LazyLock::new(|| Formulas::read(&file()).0);

impl Formulas {
    /// The table that comes with the program.
    #[must_use]
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// The mistakes of the table that comes with the program: none, or a test
    /// fails.
    #[must_use]
    pub fn shipped_mistakes() -> Diagnostics {
        Self::read(&file()).1
    }

    /// The formulas for a quantity, in the order of the table.
    pub fn of(&self, quantity: QuantityId) -> impl Iterator<Item = &Computed> {
        self.all.iter().filter(move |formula| formula.quantity == quantity)
    }

    pub(super) fn read(file: &SourceFile) -> (Self, Diagnostics) {
        let mut out = Diagnostics::default();
        let document = parse_toml(file, &mut out);
        let mut document = Table::document(file, &document);
        document.pack(&mut out);
        let mut formulas = Self::default();
        for table in document.tables("word_value", &mut out) {
            let word = read_words(table, &mut out);
            formulas.words.push(word);
        }
        for table in document.tables("computed", &mut out) {
            let formula = formulas.read_formula(table, &mut out);
            formulas.all.extend(formula);
        }
        document.finish(&mut out);
        (formulas, out)
    }

    fn read_formula(&self, mut table: Table<'_, '_>, out: &mut Diagnostics) -> Option<Computed> {
        let quantity = table.require("quantity", out).and_then(|item| named::quantity(item, out));
        let unit = table.require("unit", out).and_then(|item| named::unit_of(item, quantity?, out));
        let factor = table.get("factor").and_then(|item| item.measure(out)).unwrap_or(1.0);
        let shown = table.string("shown", out);
        let inputs = table.tables("of", out);
        let of: Vec<Option<Input>> = inputs.into_iter().map(|input| self.read_input(input, out)).collect();
        let whole = of.iter().all(Option::is_some);
        let of: Vec<Input> = of.into_iter().flatten().collect();
        if whole && !of.first().is_some_and(|input| matches!(input.source, Source::Figure { .. })) {
            out.push(table.error("the first of `of` must be a `quantity`"));
        }
        for input in of.iter().filter(|input| input.power != 0 && !names(&shown, &input.key)) {
            // A word that may be left out need not be shown.
            if !matches!(input.source, Source::Word { otherwise: Some(_), .. }) {
                out.push(table.error(format!("`shown` does not name `{{{}}}`", input.key)));
            }
        }
        table.finish(out);
        whole.then_some(Computed { quantity: quantity?, unit: unit?, factor, shown, of })
    }

    fn read_input(&self, mut table: Table<'_, '_>, out: &mut Diagnostics) -> Option<Input> {
        let power = table.get("power").and_then(|item| item.measure(out)).unwrap_or(1.0);
        let power =
            [-2, -1, 0, 1, 2].into_iter().find(|whole| (f64::from(*whole) - power).abs() < f64::EPSILON);
        if power.is_none() {
            out.push(table.error("`power` is a whole number from -2 to 2"));
        }
        let then = table.opt_string("then", out).unwrap_or_default();
        let (figure, word) = (table.get("quantity"), table.get("word"));
        let times = table.opt_boolean("times", out).unwrap_or_default();
        let (key, source) = if let Some(item) = figure {
            let quantity = named::quantity(item, out);
            let unit = table.require("unit", out).and_then(|item| named::unit_of(item, quantity?, out));
            let source = quantity.zip(unit).map(|(quantity, unit)| Source::Figure { quantity, unit });
            (item.string(out).unwrap_or_default().to_owned(), source)
        } else if let Some(item) = word {
            let key = item.string(out).unwrap_or_default();
            let reading = self.words.iter().position(|word| word.key == key);
            if reading.is_none() {
                out.push(item.error(format!("there is no `word_value` with the key `{key}`")));
            }
            let otherwise = table.get("otherwise").and_then(|item| item.measure(out));
            let only = table.get("only").and_then(|item| item.measure(out));
            (key.to_owned(), reading.map(|reading| Source::Word { reading, otherwise, only }))
        } else if times {
            ("times".to_owned(), Some(Source::Times))
        } else {
            out.push(table.error("an input needs `quantity`, `word` or `times`"));
            (String::new(), None)
        };
        table.finish(out);
        Some(Input { key, source: source?, power: power?, then })
    }
}

fn names(shown: &str, key: &str) -> bool {
    shown.contains(&format!("{{{key}}}"))
}

fn read_words(mut table: Table<'_, '_>, out: &mut Diagnostics) -> WordValue {
    let key = table.string("key", out);
    let beside = table.require("beside", out);
    let beside = beside.map(|item| named::dimensions(item, out)).unwrap_or_default();
    let mut word = WordValue { key, beside, values: Vec::new(), words: TermIndex::default() };
    for mut value in table.tables("values", out) {
        let figure = value.require("value", out).and_then(|item| item.measure(out)).unwrap_or_default();
        for text in value.strings("words", out) {
            word.words.add(&text, word.values.len());
        }
        value.finish(out);
        word.values.push(figure);
    }
    table.finish(out);
    word
}
