//! One line of goods, read from every side: what the description names, whether
//! its figures meet a control paragraph, whether the tariff code fits the text,
//! what the control code is, and what that means at the destination.
//!
//! The place where goods and licences meet. An adviser: it suggests what to
//! check, with reasons, and decides nothing.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::goods::tariff::{Tariff, TariffCheck};
use crate::goods::{Assessment, GoodsNote, NoteKind, Outcome, Products, Suggestion};
use crate::licence::{
    self, CodeCheck, CodeKind, Determination, EndUse, Known, Law, Licensing, ListedEntry, Question,
};
use crate::trade::{CountryCode, LineItem, Shipment};

/// What is known of a shipment beyond a line of goods, as far as licences ask
/// for it; what is not known is empty.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Context {
    /// Ids of regions below country level (`crimea`).
    pub regions: Vec<String>,
    /// Parties that stand on lists.
    pub listed: Vec<ListedEntry>,
    /// Uses that have rules of their own.
    pub uses: Vec<EndUse>,
    /// Value of the order in US dollars.
    pub value_usd: Option<Decimal>,
    /// Share of US content in goods made outside the US, 0 to 100 per cent.
    pub us_content_percent: Option<Decimal>,
}

/// What is asked about a line of goods; what is not known is empty.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub description: &'a str,
    /// Read together with the description for part numbers.
    pub part_number: &'a str,
    /// As declared.
    pub hs: &'a str,
    /// As declared.
    pub control_code: &'a str,
    pub destination: Option<CountryCode>,
    pub date: Date,
    /// Jurisdictions whose law binds the company.
    pub bound_by: &'a [String],
    pub context: &'a Context,
}

/// What was read out of a line.
#[derive(Clone, Debug)]
pub struct Advice {
    /// The products that the description names, best named first.
    pub goods: Vec<Assessment>,
    /// Of the declared tariff code; none where none is declared.
    pub tariff: Option<TariffCheck>,
    /// Of the declared control code; none where none is declared.
    pub code: Option<CodeCheck>,
    /// For the declared code, else for each suggested one; empty without a
    /// destination.
    pub licences: Vec<(String, Determination)>,
}

/// Suggested codes that a licence is looked up for.
const MOST_LICENCES: usize = 3;

impl Advice {
    /// Reads a line.
    #[must_use]
    pub fn read(line: &Line<'_>) -> Self {
        let mut advice = Self::without_licence(line);
        let declared = line.control_code.trim();
        let mut codes: Vec<String> = if declared.is_empty() {
            advice.codes().into_iter().take(MOST_LICENCES).map(str::to_owned).collect()
        } else {
            vec![declared.to_owned()]
        };
        if line.destination.is_some() {
            let question = |code: &str| {
                let mut question = Question::new(code, line.destination, line.date);
                line.description.clone_into(&mut question.description);
                line.hs.trim().clone_into(&mut question.tariff);
                question.bound_by = line.bound_by.to_vec();
                let context = line.context.clone();
                question.regions = context.regions;
                question.listed = context.listed;
                question.uses = context.uses;
                question.value_usd = context.value_usd;
                question.us_content_percent = context.us_content_percent;
                question
            };
            // A tariff code may ask for a licence whatever the control code is.
            if codes.is_empty() && Licensing::shipped().speaks_of_tariff(&question("")) {
                codes.push(String::new());
            }
            let ask = |code: String| {
                let found = Licensing::shipped().determine(&question(&code));
                (code, found)
            };
            advice.licences = codes.into_iter().map(ask).collect();
        }
        advice
    }

    /// The same, without looking up licences.
    #[must_use]
    pub fn without_licence(line: &Line<'_>) -> Self {
        let text = match line.part_number.trim() {
            "" => std::borrow::Cow::Borrowed(line.description),
            part => format!("{} {part}", line.description).into(),
        };
        let tariff = !line.hs.trim().is_empty();
        let declared = !line.control_code.trim().is_empty();
        Self {
            goods: if text.trim().is_empty() { Vec::new() } else { Products::shipped().assess(&text) },
            tariff: tariff.then(|| Tariff::shipped().check(line.description, line.hs)),
            code: declared.then(|| Licensing::shipped().code(line.control_code)),
            licences: Vec::new(),
        }
    }

