//! How often declarations were found to be wrong before: by tariff code, by
//! lane, and by both.
//!
//! A group with few lines is drawn towards the next wider one.

use std::collections::BTreeMap;

use super::line::{Line, Who};

/// Lines that were looked at, and how many of them were wrong.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Past {
    pub looked_at: u32,
    pub wrong: u32,
}

/// Past findings by group.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Rates {
    pub(super) groups: BTreeMap<String, Past>,
    /// Lines of the wider group that count beside a group's own.
    pub(super) lines: f64,
}

/// What the past says of a line: chances between 0 and 1.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Chances {
    pub code: f64,
    pub lane: f64,
    /// Of the code on the lane, with the duty claimed.
    pub narrowest: f64,
}

/// The groups of goods and lanes of a line, wide to narrow; the first holds
/// every line.
fn chain(line: &Line) -> Vec<String> {
    let mut chain = vec![String::new()];
    chain.extend([2, 4, 6].iter().filter_map(|digits| line.hs.get(..*digits)).map(str::to_owned));
    let (origin, departure) = (line.who(Who::Origin), line.who(Who::Departure));
    chain.push(format!("{} from {origin}", line.hs));
    chain.push(format!("{} from {origin} by {departure}", line.hs));
    chain.push(format!("{} from {origin} by {departure} as {}", line.hs, line.who(Who::Duty)));
    chain
}

fn lane(line: &Line) -> String {
    format!("from {} by {}", line.who(Who::Origin), line.who(Who::Departure))
}

impl Rates {
    pub(super) fn new(lines: f64) -> Self {
        Self { groups: BTreeMap::new(), lines }
    }

    /// Adds a line that was looked at.
    pub(super) fn add(&mut self, line: &Line, wrong: bool) {
        for group in chain(line).into_iter().chain([lane(line)]) {
            let past = self.groups.entry(group).or_default();
            past.looked_at += 1;
            past.wrong += u32::from(wrong);
        }
    }

    /// What the lines so far say of a line.
    pub(super) fn of(&self, line: &Line) -> Chances {
        // Before anything is known: one in ten, which few lines overrule.
        let mut chance = 0.1;
        let base = drawn(self.past(""), 0.1, 10.0);
        let mut code = base;
        for (level, group) in chain(line).iter().enumerate() {
            chance = if level == 0 { base } else { drawn(self.past(group), chance, self.lines) };
            if level <= 3 {
                code = chance;
            }
        }
        let route = drawn(self.past(&lane(line)), base, self.lines);
        Chances { code, lane: route, narrowest: chance }
    }

    fn past(&self, group: &str) -> Past {
        self.groups.get(group).copied().unwrap_or_default()
    }
}

fn drawn(past: Past, wider: f64, lines: f64) -> f64 {
    (f64::from(past.wrong) + lines * wider) / (f64::from(past.looked_at) + lines)
}
