//! The words of ownership files, by the table of
//! `rules/ownership/columns.toml`: headers, yes and no, cells that say
//! nothing, words for shares, days.

use std::sync::OnceLock;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};
use crate::name::fold_words;
use crate::trade::{IdentifierKind, PartyKind};

use super::share::{Share, ShareError};

/// One of the two sides of a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Owner,
    Owned,
}

/// What is told about a side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Attribute {
    Name,
    Country,
    Kind,
    Number(IdentifierKind),
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    Of(Side, Attribute),
    Share,
    Control,
    AsOf,
    From,
    Until,
    Source,
    Note,
}

/// The table.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Folded role words, longest first.
    roles: Vec<(Vec<String>, Side)>,
    attributes: FxHashMap<String, Attribute>,
    fields: FxHashMap<String, Field>,
    yes: Vec<String>,
    no: Vec<String>,
    blank: Vec<String>,
    shares: Vec<(String, Share)>,
}

const TABLE: &str = "rules/ownership/columns.toml";

fn fold(text: &str) -> Vec<String> {
    fold_words(&text.replace('_', " ")).words
}

impl Words {
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Words> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            // That the shipped table holds no mistake is held by a test.
            Self::load(&SourceFile::new(TABLE, crate::shipped::text(TABLE)), &mut Diagnostics::default())
        })
    }

    fn load(file: &SourceFile, out: &mut Diagnostics) -> Self {
        let document = parse_toml(file, out);
        let mut table = Table::document(file, &document);
        let mut words = Self::default();
        table.pack(out);
        for mut entry in table.tables("role", out) {
            let side = match entry.string("key", out).as_str() {
                "owner" => Side::Owner,
                "owned" => Side::Owned,
                other => {
                    out.push(entry.error(format!("unknown side `{other}`")));
                    continue;
                }
            };
            words.roles.extend(entry.strings("words", out).iter().map(|word| (fold(word), side)));
            entry.finish(out);
        }
        words.roles.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(&b.0)));
        for mut entry in table.tables("attribute", out) {
            let key = entry.string("key", out);
            let attribute = match key.as_str() {
                "name" => Some(Attribute::Name),
                "country" => Some(Attribute::Country),
                "kind" => Some(Attribute::Kind),
                other => IdentifierKind::from_key(other).map(Attribute::Number),
            };
            let Some(attribute) = attribute else {
                out.push(entry.error(format!("unknown attribute `{key}`")));
                continue;
            };
            for word in entry.strings("words", out) {
                words.attributes.insert(fold(&word).join(" "), attribute);
            }
            entry.finish(out);
        }
        for mut entry in table.tables("field", out) {
            let field = match entry.string("key", out).as_str() {
                "share" => Field::Share,
                "control" => Field::Control,
                "as-of" => Field::AsOf,
                "from" => Field::From,
                "until" => Field::Until,
                "source" => Field::Source,
                "note" => Field::Note,
                other => {
                    out.push(entry.error(format!("unknown field `{other}`")));
                    continue;
                }
            };
            for header in entry.strings("headers", out) {
                words.fields.insert(header_key(&header), field);
            }
            entry.finish(out);
        }
        let lower = |texts: Vec<String>| texts.iter().map(|text| text.to_lowercase()).collect();
        words.yes = lower(table.strings("yes", out));
        words.no = lower(table.strings("no", out));
        words.blank = lower(table.strings("blank", out));
        for mut entry in table.tables("share_word", out) {
            match Share::parse(&entry.string("share", out)) {
                Ok(share) => {
                    let texts = entry.strings("words", out);
                    words.shares.extend(texts.into_iter().map(|text| (text.to_lowercase(), share)));
                }
                Err(error) => out.push(entry.error(error.message)),
            }
            entry.finish(out);
        }
        table.finish(out);
        words
    }

    /// What a header means, if anything.
    pub fn header(&self, header: &str) -> Option<Field> {
        let key = header_key(header);
        if let Some(field) = self.fields.get(&key) {
            return Some(*field);
        }
        let words = fold(header);
        for (role, side) in &self.roles {
            let rest = match words.strip_prefix(role.as_slice()) {
                Some(rest) => rest,
                None => match words.strip_suffix(role.as_slice()) {
                    Some(rest) if !rest.is_empty() => rest.strip_suffix(&["of".to_owned()]).unwrap_or(rest),
                    _ => continue,
                },
            };
            if rest.is_empty() {
                return Some(Field::Of(*side, Attribute::Name));
            }
            // "Company number" is both: whose it is, and what.
            let attribute = self.attributes.get(&rest.join(" "));
            if let Some(attribute) = attribute.or_else(|| self.attributes.get(&words.join(" "))) {
                return Some(Field::Of(*side, *attribute));
            }
        }
        None
    }

    /// Whether a cell says nothing.
    pub fn is_blank(&self, cell: &str) -> bool {
        let cell = cell.trim();
        cell.is_empty() || self.blank.contains(&cell.to_lowercase())
    }

    /// Yes, no, or neither.
    pub fn yes_or_no(&self, cell: &str) -> Option<bool> {
        let cell = cell.trim().to_lowercase();
        if self.yes.contains(&cell) { Some(true) } else { self.no.contains(&cell).then_some(false) }
    }

    /// The share that a cell states; a cell that says nothing is an unknown one.
    pub fn share(&self, cell: &str) -> Result<Share, ShareError> {
        if self.is_blank(cell) {
            return Ok(Share::UNKNOWN);
        }
        let plain = cell.trim().to_lowercase();
        match self.shares.iter().find(|(word, _)| *word == plain) {
            Some((_, share)) => Ok(*share),
            None => Share::parse(cell),
        }
    }
}

