//! Quantities that control lists speak of: `rules/goods/quantities.toml`.
//!
//! Knows the words that stand beside their numbers; not which goods have them.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostics, Item, SourceFile, Table, parse_toml};
use crate::goods::wording::TermIndex;

use super::{Dimension, Number, UnitId, Units, named};

/// A quantity, by its place in the table.
pub type QuantityId = u16;

/// Which end of a range of figures a limit is held against.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum RangeRule {
    /// The end that comes nearest to being controlled.
    #[default]
    Nearest,
    /// The whole range must fit.
    Whole,
    /// A single figure stands for one end only.
    Both,
    Upper,
    Lower,
}

impl RangeRule {
    const WORDS: [&'static str; 5] = ["nearest", "whole", "both", "upper", "lower"];

    fn from_key(key: &str) -> Option<Self> {
        [Self::Nearest, Self::Whole, Self::Both, Self::Upper, Self::Lower]
            .into_iter()
            .zip(Self::WORDS)
            .find(|(_, word)| *word == key)
            .map(|(rule, _)| rule)
    }
}

/// What of an array such as 640x512 counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ArrayRule {
    #[default]
    Product,
    LongestSide,
    ShortestSide,
}

impl ArrayRule {
    const WORDS: [&'static str; 3] = ["product", "longest-side", "shortest-side"];

    fn from_key(key: &str) -> Option<Self> {
        [Self::Product, Self::LongestSide, Self::ShortestSide]
            .into_iter()
            .zip(Self::WORDS)
            .find(|(_, word)| *word == key)
            .map(|(rule, _)| rule)
    }
}

/// One quantity.
#[derive(Clone, Debug)]
pub struct Quantity {
    pub key: String,
    pub label: String,
    pub dimensions: Vec<Dimension>,
    /// Numbers in the further dimensions are compared as they stand, if words
    /// name them.
    pub alike: bool,
    pub range: RangeRule,
    pub array: ArrayRule,
    /// What it is taken for by goods that do not know it, the first they know.
    pub instead: Vec<QuantityId>,
    /// The unit of a number that words name and that has none: `density 1.82`.
    pub bare: Option<UnitId>,
    /// Of units that are written alike the smallest is meant: `1064 NM`.
    pub fine: bool,
    /// Figures outside are of something else.
    pub usual: Option<Usual>,
}

/// What a quantity may be.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Usual {
    pub at_least: f64,
    pub at_most: f64,
    pub unit: UnitId,
}

impl Quantity {
    /// The unit of a number among those of one of some dimensions, as the
    /// quantity takes it.
    #[must_use]
    pub fn unit_of(&self, number: &Number, units: &Units, dimensions: &[Dimension]) -> Option<UnitId> {
        let fits = |unit: &UnitId| units.dimension_of(*unit).is_some_and(|d| dimensions.contains(&d));
        if number.units.is_empty() {
            return number.unit_in(units, dimensions).or(self.bare.filter(fits));
        }
        if !self.fine {
            return number.unit_in(units, dimensions);
        }
        let size = |unit: &UnitId| units.get(*unit).map_or(f64::MAX, |unit| unit.to_base(1.0));
        number.units.iter().copied().filter(fits).min_by(|a, b| size(a).total_cmp(&size(b)))
    }

    /// Whether a number can be one of the quantity: a strength of 294
    /// gigapascals is a modulus.
    #[must_use]
    pub fn takes(&self, number: &Number, units: &Units) -> bool {
        let Some(usual) = self.usual else { return true };
        let own = self.unit_of(number, units, &self.dimensions).and_then(|own| units.get(own));
        let (Some(own), Some(unit)) = (own, units.get(usual.unit)) else { return true };
        let within = |value: f64| {
            let value = unit.from_base(own.to_base(value));
            value >= usual.at_least && value <= usual.at_most
        };
        within(number.low) || within(number.high)
    }

    /// The dimensions of numbers that no words name.
    #[must_use]
    pub fn own_dimensions(&self) -> &[Dimension] {
        let count = if self.alike { 1 } else { self.dimensions.len() };
        self.dimensions.get(..count).unwrap_or_default()
    }
}

