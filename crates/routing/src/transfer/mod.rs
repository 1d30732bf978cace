//! Transfers: to a colleague, a group, another line or the queue, with a word to whoever gets it; taking over; second lines.
//!
//! Invariants: every hop is an event of the conversation with where from, where to and the comment. Whoever cannot get it is
//! shown with the reason, and refused with the same reason.

mod api;
mod level;
mod ops;
mod targets;

pub(crate) use api::routes;
pub(crate) use ops::by_deadline;
