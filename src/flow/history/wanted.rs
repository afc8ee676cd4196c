//! What the shipments at hand will ask the history about. Only that is read
//! from it and held.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::trade::CountryCode;

use super::identity::Identity;
use super::record::{Key, Kind};
use super::row::{Heading, Row};

/// A party of the shipments at hand.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub country: Option<CountryCode>,
    pub identity: Arc<Identity>,
}

/// Keys that the shipments at hand have.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub(super) parties: FxHashMap<u64, Asked>,
    /// Kind and hash.
    pub(super) contacts: FxHashSet<(u8, u64)>,
    /// Keys of sums, without the day, or beginnings of them.
    pub(super) groups: FxHashSet<Vec<u8>>,
    pub(super) headings: FxHashSet<Heading>,
    /// Lanes with the headings that went there.
    pub(super) lanes: FxHashMap<(Option<CountryCode>, Option<CountryCode>), FxHashSet<Heading>>,
}

/// The groups of sums that a detector asks for.
pub(super) mod group {
    use super::{CountryCode, Heading, Key, Kind};
    use crate::flow::history::measure::Measure;

    type Country = Option<CountryCode>;

    pub fn all() -> Vec<u8> {
        Key::of(Kind::All).into_bytes()
    }

    pub fn lane(from: Country, to: Country) -> Vec<u8> {
        Key::of(Kind::Lane).country(from).country(to).into_bytes()
    }

    pub fn goods(heading: Heading) -> Vec<u8> {
        Key::of(Kind::Goods).heading(heading).into_bytes()
    }

    pub fn lane_goods(from: Country, to: Country, heading: Heading) -> Vec<u8> {
        Key::of(Kind::LaneGoods).country(from).country(to).heading(heading).into_bytes()
    }

    /// Rest of the key: the destination.
    pub fn seller_goods(seller: u64, heading: Heading) -> Vec<u8> {
        Key::of(Kind::SellerGoods).hash(seller).heading(heading).into_bytes()
    }

    /// Rest of the key: the country between.
    pub fn transit(from: Country, to: Country) -> Vec<u8> {
        Key::of(Kind::Transit).country(from).country(to).into_bytes()
    }

    /// Rest of the key: the step of size.
    pub fn size(measure: Measure, heading: Heading) -> Vec<u8> {
        Key::of(Kind::Size).measure(measure).heading(heading).into_bytes()
    }

    /// Rest of the key: the heading.
    pub fn product(product: u64) -> Vec<u8> {
        Key::of(Kind::Product).hash(product).into_bytes()
    }

    /// Rest of the key: 1 for round values.
    pub fn round(currency: Measure) -> Vec<u8> {
        Key::of(Kind::Round).measure(currency).into_bytes()
    }
}

impl Wanted {
    /// Adds what a shipment will ask about.
    pub fn add(&mut self, row: &Row) {
        for member in row.receivers.iter().chain(&row.between) {
            let hash = member.identity.hash;
            self.parties
                .entry(hash)
                .or_insert_with(|| Asked { country: member.country, identity: Arc::clone(&member.identity) });
        }
        for member in &row.receivers {
            self.contacts.extend(member.contacts.iter().map(|contact| (contact.kind as u8, contact.hash)));
        }
        let (from, to) = (row.from, row.to);
        let mut want = |group: Vec<u8>| self.groups.insert(group);
        want(group::lane(from, to));
        want(group::transit(from, to));
        for line in &row.lines {
            if let Some((currency, _)) = line.value {
                want(group::round(currency));
            }
            if line.product != 0 {
                want(group::product(line.product));
            }
            if line.heading == 0 {
                continue;
            }
            want(group::goods(line.heading));
            want(group::lane_goods(from, to, line.heading));
            if row.seller != 0 {
                want(group::seller_goods(row.seller, line.heading));
            }
            for (measure, _) in line.value.into_iter().chain(line.quantity) {
                want(group::size(measure, line.heading));
            }
        }
        let headings = row.lines.iter().map(|line| line.heading).filter(|heading| *heading != 0);
        self.headings.extend(headings.clone());
        self.lanes.entry((from, to)).or_default().extend(headings);
    }
}
