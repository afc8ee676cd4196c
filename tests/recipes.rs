//! The recipes, run as they are written: every shell step against the built
//! program, on the samples, with the exit codes and files they promise.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use saphyr::{LoadableYamlNode as _, Yaml};

use common::{code, folder, stderr, stdout};

const SAMPLES: [(&str, i32); 3] = [("clean.csv", 0), ("demo.csv", 1), ("broken.csv", 3)];
const DAY: &str = "2026-08-15";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn yaml(file: &str) -> Yaml<'static> {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let text: &'static str = Box::leak(text.into_boxed_str());
    Yaml::load_from_str(text).unwrap().remove(0)
}

fn text(node: &Yaml<'_>) -> String {
    node.as_str().unwrap_or_else(|| panic!("no text: {node:?}")).to_owned()
}

/// Whether there is a bash; without it nothing here can be tried.
fn has_bash() -> bool {
    let found = Command::new("bash").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("skipped: no bash");
    }
    found
}

/// Runs bash in a folder, with the built program on the path.
fn bash(args: &[&str], folder: &Path, env: &BTreeMap<&str, String>) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_redflag"));
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("bash")
        .args(args)
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", program.parent().unwrap().display()))
        .env("REDFLAG_STORE", folder.join("no-store"))
        .env("REDFLAG_CACHE", common::CACHE)
        .envs(env)
        .output()
        .unwrap()
}

/// A folder with the samples in `shipments`, one of them alone in `only`.
fn project(name: &str, sample: &str) -> PathBuf {
    let folder = folder(name);
    let only = folder.join("shipments");
    fs::create_dir_all(&only).unwrap();
    fs::copy(root().join("samples/shipments").join(sample), only.join(sample)).unwrap();
    folder
}

#[test]
fn the_github_action_annotates_writes_its_reports_and_ends_as_the_gate_does() {
    if !has_bash() {
        return;
    }
    let action = yaml("recipes/github-action/action.yml");
    let steps = action["runs"]["steps"].as_sequence().unwrap();
    assert_eq!((text(&action["runs"]["using"]).as_str(), steps.len()), ("composite", 1));
    let step = &steps[0];
    assert_eq!(text(&step["shell"]), "bash");
    let script = text(&step["run"]);
    assert!(!script.contains("${{"), "an input must not be read as a command");
    for (sample, wanted) in SAMPLES {
        let folder = project("recipe_github", sample);
        // Every input by its default, and what the workflow gives.
        let mut env: BTreeMap<&str, String> = BTreeMap::new();
        let given = [("files", "shipments\n"), ("as-of", DAY)];
        for (variable, expression) in step["env"].as_mapping().unwrap() {
            let expression = text(expression);
            let input = expression.trim_start_matches("${{ inputs.").trim_end_matches(" }}").to_owned();
            let default = || {
                let input = action["inputs"].as_mapping_get(&input).unwrap();
                input.as_mapping_get("default").map(text).unwrap_or_default()
            };
            let value =
                given.iter().find(|(key, _)| *key == input).map_or_else(default, |(_, v)| (*v).to_owned());
            env.insert(Box::leak(text(variable).into_boxed_str()), value);
        }
        let (summary, output) = (folder.join("summary"), folder.join("output"));
        env.insert("GITHUB_STEP_SUMMARY", summary.display().to_string());
        env.insert("GITHUB_OUTPUT", output.display().to_string());
        // As the runner calls it.
        let done = bash(&["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", &script], &folder, &env);
        assert_eq!(code(&done), wanted, "{sample}: {}", stderr(&done));
        let reports = folder.join(text(&action["inputs"]["reports"]["default"]));
        for name in ["redflag.sarif", "redflag.html", "redflag.xlsx", "redflag.jsonl", "summary.md"] {
            assert!(fs::metadata(reports.join(name)).unwrap().len() > 500, "{sample}: {name}");
        }
        let outputs = fs::read_to_string(output).unwrap();
        assert!(outputs.contains(&format!("exit-code={wanted}\n")), "{outputs}");
        assert!(outputs.contains("sarif=redflag-reports/redflag.sarif\n"), "{outputs}");
        assert!(fs::read_to_string(summary).unwrap().starts_with("# Export screening"));
        let annotated =
            stdout(&done).lines().filter(|line| line.starts_with("::error file=shipments/")).count();
        assert_eq!(annotated > 0, wanted != 0, "{}", stdout(&done));
    }
}

