//! XML as a tree whose elements are found by name, whatever their namespace.
//!
//! A document type definition is refused, so no entity can expand; the number
//! of nodes is limited.

use roxmltree::{Document, Node, ParsingOptions};

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile};

/// Nodes of a document at most: OFAC's Advanced XML, the largest list, has
/// some four million.
const MOST_NODES: u32 = 20_000_000;

/// Parses a file; a mistake is an error with its place.
pub(super) fn parse<'t>(file: &'t SourceFile, out: &mut Diagnostics) -> Option<Document<'t>> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    match Document::parse_with_options(&file.text, options) {
        Ok(document) => Some(document),
        Err(error) => {
            let place = error.pos();
            let number = |number| usize::try_from(number).unwrap_or(1);
            let at = self::place(&file.text, number(place.row), number(place.col));
            out.push(
                Diagnostic::error(format!("`{}` cannot be read: {error}", file.name))
                    .at(file, at..at)
                    .help("the file is cut off, damaged or no list; get it again"),
            );
            None
        }
    }
}

/// Where line and column, both from 1, lie in a text.
pub(super) fn place(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}

/// An error at an element's opening tag.
pub(super) fn error_at(file: &SourceFile, node: Node<'_, '_>, message: impl Into<String>) -> Diagnostic {
    let range = node.range();
    let tag = file.text.get(range.clone()).and_then(|text| text.find('>')).map_or(0, |end| end + 1);
    Diagnostic::error(message).at(file, range.start..range.start + tag)
}

/// Short ways to an element's parts. `'t` is the text's life.
pub(super) trait Element<'d, 't: 'd>: Sized {
    /// The first child element of this name.
    fn child(&self, name: &str) -> Option<Node<'d, 't>>;
    /// The child elements of this name, in their order.
    fn each(&self, name: &'static str) -> impl Iterator<Item = Node<'d, 't>>;
    /// Elements two steps down: of lists such as `akaList` / `aka`.
    fn each_in(&self, list: &'static str, name: &'static str) -> impl Iterator<Item = Node<'d, 't>>;
    /// All text in this element itself, trimmed, runs of space as one.
    fn words(&self) -> String;
    /// [`Self::words`] of the first child of this name; empty without one.
    fn words_of(&self, name: &str) -> String;
    /// An attribute, trimmed; empty without one.
    fn attr(&self, name: &str) -> &'d str;
}

impl<'d, 't: 'd> Element<'d, 't> for Node<'d, 't> {
    fn child(&self, name: &str) -> Option<Node<'d, 't>> {
        self.children().find(|node| node.is_element() && node.tag_name().name() == name)
    }

    fn each(&self, name: &'static str) -> impl Iterator<Item = Node<'d, 't>> {
        self.children().filter(move |node| node.is_element() && node.tag_name().name() == name)
    }

    fn each_in(&self, list: &'static str, name: &'static str) -> impl Iterator<Item = Node<'d, 't>> {
        self.each(list).flat_map(move |list| list.each(name).collect::<Vec<_>>())
    }

    fn words(&self) -> String {
        let texts = self.children().filter(Node::is_text).filter_map(|node| node.text());
        texts.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    }

    fn words_of(&self, name: &str) -> String {
        self.child(name).map(|child| child.words()).unwrap_or_default()
    }

    fn attr(&self, name: &str) -> &'d str {
        self.attribute(name).map(str::trim).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_refused_and_depth_does_no_harm() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
        let deep = "<a>".repeat(300_000) + &"</a>".repeat(300_000);
        for (text, good) in [(bomb, false), ("<a>", false), (&deep, true), ("<a>1<!-- x --> 2</a>", true)] {
            let file = SourceFile::new("x.xml", text);
            let mut out = Diagnostics::default();
            assert_eq!(parse(&file, &mut out).is_some(), good);
            assert_eq!(out.has_errors(), !good);
        }
        let file = SourceFile::new("x.xml", "<a>1<!-- x -->\n 2</a>");
        assert_eq!(parse(&file, &mut Diagnostics::default()).unwrap().root_element().words(), "1 2");
    }
}
