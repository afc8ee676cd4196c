//! A map of lanes: real coastlines, cut to the part of the world that matters.
//!
//! `world.txt` holds coastlines, borders and a point a country (Natural Earth,
//! public domain); `benches/map/make_world.py` made it.

use std::collections::BTreeMap;

use crate::flow::series::Lane;

use super::{About, words};

const WORLD: &str = include_str!("world.txt");

/// Width and height of the picture.
pub const WIDTH: i64 = 1120;
pub const HEIGHT: i64 = 560;
/// Lanes drawn at most.
const MOST: usize = 40;

/// What the template draws.
pub struct Map {
    pub land: &'static str,
    pub borders: &'static str,
    /// Moves and scales the world.
    pub transform: String,
    pub lanes: Vec<Drawn>,
    pub places: Vec<Place>,
    /// Ends of lanes that are on no map.
    pub unknown: Vec<String>,
    /// Lanes beyond those drawn.
    pub more: usize,
}

pub struct Drawn {
    pub path: String,
    pub class: &'static str,
    /// Of the line, in tenths of a unit.
    pub width: String,
    pub title: String,
}

pub struct Place {
    pub x: i64,
    pub y: i64,
    pub label: String,
    pub class: &'static str,
}

struct World {
    land: &'static str,
    borders: &'static str,
    points: BTreeMap<&'static str, (f64, f64)>,
}

impl World {
    fn read() -> Self {
        let mut world = Self { land: "", borders: "", points: BTreeMap::new() };
        for line in WORLD.lines() {
            if let Some(path) = line.strip_prefix("land ") {
                world.land = path;
            } else if let Some(path) = line.strip_prefix("borders ") {
                world.borders = path;
            } else if let [code, x, y] = line.split(' ').collect::<Vec<_>>()[..]
                && let (Ok(x), Ok(y)) = (x.parse(), y.parse())
            {
                world.points.insert(code, (x, y));
            }
        }
        world
    }

    /// A reporter such as `EU27` or `EU27_2020` stands where the Union has its
    /// seat.
    fn point(&self, code: &str) -> Option<(f64, f64)> {
        let code = if code.starts_with("EU") { "EU" } else { code };
        self.points.get(code).copied()
    }
}

/// The part of the world that is shown.
struct View {
    left: f64,
    top: f64,
    scale: f64,
}

#[expect(clippy::cast_possible_truncation, reason = "within the picture")]
fn unit(value: f64) -> i64 {
    value.round().clamp(-100_000.0, 100_000.0) as i64
}

#[expect(clippy::cast_precision_loss, reason = "edges of a picture")]
const fn edge(value: i64) -> f64 {
    value as f64
}

impl View {
    /// All points with room around them, in the shape of the picture.
    fn around(points: &[(f64, f64)]) -> Self {
        let least = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let (left, right) = (least(|p| p.0), most(|p| p.0));
        let (top, bottom) = (least(|p| p.1), most(|p| p.1));
        let wide =
            ((right - left) * 1.25 + 60.0).max((bottom - top).mul_add(1.35, 60.0) * 2.0).clamp(420.0, 3600.0);
        let scale = edge(WIDTH) / wide;
        let tall = edge(HEIGHT) / scale;
        Self {
            left: f64::midpoint(left, right) - wide / 2.0,
            top: (f64::midpoint(top, bottom) - tall / 2.0).clamp(-40.0, 1760.0 - tall.min(1700.0)),
            scale,
        }
    }

    fn place(&self, (x, y): (f64, f64)) -> (i64, i64) {
        (unit((x - self.left) * self.scale), unit((y - self.top) * self.scale))
    }
}

