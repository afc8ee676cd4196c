//! The sets of reference values at the head of the Advanced XML: what a number
//! in an attribute means.

use roxmltree::Node;
use rustc_hash::FxHashMap;

use crate::trade::CountryCode;
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::xml::Element as _;

/// Values by the name of their element, such as `FeatureType`, and their id.
pub(super) struct Values<'d> {
    texts: FxHashMap<&'d str, FxHashMap<&'d str, String>>,
    /// ISO codes of countries and areas by their id, where the file has them.
    codes: FxHashMap<&'d str, CountryCode>,
    /// The type of party of each subtype.
    party_types: FxHashMap<&'d str, &'d str>,
    /// The short reference of each legal basis, where it has one.
    short: FxHashMap<&'d str, &'d str>,
    /// The country of each area.
    areas: FxHashMap<&'d str, &'d str>,
}

impl<'d> Values<'d> {
    pub fn read<'t: 'd>(root: Node<'d, 't>) -> Self {
        let mut values = Self {
            texts: FxHashMap::default(),
            codes: FxHashMap::default(),
            party_types: FxHashMap::default(),
            short: FxHashMap::default(),
            areas: FxHashMap::default(),
        };
        let sets = root.each("ReferenceValueSets").flat_map(|sets| sets.children().filter(Node::is_element));
        for value in sets.flat_map(|set| set.children().filter(Node::is_element)) {
            values.add(value);
        }
        values
    }

    fn add<'t: 'd>(&mut self, value: Node<'d, 't>) {
        let (name, id, text) = (value.tag_name().name(), value.attr("ID"), value.words());
        match name {
            "Country" => self.codes.extend(CountryCode::new(value.attr("ISO2")).map(|code| (id, code))),
            "AreaCode" => {
                self.areas.insert(id, value.attr("CountryID"));
                self.codes.extend(CountryCode::new(&text).map(|code| (id, code)));
            }
            "PartySubType" => {
                self.party_types.insert(id, value.attr("PartyTypeID"));
            }
            "LegalBasis" => {
                self.short.insert(id, value.attr("LegalBasisShortRef"));
            }
            _ => {}
        }
        self.texts.entry(name).or_default().insert(id, text);
    }

    /// The words of a value; empty for a number that the file does not explain.
    pub fn text(&self, name: &str, id: &str) -> &str {
        self.texts.get(name).and_then(|texts| texts.get(id)).map(String::as_str).unwrap_or_default()
    }

    /// The type of a party, such as `Individual`, or its subtype, such as
    /// `Vessel`, where that says more.
    pub fn party_kind(&self, subtype: &str) -> [&str; 2] {
        let party_type = self.party_types.get(subtype).copied().unwrap_or_default();
        [self.text("PartySubType", subtype), self.text("PartyType", party_type)]
    }

    /// The short reference of a legal basis, or its words.
    pub fn legal_basis(&self, id: &str) -> &str {
        let short = self.short.get(id).copied().filter(|short| !short.is_empty());
        short.unwrap_or_else(|| self.text("LegalBasis", id))
    }

    /// The country with this number, and its words.
    pub fn country(&self, id: &str, odd: &mut Oddities<'_>) -> (Option<CountryCode>, &str) {
        let words = self.text("Country", id);
        if id.is_empty() || words.eq_ignore_ascii_case("undetermined") {
            return (None, "");
        }
        let code = self.codes.get(id).copied();
        (code.or_else(|| odd.country(words)), words)
    }

    /// The country of an area code.
    pub fn area(&self, id: &str, odd: &mut Oddities<'_>) -> (Option<CountryCode>, &str) {
        let country = self.areas.get(id).copied().unwrap_or_default();
        let (code, words) = self.country(country, odd);
        (code.or_else(|| self.codes.get(id).copied()), words)
    }
}
