//! By which of a client's channels an operator may answer.

mod api;

pub(crate) use api::routes;
