//! Products and the paragraphs of the control lists: the `[[product]]` tables
//! of `rules/goods/control/*.toml`.
//!
//! Knows the form of the packs, and that quantities and units exist; reads no
//! description.

use std::sync::Arc;

use crate::diagnostic::{Diagnostics, Item, Pack, Table};

use super::quantity::{Formulas, Quantities, QuantityId, Source, UnitId, Units, quantity, unit_of};

/// A kind of goods.
#[derive(Clone, Debug)]
pub struct Product {
    /// Unique over all files.
    pub id: Arc<str>,
    pub title: String,
    pub terms: Vec<String>,
    /// Count only beside a word of `context`.
    pub weak_terms: Vec<String>,
    pub context: Vec<String>,
    /// Words that show that it is something else.
    pub exclude: Vec<String>,
    pub parts: Vec<Part>,
    /// Tariff headings the goods go under: hints.
    pub hs: Vec<String>,
    /// Quantities that decide, in the order to ask for them.
    pub ask: Vec<QuantityId>,
    /// The code next below.
    pub lower: Option<String>,
    /// What is taken for granted in computing where it is not stated.
    pub assume: Vec<Assumed>,
    pub certainty: String,
    pub paragraphs: Vec<Paragraph>,
    /// What is asked for where a quantity of the limits is not stated: its name,
    /// its unit, and what it can be computed from.
    questions: Vec<(QuantityId, String)>,
}

impl Product {
    /// What to ask for where a quantity is not stated: `sample rate (GSPS)`.
    #[must_use]
    pub fn question(&self, quantity: QuantityId) -> &str {
        let found = self.questions.iter().find(|(other, _)| *other == quantity);
        found.map_or("", |(_, question)| question.as_str())
    }
}

/// The questions for the quantities of some limits, in the unit of the first.
fn questions(paragraphs: &[Paragraph]) -> Vec<(QuantityId, String)> {
    let mut found: Vec<(QuantityId, String)> = Vec::new();
    for limit in paragraphs.iter().flat_map(|paragraph| &paragraph.limits) {
        if !found.iter().any(|(quantity, _)| *quantity == limit.quantity) {
            found.push((limit.quantity, question(limit)));
        }
    }
    found
}

fn question(limit: &Limit) -> String {
    let quantities = Quantities::shipped();
    let label = |quantity| quantities.get(quantity).map_or("", |quantity| quantity.label.as_str());
    let mut further = Vec::new();
    // What is counted names itself.
    let units = Units::shipped();
    let measured = units.get(limit.unit).filter(|unit| Some(unit.dimension) != units.dimension("count"));
    further.extend(measured.map(|unit| unit.id.clone()).filter(|unit| !unit.is_empty()));
    if let Some(formula) = Formulas::shipped().of(limit.quantity).last() {
        let inputs = formula.of.iter().filter_map(|input| match input.source {
            Source::Figure { quantity, .. } => Some(label(quantity).to_owned()),
            Source::Word { otherwise: None, .. } => Some(input.key.replace('-', " ")),
            Source::Word { .. } | Source::Times => None,
        });
        further.push(format!("or {}", inputs.collect::<Vec<_>>().join(" and ")));
    }
    let label = label(limit.quantity);
    if further.is_empty() { label.to_owned() } else { format!("{label} ({})", further.join("; ")) }
}

/// Part numbers that begin so are the product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Letters and digits, lower case.
    pub prefix: String,
    pub maker: String,
    pub certainty: String,
}

/// A figure that is taken for granted where none is stated.
#[derive(Clone, PartialEq, Debug)]
pub struct Assumed {
    pub quantity: QuantityId,
    pub value: f64,
    pub unit: UnitId,
    pub certainty: String,
}

