//! Entries and heads of lists as bytes, and back.
//!
//! Knows every field of them (a field that is added must be added here, or
//! this does not compile); nothing of the file that the bytes stand in.

#![expect(clippy::option_option, reason = "what may be missing, if it can be read")]

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::trade::{Address, CountryCode, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::{
    Edition, Effect, ListInfo, ListedName, ListedParty, NameQuality, Regime, Relation, RelationKind,
};

use super::bytes::{Reader, Writer};

/// Writes entries one after another.
#[derive(Debug, Default)]
pub(super) struct PartyWriter {
    pub out: Writer,
    shared: Vec<Arc<str>>,
    numbers: FxHashMap<Arc<str>, u64>,
}

/// Reads what [`PartyWriter`] wrote.
#[derive(Debug)]
pub(super) struct PartyReader<'b> {
    bytes: Reader<'b>,
    shared: &'b [Arc<str>],
    /// Look at everything and keep no text: what is read this way once can be
    /// read for good.
    skim: bool,
    /// Whether an entry so far had a relation.
    pub related: bool,
}

const KINDS: [PartyKind; 5] =
    [PartyKind::Person, PartyKind::Organization, PartyKind::Vessel, PartyKind::Aircraft, PartyKind::Unknown];
const QUALITIES: [NameQuality; 3] = [NameQuality::Primary, NameQuality::Strong, NameQuality::Weak];
const REGIMES: [Regime; 2] = [Regime::Multilateral, Regime::Unilateral];

/// The kind of a party as a byte.
pub(super) fn kind_byte(kind: PartyKind) -> u8 {
    place(&KINDS, kind)
}

/// The kind of a byte.
pub(super) fn kind_of(byte: u8) -> Option<PartyKind> {
    KINDS.get(usize::from(byte)).copied()
}

