//! Push messages to the browsers of people who asked for them (RFC 8030), also when no page is open.
//!
//! Invariants: what is sent can be read by that browser only (RFC 8291), and comes provably from this installation
//! (RFC 8292). A device whose push service does not know it any more is forgotten, and so is one whose login has ended.

mod api;
mod entity;
mod jobs;
mod keys;
mod ops;
mod seal;
mod vapid;

pub(crate) use api::routes;
pub(crate) use jobs::{FORGET, Forget, Send};
pub(crate) use keys::prepare;
pub(crate) use ops::enqueue;
