//! What the benches of whole runs share: made-up trade that is the same every
//! time, and running the program with its time and memory. Knows no figure.

use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub const COUNTRY: [&str; 16] =
    ["DE", "FR", "US", "GB", "NL", "JP", "KR", "SG", "MY", "TR", "AE", "KZ", "IN", "BR", "ZA", "PL"];
pub const GOODS: [(&str, &str); 8] = [
    ("sewing machine needles", "8452.30"),
    ("integrated circuits, microcontroller", "8542.31"),
    ("ball bearings 6204", "8482.10"),
    ("paracetamol tablets 500 mg", "3004.90"),
    ("oak dining chairs", "9401.61"),
    ("centrifugal pump, stainless", "8413.70"),
    ("digital oscilloscope 4 channel", "9030.20"),
    ("coffee, roasted", "0901.21"),
];
pub const FORM: [&str; 8] = ["Ltd", "GmbH", "Inc", "SAS", "BV", "Sdn Bhd", "LLC", "Co., Ltd."];

/// A small linear congruential generator: the same files every time.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % n
    }

    /// Few customers order often, many seldom.
    pub fn skewed(&mut self, n: usize) -> usize {
        self.below(n) * (self.below(1000) + 1) / 1000
    }
}

/// Runs the program; its time, and the most memory it held in MiB (Linux only).
pub fn run(args: &[&str], files: &[PathBuf]) -> Result<(Duration, u64), Box<dyn Error>> {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_redflag"))
        .args(args)
        .args(files)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Ok(text) = std::fs::read_to_string(&status)
            && let Some(line) = text.lines().find(|line| line.starts_with("VmHWM:"))
            && let Some(kib) = line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok())
        {
            peak = kib.max(peak);
        }
        if let Some(status) = child.try_wait()? {
            return match status.code() {
                Some(0 | 3) => Ok((start.elapsed(), peak / 1024)),
                code => Err(format!("redflag {args:?} ended with {code:?}").into()),
            };
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