/// Where an item stands among all of its sort.
pub(super) fn place<T: Copy + PartialEq>(all: &[T], item: T) -> u8 {
    all.iter().position(|other| *other == item).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

const NO_COUNTRY: &str = "--";

/// Writes countries, or that there is none.
pub(super) fn save_countries(countries: &[Option<CountryCode>], out: &mut Writer) {
    out.size(countries.len());
    for country in countries {
        write_country(*country, out);
    }
}

fn write_country(country: Option<CountryCode>, out: &mut Writer) {
    let code = country.as_ref().map_or(NO_COUNTRY, CountryCode::as_str);
    out.bytes.extend(code.as_bytes());
}

/// Reads what [`save_countries`] wrote.
pub(super) fn load_countries(reader: &mut Reader<'_>) -> Option<Vec<Option<CountryCode>>> {
    let length = reader.size()?.checked_mul(2)?;
    reader.take(length)?.as_chunks().0.iter().map(|code| read_country(*code)).collect()
}

/// No country, or one.
fn read_country(code: [u8; 2]) -> Option<Option<CountryCode>> {
    let code = std::str::from_utf8(&code).ok()?;
    Some(if code == NO_COUNTRY { None } else { Some(CountryCode::new(code)?) })
}

impl PartyWriter {
    /// The texts that entries refer to by number.
    pub fn shared(&self) -> &[Arc<str>] {
        &self.shared
    }

    pub fn party(&mut self, party: &ListedParty) {
        let ListedParty {
            id,
            kind,
            names,
            addresses,
            countries,
            identifiers,
            programs,
            effect,
            address_only,
            licence_requirement,
            licence_policy,
            citation,
            birth_dates,
            birth_places,
            nationalities,
            relations,
            listed,
            removed,
            same_as,
            remarks,
            url,
        } = party;
        self.out.text(id);
        self.out.byte(kind_byte(*kind));
        self.many(names, Self::name);
        self.many(addresses, Self::address);
        self.many(countries, |to, country| to.country(Some(*country)));
        self.many(identifiers, Self::identifier);
        self.many(programs, Self::share);
        self.option(effect.as_ref(), |to, effect| to.out.byte(place(&Effect::ALL, *effect)));
        self.out.byte(u8::from(*address_only));
        self.option(licence_requirement.as_ref(), Self::share);
        self.option(licence_policy.as_ref(), Self::share);
        self.out.text(citation);
        self.many(birth_dates, Self::text);
        self.many(birth_places, Self::text);
        self.many(nationalities, |to, country| to.country(Some(*country)));
        self.many(relations, Self::relation);
        self.date(*listed);
        self.date(*removed);
        self.many(same_as, Self::text);
        self.out.text(remarks);
        self.option(url.as_ref(), |to, url| to.out.text(url));
    }

    pub fn list(&mut self, list: &ListInfo) {
        let ListInfo {
            id,
            title,
            publisher,
            jurisdiction,
            regime,
            effect,
            authority,
            citation,
            edition,
            notes,
        } = list;
        for text in [id, title, publisher, jurisdiction] {
            self.out.text(text);
        }
        self.out.byte(place(&REGIMES, *regime));
        self.out.byte(place(&Effect::ALL, *effect));
        self.out.text(authority);
        self.out.text(citation);
        let Edition { source, url, date, sha256, confirmed, max_age_days, stale, entries, names } = edition;
        self.out.text(source);
        self.out.text(url);
        self.date(*date);
        self.date(*confirmed);
        self.option(max_age_days.as_ref(), |to, days| to.out.number(u64::from(*days)));
        self.option(stale.as_ref(), Self::text);
        self.out.text(sha256);
        self.out.size(*entries);
        self.out.size(*names);
        self.many(notes, Self::text);
    }

    fn many<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.out.size(items.len());
        for item in items {
            write(self, item);
        }
    }

    fn option<T>(&mut self, item: Option<&T>, write: impl FnOnce(&mut Self, &T)) {
        self.out.byte(u8::from(item.is_some()));
        if let Some(item) = item {
            write(self, item);
        }
    }

    #[expect(clippy::ptr_arg, reason = "an item of a vector of strings")]
    fn text(&mut self, text: &String) {
        self.out.text(text);
    }

    /// A text that many entries have: its number.
    fn share(&mut self, text: &Arc<str>) {
        let next = self.shared.len() as u64;
        let number = *self.numbers.entry(Arc::clone(text)).or_insert(next);
        if number == next {
            self.shared.push(Arc::clone(text));
        }
        self.out.number(number);
    }

    fn country(&mut self, country: Option<CountryCode>) {
        write_country(country, &mut self.out);
    }

    fn date(&mut self, date: Option<Date>) {
        self.option(date.as_ref(), |to, date| {
            to.out.bytes.extend(date.year().to_le_bytes());
            to.out.bytes.extend(date.month().to_le_bytes());
            to.out.bytes.extend(date.day().to_le_bytes());
        });
    }

    fn name(&mut self, name: &ListedName) {
        let ListedName { text, quality, former } = name;
        self.out.text(text);
        self.out.byte(place(&QUALITIES, *quality));
        self.out.byte(u8::from(*former));
    }

    fn address(&mut self, address: &Address) {
        let Address { street, city, postal_code, region, country } = address;
        for text in [street, city, postal_code, region] {
            self.out.text(text);
        }
        self.country(*country);
    }

    fn identifier(&mut self, identifier: &Identifier) {
        let Identifier { kind, value, country } = identifier;
        self.out.byte(place(&IdentifierKind::ALL, *kind));
        self.out.text(value);
        self.country(*country);
    }

    fn relation(&mut self, relation: &Relation) {
        let Relation { kind, name, id, share } = relation;
        self.out.byte(place(&RelationKind::ALL, *kind));
        self.out.text(name);
        self.option(id.as_ref(), Self::text);
        self.option(share.as_ref(), Self::text);
    }
}

impl<'b> PartyReader<'b> {
    pub fn new(bytes: Reader<'b>, shared: &'b [Arc<str>], skim: bool) -> Self {
        Self { bytes, shared, skim, related: false }
    }