    /// The paragraphs that are met, best named product first; entries that are
    /// controlled for anti-terrorism alone are not among them.
    pub fn met(&self) -> impl Iterator<Item = (&Assessment, &Suggestion)> {
        self.goods.iter().flat_map(|goods| {
            let met = goods.suggestions.iter().filter(|one| one.outcome == Outcome::Met && !one.is_light());
            met.map(move |one| (goods, one))
        })
    }

    /// The codes of the paragraphs that are met, each once.
    #[must_use]
    pub fn codes(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = Vec::new();
        for (_, suggestion) in self.met() {
            let code = if suggestion.code.is_empty() { &suggestion.eu } else { &suggestion.code };
            if !codes.contains(&code.as_str()) {
                codes.push(code);
            }
        }
        codes
    }

    /// The same with the codes of the EU's list that are of another entry than
    /// those of the US list.
    #[must_use]
    pub fn codes_of_both(&self) -> Vec<&str> {
        let mut codes = self.codes();
        for (_, suggestion) in self.met() {
            let eu = suggestion.eu.as_str();
            if !eu.is_empty() && !codes.iter().any(|code| entry(code) == entry(eu)) {
                codes.push(eu);
            }
        }
        codes
    }

    /// Whether the text speaks of other goods than the tariff code.
    #[must_use]
    pub fn contradicts(&self) -> bool {
        self.tariff.as_ref().is_some_and(|check| check.contradiction.is_some())
    }

    /// What rules can ask about, for an item of a shipment.
    #[must_use]
    pub fn notes(&self, item: usize) -> Vec<GoodsNote> {
        let mut notes = Notes { item, notes: Vec::new() };
        self.note_goods(&mut notes);
        self.note_tariff(&mut notes);
        self.note_code(&mut notes);
        self.note_licences(&mut notes);
        notes.notes
    }

    fn note_goods(&self, notes: &mut Notes) {
        for (goods, one) in self.met() {
            let kind = if one.reasons.is_empty() { NoteKind::Named } else { NoteKind::FiguresMet };
            let reasons =
                if one.reasons.is_empty() { String::new() } else { format!("; {}", one.reasons.join("; ")) };
            let certainty =
                if one.certainty.is_empty() { String::new() } else { format!(" ({})", one.certainty) };
            notes.push(
                kind,
                &one.code,
                format!(
                    "the description names {} ({}){reasons}: check {}, {}{certainty}",
                    goods.title, goods.by, one.code, one.title
                ),
            );
        }
        let asked = self
            .goods
            .iter()
            .filter(|goods| !goods.suggestions.iter().any(|one| one.outcome == Outcome::Met));
        for goods in asked {
            let open = goods.suggestions.iter().find(|one| one.outcome == Outcome::NotStated);
            if let Some(one) = open {
                notes.push(
                    NoteKind::FiguresMissing,
                    &one.code,
                    format!(
                        "the description names {} ({}); ask for: {}",
                        goods.title,
                        goods.by,
                        one.ask.join(", ")
                    ),
                );
            }
        }
    }

    fn note_tariff(&self, notes: &mut Notes) {
        let Some(check) = &self.tariff else { return };
        if let Some(contradiction) = &check.contradiction {
            notes.push(NoteKind::TariffContradiction, "", contradiction.words.clone());
        }
        if !check.code.is_known() {
            notes.push(NoteKind::TariffUnknown, "", check.code.words());
        }
    }

    fn note_code(&self, notes: &mut Notes) {
        let Some(check) = &self.code else { return };
        let met: Vec<&str> = self.codes();
        match check.kind {
            CodeKind::Unreadable => {
                notes.push(
                    NoteKind::CodeMalformed,
                    &check.text,
                    format!("`{}` is no control code by its form", check.text),
                );
            }
            CodeKind::Code if check.us != Known::Yes && check.eu != Known::Yes && check.us == Known::No => {
                notes.push(
                    NoteKind::CodeUnknown,
                    &check.text,
                    format!("the control code {} is on none of the lists known here", check.text),
                );
            }
            _ => {}
        }
        let disagrees = |code: &&&str| !code.starts_with(check.entry().get(..5).unwrap_or("?"));
        if let Some(code) = met.iter().find(disagrees).filter(|_| !met.iter().any(|code| !disagrees(&code)))
            && !matches!(check.kind, CodeKind::Empty | CodeKind::OtherList(_))
        {
            notes.push(
                NoteKind::CodeDisagrees,
                code,
                format!(
                    "{} is declared, while the description suggests to check {}",
                    check.text.trim(),
                    met.join(", ")
                ),
            );
        }
        for doubt in &check.doubts {
            notes.push(NoteKind::CodeGroup, &check.text, doubt.clone());
        }
    }

