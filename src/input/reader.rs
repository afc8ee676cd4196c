//! A shipment file as a stream of shipments and faults.

use std::collections::VecDeque;
use std::fmt;
use std::io::Read;
use std::sync::Arc;

use crate::place::CountryNames;
use crate::trade::{CellFault, CellFaultKind, Shipment};

use super::Record;
use super::fault::RowFault;
use super::mapping::{ColumnMap, Mapping};
use super::records::Raw;
use super::row::RowReader;
use super::sheet::Kind;
use super::source::{Opened, Source};

/// Most rows of one shipment. Rows beyond become a shipment of their own, so
/// that memory stays bounded whatever a file holds.
const MOST_ROWS: usize = 1000;

/// Why a file can't be read as shipments at all.
#[derive(Debug)]
pub struct InputError(pub(super) String);

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InputError {}

/// Reads a shipment file, CSV or XLSX. Every row comes out, as part of a shipment or as a
/// fault: `rows_in` counts them. Empty lines are no rows.
pub struct ShipmentReader {
    rows: RowReader,
    source: Source,
    /// The shipment whose rows are being joined.
    open: Option<Box<Shipment>>,
    ready: VecDeque<Record>,
    rows_in: u64,
    truncated: bool,
    ended: bool,
    file: Arc<str>,
}

impl fmt::Debug for ShipmentReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShipmentReader")
            .field("file", &self.file)
            .field("rows_in", &self.rows_in)
            .finish_non_exhaustive()
    }
}

impl ShipmentReader {
    /// Opens a file: tells a workbook from text, its encoding and separator; reads
    /// the header and maps it.
    ///
    /// # Errors
    /// When the first bytes can't be read, there is no header, or the header
    /// does not fit the configuration.
    pub fn open(
        source: Box<dyn Read + Send>,
        name: &str,
        columns: &ColumnMap,
        countries: &'static CountryNames,
    ) -> Result<Self, InputError> {
        let Opened { source, header, sample, written, warnings } =
            Source::open(source, columns.sheet.as_deref()).map_err(InputError)?;
        let mut mapping = Mapping::new(&header, &sample, columns).map_err(InputError)?;
        mapping.warn(warnings);
        let file: Arc<str> = name.into();
        let rows = RowReader::new(mapping, &written, columns.date_order, countries, Arc::clone(&file));
        Ok(Self {
            rows,
            source,
            open: None,
            ready: VecDeque::new(),
            rows_in: 0,
            truncated: false,
            ended: false,
            file,
        })
    }

    /// What the columns mean.
    #[must_use]
    pub fn mapping(&self) -> &Mapping {
        &self.rows.mapping
    }

    /// Rows read so far.
    #[must_use]
    pub fn rows_in(&self) -> u64 {
        self.rows_in
    }

    /// Whether an error of the device ended the reading before the file ended.
    #[must_use]
    pub fn truncated(&self) -> bool {
        self.truncated
    }

    fn fault(&mut self, line: u64, column: Option<Arc<str>>, reference: String, reason: String) {
        self.rows_in += 1;
        self.close();
        let fault = RowFault { file: Arc::clone(&self.file), line, column, reference, reason };
        self.ready.push_back(Record::Fault(fault));
    }

    /// Hands the open shipment on.
    fn close(&mut self) {
        if let Some(shipment) = self.open.take() {
            self.ready.push_back(Record::Shipment(shipment));
        }
    }

    fn take(&mut self, raw: Raw) {
        match raw {
            Raw::Broken { line, reason } => self.fault(line, None, String::new(), reason),
            Raw::Cells { line, cells, kinds } => self.take_row(line, cells, &kinds),
        }
    }

    fn take_row(&mut self, line: u64, mut cells: Vec<String>, kinds: &[Kind]) {
        let wanted = self.rows.mapping.columns.len();
        while cells.len() > wanted && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        if cells.len() != wanted {
            let reference = self.rows.reference(&cells);
            let (have, hint) = (
                cells.len(),
                if cells.len() > wanted {
                    "is a cell with the separator in it not quoted?"
                } else {
                    "is a separator or the rest of the line missing?"
                },
            );
            self.fault(
                line,
                None,
                reference,
                format!("the row has {have} cells, the header {wanted}; {hint}"),
            );
            return;
        }
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            self.fault(line, None, String::new(), "the row is blank: separators without a value".to_owned());
            return;
        }
        // A party that can't be read can't be screened.
        if let Some(at) = self.rows.failed_name(kinds) {
            let reference = self.rows.reference(&cells);
            let column = self.rows.mapping.columns.get(at).map(|column| Arc::clone(&column.header));
            let held = cells.get(at).map(String::as_str).unwrap_or_default();
            let reason = format!(
                "the name can't be read: the cell holds {held}; reckon and save the workbook, or write the name"
            );
            self.fault(line, column, reference, reason);
            return;
        }
        self.rows_in += 1;
        let row = self.rows.read(line, &cells, kinds);
        match &mut self.open {
            Some(open)
                if !row.reference.is_empty()
                    && open.reference == row.reference
                    && open.lines.len() < MOST_ROWS =>
            {
                join(open, row);
            }
            _ => {
                self.close();
                self.open = Some(Box::new(row));
            }
        }
    }
}

impl Iterator for ShipmentReader {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Some(record);
            }
            if self.ended {
                return None;
            }
            if let Some(raw) = self.source.next_record() {
                self.take(raw);
            } else {
                self.ended = true;
                self.close();
                if let Some((line, error)) = self.source.take_error() {
                    self.truncated = true;
                    self.fault(
                        line,
                        None,
                        String::new(),
                        format!("the rest of the file can't be read: {error}"),
                    );
                }
            }
        }
    }
}

/// Joins a row to the shipment with its reference. Nothing that a row names is
/// lost: parties that differ are added, and so is every place of the route.
fn join(open: &mut Shipment, row: Shipment) {
    for party in row.parties {
        let known = open.parties.iter().any(|other| {
            other.role == party.role
                && other.name == party.name
                && other.address == party.address
                && other.identifiers == party.identifiers
        });
        if !known {
            open.parties.push(party);
        }
    }
    if open.route.departure.is_none() {
        open.route.departure = row.route.departure;
    }
    match (&open.route.destination, row.route.destination) {
        (None, destination) => open.route.destination = destination,
        (Some(first), Some(other)) if first.country != other.country || first.text != other.text => {
            open.faults.push(CellFault {
                at: other.at.clone(),
                field: "destination",
                text: other.text.clone(),
                kind: CellFaultKind::Ambiguous,
                reason: format!(
                    "differs from the destination \"{}\" of the same shipment; both are looked at",
                    first.text
                ),
            });
            // As a station of the route it meets every rule on routes.
            open.route.transit.push(other);
        }
        _ => {}
    }
    for place in row.route.transit {
        if !open.route.transit.iter().any(|other| other.country == place.country && other.text == place.text)
        {
            open.route.transit.push(place);
        }
    }
    open.shipped = open.shipped.or(row.shipped);
    open.ordered = open.ordered.or(row.ordered);
    open.items.extend(row.items);
    open.faults.extend(row.faults);
    open.lines.extend(row.lines);
}
