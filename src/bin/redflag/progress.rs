//! How far a long run is: on standard error, on a terminal only.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

pub struct Progress {
    bar: Option<ProgressBar>,
    bytes: Arc<AtomicU64>,
    rows: AtomicU64,
}

impl Progress {
    /// Starts a bar over the bytes of the files; without a terminal, or when
    /// the size is not known, nothing shows.
    pub fn start(files: &[PathBuf]) -> Self {
        let sizes: Option<u64> =
            files.iter().map(|path| std::fs::metadata(path).ok().map(|about| about.len())).sum();
        let bar = sizes.filter(|_| std::io::stderr().is_terminal()).map(|total| {
            let bar = ProgressBar::new(total);
            if let Ok(style) =
                ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes}, {msg}, {eta} left")
            {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(500));
            bar
        });
        Self { bar, bytes: Arc::default(), rows: AtomicU64::new(0) }
    }

    /// The counter that the reader adds to.
    pub fn bytes(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.bytes)
    }

    pub fn step(&self, rows: u64) {
        let rows = self.rows.fetch_add(rows, Ordering::Relaxed) + rows;
        if let Some(bar) = &self.bar {
            bar.set_position(self.bytes.load(Ordering::Relaxed));
            if rows.is_multiple_of(512) {
                bar.set_message(format!("{rows} rows"));
            }
        }
    }

    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
