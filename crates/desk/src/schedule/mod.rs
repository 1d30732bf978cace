//! Saved schedules: when time counts. Lines, chats on sites and policies of promised times name one and share it.
//!
//! Invariants: a saved schedule can always be counted with, because it is checked before it is stored. What names one is on
//! record (`usage`), and such a schedule is not deleted.

mod api;
mod entity;
mod hours;
mod ops;
mod preview;

base::id! {
    /// A schedule: when time counts.
    ScheduleId,
}

pub(crate) use api::routes;
pub use entity::Model;
pub use hours::{AllHours, Hours, all_hours, hours, zone_of};
pub use ops::{adopt, check, hold, list, name_of};
