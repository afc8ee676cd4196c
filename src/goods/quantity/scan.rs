//! The numbers of a text: figures with their units, ranges, arrays, bounds.
//!
//! Leaves part numbers (`AD9208`, `XC7K325T-2`) and versions (`1.2.3`) alone.
//! Does not know what a number is about.

use super::figures::{Style, at, digit_at, figure, is_times, style};
use super::normal::{Char, TIGHT_SPACE, is_han, normalise, push_unit};
use super::units::LONGEST;
use super::{Bound, Number, UnitId, Units};

/// Every number of a text, in its order.
#[must_use]
pub fn read_numbers(text: &str) -> Vec<Number> {
    let chars = normalise(text);
    let units = Units::shipped();
    let style = style(&chars, units);
    let scanner =
        Scanner { chars: &chars, bytes: text.len(), units, style, found: Vec::new(), places: Vec::new() };
    scanner.run()
}

/// A figure or an array, with its unit.
#[derive(Debug)]
struct Atom {
    from: usize,
    end: usize,
    sides: Vec<f64>,
    units: Vec<UnitId>,
    /// No space between figure and unit.
    glued: bool,
}

impl Atom {
    fn value(&self) -> f64 {
        self.sides.last().copied().unwrap_or_default()
    }

    fn is_array(&self) -> bool {
        self.sides.len() > 1
    }
}

struct Scanner<'a> {
    chars: &'a [Char],
    bytes: usize,
    units: &'a Units,
    style: Style,
    found: Vec<Number>,
    /// First character and the one after the last, of each number found.
    places: Vec<(usize, usize)>,
}

fn is_space(c: char) -> bool {
    c == ' ' || c == TIGHT_SPACE
}

/// Letters that stand before a number without making a word of it.
fn is_sign_letter(c: char) -> bool {
    matches!(c, 'ø' | 'Ø' | 'φ' | 'Φ')
}

