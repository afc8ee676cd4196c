//! Headers → fields, by the tables of `rules/input/columns.toml`.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};
use crate::name::{fold_text, fold_words};
use crate::trade::PartyRole;

use super::field::{Attribute, Field, Plain};

/// What a header means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Meaning {
    pub field: Field,
    /// The header is not in the tables but very like one that is.
    pub guessed: bool,
    /// Unit or currency that the header carries, lower case; may be empty.
    pub unit: String,
}

/// The spellings of headers.
#[derive(Debug, Default)]
pub(super) struct Headers {
    plain: FxHashMap<String, Plain>,
    /// Folded role words, longest first.
    roles: Vec<(Vec<String>, PartyRole)>,
    attributes: FxHashMap<String, Attribute>,
    units: Vec<String>,
    currencies: Vec<String>,
    noise: Vec<String>,
    blank: Vec<String>,
}

impl Headers {
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Headers> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let text = include_str!("../../rules/input/columns.toml");
            // That the shipped table holds no mistake is held by a test.
            Self::load(&SourceFile::new("rules/input/columns.toml", text), &mut Diagnostics::default())
        })
    }

    fn load(file: &SourceFile, out: &mut Diagnostics) -> Self {
        let document = parse_toml(file, out);
        let mut table = Table::document(file, &document);
        let mut headers = Self::default();
        table.pack(out);
        for mut entry in table.tables("field", out) {
            let key = entry.string("key", out);
            let spellings = entry.strings("headers", out);
            match Plain::from_key(&key) {
                Some(field) => {
                    for spelling in spellings {
                        headers.plain.entry(fold_text(&spelling)).or_insert(field);
                    }
                }
                None => out.push(entry.error(format!("unknown field `{key}`"))),
            }
            entry.finish(out);
        }
        for mut entry in table.tables("role", out) {
            let key = entry.string("key", out);
            let words = entry.strings("words", out);
            match PartyRole::from_key(&key) {
                Some(role) => headers.roles.extend(words.iter().map(|word| (fold_words(word).words, role))),
                None => out.push(entry.error(format!("unknown role `{key}`"))),
            }
            entry.finish(out);
        }
        for mut entry in table.tables("attribute", out) {
            let key = entry.string("key", out);
            let words = entry.strings("words", out);
            match Attribute::from_key(&key) {
                Some(attribute) => {
                    for word in words {
                        headers.attributes.entry(fold_text(&word)).or_insert(attribute);
                    }
                }
                None => out.push(entry.error(format!("unknown attribute `{key}`"))),
            }
            entry.finish(out);
        }
        headers.units = table.strings("unit", out);
        headers.currencies = table.strings("currency", out);
        headers.noise = table.strings("noise", out);
        headers.blank = table.strings("blank", out).iter().map(|text| text.to_lowercase()).collect();
        table.finish(out);
        headers.roles.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(&b.0)));
        headers
    }

    /// Whether a cell says nothing.
    pub fn is_blank(&self, cell: &str) -> bool {
        let cell = cell.trim();
        cell.is_empty() || (cell.len() <= 16 && self.blank.contains(&cell.to_lowercase()))
    }

    /// Whether a text is a currency's code.
    pub fn is_currency(&self, text: &str) -> bool {
        self.currencies.contains(&text.to_lowercase())
    }

    /// What a header means, if anything.
    pub fn meaning(&self, header: &str) -> Option<Meaning> {
        let words = fold_words(&split_camel_case(header)).words;
        if words.is_empty() {
            return None;
        }
        if let Some(field) = self.exact(&words) {
            return Some(Meaning { field, guessed: false, unit: String::new() });
        }
        let (rest, unit) = self.without_units(&words);
        if rest.len() < words.len()
            && let Some(field) = self.exact(&rest)
        {
            return Some(Meaning { field, guessed: false, unit });
        }
        let field = self.near(&rest.join(" "))?;
        Some(Meaning { field, guessed: true, unit })
    }

    /// Whether a header speaks of a party.
    pub fn names_a_role(&self, header: &str) -> bool {
        let words = fold_words(&split_camel_case(header)).words;
        (0..words.len()).any(|at| {
            self.roles.iter().any(|(role, _)| {
                role.iter().map(String::len).sum::<usize>() > 3 && words[at..].starts_with(role)
            })
        })
    }

    fn exact(&self, words: &[String]) -> Option<Field> {
        let joined = words.join(" ");
        if let Some(field) = self.plain.get(&joined) {
            return Some(Field::Plain(*field));
        }
        // Role first ("consignee country") or last ("name of consignee").
        for (role_words, role) in &self.roles {
            let rest = match words.strip_prefix(role_words.as_slice()) {
                Some(rest) => rest,
                None => match words.strip_suffix(role_words.as_slice()) {
                    Some(rest) if !rest.is_empty() => rest.strip_suffix(&["of".to_owned()]).unwrap_or(rest),
                    _ => continue,
                },
            };
            if rest.is_empty() {
                return Some(Field::Party(*role, Attribute::Name));
            }
            let rest = rest.join(" ");
            let numbered = rest.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
            if let Some(attribute) = self.attributes.get(&rest).or_else(|| self.attributes.get(numbered)) {
                return Some(Field::Party(*role, *attribute));
            }
        }
        None
    }

    fn without_units(&self, words: &[String]) -> (Vec<String>, String) {
        let mut unit = String::new();
        let mut rest: Vec<String> = Vec::with_capacity(words.len());
        for word in words {
            if rest.is_empty() {
                // The first word is what the column is about.
            } else if self.units.contains(word) || self.currencies.contains(word) {
                unit.clone_from(word);
                continue;
            } else if self.noise.contains(word) || word == "in" {
                continue;
            }
            rest.push(word.clone());
        }
        (rest, unit)
    }

    /// A spelling at most a letter away (two in long headers).
    fn near(&self, header: &str) -> Option<Field> {
        let length = header.len();
        if length < 6 {
            return None;
        }
        let allowed = if length >= 12 { 2 } else { 1 };
        let mut near: Vec<(usize, &String, Plain)> = self
            .plain
            .iter()
            .filter(|(spelling, _)| spelling.len() >= 6 && spelling.len().abs_diff(length) <= allowed)
            .map(|(spelling, field)| (strsim::osa_distance(header, spelling), spelling, *field))
            .filter(|(distance, _, _)| *distance <= allowed)
            .collect();
        near.sort();
        near.first().map(|(_, _, field)| Field::Plain(*field)).or_else(|| {
            let roles = self.roles.iter().map(|(words, role)| (words.join(" "), *role));
            roles
                .filter(|(spelling, _)| {
                    spelling.len() >= 6 && strsim::osa_distance(header, spelling) <= allowed
                })
                .min()
                .map(|(_, role)| Field::Party(role, Attribute::Name))
        })
    }
}

