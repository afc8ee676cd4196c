//! Quantities, units and dimensions as the tables of goods name them; an unknown
//! name is told with advice.

use crate::diagnostic::{Diagnostics, Item, nearest};

use super::{Dimension, Quantities, QuantityId, UnitId, Units};

/// The quantity of a key.
pub(in crate::goods) fn quantity(item: Item<'_, '_>, out: &mut Diagnostics) -> Option<QuantityId> {
    let key = item.string(out)?;
    let table = Quantities::shipped();
    let found = table.find(key);
    if found.is_none() {
        let help = nearest(key, table.iter().map(|quantity| quantity.key.as_str())).map_or_else(
            || "quantities stand in rules/goods/quantities.toml".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        out.push(item.error(format!("unknown quantity `{key}`")).help(help));
    }
    found
}

/// A unit of one of a quantity's dimensions.
pub(in crate::goods) fn unit_of(
    item: Item<'_, '_>,
    quantity: QuantityId,
    out: &mut Diagnostics,
) -> Option<UnitId> {
    let quantity = Quantities::shipped().get(quantity)?;
    unit(item, &quantity.key, &quantity.dimensions, out)
}

/// A unit of some dimensions, which are those of the quantity `key`.
pub(super) fn unit(
    item: Item<'_, '_>,
    key: &str,
    dimensions: &[Dimension],
    out: &mut Diagnostics,
) -> Option<UnitId> {
    let text = item.string(out)?;
    let units = Units::shipped();
    let found = units.find(text);
    let fits = |unit: &UnitId| units.dimension_of(*unit).is_some_and(|d| dimensions.contains(&d));
    let fitting = found.iter().copied().find(fits);
    if fitting.is_none() {
        let names: Vec<&str> = dimensions.iter().map(|d| units.dimension_name(*d)).collect();
        let error = if found.is_empty() {
            let near = nearest(text, units.iter().map(|(_, unit)| unit.id.as_str()));
            item.error(format!("unknown unit `{text}`")).help(near.map_or_else(
                || "units stand in rules/goods/units.toml".to_owned(),
                |near| format!("did you mean `{near}`?"),
            ))
        } else {
            item.error(format!("`{text}` is no unit of {key}, which is a {}", names.join(" or ")))
        };
        out.push(error);
    }
    fitting
}

/// One dimension or several.
pub(super) fn dimensions(item: Item<'_, '_>, out: &mut Diagnostics) -> Vec<Dimension> {
    let units = Units::shipped();
    let mut found = Vec::new();
    for item in item.one_or_many() {
        let Some(name) = item.string(out) else { continue };
        match units.dimension(name) {
            Some(dimension) => found.push(dimension),
            None => out.push(
                item.error(format!("no unit has the dimension `{name}`")).help(
                    nearest(name, units.dimensions())
                        .map_or_else(String::new, |near| format!("did you mean `{near}`?")),
                ),
            ),
        }
    }
    found
}
