//! License exceptions: which may be looked at for a code, a destination and a
//! set of reasons, and what shuts them. Read from `us-exceptions.toml`.
//!
//! Never says that an exception applies.

use crate::diagnostic::{Diagnostics, Pack, Table};
use crate::place::Places;

use super::answer::{ExceptionNote, Source, Step};
use super::condition::{Codes, Destination, Subject, Where, source};
use super::entry::{Entry, Flag};
use super::question::{EndUse, Law, Question};
use super::scope::Reach;
use super::special::{Days, uses};

#[derive(Clone, Debug)]
struct Exception {
    symbol: String,
    title: String,
    place: Where,
    codes: Codes,
    needs_flag: bool,
    /// The country group for which an entry may shut it.
    barred_group: Option<String>,
    reasons: Vec<String>,
    not_reasons: Vec<String>,
    /// Product groups; empty for all.
    groups: String,
    situation: Option<String>,
    days: Days,
    check: Vec<String>,
    source: Source,
}

#[derive(Clone, Debug)]
struct Bar {
    words: String,
    place: Where,
    codes: Codes,
    reasons: Vec<String>,
    uses: Vec<EndUse>,
    listed: bool,
    days: Days,
    /// Exceptions that stay open; unless `shuts` names those that do not.
    allows: Vec<String>,
    shuts: Vec<String>,
    source: Source,
}

#[derive(Clone, Debug)]
struct Condition {
    symbols: Vec<String>,
    place: Where,
    check: String,
}

/// All exceptions.
#[derive(Clone, Debug, Default)]
pub(super) struct Exceptions {
    all: Vec<Exception>,
    bars: Vec<Bar>,
    conditions: Vec<Condition>,
}

/// What exceptions could do for a question.
#[derive(Debug, Default)]
pub(super) struct Relief {
    pub notes: Vec<ExceptionNote>,
    /// Every reason that asks for a licence is covered by one that may apply.
    pub covers_all: bool,
    /// What shuts exceptions.
    pub steps: Vec<Step>,
}

impl Exceptions {
    /// Reads `[[exception]]`, `[[bar]]` and `[[condition]]`.
    pub(super) fn read(
        &mut self,
        table: &mut Table<'_, '_>,
        pack: &Pack,
        places: &Places,
        out: &mut Diagnostics,
    ) {
        for mut table in table.tables("exception", out) {
            self.all.push(read_exception(&mut table, pack, places, out));
            table.finish(out);
        }
        for mut table in table.tables("bar", out) {
            self.bars.push(read_bar(&mut table, pack, places, out));
            table.finish(out);
        }
        for mut table in table.tables("condition", out) {
            self.conditions.push(Condition {
                symbols: table.strings("symbols", out),
                place: Where::read(&mut table, places, out),
                check: table.string("check", out),
            });
            table.finish(out);
        }
    }

    /// The exceptions to look at when `needs` ask for a licence: reasons for
    /// control, or the ids of rules.
    pub(super) fn relief(
        &self,
        question: &Question,
        destination: &Destination,
        subject: &Subject<'_>,
        entry: Option<&Entry>,
        needs: &[String],
    ) -> Relief {
        let bars: Vec<&Bar> =
            self.bars.iter().filter(|bar| bar.fits(question, destination, subject, needs)).collect();
        let mut relief = Relief::default();
        for bar in &bars {
            relief.steps.push(Step { words: bar.words.clone(), source: bar.source.clone() });
        }
        let mut covered: Vec<&String> = Vec::new();
        for exception in &self.all {
            if bars.iter().any(|bar| bar.shuts(&exception.symbol)) {
                continue;
            }
            let Some(mut note) = exception.note(question, destination, subject, entry, needs) else {
                continue;
            };
            for more in self.conditions.iter().filter(|c| c.place.fits(destination)) {
                if more.symbols.contains(&note.symbol) {
                    note.check.push(more.check.clone());
                }
            }
            if note.only_if.is_none() {
                covered.extend(needs.iter().filter(|need| note.covers.contains(need)));
            }
            relief.notes.push(note);
        }
        relief.covers_all = needs.iter().all(|need| covered.contains(&need));
        relief
    }
}

impl Bar {
    fn shuts(&self, symbol: &String) -> bool {
        if self.shuts.is_empty() { !self.allows.contains(symbol) } else { self.shuts.contains(symbol) }
    }

    fn fits(
        &self,
        question: &Question,
        destination: &Destination,
        subject: &Subject<'_>,
        needs: &[String],
    ) -> bool {
        self.days.hold(question.date)
            && self.place.fits(destination)
            && !self.codes.reach(subject).is_no()
            && (self.reasons.is_empty() || self.reasons.iter().any(|r| needs.contains(r)))
            && (self.uses.is_empty() || self.uses.iter().any(|u| question.uses.contains(u)))
            && (!self.listed || question.listed.iter().any(|e| e.law == Law::Us && !e.as_owner))
    }
}

