//! The sentences and figures that all formats for people share.
//!
//! Gives plain text; each format escapes it in its own way.

mod decided;
mod hit;

use sha2::{Digest, Sha256};

use crate::digest::hex_of_first;
use crate::flow::history::Series;
use crate::rule::{Citation, Subject, Verdict};
use crate::screening::RunHeader;
use crate::trade::{At, CountryCode, LineItem, Money, Party, Place, Quantity, Shipment};
use crate::watchlist::{Edition, Effect, ListInfo};

use super::Options;
pub use decided::*;
pub use hit::*;

/// 16 hexadecimal digits that stand on every output of a run: program, day,
/// lists, rules, profile and thresholds went into them. The input did not.
#[must_use]
pub fn fingerprint(header: &RunHeader) -> String {
    let mut hash = Sha256::new();
    let mut line = |text: &str| {
        hash.update(text.as_bytes());
        hash.update([0]);
    };
    line(&header.program_version);
    line(&header.as_of.to_string());
    line(&header.rule_pack_version);
    line(&header.rule_pack_sha256);
    line(&header.company);
    line(&header.bound_by.join(","));
    line(&format!("{:.6} {:.6}", header.possible, header.strong));
    if let Some(decisions) = &header.decisions {
        line(&decisions.sha256);
    }
    if let Some(baseline) = &header.baseline {
        line("baseline");
        line(&baseline.sha256);
    }
    if !header.history.is_empty() {
        line(&header.history);
    }
    for list in &header.lists {
        line(&list.id);
        line(&list.edition.sha256);
    }
    hex_of_first(&hash.finalize().into(), 8)
}

/// The first 12 digits of a hash; `not stated` for none.
pub fn short_hash(sha256: &str) -> &str {
    match sha256.get(..12) {
        Some(head) => head,
        None if sha256.is_empty() => "not stated",
        None => sha256,
    }
}

/// A number with commas between thousands.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, c) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

pub fn size(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// `1 row`, `1,200 rows`.
pub fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

pub fn date_or(date: Option<jiff::civil::Date>, otherwise: &str) -> String {
    date.map_or_else(|| otherwise.to_owned(), |day| day.to_string())
}

/// `2026-07-31, 18,710 entries, 41,000 names, SHA-256 0123456789ab`; of a store
/// also when it was last known to be the newest.
pub fn edition(edition: &Edition) -> String {
    let confirmed = edition.confirmed.map(|day| format!(", confirmed {day}")).unwrap_or_default();
    let stale = if edition.stale.is_some() { ", NOT THE NEWEST" } else { "" };
    format!(
        "{}{confirmed}{stale}, {}, {}, SHA-256 {}",
        date_or(edition.date, "date not stated"),
        count(size(edition.entries), "entry", "entries"),
        count(size(edition.names), "name", "names"),
        short_hash(&edition.sha256)
    )
}

/// What being on a list means, in a few words.
pub const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Blocking => "blocking: no dealings at all",
        Effect::LicenceRequired => "a licence is required",
        Effect::LicenceExceptionsBarred => "licence exceptions may not be used",
        Effect::EndUseConcern => "end-use concern",
        Effect::Advisory => "advisory",
    }
}

pub const fn verdict_meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unscreened => "could not be screened: nothing is known",
        Verdict::Block => "must not go",
        Verdict::Hold => "must not go until a person has decided",
        Verdict::Review => "a person should look before it goes",
        Verdict::Note => "worth knowing; may go",
        Verdict::Clear => "no rule fired",
    }
}

pub fn bound_by(header: &RunHeader) -> String {
    if header.bound_by.is_empty() {
        "no jurisdiction stated".to_owned()
    } else {
        format!("bound by {}", header.bound_by.join(", "))
    }
}

pub fn company(header: &RunHeader) -> &str {
    if header.company.is_empty() { "company not named" } else { &header.company }
}

pub fn rule_pack(header: &RunHeader) -> String {
    format!(
        "{}, {} in force, SHA-256 {}",
        if header.rule_pack_version.is_empty() { "version not stated" } else { &header.rule_pack_version },
        count(size(header.rules.len()), "rule", "rules"),
        short_hash(&header.rule_pack_sha256)
    )
}

