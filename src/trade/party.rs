//! Who takes part in a shipment.

use std::fmt;
use std::sync::Arc;

use super::{At, CountryCode};

/// The part someone plays in a shipment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PartyRole {
    Exporter,
    Seller,
    Manufacturer,
    Buyer,
    Consignee,
    IntermediateConsignee,
    EndUser,
    Importer,
    NotifyParty,
    Forwarder,
    Broker,
    Carrier,
    Vessel,
    Bank,
    Payer,
    Warehouse,
    Other,
}

impl PartyRole {
    /// Every role, in the order reports show them.
    pub const ALL: [Self; 17] = [
        Self::Exporter,
        Self::Seller,
        Self::Manufacturer,
        Self::Buyer,
        Self::Consignee,
        Self::IntermediateConsignee,
        Self::EndUser,
        Self::Importer,
        Self::NotifyParty,
        Self::Forwarder,
        Self::Broker,
        Self::Carrier,
        Self::Vessel,
        Self::Bank,
        Self::Payer,
        Self::Warehouse,
        Self::Other,
    ];

    /// The name in TOML and machine-readable output, such as `end-user`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Exporter => "exporter",
            Self::Seller => "seller",
            Self::Manufacturer => "manufacturer",
            Self::Buyer => "buyer",
            Self::Consignee => "consignee",
            Self::IntermediateConsignee => "intermediate-consignee",
            Self::EndUser => "end-user",
            Self::Importer => "importer",
            Self::NotifyParty => "notify-party",
            Self::Forwarder => "forwarder",
            Self::Broker => "broker",
            Self::Carrier => "carrier",
            Self::Vessel => "vessel",
            Self::Bank => "bank",
            Self::Payer => "payer",
            Self::Warehouse => "warehouse",
            Self::Other => "other",
        }
    }

    /// The role named by `key`, if any.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    /// The name for people, such as `end user`.
    #[must_use]
    pub fn label(self) -> String {
        self.key().replace('-', " ")
    }
}

impl fmt::Display for PartyRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// What sort of party a name belongs to, where known. Used by lists too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum PartyKind {
    Person,
    Organization,
    Vessel,
    Aircraft,
    /// Not stated: may be any of the others.
    #[default]
    Unknown,
}

impl PartyKind {
    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organization => "organization",
            Self::Vessel => "vessel",
            Self::Aircraft => "aircraft",
            Self::Unknown => "unknown",
        }
    }

    /// The kind named by `key`, if any.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Person, Self::Organization, Self::Vessel, Self::Aircraft, Self::Unknown]
            .into_iter()
            .find(|kind| kind.key() == key)
    }

    /// Whether a party of this kind can be a party of the other kind.
    #[must_use]
    pub fn agrees_with(self, other: Self) -> bool {
        self == other || self == Self::Unknown || other == Self::Unknown
    }
}

/// A postal address as far as it is known.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Address {
    /// Street, building, floor, box: everything not in the other fields.
    pub street: String,
    pub city: String,
    pub postal_code: String,
    pub region: String,
    pub country: Option<CountryCode>,
}

impl Address {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.country.is_none()
            && [&self.street, &self.city, &self.postal_code, &self.region].iter().all(|part| part.is_empty())
    }

    /// One line: street, city, postal code, region, country.
    #[must_use]
    pub fn one_line(&self) -> String {
        let country = self.country.map(|code| code.to_string()).unwrap_or_default();
        [&self.street, &self.city, &self.postal_code, &self.region, &country]
            .into_iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// What register or scheme an identifier belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum IdentifierKind {
    /// Company or commercial registration number.
    Registration,
    /// Tax, VAT, INN, EIN.
    Tax,
    /// Ship number of the International Maritime Organization, 7 digits.
    Imo,
    /// Maritime radio identity, 9 digits.
    Mmsi,
    /// Radio call sign.
    CallSign,
    /// Legal entity identifier, ISO 17442, 20 characters.
    Lei,
    /// Business identifier code (SWIFT), ISO 9362, 8 or 11 characters.
    Bic,
    Duns,
    /// EU economic operator number.
    Eori,
    Passport,
    NationalId,
    /// Aircraft tail or serial number.
    Aircraft,
    Email,
    Phone,
    Website,
    Other,
}

impl IdentifierKind {
    pub const ALL: [Self; 16] = [
        Self::Registration,
        Self::Tax,
        Self::Imo,
        Self::Mmsi,
        Self::CallSign,
        Self::Lei,
        Self::Bic,
        Self::Duns,
        Self::Eori,
        Self::Passport,
        Self::NationalId,
        Self::Aircraft,
        Self::Email,
        Self::Phone,
        Self::Website,
        Self::Other,
    ];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Tax => "tax",
            Self::Imo => "imo",
            Self::Mmsi => "mmsi",
            Self::CallSign => "call-sign",
            Self::Lei => "lei",
            Self::Bic => "bic",
            Self::Duns => "duns",
            Self::Eori => "eori",
            Self::Passport => "passport",
            Self::NationalId => "national-id",
            Self::Aircraft => "aircraft",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Website => "website",
            Self::Other => "other",
        }
    }

    /// The kind named by `key`, if any.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// One identifier as written, with the country that issued it where stated.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Identifier {
    pub kind: IdentifierKind,
    pub value: String,
    pub country: Option<CountryCode>,
}

/// Someone named on a shipment.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Party {
    pub role: PartyRole,
    pub kind: PartyKind,
    /// As written, trimmed; never empty unless only an address is given.
    pub name: Arc<str>,
    pub address: Address,
    pub identifiers: Vec<Identifier>,
    /// Day of foundation or incorporation, where the file says so.
    pub founded: Option<jiff::civil::Date>,
    /// The cell that holds the name (or, without a name, the address).
    pub at: At,
}
