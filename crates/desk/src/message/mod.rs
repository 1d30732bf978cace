//! Messages: what was said in a conversation.
//!
//! Invariant: the client's HTML is stored sanitised and shown only in a sandboxed frame.

mod api;
mod change;
mod entity;
mod ops;
pub mod source;

pub use change::{EditedBy, delete, edit, mark_delivered, mark_read};
pub use entity::{
    ActiveModel, AuthorKind, Automatic, Button, Card, Column, Delivery, Entity, Extra, Kind, Location, Model, Template,
};
pub use ops::{find, insert, original_of, set_delivery};

pub(crate) use api::routes;
pub(crate) use ops::{first, last_spoken, retry, unsent, way_of};
