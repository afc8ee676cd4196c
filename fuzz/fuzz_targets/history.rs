//! Records of a history with bytes changed, as nobody's checksum would notice:
//! what a shipment is told of its past may be wrong then, but nothing panics.
//!
//! A change is a record, a place in its key or body, and a byte.

#![no_main]

use std::io::Cursor;
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use libfuzzer_sys::fuzz_target;
use redflag::flow::history::{Builder, History, Identities, Parameters, Row, Sources, Table, Tables, Wanted};
use redflag::input::{ColumnMap, Record, ShipmentReader};
use redflag::place::CountryNames;
use redflag::trade::Shipment;

/// Shipments between few parties, so that they meet again.
const PAST: &str = "\
reference,date,shipper,consignee,destination,hs_code,description,quantity,unit,value,currency
A1,2026-01-05,Graufels Werkzeug GmbH,Oreldorf Metall Ltd,AE,854231,processors,100,pcs,9800,EUR
A2,2026-01-19,Graufels Werkzeug GmbH,Oreldorf Metall Ltd,AE,854231,processors,120,pcs,9900,EUR
A3,2026-02-02,Graufels Werkzeug GmbH,Sundvall Kemi FZE,AE,847330,parts,5,kg,400,USD
A4,2026-02-03,Tormet Bau SA,Oreldorf Metall Limited,TR,854231,processors,3000,pcs,250000,EUR
A5,2026-02-20,Graufels Werkzeug GmbH,Oreldorf Metall Ltd,KG,854232,memory,50,pcs,10000,EUR
";

struct World {
    shipments: Vec<Shipment>,
    records: Vec<(Box<[u8]>, Box<[u8]>)>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let source = Box::new(Cursor::new(PAST.as_bytes()));
    let reader = ShipmentReader::open(source, "past.csv", &ColumnMap::default(), CountryNames::shipped());
    let shipments: Vec<Shipment> = reader
        .expect("the past is a shipment file")
        .filter_map(|record| match record {
            Record::Shipment(shipment) => Some(*shipment),
            Record::Fault(_) => None,
        })
        .collect();
    assert_eq!(shipments.len(), 5);
    let identities = Identities::default();
    let mut builder = Builder::in_memory();
    for shipment in &shipments {
        builder.add(&Row::of(shipment, &identities)).expect("nothing can fail in memory");
    }
    World { shipments, records: builder.finish() }
});

fuzz_target!(|changes: Vec<(u16, u16, u8)>| {
    let mut records = WORLD.records.clone();
    for (record, place, byte) in changes {
        let number = usize::from(record >> 1) % records.len();
        let (key, body) = &mut records[number];
        let changed = if record & 1 == 0 { body } else { key };
        let mut bytes = changed.to_vec();
        // Behind the end the byte is put there, or the rest is cut off.
        match usize::from(place) % (bytes.len() + 2) {
            at if at < bytes.len() => bytes[at] = byte,
            at if at == bytes.len() => bytes.push(byte),
            _ => bytes.truncate(usize::from(byte) % (bytes.len() + 1)),
        }
        *changed = bytes.into();
    }
    records.sort();
    let identities = Arc::new(Identities::default());
    let mut wanted = Wanted::default();
    for shipment in &WORLD.shipments {
        wanted.add(&Row::of(shipment, &identities));
    }
    let tables = Tables::from(vec![Table::Memory(records.into())]);
    let loaded = History::load(Sources {
        tables: &tables,
        wanted: &wanted,
        parameters: Parameters::shipped(),
        identities,
        as_of: Date::constant(2026, 3, 1),
        is_priority: &|_| true,
    });
    if let Ok(history) = loaded {
        for shipment in &WORLD.shipments {
            let _ = history.facts(shipment);
        }
    }
});
