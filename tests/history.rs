//! What the history of shipments promises: nothing from after, nothing twice,
//! the same however the shipments are spread; patterns that are planted are
//! found, and calm trade stays calm.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    clippy::assigning_clones,
    reason = "a test may fail, and its world is small"
)]

#[path = "history/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::date;
use proptest::prelude::*;
use redflag::flow::history::{
    Builder, History, HistoryStore, Identities, Parameters, PastFacts, Row, Segment, Sources, Table, Tables,
    Wanted,
};
use redflag::trade::{HsCode, Shipment};

fn is_priority(code: &HsCode) -> bool {
    ["8542", "852910"].iter().any(|prefix| code.digits().starts_with(prefix))
}

fn load(tables: &Tables, asked: &[Shipment], identities: &Arc<Identities>) -> History {
    let mut wanted = Wanted::default();
    for shipment in asked {
        wanted.add(&Row::of(shipment, identities));
    }
    History::load(Sources {
        tables,
        wanted: &wanted,
        parameters: Parameters::shipped(),
        identities: Arc::clone(identities),
        as_of: date(2024, 6, 1),
        is_priority: &is_priority,
    })
    .unwrap()
}

/// Facts of some shipments, of which and others the history is made.
fn facts(past: &[Shipment], asked: &[Shipment]) -> Vec<PastFacts> {
    let identities = Arc::new(Identities::default());
    let mut builder = Builder::in_memory();
    for shipment in past.iter().chain(asked) {
        builder.add(&Row::of(shipment, &identities)).unwrap();
    }
    let history = load(&vec![Table::Memory(builder.finish().into())].into(), asked, &identities);
    asked.iter().map(|shipment| history.facts(shipment)).collect()
}

