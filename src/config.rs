//! `redflag.toml`: the company's profile, its columns, its lists and its
//! thresholds.
//!
//! Knows what may stand in the file; reads no other file.

use std::collections::BTreeMap;

use crate::decision;
use crate::diagnostic::{Diagnostic, Diagnostics, Item, SourceFile, Table, parse_toml, word};
use crate::input::DateOrder;
use crate::matching::Thresholds;
use crate::rule::Verdict;
use crate::store::{Source, read_source};

/// The company the screening is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// For the reports; may be empty.
    pub company: String,
    /// Jurisdictions whose law binds the company: ISO codes, `EU`. `UN` and
    /// `own` bind everybody and need not be named.
    pub bound_by: Vec<String>,
    /// Whether somebody stated it, or it is the cautious assumption.
    pub stated: bool,
}

impl Default for Profile {
    fn default() -> Self {
        Self { company: String::new(), bound_by: ["US", "EU", "GB"].map(str::to_owned).into(), stated: false }
    }
}

impl Profile {
    /// Whether a list of that jurisdiction binds the company.
    #[must_use]
    pub fn is_bound_by(&self, jurisdiction: &str) -> bool {
        matches!(jurisdiction, "UN" | "own") || self.bound_by.iter().any(|bound| bound == jurisdiction)
    }
}

/// Another verdict for a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Level {
    /// Id of the rule.
    pub rule: String,
    /// None: switched off.
    pub verdict: Option<Verdict>,
    pub reason: String,
}

/// Everything a project can set.
// Each switch is a key of the file, on its own.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Debug)]
pub struct Config {
    pub profile: Profile,
    pub thresholds: Thresholds,
    /// Field key → headers, for columns that are not recognised.
    pub columns: BTreeMap<String, Vec<String>>,
    pub date_order: Option<DateOrder>,
    /// Whether the lists that come with the program are used.
    pub shipped_lists: bool,
    /// Further list files, relative to the configuration file.
    pub lists: Vec<String>,
    /// The folder of the store of lists, relative to the configuration file.
    pub store: Option<String>,
    /// The sources whose editions are used; none: all that the store holds.
    pub sources: Option<Vec<String>>,
    /// Sources of the user's own.
    pub own_sources: Vec<Source>,
    /// Whether the rules that come with the program are used.
    pub shipped_rules: bool,
    /// Further rule files or folders, relative to the configuration file.
    pub rules: Vec<String>,
    /// Files of past shipments, relative to the configuration file.
    pub history_files: Vec<String>,
    /// The folder of the history store, relative to the configuration file.
    pub history_store: Option<String>,
    /// Whether a file at hand is history for its own later rows, without any
    /// other history.
    pub history_in_file: bool,
    /// Other verdicts for rules of the pack.
    pub levels: Vec<Level>,
    /// Ownership files, relative to the configuration file.
    pub ownership: Vec<String>,
    /// Norms of unit values, relative to the configuration file.
    pub norms: Option<String>,
    /// Verdict from which `check` fails.
    pub fail_on: Verdict,
    /// The file of decisions, relative to the configuration file.
    pub decisions: Option<String>,
    pub decision_options: decision::Options,
    /// Whether a file of decisions counts only with a signature.
    pub require_signature: bool,
    /// Keys of minisign that may sign it.
    pub allowed_keys: Vec<decision::AllowedKey>,
    /// The file of the SSH keys that may sign it, relative to the configuration
    /// file.
    pub allowed_signers: Option<String>,
    /// Days after which a list is too old to trust that nothing was found.
    pub max_list_age_days: u32,
    pub evidence: EvidenceConfig,
}

/// What is recorded of the runs, and how long.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EvidenceConfig {
    /// The folder of the records, relative to the configuration file.
    pub runs: String,
    /// Whether shipment files are kept with the records.
    pub store_inputs: bool,
    /// Whether what a run saw of past shipments is kept with its record.
    pub store_history: bool,
    /// Of a shipment file larger than that only the hash is kept.
    pub most_input_bytes: u64,
    /// Years that a record is kept at least.
    pub retention_years: u32,
}

