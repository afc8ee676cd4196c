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
}