pub fn thresholds(header: &RunHeader) -> String {
    format!("possible from {:.2}, strong from {:.2}", header.possible, header.strong)
}

/// One line with all that a run rests on, for formats without a head.
pub fn provenance(header: &RunHeader) -> String {
    let lists: Vec<String> =
        header.lists.iter().map(|list| format!("{} ({})", list.id, edition(&list.edition))).collect();
    let lists = if lists.is_empty() { "none".to_owned() } else { lists.join("; ") };
    let not_screened = if header.not_screened.is_empty() {
        "nothing stated".to_owned()
    } else {
        header.not_screened.join(" ")
    };
    let history =
        if header.history.is_empty() { String::new() } else { format!("history: {}; ", header.history) };
    format!(
        "redflag {} as of {}; profile: {}, {}; thresholds: {}; rule pack: {}; lists: {lists}; \
         {history}not screened: {not_screened}",
        header.program_version,
        header.as_of,
        company(header),
        bound_by(header),
        thresholds(header),
        rule_pack(header),
    )
}

/// `line 2, column "Shipper"`.
pub fn at(at: &At) -> String {
    format!("line {}, column \"{}\"", at.line, at.column)
}

/// `line 2`, `lines 2–4`, `lines 2, 5, 9`, at most six numbers.
pub fn lines(lines: &[u64]) -> String {
    match *lines {
        [] => "no line".to_owned(),
        [line] => format!("line {line}"),
        [first, .., last] if last.saturating_sub(first) + 1 == size(lines.len()) => {
            format!("lines {first}–{last}")
        }
        _ => {
            let shown: Vec<String> = lines.iter().take(6).map(u64::to_string).collect();
            let more = lines.len() - shown.len();
            let tail = if more == 0 { String::new() } else { format!(" and {more} more") };
            format!("lines {}{tail}", shown.join(", "))
        }
    }
}