    /// What is left to read.
    pub fn rest(&self) -> Reader<'b> {
        self.bytes
    }

    pub fn party(&mut self) -> Option<ListedParty> {
        Some(ListedParty {
            id: self.text()?,
            kind: kind_of(self.bytes.byte()?)?,
            names: self.many(Self::name)?,
            addresses: self.many(Self::address)?,
            countries: self.many(|from| from.country()?)?,
            identifiers: self.many(Self::identifier)?,
            programs: self.many(Self::share)?,
            effect: self.option(|from| from.one_of(&Effect::ALL))?,
            address_only: self.flag()?,
            licence_requirement: self.option(Self::share)?,
            licence_policy: self.option(Self::share)?,
            citation: self.text()?,
            birth_dates: self.many(Self::text)?,
            birth_places: self.many(Self::text)?,
            nationalities: self.many(|from| from.country()?)?,
            relations: self.many(Self::relation)?,
            listed: self.date()?,
            removed: self.date()?,
            same_as: self.many(Self::text)?,
            remarks: self.text()?,
            url: self.option(|from| Some(from.text()?.into()))?,
        })
    }

    pub fn list(&mut self) -> Option<ListInfo> {
        Some(ListInfo {
            id: self.text()?,
            title: self.text()?,
            publisher: self.text()?,
            jurisdiction: self.text()?,
            regime: self.one_of(&REGIMES)?,
            effect: self.one_of(&Effect::ALL)?,
            authority: self.text()?,
            citation: self.text()?,
            edition: Edition {
                source: self.text()?,
                url: self.text()?,
                date: self.date()?,
                confirmed: self.date()?,
                max_age_days: self.option(|from| u32::try_from(from.bytes.number()?).ok())?,
                stale: self.option(Self::text)?,
                sha256: self.text()?,
                entries: self.bytes.size()?,
                names: self.bytes.size()?,
            },
            notes: self.many(Self::text)?,
        })
    }

    fn text(&mut self) -> Option<String> {
        let text = self.bytes.text()?;
        Some(if self.skim { String::new() } else { text.to_owned() })
    }

    fn flag(&mut self) -> Option<bool> {
        self.one_of(&[false, true])
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        all.get(usize::from(self.bytes.byte()?)).copied()
    }

    /// As many items as their number says. The vector grows with what is read,
    /// so that a wrong number reserves nothing.
    fn many<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        for _ in 0..self.bytes.size()? {
            let item = read(self)?;
            if !self.skim {
                items.push(item);
            }
        }
        Some(items)
    }

    /// Nothing, or something that can be read.
    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        Some(if self.flag()? { Some(read(self)?) } else { None })
    }

    fn share(&mut self) -> Option<Arc<str>> {
        self.shared.get(self.bytes.size()?).map(Arc::clone)
    }

    /// No country, or one.
    fn country(&mut self) -> Option<Option<CountryCode>> {
        read_country(self.bytes.array()?)
    }

    fn date(&mut self) -> Option<Option<Date>> {
        self.option(|from| {
            let (year, month, day) = (from.bytes.array()?, from.bytes.array()?, from.bytes.array()?);
            Date::new(i16::from_le_bytes(year), i8::from_le_bytes(month), i8::from_le_bytes(day)).ok()
        })
    }

    fn name(&mut self) -> Option<ListedName> {
        Some(ListedName {
            text: self.text()?.into(),
            quality: self.one_of(&QUALITIES)?,
            former: self.flag()?,
        })
    }

    fn address(&mut self) -> Option<Address> {
        Some(Address {
            street: self.text()?,
            city: self.text()?,
            postal_code: self.text()?,
            region: self.text()?,
            country: self.country()?,
        })
    }

    fn identifier(&mut self) -> Option<Identifier> {
        Some(Identifier {
            kind: self.one_of(&IdentifierKind::ALL)?,
            value: self.text()?,
            country: self.country()?,
        })
    }

    fn relation(&mut self) -> Option<Relation> {
        self.related = true;
        Some(Relation {
            kind: self.one_of(&RelationKind::ALL)?,
            name: self.text()?,
            id: self.option(Self::text)?,
            share: self.option(Self::text)?,
        })
    }
}
