//! Examples of rules: small shipments that must or must not fire them.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::advice::read_goods;
use crate::diagnostic::{Diagnostics, Item, Table, word};
use crate::flow::norms::NormFact;
use crate::matching::{MatchedBy, Strength};
use crate::trade::{
    Address, At, CellFault, CellFaultKind, ControlCode, CountryCode, HsCode, Identifier, IdentifierKind,
    LineItem, Money, Party, PartyKind, PartyRole, Place, Quantity, Route, Shipment,
};
use crate::watchlist::{Effect, NameQuality, Regime};

use super::example_norm;
use super::example_past::{self, PastExample};
use super::facts::{Facts, ListedFact, OwnedFact};
use super::library::{Library, Rule};

/// An example as loaded.
#[derive(Clone, Debug)]
pub(super) struct Example {
    shipment: Shipment,
    listed: Vec<ListedFact>,
    owned: Vec<OwnedFact>,
    norms: Vec<NormFact>,
    bound_by: Vec<String>,
    /// What came before it.
    past: Vec<PastExample>,
    /// Line of the file, for messages.
    line: usize,
}

/// How an example went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExampleResult {
    pub rule: String,
    pub passed: bool,
    /// In plain words, what was wanted and what happened.
    pub words: String,
}

pub(super) fn test(library: &Library, rule: &Rule) -> Vec<ExampleResult> {
    let wanted = rule.fires.iter().map(|e| (e, true)).chain(rule.silent.iter().map(|e| (e, false)));
    wanted
        .map(|(example, must_fire)| {
            let day = rule.info.from.unwrap_or_default();
            let facts = Facts {
                shipment: &example.shipment,
                listed: example.listed.clone(),
                owned: example.owned.clone(),
                goods: library.detect_goods(&example.shipment),
                notes: read_goods(&example.shipment, day, &example.bound_by),
                norms: example.norms.clone(),
                past: example_past::history(library, &example.past, &example.shipment, day)
                    .map(|history| history.facts(&example.shipment))
                    .unwrap_or_default(),
                bound_by: &example.bound_by,
                as_of: day,
            };
            let finding = library.try_alone(rule, &facts);
            let words = match (&finding, must_fire) {
                (None, true) => format!("the example in line {} should fire and does not", example.line),
                (Some(finding), false) => format!(
                    "the example in line {} should stay silent but fires: {}",
                    example.line,
                    finding.evidence.iter().map(|e| e.words.as_str()).collect::<Vec<_>>().join("; ")
                ),
                _ => format!("the example in line {} does as it should", example.line),
            };
            ExampleResult { rule: rule.info.id.clone(), passed: finding.is_some() == must_fire, words }
        })
        .collect()
}

const GOODS_KEYS: [&str; 14] = [
    "hs",
    "control_code",
    "description",
    "part_number",
    "quantity",
    "unit",
    "net_weight_kg",
    "gross_weight_kg",
    "value",
    "currency",
    "us_content",
    "end_use",
    "licence",
    "origin",
];

/// The cells of an example are its keys; the line is 2, under a header.
fn at(column: &str) -> At {
    At { line: 2, column: column.into() }
}