/// A small trade in which parties, goods and days meet often.
fn small_trade() -> impl Strategy<Value = Vec<Shipment>> {
    let order = (0i32..400, 0usize..5, 0usize..3, 0usize..3, 1u32..400, 0usize..3, 0usize..3, 0usize..4);
    prop::collection::vec(order, 1..40).prop_map(|orders| {
        let shipments = orders.into_iter().map(|(day, buyer, to, hs, quantity, phone, via, reference)| {
            let name =
                ["Alfa Trade LLC", "ALFA TRADE OOO", "Alpha Trade", "Beta Group", "Gamma Invest"][buyer];
            let mut order =
                world::Order::new(day, name, ["KG", "KZ", "DE"][to], ["854231", "852910", "940340"][hs]);
            order.quantity = f64::from(quantity);
            order.phone = ["", "+996 312 555 777", "+996 312 555 778"][phone].to_owned();
            order.transit = [None, Some("AE"), Some("TR")][via];
            world::shipment(&order, ["", "R-1", "R-2", "R-3"][reference])
        });
        shipments.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_comes_after_a_shipment_changes_nothing_about_it(trade in small_trade(), pick in 0usize..40) {
        let asked = trade[pick % trade.len()].clone();
        let order = |shipment: &Shipment| Row::of(shipment, &Identities::default()).order;
        let before: Vec<Shipment> = trade.iter().filter(|other| order(other) < order(&asked)).cloned().collect();
        let asked = [asked];
        prop_assert_eq!(facts(&trade, &asked), facts(&before, &asked));
    }

    #[test]
    fn it_does_not_matter_which_file_a_shipment_stands_in(trade in small_trade(), cut in 0usize..40, turned: bool) {
        let whole = facts(&[], &trade);
        let cut = cut % trade.len();
        let (past, asked) = trade.split_at(cut);
        let mut past = past.to_vec();
        if turned { past.reverse(); }
        // Those at hand may stand in the history too.
        past.extend(asked.iter().take(3).cloned());
        prop_assert_eq!(&whole[cut..], &facts(&past, asked)[..]);
    }

    #[test]
    fn a_store_that_grew_day_by_day_is_one_made_at_once(
        trade in small_trade(),
        cuts in prop::collection::vec(0usize..40, 0..14),
        compact: bool,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let identities = Arc::new(Identities::default());
        let store = HistoryStore::new(folder.path().join("store"));
        let lock = store.lock().unwrap();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut % trade.len()).chain([0, trade.len()]).collect();
        cuts.sort_unstable();
        for cut in cuts.windows(2) {
            let mut builder = store.builder(&lock).unwrap();
            // One that is there already is added again.
            for shipment in trade.iter().take(1).filter(|_| cut[0] > 0).chain(&trade[cut[0]..cut[1]]) {
                builder.add(&Row::of(shipment, &identities)).unwrap();
            }
            store.commit(&lock, builder, Vec::new()).unwrap();
        }
        if compact { store.compact(&lock).unwrap(); }
        let state = store.state().unwrap();
        prop_assert!(state.parts.len() <= 9 && (!compact || state.parts.len() <= 1));
        let tables: Vec<Table> = store.open(&state).unwrap().into_iter().map(Table::File).collect();
        let kept = load(&Tables::from(tables), &trade, &identities);
        let grown: Vec<PastFacts> = trade.iter().map(|shipment| kept.facts(shipment)).collect();
        prop_assert_eq!(grown, facts(&[], &trade));
    }

    #[test]
    fn what_a_run_asked_for_says_again_what_the_whole_history_said(
        trade in small_trade(),
        parts in 1usize..4,
        asked in 1usize..6,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let identities = Arc::new(Identities::default());
        let asked: Vec<Shipment> = trade.iter().take(asked).cloned().collect();
        let tables: Vec<Table> = (0..parts)
            .map(|part| {
                let mut builder = Builder::in_memory();
                for shipment in trade.iter().skip(part).step_by(parts) {
                    builder.add(&Row::of(shipment, &identities)).unwrap();
                }
                Table::Memory(builder.finish().into())
            })
            .collect();
        let tables = Tables::from(tables).noting();
        let whole = load(&tables, &asked, &identities);
        let path = folder.path().join("asked");
        tables.write_asked(std::fs::File::create_new(&path).unwrap()).unwrap();
        let kept = Tables::from(vec![Table::File(Arc::new(Segment::open(&path).unwrap()))]);
        let again = load(&kept, &asked, &identities);
        for shipment in &asked {
            prop_assert_eq!(again.facts(shipment), whole.facts(shipment));
        }
    }

    #[test]
    fn a_damaged_segment_is_refused_or_says_the_same(trade in small_trade(), at in 0usize..100_000, bit in 0u8..8) {
        let folder = tempfile::tempdir().unwrap();
        let identities = Arc::new(Identities::default());
        let store = HistoryStore::new(folder.path().join("store"));
        let lock = store.lock().unwrap();
        let mut builder = store.builder(&lock).unwrap();
        for shipment in &trade { builder.add(&Row::of(shipment, &identities)).unwrap(); }
        store.commit(&lock, builder, Vec::new()).unwrap();
        let state = store.state().unwrap();
        let path = store.root().join(&state.parts[0].file);
        let mut bytes = std::fs::read(&path).unwrap();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        std::fs::write(&path, bytes).unwrap();
        let mut wanted = Wanted::default();
        for shipment in &trade { wanted.add(&Row::of(shipment, &identities)); }
        let Ok(segments) = store.open(&state) else { return Ok(()) };
        let tables = Tables::from(segments.into_iter().map(Table::File).collect::<Vec<_>>());
        let loaded = History::load(Sources {
            tables: &tables, wanted: &wanted, parameters: Parameters::shipped(),
            identities: Arc::clone(&identities), as_of: date(2024, 6, 1), is_priority: &is_priority,
        });
        if let Ok(history) = loaded {
            let said: Vec<PastFacts> = trade.iter().map(|shipment| history.facts(shipment)).collect();
            prop_assert_eq!(said, facts(&[], &trade));
        }
    }
}

/// Patterns by kind, and the shipments they were found at: of a whole world,
/// asked at every shipment.
fn patterns(orders: &[world::Order]) -> Vec<Vec<&'static str>> {
    let kinds = |facts: &PastFacts| facts.patterns.iter().map(|pattern| pattern.kind.key()).collect();
    world_facts(orders).iter().map(kinds).collect()
}

