//! The online monitor (G-03): how every line does now, in a fixed number of statements.

mod api;
mod ops;

pub(crate) use api::routes;
