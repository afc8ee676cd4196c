//! Declared control codes: do they exist, what do their characters mean, which
//! reasons for control stand behind them, do they fit the description.
//!
//! Knows the US list by entry (and by paragraph in categories 1, 3, 4 and 5) and
//! the EU list by entry; of all other lists it says "not covered". Never says
//! that a code is right for the goods.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostics, Pack, Table};
use crate::trade::ControlCode;

use super::answer::Source;
use super::entry::{Entries, Entry};
use super::european::Annexes;
use super::scope::under;

/// Whether something is on a list.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Known {
    Yes,
    /// The list was read and does not have it.
    No,
    /// The tables do not reach that far.
    NotCovered,
}

/// What kind of text was declared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CodeKind {
    /// Nothing was declared.
    Empty,
    /// The shape of a code of the shared numbering.
    Code,
    /// A claim to be under the EAR but on no entry.
    Ear99,
    /// A claim to be on no list.
    NoList,
    /// A statement about the licence, such as `NLR`, instead of a code.
    Licence,
    /// A code of another list, by name.
    OtherList(String),
    Unreadable,
}

/// What is known of a declared code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeCheck {
    /// The text as declared.
    pub text: String,
    pub kind: CodeKind,
    pub code: Option<ControlCode>,
    /// In the Commerce Control List of 2026-07-23.
    pub us: Known,
    /// In Annex I, numbering of 2022 and what is known of 2025.
    pub eu: Known,
    /// The declared paragraph is in the US list; `No` is a doubt, not a proof.
    pub paragraph: Option<Known>,
    pub title: String,
    /// Reasons for control of the entry, in words.
    pub reasons: Vec<String>,
    /// What the characters mean.
    pub meaning: Vec<String>,
    /// What does not fit.
    pub doubts: Vec<String>,
    pub sources: Vec<Source>,
}

impl CodeCheck {
    /// Five characters, `EAR99`, or empty.
    #[must_use]
    pub fn entry(&self) -> &str {
        self.code.as_ref().map_or("", ControlCode::entry)
    }

    /// The paragraph without its first dot; may be empty.
    #[must_use]
    pub fn paragraph_text(&self) -> &str {
        let whole = self.code.as_ref().map_or("", ControlCode::as_str);
        whole.split_once('.').map_or("", |(_, paragraph)| paragraph)
    }
}

impl fmt::Display for CodeCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.code.as_ref().map_or_else(|| self.text.trim().to_owned(), ToString::to_string);
        let shown = if shown.is_empty() { "none declared" } else { &shown };
        if self.title.is_empty() {
            writeln!(f, "Code {shown}")?;
        } else {
            writeln!(f, "Code {shown}: {}", self.title)?;
        }
        for line in self.meaning.iter().chain(&self.doubts) {
            writeln!(f, "  {line}")?;
        }
        if !self.reasons.is_empty() {
            writeln!(f, "  US reasons for control: {}", self.reasons.join(", "))?;
        }
        self.sources.iter().try_for_each(|source| writeln!(f, "  [{source}]"))
    }
}

#[derive(Clone, Debug)]
struct Claim {
    texts: Vec<String>,
    kind: CodeKind,
    words: String,
}

#[derive(Clone, Debug)]
struct OtherList {
    starts: Vec<String>,
    name: String,
}

/// The tables of `codes.toml`.
#[derive(Clone, Debug, Default)]
pub(super) struct CodeTables {
    category: BTreeMap<String, String>,
    group: BTreeMap<String, String>,
    third: BTreeMap<String, String>,
    reason: BTreeMap<String, String>,
    claims: Vec<Claim>,
    others: Vec<OtherList>,
    software: Vec<String>,
    technology: Vec<String>,
    hardware: Vec<String>,
    pack: Pack,
}

fn meanings(
    table: &mut Table<'_, '_>,
    key: &'static str,
    out: &mut Diagnostics,
) -> Option<BTreeMap<String, String>> {
    let inner = table.get(key)?.table(out)?;
    let mut found = BTreeMap::new();
    for (letter, _, item) in inner.items() {
        if let Some(words) = item.string(out) {
            found.insert(letter.to_owned(), words.to_owned());
        }
    }
    Some(found)
}

