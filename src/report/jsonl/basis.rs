//! Lists and rules as JSON.

use serde::Serialize;

use crate::rule::RuleInfo;
use crate::watchlist::ListInfo;

use super::shipment::day;

#[derive(Serialize)]
pub struct List<'a> {
    id: &'a str,
    title: &'a str,
    publisher: &'a str,
    jurisdiction: &'a str,
    regime: &'static str,
    effect: &'static str,
    authority: &'a str,
    citation: &'a str,
    edition: Edition<'a>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Edition<'a> {
    source: &'a str,
    url: &'a str,
    date: Option<String>,
    confirmed: Option<String>,
    stale: Option<&'a str>,
    sha256: &'a str,
    entries: usize,
    names: usize,
}

impl<'a> List<'a> {
    pub fn new(list: &'a ListInfo) -> Self {
        Self {
            id: &list.id,
            title: &list.title,
            publisher: &list.publisher,
            jurisdiction: &list.jurisdiction,
            regime: list.regime.key(),
            effect: list.effect.key(),
            authority: &list.authority,
            citation: &list.citation,
            edition: Edition {
                source: &list.edition.source,
                url: &list.edition.url,
                date: day(list.edition.date),
                confirmed: day(list.edition.confirmed),
                stale: list.edition.stale.as_deref(),
                sha256: &list.edition.sha256,
                entries: list.edition.entries,
                names: list.edition.names,
            },
            notes: &list.notes,
        }
    }
}

#[derive(Serialize)]
pub struct Rule<'a> {
    id: &'a str,
    title: &'a str,
    group: &'a str,
    verdict: &'static str,
    why: &'a str,
    advice: &'a str,
    authority: Vec<Citation<'a>>,
    from: Option<String>,
    until: Option<String>,
    red_flags: &'a [u8],
}

#[derive(Serialize)]
struct Citation<'a> {
    cite: &'a str,
    date: Option<String>,
    url: &'a str,
    certainty: &'a str,
}

impl<'a> Rule<'a> {
    pub fn new(rule: &'a RuleInfo) -> Self {
        let citation = |source: &'a crate::rule::Citation| Citation {
            cite: &source.cite,
            date: day(source.date),
            url: &source.url,
            certainty: &source.certainty,
        };
        Self {
            id: &rule.id,
            title: &rule.title,
            group: &rule.group,
            verdict: rule.verdict.key(),
            why: &rule.why,
            advice: &rule.advice,
            authority: rule.authority.iter().map(citation).collect(),
            from: day(rule.from),
            until: day(rule.until),
            red_flags: &rule.red_flags,
        }
    }
}
