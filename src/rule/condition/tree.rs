//! `all`, `any`, `none`, nested.

use crate::diagnostic::{Diagnostics, Item, nearest};

use super::super::finding::Evidence;
use super::super::scene::Scene;
use super::{Condition, KINDS, Refs};

/// A condition or several of them joined.
#[derive(Debug)]
pub(in crate::rule) enum Tree {
    All(Vec<Tree>),
    Any(Vec<Tree>),
    /// Not one of them holds; gives no evidence.
    None(Vec<Tree>),
    Leaf(Box<dyn Condition>),
}

impl Tree {
    /// Whether the conditions hold; if they do, their evidence is added.
    pub fn holds(&self, scene: &Scene<'_>, item: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let before = evidence.len();
        let holds = match self {
            Self::All(trees) => trees.iter().all(|tree| tree.holds(scene, item, evidence)),
            // Every branch is tried, so that the evidence is complete.
            Self::Any(trees) => trees.iter().filter(|tree| tree.holds(scene, item, evidence)).count() > 0,
            Self::None(trees) => {
                let mut unused = Vec::new();
                !trees.iter().any(|tree| tree.holds(scene, item, &mut unused))
            }
            Self::Leaf(condition) => condition.holds(scene, item, evidence),
        };
        if !holds {
            evidence.truncate(before);
        }
        holds
    }

    /// Whether any condition asks about one line of goods.
    pub fn about_goods(&self) -> bool {
        match self {
            Self::All(trees) | Self::Any(trees) | Self::None(trees) => trees.iter().any(Self::about_goods),
            Self::Leaf(condition) => condition.about_goods(),
        }
    }

    /// Whether anything but `none` can give evidence.
    pub fn gives_evidence(&self) -> bool {
        match self {
            Self::All(trees) | Self::Any(trees) => trees.iter().any(Self::gives_evidence),
            Self::None(_) => false,
            Self::Leaf(_) => true,
        }
    }

    /// The tree in plain words, as an indented Markdown list.
    pub fn write_words(&self, depth: usize, text: &mut String) {
        let indent = "  ".repeat(depth);
        let (head, trees) = match self {
            Self::All(trees) => ("all of these hold:", trees),
            Self::Any(trees) => ("at least one of these holds:", trees),
            Self::None(trees) => ("none of these holds:", trees),
            Self::Leaf(condition) => {
                text.push_str(&format!("{indent}- {}\n", condition.words()));
                return;
            }
        };
        text.push_str(&format!("{indent}- {head}\n"));
        for tree in trees {
            tree.write_words(depth + 1, text);
        }
    }
}

/// Reads a condition table: exactly one key, a kind or `all`, `any`, `none`.
pub(in crate::rule) fn parse_tree(
    item: Item<'_, '_>,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Tree> {
    let table = item.table(out)?;
    let mut keys = table.keys();
    let Some((key, span)) = keys.next() else {
        out.push(
            item.error("an empty condition")
                .help("write a kind of condition, such as { destination = { within = \"…\" } }"),
        );
        return None;
    };
    if let Some((_, second)) = keys.next() {
        out.push(
            crate::diagnostic::Diagnostic::error("a condition has exactly one key")
                .at(item.file, second)
                .help("join several conditions with all = [ … ]"),
        );
        return None;
    }
    let inner = table.free(key)?;
    let branch: Option<fn(Vec<Tree>) -> Tree> = match key {
        "all" => Some(Tree::All),
        "any" => Some(Tree::Any),
        "none" => Some(Tree::None),
        _ => None,
    };
    if let Some(branch) = branch {
        let trees = inner.array(out)?;
        if trees.is_empty() {
            out.push(inner.error(format!("`{key}` holds no condition")));
            return None;
        }
        // Every one is read, so that every mistake shows.
        let wanted = trees.len();
        let trees: Vec<Tree> = trees.into_iter().filter_map(|tree| parse_tree(tree, refs, out)).collect();
        return (trees.len() == wanted).then(|| branch(trees));
    }
    let Some((_, parse)) = KINDS.iter().find(|(kind, _)| *kind == key) else {
        let known = KINDS.iter().map(|(kind, _)| *kind).chain(["all", "any", "none"]);
        let help = nearest(key, known.clone()).map_or_else(
            || format!("kinds: {}", known.collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        out.push(
            crate::diagnostic::Diagnostic::error(format!("unknown kind of condition `{key}`"))
                .at(item.file, span)
                .help(help),
        );
        return None;
    };
    parse(inner, refs, out).map(Tree::Leaf)
}
