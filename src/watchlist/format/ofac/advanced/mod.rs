//! stub
use crate::diagnostic::Diagnostics;
use crate::watchlist::Watchlist;
use crate::watchlist::format::format::{Format, Head, Input, Read, Reader};
pub(in crate::watchlist::format) const READER: Reader = Reader {
    format: Format { key: "ofac-advanced-xml", label: "OFAC SDN_ADVANCED.XML or CONS_ADVANCED.XML" },
    looks_like,
    read: Read::Each(read),
};
fn looks_like(head: &Head<'_>) -> bool {
    head.root().is_some_and(|(root, _)| root == "Sanctions")
}
fn read(_: &Input<'_>, _: &mut Diagnostics) -> Vec<Watchlist> {
    Vec::new()
}