/// A header's words; per cent signs stay, as columns are called by them.
fn header_key(header: &str) -> String {
    let sign = if header.contains('%') { " %" } else { "" };
    format!("{}{sign}", fold(&header.replace('%', " ")).join(" ")).trim().to_owned()
}

/// What a text says a party is.
pub(super) fn kind(cell: &str) -> Option<PartyKind> {
    let plain = cell.trim().to_lowercase();
    PartyKind::from_key(&plain).or(match plain.as_str() {
        "individual" | "natural person" | "natürliche person" | "human" => Some(PartyKind::Person),
        "company" | "organisation" | "legal entity" | "legal person" | "entity" | "corporate" | "trust"
        | "fund" | "state" | "juristische person" => Some(PartyKind::Organization),
        "ship" => Some(PartyKind::Vessel),
        _ => None,
    })
}

/// Why a text is no day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum DayError {
    /// Day and month could be the other way round.
    Ambiguous,
    Unreadable,
}

/// A day as registers write it: `2025-03-01`, `20250301`, `01.03.2025`,
/// `1/31/2025`; `01/03/2025` may be two days, and is neither.
pub(super) fn day(text: &str) -> Result<Date, DayError> {
    let text = text.trim();
    let text = text.split(['T', ' ']).next().filter(|day| day.len() >= 8).unwrap_or(text);
    let parts: Vec<&str> = if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        [text.get(..4), text.get(4..6), text.get(6..)].into_iter().flatten().collect()
    } else {
        text.split(['-', '.', '/']).collect()
    };
    let &[a, b, c] = parts.as_slice() else { return Err(DayError::Unreadable) };
    let number = |text: &str| text.parse::<i16>().map_err(|_| DayError::Unreadable);
    let date = |year: i16, month: i16, day: i16| {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Date::new(year, month, day).ok()
    };
    let (first, second, third) = (number(a)?, number(b)?, number(c)?);
    if a.len() == 4 {
        return date(first, second, third).ok_or(DayError::Unreadable);
    }
    if c.len() != 4 {
        return Err(DayError::Unreadable);
    }
    match (date(third, second, first), date(third, first, second)) {
        (Some(day_first), Some(month_first)) if day_first != month_first && !text.contains('.') => {
            Err(DayError::Ambiguous)
        }
        (Some(day), _) | (None, Some(day)) => Ok(day),
        (None, None) => Err(DayError::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_holds_no_mistake() {
        let mut out = Diagnostics::default();
        Words::load(&SourceFile::new(TABLE, crate::shipped::text(TABLE)), &mut out);
        assert!(out.is_empty(), "{:?}", out.iter().map(ToString::to_string).collect::<Vec<_>>());
    }

    #[test]
    fn headers_are_known_as_registers_write_them() {
        use Attribute::{Country, Name, Number};
        use Side::{Owned, Owner};
        let words = Words::shipped();
        for (header, wanted) in [
            ("Owner", Field::Of(Owner, Name)),
            ("owned", Field::Of(Owned, Name)),
            ("Shareholder Name", Field::Of(Owner, Name)),
            ("Name of shareholder", Field::Of(Owner, Name)),
            ("Company Name", Field::Of(Owned, Name)),
            ("company_number", Field::Of(Owned, Number(IdentifierKind::Registration))),
            ("owner country", Field::Of(Owner, Country)),
            ("UBO", Field::Of(Owner, Name)),
            ("owned LEI", Field::Of(Owned, Number(IdentifierKind::Lei))),
            ("Gesellschafter", Field::Of(Owner, Name)),
            ("% owned", Field::Share),
            ("%", Field::Share),
            ("Per cent", Field::Share),
            ("Ownership (%)", Field::Share),
            ("as_of", Field::AsOf),
            ("valid until", Field::Until),
            ("Since", Field::From),
            ("Source URL", Field::Source),
        ] {
            assert_eq!(words.header(header), Some(wanted), "{header}");
        }
        assert_eq!(words.header("board seats"), None);
    }

    #[test]
    fn a_day_that_may_be_two_is_none() {
        for text in ["2025-03-01", "20250301", "01.03.2025", "2025/03/01", "2025-03-01T10:00:00Z"] {
            assert_eq!(day(text).map(|day| day.to_string()), Ok("2025-03-01".to_owned()), "{text}");
        }
        assert_eq!(day("1/31/2025").map(|day| day.to_string()), Ok("2025-01-31".to_owned()));
        assert_eq!(day("01/03/2025"), Err(DayError::Ambiguous));
        for text in ["2025", "soon", "2025-13-01", "1.2.25", "March 2025"] {
            assert_eq!(day(text), Err(DayError::Unreadable), "{text}");
        }
    }
}
