//! What a column of a shipment file can mean.

use crate::trade::PartyRole;

/// What a cell says of a party.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Attribute {
    Name,
    Address,
    City,
    PostalCode,
    Region,
    Country,
    Registration,
    Tax,
    Lei,
    Bic,
    Imo,
    Email,
    Phone,
    Founded,
    Kind,
    /// A number in the company's own system: names nobody, not read.
    Id,
}

impl Attribute {
    const ALL: [Self; 16] = [
        Self::Name,
        Self::Address,
        Self::City,
        Self::PostalCode,
        Self::Region,
        Self::Country,
        Self::Registration,
        Self::Tax,
        Self::Lei,
        Self::Bic,
        Self::Imo,
        Self::Email,
        Self::Phone,
        Self::Founded,
        Self::Kind,
        Self::Id,
    ];
    const WORDS: [&'static str; 16] = [
        "name",
        "address",
        "city",
        "postal-code",
        "region",
        "country",
        "registration",
        "tax",
        "lei",
        "bic",
        "imo",
        "email",
        "phone",
        "founded",
        "kind",
        "id",
    ];

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attribute| Self::WORDS[*attribute as usize] == key)
    }

    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

/// A field of the shipment itself, its goods or its route.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Plain {
    Reference,
    Description,
    PartNumber,
    Hs,
    ControlCode,
    Origin,
    Quantity,
    Unit,
    Value,
    UnitPrice,
    Currency,
    NetWeight,
    GrossWeight,
    WeightUnit,
    UsContent,
    EndUse,
    Licence,
    Departure,
    DeparturePlace,
    Transit,
    Destination,
    DestinationPlace,
    Shipped,
    Ordered,
    Transport,
    Incoterm,
}

impl Plain {
    const ALL: [Self; 26] = [
        Self::Reference,
        Self::Description,
        Self::PartNumber,
        Self::Hs,
        Self::ControlCode,
        Self::Origin,
        Self::Quantity,
        Self::Unit,
        Self::Value,
        Self::UnitPrice,
        Self::Currency,
        Self::NetWeight,
        Self::GrossWeight,
        Self::WeightUnit,
        Self::UsContent,
        Self::EndUse,
        Self::Licence,
        Self::Departure,
        Self::DeparturePlace,
        Self::Transit,
        Self::Destination,
        Self::DestinationPlace,
        Self::Shipped,
        Self::Ordered,
        Self::Transport,
        Self::Incoterm,
    ];
    const WORDS: [&'static str; 26] = [
        "reference",
        "description",
        "part-number",
        "hs",
        "control-code",
        "origin",
        "quantity",
        "unit",
        "value",
        "unit-price",
        "currency",
        "net-weight",
        "gross-weight",
        "weight-unit",
        "us-content",
        "end-use",
        "licence",
        "departure",
        "departure-place",
        "transit",
        "destination",
        "destination-place",
        "shipped",
        "ordered",
        "transport",
        "incoterm",
    ];

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| Self::WORDS[*field as usize] == key)
    }

    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// The name rules know the field by: several columns may make one.
    pub const fn rule_key(self) -> &'static str {
        match self {
            Self::Unit => "quantity",
            Self::UnitPrice | Self::Currency => "value",
            Self::NetWeight | Self::GrossWeight | Self::WeightUnit => "weight",
            Self::DeparturePlace => "departure",
            Self::DestinationPlace => "destination",
            other => other.key(),
        }
    }
}

/// A field that a column can be mapped to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Field {
    Plain(Plain),
    Party(PartyRole, Attribute),
}

impl Field {
    /// The field of a key such as `hs` or `end-user.country`.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        if let Some(field) = Plain::from_key(key) {
            return Some(Self::Plain(field));
        }
        let (role, attribute) = key.split_once('.').unwrap_or((key, "name"));
        Some(Self::Party(PartyRole::from_key(role)?, Attribute::from_key(attribute)?))
    }

    #[must_use]
    pub fn key(self) -> String {
        match self {
            Self::Plain(field) => field.key().to_owned(),
            Self::Party(role, attribute) => format!("{}.{}", role.key(), attribute.key()),
        }
    }

    /// Whether several columns may hold it: parts of an address, stations of a
    /// route.
    #[must_use]
    pub fn may_repeat(self) -> bool {
        matches!(self, Self::Plain(Plain::Transit) | Self::Party(_, Attribute::Address))
    }
}
