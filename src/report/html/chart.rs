//! Geometry of the charts; the templates draw them as inline SVG.
//!
//! Coordinates are whole units of the view box, so that the bytes are the
//! same on every machine.

use std::collections::BTreeMap;

use crate::rule::Verdict;
use crate::screening::{RunHeader, Summary};
use crate::trade::CountryCode;

use super::lane::{Ends, Lane, Lanes};
use crate::report::{Options, words};

pub struct Charts {
    pub verdicts: Vec<Segment>,
    pub rules: Vec<Bar>,
    /// Rules that fired beyond the bars shown.
    pub more_rules: u64,
    pub flow: Flow,
}

/// One verdict of the bar; `x` and `width` in thousandths.
pub struct Segment {
    pub verdict: &'static str,
    pub count: String,
    pub share: String,
    pub meaning: &'static str,
    pub x: u64,
    pub width: u64,
}

/// One rule; `width` in thousandths of the longest.
pub struct Bar {
    pub rule: String,
    pub title: String,
    pub verdict: &'static str,
    pub count: String,
    pub width: u64,
}

/// Flagged shipments flowing from departure to destination.
pub struct Flow {
    pub height: u64,
    pub ribbons: Vec<Ribbon>,
    pub from: Vec<Node>,
    pub to: Vec<Node>,
    pub rows: Vec<LaneRow>,
    /// Lanes with flagged shipments beyond those drawn.
    pub more: u64,
}

pub struct Ribbon {
    pub path: String,
    pub verdict: &'static str,
    pub title: String,
}

pub struct Node {
    pub label: String,
    pub y: u64,
    pub height: u64,
    pub middle: u64,
}

pub struct LaneRow {
    pub from: String,
    pub to: String,
    pub flagged: String,
    pub shipments: String,
    pub worst: &'static str,
}

const BARS: usize = 12;
const LANES: usize = 12;

impl Charts {
    pub fn new(header: &RunHeader, summary: &Summary, lanes: &Lanes, options: &Options) -> Self {
        let (rules, more_rules) = bars(header, summary);
        Self { verdicts: segments(summary), rules, more_rules, flow: flow(&lanes.flagged(), options) }
    }
}

/// Part of a whole in thousandths, at least 8 where there is anything to see.
fn visible_share(count: u64, whole: u64) -> u64 {
    if count == 0 || whole == 0 {
        return 0;
    }
    let exact = u128::from(count) * 1000 / u128::from(whole);
    u64::try_from(exact).unwrap_or(1000).max(8)
}

fn segments(summary: &Summary) -> Vec<Segment> {
    let whole: u64 = summary.verdicts.values().sum();
    let counts: Vec<(Verdict, u64)> = Verdict::ALL
        .into_iter()
        .rev()
        .map(|verdict| (verdict, summary.verdicts.get(&verdict).copied().unwrap_or_default()))
        .collect();
    let drawn: u64 = counts.iter().map(|(_, count)| visible_share(*count, whole)).sum();
    let mut x = 0;
    counts
        .into_iter()
        .map(|(verdict, count)| {
            // The least widths may add up to more than the whole.
            let width = (visible_share(count, whole) * 1000).checked_div(drawn).unwrap_or(0);
            let segment = Segment {
                verdict: verdict.key(),
                count: words::number(count),
                share: percent(count, whole),
                meaning: if verdict == Verdict::Clear
                    && !(summary.cleared.is_empty() && summary.baseline.is_empty())
                {
                    super::NOTHING_OPEN
                } else {
                    words::verdict_meaning(verdict)
                },
                x,
                width,
            };
            x += width;
            segment
        })
        .collect()
}

