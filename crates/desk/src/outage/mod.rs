//! Outages: when a service, or a whole catalogue of them, was not available.
//!
//! Invariants: an outage is of a service or of a catalogue, of exactly one; it ends after it begins, and neither is in the
//! future. Who counts time hears of every change by `outage_changed`.

mod api;
mod entity;
mod ops;

base::id! {
    /// A time when a service was down.
    OutageId,
}

pub use entity::{ActiveModel, Column, Entity, Extent, Kind, Model};
pub use ops::{EVENT, NewOutage, Of, create, overlapping};

pub(crate) use api::routes;
