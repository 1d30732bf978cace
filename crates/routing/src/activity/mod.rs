//! What people do at work, and when they did it (W-15).

mod api;
mod entity;
mod log;
mod ops;

base::id! {
    /// Something people do at work.
    ActivityId,
}

pub(crate) use api::routes;
pub use entity::{Column, Entity, Model};
pub(crate) use ops::{ActivityRef, busy, names};
