//! The register of conversations as a table to take away: what its list shows, without what anybody wrote.

mod api;
mod table;

pub(crate) use api::routes;
