//! What is kept of a shipment: records with a key, whose bytes order them, and
//! a body. Records of one key are joined into one.
//!
//! | kind | key behind it | body |
//! | --- | --- | --- |
//! | id | day, hash of the content | nothing: the shipment was counted |
//! | party | party, order, line | what the party got |
//! | name | party | where it was first met, and its name there |
//! | sound | sound, party | nothing: a name that sounds so |
//! | contact | phone, mail, address …; party | where it was first met |
//! | the others | what they count, day | sums of the day |

use rust_decimal::Decimal;

use crate::trade::CountryCode;

use super::bytes::{Bytes, put_decimal, put_number, put_text};
use super::measure::Measure;
use super::order::{DAYS, Day, Order};
use super::row::{Heading, Line, Row};

/// What a record is about; the first byte of its key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Kind {
    Id = 1,
    Party,
    Name,
    Sound,
    Contact,
    /// Every shipment.
    All,
    /// Departure, destination.
    Lane,
    /// Departure, destination, heading.
    LaneGoods,
    /// Heading.
    Goods,
    /// Seller, heading, destination.
    SellerGoods,
    /// Departure, destination, country between; none for the direct way.
    Transit,
    /// Measure, heading, size in half octaves.
    Size,
    /// Product, heading.
    Product,
    /// Currency, whether the value is round.
    Round,
}

/// The bytes of a key while they are put together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key(Vec<u8>);

impl Key {
    /// No bytes yet: for what stands in a body.
    #[must_use]
    pub fn empty() -> Self {
        Self(Vec::new())
    }

    #[must_use]
    pub fn of(kind: Kind) -> Self {
        Self(vec![kind as u8])
    }

    #[must_use]
    pub fn hash(mut self, hash: u64) -> Self {
        self.0.extend(hash.to_be_bytes());
        self
    }

    #[must_use]
    pub fn heading(mut self, heading: Heading) -> Self {
        self.0.extend(heading.to_be_bytes());
        self
    }

    #[must_use]
    pub fn country(mut self, country: Option<CountryCode>) -> Self {
        let text = country.as_ref().map_or("--", CountryCode::as_str);
        self.0.extend(text.bytes());
        self
    }

    #[must_use]
    pub fn measure(mut self, measure: Measure) -> Self {
        self.0.extend(measure.bytes());
        self
    }

    #[must_use]
    pub fn byte(mut self, byte: u8) -> Self {
        self.0.push(byte);
        self
    }

    /// Days before 1970 come before those after.
    #[must_use]
    pub fn day(mut self, day: Day) -> Self {
        self.0.extend((day.cast_unsigned() ^ 0x8000_0000).to_be_bytes());
        self
    }

    #[must_use]
    pub fn order(self, order: &Order) -> Self {
        let mut key = self.day(order.day);
        key.0.extend(order.reference.bytes());
        key.0.push(0);
        key.hash(order.id)
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl Bytes<'_> {
    pub fn day(&mut self) -> Option<Day> {
        let day = self.array().map(|bytes| (u32::from_be_bytes(bytes) ^ 0x8000_0000).cast_signed());
        day.filter(|day| DAYS.contains(day))
    }

    pub fn hash(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub fn heading(&mut self) -> Option<Heading> {
        self.array().map(u32::from_be_bytes)
    }

    #[expect(clippy::option_option, reason = "no bytes, or no country")]
    pub fn country(&mut self) -> Option<Option<CountryCode>> {
        let bytes: [u8; 2] = self.array()?;
        Some(std::str::from_utf8(&bytes).ok().and_then(CountryCode::new))
    }

    pub fn measure(&mut self) -> Option<Measure> {
        self.array().map(Measure::from_bytes)
    }

    pub fn order(&mut self) -> Option<Order> {
        let day = self.day()?;
        let end = self.0.iter().position(|byte| *byte == 0)?;
        let reference = std::str::from_utf8(self.take(end)?).ok()?.into();
        self.byte()?;
        Some(Order { day, reference, id: self.hash()? })
    }
}

/// An amount added up, and the largest that one shipment gave to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sum {
    pub measure: Measure,
    pub total: Decimal,
    pub largest: Decimal,
}

/// What a day, or several, add up to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    pub shipments: u64,
    /// By measure, ascending.
    pub sums: Vec<Sum>,
}

