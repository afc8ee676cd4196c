//! What is written down of a run: `record.json`.
//!
//! Plain data. Every file is named with its hash; where its content is kept is
//! said in `docs/evidence.md`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::rule::Verdict;
use crate::screening::{DecisionFile, RunHeader, Summary};
use crate::watchlist::{Edition, Effect, ListInfo, Regime};

/// Version of the record. Another one is refused, not guessed at.
pub const VERSION: u32 = 1;

/// A file that went into a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileRef {
    /// As the user named it; of an embedded file its path.
    pub name: String,
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
}

/// A shipment file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InputRecord {
    #[serde(flatten)]
    pub file: FileRef,
    /// Rows read from it, the unreadable ones included.
    pub rows: u64,
    /// Whether its content lies among the objects.
    pub stored: bool,
}

/// Where files of lists came from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum ListFiles {
    /// They came with the program, or from files of the user; kept among the
    /// objects. Each of the shipped ones is read by itself, the user's together.
    Objects { shipped: bool, files: Vec<FileRef> },
    /// An edition in the store of lists, where it stays.
    Store { source: String, edition: String, sha256: String, files: Vec<FileRef> },
}

/// A list that was screened against, as it stood at the head of the reports.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ListRecord {
    pub id: String,
    pub title: String,
    pub publisher: String,
    pub jurisdiction: String,
    pub regime: String,
    pub effect: String,
    pub authority: String,
    pub citation: String,
    pub source: String,
    pub url: String,
    pub date: Option<Date>,
    pub sha256: String,
    pub confirmed: Option<Date>,
    pub max_age_days: Option<u32>,
    pub stale: Option<String>,
    pub entries: usize,
    pub names: usize,
    pub notes: Vec<String>,
}

impl ListRecord {
    #[must_use]
    pub fn of(list: &ListInfo) -> Self {
        let edition = &list.edition;
        Self {
            id: list.id.clone(),
            title: list.title.clone(),
            publisher: list.publisher.clone(),
            jurisdiction: list.jurisdiction.clone(),
            regime: list.regime.key().to_owned(),
            effect: list.effect.key().to_owned(),
            authority: list.authority.clone(),
            citation: list.citation.clone(),
            source: edition.source.clone(),
            url: edition.url.clone(),
            date: edition.date,
            sha256: edition.sha256.clone(),
            confirmed: edition.confirmed,
            max_age_days: edition.max_age_days,
            stale: edition.stale.clone(),
            entries: edition.entries,
            names: edition.names,
            notes: list.notes.clone(),
        }
    }

    /// The list as it was described; none where a word is not known here.
    #[must_use]
    pub fn info(&self) -> Option<ListInfo> {
        Some(ListInfo {
            id: self.id.clone(),
            title: self.title.clone(),
            publisher: self.publisher.clone(),
            jurisdiction: self.jurisdiction.clone(),
            regime: Regime::from_key(&self.regime)?,
            effect: Effect::from_key(&self.effect)?,
            authority: self.authority.clone(),
            citation: self.citation.clone(),
            edition: Edition {
                source: self.source.clone(),
                url: self.url.clone(),
                date: self.date,
                sha256: self.sha256.clone(),
                confirmed: self.confirmed,
                max_age_days: self.max_age_days,
                stale: self.stale.clone(),
                entries: self.entries,
                names: self.names,
            },
            notes: self.notes.clone(),
        })
    }
}

/// The rules.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RulePack {
    pub version: String,
    /// Over all files, as the reports state it.
    pub sha256: String,
    /// In the order they were loaded.
    pub files: Vec<FileRef>,
}

/// The program that made the run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Program {
    pub version: String,
    /// Over every table that is embedded in it, lower-case hex: tells builds of
    /// one version apart that read names or goods differently.
    pub tables_sha256: String,
}

/// The company as the run took it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProfileRecord {
    pub company: String,
    pub bound_by: Vec<String>,
    /// Whether somebody stated it.
    pub stated: bool,
}

#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct ThresholdsRecord {
    pub possible: f64,
    pub strong: f64,
}

/// What came out, counted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SummaryRecord {
    pub rows_in: u64,
    pub rows_out: u64,
    pub shipments: u64,
    pub unreadable_rows: u64,
    /// By verdict.
    pub verdicts: BTreeMap<String, u64>,
    /// Findings by rule, those that decisions clear not among them.
    pub rules: BTreeMap<String, u64>,
    /// Findings that decisions clear, by rule.
    pub cleared: BTreeMap<String, u64>,
    /// Findings that a baseline clears, by rule.
    #[serde(default)]
    pub baseline: BTreeMap<String, u64>,
    /// By field and kind.
    pub odd_cells: Vec<(String, String, u64)>,
}

