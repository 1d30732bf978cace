//! Statuses of operators: whether somebody takes work.
//!
//! Invariants: a person has one status, however many pages and browsers he has open on however many nodes. Who is there is
//! known by rows that live connections renew, never by the memory of a node. Otklik changes a status by itself only
//! between `free` and `away` and to and from `offline`; where it comes back to is what he chose by hand. Every change is
//! written down with its cause, and told by `operator_status_changed`. Whoever has never been here has no row: routing
//! gives him nothing, and takes nothing from him.

mod api;
mod attend;
mod connection;
mod entity;
pub mod log;
mod ops;
mod watch;

pub use entity::{ActiveModel, Column, Entity, Model, Status};
pub use log::Cause;
pub use ops::change;

pub(crate) use api::Period;
pub(crate) use api::routes;
pub(crate) use attend::{attend, hear, signed_out};
pub(crate) use ops::{OperatorView, find, on_duty, set_activity, views};
pub(crate) use watch::Watch;