/// A paragraph of a control list.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Of the US list.
    pub code: String,
    /// Of the EU's Annex I; empty where it has none.
    pub eu: String,
    pub title: String,
    /// All must be met.
    pub limits: Vec<Limit>,
    /// One of these must be said, if there are any.
    pub words: Vec<String>,
    pub cite: String,
    /// Empty when the text was seen.
    pub certainty: String,
    /// What else the paragraph asks for.
    pub note: String,
}

/// A technical limit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Limit {
    pub quantity: QuantityId,
    pub unit: UnitId,
    pub at_least: Option<f64>,
    pub above: Option<f64>,
    pub at_most: Option<f64>,
    pub below: Option<f64>,
    /// Counts only where a figure is stated.
    pub if_stated: bool,
}

/// Reads the products of a file.
pub(super) fn read_products(table: &mut Table<'_, '_>, pack: &Pack, out: &mut Diagnostics) -> Vec<Product> {
    table.tables("product", out).into_iter().map(|table| read_product(table, pack, out)).collect()
}

fn read_product(mut table: Table<'_, '_>, pack: &Pack, out: &mut Diagnostics) -> Product {
    let id = table.string("id", out);
    let title = table.string("title", out);
    let certainty = table.opt_string("certainty", out).unwrap_or_else(|| pack.certainty.clone());
    let lower = table.get("lower").and_then(|item| code(item, out)).filter(|code| !code.is_empty());
    let mut product = Product {
        id: id.into(),
        title,
        terms: terms(&mut table, "terms", out),
        weak_terms: terms(&mut table, "weak_terms", out),
        context: terms(&mut table, "context", out),
        exclude: terms(&mut table, "exclude", out),
        parts: table.tables("parts", out).into_iter().filter_map(|part| read_part(part, out)).collect(),
        hs: read_hs(&mut table, out),
        ask: read_ask(&mut table, out),
        lower,
        assume: table.tables("assume", out).into_iter().filter_map(|one| read_assumed(one, out)).collect(),
        paragraphs: table
            .tables("paragraph", out)
            .into_iter()
            .filter_map(|paragraph| read_paragraph(paragraph, &certainty, out))
            .collect(),
        certainty,
        questions: Vec::new(),
    };
    product.questions = questions(&product.paragraphs);
    if product.terms.is_empty() && product.weak_terms.is_empty() && product.parts.is_empty() {
        out.push(table.error("the product has neither `terms`, `weak_terms` nor `parts`"));
    }
    if !product.weak_terms.is_empty() && product.context.is_empty() {
        out.push(table.error("`weak_terms` count only beside `context`, which is missing"));
    }
    table.finish(out);
    product
}

