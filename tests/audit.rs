//! A recorded run made again, exported, held and removed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod records;

use std::fs;
use std::io::Read;

use records::Project;
use redflag::evidence::Runs;

fn project(name: &str) -> Project {
    Project::new("audit", name)
}

#[test]
fn a_run_made_again_is_the_same_to_the_byte_and_so_are_its_reports() {
    let project = project("replay");
    let root = env!("CARGO_MANIFEST_DIR");
    for file in ["demo.csv", "broken.csv"] {
        fs::copy(format!("{root}/samples/shipments/{file}"), project.folder.join(file)).unwrap();
    }
    project.write("redflag.toml", "[decisions]\nfile = \"d.toml\"\n[lists]\nstore = \"store\"\n");
    let args = ["screen", "demo.csv", "broken.csv", "s.csv", "--list", "house.toml", "--as-of", "2026-08-15"];
    let outputs = ["-o", "jsonl=a.jsonl", "-o", "html=a.html", "-o", "md=a.md"];
    project.ends(3, &[&args[..], &outputs].concat());
    // What the files say now does not matter.
    for file in ["demo.csv", "broken.csv", "s.csv", "house.toml"] {
        project.write(file, "overwritten");
    }
    let words = project.ends(0, &["audit", "replay", "last"]);
    assert!(words.contains("the same to the byte"), "{words}");
    project.ends(0, &["audit", "replay", "last", "--threads", "1"]);
    project.ends(0, &["report", "last", "-o", "jsonl=b.jsonl", "-o", "html=b.html", "-o", "md=b.md"]);
    for ending in ["jsonl", "html", "md"] {
        let read = |name: &str| fs::read(project.folder.join(format!("{name}.{ending}"))).unwrap();
        assert!(read("a") == read("b"), "{ending}");
    }
    project.verified();
}

#[test]
fn a_run_that_looked_back_is_made_again_when_the_history_has_grown_or_is_gone() {
    let project = project("looked-back");
    let head = "Reference,Exporter,Exporter Country,Consignee,Consignee Country,HS Code,Description,Quantity,Value,\
                Currency,Departure,Destination,Ship Date\n";
    let past: String = (0..60)
        .map(|i| {
            let (month, day) = (i % 12 + 1, i * 7 % 28 + 1);
            format!("P-{i},Penang Parts Sdn Bhd,MY,Baltic Kitchens GmbH,DE,940340,kitchen furniture,4{i},30{i}.50,USD,MY,DE,2025-{month:02}-{day:02}\n")
        })
        .collect();
    let today: String = (0..4)
        .map(|i| {
            format!("T-{i},Penang Parts Sdn Bhd,MY,Osh Teknologiya LLC,KG,854231,integrated circuits,400,2{i}40.10,USD,MY,KG,2026-01-1{i}\n")
        })
        .collect();
    project.write("past.csv", &format!("{head}{past}"));
    project.write("today.csv", &format!("{head}{today}"));
    project.write("redflag.toml", "[history]\nstore = \"history\"\n[lists]\nstore = \"store\"\n");
    project.ends(0, &["history", "add", "past.csv"]);
    project.ends(0, &["screen", "today.csv", "--as-of", "2026-02-01", "-o", "jsonl=a.jsonl"]);
    let report = fs::read_to_string(project.folder.join("a.jsonl")).unwrap();
    assert!(report.contains("PAT-101"), "the run found nothing that rests on the past: {report}");
    // Whoever looks back now sees more.
    project.ends(0, &["history", "add", "today.csv"]);
    project.ends(0, &["audit", "replay", "last"]);
    fs::remove_dir_all(project.folder.join("history")).unwrap();
    let words = project.ends(0, &["audit", "replay", "last"]);
    assert!(words.contains("the same to the byte"), "{words}");
    project.ends(0, &["report", "last", "-o", "jsonl=b.jsonl"]);
    assert_eq!(report, fs::read_to_string(project.folder.join("b.jsonl")).unwrap());
    project.ends(0, &["audit", "export", "last", "-o", "pack.zip"]);
    project.verified();
}

