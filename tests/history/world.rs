//! A made-up world of traders, the same for a seed: regular buyers with their
//! seasons, growth and now and then a large order; and what is planted in it.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use redflag::trade::{
    Address, At, CountryCode, HsCode, Identifier, IdentifierKind, LineItem, Money, Party, PartyKind,
    PartyRole, Place, Quantity, Route, Shipment,
};
use rust_decimal::Decimal;

/// The same numbers for a seed on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def1)
    }

    /// From 0 to below 1.
    pub fn share(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.share() * n as f64) as usize % n.max(1)
    }

    /// Around 0 with a deviation of 1.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }
}

/// What a shipment of the world is made from.
#[derive(Clone)]
pub struct Order {
    pub day: i32,
    pub seller: String,
    pub buyer: String,
    pub country: &'static str,
    pub street: String,
    pub phone: String,
    pub founded: Option<Date>,
    pub hs: &'static str,
    pub part: String,
    pub quantity: f64,
    pub price: f64,
    pub currency: &'static str,
    pub forwarder: String,
    pub transit: Option<&'static str>,
    /// What it was planted for; empty for what is calm.
    pub planted: &'static str,
}

impl Order {
    pub fn new(day: i32, buyer: &str, country: &'static str, hs: &'static str) -> Self {
        Self {
            day,
            seller: "Penang Parts Sdn Bhd".to_owned(),
            buyer: buyer.to_owned(),
            country,
            street: String::new(),
            phone: String::new(),
            founded: None,
            hs,
            part: format!("PN-{hs}-1"),
            quantity: 100.0,
            price: 21.37,
            currency: "USD",
            forwarder: "Straits Forwarding".to_owned(),
            transit: None,
            planted: "",
        }
    }
}

/// The first day of the world.
pub const START: Date = date(2021, 1, 4);

fn country(code: &str) -> Option<CountryCode> {
    CountryCode::new(code)
}

fn at() -> At {
    At { line: 1, column: "".into() }
}

fn party(role: PartyRole, name: &str, code: &str) -> Party {
    Party {
        role,
        kind: PartyKind::Unknown,
        name: name.into(),
        address: Address { country: country(code), ..Address::default() },
        identifiers: Vec::new(),
        founded: None,
        at: at(),
    }
}

/// The shipment of an order.
pub fn shipment(order: &Order, reference: &str) -> Shipment {
    let mut buyer = party(PartyRole::Consignee, &order.buyer, order.country);
    buyer.founded = order.founded;
    buyer.address.street.clone_from(&order.street);
    if !order.phone.is_empty() {
        let phone = Identifier { kind: IdentifierKind::Phone, value: order.phone.clone(), country: None };
        buyer.identifiers.push(phone);
    }
    let place = |code: &str| Place { country: country(code), text: code.to_owned(), at: at() };
    let quantity = Decimal::from(order.quantity.max(1.0).round() as i64);
    let value = (Decimal::try_from(order.price).unwrap() * quantity).round_dp(2);
    Shipment {
        reference: reference.to_owned(),
        file: "world".into(),
        lines: vec![1],
        parties: vec![
            party(PartyRole::Exporter, &order.seller, "MY"),
            buyer,
            party(PartyRole::Forwarder, &order.forwarder, "MY"),
        ],
        route: Route {
            departure: Some(place("MY")),
            transit: order.transit.iter().map(|code| place(code)).collect(),
            destination: Some(place(order.country)),
        },
        items: vec![LineItem {
            line: 1,
            description: format!("goods of chapter {}", &order.hs[..2]),
            part_number: order.part.clone(),
            hs: HsCode::parse(order.hs).ok(),
            control_code: None,
            origin: None,
            quantity: Some(Quantity { amount: quantity, unit: "PCS".to_owned() }),
            net_weight_kg: Some(quantity),
            gross_weight_kg: None,
            value: Some(Money { amount: value, currency: order.currency.to_owned() }),
            us_content_percent: None,
            end_use: String::new(),
            licence: String::new(),
            columns: Arc::from([]),
        }],
        shipped: Some(START.checked_add(order.day.days()).unwrap()),
        ordered: None,
        transport: String::new(),
        incoterm: String::new(),
        faults: Vec::new(),
        fields: Arc::from([]),
    }
}