impl Example {
    pub fn read(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Self {
        let line =
            table.file().text.get(..table.span().start).map_or(0, |before| before.matches('\n').count()) + 1;
        let mut fields: Vec<&'static str> = Vec::new();
        let (mut items, mut norms) = (Vec::new(), Vec::new());
        if table.get("items").is_some() {
            for mut item in table.tables("items", out) {
                norms.extend(example_norm::read(&mut item, items.len(), out));
                items.push(read_item(&mut item, &mut fields, out));
                item.finish(out);
            }
        } else {
            norms.extend(example_norm::read(&mut table, 0, out));
            items.push(read_item(&mut table, &mut fields, out));
        }
        let mut shipment = Shipment {
            reference: "example".to_owned(),
            file: "example".into(),
            lines: (0..items.len()).map(|i| 2 + i as u64).collect(),
            parties: Vec::new(),
            route: read_route(&mut table, &mut fields, out),
            items: Vec::new(),
            shipped: read_day(&mut table, "shipped", &mut fields, out),
            ordered: read_day(&mut table, "ordered", &mut fields, out),
            transport: String::new(),
            incoterm: String::new(),
            faults: read_faults(&mut table, out),
            fields: Arc::from([]),
        };
        let (mut listed, mut owned) = (Vec::new(), Vec::new());
        for role in PartyRole::ALL {
            let Some(item) = table.get(role.key()) else { continue };
            fields.push(role.key());
            for item in item.one_or_many() {
                if let Some(party) =
                    read_party(role, item, shipment.parties.len(), &mut listed, &mut owned, out)
                {
                    shipment.parties.push(party);
                }
            }
        }
        for item in table.get("columns").map(Item::one_or_many).unwrap_or_default() {
            let known = known_fields();
            let find = |text: &str| known.iter().copied().find(|field| *field == text);
            fields.extend(word(item, &known, find, out));
        }
        let past = PastExample::read_all(&mut table, out);
        let bound_by = match table.get("bound_by") {
            Some(item) => item.strings(out).into_iter().map(str::to_owned).collect(),
            None => vec!["US".to_owned()],
        };
        table.finish(out);
        fields.sort_unstable();
        fields.dedup();
        let columns: Arc<[(&'static str, Arc<str>)]> =
            fields.iter().map(|field| (*field, Arc::from(*field))).collect();
        for (i, item) in items.iter_mut().enumerate() {
            item.line = 2 + i as u64;
            item.columns = Arc::clone(&columns);
        }
        shipment.items = items;
        shipment.fields = fields.into();
        Self { shipment, listed, owned, norms, bound_by, past, line }
    }

    pub fn into_shipment(self) -> Shipment {
        self.shipment
    }
}

fn known_fields() -> Vec<&'static str> {
    let goods = [
        "hs",
        "control-code",
        "description",
        "part-number",
        "quantity",
        "value",
        "weight",
        "end-use",
        "licence",
        "origin",
    ];
    let shipment = ["departure", "transit", "destination", "shipped", "ordered"];
    goods.into_iter().chain(shipment).chain(PartyRole::ALL.into_iter().map(PartyRole::key)).collect()
}

fn read_item(table: &mut Table<'_, '_>, fields: &mut Vec<&'static str>, out: &mut Diagnostics) -> LineItem {
    for key in GOODS_KEYS {
        if table.get(key).is_some() {
            fields.push(match key {
                "control_code" => "control-code",
                "part_number" => "part-number",
                "end_use" => "end-use",
                "net_weight_kg" | "gross_weight_kg" => "weight",
                "us_content" => "us-content",
                "unit" => "quantity",
                "currency" => "value",
                other => other,
            });
        }
    }
    let mut text = |key: &'static str, out: &mut Diagnostics| table.opt_string(key, out).unwrap_or_default();
    let (description, part_number) = (text("description", out), text("part_number", out));
    let (end_use, licence) = (text("end_use", out), text("licence", out));
    let (unit, currency) = (text("unit", out), text("currency", out));
    let hs = table.get("hs").and_then(|item| {
        let text = item.string(out)?;
        HsCode::parse(text).map_err(|error| out.push(item.error(format!("`{text}`: {error}")))).ok()
    });
    let control_code = table.get("control_code").and_then(|item| {
        let text = item.string(out)?;
        ControlCode::parse(text).map_err(|error| out.push(item.error(format!("`{text}`: {error}")))).ok()
    });
    let mut number =
        |key: &'static str, out: &mut Diagnostics| -> Option<Decimal> { table.opt_decimal(key, out) };
    let (net, gross) = (number("net_weight_kg", out), number("gross_weight_kg", out));
    let (quantity, value, us_content) =
        (number("quantity", out), number("value", out), number("us_content", out));
    LineItem {
        line: 2,
        description,
        part_number,
        hs,
        control_code,
        origin: read_country(table.get("origin"), out),
        quantity: quantity.map(|amount| Quantity { amount, unit }),
        net_weight_kg: net,
        gross_weight_kg: gross,
        value: value.map(|amount| Money { amount, currency }),
        us_content_percent: us_content,
        end_use,
        licence,
        columns: Arc::from([]),
    }
}

fn read_country(item: Option<Item<'_, '_>>, out: &mut Diagnostics) -> Option<CountryCode> {
    let item = item?;
    let text = item.string(out)?;
    let country = CountryCode::new(text);
    if country.is_none() {
        out.push(item.error(format!("`{text}` is not an ISO code of two letters")));
    }
    country
}

fn read_route(table: &mut Table<'_, '_>, fields: &mut Vec<&'static str>, out: &mut Diagnostics) -> Route {
    let mut place = |table: &mut Table<'_, '_>, key: &'static str, text_key: &'static str| -> Option<Place> {
        let item = table.get(key);
        let text = table.opt_string(text_key, out);
        if item.is_none() && text.is_none() {
            return None;
        }
        fields.push(key);
        let country = read_country(item, out);
        let text = text.or_else(|| country.map(|country| country.to_string())).unwrap_or_default();
        Some(Place { country, text, at: at(key) })
    };
    let departure = place(table, "departure", "departure_place");
    let destination = place(table, "destination", "destination_place");
    let mut transit = Vec::new();
    if let Some(item) = table.get("transit") {
        fields.push("transit");
        for item in item.one_or_many() {
            if let Some(country) = read_country(Some(item), out) {
                transit.push(Place { country: Some(country), text: country.to_string(), at: at("transit") });
            }
        }
    }
    Route { departure, transit, destination }
}

fn read_day(
    table: &mut Table<'_, '_>,
    key: &'static str,
    fields: &mut Vec<&'static str>,
    out: &mut Diagnostics,
) -> Option<Date> {
    let day = table.opt_date(key, out);
    if day.is_some() {
        fields.push(key);
    }
    day
}

fn read_faults(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Vec<CellFault> {
    let mut known = known_fields();
    known.extend(["consignee.country", "end-user.country"]);
    let find = |text: &str| known.iter().copied().find(|field| *field == text);
    let items = table.get("unreadable").map(Item::one_or_many).unwrap_or_default();
    let fields: Vec<&'static str> =
        items.into_iter().filter_map(|item| word(item, &known, find, out)).collect();
    fields
        .into_iter()
        .map(|field| CellFault {
            at: at(field),
            field,
            text: "???".to_owned(),
            kind: CellFaultKind::Unreadable,
            reason: "unreadable in this example".to_owned(),
        })
        .collect()
}

fn read_party(
    role: PartyRole,
    item: Item<'_, '_>,
    number: usize,
    listed: &mut Vec<ListedFact>,
    owned: &mut Vec<OwnedFact>,
    out: &mut Diagnostics,
) -> Option<Party> {
    let mut table = item.table(out)?;
    let mut text = |key: &'static str, out: &mut Diagnostics| table.opt_string(key, out).unwrap_or_default();
    let (name, street, city) = (text("name", out), text("address", out), text("city", out));
    let region = text("region", out);
    let numbers = [
        (IdentifierKind::Email, text("email", out)),
        (IdentifierKind::Phone, text("phone", out)),
        (IdentifierKind::Registration, text("registration", out)),
    ];
    let country = read_country(table.get("country"), out);
    let founded = table.opt_date("founded", out);
    if let Some(item) = table.get("listed") {
        listed.extend(read_listed(item, number, &name, out));
    }
    for item in table.get("owned").map(Item::one_or_many).unwrap_or_default() {
        owned.extend(super::example_owned::read(item, number, &name, out));
    }
    table.finish(out);
    let identifiers = numbers
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(kind, value)| Identifier { kind, value, country: None })
        .collect();
    Some(Party {
        role,
        kind: PartyKind::Unknown,
        name: name.into(),
        address: Address { street, city, region, country, ..Address::default() },
        identifiers,
        founded,
        at: at(role.key()),
    })
}

fn read_listed(item: Item<'_, '_>, party: usize, name: &str, out: &mut Diagnostics) -> Option<ListedFact> {
    let mut table = item.table(out)?;
    let list: Arc<str> = table.opt_string("list", out).unwrap_or_else(|| "us-sdn".to_owned()).into();
    let fact = ListedFact {
        party,
        hit: 0,
        list_title: Arc::clone(&list),
        list,
        jurisdiction: table.opt_string("jurisdiction", out).unwrap_or_else(|| "US".to_owned()).into(),
        regime: table.word("regime", &Regime::WORDS, Regime::from_key, out).unwrap_or(Regime::Unilateral),
        effect: table.word("effect", &Effect::WORDS, Effect::from_key, out).unwrap_or(Effect::Blocking),
        binding: table.opt_boolean("binding", out).unwrap_or(true),
        by: table.word("by", &MatchedBy::WORDS, MatchedBy::from_key, out).unwrap_or(MatchedBy::Name),
        quality: table
            .word("quality", &NameQuality::WORDS, NameQuality::from_key, out)
            .unwrap_or(NameQuality::Primary),
        score: table.opt_decimal("score", out).and_then(|n| n.try_into().ok()).unwrap_or(0.97),
        strength: table
            .word("strength", &Strength::WORDS, Strength::from_key, out)
            .unwrap_or(Strength::Strong),
        programs: table.strings("program", out).into_iter().map(Arc::from).collect(),
        entry_name: name.to_owned(),
        entry_id: "example".to_owned(),
    };
    table.finish(out);
    Some(fact)
}
