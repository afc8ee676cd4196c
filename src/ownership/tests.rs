//! Laws and worked cases: from statements to what is known of a party.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::matching::{KindFilter, MatchedBy, PartyQuery, Strength, Thresholds};
use crate::name::Lexicon;
use crate::trade::PartyKind;
use crate::watchlist::{Effect, Regime};

/// A statement from `OWNER > SHARE > OWNED`, with more behind `|`: `from`,
/// `until`, `as of` a day, `control`, `source` a name.
fn statement(line: u64, text: &str) -> Statement {
    let (head, more) = text.split_once('|').unwrap_or((text, ""));
    let parts: Vec<&str> = head.split(" > ").map(str::trim).collect();
    let &[owner, share, owned] = parts.as_slice() else { panic!("{text}") };
    let named = |name: &str| Named { name: name.to_owned(), ..Named::default() };
    let mut statement = Statement {
        owner: named(owner),
        owned: named(owned),
        tie: Tie::Holds(if share == "?" { Share::UNKNOWN } else { Share::parse(share).unwrap() }),
        control: None,
        as_of: None,
        from: None,
        until: None,
        source: String::new(),
        whence: Whence { file: "own.csv".into(), line },
    };
    for word in more.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        match word.rsplit_once(' ').unwrap_or((word, "")) {
            ("control", _) => statement.control = Some(true),
            ("from", day) => statement.from = day.parse().ok(),
            ("until", day) => statement.until = day.parse().ok(),
            ("as of", day) => statement.as_of = day.parse().ok(),
            ("source", name) => name.clone_into(&mut statement.source),
            _ => panic!("{word}"),
        }
    }
    statement
}

fn statements(texts: &[&str]) -> Vec<Statement> {
    (2..).zip(texts).map(|(line, text)| statement(line, text)).collect()
}

/// Owners are listed as their first word says: `US…`, `EU…`, `GB…` blocked
/// there, `EL…` on the Entity List; `near` in the name is a possible hit.
fn listed(owner: &Owner<'_>) -> Vec<Listing> {
    let (list, jurisdiction, effect) = match owner.name.get(..2) {
        Some("US") => ("us-sdn", "US", Effect::Blocking),
        Some("EU") => ("eu-fsf", "EU", Effect::Blocking),
        Some("GB") => ("gb-uksl", "GB", Effect::Blocking),
        Some("EL") => ("us-entity-list", "US", Effect::LicenceRequired),
        _ => return Vec::new(),
    };
    vec![Listing {
        list: list.into(),
        entry: "1".into(),
        name: owner.name.to_owned(),
        jurisdiction: jurisdiction.into(),
        regime: Regime::Unilateral,
        effect,
        binding: true,
        programs: Vec::new(),
        by: MatchedBy::Name,
        score: 1.0,
        strength: if owner.name.contains("near") { Strength::Possible } else { Strength::Strong },
    }]
}

struct ByFirstWord;

impl Lists for ByFirstWord {
    fn has(&self, _: &str, _: &str) -> bool {
        false
    }

    fn listed(&self, owner: &Owner<'_>) -> Vec<Listing> {
        listed(owner)
    }
}

fn whole(statements: Vec<Statement>) -> Ownership {
    Ownership::new(statements, Lexicon::shipped(), Thresholds::default(), &ByFirstWord, &NoMemory)
}

fn ask(ownership: &Ownership, name: &str, day: &str) -> Vec<std::sync::Arc<OwnedStatus>> {
    let query = PartyQuery {
        name,
        kind: PartyKind::Unknown,
        kinds: KindFilter::Legal,
        countries: &[],
        address: None,
        identifiers: &[],
    };
    let met = ownership.meet(&query);
    met.iter()
        .filter(|m| m.name == name)
        .flat_map(|m| ownership.known(m, day.parse().unwrap(), &ByFirstWord).to_vec())
        .collect()
}

/// `rule outcome share` of a party, one a line; `?` for a possible one.
fn known_on(texts: &[&str], name: &str, day: &str) -> String {
    let mut known: Vec<String> = ask(&whole(statements(texts)), name, day)
        .iter()
        .map(|s| {
            let sure = if s.strength == Strength::Strong { "" } else { "?" };
            format!("{} {}{sure} {}", s.rule, s.outcome.key(), s.share)
        })
        .collect();
    known.sort();
    known.join(", ")
}

fn known(texts: &[&str], name: &str) -> String {
    known_on(texts, name, "2025-06-01")
}

