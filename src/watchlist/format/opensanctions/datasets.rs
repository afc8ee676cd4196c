//! What the datasets, topics and properties of OpenSanctions are. The table is
//! `rules/formats/opensanctions.toml`.

use std::sync::LazyLock;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};
use crate::trade::{CountryCode, Identifier, IdentifierKind};
use crate::watchlist::format::slug;
use crate::watchlist::{Edition, Effect, ListInfo, Regime};

const FILE: &str = include_str!("../../../../rules/formats/opensanctions.toml");

/// The list of entities that a topic names and no dataset of the file lists.
pub(super) const UNLISTED: &str = "unlisted";

static TABLES: LazyLock<(Tables, Diagnostics)> = LazyLock::new(|| {
    let mut out = Diagnostics::default();
    let tables = Tables::read(&mut out);
    (tables, out)
});

#[derive(Default)]
struct Tables {
    datasets: Vec<Dataset>,
    reference_names: Vec<String>,
    reference_prefixes: Vec<String>,
    collections: Vec<String>,
    programmes: Vec<(String, Effect)>,
    /// Longest first.
    topics: Vec<(String, Option<Effect>)>,
    numbers: Vec<Number>,
}

struct Dataset {
    name: String,
    titles: Vec<String>,
    jurisdiction: String,
    regime: Regime,
    effect: Effect,
    authority: String,
    mixed: bool,
    referents: Option<String>,
    same_list: Option<String>,
}

struct Number {
    property: String,
    kind: IdentifierKind,
    country: Option<CountryCode>,
    words: String,
}

impl Tables {
    fn read(out: &mut Diagnostics) -> Self {
        let file = SourceFile::new("rules/formats/opensanctions.toml", FILE);
        let document = parse_toml(&file, out);
        let mut top = Table::document(&file, &document);
        top.pack(out);
        let mut tables = Self::default();
        for table in top.tables("dataset", out) {
            tables.datasets.push(Dataset::read(table, out));
        }
        for mut table in top.tables("reference", out) {
            tables.reference_names.extend(table.strings("names", out));
            tables.reference_prefixes.extend(table.strings("prefixes", out));
            table.finish(out);
        }
        for mut table in top.tables("collection", out) {
            tables.collections.extend(table.strings("names", out));
            table.finish(out);
        }
        for mut table in top.tables("programme_effect", out) {
            let effect = table.word("effect", &Effect::WORDS, Effect::from_key, out);
            let programmes = table.strings("programmes", out);
            tables.programmes.extend(programmes.into_iter().filter_map(|text| Some((text, effect?))));
            table.finish(out);
        }
        for mut table in top.tables("topic", out) {
            let effect = table.word("effect", &Effect::WORDS, Effect::from_key, out);
            tables.topics.extend(table.strings("words", out).into_iter().map(|word| (word, effect)));
            table.finish(out);
        }
        for table in top.tables("identifier", out) {
            Number::read(table, &mut tables.numbers, out);
        }
        top.finish(out);
        tables.topics.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        tables
    }
}

impl Dataset {
    fn read(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Self {
        let effect = table.word("effect", &Effect::WORDS, Effect::from_key, out);
        let regime = table.word("regime", &Regime::WORDS, Regime::from_key, out);
        let dataset = Self {
            name: table.string("name", out),
            titles: table.strings("titles", out),
            jurisdiction: table.string("jurisdiction", out),
            regime: regime.unwrap_or(Regime::Unilateral),
            effect: effect.unwrap_or(Effect::Blocking),
            authority: table.string("authority", out),
            mixed: table.opt_boolean("mixed", out).unwrap_or_default(),
            referents: table.opt_string("referents", out),
            same_list: table.opt_string("same_list", out),
        };
        table.finish(out);
        dataset
    }
}

impl Number {
    fn read(mut table: Table<'_, '_>, numbers: &mut Vec<Self>, out: &mut Diagnostics) {
        let keys = IdentifierKind::ALL.map(IdentifierKind::key);
        let kind = table.word("kind", &keys, IdentifierKind::from_key, out);
        let country = table.opt_string("country", out).and_then(|code| CountryCode::new(&code));
        let words = table.opt_string("words", out).unwrap_or_default();
        for property in table.strings("properties", out) {
            numbers.extend(kind.map(|kind| Self { property, kind, country, words: words.clone() }));
        }
        table.finish(out);
    }
}

fn dataset(name: &str) -> Option<&'static Dataset> {
    TABLES.0.datasets.iter().find(|dataset| dataset.name == name)
}