const COUNTRIES: [&str; 10] = ["DE", "FR", "JP", "BR", "IN", "TR", "AE", "KZ", "KG", "CL"];
const GOODS: [&str; 8] = ["854231", "854232", "852910", "847130", "940340", "848210", "300490", "901890"];
const FIRST: [&str; 30] = [
    "Alder", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Granite", "Harbour", "Iris", "Juniper", "Kestrel",
    "Lumen", "Maple", "Nordic", "Orchid", "Prairie", "Quartz", "River", "Summit", "Timber", "Umbra",
    "Vertex", "Willow", "Xenon", "Yarrow", "Zephyr", "Amber", "Beacon", "Cobalt", "Dune",
];
const SECOND: [&str; 12] =
    ["bridge", "crest", "dale", "ford", "grove", "haven", "mere", "ness", "ridge", "stone", "vale", "wick"];

/// Days of the world.
pub const DAYS: i32 = 3 * 365;

/// Trade as it is on calm days, with what looks odd and is not: buyers with a
/// season, buyers that grow, a large order now and then, price lists.
pub fn calm(seed: u64, buyers: usize) -> Vec<Order> {
    let mut dice = Dice::new(seed);
    let mut orders = Vec::new();
    for number in 0..buyers {
        let name = format!(
            "{}{} {} Ltd",
            FIRST[number % FIRST.len()],
            SECOND[(number / FIRST.len() + number) % SECOND.len()],
            ["Tools", "Optics", "Motors", "Paper", "Seeds"][number % 5]
        );
        let country = COUNTRIES[dice.below(COUNTRIES.len())];
        let pace = 7.0 + dice.share() * 38.0;
        let size = 20.0 * (dice.normal() * 0.8).exp() + 5.0;
        let goods: Vec<&'static str> = (0..=dice.below(2)).map(|_| GOODS[dice.below(GOODS.len())]).collect();
        let season = if number % 4 == 0 { 1.0 + dice.share() * 1.5 } else { 0.0 };
        let growth = if number % 5 == 1 { dice.share() * 0.8 } else { 0.0 };
        let large = if number % 6 == 2 { 0.03 } else { 0.0 };
        let forwarder = format!("Forwarder {}", ["Straits", "Merlion", "Andaman"][dice.below(3)]);
        let via = if dice.below(3) == 0 { Some("SG") } else { None };
        let begin =
            if number % 7 == 3 { dice.below(DAYS as usize - 200) as i32 } else { dice.below(30) as i32 };
        let phase = dice.share() * std::f64::consts::TAU;
        let mut day = f64::from(begin);
        while (day as i32) < DAYS {
            let hs = goods[dice.below(goods.len())];
            let year = day / 365.0;
            let wave = season * ((year * std::f64::consts::TAU + phase).sin() + 1.0) / 2.0;
            let mut quantity = size * (1.0 + wave) * (growth * year).exp() * (dice.normal() * 0.35).exp();
            if dice.share() < large {
                quantity *= 2.0 + 2.0 * dice.share();
            }
            let mut order = Order::new(day as i32, &name, country, hs);
            order.quantity = quantity;
            order.price = 10.0 + f64::from(hs.as_bytes()[3]) * 1.37 + (dice.normal() * 0.05);
            order.part = format!("PN-{hs}-{}", number % 3);
            order.forwarder =
                if dice.share() < 0.03 { "Forwarder Spot".to_owned() } else { forwarder.clone() };
            order.transit = via.filter(|_| dice.share() < 0.6);
            order.seller = ["Penang Parts Sdn Bhd", "Kulim Components Sdn Bhd"][number % 2].to_owned();
            orders.push(order);
            day += (pace * -(1.0 - dice.share()).ln() / (1.0 + wave * 0.5)).max(0.5);
        }
    }
    orders
}

