//! The US view: reasons for control of the paragraph, Country Chart, rules of
//! parts 744 and 746, exceptions, de minimis.
//!
//! Takes the code as declared; does not know whether it is right.

use rust_decimal::Decimal;

use super::answer::{ExceptionNote, Source, View};
use super::chart::{Chart, Found, Note, Row};
use super::code::{CodeCheck, CodeKind, Known};
use super::condition::{Destination, Subject};
use super::draft::Draft;
use super::entry::{Control, Entries, Entry};
use super::exception::Exceptions;
use super::question::{Law, Question};
use super::scope::Reach;
use super::special::{DeMinimis, Rule};

/// The tables of the US view.
#[derive(Clone, Debug, Default)]
pub(super) struct UsTables {
    pub entries: Entries,
    pub chart: Chart,
    pub rules: Vec<Rule>,
    pub exceptions: Exceptions,
    pub de_minimis: Vec<DeMinimis>,
}

impl UsTables {
    pub(super) fn view(&self, question: &Question, check: &CodeCheck, subject: &Subject<'_>) -> View {
        let mut draft = Draft::default();
        let Some(country) = question.destination else {
            draft.open("the destination".to_owned());
            // A region alone can be under an embargo.
            let regions = Destination { countries: Vec::new(), regions: question.regions.clone() };
            draft.rules(Law::Us, &self.rules, question, &regions, subject);
            self.without_chart(&mut draft, check);
            return draft.finish(Law::Us);
        };
        draft.country(country);
        let found = self.chart.find(country, question.date);
        let mut destination = Destination { countries: vec![country], regions: question.regions.clone() };
        if let Found::Row(row, _, Some(territory)) = &found {
            draft.step(territory.words.clone(), &territory.source);
            if *row != country {
                destination.countries.push(*row);
            }
        }
        draft.rules(Law::Us, &self.rules, question, &destination, subject);
        self.code(&mut draft, question, check, subject, &destination, &found);
        self.relief(&mut draft, question, &destination, subject);
        draft.finish(Law::Us)
    }

    /// What the declared text says by itself.
    fn without_chart(&self, draft: &mut Draft, check: &CodeCheck) -> bool {
        match &check.kind {
            CodeKind::Code if check.us == Known::Yes => return true,
            CodeKind::Code => {
                let source = Source {
                    cite: "15 CFR part 774 Supp. 1".to_owned(),
                    date: self.entries.source.date,
                    certainty: String::new(),
                };
                draft.step(format!("{} is no entry of the Commerce Control List", check.entry()), &source);
                draft.open("the US classification of the goods".to_owned());
            }
            CodeKind::Empty => draft.open("the control code".to_owned()),
            CodeKind::Licence => draft.open("the control code: the text speaks of the licence".to_owned()),
            CodeKind::OtherList(name) => draft.open(format!("the US classification; {name}: not covered")),
            CodeKind::Unreadable => draft.open("a readable control code".to_owned()),
            CodeKind::Ear99 => {
                let source = Source {
                    cite: "15 CFR 734.3(c), 774.1".to_owned(),
                    date: None,
                    certainty: String::new(),
                };
                draft.step("EAR99: no reason for control, so that the chart is not asked", &source);
                draft.assume("the claim EAR99 is right");
            }
            CodeKind::NoList => draft.assume("the claim to be on no list is right for the EAR"),
        }
        false
    }

    fn code(
        &self,
        draft: &mut Draft,
        question: &Question,
        check: &CodeCheck,
        subject: &Subject<'_>,
        destination: &Destination,
        found: &Found<'_>,
    ) {
        if !self.without_chart(draft, check) {
            return;
        }
        let Some(entry) = self.entries.get(subject.entry) else { return };
        self.about_copy(draft, question, check, entry);
        if entry.blank {
            blank(draft, check, entry);
            return;
        }
        if destination.countries.first().is_some_and(|country| country.as_str() == "US") {
            let source =
                Source { cite: "15 CFR 734.13".to_owned(), date: None, certainty: "from memory".to_owned() };
            draft.step("a delivery inside the United States is no export", &source);
            draft.assume("the goods stay in the United States and go to no foreign person");
            return;
        }
        let row = match found {
            Found::Row(_, row, _) => Some(*row),
            Found::Unclear(words) => {
                draft.open((*words).to_owned());
                None
            }
            Found::None => {
                let source = Source {
                    cite: "Country Chart".to_owned(),
                    date: self.chart.pack.date,
                    certainty: String::new(),
                };
                draft.step("the destination has no row in the Country Chart", &source);
                if !draft.is_embargo() {
                    draft.open("how the destination is treated: it has no row in the chart".to_owned());
                }
                None
            }
        };
        for control in &entry.controls {
            self.control(draft, question, subject, destination, row, control);
        }
        for note in row.into_iter().flat_map(|row| self.chart.notes(row, question.date)) {
            footnote(draft, subject, note);
        }
    }

