//! Tariff plans: which services a client is served for, at which hours, and how many requests are included.
//!
//! Invariant: nothing is refused for a plan. A ticket beyond it keeps in words why it is.

mod api;
mod count;
mod entity;
mod ops;
mod weigh;

base::id! {
    /// A tariff plan.
    TariffPlanId,
}

pub use entity::{ActiveModel, Column, Entity, Model};
pub use ops::{Change, Hours, create, give, hours, known};
pub use weigh::{Fault, FaultKind};

pub(crate) use api::routes;
pub(crate) use count::today;
pub(crate) use weigh::{weigh, weigh_service};
