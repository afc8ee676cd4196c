//! Which column of a file means what, and what to tell the user about it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::diagnostic::nearest;
use crate::name::{Lexicon, Name, TokenClass};
use crate::trade::PartyKind;

use super::DateOrder;
use super::field::{Attribute, Field, Plain};
use super::header::Headers;

/// What the user says about columns, before any file is seen.
#[derive(Clone, Debug, Default)]
pub struct ColumnMap {
    /// Header as written → field.
    user: Vec<(String, Field)>,
    pub(super) date_order: Option<DateOrder>,
    /// The sheet of workbooks.
    pub(super) sheet: Option<String>,
}

impl ColumnMap {
    /// From the `[columns]` of a configuration: field key → headers.
    ///
    /// # Errors
    /// When a field key is unknown; the words name it and the nearest one.
    pub fn user(
        columns: &BTreeMap<String, Vec<String>>,
        date_order: Option<DateOrder>,
    ) -> Result<Self, String> {
        let mut user = Vec::new();
        for (key, headers) in columns {
            let Some(field) = Field::from_key(key) else {
                let known = [
                    "reference",
                    "description",
                    "hs",
                    "control-code",
                    "destination",
                    "consignee.name",
                    "end-user.name",
                    "quantity",
                    "value",
                    "net-weight",
                    "shipped",
                ];
                let hint = nearest(key, known).map_or_else(
                    || "fields are hs, control-code, description, destination … and ROLE.name, ROLE.country …".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(format!("`{key}` is not a field; {hint}"));
            };
            if headers.len() > 1 && !field.may_repeat() {
                return Err(format!("`{key}` takes one header"));
            }
            user.extend(headers.iter().map(|header| (header.clone(), field)));
        }
        Ok(Self { user, date_order, sheet: None })
    }

    /// Of workbooks, the sheet of this name is read and not the first.
    #[must_use]
    pub fn with_sheet(mut self, name: Option<&str>) -> Self {
        self.sheet = name.map(str::to_owned);
        self
    }
}

/// How a column came to its field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Origin {
    Known,
    Guessed,
    User,
}

/// A column of the file.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub header: Arc<str>,
    pub field: Option<Field>,
    /// Unit or currency that the header carries, lower case.
    pub unit: String,
    origin: Origin,
}

/// The columns of a file.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub(super) columns: Vec<Column>,
    warnings: Vec<String>,
}

impl Mapping {
    /// Maps the headers of a file. `rows` are its first rows, for looking at
    /// columns that are not recognised.
    ///
    /// # Errors
    /// When the user names a header that the file does not have, or when no
    /// column at all is recognised.
    pub(super) fn new(headers: &[String], rows: &[Vec<String>], map: &ColumnMap) -> Result<Self, String> {
        let tables = Headers::shipped();
        let mut warnings = Vec::new();
        for (header, field) in &map.user {
            if !headers.iter().any(|other| same(other, header)) {
                let hint = nearest(header, headers.iter().map(String::as_str))
                    .map(|near| format!("; did you mean \"{near}\"?"))
                    .unwrap_or_default();
                return Err(format!(
                    "[columns] maps `{}` to the header \"{header}\", which the file does not have{hint}",
                    field.key()
                ));
            }
        }
        let mut columns: Vec<Column> = headers
            .iter()
            .map(|header| {
                let by_user = map.user.iter().find(|(other, _)| same(other, header));
                if let Some((_, field)) = by_user {
                    let unit = tables.meaning(header).map(|meaning| meaning.unit).unwrap_or_default();
                    return Column {
                        header: header.as_str().into(),
                        field: Some(*field),
                        unit,
                        origin: Origin::User,
                    };
                }
                let meaning = tables.meaning(header);
                let origin =
                    if meaning.as_ref().is_some_and(|m| m.guessed) { Origin::Guessed } else { Origin::Known };
                let (field, unit) = meaning.map_or((None, String::new()), |m| (Some(m.field), m.unit));
                Column { header: header.as_str().into(), field, unit, origin }
            })
            .collect();
        resolve_clashes(&mut columns, &mut warnings);
        for column in &mut columns {
            if let Some(Field::Party(role, Attribute::Id)) = column.field {
                column.field = None;
                warnings.push(format!(
                    "\"{}\" holds numbers of the {} in somebody's system; they name nobody and are not screened",
                    column.header,
                    role.label()
                ));
            }
        }
        warn_of_parties(&columns, rows, &mut warnings);
        if columns.iter().all(|column| column.field.is_none()) {
            return Err(format!(
                "no column is recognised (the first row reads: {}); is there a header row? Name the columns under \
                 [columns] in redflag.toml",
                headers.iter().take(8).cloned().collect::<Vec<_>>().join(" | ")
            ));
        }
        Ok(Self { columns, warnings })
    }

