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
        let mut marks = Vec::new();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let lines: Vec<Value> = lines.filter(|line| line["type"] == "screening").collect();
        let found = lines
            .iter()
            .flat_map(|line| line["findings"].as_array().unwrap().iter().map(move |finding| (line, finding)));
        for (line, finding) in found {
            for mark in finding["marks"].as_array().unwrap() {
                let entry = mark["hit"].as_u64().map_or(String::new(), |hit| {
                    line["hits"][usize::try_from(hit).unwrap()]["entry"]["id"].as_str().unwrap().to_owned()
                });
                marks.push((finding["rule"].as_str().unwrap().to_owned(), entry, mark.clone()));
            }
        }
        marks
    }

    /// The last line of the last report.
    fn summary(&self) -> Value {
        let text = fs::read_to_string(&self.report).unwrap();
        serde_json::from_str(text.lines().last().unwrap()).unwrap()
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
    let (exit, said) = scene.check(&["--baseline", path(&baseline)]);
    assert_eq!(exit, 1);
    let open = scene.summary()["rules"].as_object().unwrap().len();
    assert!(
        open > 1 && said.contains(&format!("1 shipment at review or above, with {open} findings")),
        "{said}"
    );
    // As many as there are pass, and no more.
    let exactly = open.to_string();
    assert_eq!(scene.check(&["--baseline", path(&baseline), "--max-findings", &exactly]).0, 0);
    let fewer = (open - 1).to_string();
    let (exit, said) = scene.check(&["--baseline", path(&baseline), "--max-findings", &fewer]);
    assert!(exit == 1 && said.contains(&format!("--max-findings is {fewer}")), "{said}");
}

#[test]
fn what_a_baseline_clears_is_told_apart_in_every_report() {
    let scene = Scene::new("decisions-baseline-apart");
    let baseline = scene.folder.join("baseline.toml");
    scene.check(&["--write-baseline", path(&baseline)]);
    let written = scene.prints(|_, _| true).len();
    assert_eq!(scene.check(&["--baseline", path(&baseline)]).0, 0);
    let summary = scene.summary();
    assert!(summary["cleared"].as_object().unwrap().is_empty(), "{summary}");
    assert!(!summary["baseline"].as_object().unwrap().is_empty(), "{summary}");
    for format in ["text", "md", "html", "csv", "csv-findings", "jsonl"] {
        let output = format!("{format}={}", path(&scene.folder.join("out")));
        scene.check(&["--baseline", path(&baseline), "-o", &output]);
        let text = fs::read_to_string(scene.folder.join("out")).unwrap();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("was there when the gate was taken into service"), "{format}: {text}");
        let named = text.contains("baseline.toml") || format.starts_with("csv");
        assert!(named, "{format} names the file");
    }
    // A year later it is over, and says so once.
    let (exit, said) = scene.check(&["--baseline", path(&baseline), "--as-of", "2027-08-16"]);
    assert_eq!(exit, 1);
    assert!(written > 1);
    assert_eq!(said.matches("the baseline expired on 2027-08-15").count(), 1, "{said}");
}

#[test]
fn reports_with_decisions_keep_to_the_schema() {
    let scene = Scene::new("decisions-schema");
    let (baseline, of_first) = (scene.folder.join("baseline.toml"), "SO-1");
    scene.check(&["--write-baseline", path(&baseline)]);
    let first = scene.prints(|_, entry| entry == "1");
    let licensed =
        ["--decision", "licensed", "--expires", "2027-08-15", "--licence", "X-1", "--balance", "900"];
    let more: Vec<&str> = licensed.into_iter().chain(["--unit", "USD"]).collect();
    assert_eq!(code(&scene.clear(&first, &more)), 0);
    scene.clear(&first[..1], &["--decision", "escalated", "--expires", "2026-08-20"]);
    scene.check(&["--baseline", path(&baseline)]);
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/redflag-jsonl-1.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let text = fs::read_to_string(&scene.report).unwrap();
    assert!(
        text.contains(of_first) && text.contains("\"expires-soon\"") && text.contains("\"contradiction\"")
    );
    assert!(!scene.summary()["licences"].as_array().unwrap().is_empty(), "{text}");
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{line}");
    }
}