impl SummaryRecord {
    #[must_use]
    pub fn of(summary: &Summary) -> Self {
        Self {
            rows_in: summary.rows_in,
            rows_out: summary.rows_out,
            shipments: summary.shipments,
            unreadable_rows: summary.unreadable_rows,
            verdicts: summary.verdicts.iter().map(|(key, n)| (key.key().to_owned(), *n)).collect(),
            rules: summary.rules.clone(),
            cleared: summary.cleared.clone(),
            baseline: summary.baseline.clone(),
            odd_cells: summary
                .odd_cells
                .iter()
                .map(|((field, kind), n)| (field.clone(), kind.clone(), *n))
                .collect(),
        }
    }

    /// Shipments and unreadable rows at a verdict.
    #[must_use]
    pub fn at(&self, verdict: Verdict) -> u64 {
        self.verdicts.get(verdict.key()).copied().unwrap_or(0)
    }
}

/// The file of results.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ResultsRecord {
    /// Of the content, uncompressed.
    pub sha256: String,
    pub bytes: u64,
    pub lines: u64,
    /// Distinct parties.
    pub parties: u64,
    /// Of the compressed file.
    pub stored_sha256: String,
    pub stored_bytes: u64,
}

/// What a run was made with. Together with the files it names it can be made
/// again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Basis {
    pub program: Program,
    /// `screen` or `check`.
    pub command: String,
    /// The arguments as they were meant, for people: what was left out stands
    /// here with what it came to.
    pub parameters: BTreeMap<String, String>,
    pub as_of: Date,
    pub config: Option<FileRef>,
    pub decisions: Option<FileRef>,
    /// Decisions in that file.
    pub decisions_count: usize,
    /// Whose signature stood under it; empty without one.
    #[serde(default)]
    pub decisions_signed_by: String,
    pub baseline: Option<FileRef>,
    /// Findings in that file.
    #[serde(default)]
    pub baseline_count: usize,
    /// What was stated of owners.
    pub ownership: Vec<FileRef>,
    /// What goods usually cost and weigh.
    pub norms: Option<FileRef>,
    /// What the run looked back on, in plain words; empty when on nothing.
    pub history: String,
    /// Of the earlier shipments what this run asked about, as a segment of a
    /// history. Without it a run that looked back can't be made again.
    #[serde(default)]
    pub asked_of_history: Option<FileRef>,
    /// What the keys of parties in it rest on.
    #[serde(default)]
    pub history_reading: String,
    pub rules: RulePack,
    pub list_files: Vec<ListFiles>,
    pub lists: Vec<ListRecord>,
    pub profile: ProfileRecord,
    pub thresholds: ThresholdsRecord,
    pub not_screened: Vec<String>,
}

/// `record.json`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Record {
    pub version: u32,
    pub started: Timestamp,
    pub finished: Timestamp,
    #[serde(flatten)]
    pub basis: Basis,
    pub inputs: Vec<InputRecord>,
    /// Whether an error of a device ended the reading of an input too early.
    pub truncated: bool,
    pub summary: SummaryRecord,
    pub results: ResultsRecord,
}

impl Record {
    /// The hashes of the objects that the record names.
    #[must_use]
    pub fn objects(&self) -> Vec<&FileRef> {
        let basis = &self.basis;
        let lists = basis.list_files.iter().flat_map(|group| match group {
            ListFiles::Objects { files, .. } => files.as_slice(),
            ListFiles::Store { .. } => &[],
        });
        let inputs = self.inputs.iter().filter(|input| input.stored).map(|input| &input.file);
        let single = basis
            .config
            .iter()
            .chain(&basis.decisions)
            .chain(&basis.baseline)
            .chain(&basis.ownership)
            .chain(&basis.norms)
            .chain(&basis.asked_of_history);
        inputs.chain(single).chain(&basis.rules.files).chain(lists).collect()
    }

    /// The head of the reports, without the rules in force.
    #[must_use]
    pub fn header(&self) -> RunHeader {
        let basis = &self.basis;
        RunHeader {
            program_version: basis.program.version.clone(),
            as_of: basis.as_of,
            decisions: basis.decisions.as_ref().map(|file| DecisionFile {
                name: file.name.clone(),
                sha256: file.sha256.clone(),
                count: basis.decisions_count,
                signed_by: basis.decisions_signed_by.clone(),
            }),
            baseline: basis.baseline.as_ref().map(|file| DecisionFile {
                name: file.name.clone(),
                sha256: file.sha256.clone(),
                count: basis.baseline_count,
                signed_by: String::new(),
            }),
            inputs: self.inputs.iter().map(|input| input.file.name.clone()).collect(),
            lists: basis.lists.iter().filter_map(ListRecord::info).map(std::sync::Arc::new).collect(),
            rules: Vec::new(),
            rule_pack_sha256: basis.rules.sha256.clone(),
            rule_pack_version: basis.rules.version.clone(),
            company: basis.profile.company.clone(),
            bound_by: basis.profile.bound_by.clone(),
            possible: basis.thresholds.possible,
            strong: basis.thresholds.strong,
            history: basis.history.clone(),
            not_screened: basis.not_screened.clone(),
        }
    }
}
