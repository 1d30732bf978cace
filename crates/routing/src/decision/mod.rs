//! Decisions: which rule took a conversation and why, kept as long as the conversation.
//!
//! Invariants: a decision is stored in the transaction that places the conversation. One opening of a conversation (its
//! beginning, each reopening) is decided once; it is decided again only when its offer was not accepted. A conversation
//! that has an owner, is put off, closed, spam or was written down by hand is left alone.

mod api;
mod considered;
mod entity;
pub mod evaluate;
mod jobs;
mod names;
mod overflow;
mod record;
mod reply;
mod resolve;
mod route;
#[cfg(test)]
mod tests;
mod trace;

base::id! {
    /// A decision of routing.
    DecisionId,
}

pub use entity::Source;
pub use route::{route, route_again};

pub(crate) use api::routes;
pub(crate) use considered::{considered, keep as keep_considered};
pub(crate) use jobs::{Overflow, ROUTE, Route};
pub(crate) use names::{Names, RoutingResult, describe, id_in, result};
pub(crate) use record::{record_given, record_transfer};
pub(crate) use resolve::{Structure, resolve};
pub(crate) use trace::{RoutingVerdict, StepKind, ids_of, step_name, trace, view};
