//! The EU's view: Annex I by code, Annex IV inside the Union, general
//! authorisations, and the rules beside the list. Read from `eu.toml`.
//!
//! Knows no paragraphs, no national lists, and of the list of 2025 five codes.

use jiff::civil::Date;

use crate::diagnostic::{Diagnostics, Pack, Table};
use crate::place::Places;
use crate::trade::CountryCode;

use super::answer::{ExceptionNote, Source, View};
use super::code::{CodeCheck, CodeKind, Known};
use super::condition::{Codes, Destination, Subject, Where, source};
use super::draft::Draft;
use super::question::{Law, Question};
use super::scope::Reach;
use super::special::{Days, Rule};

/// A list of codes with its source.
#[derive(Clone, Debug, Default)]
pub(super) struct CodeList {
    codes: Vec<String>,
    from: Option<Date>,
    title: String,
    source: Source,
}

impl CodeList {
    fn read(table: &mut Table<'_, '_>, pack: &Pack, out: &mut Diagnostics) -> Self {
        let list = Self {
            codes: table.string("codes", out).split_whitespace().map(str::to_owned).collect(),
            from: table.opt_date("from", out),
            title: table.string("title", out),
            source: source(table, pack, out),
        };
        if let Some(code) = list.codes.iter().find(|code| code.len() != 5) {
            out.push(table.error(format!("`{code}` is not a code of five characters")));
        }
        list
    }

    fn has(&self, entry: &str) -> bool {
        self.codes.iter().any(|code| code == entry)
    }
}

#[derive(Clone, Debug)]
struct General {
    id: String,
    title: String,
    place: Where,
    only: Option<Codes>,
    shut: Option<Codes>,
    shut_annex_4: bool,
    groups: String,
    situation: Option<String>,
    days: Days,
    check: Vec<String>,
    source: Source,
}

/// The EU's lists.
#[derive(Clone, Debug, Default)]
pub(super) struct Annexes {
    one: CodeList,
    one_2025: CodeList,
    four: CodeList,
    members: Vec<CountryCode>,
    general: Vec<General>,
}

