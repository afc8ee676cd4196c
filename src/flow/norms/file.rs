//! What was learned, as a TOML file: written, and read again with every
//! mistake in its place.

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostics, Item, SourceFile, Table, parse_toml};

use super::learned::{About, Learned};
use super::logistic::Weights;
use super::rates::{Past, Rates};
use super::robust::Spread;
use super::signals::{SIGNALS, Signals};
use super::table::{Measure, NormTable, Scale};

/// The form of the file.
const VERSION: i64 = 1;

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A figure that reads back to the same bits.
fn exact(figure: f64) -> String {
    format!("{figure:?}")
}

fn list(signals: &Signals) -> String {
    signals.iter().map(|value| exact(*value)).collect::<Vec<_>>().join(", ")
}

impl Learned {
    /// The file. The same lines give the same bytes.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut out =
            String::from("# What is usual for goods; written by `redflag norms learn`.\n\n[norms]\n");
        let about = &self.about;
        let sources: Vec<String> = about.sources.iter().map(|source| quoted(source)).collect();
        let _ =
            writeln!(out, "version = {VERSION}\nsources = [{}]\nlines = {}", sources.join(", "), about.lines);
        let _ = writeln!(out, "labelled = {}", about.labelled);
        for (key, day) in [("from", about.from), ("to", about.to)] {
            if let Some(day) = day {
                let _ = writeln!(out, "{key} = {day}");
            }
        }
        for (scale, groups) in &self.norms.by_scale {
            let _ = writeln!(
                out,
                "\n[[scale]]\nmeasure = {}\ncurrency = {}\nunit = {}\n# Natural logarithms: middle, median distance, one in a hundred below and above.\ngroup = [",
                quoted(scale.measure.key()),
                quoted(&scale.currency),
                quoted(&scale.unit)
            );
            for (code, s) in groups {
                let _ = writeln!(
                    out,
                    "  {{ code = {}, lines = {}, median = {}, mad = {}, low = {}, high = {} }},",
                    quoted(code),
                    s.count,
                    exact(s.median),
                    exact(s.mad),
                    exact(s.low),
                    exact(s.high)
                );
            }
            out.push_str("]\n");
        }
        if !self.rates.groups.is_empty() {
            let _ = writeln!(out, "\n[past]\nlines = {}\ngroup = [", exact(self.rates.lines));
            for (group, past) in &self.rates.groups {
                let _ = writeln!(out, "  [{}, {}, {}],", quoted(group), past.looked_at, past.wrong);
            }
            out.push_str("]\n");
        }
        if let Some(weights) = &self.weights {
            let names: Vec<String> = SIGNALS.iter().map(|name| quoted(name)).collect();
            let _ = writeln!(
                out,
                "\n[weights]\nsignal = [{}]\nmean = [{}]\ndeviation = [{}]\nweight = [{}]\nintercept = {}",
                names.join(", "),
                list(&weights.mean),
                list(&weights.deviation),
                list(&weights.weight),
                exact(weights.intercept)
            );
        }
        out
    }

    /// Reads the file; with a mistake there is nothing.
    #[must_use]
    pub fn from_toml(file: &SourceFile, out: &mut Diagnostics) -> Option<Self> {
        let before = out.iter().count();
        let document = parse_toml(file, out);
        let mut table = Table::document(file, &document);
        let about = table.require("norms", out).and_then(|item| item.table(out)).map(|t| read_about(t, out));
        let mut norms = NormTable::default();
        for table in table.tables("scale", out) {
            if let Some((scale, groups)) = read_scale(table, out) {
                norms.by_scale.insert(scale, groups);
            }
        }
        let mut rates = Rates::new(1.0);
        if let Some(past) = table.get("past").and_then(|item| item.table(out)) {
            rates = read_past(past, out);
        }
        let weights =
            table.get("weights").and_then(|item| item.table(out)).and_then(|t| read_weights(t, out));
        table.finish(out);
        (out.iter().count() == before).then(|| Self {
            norms,
            rates,
            weights,
            about: about.unwrap_or_default(),
        })
    }
}

fn count(item: Option<Item<'_, '_>>, out: &mut Diagnostics) -> u64 {
    let Some(item) = item else { return 0 };
    let Some(number) = item.decimal(out) else { return 0 };
    u64::try_from(number).unwrap_or_else(|_| {
        out.push(item.error("expected a count"));
        0
    })
}

fn read_about(mut table: Table<'_, '_>, out: &mut Diagnostics) -> About {
    if let Some(item) = table.require("version", out)
        && item.decimal(out).is_some_and(|version| version != VERSION.into())
    {
        let error = item.error("a file of norms in another form");
        out.push(error.help("learn the norms again with `redflag norms learn`"));
    }
    let about = About {
        sources: table.strings("sources", out),
        lines: count(table.get("lines"), out),
        labelled: count(table.get("labelled"), out),
        from: table.opt_date("from", out),
        to: table.opt_date("to", out),
    };
    table.finish(out);
    about
}