/// What is planted, late enough that the past is known. Each has its own
/// buyers.
pub fn planted(seed: u64) -> Vec<Order> {
    let mut dice = Dice::new(seed ^ 0xabcd);
    let mut orders: Vec<Order> = Vec::new();
    let late = 800 + dice.below(200) as i32;
    let add = |orders: &mut Vec<Order>, order: Order| orders.push(order);
    // A new customer that begins with chips.
    for i in 0..2 {
        let mut order = Order::new(late + 9 * i, "Talas Mikro OsOO", "KG", "854231");
        order.planted = "new-customer-priority";
        add(&mut orders, order);
    }
    // A buyer that surges: regular for two years, then tenfold in a month.
    for i in 0..60 {
        let mut order = Order::new(late - 12 * i - 30, "Ararat Komponent", "AM", "854232");
        order.quantity = 40.0 * (dice.normal() * 0.2).exp();
        add(&mut orders, order);
    }
    for i in 0..6 {
        let mut order = Order::new(late + 3 * i, "Ararat Komponent", "AM", "854232");
        order.quantity = 200.0 * (dice.normal() * 0.2).exp();
        order.planted = if i >= 4 { "surge" } else { "" };
        add(&mut orders, order);
    }
    // A quantity that the buyer never took.
    for i in 0..14 {
        let mut order = Order::new(late - 25 * i - 5, "Lusaka Office Supply", "ZM", "847130");
        order.quantity = 12.0 * (dice.normal() * 0.2).exp();
        add(&mut orders, order);
    }
    let mut order = Order::new(late, "Lusaka Office Supply", "ZM", "847130");
    order.quantity = 2000.0;
    order.planted = "quantity-beyond-past";
    add(&mut orders, order);
    // An order in pieces, two of them under another name at the same phone.
    for i in 0..5 {
        let name = if i < 3 { "Pamir Radio LLC" } else { "Zeravshan Svyaz LLC" };
        let mut order = Order::new(late + i, name, "TJ", "852910");
        order.phone = "+992 37 555 01 88".to_owned();
        order.quantity = 80.0;
        order.price = 2410.0 / 80.0 + dice.share() * 0.9;
        order.planted = if i >= 3 { "splitting" } else { "" };
        add(&mut orders, order);
    }
    // Round values.
    for i in 0..9 {
        let mut order = Order::new(late - 20 * (8 - i), "Gulf Horizon FZE", "AE", "848210");
        order.quantity = 100.0;
        order.price = 50.0 + 10.0 * dice.below(4) as f64;
        order.planted = if i >= 7 { "round-values" } else { "" };
        add(&mut orders, order);
    }
    // Names at one address.
    for (i, name) in
        ["Sary Jaz Import", "Ulan Trade House", "Kochkor Elektro", "Meridian Osh", "Besh Tash Group"]
            .iter()
            .enumerate()
    {
        let mut order = Order::new(late + 20 * i as i32, name, "KG", "940340");
        order.street = "14 Lenin Street".to_owned();
        order.planted = if i >= 3 { "many-names" } else { "" };
        add(&mut orders, order);
    }
    // A product under another code.
    for i in 0..12 {
        let switched = i >= 10;
        let hs = if switched { "847330" } else { "854231" };
        let mut order = Order::new(late - 15 * (11 - i), "Izmir Montaj AS", "TR", hs);
        order.part = "XC7K325T-2FFG900C".to_owned();
        order.planted = if i == 10 { "code-switch" } else { "" };
        add(&mut orders, order);
    }
    // Somebody new between.
    for i in 0..10 {
        let mut order = Order::new(late - 40 * (9 - i), "Tbilisi Lab Service", "GE", "901890");
        if i == 9 {
            order.forwarder = "Silk Way Logistik".to_owned();
            order.planted = "new-intermediary";
        }
        add(&mut orders, order);
    }
    // Away from Russia, toward Kyrgyzstan.
    for i in 0..50 {
        let mut order = Order::new(late - 95 - 11 * i, "Radioimport OOO", "RU", "854239");
        order.seller = "Johor Chip Sdn Bhd".to_owned();
        order.quantity = 150.0 * (dice.normal() * 0.2).exp();
        add(&mut orders, order);
    }
    for i in 0..9 {
        let mut order = Order::new(late - 60 + 7 * i, "Chuy Invest", "KG", "854239");
        order.seller = "Johor Chip Sdn Bhd".to_owned();
        order.quantity = 150.0 * (dice.normal() * 0.2).exp();
        order.planted = if i >= 7 { "mirror" } else { "" };
        add(&mut orders, order);
    }
    // A lane that begins to pass another country.
    for i in 0..60 {
        let recent = i >= 48;
        let day = if recent { late - 50 + 4 * (i - 48) } else { late - 60 - 10 * (48 - i) };
        let mut order = Order::new(day, "Nairobi Medical Stores", "KE", "300490");
        order.transit = recent.then_some("AE");
        order.planted = if i >= 58 { "transit-shift" } else { "" };
        add(&mut orders, order);
    }
    // Founded last year, and begins large.
    let mut order = Order::new(late, "Novyi Gorizont TOO", "KZ", "848210");
    order.founded = START.checked_add((late - 200).days()).ok();
    order.quantity = 1500.0;
    order.planted = "young-company";
    add(&mut orders, order);
    orders
}

