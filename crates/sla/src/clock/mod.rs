//! Clocks: what was promised on a conversation or a ticket, how much of the time has counted, and what came of it.
//!
//! Invariants: a clock keeps a snapshot of the policy and of the schedule it was begun with; everything that happened to it
//! is in its log, with the reason. `next_at` is when its next step is due, and nothing else drives it.

mod act;
mod api;
mod cause;
mod change;
mod chosen;
mod deadlines;
mod engine;
mod entity;
mod events;
mod frozen;
mod kept;
mod of_conversation;
mod of_ticket;
mod outage;
mod report;
mod service;
mod share;
mod stage;
mod tables;
mod world;

base::id! {
    /// A promise on a conversation or a ticket that runs, stands still or has ended.
    ClockId,
}

pub(crate) use act::Act;
pub(crate) use api::routes;
pub(crate) use change::{Changed, preview, recount};
pub(crate) use engine::Count;
pub(crate) use events::Happened;
pub(crate) use frozen::is_frozen;
pub(crate) use kept::{KeptSchedule, schedules};
pub(crate) use service::{Follow, begin_following, run};
pub(crate) use share::CheckShares;
pub(crate) use tables::routes as table_routes;

pub use service::catch_up;
