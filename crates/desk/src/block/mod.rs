//! The block list: whose messages are not taken, by mail address, phone, account, network address or words.
//!
//! Invariant: allow beats block. A rule that is added counts at once on this node, and within seconds on the others.

mod api;
mod entity;
mod ops;
mod pattern;

pub use entity::{ActiveModel, Column, Entity, Kind, Model};
pub use ops::{Subject, blocking, count_hit};

pub(crate) use api::routes;
pub(crate) use ops::{NewRule, add, forget_rules};