/// The name of the dataset with this title; a title that is not known is made
/// a name.
pub(super) fn named(title: &str) -> String {
    let title = title.trim();
    let fits = |dataset: &&Dataset| {
        dataset.name == title || dataset.titles.iter().any(|known| known.eq_ignore_ascii_case(title))
    };
    let known = TABLES.0.datasets.iter().find(fits);
    known.map_or_else(|| slug(title).replace('-', "_"), |dataset| dataset.name.clone())
}

/// Whether being in the dataset lists nobody.
pub(super) fn is_reference(name: &str) -> bool {
    TABLES.0.reference_names.iter().any(|known| known == name)
        || TABLES.0.reference_prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()))
}

/// Whether the table has the dataset.
pub(super) fn is_known(name: &str) -> bool {
    name == UNLISTED || is_collection(name) || dataset(name).is_some()
}

/// Whether the effect of the dataset's entries is that of their programmes or
/// topics: also where nothing else is known.
pub(super) fn is_mixed(name: &str) -> bool {
    dataset(name).is_none_or(|dataset| dataset.mixed)
}

fn is_collection(name: &str) -> bool {
    TABLES.0.collections.iter().any(|known| known == name)
}

/// The id of the list of a dataset.
pub(super) fn list_id(name: &str) -> String {
    format!("os-{}", slug(name))
}

/// The entry of another list that a source's id, such as `ofac-48850`, stands
/// for.
pub(super) fn same_entry(name: &str, source_id: &str) -> Option<String> {
    let dataset = dataset(name)?;
    let number = source_id.strip_prefix(dataset.referents.as_deref()?)?;
    let whole = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    whole.then(|| dataset.same_list.as_ref().map(|list| format!("{list}/{number}"))).flatten()
}

/// What stands before the numbers of the dataset's source; empty where its
/// numbers lead nowhere.
pub(super) fn referents(name: &str) -> &'static str {
    dataset(name).and_then(|dataset| dataset.referents.as_deref()).unwrap_or_default()
}

/// The list of a dataset, without edition. One that the table does not have
/// counts as the user's own and as blocking: an unknown list must not weigh
/// less.
pub(super) fn info(name: &str) -> ListInfo {
    let mut info = ListInfo {
        id: list_id(name),
        title: format!("{name} (OpenSanctions)"),
        publisher: "OpenSanctions, from the list's publisher".to_owned(),
        jurisdiction: "own".to_owned(),
        regime: Regime::Unilateral,
        effect: Effect::Blocking,
        authority: "A dataset that this version does not know; its entries count as blocking unless their topics say less.".to_owned(),
        citation: String::new(),
        edition: Edition {
            url: format!("https://www.opensanctions.org/datasets/{name}/"),
            ..Edition::default()
        },
        notes: vec![
            "OpenSanctions' data is free for non-commercial use only (CC BY-NC 4.0).".to_owned(),
            "A copy: where it differs from the publisher's own list, that one counts.".to_owned(),
        ],
    };
    if let Some(known) = dataset(name) {
        if let Some(title) = known.titles.first() {
            info.title = format!("{title} (OpenSanctions)");
        }
        info.jurisdiction.clone_from(&known.jurisdiction);
        info.regime = known.regime;
        info.effect = known.effect;
        info.authority.clone_from(&known.authority);
    } else if name == UNLISTED {
        "Entities that a topic names and no list of the file (OpenSanctions)".clone_into(&mut info.title);
        "OpenSanctions marks the party, such as one that a listed party owns. The topics of an entry say how."
            .clone_into(&mut info.authority);
        "https://www.opensanctions.org/docs/topics/".clone_into(&mut info.edition.url);
    } else if is_collection(name) {
        "A collection of lists; the file does not say which of them an entry is on. Its topics give the effect."
            .clone_into(&mut info.authority);
    }
    info
}

