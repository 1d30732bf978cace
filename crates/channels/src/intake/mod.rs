//! What comes in: vendors' calls and answers are written down at once, and taken by jobs.

mod api;
mod apply;
mod entity;
mod fetch;
mod ops;
mod take;

pub(crate) use api::{pages, routes};
pub(crate) use apply::why;
pub(crate) use fetch::content_type;
pub(crate) use ops::{counts, store};
pub(crate) use take::{ForgetUpdates, TakeUpdate};
