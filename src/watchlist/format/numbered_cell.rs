//! Several values in one cell, numbered `(1) … (2) …`, also in ranges such as
//! `(1)-(3) …`, or lettered `a) … b) …`.

/// Values of one cell that are read at most; no list comes near.
const MOST_VALUES: usize = 2000;

/// The values by their number; a cell without numbers is value 1. A value `-`
/// is none.
pub(super) fn numbered(text: &str) -> Vec<(usize, String)> {
    let marks = marks(text);
    let Some(first) = marks.first() else {
        return value(text).map(|text| vec![(1, text)]).unwrap_or_default();
    };
    let mut values = Vec::new();
    // What stands before the first number belongs to no number, so to the first.
    if let Some(before) = text.get(..first.start).and_then(value) {
        values.push((first.number, before));
    }
    let mut open = None;
    for (at, mark) in marks.iter().enumerate() {
        let end = marks.get(at + 1).map_or(text.len(), |next| next.start);
        let between = text.get(mark.end..end).unwrap_or_default().trim();
        let range = matches!(between, "-" | "–" | "to")
            && marks.get(at + 1).is_some_and(|next| {
                // `(1)-(2) Tunis` is a range; `(3) - (4) -` are two empty values.
                next.number > mark.number
                    && text.get(mark.end..end).is_some_and(|gap| gap == "-" || gap.contains("to"))
            });
        if range {
            open = open.or(Some(mark.number));
            continue;
        }
        let from = open.take().unwrap_or(mark.number);
        if let Some(text) = value(between) {
            // A range of more numbers than a cell can have is a mistake of
            // writing; its ends are enough.
            let to = mark.number.min(from.saturating_add(99));
            if values.len() > MOST_VALUES {
                break;
            }
            values.extend((from..=to).map(|number| (number, text.clone())));
        }
    }
    values
}

/// The texts alone, each once.
pub(super) fn values(text: &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for (_, value) in numbered(text) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

/// The parts of a text lettered `a) … b) …` in the order of the alphabet; a
/// text without letters is one part.
pub(super) fn lettered(text: &str) -> Vec<String> {
    let mut cuts = vec![];
    let mut from = 0;
    for letter in 'a'..='z' {
        let mark = format!("{letter})");
        let Some(at) = text.get(from..).and_then(|rest| find_word(rest, &mark)) else { break };
        cuts.push((from + at, mark.len()));
        from += at + mark.len();
    }
    // A single `a)` may be any text.
    let (Some(&(first, _)), true) = (cuts.first(), cuts.len() > 1) else {
        return value(text).into_iter().collect();
    };
    let mut parts: Vec<String> = text.get(..first).and_then(value).into_iter().collect();
    for (at, &(start, length)) in cuts.iter().enumerate() {
        let end = cuts.get(at + 1).map_or(text.len(), |next| next.0);
        parts.extend(text.get(start + length..end).and_then(value));
    }
    parts
}

/// Where the mark stands at the beginning of a word; an opening parenthesis
/// before it is part of other writing, such as `(UK)`.
fn find_word(text: &str, mark: &str) -> Option<usize> {
    text.match_indices(mark).map(|(at, _)| at).find(|&at| {
        text.get(..at).is_some_and(|before| {
            before.is_empty() || before.ends_with(|c: char| c.is_whitespace() || matches!(c, ';' | ','))
        })
    })
}

fn value(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', ';', ',']).trim();
    (!text.is_empty() && text != "-").then(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

struct Mark {
    number: usize,
    start: usize,
    end: usize,
}

fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (start, _) in text.match_indices('(') {
        let inside = text.get(start + 1..).and_then(|rest| rest.split_once(')')).map(|(inside, _)| inside);
        let Some(inside) = inside.filter(|inside| (1..=2).contains(&inside.len())) else { continue };
        if let Ok(number) = inside.parse::<usize>() {
            marks.push(Mark { number, start, end: start + inside.len() + 2 });
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ranges_and_empty_values_are_told_apart() {
        let read = |text| numbered(text).into_iter().map(|(n, t)| format!("{n}={t}")).collect::<Vec<_>>();
        assert_eq!(read("Tunis"), ["1=Tunis"]);
        assert_eq!(read("(1)-(2) Tunisia (3) Libya"), ["1=Tunisia", "2=Tunisia", "3=Libya"]);
        assert_eq!(
            read("(1) to (3) Algeria (4) Morocco"),
            ["1=Algeria", "2=Algeria", "3=Algeria", "4=Morocco"]
        );
        assert_eq!(read("(1) Bengasi (2) Bendasi (3) - (4) -"), ["1=Bengasi", "2=Bendasi"]);
        assert_eq!(read("(1) Manzil (2)-(6) -"), ["1=Manzil"]);
        assert_eq!(read("Haidra (Kasserine)"), ["1=Haidra (Kasserine)"]);
        assert_eq!(read("-"), Vec::<String>::new());
        assert_eq!(values("(1) A (2) B (3) A"), ["A", "B"]);
        assert_eq!(read("(1)-(99) x").len(), 99);
    }

    #[test]
    fn letters_cut_only_in_their_order() {
        assert_eq!(lettered("a) Kabul b) Herat"), ["Kabul", "Herat"]);
        assert_eq!(lettered("Branches: a) Kabul; b) Herat;"), ["Branches:", "Kabul", "Herat"]);
        assert_eq!(lettered("Block (a) 4"), ["Block (a) 4"]);
        assert_eq!(lettered("a) Kabul"), ["a) Kabul"]);
    }
}