/// Terms that fold to something.
fn terms(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Vec<String> {
    let Some(item) = table.get(key) else { return Vec::new() };
    let mut read = Vec::new();
    for item in item.one_or_many() {
        let Some(term) = item.string(out) else { continue };
        if crate::name::fold_text(term).is_empty() {
            out.push(item.error(format!("`{term}` has no letters that can be looked for")));
        } else {
            read.push(term.to_owned());
        }
    }
    read
}

/// Letters and digits, lower case.
pub(super) fn compact_part(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn read_part(mut part: Table<'_, '_>, out: &mut Diagnostics) -> Option<Part> {
    let item = part.require("prefix", out);
    let maker = part.opt_string("maker", out).unwrap_or_default();
    let certainty = part.opt_string("certainty", out).unwrap_or_default();
    part.finish(out);
    let item = item?;
    let prefix = compact_part(item.string(out)?);
    if prefix.len() < 3 {
        out.push(item.error("the beginning of a part number needs three letters or digits"));
        return None;
    }
    Some(Part { prefix, maker, certainty })
}

fn read_assumed(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Option<Assumed> {
    let quantity = table.require("quantity", out).and_then(|item| quantity(item, out));
    let value = table.require("value", out).and_then(|item| item.measure(out));
    let unit = table.require("unit", out);
    let unit = unit.and_then(|item| unit_of(item, quantity?, out));
    let certainty = table.opt_string("certainty", out).unwrap_or_default();
    table.finish(out);
    Some(Assumed { quantity: quantity?, value: value?, unit: unit?, certainty })
}

fn read_hs(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Vec<String> {
    let mut read = Vec::new();
    for item in table.get("hs").map(Item::one_or_many).unwrap_or_default() {
        let Some(text) = item.string(out) else { continue };
        let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
        if (2..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            read.push(digits);
        } else {
            out.push(item.error(format!("`{text}` is not a tariff code of 2 to 10 digits")));
        }
    }
    read
}

fn read_ask(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Vec<QuantityId> {
    let items = table.get("ask").map(Item::one_or_many).unwrap_or_default();
    items.into_iter().filter_map(|item| quantity(item, out)).collect()
}

/// A code of a control list: `3A001.a.5`, `EAR99`, `USML XI`; may be empty.
fn code(item: Item<'_, '_>, out: &mut Diagnostics) -> Option<String> {
    let text = item.string(out)?;
    let bytes = text.as_bytes();
    let listed = bytes.len() >= 5
        && bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes.get(1).is_some_and(|b| (b'A'..=b'E').contains(b))
        && bytes.get(2..5).is_some_and(|number| number.iter().all(u8::is_ascii_digit));
    if text.is_empty() || listed || text == "EAR99" || text.starts_with("USML") || text.starts_with("ML") {
        return Some(text.to_owned());
    }
    out.push(item.error(format!("`{text}` is not a code of a control list")).help("such as 3A001.a.5"));
    None
}

/// Nothing where a limit can't be read: without it the paragraph would be met
/// by less than it asks for.
fn read_paragraph(mut table: Table<'_, '_>, certainty: &str, out: &mut Diagnostics) -> Option<Paragraph> {
    let own = table.require("code", out).and_then(|item| code(item, out)).unwrap_or_default();
    let limits = table.tables("limits", out);
    let limits: Vec<Option<Limit>> = limits.into_iter().map(|limit| read_limit(limit, out)).collect();
    let whole = limits.iter().all(Option::is_some);
    let paragraph = Paragraph {
        code: own,
        eu: table.get("eu").and_then(|item| code(item, out)).unwrap_or_default(),
        title: table.string("title", out),
        limits: limits.into_iter().flatten().collect(),
        words: terms(&mut table, "words", out),
        cite: table.string("cite", out),
        certainty: table.opt_string("certainty", out).unwrap_or_else(|| certainty.to_owned()),
        note: table.opt_string("note", out).unwrap_or_default(),
    };
    table.finish(out);
    whole.then_some(paragraph)
}

fn read_limit(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Option<Limit> {
    let quantity_item = table.require("quantity", out);
    let quantity = quantity_item.and_then(|item| quantity(item, out));
    let unit = table.get("unit");
    let mut bound = |key: &'static str| table.get(key).and_then(|item| item.measure(out));
    let limit = (bound("at_least"), bound("above"), bound("at_most"), bound("below"));
    if limit == (None, None, None, None) {
        out.push(table.error("a limit needs `at_least`, `above`, `at_most` or `below`"));
    }
    let if_stated = table.opt_boolean("if_stated", out).unwrap_or_default();
    let unit = match (unit, quantity) {
        (Some(item), Some(quantity)) => unit_of(item, quantity, out),
        (None, Some(quantity)) => plain_unit(quantity).or_else(|| {
            out.push(table.error("the limit needs a `unit`"));
            None
        }),
        _ => None,
    };
    table.finish(out);
    let (at_least, above, at_most, below) = limit;
    Some(Limit { quantity: quantity?, unit: unit?, at_least, above, at_most, below, if_stated })
}

fn plain_unit(quantity: QuantityId) -> Option<UnitId> {
    let units = Units::shipped();
    let plain = units.find("").first().copied()?;
    let fits = Quantities::shipped().get(quantity)?.dimensions.contains(&units.dimension_of(plain)?);
    fits.then_some(plain)
}
