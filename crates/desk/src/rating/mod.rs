//! Marks that clients give, one for each conversation; the last one counts.

mod api;
mod entity;
mod ops;

pub use entity::{ActiveModel, Column, Entity, Model};
pub use ops::{find, rate, stars_of_payload};

pub(crate) use api::{Rating, routes};
