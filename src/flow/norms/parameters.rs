//! The parameters of `rules/flow/norms.toml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rust_decimal::prelude::ToPrimitive;

use crate::diagnostic::{Diagnostics, Item, SourceFile, Table, parse_toml};

/// See the file for what each means.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Parameters {
    pub lines: f64,
    pub least_spread: f64,
    pub most: f64,
    pub rate_lines: Vec<f64>,
    /// By signal.
    pub weights: BTreeMap<String, f64>,
}

const FILE: &str = "rules/flow/norms.toml";

impl Parameters {
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Parameters> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            // That the shipped file holds no mistake is held by a test.
            Self::load(&SourceFile::new(FILE, crate::shipped::text(FILE)), &mut Diagnostics::default())
        })
    }

    fn load(file: &SourceFile, out: &mut Diagnostics) -> Self {
        let document = parse_toml(file, out);
        let mut table = Table::document(file, &document);
        let mut parameters = Self::default();
        table.pack(out);
        if let Some(mut shrinkage) = table.require("shrinkage", out).and_then(|item| item.table(out)) {
            parameters.lines = f64::from(shrinkage.number("lines", out));
            parameters.least_spread = f64::from(shrinkage.number("least_spread", out));
            parameters.most = f64::from(shrinkage.number("most", out));
            shrinkage.finish(out);
        }
        if let Some(mut rates) = table.require("rates", out).and_then(|item| item.table(out)) {
            let lines = rates.require("lines", out).map(Item::one_or_many).unwrap_or_default();
            parameters.rate_lines =
                lines.into_iter().filter_map(|item| item.decimal(out)?.to_f64()).collect();
            rates.finish(out);
        }
        if let Some(weights) = table.require("weights", out).and_then(|item| item.table(out)) {
            for (key, _, item) in weights.items() {
                if !super::signals::SIGNALS.contains(&key) {
                    out.push(item.error(format!("`{key}` is no signal")));
                }
                parameters
                    .weights
                    .extend(item.decimal(out).and_then(|n| Some((key.to_owned(), n.to_f64()?))));
            }
        }
        table.finish(out);
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_holds_no_mistake() {
        let mut out = Diagnostics::default();
        let read = Parameters::load(&SourceFile::new(FILE, crate::shipped::text(FILE)), &mut out);
        assert!(out.is_empty(), "{:?}", out.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(read.lines > 0.0 && read.least_spread > 0.0 && !read.rate_lines.is_empty());
    }
}