#[test]
fn half_is_enough_for_ofac_and_a_little_less_is_not() {
    assert_eq!(known(&["US Petrov > 50 > Zenit"], "Zenit"), "ofac-50 owned 50 %");
    assert_eq!(known(&["US Petrov > 49.99 > Zenit"], "Zenit"), "ofac-50 minority 49.99 %");
    assert_eq!(known(&["Petrov > 100 > Zenit"], "Zenit"), "");
}

#[test]
fn several_blocked_owners_add_up_under_ofac_and_the_eu_and_not_in_the_uk() {
    assert_eq!(known(&["US Petrov > 30 > Zenit", "US Sidorov > 20 > Zenit"], "Zenit"), "ofac-50 owned 50 %");
    assert_eq!(
        known(&["EU Petrov > 30 > Zenit", "EU Sidorov > 20 > Zenit"], "Zenit"),
        "eu-ownership owned 50 %"
    );
    assert_eq!(
        known(&["GB Petrov > 30 > Zenit", "GB Sidorov > 30 > Zenit"], "Zenit"),
        "gb-ownership minority 30 %"
    );
}

#[test]
fn an_owned_party_counts_as_an_owner_with_the_whole_of_its_share() {
    // 60 % of 50 % is 30 %, and yet the whole half counts.
    let chain = ["US Petrov > 60 > Beta", "Beta > 50 > Zenit"];
    assert_eq!(known(&chain, "Zenit"), "ofac-50 owned 50 %");
    // OFAC's own case: half of A, and A's 40 added to 10 of one's own.
    let both = ["US Petrov > 50 > Beta", "Beta > 40 > Zenit", "US Petrov > 10 > Zenit"];
    assert_eq!(known(&both, "Zenit"), "ofac-50 owned 50 %");
    // And its counterpart: a quarter of each of two that own all.
    let quarter =
        ["US Petrov > 25 > Beta", "US Petrov > 25 > Gamma", "Beta > 50 > Zenit", "Gamma > 50 > Zenit"];
    assert_eq!(known(&quarter, "Zenit"), "ofac-50 minority 25 %");
}

#[test]
fn half_exactly_is_not_more_than_half() {
    let half = ["EU Petrov > 50 > Zenit", "GB Petrov > 50 > Orion"];
    assert_eq!(known_on(&half, "Zenit", "2024-07-02"), "eu-ownership minority 50 %");
    assert_eq!(known_on(&half, "Zenit", "2024-07-03"), "eu-ownership owned 50 %");
    assert_eq!(known(&half, "Orion"), "gb-ownership minority 50 %");
    assert_eq!(known(&["GB Petrov > >50 > Orion"], "Orion"), "gb-ownership owned more than 50 %");
    assert_eq!(known(&["GB Petrov > 50.01 > Orion"], "Orion"), "gb-ownership owned 50.01 %");
}

#[test]
fn control_makes_an_owned_party_in_the_eu_and_the_uk_and_is_told_under_ofac() {
    let chain = |who: &str| [format!("{who} Petrov > 10 > Beta | control"), "Beta > 60 > Zenit".to_owned()];
    let run = |who: &str, name: &str| {
        let texts = chain(who);
        known(&[&texts[0], &texts[1]], name)
    };
    assert_eq!(run("EU", "Beta"), "eu-ownership control 10 %");
    assert_eq!(run("EU", "Zenit"), "eu-ownership owned 60 %");
    assert_eq!(run("GB", "Zenit"), "gb-ownership owned 60 %");
    assert_eq!(run("US", "Beta"), "ofac-50 control 10 %");
    assert_eq!(run("US", "Zenit"), "ofac-50 minority 6 %");
}

#[test]
fn an_unknown_share_of_a_listed_owner_is_told_as_such() {
    assert_eq!(known(&["US Petrov > ? > Zenit"], "Zenit"), "ofac-50 unknown-share an unknown share");
    assert_eq!(known(&["US Petrov > 25-75 > Zenit"], "Zenit"), "ofac-50 unknown-share 25 to 75 %");
    assert_eq!(known(&["US Petrov > <50 > Zenit"], "Zenit"), "ofac-50 minority less than 50 %");
    assert_eq!(
        known(&["US Petrov > 60 > Beta", "Beta > ? > Zenit"], "Zenit"),
        "ofac-50 unknown-share an unknown share"
    );
    let words =
        &ask(&whole(statements(&["US Petrov > ? > Zenit", "Ivan > 80 > Zenit"])), "Zenit", "2025-06-01")[0]
            .words;
    assert!(words.contains("other owners are stated to hold 80 %"), "{words}");
}

