//! Trying rules before they work: one made-up message, or the last conversations again.
//!
//! Invariant: nothing is written here.

mod api;
mod replay;
mod try_out;

pub(crate) use api::routes;
