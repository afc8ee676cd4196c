//! What a run rests on: profile, thresholds, rule pack, lists.

use askama::Template;

use super::web;
use crate::report::escape::prose;
use crate::report::words;
use crate::screening::{RunHeader, Summary};
use crate::watchlist::ListInfo;

#[derive(Template)]
#[template(path = "foot.html", config = "src/report/html/askama.toml")]
pub struct Foot {
    pub script: &'static str,
    pub basis: Basis,
}

/// What the run rests on.
pub struct Basis {
    pub rule_pack: String,
    pub rule_pack_sha256: String,
    pub thresholds: String,
    pub profile: String,
    pub history: String,
    pub program: String,
    pub run: String,
    pub lists: Vec<ListView>,
    pub odd_cells: Vec<(String, String, String)>,
    pub not_screened: Vec<String>,
    /// The file of decisions and the baseline, under a label.
    pub decisions: Vec<(&'static str, String)>,
    /// What decisions did.
    pub account: Vec<(&'static str, Vec<String>)>,
}

pub struct ListView {
    pub id: String,
    pub title: String,
    pub publisher: String,
    pub regime: String,
    pub date: String,
    pub entries: String,
    pub names: String,
    pub sha256: String,
    pub source: String,
    pub url: Option<String>,
    pub notes: Vec<String>,
}

impl Basis {
    pub fn new(header: &RunHeader, summary: &Summary) -> Self {
        Self {
            rule_pack: words::rule_pack(header),
            rule_pack_sha256: header.rule_pack_sha256.clone(),
            thresholds: words::thresholds(header),
            profile: format!("{}, {}", words::company(header), words::bound_by(header)),
            history: prose(&header.history),
            program: header.program_version.clone(),
            run: words::fingerprint(header),
            lists: header.lists.iter().map(|list| list_view(list)).collect(),
            odd_cells: summary
                .odd_cells
                .iter()
                .map(|((field, kind), count)| (field.clone(), kind.clone(), words::number(*count)))
                .collect(),
            not_screened: header.not_screened.iter().map(|sentence| prose(sentence)).collect(),
            decisions: [("Decisions", &header.decisions), ("Baseline", &header.baseline)]
                .into_iter()
                .filter_map(|(label, file)| Some((label, words::decision_file(file.as_ref()?))))
                .collect(),
            account: words::account(summary),
        }
    }
}

fn list_view(list: &ListInfo) -> ListView {
    ListView {
        id: list.id.clone(),
        title: list.title.clone(),
        publisher: list.publisher.clone(),
        regime: words::regime(list),
        date: words::date_or(list.edition.date, "not stated"),
        entries: words::number(words::size(list.edition.entries)),
        names: words::number(words::size(list.edition.names)),
        sha256: list.edition.sha256.clone(),
        source: list.edition.source.clone(),
        url: web(&list.edition.url),
        notes: list.notes.iter().map(|note| prose(note)).collect(),
    }
}
