//! Units of measure: `rules/goods/units.toml`, and looking them up by how they
//! are written.
//!
//! Knows spellings and factors; not which of several units that are written
//! alike a text means.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{Diagnostic, Diagnostics, Item, SourceFile, Table, parse_toml};

use super::Bound;
use super::normal::{normalise, unit_key};

/// A unit, by its place in the table.
pub type UnitId = u16;

/// A dimension such as frequency, by its place in the table.
pub type Dimension = u16;

/// One unit of measure.
#[derive(Clone, Debug)]
pub struct Unit {
    /// How it is shown.
    pub id: String,
    pub dimension: Dimension,
    scale: Scale,
    /// The quantity that the unit alone gives away, as a key; may be empty.
    pub of: String,
}

/// How a value in a unit becomes one in the base unit.
#[derive(Clone, Copy, Debug)]
enum Scale {
    Linear { factor: f64, offset: f64 },
    Level { reference: f64, per: f64 },
}

impl Unit {
    /// The value in the base unit of the dimension.
    #[must_use]
    pub fn to_base(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear { factor, offset } => (value + offset) * factor,
            Scale::Level { reference, per } => reference * 10f64.powf(value / per),
        }
    }

    /// The value in this unit of one in the base unit.
    #[must_use]
    pub fn from_base(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear { factor, offset } => value / factor - offset,
            Scale::Level { reference, per } => per * (value / reference).log10(),
        }
    }
}

/// The table of units.
#[derive(Debug, Default)]
pub struct Units {
    all: Vec<Unit>,
    dimensions: Vec<String>,
    /// As written → units.
    exact: FxHashMap<String, Vec<UnitId>>,
    /// In lower case → the spellings and their units.
    loose: FxHashMap<String, Vec<(String, UnitId)>>,
    /// Words that say how a number bounds, in lower case.
    pub(super) bounds: Vec<(String, Bound)>,
    /// What stands before a figure and says its unit, in lower case: `dn`.
    pub(super) before: Vec<(String, UnitId)>,
    /// Words of languages with a decimal comma, in lower case.
    pub(super) comma: FxHashSet<String>,
    /// Names of times as they stand under a stroke, in lower case → `h`, `s` ...
    times: FxHashMap<String, String>,
    /// Figures written as words, in lower case.
    pub(super) numerals: FxHashMap<String, u8>,
    /// What a bare number, and the product of an array, is counted in.
    plain: UnitId,
    elements: UnitId,
}

const FILE: &str = "rules/goods/units.toml";

fn file() -> SourceFile {
    SourceFile::new(FILE, crate::shipped::text(FILE))
}

static SHIPPED: LazyLock<Units> = LazyLock::new(|| Units::read(&file()).0);

/// The longest spelling that is looked for, in characters.
pub(super) const LONGEST: usize = 34;

struct Prefix {
    symbol: String,
    factor: f64,
    words: Vec<String>,
    cyrillic: Vec<String>,
    chinese: Vec<String>,
}

/// All spellings of one unit, before its multiples.
#[derive(Default)]
struct Spelling {
    spellings: Vec<String>,
    words: Vec<String>,
    cyrillic: Vec<String>,
    chinese: Vec<String>,
}

