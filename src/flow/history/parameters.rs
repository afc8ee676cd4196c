//! The figures that facts and detectors work with: `rules/flow/history.toml`.

use std::sync::{Arc, LazyLock};

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};

use super::patterns::{
    code_switch::CodeSwitch, many_names::ManyNames, mirror::Mirror, new_customer::NewCustomer,
    new_intermediary::NewIntermediary, quantity::QuantityBeyond, round_values::RoundValues,
    splitting::Splitting, surge::Surge, transit_shift::TransitShift, young_company::YoungCompany,
};

/// All figures.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Parameters {
    /// Days of the rolling windows of the plain facts.
    pub windows: Vec<u16>,
    /// Score of two names from which they are one party, 0 to 1.
    pub alike: f64,
    /// Parties that may share a phone, mail or address and still be counted as
    /// related; where more do, it is a place of many.
    pub most_sharing: usize,
    /// Lines of a party, the latest, that are looked at.
    pub most_lines: usize,
    /// Days that the history must reach back before it can say that something
    /// is the first.
    pub least_reach: i32,
    /// Categories of goods that are priority goods, by their tariff codes.
    pub priority: Vec<String>,
    pub new_customer: NewCustomer,
    pub surge: Surge,
    pub quantity: QuantityBeyond,
    pub splitting: Splitting,
    pub round_values: RoundValues,
    pub many_names: ManyNames,
    pub code_switch: CodeSwitch,
    pub new_intermediary: NewIntermediary,
    pub mirror: Mirror,
    pub transit_shift: TransitShift,
    pub young_company: YoungCompany,
}

static SHIPPED: LazyLock<Arc<Parameters>> = LazyLock::new(|| {
    let name = "rules/flow/history.toml";
    let file = SourceFile::new(name, crate::shipped::text(name));
    let mut out = Diagnostics::default();
    let parameters = Parameters::read(&file, &mut out);
    debug_assert!(out.is_empty(), "{name} has mistakes: {out:?}");
    Arc::new(parameters)
});

impl Parameters {
    /// The figures that come with the program.
    #[must_use]
    pub fn shipped() -> Arc<Self> {
        Arc::clone(&SHIPPED)
    }

    /// Reads a file of figures. Every one must be there; every mistake is
    /// collected, and with one the result must not be used.
    pub fn read(file: &SourceFile, out: &mut Diagnostics) -> Self {
        let document = parse_toml(file, out);
        let mut table = Table::document(file, &document);
        table.pack(out);
        let mut parameters = section(&mut table, "history", Self::general, out);
        parameters.new_customer = section(&mut table, "new_customer", NewCustomer::read, out);
        parameters.surge = section(&mut table, "surge", Surge::read, out);
        parameters.quantity = section(&mut table, "quantity", QuantityBeyond::read, out);
        parameters.splitting = section(&mut table, "splitting", Splitting::read, out);
        parameters.round_values = section(&mut table, "round_values", RoundValues::read, out);
        parameters.many_names = section(&mut table, "many_names", ManyNames::read, out);
        parameters.code_switch = section(&mut table, "code_switch", CodeSwitch::read, out);
        parameters.new_intermediary = section(&mut table, "new_intermediary", NewIntermediary::read, out);
        parameters.mirror = section(&mut table, "mirror", Mirror::read, out);
        parameters.transit_shift = section(&mut table, "transit_shift", TransitShift::read, out);
        parameters.young_company = section(&mut table, "young_company", YoungCompany::read, out);
        table.finish(out);
        parameters
    }

    fn general(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        let windows = table.require("windows", out).and_then(|item| item.array(out)).unwrap_or_default();
        Self {
            windows: windows
                .into_iter()
                .filter_map(|item| item.decimal(out).and_then(|days| u16::try_from(days).ok()))
                .collect(),
            alike: figure(table, "alike", out),
            most_sharing: count(table, "most_sharing", out),
            most_lines: count(table, "most_lines", out),
            least_reach: days(table, "least_reach", out),
            priority: table.strings("priority", out),
            ..Self::default()
        }
    }
}

/// Reads a table that must be there.
fn section<T: Default>(
    table: &mut Table<'_, '_>,
    key: &'static str,
    read: impl Fn(&mut Table<'_, '_>, &mut Diagnostics) -> T,
    out: &mut Diagnostics,
) -> T {
    let Some(mut inner) = table.require(key, out).and_then(|item| item.table(out)) else {
        return T::default();
    };
    let value = read(&mut inner, out);
    inner.finish(out);
    value
}

/// A figure of 0 or more.
pub(super) fn figure(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> f64 {
    let Some(item) = table.require(key, out) else { return 0.0 };
    let figure = item.decimal(out).and_then(|number| f64::try_from(number).ok());
    figure.filter(|figure| *figure >= 0.0).unwrap_or_else(|| {
        out.push(item.error(format!("`{key}` must be 0 or more")));
        0.0
    })
}

/// A whole number of 1 or more.
pub(super) fn count(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> usize {
    let Some(item) = table.require(key, out) else { return 1 };
    let number = item.decimal(out).and_then(|number| usize::try_from(number).ok());
    number.filter(|number| *number > 0).unwrap_or_else(|| {
        out.push(item.error(format!("`{key}` must be a whole number of 1 or more")));
        1
    })
}

/// A number of days, 1 or more.
pub(super) fn days(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> i32 {
    i32::try_from(count(table, key, out)).unwrap_or(i32::MAX / 4).min(i32::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_figures_read_without_a_mistake() {
        let parameters = Parameters::shipped();
        assert_eq!(parameters.windows, [30, 90, 365]);
        assert!(!parameters.splitting.thresholds.is_empty());
    }

    #[test]
    fn every_missing_figure_shows() {
        let text =
            "[pack]\nid = \"t\"\ntitle = \"t\"\nsource = \"t\"\n[history]\nwindows = [30]\nalike = -1\n";
        let mut out = Diagnostics::default();
        Parameters::read(&SourceFile::new("t.toml", text), &mut out);
        assert!(out.iter().count() > 12, "{out:#?}");
    }
}
