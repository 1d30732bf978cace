//! x
mod entity;
pub mod group;
pub use entity::{ActiveModel, Column, Entity, Kind, Model};
