//! Running the program in tests.

#![allow(dead_code, clippy::unwrap_used, reason = "a test may fail; each test uses what it needs")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Compiled lists are kept here from run to run of one build: reading the
/// bundled lists takes seconds in a build for tests.
pub const CACHE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/lists-cache");

/// Runs redflag in the project's folder, without the user's store and cache.
pub fn redflag(args: &[&str]) -> Output {
    command(args).stdin(Stdio::null()).output().unwrap()
}

/// The same with something to read.
pub fn redflag_reading(args: &[&str], input: &str) -> Output {
    use std::io::Write as _;
    let mut child =
        command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redflag"));
    command
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("NO_COLOR")
        .env("REDFLAG_STORE", env!("CARGO_TARGET_TMPDIR").to_owned() + "/no-store")
        .env("REDFLAG_CACHE", CACHE);
    command
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A folder of its own for a test.
pub fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

pub fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
