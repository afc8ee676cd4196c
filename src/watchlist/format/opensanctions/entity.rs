//! One line of FollowTheMoney JSON as an entity: its properties, and the
//! entities that stand within it as entities of their own.
//!
//! Knows the shape of a line, not what schemata and properties mean.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};

/// An entity. Texts are those of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Entity<'t> {
    pub id: Cow<'t, str>,
    pub caption: Cow<'t, str>,
    pub schema: Cow<'t, str>,
    /// In the order of the file.
    pub properties: Vec<(Cow<'t, str>, Vec<Cow<'t, str>>)>,
    pub datasets: Vec<Cow<'t, str>>,
    pub referents: Vec<Cow<'t, str>>,
    pub target: bool,
    pub last_seen: Cow<'t, str>,
    pub last_change: Cow<'t, str>,
    /// File and place in it, for messages.
    pub place: (usize, usize),
}

impl<'t> Entity<'t> {
    /// The values of a property.
    pub fn all(&self, property: &str) -> impl Iterator<Item = &str> {
        let found = self.properties.iter().find(|(name, _)| name == property);
        found.into_iter().flat_map(|(_, values)| values.iter().map(AsRef::as_ref))
    }

    /// The first value of a property; empty without one.
    pub fn first(&self, property: &str) -> &str {
        self.all(property).next().unwrap_or_default()
    }

    fn add(&mut self, property: Cow<'t, str>, value: Cow<'t, str>) {
        match self.properties.iter_mut().find(|(name, _)| *name == property) {
            Some((_, values)) if values.contains(&value) => {}
            Some((_, values)) => values.push(value),
            None => self.properties.push((property, vec![value])),
        }
    }

    /// Adds what another copy of the entity says.
    pub fn merge(&mut self, other: Self) {
        for (property, values) in other.properties {
            for value in values {
                self.add(property.clone(), value);
            }
        }
        for (mine, others) in [(&mut self.datasets, other.datasets), (&mut self.referents, other.referents)] {
            for text in others {
                if !mine.contains(&text) {
                    mine.push(text);
                }
            }
        }
        self.target |= other.target;
    }
}

/// What a line of a delta does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Op {
    Add,
    Change,
    Delete,
}

/// The entities of a line; the first is the line's own.
pub(super) fn line<'t>(
    text: &'t str,
    place: (usize, usize),
    owned_by: impl Fn(&str) -> Option<&'static str>,
) -> Result<Vec<Entity<'t>>, serde_json::Error> {
    let raw: Raw<'t> = serde_json::from_str(text)?;
    Ok(flat(raw, place, &owned_by))
}

/// The operation and the entities of a line of a delta.
pub(super) fn delta_line<'t>(
    text: &'t str,
    place: (usize, usize),
    owned_by: impl Fn(&str) -> Option<&'static str>,
) -> Result<(Op, Vec<Entity<'t>>), serde_json::Error> {
    #[derive(Deserialize)]
    struct Line<'t> {
        #[serde(borrow)]
        op: Text<'t>,
        #[serde(borrow)]
        entity: Raw<'t>,
    }
    let line: Line<'t> = serde_json::from_str(text)?;
    let op = match &*line.op.0 {
        "ADD" => Op::Add,
        "MOD" => Op::Change,
        "DEL" => Op::Delete,
        other => {
            return Err(serde_json::Error::custom(format!("`{other}` is no operation: ADD, MOD or DEL")));
        }
    };
    if op != Op::Delete && line.entity.schema.0.is_empty() {
        return Err(serde_json::Error::custom("an entity without its schema"));
    }
    Ok((op, flat(line.entity, place, &owned_by)))
}

/// `owned_by` names the property by which an entity of a schema points to the
/// entity that it belongs to.
fn flat<'t>(
    raw: Raw<'t>,
    place: (usize, usize),
    owned_by: &impl Fn(&str) -> Option<&'static str>,
) -> Vec<Entity<'t>> {
    let mut entity = Entity {
        id: raw.id.0,
        caption: raw.caption.0,
        schema: raw.schema.0,
        datasets: raw.datasets.into_iter().map(|text| text.0).collect(),
        referents: raw.referents.into_iter().map(|text| text.0).collect(),
        target: raw.target.unwrap_or_default(),
        last_seen: raw.last_seen.0,
        last_change: raw.last_change.0,
        place,
        ..Entity::default()
    };
    let mut within = Vec::new();
    for (property, values) in raw.properties.0 {
        for value in values.0 {
            match value {
                Value::Text(text) => entity.add(property.clone(), text),
                Value::Nothing => {}
                Value::Entity(raw) => {
                    let mut inner = flat(*raw, place, owned_by);
                    if let Some(first) = inner.first_mut() {
                        match owned_by(&first.schema) {
                            Some(owner) if first.first(owner).is_empty() => {
                                first.add(owner.into(), entity.id.clone());
                            }
                            Some(_) => {}
                            None => entity.add(property.clone(), first.id.clone()),
                        }
                    }
                    within.append(&mut inner);
                }
            }
        }
    }
    let mut all = vec![entity];
    all.append(&mut within);
    all
}

