//! Decisions on findings, as a user makes them and a gate keeps them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{code, folder, path, redflag, redflag_reading, stderr, stdout};
use serde_json::Value;

/// One list of two look-alikes, one shipment that meets both.
struct Scene {
    folder: PathBuf,
    config: String,
    list: String,
    shipments: String,
    decisions: String,
    report: String,
}

const LIST: &str = "list = { id = \"house\", title = \"House list\", jurisdiction = \"own\", regime = \"unilateral\", effect = \"licence-required\", authority = \"us\", date = 2026-08-01 }\nentry = [\n  { id = \"1\", name = \"Alder Vertex Optics\", country = \"AE\" },\n  { id = \"2\", name = \"Vertex Alder Optics\", country = \"AE\" },\n]\n";
const ROWS: &str = "reference,exporter,exporter country,consignee,consignee address,consignee country,destination,departure,hs,description,quantity,unit,value,currency,end use\nSO-1,Elbe Werkzeuge GmbH,DE,Alder Vertex Optics LLC,Dock Road 1,AE,AE,DE,8452.30,sewing machine needles,100,pcs,500,USD,garment factory\n";

impl Scene {
    fn new(name: &str) -> Self {
        let folder = folder(name);
        let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        fs::write(at("house.toml"), LIST).unwrap();
        fs::write(at("rows.csv"), ROWS).unwrap();
        fs::write(
            at("redflag.toml"),
            "[profile]\nbound_by = [\"DE\", \"EU\"]\n[lists]\nshipped = false\nfiles = [\"house.toml\"]\n[decisions]\nfile = \"dispositions.toml\"\n",
        )
        .unwrap();
        Self {
            config: at("redflag.toml"),
            list: at("house.toml"),
            shipments: at("rows.csv"),
            decisions: at("dispositions.toml"),
            report: at("report.jsonl"),
            folder,
        }
    }

    fn check(&self, more: &[&str]) -> (i32, String) {
        let report = format!("jsonl={}", self.report);
        let mut args = vec!["check", &self.shipments, "--config", &self.config, "-o", &report];
        if !more.contains(&"--as-of") {
            args.extend(["--as-of", "2026-08-15"]);
        }
        args.extend(more);
        let output = redflag(&args);
        (code(&output), stderr(&output))
    }

    /// The marks of the last report: (rule, entry id, mark).
    fn marks(&self) -> Vec<(String, String, Value)> {
        let text = fs::read_to_string(&self.report).unwrap();
        let line: Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
        let mut marks = Vec::new();
        for finding in line["findings"].as_array().unwrap() {
            for mark in finding["marks"].as_array().unwrap() {
                let entry = mark["hit"].as_u64().map_or(String::new(), |hit| {
                    line["hits"][usize::try_from(hit).unwrap()]["entry"]["id"].as_str().unwrap().to_owned()
                });
                marks.push((finding["rule"].as_str().unwrap().to_owned(), entry, mark.clone()));
            }
        }
        marks
    }

    fn clear(&self, prints: &[String], more: &[&str]) -> std::process::Output {
        let mut args = vec!["clear", &self.report, "--config", &self.config, "--by", "A. Reader"];
        args.extend(["--reason", "another company, seen its register entry", "--on", "2026-08-15"]);
        for print in prints {
            args.extend(["--fingerprint", print]);
        }
        args.extend(more);
        redflag(&args)
    }

    fn prints(&self, keep: impl Fn(&str, &str) -> bool) -> Vec<String> {
        let marks = self.marks();
        let wanted = marks.iter().filter(|(rule, entry, _)| keep(rule, entry));
        wanted.map(|(_, _, mark)| mark["fingerprint"].as_str().unwrap().to_owned()).collect()
    }
}

fn undecided(scene: &Scene) -> usize {
    scene.marks().iter().filter(|(_, _, mark)| mark["decision"].is_null()).count()
}

const CLEARED: [&str; 4] = ["--decision", "false-positive", "--expires", "2027-08-15"];