impl Default for EvidenceConfig {
    fn default() -> Self {
        Self {
            runs: "runs".to_owned(),
            store_inputs: true,
            store_history: true,
            most_input_bytes: 4 << 30,
            retention_years: 10,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            profile: Profile::default(),
            thresholds: Thresholds::default(),
            columns: BTreeMap::new(),
            date_order: None,
            shipped_lists: true,
            lists: Vec::new(),
            store: None,
            sources: None,
            own_sources: Vec::new(),
            shipped_rules: true,
            rules: Vec::new(),
            history_files: Vec::new(),
            history_store: None,
            history_in_file: false,
            levels: Vec::new(),
            ownership: Vec::new(),
            norms: None,
            fail_on: Verdict::Review,
            decisions: None,
            decision_options: decision::Options::default(),
            require_signature: false,
            allowed_keys: Vec::new(),
            allowed_signers: None,
            max_list_age_days: 30,
            evidence: EvidenceConfig::default(),
        }
    }
}

/// The file that `redflag init` writes: every key, commented.
pub const TEMPLATE: &str = include_str!("template.toml");

impl Config {
    /// Reads the file. Every mistake is collected; with one, the result must
    /// not be used.
    pub fn parse(file: &SourceFile, out: &mut Diagnostics) -> Self {
        let document = parse_toml(file, out);
        let mut table = Table::document(file, &document);
        let mut config = Self::default();
        if let Some(profile) = table.get("profile").and_then(|item| item.table(out)) {
            config.profile = read_profile(profile, out);
        }
        if let Some(screening) = table.get("screening").and_then(|item| item.table(out)) {
            config.read_screening(screening, out);
        }
        if let Some(lists) = table.get("lists").and_then(|item| item.table(out)) {
            config.read_lists(lists, out);
        }
        if let Some(evidence) = table.get("evidence").and_then(|item| item.table(out)) {
            config.evidence = read_evidence(evidence, out);
        }
        if let Some(mut rules) = table.get("rules").and_then(|item| item.table(out)) {
            config.shipped_rules = rules.opt_boolean("shipped", out).unwrap_or(true);
            config.rules = rules.strings("files", out);
            rules.finish(out);
        }
        if let Some(mut history) = table.get("history").and_then(|item| item.table(out)) {
            config.history_files = history.strings("files", out);
            config.history_store = history.opt_string("store", out);
            config.history_in_file = history.opt_boolean("in_file", out).unwrap_or(false);
            history.finish(out);
        }
        if let Some(levels) = table.get("levels").and_then(|item| item.table(out)) {
            config.levels = read_levels(&levels, out);
        }
        if let Some(decisions) = table.get("decisions").and_then(|item| item.table(out)) {
            config.read_decisions(decisions, out);
        }
        if let Some(mut ownership) = table.get("ownership").and_then(|item| item.table(out)) {
            config.ownership = ownership.strings("files", out);
            ownership.finish(out);
        }
        if let Some(mut norms) = table.get("norms").and_then(|item| item.table(out)) {
            config.norms = norms.opt_string("file", out);
            norms.finish(out);
        }
        if let Some(columns) = table.get("columns").and_then(|item| item.table(out)) {
            for (key, _) in columns.keys() {
                if let Some(item) = columns.free(key) {
                    let headers = item.strings(out).into_iter().map(str::to_owned).collect();
                    config.columns.insert(key.to_owned(), headers);
                }
            }
        }
        config.own_sources =
            table.tables("source", out).into_iter().map(|table| read_source(table, out)).collect();
        table.finish(out);
        config
    }

    /// The kinds of signature that count under the file of decisions.
    #[must_use]
    pub fn signature_kinds(&self) -> Vec<decision::SignatureKind> {
        let minisign = (!self.allowed_keys.is_empty()).then_some(decision::SignatureKind::Minisign);
        let ssh = self.allowed_signers.is_some().then_some(decision::SignatureKind::Ssh);
        minisign.into_iter().chain(ssh).collect()
    }

