//! Shifts of staff: what people are to work, what they worked, and who is on shift now (SL-17).
//!
//! Invariants: what somebody is to work on a date is decided in one place, `Book::on`: the change of that very day, else his
//! own schedule, else that of one of his groups; of several the one that began last. An absence wins over all of it. Who is on
//! shift now stands in `duty`, one row a person, which is made anew by everything that changes a plan and at every edge of a
//! shift: routing reads it and never generates a calendar. Whoever has no schedule today is held back by none.

mod api;
mod assign;
mod book;
mod definition;
mod duty;
mod entity;
mod fact;
mod ops;
mod report;
mod spans;
mod table;

base::id! {
    /// A kind of shift.
    ShiftId,
    /// A schedule of somebody's work.
    WorkScheduleId,
    /// A schedule given to a person or a group.
    ShiftAssignmentId,
}

pub(crate) use api::routes;
pub use assign::{NewAssignment, assign};
pub use book::planned;
pub use calendar::Stint;
pub use definition::{Hours, Pattern, Pause, Rule};
pub(crate) use duty::{Duty, Edge, all as on_duty, lines_with_rule, next_words, refresh};
pub use entity::day;
pub use entity::shift::Color;
pub use ops::{NewShift, NewWorkSchedule, create_schedule, create_shift};