#[test]
fn the_affiliates_rule_says_what_state_it_is_in() {
    let ownership = whole(statements(&["EL Institute > 50 > Zenit"]));
    let on = |day: &str| {
        ask(&ownership, "Zenit", day)
            .iter()
            .map(|s| format!("{} {}", s.outcome.key(), s.state.key()))
            .collect::<String>()
    };
    assert_eq!(on("2025-09-28"), "");
    assert_eq!(on("2025-10-01"), "owned in-force");
    assert_eq!(on("2025-12-01"), "owned suspended");
    assert_eq!(on("2026-11-10"), "owned unconfirmed");
    assert!(ask(&ownership, "Zenit", "2026-11-25")[0].words.contains("a person must confirm"));
}

#[test]
fn a_holding_counts_from_its_first_day_to_the_day_before_its_last() {
    let texts = ["US Petrov > 60 > Zenit | from 2024-01-01, until 2025-01-01"];
    assert_eq!(known_on(&texts, "Zenit", "2023-12-31"), "");
    assert_eq!(known_on(&texts, "Zenit", "2024-01-01"), "ofac-50 owned 60 %");
    assert_eq!(known_on(&texts, "Zenit", "2024-12-31"), "ofac-50 owned 60 %");
    assert_eq!(known_on(&texts, "Zenit", "2025-01-01"), "");
}

#[test]
fn a_source_corrects_itself_and_not_another_one() {
    let one = [
        "US Petrov > 60 > Zenit | as of 2023-01-01, source egrul",
        "US Petrov > 20 > Zenit | as of 2025-01-01, source egrul",
    ];
    assert_eq!(known_on(&one, "Zenit", "2022-06-01"), "ofac-50 owned 60 %");
    assert_eq!(known_on(&one, "Zenit", "2024-06-01"), "ofac-50 owned 60 %");
    assert_eq!(known_on(&one, "Zenit", "2025-06-01"), "ofac-50 minority 20 %");
    let two = [
        "US Petrov > 60 > Zenit | as of 2023-01-01, source press",
        "US Petrov > 20 > Zenit | as of 2025-01-01, source egrul",
    ];
    assert_eq!(known(&two, "Zenit"), "ofac-50 owned 60 %");
    let words = &ask(&whole(statements(&two)), "Zenit", "2025-06-01")[0].words;
    assert!(words.contains("sources disagree: 20 % by own.csv:3, 60 % by own.csv:2"), "{words}");
}

#[test]
fn cross_holdings_end_and_prove_nothing_by_themselves() {
    let ring = ["Alfa > 60 > Beta", "Beta > 60 > Alfa"];
    assert_eq!(known(&ring, "Alfa"), "");
    let held = ["Alfa > 60 > Beta", "Beta > 40 > Alfa", "US Petrov > 10 > Alfa"];
    // A tenth directly, and that through the ring: 10 / (1 − 0.24).
    assert_eq!(known(&held, "Alfa"), "ofac-50 minority 13.16 %");
    let owned = ["Alfa > 60 > Beta", "Beta > 40 > Alfa", "US Petrov > 50 > Alfa"];
    assert_eq!(known(&owned, "Alfa"), "ofac-50 owned 90 %");
    assert_eq!(known(&owned, "Beta"), "ofac-50 owned 60 %");
    assert_eq!(known(&["Zenit > 30 > Zenit", "US Petrov > 40 > Zenit"], "Zenit"), "ofac-50 minority 40 %");
}

#[test]
fn a_possible_owner_adds_only_what_is_worse_than_what_is_sure() {
    assert_eq!(known(&["US near Petrov > 60 > Zenit"], "Zenit"), "ofac-50 owned? 60 %");
    assert_eq!(
        known(&["US near Petrov > 30 > Zenit", "US Sidorov > 25 > Zenit"], "Zenit"),
        "ofac-50 minority 25 %, ofac-50 owned? 55 %"
    );
    assert_eq!(
        known(&["US near Petrov > 5 > Zenit", "US Sidorov > 25 > Zenit"], "Zenit"),
        "ofac-50 minority 25 %"
    );
}

