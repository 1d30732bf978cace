//! What waits, and how it is given out.
//!
//! Invariants: whatever routing placed and nobody has is a row here. Giving out happens under one lock; the operator's row
//! is held meanwhile, his status is read and his work counted after the lock was got. A conversation that somebody else
//! holds is passed over, not waited for, so that giving out never waits for a person's command.

mod api;
mod assign;
mod drain;
mod entity;
mod place;
mod take;

pub use drain::{Drain, KeepDraining, want_drain};
pub use entity::{ActiveModel, Column, Entity, Model};
pub use place::{Demand, Placed, Unavailable, available, place};

pub(crate) use api::routes;
pub(crate) use assign::{LOCK, assign, hold};
pub(crate) use place::{Waits, case_of, enter, forget};
