//! Paragraphs of a list entry, and whether a line about some of them reaches a
//! declared one.
//!
//! Three answers: yes, no, and "that depends", with what must be known.

/// Whether a line counts for the goods.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Reach {
    No,
    Yes,
    /// What a person must find out first.
    Open(String),
}

impl Reach {
    /// Both must hold.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, other) => other,
            (open, Self::Yes) => open,
            (Self::Open(a), Self::Open(b)) => Self::Open(format!("{a}, and {b}")),
        }
    }

    pub(super) fn is_no(&self) -> bool {
        matches!(self, Self::No)
    }
}

/// `b.2.a` lies under `b.2`; everything lies under the empty paragraph.
pub(super) fn under(paragraph: &str, of: &str) -> bool {
    of.is_empty() || paragraph == of || paragraph.strip_prefix(of).is_some_and(|rest| rest.starts_with('.'))
}

/// Some paragraphs of an entry: those named, without those left out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Scope {
    /// Empty for the entire entry.
    pub only: Vec<String>,
    pub except: Vec<String>,
}

fn dotted(paragraphs: &[String]) -> String {
    paragraphs.iter().map(|p| format!(".{p}")).collect::<Vec<_>>().join(", ")
}

/// `.b.2 or .b.3`
fn either(paragraphs: &[String]) -> String {
    paragraphs.iter().map(|p| format!(".{p}")).collect::<Vec<_>>().join(" or ")
}

impl Scope {
    /// Whether a declared paragraph (empty: none declared) is meant.
    pub(super) fn reach(&self, declared: &str) -> Reach {
        self.inside(declared).and(self.not_left_out(declared))
    }

    fn inside(&self, declared: &str) -> Reach {
        if self.only.is_empty() || self.only.iter().any(|p| under(declared, p)) {
            return Reach::Yes;
        }
        if self.only.iter().any(|p| under(p, declared)) {
            return Reach::Open(format!("the paragraph is {}", either(&self.only)));
        }
        Reach::No
    }

    fn not_left_out(&self, declared: &str) -> Reach {
        if self.except.iter().any(|p| under(declared, p)) {
            return Reach::No;
        }
        let within: Vec<String> = self.except.iter().filter(|p| under(p, declared)).cloned().collect();
        if within.is_empty() {
            return Reach::Yes;
        }
        Reach::Open(format!("the paragraph is not {}", either(&within)))
    }

    /// `entire entry`, `.b.2, .b.3`, `entire entry but .y`.
    pub(super) fn words(&self) -> String {
        let only = if self.only.is_empty() { "the entire entry".to_owned() } else { dotted(&self.only) };
        if self.except.is_empty() { only } else { format!("{only} but {}", dotted(&self.except)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(only: &[&str], except: &[&str]) -> Scope {
        let own = |list: &[&str]| list.iter().map(|p| (*p).to_owned()).collect();
        Scope { only: own(only), except: own(except) }
    }

    #[test]
    fn a_paragraph_is_inside_outside_or_open() {
        let b = scope(&["b.2", "b.3"], &[]);
        assert_eq!(b.reach("b.2"), Reach::Yes);
        assert_eq!(b.reach("b.2.a"), Reach::Yes);
        assert_eq!(b.reach("b.20"), Reach::No);
        assert_eq!(b.reach("a"), Reach::No);
        assert!(matches!(b.reach("b"), Reach::Open(_)));
        assert!(matches!(b.reach(""), Reach::Open(_)));
        let but_y = scope(&[], &["y"]);
        assert_eq!(but_y.reach("a.1"), Reach::Yes);
        assert_eq!(but_y.reach("y.3"), Reach::No);
        assert!(matches!(but_y.reach(""), Reach::Open(_)));
        let within = scope(&["b", "f"], &["b.5"]);
        assert_eq!(within.reach("b.5"), Reach::No);
        assert_eq!(within.reach("b.4"), Reach::Yes);
        assert!(matches!(within.reach("b"), Reach::Open(_)));
    }
}
