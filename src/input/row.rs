//! The cells of one row → a shipment of one line.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::place::{CountryMatch, CountryNames};
use crate::trade::{
    At, CellFault, CellFaultKind, ControlCode, CountryCode, HsCode, Identifier, IdentifierKind, LineItem,
    Money, Party, PartyKind, PartyRole, Place, Quantity, Route, Shipment,
};

use super::DateOrder;
use super::day::{date_order, read_day};
use super::field::{Attribute, Field, Plain};
use super::header::Headers;
use super::mapping::Mapping;
use super::number::{DecimalSign, decimal_sign, kilograms, read_number};
use super::sheet::Kind;

/// What the head of the file shows of each column.
#[derive(Clone, Copy, Debug, Default)]
struct Habit {
    decimal: Option<DecimalSign>,
    dates: Option<DateOrder>,
}

/// Everything needed to read a row of one file.
pub(super) struct RowReader {
    pub mapping: Mapping,
    habits: Vec<Habit>,
    countries: &'static CountryNames,
    file: Arc<str>,
    /// Field keys that the file has, for rules.
    fields: Arc<[&'static str]>,
    /// Field key of a line of goods → header.
    columns: Arc<[(&'static str, Arc<str>)]>,
}

/// A row while it is being read.
struct Row<'r> {
    reader: &'r RowReader,
    line: u64,
    cells: &'r [String],
    kinds: &'r [Kind],
    faults: Vec<CellFault>,
}

impl RowReader {
    pub fn new(
        mapping: Mapping,
        rows: &[Vec<String>],
        order: Option<DateOrder>,
        countries: &'static CountryNames,
        file: Arc<str>,
    ) -> Self {
        let habits = (0..mapping.columns.len())
            .map(|i| {
                let cells = || rows.iter().filter_map(move |row| row.get(i).map(String::as_str));
                Habit { decimal: decimal_sign(cells()), dates: order.or_else(|| date_order(cells())) }
            })
            .collect();
        let mut fields: Vec<&'static str> = Vec::new();
        let mut columns: Vec<(&'static str, Arc<str>)> = Vec::new();
        for column in &mapping.columns {
            match column.field {
                Some(Field::Plain(field)) => {
                    fields.push(field.rule_key());
                    if !columns.iter().any(|(key, _)| *key == field.rule_key()) {
                        columns.push((field.rule_key(), Arc::clone(&column.header)));
                    }
                }
                Some(Field::Party(role, Attribute::Name)) => fields.push(role.key()),
                _ => {}
            }
        }
        fields.sort_unstable();
        fields.dedup();
        Self { mapping, habits, countries, file, fields: fields.into(), columns: columns.into() }
    }

    /// The first column with the name of a party whose cell failed.
    pub fn failed_name(&self, kinds: &[Kind]) -> Option<usize> {
        let mut columns = self.mapping.columns.iter().zip(kinds);
        columns.position(|(column, kind)| {
            *kind == Kind::Failed && matches!(column.field, Some(Field::Party(_, Attribute::Name)))
        })
    }

    /// Reads a row that has a cell for every column. `kinds` says what the cells
    /// are, where the file does.
    pub fn read(&self, line: u64, cells: &[String], kinds: &[Kind]) -> Shipment {
        let mut row = Row { reader: self, line, cells, kinds, faults: Vec::new() };
        let item = row.item();
        let route = row.route();
        let parties = row.parties();
        let shipped = row.day(Plain::Shipped);
        let ordered = row.day(Plain::Ordered);
        for (i, cell) in cells.iter().enumerate() {
            if cell.contains('\u{fffd}')
                && let Some(field) = self.mapping.columns.get(i).and_then(|column| column.field)
            {
                let key = fault_key(field);
                row.fault(
                    i,
                    key,
                    CellFaultKind::Unreadable,
                    "holds bytes that are not in the file's encoding".to_owned(),
                );
            }
        }
        row.failed_cells();
        Shipment {
            reference: row.text(Plain::Reference),
            file: Arc::clone(&self.file),
            lines: vec![line],
            parties,
            route,
            items: vec![item],
            shipped,
            ordered,
            transport: row.text(Plain::Transport),
            incoterm: row.text(Plain::Incoterm),
            faults: row.faults,
            fields: Arc::clone(&self.fields),
        }
    }

    /// The reference of a row, where it can be told.
    pub fn reference(&self, cells: &[String]) -> String {
        let place = self.mapping.columns.iter().position(|c| c.field == Some(Field::Plain(Plain::Reference)));
        place.and_then(|at| cells.get(at)).map(|cell| cell.trim().to_owned()).unwrap_or_default()
    }
}

/// The key that rules know a field's faults by.
fn fault_key(field: Field) -> &'static str {
    match field {
        Field::Plain(field) => field.rule_key(),
        Field::Party(role, Attribute::Country) => country_key(role),
        Field::Party(role, _) => role.key(),
    }
}

fn country_key(role: PartyRole) -> &'static str {
    match role {
        PartyRole::Exporter => "exporter.country",
        PartyRole::Seller => "seller.country",
        PartyRole::Manufacturer => "manufacturer.country",
        PartyRole::Buyer => "buyer.country",
        PartyRole::Consignee => "consignee.country",
        PartyRole::IntermediateConsignee => "intermediate-consignee.country",
        PartyRole::EndUser => "end-user.country",
        PartyRole::Importer => "importer.country",
        PartyRole::NotifyParty => "notify-party.country",
        PartyRole::Forwarder => "forwarder.country",
        PartyRole::Broker => "broker.country",
        PartyRole::Carrier => "carrier.country",
        PartyRole::Vessel => "vessel.country",
        PartyRole::Bank => "bank.country",
        PartyRole::Payer => "payer.country",
        PartyRole::Warehouse => "warehouse.country",
        PartyRole::Other => "other.country",
    }
}

impl<'r> Row<'r> {
    /// The columns of a field with their cells, those that say nothing left
    /// out.
    fn cells_of(&self, field: Field) -> impl Iterator<Item = (usize, &'r str)> + use<'r> {
        let (columns, cells, kinds) = (&self.reader.mapping.columns, self.cells, self.kinds);
        columns.iter().enumerate().filter_map(move |(i, column)| {
            let cell = cells.get(i)?.trim();
            let says = column.field == Some(field) && !Headers::shipped().is_blank(cell);
            (says && kinds.get(i) != Some(&Kind::Failed)).then_some((i, cell))
        })
    }

    /// Tells of cells whose formula failed or has no value.
    fn failed_cells(&mut self) {
        let columns = &self.reader.mapping.columns;
        for (i, kind) in self.kinds.iter().enumerate() {
            if *kind == Kind::Failed
                && let Some(field) = columns.get(i).and_then(|column| column.field)
            {
                let held = self.cells.get(i).map(String::as_str).unwrap_or_default();
                let reason =
                    format!("the cell holds {held}; reckon and save the workbook, or write the value");
                self.fault(i, fault_key(field), CellFaultKind::Unreadable, reason);
            }
        }
    }

    fn cell(&self, field: Plain) -> Option<(usize, &'r str)> {
        self.cells_of(Field::Plain(field)).next()
    }

    fn text(&self, field: Plain) -> String {
        self.cell(field).map(|(_, cell)| cell.to_owned()).unwrap_or_default()
    }

    fn at(&self, column: usize) -> At {
        let header = self.reader.mapping.columns.get(column).map(|column| Arc::clone(&column.header));
        At { line: self.line, column: header.unwrap_or_default() }
    }

    fn fault(&mut self, column: usize, field: &'static str, kind: CellFaultKind, reason: String) {
        let text = self.cells.get(column).map(|cell| cell.chars().take(80).collect()).unwrap_or_default();
        let at = self.at(column);
        self.faults.push(CellFault { at, field, text, kind, reason });
    }

    fn number(&mut self, field: Plain) -> Option<(usize, Decimal, String)> {
        let (column, cell) = self.cell(field)?;
        let sign = match self.kinds.get(column) {
            Some(Kind::Number) => Some(DecimalSign::Point),
            _ => self.reader.habits.get(column).and_then(|habit| habit.decimal),
        };
        let Some(number) = read_number(cell, sign) else {
            self.fault(column, field.rule_key(), CellFaultKind::Unreadable, "expected a number".to_owned());
            return None;
        };
        if number.ambiguous {
            let reason = format!("may be a thousand or a fraction; read as {}", number.amount);
            self.fault(column, field.rule_key(), CellFaultKind::Ambiguous, reason);
        }
        Some((column, number.amount, number.unit))
    }

    fn weight(&mut self, field: Plain) -> Option<Decimal> {
        let (column, amount, unit) = self.number(field)?;
        let stated = if unit.is_empty() { self.text(Plain::WeightUnit) } else { unit };
        let stated = if stated.is_empty() {
            self.reader.mapping.columns.get(column).map(|column| column.unit.clone()).unwrap_or_default()
        } else {
            stated
        };
        let factor = if stated.is_empty() { Some(Decimal::ONE) } else { kilograms(&stated) };
        let Some(factor) = factor else {
            let reason = format!("`{stated}` is not a unit of weight; use kg, g, t, lb or oz");
            self.fault(column, field.rule_key(), CellFaultKind::Unreadable, reason);
            return None;
        };
        amount.checked_mul(factor).map(|weight| weight.round_dp(6).normalize())
    }

    /// A share, 0 to 100 per cent; `25`, `25 %`.
    fn share(&mut self, field: Plain) -> Option<Decimal> {
        let (column, amount, unit) = self.number(field)?;
        let fits =
            (unit.is_empty() || unit == "%") && amount >= Decimal::ZERO && amount <= Decimal::ONE_HUNDRED;
        if !fits {
            let reason = "expected a share in per cent, 0 to 100".to_owned();
            self.fault(column, field.rule_key(), CellFaultKind::Unreadable, reason);
        }
        fits.then_some(amount)
    }

    fn day(&mut self, field: Plain) -> Option<jiff::civil::Date> {
        let (column, cell) = self.cell(field)?;
        let order = self.reader.habits.get(column).and_then(|habit| habit.dates);
        let Some(day) = read_day(cell, order) else {
            let reason = "expected a day such as 2026-03-04".to_owned();
            self.fault(column, field.rule_key(), CellFaultKind::Unreadable, reason);
            return None;
        };
        if day.ambiguous {
            let reason = format!(
                "day and month may be the other way round; read as {}; set date_order in redflag.toml",
                day.date
            );
            self.fault(column, field.rule_key(), CellFaultKind::Ambiguous, reason);
        }
        Some(day.date)
    }

    /// The country that a cell names: by itself, or as its last part after a
    /// comma (`Almaty, Kazakhstan`).
    fn country(&mut self, column: usize, text: &str, field: &'static str) -> Option<CountryCode> {
        let names = self.reader.countries;
        let found = match names.resolve(text) {
            CountryMatch::Unknown => match text.rsplit_once([',', ';', '/']) {
                Some((_, last)) if last.trim().len() > 2 => names.resolve(last),
                _ => CountryMatch::Unknown,
            },
            found => found,
        };
        match found {
            CountryMatch::Exact(code) => Some(code),
            CountryMatch::Corrected(code, reason) => {
                self.fault(column, field, CellFaultKind::Corrected, reason);
                Some(code)
            }
            CountryMatch::Ambiguous(reason) => {
                self.fault(column, field, CellFaultKind::Unreadable, reason);
                None
            }
            CountryMatch::Unknown => {
                self.fault(
                    column,
                    field,
                    CellFaultKind::Unreadable,
                    "names no country that is known".to_owned(),
                );
                None
            }
        }
    }

    fn item(&mut self) -> LineItem {
        let quantity = self.number(Plain::Quantity).map(|(column, amount, unit)| {
            let stated = self.text(Plain::Unit);
            let header = self.reader.mapping.columns.get(column).map(|c| c.unit.clone()).unwrap_or_default();
            let unit = [stated, unit, header].into_iter().find(|unit| !unit.is_empty()).unwrap_or_default();
            Quantity { amount, unit }
        });
        let value = self.value(quantity.as_ref());
        let (net, gross) = (self.weight(Plain::NetWeight), self.weight(Plain::GrossWeight));
        LineItem {
            line: self.line,
            description: self.text(Plain::Description),
            part_number: self.text(Plain::PartNumber),
            hs: self.hs(),
            control_code: self.control_code(),
            origin: self.cell(Plain::Origin).and_then(|(column, cell)| self.country(column, cell, "origin")),
            quantity,
            net_weight_kg: net,
            gross_weight_kg: gross,
            value,
            us_content_percent: self.share(Plain::UsContent),
            end_use: self.text(Plain::EndUse),
            licence: self.text(Plain::Licence),
            columns: Arc::clone(&self.reader.columns),
        }
    }

    /// The value of the line; from the price of a piece if only that is there.
    fn value(&mut self, quantity: Option<&Quantity>) -> Option<Money> {
        let (column, amount, unit) = if let Some(value) = self.number(Plain::Value) {
            value
        } else {
            let (column, price, unit) = self.number(Plain::UnitPrice)?;
            (column, price.checked_mul(quantity?.amount)?, unit)
        };
        let header = self.reader.mapping.columns.get(column).map(|c| c.unit.clone()).unwrap_or_default();
        let currency = [self.text(Plain::Currency), currency_code(&unit), header]
            .into_iter()
            .find(|currency| !currency.is_empty())
            .unwrap_or_default()
            .to_uppercase();
        Some(Money { amount, currency })
    }

    fn hs(&mut self) -> Option<HsCode> {
        let (column, cell) = self.cell(Plain::Hs)?;
        let scientific = cell.to_uppercase().contains("E+");
        let text = cell.strip_suffix(".0").unwrap_or(cell);
        match HsCode::parse(text) {
            _ if scientific => {
                let reason =
                    "a spreadsheet turned the code into a power of ten; format the column as text".to_owned();
                self.fault(column, "hs", CellFaultKind::Unreadable, reason);
                None
            }
            // Codes have an even number of digits: a spreadsheet took a
            // leading zero away.
            Ok(code) if code.digits().len() % 2 == 1 => {
                let restored = HsCode::parse(&format!("0{}", code.digits())).ok()?;
                let reason =
                    format!("has an odd number of digits; read as {restored}, with its leading zero");
                self.fault(column, "hs", CellFaultKind::Corrected, reason);
                Some(restored)
            }
            Ok(code) => Some(code),
            Err(error) => {
                self.fault(column, "hs", CellFaultKind::Unreadable, error.to_string());
                None
            }
        }
    }

    fn control_code(&mut self) -> Option<ControlCode> {
        let (column, cell) = self.cell(Plain::ControlCode)?;
        match ControlCode::parse(cell) {
            Ok(code) => Some(code),
            Err(error) => {
                self.fault(column, "control-code", CellFaultKind::Unreadable, error.to_string());
                None
            }
        }
    }

    fn place(&mut self, country: Plain, place: Plain) -> Option<Place> {
        let stated = self.cell(country);
        let named = self.cell(place);
        let (column, _) = stated.or(named)?;
        let code = match stated {
            Some((column, cell)) => self.country(column, cell, country.rule_key()),
            // A port's name often ends with its country; that it does not is
            // no mistake.
            None => named
                .and_then(|(_, cell)| cell.rsplit_once(','))
                .and_then(|(_, last)| self.reader.countries.resolve(last).code()),
        };
        let text = match (stated, named) {
            (Some((_, country)), Some((_, place))) if country != place => format!("{place}, {country}"),
            (Some((_, text)), _) | (None, Some((_, text))) => text.to_owned(),
            (None, None) => String::new(),
        };
        Some(Place { country: code, text, at: self.at(column) })
    }

    fn route(&mut self) -> Route {
        let departure = self.place(Plain::Departure, Plain::DeparturePlace);
        let destination = self.place(Plain::Destination, Plain::DestinationPlace);
        let mut transit = Vec::new();
        for (column, cell) in self.cells_of(Field::Plain(Plain::Transit)).collect::<Vec<_>>() {
            // One cell may name several stations, but a name may hold a comma.
            let whole = self.reader.countries.resolve(cell).code().is_some();
            let stations: Vec<&str> = if whole {
                vec![cell]
            } else {
                cell.split(['>', ';', '|', '/', ',', '→']).map(str::trim).filter(|s| !s.is_empty()).collect()
            };
            for text in stations {
                let country = self.country(column, text, "transit");
                transit.push(Place { country, text: text.to_owned(), at: self.at(column) });
            }
        }
        Route { departure, transit, destination }
    }

    fn parties(&mut self) -> Vec<Party> {
        PartyRole::ALL.into_iter().filter_map(|role| self.party(role)).collect()
    }

    fn party(&mut self, role: PartyRole) -> Option<Party> {
        let of = |attribute| Field::Party(role, attribute);
        let first = |row: &Self, attribute| row.cells_of(of(attribute)).next();
        let text = |row: &Self, attribute| {
            first(row, attribute).map(|(_, cell)| cell.to_owned()).unwrap_or_default()
        };
        let name = first(self, Attribute::Name);
        let streets: Vec<(usize, &str)> = self.cells_of(of(Attribute::Address)).collect();
        let identifiers = self.identifiers(role);
        let place = name.or(streets.first().copied());
        if place.is_none() && identifiers.is_empty() {
            return None;
        }
        let column = place.map_or(0, |(column, _)| column);
        let country = first(self, Attribute::Country)
            .and_then(|(column, cell)| self.country(column, cell, country_key(role)));
        let founded = first(self, Attribute::Founded).and_then(|(column, cell)| {
            let order = self.reader.habits.get(column).and_then(|habit| habit.dates);
            read_day(cell, order).map(|day| day.date)
        });
        let kind = match text(self, Attribute::Kind).to_lowercase().as_str() {
            "person" | "individual" | "natural person" => PartyKind::Person,
            "company" | "organization" | "organisation" | "entity" | "legal entity" => {
                PartyKind::Organization
            }
            "vessel" | "ship" => PartyKind::Vessel,
            _ => PartyKind::Unknown,
        };
        Some(Party {
            role,
            kind,
            name: name.map_or("", |(_, cell)| cell).into(),
            address: crate::trade::Address {
                street: streets.iter().map(|(_, cell)| *cell).collect::<Vec<_>>().join(", "),
                city: text(self, Attribute::City),
                postal_code: text(self, Attribute::PostalCode),
                region: text(self, Attribute::Region),
                country,
            },
            identifiers,
            founded,
            at: self.at(column),
        })
    }

    fn identifiers(&self, role: PartyRole) -> Vec<Identifier> {
        [
            (Attribute::Registration, IdentifierKind::Registration),
            (Attribute::Tax, IdentifierKind::Tax),
            (Attribute::Lei, IdentifierKind::Lei),
            (Attribute::Bic, IdentifierKind::Bic),
            (Attribute::Imo, IdentifierKind::Imo),
            (Attribute::Email, IdentifierKind::Email),
            (Attribute::Phone, IdentifierKind::Phone),
        ]
        .into_iter()
        .filter_map(|(attribute, kind)| {
            let (_, cell) = self.cells_of(Field::Party(role, attribute)).next()?;
            Some(Identifier { kind, value: cell.to_owned(), country: None })
        })
        .collect()
    }
}

/// `€` and the like as a code; codes as they are; other words are none.
fn currency_code(unit: &str) -> String {
    match unit {
        "€" => "EUR".to_owned(),
        "£" => "GBP".to_owned(),
        "₩" => "KRW".to_owned(),
        "₹" => "INR".to_owned(),
        "₽" => "RUB".to_owned(),
        "₺" => "TRY".to_owned(),
        "₸" => "KZT".to_owned(),
        "US$" => "USD".to_owned(),
        other if Headers::shipped().is_currency(other) => other.to_owned(),
        _ => String::new(),
    }
}
