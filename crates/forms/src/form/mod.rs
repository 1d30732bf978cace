//! Forms as administrators build them.

mod api;
mod definition;
mod entity;
mod ops;

pub(crate) use api::routes;
pub(crate) use definition::{Definition, Field, FieldKind, Meaning};
pub(crate) use entity::{Entity, Model};
pub(crate) use ops::published;
