//! Messages: what was said in a conversation.
//!
//! Invariant: the client's HTML is stored sanitised and shown only in a sandboxed frame.

mod api;
mod entity;
mod ops;
pub mod source;

pub use entity::{ActiveModel, AuthorKind, Automatic, Column, Delivery, Entity, Kind, Model};
pub use ops::{find, insert, set_delivery};

pub(crate) use api::routes;
pub(crate) use ops::{first, last_spoken, unsent};
