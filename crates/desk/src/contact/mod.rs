//! Client people, their companies and their addresses.
//!
//! Invariant: one address (`identity`) belongs to one person. People are made from senders, never from copies.

mod api;
pub mod company;
mod entity;
pub mod identity;
mod ops;

pub use entity::{ActiveModel, Column, Entity, Model};
pub use ops::find_or_create_by_email;

pub(crate) use api::routes;
