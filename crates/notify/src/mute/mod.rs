//! Conversations that a person does not want to hear of. What is meant for himself (he is mentioned, it is given to him)
//! is told all the same.

mod api;
mod entity;
mod ops;

pub(crate) use api::routes;
pub(crate) use ops::who;
