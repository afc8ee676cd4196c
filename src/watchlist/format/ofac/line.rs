//! One line of OFAC's CSV files: fields between commas, text in double quotes,
//! `-0-` for nothing. A field never holds a line end, so a broken line breaks
//! no other.

/// Why a line cannot be split.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum LineFault {
    OpenQuote,
    TextAfterQuote,
}

impl LineFault {
    pub const fn message(self) -> &'static str {
        match self {
            Self::OpenQuote => "a quote is opened and not closed on this line",
            Self::TextAfterQuote => "text follows a closing quote",
        }
    }
}

/// The fields of a line; `-0-` is `None`. Text in quotes is kept as it is.
pub(super) fn fields(line: &str) -> Result<Vec<Option<String>>, LineFault> {
    let mut fields = Vec::with_capacity(12);
    let mut rest = line;
    loop {
        let trimmed = rest.trim_start_matches(' ');
        let (text, after) = if let Some(quoted) = trimmed.strip_prefix('"') {
            let (text, after) = quoted_text(quoted)?;
            (text, after.trim_start_matches(' '))
        } else {
            let (text, after) = trimmed.split_at(trimmed.find(',').unwrap_or(trimmed.len()));
            (text.trim().to_owned(), after)
        };
        fields.push(Some(text).filter(|text| text.trim() != "-0-"));
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.trim().is_empty() => return Ok(fields),
            None => return Err(LineFault::TextAfterQuote),
        }
    }
}

/// The text up to the closing quote, and what follows it.
fn quoted_text(quoted: &str) -> Result<(String, &str), LineFault> {
    let mut text = String::new();
    let mut rest = quoted;
    loop {
        let (part, after) = rest.split_once('"').ok_or(LineFault::OpenQuote)?;
        text.push_str(part);
        match after.strip_prefix('"') {
            Some(next) => {
                text.push('"');
                rest = next;
            }
            None => return Ok((text, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_split_and_null_is_nothing() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            fields("306,\"BANCO, S.A.\",-0- ,\" x \",\"a \"\"b\"\"\",-0- ").unwrap(),
            [some("306"), some("BANCO, S.A."), None, some(" x "), some("a \"b\""), None]
        );
        assert_eq!(fields("1,\"open"), Err(LineFault::OpenQuote));
        assert_eq!(fields("1,\"a\"b,2"), Err(LineFault::TextAfterQuote));
        assert_eq!(fields(""), Ok(vec![some("")]));
    }
}
