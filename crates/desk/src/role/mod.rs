//! Roles: named sets of permissions.
//!
//! Invariant: the presets always exist with the permissions this version gives them.

mod api;
mod entity;
mod ops;

pub use api::{RoleRef, routes};
pub use entity::{ActiveModel, Column, Entity, Model};
pub use ops::{ADMINISTRATOR, Preset, by_key, find, list, prepare, presets};