fn codes(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Option<Codes> {
    let starts = table.strings(key, out);
    (!starts.is_empty()).then(|| Codes::of(starts))
}

fn read_general(table: &mut Table<'_, '_>, pack: &Pack, places: &Places, out: &mut Diagnostics) -> General {
    General {
        id: table.string("id", out),
        title: table.string("title", out),
        place: Where::read(table, places, out),
        only: codes(table, "only", out),
        shut: codes(table, "shut", out),
        shut_annex_4: table.opt_boolean("shut_annex_4", out).unwrap_or(false),
        groups: table.opt_string("groups", out).unwrap_or_default(),
        situation: table.opt_string("situation", out),
        days: Days::read(table, out),
        check: table.strings("check", out),
        source: source(table, pack, out),
    }
}

impl Annexes {
    /// Reads `[annex]`, `[annex_2025]`, `[annex_4]` and `[[general]]`.
    pub(super) fn read(
        &mut self,
        table: &mut Table<'_, '_>,
        pack: &Pack,
        places: &Places,
        out: &mut Diagnostics,
    ) {
        for (key, place) in
            [("annex", &mut self.one), ("annex_2025", &mut self.one_2025), ("annex_4", &mut self.four)]
        {
            if let Some(mut list) = table.get(key).and_then(|item| item.table(out)) {
                let own = Pack { certainty: String::new(), ..pack.clone() };
                *place = CodeList::read(&mut list, &own, out);
                list.finish(out);
            }
        }
        for mut general in table.tables("general", out) {
            self.general.push(read_general(&mut general, pack, places, out));
            general.finish(out);
        }
        if let Some(set) = places.set("eu-members") {
            self.members = set.members.iter().map(|member| member.country).collect();
        }
    }

    pub(super) fn code_count(&self) -> usize {
        self.one.codes.len()
    }

    /// Whether a code is in Annex I, on a day where one is given.
    pub(super) fn known(&self, entry: &str, day: Option<Date>) -> (Known, Vec<Source>) {
        if self.one.has(entry) {
            return (Known::Yes, vec![self.one.source.clone()]);
        }
        let new = day.is_none_or(|day| self.one_2025.from.is_none_or(|from| from <= day));
        if new && self.one_2025.has(entry) {
            return (Known::Yes, vec![self.one_2025.source.clone()]);
        }
        // The 500 series of 2025 was not seen but for a few codes.
        if new && entry.get(2..3) == Some("5") {
            return (Known::NotCovered, vec![self.one_2025.source.clone()]);
        }
        (Known::No, vec![self.one.source.clone()])
    }

    /// The EU's view of a question.
    pub(super) fn view(
        &self,
        question: &Question,
        check: &CodeCheck,
        subject: &Subject<'_>,
        rules: &[Rule],
    ) -> View {
        let mut draft = Draft::default();
        if let Some(country) = question.destination {
            draft.country(country);
            let destination = Destination { countries: vec![country], regions: question.regions.clone() };
            let inside = self.members.contains(&country) && destination.regions.is_empty();
            if inside {
                self.inside(&mut draft, check);
            } else {
                self.outside(&mut draft, check);
            }
            draft.rules(Law::Eu, rules, question, &destination, subject);
            self.authorisations(&mut draft, question, &destination, check, subject);
        } else {
            draft.open("the destination".to_owned());
            let regions = Destination { countries: Vec::new(), regions: question.regions.clone() };
            draft.rules(Law::Eu, rules, question, &regions, subject);
        }
        draft.finish(Law::Eu)
    }

    fn inside(&self, draft: &mut Draft, check: &CodeCheck) {
        draft
            .step("the destination is in the EU: only Annex IV asks for an authorisation", &self.four.source);
        match check.kind {
            CodeKind::Code if self.four.has(check.entry()) => {
                draft.step(format!("{} is among the {}", check.entry(), self.four.title), &self.four.source);
                draft
                    .open(format!("whether the goods are the part of {} that Annex IV holds", check.entry()));
            }
            CodeKind::Code if check.eu == Known::Yes => {
                draft.step(format!("{} has no part in Annex IV", check.entry()), &self.four.source);
            }
            CodeKind::NoList => draft.assume("the claim to be on no list is right for Annex I and IV"),
            _ => self.not_listed(draft, check),
        }
    }

    fn outside(&self, draft: &mut Draft, check: &CodeCheck) {
        if check.kind == CodeKind::Code && check.eu == Known::Yes {
            let source = check.sources.first().cloned().unwrap_or_default();
            draft.step(
                format!(
                    "{} is in Annex I: an authorisation is required for every destination outside the EU",
                    check.entry()
                ),
                &source,
            );
            draft.need("Annex I");
        } else if check.kind == CodeKind::NoList {
            draft.assume("the claim to be on no list is right for Annex I");
        } else {
            self.not_listed(draft, check);
        }
    }

    /// Everything that is not a code of Annex I.
    fn not_listed(&self, draft: &mut Draft, check: &CodeCheck) {
        let third = check.entry().get(2..3).unwrap_or_default();
        match &check.kind {
            CodeKind::Empty => draft.open("the control code".to_owned()),
            CodeKind::Ear99 => draft.open("the Annex I classification: EAR99 says nothing of it".to_owned()),
            CodeKind::Licence => draft.open("the control code: the text speaks of the licence".to_owned()),
            CodeKind::OtherList(name) => draft.open(format!("{name}: not covered")),
            CodeKind::Unreadable => draft.open("a readable control code".to_owned()),
            CodeKind::Code if check.eu == Known::NotCovered => {
                draft.step("the 500 series of 2025 was not seen but for a few codes", &self.one_2025.source);
                draft.open(format!("whether {} is in the list of 2025", check.entry()));
            }
            CodeKind::Code if check.us == Known::Yes && third == "9" => {
                draft.step(
                    format!("{} is a number of the US list only; Annex I does not have it", check.entry()),
                    &self.one.source,
                );
            }
            CodeKind::Code | CodeKind::NoList => {
                draft.step(format!("{} is not in the list", check.entry()), &self.one.source);
                draft.open("the Annex I classification, or the national military list".to_owned());
            }
        }
    }

    fn authorisations(
        &self,
        draft: &mut Draft,
        question: &Question,
        destination: &Destination,
        check: &CodeCheck,
        subject: &Subject<'_>,
    ) {
        if draft.needs().is_empty() {
            return;
        }
        let all_annex = draft.needs().iter().all(|need| need == "Annex I");
        for general in &self.general {
            let Some(mut note) = general.note(question, destination, subject) else { continue };
            if self.four.has(check.entry()) && general.shut_annex_4 {
                note.check.push(format!("the goods are not the part of {} in Annex IV", check.entry()));
            }
            draft.covered |= all_annex && note.only_if.is_none();
            draft.exceptions.push(note);
        }
    }
}

impl General {
    /// The authorisation as something to look at, where it fits.
    fn note(
        &self,
        question: &Question,
        destination: &Destination,
        subject: &Subject<'_>,
    ) -> Option<ExceptionNote> {
        let group = subject.entry.get(1..2).unwrap_or_default();
        let only = self.only.as_ref().map_or(Reach::Yes, |codes| codes.reach(subject));
        let shut = self.shut.as_ref().map_or(Reach::No, |codes| codes.reach(subject));
        let fits = self.days.hold(question.date)
            && self.place.fits(destination)
            && !only.is_no()
            && shut.is_no()
            && (self.groups.is_empty() || self.groups.contains(group));
        let only_if = self.situation.clone().filter(|kind| !question.situations.contains(kind));
        fits.then(|| ExceptionNote {
            symbol: self.id.clone(),
            title: self.title.clone(),
            covers: vec!["Annex I".to_owned()],
            check: self.check.clone(),
            only_if,
            source: self.source.clone(),
        })
    }
}
