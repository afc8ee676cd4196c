//! A small chart of a monthly series as inline SVG: bars, the band that its
//! past would lead one to expect, and the month in which something began.
//!
//! Gives shapes with classes of the pages' common style sheet (`.spark`) and no
//! script; coordinates are whole units, so that the bytes are the same on every
//! machine. Knows nothing of what the values mean.

use super::escape::write_html;

/// A series to draw. All slices run along `labels`; a shorter one is drawn as
/// far as it goes.
#[derive(Clone, Copy, Debug)]
pub struct Spark<'a> {
    /// What the picture shows, in one plain sentence; escaped here.
    pub title: &'a str,
    /// The month of each bar, such as `2022-03`; escaped here.
    pub labels: &'a [String],
    /// From 0; what is negative or not finite is drawn as no bar.
    pub values: &'a [f64],
    /// Lowest and highest value expected; not finite where nothing is expected.
    pub band: &'a [(f64, f64)],
    /// Place of the first month of what was found.
    pub start: Option<usize>,
    pub size: Size,
}

/// How large a chart is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Size {
    /// Beside a line of text: 240 by 56, first and last month as its only words.
    Mini,
    /// One of small multiples: 360 by 150, with an axis and the value of every
    /// month as a tooltip.
    Panel,
}

/// Edges of the field in which the bars stand.
struct Frame {
    width: i64,
    height: i64,
    left: i64,
    right: i64,
    top: i64,
    bottom: i64,
}

impl Size {
    const fn frame(self) -> Frame {
        match self {
            Self::Mini => Frame { width: 240, height: 56, left: 1, right: 239, top: 3, bottom: 41 },
            Self::Panel => Frame { width: 360, height: 150, left: 44, right: 358, top: 16, bottom: 128 },
        }
    }
}

/// A whole unit; charts are small.
#[expect(clippy::cast_possible_truncation, reason = "shares of a view box")]
fn unit(value: f64) -> i64 {
    value.round().clamp(-10_000.0, 10_000.0) as i64
}

#[expect(clippy::cast_precision_loss, reason = "edges of a view box")]
impl Frame {
    /// Left edge of the bar at a place of `count`.
    fn x(&self, at: usize, count: usize) -> i64 {
        let part = at as f64 / count.max(1) as f64;
        unit(self.left as f64 + part * (self.right - self.left) as f64)
    }

    fn y(&self, value: f64, most: f64) -> i64 {
        let part = if most > 0.0 { (value / most).clamp(0.0, 1.0) } else { 0.0 };
        unit(self.bottom as f64 - part * (self.bottom - self.top) as f64)
    }
}

