//! The holdings of one day: which statements count, and what they say of each
//! pair of parties.
//!
//! Of one source the newest statement counts; of several sources all do, and
//! the largest share.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::share::{Bound, Share};
use super::statement::{Statement, Tie};

/// What one party holds of another on the day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Held {
    pub owner: u32,
    pub owned: u32,
    /// The worst case of all statements.
    pub share: Share,
    /// A source says that the owner controls the owned.
    pub directs: bool,
    /// Numbers of the statements, ascending; one at least.
    pub statements: Vec<usize>,
    /// The statements do not say the same share.
    pub differs: bool,
}

/// A day's holdings.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    pub held: Vec<Held>,
    /// Connections that are no holdings: by owner the owned, by owned owner and
    /// statement.
    pub linked_to: FxHashMap<u32, Vec<u32>>,
    pub linked_from: FxHashMap<u32, Vec<(u32, usize)>>,
    /// By owner, and by owned: numbers in `held`.
    pub by_owner: Vec<Vec<u32>>,
    pub by_owned: Vec<Vec<u32>>,
}

impl View {
    pub fn on(day: Date, statements: &[Statement], ends: &[(u32, u32)], members: usize) -> Self {
        let mut pairs: FxHashMap<(u32, u32), Vec<usize>> = FxHashMap::default();
        let mut view = Self {
            by_owner: vec![Vec::new(); members],
            by_owned: vec![Vec::new(); members],
            ..Self::default()
        };
        for (number, (statement, &(owner, owned))) in statements.iter().zip(ends).enumerate() {
            // A company's shares in itself are nobody's.
            if owner == owned || !statement.holds_on(day) {
                continue;
            }
            match statement.tie {
                Tie::Holds(_) | Tie::Directs => pairs.entry((owner, owned)).or_default().push(number),
                Tie::ActsFor | Tie::Linked => {
                    view.linked_to.entry(owner).or_default().push(owned);
                    view.linked_from.entry(owned).or_default().push((owner, number));
                }
            }
        }
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_unstable();
        for ((owner, owned), numbers) in pairs {
            let numbers = newest_of_each_source(day, statements, numbers);
            let held = held(owner, owned, statements, numbers);
            let place = u32::try_from(view.held.len()).unwrap_or(u32::MAX);
            if let (Some(owns), Some(owners)) =
                (view.by_owner.get_mut(owner as usize), view.by_owned.get_mut(owned as usize))
            {
                owns.push(place);
                owners.push(place);
                view.held.push(held);
            }
        }
        view
    }

    pub fn of_owner(&self, owner: u32) -> impl Iterator<Item = &Held> {
        self.at(self.by_owner.get(owner as usize))
    }

    pub fn of_owned(&self, owned: u32) -> impl Iterator<Item = &Held> {
        self.at(self.by_owned.get(owned as usize))
    }

    fn at<'a>(&'a self, numbers: Option<&'a Vec<u32>>) -> impl Iterator<Item = &'a Held> {
        numbers.into_iter().flatten().filter_map(|number| self.held.get(*number as usize))
    }

    /// What all owners of a party are certain to hold, if that is more than
    /// the whole.
    pub fn oversold(&self, owned: u32) -> Option<Bound> {
        let sum = self.of_owned(owned).fold(Bound::NOTHING, |sum, held| sum.plus(held.share.low));
        (sum.per_cent > Bound::WHOLE.per_cent).then_some(sum)
    }
}

/// Leaves out what a newer statement of the same source corrects. A statement
/// from after the day counts where its source has none from before it.
fn newest_of_each_source(day: Date, statements: &[Statement], numbers: Vec<usize>) -> Vec<usize> {
    if numbers.len() < 2 {
        return numbers;
    }
    let dated = |number: &usize| statements.get(*number).and_then(|s| s.as_of.or(s.from));
    let source = |number: &usize| {
        statements.get(*number).map(|s| if s.source.is_empty() { &*s.whence.file } else { s.source.as_str() })
    };
    let mut counts: FxHashMap<Option<&str>, Option<Date>> = FxHashMap::default();
    for number in &numbers {
        let Some(new) = dated(number) else { continue };
        let known = counts.entry(source(number)).or_default();
        let better = match *known {
            None => true,
            Some(old) if old <= day => new <= day && new > old,
            Some(old) => new < old,
        };
        if better {
            *known = Some(new);
        }
    }
    numbers
        .into_iter()
        .filter(|number| {
            dated(number).is_none_or(|mine| {
                counts.get(&source(number)).copied().flatten().is_none_or(|counted| counted == mine)
            })
        })
        .collect()
}

fn held(owner: u32, owned: u32, statements: &[Statement], numbers: Vec<usize>) -> Held {
    let mut shares = numbers.iter().filter_map(|number| match statements.get(*number)?.tie {
        Tie::Holds(share) => Some(share),
        _ => None,
    });
    let first = shares.next();
    let differs = shares.clone().any(|share| Some(share) != first);
    let share = shares.fold(first.unwrap_or(Share::NOTHING), Share::worst);
    let directs = numbers
        .iter()
        .filter_map(|number| statements.get(*number))
        .any(|statement| statement.tie == Tie::Directs || statement.control == Some(true));
    Held { owner, owned, share, directs, statements: numbers, differs }
}
