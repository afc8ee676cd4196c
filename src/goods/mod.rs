//! Tariff code, control code and wording → categories of goods; a description
//! with its figures → paragraphs of the control lists to check. The categories
//! stand in `rules/goods/`, the products in `rules/goods/control/`.
//!
//! Never claims to classify: a category says why a line is in it, a suggestion
//! how figures stand to limits, no more.

mod assess;
mod beside;
mod category;
mod compute;
mod detect;
mod fact;
mod misread;
mod note;
mod product;
mod products;
pub mod quantity;
mod reading;
pub mod tariff;
mod wording;

pub use assess::{Assessment, Outcome, Suggestion};
pub use beside::Beside;
pub use category::{Categories, GoodsCategory, HsEntry};
pub use fact::{GoodsBasis, GoodsFact};
pub use note::{GoodsNote, NoteKind};
pub use product::{Assumed, Limit, Paragraph, Part, Product};
pub use products::Products;
pub use reading::{Figure, Reading};
pub use wording::How;
