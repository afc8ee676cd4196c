//! The rules on owned parties, dated: whose ownership counts, from which share
//! on, and whether shares add up. Data in `rules/ownership/`.
//!
//! Knows what a rule says; nothing of parties.

use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostics, Item, SourceFile, Table, parse_toml};
use crate::watchlist::Effect;

use super::finding::{Listing, RuleState};
use super::share::Threshold;

/// How a rule looks through a chain of owners.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Indirect {
    /// A party that reaches the threshold counts as an owner itself, with the
    /// whole of its shares.
    Cascade,
    /// Shares of shares are multiplied.
    Multiply,
}

/// What a rule says in a stretch of time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RulePeriod {
    pub from: Date,
    pub threshold: Threshold,
    /// Shares of several listed owners are added up.
    pub aggregate: bool,
    pub indirect: Indirect,
    /// Whether control without a share makes a party an owned one, which then
    /// counts down the chain; else it is told as control.
    pub control_counts: bool,
    pub state: RuleState,
    /// What a person should know of the period.
    pub note: String,
    /// What it rests on, in one line.
    pub authority: String,
}

/// One rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShareRule {
    /// Such as `ofac-50`.
    pub id: Arc<str>,
    pub title: Arc<str>,
    /// Whose law it is.
    pub jurisdiction: Arc<str>,
    /// The lists whose entries count as owners; none: every list that fits.
    lists: Vec<String>,
    not_lists: Vec<String>,
    jurisdictions: Vec<String>,
    effects: Vec<Effect>,
    programs: Vec<String>,
    /// What to ask where the share does not decide.
    pub criteria: Vec<String>,
    /// By day, the first first.
    pub periods: Vec<RulePeriod>,
}

impl ShareRule {
    /// Whether a listed owner counts under the rule.
    #[must_use]
    pub fn counts(&self, listing: &Listing) -> bool {
        let named = |names: &[String], text: &str| names.iter().any(|name| name == text);
        (self.lists.is_empty() || named(&self.lists, &listing.list))
            && !named(&self.not_lists, &listing.list)
            && (self.jurisdictions.is_empty() || named(&self.jurisdictions, &listing.jurisdiction))
            && (self.effects.is_empty() || self.effects.contains(&listing.effect))
            && (self.programs.is_empty()
                || listing
                    .programs
                    .iter()
                    .any(|program| self.programs.iter().any(|wanted| program.starts_with(wanted.as_str()))))
    }

    /// What the rule says on a day; nothing before its first.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&RulePeriod> {
        self.periods.iter().rev().find(|period| period.from <= day)
    }

    /// The rules that come with the program.
    #[must_use]
    pub fn shipped() -> &'static [Self] {
        static SHIPPED: OnceLock<Vec<ShareRule>> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            // That the shipped files hold no mistake is held by a test.
            load(&mut Diagnostics::default())
        })
    }

    /// The ids of the rules that come with the program.
    #[must_use]
    pub fn ids() -> Vec<&'static str> {
        Self::shipped().iter().map(|rule| &*rule.id).collect()
    }
}

fn load(out: &mut Diagnostics) -> Vec<ShareRule> {
    let files = crate::shipped::files()
        .into_iter()
        .filter(|(name, _)| name.starts_with("rules/ownership/") && name != "rules/ownership/columns.toml");
    let mut rules = Vec::new();
    for (name, bytes) in files {
        let file = SourceFile::new(name, String::from_utf8_lossy(bytes).into_owned());
        let document = parse_toml(&file, out);
        let mut table = Table::document(&file, &document);
        table.pack(out);
        for table in table.tables("ownership", out) {
            rules.extend(read(table, out));
        }
        table.finish(out);
    }
    rules
}

fn read(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Option<ShareRule> {
    let id = table.string("id", out);
    let title = table.string("title", out);
    let jurisdiction = table.string("jurisdiction", out);
    let mut owner = table.require("owner", out)?.table(out)?;
    let lists = owner.strings("list", out);
    let not_lists = owner.strings("not_list", out);
    let jurisdictions = owner.strings("jurisdiction", out);
    let programs = owner.strings("program", out);
    let effects = owner
        .get("effect")
        .map(Item::one_or_many)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|item| crate::diagnostic::word(item, &Effect::WORDS, Effect::from_key, out))
        .collect();
    owner.finish(out);
    let criteria = table.strings("criteria", out);
    let mut periods: Vec<RulePeriod> =
        table.tables("period", out).into_iter().filter_map(|table| read_period(table, out)).collect();
    periods.sort_by_key(|period| period.from);
    if periods.is_empty() {
        out.push(table.error("the rule has no period"));
    }
    table.finish(out);
    Some(ShareRule {
        id: id.into(),
        title: title.into(),
        jurisdiction: jurisdiction.into(),
        lists,
        not_lists,
        jurisdictions,
        effects,
        programs,
        criteria,
        periods,
    })
}