impl CodeTables {
    pub(super) fn read(&mut self, table: &mut Table<'_, '_>, pack: &Pack, out: &mut Diagnostics) {
        if let Some(category) = meanings(table, "category", out) {
            self.category = category;
            self.pack = pack.clone();
        }
        for (key, place) in
            [("group", &mut self.group), ("third", &mut self.third), ("reason", &mut self.reason)]
        {
            if let Some(found) = meanings(table, key, out) {
                *place = found;
            }
        }
        for mut claim in table.tables("claim", out) {
            let texts = claim.strings("texts", out);
            let words = claim.string("words", out);
            let kind = claim.word("kind", &["ear99", "none", "nlr"], claim_kind, out);
            if let Some(kind) = kind {
                self.claims.push(Claim { texts, kind, words });
            }
            claim.finish(out);
        }
        for mut other in table.tables("other", out) {
            self.others
                .push(OtherList { starts: other.strings("starts", out), name: other.string("name", out) });
            other.finish(out);
        }
        if let Some(mut words) = table.get("words").and_then(|item| item.table(out)) {
            self.software = words.strings("software", out);
            self.technology = words.strings("technology", out);
            self.hardware = words.strings("hardware", out);
            words.finish(out);
        }
    }

    fn blank(text: &str, kind: CodeKind) -> CodeCheck {
        CodeCheck {
            text: text.to_owned(),
            kind,
            code: None,
            us: Known::NotCovered,
            eu: Known::NotCovered,
            paragraph: None,
            title: String::new(),
            reasons: Vec::new(),
            meaning: Vec::new(),
            doubts: Vec::new(),
            sources: Vec::new(),
        }
    }

    /// What is known of a declared text on a day (without one: of today's list).
    pub(super) fn check(
        &self,
        text: &str,
        day: Option<Date>,
        entries: &Entries,
        annexes: &Annexes,
    ) -> CodeCheck {
        if text.trim().is_empty() {
            return Self::blank(text, CodeKind::Empty);
        }
        if let Some(check) = self.claim(text) {
            return check;
        }
        let Ok(code) = ControlCode::parse(text) else { return self.no_code(text) };
        let mut check = Self::blank(text, CodeKind::Code);
        check.meaning = self.characters(code.entry());
        let entry = entries.get(code.entry());
        check.us = if entry.is_some() { Known::Yes } else { Known::No };
        (check.eu, check.sources) = annexes.known(code.entry(), day);
        check.code = Some(code);
        self.about_entry(&mut check, entry, entries);
        self.doubts(&mut check);
        check
    }

