//! What the published lists are, for files that do not say so themselves. The
//! table is `rules/formats/lists.toml`.

use std::sync::LazyLock;

use crate::diagnostic::{Diagnostics, SourceFile, Table, parse_toml};
use crate::watchlist::{Edition, Effect, ListInfo, Regime};

const FILE: &str = include_str!("../../../rules/formats/lists.toml");

static HEADS: LazyLock<(Heads, Diagnostics)> = LazyLock::new(|| {
    let mut out = Diagnostics::default();
    let heads = Heads::read(&mut out);
    (heads, out)
});

struct Heads {
    lists: Vec<(String, ListInfo)>,
    /// List code, programme, effect.
    effects: Vec<(String, String, Effect)>,
    /// List code, programme that hardly any other list has.
    programmes: Vec<(String, String)>,
}

impl Heads {
    fn read(out: &mut Diagnostics) -> Self {
        let file = SourceFile::new("rules/formats/lists.toml", FILE);
        let document = parse_toml(&file, out);
        let mut top = Table::document(&file, &document);
        top.pack(out);
        let mut heads = Self { lists: Vec::new(), effects: Vec::new(), programmes: Vec::new() };
        for mut table in top.tables("source", out) {
            let code = table.string("code", out);
            let effect = table.word("effect", &Effect::WORDS, Effect::from_key, out);
            let regime = table.word("regime", &Regime::WORDS, Regime::from_key, out);
            let info = ListInfo {
                id: table.string("id", out),
                title: table.string("title", out),
                publisher: table.string("publisher", out),
                jurisdiction: table.string("jurisdiction", out),
                regime: regime.unwrap_or(Regime::Unilateral),
                effect: effect.unwrap_or(Effect::Blocking),
                authority: table.string("authority", out),
                citation: table.string("citation", out),
                edition: Edition { url: table.string("url", out), ..Edition::default() },
                notes: Vec::new(),
            };
            table.finish(out);
            heads.lists.push((code, info));
        }
        for mut table in top.tables("programme_effect", out) {
            let (code, programme) = (table.string("code", out), table.string("programme", out));
            let effect = table.word("effect", &Effect::WORDS, Effect::from_key, out);
            heads.effects.extend(effect.map(|effect| (code, programme, effect)));
            table.finish(out);
        }
        for mut table in top.tables("own_programmes", out) {
            let code = table.string("code", out);
            let programmes = table.strings("programmes", out);
            heads.programmes.extend(programmes.into_iter().map(|programme| (code.clone(), programme)));
            table.finish(out);
        }
        top.finish(out);
        heads
    }
}

/// The list with this code, without edition. A code that is not known gives a
/// blocking list of that name under US law, where such codes come from: an
/// unknown list must not weigh less.
pub(super) fn head(code: &str) -> ListInfo {
    let known = HEADS.0.lists.iter().find(|(known, _)| known == code);
    known.map_or_else(
        || ListInfo {
            id: format!("us-{}", super::slug(code)),
            title: code.to_owned(),
            publisher: String::new(),
            jurisdiction: "US".to_owned(),
            regime: Regime::Unilateral,
            effect: Effect::Blocking,
            authority: "A list that this version does not know; taken as blocking until it does.".to_owned(),
            citation: String::new(),
            edition: Edition::default(),
            notes: Vec::new(),
        },
        |(_, info)| info.clone(),
    )
}

/// The list with this code, read from one file.
pub(super) fn head_of(code: &str, input: &super::Input<'_>) -> ListInfo {
    let mut info = head(code);
    info.edition.source = input.file.name.to_string();
    info.edition.sha256.clone_from(&input.sha256);
    info
}

/// Whether the code is in the table.
pub(super) fn is_known(code: &str) -> bool {
    HEADS.0.lists.iter().any(|(known, _)| known == code)
}

/// The effect of entries of a list under a programme, where it differs.
pub(super) fn programme_effect(code: &str, programme: &str) -> Option<Effect> {
    let mut effects = HEADS.0.effects.iter();
    effects.find(|(list, word, _)| list == code && word == programme).map(|(_, _, effect)| *effect)
}

/// Whether hardly any other list has this programme.
pub(super) fn is_programme_of(code: &str, programme: &str) -> bool {
    HEADS.0.programmes.iter().any(|(list, word)| list == code && word == programme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_no_mistakes() {
        assert!(HEADS.1.is_empty(), "{:?}", HEADS.1);
        assert!(HEADS.0.lists.len() >= 13);
        for (at, (code, info)) in HEADS.0.lists.iter().enumerate() {
            assert!(
                !HEADS.0.lists[..at].iter().any(|(c, i)| c == code || i.id == info.id),
                "{code} stands twice"
            );
        }
    }

    #[test]
    fn an_unknown_list_is_never_weaker_than_blocking() {
        assert_eq!(head("XYZ").effect, Effect::Blocking);
        assert_eq!(programme_effect("CONS", "NS-PLC"), Some(Effect::Blocking));
    }
}
