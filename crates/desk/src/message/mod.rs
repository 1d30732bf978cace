//! x
mod entity;
pub mod source;
pub use entity::{ActiveModel, AuthorKind, Automatic, Column, Delivery, Entity, Kind, Model};
