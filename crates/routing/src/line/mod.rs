//! What routing keeps of a line: its default rule.

mod adopt;
mod api;
mod entity;
mod ops;

pub(crate) use adopt::adopt_hours;
pub(crate) use api::{RoutingDefault, routes};
pub(crate) use ops::{LineRouting, count_change, find, of, put_default, version};
