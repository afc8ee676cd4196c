//! Rescreening: what changed in the lists, for the parties of recorded runs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod records;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use records::{FIRST, Project, list};
use redflag::evidence::{ChangedEntries, HitChange};
use redflag::matching::{Hit, Matcher, Thresholds};
use redflag::name::Lexicon;
use redflag::screening::party_query;
use redflag::trade::{Address, At, CountryCode, Party, PartyKind, PartyRole};
use redflag::watchlist::{ListedParty, Watchlist, shipped};
use serde_json::Value;

fn lines(project: &Project, args: &[&str], code: i32) -> Vec<Value> {
    let output = project.run(&[&["rescreen", "-o", "jsonl=-"], args].concat());
    assert_eq!(output.status.code(), Some(code), "{}", records::words(&output));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Change, entry and reference of each hit.
fn hits(lines: &[Value]) -> BTreeSet<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    lines
        .iter()
        .filter(|line| line["type"] == "hit")
        .map(|line| (text(&line["change"]), text(&line["hit"]["entry"]), text(&line["reference"])))
        .collect()
}

/// The hits that a run of today finds, by reference and entry.
fn full(project: &Project) -> BTreeSet<(String, String)> {
    let output = project.run(&["screen", "s.csv", "--as-of", "2026-03-09", "--no-record", "-o", "jsonl=-"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let mut found = BTreeSet::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        for hit in line["hits"].as_array().into_iter().flatten() {
            let entry = hit["entry"]["id"].as_str().unwrap().to_owned();
            found.insert((line["reference"].as_str().unwrap().to_owned(), entry));
        }
    }
    found
}

#[test]
fn after_a_list_update_new_changed_and_gone_hits_of_recorded_shipments_are_told() {
    let project = Project::new("rescreen", "update");
    assert!(project.screen().status().unwrap().success());
    let before = full(&project);
    assert!(hits(&lines(&project, &["--fail"], 0)).is_empty());
    // 1 gains an alias, 2 goes, 3 comes.
    let entries = [
        ("1", "name = \"Quorvex Tools Ltd\", country = \"DE\", aka = [\"Quorvex Precision\"]"),
        ("3", "name = \"Alder 7 GmbH\", country = \"DE\""),
    ];
    project.write("house.toml", &list("2026-03-08", &entries));
    let found = lines(&project, &["--fail"], 1);
    let state = found.iter().find(|line| line["type"] == "state").unwrap();
    assert_eq!(state["changes"][0].to_string(), r#"{"added":1,"changed":1,"list":"house","removed":1}"#);
    let told = hits(&found);
    let of = |change: &str| -> BTreeSet<(String, String)> {
        let these = told.iter().filter(|(key, ..)| key == change);
        these.map(|(_, entry, reference)| (reference.clone(), entry.clone())).collect()
    };
    // The difference of two full runs.
    let after = full(&project);
    assert_eq!(of("new"), after.difference(&before).cloned().collect());
    assert_eq!(of("gone"), before.difference(&after).cloned().collect());
    assert_eq!(of("changed").len(), 4);
    assert!(of("new").contains(&("R7".to_owned(), "3".to_owned())));
    let text = project.ends(0, &["rescreen"]);
    assert!(text.contains("NEW consignee Alder 7 GmbH (DE)"), "{text}");
    assert!(text.contains("name: now Quorvex Precision (strong), was nothing"), "{text}");
    // The entry goes again: the hit is gone only since the run of today.
    assert!(project.screen().status().unwrap().success());
    let second = project.runs().find("last").unwrap().run;
    project.write("house.toml", &list("2026-03-15", &entries[..1]));
    let since = hits(&lines(&project, &["--since", &second, "--fail"], 0));
    assert!(since.contains(&("gone".into(), "3".into(), "R7".into())), "{since:?}");
    assert!(!since.iter().any(|(change, ..)| change == "new"), "{since:?}");
    let today =
        jiff::tz::Offset::UTC.to_datetime(project.runs().find("last").unwrap().time).date().to_string();
    assert_eq!(hits(&lines(&project, &["--since", &today], 0)), since);
    project.ends(2, &["rescreen", "--since", "2020-01-01"]);
    project.ends(2, &["rescreen", "--to", "2020-01-01"]);
}

#[test]
fn without_the_old_edition_every_entry_is_searched_and_what_the_run_had_is_no_news() {
    let project = Project::new("rescreen", "known");
    project.write("redflag.toml", SOURCE);
    let import = |day: &str, entries: &[(&str, &str)]| {
        project.write("house.toml", &list(day, entries));
        project.ends(0, &["lists", "import", "--source", "house", "house.toml"]);
    };
    import("2026-03-01", &FIRST);
    assert!(project.screen().status().unwrap().success());
    let editions = project.folder.join("store/house/editions");
    let old = fs::read_dir(&editions).unwrap().next().unwrap().unwrap().path();
    import("2026-03-08", &[FIRST[0], FIRST[1], ("3", "name = \"Alder 7 GmbH\", country = \"DE\"")]);
    fs::remove_dir_all(old).unwrap();
    let found = hits(&lines(&project, &["--fail"], 1));
    let of = |change: &str| found.iter().filter(|(key, ..)| key == change).count();
    assert_eq!((of("known"), of("gone"), of("changed")), (4, 0, 0), "{found:?}");
    assert!(found.contains(&("new".into(), "3".into(), "R7".into())), "{found:?}");
    let text = project.ends(0, &["rescreen"]);
    assert!(text.contains("no longer holds house@") && text.contains("held against every entry"), "{text}");
}

const SOURCE: &str = "[lists]\nshipped = false\nstore = \"store\"\n[[source]]\nid = \"house\"\nurl = \
                      \"https://example.org/house.toml\"\nmax_shrink = 1.0\n";

#[test]
fn a_look_back_takes_the_edition_of_the_shipping_date() {
    let project = Project::new("rescreen", "look-back");
    project.write("redflag.toml", SOURCE);
    let import = |day: &str, entries: &[(&str, &str)]| {
        project.write("house.toml", &list(day, entries));
        project.ends(0, &["lists", "import", "--source", "house", "house.toml"]);
    };
    let alder = ("3", "name = \"Alder Secret Works GmbH\", country = \"DE\"");
    import("2026-03-01", &FIRST);
    import("2026-03-10", &[FIRST[0], FIRST[1], alder]);
    import("2026-03-20", &FIRST);
    let rows = "reference,consignee,consignee country,destination,ship date\nA,Alder Secret Works GmbH,DE,DE,2026-03-09\n\
                B,Alder Secret Works GmbH,DE,DE,2026-03-10\nC,Alder Secret Works GmbH,DE,DE,2026-03-25\n\
                D,Quorvex Tools Limited,DE,DE,2026-02-01\nE,Alder Secret Works GmbH,DE,DE,\n";
    project.write("s.csv", rows);
    assert!(project.screen().status().unwrap().success());
    let output = project.run(&["rescreen", "--as-of-shipping", "--fail", "-o", "jsonl=-"]);
    assert_eq!(output.status.code(), Some(1), "{}", records::words(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let verdicts: Vec<(String, String, String)> = lines
        .iter()
        .filter(|line| line["type"] == "shipment")
        .map(|line| {
            let text = |key: &str| line[key].as_str().unwrap().to_owned();
            (text("reference"), text("verdict"), text("change"))
        })
        .collect();
    let mut sorted = verdicts.clone();
    sorted.sort();
    assert_eq!(sorted.len(), 4, "{verdicts:?}");
    let of = |reference: &str| sorted.iter().find(|(other, ..)| other == reference).unwrap();
    assert_eq!(of("B").1, "block");
    assert_eq!(of("B").2, "worse");
    for same in ["A", "C", "D"] {
        assert_eq!(of(same).2, "same", "{verdicts:?}");
    }
    assert_eq!(of("D").1, "block");
    let text = project.ends(0, &["rescreen", "--as-of-shipping"]);
    assert!(
        text.contains("3 editions, the oldest of 2026-03-01; shipments from before are held against"),
        "{text}"
    );
    assert!(text.contains("1 state no shipping date"), "{text}");
}

fn party(name: &str, country: Option<CountryCode>) -> Party {
    Party {
        role: PartyRole::Consignee,
        kind: PartyKind::Unknown,
        name: name.into(),
        address: Address { country, ..Address::default() },
        identifiers: Vec::new(),
        founded: None,
        at: At { line: 2, column: "Consignee".into() },
    }
}

/// Names of the evaluation kit where it lies beside the project, else of the
/// lists themselves.
fn names(lists: &[Watchlist]) -> Vec<Party> {
    let kit = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/eval/queries_dev.csv");
    let mut parties: Vec<Party> = lists
        .iter()
        .flat_map(|list| &list.parties)
        .step_by(23)
        .filter_map(|entry| Some(party(&entry.names.first()?.text, entry.countries.first().copied())))
        .collect();
    let Ok(mut reader) = csv::Reader::from_path(&kit) else {
        println!("only names of the lists: {} is not there", kit.display());
        return parties;
    };
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|other| other == name).unwrap();
    let (name, country) = (column("name"), column("country"));
    let rows = reader.records().filter_map(Result::ok).step_by(20);
    parties.extend(rows.map(|row| party(&row[name], CountryCode::new(&row[country]))));
    parties
}

#[test]
fn on_the_real_lists_changed_entries_alone_give_what_all_entries_give() {
    let (new, _) = shipped();
    let old: Vec<Watchlist> = new
        .iter()
        .map(|list| {
            let change = |(place, entry): (usize, &Arc<ListedParty>)| {
                if place % 30 == 7 {
                    return None;
                }
                let mut entry = Arc::clone(entry);
                if place % 30 == 3 {
                    let changed = Arc::make_mut(&mut entry);
                    if changed.names.len() > 1 {
                        changed.names.pop();
                    } else {
                        changed.countries.clear();
                    }
                }
                Some(entry)
            };
            let parties = list.parties.iter().enumerate().filter_map(change).collect();
            Watchlist { info: Arc::clone(&list.info), parties }
        })
        .collect();
    let thresholds = Thresholds::default();
    let changed = ChangedEntries::new(&old, &new, thresholds);
    let full = |lists: &[Watchlist]| Matcher::new(lists, Lexicon::shipped(), thresholds);
    let (full_old, full_new) = (full(&old), full(&new));
    let parties = names(&new);
    let mut told = 0;
    for (party, changes) in parties.iter().zip(changed.screen_all(&parties)) {
        let countries: Vec<CountryCode> = party.address.country.into_iter().collect();
        let hits = |matcher: &Matcher| -> BTreeSet<String> {
            matcher.every_hit(&party_query(party, &countries)).iter().map(word).collect()
        };
        let (before, after) = (hits(&full_old), hits(&full_new));
        let (mut gone, mut come) = (BTreeSet::new(), BTreeSet::new());
        for change in &changes {
            told += 1;
            match change {
                HitChange::New(hit) => drop(come.insert(word(hit))),
                HitChange::Gone(hit) => drop(gone.insert(word(hit))),
                HitChange::Changed { old, new, .. } => {
                    gone.insert(word(old));
                    come.insert(word(new));
                }
            }
        }
        // What is the same in both states is no change, and nothing else is.
        let same: BTreeSet<String> = gone.intersection(&come).cloned().collect();
        let only =
            |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<BTreeSet<_>>();
        assert_eq!(only(&before, &after), only(&gone, &same), "{}", party.name);
        assert_eq!(only(&after, &before), only(&come, &same), "{}", party.name);
    }
    let entries: usize = changed.counts.values().map(|n| n.added + n.changed + n.removed).sum();
    println!("{} names, {entries} changed entries, {told} changed hits", parties.len());
    assert!(told > 20, "{told}");
}

/// Entry, score and what was met.
fn word(hit: &Hit) -> String {
    format!("{}/{} {:.6} {} {:?}", hit.list.id, hit.entry.id, hit.score, hit.by.key(), hit.listed_text)
}