/// The lanes on a map; none when fewer than one has both its ends there.
pub fn map(about: &About) -> Option<Map> {
    let world = World::read();
    let mut unknown: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for lane in &about.lanes {
        match (world.point(&lane.reporter), world.point(&lane.partner)) {
            (Some(from), Some(to)) if from != to => found.push((lane, from, to)),
            (from, to) => {
                for (end, code) in [(from, &lane.reporter), (to, &lane.partner)] {
                    if end.is_none() {
                        unknown.push(words::place(about, code));
                    }
                }
            }
        }
    }
    unknown.sort();
    unknown.dedup();
    let more = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    let points: Vec<(f64, f64)> = found.iter().flat_map(|(_, from, to)| [*from, *to]).collect();
    let largest = found.first().map(|(lane, ..)| (lane.now - lane.before).abs())?;
    let view = View::around(&points);
    let mut places: BTreeMap<&str, Place> = BTreeMap::new();
    for (lane, from, to) in &found {
        for (code, point, class) in [(&lane.reporter, from, "from"), (&lane.partner, to, "to")] {
            let (x, y) = view.place(*point);
            places.entry(code).or_insert_with(|| Place { x, y, label: words::place(about, code), class });
        }
    }
    // Many reporters close together would cover each other with their names.
    let reporters = places.values().filter(|place| place.class == "from").count();
    if reporters > 8 {
        for place in places.values_mut().filter(|place| place.class == "from") {
            place.label.clear();
        }
    }
    // The smallest below, so that the largest is not covered.
    let lanes = found
        .iter()
        .rev()
        .map(|(lane, from, to)| drawn(about, lane, view.place(*from), view.place(*to), largest));
    Some(Map {
        land: world.land,
        borders: world.borders,
        transform: format!("scale({:.4}) translate({:.1} {:.1})", view.scale, -view.left, -view.top),
        lanes: lanes.collect(),
        places: places.into_values().collect(),
        unknown,
        more,
    })
}

fn drawn(about: &About, lane: &Lane, from: (i64, i64), to: (i64, i64), largest: f64) -> Drawn {
    let change = lane.now - lane.before;
    let width = 1.0 + 11.0 * (change.abs() / largest).sqrt();
    let (x, y) = (i64::midpoint(from.0, to.0), i64::midpoint(from.1, to.1));
    let bow = (from.0 - to.0).abs() / 6;
    let sign = if change < 0.0 { "−" } else { "+" };
    Drawn {
        path: format!("M{} {}Q{} {} {} {}", from.0, from.1, x, y - bow, to.0, to.1),
        class: if change < 0.0 { "less" } else { "more" },
        width: format!("{width:.1}"),
        title: format!(
            "{} to {}: {sign}{}",
            words::place(about, &lane.reporter),
            words::place(about, &lane.partner),
            words::amount(about, crate::flow::series::Kind::Rise, change.abs())
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_is_whole_and_small() {
        let world = World::read();
        assert!(world.land.len() > 10_000 && world.land.len() + world.borders.len() <= 60_000);
        assert!(world.points.len() > 200);
        for code in ["KG", "AM", "RU", "SG", "HK", "AE", "TR", "MY", "DE", "US", "EU"] {
            let (x, y) = world.point(code).unwrap();
            assert!((0.0..3600.0).contains(&x) && (0.0..1760.0).contains(&y), "{code}");
        }
        let allowed = |c: char| c.is_ascii_digit() || " -Mlz".contains(c);
        assert!(world.land.chars().all(allowed) && world.borders.chars().all(allowed));
    }

    #[test]
    fn lanes_lie_inside_the_picture_and_unknown_ends_are_told() {
        let lane =
            |from: &str, to: &str, now| Lane { reporter: from.into(), partner: to.into(), before: 10.0, now };
        let lanes = vec![lane("EU27", "KG", 90.0), lane("DE", "RU", 0.0), lane("DE", "Atlantis", 11.0)];
        let map = map(&About { lanes, ..About::default() }).unwrap();
        assert_eq!(map.lanes.len(), 2);
        assert_eq!(map.unknown, ["Atlantis"]);
        for place in &map.places {
            assert!((0..=WIDTH).contains(&place.x) && (0..=HEIGHT).contains(&place.y), "{}", place.label);
        }
        assert!(map.lanes.iter().any(|lane| lane.class == "less" && lane.title.contains('−')));
    }
}