impl Units {
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
        let mut units = Self::default();
        units.plain = units.push("", "count", Scale::Linear { factor: 1.0, offset: 0.0 }, "");
        units.spell("", units.plain, false);
        let prefixes: Vec<Prefix> =
            document.tables("prefix", &mut out).into_iter().map(|table| prefix(table, &mut out)).collect();
        for table in document.tables("unit", &mut out) {
            units.read_unit(table, &prefixes, &mut out);
        }
        for mut table in document.tables("bound", &mut out) {
            let bound = table.word("as", &Bound::WORDS, Bound::from_key, &mut out).unwrap_or_default();
            let words = table.strings("words", &mut out);
            table.finish(&mut out);
            units.bounds.extend(words.into_iter().map(|word| (word.to_lowercase(), bound)));
        }
        for mut table in document.tables("over", &mut out) {
            let time = table.string("time", &mut out);
            let words = table.strings("words", &mut out);
            table.finish(&mut out);
            units.times.extend(words.into_iter().map(|word| (word.to_lowercase(), time.clone())));
        }
        let comma = document.strings("comma", &mut out);
        units.comma.extend(comma.iter().map(|word| word.to_lowercase()));
        for mut table in document.tables("before", &mut out) {
            let word = table.string("word", &mut out).to_lowercase();
            let unit = table.string("unit", &mut out);
            match units.find(&unit).first() {
                Some(unit) => units.before.push((word, *unit)),
                None => out.push(table.error(format!("there is no unit `{unit}`"))),
            }
            table.finish(&mut out);
        }
        for mut table in document.tables("numeral", &mut out) {
            let value = table.require("value", &mut out).and_then(|item| item.decimal(&mut out));
            let value = value.and_then(|value| u8::try_from(value).ok()).unwrap_or_default();
            let words = table.strings("words", &mut out);
            table.finish(&mut out);
            units.numerals.extend(words.into_iter().map(|word| (word.to_lowercase(), value)));
        }
        // Longer words first, so that `not more than` is not read as `more than`.
        units.bounds.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        units.elements = units.find("elements").first().copied().unwrap_or(units.plain);
        document.finish(&mut out);
        (units, out)
    }

    fn read_unit(&mut self, mut table: Table<'_, '_>, prefixes: &[Prefix], out: &mut Diagnostics) {
        let id = table.string("id", out);
        let dimension = table.string("dimension", out);
        let factor = table.get("factor").and_then(|item| item.measure(out)).unwrap_or(1.0);
        let offset = table.get("offset").and_then(|item| item.measure(out)).unwrap_or(0.0);
        let level = table.get("log").and_then(|item| level(item, out));
        let scale = level.unwrap_or(Scale::Linear { factor, offset });
        let spelling = Spelling {
            spellings: table.strings("spellings", out),
            words: table.strings("words", out),
            cyrillic: table.strings("cyrillic", out),
            chinese: table.strings("chinese", out),
        };
        let multiples = table.get("prefixes").map(|item| (item, item.strings(out)));
        let of = table.opt_string("of", out).unwrap_or_default();
        if self.all.iter().any(|other| other.id == id) {
            out.push(table.error(format!("the unit `{id}` is defined twice")));
        }
        table.finish(out);
        let unit = self.push(&id, &dimension, scale, &of);
        self.spell(&id, unit, false);
        self.spell_all(&spelling, unit);
        let Some((item, symbols)) = multiples else { return };
        for symbol in symbols {
            let Some(prefix) = prefixes.iter().find(|prefix| prefix.symbol == symbol) else {
                out.push(item.error(format!("`{symbol}` is not a prefix")));
                continue;
            };
            let scale = Scale::Linear { factor: factor * prefix.factor, offset };
            let unit = self.push(&format!("{}{id}", prefix.symbol), &dimension, scale, &of);
            self.spell(&format!("{}{id}", prefix.symbol), unit, false);
            self.spell_all(&multiple(&spelling, prefix), unit);
        }
    }

    fn push(&mut self, id: &str, dimension: &str, scale: Scale, of: &str) -> UnitId {
        let dimension = self.dimension(dimension).unwrap_or_else(|| {
            self.dimensions.push(dimension.to_owned());
            number(self.dimensions.len() - 1)
        });
        self.all.push(Unit { id: id.to_owned(), dimension, scale, of: of.to_owned() });
        number(self.all.len() - 1)
    }

    fn spell_all(&mut self, spelling: &Spelling, unit: UnitId) {
        for written in spelling.spellings.iter().chain(&spelling.cyrillic).chain(&spelling.chinese) {
            self.spell(written, unit, false);
        }
        for word in &spelling.words {
            self.spell(word, unit, true);
        }
    }

    fn spell(&mut self, written: &str, unit: UnitId, any_case: bool) {
        let key = unit_key(&normalise(written));
        let exact = self.exact.entry(key.clone()).or_default();
        if !exact.contains(&unit) {
            exact.push(unit);
        }
        if any_case || key.chars().count() > 1 {
            let loose = self.loose.entry(key.to_lowercase()).or_default();
            if !loose.iter().any(|(_, other)| *other == unit) {
                // A word is as good in any case, so that it stands as in lower case.
                loose.push((if any_case { key.to_lowercase() } else { key }, unit));
            }
        }
    }

    /// The units that are written so, likeliest first; several where a
    /// spelling is shared, such as `g` for grams and for gravity.
    pub(super) fn by_key(&self, key: &str, found: &mut Vec<UnitId>) -> bool {
        self.as_spelt(key, found) || key.contains('/') && self.over_time(key, found)
    }

    /// `мили/ч`, `°/√saat`, `kg/24小时`: over a time that is named in another
    /// language.
    fn over_time(&self, key: &str, found: &mut Vec<UnitId>) -> bool {
        let Some((over, under)) = key.rsplit_once('/') else { return false };
        let time = under.trim_start_matches(|c: char| c == '√' || c.is_ascii_digit());
        let sign = under.strip_suffix(time).unwrap_or_default();
        let Some(time) = self.times.get(&time.to_lowercase()) else { return false };
        if self.as_spelt(&format!("{over}/{sign}{time}"), found) {
            return true;
        }
        if !self.as_spelt(over, found) {
            return false;
        }
        let over: Vec<String> = found
            .iter()
            .filter_map(|unit| self.get(*unit))
            .map(|unit| unit_key(&normalise(&unit.id)))
            .collect();
        over.iter().any(|over| self.as_spelt(&format!("{over}/{sign}{time}"), found))
    }

    fn as_spelt(&self, key: &str, found: &mut Vec<UnitId>) -> bool {
        found.clear();
        if let Some(exact) = self.exact.get(key) {
            found.extend_from_slice(exact);
            return true;
        }
        let Some(loose) = self.loose.get(&key.to_lowercase()) else { return false };
        let mut near: Vec<(usize, UnitId)> = loose
            .iter()
            .map(|(written, unit)| (written.chars().zip(key.chars()).filter(|(a, b)| a != b).count(), *unit))
            .collect();
        near.sort_by_key(|(changed, _)| *changed);
        for (_, unit) in near {
            // Of one dimension only the nearest: `mw` is milliwatts.
            let same = |other: &UnitId| self.dimension_of(*other) == self.dimension_of(unit);
            if !found.iter().any(same) {
                found.push(unit);
            }
        }
        !found.is_empty()
    }

    /// The units that a spelling may mean.
    #[must_use]
    pub fn find(&self, written: &str) -> Vec<UnitId> {
        let mut found = Vec::new();
        self.by_key(&unit_key(&normalise(written)), &mut found);
        found
    }

    /// A unit by its number.
    #[must_use]
    pub fn get(&self, unit: UnitId) -> Option<&Unit> {
        self.all.get(usize::from(unit))
    }

    #[must_use]
    pub fn dimension_of(&self, unit: UnitId) -> Option<Dimension> {
        self.get(unit).map(|unit| unit.dimension)
    }

    /// The dimension of a name.
    #[must_use]
    pub fn dimension(&self, name: &str) -> Option<Dimension> {
        self.dimensions.iter().position(|other| other == name).map(number)
    }

    /// The name of a dimension.
    #[must_use]
    pub fn dimension_name(&self, dimension: Dimension) -> &str {
        self.dimensions.get(usize::from(dimension)).map_or("", String::as_str)
    }

    /// The names of all dimensions.
    pub fn dimensions(&self) -> impl Iterator<Item = &str> {
        self.dimensions.iter().map(String::as_str)
    }

    /// Every unit with its number.
    pub fn iter(&self) -> impl Iterator<Item = (UnitId, &Unit)> {
        self.all.iter().enumerate().map(|(i, unit)| (number(i), unit))
    }

    /// The unit of numbers without one.
    pub(super) fn plain(&self) -> UnitId {
        self.plain
    }

    /// The unit of the product of an array such as 640x512.
    pub(super) fn elements(&self) -> UnitId {
        self.elements
    }
}

