//! Settings of the whole installation.

mod entity;

pub use entity::{ActiveModel, Column, Entity, Model};
