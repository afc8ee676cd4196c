//! The history as far as the shipments at hand ask for it: read once, then
//! never changed.

use std::io;
use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::trade::{HsCode, Shipment};

use super::build::Builder;
use super::bytes::Bytes;
use super::days::DayPast;
use super::fact::PastFacts;
use super::identity::{ContactKind, Identities};
use super::order::{Day, Order, date_of, day_number};
use super::parameters::Parameters;
use super::record::{Key, Kind, Receipt, Totals};
use super::resolve::{Resolved, resolve};
use super::row::{Heading, Row, heading_digits};
use super::table::Table;
use super::tables::Tables;
use super::view::View;
use super::wanted::{Wanted, group};
use super::{patterns, plain};

/// Sums of one thing, by the rest of their key.
pub(super) type Group = Vec<(Box<[u8]>, DayPast)>;

/// Days with their sums, in any order.
type DayTotals = Vec<(Day, Totals)>;

/// Everything that was shipped before, as far as it is asked for. Immutable;
/// share it between threads.
#[derive(Debug)]
pub struct History {
    pub(super) parameters: Arc<Parameters>,
    pub(super) as_of: Day,
    /// The first day on which anything was shipped.
    pub(super) start: Option<Day>,
    pub(super) identities: Arc<Identities>,
    /// What a party got, in order.
    pub(super) receipts: FxHashMap<u64, Vec<Receipt>>,
    pub(super) resolved: Resolved,
    pub(super) groups: FxHashMap<Box<[u8]>, Group>,
    /// Lanes, with the sums of all priority goods on them.
    pub(super) lane_priority: FxHashMap<Box<[u8]>, DayPast>,
    /// Headings that are priority goods, of those that were met.
    pub(super) priority: FxHashSet<Heading>,
}

/// What a history is read from and for.
#[expect(missing_debug_implementations, reason = "holds a function")]
pub struct Sources<'s> {
    pub tables: &'s Tables,
    pub wanted: &'s Wanted,
    pub parameters: Arc<Parameters>,
    pub identities: Arc<Identities>,
    /// Rows without a date see everything before this day.
    pub as_of: Date,
    /// Whether a tariff code is one of priority goods.
    pub is_priority: &'s dyn Fn(&HsCode) -> bool,
}

impl History {
    /// Reads what is wanted.
    ///
    /// # Errors
    /// When a table can't be read or is damaged.
    pub fn load(sources: Sources<'_>) -> io::Result<Self> {
        let Sources { tables, wanted, parameters, identities, as_of, is_priority } = sources;
        let resolved = resolve(tables, wanted, parameters.alike)?;
        let mut history = Self {
            as_of: day_number(as_of),
            start: None,
            identities,
            receipts: FxHashMap::default(),
            resolved,
            groups: FxHashMap::default(),
            lane_priority: FxHashMap::default(),
            priority: FxHashSet::default(),
            parameters,
        };
        let mut priority = Priority { is_priority, known: FxHashMap::default() };
        history.read_receipts(tables, wanted, &mut priority)?;
        history.read_groups(tables, wanted)?;
        history.read_lanes(tables, wanted, &mut priority)?;
        history.start = history.group(&group::all()).first().and_then(|(_, past)| past.first());
        for heading in &wanted.headings {
            priority.holds(*heading);
        }
        history.priority =
            priority.known.into_iter().filter(|(_, holds)| *holds).map(|(heading, _)| heading).collect();
        Ok(history)
    }