/// The tables are far shorter than 65,535 lines.
fn number(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

fn prefix(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Prefix {
    let prefix = Prefix {
        symbol: table.string("symbol", out),
        factor: table.require("factor", out).and_then(|item| item.measure(out)).unwrap_or(1.0),
        words: table.strings("words", out),
        cyrillic: table.strings("cyrillic", out),
        chinese: table.strings("chinese", out),
    };
    table.finish(out);
    prefix
}

fn level(item: Item<'_, '_>, out: &mut Diagnostics) -> Option<Scale> {
    let mut table = item.table(out)?;
    let reference = table.require("reference", out).and_then(|item| item.measure(out));
    let per = table.require("per", out).and_then(|item| item.measure(out));
    table.finish(out);
    let (reference, per) = (reference?, per?);
    if reference <= 0.0 || per <= 0.0 {
        out.push(Diagnostic::error("`reference` and `per` must be above 0").at(item.file, item.span()));
        return None;
    }
    Some(Scale::Level { reference, per })
}

fn multiple(of: &Spelling, prefix: &Prefix) -> Spelling {
    let join = |front: &[String], rest: &[String]| {
        front.iter().flat_map(|front| rest.iter().map(move |rest| format!("{front}{rest}"))).collect()
    };
    Spelling {
        spellings: join(std::slice::from_ref(&prefix.symbol), &of.spellings),
        // Only long words take a prefix as a word: `v` for volts does not.
        words: of
            .words
            .iter()
            .filter(|word| word.len() > 1)
            .flat_map(|word| prefix.words.iter().map(move |front| format!("{front}{word}")))
            .collect(),
        cyrillic: join(&prefix.cyrillic, &of.cyrillic),
        chinese: join(&prefix.chinese, &of.chinese),
    }
}
