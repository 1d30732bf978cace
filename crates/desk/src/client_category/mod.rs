//! Categories of clients («Стандарт», «VIP»): who answers for them, what they are promised, what they may choose.
//!
//! Invariant: a card whose category is listed here says it exactly by its name, however it was typed. So a join by the name
//! finds it on every database, and a renamed category is renamed on its cards.

mod allowed;
mod api;
mod entity;
mod ops;
mod terms;

base::id! {
    /// A category of clients.
    ClientCategoryId,
}

pub use allowed::{Allowed, Wanted, check, fitting};
pub use entity::{ActiveModel, Column, Entity, Model};
pub use ops::{Change, EVENT, Renamed, create, marks_of, weight_of};
pub use terms::{Terms, Whose, of_company, of_contact, of_contacts};

pub(crate) use api::routes;
pub(crate) use ops::listed_name;
