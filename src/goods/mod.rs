//! Tariff code, control code and wording → categories of goods. The
//! categories stand in `rules/goods/`.
//!
//! Never claims to classify: a category says why a line is in it, no more.

mod category;
mod detect;
mod fact;
pub mod tariff;

pub use category::{Categories, GoodsCategory, HsEntry};
pub use fact::{GoodsBasis, GoodsFact};