    fn about_copy(&self, draft: &mut Draft, question: &Question, check: &CodeCheck, entry: &Entry) {
        if let Some(copy) = self.chart.pack.date.filter(|copy| *copy != question.date) {
            draft.assume(format!(
                "entry and chart are read as they stood on {copy}; on {} they may have differed",
                question.date
            ));
        }
        if check.paragraph == Some(Known::No) {
            draft.ask(format!("whether the entry has a paragraph .{}", check.paragraph_text()));
        }
        if let Some(odd) = &entry.odd {
            draft.ask(format!("the entry in the official list: {odd}"));
        }
    }

    /// One line of the entry's table against the destination.
    fn control(
        &self,
        draft: &mut Draft,
        question: &Question,
        subject: &Subject<'_>,
        destination: &Destination,
        row: Option<&Row>,
        control: &Control,
    ) {
        let touches = control.reach(subject.paragraph);
        if touches.is_no() {
            return;
        }
        let place = self.chart.place(&control.to);
        let (mark, source, words) = match (place, row) {
            (Some(place), _) => {
                (place.reach(destination, question.date), place.source.clone(), place.words.clone())
            }
            (None, Some(row)) => {
                let mark = if row.marked(&control.to) { Reach::Yes } else { Reach::No };
                (mark, self.chart.cell(row, &control.to), String::new())
            }
            (None, None) => return,
        };
        let lead = format!("{} applies to {} of {}", control.reason, control.scope.words(), subject.entry);
        let lead = if words.is_empty() { lead } else { format!("{lead}: {words}") };
        match touches.and(mark) {
            Reach::Yes => {
                draft.step(format!("{lead}: a licence is required"), &source);
                draft.need(control.reason.clone());
            }
            Reach::No => draft.step(format!("{lead}: not for this destination"), &source),
            Reach::Open(open) => {
                draft.step(format!("{lead}: a licence is required if {open}"), &source);
                draft.open(format!("for {}: whether {open}", control.reason));
            }
        }
    }

    fn relief(
        &self,
        draft: &mut Draft,
        question: &Question,
        destination: &Destination,
        subject: &Subject<'_>,
    ) {
        if draft.needs().is_empty() {
            return;
        }
        let needs = draft.needs().to_vec();
        let entry = self.entries.get(subject.entry);
        let relief = self.exceptions.relief(question, destination, subject, entry, &needs);
        draft.steps(relief.steps);
        draft.covered = relief.covers_all;
        draft.exceptions = relief.notes;
        if let Some(share) = question.us_content_percent {
            self.share(draft, share, destination, subject, &needs);
        }
    }

    /// Goods made abroad with a small share of US content.
    fn share(
        &self,
        draft: &mut Draft,
        share: Decimal,
        destination: &Destination,
        subject: &Subject<'_>,
        needs: &[String],
    ) {
        let Some(line) = self.de_minimis.iter().find(|line| line.fits(destination, subject)) else { return };
        let within = share <= line.percent && !line.percent.is_zero();
        let side = if within { "within" } else { "above" };
        draft.step(
            format!("US content {share} %: {side} the de minimis share ({})", line.words),
            &line.source,
        );
        if within {
            draft.covered = true;
            draft.exceptions.push(ExceptionNote {
                symbol: "de minimis".to_owned(),
                title: "goods made abroad with little US content".to_owned(),
                covers: needs.to_vec(),
                check: vec![
                    "the share counts only US content that needs a licence to this destination".to_owned(),
                    "no foreign-direct-product rule reaches the goods".to_owned(),
                ],
                only_if: None,
                source: line.source.clone(),
            });
        }
    }
}

/// An entry of which the copy has no licence table.
fn blank(draft: &mut Draft, check: &CodeCheck, entry: &Entry) {
    let source = check.sources.last().cloned().unwrap_or_default();
    if entry.itar {
        draft.step("the entry sends the reader to the ITAR: the EAR does not license it", &source);
        draft.open("the ITAR classification (22 CFR part 121)".to_owned());
    } else {
        draft.step("the copy shows no licence table for the entry, which does not mean none", &source);
        draft.open(format!("the reasons for control of {}: read the entry", check.entry()));
    }
}

/// A footnote of the row: told where it is about the code; some add a need.
fn footnote(draft: &mut Draft, subject: &Subject<'_>, note: &Note) {
    if note.spares.as_ref().is_some_and(|codes| codes.reach(subject) == Reach::Yes) {
        return;
    }
    let adds = note.adds.as_ref().map(|codes| codes.reach(subject));
    let asks = note.asks.as_ref().map(|codes| codes.reach(subject));
    let special = adds.is_some() || asks.is_some();
    let open = match (adds, asks) {
        (Some(Reach::Yes), _) => {
            draft.step(format!("footnote {}: {}", note.number, note.words), &note.source);
            draft.need(note.reason.as_ref().unwrap_or(&note.source.cite).clone());
            return;
        }
        (Some(Reach::Open(words)), _) | (_, Some(Reach::Open(words))) => format!("whether {words}"),
        (_, Some(Reach::Yes)) => {
            "whether the goods are the part of the entry that the footnote names".to_owned()
        }
        _ if special => return,
        _ => {
            if !note.codes.reach(subject).is_no() {
                draft.step(format!("footnote {}: {}", note.number, note.words), &note.source);
            }
            return;
        }
    };
    draft.step(format!("footnote {}: {}", note.number, note.words), &note.source);
    draft.open(open);
}
