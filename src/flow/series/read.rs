//! Tables of trade statistics → [`Cube`].

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Arc;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::input::{TableReader, TableRow};
use crate::place::{CountryMatch, CountryNames};

use super::columns::{ColumnChoice, Field, Headers};
use super::cube::{Cube, Entry, Fault};
use super::month::Month;

/// Bytes of a file, to be read once.
pub type Source = Box<dyn Read + Send>;

/// How tables are read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadOptions {
    pub columns: ColumnChoice,
    /// Only rows whose cell is one of these; by field.
    pub keep: BTreeMap<Field, Vec<String>>,
    /// Codes are cut to so many digits, so that national codes meet.
    pub digits: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { columns: ColumnChoice::default(), keep: BTreeMap::new(), digits: 6 }
    }
}

impl ReadOptions {
    /// Reads filters such as `partner=KG,KZ`.
    ///
    /// # Errors
    /// When one is not of this form; the words say which.
    pub fn keep(mut self, texts: &[String]) -> Result<Self, String> {
        for text in texts {
            let field =
                text.split_once('=').and_then(|(key, rest)| Some((Field::from_key(key.trim())?, rest)));
            let Some((field, values)) = field else {
                return Err(format!("`{text}`: write FIELD=VALUE,… with one of {}", Field::WORDS.join(", ")));
            };
            let values = values.split(',').map(|value| value.trim().to_owned());
            self.keep.entry(field).or_default().extend(values.filter(|value| !value.is_empty()));
        }
        Ok(self)
    }
}

/// Whether a header row is one of trade statistics: a month, a partner or a
/// code, and something to count.
#[must_use]
pub fn is_statistics(header: &[String], options: &ReadOptions) -> bool {
    Headers::shipped().places(header, &options.columns).is_ok_and(|places| missing(&places).is_none())
        || options.columns.0.contains_key(&Field::Month)
}

fn missing(places: &BTreeMap<Field, usize>) -> Option<&'static str> {
    let has = |field: Field| places.contains_key(&field);
    if !has(Field::Month) {
        Some("the month")
    } else if !has(Field::Partner) && !has(Field::Code) {
        Some("the partner or the code of the goods")
    } else if !has(Field::Value) && !has(Field::Quantity) && !has(Field::Weight) {
        Some("a value, quantity or weight")
    } else {
        None
    }
}

struct Rows<'a> {
    places: BTreeMap<Field, usize>,
    header: Vec<String>,
    file: Arc<str>,
    options: &'a ReadOptions,
    countries: FxHashMap<String, Arc<str>>,
    flows: BTreeSet<String>,
    sums_of_partners: u64,
}

/// Adds a table of statistics to a cube. Cells that can't be used are faults of
/// the cube; everything else of the file counts.
///
/// # Errors
/// When the file can't be read at all, its columns are not told, or it holds
/// exports and imports together; the words say what to do.
pub fn read_statistics(
    table: TableReader,
    file: &str,
    options: &ReadOptions,
    cube: &mut Cube,
) -> Result<(), String> {
    let header = table.header().to_vec();
    let places = Headers::shipped().places(&header, &options.columns)?;
    if let Some(what) = missing(&places) {
        return Err(format!(
            "no column is known to hold {what} (the header reads: {}); name it with --column, such as --column month=Period",
            header.iter().take(8).map(|cell| cell.trim()).collect::<Vec<_>>().join(", ")
        ));
    }
    let mut rows = Rows {
        places,
        header,
        file: file.into(),
        options,
        countries: FxHashMap::default(),
        flows: BTreeSet::new(),
        sums_of_partners: 0,
    };
    if cube.currency.is_empty() {
        cube.currency = rows.currency();
    }
    let mut table = table;
    while let Some(row) = table.next() {
        match row {
            TableRow::Fault { line, reason } => {
                cube.fault(Fault {
                    file: Arc::clone(&rows.file),
                    line,
                    column: String::new(),
                    text: String::new(),
                    reason,
                });
            }
            TableRow::Cells { line, cells } => rows.take(line, &cells, &table, cube),
        }
    }
    if rows.flows.len() > 1 {
        return Err(format!(
            "holds several flows ({}), which must not be summed; keep one with --keep flow={}",
            rows.flows.iter().take(6).cloned().collect::<Vec<_>>().join(", "),
            rows.flows.first().map_or("", String::as_str)
        ));
    }
    if rows.sums_of_partners > 0 {
        cube.notes.push(format!(
            "{file}: {} rows are sums over partners (such as World) and were left out.",
            rows.sums_of_partners
        ));
    }
    Ok(())
}