impl Totals {
    /// Adds an amount to what one shipment gave.
    fn within_shipment(&mut self, measure: Measure, amount: Decimal) {
        match self.sums.binary_search_by_key(&measure, |sum| sum.measure) {
            Ok(place) => {
                if let Some(sum) = self.sums.get_mut(place) {
                    sum.total = sum.total.saturating_add(amount);
                    sum.largest = sum.total;
                }
            }
            Err(place) => self.sums.insert(place, Sum { measure, total: amount, largest: amount }),
        }
    }

    /// Adds what another set of shipments gave.
    pub fn add(&mut self, other: &Self) {
        self.shipments += other.shipments;
        for new in &other.sums {
            match self.sums.binary_search_by_key(&new.measure, |sum| sum.measure) {
                Ok(place) => {
                    if let Some(sum) = self.sums.get_mut(place) {
                        sum.total = sum.total.saturating_add(new.total);
                        sum.largest = sum.largest.max(new.largest);
                    }
                }
                Err(place) => self.sums.insert(place, *new),
            }
        }
    }

    pub fn write(&self, out: &mut Vec<u8>) {
        put_number(out, u128::from(self.shipments));
        put_number(out, self.sums.len() as u128);
        for sum in &self.sums {
            out.extend(sum.measure.bytes());
            put_decimal(out, sum.total);
            out.push(u8::from(sum.largest == sum.total));
            if sum.largest != sum.total {
                put_decimal(out, sum.largest);
            }
        }
    }

    pub fn read(bytes: &mut Bytes<'_>) -> Option<Self> {
        let shipments = bytes.u64()?;
        let count = bytes.length()?;
        let mut sums = Vec::with_capacity(count);
        for _ in 0..count {
            let (measure, total) = (bytes.measure()?, bytes.decimal()?);
            let largest = if bytes.byte()? == 1 { total } else { bytes.decimal()? };
            sums.push(Sum { measure, total, largest });
        }
        Some(Self { shipments, sums })
    }
}

/// One line of goods that a party got.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    pub order: Order,
    /// Which line of its shipment it is.
    pub line: u16,
    pub heading: Heading,
    pub value: Option<(Measure, Decimal)>,
    pub quantity: Option<(Measure, Decimal)>,
    pub weight: Option<Decimal>,
    pub from: Option<CountryCode>,
    pub to: Option<CountryCode>,
    pub seller: u64,
    /// Who stood between, by hash, ascending.
    pub between: Box<[u64]>,
    pub licence: Box<str>,
}

impl Receipt {
    fn write(line: &Line, row: &Row, between: &[u64], out: &mut Vec<u8>) {
        put_number(out, u128::from(line.heading));
        for amount in [line.value, line.quantity] {
            match amount {
                None => out.push(0),
                Some((measure, amount)) => {
                    out.push(1);
                    out.extend(measure.bytes());
                    put_decimal(out, amount);
                }
            }
        }
        out.push(u8::from(line.weight.is_some()));
        if let Some(weight) = line.weight {
            put_decimal(out, weight);
        }
        out.extend(Key::empty().country(row.from).country(row.to).hash(row.seller).bytes());
        put_number(out, between.len() as u128);
        for hash in between {
            out.extend(hash.to_be_bytes());
        }
        put_text(out, &line.licence);
    }

    /// Reads a receipt from what stands behind the party in its key, and from
    /// its body.
    pub fn read(key: &mut Bytes<'_>, body: &mut Bytes<'_>) -> Option<Self> {
        let order = key.order()?;
        let line = u16::from_be_bytes(key.array()?);
        let heading = body.u32()?;
        let mut amount = || -> Option<Option<(Measure, Decimal)>> {
            Some(if body.byte()? == 0 { None } else { Some((body.measure()?, body.decimal()?)) })
        };
        let (value, quantity) = (amount()?, amount()?);
        let weight = if body.byte()? == 0 { None } else { Some(body.decimal()?) };
        let (from, to, seller) = (body.country()?, body.country()?, body.hash()?);
        let count = body.length()?;
        let between = (0..count).map(|_| body.hash()).collect::<Option<Vec<u64>>>()?.into();
        Some(Self {
            order,
            line,
            heading,
            value,
            quantity,
            weight,
            from,
            to,
            seller,
            between,
            licence: body.text()?.into(),
        })
    }

