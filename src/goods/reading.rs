//! A description of goods → its words, its numbers, and which quantity the
//! words beside a number name.
//!
//! Knows no product.

use super::beside::{Beside, beside};
use super::quantity::{Number, Quantities, QuantityId, Units, read_numbers};
use super::wording::{How, Words};

/// A number, and what the words beside it say that it is.
#[derive(Clone, Debug)]
pub struct Figure {
    pub number: Number,
    /// The quantities of the nearest words; empty where no words stand beside.
    pub named: Vec<Naming>,
    /// The quantity that the unit alone gives away.
    pub hinted: Option<QuantityId>,
    /// What words beside it say in figures: `FP16`.
    pub beside: Vec<Beside>,
}

/// A quantity that words beside a number name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Naming {
    pub quantity: QuantityId,
    /// The words as they were folded.
    pub words: Vec<String>,
}

/// The numbers of a description, in its order.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub figures: Vec<Figure>,
}

/// What stands in a description, one after the other.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Piece {
    Number(usize),
    /// Words of a named quantity, `naming` of the `words` at a place; the names
    /// of one place have one `place`.
    Name {
        naming: Naming,
        words: usize,
        exact: bool,
        place: usize,
    },
    /// Other words.
    Words(usize),
    /// A comma, a semicolon, the end of a sentence.
    Break,
}

/// Words further away than this say nothing of a number.
const FAR: usize = 4;
/// What a comma counts, in words.
const BREAK: usize = 2;
/// What another number in between counts.
const NUMBER: usize = 3;

impl Reading {
    /// Reads a description.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let numbers = read_numbers(text);
        if numbers.is_empty() {
            return Self::default();
        }
        let pieces = pieces(text, &numbers);
        let units = Units::shipped();
        let quantities = Quantities::shipped();
        let figures = numbers
            .iter()
            .zip(beside(text, &numbers))
            .enumerate()
            .map(|(i, (number, beside))| {
                let hint = number.units.iter().find_map(|unit| {
                    let of = units.get(*unit)?.of.as_str();
                    quantities.find(of).filter(|_| !of.is_empty())
                });
                let body = quantities.find("dimensions").filter(|_| number.of_body);
                let mut named = named(i, &numbers, &pieces);
                if named.is_empty() {
                    named.extend(body.map(|quantity| Naming { quantity, words: Vec::new() }));
                }
                Figure { number: number.clone(), named, hinted: hint, beside }
            })
            .collect();
        Self { figures }
    }
}

/// Cuts a description into numbers and words.
fn pieces(text: &str, numbers: &[Number]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (i, number) in numbers.iter().enumerate() {
        // The sides of a body share one place.
        if number.at.start >= from {
            words(text.get(from..number.at.start).unwrap_or_default(), &mut pieces);
        }
        pieces.push(Piece::Number(i));
        from = from.max(number.at.end);
    }
    words(text.get(from..).unwrap_or_default(), &mut pieces);
    pieces
}

fn words(text: &str, pieces: &mut Vec<Piece>) {
    let mut rest = text;
    loop {
        let stop = rest.char_indices().find(|(i, c)| {
            matches!(c, ',' | ';' | '\n' | '|' | '，' | '；' | '。' | '、')
                || (*c == '.' && rest.get(i + 1..).is_none_or(|after| after.starts_with(' ')))
        });
        let (clause, after) = match stop {
            Some((i, c)) => (rest.get(..i).unwrap_or_default(), rest.get(i + c.len_utf8()..)),
            None => (rest, None),
        };
        clause_pieces(clause, pieces);
        let Some(after) = after else { return };
        pieces.push(Piece::Break);
        rest = after;
    }
}

fn clause_pieces(clause: &str, pieces: &mut Vec<Piece>) {
    let words = Words::of(clause);
    let mut hits = Quantities::shipped().words.find(&words);
    // The longest name at a place; of one length all.
    hits.sort_by_key(|hit| (hit.at, std::cmp::Reverse(hit.words)));
    let mut at = 0;
    let mut i = 0;
    while let Some(hit) = hits.get(i) {
        if hit.at < at {
            i += 1;
            continue;
        }
        if hit.at > at {
            pieces.push(Piece::Words(hit.at - at));
        }
        let (start, length, place) = (hit.at, hit.words, pieces.len());
        // Names within the longest one too: `gyro bias stability` is a bias
        // stability for goods that know no other.
        while let Some(other) = hits.get(i).filter(|other| other.at < start + length) {
            if other.at + other.words <= start + length {
                let exact = other.how <= How::Inflected;
                let own = words.all.get(other.at..other.at + other.words).unwrap_or_default();
                let naming = Naming { quantity: other.tag, words: own.to_vec() };
                pieces.push(Piece::Name { naming, words: length, exact, place });
            }
            i += 1;
        }
        at = start + length;
    }
    if words.all.len() > at {
        pieces.push(Piece::Words(words.all.len() - at));
    }
}

