//! The record of runs under kills, rivals, full disks and forgers: every run in
//! the chain is whole, what was cut off is named, and the next run works.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Instant;

use redflag::evidence::{Runs, Verified};

/// A project with a list of its own, in a folder of its own.
struct Project {
    folder: PathBuf,
}

const LIST: &str = "list = { id = \"house\", title = \"House list\", jurisdiction = \"own\", regime = \
                    \"unilateral\", effect = \"blocking\", authority = \"a\", date = 2026-03-01 }\nentry = [\n  { \
                    id = \"1\", name = \"Quorvex Tools Ltd\", country = \"DE\" },\n  { id = \"2\", name = \"Tamarisk \
                    Relay LLC\" },\n]\n";

impl Project {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("evidence").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let project = Self { folder };
        project
            .write("redflag.toml", "[lists]\nshipped = false\nfiles = [\"house.toml\"]\nstore = \"store\"\n");
        project.write("house.toml", LIST);
        project.shipments(40);
        project
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    fn shipments(&self, rows: usize) {
        let mut text = "reference,consignee,consignee country,destination,ship date\n".to_owned();
        for row in 0..rows {
            let name =
                if row % 10 == 3 { "Quorvex Tools Limited".to_owned() } else { format!("Alder {row} GmbH") };
            let _ = writeln!(text, "R{row},{name},DE,DE,2026-03-{:02}", row % 28 + 1);
        }
        self.write("s.csv", &text);
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_redflag"));
        command.args(args).current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        command.env("REDFLAG_CACHE", self.folder.join("cache")).env_remove("REDFLAG_STORE");
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdout(Stdio::piped()).output().unwrap()
    }

    fn screen(&self) -> Command {
        self.command(&["screen", "s.csv", "--as-of", "2026-03-09", "-o", "csv=out.csv"])
    }

    fn runs(&self) -> Runs {
        Runs::new(self.folder.join("runs"))
    }

    /// Everything read and held against the chain; nothing of it is damaged.
    fn verified(&self) -> Verified {
        let verified = self.runs().verify().unwrap();
        assert!(verified.faults.is_empty(), "{:#?}", verified.faults);
        verified
    }
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_kill_at_any_moment_leaves_whole_runs_only_and_the_next_one_works() {
    let project = Project::new("kill");
    let start = Instant::now();
    assert!(project.screen().status().unwrap().success());
    let whole = start.elapsed();
    let (mut recorded, mut killed, mut finished, mut cut_off) = (1, 0, 0, 0);
    let mut reach = whole;
    for number in 1..=600 {
        // Other files each time, so that there is always something to write.
        project.shipments(40 + number);
        let mut child = project.screen().stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(reach * u32::try_from(number % 40).unwrap() / 32);
        child.kill().unwrap();
        let done = child.wait().unwrap().success();
        let verified = project.verified();
        assert!(verified.runs == recorded || verified.runs == recorded + 1, "{number}");
        assert!(!done || verified.runs == recorded + 1, "{number}");
        // Whatever does not count is named.
        let folders =
            fs::read_dir(project.folder.join("runs")).unwrap().map(|entry| entry.unwrap().file_name());
        let extra = folders
            .map(|name| name.into_string().unwrap())
            .filter(|name| !matches!(name.as_str(), "lock" | "chain.jsonl" | "objects"))
            .count()
            - verified.runs;
        assert!(verified.notes.len() >= extra, "{:?}", verified.notes);
        cut_off += extra;
        recorded = verified.runs;
        (killed, finished) = if done { (killed, finished + 1) } else { (killed + 1, finished) };
        if number % 40 == 0 {
            if killed >= 200 && finished >= 10 {
                break;
            }
            reach = if finished * 4 < number { reach * 3 / 2 } else { reach * 2 / 3 };
        }
    }
    assert!(
        killed >= 200 && finished >= 10 && cut_off > 0,
        "{killed} killed, {finished} finished, {cut_off}"
    );
    assert!(project.screen().status().unwrap().success());
    let verified = project.verified();
    assert_eq!(verified.runs, recorded + 1);
    let output = project.run(&["audit", "verify"]);
    assert!(output.status.success(), "{}", words(&output));
    println!("{killed} killed, {finished} finished, {cut_off} cut off, {} noted", verified.notes.len());
}

#[test]
fn runs_at_the_same_time_all_stand_in_the_chain() {
    let project = Project::new("rivals");
    for round in 1..=4 {
        let rivals: Vec<_> = (0..4)
            .map(|rival| {
                let out = format!("csv=out-{rival}.csv");
                let args = ["screen", "s.csv", "--as-of", "2026-03-09", "-o", &out];
                project.command(&args).stderr(Stdio::null()).spawn().unwrap()
            })
            .collect();
        for mut rival in rivals {
            assert!(rival.wait().unwrap().success());
        }
        let verified = project.verified();
        assert_eq!((verified.runs, verified.notes.len()), (round * 4, 0), "{:?}", verified.notes);
    }
}

/// A limit on the size of a file stands for a disk that is full: from the first
/// byte to the last one of everything that a run writes.
#[cfg(target_os = "linux")]
#[test]
fn without_room_for_the_record_there_is_no_report_and_no_half_record() {
    let project = Project::new("full");
    project.shipments(3000);
    assert!(project.screen().status().unwrap().success());
    let mut failed = 0;
    for kilobytes in [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96] {
        let _ = fs::remove_file(project.folder.join("out.txt"));
        project.shipments(3001 + kilobytes);
        let command = format!(
            "ulimit -f {kilobytes}; trap '' XFSZ; exec '{}' screen s.csv --as-of 2026-03-09 -o csv-findings=out.txt",
            env!("CARGO_BIN_EXE_redflag")
        );
        let output = Command::new("bash")
            .args(["-c", &command])
            .current_dir(&project.folder)
            .env("REDFLAG_CACHE", "")
            .env_remove("REDFLAG_STORE")
            .output()
            .unwrap();
        let before = project.verified().runs;
        if !output.status.success() {
            failed += 1;
            assert_eq!(output.status.code(), Some(2), "{}", words(&output));
            assert!(!project.folder.join("out.txt").exists(), "{kilobytes}: {}", words(&output));
            assert_eq!(before, 1 + usize::from(before > 1), "{kilobytes}");
            break_off(&project);
        }
    }
    assert!(failed >= 3, "only {failed} failed");
    assert!(project.screen().status().unwrap().success());
    assert!(project.verified().notes.is_empty());
}

#[cfg(target_os = "linux")]
fn break_off(project: &Project) {
    let left = fs::read_dir(project.folder.join("runs")).unwrap();
    let left =
        left.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".new-"));
    assert_eq!(left.count(), 0, "a failed run cleans up after itself");
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn a_changed_byte_anywhere_is_named_with_its_place_and_its_run() {
    let project = Project::new("forged");
    for rows in [40, 60] {
        project.shipments(rows);
        assert!(project.screen().status().unwrap().success());
    }
    project.verified();
    let mut all = Vec::new();
    files(&project.folder.join("runs"), &mut all);
    all.sort();
    let mut seed = 7u64;
    let mut dice = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for path in all.iter().filter(|path| path.file_name().unwrap() != "lock") {
        let bytes = fs::read(path).unwrap();
        for _ in 0..6 {
            let (at, flip) = (dice(bytes.len()), u8::try_from(dice(255) + 1).unwrap());
            let mut forged = bytes.clone();
            forged[at] ^= flip;
            // A line feed more or less makes other lines of the chain.
            if path.ends_with("chain.jsonl") && (bytes[at] == b'\n' || forged[at] == b'\n') {
                continue;
            }
            fs::write(path, &forged).unwrap();
            let faults = project.runs().verify().unwrap().faults;
            let named = faults.iter().find(|fault| fault.path == *path);
            let named = named.unwrap_or_else(|| panic!("{} byte {at}: {faults:#?}", path.display()));
            assert_eq!((named.offset, named.within), (Some(at as u64), 1), "{named:#?}");
            assert!(named.run.is_some() || path.ends_with("chain.jsonl"));
        }
        // Cut off, emptied, taken away.
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        let verified = project.runs().verify().unwrap();
        assert!(!verified.faults.is_empty() || verified.notes.len() > 1, "{}", path.display());
        fs::remove_file(path).unwrap();
        let verified = project.runs().verify().unwrap();
        assert!(!verified.faults.is_empty() || !verified.notes.is_empty(), "{}", path.display());
        fs::write(path, &bytes).unwrap();
        project.verified();
    }
    // Nothing is added to a chain that does not fit.
    let chain = project.folder.join("runs/chain.jsonl");
    let text = fs::read_to_string(&chain).unwrap();
    fs::write(&chain, text.replacen("\"kind\":\"run\"", "\"kind\":\"RUN\"", 1)).unwrap();
    let output = project.screen().stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", words(&output));
    assert!(words(&output).contains("nothing is added to it"), "{}", words(&output));
    assert_eq!(project.run(&["audit", "verify"]).status.code(), Some(1));
    fs::write(&chain, text).unwrap();
    assert_eq!(project.run(&["audit", "verify"]).status.code(), Some(0));
}

