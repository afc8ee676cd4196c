//! All products, and which of them a description names.
//!
//! Knows words and part numbers; the limits are weighed in `assess`.

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Item, SourceFile, Table, parse_toml};

use super::assess::{Assessment, weigh};
use super::misread::put_right;
use super::product::{Product, read_products};
use super::reading::Reading;
use super::wording::{Hit, How, TermIndex, Words};

/// What a term does for a product.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Role {
    Term,
    Weak,
    Context,
    Exclude,
    /// Asked for by a paragraph.
    Paragraph,
    /// Of everyday life: no product at all.
    Everyday,
}

/// A term of a product.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Tag {
    product: usize,
    role: Role,
    /// Its place in the list of its role; of [`Role::Paragraph`] the paragraph.
    item: usize,
}

/// The tag of the words of everyday goods.
const EVERYDAY: Tag = Tag { product: usize::MAX, role: Role::Everyday, item: 0 };

/// Products with all that they are named by. Immutable.
#[derive(Debug, Default)]
pub struct Products {
    all: Vec<Product>,
    terms: TermIndex<Tag>,
    /// The first two characters of a part number → (its beginning, product,
    /// part).
    parts: FxHashMap<[u8; 2], Vec<(String, usize, usize)>>,
}

/// A product that a description names.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub product: usize,
    pub how: How,
    /// Words of the description that name it.
    pub length: usize,
    /// Those words as they were folded; none of a part number.
    pub written: Vec<String>,
    /// In plain words.
    pub by: String,
    /// How sure the maker's number is; empty for words.
    pub certainty: String,
    /// Paragraphs whose words stand in the description.
    pub said: Vec<usize>,
    /// The description also says a word of everyday goods.
    pub everyday: bool,
}

impl Named {
    /// Whether some words are all of the name of the goods.
    pub fn is_named_by(&self, words: &[String]) -> bool {
        !words.is_empty() && words.iter().all(|word| self.written.contains(word))
    }
}

static SHIPPED: LazyLock<Products> = LazyLock::new(|| Products::read(&Products::shipped_files()).0);

impl Products {
    /// The product files that come with the program.
    #[must_use]
    pub fn shipped_files() -> Vec<SourceFile> {
        crate::shipped::files()
            .into_iter()
            .filter(|(name, _)| name.starts_with("rules/goods/control/"))
            .map(|(name, bytes)| SourceFile::new(name, String::from_utf8_lossy(bytes).into_owned()))
            .collect()
    }

    /// The products that come with the program, read once. A mistake in them
    /// is found by the tests, not here.
    #[must_use]
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads product files. Every mistake of every file is collected; with an
    /// error there are no products.
    #[must_use]
    pub fn load(files: &[SourceFile]) -> (Option<Self>, Diagnostics) {
        let (products, out) = Self::read(files);
        let products = (!out.has_errors()).then_some(products);
        (products, out)
    }

    fn read(files: &[SourceFile]) -> (Self, Diagnostics) {
        let mut out = Diagnostics::default();
        let mut products = Self::default();
        for file in files {
            let document = parse_toml(file, &mut out);
            let mut document = Table::document(file, &document);
            let pack = document.pack(&mut out);
            for product in read_products(&mut document, &pack, &mut out) {
                if products.get(&product.id).is_some() {
                    out.push(
                        Diagnostic::error(format!("the product `{}` is defined twice", product.id))
                            .at(file, document.span().start..document.span().start)
                            .help("ids are unique over all files"),
                    );
                    continue;
                }
                products.add(product);
            }
            products.read_everyday(&mut document, &mut out);
            document.finish(&mut out);
        }
        (products, out)
    }

    /// The words of everyday goods, which speak against every product.
    fn read_everyday(&mut self, document: &mut Table<'_, '_>, out: &mut Diagnostics) {
        for mut table in document.tables("everyday", out) {
            table.string("language", out);
            for item in table.require("words", out).map(Item::one_or_many).unwrap_or_default() {
                let Some(word) = item.string(out) else { continue };
                if !self.terms.add(word, EVERYDAY) {
                    out.push(item.error(format!("`{word}` has no letters that can be looked for")));
                }
            }
            table.finish(out);
        }
    }

