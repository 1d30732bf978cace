//! x
mod entity;
pub mod member;
pub use entity::{ActiveModel, Column, Entity, Model};