#[test]
fn the_way_up_is_told_with_every_source() {
    let texts = [
        "US Petrov > 51 > Beta Holding | as of 2025-03-01, source EGRUL",
        "Beta Holding > 60 > Alfa LLC",
        "BETA HOLDING Ltd > 25 > Alfa LLC | source press",
        "US Sidorov > 5 > Alfa LLC",
        "Kim > 20 > Alfa LLC",
    ];
    let ownership = whole(statements(&texts));
    assert_eq!(
        ask(&ownership, "Alfa LLC", "2025-06-01")[0].words,
        "is owned by listed parties with 65 %, at least 50 % being enough under OFAC's 50 Percent Rule: \
         Alfa LLC ← 60 % (sources disagree: 25 % by own.csv:4, 60 % by own.csv:3; the worst case counts) \
         BETA HOLDING Ltd (also written \"Beta Holding\") ← 51 % US Petrov (listed: us-sdn 1); \
         Alfa LLC ← 5 % US Sidorov (listed: us-sdn 1); \
         source: own.csv:4, press; own.csv:3; own.csv:2, EGRUL, 2025-03-01; own.csv:5"
    );
    assert!(ownership.doubts("2025-06-01".parse().unwrap()).iter().any(|d| d.contains("disagree")));
}

#[test]
fn shares_of_more_than_the_whole_are_reported() {
    let ownership = whole(statements(&["US Petrov > 60 > Zenit", "Ivan > 70 > Zenit"]));
    let doubts = ownership.doubts("2025-06-01".parse().unwrap());
    assert_eq!(doubts.len(), 1);
    assert!(doubts[0].contains("Zenit add up to 130 %"), "{doubts:?}");
    assert!(ask(&ownership, "Zenit", "2025-06-01")[0].words.contains("130 %"));
}

#[test]
fn one_name_of_two_countries_is_two_parties() {
    let mut both = statements(&["US Petrov > 60 > Vega Trading", "Vega Trading > 100 > Zenit"]);
    both[0].owned.country = crate::trade::CountryCode::new("RU");
    both[1].owner.country = crate::trade::CountryCode::new("DE");
    assert!(ask(&whole(both.clone()), "Zenit", "2025-06-01").is_empty());
    both[1].owner.country = None;
    assert_eq!(ask(&whole(both), "Zenit", "2025-06-01").len(), 1);
}

/// Names so unlike that the matching takes none for another.
const NAMES: [&str; 8] = [
    "US Petrovich",
    "Quartz Mining",
    "Bluebird Textile",
    "Zenit Rubber",
    "Omega Kitchen",
    "Hansa Flour",
    "Yukon Paper",
    "EU Sidorenko",
];

fn edges(most: usize) -> impl Strategy<Value = Vec<(usize, usize, u32, u32)>> {
    prop::collection::vec((0..NAMES.len(), 0..NAMES.len(), 0u32..=100, 0u32..=100), 0..most)
}

fn of_edges(edges: &[(usize, usize, u32, u32)]) -> Vec<Statement> {
    let one = |(line, (owner, owned, a, b)): (u64, &(usize, usize, u32, u32))| {
        let (low, high) = (a.min(b), a.max(b));
        let text = if low == high { format!("{low} %") } else { format!("{low}-{high} %") };
        // A source of its own, so that none corrects another.
        statement(line, &format!("{} > {text} > {} | source s{line}", NAMES[*owner], NAMES[*owned]))
    };
    (2..).zip(edges).map(one).collect()
}

type Told = std::collections::BTreeMap<(usize, String), (OwnedOutcome, String)>;

fn told(ownership: &Ownership) -> Told {
    let mut told = Told::new();
    for (number, name) in NAMES.iter().enumerate() {
        for status in ask(ownership, name, "2025-06-01") {
            told.insert((number, status.rule.to_string()), (status.outcome, status.words.clone()));
        }
    }
    told
}

/// The lists of a screener: entries that are there, and how often it was asked.
struct Counting {
    asked: std::sync::atomic::AtomicUsize,
}

impl Lists for Counting {
    fn has(&self, list: &str, entry: &str) -> bool {
        (list, entry) == ("us-sdn", "1")
    }

    fn listed(&self, owner: &Owner<'_>) -> Vec<Listing> {
        self.asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        listed(owner)
    }
}

