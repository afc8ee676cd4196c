//! The EU's consolidated list of financial sanctions: CSV and XML of its
//! schema 1.1, and the schema before it. What an entry's parts mean stands in
//! `parts`; each file only finds them.
//!
//! The id is the publisher's logical id, which all three share; the reference
//! number of schema 1.1 stands in the remarks. The language of a name is not
//! kept.

mod csv;
mod global;
mod parts;
mod xml;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::trade::PartyKind;
use crate::watchlist::{ListedParty, Watchlist};

use super::format::{Format, Input, Read, Reader};
use super::gather::{Gather, add_remark};
use super::oddities::Oddities;
use super::{Mistakes, heads};
use parts::{Law, Part};

pub(super) const CSV: Reader = Reader {
    format: Format { key: "eu-fsf-csv", label: "EU financial sanctions list, CSV 1.1" },
    looks_like: csv::looks_like,
    read: Read::Each(csv::read),
};
pub(super) const XML: Reader = Reader {
    format: Format { key: "eu-fsf-xml", label: "EU financial sanctions list, XML 1.1" },
    looks_like: |head| head.root() == Some(("export", xml::NAMESPACE)),
    read: Read::Each(xml::read),
};
pub(super) const GLOBAL: Reader = Reader {
    format: Format { key: "eu-global-xml", label: "EU financial sanctions list, XML before 2017" },
    looks_like: |head| head.root() == Some(("WHOLE", "")),
    read: Read::Each(global::read),
};

/// The list being read.
struct List<'i> {
    gather: Gather,
    odd: Oddities<'i>,
    date: Option<Date>,
}

impl<'i> List<'i> {
    fn new(input: &Input<'i>) -> Self {
        Self { gather: Gather::default(), odd: Oddities::new(input.countries), date: None }
    }

    /// What is said of the whole entry, apart from its laws.
    fn entity(&mut self, id: &str, entity: &dyn Part) {
        let party = self.gather.party(id);
        if party.kind == PartyKind::Unknown {
            party.kind = kind(entity, &mut self.odd);
        }
        parts::entity(entity, party, &mut self.odd);
    }

    /// A law that the entry stands on: its citation, programme, and its day as
    /// the day of listing where the entry has no designation date.
    fn law(&mut self, id: &str, law: &Law) {
        if law.is_empty() {
            return;
        }
        let programme = (!law.programme.is_empty()).then(|| self.gather.text(&law.programme));
        let url = (!law.url.is_empty()).then(|| self.gather.text(&law.url));
        let party = self.gather.party(id);
        let citation = law.citation();
        if !party.citation.split("; ").any(|there| there == citation) {
            if !party.citation.is_empty() {
                party.citation.push_str("; ");
            }
            party.citation.push_str(&citation);
        }
        party.programs.extend(programme.filter(|programme| !party.programs.contains(programme)));
        match &party.url {
            None => party.url = url,
            Some(first) => {
                if let Some(other) = url.filter(|url| url != first) {
                    add_remark(party, "Also", &other);
                }
            }
        }
    }

    /// A law that only a part of the entry stands on, such as a name.
    fn part_law(&mut self, id: &str, law: &Law) {
        if law.is_empty() {
            return;
        }
        let programme = (!law.programme.is_empty()).then(|| self.gather.text(&law.programme));
        let party = self.gather.party(id);
        party.programs.extend(programme.filter(|programme| !party.programs.contains(programme)));
        if !law.number.is_empty() && !party.citation.contains(&law.number) {
            add_remark(party, "Parts of the entry under", &law.citation());
        }
    }

    /// Without a name an entry cannot be met, so something is lost.
    fn finish(self, input: &Input<'_>, mistakes: &mut Mistakes<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
        let file = &input.file;
        let mut info = heads::head("eu-fsf");
        file.name.as_ref().clone_into(&mut info.edition.source);
        info.edition.sha256.clone_from(&input.sha256);
        info.edition.date = self.date;
        let parties = self.gather.finish();
        for party in parties.iter().filter(|party| party.names.is_empty()) {
            let message = format!("`{}`: the entry {} has no name", file.name, party.id);
            mistakes.push(Diagnostic::error(message), out);
        }
        if parties.is_empty() {
            out.push(Diagnostic::error(format!("`{}` holds no entries", file.name)));
        }
        if self.date.is_none() {
            out.push(Diagnostic::warning(format!("`{}` does not say its date", file.name)));
        }
        self.odd.report(&file.name, &mut info, out);
        vec![Watchlist::new(info, parties)]
    }
}

/// `P` and `E`, or `person` and `enterprise`. In the CSV the two columns come
/// with each other's values, so both are looked at.
fn kind(entity: &dyn Part, odd: &mut Oddities<'_>) -> PartyKind {
    let words = [entity.get("SubjectType_ClassificationCode"), entity.get("SubjectType")];
    for word in &words {
        match word.to_ascii_lowercase().as_str() {
            "p" | "person" => return PartyKind::Person,
            "e" | "enterprise" | "entity" => return PartyKind::Organization,
            _ => {}
        }
    }
    odd.note("entries of no known kind", &words.join(" "));
    PartyKind::Unknown
}

/// The earliest day on which a law made the entry, where it has no own.
fn listed_by_law(party: &mut ListedParty, law: &Law) {
    let day = law.in_force.or(law.published);
    party.listed = match (party.listed, day) {
        (Some(known), Some(day)) => Some(known.min(day)),
        (known, day) => known.or(day),
    };
}