    fn read_screening(&mut self, mut table: Table<'_, '_>, out: &mut Diagnostics) {
        let mut share = |key, default| match table.get(key) {
            Some(item) => read_share(item, out).unwrap_or(default),
            None => default,
        };
        self.thresholds.possible = share("possible", self.thresholds.possible);
        self.thresholds.strong = share("strong", self.thresholds.strong);
        if self.thresholds.strong < self.thresholds.possible {
            out.push(table.error("`strong` must not be below `possible`"));
        }
        if let Some(item) = table.get("date_order") {
            let parse = |text: &str| match text {
                "day-first" => Some(DateOrder::DayFirst),
                "month-first" => Some(DateOrder::MonthFirst),
                _ => None,
            };
            self.date_order = word(item, &["day-first", "month-first"], parse, out);
        }
        if let Some(verdict) = table.word("fail_on", &Verdict::WORDS, Verdict::from_key, out) {
            self.fail_on = verdict;
        }
        table.finish(out);
    }

    fn read_decisions(&mut self, mut table: Table<'_, '_>, out: &mut Diagnostics) {
        self.decisions = table.opt_string("file", out);
        self.decision_options.four_eyes = table.opt_boolean("four_eyes", out).unwrap_or_default();
        if let Some(item) = table.get("warn_days")
            && let Some(days) = item.decimal(out)
        {
            match u32::try_from(days) {
                Ok(days) => self.decision_options.warn_days = days,
                Err(_) => out.push(item.error("expected a number of days")),
            }
        }
        self.require_signature = table.opt_boolean("require_signature", out).unwrap_or_default();
        for mut allowed in table.tables("allowed_key", out) {
            let name = allowed.string("name", out);
            let Some(item) = allowed.require("key", out) else { continue };
            match item.string(out).and_then(|key| decision::AllowedKey::new(&name, key)) {
                Some(key) => self.allowed_keys.push(key),
                None => out
                    .push(item.error("is not a public key of minisign").help(
                        "the second line of the file with the public key: RWQ… and 53 more characters",
                    )),
            }
            allowed.finish(out);
        }
        self.allowed_signers = table.opt_string("allowed_signers", out);
        if self.require_signature && self.signature_kinds().is_empty() {
            out.push(table.error("a signature is required, and no key may make it").help(
                "allowed_signers = \"allowed_signers\" for SSH keys, or allowed_key = [{ name = \"A. Reader\", \
                 key = \"RWQ…\" }] for minisign",
            ));
        }
        table.finish(out);
    }

    fn read_lists(&mut self, mut table: Table<'_, '_>, out: &mut Diagnostics) {
        self.shipped_lists = table.opt_boolean("shipped", out).unwrap_or(true);
        self.lists = table.strings("files", out);
        self.store = table.opt_string("store", out);
        self.sources =
            table.get("sources").map(|item| item.strings(out).into_iter().map(str::to_owned).collect());
        if let Some(item) = table.get("max_age_days")
            && let Some(days) = item.decimal(out)
        {
            match u32::try_from(days) {
                Ok(days) if days > 0 => self.max_list_age_days = days,
                _ => out.push(item.error("expected a number of days above 0")),
            }
        }
        table.finish(out);
    }
}

/// `"DIV-101" = { verdict = "note", reason = "…" }`, `verdict = "off"`.
fn read_levels(table: &Table<'_, '_>, out: &mut Diagnostics) -> Vec<Level> {
    const WORDS: [&str; 5] = ["off", "note", "review", "hold", "block"];
    let mut levels = Vec::new();
    for (id, _) in table.keys() {
        let Some(mut level) = table.free(id).and_then(|item| item.table(out)) else { continue };
        level.require("verdict", out);
        let verdict = level.word("verdict", &WORDS, |word| WORDS.iter().find(|known| **known == word), out);
        let reason = level.string("reason", out);
        if reason.trim().is_empty() {
            out.push(level.error("a rule is made milder or harder for a reason; say it in `reason`"));
        }
        level.finish(out);
        if let Some(word) = verdict {
            levels.push(Level { rule: id.to_owned(), verdict: Verdict::from_key(word), reason });
        }
    }
    levels
}

