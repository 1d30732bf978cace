//! Policies: what clients are promised, and where that holds.

mod api;
mod definition;
mod holder;
mod ops;

pub(crate) use api::routes;
pub(crate) use definition::{
    Case, Definition, OnReopening, ReactionEnds, ResolutionStarts, Share, Step, StepTask, TicketResolutionStarts,
};
pub(crate) use desk::policy::{Model, PolicyId};
pub(crate) use holder::{Holders, holders};
pub use ops::introduce;
pub(crate) use ops::{list, rename_category};
