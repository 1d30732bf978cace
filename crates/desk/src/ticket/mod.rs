//! Tickets: cases with a type, a status, a priority and an owner, linked to conversations.

mod api;
mod entity;
pub mod link;
mod ops;

pub use entity::{ActiveModel, Column, Entity, Kind, Model, Status};
pub use ops::{create_for, open_of_client};

pub(crate) use api::{Ticket, of_conversation, routes};
