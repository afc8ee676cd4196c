//! Everything that a threshold gives: found, missed, false alarms, by class,
//! kind and list.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Negatives, Share, real};

/// What alarms from a threshold on give.
#[derive(Clone, PartialEq, Debug)]
pub struct Point {
    /// All that score this or more raise an alarm.
    pub threshold: f64,
    /// Positives with a true entity at or above the threshold.
    pub recall: Share,
    /// Mean of the recalls of the classes: small classes count as much.
    pub macro_recall: Option<f64>,
    /// Positives found while no wrong entity scores higher.
    pub true_first: Share,
    /// Positives found among them and all false alarms, on these data: it
    /// hangs on how many negatives the data hold.
    pub precision: Share,
    /// Negatives with any hit at or above the threshold.
    pub false_positives: Share,
    pub natural: Share,
    pub near: Share,
    /// Recall by class, in the order of their names; so the following.
    pub by_class: Vec<(String, Share)>,
    pub by_kind: Vec<(String, Share)>,
    /// False-positive rate by class of negatives.
    pub by_negative_class: Vec<(String, Share)>,
    pub by_list: Vec<ListFigures>,
}

/// A list's part in what was found and what was not.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ListFigures {
    pub list: String,
    /// Of the positives with a true entity on the list, those found by
    /// whichever true entity.
    pub recall: Share,
    /// The same, found by an entity of this very list.
    pub through: Share,
    /// Of all negatives, those whose best hit came from the list.
    pub false_positives: Share,
}

impl Point {
    /// Counts the cases at a threshold.
    #[must_use]
    pub fn new(cases: &[Case], threshold: f64) -> Self {
        let positives: Vec<&Case> = cases.iter().filter(|case| case.is_positive()).collect();
        let negatives: Vec<&Case> = cases.iter().filter(|case| !case.is_positive()).collect();
        let found = |case: &Case| case.best_true() >= threshold;
        let alarm = |case: &Case| case.best_any() >= threshold;
        let recall = Share::where_true(positives.iter().map(|case| found(case)));
        let false_positives = Share::where_true(negatives.iter().map(|case| alarm(case)));
        let of = |group: Negatives| {
            Share::where_true(negatives.iter().filter(|case| group.hold(case)).map(|case| alarm(case)))
        };
        let by_class = by(&positives, |case| &case.class, found);
        let recalls: Vec<f64> = by_class.iter().filter_map(|(_, share)| share.value()).collect();
        Self {
            threshold,
            recall,
            macro_recall: (!recalls.is_empty()).then(|| recalls.iter().sum::<f64>() / real(recalls.len())),
            true_first: Share::where_true(positives.iter().map(|case| found(case) && case.true_first())),
            precision: Share::new(recall.count, recall.count + false_positives.count),
            false_positives,
            natural: of(Negatives::Natural),
            near: of(Negatives::Near),
            by_class,
            by_kind: by(&positives, |case| &case.kind, found),
            by_negative_class: by(&negatives, |case| &case.class, alarm),
            by_list: by_list(&positives, &negatives, threshold),
        }
    }

    /// The false-positive rate among these negatives.
    #[must_use]
    pub fn among(&self, negatives: Negatives) -> Share {
        match negatives {
            Negatives::All => self.false_positives,
            Negatives::Natural => self.natural,
            Negatives::Near => self.near,
        }
    }
}

fn by<'a>(
    cases: &[&'a Case],
    key: impl Fn(&'a Case) -> &'a String,
    fulfilled: impl Fn(&Case) -> bool,
) -> Vec<(String, Share)> {
    let mut groups: BTreeMap<&String, Share> = BTreeMap::new();
    for case in cases {
        let share = groups.entry(key(case)).or_default();
        share.count += usize::from(fulfilled(case));
        share.of += 1;
    }
    groups.into_iter().map(|(key, share)| (key.clone(), share)).collect()
}

fn by_list(positives: &[&Case], negatives: &[&Case], threshold: f64) -> Vec<ListFigures> {
    let on_lists = positives.iter().flat_map(|case| case.truth_lists()).map(|(list, _)| &**list);
    let names: BTreeSet<&str> =
        on_lists.chain(negatives.iter().filter_map(|case| case.best_list())).collect();
    let figures = |list: &str| {
        let held = || {
            let of_list = |case: &&Case| {
                case.truth_lists().iter().find(|(name, _)| **name == *list).map(|(_, best)| *best)
            };
            positives.iter().filter_map(move |case| of_list(case).map(|best| (case, best)))
        };
        ListFigures {
            list: list.to_owned(),
            recall: Share::where_true(held().map(|(case, _)| case.best_true() >= threshold)),
            through: Share::where_true(held().map(|(_, best)| best >= threshold)),
            false_positives: Share::where_true(
                negatives.iter().map(|case| case.best_any() >= threshold && case.best_list() == Some(list)),
            ),
        }
    };
    names.into_iter().map(figures).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// Four positives on the lists a and b, three negatives.
    fn cases() -> Vec<Case> {
        let (a, b): (Arc<str>, Arc<str>) = ("a".into(), "b".into());
        let positive = |class: &str, truth: &[(&str, &Arc<str>)]| {
            let ids = truth.iter().map(|(id, _)| (*id).to_owned()).collect();
            Case::new("person", class, ids, truth.iter().map(|(_, list)| Arc::clone(list)).collect())
        };
        let negative = |class: &str| Case::new("vessel", class, Vec::new(), Vec::new());
        let mut cases = vec![
            positive("typo", &[("1", &a)]),
            positive("typo", &[("2", &b)]),
            positive("typo", &[("1", &a), ("3", &b)]),
            positive("exact", &[("2", &b)]),
            negative("company"),
            negative("near_company"),
            negative("near_company"),
        ];
        cases[0].add("1", Some(&a), 0.9);
        cases[0].add("2", Some(&b), 0.95);
        cases[1].add("2", Some(&b), 0.4);
        cases[2].add("1", Some(&a), 0.8);
        cases[3].add("2", Some(&b), 1.0);
        cases[4].add("1", Some(&a), 0.3);
        cases[5].add("2", Some(&b), 0.85);
        cases
    }

    #[test]
    fn every_count_by_hand() {
        let point = Point::new(&cases(), 0.8);
        assert_eq!(point.recall, Share::new(3, 4));
        // Typo 2/3, exact 1/1.
        assert!((point.macro_recall.unwrap() - 5.0 / 6.0).abs() < 1e-12);
        assert_eq!(point.true_first, Share::new(2, 4));
        assert_eq!(point.precision, Share::new(3, 4));
        assert_eq!((point.natural, point.near), (Share::new(0, 1), Share::new(1, 2)));
        assert_eq!(point.among(Negatives::All), Share::new(1, 3));
        assert_eq!(point.by_class, [("exact".into(), Share::new(1, 1)), ("typo".into(), Share::new(2, 3))]);
        assert_eq!(point.by_kind, [("person".into(), Share::new(3, 4))]);
        let [a, b] = &point.by_list[..] else { panic!("{:?}", point.by_list) };
        assert_eq!((a.recall, a.through, a.false_positives.count), (Share::new(2, 2), Share::new(2, 2), 0));
        // The third positive stands on b too, but was found through a.
        assert_eq!((b.recall, b.through, b.false_positives.count), (Share::new(2, 3), Share::new(1, 3), 1));
    }

    #[test]
    fn nothing_gives_no_figures() {
        let point = Point::new(&[], 0.8);
        assert_eq!((point.recall.value(), point.macro_recall), (None, None));
        assert!(point.by_list.is_empty() && point.by_class.is_empty());
    }
}
