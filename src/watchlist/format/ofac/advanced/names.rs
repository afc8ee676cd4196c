//! The names of a party: aliases with documented names, each in one script and
//! in parts such as family name and patronymic.

use roxmltree::Node;
use rustc_hash::FxHashMap;

use crate::watchlist::format::gather::{add_name, add_remark};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::xml::Element as _;
use crate::watchlist::{ListedParty, NameQuality};

use super::reference::Values;

/// Adds the names of one identity; those in other scripts are strong aliases,
/// or weak where the alias is.
pub(super) fn read(
    identity: Node<'_, '_>,
    party: &mut ListedParty,
    values: &Values<'_>,
    odd: &mut Oddities<'_>,
) {
    let groups: FxHashMap<&str, &str> = identity
        .each("NamePartGroups")
        .flat_map(|groups| groups.each("MasterNamePartGroup").collect::<Vec<_>>())
        .flat_map(|master| master.each("NamePartGroup").collect::<Vec<_>>())
        .map(|group| (group.attr("ID"), values.text("NamePartType", group.attr("NamePartTypeID"))))
        .collect();
    let false_identity = identity.attr("False") == "true";
    let main_identity = identity.attr("Primary") != "false" && !false_identity;
    for alias in identity.each("Alias") {
        let sort = values.text("AliasType", alias.attr("AliasTypeID"));
        if !matches!(sort.to_ascii_uppercase().as_str(), "NAME" | "A.K.A." | "F.K.A." | "N.K.A.") {
            odd.note("sorts of alias that are not known here", sort);
        }
        let former = sort.eq_ignore_ascii_case("F.K.A.");
        let main = main_identity && alias.attr("Primary") == "true";
        for documented in alias.each("DocumentedName") {
            let name = compose(documented, &groups, values);
            if name.text.is_empty() {
                odd.note("aliases without a name", documented.attr("ID"));
                continue;
            }
            let quality = match (alias.attr("LowQuality") == "true", main && name.latin) {
                (true, _) => NameQuality::Weak,
                (false, true) => NameQuality::Primary,
                (false, false) => NameQuality::Strong,
            };
            add_name(party, &name.text, quality, former);
            if false_identity {
                add_remark(party, "False identity", &name.text);
            }
        }
    }
}

struct Name {
    text: String,
    latin: bool,
}

/// `FAMILY, Given Patronymic`, as OFAC's other files write a name; in Chinese,
/// Japanese and Korean script family and given name without anything between.
fn compose(documented: Node<'_, '_>, groups: &FxHashMap<&str, &str>, values: &Values<'_>) -> Name {
    let mut family = Vec::new();
    let mut rest = Vec::new();
    let mut script = "";
    for value in
        documented.each("DocumentedNamePart").flat_map(|part| part.each("NamePartValue").collect::<Vec<_>>())
    {
        let text = value.words();
        if text.is_empty() {
            continue;
        }
        script = values.text("Script", value.attr("ScriptID"));
        let sort = groups.get(value.attr("NamePartGroupID")).copied().unwrap_or_default();
        if sort.eq_ignore_ascii_case("Last Name") { &mut family } else { &mut rest }.push(text);
    }
    let script = script.to_ascii_lowercase();
    let han = ["chinese", "japanese", "korean", "han"].iter().any(|word| script.starts_with(word));
    let (family, rest) = (family.join(" "), rest.join(" "));
    let text = match (family.as_str(), rest.as_str(), han) {
        (family, rest, true) => format!("{family}{rest}"),
        (family, "", false) => family.to_owned(),
        ("", rest, false) => rest.to_owned(),
        (family, rest, false) => format!("{family}, {rest}"),
    };
    let foreign = text.chars().any(|c| c.is_alphabetic() && u32::from(c) >= 0x370);
    Name { latin: !foreign && (script.is_empty() || script.starts_with("lat")), text }
}