#[test]
fn a_cleared_finding_passes_the_gate_and_a_decision_on_one_hit_hides_no_other() {
    let scene = Scene::new("decisions-gate");
    let (exit, _) = scene.check(&[]);
    assert_eq!(exit, 1);
    let all = scene.prints(|_, _| true);
    let of_first = scene.prints(|_, entry| entry == "1");
    assert!(!of_first.is_empty() && of_first.len() < all.len(), "{of_first:?} {all:?}");
    let done = scene.clear(&of_first, &CLEARED);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    let (exit, _) = scene.check(&[]);
    assert_eq!(exit, 1, "the other entry is still met");
    assert_eq!(undecided(&scene), all.len() - of_first.len());
    let rest = scene.prints(|_, entry| entry != "1");
    assert_eq!(code(&scene.clear(&rest, &CLEARED)), 0);
    let (exit, said) = scene.check(&[]);
    assert_eq!(exit, 0, "{said}");
    // Cleared findings stay in every report.
    for format in ["text", "md", "html", "csv", "csv-findings", "jsonl"] {
        let output = redflag(&[
            "screen",
            &scene.shipments,
            "--config",
            &scene.config,
            "--as-of",
            "2026-08-15",
            "-o",
            &format!("{format}=-"),
        ]);
        let text = stdout(&output);
        assert!(text.contains("A. Reader") && text.contains("another company"), "{format}: {text}");
    }
}