type Groups = std::collections::BTreeMap<String, Spread>;

fn read_scale(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Option<(Scale, Groups)> {
    table.require("measure", out);
    let measure = table.word("measure", &Measure::WORDS, Measure::from_key, out);
    let currency = table.opt_string("currency", out).unwrap_or_default();
    let unit = table.opt_string("unit", out).unwrap_or_default();
    let mut groups = Groups::new();
    for mut group in table.tables("group", out) {
        let mut number = |key, out: &mut Diagnostics| {
            group.require(key, out).and_then(|item| item.measure(out)).unwrap_or_default()
        };
        let (median, mad) = (number("median", out), number("mad", out));
        let (low, high) = (number("low", out), number("high", out));
        let lines = count(group.require("lines", out), out);
        if mad < 0.0 {
            out.push(group.error("a median distance is not below 0"));
        }
        groups.insert(group.string("code", out), Spread { count: lines, median, mad, low, high });
        group.finish(out);
    }
    table.finish(out);
    Some((Scale { measure: measure?, currency, unit }, groups))
}

fn read_past(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Rates {
    let mut rates = Rates::new(table.require("lines", out).and_then(|item| item.measure(out)).unwrap_or(1.0));
    if rates.lines <= 0.0 {
        out.push(table.error("`lines` lies above 0"));
    }
    for item in table.require("group", out).and_then(|item| item.array(out)).unwrap_or_default() {
        let parts = item.array(out).unwrap_or_default();
        let &[group, looked_at, wrong] = parts.as_slice() else {
            out.push(item.error("expected a group and two counts"));
            continue;
        };
        let Some(group) = group.string(out) else { continue };
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let past =
            Past { looked_at: small(count(Some(looked_at), out)), wrong: small(count(Some(wrong), out)) };
        if past.wrong > past.looked_at {
            out.push(item.error("more wrong lines than were looked at"));
        }
        rates.groups.insert(group.to_owned(), past);
    }
    table.finish(out);
    rates
}

fn read_weights(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Option<Weights> {
    if table.strings("signal", out) != SIGNALS {
        let error = table.error("the weights are of other signals than this version knows");
        out.push(error.help("learn the norms again with `redflag norms learn`"));
    }
    let mut signals = |key, out: &mut Diagnostics| -> Option<Signals> {
        let item = table.require(key, out)?;
        let values: Vec<f64> = item.array(out)?.into_iter().filter_map(|item| item.measure(out)).collect();
        let signals = Signals::try_from(values).ok();
        if signals.is_none() {
            out.push(item.error(format!("expected {} figures", SIGNALS.len())));
        }
        signals
    };
    let (mean, deviation, weight) = (signals("mean", out), signals("deviation", out), signals("weight", out));
    let intercept = table.require("intercept", out).and_then(|item| item.measure(out));
    if deviation.is_some_and(|all| all.iter().any(|one| *one <= 0.0)) {
        out.push(table.error("a deviation lies above 0"));
    }
    table.finish(out);
    Some(Weights { mean: mean?, deviation: deviation?, weight: weight?, intercept: intercept? })
}

#[cfg(test)]
mod tests {
    use super::super::line::Line;
    use super::super::parameters::Parameters;
    use super::*;

    fn learned() -> Learned {
        let line = |i: u32| Line {
            id: i.to_string(),
            day: jiff::civil::Date::new(2024, 1, 1 + i8::try_from(i % 28).unwrap()).ok(),
            hs: format!("85423{}", i % 3),
            kg: Some(f64::from(1 + i % 7)),
            value: Some(f64::from(100 + i)),
            quantity: Some((f64::from(1 + i % 5), "p\"cs\u{1b}".to_owned())),
            currency: "USD".to_owned(),
            who: std::array::from_fn(|place| format!("{}", (i as usize + place) % 4)),
            found: Some(i.is_multiple_of(4)),
        };
        Learned::from_lines(
            &(0..400).map(line).collect::<Vec<_>>(),
            vec!["a\\b.csv".to_owned()],
            Parameters::shipped(),
        )
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let learned = learned();
        assert!(learned.weights.is_some());
        let text = learned.to_toml();
        let mut out = Diagnostics::default();
        let read = Learned::from_toml(&SourceFile::new("norms.toml", text.clone()), &mut out);
        assert!(out.is_empty(), "{:?}", out.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(read.as_ref(), Some(&learned));
        assert_eq!(read.map(|read| read.to_toml()), Some(text));
    }

    #[test]
    fn a_damaged_file_is_not_used() {
        for (from, to) in [
            ("version = 1", "version = 2"),
            ("mad = ", "mad = -"),
            ("signal = [", "signal = [\"x\", "),
            ("lines = ", "line = "),
        ] {
            let text = learned().to_toml().replacen(from, to, 1);
            let mut out = Diagnostics::default();
            assert!(Learned::from_toml(&SourceFile::new("norms.toml", text), &mut out).is_none(), "{from}");
            assert!(out.has_errors());
        }
    }
}
