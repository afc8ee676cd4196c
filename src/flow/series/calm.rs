//! How often calm series raise an alarm: the months of a calm period, put
//! together anew, judged as if they were real.
//!
//! Blocks of three whole months are drawn with replacement, the same for all
//! series, so that series keep what they have in common. What was seasonal is
//! noise then: the figure is rather too high than too low.

use super::analysis::{Analysis, Group, analyse, per_thousand};
use super::month::Month;
use super::panel::Panel;
use super::parameters::Parameters;

/// What calm series raised.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct FalseAlarms {
    pub rounds: u32,
    /// Series times months that could be judged.
    pub judged: u64,
    pub told: u64,
    /// Expected false alarms a thousand months of series.
    pub per_thousand: f64,
    /// Last month of the calm period.
    pub until: Option<Month>,
}

const BLOCK: usize = 3;

/// Judges panels made of the months up to `until`. The same seed gives the
/// same figures. None when the calm period is shorter than a year and a half.
#[must_use]
pub fn resampled(
    panel: &Panel,
    groups: &[Group],
    p: &Parameters,
    until: Month,
    rounds: u32,
    seed: u64,
) -> Option<FalseAlarms> {
    let calm = panel.months.iter().filter(|month| **month <= until).count();
    if calm < 18 {
        return None;
    }
    let mut alarms = FalseAlarms { rounds, until: Some(until), ..FalseAlarms::default() };
    let mut state = seed;
    for _ in 0..rounds {
        let mut places = Vec::with_capacity(panel.months.len());
        while places.len() < panel.months.len() {
            let from = below(&mut state, calm - BLOCK + 1);
            places.extend(from..from + BLOCK);
        }
        places.truncate(panel.months.len());
        let analysis: Analysis = analyse(&panel.reordered(&places), groups, p);
        alarms.judged += analysis.judged.iter().sum::<u64>();
        alarms.told += u64::try_from(analysis.flags().count()).unwrap_or(u64::MAX);
    }
    alarms.per_thousand = per_thousand(alarms.told, alarms.judged);
    Some(alarms)
}

/// A place below `count`, by the generator `SplitMix64`.
fn below(state: &mut u64, count: usize) -> usize {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    let count = u64::try_from(count.max(1)).unwrap_or(1);
    usize::try_from(z % count).unwrap_or_default()
}
