//! A series, month by month as if time passed: when something begins, when it
//! is told, when it ends.

use super::finding::Reading;
use super::parameters::Parameters;

/// Places of months.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Episode {
    pub start: usize,
    /// As of which it was told.
    pub found: usize,
    /// The last in which it would be told.
    pub last: usize,
    pub reading: Reading,
    /// Whether less was asked of it, for its mirror image.
    pub leaned: bool,
}

/// What a test of one month says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Told {
    pub reading: Reading,
    pub start: usize,
    pub leaned: bool,
}

/// Walks the months. `test` is asked for a month and for the end of the past
/// that it may look at: two months before, or where an episode that goes on
/// began, so that a rise does not become its own past.
pub(super) fn walk(
    months: usize,
    p: &Parameters,
    mut test: impl FnMut(usize, usize) -> Option<Told>,
) -> Vec<Episode> {
    let mut episodes: Vec<Episode> = Vec::new();
    let mut open: Option<Episode> = None;
    for at in 2..months {
        let end = open.map_or(at - 2, |episode| episode.start.min(at - 2));
        let told = test(at, end);
        match (&mut open, told) {
            (Some(episode), Some(_)) => episode.last = at,
            (Some(episode), None) if at - episode.last >= p.quiet => {
                episodes.push(*episode);
                open = None;
            }
            (None, Some(told)) => {
                open = Some(Episode {
                    start: told.start,
                    found: at,
                    last: at,
                    reading: told.reading,
                    leaned: told.leaned,
                });
            }
            _ => {}
        }
    }
    episodes.extend(open);
    episodes
}

/// The first month of a run that ends at `at` in which no more than one month
/// lies on the near side of `bound`; at most half a year back.
pub(super) fn start(values: &[f64], at: usize, beyond: impl Fn(f64) -> bool) -> usize {
    let mut start = at;
    let mut missed = 0;
    for place in (at.saturating_sub(5)..=at).rev() {
        if values.get(place).is_some_and(|value| beyond(*value)) {
            start = place;
        } else {
            missed += 1;
            if missed > 1 {
                break;
            }
        }
    }
    start
}