    fn claim(&self, text: &str) -> Option<CodeCheck> {
        let short: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '_'))
            .flat_map(char::to_lowercase)
            .collect();
        let claim = self.claims.iter().find(|claim| claim.texts.contains(&short))?;
        let mut check = Self::blank(text, claim.kind.clone());
        if claim.kind == CodeKind::Ear99 {
            check.code = ControlCode::parse("EAR99").ok();
        }
        check.meaning.push(claim.words.clone());
        Some(check)
    }

    fn no_code(&self, text: &str) -> CodeCheck {
        let upper = text.trim().to_uppercase().replace([' ', '-', '.'], "");
        let other = self.others.iter().find(|other| {
            other.starts.iter().any(|start| {
                upper.strip_prefix(start.as_str()).is_some_and(|rest| {
                    !start.is_ascii() || rest.starts_with(|c: char| c.is_ascii_digit() || "IVX".contains(c))
                })
            })
        });
        let (kind, doubt) = other.map_or_else(
            || {
                let form = "has not the form of a control code (3A001, 3A001.b.2, EAR99)";
                (CodeKind::Unreadable, form.to_owned())
            },
            |other| {
                let name = &other.name;
                (CodeKind::OtherList(name.clone()), format!("looks like a code of {name}: not covered"))
            },
        );
        let mut check = Self::blank(text, kind);
        check.doubts.push(doubt);
        check
    }

    fn characters(&self, entry: &str) -> Vec<String> {
        let part = |range: std::ops::Range<usize>, table: &BTreeMap<String, String>, what: &str| {
            let letter = entry.get(range)?;
            table.get(letter).map(|words| format!("{what} {letter}: {words}"))
        };
        [
            part(0..1, &self.category, "category"),
            part(1..2, &self.group, "group"),
            part(2..3, &self.third, "series"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn about_entry(&self, check: &mut CodeCheck, entry: Option<&Entry>, entries: &Entries) {
        let Some(entry) = entry else { return };
        check.title.clone_from(&entry.title);
        check.reasons = entry
            .reasons
            .iter()
            .map(|reason| {
                self.reason.get(reason).map_or_else(|| reason.clone(), |words| format!("{reason} ({words})"))
            })
            .collect();
        let certainty = entry.reasons_from.clone().map(|from| format!("reasons from {from}"));
        check.sources.push(Source {
            cite: format!("15 CFR part 774 Supp. 1, entry {}", check.entry()),
            date: entries.source.date,
            certainty: certainty.or_else(|| entry.odd.clone()).unwrap_or_default(),
        });
        if check.paragraph_text().is_empty() {
            return;
        }
        check.paragraph = Some(entries.paragraphs(check.entry()).map_or(Known::NotCovered, |known| {
            let declared = check.paragraph_text();
            let found = known.iter().any(|p| p == declared) || ends_open(known, declared);
            if found { Known::Yes } else { Known::No }
        }));
    }

    fn doubts(&self, check: &mut CodeCheck) {
        if check.us == Known::No && check.eu == Known::No {
            check.doubts.push("stands neither in the US list nor in the EU list that were read".to_owned());
        } else if check.us == Known::No {
            check.doubts.push("does not stand in the US list".to_owned());
        } else if check.eu == Known::No {
            check.doubts.push("does not stand in the EU list of 2022 under this number".to_owned());
        }
        if check.paragraph == Some(Known::No) {
            check.doubts.push(format!(
                "the copy of the US list has no paragraph .{} in this entry: compare with the list",
                check.paragraph_text()
            ));
        }
        let group = check.entry().get(1..2).unwrap_or_default().to_owned();
        if !group.is_empty() && !self.group.contains_key(&group) {
            check.doubts.push(format!("there is no product group {group}"));
        }
    }

    /// A reason why the group letter does not fit the description.
    pub(super) fn group_doubt(&self, check: &CodeCheck, description: &str) -> Option<String> {
        let group = check.entry().get(1..2)?;
        if check.kind != CodeKind::Code {
            return None;
        }
        let text = spaced(description);
        let found = |words: &'_ [String]| words.iter().find(|w| text.contains(&spaced(w))).cloned();
        let soft = found(&self.software).or_else(|| found(&self.technology));
        let hard = found(&self.hardware);
        match (group, soft, hard) {
            ("D" | "E", None, Some(word)) => Some(format!(
                "group {group} is for {}, but the description says \"{word}\"",
                if group == "D" { "software" } else { "technology" }
            )),
            ("A" | "B" | "C", Some(word), None) => {
                Some(format!("group {group} is for goods, but the description says \"{word}\""))
            }
            _ => None,
        }
    }
}

/// A paragraph below the last one that the copy shows: it stops at five levels.
fn ends_open(known: &[String], declared: &str) -> bool {
    declared.split('.').count() > 5 && known.iter().any(|p| p.split('.').count() >= 5 && under(declared, p))
}

/// Lower case, words parted by single spaces, a space at both ends.
fn spaced(text: &str) -> String {
    let mut found = String::from(" ");
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || c == '-' {
            found.push(c);
        } else if !found.ends_with(' ') {
            found.push(' ');
        }
    }
    if !found.ends_with(' ') {
        found.push(' ');
    }
    found
}

fn claim_kind(key: &str) -> Option<CodeKind> {
    match key {
        "ear99" => Some(CodeKind::Ear99),
        "none" => Some(CodeKind::NoList),
        "nlr" => Some(CodeKind::Licence),
        _ => None,
    }
}