/// The quantities that the words nearest to a number name.
fn named<'a>(number: usize, numbers: &[Number], pieces: &'a [Piece]) -> Vec<Naming> {
    let units = Units::shipped();
    let Some(about) = numbers.get(number) else { return Vec::new() };
    let Some(at) = pieces.iter().position(|piece| *piece == Piece::Number(number)) else {
        return Vec::new();
    };
    let first_is_number = clause_opens_with_number(at, pieces);
    let limit = if about.units.is_empty() { 1 } else { FAR };
    let mut best: Vec<(usize, &Naming)> = Vec::new();
    let fits = |number: &Number, quantity: QuantityId| {
        let quantity = Quantities::shipped().get(quantity);
        quantity.is_some_and(|of| of.unit_of(number, units, &of.dimensions).is_some())
    };
    // `0-10 kPa accuracy 0.2 %`: the name belongs to the number after it.
    let mut claimed = if first_is_number { Vec::new() } else { claimed(at, numbers, pieces, &fits) };
    // `48 transceivers 32 Gb/s`: what is counted follows its number.
    if about.units.is_empty()
        && let Some(Piece::Name { place, .. }) = pieces.get(at + 1)
    {
        claimed.retain(|other| other != place);
    }
    let mut look = |side: &mut dyn Iterator<Item = &'a Piece>, against: usize| {
        // Twice the distance, so that the side decides between equals.
        let mut distance = against;
        // The place of the name last passed, and its length.
        let mut passed: Option<(usize, usize)> = None;
        for piece in side {
            let same =
                |(place, _): &(usize, usize)| matches!(piece, Piece::Name { place: p, .. } if p == place);
            if let Some((_, words)) = passed.take_if(|passed| !same(passed)) {
                distance += 2 * words;
            }
            match piece {
                Piece::Number(_) => distance += 2 * NUMBER,
                Piece::Break => distance += 2 * BREAK,
                Piece::Words(count) => distance += 2 * count,
                Piece::Name { naming, words, exact, place } => {
                    passed = Some((*place, *words));
                    if !claimed.contains(place) && fits(about, naming.quantity) {
                        best.push((distance + usize::from(!exact), naming));
                    }
                }
            }
            if distance > 2 * limit + 1 {
                break;
            }
        }
    };
    look(&mut pieces.iter().take(at).rev(), usize::from(first_is_number));
    look(&mut pieces.iter().skip(at + 1), usize::from(!first_is_number));
    best.retain(|(distance, _)| *distance <= 2 * limit + 1);
    let Some(nearest) = best.iter().map(|(distance, _)| *distance).min() else { return Vec::new() };
    best.into_iter().filter(|(distance, _)| *distance == nearest).map(|(_, name)| name.clone()).collect()
}

/// The places of the names after a number that stand right before another
/// number and fit that one.
fn claimed(
    at: usize,
    numbers: &[Number],
    pieces: &[Piece],
    fits: &impl Fn(&Number, QuantityId) -> bool,
) -> Vec<usize> {
    let mut claimed = Vec::new();
    let mut names: Vec<(usize, QuantityId)> = Vec::new();
    for piece in pieces.iter().skip(at + 1) {
        match piece {
            Piece::Name { naming, place, .. } => {
                names.retain(|(other, _)| other == place);
                names.push((*place, naming.quantity));
            }
            Piece::Number(number) => {
                let Some(number) = numbers.get(*number) else { continue };
                if names.iter().any(|(_, quantity)| fits(number, *quantity)) {
                    claimed.extend(names.first().map(|(place, _)| *place));
                }
                names.clear();
            }
            Piece::Words(_) | Piece::Break => names.clear(),
        }
    }
    claimed
}

/// Whether the clause a number stands in begins with a number and does not end
/// with one: then the words follow their numbers.
fn clause_opens_with_number(at: usize, pieces: &[Piece]) -> bool {
    let start = pieces.iter().take(at).rposition(|piece| *piece == Piece::Break).map_or(0, |i| i + 1);
    let clause = || pieces.iter().skip(start).take_while(|piece| **piece != Piece::Break);
    let mut stand = clause().filter(|piece| matches!(piece, Piece::Number(_) | Piece::Name { .. }));
    let opens = matches!(stand.next(), Some(Piece::Number(_)));
    opens && !matches!(stand.last(), Some(Piece::Number(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Vec<String>> {
        let key = |naming: &Naming| {
            Quantities::shipped().get(naming.quantity).map(|q| q.key.clone()).unwrap_or_default()
        };
        Reading::of(text).figures.iter().map(|figure| figure.named.iter().map(key).collect()).collect()
    }

    #[test]
    fn words_beside_a_number_name_it() {
        for (text, expected) in [
            ("amplifier, frequency 2-18 GHz, output power 20 W", vec!["frequency", "output-power"]),
            ("2-18 GHz frequency range 500 MHz bandwidth", vec!["frequency", "bandwidth"]),
            ("Bandbreite 500 MHz", vec!["bandwidth"]),
            ("частота дискретизации 1,25 ГГц", vec!["sample-rate"]),
            ("gyro bias stability: 0.005 deg/hr", vec!["bias-stability"]),
            ("带宽500兆赫", vec!["bandwidth"]),
            // The name between two numbers belongs to the second.
            ("9 kHz-26.5 GHz bandwidth 40 MHz", vec!["", "bandwidth"]),
            (
                "manometer accuracy 0.2%, frequency 10 kHz bandwidth 5 MHz",
                vec!["accuracy", "frequency", "bandwidth"],
            ),
        ] {
            let read = keys(text);
            assert_eq!(read.len(), expected.len(), "{text}: {read:?}");
            for (named, key) in read.iter().zip(expected) {
                let fits =
                    if key.is_empty() { named.is_empty() } else { named.iter().any(|name| name == key) };
                assert!(fits, "{text}: {named:?} lacks {key}");
            }
        }
        let axes = Reading::of("5-axis machine").figures.first().and_then(|figure| figure.hinted);
        assert_eq!(axes, Quantities::shipped().find("axes"));
        assert!(keys("2 boxes of 14 bit").iter().all(Vec::is_empty));
    }
}
