//! How the side panel of a line's conversations is arranged: which blocks it shows, in which order.

mod api;
mod entity;
mod ops;

pub(crate) use api::routes;
