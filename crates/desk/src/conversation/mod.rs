//! x
pub mod draft;
mod entity;
pub mod participant;
pub use entity::{ActiveModel, Channel, Column, Entity, From, Model, Priority, Status};
