//! A labelled query, and the best scores it met.

use std::sync::Arc;

/// Which negatives the thresholds are set on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Negatives {
    #[default]
    All,
    /// Parties as they come: all that are not [`Self::Near`].
    Natural,
    /// Parties chosen or made to resemble a listed one; their class begins
    /// with `near_`.
    Near,
}

impl Negatives {
    /// The name on the command line and in JSON.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Natural => "natural",
            Self::Near => "near",
        }
    }

    /// Whether a negative is one of these.
    #[must_use]
    pub fn hold(self, case: &Case) -> bool {
        match self {
            Self::All => true,
            Self::Natural => !case.is_near(),
            Self::Near => case.is_near(),
        }
    }
}

/// A query whose right answer is known, with the best scores it met so far.
#[derive(Clone, PartialEq, Debug)]
pub struct Case {
    /// As in the file; for the figures by kind.
    pub kind: String,
    /// As in the file; for the figures by class.
    pub class: String,
    /// Ids of the entities that are this party; none if it is on no list.
    truth: Vec<String>,
    /// Lists that a true entity stands on, each with the best score of one.
    truth_lists: Vec<(Arc<str>, f64)>,
    best_true: f64,
    best_false: f64,
    /// List of the first of the best hits.
    best_list: Option<Arc<str>>,
}

impl Case {
    /// A query that has met nothing yet. `truth_lists`: the lists that hold a
    /// true entity, as far as they are known.
    #[must_use]
    pub fn new(kind: &str, class: &str, truth: Vec<String>, mut truth_lists: Vec<Arc<str>>) -> Self {
        truth_lists.sort();
        truth_lists.dedup();
        Self {
            kind: kind.to_owned(),
            class: class.to_owned(),
            truth,
            truth_lists: truth_lists.into_iter().map(|list| (list, f64::NEG_INFINITY)).collect(),
            best_true: f64::NEG_INFINITY,
            best_false: f64::NEG_INFINITY,
            best_list: None,
        }
    }

    /// Takes a hit: an entity, its list if known, and a finite score, higher
    /// is better. Other scores are not looked at.
    pub fn add(&mut self, entity: &str, list: Option<&Arc<str>>, score: f64) {
        if !score.is_finite() {
            return;
        }
        // Negative zero is zero.
        let score = score + 0.0;
        if score > self.best_any() {
            self.best_list = list.cloned();
        }
        if self.truth.iter().any(|id| id == entity) {
            self.best_true = self.best_true.max(score);
            if let Some((_, best)) = self.truth_lists.iter_mut().find(|(name, _)| Some(name) == list) {
                *best = best.max(score);
            }
        } else {
            self.best_false = self.best_false.max(score);
        }
    }

    /// Whether the party is on a list.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        !self.truth.is_empty()
    }

    /// Whether the class calls it a near negative.
    #[must_use]
    pub fn is_near(&self) -> bool {
        self.class.starts_with("near_")
    }

    /// The best score of a true entity; negative infinity for none.
    #[must_use]
    pub fn best_true(&self) -> f64 {
        self.best_true
    }

    /// The best score of any entity; negative infinity for none.
    #[must_use]
    pub fn best_any(&self) -> f64 {
        self.best_true.max(self.best_false)
    }

    /// Whether a true entity was met and no other scores higher.
    #[must_use]
    pub fn true_first(&self) -> bool {
        self.best_true.is_finite() && self.best_true >= self.best_false
    }

    /// The list that the best hit came from.
    #[must_use]
    pub fn best_list(&self) -> Option<&str> {
        self.best_list.as_deref()
    }

    /// The lists that a true entity stands on, with the best score of one.
    #[must_use]
    pub fn truth_lists(&self) -> &[(Arc<str>, f64)] {
        &self.truth_lists
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_each_sort_is_kept() {
        let (a, b): (Arc<str>, Arc<str>) = ("a".into(), "b".into());
        let mut case = Case::new(
            "person",
            "typo",
            vec!["1".into(), "2".into()],
            vec![Arc::clone(&b), Arc::clone(&a), Arc::clone(&a)],
        );
        assert!(case.is_positive() && !case.true_first());
        case.add("1", Some(&a), 0.7);
        case.add("9", Some(&b), 0.9);
        case.add("2", Some(&b), 0.8);
        case.add("2", Some(&b), f64::NAN);
        assert!((case.best_true() - 0.8).abs() < 1e-12 && (case.best_any() - 0.9).abs() < 1e-12);
        assert!(!case.true_first());
        assert_eq!(case.best_list(), Some("b"));
        assert_eq!(case.truth_lists(), [(a, 0.7), (b, 0.8)]);
    }

    #[test]
    fn the_class_alone_makes_a_negative_near() {
        let near = Case::new("", "near_person", Vec::new(), Vec::new());
        let natural = Case::new("", "nearby", Vec::new(), Vec::new());
        assert!(Negatives::Near.hold(&near) && !Negatives::Natural.hold(&near));
        assert!(Negatives::Natural.hold(&natural) && Negatives::All.hold(&natural));
    }
}
