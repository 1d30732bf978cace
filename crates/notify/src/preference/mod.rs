//! How each person wants to be told of each kind, and when not to be disturbed.

mod api;
mod entity;
mod ops;
mod quiet;

pub(crate) use api::routes;
pub(crate) use ops::{Sound, Ways, of};
