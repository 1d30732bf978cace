//! x
mod entity;
pub mod link;
pub use entity::{ActiveModel, Column, Entity, Kind, Model, Status};