fn read_profile(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Profile {
    let company = table.opt_string("company", out).unwrap_or_default();
    let mut bound_by = Vec::new();
    for item in table.require("bound_by", out).map(Item::one_or_many).unwrap_or_default() {
        let Some(text) = item.string(out) else { continue };
        let code = if text == "UK" { "GB" } else { text };
        if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            out.push(
                item.error(format!("`{text}` is not a jurisdiction"))
                    .help("an ISO country code in capitals, or EU or UN"),
            );
        }
        bound_by.push(code.to_owned());
    }
    table.finish(out);
    Profile { company, bound_by, stated: true }
}

fn read_evidence(mut table: Table<'_, '_>, out: &mut Diagnostics) -> EvidenceConfig {
    let mut evidence = EvidenceConfig::default();
    evidence.runs = table.opt_string("runs", out).unwrap_or(evidence.runs);
    evidence.store_inputs = table.opt_boolean("store_inputs", out).unwrap_or(evidence.store_inputs);
    evidence.store_history = table.opt_boolean("store_history", out).unwrap_or(evidence.store_history);
    let mut number = |key, words: &str| {
        let item = table.get(key)?;
        let number = item.decimal(out).and_then(|number| u32::try_from(number).ok()).filter(|n| *n > 0);
        if number.is_none() {
            out.push(item.error(format!("expected a whole number of {words} above 0")));
        }
        number
    };
    if let Some(megabytes) = number("store_inputs_up_to_mb", "megabytes") {
        evidence.most_input_bytes = u64::from(megabytes) << 20;
    }
    evidence.retention_years = number("retention_years", "years").unwrap_or(evidence.retention_years);
    table.finish(out);
    evidence
}

fn read_share(item: Item<'_, '_>, out: &mut Diagnostics) -> Option<f64> {
    let share = item.decimal(out).and_then(|number| f64::try_from(number).ok())?;
    if share > 0.3 && share <= 1.0 {
        return Some(share);
    }
    out.push(
        Diagnostic::error("a threshold lies between 0.3 and 1")
            .at(item.file, item.span())
            .help("below 0.3 every name would meet some listed name"),
    );
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Config, Vec<String>) {
        let file = SourceFile::new("redflag.toml", text);
        let mut out = Diagnostics::default();
        let config = Config::parse(&file, &mut out);
        (config, out.iter().map(|d| format!("{} {}", d.message, d.help)).collect())
    }

    #[test]
    fn the_template_reads_without_a_mistake_and_says_the_defaults() {
        let (config, mistakes) = parse(TEMPLATE);
        assert_eq!(mistakes, [""; 0]);
        let default = Config::default();
        assert_eq!(config.thresholds, default.thresholds);
        assert_eq!(config.fail_on, default.fail_on);
        assert_eq!(config.max_list_age_days, default.max_list_age_days);
        assert_eq!(config.evidence, default.evidence);
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        let (_, mistakes) = parse(
            "[profile]\nbound_by = [\"Malaysia\"]\n[screening]\nstrng = 0.9\nfail_on = \"hodl\"\npossible = 1.5\n[lists]\nmax_age_days = 0\n",
        );
        assert_eq!(mistakes.len(), 5, "{mistakes:#?}");
    }

    #[test]
    fn un_and_own_lists_bind_everybody() {
        let (config, mistakes) = parse("[profile]\nbound_by = [\"MY\"]\n");
        assert!(mistakes.is_empty());
        assert!(config.profile.is_bound_by("UN") && config.profile.is_bound_by("own"));
        assert!(!config.profile.is_bound_by("US"));
    }
}