    /// The amount in a measure.
    #[must_use]
    pub fn amount(&self, measure: Measure) -> Option<Decimal> {
        let of = |amount: Option<(Measure, Decimal)>| {
            amount.filter(|(own, _)| *own == measure).map(|(_, amount)| amount)
        };
        if measure == Measure::WEIGHT {
            return self.weight;
        }
        of(self.value).or_else(|| of(self.quantity))
    }
}

/// The size of an amount in half octaves: sizes of one step differ by less than
/// half. Positive amounts only; 0 for others.
#[must_use]
pub fn size_step(amount: Decimal) -> u8 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
    let step = size_place(amount) as u8;
    step
}

/// Where an amount lies among the steps, from 0 to below 256.
#[must_use]
pub fn size_place(amount: Decimal) -> f64 {
    let amount = f64::try_from(amount).unwrap_or(0.0);
    if amount <= 0.0 { 0.0 } else { (amount.log2() * 2.0 + 100.0).clamp(1.0, 255.9) }
}

/// Whether an amount has at most two digits that tell, and is of a thousand or
/// more: 12,000 and 250,000.
#[must_use]
pub fn is_round(amount: Decimal) -> bool {
    let plain = amount.normalize();
    let digits = plain.mantissa().unsigned_abs().to_string();
    plain.scale() == 0 && digits.len() >= 4 && digits.trim_end_matches('0').len() <= 2
}

/// Where a record goes.
pub trait Records {
    /// A record of its own.
    fn put(&mut self, key: &[u8], body: &[u8]);
    /// A record that is added to the one with its key.
    fn add(&mut self, key: Vec<u8>, totals: &Totals);
    /// A record of where something first was met, and what stood there; the
    /// earliest with its key stays.
    fn first(&mut self, key: Vec<u8>, order: &Order, rest: &mut dyn FnMut() -> Vec<u8>);
    /// Whether a party was not written lately; what is written twice is joined
    /// later.
    fn is_new(&mut self, party: u64) -> bool;
}

/// Writes the records of a shipment. `body` is room for bytes.
pub fn write_row(row: &Row, body: &mut Vec<u8>, out: &mut impl Records) {
    let Some(order) = &row.order else { return };
    out.put(Key::of(Kind::Id).day(order.day).hash(row.id).bytes(), &[]);
    write_parties(row, order, body, out);
    for (key, totals) in day_totals(row) {
        out.add(key.day(order.day).into_bytes(), &totals);
    }
}

fn write_parties(row: &Row, order: &Order, body: &mut Vec<u8>, out: &mut impl Records) {
    let mut between: Vec<u64> = row.between.iter().map(|member| member.identity.hash).collect();
    between.sort_unstable();
    between.dedup();
    let mut seen: Vec<u64> = Vec::with_capacity(row.receivers.len());
    for member in &row.receivers {
        let hash = member.identity.hash;
        for contact in &member.contacts {
            let kind = contact.kind as u8;
            let key = Key::of(Kind::Contact).byte(kind).hash(contact.hash).hash(hash);
            out.first(key.into_bytes(), order, &mut Vec::new);
        }
        if seen.contains(&hash) {
            continue;
        }
        seen.push(hash);
        for (number, line) in row.lines.iter().enumerate() {
            let number = u16::try_from(number).unwrap_or(u16::MAX).to_be_bytes();
            let key = Key::of(Kind::Party).hash(hash).order(order).byte(number[0]).byte(number[1]);
            body.clear();
            Receipt::write(line, row, &between, body);
            out.put(key.bytes(), body);
        }
    }
    for member in row.receivers.iter().chain(&row.between) {
        let hash = member.identity.hash;
        out.first(Key::of(Kind::Name).hash(hash).into_bytes(), order, &mut || {
            let mut name = Vec::new();
            put_text(&mut name, &member.name);
            name.extend(Key::empty().country(member.country).bytes());
            put_text(&mut name, &member.identity.words);
            name
        });
        if out.is_new(hash) {
            for sound in member.identity.sounds.iter() {
                out.put(Key::of(Kind::Sound).hash(*sound).hash(hash).bytes(), &[]);
            }
        }
    }
}