    /// Adds what the user should know of the file.
    pub(super) fn warn(&mut self, warnings: Vec<String>) {
        self.warnings.splice(0..0, warnings);
    }

    /// What the user should know; each a sentence.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

fn same(a: &str, b: &str) -> bool {
    a.trim().eq_ignore_ascii_case(b.trim())
}

/// One column a field: the user's, else a known one, else the first. Weaker
/// headers ("Date" beside "Ship Date") give way.
fn resolve_clashes(columns: &mut [Column], warnings: &mut Vec<String>) {
    let rank = |column: &Column| match column.origin {
        Origin::User => 0,
        // Longer headers say more: "Ship Date" beats "Date".
        Origin::Known => 1000 - column.header.len().min(500),
        Origin::Guessed => 2000,
    };
    for i in 0..columns.len() {
        let Some(field) = columns[i].field else { continue };
        if field.may_repeat() {
            continue;
        }
        let best = (0..columns.len())
            .filter(|&k| columns[k].field == Some(field))
            .min_by_key(|&k| (rank(&columns[k]), k))
            .unwrap_or(i);
        if best != i {
            warnings.push(format!(
                "\"{}\" would mean {} too; \"{}\" is taken",
                columns[i].header,
                field.key(),
                columns[best].header
            ));
            columns[i].field = None;
        }
    }
}

fn warn_of_parties(columns: &[Column], rows: &[Vec<String>], warnings: &mut Vec<String>) {
    let tables = Headers::shipped();
    for (i, column) in columns.iter().enumerate().filter(|(_, column)| column.field.is_none()) {
        let told = warnings.iter().any(|warning| warning.starts_with(&format!("\"{}\"", column.header)));
        if told {
            continue;
        }
        if tables.names_a_role(&column.header) {
            warnings.push(format!(
                "\"{}\" sounds like a party but is not recognised: it is NOT screened; map it under [columns]",
                column.header
            ));
        } else if looks_like_companies(rows.iter().filter_map(|row| row.get(i))) {
            warnings.push(format!(
                "\"{}\" seems to hold company names: it is NOT screened; map it under [columns]",
                column.header
            ));
        }
    }
    let has_party = columns.iter().any(|c| matches!(c.field, Some(Field::Party(_, Attribute::Name))));
    if !has_party {
        warnings.push("no column names a party: nobody is screened against the lists".to_owned());
    }
    if !columns.iter().any(|c| c.field == Some(Field::Plain(Plain::Destination))) {
        warnings.push("no column names the destination".to_owned());
    }
}

/// Whether a third of the values carry a legal form of a company.
fn looks_like_companies<'r>(values: impl Iterator<Item = &'r String>) -> bool {
    let (mut seen, mut companies) = (0, 0);
    for value in values.filter(|value| value.trim().len() > 4) {
        seen += 1;
        let name = Name::parse(Lexicon::shipped(), value, PartyKind::Organization);
        let legal = name.tokens.iter().skip(1).any(|token| token.class == TokenClass::Legal);
        companies += usize::from(legal && name.tokens.iter().any(|token| token.class == TokenClass::Word));
    }
    seen >= 3 && companies * 3 >= seen
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |origin: Origin| {
            self.columns
                .iter()
                .filter(|column| column.origin == origin)
                .filter_map(|column| Some(format!("{} = {}", column.header, column.field?.key())))
                .collect::<Vec<_>>()
                .join("; ")
        };
        let unused: Vec<&str> =
            self.columns.iter().filter(|c| c.field.is_none()).map(|column| &*column.header).collect();
        writeln!(f, "columns")?;
        for (what, text) in [
            ("mapped", list(Origin::Known)),
            ("guessed", list(Origin::Guessed)),
            ("by you", list(Origin::User)),
            ("unused", unused.join("; ")),
        ] {
            if !text.is_empty() {
                writeln!(f, "  {what}: {text}")?;
            }
        }
        for warning in &self.warnings {
            writeln!(f, "  warning: {warning}")?;
        }
        Ok(())
    }
}
