//! Routes: the stages that a ticket goes through, each with its people, its time and its place in the order. A ticket goes
//! by a route of its own: a run.
//!
//! Invariants: a run keeps its route and its OLAs as they were when it began. `next_at` of a stage is when its next time
//! is over, and nothing else drives it. The end of a run is planned once, at its start; later stages get shorter rather
//! than move it.

mod api;
mod definition;
pub mod entity;
mod follow;
mod ops;
mod plan;
mod ring;
mod run;
mod stage;
mod view;
mod words;
mod work;

base::id! {
    /// The stages that tickets go through.
    RouteId,
    /// The way of one ticket by a route.
    RunId,
    /// A stage of such a way.
    StageId,
}

pub use definition::{Definition, Kind, Mode, StageDefinition};
pub use ops::create;
pub use work::{Begin, start};

pub(crate) use api::routes;
pub(crate) use follow::{KINDS, hear, in_use};
pub(crate) use ring::{next, ring};
