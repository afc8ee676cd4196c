//! The outward shape of list files: columns of a CSV, elements of XML, keys of
//! JSON, each with how often it stands there. A change of it shows that the
//! publisher changed the file, which a reader by itself might not notice.

use std::collections::BTreeMap;

use crate::watchlist::{ListFile, detect};

/// Names that are kept of one file; more are no shape but data.
const MOST_NAMES: usize = 4000;

/// The shape of the files together. A column's key begins with `column `, an
/// element's with `element `, a key's with `key `.
#[must_use]
pub fn shape(files: &[ListFile]) -> BTreeMap<String, usize> {
    let mut shape = BTreeMap::new();
    for file in files {
        // A spreadsheet is packed, and the project's own format knows its keys:
        // their readers hold them to their shape.
        if file.bytes.starts_with(b"PK") || detect(&file.bytes).is_some_and(|format| format.key == "toml") {
            continue;
        }
        let text = String::from_utf8_lossy(&file.bytes);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with('<') {
            elements(text, &mut shape);
        } else if text.starts_with(['{', '[']) {
            keys(text, &mut shape);
        } else {
            columns(text, &mut shape);
        }
    }
    shape
}

fn count(shape: &mut BTreeMap<String, usize>, sort: &str, name: &str) {
    let key = format!("{sort} {name}");
    if let Some(times) = shape.get_mut(&key) {
        *times += 1;
    } else if shape.len() < MOST_NAMES {
        shape.insert(key, 1);
    }
}

fn elements(text: &str, shape: &mut BTreeMap<String, usize>) {
    for after in text.split('<').skip(1) {
        let name: &str = after.split([' ', '>', '/', '\t', '\r', '\n']).next().unwrap_or_default();
        if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.len() <= 80 {
            count(shape, "element", name);
        }
    }
}

/// Texts that a colon follows.
fn keys(text: &str, shape: &mut BTreeMap<String, usize>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes.get(at) != Some(&b'"') {
            at += 1;
            continue;
        }
        let start = at + 1;
        let mut end = start;
        while end < bytes.len() && bytes.get(end) != Some(&b'"') {
            end += if bytes.get(end) == Some(&b'\\') { 2 } else { 1 };
        }
        at = end + 1;
        let after = bytes.get(at..).unwrap_or_default();
        let is_key = after.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':');
        let name = text.get(start..end.min(text.len())).unwrap_or_default();
        let is_name = !name.is_empty()
            && name.len() <= 40
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if is_key && is_name {
            count(shape, "key", name);
        }
    }
}

/// The header's cells, or how many cells the first line has where it is no
/// header.
fn columns(text: &str, shape: &mut BTreeMap<String, usize>) {
    let is_title = |line: &&str| {
        let line = line.trim_start_matches('"').to_ascii_lowercase();
        line.is_empty()
            || line.starts_with('#')
            || line.starts_with("report date")
            || line.starts_with("last updated")
    };
    let mut lines = text.lines().map(str::trim);
    let Some(header) = lines.find(|line| !is_title(line)) else { return };
    let separator =
        [b';', b'\t', b'|', b','].into_iter().max_by_key(|s| header.bytes().filter(|b| b == s).count());
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(separator.unwrap_or(b','))
        .from_reader(header.as_bytes());
    let Some(Ok(cells)) = reader.records().next() else { return };
    let is_header = cells.iter().all(|cell| {
        let cell = cell.trim();
        cell.len() <= 80 && !cell.starts_with(|c: char| c.is_ascii_digit())
    });
    if is_header && cells.len() > 1 {
        for cell in &cells {
            count(shape, "column", cell.trim());
        }
    } else {
        count(shape, "column", &format!("({} without a header)", cells.len()));
    }
}

/// How a new shape differs from the last one, in words; empty where it does
/// not. Names that stand in few places may come and go.
#[must_use]
pub fn drift(last: &BTreeMap<String, usize>, new: &BTreeMap<String, usize>, entries: usize) -> Vec<String> {
    let often = (entries / 100).max(20);
    let counts = |key: &str, times: usize| key.starts_with("column ") || times >= often;
    let missing = |from: &BTreeMap<String, usize>, to: &BTreeMap<String, usize>| -> Vec<String> {
        let gone = from.iter().filter(|(key, times)| counts(key, **times) && !to.contains_key(*key));
        gone.map(|(key, _)| key.clone()).collect()
    };
    let say = |names: &[String], what: &str| {
        let shown: Vec<_> = names.iter().take(8).map(String::as_str).collect();
        let more = if names.len() > shown.len() { " …" } else { "" };
        (!names.is_empty()).then(|| format!("{what}: {}{more}", shown.join(", ")))
    };
    [say(&missing(last, new), "gone from the file"), say(&missing(new, last), "new in the file")]
        .into_iter()
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> BTreeMap<String, usize> {
        shape(&[ListFile { name: "x".into(), bytes: text.into() }])
    }

    #[test]
    fn each_sort_of_file_has_a_shape() {
        assert!(of("id;name\n1;x\n").contains_key("column name"));
        assert!(of("Report Date: 1-Jan-2026\na,b\n").contains_key("column b"));
        assert!(of("1,\"A, B\",x\n").contains_key("column (3 without a header)"));
        assert_eq!(of("<?xml?><a:l><e x='1'/><e>t</e></a:l>").get("element e"), Some(&2));
        assert_eq!(of("{\"name\": \"a:b\", \"x\": [{\"name\": \"\\\"c\"}]}").get("key name"), Some(&2));
        assert!(of("").is_empty() && of("\"").is_empty());
    }

    #[test]
    fn a_column_that_goes_is_drift_and_a_rare_element_is_not() {
        let csv = |text: &str| of(text);
        assert_eq!(drift(&csv("a,b\n"), &csv("a,b\n"), 1), [""; 0]);
        assert_eq!(drift(&csv("a,b\n"), &csv("a,c\n"), 1).len(), 2);
        let often = "<x/>".repeat(30);
        let (last, new) = (of(&format!("<l>{often}<y/></l>")), of("<l></l>"));
        assert_eq!(drift(&last, &new, 100), ["gone from the file: element x"]);
    }
}
