//! The accounts by which clients write to a line, as administrators manage them.

mod api;
pub(crate) mod ops;
mod view;

pub(crate) use api::routes;
pub(crate) use view::{CapabilitiesView, ChannelCounts};
