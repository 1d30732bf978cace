//! What routing keeps of a line: its service hours and its default rule.

mod api;
mod entity;
mod ops;

pub(crate) use api::routes;
pub(crate) use ops::{LineRouting, clock, find, of};