impl Spark<'_> {
    /// The chart as an `<svg>` element, without a line break.
    #[must_use]
    pub fn svg(&self) -> String {
        let frame = self.size.frame();
        let count = self.labels.len();
        let most = self.most();
        let kind = match self.size {
            Size::Mini => "spark mini",
            Size::Panel => "spark panel",
        };
        let mut out = format!(
            "<svg class=\"{kind}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
            frame.width,
            frame.height,
            escaped(self.title)
        );
        if self.size == Size::Panel {
            out.push_str(&axis(&frame, most));
        }
        out.push_str(&self.band_path(&frame, most));
        self.bars(&frame, most, &mut out);
        out.push_str(&format!(
            "<path class=\"base\" d=\"M{} {}H{}\"/>",
            frame.left, frame.bottom, frame.right
        ));
        self.marks(&frame, count, &mut out);
        out.push_str("</svg>");
        out
    }

    /// The highest of what is drawn. A band may reach beyond the picture; bars
    /// may not.
    fn most(&self) -> f64 {
        let finite = |value: &f64| value.is_finite();
        let value = self.values.iter().copied().filter(finite).fold(0.0, f64::max);
        let band = self.band.iter().map(|(_, high)| *high).filter(finite).fold(0.0, f64::max);
        if value > 0.0 { value.max(band.min(value * 1.5)) } else { band }
    }

    fn bars(&self, frame: &Frame, most: f64, out: &mut String) {
        let count = self.labels.len();
        for (at, (value, label)) in self.values.iter().zip(self.labels).enumerate() {
            if !value.is_finite() || *value <= 0.0 {
                continue;
            }
            let (x, next) = (frame.x(at, count), frame.x(at + 1, count));
            // Something that is there is seen, however small.
            let y = frame.y(*value, most).min(frame.bottom - 1);
            let class = if self.start.is_some_and(|start| at >= start) { "col new" } else { "col" };
            let width = (next - x - i64::from(next - x > 3)).max(1);
            let height = frame.bottom - y;
            let shape =
                format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
            out.push_str(&shape);
            if self.size == Size::Panel {
                out.push_str(&format!("><title>{}: {}</title></rect>", escaped(label), short(*value)));
            } else {
                out.push_str("/>");
            }
        }
    }

    fn band_path(&self, frame: &Frame, most: f64) -> String {
        let count = self.labels.len();
        let mut paths = String::new();
        let known = |(low, high): &(f64, f64)| low.is_finite() && high.is_finite();
        let mut at = 0;
        let band = self.band.get(..self.band.len().min(count)).unwrap_or_default();
        for run in band.chunk_by(|a, b| known(a) == known(b)) {
            if run.first().is_some_and(known) {
                let edge = |(place, value): (usize, f64)| {
                    let (x, next) = (frame.x(at + place, count), frame.x(at + place + 1, count));
                    (x, next, frame.y(value, most))
                };
                let there = run.iter().map(|(_, high)| *high).enumerate().map(edge);
                let back = run.iter().map(|(low, _)| *low).enumerate().rev().map(edge);
                let mut path = String::new();
                for (x, next, y) in there {
                    path.push_str(&format!("{}{x} {y}H{next}", if path.is_empty() { "M" } else { "L" }));
                }
                for (x, next, y) in back {
                    path.push_str(&format!("L{next} {y}H{x}"));
                }
                paths.push_str(&path);
                paths.push('Z');
            }
            at += run.len();
        }
        if paths.is_empty() { paths } else { format!("<path class=\"band\" d=\"{paths}\"/>") }
    }

    /// The mark at the start, and the months at the ends.
    fn marks(&self, frame: &Frame, count: usize, out: &mut String) {
        let text = |x: i64, anchor: &str, class: &str, words: &str| {
            let y = frame.bottom + 12;
            format!(
                "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>",
                escaped(words)
            )
        };
        if let (Some(first), Some(last)) = (self.labels.first(), self.labels.last()) {
            let started =
                self.start.and_then(|at| self.labels.get(at).map(|label| (frame.x(at, count), label)));
            // The words of the start push those near them away.
            let longest = [first, last].into_iter().map(|label| label.chars().count()).max().unwrap_or(0);
            let room = i64::try_from(longest.clamp(7, 16) * 13 / 2).unwrap_or(44) - 1;
            let clear = |x: i64| started.is_none_or(|(start, _)| (start - x).abs() > room + 12);
            if clear(frame.left + room / 2) {
                out.push_str(&text(frame.left, "start", "month", first));
            }
            if count > 1 && clear(frame.right - room / 2) {
                out.push_str(&text(frame.right, "end", "month", last));
            }
            if let Some((x, label)) = started {
                let (top, foot) = (frame.top - 3, frame.bottom + 3);
                out.push_str(&format!("<path class=\"start\" d=\"M{x} {top}V{foot}\"/>"));
                let middle = x.clamp(frame.left + room / 2, frame.right - room / 2);
                out.push_str(&text(middle, "middle", "month begin", label));
            }
        }
    }
}

/// Three lines with the values they stand for.
fn axis(frame: &Frame, most: f64) -> String {
    let mut out = String::new();
    for value in [most, most / 2.0] {
        let y = frame.y(value, most);
        out.push_str(&format!(
            "<path class=\"grid\" d=\"M{} {y}H{}\"/><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            frame.left,
            frame.right,
            frame.left - 5,
            y + 4,
            short(value)
        ));
    }
    out
}