fn read_period(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Option<RulePeriod> {
    let from = table.require("from", out)?.date(out)?;
    let (at_least, more_than) = (table.opt_decimal("at_least", out), table.opt_decimal("more_than", out));
    let threshold = match (at_least, more_than) {
        (Some(per_cent), None) => Threshold { per_cent, strict: false },
        (None, Some(per_cent)) => Threshold { per_cent, strict: true },
        _ => {
            out.push(table.error("a period has `at_least` or `more_than`"));
            return None;
        }
    };
    if threshold.per_cent <= Decimal::ZERO || threshold.per_cent > Decimal::ONE_HUNDRED {
        out.push(table.error("a threshold lies above 0 and not above 100 per cent"));
    }
    table.require("aggregate", out)?;
    let aggregate = table.opt_boolean("aggregate", out)?;
    let indirect = table.word(
        "indirect",
        &["cascade", "multiply"],
        |text| match text {
            "cascade" => Some(Indirect::Cascade),
            "multiply" => Some(Indirect::Multiply),
            _ => None,
        },
        out,
    );
    let control = table.word("control", &["counts", "noted"], |text| Some(text == "counts"), out);
    let state = table.word("state", &RuleState::WORDS, RuleState::from_key, out);
    let note = table.string("note", out);
    let mut authority = Vec::new();
    for mut source in table.tables("authority", out) {
        let more =
            [source.opt_date("date", out).map(|day| day.to_string()), source.opt_string("certainty", out)];
        let more: Vec<String> = more.into_iter().flatten().collect();
        let cite = source.string("cite", out);
        authority.push(if more.is_empty() { cite } else { format!("{cite} ({})", more.join(", ")) });
        source.finish(out);
    }
    if authority.is_empty() {
        out.push(table.error("the period states no authority"));
    }
    table.finish(out);
    Some(RulePeriod {
        from,
        threshold,
        aggregate,
        indirect: indirect.unwrap_or(Indirect::Cascade),
        control_counts: control.unwrap_or(false),
        state: state.unwrap_or(RuleState::InForce),
        note,
        authority: authority.join("; "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rules_hold_no_mistake() {
        let mut out = Diagnostics::default();
        let rules = load(&mut out);
        assert!(out.is_empty(), "{:?}", out.iter().map(ToString::to_string).collect::<Vec<_>>());
        let ids: Vec<&str> = rules.iter().map(|rule| &*rule.id).collect();
        assert_eq!(ids, ["eu-ownership", "gb-ownership", "other-50", "ofac-50", "bis-affiliates"]);
    }

    #[test]
    fn a_rule_says_what_it_said_on_the_day() {
        let on = |id: &str, day: &str| {
            let rule = ShareRule::shipped().iter().find(|rule| &*rule.id == id).unwrap();
            rule.on(day.parse().unwrap()).map(|p| format!("{} {}", p.threshold, p.state.key()))
        };
        assert_eq!(on("ofac-50", "2014-08-13").as_deref(), Some("at least 50 % in-force"));
        assert_eq!(on("eu-ownership", "2024-07-02").as_deref(), Some("more than 50 % in-force"));
        assert_eq!(on("eu-ownership", "2024-07-03").as_deref(), Some("at least 50 % in-force"));
        assert_eq!(on("gb-ownership", "2026-01-01").as_deref(), Some("more than 50 % in-force"));
        assert_eq!(on("bis-affiliates", "2025-09-28"), None);
        assert_eq!(on("bis-affiliates", "2025-11-09").as_deref(), Some("at least 50 % in-force"));
        assert_eq!(on("bis-affiliates", "2025-11-10").as_deref(), Some("at least 50 % suspended"));
        assert_eq!(on("bis-affiliates", "2026-11-10").as_deref(), Some("at least 50 % unconfirmed"));
    }
}