#[test]
fn a_decision_lapses_with_the_entry_the_party_the_rule_of_time_and_says_why() {
    let scene = Scene::new("decisions-lapse");
    scene.check(&[]);
    let all = scene.prints(|_, _| true);
    assert_eq!(code(&scene.clear(&all, &CLEARED)), 0);
    assert_eq!(scene.check(&[]).0, 0);
    let why = |scene: &Scene| {
        let marks = scene.marks();
        marks
            .iter()
            .filter_map(|(_, _, mark)| mark["back"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let (exit, said) = scene.check(&["--as-of", "2027-08-16"]);
    assert_eq!(exit, 1);
    assert!(why(&scene).contains("expired on 2027-08-15") && said.contains("expired"), "{said}");
    let (_, said) = scene.check(&["--as-of", "2027-08-10"]);
    assert!(said.contains("expires-soon"), "{said}");
    fs::write(&scene.shipments, ROWS.replace("Dock Road 1", "Harbour Road 9")).unwrap();
    assert_eq!(scene.check(&[]).0, 1);
    assert!(why(&scene).contains("address or identifiers"), "{}", why(&scene));
    fs::write(&scene.shipments, ROWS).unwrap();
    fs::write(
        &scene.list,
        LIST.replace("name = \"Alder Vertex Optics\"", "name = \"Alder Vertex Optics\", aka = [\"AVO\"]"),
    )
    .unwrap();
    assert_eq!(scene.check(&[]).0, 1);
    assert!(why(&scene).contains("list entry has changed"), "{}", why(&scene));
}

#[test]
fn a_decision_for_an_order_does_not_reach_another_and_unmatched_ones_are_named() {
    let scene = Scene::new("decisions-order");
    scene.check(&[]);
    let all = scene.prints(|_, _| true);
    let more: Vec<&str> = CLEARED.into_iter().chain(["--order"]).collect();
    assert_eq!(code(&scene.clear(&all, &more)), 0);
    assert_eq!(scene.check(&[]).0, 0);
    fs::write(&scene.shipments, ROWS.replace("SO-1", "SO-2")).unwrap();
    let (exit, said) = scene.check(&[]);
    assert_eq!(exit, 1);
    assert!(said.contains("unmatched"), "{said}");
}

#[test]
fn a_licence_clears_until_it_is_used_up() {
    let scene = Scene::new("decisions-licence");
    let second = ROWS.lines().nth(1).unwrap().replace("SO-1", "SO-2");
    fs::write(&scene.shipments, format!("{ROWS}{second}\n")).unwrap();
    scene.check(&[]);
    let all = scene.prints(|_, _| true);
    let licensed = ["--decision", "licensed", "--expires", "2027-01-01", "--licence", "X-77"];
    let with = |balance: &'static str| -> Vec<&str> {
        licensed.into_iter().chain(["--balance", balance, "--unit", "USD"]).collect()
    };
    assert_eq!(code(&scene.clear(&all, &with("1000"))), 0);
    assert_eq!(scene.check(&[]).0, 0);
    fs::remove_file(&scene.decisions).unwrap();
    assert_eq!(code(&scene.clear(&all, &with("999"))), 0);
    assert_eq!(scene.check(&[]).0, 1);
    let text = fs::read_to_string(&scene.report).unwrap();
    assert!(text.contains("licence X-77 has 499 USD left, and this shipment needs 500 USD"), "{text}");
}

#[test]
fn findings_are_decided_one_by_one_from_a_terminal() {
    let scene = Scene::new("decisions-triage");
    scene.check(&[]);
    let args = ["clear", &scene.report, "--config", &scene.config, "--on", "2026-08-15"];
    let answers = "?\nn\np\nf\nA. Reader\nanother company\n2027-01-01\np\nw\n";
    let output = redflag_reading(&args, answers);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let shown = stdout(&output);
    assert!(
        shown.contains("ON THE SHIPMENT") && shown.contains("Alder Vertex Optics LLC (consignee)"),
        "{shown}"
    );
    let text = fs::read_to_string(&scene.decisions).unwrap();
    assert_eq!(text.matches("[[decision]]").count(), 1, "{text}");
    let before = text;
    // Ending without a word to write changes nothing.
    for answers in ["f\nanother company\n", "q\n", ""] {
        redflag_reading(&args, answers);
        assert_eq!(fs::read_to_string(&scene.decisions).unwrap(), before);
    }
}

#[test]
fn a_block_is_no_false_positive_without_an_override_that_stays_visible() {
    let scene = Scene::new("decisions-block");
    fs::write(&scene.list, LIST.replace("licence-required", "blocking")).unwrap();
    scene.check(&[]);
    let grave: Vec<String> = scene
        .marks()
        .iter()
        .filter(|(_, _, mark)| mark["grave"] == true)
        .map(|(_, _, mark)| mark["fingerprint"].as_str().unwrap().to_owned())
        .collect();
    assert!(!grave.is_empty());
    let refused = scene.clear(&grave, &CLEARED);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains("--override") && !Path::new(&scene.decisions).exists());
    let more: Vec<&str> = CLEARED.into_iter().chain(["--override", "seen the passport"]).collect();
    assert_eq!(code(&scene.clear(&grave, &more)), 0);
    scene.check(&[]);
    assert!(fs::read_to_string(&scene.report).unwrap().contains("seen the passport"));
}

#[test]
fn a_baseline_passes_what_was_there_and_fails_what_is_new() {
    let scene = Scene::new("decisions-baseline");
    let baseline = scene.folder.join("baseline.toml");
    let (exit, said) = scene.check(&["--write-baseline", path(&baseline)]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(scene.check(&["--baseline", path(&baseline)]).0, 0);
    let new = ROWS
        .lines()
        .nth(1)
        .unwrap()
        .replace("SO-1", "SO-2")
        .replace("Alder Vertex Optics LLC", "Vertex Alder Optic");
    fs::write(&scene.shipments, format!("{ROWS}{new}\n")).unwrap();
    assert_eq!(scene.check(&["--baseline", path(&baseline)]).0, 1);
    assert_eq!(scene.check(&["--baseline", path(&baseline), "--max-findings", "1"]).0, 0);
}

#[test]
fn a_rule_gets_another_level_for_a_reason_that_the_report_gives() {
    let scene = Scene::new("decisions-levels");
    scene.check(&[]);
    let rules: std::collections::BTreeSet<String> =
        scene.marks().into_iter().map(|(rule, _, _)| rule).collect();
    let config = fs::read_to_string(&scene.config).unwrap();
    let mut levels = String::from("[levels]\n");
    for rule in &rules {
        levels
            .push_str(&format!("\"{rule}\" = {{ verdict = \"note\", reason = \"agreed with counsel\" }}\n"));
    }
    fs::write(&scene.config, format!("{config}{levels}")).unwrap();
    assert_eq!(scene.check(&[]).0, 0);
    assert!(fs::read_to_string(&scene.report).unwrap().contains("agreed with counsel"));
    fs::write(&scene.config, format!("{config}[levels]\n\"DIV-101\" = {{ verdict = \"note\" }}\n\"XXX-999\" = {{ verdict = \"off\", reason = \"x\" }}\n")).unwrap();
    let (exit, said) = scene.check(&[]);
    assert_eq!(exit, 2);
    assert!(said.contains("reason"), "{said}");
}

#[test]
fn decisions_are_listed_and_linted() {
    let scene = Scene::new("decisions-lint");
    scene.check(&[]);
    let all = scene.prints(|_, _| true);
    scene.clear(&all[..1], &CLEARED);
    let run = |command: &str, day: &str| {
        redflag(&["decisions", command, "--config", &scene.config, "--as-of", day])
    };
    assert!(stdout(&run("list", "2026-09-01")).contains("A. Reader"));
    assert_eq!(code(&run("lint", "2026-09-01")), 0);
    assert_eq!(code(&run("expire-soon", "2026-09-01")), 0);
    assert_eq!(code(&run("expire-soon", "2027-08-14")), 1);
    let late = run("lint", "2028-01-01");
    assert_eq!(code(&late), 1);
    assert!(stdout(&late).contains("expired on 2027-08-15"));
}
