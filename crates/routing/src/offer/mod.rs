//! Offers: several operators are invited, the first to accept has the conversation.
//!
//! Invariants: a conversation is on offer at most once at a time (a unique index). An offer that nobody accepts in time, or
//! that everybody declines, ends, and its conversation is routed again without the step that offered it. One whose
//! conversation went another way is withdrawn.

mod api;
mod entity;
mod ops;
mod recipient;

base::id! {
    /// An offer of a conversation.
    OfferId,
}

pub(crate) use api::routes;
pub use entity::{Column, Entity, Model, State};
pub use ops::Expire;
pub(crate) use ops::{make, open_ones, withdraw};