#[derive(Deserialize)]
struct Raw<'t> {
    #[serde(borrow)]
    id: Text<'t>,
    #[serde(default, borrow)]
    caption: Text<'t>,
    #[serde(default, borrow)]
    schema: Text<'t>,
    #[serde(default, borrow)]
    properties: Properties<'t>,
    #[serde(default, borrow)]
    datasets: Vec<Text<'t>>,
    #[serde(default, borrow)]
    referents: Vec<Text<'t>>,
    target: Option<bool>,
    #[serde(default, borrow)]
    last_seen: Text<'t>,
    #[serde(default, borrow)]
    last_change: Text<'t>,
}

/// A text, also where the file writes a number, a truth or nothing.
#[derive(Default)]
struct Text<'t>(Cow<'t, str>);

enum Value<'t> {
    Text(Cow<'t, str>),
    Entity(Box<Raw<'t>>),
    Nothing,
}

struct Values<'t>(Vec<Value<'t>>);

#[derive(Default)]
struct Properties<'t>(Vec<(Cow<'t, str>, Values<'t>)>);

impl<'de: 't, 't> Deserialize<'de> for Text<'t> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Value::deserialize(from)? {
            Value::Text(text) => Ok(Self(text)),
            Value::Nothing => Ok(Self::default()),
            Value::Entity(_) => Err(D::Error::custom("an entity where a text belongs")),
        }
    }
}

impl<'de: 't, 't> Deserialize<'de> for Value<'t> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or an entity")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(truth.to_string())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(number.to_string())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(number.to_string())))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
        Raw::deserialize(MapAccessDeserializer::new(map)).map(|raw| Value::Entity(Box::new(raw)))
    }
}

impl<'de: 't, 't> Deserialize<'de> for Values<'t> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct ValuesVisitor;
        impl<'de> Visitor<'de> for ValuesVisitor {
            type Value = Values<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the values of a property")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Values(vec![Value::Text(Cow::Borrowed(text))]))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Values(vec![Value::Text(Cow::Owned(text.to_owned()))]))
            }

            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Values(Vec::new()))
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Self::Value, S::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element()? {
                    values.push(value);
                }
                Ok(Values(values))
            }
        }
        from.deserialize_any(ValuesVisitor)
    }
}

impl<'de: 't, 't> Deserialize<'de> for Properties<'t> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct PropertiesVisitor;
        impl<'de> Visitor<'de> for PropertiesVisitor {
            type Value = Properties<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("properties")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut properties = Vec::new();
                while let Some((name, values)) = map.next_entry::<Text<'de>, Values<'de>>()? {
                    properties.push((name.0, values));
                }
                Ok(Properties(properties))
            }
        }
        from.deserialize_map(PropertiesVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_within_an_entity_are_entities_of_their_own() {
        let text = r#"{"id":"a","schema":"Company","properties":{"name":"A","weight":[3,null],
            "sanctions":[{"id":"s","schema":"Sanction","properties":{"program":["P"]}}],
            "addressEntity":[{"id":"b","schema":"Address","properties":{}}]}}"#;
        let owner = |schema: &str| (schema == "Sanction").then_some("entity");
        let all = line(text, (0, 0), owner).unwrap();
        let ids: Vec<_> = all.iter().map(|entity| &*entity.id).collect();
        assert_eq!(ids, ["a", "s", "b"]);
        assert_eq!((all[0].first("weight"), all[0].first("addressEntity")), ("3", "b"));
        assert_eq!((all[0].first("sanctions"), all[1].first("entity")), ("", "a"));
        assert!(line("{\"id\":\"a\"", (0, 0), owner).is_err());
        assert!(line(&("{\"id\":\"a\",\"properties\":{\"x\":[".repeat(9000)), (0, 0), owner).is_err());
    }
}
