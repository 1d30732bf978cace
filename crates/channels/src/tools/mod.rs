//! Changing and withdrawing what was said, within the rights of its channel.

mod api;

pub(crate) use api::routes;