#[test]
fn an_owner_that_is_an_entry_is_looked_up_when_it_is_met_and_not_before() {
    let mut all =
        statements(&["US Kvadrat > 60 % > Mellenberg Handel", "US Kvadrat > 60 % > Oreldorf Metall"]);
    for statement in &mut all {
        statement.owner.entry = Some(("us-sdn".into(), "1".to_owned()));
    }
    let lists = Counting { asked: 0.into() };
    let ownership = Ownership::new(all, Lexicon::shipped(), Thresholds::default(), &lists, &NoMemory);
    let asked = || lists.asked.load(std::sync::atomic::Ordering::Relaxed);
    assert_eq!(asked(), 0);
    let query = PartyQuery {
        name: "Mellenberg Handel",
        kind: PartyKind::Unknown,
        kinds: KindFilter::Legal,
        countries: &[],
        address: None,
        identifiers: &[],
    };
    let met = ownership.meet(&query).remove(0);
    for _ in 0..2 {
        let known = ownership.known(&met, "2025-06-01".parse().unwrap(), &lists);
        assert!(known.iter().any(|status| status.outcome == OwnedOutcome::Owned), "{known:?}");
        assert_eq!(asked(), 2, "the owner and the owned, once each");
    }
}

#[test]
fn an_entry_is_joined_with_a_name_alike_and_never_with_another_entry_of_its_list() {
    let entry = |list: &str, id: &str, name: &str| Named {
        name: name.to_owned(),
        entry: Some((list.into(), id.to_owned())),
        ..Named::default()
    };
    let mut all =
        statements(&["x > 60 % > Oreldorf Metall", "y > 60 % > Sundvall Kemi", "z > 60 % > Tormet Bau"]);
    // Two entries of the largest list, one of another, and a name that is none.
    all[0].owner = entry("us-sdn", "1", "Mellenberg Handelsgesellschaft");
    all[1].owner = entry("us-sdn", "2", "Mellenberg Handelsgeselschaft");
    all[2].owner = entry("us-ssi", "3", "Melenberg Handelsgesellschaft");
    let joined = |statements: &[Statement]| {
        let (members, ends) =
            super::members::members(statements, Lexicon::shipped(), Thresholds::default(), &NoMemory);
        (members.len(), ends.into_iter().map(|(owner, _)| owner).collect::<Vec<_>>())
    };
    let (parties, owners) = joined(&all[..2]);
    assert_eq!(parties, 4);
    assert_ne!(owners[0], owners[1]);
    // Each is alike to the one of the other list, which thereby is both.
    let (parties, owners) = joined(&all);
    assert_eq!((parties, owners[0] == owners[2]), (4, true), "{owners:?}");
    all[2].owner.entry = None;
    let (parties, owners) = joined(&all[1..]);
    assert_eq!((parties, owners[0] == owners[1]), (3, true), "{owners:?}");
}

#[test]
fn a_party_under_very_many_is_known_as_one_under_few() {
    let mut texts: Vec<String> =
        (0..500).map(|n| format!("Holding {n} Alpha > 100 % > Holding {} Alpha", n + 1)).collect();
    texts.push("US Kvadrat > 60 % > Holding 0 Alpha".to_owned());
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for name in ["Holding 3 Alpha", "Holding 499 Alpha"] {
        assert_eq!(known(&texts, name), "ofac-50 owned 100 %", "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_further_statement_never_takes_a_finding_away(mut all in edges(12), more in (0..8usize, 0..8usize, 0u32..=100, 0u32..=100)) {
        let before = told(&whole(of_edges(&all)));
        all.push(more);
        let after = told(&whole(of_edges(&all)));
        for (key, (outcome, _)) in before {
            prop_assert!(after.get(&key).is_some_and(|(now, _)| *now >= outcome), "{key:?} {outcome:?}");
        }
    }

    #[test]
    fn a_party_worked_out_alone_is_known_as_among_all(all in edges(16), ties in prop::collection::vec(0u8..6, 16)) {
        let mut statements = of_edges(&all);
        for (statement, tie) in statements.iter_mut().zip(ties) {
            match tie {
                0 => statement.tie = Tie::Linked,
                1 => statement.tie = Tie::Directs,
                2 => statement.tie = Tie::ActsFor,
                3 => statement.until = "2025-01-01".parse().ok(),
                _ => {}
            }
        }
        let ownership = whole(statements);
        let day = "2025-06-01".parse().unwrap();
        for party in 0..16 {
            let parties = ownership.parties_above(party).unwrap();
            let alone = ownership.known_alone(&parties, party, day, &ByFirstWord);
            // The day lies behind every turn of the statements.
            let place = ownership.turns_before(day);
            let among_all = ownership.known_of_all(place, day, &ByFirstWord).get(&party).cloned();
            prop_assert_eq!(&*alone, &*among_all.unwrap_or_default());
        }
    }

    #[test]
    fn the_order_of_statements_changes_nothing(all in edges(12), seed in any::<u64>()) {
        let mut shuffled = of_edges(&all);
        let plain = told(&whole(shuffled.clone()));
        // A permutation made of the seed.
        let mut state = seed | 1;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
        }
        prop_assert_eq!(plain, told(&whole(shuffled)));
    }

    #[test]
    fn shares_are_what_adding_up_every_path_gives(all in edges(14)) {
        // Downwards only, so that there is no cycle, and each pair once.
        let mut all: Vec<_> = all.into_iter().filter(|(owner, owned, _, _)| owner < owned).collect();
        all.sort_unstable();
        all.dedup_by_key(|(owner, owned, _, _)| (*owner, *owned));
        // Exact shares that are small enough for the whole never to be passed.
        for edge in &mut all {
            edge.2 = edge.2.min(edge.3) % 13;
            edge.3 = edge.2;
        }
        let ownership = whole(of_edges(&all));
        for (party, name) in NAMES.iter().enumerate().take(NAMES.len() - 1).skip(1) {
            let brute = paths(&all, 0, party);
            let status = ask(&ownership, name, "2025-06-01").into_iter().find(|s| &*s.rule == "ofac-50");
            let low = status.map_or(Decimal::ZERO, |s| s.share.low.per_cent);
            prop_assert!((low - brute).abs() < Decimal::new(1, 6), "{name}: {low} is not {brute}");
        }
    }
}