/// The sums that a shipment adds to its day, by key without the day.
fn day_totals(row: &Row) -> Vec<(Key, Totals)> {
    let mut sums: Vec<(Key, Totals)> = vec![];
    let lane = Key::of(Kind::Lane).country(row.from).country(row.to);
    add_all(&mut sums, Key::of(Kind::All), &[]);
    for line in &row.lines {
        let amounts: Vec<(Measure, Decimal)> = line
            .value
            .into_iter()
            .chain(line.quantity)
            .chain(line.weight.map(|weight| (Measure::WEIGHT, weight)))
            .collect();
        add_all(&mut sums, lane.clone(), &amounts);
        if line.heading != 0 {
            let goods = Key::of(Kind::LaneGoods).country(row.from).country(row.to).heading(line.heading);
            add_all(&mut sums, goods, &amounts);
            add_all(&mut sums, Key::of(Kind::Goods).heading(line.heading), &amounts);
            if row.seller != 0 {
                let key = Key::of(Kind::SellerGoods).hash(row.seller).heading(line.heading).country(row.to);
                add_all(&mut sums, key, &amounts);
            }
            for (measure, amount) in line.value.into_iter().chain(line.quantity) {
                let key = Key::of(Kind::Size).measure(measure).heading(line.heading).byte(size_step(amount));
                add_each(&mut sums, key);
            }
            if line.product != 0 {
                add_all(&mut sums, Key::of(Kind::Product).hash(line.product).heading(line.heading), &[]);
            }
        }
        if let Some((currency, amount)) = line.value {
            add_each(&mut sums, Key::of(Kind::Round).measure(currency).byte(u8::from(is_round(amount))));
        }
    }
    if row.lines.is_empty() {
        add_all(&mut sums, lane, &[]);
    }
    let way = Key::of(Kind::Transit).country(row.from).country(row.to);
    for country in &row.transit {
        add_all(&mut sums, way.clone().country(Some(*country)), &[]);
    }
    if row.transit.is_empty() {
        add_all(&mut sums, way.country(None), &[]);
    }
    sums
}

/// Adds a line's amounts; the shipment counts once for a key.
fn add_all(sums: &mut Vec<(Key, Totals)>, key: Key, amounts: &[(Measure, Decimal)]) {
    let place = sums.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
        sums.push((key, Totals { shipments: 1, sums: Vec::new() }));
        sums.len() - 1
    });
    if let Some((_, totals)) = sums.get_mut(place) {
        for (measure, amount) in amounts {
            totals.within_shipment(*measure, *amount);
        }
    }
}

/// Counts every line of its own.
fn add_each(sums: &mut Vec<(Key, Totals)>, key: Key) {
    match sums.iter_mut().find(|(other, _)| *other == key) {
        Some((_, totals)) => totals.shipments += 1,
        None => sums.push((key, Totals { shipments: 1, sums: Vec::new() })),
    }
}

/// Joins the bodies of two records with one key.
#[must_use]
pub fn join(key: &[u8], first: &[u8], second: &[u8]) -> Option<Vec<u8>> {
    let kind = *key.first()?;
    if kind == Kind::Contact as u8 || kind == Kind::Name as u8 {
        let (a, b) = (Bytes(first).order()?, Bytes(second).order()?);
        return Some(if (a, first) <= (b, second) { first.to_vec() } else { second.to_vec() });
    }
    if kind < Kind::All as u8 {
        return Some(first.min(second).to_vec());
    }
    let mut sum = Totals::read(&mut Bytes(first))?;
    sum.add(&Totals::read(&mut Bytes(second))?);
    let mut out = Vec::new();
    sum.write(&mut out);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_no_calendar_has_is_damage() {
        for (day, good) in [
            (0, true),
            (*DAYS.start(), true),
            (*DAYS.end(), true),
            (i32::MIN, false),
            (DAYS.end() + 1, false),
        ] {
            let key = Key::empty().day(day);
            assert_eq!(Bytes(key.bytes()).day(), good.then_some(day), "{day}");
        }
    }
}
