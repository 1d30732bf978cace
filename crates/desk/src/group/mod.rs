//! Groups of staff: who serves which lines.
//!
//! Invariant: a group that a line uses is not deleted.

mod api;
mod entity;
pub mod member;
mod ops;

pub use api::{GroupRef, routes};
pub use entity::{ActiveModel, Column, Entity, Model};
pub use ops::{
    Group, GroupLine, GroupPatch, NewGroup, check_known, create, delete, details, find, list, of_users, set_groups_of,
    update,
};