impl Exception {
    fn note(
        &self,
        question: &Question,
        destination: &Destination,
        subject: &Subject<'_>,
        entry: Option<&Entry>,
        needs: &[String],
    ) -> Option<ExceptionNote> {
        let group = subject.entry.get(1..2).unwrap_or_default();
        let fits = self.days.hold(question.date)
            && self.place.fits(destination)
            && !self.codes.reach(subject).is_no()
            && (self.groups.is_empty() || self.groups.contains(group));
        if !fits {
            return None;
        }
        let mut check = self.check.clone();
        let mut never: Vec<String> = self.not_reasons.clone();
        if self.needs_flag {
            let flag = self.open_flag(question, subject, entry?, &mut check)?;
            never.extend(flag.not.iter().cloned());
        }
        if let Some(group) = &self.barred_group {
            barred(group, subject, entry, &mut check)?;
        }
        let covers: Vec<String> = needs
            .iter()
            .filter(|need| !never.contains(need))
            .filter(|need| self.reasons.is_empty() || self.reasons.contains(need))
            .cloned()
            .collect();
        let only_if = self.situation.as_ref().filter(|kind| !question.situations.contains(kind));
        (!covers.is_empty()).then(|| ExceptionNote {
            symbol: self.symbol.clone(),
            title: self.title.clone(),
            covers,
            check,
            only_if: only_if.cloned(),
            source: self.source.clone(),
        })
    }

    /// The entry's own line that opens the exception for the paragraph.
    fn open_flag<'a>(
        &self,
        question: &Question,
        subject: &Subject<'_>,
        entry: &'a Entry,
        check: &mut Vec<String>,
    ) -> Option<&'a Flag> {
        let mut best: Option<(&Flag, Reach)> = None;
        for flag in entry.flags.iter().filter(|flag| flag.symbol == self.symbol) {
            let reach = flag.scope.reach(subject.paragraph);
            let too_dear =
                matches!((question.value_usd, flag.limit_usd), (Some(value), Some(limit)) if value > limit);
            if reach.is_no() || too_dear {
                continue;
            }
            if best.as_ref().is_none_or(|(_, other)| *other != Reach::Yes) {
                best = Some((flag, reach));
            }
        }
        let (flag, reach) = best?;
        if let Reach::Open(words) = reach {
            check.push(words);
        }
        if let Some(words) = &flag.check {
            check.push(words.clone());
        }
        if let Some(limit) = flag.limit_usd {
            let value = question.value_usd.map_or_else(
                || "the value was not given".to_owned(),
                |value| format!("the value given is ${value}"),
            );
            check.push(format!("limit ${limit}; {value}"));
        }
        Some(flag)
    }
}

/// Whether the entry leaves STA open for a country group: nothing when it
/// shuts it for the paragraph.
fn barred(
    group: &String,
    subject: &Subject<'_>,
    entry: Option<&Entry>,
    check: &mut Vec<String>,
) -> Option<()> {
    let Some(entry) = entry else { return Some(()) };
    for flag in entry.flags.iter().filter(|flag| flag.barred.contains(group)) {
        match (flag.scope.reach(subject.paragraph), &flag.check) {
            (Reach::No, _) => {}
            (Reach::Yes, None) => return None,
            (_, Some(words)) => check.push(words.clone()),
            (Reach::Open(_), None) => {
                check.push(format!("the entry shuts STA for {}", flag.scope.words()));
            }
        }
    }
    Some(())
}

fn read_exception(
    table: &mut Table<'_, '_>,
    pack: &Pack,
    places: &Places,
    out: &mut Diagnostics,
) -> Exception {
    Exception {
        symbol: table.string("symbol", out),
        title: table.string("title", out),
        place: Where::read(table, places, out),
        codes: Codes::read(table, out),
        needs_flag: table.opt_boolean("needs_flag", out).unwrap_or(false),
        barred_group: table.opt_string("barred_group", out),
        reasons: table.strings("reasons", out),
        not_reasons: table.strings("not_reasons", out),
        groups: table.opt_string("groups", out).unwrap_or_default(),
        situation: table.opt_string("situation", out),
        days: Days::read(table, out),
        check: table.strings("check", out),
        source: from_memory(source(table, pack, out)),
    }
}

fn read_bar(table: &mut Table<'_, '_>, pack: &Pack, places: &Places, out: &mut Diagnostics) -> Bar {
    Bar {
        words: table.string("words", out),
        place: Where::read(table, places, out),
        codes: Codes::read(table, out),
        reasons: table.strings("reasons", out),
        uses: uses(table, "uses", out),
        listed: table.opt_boolean("listed", out).unwrap_or(false),
        days: Days::read(table, out),
        allows: table.strings("allows", out),
        shuts: table.strings("shuts", out),
        source: from_memory(source(table, pack, out)),
    }
}

/// Conditions of exceptions were not read: a fact without a day of its own is
/// from memory.
fn from_memory(source: Source) -> Source {
    if source.certainty.is_empty() {
        return source;
    }
    Source { date: None, certainty: "conditions from memory".to_owned(), ..source }
}
