//! x
pub mod company;
mod entity;
pub mod identity;
pub use entity::{ActiveModel, Column, Entity, Model};
