//! What conditions may ask: the catalogue, and the catalogue over HTTP.

mod api;
mod catalogue;

pub use catalogue::{ATTRIBUTES, Fact, Kind, OF_GROUP, Source, WEEKDAYS, find, options};

pub(crate) use api::routes;