/// `950`, `12 k`, `3.1 M`, `2.2 G`: at most three figures.
#[must_use]
pub fn short(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    // What would round to nothing is nothing.
    let value = if value.abs() < 0.05 { 0.0 } else { value };
    let size = value.abs();
    let steps = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")];
    let found = steps.into_iter().find(|(step, _)| size >= step * 0.9995);
    let (scaled, letter) = found.map_or((value, ""), |(step, letter)| (value / step, letter));
    let whole = scaled == 0.0 || scaled.abs() >= 9.95 || (letter.is_empty() && scaled.fract() == 0.0);
    let places = usize::from(!whole);
    format!("{scaled:.places$}{letter}")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Writing to a string does not fail.
    let _ = write_html(&mut out, text);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn months(count: usize) -> Vec<String> {
        (0..count).map(|at| format!("{}-{:02}", 2020 + at / 12, at % 12 + 1)).collect()
    }

    fn figures() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(prop_oneof![Just(0.0), Just(f64::NAN), 0.0..1e12, any::<f64>()], 0..60)
    }

    proptest! {
        #[test]
        fn every_shape_stays_inside_the_picture(values in figures(), high in figures(), start in 0_usize..70) {
            let labels = months(values.len());
            let band: Vec<(f64, f64)> = high.iter().map(|high| (high / 2.0, *high)).collect();
            for size in [Size::Mini, Size::Panel] {
                let frame = size.frame();
                let svg = Spark { title: "t", labels: &labels, values: &values, band: &band, start: Some(start), size }.svg();
                let of = |name: &str| -> Vec<i64> {
                    svg.split(&format!(" {name}=\"")).skip(1)
                        .filter_map(|rest| rest.split('"').next()?.parse().ok()).collect()
                };
                prop_assert!(of("x").iter().all(|x| (0..=frame.width).contains(x)), "{}", svg);
                prop_assert!(of("y").iter().all(|y| (0..=frame.height).contains(y)), "{}", svg);
                prop_assert!(!svg.contains("NaN") && !svg.contains("inf"));
            }
        }

        #[test]
        fn no_text_of_a_file_opens_a_tag(text in "[<>&\"' a-z\u{1b}\u{202e}]{0,20}") {
            let labels = vec![text.clone(); 3];
            let svg = Spark { title: &text, labels: &labels, values: &[1.0, 2.0, 3.0], band: &[], start: Some(1), size: Size::Panel }.svg();
            let acts = svg.contains(['\u{1b}', '\u{202e}', '\'']);
            prop_assert!(!acts);
            let allowed = ["<svg", "<rect", "<path", "<text", "<title", "</svg", "</rect", "</text", "</title"];
            for (at, _) in svg.match_indices('<') {
                prop_assert!(allowed.iter().any(|tag| svg[at..].starts_with(tag)), "{}", svg);
            }
        }
    }

    #[test]
    fn months_from_the_start_on_stand_out_and_zeros_are_empty() {
        let values = [5.0, 0.0, 6.0, 40.0, 50.0];
        let labels = months(5);
        let svg = Spark {
            title: "",
            labels: &labels,
            values: &values,
            band: &[],
            start: Some(3),
            size: Size::Mini,
        }
        .svg();
        assert_eq!(svg.matches("class=\"col\"").count(), 2);
        assert_eq!(svg.matches("class=\"col new\"").count(), 2);
        assert!(svg.contains(">2020-04</text>"));
    }

    #[test]
    fn large_values_are_told_in_three_figures() {
        for (value, words) in [
            (0.0, "0"),
            (7.0, "7"),
            (950.0, "950"),
            (1_000.0, "1.0 k"),
            (999_900.0, "1.0 M"),
            (13_700_000.0, "14 M"),
            (2_152e6, "2.2 G"),
            (0.25, "0.2"),
        ] {
            assert_eq!(short(value), words);
        }
    }
}