/// `15 CFR 744.16 (2024-05-01, from memory)`.
pub fn citation(citation: &Citation) -> String {
    let date = citation.date.map(|day| day.to_string()).unwrap_or_default();
    let parts: Vec<&str> =
        [date.as_str(), citation.certainty.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { citation.cite.clone() } else { format!("{} ({})", citation.cite, parts.join(", ")) }
}

/// What the evidence is about: `consignee Jatronics Sdn Bhd`, `goods line 2`.
pub fn subject(subject: Subject, shipment: &Shipment) -> String {
    match subject {
        Subject::Shipment => "shipment".to_owned(),
        Subject::Route => "route".to_owned(),
        Subject::Party(index) => shipment
            .parties
            .get(index)
            .map_or_else(|| "party".to_owned(), |party| format!("{} {}", party.role.label(), party.name)),
        Subject::Item(index) => format!("goods line {}", index + 1),
    }
}

pub fn regime(list: &ListInfo) -> String {
    format!("{}, {}, {}", list.jurisdiction, list.regime.key(), list.effect)
}

/// Name, city and country, as far as known.
pub fn party(party: &Party) -> String {
    let country = party.address.country.map(|code| code.to_string()).unwrap_or_default();
    [&*party.name, &party.address.city, &country]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

pub fn money(value: &Money) -> String {
    format!("{} {}", value.amount, value.currency).trim_end().to_owned()
}

pub fn quantity(quantity: &Quantity) -> String {
    format!("{} {}", quantity.amount, quantity.unit).trim_end().to_owned()
}

/// Codes and description of a line of goods.
pub fn item(item: &LineItem) -> String {
    let hs = item.hs.as_ref().map(|code| format!("HS {code}")).unwrap_or_default();
    let control = item.control_code.as_ref().map(ToString::to_string).unwrap_or_default();
    [item.description.as_str(), &hs, &control]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Name of a country with its code: `Kyrgyzstan (KG)`, or the code alone.
pub fn country(code: Option<CountryCode>, options: &Options) -> String {
    match code {
        None => "not stated".to_owned(),
        Some(code) => options
            .country_names
            .get(&code)
            .map_or_else(|| code.to_string(), |name| format!("{name} ({code})")),
    }
}

/// The place as written with its country: `Bishkek (KG)`.
pub fn place(place: &Place) -> String {
    match place.country {
        Some(code) if place.text.is_empty() || place.text == code.as_str() => code.to_string(),
        Some(code) => format!("{} ({code})", place.text),
        None => place.text.clone(),
    }
}

/// Country of departure, else of the exporter; and of destination, else of
/// the end user or the consignee.
pub fn lane(shipment: &Shipment) -> (Option<CountryCode>, Option<CountryCode>) {
    use crate::trade::PartyRole::{Consignee, EndUser, Exporter};
    let of_role = |role| shipment.in_role(role).find_map(|party| party.address.country);
    let from =
        shipment.route.departure.as_ref().and_then(|place| place.country).or_else(|| of_role(Exporter));
    let to = shipment
        .route
        .destination
        .as_ref()
        .and_then(|place| place.country)
        .or_else(|| of_role(EndUser))
        .or_else(|| of_role(Consignee));
    (from, to)
}

/// The whole way in words: `Penang (MY) → Istanbul (TR) → Bishkek (KG)`.
pub fn route(shipment: &Shipment) -> String {
    let route = &shipment.route;
    let mut stops: Vec<String> = Vec::new();
    stops.push(route.departure.as_ref().map_or_else(|| "departure not stated".to_owned(), place));
    stops.extend(route.transit.iter().map(place));
    stops.push(route.destination.as_ref().map_or_else(|| "destination not stated".to_owned(), place));
    stops.join(" → ")
}

/// Advice to give where a row or party could not be screened.
pub const UNSCREENED_ADVICE: &str =
    "Nothing is known about this. Correct the cell and screen the file again; do not read it as clear.";

/// What a report says where a limit kept shipments out of it.
pub fn withheld(n: u64, verdict: Verdict) -> String {
    format!(
        "{} at {verdict} not written out here: the limit of this report was reached. They are counted \
         in the summary, and the jsonl, csv and csv-findings outputs hold all of them.",
        count(n, "more shipment", "more shipments")
    )
}

/// A series as a line of bars: `▁▂▁▁█ what, up to 80, 2024-01-01 to 2024-06-01`.
pub fn spark_line(series: &Series) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let figures: Vec<f64> = series.values.iter().map(|value| f64::try_from(*value).unwrap_or(0.0)).collect();
    let most = figures.iter().copied().fold(0.0, f64::max);
    let bar = |figure: &f64| {
        let place = if most > 0.0 { (figure / most * 7.0).round().clamp(0.0, 7.0) } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 7")]
        let place = place as usize;
        BARS.get(place).copied().unwrap_or(' ')
    };
    let bars: String = figures.iter().map(bar).collect();
    let ends = match (series.labels.first(), series.labels.last()) {
        (Some(first), Some(last)) if first != last => format!(", {first} to {last}"),
        _ => String::new(),
    };
    let highest = series.values.iter().max().map(|value| value.normalize().to_string()).unwrap_or_default();
    format!("{bars} {}, up to {highest}{ends}", series.title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_shipment_read_shortly() {
        assert_eq!(lines(&[2]), "line 2");
        assert_eq!(lines(&[2, 3, 4]), "lines 2–4");
        assert_eq!(lines(&[2, 5]), "lines 2, 5");
        assert_eq!(lines(&[1, 3, 5, 7, 9, 11, 13, 15]), "lines 1, 3, 5, 7, 9, 11 and 2 more");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_000), "1,000");
        assert_eq!(number(25_921_000), "25,921,000");
    }

    #[test]
    fn the_fingerprint_changes_with_a_list_and_not_with_the_file() {
        let header = crate::report::fixture::header();
        let mut other = header.clone();
        other.inputs.push("more.csv".to_owned());
        assert_eq!(fingerprint(&header), fingerprint(&other));
        other.lists.pop();
        assert_ne!(fingerprint(&header), fingerprint(&other));
        assert_eq!(fingerprint(&header).len(), 16);
    }
}
