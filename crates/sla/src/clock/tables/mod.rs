//! Reports by service and by person, and what each of their numbers counts.

mod api;
mod ops;

pub(crate) use api::routes;