impl Scanner<'_> {
    fn run(mut self) -> Vec<Number> {
        let mut i = 0;
        while i < self.chars.len() {
            i = self.step(i);
        }
        self.share_units();
        self.found
    }

    /// Reads what begins at a place; the place to go on from.
    fn step(&mut self, i: usize) -> usize {
        let c = at(self.chars, i);
        if let Some(next) = self.direct_current(i) {
            return next;
        }
        // `%0,05`, as Turkish has it.
        if c == '%' && digit_at(self.chars, i + 1) && !self.before(i).is_ascii_digit() {
            return self.named_before(i, "%", i + 1).unwrap_or(i + 1);
        }
        if self.opens_number(i) {
            return self.number(i).unwrap_or_else(|| self.after_word(i));
        }
        if c.is_alphabetic()
            && (is_han(c) || is_han(self.before(i)) || !self.before(i).is_alphanumeric())
            && let Some(next) = self.worded(i)
        {
            return next;
        }
        if c.is_alphanumeric() && !is_han(c) && !is_sign_letter(c) {
            return self.after_word(i);
        }
        i + 1
    }

    /// The word at a place in lower case, and the place after it; one character
    /// of Chinese.
    fn word(&self, from: usize) -> (String, usize) {
        if is_han(at(self.chars, from)) {
            return (at(self.chars, from).to_string(), from + 1);
        }
        let letters =
            self.chars.iter().skip(from).map(|c| c.c).take_while(|c| c.is_alphabetic() && !is_han(*c));
        let word: String = letters.collect();
        let end = from + word.chars().count();
        (word.to_lowercase(), end)
    }

    /// A number that begins with a word.
    fn worded(&mut self, from: usize) -> Option<usize> {
        let (word, end) = self.word(from);
        self.in_words(from, &word, end).or_else(|| self.named_before(from, &word, end))
    }

    /// `two axes`, `five-axis`, `五轴`: a figure in words before what is counted.
    fn in_words(&mut self, from: usize, word: &str, end: usize) -> Option<usize> {
        let value = *self.units.numerals.get(word)?;
        let (units, end, glued) = self.unit_after(end)?;
        let count = self.units.dimension("count");
        let counted = |unit: &UnitId| {
            self.units.get(*unit).is_some_and(|unit| Some(unit.dimension) == count && !unit.of.is_empty())
        };
        if !units.iter().any(counted) {
            return None;
        }
        Some(self.push_atom(&Atom { from, end, sides: vec![f64::from(value)], units, glued }))
    }

    /// `DN25`, `NPS 1/2`: the unit stands before the figure.
    fn named_before(&mut self, from: usize, word: &str, end: usize) -> Option<usize> {
        let (_, unit) = self.units.before.iter().find(|(other, _)| other == word)?;
        let unit = *unit;
        let mut start = end;
        while is_space(at(self.chars, start)) && start < end + 2 {
            start += 1;
        }
        let (value, end) = figure(self.chars, start, self.style)?;
        let (sides, units) = (vec![value], vec![unit]);
        let ends = !at(self.chars, end).is_alphanumeric();
        ends.then(|| self.push_atom(&Atom { from, end, sides, units, glued: true }))
    }

    /// The end of the word that stands at a place.
    fn after_word(&self, i: usize) -> usize {
        let mut end = i + 1;
        while at(self.chars, end).is_alphanumeric() && !is_han(at(self.chars, end)) {
            end += 1;
        }
        // `1.2.3`, `192.168.1.1`
        while digit_at(self.chars, end - 1) && at(self.chars, end) == '.' && digit_at(self.chars, end + 1) {
            end += 1;
            while at(self.chars, end).is_ascii_digit() {
                end += 1;
            }
        }
        end
    }

    fn before(&self, i: usize) -> char {
        i.checked_sub(1).map_or('\0', |i| at(self.chars, i))
    }

    fn opens_number(&self, i: usize) -> bool {
        let digit = |i: usize| digit_at(self.chars, i);
        match at(self.chars, i) {
            c if c.is_ascii_digit() => true,
            '.' => digit(i + 1) && !self.before(i).is_alphanumeric() && self.before(i) != '.',
            '-' | '+' => {
                (digit(i + 1) || at(self.chars, i + 1) == '.' && digit(i + 2)) && self.sign_stands(i)
            }
            _ => false,
        }
    }

    /// Whether a sign before figures is one, and no hyphen and no part of `+/-`.
    fn sign_stands(&self, i: usize) -> bool {
        let before = self.before(i);
        !before.is_alphanumeric() && !matches!(before, '/' | '+' | '-' | ')' | '±' | '.' | '°' | '%' | '"')
    }

    fn atom(&self, from: usize, signed: bool) -> Option<Atom> {
        let sign = at(self.chars, from);
        let start = from + usize::from(signed && matches!(sign, '-' | '+'));
        let (value, mut end) = figure(self.chars, start, self.style)?;
        let value = if start > from && sign == '-' { -value } else { value };
        let mut sides = vec![value];
        let mut unit = self.unit_after(end);
        loop {
            // 10 mm x 20 mm
            let from = unit.as_ref().map_or(end, |(_, end, _)| *end);
            let Some((side, next)) = self.next_side(from) else { break };
            sides.push(side);
            end = next;
            let own = self.unit_after(end);
            if own.is_none() && unit.is_some() {
                break;
            }
            unit = own;
            if sides.len() == 4 {
                break;
            }
        }
        let (units, end, glued) = unit.unwrap_or_else(|| (Vec::new(), end, false));
        let next = at(self.chars, end);
        let runs_on = units.is_empty()
            && next.is_alphabetic()
            && !is_han(next)
            && !(is_times(next) && at(self.chars, end + 1) == ' ');
        (!runs_on).then_some(Atom { from, end, sides, units, glued })
    }

    /// The figure after a sign of multiplication.
    fn next_side(&self, from: usize) -> Option<(f64, usize)> {
        let mut i = from;
        while is_space(at(self.chars, i)) {
            i += 1;
        }
        if !is_times(at(self.chars, i)) || (at(self.chars, i) == '*' && at(self.chars, i + 1) == '*') {
            return None;
        }
        i += 1;
        while is_space(at(self.chars, i)) {
            i += 1;
        }
        digit_at(self.chars, i).then(|| figure(self.chars, i, self.style)).flatten()
    }

    /// The longest unit after a figure: what it may be, its end, and whether
    /// it stands without a space.
    fn unit_after(&self, end: usize) -> Option<(Vec<UnitId>, usize, bool)> {
        let mut start = end;
        while is_space(at(self.chars, start)) && start < end + 2 {
            start += 1;
        }
        let hyphen = at(self.chars, start) == '-' && !is_space(at(self.chars, start + 1));
        if hyphen && !digit_at(self.chars, start + 1) {
            start += 1;
        }
        let first = at(self.chars, start);
        let opens = first.is_alphabetic() || matches!(first, '°' | '%' | '‰' | '"' | '\'' | '/' | ':' | '(');
        if !opens || (first == '(' && !at(self.chars, start + 1).is_alphabetic()) {
            return None;
        }
        let glued = start == end || hyphen;
        let mut key = String::with_capacity(LONGEST);
        let mut best: Option<(Vec<UnitId>, usize, String)> = None;
        let mut ids = Vec::new();
        for stop in start + 1..=(start + LONGEST).min(self.chars.len()) {
            if !self.in_unit(start, stop - 1) {
                break;
            }
            if !self.may_end(stop) {
                continue;
            }
            key.clear();
            push_unit(self.chars.get(start..stop).unwrap_or_default(), &mut key);
            let same = best.as_ref().is_some_and(|(_, _, other)| *other == key);
            if !same && !key.is_empty() && self.units.by_key(&key, &mut ids) && self.is_unit(&key, stop) {
                best = Some((ids.clone(), stop, key.clone()));
            }
        }
        best.map(|(units, end, _)| (units, end, glued))
    }

    /// Whether a character may stand in a unit.
    fn in_unit(&self, start: usize, i: usize) -> bool {
        let c = at(self.chars, i);
        match c {
            ' ' => !is_space(at(self.chars, i + 1)) && i > start,
            ':' => i == start,
            '°' | '%' | '‰' | '"' | '\'' | '/' | '·' | '*' | '^' | '√' | '(' | ')' | '-' | '.' | '⁄'
            | '□' => true,
            c if c.is_ascii_digit() => i > start && !is_space(self.before(i)),
            c => c.is_alphabetic(),
        }
    }

    /// Whether a unit may end before a place.
    fn may_end(&self, stop: usize) -> bool {
        let (last, next) = (self.before(stop), at(self.chars, stop));
        if is_space(last) || matches!(last, '/' | '(' | '·' | '-' | '^' | '*') {
            return false;
        }
        !(last.is_alphanumeric() && next.is_alphanumeric()) || is_han(last) || is_han(next)
    }

    /// Spellings that are words of sentences too hold only before a stop.
    fn is_unit(&self, key: &str, stop: usize) -> bool {
        if !matches!(key, "in" | "as" | "a" | "and" | "to1" | "ea" | "set" | "min" | "R" | "M" | "E") {
            return true;
        }
        let mut i = stop;
        while is_space(at(self.chars, i)) {
            i += 1;
        }
        self.before(stop) == '.' || !at(self.chars, i).is_alphanumeric() || is_times(at(self.chars, i))
    }

    /// A number that hangs on a part number: `PXI-5122`, but not `ADC-14bit`.
    fn hangs(&self, from: usize) -> bool {
        let joined = matches!(self.before(from), '-' | '/' | '.')
            && from >= 2
            && at(self.chars, from - 2).is_alphanumeric()
            && !is_han(at(self.chars, from - 2));
        joined && self.places.last().is_none_or(|(_, end)| *end + 1 < from)
    }

    fn number(&mut self, from: usize) -> Option<usize> {
        let atom = self.atom(from, true)?;
        let hangs = self.hangs(from);
        if hangs && (atom.units.is_empty() || !atom.glued) {
            return None;
        }
        if !hangs
            && !atom.is_array()
            && let Some((other, words)) = self.range_end(&atom)
            && let Some(next) = self.push_range(&atom, &other, words)
        {
            return Some(next);
        }
        Some(self.push_atom(&atom))
    }

    /// The second number of a range, and whether a word joins them.
    fn range_end(&self, first: &Atom) -> Option<(Atom, bool)> {
        let mut i = first.end;
        while is_space(at(self.chars, i)) {
            i += 1;
        }
        let spaced = i > first.end;
        let (after, word) = self.range_sign(i, first)?;
        i = after;
        while is_space(at(self.chars, i)) {
            i += 1;
        }
        let signed = matches!(at(self.chars, i), '-' | '+');
        if !digit_at(self.chars, i + usize::from(signed)) && at(self.chars, i) != '.' {
            return None;
        }
        let second = self.atom(i, true).filter(|second| !second.is_array())?;
        // ` - ` between a model number and a figure is a dash.
        let ascends = match (self.base(first), self.base(&second)) {
            (Some(low), Some(high)) => low <= high,
            _ => first.value() <= second.value(),
        };
        let both = !first.units.is_empty() && !second.units.is_empty();
        (ascends || (both && !spaced) || word).then_some((second, word))
    }

    /// The value of an atom in the base unit of its likeliest unit.
    fn base(&self, atom: &Atom) -> Option<f64> {
        atom.units.first().and_then(|unit| self.units.get(*unit)).map(|unit| unit.to_base(atom.value()))
    }

    /// The place after what joins two ends of a range.
    fn range_sign(&self, i: usize, first: &Atom) -> Option<(usize, bool)> {
        match at(self.chars, i) {
            '-' | '~' | '÷' => return Some((i + 1, false)),
            '.' if at(self.chars, i + 1) == '.' => {
                let dots = self.chars.iter().skip(i).take_while(|c| c.c == '.').count();
                return Some((i + dots, false));
            }
            '/' if first.value() < 0.0 && at(self.chars, i + 1) == '+' => return Some((i + 1, false)),
            '至' | '到' => return Some((i + 1, true)),
            _ => {}
        }
        let word: String = self
            .chars
            .iter()
            .skip(i)
            .take(8)
            .map(|c| c.c)
            .take_while(|c| c.is_alphabetic())
            .flat_map(char::to_lowercase)
            .collect();
        let end = i + word.chars().count();
        let joins = match word.as_str() {
            "to" | "bis" | "thru" | "through" | "till" | "until" | "до" | "à" | "hasta" => true,
            "a" => self.word_before(first.from, &["de", "da"]),
            "and" | "und" | "et" | "y" | "и" => {
                self.word_before(first.from, &["between", "zwischen", "entre", "между"])
            }
            _ => false,
        };
        joins.then_some((end, true))
    }

    /// Whether one of some words stands right before a place.
    fn word_before(&self, from: usize, words: &[&str]) -> bool {
        let mut end = from;
        while is_space(self.before(end)) {
            end -= 1;
        }
        let length = self.chars.iter().take(end).rev().take_while(|c| c.c.is_alphabetic()).count();
        let word: String =
            self.chars.iter().skip(end - length).take(length).flat_map(|c| c.c.to_lowercase()).collect();
        words.contains(&word.as_str())
    }

    fn push_range(&mut self, first: &Atom, second: &Atom, word: bool) -> Option<usize> {
        let shared = |a: &[UnitId], b: &[UnitId]| {
            let same = |a: &UnitId, b: &UnitId| self.units.dimension_of(*a) == self.units.dimension_of(*b);
            a.iter().any(|a| b.iter().any(|b| same(a, b)))
        };
        if second.units.is_empty() && !first.units.is_empty() {
            return None;
        }
        if first.units.is_empty() {
            if word && second.units.is_empty() {
                return None;
            }
            self.push(first.from, second.end, first.value(), second.value(), second.units.clone());
            return Some(second.end);
        }
        if !shared(&first.units, &second.units) {
            return None;
        }
        let (Some(from), Some(to)) = (first.units.first(), second.units.first()) else { return None };
        let low = match (self.units.get(*from), self.units.get(*to)) {
            // The lower end in the unit of the upper: `100 MHz to 18 GHz`.
            (Some(a), Some(b)) if from != to && a.dimension == b.dimension => {
                b.from_base(a.to_base(first.value()))
            }
            _ => first.value(),
        };
        self.push(first.from, second.end, low, second.value(), second.units.clone());
        Some(second.end)
    }

    fn push(&mut self, from: usize, end: usize, a: f64, b: f64, units: Vec<UnitId>) {
        self.places.push((from, end));
        self.found.push(Number {
            at: self.byte(from)..self.byte(end),
            low: a.min(b),
            high: a.max(b),
            range: true,
            bound: Bound::Exact,
            sides: Vec::new(),
            units,
            of_body: false,
            times: None,
        });
    }

    fn byte(&self, i: usize) -> usize {
        self.chars.get(i).map_or(self.bytes, |c| c.at)
    }

    fn push_atom(&mut self, atom: &Atom) -> usize {
        let bound = self.bound(atom.from, atom.end, !atom.units.is_empty());
        let bytes = self.byte(atom.from)..self.byte(atom.end);
        let one = |value: f64, units: Vec<UnitId>, of_body: bool, sides: Vec<f64>| Number {
            at: bytes.clone(),
            low: value,
            high: value,
            range: false,
            bound,
            sides,
            units,
            of_body,
            times: None,
        };
        let is = |name: &str| {
            let dimension = self.units.dimension(name);
            atom.units.iter().any(|unit| self.units.dimension_of(*unit) == dimension)
        };
        let found = if !atom.is_array() {
            vec![one(atom.value(), atom.units.clone(), false, Vec::new())]
        } else if is("length") {
            atom.sides.iter().map(|side| one(*side, atom.units.clone(), true, Vec::new())).collect()
        } else if atom.units.is_empty() || is("count") {
            let product = atom.sides.iter().product();
            vec![one(product, vec![self.units.elements()], false, atom.sides.clone())]
        } else {
            // `2 x 16 bit`: how many, and each.
            let each = one(atom.value(), atom.units.clone(), false, Vec::new());
            vec![Number { times: atom.sides.first().copied().filter(|_| atom.sides.len() == 2), ..each }]
        };
        self.places.extend(std::iter::repeat_n((atom.from, atom.end), found.len()));
        self.found.extend(found);
        atom.end
    }

    /// `DC-40GHz`, `DC to 40 GHz`: from 0.
    fn direct_current(&mut self, i: usize) -> Option<usize> {
        let is = |i: usize, c: char| at(self.chars, i).eq_ignore_ascii_case(&c);
        if !is(i, 'd') || !is(i + 1, 'c') || self.before(i).is_alphanumeric() {
            return None;
        }
        if at(self.chars, i + 2).is_alphanumeric() && !is_han(at(self.chars, i + 2)) {
            return None;
        }
        let zero = Atom { from: i, end: i + 2, sides: vec![0.0], units: Vec::new(), glued: false };
        let (second, _) = self.range_end(&zero)?;
        let frequency = self.units.dimension("frequency");
        second.units.iter().any(|unit| self.units.dimension_of(*unit) == frequency).then_some(())?;
        self.push(i, second.end, 0.0, second.value(), second.units.clone());
        Some(second.end)
    }

    /// What stands around a number and says how it bounds.
    fn bound(&self, from: usize, end: usize, has_unit: bool) -> Bound {
        let mut i = from;
        while is_space(self.before(i)) {
            i -= 1;
        }
        let two = (i.checked_sub(2).map_or('\0', |i| at(self.chars, i)), self.before(i));
        match two {
            (_, '≥') | ('>', '=') | ('=', '>') => return Bound::AtLeast,
            (_, '≤') | ('<', '=') | ('=', '<') => return Bound::AtMost,
            (_, '>') => return Bound::Above,
            (_, '<') => return Bound::Below,
            (_, '±') | ('/' | '+', '-') => return Bound::PlusMinus,
            _ => {}
        }
        self.bound_word(i).or_else(|| self.bound_after(end, has_unit)).unwrap_or_default()
    }

    fn bound_word(&self, end: usize) -> Option<Bound> {
        let mut end = end;
        while matches!(self.before(end), '.' | ':' | ' ') {
            end -= 1;
        }
        let start = end.saturating_sub(18);
        let before: String = self.chars.get(start..end)?.iter().flat_map(|c| c.c.to_lowercase()).collect();
        self.units.bounds.iter().find_map(|(word, bound)| {
            let rest = before.strip_suffix(word.as_str())?;
            let whole = rest.chars().next_back().is_none_or(|c| !c.is_alphanumeric())
                || word.chars().next().is_some_and(is_han);
            whole.then_some(*bound)
        })
    }

    fn bound_after(&self, end: usize, has_unit: bool) -> Option<Bound> {
        let mut i = end;
        while matches!(at(self.chars, i), ' ' | '.' | '(') {
            i += 1;
        }
        let word: String = self
            .chars
            .iter()
            .skip(i)
            .take(8)
            .map(|c| c.c)
            .take_while(|c| c.is_alphabetic())
            .flat_map(char::to_lowercase)
            .collect();
        match word.as_str() {
            "max" | "maximum" | "макс" => Some(Bound::AtMost),
            "min" | "minimum" | "мин" if has_unit => Some(Bound::AtLeast),
            word if word.starts_with("以上") => Some(Bound::AtLeast),
            word if word.starts_with("以下") => Some(Bound::AtMost),
            _ => None,
        }
    }

    /// `10/100/1000 Mbit/s`, `8 or 10 bit`: the last unit is the unit of all.
    fn share_units(&mut self) {
        for i in (1..self.found.len()).rev() {
            let (Some((_, end)), Some((from, _))) = (self.places.get(i - 1), self.places.get(i)) else {
                continue;
            };
            let gap: String = self.chars.get(*end..*from).unwrap_or_default().iter().map(|c| c.c).collect();
            let listed = matches!(
                gap.trim(),
                "/" | "," | "&" | "or" | "and" | "oder" | "und" | "ou" | "et" | "o" | "y" | "или" | "и"
            ) && gap != ", ";
            let unit = self.found.get(i).map(|number| number.units.clone()).unwrap_or_default();
            if let Some(bare) = self.found.get_mut(i - 1)
                && listed
                && bare.units.is_empty()
            {
                bare.units = unit;
            }
        }
    }
}