impl Rows<'_> {
    fn cell<'c>(&self, field: Field, cells: &'c [String]) -> &'c str {
        self.places.get(&field).and_then(|at| cells.get(*at)).map_or("", |cell| cell.trim())
    }

    fn fault(&self, line: u64, field: Field, cells: &[String], reason: &str, cube: &mut Cube) {
        let column = self.places.get(&field).and_then(|at| self.header.get(*at));
        cube.fault(Fault {
            file: Arc::clone(&self.file),
            line,
            column: column.map(|header| header.trim().to_owned()).unwrap_or_default(),
            text: self.cell(field, cells).chars().take(80).collect(),
            reason: reason.to_owned(),
        });
    }

    /// EUR or USD where the header of the value says so.
    fn currency(&self) -> String {
        let header = self.places.get(&Field::Value).and_then(|at| self.header.get(*at));
        let words = header.map(|header| header.to_lowercase()).unwrap_or_default();
        let found = [("eur", "EUR"), ("usd", "USD"), ("us$", "USD"), ("gbp", "GBP"), ("jpy", "JPY")];
        found
            .into_iter()
            .find(|(word, _)| words.contains(word))
            .map_or_else(String::new, |(_, code)| code.to_owned())
    }

    fn take(&mut self, line: u64, cells: &[String], table: &TableReader, cube: &mut Cube) {
        for (field, wanted) in &self.options.keep {
            let cell = self.cell(*field, cells);
            if !wanted.iter().any(|value| value.eq_ignore_ascii_case(cell)) {
                return;
            }
        }
        let partner = self.cell(Field::Partner, cells);
        if Headers::shipped().is_all_partners(partner) {
            self.sums_of_partners += 1;
            return;
        }
        let Some(month) = Month::parse(self.cell(Field::Month, cells)) else {
            self.fault(
                line,
                Field::Month,
                cells,
                "expected a month such as 2022-03; the row is left out",
                cube,
            );
            return;
        };
        if self.places.contains_key(&Field::Partner) && partner.is_empty() {
            self.fault(line, Field::Partner, cells, "no partner is named; the row is left out", cube);
            return;
        }
        let code = match self.code(line, cells, cube) {
            Some(code) => cube.name(&code),
            None => return,
        };
        let mut amounts = [None; 3];
        for (amount, field) in amounts.iter_mut().zip([Field::Value, Field::Quantity, Field::Weight]) {
            *amount = self.amount(line, field, cells, table, cube);
        }
        let [value, quantity, weight] = amounts;
        let flow = self.cell(Field::Flow, cells);
        if !flow.is_empty() && !self.flows.contains(flow) && self.flows.len() < 20 {
            self.flows.insert(flow.to_owned());
        }
        let reporter = self.country(Field::Reporter, cells, cube);
        let partner = self.country(Field::Partner, cells, cube);
        let via = self.country(Field::Via, cells, cube);
        if !cube.add(&Entry { month, reporter, partner, via, code, value, quantity, weight }) {
            self.fault(line, Field::Value, cells, "the sum is too large to hold; the row is left out", cube);
        }
    }

    fn amount(
        &self,
        line: u64,
        field: Field,
        cells: &[String],
        table: &TableReader,
        cube: &mut Cube,
    ) -> Option<Decimal> {
        let at = *self.places.get(&field)?;
        let cell = self.cell(field, cells);
        if cell.is_empty() || matches!(cell, ":" | "-" | ".." | "NA" | "n/a" | "null") {
            return None;
        }
        match table.number(at, cell) {
            Ok((amount, _)) if amount.is_sign_negative() && !amount.is_zero() => {
                self.fault(line, field, cells, "is below zero; left out", cube);
                None
            }
            Ok((amount, _)) => Some(amount),
            Err(reason) => {
                self.fault(line, field, cells, &reason, cube);
                None
            }
        }
    }

    /// The digits of the code, cut; the empty code for all goods.
    fn code(&self, line: u64, cells: &[String], cube: &mut Cube) -> Option<String> {
        if !self.places.contains_key(&Field::Code) {
            return Some(String::new());
        }
        let cell = self.cell(Field::Code, cells);
        if Headers::shipped().is_all_goods(cell) {
            return Some(String::new());
        }
        let mut plain: String = cell.chars().filter(|c| !matches!(c, '.' | ' ' | '-')).collect();
        if plain.is_empty() || plain.len() > 20 || !plain.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            self.fault(line, Field::Code, cells, "expected the code of goods; the row is left out", cube);
            return None;
        }
        // A spreadsheet took a leading zero away: codes have an even number of
        // digits.
        if plain.bytes().all(|byte| byte.is_ascii_digit()) && plain.len() % 2 == 1 && plain.len() > 2 {
            plain.insert(0, '0');
        }
        plain.truncate(self.options.digits.max(2));
        Some(plain)
    }

    /// The code of a country that is named, or the text as it is.
    fn country(&mut self, field: Field, cells: &[String], cube: &mut Cube) -> Arc<str> {
        let cell = self.cell(field, cells);
        if let Some(known) = self.countries.get(cell) {
            return Arc::clone(known);
        }
        let short: String = cell.chars().take(80).collect();
        let code = match CountryNames::shipped().resolve(cell) {
            CountryMatch::Exact(code) => code.to_string(),
            _ => short,
        };
        let name = cube.name(&code);
        self.countries.insert(cell.to_owned(), Arc::clone(&name));
        name
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn read(text: &str, options: &ReadOptions) -> Result<Cube, String> {
        let mut cube = Cube::default();
        let table = TableReader::open(Box::new(Cursor::new(text.to_owned()))).unwrap();
        read_statistics(table, "f.csv", options, &mut cube).map(|()| cube)
    }

    #[test]
    fn a_bad_cell_is_told_with_its_place_and_loses_nothing_else() {
        let text = "period;partner;hs;value;netwgt\n2022-01;Kyrgyzstan;854231;1.200,50;x\n2022-13;KG;854231;5;1\n\
                    2022-02;KG;85.42.31;7;2\n2022-03;;854231;7;2\n2022-03;World;854231;9;2\n";
        let cube = read(text, &ReadOptions::default()).unwrap();
        assert_eq!(cube.rows, 2);
        let told: Vec<(u64, &str, &str)> =
            cube.faults.iter().map(|f| (f.line, f.column.as_str(), f.text.as_str())).collect();
        assert_eq!(told, [(2, "netwgt", "x"), (3, "period", "2022-13"), (5, "partner", "")]);
        assert!(cube.notes[0].contains("1 rows are sums over partners"));
        let (place, months) = cube.cells.iter().next().unwrap();
        assert_eq!((&*place.partner, &*place.code), ("KG", "854231"));
        assert_eq!(months.values().map(|sums| sums.value).sum::<Decimal>(), Decimal::new(120_750, 2));
    }

    #[test]
    fn exports_and_imports_are_never_summed() {
        let text = "period,partner,hs,value,flow\n2022-01,KG,854231,1,X\n2022-01,KG,854231,5,M\n";
        assert!(read(text, &ReadOptions::default()).unwrap_err().contains("--keep flow=M"));
        let keep = ReadOptions::default().keep(&["flow=x".to_owned()]).unwrap();
        assert_eq!(read(text, &keep).unwrap().rows, 1);
    }

    #[test]
    fn the_order_of_rows_and_files_does_not_matter() {
        let rows = ["2022-01,KG,854231,0.1", "2022-01,KG,8542.31.00,0.2", "2022-02,KZ,54231,3"];
        let head = "month,partner,hs6,value\n";
        let one =
            read(&format!("{head}{}\n{}\n{}\n", rows[0], rows[1], rows[2]), &ReadOptions::default()).unwrap();
        let two =
            read(&format!("{head}{}\n{}\n{}\n", rows[2], rows[1], rows[0]), &ReadOptions::default()).unwrap();
        assert_eq!(one.cells, two.cells);
    }

    #[test]
    fn columns_that_are_not_told_are_an_error_with_advice() {
        let error = read("a,b\n1,2\n", &ReadOptions::default()).unwrap_err();
        assert!(error.contains("--column month="), "{error}");
    }
}
