//! Decisions → `dispositions.toml`: an entry as it is read back.

use std::fmt::Write as _;

use super::kind::{Decision, Scope};

impl Decision {
    /// The entry as text, to be put at the end of the file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = String::from("[[decision]]\n");
        let mut add = |key: &str, value: &str| {
            if !value.is_empty() {
                let _ = writeln!(text, "{key} = {}", quoted(value));
            }
        };
        add("about", &self.about);
        add("fingerprint", self.fingerprint.as_str());
        add("decision", self.kind.key());
        add("by", &self.by);
        add("second", &self.second);
        add("reason", &self.reason);
        add("override", &self.override_reason);
        let _ = writeln!(text, "on = {}\nexpires = {}", self.on, self.expires);
        match &self.scope {
            Scope::Pair => text.push_str("scope = \"pair\"\n"),
            Scope::Order(reference) => {
                let _ = writeln!(text, "scope = {{ order = {} }}", quoted(reference));
            }
            Scope::Lane(from, to) => {
                let _ = writeln!(text, "scope = {{ lane = \"{from}-{to}\" }}");
            }
        }
        if let Some(licence) = &self.licence {
            let balance = licence.balance.as_ref().map(|(balance, unit)| {
                format!(", balance = {}, unit = {}", quoted(&balance.normalize().to_string()), quoted(unit))
            });
            let number = quoted(&licence.number);
            let _ = writeln!(text, "licence = {{ number = {number}{} }}", balance.unwrap_or_default());
        }
        for (key, value) in [("rule", &self.rule), ("entry", &self.entry), ("party", &self.party)] {
            if !value.is_empty() {
                let _ = writeln!(text, "{key} = {}", quoted(value));
            }
        }
        text
    }
}

/// A TOML string.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
