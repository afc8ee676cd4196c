//! A rescreening against changed entries gives what a full one gives.

use proptest::prelude::*;

use super::*;
use crate::trade::{Address, At, Identifier, IdentifierKind, PartyKind, PartyRole};
use crate::watchlist::{ListFile, read};

const WORDS: [&str; 14] = [
    "Jatronics",
    "Jatroniks",
    "Quorvex",
    "Kvorveks",
    "Tamarisk",
    "Relay",
    "Volnaprom",
    "Altyn",
    "Radio",
    "Aster",
    "Ivan",
    "Petrov",
    "Trading",
    "Ltd",
];

#[derive(Clone, Debug)]
struct Entry {
    id: usize,
    words: Vec<usize>,
    alias: Option<usize>,
    country: bool,
    number: Option<u8>,
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let words = prop::collection::vec(0..WORDS.len(), 1..4);
    let entry =
        (0usize..12, words, prop::option::of(0..WORDS.len()), any::<bool>(), prop::option::of(0u8..4));
    prop::collection::vec(
        entry.prop_map(|(id, words, alias, country, number)| Entry { id, words, alias, country, number }),
        0..10,
    )
}

fn list(id: &str, effect: &str, entries: &[Entry]) -> Vec<Watchlist> {
    let mut text = format!(
        "list = {{ id = \"{id}\", title = \"t\", jurisdiction = \"US\", regime = \"unilateral\", effect = \
         \"{effect}\", authority = \"a\" }}\nentry = [\n"
    );
    let mut seen = Vec::new();
    for entry in entries {
        if seen.contains(&entry.id) {
            continue;
        }
        seen.push(entry.id);
        let name: Vec<&str> = entry.words.iter().map(|word| WORDS[*word]).collect();
        text += &format!("{{ id = \"{}\", name = \"{}\"", entry.id, name.join(" "));
        if let Some(alias) = entry.alias {
            text += &format!(", aka = [\"{} Group\"]", WORDS[alias]);
        }
        if entry.country {
            text += ", country = \"MY\"";
        }
        if let Some(number) = entry.number {
            text += &format!(", identifier = [{{ kind = \"tax\", value = \"77123450{number}\" }}]");
        }
        text += " },\n";
    }
    text += "]\n";
    let (lists, out) = read(vec![ListFile { name: "a.toml".into(), bytes: text.into_bytes() }], &|_| None);
    assert!(!out.has_errors(), "{:?}", out.iter().map(ToString::to_string).collect::<Vec<_>>());
    lists
}

fn parties() -> impl Strategy<Value = Vec<Party>> {
    let words = prop::collection::vec(0..WORDS.len(), 1..4);
    let role = prop::sample::select(vec![PartyRole::Consignee, PartyRole::Bank, PartyRole::Vessel]);
    let party =
        (words, any::<bool>(), prop::option::of(0u8..4), role).prop_map(|(words, country, number, role)| {
            let name: Vec<&str> = words.iter().map(|word| WORDS[*word]).collect();
            let identifiers = number.map(|number| Identifier {
                kind: IdentifierKind::Tax,
                value: format!("77123450{number}"),
                country: None,
            });
            Party {
                role,
                kind: PartyKind::Unknown,
                name: name.join(" ").into(),
                address: Address {
                    country: CountryCode::new("MY").filter(|_| country),
                    ..Address::default()
                },
                identifiers: identifiers.into_iter().collect(),
                founded: None,
                at: At { line: 2, column: "Consignee".into() },
            }
        });
    prop::collection::vec(party, 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn changed_entries_alone_give_what_all_entries_give(
        before in entries(),
        after in entries(),
        other in entries(),
        kept in 0usize..10,
        milder in any::<bool>(),
        parties in parties(),
    ) {
        // Some entries stay as they were.
        let after: Vec<Entry> = before.iter().take(kept).cloned().chain(after).collect();
        let old = [list("a", "blocking", &before), list("b", "blocking", &other)].concat();
        let effect = if milder { "advisory" } else { "blocking" };
        let new = [list("a", effect, &after), list("b", "blocking", &other)].concat();
        let thresholds = Thresholds::default();
        let changed = ChangedEntries::new(&old, &new, thresholds);
        let full = |lists: &[Watchlist]| Matcher::new(lists, Lexicon::shipped(), thresholds);
        let (full_old, full_new) = (full(&old), full(&new));
        for party in &parties {
            let all = changes(all_hits(&full_old, party), all_hits(&full_new, party));
            prop_assert_eq!(changed.screen(party), all);
        }
        prop_assert!(!changed.counts.contains_key("b"));
    }
}
