//! A hit: both names, their alignment, and the list entry.

use super::{identifier, web};
use crate::matching::{Hit, Measure};
use crate::report::escape::prose;
use crate::report::words;
use crate::trade::Party;
use crate::watchlist::{ListInfo, NameQuality};

pub struct MatchView {
    pub number: usize,
    pub role: String,
    pub query: String,
    pub part: String,
    pub listed: String,
    pub listed_as: String,
    pub by: &'static str,
    pub score: String,
    pub score_thousandths: u64,
    pub strength: &'static str,
    pub tokens: Vec<TokenView>,
    pub adjustments: Vec<(String, String)>,
    pub entry_line: String,
    /// Where it does not stand above already.
    pub entry: Option<EntryView>,
}

pub struct TokenView {
    pub query: String,
    pub listed: String,
    pub measure: &'static str,
    pub similarity: String,
    pub weight: String,
    /// In hundredths of the heaviest.
    pub weight_share: u64,
    pub why: String,
}

pub struct EntryView {
    pub list: String,
    pub list_title: String,
    pub regime: String,
    pub id: String,
    pub caption: String,
    pub kind: &'static str,
    pub effect: &'static str,
    pub listed: String,
    pub removed: Option<String>,
    pub programs: String,
    pub requirement: String,
    pub policy: String,
    pub citation: String,
    pub authority: String,
    pub names: Vec<(String, &'static str)>,
    pub addresses: Vec<String>,
    pub identifiers: Vec<String>,
    pub nationality_label: &'static str,
    pub nationalities: String,
    pub born: String,
    pub relations: Vec<String>,
    pub same_as: String,
    pub remarks: String,
    pub url: Option<String>,
}

/// `whole` gives the list entry too.
pub fn match_view(number: usize, hit: &Hit, party: Option<&Party>, whole: bool) -> MatchView {
    let heaviest = hit.breakdown.tokens.iter().map(|token| token.weight).fold(0.0, f64::max);
    let quality = match hit.quality {
        NameQuality::Primary => "primary name",
        NameQuality::Strong => "good alias",
        NameQuality::Weak => "weak alias",
    };
    let listed_as = match hit.by {
        crate::matching::MatchedBy::Name => quality,
        crate::matching::MatchedBy::Identifier => "identifier",
        crate::matching::MatchedBy::Address => "address",
    };
    MatchView {
        number,
        role: party.map(|party| party.role.label()).unwrap_or_default(),
        query: hit.breakdown.query.clone(),
        part: hit.breakdown.part.clone(),
        listed: hit.listed_text.clone(),
        listed_as: listed_as.to_owned(),
        by: words::matched_by(hit.by),
        score: format!("{:.2}", hit.score),
        score_thousandths: scaled(hit.score, 1000),
        strength: hit.strength.key(),
        tokens: hit
            .breakdown
            .tokens
            .iter()
            .map(|token| TokenView {
                query: token.query.clone(),
                listed: token.listed.clone(),
                measure: token.measure.key(),
                similarity: if token.measure == Measure::Unmatched {
                    String::new()
                } else {
                    format!("{:.2}", token.similarity)
                },
                weight: format!("{:.1}", token.weight),
                weight_share: if heaviest > 0.0 { scaled(token.weight / heaviest, 100) } else { 0 },
                why: prose(&token.why),
            })
            .collect(),
        adjustments: hit
            .breakdown
            .adjustments
            .iter()
            .map(|adjustment| (format!("{:+.2}", adjustment.change), prose(&adjustment.why)))
            .collect(),
        entry_line: words::entry(hit),
        entry: whole.then(|| entry_view(hit)),
    }
}

/// A share from 0 to 1 in whole parts of `whole`, at most 1000.
fn scaled(share: f64, whole: u16) -> u64 {
    // Counting up avoids a cast from floating point.
    let limit = share.clamp(0.0, 1.0) * f64::from(whole);
    u64::from((0..whole).take_while(|step| f64::from(*step) + 0.5 <= limit).last().map_or(0, |step| step + 1))
}

fn entry_view(hit: &Hit) -> EntryView {
    let (entry, list): (_, &ListInfo) = (&hit.entry, &hit.list);
    EntryView {
        list: list.id.clone(),
        list_title: list.title.clone(),
        regime: format!("{}, {}", list.jurisdiction, list.regime.key()),
        id: entry.id.clone(),
        caption: entry.caption(),
        kind: entry.kind.key(),
        effect: words::effect(words::entry_effect(hit)),
        listed: words::date_or(entry.listed, "not stated"),
        removed: entry.removed.map(|day| day.to_string()),
        programs: words::programs(hit),
        requirement: entry.licence_requirement.as_deref().unwrap_or_default().to_owned(),
        policy: entry.licence_policy.as_deref().unwrap_or_default().to_owned(),
        citation: words::entry_citation(hit).to_owned(),
        authority: prose(&list.authority),
        names: entry
            .names
            .iter()
            .map(|name| {
                let quality = match (name.former, name.quality) {
                    (true, _) => "former name",
                    (false, NameQuality::Primary) => "primary",
                    (false, NameQuality::Strong) => "alias",
                    (false, NameQuality::Weak) => "weak alias",
                };
                (name.text.to_string(), quality)
            })
            .collect(),
        addresses: entry.addresses.iter().map(crate::trade::Address::one_line).collect(),
        identifiers: entry.identifiers.iter().map(identifier).collect(),
        nationality_label: words::nationality_label(entry.kind),
        nationalities: words::nationalities(entry),
        born: words::born(entry),
        relations: entry.relations.iter().map(words::relation).collect(),
        same_as: entry.same_as.join("; "),
        remarks: prose(&entry.remarks),
        url: entry.url.as_deref().and_then(web),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_scale_to_whole_parts() {
        assert_eq!(scaled(0.0, 1000), 0);
        assert_eq!(scaled(0.87, 1000), 870);
        assert_eq!(scaled(1.0, 1000), 1000);
        assert_eq!(scaled(f64::NAN, 1000), 0);
    }
}