#[test]
fn the_github_action_tells_broken_files_and_promises_no_report_of_them() {
    if !has_bash() {
        return;
    }
    let action = yaml("recipes/github-action/action.yml");
    let script = text(&action["runs"]["steps"].as_sequence().unwrap()[0]["run"]);
    let folder = folder("recipe_github_broken");
    let mut env: BTreeMap<&str, String> = BTreeMap::new();
    for (key, value) in
        [("FILES", "nothing here.csv"), ("CONFIG", ""), ("FAIL_ON", ""), ("AS_OF", ""), ("REPORTS", "r")]
    {
        env.insert(key, value.to_owned());
    }
    env.insert("GITHUB_STEP_SUMMARY", folder.join("summary").display().to_string());
    env.insert("GITHUB_OUTPUT", folder.join("output").display().to_string());
    let done = bash(&["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", &script], &folder, &env);
    assert_eq!(code(&done), 2, "{}", stderr(&done));
    assert_eq!(fs::read_to_string(folder.join("output")).unwrap(), "exit-code=2\n");
}

#[test]
fn the_workflow_uses_the_outputs_that_the_action_has() {
    let action = yaml("recipes/github-action/action.yml");
    let workflow = fs::read_to_string(root().join("recipes/github-workflow.yml")).unwrap();
    assert!(
        workflow.contains("steps.redflag.outputs.sarif")
            && action["outputs"].as_mapping_get("sarif").is_some()
    );
    let steps = yaml("recipes/github-workflow.yml");
    let with = steps["jobs"]["screen"]["steps"]
        .as_sequence()
        .unwrap()
        .iter()
        .find(|step| text(&step["uses"]).ends_with("/redflag"));
    for (input, _) in with.unwrap()["with"].as_mapping().unwrap() {
        assert!(action["inputs"].as_mapping_get(&text(input)).is_some(), "{input:?}");
    }
}

#[test]
fn the_gitlab_job_leaves_the_artifacts_it_names() {
    if !has_bash() {
        return;
    }
    let jobs = yaml("recipes/gitlab-ci.yml");
    let job = &jobs["redflag"];
    let script: Vec<String> = job["script"].as_sequence().unwrap().iter().map(text).collect();
    for (sample, wanted) in SAMPLES {
        let folder = project("recipe_gitlab", sample);
        let mut env: BTreeMap<&str, String> = BTreeMap::new();
        for (variable, value) in job["variables"].as_mapping().unwrap() {
            env.insert(Box::leak(text(variable).into_boxed_str()), text(value));
        }
        env.insert("REDFLAG_OPTIONS", format!("--as-of {DAY}"));
        let done = bash(&["-e", "-o", "pipefail", "-c", &script.join("\n")], &folder, &env);
        assert_eq!(code(&done), wanted, "{sample}: {}", stderr(&done));
        let artifacts = &job["artifacts"];
        assert_eq!(text(&artifacts["when"]), "always");
        let mut named: Vec<String> = artifacts["paths"].as_sequence().unwrap().iter().map(text).collect();
        named.extend(artifacts["reports"].as_mapping().unwrap().values().map(text));
        assert_eq!(named.len(), 4);
        for name in named {
            assert!(
                fs::metadata(folder.join(&name)).is_ok_and(|about| about.len() > 100),
                "{sample}: {name}"
            );
        }
        let issues: serde_json::Value =
            serde_json::from_slice(&fs::read(folder.join("gl-code-quality-report.json")).unwrap()).unwrap();
        assert_eq!(issues.as_array().unwrap().len() > 1, wanted != 0);
        let cases = fs::read_to_string(folder.join("redflag-junit.xml")).unwrap();
        roxmltree::Document::parse(&cases).unwrap();
    }
}

#[test]
fn the_pre_commit_hook_takes_file_names_and_ends_as_the_gate_does() {
    if !has_bash() {
        return;
    }
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hook = &hooks.as_sequence().unwrap()[0];
    // A day in the past needs lists of that day: the hook has none to give.
    let config = "[lists]\nmax_age_days = 100000\n";
    for (sample, wanted) in SAMPLES {
        let folder = project("recipe_precommit", sample);
        fs::write(folder.join("redflag.toml"), config).unwrap();
        let script = format!("{} shipments/{sample}", text(&hook["entry"]));
        let done = bash(&["-c", &script], &folder, &BTreeMap::new());
        assert_eq!(code(&done), wanted, "{sample}: {}", stderr(&done));
    }
    let pattern = text(&hook["files"]);
    assert_eq!(pattern, r"\.(csv|tsv|xlsx)$");
}

/// A list server for one recipe: every request gets the text as it is by then.
fn server(text: &Arc<Mutex<String>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let text = Arc::clone(text);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|read| read > 0) {}
            let text = text.lock().unwrap().clone();
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", text.len());
            let _ = stream.write_all(format!("{head}{text}").as_bytes());
        }
    });
    address
}

