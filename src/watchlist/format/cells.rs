//! Several values in one cell of a CSV, and cells that a spreadsheet must not
//! take for formulas. What is written here reads back the same.

/// The values of a cell, between semicolons. A value that holds a semicolon, a
/// quote or a line's end stands in quotes, with the quotes in it doubled.
pub(super) fn values(cell: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut value = String::new();
    let mut quoted = false;
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                value.push('"');
            }
            '"' if quoted => quoted = false,
            // A quote within a bare value is no more than a quote.
            '"' if value.trim().is_empty() => {
                value.clear();
                quoted = true;
            }
            ';' if !quoted => push(&mut values, &mut value),
            c => value.push(c),
        }
    }
    push(&mut values, &mut value);
    values
}

fn push(values: &mut Vec<String>, value: &mut String) {
    let text = value.trim();
    if !text.is_empty() {
        values.push(text.to_owned());
    }
    value.clear();
}

/// One cell of several values, for [`values`].
pub(super) fn join<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> String {
    let mut cell = String::new();
    for value in values {
        let value = value.as_ref();
        if !cell.is_empty() {
            cell.push_str("; ");
        }
        if value.contains([';', '"', '\n', '\r']) {
            cell.push('"');
            cell.push_str(&value.replace('"', "\"\""));
            cell.push('"');
        } else {
            cell.push_str(value);
        }
    }
    cell
}

const FORMULA: [char; 12] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹢', '﹣', '﹦', '﹫'];

/// A cell that no spreadsheet takes for a formula: one apostrophe more where it,
/// or what follows a semicolon in it, begins like one. [`unguarded`] takes
/// it away again.
pub(super) fn guarded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    walk(text, |c, at_formula| {
        if at_formula {
            out.push('\'');
        }
        out.push(c);
    });
    out
}

/// The text that [`guarded`] was given.
pub(super) fn unguarded(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    walk(cell, |c, at_formula| {
        if !(at_formula && c == '\'') {
            out.push(c);
        }
    });
    out
}

/// Each character, and whether the beginning of a formula stands there, behind
/// any number of apostrophes.
fn walk(text: &str, mut each: impl FnMut(char, bool)) {
    let mut leading = true;
    for (at, c) in text.char_indices() {
        let rest = || text.get(at..).unwrap_or_default();
        let formula = leading && rest().trim_start_matches('\'').starts_with(FORMULA);
        each(c, formula);
        leading = c == ';' || (leading && (c.is_whitespace() || c == '"'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn guarding_can_be_undone(text in "[=+@'; \"a-c＝-]{0,12}") {
            prop_assert_eq!(unguarded(&guarded(&text)), text);
        }

        #[test]
        fn no_guarded_cell_begins_a_formula_under_any_separator(text in "[=+@'; \"a-c＝-]{0,12}") {
            for part in guarded(&text).split(';') {
                let first = part.trim_start_matches([' ', '"']).chars().next();
                prop_assert!(!first.is_some_and(|c| FORMULA.contains(&c)), "{part:?}");
            }
        }

        #[test]
        fn several_values_read_back(texts in proptest::collection::vec("[a;\" \n:]{0,6}b", 0..4)) {
            let texts: Vec<_> = texts.iter().map(|text| text.trim().to_owned()).collect();
            prop_assert_eq!(values(&join(&texts)), texts);
        }
    }

    #[test]
    fn values_read_as_lists_write_them() {
        assert_eq!(values("ru;tj"), ["ru", "tj"]);
        assert_eq!(values("\"a; b\";c"), ["a; b", "c"]);
        assert_eq!(values("\"he said \"\"x\"\"\";; d "), ["he said \"x\"", "d"]);
        assert_eq!(values("Company \"Star\"; B"), ["Company \"Star\"", "B"]);
        assert!(values(" ; ").is_empty());
    }
}