#[test]
fn lines_taken_away_from_the_end_show_against_a_line_noted_elsewhere() {
    let project = Project::new("shortened");
    for rows in [40, 60] {
        project.shipments(rows);
        assert!(project.screen().status().unwrap().success());
    }
    let head = project.verified().head;
    let check = |more: &[&str]| project.run(&[&["audit", "verify"], more].concat()).status.code();
    assert_eq!(check(&["--head", &head, "--strict"]), Some(0));
    let chain = project.folder.join("runs/chain.jsonl");
    let text = fs::read_to_string(&chain).unwrap();
    fs::write(&chain, text.split_inclusive('\n').next().unwrap()).unwrap();
    // By itself the chain is whole; the run without a line is named.
    assert_eq!(check(&[]), Some(0));
    assert_eq!(check(&["--strict"]), Some(1));
    assert_eq!(check(&["--head", &head]), Some(1));
}

#[test]
fn a_run_is_recorded_where_a_project_is_configured_and_nowhere_else() {
    let project = Project::new("where");
    let output = project.run(&["screen", "s.csv", "-o", "csv=-", "--no-record"]);
    assert!(output.status.success() && words(&output).contains("not recorded"), "{}", words(&output));
    assert!(!project.folder.join("runs").exists());
    let elsewhere = project.folder.join("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::rename(project.folder.join("redflag.toml"), elsewhere.join("redflag.toml")).unwrap();
    let list = ["screen", "s.csv", "--list", "house.toml", "--only-lists", "-o", "csv=-"];
    assert!(project.run(&list).status.success());
    assert!(!project.folder.join("runs").exists());
    let output = project.run(&[&list[..], &["--runs", "records"]].concat());
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!(Runs::new(project.folder.join("records")).verify().unwrap().runs, 1);
    let show = project.run(&["audit", "show", "last", "--runs", "records"]);
    assert!(words(&show).contains("house: 2026-03-01, 2 entries"), "{}", words(&show));
    assert_eq!(project.run(&["audit", "show"]).status.code(), Some(2));
}