fn world_facts(orders: &[world::Order]) -> Vec<PastFacts> {
    let shipments: Vec<Shipment> = orders
        .iter()
        .enumerate()
        .map(|(number, order)| world::shipment(order, &format!("S-{number:06}")))
        .collect();
    facts(&[], &shipments)
}

#[test]
fn every_planted_pattern_is_found_in_every_world() {
    for seed in 1..=5 {
        let mut orders = world::calm(seed, 40);
        orders.extend(world::planted(seed));
        let found = patterns(&orders);
        for (order, kinds) in orders.iter().zip(&found).filter(|(order, _)| !order.planted.is_empty()) {
            assert!(
                kinds.contains(&order.planted),
                "seed {seed}: {} at {}: {kinds:?}",
                order.planted,
                order.buyer
            );
        }
    }
}

/// Findings in a thousand shipments of calm trade, by kind. `docs/history.md` has
/// the same figures.
#[test]
fn calm_trade_stays_calm() {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    let mut all = 0u32;
    for seed in 101..=106 {
        let orders = world::calm(seed, 60);
        for kinds in patterns(&orders) {
            all += 1;
            let mut kinds = kinds;
            kinds.sort_unstable();
            kinds.dedup();
            for kind in kinds {
                *counts.entry(kind).or_default() += 1;
            }
        }
    }
    println!("{all} shipments of calm trade");
    for (kind, count) in &counts {
        println!("{kind}: {:.2} in a thousand", f64::from(*count) * 1000.0 / f64::from(all));
    }
    let rate = |kind: &str| f64::from(counts.get(kind).copied().unwrap_or(0)) / f64::from(all);
    for kind in [
        "splitting",
        "many-names",
        "code-switch",
        "mirror",
        "transit-shift",
        "quantity-beyond-past",
        "round-values",
    ] {
        assert!(rate(kind) <= 0.001, "{kind}: {:.2} in a thousand", rate(kind) * 1000.0);
    }
    assert!(rate("surge") <= 0.005, "surge: {:.2} in a thousand", rate("surge") * 1000.0);
}

#[test]
fn no_decoy_is_flagged_in_any_world() {
    for seed in 1..=5 {
        let decoys = world::decoys(seed);
        let count = decoys.len();
        let mut orders = decoys;
        orders.extend(world::calm(seed, 30));
        for (order, facts) in orders.iter().zip(world_facts(&orders)).take(count) {
            let words: Vec<&str> = facts.patterns.iter().map(|pattern| pattern.words.as_str()).collect();
            assert!(words.is_empty(), "seed {seed}: {} on day {}: {words:#?}", order.buyer, order.day);
        }
    }
}

#[test]
fn what_was_planted_in_other_worlds_is_found_too() {
    // Held out: these seeds were not looked at while the figures were chosen.
    let (mut planted, mut missed) = (0, Vec::new());
    for seed in 9001..=9010 {
        let mut orders = world::calm(seed, 40);
        orders.extend(world::planted(seed));
        let found = patterns(&orders);
        for (order, kinds) in orders.iter().zip(&found).filter(|(order, _)| !order.planted.is_empty()) {
            planted += 1;
            if !kinds.contains(&order.planted) {
                missed.push(format!("seed {seed}: {}", order.planted));
            }
        }
    }
    println!("{} of {planted} planted shipments missed: {missed:?}", missed.len());
    assert!(missed.len() * 50 <= planted, "{missed:#?}");
}
