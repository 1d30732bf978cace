//! Schedules as administrators keep them, and the answer to "what if".

mod api;
mod entity;
mod ops;
mod preview;

base::id! {
    /// A schedule: when time counts.
    ScheduleId,
}

pub(crate) use api::routes;
