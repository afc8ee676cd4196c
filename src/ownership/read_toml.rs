//! Ownership files in TOML → statements: `[[holding]]` tables.

use std::sync::Arc;

use crate::diagnostic::{Diagnostics, Item, SourceFile, Table, parse_toml};
use crate::trade::{Identifier, IdentifierKind, PartyKind};

use super::read::country;
use super::share::Share;
use super::statement::{Named, Statement, Tie, Whence};
use super::words::Words;

pub(super) fn read(file: &SourceFile, out: &mut Diagnostics) -> Vec<Statement> {
    let document = parse_toml(file, out);
    let mut table = Table::document(file, &document);
    let tables = table.tables("holding", out);
    if tables.is_empty() && !out.has_errors() {
        out.push(
            table
                .error("the file states no holding")
                .help("[[holding]] tables with owner = \"…\", owned = \"…\", share = \"51 %\""),
        );
    }
    table.finish(out);
    tables.into_iter().filter_map(|table| holding(table, out)).collect()
}

fn holding(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Option<Statement> {
    let before = out.iter().count();
    let file = table.file();
    let line =
        file.text.get(..table.span().start).map_or(0, |before| before.matches('\n').count()) as u64 + 1;
    let owner = party(&mut table, "owner", out);
    let owned = party(&mut table, "owned", out);
    let share = table.get("share").map_or(Some(Share::UNKNOWN), |item| share(item, out));
    let statement = Statement {
        owner,
        owned,
        tie: Tie::Holds(share.unwrap_or(Share::UNKNOWN)),
        control: table.opt_boolean("control", out),
        as_of: table.opt_date("as_of", out),
        from: table.opt_date("from", out),
        until: table.opt_date("until", out),
        source: table.opt_string("source", out).unwrap_or_default(),
        whence: Whence { file: Arc::clone(&file.name), line },
    };
    if let (Some(from), Some(until)) = (statement.from, statement.until)
        && until <= from
    {
        let error = table.error("the holding ends before it begins");
        out.push(error.help("`until` is the first day without it"));
    }
    table.finish(out);
    (out.iter().count() == before).then_some(statement)
}

/// A figure in per cent, or a text as in CSV.
fn share(item: Item<'_, '_>, out: &mut Diagnostics) -> Option<Share> {
    let text = match item.value.get_ref() {
        toml::de::DeValue::String(text) => text.to_string(),
        _ => item.decimal(out)?.to_string(),
    };
    match Words::shipped().share(&text) {
        Ok(share) => Some(share),
        Err(error) => {
            out.push(item.error(error.message).help(error.help));
            None
        }
    }
}

/// A name, or a table that says more.
fn party(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Named {
    let mut named = Named::default();
    let Some(item) = table.require(key, out) else { return named };
    if item.is_table() {
        let Some(mut more) = item.table(out) else { return named };
        named.name = more.string("name", out);
        named.kind = more
            .word(
                "kind",
                &["person", "organization", "vessel", "aircraft", "unknown"],
                PartyKind::from_key,
                out,
            )
            .unwrap_or_default();
        if let Some(item) = more.get("country")
            && let Some(text) = item.string(out)
        {
            match country(text) {
                Ok(code) => named.country = Some(code),
                Err(why) => out.push(item.error(why)),
            }
        }
        for item in more.get("identifier").map(Item::one_or_many).unwrap_or_default() {
            let Some(mut number) = item.table(out) else { continue };
            let kinds: Vec<&'static str> = IdentifierKind::ALL.iter().map(|kind| kind.key()).collect();
            number.require("kind", out);
            let kind = number.word("kind", &kinds, IdentifierKind::from_key, out);
            let value = number.string("value", out);
            named.identifiers.extend(kind.map(|kind| Identifier { kind, value, country: named.country }));
            number.finish(out);
        }
        more.finish(out);
    } else if let Some(name) = item.string(out) {
        name.trim().clone_into(&mut named.name);
    }
    if named.name.trim().is_empty() && !out.has_errors() {
        out.push(item.error("a party without a name"));
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> (Vec<Statement>, Vec<String>) {
        let file = SourceFile::new("own.toml", text);
        let mut out = Diagnostics::default();
        let statements = read(&file, &mut out);
        (statements, out.iter().map(|d| format!("{:?} {}", d.line_column(), d.message)).collect())
    }

    #[test]
    fn holdings_are_read_with_all_they_may_say() {
        let (statements, mistakes) = run("[[holding]]\nowner = \"IVANOV Ivan\"\nowned = { name = \"Beta\", \
             country = \"CY\", kind = \"organization\", identifier = { kind = \"lei\", value = \"X1\" } }\n\
             share = 51\ncontrol = true\nas_of = 2025-03-01\nuntil = 2026-01-01\nsource = \"register\"\n\
             [[holding]]\nowner = \"Beta\"\nowned = \"Alfa\"\nshare = \"25-50\"\n\
             [[holding]]\nowner = \"Gamma\"\nowned = \"Alfa\"\n");
        assert_eq!(mistakes, [""; 0]);
        let shares: Vec<String> = statements
            .iter()
            .map(|s| if let Tie::Holds(share) = s.tie { share.to_string() } else { String::new() })
            .collect();
        assert_eq!(shares, ["51 %", "25 to 50 %", "an unknown share"]);
        assert_eq!(statements[0].source_words(), "own.toml:1, register, 2025-03-01");
    }

    #[test]
    fn mistakes_are_collected() {
        let (_, mistakes) =
            run("[[holding]]\nowner = \"A\"\nshare = 0.5\nhow = 1\n[[holding]]\nowner = \"\"\n\
             owned = \"B\"\nfrom = 2025-01-01\nuntil = 2025-01-01\n");
        assert_eq!(mistakes.len(), 4, "{mistakes:#?}");
    }
}