    fn note_licences(&self, notes: &mut Notes) {
        for (code, determination) in &self.licences {
            for view in &determination.views {
                let kind = match view.outcome {
                    licence::Outcome::NotRequired => continue,
                    licence::Outcome::Indeterminate if self.code.is_none() => continue,
                    _ if self.code.is_none() => NoteKind::SuggestedLicence,
                    licence::Outcome::Embargo => NoteKind::Embargo,
                    licence::Outcome::Required => NoteKind::LicenceRequired,
                    licence::Outcome::ExceptionMayApply => NoteKind::ExceptionMayApply,
                    licence::Outcome::Indeterminate => NoteKind::LicenceIndeterminate,
                };
                let why = view.deciding();
                let why = why.map(|step| format!(": {} [{}]", step.words, step.source)).unwrap_or_default();
                let whose = match (&self.code, code.as_str()) {
                    (Some(_), _) => format!("declared code {code}"),
                    (None, "") => "no code declared".to_owned(),
                    (None, _) => format!("suggested code {code}"),
                };
                let words = view.outcome.words(view.law);
                notes.push(kind, code, format!("{whose}, {}: {words}{why}", law(view.law)));
            }
        }
    }
}

const fn law(law: Law) -> &'static str {
    match law {
        Law::Us => "US law",
        Law::Eu => "EU law",
    }
}

/// Notes of one item.
struct Notes {
    item: usize,
    notes: Vec<GoodsNote>,
}

impl Notes {
    fn push(&mut self, kind: NoteKind, code: &str, words: String) {
        self.notes.push(GoodsNote { item: self.item, kind, code: code.to_owned(), words });
    }
}

impl Context {
    /// What a shipment says of its own: its value, and for one of its lines the
    /// end use and the share of US content. Listed parties and regions are for
    /// others to add.
    #[must_use]
    pub fn of(shipment: &Shipment, item: &LineItem) -> Self {
        // Without a declared code no exception by value is looked for.
        let declared = item.control_code.is_some();
        Self {
            regions: Vec::new(),
            listed: Vec::new(),
            uses: Licensing::shipped().uses_in(&item.end_use),
            value_usd: declared.then(|| value_usd(shipment)).flatten(),
            us_content_percent: item.us_content_percent,
        }
    }
}

/// Reads the tables that advice is drawn from, which the first line of goods
/// would wait for otherwise.
pub fn read_tables() {
    let _: (&Products, &Tariff, &Licensing) = (Products::shipped(), Tariff::shipped(), Licensing::shipped());
}

/// The entry of a code of either list: its first five characters.
fn entry(code: &str) -> &str {
    code.get(..5).unwrap_or(code)
}

/// The value of all lines, where all are stated in US dollars.
fn value_usd(shipment: &Shipment) -> Option<Decimal> {
    let values =
        shipment.items.iter().map(|item| item.value.as_ref().filter(|value| value.currency == "USD"));
    values.map(|value| value.map(|value| value.amount)).sum()
}

/// The notes on one line of a shipment, as of item 0.
#[must_use]
pub fn read_line(
    item: &LineItem,
    destination: Option<CountryCode>,
    date: Date,
    bound_by: &[String],
    context: &Context,
) -> Vec<GoodsNote> {
    let line = Line {
        description: &item.description,
        part_number: &item.part_number,
        hs: item.hs.as_ref().map_or("", |code| code.digits()),
        control_code: item.control_code.as_ref().map_or("", |code| code.as_str()),
        destination,
        date,
        bound_by,
        context,
    };
    Advice::read(&line).notes(0)
}

/// The notes on every line of a shipment, from what stands in it alone.
#[must_use]
pub fn read_goods(shipment: &Shipment, date: Date, bound_by: &[String]) -> Vec<GoodsNote> {
    let destination = shipment.route.destination.as_ref().and_then(|place| place.country);
    let read = |(number, item): (usize, &LineItem)| {
        let notes = read_line(item, destination, date, bound_by, &Context::of(shipment, item));
        notes.into_iter().map(move |note| GoodsNote { item: number, ..note })
    };
    shipment.items.iter().enumerate().flat_map(read).collect()
}
