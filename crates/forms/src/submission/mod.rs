//! What people send with forms.

mod api;
mod challenge;
mod entity;
mod ops;

pub(crate) use api::routes;
pub(crate) use ops::counts;