/// Per cent of a party that another holds: the products along all paths.
fn paths(edges: &[(usize, usize, u32, u32)], from: usize, to: usize) -> Decimal {
    let hundred = Decimal::ONE_HUNDRED;
    edges
        .iter()
        .filter(|(owner, _, _, _)| *owner == from)
        .map(|(_, owned, share, _)| {
            let share = Decimal::from(*share);
            if *owned == to { share } else { share * paths(edges, *owned, to) / hundred }
        })
        .sum()
}

/// A memory that can be looked into.
#[derive(Default)]
struct Notes {
    kept: std::sync::Mutex<std::collections::BTreeMap<[u8; 32], Vec<u8>>>,
    recalled: std::sync::atomic::AtomicUsize,
}

impl Memory for Notes {
    fn recall(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        let known = self.kept.lock().unwrap().get(key).cloned();
        self.recalled.fetch_add(usize::from(known.is_some()), std::sync::atomic::Ordering::Relaxed);
        known
    }

    fn keep(&self, key: &[u8; 32], bytes: &[u8]) {
        self.kept.lock().unwrap().insert(*key, bytes.to_vec());
    }
}

#[test]
fn names_remembered_as_alike_are_joined_as_if_they_were_compared() {
    let many = |last: &str| {
        let mut lines: Vec<String> = (0..120)
            .map(|i| format!("US Kvadrat {i} > 60 % > Mellenberg Handel {}{}", i % 7, "x".repeat(i % 5)))
            .collect();
        lines.push("Mellenbergh Handel > 70 % > Oreldorf Metallwaren".to_owned());
        lines.push(format!("US Kvadrat > 80 % > {last}"));
        lines
    };
    let read = |lines: &[String]| statements(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let of = |lines: &[String], memory: &dyn Memory| {
        Ownership::new(read(lines), Lexicon::shipped(), Thresholds::default(), &ByFirstWord, memory)
    };
    let told = |ownership: &Ownership| {
        let asked = ask(ownership, "Oreldorf Metallwaren", "2025-06-01");
        format!("{:?} {asked:?}", ownership.parties_above(0))
    };
    let notes = Notes::default();
    let lines = many("Mellenberg Handel");
    let plain = told(&of(&lines, &NoMemory));
    for round in 0..3 {
        assert_eq!(told(&of(&lines, &notes)), plain);
        assert_eq!(notes.recalled.load(std::sync::atomic::Ordering::Relaxed), round);
    }
    assert!(notes.kept.lock().unwrap().values().any(|bytes| !bytes.is_empty()), "nothing was alike");
    // Another name is another key; bytes of other names are not believed.
    of(&many("Mellenberg Handels"), &notes);
    assert_eq!(notes.kept.lock().unwrap().len(), 2);
    for bytes in notes.kept.lock().unwrap().values_mut() {
        *bytes = u32::MAX.to_le_bytes().repeat(2);
    }
    assert_eq!(told(&of(&lines, &notes)), plain);
}
