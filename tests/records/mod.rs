//! A project with a list of its own, in a folder of its own, for the tests of
//! records.

#![allow(dead_code, reason = "each test uses a part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use redflag::evidence::{Runs, Verified};

pub struct Project {
    pub folder: PathBuf,
}

/// The list of a day, with these entries.
pub fn list(day: &str, entries: &[(&str, &str)]) -> String {
    let mut text = format!(
        "list = {{ id = \"house\", title = \"House list\", jurisdiction = \"own\", regime = \"unilateral\", effect = \
         \"blocking\", authority = \"a\", date = {day} }}\nentry = [\n"
    );
    for (id, rest) in entries {
        let _ = writeln!(text, "  {{ id = \"{id}\", {rest} }},");
    }
    text.push_str("]\n");
    text
}

pub const FIRST: [(&str, &str); 2] =
    [("1", "name = \"Quorvex Tools Ltd\", country = \"DE\""), ("2", "name = \"Tamarisk Relay LLC\"")];

impl Project {
    pub fn new(test: &str, name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let project = Self { folder };
        project
            .write("redflag.toml", "[lists]\nshipped = false\nfiles = [\"house.toml\"]\nstore = \"store\"\n");
        project.write("house.toml", &list("2026-03-01", &FIRST));
        project.shipments(40);
        project
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    pub fn shipments(&self, rows: usize) {
        let mut text = "reference,consignee,consignee country,destination,ship date\n".to_owned();
        for row in 0..rows {
            let name =
                if row % 10 == 3 { "Quorvex Tools Limited".to_owned() } else { format!("Alder {row} GmbH") };
            let _ = writeln!(text, "R{row},{name},DE,DE,2026-03-{:02}", row % 28 + 1);
        }
        self.write("s.csv", &text);
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_redflag"));
        command.args(args).current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        command.env("REDFLAG_CACHE", self.folder.join("cache")).env_remove("REDFLAG_STORE");
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdout(Stdio::piped()).output().unwrap()
    }

    /// Runs a command that must end with a code; what it says.
    pub fn ends(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let words = words(&output);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {words}");
        words
    }

    pub fn screen(&self) -> Command {
        let mut command = self.command(&["screen", "s.csv", "--as-of", "2026-03-09", "-o", "csv=out.csv"]);
        command.stderr(Stdio::null());
        command
    }

    pub fn runs(&self) -> Runs {
        Runs::new(self.folder.join("runs"))
    }

    /// Everything read and held against the chain; nothing of it is damaged.
    pub fn verified(&self) -> Verified {
        let verified = self.runs().verify().unwrap();
        assert!(verified.faults.is_empty(), "{:#?}", verified.faults);
        verified
    }
}

pub fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
