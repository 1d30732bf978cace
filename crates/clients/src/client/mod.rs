//! The clients of a line.

mod api;
mod favourites;
mod history;
mod info;
mod list;
mod ops;
mod period;
mod sql;

pub(crate) use api::routes;