#[test]
fn licences_go_to_what_leaves_first_whatever_the_order_of_the_rows() {
    let scene = Scene::new("decisions-licence-order");
    let header = format!("{},shipped", ROWS.lines().next().unwrap());
    let row =
        |order: &str, day: &str| format!("{},{day}", ROWS.lines().nth(1).unwrap().replace("SO-1", order));
    // The last of the file leaves first; two leave on one day.
    let rows = [row("SO-3", "2026-08-09"), row("SO-2", "2026-08-09"), row("SO-1", "2026-08-01")];
    let text = format!("{header}\n{}\n", rows.join("\n"));
    fs::write(&scene.shipments, &text).unwrap();
    scene.check(&[]);
    let all: std::collections::BTreeSet<String> = scene.prints(|_, _| true).into_iter().collect();
    let all: Vec<String> = all.into_iter().collect();
    let more =
        ["--decision", "licensed", "--expires", "2027-01-01", "--licence", "X-77", "--balance", "1000"];
    let more: Vec<&str> = more.into_iter().chain(["--unit", "USD"]).collect();
    assert_eq!(code(&scene.clear(&all, &more)), 0);
    let cleared = || -> Vec<String> {
        let text = fs::read_to_string(&scene.report).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let clear = lines.filter(|line| line["verdict"] == "clear");
        clear.map(|line| line["reference"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(scene.check(&[]).0, 1);
    assert_eq!(cleared(), ["SO-2", "SO-1"]);
    assert_eq!(scene.summary()["licences"][0]["left"], "0");
    // The same from standard input, which can be read once only.
    let report = format!("jsonl={}", scene.report);
    let args = ["check", "-", "--config", &scene.config, "-o", &report, "--as-of", "2026-08-15"];
    assert_eq!(code(&redflag_reading(&args, &text)), 1);
    assert_eq!(cleared(), ["SO-2", "SO-1"]);
}

#[test]
fn a_signature_that_is_asked_for_must_be_there_and_fit() {
    const KEY: &str = "RWRsYidBWrphI4Qgc3fj2pjepUUJs3RhH5ORkgEkN9qoCKnki9B9T7sU";
    const OTHER: &str = "RWSQcBRrdQhZTDFD6Vve2mlR0ru2gfmavlPSTrOkpXnLYgZ7qaKqGR/l";
    let scene = Scene::new("decisions-signed");
    let given = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/decisions");
    let signature = format!("{}.minisig", scene.decisions);
    fs::copy(given.join("dispositions.toml"), &scene.decisions).unwrap();
    let config = fs::read_to_string(&scene.config).unwrap();
    let keys = |keys: &[(&str, &str)], required: bool| {
        let keys: Vec<String> =
            keys.iter().map(|(name, key)| format!("{{ name = \"{name}\", key = \"{key}\" }}")).collect();
        let more = format!("require_signature = {required}\nallowed_key = [{}]\n", keys.join(", "));
        fs::write(&scene.config, format!("{config}{more}")).unwrap();
    };
    keys(&[("B. Other", OTHER), ("A. Reader", KEY)], true);
    let (exit, said) = scene.check(&[]);
    assert!(exit == 2 && said.contains("not signed"), "{said}");
    fs::copy(given.join("dispositions.toml.minisig"), &signature).unwrap();
    assert_eq!(scene.check(&[]).0, 1, "as without any decision, for these findings");
    let text = fs::read_to_string(&scene.report).unwrap();
    assert!(text.contains("\"signed_by\":\"A. Reader\""), "{text}");
    // Another's key, a changed file, no signature at all: nothing is screened.
    keys(&[("B. Other", OTHER)], true);
    let (exit, said) = scene.check(&[]);
    assert!(exit == 2 && said.contains("does not allow"), "{said}");
    keys(&[("A. Reader", KEY)], false);
    let changed = fs::read_to_string(&scene.decisions).unwrap().replace("2027-08-15", "2037-08-15");
    fs::write(&scene.decisions, changed).unwrap();
    let (exit, said) = scene.check(&[]);
    assert!(exit == 2 && said.contains("does not fit the file"), "{said}");
    fs::write(&signature, "nonsense\n").unwrap();
    let (exit, said) = scene.check(&[]);
    assert!(exit == 2 && said.contains("not a signature"), "{said}");
    // Without one, only where none is required.
    fs::remove_file(&signature).unwrap();
    assert_eq!(scene.check(&[]).0, 1);
    keys(&[("A. Reader", "RWQshort")], false);
    let (exit, said) = scene.check(&[]);
    assert!(exit == 2 && said.contains("not a public key"), "{said}");
    keys(&[], true);
    let (exit, said) = scene.check(&[]);
    assert!(exit == 2 && said.contains("no key may make it"), "{said}");
}

/// A scene whose decisions SSH keys may sign, and the folder of fixtures: the
/// file with signatures that ssh-keygen made.
fn signed_by_ssh(name: &str) -> (Scene, PathBuf) {
    let scene = Scene::new(name);
    let given = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/decisions");
    fs::copy(given.join("dispositions.toml"), &scene.decisions).unwrap();
    let given = given.join("ssh");
    fs::copy(given.join("allowed_signers"), scene.folder.join("allowed_signers")).unwrap();
    let config = fs::read_to_string(&scene.config).unwrap();
    let more = "require_signature = true\nallowed_signers = \"allowed_signers\"\n";
    fs::write(&scene.config, config + more).unwrap();
    (scene, given)
}

impl Scene {
    fn sign(&self, given: &Path, signature: &str) {
        fs::copy(given.join(signature), format!("{}.sig", self.decisions)).unwrap();
    }

    /// What is said where the decisions must not count.
    fn refused(&self, more: &[&str]) -> String {
        let _ = fs::remove_file(&self.report);
        let (exit, said) = self.check(more);
        assert!(exit == 2 && !Path::new(&self.report).exists(), "{exit}: {said}");
        said
    }

    fn signer(&self) -> String {
        let text = fs::read_to_string(&self.report).unwrap();
        let head: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        head["decisions"]["signed_by"].as_str().unwrap().to_owned()
    }
}

#[test]
fn an_ssh_signature_that_is_asked_for_must_be_there_and_fit() {
    let (scene, given) = signed_by_ssh("decisions-ssh");
    let command = format!("`ssh-keygen -Y sign -n redflag -f ~/.ssh/id_ed25519 {}`", scene.decisions);
    let said = scene.refused(&[]);
    assert!(said.contains("not signed, which redflag.toml requires") && said.contains(&command), "{said}");
    for (signature, name) in [
        ("ed25519.sig", "a.reader@example.com"),
        ("ecdsa.sig", "B. Other"),
        ("rsa.sig", "c.third@example.com, deputy@example.com"),
        ("sk-ed25519.sig", "d.fourth@example.com"),
        ("sk-ecdsa.sig", "e.fifth@example.com"),
    ] {
        scene.sign(&given, signature);
        assert_eq!(scene.check(&[]).0, 1, "as without any decision, for these findings");
        assert_eq!(scene.signer(), name);
    }
    // The third key counts until the end of 2026.
    scene.sign(&given, "rsa.sig");
    assert_eq!(scene.check(&["--as-of", "2026-12-31"]).0, 1);
    let said = scene.refused(&["--as-of", "2027-01-01"]);
    assert!(said.contains("allowed_signers:6 allows until 2026-12-31 only"), "{said}");
    for (signature, why) in [
        ("other.sig", "not among the allowed signers (SHA256:"),
        ("namespace-file.sig", "sign again, with `-n redflag`"),
        ("cert.sig", "of a certificate is not supported"),
        ("allowed_signers", "is not a signature"),
    ] {
        scene.sign(&given, signature);
        let said = scene.refused(&[]);
        assert!(said.contains("dispositions.toml.sig: ") && said.contains(why), "{signature}: {said}");
    }
    // A signature that is no text.
    fs::write(format!("{}.sig", scene.decisions), [0x89, 0x02, 0xff]).unwrap();
    assert!(scene.refused(&[]).contains("is not a signature"));
    scene.sign(&given, "ed25519.sig");
    let changed = fs::read_to_string(&scene.decisions).unwrap().replace("2027-08-15", "2037-08-15");
    fs::write(&scene.decisions, changed).unwrap();
    let said = scene.refused(&[]);
    assert!(said.contains("does not fit the file"), "{said}");
    // Where none is required, one that does not fit is an error all the same.
    let config = fs::read_to_string(&scene.config).unwrap();
    fs::write(&scene.config, config.replace("require_signature = true", "require_signature = false"))
        .unwrap();
    assert!(scene.refused(&[]).contains("does not fit the file"));
    fs::remove_file(format!("{}.sig", scene.decisions)).unwrap();
    assert_eq!(scene.check(&[]).0, 1);
    assert_eq!(scene.signer(), "");
}

#[test]
fn allowed_signers_that_cannot_be_read_stop_the_run_with_their_line() {
    let (scene, given) = signed_by_ssh("decisions-ssh-lines");
    scene.sign(&given, "ed25519.sig");
    let file = scene.folder.join("allowed_signers");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("d.fourth@example.com ", "*@example.com cert-authority ")).unwrap();
    let said = scene.refused(&[]);
    assert!(
        said.contains("allowed_signers:7:15") && said.contains("certificates are not supported"),
        "{said}"
    );
    // So does a file that is not there, before there are any decisions.
    fs::remove_file(&file).unwrap();
    fs::remove_file(&scene.decisions).unwrap();
    let said = scene.refused(&[]);
    assert!(said.contains("(`allowed_signers` of redflag.toml)"), "{said}");
    fs::write(&file, &text).unwrap();
    assert_eq!(scene.check(&[]).0, 1);
}

#[test]
fn of_signatures_of_both_kinds_one_that_holds_is_enough() {
    let (scene, given) = signed_by_ssh("decisions-both-kinds");
    let config = fs::read_to_string(&scene.config).unwrap();
    let key = "allowed_key = [{ name = \"A. Reader\", key = \"RWRsYidBWrphI4Qgc3fj2pjepUUJs3RhH5ORkgEkN9qoCKnki9B9T7sU\" }]\n";
    fs::write(&scene.config, format!("{config}{key}")).unwrap();
    let said = scene.refused(&[]);
    assert!(said.contains("`minisign -Sm ") && said.contains("` or `ssh-keygen -Y sign "), "{said}");
    let minisig = format!("{}.minisig", scene.decisions);
    fs::copy(given.with_file_name("dispositions.toml.minisig"), &minisig).unwrap();
    assert_eq!(scene.check(&[]).0, 1);
    assert_eq!(scene.signer(), "A. Reader");
    scene.sign(&given, "ed25519.sig");
    scene.check(&[]);
    assert_eq!(scene.signer(), "A. Reader, a.reader@example.com");
    // One that does not hold is told.
    scene.sign(&given, "other.sig");
    let (exit, said) = scene.check(&[]);
    assert!(
        exit == 1 && said.contains("allowed signers") && said.contains("the other signature counts"),
        "{said}"
    );
    assert_eq!(scene.signer(), "A. Reader");
    fs::write(&minisig, "nonsense\n").unwrap();
    let said = scene.refused(&[]);
    assert!(said.contains("not a signature of minisign") && said.contains("not among the allowed"), "{said}");
    scene.sign(&given, "ecdsa.sig");
    assert_eq!(scene.check(&[]).0, 1);
    assert_eq!(scene.signer(), "B. Other");
}

#[test]
fn what_clear_changes_must_be_signed_again_and_lint_says_so() {
    let (scene, given) = signed_by_ssh("decisions-ssh-clear");
    scene.sign(&given, "ed25519.sig");
    let lint = || redflag(&["decisions", "lint", "--config", &scene.config, "--as-of", "2026-08-15"]);
    let output = lint();
    assert!(code(&output) == 0 && stdout(&output).is_empty(), "{}{}", stdout(&output), stderr(&output));
    scene.check(&[]);
    let done = scene.clear(&scene.prints(|_, entry| entry == "1"), &CLEARED);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    let again =
        format!("sign it again: `ssh-keygen -Y sign -n redflag -f ~/.ssh/id_ed25519 {}`", scene.decisions);
    assert!(stderr(&done).contains(&again), "{}", stderr(&done));
    let output = lint();
    assert!(code(&output) == 2 && stderr(&output).contains("does not fit the file"), "{}", stderr(&output));
}

#[test]
fn a_recorded_run_names_the_signer_when_the_allowed_signers_are_gone() {
    let (scene, given) = signed_by_ssh("decisions-ssh-record");
    scene.sign(&given, "ed25519.sig");
    let (exit, said) = scene.check(&[]);
    assert!(exit == 1 && said.contains("recorded: "), "{said}");
    let runs = scene.folder.join("runs");
    fs::remove_file(scene.folder.join("allowed_signers")).unwrap();
    fs::remove_file(format!("{}.sig", scene.decisions)).unwrap();
    let on = |args: &[&str]| {
        let more = ["--runs", path(&runs), "--config", &scene.config];
        let output = redflag(&[args, &more[..]].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        stdout(&output)
    };
    assert!(on(&["audit", "replay", "last"]).contains("the same to the byte"));
    assert_eq!(on(&["report", "last", "-o", "jsonl=-"]), fs::read_to_string(&scene.report).unwrap());
    assert!(on(&["report", "last", "-o", "text=-"]).contains("signed by a.reader@example.com"));
}

#[test]
fn what_is_cleared_for_one_customer_is_not_for_another() {
    let scene = Scene::new("decisions-customer");
    let chips = ROWS.replace("8452.30,sewing machine needles", "8542.31,integrated circuits");
    let chips = chips.replace("Alder Vertex Optics LLC", "Clean Garden Supplies").replace("AE", "KG");
    fs::write(&scene.shipments, &chips).unwrap();
    assert_eq!(scene.check(&[]).0, 1);
    let all = scene.prints(|_, _| true);
    assert!(!all.is_empty());
    assert_eq!(code(&scene.clear(&all, &CLEARED)), 0);
    assert_eq!(scene.check(&[]).0, 0);
    fs::write(&scene.shipments, chips.replace("Clean Garden", "Steppe Trading")).unwrap();
    let (exit, said) = scene.check(&[]);
    assert!(exit == 1 && said.contains("unmatched"), "{said}");
    // The same customer with another use for the goods: the finding says why it
    // is back.
    fs::write(&scene.shipments, chips.replace("garment factory", "resale")).unwrap();
    let (exit, said) = scene.check(&[]);
    assert!(exit == 1 && said.contains("lapsed"), "{said}");
    let text = fs::read_to_string(&scene.report).unwrap();
    assert!(text.contains("the declared use or the evidence have changed since"), "{text}");
}

#[test]
fn a_name_with_two_addresses_is_decided_on_for_both() {
    let scene = Scene::new("decisions-addresses");
    let second =
        ROWS.lines().nth(1).unwrap().replace("SO-1", "SO-2").replace("Dock Road 1", "Harbour Road 9");
    fs::write(&scene.shipments, format!("{ROWS}{second}\n")).unwrap();
    scene.check(&[]);
    let all: std::collections::BTreeSet<String> = scene.prints(|_, _| true).into_iter().collect();
    let all: Vec<String> = all.into_iter().collect();
    assert_eq!(code(&scene.clear(&all, &CLEARED)), 0);
    let (exit, said) = scene.check(&[]);
    assert_eq!(exit, 0, "{said}");
    assert!(!said.contains("dispositions.toml:"), "{said}");
}

#[test]
fn a_decision_that_is_put_beside_another_is_told() {
    let scene = Scene::new("decisions-beside");
    scene.check(&[]);
    let all = scene.prints(|_, _| true);
    scene.clear(&all[..1], &CLEARED);
    let again = scene.clear(&all[..1], &CLEARED);
    assert!(code(&again) == 0 && stderr(&again).contains("duplicate"), "{}", stderr(&again));
    let other = scene.clear(&all[..1], &["--decision", "true-match", "--expires", "2027-01-01"]);
    assert!(stderr(&other).contains("contradiction"), "{}", stderr(&other));
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
    let text = fs::read_to_string(&scene.report).unwrap();
    assert!(text.contains("agreed with counsel") && text.contains("of the configuration ("), "{text}");
    assert!(text.contains("\"own_verdict\":\"hold\""), "{text}");
    // A rule that is switched off is named with the reason.
    fs::write(&scene.config, format!("{config}{}", levels.replace("\"note\"", "\"off\""))).unwrap();
    assert_eq!(scene.check(&[]).0, 0);
    let text = fs::read_to_string(&scene.report).unwrap();
    for rule in &rules {
        assert!(
            text.contains(&format!("Rule {rule} is switched off in the configuration: agreed with counsel"))
        );
    }
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