fn list(day: &str, names: &[&str]) -> String {
    let entries: String = (1..)
        .zip(names)
        .map(|(id, name)| format!("  {{ id = \"{id}\", name = \"{name}\", country = \"DE\" }},\n"))
        .collect();
    format!(
        "list = {{ id = \"house\", title = \"House list\", jurisdiction = \"own\", regime = \"unilateral\", effect = \
         \"blocking\", authority = \"a\", date = {day} }}\nentry = [\n{entries}]\n"
    )
}

fn orders(references: &[(&str, &str)]) -> String {
    let rows: String = references.iter().map(|(order, name)| format!("{order},{name},DE,DE\n")).collect();
    format!("reference,consignee,consignee country,destination\n{rows}")
}

#[test]
fn the_nightly_script_updates_screens_rescreens_and_speaks_only_when_there_is_news() {
    if !has_bash() {
        return;
    }
    let folder = folder("recipe_cron");
    let served = Arc::new(Mutex::new(list("2026-03-01", &["Quorvex Tools Ltd"])));
    let config = format!(
        "[lists]\nshipped = false\nstore = \"store\"\nsources = [\"house\"]\n[[source]]\nid = \"house\"\nurl = \
         \"http://{}/house.toml\"\n",
        server(&served)
    );
    fs::write(folder.join("redflag.toml"), config).unwrap();
    let open = folder.join("open");
    fs::create_dir_all(&open).unwrap();
    let day = |day: &str, names: &[(&str, &str)]| {
        fs::write(open.join("orders.csv"), orders(names)).unwrap();
        let env: BTreeMap<&str, String> = [
            ("PROJECT", folder.display().to_string()),
            ("SHIPMENTS", open.display().to_string()),
            ("OPTIONS", format!("--as-of {day}")),
            ("REDFLAG_STORE", folder.join("store").display().to_string()),
            ("NO_PROXY", "127.0.0.1".to_owned()),
        ]
        .into();
        let done = bash(&[&root().join("recipes/cron/nightly.sh").display().to_string()], &folder, &env);
        (code(&done), stdout(&done), stderr(&done))
    };
    let quiet = (0, String::new(), String::new());
    let reports = folder.join("reports");
    let last = || fs::read_to_string(reports.join("last-run")).unwrap();
    // The first night: nothing recorded before, nothing found.
    assert_eq!(day("2026-03-02", &[("A", "Alder Works GmbH"), ("B", "Birch GmbH")]), quiet);
    for name in ["update.txt", "report.txt", "report.html", "report.jsonl", "report.xlsx", "rescreen.txt"] {
        assert!(reports.join("latest").join(name).exists(), "{name}");
    }
    let first = last();
    // An edition that names the consignee of an order that is no longer open.
    *served.lock().unwrap() = list("2026-03-03", &["Quorvex Tools Ltd", "Alder Works GmbH"]);
    let (ended, told, _) = day("2026-03-04", &[("B", "Birch GmbH")]);
    assert_eq!((ended, told.lines().count()), (1, 1), "{told}");
    assert!(told.starts_with("Lists changed against parties of earlier shipments"), "{told}");
    let rescreened = fs::read_to_string(reports.join("latest/rescreen.txt")).unwrap();
    assert!(rescreened.contains("NEW consignee Alder Works GmbH"), "{rescreened}");
    assert_ne!(last(), first);
    // It was told; the next night has no news of it.
    assert_eq!(day("2026-03-05", &[("B", "Birch GmbH")]), quiet);
    // An open order against a listed party.
    let (ended, told, _) = day("2026-03-06", &[("C", "Quorvex Tools Limited")]);
    assert_eq!((ended, told.starts_with("Open flags of ")), (1, true), "{told}");
    // A row that can't be read, beside news for an earlier shipment: both are told.
    *served.lock().unwrap() = list("2026-03-07", &["Quorvex Tools Ltd", "Alder Works GmbH", "Birch GmbH"]);
    let (ended, told, _) = day("2026-03-08", &[("D", "\"Cedar GmbH")]);
    assert_eq!(ended, 3, "{told}");
    assert!(told.contains("could not be screened") && told.contains("Lists changed against"), "{told}");
    // A list that can't be had, and orders that are not there, are told; the next
    // night begins where the last good one ended.
    let good = last();
    *served.lock().unwrap() = "no list".to_owned();
    fs::remove_dir_all(&open).unwrap();
    fs::create_dir_all(&open).unwrap();
    let (ended, told, _) = day("2026-03-09", &[]);
    assert!(told.contains("could not all be updated"), "{told}");
    assert!(ended != 0 || told.lines().count() == 1, "{told}");
    assert!(ended == 0 || last() == good, "{told}");
    let done = bash(
        &["-c", "\"$0\"", &root().join("recipes/cron/nightly.sh").display().to_string()],
        &root(),
        &BTreeMap::new(),
    );
    assert!(code(&done) != 0 && stderr(&done).contains("PROJECT"), "{}", stderr(&done));
}
