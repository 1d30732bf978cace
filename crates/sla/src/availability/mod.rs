//! How available services and catalogues were over a period: outages, downtime and the share of the hours in which they worked.
//!
//! Invariant: time counts in the hours of each service, and what several outages share counts once.

mod api;
mod count;
mod ops;

pub(crate) use api::routes;