    fn add(&mut self, product: Product) {
        let number = self.all.len();
        let lists = [
            (Role::Term, &product.terms),
            (Role::Weak, &product.weak_terms),
            (Role::Context, &product.context),
            (Role::Exclude, &product.exclude),
        ];
        for (role, list) in lists {
            for (item, term) in list.iter().enumerate() {
                self.terms.add(term, Tag { product: number, role, item });
            }
        }
        for (item, paragraph) in product.paragraphs.iter().enumerate() {
            for word in &paragraph.words {
                self.terms.add(word, Tag { product: number, role: Role::Paragraph, item });
            }
        }
        for (item, part) in product.parts.iter().enumerate() {
            if let Some(&[a, b]) = part.prefix.as_bytes().get(..2) {
                self.parts.entry([a, b]).or_default().push((part.prefix.clone(), number, item));
            }
        }
        self.all.push(product);
    }

    /// The product of an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Product> {
        self.all.iter().find(|product| *product.id == *id)
    }

    /// All products, in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = &Product> {
        self.all.iter()
    }

    /// What a description of goods may be, best named first; empty where it
    /// names no product. A suggestion to check, never a classification.
    #[must_use]
    pub fn assess(&self, description: &str) -> Vec<Assessment> {
        let description = &put_right(description);
        let named = self.named(description);
        if named.is_empty() {
            return Vec::new();
        }
        let reading = Reading::of(description);
        named
            .into_iter()
            .filter_map(|named| {
                let mut assessment = weigh(self.all.get(named.product)?, &named, &reading);
                if named.everyday {
                    // "For kids" is also what goods are passed off as: figures
                    // that reach a limit are told all the same.
                    if !assessment.reaches_a_limit() {
                        return None;
                    }
                    assessment.by.push_str(", beside words of everyday goods");
                }
                Some(assessment)
            })
            .collect()
    }

    /// The products that a description names.
    fn named(&self, description: &str) -> Vec<Named> {
        let words = Words::of(description);
        let hits = self.terms.find_turned(&words);
        let parts = self.parts_in(&words);
        let mut found: Vec<Named> = Vec::new();
        let mut candidates: Vec<usize> = hits
            .iter()
            .filter(|hit| matches!(hit.tag.role, Role::Term | Role::Weak))
            .map(|hit| hit.tag.product)
            .chain(parts.iter().map(|(product, _)| *product))
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        for product in candidates {
            let against = |hit: &&Hit<Tag>| hit.how < How::Typo && !within_own_term(hit, product, &hits);
            let excludes = |hit: &Hit<Tag>| hit.tag.product == product && hit.tag.role == Role::Exclude;
            if hits.iter().filter(against).any(excludes) {
                continue;
            }
            let everyday = hits.iter().filter(against).any(|hit| hit.tag == EVERYDAY);
            let part = parts.iter().find(|(other, _)| *other == product).map(|(_, part)| *part);
            let named = self.name(product, part, &hits, &words);
            found.extend(named.map(|named| Named { everyday, ..named }));
        }
        found.sort_by_key(|named| (named.how, std::cmp::Reverse(named.length), named.product));
        found
    }

    fn name(&self, product: usize, part: Option<usize>, hits: &[Hit<Tag>], words: &Words) -> Option<Named> {
        let about = self.all.get(product)?;
        let own = || hits.iter().filter(|hit| hit.tag.product == product);
        let said = own().filter(|hit| hit.tag.role == Role::Paragraph && hit.how != How::Typo);
        let said: Vec<usize> = said.map(|hit| hit.tag.item).collect();
        if let Some(part) = part.and_then(|part| about.parts.get(part)) {
            let maker = if part.maker.is_empty() { String::new() } else { format!(" of {}", part.maker) };
            return Some(Named {
                product,
                how: How::Exact,
                length: usize::MAX,
                written: Vec::new(),
                by: format!("a part number{maker} that begins with {}", part.prefix.to_uppercase()),
                certainty: part.certainty.clone(),
                said,
                everyday: false,
            });
        }
        let term = own()
            .filter(|hit| hit.tag.role == Role::Term && !covered(hit, hits))
            .min_by_key(|hit| (hit.how, std::cmp::Reverse(hit.words), hit.at));
        let weak = || {
            own()
                .filter(|hit| hit.tag.role == Role::Weak && !covered(hit, hits))
                .find(|weak| own().any(|other| other.tag.role == Role::Context && apart(weak, other)))
        };
        let hit = term.or_else(weak)?;
        let list = if hit.tag.role == Role::Term { &about.terms } else { &about.weak_terms };
        let term = list.get(hit.tag.item).map_or("", String::as_str);
        let own = words.all.get(hit.at..hit.at + hit.words).unwrap_or_default();
        let written = own.join(" ");
        let by = match hit.how {
            How::Exact | How::Inflected => format!("the description says \"{term}\""),
            How::Abbreviated | How::Compound | How::Typo => {
                format!("the description says \"{written}\", read as \"{term}\"")
            }
        };
        let (how, length, written) = (hit.how, hit.words, own.to_vec());
        Some(Named { product, how, length, written, by, certainty: String::new(), said, everyday: false })
    }

    /// Part numbers in the words: (product, part).
    fn parts_in(&self, words: &Words) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        if self.parts.is_empty() {
            return found;
        }
        for (at, word) in words.all.iter().enumerate() {
            let mut letters = words.all.iter().skip(at).flat_map(|word| word.bytes());
            let (Some(a), Some(b)) = (letters.next(), letters.next()) else { continue };
            for (prefix, product, part) in self.parts.get(&[a, b]).into_iter().flatten() {
                if begins(words, at, word, prefix) {
                    found.push((*product, *part));
                }
            }
        }
        found
    }
}