/// `12.5 %`, `< 0.1 %`.
fn percent(count: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = (u128::from(count) * 2000 / u128::from(whole)).div_ceil(2);
    if count > 0 && u128::from(count) * 1000 < u128::from(whole) {
        return "< 0.1 %".to_owned();
    }
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn bars(header: &RunHeader, summary: &Summary) -> (Vec<Bar>, u64) {
    let mut rules: Vec<(&String, &u64)> = summary.rules.iter().collect();
    rules.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let longest = rules.first().map_or(0, |(_, count)| **count);
    let more = words::size(rules.len().saturating_sub(BARS));
    let bars = rules
        .into_iter()
        .take(BARS)
        .map(|(id, count)| {
            let info = header.rules.iter().find(|info| info.id == *id);
            Bar {
                rule: id.clone(),
                title: info.map(|info| info.title.clone()).unwrap_or_default(),
                verdict: info.map_or(Verdict::Note, |info| info.verdict).key(),
                count: words::number(*count),
                width: visible_share(*count, longest),
            }
        })
        .collect();
    (bars, more)
}

/// Width of the view box is 560; nodes are 10 wide and begin at 80 and 480.
const LEFT: u64 = 80;
const RIGHT: u64 = 480;
/// Height that all ribbons together take, and the gap between nodes.
const THICKNESS: u64 = 170;
const GAP: u64 = 12;
/// No ribbon is thinner than this, no node lower than a line of its label.
const THINNEST: u64 = 4;
const LOWEST: u64 = 14;

type End = Option<CountryCode>;

fn flow(lanes: &[(Ends, Lane)], options: &Options) -> Flow {
    let more = words::size(lanes.len().saturating_sub(LANES));
    let drawn: Vec<(Ends, Lane, u64)> = {
        let lanes = lanes.get(..LANES).unwrap_or(lanes);
        let total: u64 = lanes.iter().map(|(_, lane)| lane.flagged).sum();
        let thick = |lane: &Lane| (lane.flagged * THICKNESS).checked_div(total).unwrap_or(0).max(THINNEST);
        lanes.iter().map(|(ends, lane)| (*ends, *lane, thick(lane))).collect()
    };
    let (from, mut leaving, left_height) =
        stack(drawn.iter().map(|(ends, lane, t)| (ends.0, lane.flagged, *t)));
    let (to, mut arriving, right_height) =
        stack(drawn.iter().map(|(ends, lane, t)| (ends.1, lane.flagged, *t)));
    let ribbons = drawn
        .iter()
        .map(|((start, end), lane, thickness)| {
            let top = take(&mut leaving, *start, *thickness);
            let landing = take(&mut arriving, *end, *thickness);
            Ribbon {
                path: ribbon(top, landing, *thickness),
                verdict: lane.worst.key(),
                title: format!(
                    "{} to {}: {} flagged of {}, worst verdict {}",
                    words::country(*start, options),
                    words::country(*end, options),
                    words::number(lane.flagged),
                    words::number(lane.shipments),
                    lane.worst
                ),
            }
        })
        .collect();
    let rows = drawn
        .iter()
        .map(|((start, end), lane, _)| LaneRow {
            from: words::country(*start, options),
            to: words::country(*end, options),
            flagged: words::number(lane.flagged),
            shipments: words::number(lane.shipments),
            worst: lane.worst.key(),
        })
        .collect();
    Flow { height: left_height.max(right_height), ribbons, from, to, rows, more }
}

/// Puts the ends of the lanes one below the other, in the order in which they
/// first come: nodes, the next free y by end, and the height of all.
fn stack(ends: impl Iterator<Item = (End, u64, u64)>) -> (Vec<Node>, BTreeMap<End, u64>, u64) {
    let mut order: Vec<(End, u64, u64)> = Vec::new();
    for (end, flagged, thickness) in ends {
        match order.iter_mut().find(|(known, ..)| *known == end) {
            Some((_, count, height)) => {
                *count += flagged;
                *height += thickness;
            }
            None => order.push((end, flagged, thickness)),
        }
    }
    let mut y = GAP;
    let mut tops = BTreeMap::new();
    let mut nodes = Vec::new();
    for (end, count, height) in order {
        tops.insert(end, y);
        let code = end.map_or_else(|| "?".to_owned(), |code| code.to_string());
        let label = format!("{code} {}", words::number(count));
        nodes.push(Node { label, y, height, middle: y + height / 2 + 5 });
        y += height.max(LOWEST) + GAP;
    }
    (nodes, tops, y)
}

fn take(tops: &mut BTreeMap<End, u64>, end: End, thickness: u64) -> u64 {
    let top = tops.entry(end).or_default();
    let y = *top;
    *top += thickness;
    y
}

fn ribbon(top: u64, landing: u64, thickness: u64) -> String {
    let (start, end, bend) = (LEFT + 10, RIGHT, u64::midpoint(LEFT + 10, RIGHT));
    format!(
        "M{start} {top}C{bend} {top} {bend} {landing} {end} {landing}V{low}C{bend} {low} {bend} {foot} \
         {start} {foot}Z",
        low = landing + thickness,
        foot = top + thickness,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_among_a_million_are_still_drawn() {
        let mut summary = Summary::default();
        summary.verdicts.insert(Verdict::Clear, 1_000_000);
        summary.verdicts.insert(Verdict::Block, 1);
        let segments = segments(&summary);
        let block = segments.iter().find(|segment| segment.verdict == "block").unwrap();
        assert!(block.width >= 7, "{}", block.width);
        assert_eq!(block.share, "< 0.1 %");
        let last = segments.last().unwrap();
        assert!(last.x + last.width <= 1000);
    }

    #[test]
    fn shares_round_to_the_nearest_tenth() {
        assert_eq!(percent(1, 3), "33.3 %");
        assert_eq!(percent(2, 3), "66.7 %");
        assert_eq!(percent(0, 5), "0.0 %");
        assert_eq!(percent(5, 5), "100.0 %");
        assert_eq!(percent(0, 0), "–");
    }

    #[test]
    fn an_empty_run_has_charts_without_shapes() {
        let flow = flow(&[], &Options::default());
        assert!(flow.ribbons.is_empty() && flow.from.is_empty());
        assert!(segments(&Summary::default()).iter().all(|segment| segment.width == 0));
    }

    #[test]
    fn ribbons_fill_their_nodes() {
        let code = |text| CountryCode::new(text);
        let lane = |flagged| Lane { shipments: 9, flagged, worst: Verdict::Hold };
        let lanes = [
            ((code("MY"), code("KG")), lane(5)),
            ((code("MY"), code("KZ")), lane(1)),
            ((None, code("KG")), lane(2)),
        ];
        let flow = flow(&lanes, &Options::default());
        let sum = |nodes: &[Node]| nodes.iter().map(|node| node.height).sum::<u64>();
        assert_eq!(sum(&flow.from), sum(&flow.to));
        assert_eq!(flow.from[0].label, "MY 6");
        assert_eq!(flow.from[1].label, "? 2");
    }
}