#[test]
fn without_what_it_saw_of_the_past_a_run_is_not_made_again() {
    let project = project("not-kept");
    project.write("s.csv", "reference,consignee,destination,ship date\nR1,Alder GmbH,DE,2026-01-02\n");
    project.write("redflag.toml", "[history]\nin_file = true\n[evidence]\nstore_history = false\n");
    project.ends(0, &["screen", "s.csv", "--as-of", "2026-02-01", "-o", "csv=a.csv"]);
    let words = project.ends(2, &["audit", "replay", "last"]);
    assert!(words.contains("was not kept"), "{words}");
}

#[test]
fn a_run_that_was_made_otherwise_shows_what_differs_by_shipment_and_finding() {
    let project = project("differs");
    let rows = "reference,consignee,destination\nR1,Alder GmbH,DE\nR2,Kvorvex Tool Limited,DE\nR3,Kvorvex Tool Limited,DE\n";
    project.write("s.csv", rows);
    assert!(project.screen().status().unwrap().success());
    // A record as another version of the program would have written it, with
    // the threshold at which it takes names for hits.
    let runs = project.runs();
    let link = runs.find("last").unwrap();
    let path = runs.run_folder(&link.run).join("record.json");
    let text = fs::read_to_string(&path).unwrap();
    let other = text.replacen("\"possible\": 0.6", "\"possible\": 0.999", 1).replacen(
        "\"strong\": 0.9",
        "\"strong\": 0.999",
        1,
    );
    assert_ne!(text, other);
    fs::write(&path, &other).unwrap();
    let chain = project.folder.join("runs/chain.jsonl");
    fs::remove_file(&chain).unwrap();
    rechain(&runs, &link.run, other.as_bytes());
    let words = project.ends(1, &["audit", "replay", "last"]);
    assert!(words.contains("R2 (s.csv, line 3):") && words.contains("verdict clear was"), "{words}");
    assert!(words.contains("finding PTY-") && words.contains("is gone"), "{words}");
    assert!(words.contains("3 shipments and rows compared: 2 differ"), "{words}");
    let words = project.ends(2, &["report", "last", "-o", "csv=again.csv"]);
    assert!(words.contains("there is none") && !project.folder.join("again.csv").exists(), "{words}");
    project.ends(2, &["audit", "export", "last", "-o", "pack.zip"]);
    assert!(!project.folder.join("pack.zip").exists());
}

/// A chain with one run.
fn rechain(runs: &Runs, run: &str, record: &[u8]) {
    let sha256 = redflag::digest::sha256_hex(record);
    let zero = "0".repeat(64);
    let text = format!(
        "{{\"seq\":1,\"time\":\"2026-03-09T00:00:00Z\",\"kind\":\"run\",\"run\":\"{run}\",\"record\":\"{sha256}\",\"prev\":\"{zero}\""
    );
    let (mut sum, mut weighted) = (0u64, 0u64);
    for (place, byte) in (1u64..).zip(text.bytes()) {
        sum += u64::from(byte);
        weighted += place * u64::from(byte);
    }
    let (sum, weighted) = (sum % 0x7fff_ffff, weighted % 0x7fff_ffff);
    let hash = redflag::digest::sha256_hex(text.as_bytes());
    let line = format!("{text},\"sums\":\"{sum:08x}{weighted:08x}\",\"hash\":\"{hash}\"}}\n");
    fs::write(runs.chain_path(), line).unwrap();
    assert!(runs.chain().unwrap().faults.is_empty());
}