/// Shortest beginning of a part number that may be written in several words.
const SPLIT: usize = 6;

/// Whether a part number begins at a word.
fn begins(words: &Words, at: usize, word: &str, prefix: &str) -> bool {
    // Letters alone need figures behind them: `XCVU` in `XCVU9P`.
    let has_figure = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    if let Some(rest) = word.strip_prefix(prefix) {
        return has_figure(prefix) || has_figure(rest);
    }
    if prefix.len() < SPLIT || !has_figure(prefix) || !prefix.starts_with(word) {
        return false;
    }
    let written = words.all.iter().skip(at).take(3).flat_map(|word| word.bytes());
    written.take(prefix.len()).eq(prefix.bytes())
}

/// Whether a longer term of another product stands over a term.
fn covered(hit: &Hit<Tag>, hits: &[Hit<Tag>]) -> bool {
    hits.iter().any(|other| {
        other.tag.product != hit.tag.product
            && other.tag.role == Role::Term
            && other.how <= hit.how
            && other.words > hit.words
            && other.at <= hit.at
            && hit.at + hit.words <= other.at + other.words
    })
}

/// Whether an excluding word is only a part of the product's own name: `tube
/// amplifier` in `travelling wave tube amplifier`.
fn within_own_term(hit: &Hit<Tag>, product: usize, hits: &[Hit<Tag>]) -> bool {
    hits.iter().any(|own| {
        own.tag.product == product
            && own.tag.role == Role::Term
            // Words turned about span others that are not theirs.
            && own.how < How::Compound
            && own.words > hit.words
            && own.at <= hit.at
            && hit.at + hit.words <= own.at + own.words
    })
}

/// Whether two terms share no word.
fn apart(a: &Hit<Tag>, b: &Hit<Tag>) -> bool {
    a.at + a.words <= b.at || b.at + b.words <= a.at
}

/// The id of a product, shared.
pub(super) fn id(product: &Product) -> Arc<str> {
    Arc::clone(&product.id)
}