/// What a topic says: that it is not in the table, that it only describes, or
/// the effect that it has.
pub(super) enum Topic {
    Unknown,
    Describes,
    Lists(Effect),
}

pub(super) fn topic(word: &str) -> Topic {
    let begins =
        |known: &str| word.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    match TABLES.0.topics.iter().find(|(known, _)| begins(known)) {
        None => Topic::Unknown,
        Some((_, None)) => Topic::Describes,
        Some((_, Some(effect))) => Topic::Lists(*effect),
    }
}

/// The strongest effect of topics; `None` when none of them makes an entry.
pub(super) fn effect_of_topics<'t>(topics: impl Iterator<Item = &'t str>) -> Option<Effect> {
    let effect = |word| match topic(word) {
        Topic::Unknown => Some(Effect::Blocking),
        Topic::Describes => None,
        Topic::Lists(effect) => Some(effect),
    };
    // Effects are ordered strongest first.
    topics.filter_map(effect).min()
}

/// The strongest effect of programmes that the table has.
pub(super) fn effect_of_programmes<'p>(programmes: impl Iterator<Item = &'p str>) -> Option<Effect> {
    let effect = |text: &str| TABLES.0.programmes.iter().find(|(known, _)| known == text).map(|(_, e)| *e);
    programmes.filter_map(effect).min()
}

/// The identifier that a property holds; `None` if it holds none. Numbers of a
/// register are from the party's `home` where nothing else is said.
pub(in crate::watchlist::format) fn number(
    property: &str,
    value: &str,
    home: Option<CountryCode>,
) -> Option<Identifier> {
    let number = TABLES.0.numbers.iter().find(|number| number.property == property)?;
    let value = value.trim();
    let value = match number.kind {
        IdentifierKind::Other => format!("{} {value}", number.words),
        IdentifierKind::Imo => value.trim_start_matches("IMO").trim().to_owned(),
        _ => value.to_owned(),
    };
    let home = home.filter(|_| number.kind == IdentifierKind::Registration);
    Some(Identifier { kind: number.kind, value, country: number.country.or(home) })
}

/// Whether a property holds identifiers.
pub(super) fn is_number(property: &str) -> bool {
    TABLES.0.numbers.iter().any(|number| number.property == property)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_no_mistakes() {
        assert!(TABLES.1.is_empty(), "{:?}", TABLES.1);
        assert!(TABLES.0.datasets.len() > 30);
        for (at, dataset) in TABLES.0.datasets.iter().enumerate() {
            let before = &TABLES.0.datasets[..at];
            assert!(!before.iter().any(|other| other.name == dataset.name), "{} stands twice", dataset.name);
        }
    }

    #[test]
    fn what_is_not_known_is_never_weaker_than_blocking() {
        let unknown = info("xx_moon_sanctions");
        assert_eq!((unknown.effect, unknown.jurisdiction.as_str()), (Effect::Blocking, "own"));
        assert_eq!(effect_of_topics(["moon.base"].into_iter()), Some(Effect::Blocking));
        assert_eq!(
            effect_of_topics(["role.pep", "export.control"].into_iter()),
            Some(Effect::LicenceRequired)
        );
        assert_eq!(effect_of_topics(["gov.soe", "corp.public"].into_iter()), None);
        assert_eq!(effect_of_topics(["sanction.linked"].into_iter()), Some(Effect::Advisory));
    }

    #[test]
    fn source_ids_lead_to_the_list_they_come_from() {
        assert_eq!(same_entry("us_ofac_sdn", "ofac-48850").as_deref(), Some("us-sdn/48850"));
        assert_eq!(same_entry("us_ofac_sdn", "ofac-d6c7a9d1"), None);
        assert_eq!(named("us ofac specially designated nationals (SDN) List"), "us_ofac_sdn");
        assert_eq!(named("Moon List"), "moon_list");
    }
}