    /// The history of some shipments, in memory, for some of which it is asked.
    #[must_use]
    pub fn of_shipments<'s>(
        past: impl IntoIterator<Item = &'s Shipment>,
        asked: &Shipment,
        parameters: Arc<Parameters>,
        as_of: Date,
        is_priority: &dyn Fn(&HsCode) -> bool,
    ) -> Self {
        let identities = Arc::new(Identities::default());
        let mut builder = Builder::in_memory();
        for shipment in past {
            let added = builder.add(&Row::of(shipment, &identities));
            debug_assert!(added.is_ok(), "nothing can fail in memory");
        }
        let mut wanted = Wanted::default();
        wanted.add(&Row::of(asked, &identities));
        let tables = Tables::from(vec![Table::Memory(builder.finish().into())]);
        let sources = Sources {
            tables: &tables,
            wanted: &wanted,
            parameters: Arc::clone(&parameters),
            identities: Arc::clone(&identities),
            as_of,
            is_priority,
        };
        Self::load(sources).unwrap_or_else(|_| Self::empty(parameters, identities, as_of))
    }

    fn empty(parameters: Arc<Parameters>, identities: Arc<Identities>, as_of: Date) -> Self {
        Self {
            parameters,
            as_of: day_number(as_of),
            start: None,
            identities,
            receipts: FxHashMap::default(),
            resolved: Resolved::default(),
            groups: FxHashMap::default(),
            lane_priority: FxHashMap::default(),
            priority: FxHashSet::default(),
        }
    }

    /// Everything that came before a shipment says about it. Pure; what the
    /// history was not asked for when it was read is absent.
    #[must_use]
    pub fn facts(&self, shipment: &Shipment) -> PastFacts {
        let row = Row::of(shipment, &self.identities);
        let order = row.order.clone().unwrap_or_else(|| Order::start_of(self.as_of));
        let view = View::new(self, shipment, &row, &order);
        let mut facts = PastFacts { past: plain::facts(&view), patterns: Vec::new() };
        patterns::find(&view, &mut facts.patterns);
        facts
    }

    /// The first day on which anything was shipped, if anything was.
    #[must_use]
    pub fn start(&self) -> Option<Date> {
        self.start.map(date_of)
    }

    pub(super) fn group(&self, prefix: &[u8]) -> &[(Box<[u8]>, DayPast)] {
        self.groups.get(prefix).map(Vec::as_slice).unwrap_or_default()
    }

    /// The sums of a group that has no parts.
    pub(super) fn sums(&self, key: &[u8]) -> Option<&DayPast> {
        self.group(key).first().map(|(_, past)| past)
    }

    fn read_receipts(
        &mut self,
        tables: &Tables,
        wanted: &Wanted,
        priority: &mut Priority<'_>,
    ) -> io::Result<()> {
        let mut parties: Vec<u64> = wanted.parties.keys().copied().collect();
        parties.extend(self.resolved.alike.values().flatten().map(|alike| alike.party));
        let most = self.parameters.most_sharing;
        for ((kind, _), met) in &self.resolved.meetings {
            if *kind == ContactKind::Identifier as u8 || met.len() <= most {
                parties.extend(met.iter().map(|meeting| meeting.party));
            }
        }
        parties.sort_unstable();
        parties.dedup();
        for party in parties {
            let prefix = Key::of(Kind::Party).hash(party).into_bytes();
            let mut receipts: Vec<Receipt> = Vec::new();
            tables.scan(&prefix, &mut |key, body| {
                let rest = key.get(prefix.len()..).unwrap_or_default();
                receipts.extend(Receipt::read(&mut Bytes(rest), &mut Bytes(body)));
            })?;
            receipts.sort_by(|a, b| a.order.cmp(&b.order).then(a.line.cmp(&b.line)));
            for receipt in &receipts {
                priority.holds(receipt.heading);
            }
            if !receipts.is_empty() {
                self.receipts.insert(party, receipts);
            }
        }
        Ok(())
    }

    fn read_groups(&mut self, tables: &Tables, wanted: &Wanted) -> io::Result<()> {
        let mut prefixes: Vec<Vec<u8>> = wanted.groups.iter().cloned().collect();
        prefixes.push(group::all());
        prefixes.sort_unstable();
        for prefix in prefixes {
            let mut days: Vec<(Box<[u8]>, DayTotals)> = Vec::new();
            tables.scan(&prefix, &mut |key, body| {
                let Some((rest, day, totals)) = day_record(key, body, prefix.len()) else { return };
                match days.iter_mut().rev().find(|(other, _)| **other == *rest) {
                    Some((_, days)) => days.push((day, totals)),
                    None => days.push((rest.into(), vec![(day, totals)])),
                }
            })?;
            days.sort_by(|a, b| a.0.cmp(&b.0));
            let group: Group = days.into_iter().map(|(rest, days)| (rest, DayPast::of(days))).collect();
            self.groups.insert(prefix.into(), group);
        }
        Ok(())
    }

    /// Sums all priority goods of the lanes on which there are some at hand.
    fn read_lanes(
        &mut self,
        tables: &Tables,
        wanted: &Wanted,
        priority: &mut Priority<'_>,
    ) -> io::Result<()> {
        let mut lanes: Vec<_> = wanted
            .lanes
            .iter()
            .filter(|(_, headings)| headings.iter().any(|heading| priority.holds(*heading)))
            .map(|(lane, _)| *lane)
            .collect();
        lanes.sort_unstable();
        for (from, to) in lanes {
            let prefix = Key::of(Kind::LaneGoods).country(from).country(to).into_bytes();
            let mut days: DayTotals = Vec::new();
            tables.scan(&prefix, &mut |key, body| {
                let Some((rest, day, totals)) = day_record(key, body, prefix.len()) else { return };
                if Bytes(rest).heading().is_some_and(|heading| priority.holds(heading)) {
                    days.push((day, totals));
                }
            })?;
            self.lane_priority.insert(group::lane(from, to).into(), DayPast::of(days));
        }
        Ok(())
    }
}

/// The rest of the key before its day, the day, the sums.
fn day_record<'k>(key: &'k [u8], body: &[u8], prefix: usize) -> Option<(&'k [u8], Day, Totals)> {
    let (rest, day) = key.get(prefix..)?.split_last_chunk::<4>()?;
    Some((rest, Bytes(day).day()?, Totals::read(&mut Bytes(body))?))
}

/// Which headings are priority goods, each asked once.
struct Priority<'p> {
    is_priority: &'p dyn Fn(&HsCode) -> bool,
    known: FxHashMap<Heading, bool>,
}

impl Priority<'_> {
    fn holds(&mut self, heading: Heading) -> bool {
        *self.known.entry(heading).or_insert_with(|| {
            HsCode::parse(&heading_digits(heading)).is_ok_and(|code| (self.is_priority)(&code))
        })
    }
}
