//! The same product under another tariff code.
//!
//! A product is a part number of a seller, or else a description of a seller of
//! two words or more. It was declared on `least_lines` days' shipments or more,
//! `main_share` of them under one heading of four digits, and now comes under one
//! that it never had. Generic descriptions have many headings from the start and
//! stay silent. Days before this one count.

use crate::diagnostic::{Diagnostics, Table};

use super::super::bytes::Bytes;
use super::super::fact::{PatternFact, PatternKind};
use super::super::parameters::{count, figure};
use super::super::row::{Heading, four_digits};
use super::super::view::View;
use super::super::wanted::group;
use super::{code, fact};

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct CodeSwitch {
    least_lines: usize,
    main_share: f64,
}

impl CodeSwitch {
    pub fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        Self { least_lines: count(table, "least_lines", out), main_share: figure(table, "main_share", out) }
    }
}

pub fn find(view: &View<'_>, found: &mut Vec<PatternFact>) {
    let own = &view.parameters().code_switch;
    for (item, line) in view.row.lines.iter().enumerate() {
        if line.product == 0 || line.heading == 0 {
            continue;
        }
        let mut headings: Vec<(Heading, u64)> = Vec::new();
        for (rest, past) in view.history.group(&group::product(line.product)) {
            let count = past.shipments(i32::MIN, view.day());
            if let Some(heading) = Bytes(rest).heading().filter(|_| count > 0) {
                headings.push((heading, count));
            }
        }
        let all: u64 = headings.iter().map(|(_, count)| count).sum();
        let of_kind = |kind: u32| -> u64 {
            headings.iter().filter(|(heading, _)| four_digits(*heading) == kind).map(|(_, count)| count).sum()
        };
        let Some((main, _)) =
            headings.iter().max_by_key(|(heading, _)| (of_kind(four_digits(*heading)), *heading))
        else {
            continue;
        };
        let count = of_kind(four_digits(*main));
        #[expect(clippy::cast_precision_loss, reason = "small counts")]
        let settled = all >= own.least_lines as u64 && count as f64 >= own.main_share * all as f64;
        if !settled || of_kind(four_digits(line.heading)) > 0 {
            continue;
        }
        let left = match (view.is_priority(*main), view.is_priority(line.heading)) {
            (true, false) => ", which is priority goods; the new one is not",
            _ => "",
        };
        let words = format!(
            "the same product of the same seller was declared {count} times in {all} under tariff code {}{left}; now \
             it is {} for the first time",
            code(*main),
            code(line.heading),
        );
        found.push(PatternFact { item: Some(item), ..fact(PatternKind::CodeSwitch, words) });
    }
}