#[test]
fn what_was_not_kept_can_not_be_made_again_and_says_why() {
    let project = project("not-kept");
    project.write(
        "redflag.toml",
        "[lists]\nshipped = false\nfiles = [\"house.toml\"]\nstore = \"store\"\n[evidence]\nstore_inputs = false\n",
    );
    assert!(project.screen().status().unwrap().success());
    project.verified();
    let words = project.ends(2, &["audit", "replay", "last"]);
    assert!(words.contains("s.csv was not kept"), "{words}");
    // Rescreening needs the results only.
    project.ends(0, &["rescreen"]);
}

fn unzip(path: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    (0..zip.len())
        .map(|number| {
            let mut file = zip.by_index(number).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

#[test]
fn an_evidence_pack_holds_what_its_manifest_says_and_is_the_same_each_time() {
    let project = project("pack");
    assert!(project.screen().status().unwrap().success());
    project.ends(0, &["audit", "export", "last", "-o", "a.zip"]);
    project.ends(0, &["audit", "export", "last", "-o", "b.zip"]);
    let read = |name: &str| fs::read(project.folder.join(name)).unwrap();
    assert!(read("a.zip") == read("b.zip"));
    let files = unzip(&project.folder.join("a.zip"));
    let (last, manifest) = files.last().unwrap();
    assert_eq!(last, "manifest.json");
    let manifest: serde_json::Value = serde_json::from_slice(manifest).unwrap();
    let named = manifest["files"].as_array().unwrap();
    assert_eq!(named.len(), files.len() - 1);
    for file in named {
        let (_, bytes) = files.iter().find(|(name, _)| name == file["name"].as_str().unwrap()).unwrap();
        assert_eq!(file["sha256"], redflag::digest::sha256_hex(bytes));
    }
    let get = |name: &str| {
        files.iter().find(|(file, _)| file.starts_with(name)).map(|(_, bytes)| String::from_utf8_lossy(bytes))
    };
    assert_eq!(get("inputs/1-s.csv").unwrap().as_bytes(), read("s.csv"));
    assert!(get("report.html").unwrap().contains("Quorvex"));
    assert!(get("rules/PTY-").is_some());
    assert!(get("entries/house.toml").unwrap().contains("Quorvex Tools Ltd"));
    assert!(!get("entries/house.toml").unwrap().contains("Tamarisk"));
    let record: serde_json::Value = serde_json::from_str(&get("record.json").unwrap()).unwrap();
    assert_eq!(
        record["results"]["sha256"],
        redflag::digest::sha256_hex(get("results.jsonl").unwrap().as_bytes())
    );
}

#[test]
fn a_private_pack_names_nobody_outside_findings() {
    let project = project("private");
    let mut rows = "reference,consignee,consignee address,consignee country,notify party,forwarder,description,destination\n".to_owned();
    rows.push_str(
        "R1,Alder Secret GmbH,Hidden Lane 7,DE,,Birch Unnamed SAS,pumps for Alder Secret GmbH,DE\n",
    );
    rows.push_str(
        "R2,Quorvex Tools Limited,Shown Street 9,DE,Alder Secret GmbH,Birch Unnamed SAS,valves,DE\n",
    );
    project.write("s.csv", &rows);
    assert!(project.screen().status().unwrap().success());
    project.ends(0, &["audit", "export", "last", "-o", "open.zip"]);
    project.ends(0, &["audit", "export", "last", "-o", "one.zip", "--private"]);
    project.ends(0, &["audit", "export", "last", "-o", "two.zip", "--private"]);
    let text = |name: &str| {
        let files = unzip(&project.folder.join(name));
        files.into_iter().map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned()).collect::<String>()
    };
    let (open, one, two) = (text("open.zip"), text("one.zip"), text("two.zip"));
    for hidden in ["Alder Secret", "Hidden Lane", "Birch Unnamed"] {
        assert!(open.contains(hidden), "{hidden}");
        assert!(!one.contains(hidden), "{hidden}");
    }
    for shown in ["Quorvex Tools Limited", "Shown Street 9", "R2"] {
        assert!(one.contains(shown), "{shown}");
    }
    // Another export has another key; a given key gives the same bytes.
    assert_ne!(one, two);
    project.write("key", "0123456789abcdef0123456789abcdef");
    for name in ["k1.zip", "k2.zip"] {
        project.ends(0, &["audit", "export", "last", "-o", name, "--private", "--key", "key"]);
    }
    assert!(
        fs::read(project.folder.join("k1.zip")).unwrap() == fs::read(project.folder.join("k2.zip")).unwrap()
    );
    project.write("key", "short");
    project.ends(2, &["audit", "export", "last", "-o", "k.zip", "--private", "--key", "key"]);
}

#[test]
fn records_are_kept_for_their_time_and_what_is_removed_stays_in_the_chain() {
    let project = project("prune");
    for rows in [40, 50, 60] {
        project.shipments(rows);
        assert!(project.screen().status().unwrap().success());
    }
    let runs = project.runs();
    let [first, second, third] = runs.runs().unwrap().try_into().unwrap();
    // Nothing young is removed, whatever is asked.
    let words = project.ends(2, &["audit", "prune", "--before", "2099-01-01"]);
    assert!(words.contains("3 runs") && words.contains("Nothing was removed"), "{words}");
    let words = project.ends(0, &["audit", "prune"]);
    assert!(words.contains("3 younger than 10 years"), "{words}");
    project.ends(2, &["audit", "hold", &first.run, "--reason", " "]);
    project.ends(0, &["audit", "hold", &first.run, "--reason", "a suit is pending"]);
    assert!(project.ends(0, &["audit", "show"]).contains("held: a suit is pending"));
    // Eleven years later.
    let later = third.time + jiff::SignedDuration::from_hours(24 * 366 * 11);
    let dry = runs.prune(None, 10, false, true, later).unwrap();
    assert_eq!((dry.removed.len(), dry.held.len(), dry.younger), (2, 1, 0));
    assert_eq!(project.verified().runs, 3);
    let done = runs.prune(None, 10, false, false, later).unwrap();
    assert_eq!(done.removed.iter().map(|run| &run.run).collect::<Vec<_>>(), [&second.run, &third.run]);
    // The shipment files of the two went; what the held one names stayed.
    assert_eq!(done.objects, 2);
    let verified = project.verified();
    assert_eq!((verified.runs, verified.pruned, verified.notes.len()), (1, 2, 0), "{:?}", verified.notes);
    project.ends(0, &["audit", "replay", &first.run]);
    let words = project.ends(2, &["audit", "replay", &second.run]);
    assert!(words.contains("removed by a prune"), "{words}");
    assert!(fs::read_to_string(runs.chain_path()).unwrap().contains(&second.record));
    project.ends(0, &["audit", "release", &first.run, "--reason", "settled"]);
    assert_eq!(runs.prune(None, 10, false, false, later).unwrap().removed.len(), 1);
    assert_eq!(fs::read_dir(runs.objects()).unwrap().count(), 0);
}

#[test]
fn editions_that_recorded_runs_need_stay_in_the_store() {
    let project = project("editions");
    project.write("redflag.toml", "[lists]\nshipped = false\nstore = \"store\"\n[[source]]\nid = \"house\"\nurl = \"https://example.org/house.toml\"\n");
    let import = |day: &str, entries: &[(&str, &str)]| {
        project.write("house.toml", &records::list(day, entries));
        project.ends(0, &["lists", "import", "--source", "house", "house.toml"]);
    };
    import("2026-03-01", &records::FIRST);
    assert!(project.screen().status().unwrap().success());
    import("2026-03-08", &[records::FIRST[0], records::FIRST[1], ("3", "name = \"Alder 5 GmbH\"")]);
    import("2026-03-15", &[records::FIRST[0], records::FIRST[1], ("3", "name = \"Alder 6 GmbH\"")]);
    let words = project.ends(0, &["lists", "prune", "--keep", "0"]);
    assert!(words.contains("1 editions"), "{words}");
    project.ends(0, &["audit", "replay", "last"]);
}
