//! Absences: vacations and illnesses, with who stands in.
//!
//! Invariant: whoever is absent gets nothing by routing, whatever his status says.

mod api;
mod entity;
mod ops;

base::id! {
    /// A time somebody is not at work.
    AbsenceId,
}

pub(crate) use api::routes;
pub use entity::{Column, Entity, Model};
pub(crate) use ops::between;
pub use ops::{Absent, current};
