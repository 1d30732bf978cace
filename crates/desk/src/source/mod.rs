//! Where contacts that are written down by hand came from: a dictionary of the company (call, visit, forum, ...).

mod api;
mod entity;
mod ops;

pub use entity::{ActiveModel, Column, Entity, Model};
pub use ops::{create, list, usable};

pub(crate) use api::routes;
pub(crate) use ops::prepare;
