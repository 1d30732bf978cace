//! Tasks: something to be done by a person or by a group, about a ticket, about a conversation or by itself.
//!
//! Invariants: whoever sees the ticket or the conversation sees its tasks; whoever made a task or is to do it, alone or in a
//! group, sees it always. A task that is a stage of a route ends with its stage: it is neither put away nor opened again
//! by hand.

mod api;
mod entity;
mod list;
mod ops;
mod view;

base::id! {
    /// Something to be done.
    TaskId,
}

pub use entity::{Column, Entity, Model, State};
pub use ops::{Ended, NewTask, create, end, of_stage, visible_to};

pub(crate) use api::routes;
