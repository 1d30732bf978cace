//! Named values that an administrator defines: support parameters of a company, properties of a conversation.
//!
//! Invariant: a value is stored as text and fits its definition. Rules read them by key (`of`).

mod api;
mod entity;
mod ops;
mod value;

pub use entity::{ActiveModel, Column, Entity, Kind, Model, Subject};
pub use ops::{Property, by_key, views};

pub(crate) use api::routes;
