//! Placeholder.

mod entity;

pub use entity::{ActiveModel, Column, Entity, Model};