/// The table of quantities.
#[derive(Debug, Default)]
pub struct Quantities {
    all: Vec<Quantity>,
    by_key: FxHashMap<String, QuantityId>,
    pub(in crate::goods) words: TermIndex<QuantityId>,
}

const FILE: &str = "rules/goods/quantities.toml";

fn file() -> SourceFile {
    SourceFile::new(FILE, crate::shipped::text(FILE))
}

static SHIPPED: LazyLock<Quantities> = LazyLock::new(|| Quantities::read(&file()).0);

impl Quantities {
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

    fn read(file: &SourceFile) -> (Self, Diagnostics) {
        let mut out = Diagnostics::default();
        let document = parse_toml(file, &mut out);
        let mut document = Table::document(file, &document);
        document.pack(&mut out);
        let mut quantities = Self::default();
        let mut instead = Vec::new();
        for table in document.tables("quantity", &mut out) {
            quantities.read_one(table, &mut instead, &mut out);
        }
        for (id, item) in instead {
            let Some(key) = item.string(&mut out) else { continue };
            match (quantities.find(key), quantities.all.get_mut(usize::from(id))) {
                (Some(other), Some(quantity)) => quantity.instead.push(other),
                _ => out.push(item.error(format!("there is no quantity `{key}`"))),
            }
        }
        document.finish(&mut out);
        (quantities, out)
    }

    fn read_one<'f, 'd>(
        &mut self,
        mut table: Table<'f, 'd>,
        instead: &mut Vec<(QuantityId, Item<'f, 'd>)>,
        out: &mut Diagnostics,
    ) {
        let units = Units::shipped();
        let key = table.string("key", out);
        let label = table.opt_string("label", out).unwrap_or_else(|| key.replace('-', " "));
        let dimensions = table.require("dimension", out);
        let dimensions = dimensions.map(|item| named::dimensions(item, out)).unwrap_or_default();
        let range = table.word("range", &RangeRule::WORDS, RangeRule::from_key, out).unwrap_or_default();
        let array = table.word("array", &ArrayRule::WORDS, ArrayRule::from_key, out).unwrap_or_default();
        let alike = table.opt_boolean("alike", out).unwrap_or_default();
        let fine = table.opt_boolean("fine", out).unwrap_or_default();
        let bare = table.get("bare").and_then(|item| {
            let written = item.string(out)?;
            let unit = units.find(written).first().copied();
            if unit.is_none() {
                out.push(item.error(format!("there is no unit `{written}`")));
            }
            unit
        });
        let usual = table.get("usual").and_then(|item| read_usual(item, &key, &dimensions, out));
        let words = table.strings("words", out);
        let others = table.get("instead").map(Item::one_or_many).unwrap_or_default();
        if self.by_key.contains_key(&key) {
            out.push(table.error(format!("the quantity `{key}` is defined twice")));
        }
        table.finish(out);
        let id = u16::try_from(self.all.len()).unwrap_or(u16::MAX);
        for word in &words {
            self.words.add(word, id);
        }
        self.by_key.insert(key.clone(), id);
        instead.extend(others.into_iter().map(|item| (id, item)));
        let instead = Vec::new();
        self.all.push(Quantity { key, label, dimensions, alike, range, array, instead, bare, fine, usual });
    }

    /// The quantity of a key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<QuantityId> {
        self.by_key.get(key).copied()
    }

    /// A quantity by its number.
    #[must_use]
    pub fn get(&self, id: QuantityId) -> Option<&Quantity> {
        self.all.get(usize::from(id))
    }

    /// Every quantity, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = &Quantity> {
        self.all.iter()
    }
}

fn read_usual(
    item: Item<'_, '_>,
    key: &str,
    dimensions: &[Dimension],
    out: &mut Diagnostics,
) -> Option<Usual> {
    let mut table = item.table(out)?;
    let at_least = table.get("at_least").and_then(|item| item.measure(out)).unwrap_or(f64::MIN);
    let at_most = table.get("at_most").and_then(|item| item.measure(out)).unwrap_or(f64::MAX);
    let unit = table.require("unit", out).and_then(|item| named::unit(item, key, dimensions, out));
    table.finish(out);
    Some(Usual { at_least, at_most, unit: unit? })
}
