//! Ids of entries whose publisher gives none: they stay the same from edition
//! to edition and in each format of a list.

use rustc_hash::FxHashSet;

use super::sha256_hex;

/// The ids of one list, each given once.
#[derive(Default)]
pub(super) struct Ids {
    given: FxHashSet<String>,
}

impl Ids {
    /// The id itself, or with `-2`, `-3` … when it was given before.
    pub fn unique(&mut self, base: &str) -> String {
        let mut id = base.to_owned();
        let mut copy = 1;
        while !self.given.insert(id.clone()) {
            copy += 1;
            id = format!("{base}-{copy}");
        }
        id
    }
}

/// A hash of name and notice behind the list's code: it does not move when
/// other entries come or go.
pub(super) fn of_name(code: &str, name: &str, notice: &str) -> String {
    let hash = sha256_hex(format!("{name}\n{notice}").as_bytes());
    format!("{}-{}", code.to_lowercase(), hash.get(..10).unwrap_or(&hash))
}

/// The entries of the UN's list that a text names by their permanent reference
/// number, such as `TAi.002`: two letters of the regime, `i` for an individual or
/// `e` for an entity, and a number of three digits.
pub(super) fn of_un_references(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    let words = words.map(|word| word.trim_end_matches('.'));
    words.filter(|word| is_un_reference(word)).map(|word| format!("un-sc/{word}"))
}

fn is_un_reference(word: &str) -> bool {
    word.split_once('.').is_some_and(|(regime, number)| {
        let letters = regime.strip_suffix(['i', 'e']).unwrap_or_default();
        (letters.len() == 2 && letters.bytes().all(|byte| byte.is_ascii_uppercase()))
            && (number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_given_once() {
        let mut ids = Ids::default();
        let given = ["a", "a", "b", "a"].map(|base| ids.unique(base));
        assert_eq!(given, ["a", "a-2", "b", "a-3"]);
        assert_eq!(of_name("EL", "X", ""), of_name("EL", "X", ""));
        assert_ne!(of_name("EL", "X", "1"), of_name("EL", "X", "2"));
    }

    #[test]
    fn references_of_the_un_are_told_from_other_words() {
        let of = |text| of_un_references(text).collect::<Vec<_>>();
        assert_eq!(
            of("TAi.002. Title: Mullah; see QDe.115, QI.A.12.01 and Res.822"),
            ["un-sc/TAi.002", "un-sc/QDe.115"]
        );
        assert!(of("").is_empty());
    }
}
