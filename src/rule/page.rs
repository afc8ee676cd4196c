//! The documentation page of a rule: fixed sections, in Markdown.

use std::fmt::Write as _;

use super::library::Rule;

pub(super) fn write(rule: &Rule) -> String {
    let info = &rule.info;
    let mut page = String::new();
    let _ = writeln!(page, "# {} {}\n", info.id, info.title);
    let _ = writeln!(page, "Verdict: **{}**. Group: {}.\n", info.verdict, info.group);
    let _ = writeln!(page, "## Why it matters\n\n{}\n", info.why.trim());
    if !info.advice.is_empty() {
        let _ = writeln!(page, "## What to do\n\n{}\n", info.advice.trim());
    }
    let _ = writeln!(page, "## When it fires\n");
    if rule.about_goods {
        let _ = writeln!(page, "For one line of goods of the shipment:\n");
    }
    rule.when.write_words(0, &mut page);
    let _ = writeln!(page, "\n## Authority\n");
    for source in &info.authority {
        let date = source.date.map(|date| format!(", {date}")).unwrap_or_default();
        let sure =
            if source.certainty.is_empty() { String::new() } else { format!(" ({})", source.certainty) };
        let url = if source.url.is_empty() { String::new() } else { format!(" <{}>", source.url) };
        let _ = writeln!(page, "- {}{date}{sure}{url}", source.cite);
    }
    let from = info.from.map(|day| format!("from {day}")).unwrap_or_default();
    let until = info.until.map(|day| format!(" until {day}, that day excluded")).unwrap_or_default();
    let _ = writeln!(page, "\n## In force\n\n{from}{until}\n");
    if !info.red_flags.is_empty() {
        let numbers: Vec<String> = info.red_flags.iter().map(ToString::to_string).collect();
        let _ = writeln!(page, "## Red flags\n\n{} of docs/red-flags.md\n", numbers.join(", "));
    }
    let _ = writeln!(
        page,
        "## Examples\n\n{} that fire, {} that stay silent; `redflag rules test` runs them.\n",
        rule.fires.len(),
        rule.silent.len()
    );
    let _ = writeln!(page, "## Source\n\n{}", rule.place);
    page
}
