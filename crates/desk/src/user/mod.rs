//! Members of staff.
//!
//! Invariants: e-mail addresses are unique and kept lower case. There is always at least one administrator who is not
//! blocked, once there was one. Passwords are no business of this module (see the feature `auth`).

mod api;
mod entity;
mod ops;
mod readers;
mod view;

pub use api::routes;
pub use entity::{ActiveModel, Column, Entity, Model};
pub use ops::{
    Filter, NewUser, UserPatch, administrator_exists, assignable, at_work, by_email, create, find, list,
    lock_administrators, update, valid_email,
};
pub use readers::{Among, actor_of, readers};
pub use view::{Operator, User, details, operators, people};