/// `shipToName` → `ship To Name`; `HSCode` → `HS Code`.
fn split_camel_case(header: &str) -> String {
    let chars: Vec<char> = header.chars().collect();
    let mut out = String::with_capacity(header.len() + 4);
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| chars.get(i));
        let after = chars.get(i + 1);
        let begins_word = c.is_uppercase()
            && (before.is_some_and(|b| b.is_lowercase())
                || (before.is_some_and(|b| b.is_uppercase()) && after.is_some_and(|a| a.is_lowercase())));
        if begins_word {
            out.push(' ');
        }
        out.push(if c == '_' { ' ' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(header: &str) -> Option<String> {
        Headers::shipped().meaning(header).map(|meaning| meaning.field.key())
    }

    #[test]
    fn the_shipped_table_holds_no_mistake() {
        let mut out = Diagnostics::default();
        Headers::load(
            &SourceFile::new("columns.toml", include_str!("../../rules/input/columns.toml")),
            &mut out,
        );
        assert!(out.is_empty(), "{:?}", out.iter().map(ToString::to_string).collect::<Vec<_>>());
    }

    #[test]
    fn headers_are_known_in_the_spellings_of_their_trades() {
        for (header, wanted) in [
            ("Ship-To Name", "consignee.name"),
            ("shipto_city", "consignee.city"),
            ("shipToCountry", "consignee.country"),
            ("Consignee", "consignee.name"),
            ("Consignee Address 2", "consignee.address"),
            ("Empfänger", "consignee.name"),
            ("Empfänger Land", "consignee.country"),
            ("End User Country", "end-user.country"),
            ("HTS", "hs"),
            ("HSCode", "hs"),
            ("hs6", "hs"),
            ("Commodity Code", "hs"),
            ("ECCN", "control-code"),
            ("Country of Ultimate Destination", "destination"),
            ("Net Weight (kg)", "net-weight"),
            ("weight_kg_raw", "net-weight"),
            ("net_mass_kg", "net-weight"),
            ("value_usd", "value"),
            ("unit_price_usd", "unit-price"),
            ("item_price_krw", "value"),
            ("country_departure", "departure"),
            ("country_origin", "origin"),
            ("importer_id", "importer.id"),
            ("vendor", "seller.name"),
            ("manufacturing_site", "manufacturer.name"),
            ("Vessel IMO", "vessel.imo"),
            ("Eigenmasse (kg)", "net-weight"),
            ("Warenbezeichnung", "description"),
            ("Получатель", "consignee.name"),
        ] {
            let found = key(header);
            assert_eq!(found.as_deref(), Some(wanted), "{header}");
        }
        assert_eq!(key("fraud"), None);
        assert_eq!(key("tax_rate"), None);
        assert!(Headers::shipped().meaning("Consigne").is_some_and(|meaning| meaning.guessed));
    }
}
