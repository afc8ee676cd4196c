//! Breaks text into lines by the width it takes on a terminal, where a Chinese
//! character is two columns wide and a combining mark none.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns a text takes (Unicode Standard Annex 11).
#[must_use]
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Breaks `text` at blanks into lines of at most `columns`; a longer word is
/// broken within. At least one line. `columns` below 2 counts as 2.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let blank = usize::from(!line.is_empty());
        if width(&line) + blank + width(word) <= columns {
            if blank == 1 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for c in word.chars() {
            let mut longer = line.clone();
            longer.push(c);
            // Measured as a whole: joined characters are narrower than their sum.
            if width(&longer) > columns && c.width() != Some(0) && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                line.push(c);
            } else {
                line = longer;
            }
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// `text` with blanks behind it up to `columns`.
#[must_use]
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = text.to_owned();
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(width(text))));
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(width("深圳"), 4);
        assert_eq!(wrap("深圳市杰创电子有限公司", 8), ["深圳市杰", "创电子有", "限公司"]);
        assert_eq!(pad("深圳", 6), "深圳  ");
    }

    #[test]
    fn arabic_is_broken_between_words() {
        let lines = wrap("شركة الفجر للتجارة العامة", 12);
        assert!(lines.len() > 1 && lines.iter().all(|line| width(line) <= 12), "{lines:?}");
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_word_is_lost(text in "[a-zé深م́ ]{0,80}", columns in 4_usize..40) {
            let lines = wrap(&text, columns);
            for line in &lines {
                prop_assert!(width(line) <= columns, "{:?}", line);
            }
            let all: String = lines.concat().chars().filter(|c| *c != ' ').collect();
            let expected: String = text.chars().filter(|c| *c != ' ').collect();
            prop_assert_eq!(all, expected);
        }
    }
}
