//! Which column of a table of statistics means what.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::diagnostic::{Diagnostics, SourceFile, Table, nearest, parse_toml};

/// What a column of statistics holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Field {
    Month,
    Reporter,
    Partner,
    Via,
    Code,
    /// Export or import.
    Flow,
    Value,
    Quantity,
    Weight,
}

impl Field {
    pub const ALL: [Self; 9] = [
        Self::Month,
        Self::Reporter,
        Self::Partner,
        Self::Via,
        Self::Code,
        Self::Flow,
        Self::Value,
        Self::Quantity,
        Self::Weight,
    ];
    pub const WORDS: [&'static str; 9] =
        ["month", "reporter", "partner", "via", "code", "flow", "value", "quantity", "weight"];

    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }
}

/// The user's own mapping: field → header as written in the file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ColumnChoice(pub BTreeMap<Field, String>);

impl ColumnChoice {
    /// From texts such as `month=Period`.
    ///
    /// # Errors
    /// When one is not of this form or names no field; the words say which.
    pub fn parse(texts: &[String]) -> Result<Self, String> {
        let mut choice = BTreeMap::new();
        for text in texts {
            let Some((key, header)) = text.split_once('=').filter(|(_, header)| !header.trim().is_empty())
            else {
                return Err(format!("`{text}`: write FIELD=HEADER, such as month=Period"));
            };
            let key = key.trim();
            let Some(field) = Field::from_key(key) else {
                let hint = nearest(key, Field::WORDS).map_or_else(
                    || format!("fields are {}", Field::WORDS.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(format!("`{key}` is no field of statistics; {hint}"));
            };
            if choice.insert(field, header.trim().to_owned()).is_some() {
                return Err(format!("`{key}` is mapped twice"));
            }
        }
        Ok(Self(choice))
    }
}

/// The shipped spellings.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Headers {
    fields: BTreeMap<Field, Vec<String>>,
    all_goods: Vec<String>,
    all_partners: Vec<String>,
}

impl Headers {
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Headers> = OnceLock::new();
        // That the shipped table holds no mistake is held by a test.
        SHIPPED.get_or_init(|| Self::load(&mut Diagnostics::default()))
    }

    fn load(out: &mut Diagnostics) -> Self {
        let text = include_str!("../../../rules/flow/columns.toml");
        let file = SourceFile::new("rules/flow/columns.toml", text);
        let document = parse_toml(&file, out);
        let mut table = Table::document(&file, &document);
        table.pack(out);
        let mut headers = Self::default();
        if let Some(mut columns) = table.require("columns", out).and_then(|item| item.table(out)) {
            for field in Field::ALL {
                let spellings = columns.strings(field.key(), out);
                headers.fields.insert(field, spellings.iter().map(|text| plain(text)).collect());
            }
            columns.finish(out);
        }
        if let Some(mut words) = table.require("words", out).and_then(|item| item.table(out)) {
            headers.all_goods = words.strings("all_goods", out).iter().map(|text| plain(text)).collect();
            headers.all_partners =
                words.strings("all_partners", out).iter().map(|text| plain(text)).collect();
            words.finish(out);
        }
        table.finish(out);
        headers
    }

    pub fn is_all_goods(&self, code: &str) -> bool {
        self.all_goods.contains(&plain(code))
    }

    pub fn is_all_partners(&self, partner: &str) -> bool {
        self.all_partners.contains(&plain(partner))
    }

    /// Where each field stands in a header row.
    ///
    /// # Errors
    /// When the user names a header that the row does not have.
    pub fn places(&self, header: &[String], choice: &ColumnChoice) -> Result<BTreeMap<Field, usize>, String> {
        let mut places: BTreeMap<Field, usize> = BTreeMap::new();
        for (field, wanted) in &choice.0 {
            let at = header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(wanted));
            let Some(at) = at else {
                let hint = nearest(wanted, header.iter().map(|cell| cell.trim()))
                    .map(|near| format!("; did you mean \"{near}\"?"))
                    .unwrap_or_default();
                return Err(format!("there is no column \"{wanted}\" for `{}`{hint}", field.key()));
            };
            places.insert(*field, at);
        }
        let cells: Vec<String> = header.iter().map(|cell| plain(cell)).collect();
        for (field, spellings) in &self.fields {
            if choice.0.contains_key(field) {
                continue;
            }
            let free = |at: &usize| !places.values().any(|taken| taken == at);
            let found = spellings
                .iter()
                .find_map(|spelling| cells.iter().position(|cell| cell == spelling).filter(free));
            if let Some(at) = found {
                places.insert(*field, at);
            }
        }
        Ok(places)
    }
}

/// Letters and digits in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_headers_are_without_mistakes() {
        let mut out = Diagnostics::default();
        let headers = Headers::load(&mut out);
        assert!(out.is_empty(), "{:?}", out.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(headers.fields.len(), Field::ALL.len());
    }

    #[test]
    fn usual_files_are_recognised_and_the_first_spelling_wins() {
        let find = |header: &str| {
            let header: Vec<String> = header.split(',').map(str::to_owned).collect();
            Headers::shipped().places(&header, &ColumnChoice::default()).unwrap()
        };
        let eurostat = find("month,reporter,partner,hs6,cn8,export_value_eur");
        assert_eq!(eurostat.get(&Field::Code), Some(&3));
        assert_eq!(eurostat.get(&Field::Value), Some(&5));
        let comtrade = find("period,reporterISO,partnerISO,flowCode,cmdCode,qty,netWgt,primaryValue");
        assert_eq!(comtrade.len(), 8);
        let comext = find("REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_IN_EUROS,QUANTITY_IN_KG");
        assert_eq!(comext.get(&Field::Weight), Some(&6));
    }

    #[test]
    fn a_wrong_mapping_is_told_with_what_is_near() {
        assert!(ColumnChoice::parse(&["mnth=x".to_owned()]).unwrap_err().contains("did you mean `month`"));
        assert!(ColumnChoice::parse(&["month".to_owned()]).unwrap_err().contains("FIELD=HEADER"));
        let choice = ColumnChoice::parse(&["month=Perriod".to_owned()]).unwrap();
        let error = Headers::shipped().places(&["Period".to_owned()], &choice).unwrap_err();
        assert!(error.contains("did you mean \"Period\""), "{error}");
    }
}
