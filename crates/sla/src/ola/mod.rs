//! Times that colleagues promise each other: how soon a stage of a route is taken and done.
//!
//! Invariant: a saved one can always be counted by. What a route has begun keeps it as it was.

mod api;
mod definition;
pub mod entity;
mod ops;

base::id! {
    /// Times that colleagues promise each other.
    OlaId,
}

pub(crate) use api::routes;
pub use definition::Definition;
pub use ops::create;

pub(crate) use ops::{known, list};
