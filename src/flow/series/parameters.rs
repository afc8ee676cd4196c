//! The parameters of `rules/flow/series.toml`.

use std::sync::OnceLock;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};

/// What is asked of a rise or fall; `rules/flow/series.toml` says what each
/// figure means.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Bar {
    pub z: f64,
    pub ratio: f64,
    pub grains: f64,
    pub over_past: f64,
    pub over_season: f64,
    /// Deviations above the earlier season; 0 of a fall.
    pub season_z: f64,
    /// Months of the last four with trade, where trade was rare; 0 of a fall.
    pub active: usize,
}

/// All parameters of the detectors on series.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Parameters {
    /// Months.
    pub least_past: usize,
    /// Months.
    pub most_past: usize,
    pub spread_floor: f64,
    pub offset: f64,
    /// Grains.
    pub least_offset: f64,
    /// Logarithm a month.
    pub most_growth: f64,
    /// Times, for a past without any trade.
    pub lumpy: f64,
    /// Share of months without trade from which trade is rare.
    pub lumpy_quiet: f64,
    pub rise: Bar,
    pub fall: Bar,
    /// Share of months without trade up to which a fall means something.
    pub fall_quiet: f64,
    pub mirror: Bar,
    /// Months.
    pub mirror_apart: i32,
    pub mirror_least_drop: f64,
    pub peers_remain: f64,
    pub price_ratio: f64,
    pub share_z: f64,
    /// As a share: 0.1 for ten points.
    pub share_points: f64,
    pub share_grains: f64,
    /// Months.
    pub quiet: usize,
}

impl Parameters {
    /// Those that come with the program.
    #[must_use]
    pub fn shipped() -> Self {
        static SHIPPED: OnceLock<Parameters> = OnceLock::new();
        *SHIPPED.get_or_init(|| {
            let text = include_str!("../../../rules/flow/series.toml");
            // That the shipped file holds no mistake is held by a test.
            Self::load(&SourceFile::new("rules/flow/series.toml", text), &mut Diagnostics::default())
        })
    }

    /// Reads a file of parameters. Every mistake is collected; use the result
    /// only when there is none.
    pub fn load(file: &SourceFile, out: &mut Diagnostics) -> Self {
        let document = parse_toml(file, out);
        let mut table = Table::document(file, &document);
        table.pack(out);
        let mut section = |name: &'static str, read: &mut dyn FnMut(&mut Table<'_, '_>, &mut Diagnostics)| {
            if let Some(mut section) = table.require(name, out).and_then(|item| item.table(out)) {
                read(&mut section, out);
                section.finish(out);
            }
        };
        let mut p = Self::default();
        section("past", &mut |t, out| {
            p.least_past = months(t, "least", 3.0, out);
            p.most_past = months(t, "most", 6.0, out);
        });
        section("spread", &mut |t, out| {
            p.spread_floor = measure(t, "floor", 0.01, 10.0, out);
            p.offset = measure(t, "offset", 0.0, 10.0, out);
            p.least_offset = measure(t, "least_offset", 0.01, 100.0, out);
        });
        section("lumpy", &mut |t, out| {
            p.lumpy = measure(t, "over_past", 0.0, 100.0, out);
            p.lumpy_quiet = measure(t, "quiet", 0.0, 1.1, out);
        });
        section("growth", &mut |t, out| p.most_growth = measure(t, "most", 0.0, 1.0, out));
        section("rise", &mut |t, out| p.rise = bar(t, 1.0, 1000.0, out));
        section("fall", &mut |t, out| {
            p.fall = bar(t, 0.0, 1.0, out);
            p.fall_quiet = measure(t, "quiet", 0.0, 1.0, out);
        });
        section("mirror", &mut |t, out| {
            p.mirror = bar(t, 1.0, 1000.0, out);
            p.mirror_apart = i32::try_from(months(t, "apart", 1.0, out)).unwrap_or(12);
            p.mirror_least_drop = measure(t, "least_drop", 0.0, 100.0, out);
        });
        section("peers", &mut |t, out| p.peers_remain = measure(t, "remain", 0.0, 1.0, out));
        section("price", &mut |t, out| p.price_ratio = measure(t, "ratio", 1.0, 100.0, out));
        section("share", &mut |t, out| {
            p.share_z = measure(t, "z", 0.1, 100.0, out);
            p.share_points = measure(t, "points", 0.1, 100.0, out) / 100.0;
            p.share_grains = measure(t, "grains", 0.0, 1e6, out);
        });
        section("episode", &mut |t, out| p.quiet = months(t, "quiet", 1.0, out));
        table.finish(out);
        p
    }
}

fn bar(table: &mut Table<'_, '_>, low: f64, high: f64, out: &mut Diagnostics) -> Bar {
    Bar {
        z: measure(table, "z", 0.1, 100.0, out),
        ratio: measure(table, "ratio", low, high, out),
        grains: measure(table, "grains", 0.0, 1e6, out),
        over_past: measure(table, "over_past", low, high, out),
        over_season: measure(table, "over_season", low, high, out),
        season_z: if low > 0.0 { measure(table, "season_z", 0.0, 100.0, out) } else { 0.0 },
        active: if low > 0.0 { months(table, "active", 0.0, out) } else { 0 },
    }
}

fn measure(table: &mut Table<'_, '_>, key: &'static str, low: f64, high: f64, out: &mut Diagnostics) -> f64 {
    let Some(item) = table.require(key, out) else { return low };
    let Some(number) = item.measure(out) else { return low };
    if (low..=high).contains(&number) {
        return number;
    }
    out.push(item.error(format!("`{key}` lies between {low} and {high}")));
    low
}

fn months(table: &mut Table<'_, '_>, key: &'static str, low: f64, out: &mut Diagnostics) -> usize {
    let number = measure(table, key, low, 600.0, out);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 600")]
    let whole = number.round() as usize;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_parameters_are_without_mistakes() {
        let text = include_str!("../../../rules/flow/series.toml");
        let mut out = Diagnostics::default();
        let read = Parameters::load(&SourceFile::new("series.toml", text), &mut out);
        assert!(out.is_empty(), "{:?}", out.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(read, Parameters::shipped());
    }

    #[test]
    fn every_mistake_shows_at_once() {
        let text = include_str!("../../../rules/flow/series.toml")
            .replace("z = 4.5", "z = -1")
            .replace("floor = 0.15", "flor = 0.15")
            .replace("quiet = 6", "quiet = \"x\"");
        let mut out = Diagnostics::default();
        Parameters::load(&SourceFile::new("series.toml", text), &mut out);
        assert!(out.iter().count() >= 4, "{:?}", out.iter().map(ToString::to_string).collect::<Vec<_>>());
    }
}