/// What looks odd and is good business: a season's peak, steady growth, one
/// large order, round price lists, an old forwarder written otherwise, a house
/// of three tenants, a regular buyer just below a threshold.
pub fn decoys(seed: u64) -> Vec<Order> {
    let mut dice = Dice::new(seed ^ 0x5eed);
    let mut orders: Vec<Order> = Vec::new();
    let large = 700 + dice.below(300) as i32;
    for week in 0..DAYS / 7 {
        let day = week * 7 + dice.below(3) as i32;
        let of_year = f64::from(day % 365) / 365.0;
        let noise = |dice: &mut Dice| (dice.normal() * 0.25).exp();
        // Toys before Christmas: four times as many for ten weeks of each year.
        let mut order = Order::new(day, "Weihnachtsland GmbH", "AT", "950300");
        order.quantity = 60.0 * if (0.75..0.95).contains(&of_year) { 4.0 } else { 1.0 } * noise(&mut dice);
        orders.push(order);
        // Ten times as much after three years.
        let mut order = Order::new(day, "Colombo Phone Assembly", "LK", "854231");
        order.quantity = 30.0 * (f64::from(day) / f64::from(DAYS) * 10f64.ln()).exp() * noise(&mut dice);
        orders.push(order);
        // One order of six times the usual, as others of the trade place them.
        let mut order = Order::new(day, "Montevideo Rodamientos", "UY", "848210");
        order.quantity = 80.0 * noise(&mut dice);
        if (large..large + 7).contains(&day) {
            order.quantity = 480.0;
        }
        order.part = "6204-2RS".to_owned();
        orders.push(order);
        if week % 3 == 0 {
            let mut order = Order::new(day + 1, "Lima Maquinaria", "PE", "848210");
            order.quantity = 520.0 * noise(&mut dice);
            order.part = "6204-2RS".to_owned();
            orders.push(order);
        }
        // A price list in whole hundreds, for everybody who buys in euro.
        for (buyer, country) in [("Gent Meubels", "BE"), ("Porto Casa", "PT")] {
            let mut order = Order::new(day, buyer, country, "940340");
            (order.quantity, order.price, order.currency) = (10.0, 100.0 * (2 + dice.below(4)) as f64, "EUR");
            orders.push(order);
        }
        // Always a little below 2,500 dollars, every week.
        let mut order = Order::new(day, "Gaborone Lab Supply", "BW", "901890");
        (order.quantity, order.price) = (50.0, 47.0 + dice.share());
        orders.push(order);
        // One house, three tenants; and one of them under three spellings.
        let names = [
            "Astana Optics TOO",
            "TOO \"Astana Optics\"",
            "ASTANA OPTICS LLP",
            "Steppe Foods",
            "Altai Books",
        ];
        let mut order = Order::new(day, names[week as usize % 5], "UZ", "901380");
        order.street = "7 Abay Avenue".to_owned();
        orders.push(order);
        // The old forwarder in another spelling.
        let mut order = Order::new(day, "Taichung Precision Co", "TW", "846693");
        order.forwarder =
            ["Merlion Freight Pte Ltd", "MERLION FREIGHT PTE. LTD."][week as usize % 2].to_owned();
        orders.push(order);
        // Half of a lane always passes a hub.
        let mut order = Order::new(day, "Dhaka Textiles", "BD", "844520");
        order.transit = [None, Some("AE")][dice.below(2)];
        orders.push(order);
    }
    orders
}
